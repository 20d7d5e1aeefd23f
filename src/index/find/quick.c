#include "index/find/quick.h"

#include "index/score/score.h"

struct found {                                   /* of one name */
    const struct match *first[INDEX_TOKENS_MAX]; /* of each of its words */
    int32_t bound;                               /* the most that its words can agree */
    bool whole;
};

void quick_make(const struct plan *plan, const struct matches *matches, struct quick *out)
{
    const struct asked *asked = plan->asked;
    *out = (struct quick){ .plan = plan, .matches = matches };
    word_facts(&asked->name, &out->ours);
    out->slack = compare_slack(asked);
    for (size_t i = 0; i < asked->name.count; i++)
        out->initials = out->initials || asked->name.token[i].initial;
    out->whole = asked->query->nationality_count > 0 || asked->query->identifier_count > 0;
}

static void raise(int32_t *to, int32_t weight)
{
    if (*to < weight)
        *to = weight;
}

/* A word and its neighbour are both halves of one unit. */
static bool may_split(const struct quick *q, const struct match *first, const struct match *second)
{
    for (const struct match *a = first; a != NULL; a = matches_next(q->matches, a)) {
        const struct match *b = a->half ? second : NULL;
        for (; b != NULL; b = matches_next(q->matches, b)) {
            if (b->half && b->unit == a->unit)
                return true;
        }
    }
    return false;
}

/* Words of ours that find nothing, as many as such of theirs: each contradicts. */
static unsigned count_contradicted(const struct quick *q, const struct word_name *name,
                                   const struct found *found, const int32_t best[static UNITS_MAX])
{
    unsigned ours = 0;
    unsigned theirs = 0;
    uint32_t met = 0;
    for (size_t u = 0; u < q->plan->unit_count; u++) {
        const struct unit *unit = &q->plan->units[u];
        met |= best[u] > 0 ? (unit->joined ? 3u : 1u) << unit->first : 0;
    }
    for (size_t o = 0; o < q->ours.count; o++)
        ours += q->ours.word[o].counts && (met >> o & 1) == 0;
    for (size_t t = 0; t < name->count; t++)
        theirs += word_counts(&name->word[t]) && found->first[t] == NULL;
    return ours < theirs ? ours : theirs;
}

/* What their sum is worth at most, nothing or something left over. */
static void bound_whole(const struct quick *q, struct found *found, unsigned against, bool exact,
                        bool joined)
{
    const struct score_table *score = q->plan->asked->score;
    if (against == 0) {
        found->bound += complete_bound(score, exact, q->matches->script, joined);
        return;
    }
    int32_t left = found->bound + q->slack + (int32_t)against * score->contradicted;
    found->bound = (left < score->contradicted_cap ? left : score->contradicted_cap) - q->slack;
}

/* What the words of a name find, each word of ours counted once with its best. */
static void find_words(const struct quick *q, const struct word_name *name, struct found *out)
{
    int32_t best[UNITS_MAX] = { 0 };
    bool exact = true;
    out->bound = 0;
    out->whole = q->initials;
    for (size_t t = 0; t < name->count; t++) {
        out->first[t] = matches_of(q->matches, name->word[t].token);
        out->whole = out->whole || name->word[t].initial;
        bool near = out->first[t] != NULL && word_counts(&name->word[t]);
        for (const struct match *m = out->first[t]; m != NULL; m = matches_next(q->matches, m)) {
            raise(&best[m->unit], m->half ? 0 : m->likeness.weight);
            near = near && !m->half && !m->likeness.exact;
        }
        exact = exact && !near;
        if (t > 0 && out->first[t] != NULL && out->first[t - 1] != NULL)
            out->whole = out->whole || may_split(q, out->first[t - 1], out->first[t]);
    }
    bool joined = false;
    for (size_t u = 0; u < q->plan->unit_count; u++) {
        out->bound += best[u];
        joined = joined || (best[u] > 0 && q->plan->units[u].joined);
    }
    bound_whole(q, out, out->whole ? 0 : count_contradicted(q, name, out, best), exact, joined);
}

/* In the order of find_pairs (align.c): ours by ours, alone before joined. */
static void add_pairs(const struct quick *q, const struct found *found, size_t their_count,
                      struct pairs *pairs)
{
    for (unsigned o = 0; o < q->ours.count; o++) {
        for (unsigned t = 0; t < their_count; t++) {
            const struct match *joined = NULL;
            const struct match *m = found->first[t];
            for (; m != NULL; m = matches_next(q->matches, m)) {
                const struct unit *unit = &q->plan->units[m->unit];
                if (m->half || unit->first != o)
                    continue;
                if (unit->joined)
                    joined = m;
                else
                    pairs_add(pairs, m->likeness, o, 1, t, 1);
            }
            if (joined != NULL)
                pairs_add_joined(pairs, joined->likeness, o, t);
        }
    }
}

static void align_name(const struct quick *q, const struct word_name *name,
                       const struct found *found, struct alignment *out)
{
    struct pairs pairs;
    struct word_facts theirs = { .count = name->count };
    pairs.count = 0;
    for (size_t t = 0; t < name->count; t++)
        theirs.word[t] = (struct word_fact){ name->word[t].role, word_counts(&name->word[t]),
                                             name->word[t].initial };
    add_pairs(q, found, name->count, &pairs);
    align_pairs(q->plan->asked->score, &q->ours, &theirs, &pairs, out);
}

static enum quick_result compare_words(const struct quick *q, uint32_t doc, int32_t need,
                                       struct verdict *out)
{
    struct bytes words = words_of(q->matches->segment, doc);
    struct word_name name;
    struct alignment best = { .count = 0 };
    size_t at = 0;
    while (words_next(words, &at, &name)) {
        struct found found;
        struct alignment a;
        find_words(q, &name, &found);
        if (found.whole)
            return QUICK_WHOLE;
        if (found.bound < need)
            continue;
        align_name(q, &name, &found, &a);
        if (a.count > 0 && (best.count == 0 || a.score > best.score))
            best = a;
    }
    if (best.count == 0 || best.score < need + q->slack)
        return QUICK_NONE;
    if (q->whole)
        return QUICK_WHOLE;
    struct row row = segment_row(q->matches->segment, doc);
    compare_aligned(q->plan->asked, &best, &row.birth, row.sex, out);
    return out->band == INDEX_NONE ? QUICK_NONE : QUICK_BAND;
}

void quick_compare(const struct quick *q, const uint32_t *docs, size_t count, int32_t need,
                   enum quick_result results[static QUICK_STRIDE],
                   struct verdict verdicts[static QUICK_STRIDE])
{
    const struct index_segment *s = q->matches->segment;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(section(s, SECTION_WORDS_AT) + 4 * (size_t)docs[i]);
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(words_of(s, docs[i]).data);
        __builtin_prefetch(section(s, SECTION_ROWS) + (size_t)docs[i] * ROW_BYTES);
    }
    for (size_t i = 0; i < count; i++)
        results[i] = compare_words(q, docs[i], need, &verdicts[i]);
}
