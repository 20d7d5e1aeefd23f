/* Two evaluators, one law: random agreements, national rules, records, partners, purposes, releases
 * and assurances; the compiled decision equals the reference's in every part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "treaty/shrink_test.h"
#include "treaty/strip_test.h"

enum {
    ARENA_BYTES = 24 << 20,
    SHRINK_BYTES = 256 << 20,
    RECORDS = 12,
    QUESTIONS = 70,
    WORLDS = 250
};

struct tally {
    uint64_t decisions, differences, outcomes[3], reasons[REASONS];
    uint64_t messages[REASONS];
};

/* A difference, as small as it becomes. */
static void report(const struct world *world, const struct reference_question *q)
{
    static struct trial trial;
    struct arena arena = arena_over(malloc(SHRINK_BYTES), SHRINK_BYTES);
    trial = (struct trial){ .world = *world, .view = *q->view, .q = *q };
    bool ready = trial_ready(&trial, &trial, &arena);
    if (ready && evaluators_differ(&trial, &arena))
        shrink(&trial, evaluators_differ, &arena);
    trial_tell(&trial, &arena);
    free(arena.data);
}

static void compare_message(struct dice *dice, const struct world *world,
                            const struct reference_question *q, const struct given *given,
                            struct tally *tally)
{
    uint16_t basis = NO_RULE;
    enum decision_reason reason = REASON_NONE;
    struct reference_message m = random_message(dice, world, q, &basis);
    if (!same_message(world, &m, given, basis, &reason) && tally->differences++ < 5)
        fprintf(stderr, "message %s from %s to %s for %s reply %d: not the same (%s)\n",
                m.kind.data, m.from.data, m.to.data, m.purpose.data, m.reply,
                treaty_reason_name(reason));
    tally->messages[reason]++;
}

static void compare_world(struct dice *dice, struct arena *arena, struct tally *tally)
{
    static const struct world_shape shape = {
        .members = 8, .treaties = 4, .articles = 3, .clauses = 4
    };
    struct world world;
    arena_reset(arena);
    world_make(&world, dice, &shape, arena);
    if (world.rules == NULL)
        return;
    size_t mark = arena->used;
    for (int r = 0; r < RECORDS; r++) {
        arena_rewind(arena, mark);
        struct treaty_view view = random_view(dice, arena);
        const struct treaty_row *row = NULL;
        assert_false(failed(treaty_row_make(world.rules, &view, WORLD_NOW, arena, &row)));
        for (int i = 0; i < QUESTIONS; i++) {
            struct given given;
            random_given(dice, &given);
            random_spent(dice, &world, &given);
            struct reference_question q = random_question(dice, &world, &shape, &view, &given);
            struct question question = same_question(&q, &given, world.rules, row);
            struct decision fast;
            struct reference_decision slow;
            treaty_decide(world.rules, &question, &fast);
            reference_decide(&q, &slow);
            bool same = same_decision(world.rules, &fast, &slow);
            if (!same && tally->differences++ < 5)
                report(&world, &q);
            compare_message(dice, &world, &q, &given, tally);
            tally->decisions++;
            tally->outcomes[fast.outcome]++;
            tally->reasons[fast.reason]++;
        }
    }
}

static void the_two_evaluators_never_differ(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct dice dice = { UINT64_C(0x9e3779b97f4a7c15) };
    struct tally tally = { 0 };
    for (int w = 0; w < WORLDS; w++)
        compare_world(&dice, &arena, &tally);
    print_message("A2.decisions %llu A2.differences %llu deny %llu share %llu hold %llu\n",
                  (unsigned long long)tally.decisions, (unsigned long long)tally.differences,
                  (unsigned long long)tally.outcomes[DECISION_DENY],
                  (unsigned long long)tally.outcomes[DECISION_SHARE],
                  (unsigned long long)tally.outcomes[DECISION_HOLD]);
    for (int i = 0; i < REASONS; i++) {
        print_message("  %s %llu\n", treaty_reason_name((enum decision_reason)i),
                      (unsigned long long)tally.reasons[i]);
        assert_true(tally.reasons[i] > 0); /* the worlds reach every reason */
    }
    print_message("  messages: may %llu, no clause %llu, capacity %llu, halted %llu\n",
                  (unsigned long long)tally.messages[REASON_NONE],
                  (unsigned long long)tally.messages[REASON_NO_CLAUSE],
                  (unsigned long long)tally.messages[REASON_CAPACITY],
                  (unsigned long long)tally.messages[REASON_HALTED]);
    assert_true(tally.messages[REASON_NONE] > 0 && tally.messages[REASON_NO_CLAUSE] > 0);
    assert_true(tally.messages[REASON_CAPACITY] > 0 && tally.messages[REASON_HALTED] > 0);
    assert_true(tally.decisions >= 200000);
    assert_int_equal(tally.differences, 0);
    free(arena.data);
}

