#include "index/gather.h"

#include "index/identifier.h"
#include "index/sort.h"

enum action { ACTION_SKIP, ACTION_UNIT, ACTION_DIRECT };

struct gathering {
    const struct plan *plan;
    const struct matches *matches;
    const struct index_segment *segment;
    struct candidates *out;
    uint64_t *unit;    /* met by the word at work */
    uint64_t *once;    /* met by one word */
    uint64_t *multi;   /* candidates */
    unsigned counting; /* words of the query that must be matched or are left over */
    bool absorbs;      /* an initial or particle of the query may stand for a word of theirs */
    int32_t cap[INDEX_TOKENS_MAX];
    int32_t caps;       /* their sum */
    int32_t least;      /* of what any range needs */
    struct span *spans; /* of each match: its documents; empty when they could not reach */
};

/* -------------------------------------------------------------------- what words can add */

static bool counts(const struct token *token)
{
    return token->word == WORD_NAME && !token->initial;
}

static void raise(int32_t *cap, int32_t weight)
{
    if (*cap < weight)
        *cap = weight;
}

/* The most that each word of the query finds in this segment, alone, joined or split. */
static void find_caps(struct gathering *g)
{
    const struct analysed *ours = &g->plan->asked->name;
    for (size_t i = 0; i < g->matches->count; i++) {
        const struct match *m = &g->matches->list[i];
        const struct unit *unit = &g->plan->units[m->unit];
        int32_t weight =
            m->half ? unit->token->weight * g->plan->asked->score->split / 100 : m->likeness.weight;
        g->absorbs = g->absorbs || (!counts(unit->token) && !m->likeness.same);
        raise(&g->cap[unit->first], weight);
        if (unit->joined)
            raise(&g->cap[unit->first + 1], weight);
    }
    for (size_t i = 0; i < ours->count; i++) {
        g->counting += counts(&ours->token[i]);
        g->absorbs = g->absorbs || ours->token[i].initial;
        g->caps += counts(&ours->token[i]) ? g->cap[i] : 0;
    }
}

/* What the others may add to a match of this unit. */
static int32_t rest_of(const struct gathering *g, const struct unit *unit)
{
    const struct analysed *ours = &g->plan->asked->name;
    int32_t rest = g->caps;
    rest -= counts(&ours->token[unit->first]) ? g->cap[unit->first] : 0;
    if (unit->joined)
        rest -= counts(&ours->token[unit->first + 1]) ? g->cap[unit->first + 1] : 0;
    return rest;
}

/* -------------------------------------------------------------------------------- postings */

struct walk { /* one list of documents */
    const uint8_t *posts;
    struct span span;
    uint32_t doc_count; /* a damaged list has others */
    int32_t weight;     /* of the match */
    int32_t rest;       /* what other words may add */
    int32_t bonus;      /* and that none is left over */
    bool direct;        /* candidates by this alone, if it can reach */
};

static uint32_t post(const struct walk *w, uint32_t at)
{
    return load_u32(w->posts + 4 * (size_t)at);
}

/* The first place from `at` whose document is `doc` or later. */
static uint32_t skip_to(const struct walk *w, uint32_t at, uint32_t doc)
{
    uint32_t step = 1;
    uint32_t low = at;
    while (at < w->span.end && post(w, at) < doc) {
        low = at + 1;
        at = w->span.end - at > step ? at + step : w->span.end;
        step *= 2;
    }
    uint32_t high = at;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (post(w, mid) < doc)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static enum action action_of(const struct gathering *g, const struct walk *w, int32_t need)
{
    int32_t lost = g->counting > 1 && !g->absorbs ? g->plan->asked->score->contradicted : 0;
    if (w->weight + w->rest + w->bonus < need)
        return ACTION_SKIP;
    return w->direct || w->weight + lost >= need ? ACTION_DIRECT : ACTION_UNIT;
}

static void set_bits(uint64_t *bits, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t doc = post(w, at);
        if (doc < w->doc_count)
            bits[doc >> 6] |= UINT64_C(1) << (doc & 63);
    }
}

enum phase { PHASE_MARK, PHASE_FOLD, PHASE_TEST };

