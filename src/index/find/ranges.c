/* Where in a segment what births can add (gather.h).
 *
 * Two exact days weigh what birth_compare says of them: for an exact birth the days around it are
 * weighed wherever the weight may change, those with the same day and month whose year may be
 * mistaken too, and between the others the weight does not change. For all else a calendar is
 * enough: a birth that is narrow begins at most BIRTH_NARROW before its end, "about" is near within
 * two years, and a registry's day widens to its year. */
#include "index/find/gather.h"
#include "index/segment/rows.h"
#include "index/segment/sort.h"

enum {
    YEAR = 366,
    NEAR_BEFORE = BIRTH_NARROW + 3 * YEAR,
    NEAR_BEHIND = 3 * YEAR,
    OFF_BEFORE = BIRTH_NARROW + (BIRTH_OFF_YEARS + 1) * YEAR,
    OFF_BEHIND = (BIRTH_OFF_YEARS + 1) * YEAR,
    AROUND = YEAR + 1, /* days weighed by their turns, on both sides */
    TURNS_MAX = 24,
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
};

/* Documents of the zone until `day`, where births add at most `most`. */
static void until_day(struct ranging *r, int32_t day, int32_t most)
{
    uint32_t done = r->out->range_count > 0 ? r->out->ranges[r->out->range_count - 1].end : 0;
    struct span left = { done > r->zone.begin ? done : r->zone.begin, r->zone.end };
    if (day > 0 && left.begin < left.end)
        add_range(r->out, segment_born_from(r->segment, left, (uint32_t)day),
                  need_of(r->asked, most));
}

static void until_end(struct ranging *r, int32_t most)
{
    add_range(r->out, r->zone.end, need_of(r->asked, most));
}

static int32_t day_of_year(int year)
{
    struct index_birth first = index_birth_exact((struct date){ (int16_t)year, 1, 1 });
    return (int32_t)birth_days(&first).from;
}

/* Far apart: by another calendar they may meet. */
static int32_t far_most(const struct asked *asked)
{
    const struct score_table *score = asked->score;
    return birth_foreign(&asked->query->birth) ? score->birth_calendar : score->birth_far;
}

/* Births that are not both exact. */
static void add_calendar(struct ranging *r)
{
    const struct score_table *score = r->asked->score;
    struct birth_days days = birth_days(&r->asked->query->birth);
    int32_t from = (int32_t)days.from;
    int32_t to = (int32_t)days.to;
    int32_t far = far_most(r->asked);
    int32_t off = far > score->birth_off ? far : score->birth_off;
    until_day(r, day_of_year(BIRTH_YEAR_FIRST), score->birth_day);
    until_day(r, from - OFF_BEFORE, far);
    until_day(r, from - NEAR_BEFORE, off);
    until_day(r, to + NEAR_BEHIND, score->birth_day);
    until_day(r, to + OFF_BEHIND, off);
    until_day(r, day_of_year(BIRTH_YEAR_LAST), far);
    until_end(r, score->birth_day);
}

/* -- an exact birth asked: weighed once for all segments --------------------------------------- */

struct weighing {
    const struct asked *asked;
    struct birth_steps *out;
    int32_t day; /* of our birth, since the year 1 */
};

/* Up to `day` births add at most `most`; no room: the more is safe. */
static void step(struct weighing *w, int32_t day, int32_t most)
{
    struct birth_steps *out = w->out;
    struct birth_step *last = &out->list[out->count - (out->count > 0)];
    if (out->count > 0 && day <= last->day)
        return;
    if (out->count > 0 && (last->most == most || out->count == BIRTH_STEPS_MAX)) {
        last->day = day;
        last->most = most > last->most ? most : last->most;
    } else {
        out->list[out->count++] = (struct birth_step){ day, most };
    }
}

static int32_t weight_of(const struct weighing *w, struct date day)
{
    struct index_birth other = index_birth_exact(day);
    return compare_birth_weight(w->asked->score, &w->asked->query->birth, &other);
}

/* Our day and month in another year, before or behind the days around us: years apart, if the year
 * is not mistaken. */
static void step_year(struct weighing *w, int year)
{
    const struct score_table *score = w->asked->score;
    struct date day = w->asked->query->birth.from;
    int apart = year > day.year ? year - day.year : day.year - year;
    int32_t between = apart <= BIRTH_OFF_YEARS + 1 ? score->birth_off : far_most(w->asked);
    day.year = (int16_t)year;
    if (year < 1 || year > 9999 || !date_valid(day))
        return;
    struct index_birth other = index_birth_exact(day);
    int32_t at = (int32_t)birth_days(&other).from;
    int32_t weight = weight_of(w, day);
    if (weight <= between)
        return;
    step(w, at, between);
    step(w, at + 1, weight);
}

