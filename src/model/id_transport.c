#include "model/id_checks.h"

enum { CONTAINER_LEN = 11, CONTAINER_SUM_LEN = 10, IMO_LEN = 7, MMSI_LEN = 9, ICAO24_LEN = 6 };

/* ISO 6346 annex A: letters count from 10 and leave out multiples of 11. */
static unsigned container_value(char c)
{
    if (c <= '9')
        return (unsigned)(c - '0');
    unsigned value = (unsigned)(c - 'A') + 10;
    return value + (value > 10) + (value > 20) + (value > 30);
}

static char container_digit(struct text key)
{
    unsigned sum = 0;
    for (size_t i = 0; i < CONTAINER_SUM_LEN; i++)
        sum += container_value(key.data[i]) << i;
    return (char)('0' + sum % 11 % 10);
}

static bool container_shape(struct text key)
{
    struct text owner = text_slice(key, 0, 3);
    return key.len >= CONTAINER_SUM_LEN &&
           checkdigit_text_in(owner, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
           checkdigit_value(key.data[3], "UJZ") >= 0 &&
           checkdigit_text_in(text_slice(key, 4, key.len), DIGITS_10);
}

static void container_offer_whole(struct id_work *w)
{
    char whole[CONTAINER_LEN];
    memcpy(whole, w->key.data, CONTAINER_SUM_LEN);
    whole[CONTAINER_SUM_LEN] = container_digit(w->key);
    id_offer(w, (struct text){ whole, CONTAINER_LEN });
}

void id_check_container(struct id_work *w)
{
    bool shaped = container_shape(w->key);
    if (w->key.len != CONTAINER_LEN) {
        id_say(w, IDENTIFIER_WRONG_LENGTH);
        if (shaped && w->key.len == CONTAINER_SUM_LEN)
            container_offer_whole(w); /* often painted without the digit */
        return;
    }
    if (!shaped)
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        id_judge_digit(w, CONTAINER_SUM_LEN, container_digit(w->key));
}

/* Companies and registered owners have numbers of their own from the same bureau, up to 6,999,999,
 * with other weights: all 80 that OFAC lists of companies fit. */
static char imo_company_digit(struct text key)
{
    static const uint8_t weights[] = { 8, 6, 4, 2, 9, 7 };
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof(weights); i++)
        sum += (unsigned)(key.data[i] - '0') * weights[i];
    return (char)('0' + (11 - sum % 11) % 10);
}

void id_check_imo(struct id_work *w)
{
    if (text_starts(w->key, TEXT("IMO")))
        w->key = w->out->key = text_slice(w->key, 3, w->key.len);
    if (!id_demand(w, IMO_LEN, DIGITS_10))
        return;
    unsigned sum = 0;
    for (unsigned i = 0; i < IMO_LEN - 1; i++)
        sum += (unsigned)(w->key.data[i] - '0') * (IMO_LEN - i);
    bool company = w->key.data[0] <= '6' && w->key.data[IMO_LEN - 1] == imo_company_digit(w->key);
    if (company)
        id_say(w, IDENTIFIER_VALID);
    else
        id_judge_digit(w, IMO_LEN - 1, (char)('0' + sum % 10));
}

/* ITU-R M.585: what the first digits say; the rest is a country's number. */
static bool mmsi_class_known(struct text key)
{
    static const char *const fixed[] = { "111", "970", "972", "974", "98", "99", "8" };
    size_t country_at = key.data[0] == '0' ? (key.data[1] == '0' ? 2 : 1) : 0;
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        if (text_starts(key, text_literal(fixed[i])))
            return true;
    }
    return key.data[country_at] >= '2' && key.data[country_at] <= '7';
}

void id_check_mmsi(struct id_work *w)
{
    if (id_demand(w, MMSI_LEN, DIGITS_10) && !mmsi_class_known(w->key))
        id_say(w, IDENTIFIER_UNKNOWN);
}

void id_check_icao24(struct id_work *w)
{
    if (!id_demand(w, ICAO24_LEN, DIGITS_16))
        return;
    /* never assigned: annex 10 volume III, part I, chapter 9, 5.2.3 */
    if (text_is(w->key, "000000") || text_is(w->key, "FFFFFF"))
        id_say(w, IDENTIFIER_UNKNOWN);
}
