#include "survey/asking.h"

static void add_base(struct tour *tour, struct space_point *bases, uint32_t *count,
                     const struct clause *clause)
{
    struct space_point point = { { 0 } };
    space_toward(&tour->space, clause, &point);
    bases[(*count)++] = point;
}

uint32_t law_rules(const struct survey_law *law)
{
    uint32_t count = law->national_opt == NULL ? 0 : law->national_opt->count;
    for (size_t t = 0; t < law->count; t++) {
        const struct treaty *treaty = law->forces[t].treaty;
        for (uint32_t i = 0; i < treaty->article_count; i++)
            count += treaty->articles[i].count;
        for (uint32_t i = 0; i < treaty->reservation_count; i++)
            count += 2 * treaty->reservations[i].count;
    }
    return count;
}

static void add_clauses(struct tour *tour, struct space_point *bases, uint32_t *count,
                        const struct survey_law *law)
{
    for (size_t t = 0; t < law->count; t++) {
        const struct treaty *treaty = law->forces[t].treaty;
        for (uint32_t i = 0; i < treaty->article_count; i++) {
            for (uint32_t c = 0; c < treaty->articles[i].count; c++)
                add_base(tour, bases, count, &treaty->articles[i].clauses[c]);
        }
        for (uint32_t i = 0; i < treaty->reservation_count; i++) {
            for (uint32_t c = 0; c < treaty->reservations[i].count; c++)
                add_base(tour, bases, count, &treaty->reservations[i].clauses[c]);
        }
    }
    for (uint32_t c = 0; law->national_opt != NULL && c < law->national_opt->count; c++)
        add_base(tour, bases, count, &law->national_opt->clauses[c]);
}

struct err tour_begin(const struct survey_law *laws, size_t count, struct instant as_of,
                      uint32_t questions_max, struct arena *arena, struct tour *out)
{
    uint32_t room = 0;
    uint32_t base_count = 0;
    out->arena = arena;
    out->as_of = as_of;
    struct err e = space_make(laws, count, arena, &out->space);
    if (failed(e))
        return e;
    for (size_t i = 0; i < count; i++)
        room += law_rules(&laws[i]);
    struct space_point *bases = ARENA_ARRAY(arena, struct space_point, room);
    for (size_t i = 0; bases != NULL && i < count; i++)
        add_clauses(out, bases, &base_count, &laws[i]);
    uint32_t members = out->space.picked_count;
    uint32_t pairs = members > 1 ? members * (members - 1) : 1;
    out->walk = walk_over(&out->space, bases, base_count, questions_max / pairs + 1);
    tour_keep(out);
    return arena_check(arena);
}

void tour_keep(struct tour *tour)
{
    tour->mark = tour->arena->used;
}

bool tour_next(struct tour *tour, struct space_case *out, struct err *err_out)
{
    arena_rewind(tour->arena, tour->mark);
    tour->walk.space = &tour->space; /* a tour is copied by value */
    *err_out = err_none();
    if (!walk_next(&tour->walk))
        return false;
    *err_out = space_case(&tour->space, &tour->walk.point, tour->as_of, tour->arena, out);
    return !failed(*err_out);
}

bool tour_complete(const struct tour *tour)
{
    return tour->walk.exhaustive;
}

struct err law_compile(const struct survey_law *law, struct arena *arena,
                       const struct ruleset **out)
{
    return treaty_compile(law->forces, law->count, law->national_opt, arena, out);
}

bool pair_question(const struct ruleset *rules, const struct space_case *from_case,
                   const struct treaty_row *row, struct text from, struct text to,
                   struct question *out)
{
    struct question question = from_case->question;
    question.from = treaty_member(rules, from);
    question.to = treaty_member(rules, to);
    question.row = row;
    *out = question;
    return question.from != NO_MEMBER && question.to != NO_MEMBER;
}
