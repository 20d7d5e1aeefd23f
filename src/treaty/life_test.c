/* The life of an agreement, a second time: day by day, as spec/agreement.md section 4 tells it.
 * Whether two parties are bound to each other on a day is what status.c must say as well. */
#include <stdio.h>

#include "treaty/dice_test.h"
#include "treaty/status_test.h"

enum {
    LIVES = 1000,
    PARTIES = 4,
    DAYS = 1500, /* from the first of January 2026 */
    ACTS_MAX = 48,
    TEXT_MAX = 2048,
    NEVER = INT32_MAX
};

static const char *const codes[PARTIES] = { "NGA", "NER", "TCD", "BEN" };

struct life {
    struct treaty treaty;
    struct treaty_event acts[ACTS_MAX];
    uint32_t count;
};

/* What the days have brought. All are days since the first one; NEVER: not yet. */
struct tale {
    const struct life *life;
    int32_t today;
    bool entered, ended;
    int32_t entry, consent[PARTIES], signature[PARTIES], leaves[PARTIES];
    bool withdrew[PARTIES];
    bool suspended[PARTIES][PARTIES + 1]; /* the last: with all */
    bool disputed[PARTIES][PARTIES + 1];
    bool opposed[PARTIES][PARTIES];
};

static int32_t day_number(struct date date)
{
    return date_days(date) - date_days((struct date){ 2026, 1, 1 });
}

static int32_t add_span(int32_t from, struct span span, int times)
{
    struct date date = date_of_instant(day(from));
    int count = span.count * times;
    if (span.unit == SPAN_MONTH || span.unit == SPAN_YEAR)
        return day_number(date_add_months(date, span.unit == SPAN_YEAR ? 12 * count : count));
    return from + count * (span.unit == SPAN_WEEK ? 7 : span.unit == SPAN_DAY ? 1 : 0);
}

static uint32_t index_of(struct text code)
{
    uint32_t i = 0;
    while (i < PARTIES && !text_is(code, codes[i]))
        i++;
    return i; /* PARTIES: all */
}

static bool named(struct codes list, uint32_t party)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (text_is(list.items[i], codes[party]))
            return true;
    }
    return false;
}

static bool gone(const struct tale *t, uint32_t party)
{
    return t->leaves[party] <= t->today;
}

/* Consented, and `after` has passed. */
static bool for_good(const struct tale *t, uint32_t party)
{
    return t->entered && !t->ended && !gone(t, party) && t->consent[party] != NEVER &&
           add_span(t->consent[party], t->life->treaty.after, 1) <= t->today;
}

static bool provisionally(const struct tale *t, uint32_t party)
{
    uint32_t signers = 0;
    for (uint32_t i = 0; i < PARTIES; i++)
        signers += named(t->life->treaty.provisional, i) && t->signature[i] <= t->today;
    return !t->ended && signers >= 2 && named(t->life->treaty.provisional, party) &&
           t->signature[party] <= t->today && !gone(t, party);
}

static bool is_bound(const struct tale *t, uint32_t party)
{
    return for_good(t, party) || provisionally(t, party);
}

/* The first day behind the term number `term`. */
static int32_t term_end(const struct treaty *treaty, int term)
{
    return add_span(day_number(treaty->until), treaty->renewal, term) + 1;
}

static int32_t leaving_day(const struct tale *t, uint32_t party)
{
    const struct treaty *treaty = &t->life->treaty;
    int32_t end = add_span(t->today, treaty->notice, 1);
    int32_t early = add_span(t->today, treaty->renewal_notice, 1);
    int term = 0;
    if (!for_good(t, party))
        return t->today;
    if (treaty->renewal.count == 0)
        return end;
    while (term_end(treaty, term) < end || term_end(treaty, term) < early)
        term++;
    return term_end(treaty, term);
}

static void consents(struct tale *t, const struct treaty_event *act, uint32_t party)
{
    const struct treaty *treaty = &t->life->treaty;
    bool may_accede = named(treaty->accession, party);
    enum treaty_act counted = may_accede                                ? ACT_ACCEDE
                              : treaty->consent == CONSENT_RATIFICATION ? ACT_RATIFY
                                                                        : ACT_SIGN;
    if (act->act == ACT_SIGN && t->signature[party] == NEVER)
        t->signature[party] = t->today;
    if (act->act == counted && t->consent[party] == NEVER && !t->withdrew[party])
        t->consent[party] = t->today;
}

