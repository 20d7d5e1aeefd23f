/* Two evaluators, one law: random agreements, national rules, records, partners, purposes, releases
 * and assurances; the compiled decision equals the reference's in every part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "treaty/same_test.h"
#include "treaty/strip_test.h"

enum { ARENA_BYTES = 24 << 20, RECORDS = 12, QUESTIONS = 70, WORLDS = 250 };

struct tally {
    uint64_t decisions, differences, outcomes[3], reasons[REASONS];
    uint64_t messages[REASONS];
};

static void report(const struct reference_question *q, const struct decision *a,
                   const struct reference_decision *b)
{
    fprintf(
        stderr, "from %s to %s purpose %s: %d/%d/%d shared %llx held %llx and %d/%d/%d %llx %llx\n",
        q->from.data, q->to.data, q->purpose.data, (int)a->outcome, (int)a->layer, (int)a->reason,
        (unsigned long long)a->shared, (unsigned long long)a->held, (int)b->outcome, (int)b->layer,
        (int)b->reason, (unsigned long long)b->shared, (unsigned long long)b->held);
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
                report(&q, &fast, &slow);
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
        cmocka_unit_test(random_agreements_survive_print_parse_and_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
