#include "treaty/status.h"

#include <assert.h>

/* What the parties did, in the order of treaty.parties; INSTANT_OPEN: not done. */
struct life {
    const struct treaty *treaty;
    struct instant signed_at[TREATY_PARTIES_MAX];
    struct instant consent[TREATY_PARTIES_MAX];
    struct instant noticed[TREATY_PARTIES_MAX]; /* when it gave notice of withdrawal */
    struct instant from[TREATY_PARTIES_MAX];    /* bound from then, unless it ends before */
    struct instant left[TREATY_PARTIES_MAX];
};

static const char *const act_names[TREATY_ACTS] = {
    [ACT_SIGN] = "sign",       [ACT_RATIFY] = "ratify",   [ACT_ACCEDE] = "accede",
    [ACT_WITHDRAW] = "withdraw", [ACT_SUSPEND] = "suspend", [ACT_RESUME] = "resume",
    [ACT_DISPUTE] = "dispute", [ACT_SETTLE] = "settle",   [ACT_RESERVE] = "reserve",
    [ACT_OBJECT] = "object",   [ACT_DECLARE] = "declare",
};

const char *treaty_act_name(enum treaty_act act)
{
    assert(act < TREATY_ACTS);
    return act_names[act];
}

bool treaty_act_parse(struct text name, enum treaty_act *out)
{
    for (int i = 0; i < TREATY_ACTS; i++) {
        if (text_is(name, act_names[i])) {
            *out = (enum treaty_act)i;
            return true;
        }
    }
    return false;
}

const char *treaty_state_name(enum treaty_state state)
{
    static const char *const names[TREATY_STATES] = {
        [TREATY_DRAFT] = "draft",
        [TREATY_SIGNED_BY_SOME] = "signed-by-some",
        [TREATY_PROVISIONAL] = "provisional",
        [TREATY_IN_FORCE] = "in-force",
        [TREATY_ENDED] = "ended",
    };
    assert(state < TREATY_STATES);
    return names[state];
}

static struct instant earlier(struct instant a, struct instant b)
{
    return a.ms < b.ms ? a : b;
}

static struct instant later(struct instant a, struct instant b)
{
    return a.ms > b.ms ? a : b;
}

static bool is_open(struct instant t)
{
    return t.ms == INT64_MAX;
}

uint8_t treaty_party_index(const struct treaty *treaty, struct text code)
{
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        if (text_equal(treaty->parties.items[i], code))
            return (uint8_t)i;
    }
    return STOP_ALL;
}

bool treaty_may_accede(const struct treaty *treaty, struct text code)
{
    return codes_have(treaty->accession, code);
}

/* -- the calendar ------------------------------------------------------------------------- */

struct instant span_after(struct instant at, struct span span, int times)
{
    static const int months[SPAN_UNITS] = { [SPAN_MONTH] = 1, [SPAN_YEAR] = 12 };
    static const int64_t hours[SPAN_UNITS] = { [SPAN_HOUR] = 1,
                                               [SPAN_DAY] = 24,
                                               [SPAN_WEEK] = 7 * 24 };
    if (is_open(at) || span.unit == SPAN_NONE)
        return at;
    if (months[span.unit] == 0)
        return instant_plus(at, (int64_t)span.count * times * hours[span.unit] * INSTANT_HOUR);
    struct date day = date_of_instant(at);
    int64_t add = (int64_t)span.count * months[span.unit] * times;
    int64_t index = (int64_t)day.year * 12 + day.month - 1 + add;
    if (index >= 120000)
        return INSTANT_OPEN; /* behind the year 9999 */
    if (index < 12)
        return (struct instant){ INT64_MIN };
    return instant_plus(at, date_begin(date_add_months(day, (int)add)).ms - date_begin(day).ms);
}

/* The end of the term that has been renewed `times` times: its last day is whole. */
static struct instant term_end(const struct treaty *treaty, int times)
{
    if (treaty->until.year == 0)
        return INSTANT_OPEN;
    struct instant last = span_after(date_begin(treaty->until), treaty->renewal, times);
    return is_open(last) ? last : instant_plus(last, INSTANT_DAY);
}

