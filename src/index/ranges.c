/* Where in a segment what births can add (gather.h).
 *
 * Two exact days weigh what birth_compare says of them: for an exact birth the days around it are
 * weighed one by one, those with the same day and month whose year may be mistaken too, and between
 * the others the weight does not change. For all else a calendar is enough: a birth that is narrow
 * begins at most BIRTH_NARROW before its end, "about" is near within two years, and a registry's
 * day widens to its year. */
#include "index/gather.h"
#include "index/rows.h"

enum {
    YEAR = 366,
    NEAR_BEFORE = BIRTH_NARROW + 3 * YEAR,
    NEAR_BEHIND = 3 * YEAR,
    OFF_BEFORE = BIRTH_NARROW + (BIRTH_OFF_YEARS + 1) * YEAR,
    OFF_BEHIND = (BIRTH_OFF_YEARS + 1) * YEAR,
    AROUND = YEAR + 1,   /* days weighed one by one, on both sides */
    MISTAKEN_YEARS = 120 /* on both sides; further ones have the most that a mistake can weigh */
};

/* What a name must be worth where a birth adds at most this. */
static int32_t need_of(const struct asked *asked, int32_t birth)
{
    const struct score_table *score = asked->score;
    int32_t need = score->band_weak - birth;
    need -= asked->query->sex != INDEX_SEX_UNKNOWN ? score->sex_agree : 0;
    need -= asked->query->nationality_count > 0 ? score->nationality_agree : 0;
    return (need > score->name_min ? need : score->name_min) - compare_slack(asked);
}

/* The next range, up to `end`; a range like the last continues it. */
static void add_range(struct candidates *c, uint32_t end, int32_t need)
{
    uint32_t begin = c->range_count > 0 ? c->ranges[c->range_count - 1].end : 0;
    struct birth_range *last = &c->ranges[c->range_count - (c->range_count > 0)];
    if (end <= begin)
        return;
    if (c->range_count > 0 && (last->need == need || c->range_count == BIRTH_RANGES_MAX)) {
        last->end = end; /* no room: the lower need is safe */
        last->need = need < last->need ? need : last->need;
    } else {
        c->ranges[c->range_count++] = (struct birth_range){ begin, end, need };
    }
}

struct ranging {
    const struct index_segment *segment;
    const struct asked *asked;
    struct candidates *out;
    struct span zone;
    int32_t day; /* of our birth, since the year 1 */
};

/* Documents of the zone until `day`, where births add at most `most`. */
static void until_day(struct ranging *r, int32_t day, int32_t most)
{
    uint32_t end = day > 0 ? segment_born_from(r->segment, r->zone, (uint32_t)day) : r->zone.begin;
    add_range(r->out, end, need_of(r->asked, most));
}

static void until_end(struct ranging *r, int32_t most)
{
    add_range(r->out, r->zone.end, need_of(r->asked, most));
}

/* Births that are not both exact. */
static void add_calendar(struct ranging *r)
{
    const struct score_table *score = r->asked->score;
    struct birth_days days = birth_days(&r->asked->query->birth);
    int32_t from = (int32_t)days.from;
    int32_t to = (int32_t)days.to;
    until_day(r, from - OFF_BEFORE, score->birth_far);
    until_day(r, from - NEAR_BEFORE, score->birth_off);
    until_day(r, to + NEAR_BEHIND, score->birth_day);
    until_day(r, to + OFF_BEHIND, score->birth_off);
    until_end(r, score->birth_far);
}

static int32_t weight_of(const struct ranging *r, struct date day)
{
    struct index_birth other = index_birth_exact(day);
    return compare_birth_weight(r->asked->score, &r->asked->query->birth, &other);
}

/* Our day and month in another year, before or behind the days around us: years apart, if the year
 * is not mistaken. */
static void add_year(struct ranging *r, int year)
{
    const struct score_table *score = r->asked->score;
    struct date day = r->asked->query->birth.from;
    int apart = year > day.year ? year - day.year : day.year - year;
    int32_t between = apart <= BIRTH_OFF_YEARS + 1 ? score->birth_off : score->birth_far;
    day.year = (int16_t)year;
    if (year < 1 || year > 9999 || !date_valid(day))
        return;
    struct index_birth other = index_birth_exact(day);
    int32_t at = (int32_t)birth_days(&other).from;
    int32_t weight = weight_of(r, day);
    if (weight <= between)
        return;
    until_day(r, at, between);
    until_day(r, at + 1, weight);
}

static void add_years(struct ranging *r, int from, int to)
{
    for (int year = from; year <= to; year++)
        add_year(r, year);
}

/* Days of one weight together: what ends a range is looked up. */
static void add_days_around(struct ranging *r)
{
    int32_t zero = date_days(r->asked->query->birth.from) - r->day;
    int32_t weight = r->asked->score->birth_off;
    int32_t first = r->day > AROUND ? r->day - AROUND : 0;
    for (int32_t day = first; day < r->day + AROUND; day++) {
        int32_t here = weight_of(r, date_from_days(day + zero));
        if (here != weight)
            until_day(r, day, weight);
        weight = here;
    }
    until_day(r, r->day + AROUND, weight);
}

/* Exact births for an exact one. */
static void add_days(struct ranging *r)
{
    const struct score_table *score = r->asked->score;
    struct date ours = r->asked->query->birth.from;
    until_day(r, r->day - MISTAKEN_YEARS * YEAR, score->birth_digit);
    add_years(r, ours.year - MISTAKEN_YEARS, ours.year - BIRTH_OFF_YEARS - 2);
    until_day(r, r->day - (BIRTH_OFF_YEARS + 1) * YEAR, score->birth_far);
    add_years(r, ours.year - BIRTH_OFF_YEARS - 1, ours.year - 2);
    until_day(r, r->day - AROUND, score->birth_off);
    add_days_around(r);
    add_years(r, ours.year + 2, ours.year + BIRTH_OFF_YEARS + 1);
    until_day(r, r->day + (BIRTH_OFF_YEARS + 1) * YEAR, score->birth_off);
    add_years(r, ours.year + BIRTH_OFF_YEARS + 2, ours.year + MISTAKEN_YEARS);
    until_day(r, r->day + MISTAKEN_YEARS * YEAR, score->birth_far);
    until_end(r, score->birth_digit);
}

void gather_ranges(const struct index_segment *s, const struct asked *asked, struct candidates *c)
{
    const struct index_birth *birth = &asked->query->birth;
    c->range_count = 0;
    if (birth->quality == INDEX_BIRTH_UNKNOWN) {
        add_range(c, s->named_count, need_of(asked, 0));
        return;
    }
    struct ranging r = { s, asked, c, { 0, segment_exact_count(s) }, 0 };
    r.day = (int32_t)birth_days(birth).from;
    if (birth->quality == INDEX_BIRTH_EXACT)
        add_days(&r);
    else
        add_calendar(&r);
    r.zone = (struct span){ r.zone.end, s->narrow_count };
    add_calendar(&r);
    add_range(c, s->named_count, need_of(asked, asked->score->birth_day)); /* wide, unknown ones */
}
