#include "catalogue/edition.h"

#include <assert.h>

#include "catalogue/catalogue_tables.inc"

enum { WEEK = 7, FRIDAY = 5 };

size_t edition_count(void)
{
    return sizeof(editions) / sizeof(editions[0]);
}

const struct edition *edition_at(size_t i)
{
    assert(i < edition_count());
    return &editions[i];
}

const struct edition *edition_find(struct text name)
{
    for (size_t i = 0; i < edition_count(); i++) {
        if (text_is(name, editions[i].name))
            return &editions[i];
    }
    return NULL;
}

const struct category_rules *edition_rules(const struct edition *edition, int category,
                                           enum record_kind kind)
{
    const struct category_rules *any = NULL;
    for (size_t i = 0; kind != RECORD_KIND_RAW && i < edition->category_count; i++) {
        const struct category_rules *one = &edition->categories[i];
        if ((one->kinds >> kind & 1) == 0)
            continue;
        if (one->category == CODE_RAW)
            any = one;
        else if (one->category == category)
            return one;
    }
    return any;
}

const struct period *edition_period(const struct edition *edition, const char *name)
{
    for (size_t i = 0; i < edition->period_count; i++) {
        if (strcmp(edition->periods[i].name, name) == 0)
            return &edition->periods[i];
    }
    return NULL;
}

/* 1970-01-01 was a Thursday: Monday is 1. */
static int weekday(int32_t days)
{
    return ((days + 3) % WEEK + WEEK) % WEEK + 1;
}

struct date period_move(const struct period *period, struct date day, int sign)
{
    int count = period->count;
    int32_t days = date_days(day);
    assert(period->unit != PERIOD_HOURS);
    if (period->unit == PERIOD_MONTHS || period->unit == PERIOD_YEARS)
        return date_add_months(day, sign * count * (period->unit == PERIOD_YEARS ? 12 : 1));
    while (count > 0) {
        days += sign;
        if (period->unit == PERIOD_DAYS || weekday(days) <= FRIDAY)
            count--;
    }
    return date_from_days(days);
}

bool word_next(struct text *rest, struct text *out)
{
    while (rest->data != NULL && rest->len > 0) {
        *out = text_split(rest, ' ');
        if (out->len > 0)
            return true;
    }
    return false;
}

bool word_in(struct text word, const char *list)
{
    struct text rest = text_literal(list);
    struct text one;
    while (word_next(&rest, &one)) {
        if (text_equal(one, word))
            return true;
    }
    return false;
}

/* The row of `type` in its immediate form, or `type` where it has none. */
static int immediate_of(int type)
{
    for (size_t i = 0; i < code_count(CODE_CHECK); i++) {
        if (code_row(CODE_CHECK, i)->parent == type)
            return (int)i;
    }
    return type;
}

int edition_downgrade(const struct edition *edition, int check, uint32_t forbidden)
{
    if (check < 0 || (size_t)check >= code_count(CODE_CHECK))
        return CODE_RAW;
    int parent = code_row(CODE_CHECK, (size_t)check)->parent;
    int type = parent < 0 ? check : parent;
    bool begun = false;
    for (size_t i = 0; i < edition->check_count; i++) {
        int one = edition->check_order[i];
        begun = begun || one == type;
        if (!begun || (forbidden >> one & 1) != 0)
            continue;
        int out = parent < 0 ? one : immediate_of(one);
        return (forbidden >> out & 1) != 0 ? one : out;
    }
    return CODE_RAW;
}