/* The first term that ends at `t` or later; how often it was renewed. */
static int term_of(const struct treaty *treaty, struct instant t)
{
    int low = 0;
    int high = 1;
    while (!is_open(term_end(treaty, high)) && term_end(treaty, high).ms < t.ms)
        high *= 2;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (term_end(treaty, middle).ms < t.ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool renews(const struct treaty *treaty)
{
    return treaty->until.year != 0 && treaty->renewal.unit != SPAN_NONE;
}

/* When a notice given at `t` takes effect. */
static struct instant notice_ends(const struct treaty *treaty, struct instant t)
{
    struct instant end = span_after(t, treaty->notice, 1);
    if (!renews(treaty) || is_open(end))
        return end;
    int term = term_of(treaty, end);
    while (!is_open(term_end(treaty, term)) &&
           span_after(term_end(treaty, term), treaty->renewal_notice, -1).ms < t.ms)
        term++;
    return term_end(treaty, term);
}

/* -- consent and entry -------------------------------------------------------------------- */

static void note_act(struct life *life, const struct treaty_event *event, uint8_t i)
{
    const struct treaty *treaty = life->treaty;
    bool accedes = treaty_may_accede(treaty, event->party);
    enum treaty_act counts = accedes                                     ? ACT_ACCEDE
                             : treaty->consent == CONSENT_RATIFICATION ? ACT_RATIFY
                                                                       : ACT_SIGN;
    if (event->act == ACT_SIGN)
        life->signed_at[i] = earlier(life->signed_at[i], event->at);
    if (event->act == counts)
        life->consent[i] = earlier(life->consent[i], event->at);
    if (event->act == ACT_WITHDRAW)
        life->noticed[i] = earlier(life->noticed[i], event->at);
}

static struct life collect(const struct treaty *treaty, const struct treaty_event *events,
                           size_t count)
{
    struct life life = { .treaty = treaty };
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        life.signed_at[i] = INSTANT_OPEN;
        life.consent[i] = INSTANT_OPEN;
        life.noticed[i] = INSTANT_OPEN;
    }
    for (size_t e = 0; e < count; e++) {
        uint8_t i = treaty_party_index(treaty, events[e].party);
        if (i != STOP_ALL)
            note_act(&life, &events[e], i);
    }
    return life;
}

static uint32_t consents_needed(const struct treaty *treaty)
{
    uint32_t waited = 0;
    for (uint32_t i = 0; i < treaty->parties.count; i++)
        waited += !treaty_may_accede(treaty, treaty->parties.items[i]);
    return treaty->signatures == 0 ? waited : treaty->signatures;
}

/* Who had consented by `t` and has not left before the agreement would enter into force. */
static uint32_t count_standing(const struct life *life, struct instant t, struct instant entry)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < life->treaty->parties.count; i++)
        count += life->consent[i].ms <= t.ms && life->noticed[i].ms >= entry.ms &&
                 !treaty_may_accede(life->treaty, life->treaty->parties.items[i]);
    return count;
}

static struct instant entry_of(const struct life *life)
{
    const struct treaty *treaty = life->treaty;
    struct instant first_day = { INT64_MIN };
    struct instant best = INSTANT_OPEN;
    if (treaty->from.year != 0)
        first_day = date_begin(treaty->from);
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct instant t = life->consent[i];
        struct instant entry = later(span_after(t, treaty->after, 1), first_day);
        if (!is_open(t) && count_standing(life, t, entry) >= consents_needed(treaty))
            best = earlier(best, entry);
    }
    bool over = treaty->until.year != 0 && !renews(treaty) && best.ms >= term_end(treaty, 0).ms;
    return over ? INSTANT_OPEN : best;
}

