#include <assert.h>

#include "core/time.h"
#include "model/id_checks.h"

/* Numbers that states give to persons. Sources: the laws and registers named at each, as collected
 * by python-stdnum; where it has examples, doctests_test.c runs them. */

enum { LEN_MAX = 18 };
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static unsigned digit_at(const struct id_work *w, size_t at)
{
    return (unsigned)(w->key.data[at] - '0');
}

/* Sum of digits by weights written as characters from '0'; ':' is 10. */
static unsigned weighted(const struct id_work *w, const char *weights)
{
    unsigned sum = 0;
    for (size_t i = 0; weights[i] != 0; i++)
        sum += digit_at(w, i) * (unsigned)(weights[i] - '0');
    return sum;
}

static unsigned modulo(struct text digits, unsigned modulus)
{
    unsigned rest = 0;
    for (size_t i = 0; i < digits.len; i++)
        rest = (rest * 10 + (unsigned)(digits.data[i] - '0')) % modulus;
    return rest;
}

static void judge_last(struct id_work *w, unsigned value)
{
    if (value < 10)
        id_judge_digit(w, w->key.len - 1, (char)('0' + value));
    else
        id_say(w, IDENTIFIER_WRONG_DIGIT); /* no digit fits: such a number is never given */
}

/* ---- by the sum alone: how the last digit follows from it ---- */

static unsigned last_11(unsigned sum) /* the remainder, 0 for 10 */
{
    return sum % 11 % 10;
}

static unsigned last_minus_11(unsigned sum) /* its complement, 0 for 11; 10 is not given */
{
    return (11 - sum % 11) % 11;
}

static unsigned last_minus_10(unsigned sum)
{
    return (10 - sum % 10) % 10;
}

static unsigned last_11_one(unsigned sum) /* Romania: 1 for 10 */
{
    return sum % 11 == 10 ? 1 : sum % 11;
}

static unsigned last_iran(unsigned sum)
{
    return sum % 11 < 2 ? sum % 11 : 11 - sum % 11;
}

/* ---- those that need more than a sum ---- */

static void check_baltic(struct id_work *w) /* Estonia and Lithuania */
{
    unsigned sum = weighted(w, "1234567891") % 11;
    if (sum == 10)
        sum = weighted(w, "3456789123") % 11 % 10;
    judge_last(w, sum);
    if (w->out->verdict == IDENTIFIER_VALID && w->key.data[0] == '0')
        id_say(w, IDENTIFIER_UNKNOWN);
}

static void check_czech(struct id_work *w) /* also Slovakia; before 1954 there was no digit */
{
    if (w->key.len == 10)
        judge_last(w, modulo(text_slice(w->key, 0, 9), 11) % 10);
}

static void check_norway(struct id_work *w)
{
    unsigned first = last_minus_11(weighted(w, "376189452"));
    if (digit_at(w, 9) != first) /* the last digit depends on this one: nothing to offer */
        id_say(w, IDENTIFIER_WRONG_DIGIT);
    else
        judge_last(w, last_minus_11(weighted(w, "5432765432")));
}

static void check_luhn(struct id_work *w)
{
    id_judge_digit(w, w->key.len - 1, luhn_digit(text_slice(w->key, 0, w->key.len - 1), DIGITS_10));
}

static void check_sweden(struct id_work *w) /* the century before it is not summed */
{
    struct text all = w->key;
    w->key = text_slice(all, all.len - 10, 10);
    check_luhn(w);
    if (all.len == 12 && w->out->correction.len > 0)
        id_offer(w, TEXT(""));
    w->key = all;
}

static void check_south_africa(struct id_work *w) /* citizen, resident, refugee */
{
    check_luhn(w);
    if (w->out->verdict == IDENTIFIER_VALID && w->key.data[10] > '2')
        id_say(w, IDENTIFIER_UNKNOWN);
}