/* What one word met goes from `unit` to `once`, and to `multi` what another met before. */
static void fold_bits(struct gathering *g, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t word = post(w, at) >> 6;
        if (word >= g->out->word_count)
            continue;
        uint64_t met = g->unit[word];
        g->multi[word] |= g->once[word] & met;
        g->once[word] |= met;
        g->unit[word] = 0;
    }
}

static void test_bits(struct gathering *g, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t doc = post(w, at);
        if (doc >= w->doc_count)
            continue;
        g->multi[doc >> 6] |= g->once[doc >> 6] & UINT64_C(1) << (doc & 63);
    }
}

static void walk_posts(struct gathering *g, const struct walk *w, enum phase phase)
{
    uint32_t at = w->span.begin;
    for (size_t r = 0; r < g->out->range_count && at < w->span.end; r++) {
        const struct birth_range *range = &g->out->ranges[r];
        enum action action = action_of(g, w, range->need);
        uint32_t end = skip_to(w, at, range->end);
        if (action == ACTION_DIRECT && phase != PHASE_FOLD)
            set_bits(g->multi, w, at, end);
        else if (action == ACTION_UNIT && phase == PHASE_MARK)
            set_bits(g->unit, w, at, end);
        else if (action == ACTION_UNIT && phase == PHASE_FOLD)
            fold_bits(g, w, at, end);
        else if (action == ACTION_UNIT)
            test_bits(g, w, at, end);
        at = end;
    }
}

static struct walk walk_of(const struct gathering *g, size_t at, int32_t rest)
{
    const struct match *match = &g->matches->list[at];
    const struct unit *unit = &g->plan->units[match->unit];
    const struct score_table *score = g->plan->asked->score;
    return (struct walk){
        .posts = section(g->segment, SECTION_POSTS),
        .span = g->spans[at],
        .doc_count = g->segment->named_count,
        .weight = match->half ? unit->token->weight * score->split / 100 : match->likeness.weight,
        .rest = rest,
        .bonus = complete_bound(score, match->half || match->likeness.exact,
                                match->half || unit->joined),
        .direct = match->half || unit->joined,
    };
}

/* Documents whose name has no other word: by that one, if it can reach. */
static void walk_alone(struct gathering *g, size_t at, int32_t rest)
{
    struct walk w = walk_of(g, at, rest);
    uint64_t posts = g->segment->len[SECTION_ALONE] / 4;
    w.posts = section(g->segment, SECTION_ALONE);
    w.span = section_span(g->segment, SECTION_ALONE_AT, g->matches->list[at].token, posts);
    w.direct = true;
    w.bonus += g->plan->asked->name.count * g->plan->asked->score->initial; /* theirs */
    walk_posts(g, &w, PHASE_MARK);
}

/* A half stands for its unit beside the other half: the rarer of both lists is enough, but which
 * other half it has only the comparison tells. */
static void walk_unit(struct gathering *g, size_t unit, enum phase phase)
{
    int32_t rest = rest_of(g, &g->plan->units[unit]);
    bool any_alone = g->segment->len[SECTION_ALONE] > 0 && phase != PHASE_FOLD;
    for (size_t i = g->matches->begin[unit]; i < g->matches->begin[unit + 1]; i++) {
        struct walk w = walk_of(g, i, rest);
        if (w.span.begin < w.span.end)
            walk_posts(g, &w, phase);
        if (any_alone && !g->matches->list[i].half)
            walk_alone(g, i, rest);
    }
}

/* Where the documents of a unit's matches stand, and how many they are. A half that is not the
 * rarer one, and what reaches no range whatever else agrees, have none. */
static uint64_t find_spans(struct gathering *g, size_t unit)
{
    uint64_t total = 0;
    uint64_t posts = g->segment->len[SECTION_POSTS] / 4;
    int32_t rest = rest_of(g, &g->plan->units[unit]);
    for (size_t i = g->matches->begin[unit]; i < g->matches->begin[unit + 1]; i++) {
        const struct match *match = &g->matches->list[i];
        struct walk w = walk_of(g, i, rest);
        if ((match->half && !match->rarer) || w.weight + w.rest + w.bonus < g->least)
            continue;
        g->spans[i] = section_span(g->segment, SECTION_POSTS_AT, match->token, posts);
        __builtin_prefetch(w.posts + 4 * (size_t)g->spans[i].begin);
        total += match->half ? 0 : g->spans[i].end - g->spans[i].begin;
    }
    return total;
}