/* From its signature, but not before a second of those who apply it provisionally has signed. */
static struct instant provisional_from(const struct life *life, uint32_t party)
{
    const struct treaty *treaty = life->treaty;
    struct instant first = INSTANT_OPEN;
    struct instant second = INSTANT_OPEN;
    if (!codes_have(treaty->provisional, treaty->parties.items[party]))
        return INSTANT_OPEN;
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        if (!codes_have(treaty->provisional, treaty->parties.items[i]))
            continue;
        second = earlier(second, later(first, life->signed_at[i]));
        first = earlier(first, life->signed_at[i]);
    }
    return later(second, life->signed_at[party]);
}

/* From when to when each party is bound, if the agreement does not end before. Before it is bound
 * for good a party that withdraws is out at once; then its notice runs. */
static void bind(struct life *life, struct instant entry)
{
    const struct treaty *treaty = life->treaty;
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct instant ready = span_after(life->consent[i], treaty->after, 1);
        struct instant bound = later(entry, ready);
        struct instant notice = life->noticed[i];
        life->from[i] = earlier(bound, provisional_from(life, i));
        life->left[i] = notice.ms < bound.ms ? notice : notice_ends(treaty, notice);
    }
}

static uint32_t count_bound(const struct life *life, struct instant t)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < life->treaty->parties.count; i++)
        count += life->from[i].ms <= t.ms && t.ms < life->left[i].ms;
    return count;
}

/* The first instant from entry on at which fewer than two parties are bound. */
static struct instant last_pair(const struct life *life, struct instant entry)
{
    struct instant end = count_bound(life, entry) < 2 ? entry : INSTANT_OPEN;
    for (uint32_t i = 0; i < life->treaty->parties.count; i++) {
        struct instant t = life->left[i];
        if (t.ms >= entry.ms && !is_open(t) && count_bound(life, t) < 2)
            end = earlier(end, t);
    }
    return end;
}

/* -- what stops --------------------------------------------------------------------------- */

static enum treaty_act end_of(enum treaty_act act)
{
    return act == ACT_SUSPEND ? ACT_RESUME : act == ACT_DISPUTE ? ACT_SETTLE : TREATY_ACTS;
}

/* The first act of the same party that takes it back: for the same other, or for all. */
static struct instant stop_until(const struct treaty_event *events, size_t count,
                                 const struct treaty_event *begun)
{
    struct instant until = INSTANT_OPEN;
    for (size_t e = 0; e < count; e++) {
        const struct treaty_event *event = &events[e];
        bool ends = event->act == end_of(begun->act) && event->at.ms >= begun->at.ms &&
                    text_equal(event->party, begun->party) &&
                    event->article == begun->article && event->clause == begun->clause;
        if (ends && (event->against.len == 0 || text_equal(event->against, begun->against)))
            until = earlier(until, event->at);
    }
    return until;
}

static void stop_drop(struct treaty_status *status, uint32_t i)
{
    status->stops[i] = status->stops[--status->stop_count];
}

/* A full list: the stop that ended first is forgotten, and where none has ended two of one party
 * become its suspension with all. More stops than were asked for, never fewer. */
static void stops_make_room(struct treaty_status *status, struct instant now)
{
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < status->stop_count; i++) {
        if (status->stops[i].until.ms < status->stops[oldest].until.ms)
            oldest = i;
    }
    if (status->stops[oldest].until.ms <= now.ms) {
        stop_drop(status, oldest);
        return;
    }
    for (uint32_t i = 0; i < status->stop_count; i++) {
        for (uint32_t j = i + 1; j < status->stop_count; j++) {
            struct treaty_stop *wide = &status->stops[i];
            if (wide->party != status->stops[j].party)
                continue;
            *wide = (struct treaty_stop){ .party = wide->party,
                                          .against = STOP_ALL,
                                          .why = STOP_SUSPENDED,
                                          .from = earlier(wide->from, status->stops[j].from),
                                          .until = later(wide->until, status->stops[j].until) };
            stop_drop(status, j);
            return;
        }
    }
}

