#include "model/id_checks.h"

#include <assert.h>

enum { VIN_LEN = 17, VIN_CHECK_AT = 8, VIN_YEAR_AT = 9 };
#define VIN_DIGITS "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"

/* 49 CFR 565.15(c): letters count 1 to 9 in rows of the alphabet. */
static unsigned vin_value(char c)
{
    static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
    static const uint8_t values[] = { 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4,
                                      5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9 };
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    const char *hit = strchr(letters, c);
    assert(hit != NULL && c != 0);
    return values[hit - letters];
}

static char vin_digit(struct text key)
{
    static const uint8_t weights[VIN_LEN] = { 8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2 };
    unsigned sum = 0;
    for (size_t i = 0; i < VIN_LEN; i++)
        sum += weights[i] * vin_value(key.data[i]);
    return DIGITS_11[sum % 11];
}

/* North America (1 to 5) and China (L) demand the digit; the rest of the world may use it. */
static bool vin_demands_digit(struct text key)
{
    return (key.data[0] >= '1' && key.data[0] <= '5') || key.data[0] == 'L';
}

/* I, O and Q do not occur: they are a misread 1 or 0. */
static void vin_offer_folded(struct id_work *w)
{
    char folded[VIN_LEN];
    for (size_t i = 0; i < VIN_LEN; i++) {
        char c = w->key.data[i];
        folded[i] = c == 'O' || c == 'Q' ? '0' : c == 'I' ? '1' : c;
    }
    struct text text = { folded, VIN_LEN };
    if (checkdigit_text_in(text, VIN_DIGITS) &&
        (vin_digit(text) == folded[VIN_CHECK_AT] || !vin_demands_digit(text)))
        id_offer(w, text);
}

void id_check_vin(struct id_work *w)
{
    if (!id_demand(w, VIN_LEN, VIN_DIGITS)) {
        if (w->key.len == VIN_LEN)
            vin_offer_folded(w);
        return;
    }
    char digit = vin_digit(w->key);
    if (w->key.data[VIN_CHECK_AT] == digit || vin_demands_digit(w->key))
        id_judge_digit(w, VIN_CHECK_AT, digit);
}

/* Singapore: up to three letters, of which the last two count, up to four digits, and a letter. */
static void check_singapore(struct id_work *w)
{
    static const char letters[] = "AZYXUTSRPMLKJHGEDCB";
    static const uint8_t weights[] = { 9, 4, 5, 4, 3, 2 };
    size_t head = checkdigit_span(w->key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    struct text digits = text_slice(w->key, head, w->key.len);
    digits.len = checkdigit_span(digits, DIGITS_10);
    unsigned values[6] = { 0 };
    if (head == 0 || head > 3 || digits.len == 0 || digits.len > 4 ||
        head + digits.len + 1 != w->key.len)
        return; /* of an embassy, or with another word: no letter is due */
    for (size_t i = 0; i < head && i < 2; i++)
        values[1 - i] = (unsigned)(w->key.data[head - 1 - i] - 'A') + 1;
    for (size_t i = 0; i < digits.len; i++)
        values[5 - i] = (unsigned)(digits.data[digits.len - 1 - i] - '0');
    unsigned sum = 0;
    for (size_t i = 0; i < 6; i++)
        sum += values[i] * weights[i];
    id_judge_digit(w, w->key.len - 1, letters[sum % 19]);
}

void id_check_plate(struct id_work *w)
{
    if (text_is(w->country, "SGP"))
        check_singapore(w);
}

/* ISO 3780: the first character of the manufacturer's code. */
static const char *vin_region(char first)
{
    static const struct {
        char from, to;
        const char *region;
    } regions[] = {
        { 'A', 'H', "africa" },        { 'J', 'R', "asia" },    { 'S', 'Z', "europe" },
        { '1', '5', "north-america" }, { '6', '7', "oceania" }, { '8', '9', "south-america" },
    };
    for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
        if (first >= regions[i].from && first <= regions[i].to)
            return regions[i].region;
    }
    return "";
}

/* Thirty characters in a cycle from 1980; a letter at position 7 is the cycle from 2010. */
static int vin_year(struct text key)
{
    static const char years[] = "ABCDEFGHJKLMNPRSTVWXY123456789";
    int at = checkdigit_value(key.data[VIN_YEAR_AT], years);
    if (at < 0)
        return 0;
    bool letter = key.data[6] < '0' || key.data[6] > '9';
    return (letter ? 2010 : 1980) + at;
}

struct vin vin_parts(struct text key)
{
    assert(key.len == VIN_LEN);
    struct vin out = {
        .wmi = text_slice(key, 0, 3),
        .vds = text_slice(key, 3, 6),
        .vis = text_slice(key, 9, 8),
        .region = vin_region(key.data[0]),
        .small_maker = key.data[2] == '9',
        .model_year = vin_year(key),
    };
    /* a small maker has three digits behind its own code */
    out.serial = out.small_maker ? text_slice(key, 14, 3) : text_slice(key, 11, 6);
    return out;
}
