/* Figures of the agreement evaluator (goals A1, A2 and the processor's part of A3), one core.
 *     bench-treaty [DIR]        all, a million decisions compared, A3 with a tenth of its records
 *                               (SCALE=full: ten millions, all of them)
 *     bench-treaty speed        30 members, about 200 clauses in five agreements: decisions a
 *                               second with the record prepared for its 29 partners within the time
 *                               (A1.decisions_per_s) and before it; the first also for a purpose
 *     bench-treaty speed-plain  the same of agreements that say nothing that Cedar cannot say
 *     bench-treaty again N      seconds to prepare and decide N records for 29 partners
 *     bench-treaty compare N    N random decisions, and whether as many messages may go, by both
 *                               evaluators, and how many differ
 *     bench-treaty export-cedar DIR    the questions of `speed-plain` for bench/cedar */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "measure.h"
#include "treaty/ruleset.h"
#include "treaty/same_test.h"
#include "treaty_cedar.h"

enum {
    ARENA_BYTES = 96 << 20,
    CLAUSES_MIN = 200,
    CLAUSES_MAX = 220,
    RECORDS = 400,
    CEDAR_RECORDS = 100, /* of them */
    VIEWS = 20000,       /* of A3: more than a cache holds; each is used again and again */
    AGAIN = 1000000,
    ROUNDS = 7,
    DECISIONS = 10000000
};

/* What `speed`, `again` and `export-cedar` ask: records of NGA, with an alert at least. */
struct questions {
    struct world world;
    struct treaty_view *views;
    struct text *purposes;
    uint32_t count;
    uint16_t from;
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t clause_count(const struct world *world)
{
    uint32_t count = world->national.count;
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        const struct treaty *treaty = &world->treaties[i];
        for (uint32_t j = 0; j < treaty->article_count; j++)
            count += treaty->articles[j].count;
        for (uint32_t j = 0; j < treaty->reservation_count; j++)
            count += treaty->reservations[j].count;
    }
    return count;
}

static void make_large(struct world *world, struct dice *dice, bool plain, struct arena *arena)
{
    struct world_shape shape = {
        .members = 30, .treaties = 6, .articles = 12, .clauses = 10, .plain = plain, .settled = true
    };
    do {
        arena_reset(arena);
        world_make(world, dice, &shape, arena);
    } while (world->rules == NULL || clause_count(world) < CLAUSES_MIN ||
             clause_count(world) > CLAUSES_MAX);
}

static void make_questions(struct questions *out, uint32_t count, bool plain, struct arena *arena)
{
    struct dice dice = { 7 };
    make_large(&out->world, &dice, plain, arena);
    out->views = ARENA_ARRAY(arena, struct treaty_view, count);
    out->purposes = ARENA_ARRAY(arena, struct text, count);
    out->count = count;
    out->from = treaty_member(out->world.rules, TEXT("NGA"));
    for (uint32_t i = 0; i < count; i++) {
        do
            out->views[i] = random_view(&dice, arena);
        while (out->views[i].alert_count == 0);
    }
    for (uint32_t i = 0; i < count; i++)
        out->purposes[i] = text_literal(any_code(&dice, CODE_PURPOSE));
    if (failed(arena_check(arena)))
        abort();
}

struct timing {
    double prepared, whole; /* decisions a second */
    uint64_t shared;
};

/* `count` records, from the first again when there are fewer. */
static struct timing measure(const struct questions *q, uint32_t count, bool purposed,
                             struct arena *arena)
{
    const struct ruleset *rules = q->world.rules;
    uint32_t members = rules->names[NAME_MEMBER].count;
    struct timing timing = { .shared = 0 };
    double deciding = 0;
    double begin = now_s();
    for (uint32_t r = 0; r < count; r++) {
        const struct treaty_row *row = NULL;
        size_t mark = arena->used;
        uint32_t i = r % q->count;
        if (failed(treaty_row_make(rules, &q->views[i], WORLD_NOW, arena, &row)))
            abort();
        double start = now_s();
        for (uint16_t to = 0; to < members; to++) {
            struct question question = { .from = q->from,
                                         .to = to,
                                         .purpose = purposed ? q->purposes[i] : TEXT(""),
                                         .row = row,
                                         .alerts = UINT64_MAX };
            struct decision decision;
            if (to == q->from)
                continue;
            treaty_decide(rules, &question, &decision);
            timing.shared += decision.outcome == DECISION_SHARE;
        }
        deciding += now_s() - start;
        arena_rewind(arena, mark);
    }
    double decisions = (double)count * (members - 1);
    timing.whole = decisions / (now_s() - begin);
    timing.prepared = decisions / deciding;
    return timing;
}

