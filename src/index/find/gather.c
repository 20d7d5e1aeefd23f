#include "index/find/gather.h"

#include "index/score/identifier.h"
#include "index/segment/sort.h"

enum { AHEAD = 6, EXPECTED = 16 }; /* lists, and documents of each, fetched before they are met */
enum action { ACTION_SKIP, ACTION_UNIT, ACTION_DIRECT };

struct gathering {
    const struct plan *plan;
    const struct matches *matches;
    const struct index_segment *segment;
    struct candidates *out;
    unsigned counting; /* words of the query that must be matched or are left over */
    bool absorbs;      /* an initial of the query may stand for a word of theirs */
    int32_t cap[INDEX_TOKENS_MAX];
    int32_t caps; /* their sum */
    int32_t rest[UNITS_MAX];
    int32_t least;      /* of what any range needs */
    struct span *spans; /* of each match: its documents; empty when they could not reach */
};

/* -------------------------------------------------------------------- what words can add */

static bool counts(const struct token *token)
{
    return token->word == WORD_NAME && !token->initial;
}

/* A particle or title of the query may stand for a word of theirs; by itself it finds nobody. */
static bool says(const struct unit *unit)
{
    return unit->joined || counts(unit->token);
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

/* What the others may add to a match of each unit. */
static void find_rests(struct gathering *g)
{
    const struct analysed *ours = &g->plan->asked->name;
    for (size_t u = 0; u < g->plan->unit_count; u++) {
        const struct unit *unit = &g->plan->units[u];
        g->rest[u] = g->caps - (counts(&ours->token[unit->first]) ? g->cap[unit->first] : 0);
        if (unit->joined && counts(&ours->token[unit->first + 1]))
            g->rest[u] -= g->cap[unit->first + 1];
    }
}

/* -------------------------------------------------------------------------------- postings */

struct walk { /* one list of documents */
    const uint8_t *posts;
    struct span span;
    uint32_t doc_count; /* a damaged list has others */
    int32_t weight;     /* of the match */
    int32_t rest;       /* what other words may add */
    int32_t bonus;      /* and that none is left over */
    int32_t alone;      /* what it is worth when no other word agrees */
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

static enum action action_of(const struct walk *w, int32_t need)
{
    if (w->weight + w->rest + w->bonus < need)
        return ACTION_SKIP;
    return w->direct || w->alone >= need ? ACTION_DIRECT : ACTION_UNIT;
}

static void add_candidates(struct candidates *c, uint32_t cell, uint64_t bits)
{
    c->cells[cell].found |= bits;
    c->filled[cell >> 6] |= UINT64_C(1) << (cell & 63);
}

/* Every document of the list. */
static void add_all(struct candidates *c, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t doc = post(w, at);
        if (doc < w->doc_count)
            add_candidates(c, doc >> 6, UINT64_C(1) << (doc & 63));
    }
}

enum phase { PHASE_MARK, PHASE_FOLD, PHASE_TEST };

static void mark_all(struct candidates *c, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t doc = post(w, at);
        if (doc < w->doc_count)
            c->cells[doc >> 6].unit |= UINT64_C(1) << (doc & 63);
    }
}

/* What one word met goes from `unit` to `once`; what another met before is a candidate. */
static void fold_all(struct candidates *c, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t number = post(w, at) >> 6;
        if (number >= c->cell_count)
            continue;
        struct cell *cell = &c->cells[number];
        if ((cell->once & cell->unit) != 0)
            add_candidates(c, number, cell->once & cell->unit);
        cell->once |= cell->unit;
        cell->unit = 0;
    }
}

static void test_all(struct candidates *c, const struct walk *w, uint32_t at, uint32_t end)
{
    for (; at < end; at++) {
        uint32_t doc = post(w, at);
        if (doc >= w->doc_count)
            continue;
        uint64_t met = c->cells[doc >> 6].once & UINT64_C(1) << (doc & 63);
        if (met != 0)
            add_candidates(c, doc >> 6, met);
    }
}