static void stops_of(const struct treaty *treaty, const struct treaty_event *events, size_t count,
                     struct instant now, struct treaty_status *status)
{
    for (size_t e = 0; e < count; e++) {
        const struct treaty_event *event = &events[e];
        bool opposed = event->act == ACT_OBJECT && event->opposing;
        struct treaty_stop stop = { .party = treaty_party_index(treaty, event->party),
                                    .against = treaty_party_index(treaty, event->against),
                                    .article = event->article,
                                    .clause = event->clause,
                                    .from = event->at };
        stop.why = opposed                       ? STOP_OPPOSED
                   : event->act == ACT_DISPUTE ? STOP_DISPUTED
                                               : STOP_SUSPENDED;
        bool begins = opposed || event->act == ACT_SUSPEND || event->act == ACT_DISPUTE;
        if (!begins || stop.party == STOP_ALL ||
            (event->against.len > 0 && stop.against == STOP_ALL))
            continue;
        stop.until = stop_until(events, count, event);
        if (stop.until.ms <= stop.from.ms)
            continue;
        if (status->stop_count == TREATY_STOPS_MAX)
            stops_make_room(status, now);
        status->stops[status->stop_count++] = stop;
    }
}

/* -- together ----------------------------------------------------------------------------- */

static enum treaty_state state_of(const struct treaty_status *status, const struct life *life,
                                  struct instant now)
{
    uint32_t bound = 0;
    bool begun = false;
    for (uint32_t i = 0; i < life->treaty->parties.count; i++) {
        const struct treaty_bound *one = &status->bound[i];
        bound += one->from.ms <= now.ms && now.ms < one->until.ms;
        begun = begun || !is_open(life->signed_at[i]) || !is_open(life->consent[i]);
    }
    if (status->until.ms <= now.ms)
        return TREATY_ENDED;
    if (status->from.ms <= now.ms)
        return TREATY_IN_FORCE;
    return bound >= 2 ? TREATY_PROVISIONAL : begun ? TREATY_SIGNED_BY_SOME : TREATY_DRAFT;
}

struct treaty_status treaty_status(const struct treaty *treaty, const struct treaty_event *events,
                                   size_t count, struct instant now)
{
    struct life life = collect(treaty, events, count);
    struct treaty_status status = { .from = entry_of(&life), .until = INSTANT_OPEN };
    status.needed = (uint16_t)consents_needed(treaty);
    bind(&life, status.from);
    if (treaty->until.year != 0 && !renews(treaty))
        status.until = term_end(treaty, 0);
    if (!is_open(status.from))
        status.until = earlier(status.until, last_pair(&life, status.from));
    status.term = term_end(treaty, renews(treaty) ? term_of(treaty, instant_plus(now, 1)) : 0);
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        struct treaty_bound *bound = &status.bound[i];
        status.consent[i] = life.consent[i];
        bound->from = i < treaty->parties.count ? life.from[i] : INSTANT_OPEN;
        bound->until = i < treaty->parties.count ? earlier(status.until, life.left[i])
                                                 : status.until;
        bound->withdrawn = life.noticed[i].ms < INT64_MAX && life.left[i].ms <= now.ms;
        status.signed_count = (uint16_t)(status.signed_count + !is_open(life.consent[i]));
    }
    stops_of(treaty, events, count, now, &status);
    status.state = state_of(&status, &life, now);
    return status;
}

static bool is_between(const struct treaty_stop *stop, uint32_t a, uint32_t b)
{
    return (stop->party == a && (stop->against == b || stop->against == STOP_ALL)) ||
           (stop->party == b && (stop->against == a || stop->against == STOP_ALL));
}

bool treaty_status_joins(const struct treaty_status *status, uint32_t a, uint32_t b,
                         struct instant at)
{
    const uint32_t two[] = { a, b };
    for (size_t i = 0; i < 2; i++) {
        const struct treaty_bound *bound = &status->bound[two[i]];
        if (at.ms < bound->from.ms || at.ms >= bound->until.ms)
            return false;
    }
    for (uint32_t i = 0; i < status->stop_count; i++) {
        const struct treaty_stop *stop = &status->stops[i];
        if (is_between(stop, a, b) && stop->why != STOP_DISPUTED && stop->from.ms <= at.ms &&
            at.ms < stop->until.ms)
            return false;
    }
    return true;
}