static void gather_names(struct gathering *g)
{
    const struct plan *plan = g->plan;
    size_t largest = SIZE_MAX;
    uint64_t most = 0;
    find_caps(g);
    g->least = INT32_MAX;
    for (size_t r = 0; r < g->out->range_count; r++) {
        if (g->out->ranges[r].need < g->least)
            g->least = g->out->ranges[r].need;
    }
    for (size_t u = 0; u < plan->unit_count; u++) {
        uint64_t total = find_spans(g, u);
        if (!plan->units[u].joined && counts(plan->units[u].token) && total >= most) {
            most = total;
            largest = u;
        }
    }
    for (size_t u = 0; u < plan->unit_count; u++) {
        if (u == largest || (!plan->units[u].joined && !counts(plan->units[u].token)))
            continue;
        walk_unit(g, u, PHASE_MARK);
        walk_unit(g, u, PHASE_FOLD);
    }
    if (largest != SIZE_MAX)
        walk_unit(g, largest, PHASE_TEST);
}

/* ------------------------------------------------------------------------- identifiers */

static bool keep_identified(struct candidates *out, struct arena *arena, uint32_t doc)
{
    size_t n = out->identified_count;
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) { /* full: doubled */
        uint32_t *more = ARENA_ARRAY(arena, uint32_t, n == 0 ? 16 : 2 * n);
        if (more == NULL)
            return false;
        if (n > 0)
            memcpy(more, out->identified, n * sizeof *more);
        out->identified = more;
    }
    out->identified[out->identified_count++] = doc;
    return true;
}

static bool probe(const struct index_segment *s, uint64_t hash, struct candidates *out,
                  struct arena *arena)
{
    uint32_t bucket = (uint32_t)((hash >> 32) * s->bucket_count >> 32);
    for (uint32_t steps = 0; steps < s->bucket_count; steps++) {
        const uint8_t *line = section(s, SECTION_BUCKETS) + (size_t)bucket * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            uint32_t tag = load_u32(line + 4 * slot);
            uint32_t doc = load_u32(line + 32 + 4 * slot);
            if (tag == 0)
                return true;
            if (tag == ((uint32_t)hash | 1) && doc < s->doc_count &&
                !keep_identified(out, arena, doc))
                return false;
        }
        bucket = bucket + 1 == s->bucket_count ? 0 : bucket + 1;
    }
    return true;
}

static bool gather_identifiers(const struct index_segment *s, const struct index_query *query,
                               struct arena *arena, struct candidates *out)
{
    bool room = true;
    for (size_t i = 0; i < query->identifier_count && s->bucket_count > 0; i++) {
        const struct index_identifier *id = &query->identifiers[i];
        struct key key = identifier_key(id);
        if (key.len == 0)
            continue;
        room = room && probe(s, key_hash(id->cls, &key), out, arena);
        for (size_t at = 0; key.len >= INDEX_SWAP_LEN_MIN && at + 1 < key.len; at++) {
            struct key swapped = key;
            if (key_swap(&swapped, at))
                room = room && probe(s, key_hash(id->cls, &swapped), out, arena);
        }
    }
    out->identified_count = sort_keys(out->identified, out->identified_count);
    return room;
}

struct err gather(const struct plan *plan, const struct matches *matches, struct arena *arena,
                  struct candidates *out)
{
    const struct index_segment *s = matches->segment;
    size_t words = (s->named_count + 63) / 64;
    struct gathering g = { .plan = plan, .matches = matches, .segment = s, .out = out };
    *out = (struct candidates){ .word_count = words };
    gather_ranges(s, plan->asked, out);
    if (!gather_identifiers(s, plan->asked->query, arena, out))
        return arena_check(arena);
    if (plan->unit_count == 0 || matches->count == 0) {
        out->word_count = 0;
        return err_none();
    }
    g.multi = ARENA_ARRAY(arena, uint64_t, words);
    g.once = ARENA_ARRAY(arena, uint64_t, words);
    g.unit = ARENA_ARRAY(arena, uint64_t, words);
    g.spans = ARENA_ARRAY(arena, struct span, matches->count);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    gather_names(&g);
    out->bits = g.multi;
    return err_none();
}