static void stops(struct tale *t, const struct treaty_event *act, uint32_t party)
{
    uint32_t other = act->against.len == 0 ? PARTIES : index_of(act->against);
    bool(*what)[PARTIES + 1] =
        act->act == ACT_SUSPEND || act->act == ACT_RESUME ? t->suspended : t->disputed;
    if (act->act == ACT_SUSPEND || act->act == ACT_DISPUTE)
        what[party][other] = true;
    if (act->act == ACT_RESUME || act->act == ACT_SETTLE) {
        for (uint32_t i = 0; i <= PARTIES; i++)
            what[party][i] = what[party][i] && other != PARTIES && i != other;
    }
    if (act->act == ACT_OBJECT && act->opposing)
        t->opposed[party][other] = true;
}

/* On the first day, or with the last consent needed plus `after`, whichever is later. */
static void enters(struct tale *t)
{
    const struct treaty *treaty = &t->life->treaty;
    uint32_t needed = treaty->signatures;
    uint32_t ready = 0;
    for (uint32_t i = 0; i < PARTIES; i++) {
        bool counts = !named(treaty->accession, i);
        needed += treaty->signatures == 0 && counts;
        ready += counts && !gone(t, i) && t->consent[i] != NEVER &&
                 add_span(t->consent[i], treaty->after, 1) <= t->today;
    }
    if (!t->entered && ready >= needed &&
        (treaty->from.year == 0 || day_number(treaty->from) <= t->today)) {
        t->entered = true;
        t->entry = t->today;
    }
}

static void ends(struct tale *t)
{
    const struct treaty *treaty = &t->life->treaty;
    uint32_t left = 0;
    for (uint32_t i = 0; i < PARTIES; i++)
        left += is_bound(t, i);
    if (t->entered && left < 2)
        t->ended = true;
    if (treaty->until.year != 0 && treaty->renewal.count == 0 && t->today >= term_end(treaty, 0))
        t->ended = true;
}

static void live(struct tale *t, int32_t today)
{
    t->today = today;
    if (t->life->treaty.until.year != 0 && t->life->treaty.renewal.count == 0 &&
        today >= term_end(&t->life->treaty, 0))
        t->ended = true;
    for (uint32_t i = 0; i < t->life->count; i++) {
        const struct treaty_event *act = &t->life->acts[i];
        if (act->at.ms == day(today).ms && act->act != ACT_WITHDRAW) {
            consents(t, act, index_of(act->party));
            stops(t, act, index_of(act->party));
        }
    }
    if (!t->ended)
        enters(t);
    for (uint32_t i = 0; i < t->life->count; i++) {
        const struct treaty_event *act = &t->life->acts[i];
        uint32_t party = index_of(act->party);
        if (act->at.ms != day(today).ms || act->act != ACT_WITHDRAW || t->withdrew[party])
            continue;
        t->leaves[party] = leaving_day(t, party);
        t->withdrew[party] = true;
    }
    ends(t);
}

static bool between(const struct tale *t, uint32_t a, uint32_t b)
{
    bool stopped = t->suspended[a][b] || t->suspended[a][PARTIES] || t->suspended[b][a] ||
                   t->suspended[b][PARTIES] || t->opposed[a][b] || t->opposed[b][a];
    return is_bound(t, a) && is_bound(t, b) && !stopped;
}

static bool in_dispute(const struct tale *t, uint32_t a, uint32_t b)
{
    return t->disputed[a][b] || t->disputed[a][PARTIES] || t->disputed[b][a] ||
           t->disputed[b][PARTIES];
}

/* -- random lives ----------------------------------------------------------------------------- */

static char sheet[TEXT_MAX];
static size_t written;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    written += (size_t)vsnprintf(sheet + written, TEXT_MAX - written, format, args);
    va_end(args);
    assert_true(written < TEXT_MAX);
}

static void put_span(struct dice *dice, uint32_t months)
{
    if (dice_one_in(dice, 2))
        put("%u months\n", 2 + dice_roll(dice, months));
    else
        put(dice_one_in(dice, 2) ? "1 year\n" : "%u days\n", 10 + dice_roll(dice, 60));
}

static void put_term(struct dice *dice)
{
    if (!dice_one_in(dice, 2))
        return;
    put("until %u-%02u-%02u", 2026 + dice_roll(dice, 3), 1 + dice_roll(dice, 12),
        1 + dice_roll(dice, 28));
    if (dice_one_in(dice, 4))
        put(" renewed every 5 months");
    else if (dice_one_in(dice, 2))
        put(" renewed every 1 year");
    else {
        put("\n");
        return;
    }
    put(dice_one_in(dice, 2) ? " unless notice of 2 months\n" : "\n");
}