bool treaty_status_took_over(const struct treaty_status *status, uint32_t a, uint32_t b,
                             struct instant by)
{
    const struct treaty_bound *x = &status->bound[a];
    const struct treaty_bound *y = &status->bound[b];
    struct instant begin = later(x->from, y->from);
    if (begin.ms > by.ms || begin.ms >= earlier(x->until, y->until).ms)
        return false;
    for (uint32_t i = 0; i < status->stop_count; i++) {
        const struct treaty_stop *stop = &status->stops[i];
        if (stop->why == STOP_OPPOSED && is_between(stop, a, b) && stop->from.ms <= begin.ms)
            return false;
    }
    return true;
}

struct instant treaty_status_next(const struct treaty_status *status, struct instant now)
{
    struct instant next = INSTANT_OPEN;
    struct instant edges[2 + 2 * TREATY_PARTIES_MAX + 2 * TREATY_STOPS_MAX];
    uint32_t count = 0;
    edges[count++] = status->from;
    edges[count++] = status->until;
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        edges[count++] = status->bound[i].from;
        edges[count++] = status->bound[i].until;
    }
    for (uint32_t i = 0; i < status->stop_count; i++) {
        edges[count++] = status->stops[i].from;
        edges[count++] = status->stops[i].until;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (now.ms < edges[i].ms)
            next = earlier(next, edges[i]);
    }
    return next;
}

struct treaty_status treaty_status_kept(const struct treaty *treaty,
                                        const struct treaty_status *status)
{
    struct treaty_status kept = *status;
    for (uint32_t i = kept.stop_count; i-- > 0;) {
        if (kept.stops[i].why != STOP_OPPOSED)
            stop_drop(&kept, i);
    }
    for (uint32_t i = 0; treaty->leftover == LEFTOVER_KEPT && i < TREATY_PARTIES_MAX; i++) {
        if (kept.bound[i].from.ms < kept.bound[i].until.ms)
            kept.bound[i].until = INSTANT_OPEN;
    }
    return kept;
}

/* -- amendment ---------------------------------------------------------------------------- */

/* At `t`: how many `old` binds, and how many of them have consented to `next`. */
static bool accepted_at(const struct treaty *old, const struct treaty_status *old_status,
                        const struct treaty *next, const struct treaty_status *next_status,
                        struct instant t)
{
    uint32_t bound = 0;
    uint32_t consents = 0;
    for (uint32_t i = 0; i < old->parties.count; i++) {
        const struct treaty_bound *one = &old_status->bound[i];
        uint8_t j = treaty_party_index(next, old->parties.items[i]);
        if (t.ms < one->from.ms || t.ms >= one->until.ms)
            continue;
        bound++;
        consents += j != STOP_ALL && next_status->consent[j].ms <= t.ms;
    }
    return consents >= (old->amended_by == 0 || old->amended_by > bound ? bound : old->amended_by);
}

struct instant treaty_amendment_accepted(const struct treaty *old,
                                         const struct treaty_status *old_status,
                                         const struct treaty *next,
                                         const struct treaty_status *next_status)
{
    struct instant best = INSTANT_OPEN;
    struct instant first = INSTANT_OPEN;
    for (uint32_t i = 0; i < next->parties.count; i++)
        first = earlier(first, next_status->consent[i]);
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        const struct instant edges[] = { next_status->consent[i], old_status->bound[i].until };
        for (size_t k = 0; k < 2; k++) {
            struct instant t = later(edges[k], first);
            if (!is_open(t) && t.ms < best.ms &&
                accepted_at(old, old_status, next, next_status, t))
                best = t;
        }
    }
    return best;
}

void treaty_status_hold(struct treaty_status *status, struct instant at, struct instant now)
{
    status->from = later(status->from, at);
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++)
        status->bound[i].from = later(status->bound[i].from, at);
    bool early = status->state == TREATY_IN_FORCE || status->state == TREATY_PROVISIONAL;
    if (early && now.ms < at.ms)
        status->state = TREATY_SIGNED_BY_SOME;
}
