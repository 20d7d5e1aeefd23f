/* Where in a segment what births can add (gather.h). The days come from birth_compare: a birth that
 * is narrow begins at most BIRTH_NARROW before its end, "about" is near within two years, a
 * registry's day widens to its year, and one digit of the year may be wrong. */
#include "index/rows.h"
#include "index/gather.h"

enum {
    YEAR = 366,
    NEAR_BEFORE = BIRTH_NARROW + 3 * YEAR,
    NEAR_BEHIND = 3 * YEAR,
    OFF_BEFORE = BIRTH_NARROW + (BIRTH_OFF_YEARS + 1) * YEAR,
    OFF_BEHIND = (BIRTH_OFF_YEARS + 1) * YEAR,
    DIGIT_DAYS_MAX = 40,
    LAST_DAY = 10000 * 366
};

struct span_days {
    int32_t from;
    int32_t to; /* the day behind */
};

struct calendar { /* what is near our birth, in days since the year 1 */
    struct span_days near;
    struct span_days off;
    size_t digit_count;
    int32_t digits[DIGIT_DAYS_MAX];
};

static void add_digit_day(struct calendar *c, int year, struct date day)
{
    struct date other = { (int16_t)year, day.month, day.day };
    if (year < 1 || year > 9999 || year == day.year || !date_valid(other) ||
        c->digit_count == DIGIT_DAYS_MAX)
        return;
    struct index_birth birth = index_birth_exact(other);
    c->digits[c->digit_count++] = (int32_t)birth_days(&birth).from;
}

/* Days whose year is ours but for one digit, or with two neighbours swapped. */
static void add_digit_days(struct calendar *c, struct date day)
{
    for (int unit = 1; unit <= 1000; unit *= 10) {
        int digit = day.year / unit % 10;
        int next = day.year / (10 * unit) % 10;
        for (int other = 0; other < 10; other++)
            add_digit_day(c, day.year + (other - digit) * unit, day);
        if (unit < 1000)
            add_digit_day(c, day.year + (next - digit) * unit + (digit - next) * 10 * unit, day);
    }
}

static void calendar_make(const struct index_birth *birth, struct calendar *out)
{
    struct birth_days days = birth_days(birth);
    int32_t from = (int32_t)days.from;
    int32_t to = (int32_t)days.to;
    *out = (struct calendar){ .near = { from - NEAR_BEFORE, to + NEAR_BEHIND },
                              .off = { from - OFF_BEFORE, to + OFF_BEHIND } };
    if (birth->quality == INDEX_BIRTH_EXACT)
        add_digit_days(out, birth->from);
}

static bool within(struct span_days span, int32_t day)
{
    return day >= span.from && day < span.to;
}

/* The most that a birth of that day can add. */
static int32_t ceiling(const struct score_table *score, const struct calendar *c, int32_t day)
{
    if (within(c->near, day))
        return score->birth_day;
    for (size_t i = 0; i < c->digit_count; i++) {
        if (c->digits[i] == day)
            return score->birth_digit;
    }
    return within(c->off, day) ? score->birth_off : score->birth_far;
}

/* What a name must be worth where a birth adds at most this. */
static int32_t need_of(const struct asked *asked, int32_t birth)
{
    const struct score_table *score = asked->score;
    int32_t need = score->band_weak - birth;
    need -= asked->query->sex != INDEX_SEX_UNKNOWN ? score->sex_agree : 0;
    need -= asked->query->nationality_count > 0 ? score->nationality_agree : 0;
    return (need > score->name_min ? need : score->name_min) - compare_slack(asked);
}

static void add_range(struct candidates *c, uint32_t end, int32_t need)
{
    uint32_t begin = c->range_count > 0 ? c->ranges[c->range_count - 1].end : 0;
    if (end <= begin)
        return;
    if (c->range_count > 0 && c->ranges[c->range_count - 1].need == need)
        c->ranges[c->range_count - 1].end = end;
    else if (c->range_count < BIRTH_RANGES_MAX)
        c->ranges[c->range_count++] = (struct birth_range){ begin, end, need };
    else { /* never: two cuts a digit day, four more; the lower need is safe */
        struct birth_range *last = &c->ranges[c->range_count - 1];
        last->end = end;
        last->need = need < last->need ? need : last->need;
    }
}

static void sort_days(int32_t *days, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int32_t day = days[i];
        size_t at = i;
        for (; at > 0 && days[at - 1] > day; at--)
            days[at] = days[at - 1];
        days[at] = day;
    }
}

void gather_ranges(const struct index_segment *s, const struct asked *asked, struct candidates *c)
{
    const struct index_birth *birth = &asked->query->birth;
    c->range_count = 0;
    if (birth->quality == INDEX_BIRTH_UNKNOWN) {
        add_range(c, s->named_count, need_of(asked, 0));
        return;
    }
    struct calendar calendar;
    int32_t cuts[2 * DIGIT_DAYS_MAX + 5];
    size_t count = 0;
    calendar_make(birth, &calendar);
    cuts[count++] = calendar.near.from;
    cuts[count++] = calendar.near.to;
    cuts[count++] = calendar.off.from;
    cuts[count++] = calendar.off.to;
    for (size_t i = 0; i < calendar.digit_count; i++) {
        cuts[count++] = calendar.digits[i];
        cuts[count++] = calendar.digits[i] + 1;
    }
    cuts[count++] = LAST_DAY;
    sort_days(cuts, count);
    int32_t from = 0;
    for (size_t i = 0; i < count; i++) {
        if (cuts[i] <= from)
            continue;
        add_range(c, segment_born_from(s, (uint32_t)cuts[i]),
                  need_of(asked, ceiling(asked->score, &calendar, from)));
        from = cuts[i];
    }
    add_range(c, s->named_count,
              need_of(asked, asked->score->birth_day)); /* wide and unknown ones */
}
