/* What a preview costs the decision: one record, prepared once, decided and told as JSON for 200
 * partners of four agreements. Prints A1.preview_ms (median of ROUNDS) and its CPU alone. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "measure.h"
#include "treaty/decide.h"

enum { AGREEMENTS = 4, MEMBERS = 51, ROUNDS = 51, TEXT_SIZE = 16384, ARENA_SIZE = 64 << 20 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Member 0 is in all four; the others in one each. */
static struct text agreement(int number, char text[TEXT_SIZE])
{
    int len = snprintf(text, TEXT_SIZE, "agreement preview-%d version 1\nparties x-owner", number);
    for (int i = 1; i < MEMBERS; i++)
        len += snprintf(text + len, (size_t)(TEXT_SIZE - len), " x-m%d-%d", number, i);
    len += snprintf(text + len, (size_t)(TEXT_SIZE - len),
                    "\nin force when all parties have signed\narticle 1\n");
    for (int i = 0; i < 40; i++)
        len += snprintf(text + len, (size_t)(TEXT_SIZE - len),
                        "  share person where age under %d and category is wanted.arrest\n"
                        "    among parties for criminal-investigation by copy\n"
                        "    withhold field contact, financial\n    retain %d years\n",
                        60 + i, 2 + i);
    len += snprintf(text + len, (size_t)(TEXT_SIZE - len),
                    "  release by two persons where subject is minor\n"
                    "  never share person where penalty may be death\n");
    return (struct text){ text, (size_t)len };
}

static const struct ruleset *make_rules(struct arena *arena)
{
    static char texts[AGREEMENTS][TEXT_SIZE];
    static struct treaty treaties[AGREEMENTS];
    static struct treaty_status status[AGREEMENTS];
    static struct treaty_force forces[AGREEMENTS];
    static struct treaty_event events[MEMBERS];
    const struct ruleset *rules = NULL;
    for (int i = 0; i < AGREEMENTS; i++) {
        struct treaty_errors errors;
        if (failed(treaty_parse(agreement(i, texts[i]), LANGUAGE_EN, arena, &errors, &treaties[i])))
            abort();
        for (int p = 0; p < MEMBERS; p++)
            events[p] =
                (struct treaty_event){ .act = ACT_SIGN, .party = treaties[i].parties.items[p] };
        status[i] = treaty_status(&treaties[i], events, MEMBERS, (struct instant){ 1 });
        forces[i] = (struct treaty_force){ .treaty = &treaties[i], .status = &status[i] };
    }
    if (failed(treaty_compile(forces, AGREEMENTS, NULL, arena, &rules)))
        abort();
    return rules;
}

static double preview(const struct ruleset *rules, const struct treaty_view *view,
                      struct arena *arena, unsigned *partners_out)
{
    const struct treaty_row *row = NULL;
    size_t mark = arena->used;
    unsigned partners = 0;
    double begin = now_ms();
    if (failed(treaty_row_make(rules, view, (struct instant){ 1780000000000 }, arena, &row)))
        abort();
    uint16_t from = treaty_member(rules, TEXT("x-owner"));
    for (uint16_t to = 0; treaty_name_of(rules, NAME_MEMBER, to).len > 0; to++) {
        struct question question = {
            .from = from, .to = to, .purpose = TEXT(""), .row = row, .alerts = 1
        };
        struct decision decision;
        if (to == from)
            continue;
        treaty_decide(rules, &question, &decision);
        struct json json = treaty_decision_json(rules, &decision, arena);
        partners += json_count(&json) > 0 && decision.outcome == DECISION_SHARE;
    }
    double spent = now_ms() - begin;
    arena_rewind(arena, mark);
    *partners_out = partners;
    return spent;
}

int main(void)
{
    struct arena arena = arena_over(malloc(ARENA_SIZE), ARENA_SIZE);
    struct view_alert alert = { .category = TEXT("wanted.arrest"),
                                .classification = LEVEL_UNCLASSIFIED };
    struct treaty_view view = { .kind = TEXT("person"),
                                .alerts = &alert,
                                .alert_count = 1,
                                .born_first = { 1980, 1, 1 },
                                .born_last = { 1980, 1, 1 } };
    double spent[ROUNDS];
    unsigned partners = 0;
    const struct ruleset *rules = make_rules(&arena);
    for (int i = 0; i < ROUNDS; i++)
        spent[i] = preview(rules, &view, &arena, &partners);
    qsort(spent, ROUNDS, sizeof(spent[0]), measure_order);
    printf("A1.preview_partners %u 1\n", partners);
    printf("A1.preview_ms %.3f ms\n", spent[ROUNDS / 2]);
    free(arena.data);
    return partners == AGREEMENTS * (MEMBERS - 1) ? 0 : 1;
}