/* A comparison that never reaches a construct proves nothing: of each, some decisions are found
 * that would be others without it. */
enum { ENOUGH = 3, WORLDS_TRIED = 2000 };

struct decisive {
    uint32_t found[CONSTRUCTS];
    uint32_t missing;
};

static void try_constructs(struct dice *dice, const struct world *world,
                           const struct world_shape *shape, struct decisive *decisive,
                           struct arena *arena)
{
    enum { VIEWS = 3, ASKED = 20 };
    struct treaty_view views[VIEWS];
    struct given given[VIEWS * ASKED];
    struct reference_question questions[VIEWS * ASKED];
    for (int i = 0; i < VIEWS; i++)
        views[i] = random_view(dice, arena);
    for (int i = 0; i < VIEWS * ASKED; i++) {
        random_given(dice, &given[i]);
        random_spent(dice, world, &given[i]);
        questions[i] = random_question(dice, world, shape, &views[i % VIEWS], &given[i]);
    }
    for (int what = WITHOUT_TEST + 1; what < CONSTRUCTS; what++) {
        struct world stripped;
        size_t mark = arena->used;
        if (what == WITHOUT_TESTS || decisive->found[what] >= ENOUGH)
            continue;
        strip_world(world, (enum construct)what, arena, &stripped);
        for (int i = 0; i < VIEWS * ASKED && decisive->found[what] < ENOUGH; i++) {
            bool decides =
                is_decisive(world, &stripped, &questions[i], (enum construct)what, arena);
            decisive->found[what] += decides;
            decisive->missing -= decides && decisive->found[what] == ENOUGH;
        }
        arena_rewind(arena, mark);
    }
}

static void every_construct_decides_something(void **state)
{
    (void)state;
    static const struct world_shape shape = {
        .members = 6, .treaties = 4, .articles = 2, .clauses = 4
    };
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct dice dice = { 4711 };
    struct decisive decisive = { .missing = CONSTRUCTS - 2 };
    int worlds = 0;
    for (; worlds < WORLDS_TRIED && decisive.missing > 0; worlds++) {
        struct world world;
        arena_reset(&arena);
        world_make(&world, &dice, &shape, &arena);
        if (world.rules != NULL)
            try_constructs(&dice, &world, &shape, &decisive, &arena);
    }
    for (int what = WITHOUT_TEST + 1; what < CONSTRUCTS; what++) {
        if (what != WITHOUT_TESTS && decisive.found[what] < ENOUGH)
            print_message("  %s %d: %u\n", what < TESTS ? "test" : construct_names[what], what,
                          decisive.found[what]);
    }
    print_message("  %d constructs, all of them after %d worlds\n", CONSTRUCTS - 2, worlds);
    assert_int_equal(decisive.missing, 0);
    free(arena.data);
}

/* A planted fault: an evaluator that does not read `unless`. */
static bool unless_is_missed(struct trial *t, struct arena *arena)
{
    static struct world deaf;
    strip_world(&t->world, WITHOUT_UNLESS, arena, &deaf);
    return is_decisive(&t->world, &deaf, &t->q, WITHOUT_UNLESS, arena);
}

/* ... and one that forgets suspensions. */
static bool suspension_is_missed(struct trial *t, struct arena *arena)
{
    static struct world deaf;
    strip_world(&t->world, WITHOUT_SUSPENDED, arena, &deaf);
    return is_decisive(&t->world, &deaf, &t->q, WITHOUT_SUSPENDED, arena);
}

static uint32_t clauses_of(const struct world *world)
{
    uint32_t count = world->national.count;
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        for (uint32_t j = 0; j < world->treaties[i].article_count; j++)
            count += world->treaties[i].articles[j].count;
    }
    return count;
}

/* The first trial in which it happens. */
static void find_trial(struct trial *t, struct dice *dice, trial_fn *happens, struct arena *arena)
{
    static const struct world_shape shape = {
        .members = 6, .treaties = 4, .articles = 3, .clauses = 4
    };
    static struct given given;
    bool found = false;
    while (!found) {
        arena_reset(arena);
        world_make(&t->world, dice, &shape, arena);
        t->view = random_view(dice, arena);
        random_given(dice, &given);
        t->q = random_question(dice, &t->world, &shape, &t->view, &given);
        t->q.spent_count = 0;
        size_t mark = arena->used;
        found = t->world.rules != NULL && t->world.treaty_count > 2 && clauses_of(&t->world) > 12 &&
                happens(t, arena);
        arena_rewind(arena, mark);
    }
}

