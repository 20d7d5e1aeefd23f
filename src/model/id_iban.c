#include "model/id_checks.h"

#include <assert.h>

/* structure of the national part: lengths and n (digits), a (capitals), c (either) */
struct iban_country {
    char code[3];
    const char *structure;
};

static const struct iban_country countries[] = {
#include "model/iban.inc"
};

static const char country_codes[] =
#include "model/country2.inc"
    ;

enum { IBAN_HEAD = 4, IBAN_LEN_MAX = 34 };

bool identifier_country_known(struct text two_letters)
{
    if (two_letters.len != 2)
        return false;
    for (size_t i = 0; i + 1 < sizeof(country_codes) - 1; i += 2) {
        if (memcmp(country_codes + i, two_letters.data, 2) == 0)
            return true;
    }
    return false;
}

/* One group of a structure, "12n": moves behind it. */
static size_t next_group(const char **at, char *type)
{
    size_t len = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        len = len * 10 + (size_t)(**at - '0');
    *type = *(*at)++;
    return len;
}

static size_t structure_length(const char *structure)
{
    size_t total = 0;
    char type = 0;
    while (*structure != 0)
        total += next_group(&structure, &type);
    return total;
}

/* A country has one row, but for a few unregistered ones that use two lengths. */
static const struct iban_country *country_find(struct text key, bool *known_out)
{
    *known_out = false;
    for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
        if (!text_starts(key, text_literal(countries[i].code)))
            continue;
        *known_out = true;
        if (structure_length(countries[i].structure) + IBAN_HEAD == key.len)
            return &countries[i];
    }
    return NULL;
}

static bool structure_fits(const char *structure, struct text national)
{
    size_t at = 0;
    char type = 0;
    while (*structure != 0) {
        size_t len = next_group(&structure, &type);
        const char *alphabet = type == 'n' ? DIGITS_10 : type == 'a' ? &DIGITS_36[10] : DIGITS_36;
        if (!checkdigit_text_in(text_slice(national, at, len), alphabet))
            return false;
        at += len;
    }
    return true;
}

static unsigned weighted(const char *digits, size_t len, const uint8_t *weights)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned)(digits[i] - '0') * weights[i];
    return sum;
}

/* Spain: two digits over bank and branch, and over the account, weights 2^i mod 11. */
static bool spain_fits(const char *n)
{
    static const uint8_t weights[] = { 1, 2, 4, 8, 5, 10, 9, 7, 3, 6 };
    unsigned first = 11 - weighted(n, 8, weights + 2) % 11;
    unsigned second = 11 - weighted(n + 10, 10, weights) % 11;
    first = first == 11 ? 0 : first == 10 ? 1 : first;
    second = second == 11 ? 0 : second == 10 ? 1 : second;
    return n[8] == (char)('0' + first) && n[9] == (char)('0' + second);
}

/* Belgium: the last two are the first ten modulo 97, 97 for 0. */
static bool belgium_fits(const char *n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < 10; i++)
        rest = (rest * 10 + (unsigned)(n[i] - '0')) % 97;
    unsigned digits = (unsigned)(n[10] - '0') * 10 + (unsigned)(n[11] - '0');
    return digits == (rest == 0 ? 97 : rest);
}

static bool national_fits(struct text key)
{
    const char *national = key.data + IBAN_HEAD;
    if (text_starts(key, TEXT("ES")))
        return spain_fits(national);
    if (text_starts(key, TEXT("BE")))
        return belgium_fits(national);
    return true;
}

/* National part and country code, in the order in which they are summed. */
static size_t rotate(struct text key, char *out)
{
    size_t len = key.len - IBAN_HEAD;
    memcpy(out, key.data + IBAN_HEAD, len);
    memcpy(out + len, key.data, IBAN_HEAD);
    return len;
}

/* Two texts are congruent to each right pair; 02 to 98 is the one that is issued. */
static void judge(struct id_work *w)
{
    char turned[IBAN_LEN_MAX];
    char digits[2];
    size_t len = rotate(w->key, turned);
    iso7064_97_digits((struct text){ turned, len + 2 }, digits);
    bool first = digits[0] == w->key.data[2];
    bool second = digits[1] == w->key.data[3];
    bool right = first && second && national_fits(w->key);
    id_say(w, right ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
    if (first != second) /* one wrong digit explains it */
        id_offer_digit(w, first ? 3 : 2, digits[first ? 1 : 0]);
}

void id_check_iban(struct id_work *w)
{
    bool known = false;
    const struct iban_country *country = country_find(w->key, &known);
    if (country == NULL) {
        id_say(w, known ? IDENTIFIER_WRONG_LENGTH : IDENTIFIER_UNKNOWN);
        return;
    }
    assert(w->key.len <= IBAN_LEN_MAX);
    if (!checkdigit_text_in(text_slice(w->key, 2, 2), DIGITS_10) ||
        !structure_fits(country->structure, text_slice(w->key, IBAN_HEAD, w->key.len)))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        judge(w);
}