static void check_turkey(struct id_work *w)
{
    unsigned odd = 0;
    unsigned all = 0;
    for (size_t i = 0; i < 9; i++)
        odd += i % 2 == 0 ? digit_at(w, i) : 0;
    for (size_t i = 0; i < 9; i++)
        all += digit_at(w, i);
    unsigned tenth = (odd * 7 + 100 - (all - odd)) % 10;
    if (w->key.data[0] == '0')
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (digit_at(w, 9) != tenth)
        id_say(w, IDENTIFIER_WRONG_DIGIT);
    else
        judge_last(w, (all + tenth) % 10);
}

static void check_china(struct id_work *w) /* GB 11643 */
{
    struct text body = text_slice(w->key, 0, 17);
    if (!checkdigit_text_in(body, DIGITS_10))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        id_judge_digit(w, 17, iso7064_pure_digit(body, DIGITS_11, 2));
}

static void check_finland(struct id_work *w)
{
    static const char digits[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    char nine[9];
    bool lettered = w->key.len == 11; /* the sign of the century is a letter */
    size_t serial = lettered ? 7 : 6;
    memcpy(nine, w->key.data, 6);
    memcpy(nine + 6, w->key.data + serial, 3);
    struct text number = { nine, sizeof(nine) };
    if (!checkdigit_text_in(number, DIGITS_10) ||
        (lettered && checkdigit_value(w->key.data[6], "ABCDEFUVWXY") < 0)) {
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
        return;
    }
    id_judge_digit(w, w->key.len - 1, digits[modulo(number, 31)]);
    unsigned person = modulo(text_slice(number, 6, 3), 1000);
    if (w->out->verdict == IDENTIFIER_VALID && (person < 2 || person > 899))
        id_say(w, IDENTIFIER_UNKNOWN); /* from 900: temporary */
}

/* Letters stand for digits where two persons would have had one code. */
static char italian_digit(char c)
{
    int at = checkdigit_value(c, "LMNPQRSTUV");
    return at < 0 ? c : (char)('0' + at);
}

static char italian_letter(struct text code)
{
    static const uint8_t odd[] = { 1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                   20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23 };
    unsigned sum = 0;
    for (size_t i = 0; i < 15; i++) {
        char c = code.data[i];
        unsigned value = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A');
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return (char)('A' + sum % 26);
}

static void check_italy(struct id_work *w)
{
    static const char shape[] = "aaaaaa99m99a999a"; /* m: month */
    for (size_t i = 0; i < 16; i++) {
        char c = w->key.data[i];
        bool fits = shape[i] == '9'
                        ? italian_digit(c) <= '9' && italian_digit(c) >= '0'
                        : checkdigit_value(c, shape[i] == 'm' ? "ABCDEHLMPRST" : LETTERS) >= 0;
        if (!fits) {
            id_say(w, IDENTIFIER_WRONG_CHARACTER);
            return;
        }
    }
    id_judge_digit(w, 15, italian_letter(w->key));
    if (w->out->verdict != IDENTIFIER_VALID)
        return;
    unsigned day = (unsigned)(italian_digit(w->key.data[9]) - '0') * 10 +
                   (unsigned)(italian_digit(w->key.data[10]) - '0');
    static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int month = checkdigit_value(w->key.data[8], "ABCDEHLMPRST");
    if (day % 40 == 0 || day % 40 > days[month])
        id_say(w, IDENTIFIER_UNKNOWN);
}

static void check_spain(struct id_work *w) /* DNI; NIE begins with X, Y or Z */
{
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    char digits[8];
    int foreign = checkdigit_value(w->key.data[0], "XYZ");
    memcpy(digits, w->key.data, sizeof(digits));
    if (foreign >= 0)
        digits[0] = (char)('0' + foreign);
    struct text number = { digits, sizeof(digits) };
    if (!checkdigit_text_in(number, DIGITS_10))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        id_judge_digit(w, 8, letters[modulo(number, 23)]);
}

static void judge_pair(struct id_work *w, unsigned value)
{
    unsigned seen = modulo(text_slice(w->key, w->key.len - 2, 2), 100);
    id_say(w, seen == value ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
}

static void check_belgium(struct id_work *w) /* from 2000 on a 2 is put before the number */
{
    char digits[10] = { '2' };
    memcpy(digits + 1, w->key.data, 9);
    judge_pair(w, 97 - modulo((struct text){ digits, 10 }, 97));
    if (w->out->verdict != IDENTIFIER_VALID)
        judge_pair(w, 97 - modulo((struct text){ digits + 1, 9 }, 97));
}

static void check_france(struct id_work *w) /* Corsica: 2A counts as 19, 2B as 18 */
{
    char digits[13];
    memcpy(digits, w->key.data, sizeof(digits));
    if (digits[5] == '2' && (digits[6] == 'A' || digits[6] == 'B')) {
        digits[5] = '1';
        digits[6] = digits[6] == 'A' ? '9' : '8';
    }
    struct text number = { digits, sizeof(digits) };
    if (!checkdigit_text_in(number, DIGITS_10) ||
        !checkdigit_text_in(text_slice(w->key, 13, 2), DIGITS_10))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        judge_pair(w, 97 - modulo(number, 97));
}

static void check_india(struct id_work *w)
{
    if (w->key.data[0] < '2')
        id_say(w, IDENTIFIER_UNKNOWN);
    else
        id_judge_digit(w, 11, verhoeff_digit(text_slice(w->key, 0, 11)));
}

static void check_netherlands(struct id_work *w) /* BSN: a multiple of 11, the last counts -1 */
{
    judge_last(w, weighted(w, "98765432") % 11);
}

/* Length (and another, or 0), alphabet, then either weights and what follows from the sum, or a
 * check of its own. The date: where year, month and day stand, 'y', 'm', 'd'; months and days may
 * be raised by multiples of what is given, for the century, the sex or a foreigner. */
static const struct national {
    char country[4];
    uint8_t len, other_len;
    const char *alphabet;
    const char *weights;
    unsigned (*last)(unsigned sum);
    void (*check_opt)(struct id_work *w);
    const char *date;
    uint8_t month_step, day_step;
} nationals[] = {
    { "BEL", 11, 0, DIGITS_10, NULL, NULL, check_belgium, "", 0, 0 },
    { "BGR", 10, 0, DIGITS_10, "2485:9736", last_11, NULL, "yymmdd", 20, 0 },
    { "BIH", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "CHN", 18, 0, DIGITS_11, NULL, NULL, check_china, "--------yymmdd", 0, 0 },
    { "CZE", 10, 9, DIGITS_10, NULL, NULL, check_czech, "yymmdd", 20, 0 },
    { "ESP", 9, 0, DIGITS_36, NULL, NULL, check_spain, "", 0, 0 },
    { "EST", 11, 0, DIGITS_10, NULL, NULL, check_baltic, "-yymmdd", 0, 0 },
    { "FIN", 10, 11, DIGITS_36, NULL, NULL, check_finland, "ddmmyy", 0, 0 },
    { "FRA", 15, 0, DIGITS_36, NULL, NULL, check_france, "", 0, 0 },
    { "HRV", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "IND", 12, 0, DIGITS_10, NULL, NULL, check_india, "", 0, 0 },
    { "IRN", 10, 0, DIGITS_10, ":98765432", last_iran, NULL, "", 0, 0 },
    { "ISR", 9, 0, DIGITS_10, NULL, NULL, check_luhn, "", 0, 0 },
    { "ITA", 16, 0, DIGITS_36, NULL, NULL, check_italy, "", 0, 0 },
    { "LTU", 11, 0, DIGITS_10, NULL, NULL, check_baltic, "-yymmdd", 0, 0 },
    { "MKD", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "MNE", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "NLD", 9, 0, DIGITS_10, NULL, NULL, check_netherlands, "", 0, 0 },
    { "NOR", 11, 0, DIGITS_10, NULL, NULL, check_norway, "ddmmyy", 40, 40 },
    { "POL", 11, 0, DIGITS_10, "1379137913", last_minus_10, NULL, "yymmdd", 20, 0 },
    { "ROU", 13, 0, DIGITS_10, "279146358279", last_11_one, NULL, "-yymmdd", 0, 0 },
    { "SRB", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "SVK", 10, 9, DIGITS_10, NULL, NULL, check_czech, "yymmdd", 20, 0 },
    { "SVN", 13, 0, DIGITS_10, "765432765432", last_minus_11, NULL, "ddmm-yy", 0, 0 },
    { "SWE", 10, 12, DIGITS_10, NULL, NULL, check_sweden, "yymmdd", 0, 60 },
    { "TUR", 11, 0, DIGITS_10, NULL, NULL, check_turkey, "", 0, 0 },
    { "UKR", 10, 0, DIGITS_10, ":57946:57", last_11, NULL, "", 0, 0 }, /* -1 is 10 modulo 11 */
    { "ZAF", 13, 0, DIGITS_10, NULL, NULL, check_south_africa, "yymmdd", 0, 0 },
};

/* Czech women's months are 50 higher; that number may stand beside the step of 20. */
enum { CZECH_WOMEN = 50, WITHOUT_DATE = '9' };

static unsigned date_part(const struct id_work *w, const char *layout, char which, size_t shift)
{
    unsigned value = 0;
    for (size_t i = 0; layout[i] != 0; i++) {
        if (layout[i] == which)
            value = value * 10 + digit_at(w, i + shift);
    }
    return value;
}

/* 29 February of a year that may be of a leap year in some century. */
static bool date_exists(const struct id_work *w, const struct national *n)
{
    size_t shift = n->other_len == 12 && w->key.len == 12 ? 2 : 0; /* Sweden's century */
    unsigned year = date_part(w, n->date, 'y', shift);
    unsigned month = date_part(w, n->date, 'm', shift);
    unsigned day = date_part(w, n->date, 'd', shift);
    if (n->check_opt == check_czech)
        month %= CZECH_WOMEN;
    if (n->month_step > 0)
        month %= n->month_step;
    if (n->day_step > 0)
        day %= n->day_step;
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= date_month_days(year % 4 == 0 ? 2000 : 2001, month);
}

static const struct national *national_find(struct text country)
{
    for (size_t i = 0; i < sizeof(nationals) / sizeof(nationals[0]); i++) {
        if (text_is(country, nationals[i].country))
            return &nationals[i];
    }
    return NULL;
}

/* Norway gives numbers without a date (8 or 9 first), Lithuania from 9. */
static bool has_date(const struct id_work *w, const struct national *n)
{
    if (n->date[0] == 0)
        return false;
    bool norway = n->check_opt == check_norway;
    return !(norway && w->key.data[0] >= '8') &&
           !(text_is(w->country, "LTU") && w->key.data[0] == WITHOUT_DATE);
}

/* The key has a length and an alphabet of the country's. */
static void judge(struct id_work *w, const struct national *n)
{
    assert(w->key.len <= LEN_MAX);
    if (n->check_opt != NULL)
        n->check_opt(w);
    else
        judge_last(w, n->last(weighted(w, n->weights)));
    bool right = w->out->verdict == IDENTIFIER_VALID || w->out->verdict == IDENTIFIER_UNCHECKED;
    if (right && has_date(w, n) && !date_exists(w, n))
        id_say(w, IDENTIFIER_UNKNOWN);
}

void id_check_national(struct id_work *w)
{
    const struct national *n = national_find(w->country);
    if (n == NULL)
        return;
    if (w->key.len != n->len && (n->other_len == 0 || w->key.len != n->other_len)) {
        id_say(w, IDENTIFIER_WRONG_LENGTH);
        return;
    }
    if (!checkdigit_text_in(w->key, n->alphabet)) {
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
        return;
    }
    judge(w, n);
    if (w->out->correction.len == 0)
        return;
    /* one digit may not be all that is wrong */
    struct identifier_check again = { .verdict = IDENTIFIER_UNCHECKED, .rule = "" };
    struct id_work offered = *w;
    offered.key = w->out->correction;
    offered.out = &again;
    judge(&offered, n);
    if (again.verdict != IDENTIFIER_VALID)
        w->out->correction = TEXT("");
}
