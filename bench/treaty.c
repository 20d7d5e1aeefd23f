/* Figures of the agreement evaluator (goals A1 and A2), one core.
 *     bench-treaty [DIR]        both, a million decisions compared (SCALE=full: ten)
 *     bench-treaty speed        30 members, about 200 clauses in five agreements: decisions a
 *                               second, with each record prepared once for its 29 partners, and
 *                               without that
 *     bench-treaty compare N    N random decisions by both evaluators, and how many differ */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "treaty/ruleset.h"
#include "treaty/same_test.h"

enum { ARENA_BYTES = 96 << 20, CLAUSES_MIN = 200, CLAUSES_MAX = 220, RECORDS = 400, ROUNDS = 7,
    DECISIONS = 10000000 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
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

static void make_large(struct world *world, struct dice *dice, struct arena *arena)
{
    static const struct world_shape shape = {
        .members = 30, .treaties = 6, .articles = 12, .clauses = 10
    };
    do {
        arena_reset(arena);
        world_make(world, dice, &shape, arena);
    } while (clause_count(world) < CLAUSES_MIN || clause_count(world) > CLAUSES_MAX);
}

struct timing {
    double prepared, whole; /* decisions a second */
    uint64_t shared;
};

static struct timing measure(const struct world *world, const struct treaty_view *views,
                             struct arena *arena)
{
    uint16_t from = treaty_member(world->rules, TEXT("NGA"));
    uint32_t members = world->rules->names[NAME_MEMBER].count;
    struct timing timing = { .shared = 0 };
    double deciding = 0;
    uint64_t decisions = 0;
    double begin = now_s();
    for (uint32_t r = 0; r < RECORDS; r++) {
        const struct treaty_row *row = NULL;
        size_t mark = arena->used;
        if (failed(treaty_row_make(world->rules, &views[r], WORLD_NOW, arena, &row)))
            abort();
        double start = now_s();
        for (uint16_t to = 0; to < members; to++) {
            struct question question = {
                .from = from, .to = to, .purpose = TEXT(""), .row = row, .alerts = UINT64_MAX
            };
            struct decision decision;
            treaty_decide(world->rules, &question, &decision);
            timing.shared += decision.outcome == DECISION_SHARE;
            decisions++;
        }
        deciding += now_s() - start;
        arena_rewind(arena, mark);
    }
    timing.whole = (double)decisions / (now_s() - begin);
    timing.prepared = (double)decisions / deciding;
    return timing;
}

static int speed(struct arena *arena)
{
    static struct world world;
    static struct treaty_view views[RECORDS];
    struct dice dice = { 7 };
    double whole[ROUNDS];
    double prepared[ROUNDS];
    uint64_t shared = 0;
    make_large(&world, &dice, arena);
    for (uint32_t i = 0; i < RECORDS; i++) {
        do
            views[i] = random_view(&dice, arena);
        while (views[i].alert_count == 0);
    }
    for (int i = 0; i < ROUNDS; i++) {
        struct timing timing = measure(&world, views, arena);
        whole[i] = timing.whole;
        prepared[i] = timing.prepared;
        shared = timing.shared;
    }
    qsort(whole, ROUNDS, sizeof(whole[0]), by_value);
    qsort(prepared, ROUNDS, sizeof(prepared[0]), by_value);
    printf("A1.clauses %u 1\n", clause_count(&world));
    printf("A1.members %u 1\n", world.rules->names[NAME_MEMBER].count);
    printf("A1.shared_per_round %llu 1\n", (unsigned long long)shared);
    printf("A1.decisions_per_s %.0f 1/s\n", whole[ROUNDS / 2]);
    printf("A1.prepared_decisions_per_s %.0f 1/s\n", prepared[ROUNDS / 2]);
    return 0;
}

static bool differs(struct dice *dice, const struct world *world, const struct world_shape *shape,
                    const struct treaty_view *view, const struct treaty_row *row)
{
    struct given given;
    struct decision fast;
    struct reference_decision slow;
    random_given(dice, &given);
    random_spent(dice, world->rules, &given);
    struct reference_question q = random_question(dice, world, shape, view, &given);
    struct question question = same_question(&q, &given, world->rules, row);
    treaty_decide(world->rules, &question, &fast);
    reference_decide(&q, &slow);
    return !same_decision(world->rules, &fast, &slow);
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
    if (count == 2 && strcmp(arguments[1], "speed") == 0)
        return speed(&arena);
    const char *scale = getenv("SCALE");
    bool full = scale != NULL && strcmp(scale, "full") == 0;
    int code = speed(&arena);
    return code != 0 ? code : compare(full ? DECISIONS : DECISIONS / 10, &arena);
}