static void step_years(struct weighing *w, int from, int to)
{
    for (int year = from; year <= to; year++)
        step_year(w, year);
}

/* The day, and the one behind it. */
static size_t add_turn(struct date day, uint32_t *turns, size_t count)
{
    if (!date_valid(day))
        return count;
    struct index_birth birth = index_birth_exact(day);
    turns[count] = birth_days(&birth).from;
    turns[count + 1] = turns[count] + 1;
    return count + 2;
}

/* Days around ours on which the weight may change (birth_compare), ascending. */
static size_t find_turns(const struct weighing *w, uint32_t turns[static TURNS_MAX])
{
    struct date d = w->asked->query->birth.from;
    int16_t last = (int16_t)(d.year - 1);
    int16_t next = (int16_t)(d.year + 1);
    uint8_t month_days = date_month_days(d.year, d.month);
    const struct date days[] = {
        d,
        { d.year, d.month, 1 },
        { d.year, d.month, month_days },
        { d.year, (uint8_t)(d.month - 1), d.day },
        { d.year, (uint8_t)(d.month + 1), d.day },
        { d.year, d.day, d.month },
        { d.year, 1, 1 },
        { d.year, 12, 31 },
        { last, d.month, d.day },
        { next, d.month, d.day },
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        count = add_turn(days[i], turns, count);
    turns[count++] = (uint32_t)(w->day > 1 ? w->day - 1 : 0);
    turns[count++] = (uint32_t)w->day + 2;
    turns[count++] = (uint32_t)(w->day > YEAR ? w->day - YEAR : 0);
    turns[count++] = (uint32_t)w->day + YEAR + 1;
    return sort_keys(turns, count);
}

static void step_days_around(struct weighing *w)
{
    uint32_t turns[TURNS_MAX];
    size_t count = find_turns(w, turns);
    int32_t zero = date_days(w->asked->query->birth.from) - w->day;
    int32_t weight = w->asked->score->birth_off;
    for (size_t i = 0; i < count; i++) {
        int32_t day = (int32_t)turns[i];
        struct date date = date_from_days(day + zero);
        if (!date_valid(date))
            break; /* behind the last year */
        int32_t here = weight_of(w, date);
        if (here != weight)
            step(w, day, weight);
        weight = here;
    }
    step(w, w->day + AROUND, weight);
}

void gather_births(const struct asked *asked, struct birth_steps *out)
{
    const struct score_table *score = asked->score;
    const struct index_birth *birth = &asked->query->birth;
    out->count = 0;
    out->rest = score->birth_digit;
    if (birth->quality != INDEX_BIRTH_EXACT || asked->name.count == 0)
        return;
    struct weighing w = { asked, out, (int32_t)birth_days(birth).from };
    int year = birth->from.year;
    step(&w, w.day - MISTAKEN_YEARS * YEAR, score->birth_digit);
    step_years(&w, year - MISTAKEN_YEARS, year - BIRTH_OFF_YEARS - 2);
    step(&w, w.day - (BIRTH_OFF_YEARS + 1) * YEAR, far_most(asked));
    step_years(&w, year - BIRTH_OFF_YEARS - 1, year - 2);
    step(&w, w.day - AROUND, score->birth_off);
    step_days_around(&w);
    step_years(&w, year + 2, year + BIRTH_OFF_YEARS + 1);
    step(&w, w.day + (BIRTH_OFF_YEARS + 1) * YEAR, score->birth_off);
    step_years(&w, year + BIRTH_OFF_YEARS + 2, year + MISTAKEN_YEARS);
    step(&w, w.day + MISTAKEN_YEARS * YEAR, far_most(asked));
}

/* Exact births for an exact one. */
static void add_days(struct ranging *r, const struct birth_steps *births)
{
    for (size_t i = 0; i < births->count; i++)
        until_day(r, births->list[i].day, births->list[i].most);
    until_end(r, births->rest);
}

void gather_ranges(const struct index_segment *s, const struct plan *plan, struct candidates *c)
{
    const struct asked *asked = plan->asked;
    const struct index_birth *birth = &asked->query->birth;
    c->range_count = 0;
    if (birth->quality == INDEX_BIRTH_UNKNOWN) {
        add_range(c, s->named_count, need_of(asked, 0));
        return;
    }
    struct ranging r = { s, asked, c, { 0, s->exact_count } };
    if (birth->quality == INDEX_BIRTH_EXACT)
        add_days(&r, &plan->births);
    else
        add_calendar(&r);
    r.zone = (struct span){ r.zone.end, s->narrow_count };
    add_calendar(&r);
    add_range(c, s->named_count, need_of(asked, asked->score->birth_day)); /* wide, unknown ones */
}
