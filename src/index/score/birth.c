/* Births as intervals of days, with the errors that people and registries make. */
#include "index/score/compare.h"
#include "index/score/score.h"

enum { MONTH_DAYS = 31, YEAR_DAYS = 366 };
enum { ABOUT_3_DAYS = 3 * YEAR_DAYS, ABOUT_5_DAYS = 5 * YEAR_DAYS };

static struct field_likeness birth_result(int32_t weight, enum index_relation relation,
                                          const char *rule)
{
    return (struct field_likeness){ weight, relation, rule };
}

static bool is_registry_day(struct date d)
{
    return (d.month == 1 && d.day == 1) || (d.month == 12 && d.day == 31);
}

/* One digit differs, or two neighbours are swapped. */
static bool digit_off(int a, int b)
{
    for (; a != b && a % 10 == b % 10; a /= 10)
        b /= 10;
    bool one = a / 10 == b / 10;
    bool swapped = a / 100 == b / 100 && a % 10 == b / 10 % 10 && b % 10 == a / 10 % 10;
    return a != b && (one || swapped);
}

static bool off_by_one(int a, int b)
{
    return a - b == 1 || b - a == 1;
}

static struct field_likeness far_apart(const struct score_table *score, int32_t gap_days)
{
    if (gap_days <= BIRTH_OFF_YEARS * YEAR_DAYS)
        return birth_result(score->birth_off, INDEX_CONTRADICT, "birth.years-off");
    return birth_result(score->birth_far, INDEX_CONTRADICT, "birth.far");
}

static struct field_likeness compare_days(const struct score_table *score, struct date a,
                                          struct date b)
{
    int32_t gap = date_days(a) - date_days(b);
    gap = gap < 0 ? -gap : gap;
    bool year = a.year == b.year;
    bool month = a.month == b.month;
    bool day = a.day == b.day;
    if (gap == 0)
        return birth_result(score->birth_day, INDEX_AGREE, "birth.same-day");
    if (year && a.day == b.month && a.month == b.day)
        return birth_result(score->birth_swapped, INDEX_CLOSE, "birth.day-month-swap");
    if (gap == 1 || (year && day && off_by_one(a.month, b.month)) ||
        (month && day && off_by_one(a.year, b.year)))
        return birth_result(score->birth_one_part, INDEX_CLOSE, "birth.one-off");
    if (year && (is_registry_day(a) || is_registry_day(b)))
        return birth_result(score->birth_year, INDEX_CLOSE, "birth.registry-day");
    if (year && month)
        return birth_result(score->birth_same_month, INDEX_CLOSE, "birth.same-month");
    if (month && day && digit_off(a.year, b.year))
        return birth_result(score->birth_digit, INDEX_CLOSE, "birth.one-digit");
    if (year)
        return birth_result(score->birth_same_year, INDEX_CLOSE, "birth.same-year");
    if (gap <= YEAR_DAYS)
        return birth_result(score->birth_near, INDEX_CLOSE, "birth.near");
    return far_apart(score, gap);
}

/* The days that the source leaves possible. */
static void widen(const struct index_birth *birth, int32_t *from_out, int32_t *to_out)
{
    struct date from = birth->from;
    struct date to = birth->to;
    if (birth->quality == INDEX_BIRTH_REGISTRY) {
        from = (struct date){ from.year, 1, 1 };
        to = (struct date){ to.year, 12, 31 };
    }
    *from_out = date_days(from);
    *to_out = date_days(to);
}

/* They meet, and one at least is longer than a year: worth the less, the more days apart the two
 * may be. The same estimate is more than two that meet: who gave it was told it, or copied it. */
static struct field_likeness about_alike(const struct score_table *score, int32_t a_width,
                                         int32_t b_width, bool same)
{
    int32_t days = a_width + b_width;
    if (same && score->birth_estimate > score->birth_about[3]) /* of version 5 */
        return birth_result(score->birth_estimate, INDEX_AGREE, "birth.estimate");
    int years = days <= ABOUT_3_DAYS ? 3 : days <= ABOUT_5_DAYS ? 5 : ABOUT_YEARS_MAX;
    return birth_result(score->birth_about[years], INDEX_AGREE, "birth.about");
}

static struct field_likeness compare_spans(const struct score_table *score,
                                           const struct index_birth *a, const struct index_birth *b)
{
    int32_t a_from = 0;
    int32_t a_to = 0;
    int32_t b_from = 0;
    int32_t b_to = 0;
    widen(a, &a_from, &a_to);
    widen(b, &b_from, &b_to);
    int32_t gap = a_from > b_to ? a_from - b_to : b_from > a_to ? b_from - a_to : 0;
    int32_t a_width = a_to - a_from;
    int32_t b_width = b_to - b_from;
    int32_t width = a_width > b_width ? a_width : b_width;
    bool about = a->quality == INDEX_BIRTH_ABOUT || b->quality == INDEX_BIRTH_ABOUT;
    if (gap > 0 && gap <= (about ? 2 : 1) * YEAR_DAYS)
        return birth_result(score->birth_near, INDEX_CLOSE, "birth.near");
    if (gap > 0)
        return far_apart(score, gap);
    if (width < MONTH_DAYS)
        return birth_result(score->birth_month, INDEX_AGREE, "birth.month");
    if (width < YEAR_DAYS)
        return birth_result(score->birth_year, INDEX_AGREE, "birth.year");
    if (width < ABOUT_5_DAYS)
        return about_alike(score, a_width, b_width, a_from == b_from && a_to == b_to);
    return birth_result(score->birth_wide, INDEX_AGREE, "birth.wide");
}