static void random_text(struct dice *dice)
{
    bool ratified = dice_one_in(dice, 2);
    bool accession = dice_one_in(dice, 3);
    written = 0;
    put("agreement a version 1\nparties NGA NER TCD BEN\n");
    if (accession)
        put("open to accession by BEN\n");
    put("in force");
    if (dice_one_in(dice, 2))
        put(" from 2026-%02u-01", 1 + dice_roll(dice, 12));
    if (dice_one_in(dice, 2))
        put(" when %u parties have %s", 2 + dice_roll(dice, 2), ratified ? "ratified" : "signed");
    else
        put(" when all parties have %s", ratified ? "ratified" : "signed");
    if (dice_one_in(dice, 3)) {
        put(" after ");
        put_span(dice, 3);
    } else {
        put("\n");
    }
    if (dice_one_in(dice, 3))
        put("applied provisionally by NGA, NER%s\n", dice_one_in(dice, 2) ? ", TCD" : "");
    put_term(dice);
    if (dice_one_in(dice, 2)) {
        put("withdrawal with notice of ");
        put_span(dice, 12);
    }
    put("article 1\n  share person among parties for criminal-investigation by copy\n");
}

static bool day_taken(const struct life *life, int32_t number)
{
    for (uint32_t i = 0; i < life->count; i++) {
        if (life->acts[i].at.ms == day(number).ms)
            return true;
    }
    return false;
}

static struct treaty_event *add(struct life *life, enum treaty_act what, uint32_t party,
                                int32_t number)
{
    assert_true(life->count < ACTS_MAX);
    struct treaty_event *event = &life->acts[life->count++];
    *event = (struct treaty_event){ .act = what,
                                    .party = text_literal(codes[party]),
                                    .at = day(number) };
    return event;
}

static void random_consents(struct dice *dice, struct life *life, uint32_t party)
{
    int32_t late = dice_one_in(dice, 3) ? DAYS : 300;
    int32_t first = (int32_t)dice_roll(dice, (uint32_t)late);
    if (dice_one_in(dice, 10))
        return;
    if (!dice_one_in(dice, 8))
        add(life, ACT_SIGN, party, first);
    if (!dice_one_in(dice, 5))
        add(life, ACT_RATIFY, party, first + (int32_t)dice_roll(dice, 200));
    if (party == PARTIES - 1)
        add(life, ACT_ACCEDE, party, first + (int32_t)dice_roll(dice, 200));
    if (dice_one_in(dice, 8))
        add(life, ACT_SIGN, party, first + (int32_t)dice_roll(dice, 200)); /* again */
    if (dice_one_in(dice, 3))
        add(life, ACT_WITHDRAW, party, first + (int32_t)dice_roll(dice, DAYS));
}

/* No two on one day. */
static void random_stop(struct dice *dice, struct life *life)
{
    static const enum treaty_act kinds[] = { ACT_SUSPEND, ACT_SUSPEND, ACT_RESUME, ACT_RESUME,
                                             ACT_DISPUTE, ACT_SETTLE,  ACT_OBJECT };
    int32_t number = (int32_t)dice_roll(dice, DAYS);
    uint32_t party = dice_roll(dice, 2);
    if (day_taken(life, number))
        return;
    struct treaty_event *event = add(life, kinds[dice_roll(dice, 7)], party, number);
    bool opposes = event->act == ACT_OBJECT;
    if (opposes || !dice_one_in(dice, 3))
        event->against = text_literal(codes[(party + 1 + dice_roll(dice, PARTIES - 1)) % PARTIES]);
    event->opposing = opposes && dice_one_in(dice, 2);
    if (event->act == ACT_DISPUTE || event->act == ACT_SETTLE) {
        event->article = 1;
        event->clause = 1;
    }
}

static void random_life(struct dice *dice, struct life *life)
{
    struct treaty_errors errors;
    if (arena.data == NULL)
        arena = arena_over(memory, sizeof(memory));
    struct err e;
    do {
        struct text text;
        arena_reset(&arena);
        random_text(dice);
        assert_false(failed(text_parse(bytes_of(sheet, written), &text)));
        e = treaty_parse(text, LANGUAGE_EN, &arena, &errors, &life->treaty);
    } while (strcmp(e.rule, "treaty.date-order") == 0);
    if (failed(e))
        fail_msg("%s at %u in\n%.*s", e.rule, e.at, (int)written, sheet);
    life->count = 0;
    for (uint32_t i = 0; i < PARTIES; i++)
        random_consents(dice, life, i);
    for (uint32_t i = dice_roll(dice, 8); i > 0; i--)
        random_stop(dice, life);
}

/* -- the property ----------------------------------------------------------------------------- */

