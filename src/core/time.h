/* Instants and civil dates. No clock is read here: time is an argument (I9).
 *
 * An instant is milliseconds since 1970-01-01T00:00:00Z, wrapped so that it cannot be added
 * to a number by mistake. Written as RFC 3339 in UTC with milliseconds:
 * 2026-02-27T08:30:00.000Z. */
#ifndef COMITY_CORE_TIME_H
#define COMITY_CORE_TIME_H

#include "core/arena.h"

struct instant {
    int64_t ms;
};

struct date {
    int16_t year; /* 1..9999, proleptic Gregorian */
    uint8_t month;
    uint8_t day;
};

enum { INSTANT_LEN = 24, DATE_LEN = 10 };
#define INSTANT_SECOND ((int64_t)1000)
#define INSTANT_MINUTE (60 * INSTANT_SECOND)
#define INSTANT_HOUR (60 * INSTANT_MINUTE)
#define INSTANT_DAY (24 * INSTANT_HOUR)

static inline struct instant instant_plus(struct instant t, int64_t ms)
{
    return (struct instant){ t.ms + ms };
}

static inline bool instant_before(struct instant a, struct instant b)
{
    return a.ms < b.ms;
}

/* Years 1 to 9999; exactly the form above (Z only, three decimals). */
MUST_USE struct err instant_parse(struct text in, struct instant *out);
/* `at` must lie in years 1 to 9999 (asserted). */
struct text instant_format(struct arena *arena, struct instant at);

/* YYYY-MM-DD, a day that exists. */
MUST_USE struct err date_parse(struct text in, struct date *out);
struct text date_format(struct arena *arena, struct date date);
bool date_valid(struct date date);
uint8_t date_month_days(int year, unsigned month);
/* Days since 1970-01-01. */
int32_t date_days(struct date date);
struct date date_from_days(int32_t days);
/* The UTC day of an instant; 00:00 UTC of a day. */
struct date date_of_instant(struct instant at);
struct instant date_begin(struct date date);
/* Calendar arithmetic: 31 January + 1 month is the last day of February. */
struct date date_add_months(struct date date, int months);
/* Whole years from `born` to `on` (birthday of 29 February counts on 1 March). */
int date_age(struct date born, struct date on);

#endif
