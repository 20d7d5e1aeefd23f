/* Which agreements the reference evaluator finds binding two members, and in what order. */
#include "treaty/reference_parts.h"

bool reference_on_side(const struct treaty *treaty, struct codes side, struct text member)
{
    if (side.count == 0 || reference_listed(side, member))
        return true;
    for (uint32_t g = 0; treaty != NULL && g < treaty->group_count; g++) {
        if (reference_listed(side, treaty->groups[g].name) &&
            reference_listed(treaty->groups[g].members, member))
            return true;
    }
    return false;
}

static bool bound(const struct treaty_force *force, struct text member, struct instant as_of)
{
    for (uint32_t i = 0; i < force->treaty->parties.count; i++) {
        if (text_equal(force->treaty->parties.items[i], member))
            return force->status->bound[i].from.ms <= as_of.ms &&
                   force->status->bound[i].until.ms > as_of.ms;
    }
    return false;
}

/* A party of the stop: its own doing, or what is done against it or against all. */
static bool touches(const struct treaty_force *force, const struct treaty_stop *stop,
                    struct text doer, struct text other)
{
    const struct text *parties = force->treaty->parties.items;
    return text_equal(parties[stop->party], doer) &&
           (stop->against == STOP_ALL || text_equal(parties[stop->against], other));
}

static bool stands(const struct reference_question *q, const struct treaty_force *force,
                   const struct treaty_stop *stop)
{
    return q->as_of.ms >= stop->from.ms && q->as_of.ms < stop->until.ms &&
           (touches(force, stop, q->from, q->to) || touches(force, stop, q->to, q->from));
}

static bool replaces(const struct treaty *next, const struct treaty *old)
{
    for (uint32_t i = 0; i < next->replaces_count; i++) {
        if (text_equal(next->replaces[i].name, old->name) &&
            next->replaces[i].version == old->version)
            return true;
    }
    return false;
}

/* Where `member` stands among the parties of an agreement; NULL: it is none of them. */
static const struct treaty_bound *term_of(const struct treaty_force *force, struct text member)
{
    for (uint32_t i = 0; i < force->treaty->parties.count; i++) {
        if (text_equal(force->treaty->parties.items[i], member))
            return &force->status->bound[i];
    }
    return NULL;
}

/* The two have been bound by it together at some instant up to now, and when that began neither had
 * opposed the other's reservations. What came of it since is no matter. */
static bool has_joined(const struct reference_question *q, const struct treaty_force *force)
{
    const struct treaty_bound *one = term_of(force, q->from);
    const struct treaty_bound *other = term_of(force, q->to);
    if (one == NULL || other == NULL)
        return false;
    int64_t begin = one->from.ms > other->from.ms ? one->from.ms : other->from.ms;
    if (begin > q->as_of.ms || one->until.ms <= begin || other->until.ms <= begin)
        return false;
    for (uint32_t i = 0; i < force->status->stop_count; i++) {
        const struct treaty_stop *stop = &force->status->stops[i];
        if (stop->why == STOP_OPPOSED && stop->from.ms <= begin &&
            (touches(force, stop, q->from, q->to) || touches(force, stop, q->to, q->from)))
            return false;
    }
    return true;
}

bool reference_both_bound(const struct reference_question *q, const struct treaty_force *force)
{
    for (uint32_t i = 0; i < force->status->stop_count; i++) {
        const struct treaty_stop *stop = &force->status->stops[i];
        if (stop->why == STOP_OPPOSED && stands(q, force, stop))
            return false;
    }
    return bound(force, q->from, q->as_of) && bound(force, q->to, q->as_of);
}

bool reference_binds(const struct reference_question *q, const struct treaty_force *force)
{
    if (!reference_both_bound(q, force))
        return false;
    for (uint32_t i = 0; i < force->status->stop_count; i++) {
        const struct treaty_stop *stop = &force->status->stops[i];
        if (stop->why == STOP_SUSPENDED && stands(q, force, stop))
            return false;
    }
    for (size_t i = 0; i < q->treaty_count; i++) {
        if (replaces(q->treaties[i].treaty, force->treaty) && has_joined(q, &q->treaties[i]))
            return false;
    }
    return true;
}

bool reference_undisputed(const struct reference_question *q, const struct treaty_force *force,
                          uint16_t article, uint32_t clause)
{
    for (uint32_t i = 0; i < force->status->stop_count; i++) {
        const struct treaty_stop *stop = &force->status->stops[i];
        bool about = stop->article == article && (stop->clause == 0 || stop->clause == clause);
        if (stop->why == STOP_DISPUTED && about && stands(q, force, stop))
            return false;
    }
    return true;
}

/* 0 when none prevails over it, else one more than the highest of those that do. */
static uint32_t rank_of(const struct reference_question *q, const struct treaty *treaty)
{
    uint32_t rank = 0;
    for (size_t i = 0; i < q->treaty_count; i++) {
        const struct treaty *other = q->treaties[i].treaty;
        if (text_equal(other->name, treaty->name) ||
            !reference_listed(other->prevails, treaty->name))
            continue;
        uint32_t above = rank_of(q, other) + 1;
        rank = above > rank ? above : rank;
    }
    return rank;
}

static int64_t begins(const struct treaty *treaty)
{
    return treaty->from.year == 0 ? INT64_MIN : date_days(treaty->from);
}

static bool earlier_in_order(const struct reference_question *q, const struct treaty_force *a,
                             const struct treaty_force *b)
{
    const uint32_t ranks[2] = { rank_of(q, a->treaty), rank_of(q, b->treaty) };
    if (ranks[0] != ranks[1])
        return ranks[0] < ranks[1];
    if (a->treaty->parties.count != b->treaty->parties.count)
        return a->treaty->parties.count < b->treaty->parties.count;
    if (begins(a->treaty) != begins(b->treaty))
        return begins(a->treaty) > begins(b->treaty);
    int names = bytes_compare(text_bytes(a->treaty->name), text_bytes(b->treaty->name));
    if (names != 0)
        return names < 0;
    if (a->treaty->version != b->treaty->version)
        return a->treaty->version > b->treaty->version;
    if (a->hash_opt == NULL || b->hash_opt == NULL)
        return false;
    return memcmp(a->hash_opt->bytes, b->hash_opt->bytes, sizeof(a->hash_opt->bytes)) < 0;
}

void reference_order(const struct reference_question *q,
                     const struct treaty_force *out[RULESET_TREATIES_MAX])
{
    for (size_t i = 0; i < q->treaty_count; i++) {
        size_t at = i;
        while (at > 0 && earlier_in_order(q, &q->treaties[i], out[at - 1])) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = &q->treaties[i];
    }
}