static void a_planted_fault_shrinks_to_a_few_lines(void **state)
{
    (void)state;
    trial_fn *const faults[] = { unless_is_missed, suspension_is_missed };
    struct arena arena = arena_over(malloc(SHRINK_BYTES), SHRINK_BYTES);
    struct dice dice = { 99 };
    static struct trial trial;
    int smallest = 0;
    for (int i = 0; i < 20; i++) {
        trial_fn *happens = faults[i % 2];
        find_trial(&trial, &dice, happens, &arena);
        uint32_t before = clauses_of(&trial.world);
        uint32_t cuts = shrink(&trial, happens, &arena);
        assert_true(happens(&trial, &arena)); /* still */
        assert_true(cuts >= before - clauses_of(&trial.world));
        assert_true(trial.world.treaty_count <= 2 && trial.view.alert_count <= 2);
        assert_true(clauses_of(&trial.world) <= 4);
        smallest += trial.world.treaty_count == 1 && trial.view.alert_count == 1 &&
                    clauses_of(&trial.world) <= 2;       /* a share, and what narrows it */
        assert_false(evaluators_differ(&trial, &arena)); /* in truth nothing is wrong */
    }
    print_message("  %d of 20 as small as can be\n", smallest);
    assert_true(smallest >= 15);
    free(arena.data);
}

/* Does agreement `a` stand before `b`: by name, or as what replaces it? */
static bool goes_before(const struct treaty *a, const struct treaty *b, bool by_name)
{
    bool named = false;
    for (uint32_t i = 0; by_name && i < a->prevails.count; i++)
        named = named || text_equal(a->prevails.items[i], b->name);
    for (uint32_t i = 0; !by_name && i < a->replaces_count; i++)
        named = named ||
                (text_equal(a->replaces[i].name, b->name) && a->replaces[i].version == b->version);
    return named;
}

/* A walk of so many steps from one agreement to the next meets one twice. */
static bool walks_on(const struct world *world, uint32_t from, uint32_t steps, bool by_name)
{
    bool on = steps == 0;
    for (uint32_t i = 0; !on && i < world->treaty_count; i++)
        on = goes_before(&world->treaties[from], &world->treaties[i], by_name) &&
             walks_on(world, i, steps - 1, by_name);
    return on;
}

static void a_ring_of_priorities_is_refused_and_nothing_else(void **state)
{
    (void)state;
    static const struct world_shape shape = {
        .members = 4, .treaties = 5, .articles = 1, .clauses = 1
    };
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct dice dice = { 321 };
    uint32_t rings = 0;
    for (int n = 0; n < 4000; n++) {
        struct world world;
        bool ring = false;
        arena_reset(&arena);
        world_make(&world, &dice, &shape, &arena);
        for (uint32_t i = 0; i < world.treaty_count; i++)
            ring = ring || walks_on(&world, i, world.treaty_count, true) ||
                   walks_on(&world, i, world.treaty_count, false);
        assert_int_equal(ring, world.rules == NULL);
        rings += ring;
    }
    print_message("  %u of 4000 worlds have a ring\n", rings);
    assert_true(rings > 0);
    free(arena.data);
}

static void round_trip(const struct treaty *treaty, enum language language, struct arena *arena)
{
    struct treaty_errors errors;
    struct treaty again;
    struct treaty third;
    struct text first;
    struct text second;
    struct hash hashes[3];
    assert_false(failed(treaty_print(treaty, language, arena, &first)));
    assert_false(failed(treaty_parse(first, LANGUAGE_ANY, arena, &errors, &again)));
    assert_false(failed(treaty_print(&again, language, arena, &second)));
    assert_true(text_equal(first, second));
    struct json json = treaty_to_json(treaty, arena);
    assert_false(failed(treaty_from_json(&json, arena, &third)));
    assert_false(failed(treaty_hash(treaty, arena, &hashes[0])));
    assert_false(failed(treaty_hash(&again, arena, &hashes[1])));
    assert_false(failed(treaty_hash(&third, arena, &hashes[2])));
    assert_true(hash_equal(&hashes[0], &hashes[1]));
    assert_true(hash_equal(&hashes[0], &hashes[2]));
}

static void random_agreements_survive_print_parse_and_json(void **state)
{
    (void)state;
    static const struct world_shape shape = {
        .members = 8, .treaties = 4, .articles = 4, .clauses = 5
    };
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct dice dice = { 42 };
    for (int i = 0; i < 150; i++) {
        struct world world;
        arena_reset(&arena);
        world_make(&world, &dice, &shape, &arena);
        for (uint32_t t = 0; t < world.treaty_count; t++) {
            round_trip(&world.treaties[t], (enum language)(i % LANGUAGES), &arena);
        }
    }
    free(arena.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_evaluators_never_differ),
        cmocka_unit_test(every_construct_decides_something),
        cmocka_unit_test(a_planted_fault_shrinks_to_a_few_lines),
        cmocka_unit_test(a_ring_of_priorities_is_refused_and_nothing_else),
        cmocka_unit_test(random_agreements_survive_print_parse_and_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
