#include "core/time.h"

#include <assert.h>

#define INSTANT_MIN (-62135596800000LL) /* 0001-01-01 */
#define INSTANT_MAX 253402300799999LL   /* 9999-12-31T23:59:59.999 */

uint8_t date_month_days(int year, unsigned month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    assert(month >= 1 && month <= 12);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool date_valid(struct date d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= date_month_days(d.year, d.month);
}

/* Civil calendar in eras of 400 years that begin on 1 March. */
int32_t date_days(struct date d)
{
    assert(date_valid(d));
    int32_t year = d.month <= 2 ? d.year - 1 : d.year;
    int32_t era = year / 400;
    int32_t in_era = year - era * 400;
    int32_t month = (d.month + 9) % 12;
    int32_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + day_of_year - 719468;
}

struct date date_from_days(int32_t days)
{
    int32_t z = days + 719468;
    int32_t era = z / 146097;
    int32_t in_era = z - era * 146097;
    int32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int32_t day_of_year = in_era - (365 * year + year / 4 - year / 100);
    int32_t month = (5 * day_of_year + 2) / 153;
    struct date out = { 0, 0, 0 };
    out.day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1);
    out.month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    out.year = (int16_t)(year + era * 400 + (out.month <= 2));
    return out;
}

/* `len` decimal digits at `at`; -1 when one is not. */
static int digits(struct text in, size_t at, size_t len)
{
    int value = 0;
    for (size_t i = at; i < at + len; i++) {
        if (in.data[i] < '0' || in.data[i] > '9')
            return -1;
        value = value * 10 + (in.data[i] - '0');
    }
    return value;
}

struct err date_parse(struct text in, struct date *out)
{
    if (in.len != DATE_LEN || in.data[4] != '-' || in.data[7] != '-')
        return err_make(ERR_INVALID, "time.not-a-date");
    int year = digits(in, 0, 4);
    int month = digits(in, 5, 2);
    int day = digits(in, 8, 2);
    if (year < 1 || month < 1 || day < 1)
        return err_make(ERR_INVALID, "time.not-a-date");
    struct date date = { (int16_t)year, (uint8_t)month, (uint8_t)day };
    if (!date_valid(date))
        return err_make(ERR_INVALID, "time.no-such-day");
    *out = date;
    return err_none();
}

/* HH:MM:SS.mmmZ at offset 11; -1 when malformed. A leap second is refused: no instant names it. */
static int64_t clock_ms(struct text in)
{
    int hour = digits(in, 11, 2);
    int minute = digits(in, 14, 2);
    int second = digits(in, 17, 2);
    int ms = digits(in, 20, 3);
    bool marks = in.data[10] == 'T' && in.data[13] == ':' && in.data[16] == ':' &&
                 in.data[19] == '.' && in.data[23] == 'Z';
    if (!marks || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59 || ms < 0)
        return -1;
    return hour * INSTANT_HOUR + minute * INSTANT_MINUTE + second * INSTANT_SECOND + ms;
}

struct err instant_parse(struct text in, struct instant *out)
{
    if (in.len != INSTANT_LEN)
        return err_make(ERR_INVALID, "time.not-an-instant");
    struct date date;
    struct err e = date_parse(text_slice(in, 0, DATE_LEN), &date);
    if (failed(e))
        return e;
    int64_t clock = clock_ms(in);
    if (clock < 0)
        return err_make(ERR_INVALID, "time.not-an-instant");
    out->ms = date_begin(date).ms + clock;
    return err_none();
}

static void put_digits(char *out, int value, size_t len)
{
    for (size_t i = len; i-- > 0;) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

static void put_date(char *out, struct date date)
{
    put_digits(out, date.year, 4);
    out[4] = '-';
    put_digits(out + 5, date.month, 2);
    out[7] = '-';
    put_digits(out + 8, date.day, 2);
}

struct text date_format(struct arena *arena, struct date date)
{
    assert(date_valid(date));
    char *out = arena_take(arena, DATE_LEN);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    put_date(out, date);
    return (struct text){ out, DATE_LEN };
}

struct text instant_format(struct arena *arena, struct instant at)
{
    assert(at.ms >= INSTANT_MIN && at.ms <= INSTANT_MAX);
    char *out = arena_take(arena, INSTANT_LEN);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    struct date date = date_of_instant(at);
    int clock = (int)(at.ms - date_begin(date).ms);
    put_date(out, date);
    out[10] = 'T';
    put_digits(out + 11, clock / 3600000, 2);
    out[13] = ':';
    put_digits(out + 14, clock / 60000 % 60, 2);
    out[16] = ':';
    put_digits(out + 17, clock / 1000 % 60, 2);
    out[19] = '.';
    put_digits(out + 20, clock % 1000, 3);
    out[23] = 'Z';
    return (struct text){ out, INSTANT_LEN };
}

struct date date_of_instant(struct instant at)
{
    int64_t days = at.ms / INSTANT_DAY;
    if (at.ms % INSTANT_DAY < 0)
        days--;
    return date_from_days((int32_t)days);
}

struct instant date_begin(struct date date)
{
    return (struct instant){ date_days(date) * INSTANT_DAY };
}

struct date date_add_months(struct date date, int months)
{
    assert(date_valid(date));
    int index = date.year * 12 + date.month - 1 + months;
    assert(index >= 12 && index < 120000);
    struct date out = { (int16_t)(index / 12), (uint8_t)(index % 12 + 1), date.day };
    uint8_t last = date_month_days(out.year, out.month);
    if (out.day > last)
        out.day = last;
    return out;
}

int date_age(struct date born, struct date on)
{
    int age = on.year - born.year;
    bool before = on.month < born.month || (on.month == born.month && on.day < born.day);
    return before ? age - 1 : age;
}