/* The range of a document that lies behind range `r`. */
static size_t range_of(const struct candidates *c, size_t r, uint32_t doc)
{
    size_t step = 1;
    size_t low = r + 1;
    size_t high = low;
    while (high < c->range_count && c->ranges[high].end <= doc) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = high < c->range_count ? high : c->range_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->ranges[mid].end <= doc)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void walk_posts(struct gathering *g, const struct walk *w, enum phase phase)
{
    uint32_t at = w->span.begin;
    size_t r = 0;
    while (at < w->span.end) {
        r = g->out->ranges[r].end > post(w, at) ? r : range_of(g->out, r, post(w, at));
        if (r == g->out->range_count)
            return; /* a damaged list */
        const struct birth_range *range = &g->out->ranges[r];
        enum action action = action_of(w, range->need);
        uint32_t end = skip_to(w, at, range->end);
        if (action == ACTION_DIRECT && phase != PHASE_FOLD)
            add_all(g->out, w, at, end);
        else if (action == ACTION_UNIT && phase == PHASE_MARK)
            mark_all(g->out, w, at, end);
        else if (action == ACTION_UNIT && phase == PHASE_FOLD)
            fold_all(g->out, w, at, end);
        else if (action == ACTION_UNIT)
            test_all(g->out, w, at, end);
        at = end;
    }
}

/* The next match of a shared token. */
static const struct match *next_shared(const struct gathering *g, const struct match *match)
{
    const struct match *next = matches_next(g->matches, match);
    while (next != NULL && next->share != SHARE_AGAIN)
        next = matches_next(g->matches, next);
    return next;
}

/* Words of the query that the unit leaves over, beside such of theirs: each contradicts. */
static int32_t lost_by(const struct gathering *g, const struct unit *unit)
{
    const struct token *token = &g->plan->asked->name.token[unit->first];
    unsigned covered = counts(&token[0]) ? 1 : 0;
    if (unit->joined && counts(&token[1]))
        covered++;
    return covered < g->counting && !g->absorbs ? g->plan->asked->score->contradicted : 0;
}

static void raise_walk(const struct gathering *g, const struct match *match, struct walk *w)
{
    const struct unit *unit = &g->plan->units[match->unit];
    const struct score_table *score = g->plan->asked->score;
    int32_t weight =
        match->half ? unit->token->weight * score->split / 100 : match->likeness.weight;
    int32_t reach = w->weight + w->rest;
    raise(&reach, weight + g->rest[match->unit]);
    raise(&w->weight, weight);
    raise(&w->alone, weight + lost_by(g, unit));
    w->rest = reach - w->weight;
    raise(&w->bonus, complete_bound(score, match->half || match->likeness.exact, g->matches->script,
                                    match->half || unit->joined));
}

/* Of a token that several words share: the most that any of them gives. */
static struct walk walk_of(const struct gathering *g, size_t at)
{
    const struct match *match = &g->matches->list[at];
    struct walk w = {
        .posts = section(g->segment, SECTION_POSTS),
        .span = g->spans[at],
        .doc_count = g->segment->named_count,
        .direct = match->half,
    };
    raise_walk(g, match, &w);
    if (match->share == SHARE_FIRST) {
        while ((match = next_shared(g, match)) != NULL)
            raise_walk(g, match, &w);
    }
    return w;
}

/* A particle or title for another: neither is missed when it is left over. */
static bool stands_beside(const struct gathering *g, const struct match *match)
{
    bool beside = true;
    for (; match != NULL && beside; match = next_shared(g, match))
        beside = !match->half && !match->counts && !says(&g->plan->units[match->unit]);
    return beside;
}

