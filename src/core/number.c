#include "core/number.h"

#include <assert.h>
#include <math.h>

#include "core/big.h"

/* IEEE 754 binary64: value = mantissa * 2^exponent. */
#define HIDDEN_BIT ((uint64_t)1 << 52)
#define INTEGER_EXACT 9007199254740992.0 /* 2^53: below it every integer is a double */
enum {
    DOUBLE_BIAS = 1023,
    DOUBLE_EXPONENT_MIN = -1074, /* of the lowest bit of a subnormal */
    DIGITS_SHORTEST_MAX = 17,    /* always enough to tell two doubles apart */
    DIGITS_COUNTED_MAX = 1100,   /* a halfway point has at most 767 */
    PLACES_OVER = 310,           /* 0.1 * 10^310 is past the greatest double */
    PLACES_UNDER = -323          /* 0.1 * 10^-323 is below half of the least */
};
#define EXPONENT_CLAMP 100000000000000 /* more than any input has digits to make up for */

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double double_of(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static size_t put_integer(uint64_t value, char *out)
{
    char digits[20];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

/* A decimal: 0.d1d2d3… * 10^places. */
struct decimal {
    char digits[DIGITS_SHORTEST_MAX + 1];
    size_t count;
    int places;
};

/* Free-format printing after Steele and White: value = r/s, and every number between
 * r/s - low/s and r/s + high/s reads back as the same double; `even` says whether the ends do
 * too. All integers, so nothing is rounded before the last digit. */
struct interval {
    struct big r;
    struct big s;
    struct big low;
    struct big high;
    bool even;
};

static void interval_init(struct interval *v, uint64_t mantissa, int exponent)
{
    /* below a power of two the next double is half as far away */
    bool narrow = mantissa == HIDDEN_BIT && exponent > DOUBLE_EXPONENT_MIN;
    unsigned up = exponent > 0 ? (unsigned)exponent : 0;
    unsigned down = exponent < 0 ? (unsigned)-exponent : 0;
    big_set(&v->r, mantissa);
    big_set(&v->s, 1);
    big_set(&v->low, 1);
    big_set(&v->high, 1);
    big_shift_left(&v->r, up + 1 + narrow);
    big_shift_left(&v->s, down + 1 + narrow);
    big_shift_left(&v->low, up);
    big_shift_left(&v->high, up + narrow);
    v->even = mantissa % 2 == 0;
}

/* Is r/s + high/s at least (past, if the end does not belong) 1? */
static bool interval_reaches_one(const struct interval *v)
{
    int order = big_compare_sum(&v->r, &v->high, &v->s);
    return v->even ? order >= 0 : order > 0;
}

/* Brings r/s into [0.1, 1) and returns the power of ten taken out. */
static int interval_scale(struct interval *v, int top_bit)
{
    /* floor(top_bit * log10(2)): never too great, at most one too small */
    int scaled = top_bit * 30103;
    int places = scaled / 100000 - (scaled % 100000 < 0);
    if (places > 0) {
        big_multiply_power_of_ten(&v->s, (unsigned)places);
    } else {
        big_multiply_power_of_ten(&v->r, (unsigned)-places);
        big_multiply_power_of_ten(&v->low, (unsigned)-places);
        big_multiply_power_of_ten(&v->high, (unsigned)-places);
    }
    while (interval_reaches_one(v)) {
        big_multiply_add(&v->s, 10, 0);
        places++;
    }
    return places;
}

static unsigned interval_next_digit(struct interval *v)
{
    unsigned digit = 0;
    big_multiply_add(&v->r, 10, 0);
    big_multiply_add(&v->low, 10, 0);
    big_multiply_add(&v->high, 10, 0);
    while (big_compare(&v->r, &v->s) >= 0) {
        big_subtract(&v->r, &v->s);
        digit++;
    }
    assert(digit <= 9);
    return digit;
}

/* When both neighbours would do: the nearer, and of two equally near the even digit. */
static bool rounds_up(const struct interval *v, unsigned digit)
{
    int order = big_compare_sum(&v->r, &v->r, &v->s);
    return order > 0 || (order == 0 && digit % 2 == 1);
}

static struct decimal shortest(double value)
{
    uint64_t bits = bits_of(value);
    int biased = (int)(bits >> 52 & 0x7FF);
    uint64_t mantissa = bits & (HIDDEN_BIT - 1);
    if (biased > 0)
        mantissa |= HIDDEN_BIT;
    int exponent = (biased > 0 ? biased : 1) - DOUBLE_BIAS - 52;
    struct interval v;
    interval_init(&v, mantissa, exponent);
    struct decimal out = { .count = 0 };
    out.places = interval_scale(&v, exponent + 63 - __builtin_clzll(mantissa));
    for (;;) {
        unsigned digit = interval_next_digit(&v);
        int order = big_compare(&v.r, &v.low);
        bool low = v.even ? order <= 0 : order < 0;
        bool high = interval_reaches_one(&v);
        if (high && (!low || rounds_up(&v, digit)))
            digit++;
        assert(digit <= 9 && out.count < DIGITS_SHORTEST_MAX);
        out.digits[out.count++] = (char)('0' + digit);
        if (low || high)
            return out;
    }
}

static size_t put_zeros(char *out, size_t count)
{
    memset(out, '0', count);
    return count;
}

static size_t put_digits(char *out, const struct decimal *d, size_t from, size_t count)
{
    memcpy(out, d->digits + from, count);
    return count;
}

static size_t put_exponent(const struct decimal *d, char *out)
{
    size_t len = put_digits(out, d, 0, 1);
    if (d->count > 1) {
        out[len++] = '.';
        len += put_digits(out + len, d, 1, d->count - 1);
    }
    int exponent = d->places - 1;
    out[len++] = 'e';
    out[len++] = exponent < 0 ? '-' : '+';
    return len + put_integer((uint64_t)(exponent < 0 ? -exponent : exponent), out + len);
}

/* ECMA-262 Number::toString, radix 10: the four shapes. */
static size_t put_decimal(const struct decimal *d, char *out)
{
    size_t len = 0;
    if (d->places > 21 || d->places <= -6)
        return put_exponent(d, out);
    if (d->places <= 0) {
        len = put_zeros(out, 1);
        out[len++] = '.';
        len += put_zeros(out + len, (size_t)-d->places);
        return len + put_digits(out + len, d, 0, d->count);
    }
    size_t places = (size_t)d->places;
    if (d->count <= places) {
        len = put_digits(out, d, 0, d->count);
        return len + put_zeros(out + len, places - d->count);
    }
    len = put_digits(out, d, 0, places);
    out[len++] = '.';
    return len + put_digits(out + len, d, places, d->count - places);
}

size_t number_format(double value, char out[static NUMBER_LEN_MAX])
{
    assert(isfinite(value));
    size_t len = 0;
    if (value < 0) {
        out[len++] = '-';
        value = -value;
    }
    if (value < INTEGER_EXACT) {
        uint64_t integer = (uint64_t)value;
        if (!((double)integer < value))
            return len + put_integer(integer, out + len);
    }
    struct decimal d = shortest(value);
    return len + put_decimal(&d, out + len);
}

/* A JSON number taken apart: value = digits * 10^exponent, and a little more if `more`. */
struct scan {
    struct text in;
    size_t at;
    struct big digits;
    uint64_t small; /* the digits, while they fit */
    unsigned count; /* significant digits in `digits` */
    int64_t exponent;
    bool more;
};

static void scan_digit(struct scan *s, unsigned digit, bool fraction)
{
    if (s->count == 0 && digit == 0) {
        s->exponent -= fraction;
        return;
    }
    if (s->count >= DIGITS_COUNTED_MAX) {
        s->more = s->more || digit > 0;
        s->exponent += !fraction;
        return;
    }
    big_multiply_add(&s->digits, 10, digit);
    if (s->count == 0)
        big_set(&s->digits, digit);
    if (s->count < 19)
        s->small = s->small * 10 + digit;
    s->count++;
    s->exponent -= fraction;
}

static bool at_digit(const struct scan *s)
{
    return s->at < s->in.len && s->in.data[s->at] >= '0' && s->in.data[s->at] <= '9';
}

static void scan_digits(struct scan *s, bool fraction)
{
    for (; at_digit(s); s->at++)
        scan_digit(s, (unsigned)(s->in.data[s->at] - '0'), fraction);
}

static void scan_exponent(struct scan *s)
{
    int64_t exponent = 0;
    bool negative = s->in.data[s->at] == '-';
    if (negative || s->in.data[s->at] == '+')
        s->at++;
    for (; at_digit(s); s->at++) {
        if (exponent < EXPONENT_CLAMP)
            exponent = exponent * 10 + (s->in.data[s->at] - '0');
    }
    s->exponent += negative ? -exponent : exponent;
}

static void scan_number(struct scan *s)
{
    scan_digits(s, false);
    if (s->at < s->in.len && s->in.data[s->at] == '.') {
        s->at++;
        scan_digits(s, true);
    }
    if (s->at < s->in.len) {
        assert(s->in.data[s->at] == 'e' || s->in.data[s->at] == 'E');
        s->at++;
        assert(s->at < s->in.len);
        scan_exponent(s);
    }
    assert(s->at == s->in.len);
}

/* Both factors are exact, so one operation rounds once. */
static bool parse_small(const struct scan *s, double *out)
{
    static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    if (s->count > 15 || s->exponent < -22 || s->exponent > 22)
        return false;
    double digits = (double)s->small;
    *out = s->exponent < 0 ? digits / powers[-s->exponent] : digits * powers[s->exponent];
    return true;
}

/* quotient * 2^exponent (and a little more if `more`), its top bit 62 or 63, to the nearest
 * double, ties to even. */
static bool round_binary(uint64_t quotient, int exponent, bool more, double *out)
{
    int top = 63 - __builtin_clzll(quotient);
    int drop = top - 52;
    if (exponent + drop < DOUBLE_EXPONENT_MIN)
        drop = DOUBLE_EXPONENT_MIN - exponent;
    if (drop > 64) { /* under half of the least: 0 */
        drop = 64;
        quotient = 0;
    }
    uint64_t mantissa = drop == 64 ? 0 : quotient >> drop;
    uint64_t half = (uint64_t)1 << (drop - 1);
    uint64_t rest = quotient & (half - 1);
    bool up = (quotient & half) != 0 && (rest != 0 || more || mantissa % 2 == 1);
    mantissa += up;
    if (mantissa < HIDDEN_BIT) {
        *out = double_of(mantissa);
        return true;
    }
    /* a carry out of the mantissa adds one to the exponent, as it should */
    uint64_t biased = (uint64_t)(exponent + drop - DOUBLE_EXPONENT_MIN + 1);
    uint64_t bits = (biased << 52) + (mantissa - HIDDEN_BIT);
    if (bits >> 52 >= 0x7FF)
        return false;
    *out = double_of(bits);
    return true;
}

static bool parse_exact(struct scan *s, double *out)
{
    struct big divisor;
    big_set(&divisor, 1);
    if (s->exponent > 0)
        big_multiply_power_of_ten(&s->digits, (unsigned)s->exponent);
    else
        big_multiply_power_of_ten(&divisor, (unsigned)-s->exponent);
    int scale = (int)big_bit_length(&s->digits) - (int)big_bit_length(&divisor);
    if (scale > 0)
        big_shift_left(&divisor, (unsigned)scale);
    else
        big_shift_left(&s->digits, (unsigned)-scale);
    uint64_t quotient = 0; /* digits / divisor lies in (1/2, 2): 63 bits behind the point */
    for (int bit = 63; bit >= 0; bit--) {
        if (big_compare(&s->digits, &divisor) >= 0) {
            big_subtract(&s->digits, &divisor);
            quotient |= (uint64_t)1 << bit;
        }
        big_shift_left(&s->digits, 1);
    }
    return round_binary(quotient, scale - 63, s->more || !big_is_zero(&s->digits), out);
}

/* What facts hold: an integer of at most 15 digits and nothing else. */
static bool parse_integer(struct text digits, double *out)
{
    uint64_t value = 0;
    if (digits.len > 15)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(digits.data[i] - '0');
    }
    *out = (double)value;
    return true;
}

bool number_parse(struct text in, double *out)
{
    assert(in.len > 0);
    bool negative = in.data[0] == '-';
    double integer = 0;
    if (parse_integer(text_slice(in, negative, in.len), &integer)) {
        *out = negative ? -integer : integer;
        return true;
    }
    struct scan s = { .in = in, .at = negative };
    scan_number(&s);
    double value = 0;
    int64_t places = s.exponent + s.count;
    bool zero = s.count == 0 || places < PLACES_UNDER;
    if (!zero && places > PLACES_OVER)
        return false;
    if (!zero && !parse_small(&s, &value) && !parse_exact(&s, &value))
        return false;
    *out = negative ? -value : value;
    return true;
}
