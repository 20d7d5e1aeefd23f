#include "treaty/order.h"

/* -- prevailing --------------------------------------------------------------------------- */

static bool prevails(const struct treaty *over, const struct treaty *under)
{
    return !text_equal(over->name, under->name) && codes_have(over->prevails, under->name);
}

/* One round of the longest chain; true when some rank grew. */
static bool raise_ranks(struct ruleset *out)
{
    bool grew = false;
    for (uint32_t i = 0; i < out->treaty_count; i++) {
        for (uint32_t j = 0; j < out->treaty_count; j++) {
            struct compiled_treaty *under = &out->treaties[i];
            const struct compiled_treaty *over = &out->treaties[j];
            if (prevails(over->treaty, under->treaty) && under->rank <= over->rank) {
                under->rank = over->rank + 1;
                grew = true;
            }
        }
    }
    return grew;
}

/* A chain without a ring is shorter than the number of agreements. */
static struct err rank_treaties(struct ruleset *out)
{
    for (uint32_t round = 0; round <= out->treaty_count; round++) {
        if (!raise_ranks(out))
            return err_none();
    }
    return err_make(ERR_CONFLICT, "treaty.priority-cycle");
}

/* -- order -------------------------------------------------------------------------------- */

static int64_t first_day(const struct treaty *treaty)
{
    return treaty->from.year == 0 ? INT64_MIN : date_days(treaty->from);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static bool comes_before(const struct compiled_treaty *a, const struct compiled_treaty *b)
{
    int order = compare(a->rank, b->rank);
    if (order == 0)
        order = compare(a->treaty->parties.count, b->treaty->parties.count);
    if (order == 0)
        order = compare(first_day(b->treaty), first_day(a->treaty));
    if (order == 0)
        order = bytes_compare(text_bytes(a->treaty->name), text_bytes(b->treaty->name));
    if (order == 0)
        order = compare(b->treaty->version, a->treaty->version);
    if (order == 0)
        order = memcmp(a->hash.bytes, b->hash.bytes, HASH_LEN);
    return order < 0;
}

static void sort_treaties(struct ruleset *out)
{
    for (uint32_t i = 1; i < out->treaty_count; i++) {
        struct compiled_treaty one = out->treaties[i];
        uint32_t at = i;
        for (; at > 0 && comes_before(&one, &out->treaties[at - 1]); at--)
            out->treaties[at] = out->treaties[at - 1];
        out->treaties[at] = one;
    }
}

/* -- replacing ---------------------------------------------------------------------------- */

static bool replaces(const struct treaty *next, const struct treaty *old)
{
    for (uint32_t i = 0; i < next->replaces_count; i++) {
        const struct succession *one = &next->replaces[i];
        if (text_equal(one->name, old->name) && one->version == old->version)
            return true;
    }
    return false;
}

/* Nothing that replaces it, directly or not, is itself replaced by it. */
static struct err check_ring(const struct ruleset *out, uint32_t start)
{
    uint64_t seen = out->treaties[start].replaced_by;
    for (uint32_t round = 0; round < out->treaty_count; round++) {
        for (uint32_t i = 0; i < out->treaty_count; i++) {
            if ((seen >> i & 1) != 0)
                seen |= out->treaties[i].replaced_by;
        }
    }
    return (seen >> start & 1) == 0 ? err_none()
                                    : err_make(ERR_CONFLICT, "treaty.priority-cycle");
}

static struct err link_successors(struct ruleset *out)
{
    struct err e = err_none();
    for (uint32_t i = 0; i < out->treaty_count; i++) {
        struct compiled_treaty *old = &out->treaties[i];
        for (uint32_t j = 0; j < out->treaty_count; j++) {
            if (replaces(out->treaties[j].treaty, old->treaty))
                old->replaced_by |= UINT64_C(1) << j;
        }
        old->plain = old->replaced_by == 0 && old->status->stop_count == 0;
    }
    for (uint32_t i = 0; i < out->treaty_count && !failed(e); i++)
        e = check_ring(out, i);
    return e;
}

/* -- labels ------------------------------------------------------------------------------- */

static bool labels_agree(const struct treaty *a, const struct treaty *b)
{
    for (uint32_t k = 0; k < a->annex_count; k++) {
        const struct annex_entry *other = treaty_annex_find(b, a->annex[k].party);
        if (other != NULL && memcmp(other->key, a->annex[k].key, TREATY_KEY_LEN) != 0)
            return false;
    }
    return true;
}

/* One label is one key, in all annexes of all agreements (design section 9). */
static struct err check_labels(const struct ruleset *out)
{
    for (uint32_t i = 0; i < out->treaty_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (!labels_agree(out->treaties[i].treaty, out->treaties[j].treaty))
                return err_make(ERR_CONFLICT, "treaty.label-of-another-key");
        }
    }
    return err_none();
}

struct err order_treaties(struct ruleset *out, const struct treaty_force *treaties, size_t count,
                          struct arena *arena)
{
    struct err e = err_none();
    for (size_t i = 0; i < count && !failed(e); i++) {
        struct compiled_treaty one = { .treaty = treaties[i].treaty,
                                       .status = treaties[i].status };
        if (treaties[i].hash_opt != NULL)
            one.hash = *treaties[i].hash_opt;
        else
            e = treaty_hash(one.treaty, arena, &one.hash);
        out->treaties[i] = one;
    }
    out->treaty_count = (uint32_t)count;
    if (!failed(e))
        e = check_labels(out);
    if (!failed(e))
        e = rank_treaties(out);
    if (failed(e))
        return e;
    sort_treaties(out);
    return link_successors(out);
}