/* Documents whose name may agree by that word alone, if it can reach. */
static void walk_alone(struct gathering *g, size_t at, struct walk w)
{
    uint64_t posts = g->segment->len[SECTION_ALONE] / 4;
    w.posts = section(g->segment, SECTION_ALONE);
    w.span = section_span(g->segment, SECTION_ALONE_AT, g->matches->list[at].token, posts);
    w.direct = true;
    w.bonus += g->plan->asked->name.count * g->plan->asked->score->initial; /* theirs */
    if (w.span.begin < w.span.end)
        walk_posts(g, &w, PHASE_MARK);
}

/* Documents of both lists, where that can reach: whether the halves are neighbours there only the
 * comparison tells. */
static void walk_both(struct gathering *g, const struct walk *half, const struct walk *other)
{
    uint32_t at = half->span.begin;
    uint32_t there = other->span.begin;
    size_t r = 0;
    while (at < half->span.end && there < other->span.end) {
        uint32_t doc = post(half, at);
        while (r < g->out->range_count && g->out->ranges[r].end <= doc)
            r++;
        if (r == g->out->range_count)
            return;
        there = skip_to(other, there, doc);
        uint32_t met = there < other->span.end ? post(other, there) : UINT32_MAX;
        if (action_of(half, g->out->ranges[r].need) == ACTION_SKIP) {
            at = skip_to(half, at, g->out->ranges[r].end);
        } else if (met > doc) {
            at = skip_to(half, at, met);
        } else {
            add_all(g->out, half, at, at + 1);
            at++;
        }
    }
}

/* A half stands for its unit beside any of the other halves. */
static void walk_halves(struct gathering *g, size_t at)
{
    const struct match *list = g->matches->list;
    uint64_t posts = g->segment->len[SECTION_POSTS] / 4;
    struct walk half = walk_of(g, at);
    for (uint32_t k = list[at].other_begin; k < list[at].other_end; k++) {
        struct walk other = half;
        other.span = section_span(g->segment, SECTION_POSTS_AT, list[k].token, posts);
        walk_both(g, &half, &other);
    }
}

static void walk_match(struct gathering *g, size_t at, enum phase phase)
{
    if (g->matches->list[at].half) {
        if (phase != PHASE_FOLD)
            walk_halves(g, at);
        return;
    }
    struct walk w = walk_of(g, at);
    if (w.span.begin < w.span.end)
        walk_posts(g, &w, phase);
    if (phase != PHASE_FOLD && g->segment->len[SECTION_ALONE] > 0)
        walk_alone(g, at, w);
}

/* The cells of the first documents of a list will be wanted. */
static void expect(const struct gathering *g, size_t at, size_t end)
{
    if (at >= end)
        return;
    struct walk w = { .posts = section(g->segment, SECTION_POSTS), .span = g->spans[at] };
    for (uint32_t i = w.span.begin; i < w.span.end && i < w.span.begin + EXPECTED; i++) {
        uint32_t cell = post(&w, i) >> 6;
        __builtin_prefetch(&g->out->cells[cell < g->out->cell_count ? cell : 0], 1);
    }
}

static void walk_unit(struct gathering *g, size_t unit, enum phase phase)
{
    size_t end = g->matches->begin[unit + 1];
    for (size_t i = g->matches->begin[unit]; i < end; i++) {
        const struct match *match = &g->matches->list[i];
        expect(g, i + AHEAD, end);
        if (match->share == SHARE_NONE && !stands_beside(g, match))
            walk_match(g, i, phase);
    }
}

/* A token like several words is one word of theirs: it meets only what another token met. A name
 * that has it twice stands in ALONE. */
static void walk_shared(struct gathering *g)
{
    for (size_t i = 0; i < g->matches->count; i++) {
        const struct match *match = &g->matches->list[i];
        if (match->share != SHARE_FIRST || stands_beside(g, match))
            continue;
        walk_match(g, i, PHASE_MARK);
        walk_match(g, i, PHASE_FOLD);
    }
}

/* Where the documents of a unit's matches stand, and how many they are. A half that is not the
 * rarer one, and what reaches no range whatever else agrees, have none. */