enum {
    REACHED_JOINED,
    REACHED_APART,
    REACHED_STOPPED,
    REACHED_DISPUTED,
    REACHED_PROVISIONAL,
    REACHED_IN_FORCE,
    REACHED_ENDED,
    REACHED_LEFT,
    REACHED
};

static uint64_t reached[REACHED];
static const char *const names[REACHED] = { "bound",       "apart",    "stopped", "disputed",
                                            "provisional", "in force", "ended",   "left" };

static void tell(const struct tale *t, const char *what, uint32_t a, uint32_t b)
{
    fprintf(stderr, "%.*s", (int)written, sheet);
    for (uint32_t i = 0; i < t->life->count; i++) {
        const struct treaty_event *e = &t->life->acts[i];
        struct text on = date_format(&arena, date_of_instant(e->at));
        fprintf(stderr, "%.*s %s %s %s%s\n", (int)on.len, on.data, treaty_act_name(e->act),
                e->party.data, e->against.len > 0 ? e->against.data : "",
                e->opposing ? " opposing" : "");
    }
    struct text today = date_format(&arena, date_of_instant(day(t->today)));
    fail_msg("%s of %s and %s on %.*s", what, codes[a], codes[b], (int)today.len, today.data);
}

static bool status_disputes(const struct treaty_status *status, uint32_t a, uint32_t b,
                            struct instant on)
{
    bool disputed = false;
    for (uint32_t i = 0; i < status->stop_count; i++) {
        const struct treaty_stop *s = &status->stops[i];
        bool ours = (s->party == a && (s->against == b || s->against == STOP_ALL)) ||
                    (s->party == b && (s->against == a || s->against == STOP_ALL));
        disputed = disputed || (ours && s->why == STOP_DISPUTED && s->article == 1 &&
                                s->clause == 1 && s->from.ms <= on.ms && on.ms < s->until.ms);
    }
    return disputed;
}

static void compare_pairs(const struct tale *t, const struct treaty_status *status)
{
    struct instant on = day(t->today);
    for (uint32_t a = 0; a < PARTIES; a++) {
        for (uint32_t b = a + 1; b < PARTIES; b++) {
            bool joined = between(t, a, b);
            if (treaty_status_joins(status, a, b, on) != joined)
                tell(t, joined ? "the bond" : "the parting", a, b);
            if (status_disputes(status, a, b, on) != in_dispute(t, a, b))
                tell(t, "the dispute", a, b);
            reached[joined ? REACHED_JOINED : REACHED_APART]++;
            reached[REACHED_STOPPED] += is_bound(t, a) && is_bound(t, b) && !joined;
            reached[REACHED_DISPUTED] += joined && in_dispute(t, a, b);
        }
        reached[REACHED_LEFT] += t->entered && !t->ended && gone(t, a);
        reached[REACHED_PROVISIONAL] += provisionally(t, a) && !for_good(t, a);
    }
}

static void compare_state(const struct tale *t)
{
    struct instant now = day(t->today);
    enum treaty_state state =
        treaty_status(&t->life->treaty, t->life->acts, t->life->count, now).state;
    uint32_t provisional = 0;
    for (uint32_t i = 0; i < PARTIES; i++)
        provisional += provisionally(t, i);
    if ((state == TREATY_IN_FORCE) != (t->entered && !t->ended))
        tell(t, "the force", 0, 1);
    if ((state == TREATY_PROVISIONAL) != (!t->entered && !t->ended && provisional >= 2))
        tell(t, "the provisional application", 0, 1);
    reached[REACHED_IN_FORCE] += state == TREATY_IN_FORCE;
    reached[REACHED_ENDED] += state == TREATY_ENDED;
}

static void status_says_what_the_days_tell(void **state)
{
    (void)state;
    struct dice dice = { UINT64_C(0x1234567890abcdef) };
    for (int n = 0; n < LIVES; n++) {
        struct life life;
        struct tale tale = { .life = &life };
        random_life(&dice, &life);
        for (uint32_t i = 0; i < PARTIES; i++)
            tale.consent[i] = tale.signature[i] = tale.leaves[i] = NEVER;
        struct treaty_status status = treaty_status(&life.treaty, life.acts, life.count, day(DAYS));
        for (int32_t today = 0; today < DAYS; today++) {
            live(&tale, today);
            compare_pairs(&tale, &status);
            if (today % 16 == n % 16)
                compare_state(&tale);
        }
    }
    for (int i = 0; i < REACHED; i++) {
        print_message("  %s %llu\n", names[i], (unsigned long long)reached[i]);
        assert_true(reached[i] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_says_what_the_days_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