/* ------------------------------------------------------------------- other calendars */

/* Years that nobody living was born in, but by these reckonings: what year of ours they begin in;
 * most of such a year lies in that one or the next. Islamic: 354.367 days a year from 622; Iranian
 * from 622; Buddhist (Thailand) 543 ahead; of the Republic of China, and Juche, from 1912. */
enum { LUNAR, IRANIAN, BUDDHIST, REPUBLIC, CALENDARS };
static const struct {
    int first, last;
} reckoned[CALENDARS] = { { 1200, 1600 }, { 1200, 1500 }, { 2400, 2700 }, { 1, 150 } };

static int year_begins(int calendar, int year)
{
    switch (calendar) {
    case LUNAR:
        return 622 + (int)((year - 1) * INT64_C(354367) / 365243);
    case IRANIAN:
        return year + 621;
    case BUDDHIST:
        return year - 543;
    default:
        return year + 1911;
    }
}

bool birth_foreign(const struct index_birth *birth)
{
    return birth->quality != INDEX_BIRTH_UNKNOWN &&
           (birth->from.year < BIRTH_YEAR_FIRST || birth->to.year > BIRTH_YEAR_LAST);
}

/* The years of one, by any reckoning, meet those of the other, which are of ours. */
static bool calendars_meet(const struct index_birth *foreign, const struct index_birth *other)
{
    for (int c = 0; c < CALENDARS; c++) {
        int from = foreign->from.year;
        int to = foreign->to.year;
        if (from < reckoned[c].first || to > reckoned[c].last)
            continue;
        if (year_begins(c, from) <= other->to.year && other->from.year <= year_begins(c, to) + 1)
            return true;
    }
    return false;
}

static bool is_reckoned(const struct index_birth *a, const struct index_birth *b)
{
    return birth_foreign(a) != birth_foreign(b) &&
           (birth_foreign(a) ? calendars_meet(a, b) : calendars_meet(b, a));
}

struct field_likeness birth_compare(const struct score_table *score, const struct index_birth *ours,
                                    const struct index_birth *theirs)
{
    if (ours->quality == INDEX_BIRTH_UNKNOWN)
        return birth_result(0, INDEX_NOT_COMPARED, "birth.not-asked");
    if (theirs->quality == INDEX_BIRTH_UNKNOWN)
        return birth_result(0, INDEX_NOT_COMPARED, "birth.not-known");
    if (score->birth_calendar > 0 && is_reckoned(ours, theirs))
        return birth_result(score->birth_calendar, INDEX_CLOSE, "birth.other-calendar");
    if (ours->quality == INDEX_BIRTH_EXACT && theirs->quality == INDEX_BIRTH_EXACT)
        return compare_days(score, ours->from, theirs->from);
    return compare_spans(score, ours, theirs);
}

int32_t compare_birth_weight(const struct score_table *score, const struct index_birth *ours,
                             const struct index_birth *theirs)
{
    return birth_compare(score, ours, theirs).weight;
}

bool birth_valid(const struct index_birth *birth)
{
    if (birth->quality == INDEX_BIRTH_UNKNOWN)
        return true;
    return birth->quality <= INDEX_BIRTH_REGISTRY && date_valid(birth->from) &&
           date_valid(birth->to) && date_days(birth->from) <= date_days(birth->to);
}

struct text birth_format(const struct index_birth *birth, struct arena *arena)
{
    if (birth->quality == INDEX_BIRTH_UNKNOWN)
        return (struct text){ "", 0 };
    struct text from = date_format(arena, birth->from);
    if (birth->quality == INDEX_BIRTH_EXACT)
        return from;
    struct text to = date_format(arena, birth->to);
    return arena_join(arena, arena_join(arena, from, TEXT("/")), to);
}

struct index_birth index_birth_exact(struct date day)
{
    return (struct index_birth){ day, day, INDEX_BIRTH_EXACT };
}

struct index_birth index_birth_year(int year)
{
    struct date from = { (int16_t)year, 1, 1 };
    struct date to = { (int16_t)year, 12, 31 };
    return (struct index_birth){ from, to, INDEX_BIRTH_INTERVAL };
}

static struct index_birth about(int from_year, int to_year)
{
    struct date from = { (int16_t)from_year, 1, 1 };
    struct date to = { (int16_t)to_year, 12, 31 };
    return (struct index_birth){ from, to, INDEX_BIRTH_ABOUT };
}

struct index_birth index_birth_about(int year)
{
    return about(year - 1, year + 1);
}

struct index_birth index_birth_age(int age, struct date on)
{
    return about(on.year - age - 2, on.year - age + 2);
}