static uint64_t find_spans(struct gathering *g, size_t unit)
{
    uint64_t total = 0;
    uint64_t posts = g->segment->len[SECTION_POSTS] / 4;
    for (size_t i = g->matches->begin[unit]; i < g->matches->begin[unit + 1]; i++) {
        const struct match *match = &g->matches->list[i];
        struct walk w = walk_of(g, i);
        if ((match->half && match->other_end == 0) || match->share == SHARE_AGAIN ||
            w.weight + w.rest + w.bonus < g->least)
            continue;
        g->spans[i] = section_span(g->segment, SECTION_POSTS_AT, match->token, posts);
        __builtin_prefetch(w.posts + 4 * (size_t)g->spans[i].begin);
        __builtin_prefetch(section(g->segment, SECTION_ALONE_AT) + 4 * (size_t)match->token);
        total +=
            match->half || match->share != SHARE_NONE ? 0 : g->spans[i].end - g->spans[i].begin;
    }
    return total;
}

static int32_t least_need(const struct candidates *c)
{
    int32_t least = INT32_MAX;
    for (size_t r = 0; r < c->range_count; r++)
        least = c->ranges[r].need < least ? c->ranges[r].need : least;
    return least;
}

static void gather_names(struct gathering *g)
{
    const struct plan *plan = g->plan;
    size_t largest = SIZE_MAX;
    uint64_t most = 0;
    find_caps(g);
    find_rests(g);
    g->least = least_need(g->out);
    for (size_t u = 0; u < plan->unit_count; u++) {
        uint64_t total = find_spans(g, u);
        if (!plan->units[u].joined && says(&plan->units[u]) && total >= most) {
            most = total;
            largest = u;
        }
    }
    walk_shared(g);
    for (size_t u = 0; u < plan->unit_count; u++) {
        if (u == largest)
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
        if (key.len == 0 || id->partial)
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
    size_t cells = (s->named_count + 63) / 64;
    struct gathering g = { .plan = plan, .matches = matches, .segment = s, .out = out };
    *out = (struct candidates){ .cell_count = cells };
    if (!gather_identifiers(s, plan->asked->query, arena, out))
        return arena_check(arena);
    if (plan->unit_count == 0 || matches->count == 0) {
        out->cell_count = 0;
        return err_none();
    }
    gather_ranges(s, plan, out);
    out->cells = ARENA_ARRAY(arena, struct cell, cells);
    out->filled = ARENA_ARRAY(arena, uint64_t, (cells + 63) / 64);
    g.spans = ARENA_ARRAY(arena, struct span, matches->count);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    gather_names(&g);
    return err_none();
}

/* The first bit from `at` on; `count` when there is none. */
static size_t next_bit(const uint64_t *bits, size_t at, size_t count)
{
    if (at >= count)
        return count;
    uint64_t here = bits[at / 64] & UINT64_MAX << at % 64;
    for (size_t word = at / 64; here == 0;) {
        if (++word >= (count + 63) / 64)
            return count;
        here = bits[word];
        at = 64 * word;
    }
    return at / 64 * 64 + (size_t)__builtin_ctzll(here);
}

bool candidates_next(const struct candidates *c, uint32_t *doc, uint32_t end)
{
    size_t cell = *doc / 64;
    if (cell >= c->cell_count || *doc >= end)
        return false;
    uint64_t here = c->cells[cell].found & UINT64_MAX << *doc % 64;
    while (here == 0) {
        cell = next_bit(c->filled, cell + 1, c->cell_count);
        if (cell >= c->cell_count)
            return false;
        here = c->cells[cell].found;
    }
    *doc = (uint32_t)(64 * cell) + (uint32_t)__builtin_ctzll(here);
    return *doc < end;
}

void candidates_drop(struct candidates *c, uint32_t doc)
{
    if (doc / 64 < c->cell_count)
        c->cells[doc / 64].found &= ~(UINT64_C(1) << doc % 64);
}