static int speed(bool plain, struct arena *arena)
{
    static struct questions questions;
    double whole[ROUNDS];
    double prepared[ROUNDS];
    double purposed[ROUNDS];
    uint64_t shared = 0;
    make_questions(&questions, RECORDS, plain, arena);
    for (int i = 0; i < ROUNDS; i++) {
        struct timing timing = measure(&questions, RECORDS, false, arena);
        whole[i] = timing.whole;
        prepared[i] = timing.prepared;
        shared = timing.shared;
        purposed[i] = measure(&questions, RECORDS, true, arena).whole;
    }
    qsort(whole, ROUNDS, sizeof(whole[0]), measure_order);
    qsort(prepared, ROUNDS, sizeof(prepared[0]), measure_order);
    qsort(purposed, ROUNDS, sizeof(purposed[0]), measure_order);
    printf("A1.clauses %u 1\n", clause_count(&questions.world));
    printf("A1.members %u 1\n", questions.world.rules->names[NAME_MEMBER].count);
    printf("A1.shared_per_round %llu 1\n", (unsigned long long)shared);
    printf("A1.decisions_per_s %.0f 1/s\n", whole[ROUNDS / 2]);
    printf("A1.prepared_decisions_per_s %.0f 1/s\n", prepared[ROUNDS / 2]);
    printf("A1.purpose_decisions_per_s %.0f 1/s\n", purposed[ROUNDS / 2]);
    return 0;
}

/* When an agreement changes: what the processor does for it, from views that are there. */
static int again(uint32_t count, struct arena *arena)
{
    static struct questions questions;
    arena_reset(arena);
    make_questions(&questions, VIEWS, false, arena);
    double begin = now_s();
    struct timing timing = measure(&questions, count, false, arena);
    double seconds = now_s() - begin;
    printf("A3.size %u records\n", count);
    printf("A3.partners %u 1\n", questions.world.rules->names[NAME_MEMBER].count - 1);
    printf("A3.shared %llu 1\n", (unsigned long long)timing.shared);
    printf("A3.cpu_s %.3f s\n", seconds);
    return 0;
}

static int export_cedar(const char *dir, struct arena *arena)
{
    static struct questions questions;
    make_questions(&questions, RECORDS, true, arena);
    struct cedar_world world = { .rules = questions.world.rules,
                                 .views = questions.views,
                                 .purposes = questions.purposes,
                                 .count = CEDAR_RECORDS,
                                 .from = questions.from,
                                 .as_of = WORLD_NOW,
                                 .arena = arena };
    cedar_export(dir, &world);
    return 0;
}

static bool differs(struct dice *dice, const struct world *world, const struct world_shape *shape,
                    const struct treaty_view *view, const struct treaty_row *row)
{
    struct given given;
    struct decision fast;
    struct reference_decision slow;
    random_given(dice, &given);
    random_spent(dice, world, &given);
    struct reference_question q = random_question(dice, world, shape, view, &given);
    struct question question = same_question(&q, &given, world->rules, row);
    treaty_decide(world->rules, &question, &fast);
    reference_decide(&q, &slow);
    uint16_t basis = NO_RULE;
    enum decision_reason reason = REASON_NONE;
    struct reference_message m = random_message(dice, world, &q, &basis);
    return !same_decision(world->rules, &fast, &slow) ||
           !same_message(world, &m, &given, basis, &reason);
}

static int compare(uint64_t wanted, struct arena *arena)
{
    static const struct world_shape shape = {
        .members = 8, .treaties = 4, .articles = 3, .clauses = 4
    };
    struct dice dice = { UINT64_C(0x2545f4914f6cdd1d) };
    uint64_t decisions = 0;
    uint64_t differences = 0;
    while (decisions < wanted) {
        struct world world;
        arena_reset(arena);
        world_make(&world, &dice, &shape, arena);
        if (world.rules == NULL)
            continue;
        for (int r = 0; r < 20; r++) {
            const struct treaty_row *row = NULL;
            struct treaty_view view = random_view(&dice, arena);
            if (failed(treaty_row_make(world.rules, &view, WORLD_NOW, arena, &row)))
                abort();
            for (int i = 0; i < 100; i++)
                differences += differs(&dice, &world, &shape, &view, row);
            decisions += 100;
        }
    }
    printf("A2.decisions %llu 1\nA2.differences %llu 1\n", (unsigned long long)decisions,
           (unsigned long long)differences);
    return differences != 0;
}

int main(int count, char **arguments)
{
    void *memory = malloc(ARENA_BYTES);
    if (memory == NULL)
        return 1;
    struct arena arena = arena_over(memory, ARENA_BYTES);
    if (count == 3 && strcmp(arguments[1], "compare") == 0)
        return compare(strtoull(arguments[2], NULL, 10), &arena);
    if (count == 2 && strncmp(arguments[1], "speed", 5) == 0)
        return speed(strcmp(arguments[1], "speed-plain") == 0, &arena);
    if (count == 3 && strcmp(arguments[1], "again") == 0)
        return again((uint32_t)strtoul(arguments[2], NULL, 10), &arena);
    if (count == 3 && strcmp(arguments[1], "export-cedar") == 0)
        return export_cedar(arguments[2], &arena);
    int code = speed(false, &arena);
    if (code == 0)
        code = again((uint32_t)measure_size(AGAIN / 1000, AGAIN / 10, AGAIN), &arena);
    return code != 0 ? code
                     : compare(measure_size(DECISIONS / 1000, DECISIONS / 10, DECISIONS), &arena);
}
