#include <assert.h>

#include "index/find/gather.h"
#include "index/score/pattern.h"
#include "index/find/quick.h"

/* Above this many visible hits the query says too little: the answer is "too common". */
enum { FLOOD = 20000, PER_MATCH = 72, FIXED_ROOM = 2 << 20 };

struct ranked {
    uint64_t number;
    int32_t score;
    enum index_band band;
    uint32_t segment;
    uint32_t doc;
};

struct ranking { /* the best, and how many there were */
    struct ranked *list;
    size_t count;
    size_t room;
    size_t shown; /* strong or possible */
    size_t weak;
    bool damaged; /* a document could not be read */
};

bool index_set_has(const struct index_set *set, uint64_t number)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (set->numbers[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low < set->count && set->numbers[low] == number;
}

static bool is_visible(const struct index_filter *filter, uint64_t kinds, const struct row *row)
{
    if (kinds != 0 && (row->kind >= 64 || (kinds >> row->kind & 1) == 0))
        return false;
    if (filter->groups_opt != NULL &&
        (row->group >= filter->group_count ||
         (filter->groups_opt[row->group / 64] >> row->group % 64 & 1) == 0))
        return false;
    return !index_set_has(&filter->dead, row->number);
}

static bool before(const struct ranked *a, const struct ranked *b)
{
    if (a->band != b->band)
        return a->band > b->band;
    if (a->score != b->score)
        return a->score > b->score;
    return a->number > b->number;
}

static void rank(struct ranking *ranking, struct ranked one)
{
    ranking->shown += one.band >= INDEX_POSSIBLE;
    ranking->weak += one.band == INDEX_WEAK;
    if (ranking->count == ranking->room) {
        if (!before(&one, &ranking->list[ranking->count - 1]))
            return;
        ranking->count--;
    }
    size_t at = ranking->count++;
    for (; at > 0 && before(&one, &ranking->list[at - 1]); at--)
        ranking->list[at] = ranking->list[at - 1];
    ranking->list[at] = one;
}

static struct err compare_whole(const struct index_segment *segment, const struct asked *asked,
                                uint32_t doc, struct arena *arena, struct verdict *out,
                                bool *damaged)
{
    size_t mark = arena->used;
    struct index_doc whole;
    struct err e = segment_doc(segment, doc, arena, &whole);
    *out = (struct verdict){ .band = INDEX_NONE };
    if (!failed(e))
        compare_doc(asked, &whole, NULL, NULL, out);
    arena_rewind(arena, mark);
    if (!failed(e) || e.code == ERR_LIMIT)
        return e;
    *damaged = true;
    return err_none();
}

struct searching { /* one segment */
    const struct index_segment *segment;
    uint32_t which;
    const struct index_filter *filter;
    const struct plan *plan;
    struct arena *arena;
    struct ranking *ranking;
    struct quick quick;
};

static struct err take_doc(struct searching *s, uint32_t doc, enum quick_result how,
                           struct verdict verdict)
{
    const struct asked *asked = s->plan->asked;
    struct row row = segment_row(s->segment, doc);
    if (!is_visible(s->filter, asked->query->kinds, &row))
        return err_none();
    if (how == QUICK_WHOLE) {
        struct err e =
            compare_whole(s->segment, asked, doc, s->arena, &verdict, &s->ranking->damaged);
        if (failed(e))
            return e;
    }
    if (verdict.band != INDEX_NONE)
        rank(s->ranking, (struct ranked){ row.number, verdict.score, verdict.band, s->which, doc });
    return err_none();
}

static bool flooded(const struct ranking *ranking)
{
    return ranking->shown + ranking->weak > FLOOD;
}

static struct err take_stride(struct searching *s, const uint32_t *docs, size_t count, int32_t need)
{
    enum quick_result results[QUICK_STRIDE];
    struct verdict verdicts[QUICK_STRIDE];
    struct err e = err_none();
    quick_compare(&s->quick, docs, count, need, results, verdicts);
    for (size_t i = 0; !failed(e) && i < count && !flooded(s->ranking); i++) {
        if (results[i] != QUICK_NONE)
            e = take_doc(s, docs[i], results[i], verdicts[i]);
    }
    return e;
}

static struct err take_range(struct searching *s, const struct candidates *found,
                             const struct birth_range *range)
{
    uint32_t docs[QUICK_STRIDE];
    size_t count = 0;
    for (uint32_t doc = range->begin; candidates_next(found, &doc, range->end); doc++) {
        docs[count++] = doc;
        if (count < QUICK_STRIDE)
            continue;
        struct err e = take_stride(s, docs, count, range->need);
        count = 0;
        if (failed(e) || flooded(s->ranking))
            return e;
    }
    return take_stride(s, docs, count, range->need);
}

/* Documents that share an identifier, which are not looked at again by their names. */
static struct err take_identified(struct searching *s, struct candidates *found)
{
    struct err e = err_none();
    struct verdict none = { .band = INDEX_NONE };
    for (size_t i = 0; !failed(e) && i < found->identified_count && !flooded(s->ranking); i++) {
        uint32_t doc = found->identified[i];
        candidates_drop(found, doc);
        e = take_doc(s, doc, QUICK_WHOLE, none);
    }
    return e;
}

/* Documents that hold a number of which a part was asked, but those that were taken already. */
static struct err take_patterns(struct searching *s, struct candidates *found)
{
    struct patterns patterns;
    struct verdict none = { .band = INDEX_NONE };
    struct err e = err_none();
    size_t taken = 0;
    patterns_of(s->plan->asked->query, &patterns);
    if (patterns.count == 0)
        return e;
    uint32_t doc = patterns_next(s->segment, &patterns, 0);
    for (; !failed(e) && doc < s->segment->doc_count && !flooded(s->ranking);
         doc = patterns_next(s->segment, &patterns, doc + 1)) {
        while (taken < found->identified_count && found->identified[taken] < doc)
            taken++;
        if (taken < found->identified_count && found->identified[taken] == doc)
            continue;
        candidates_drop(found, doc);
        e = take_doc(s, doc, QUICK_WHOLE, none);
    }
    return e;
}

static struct err search_segment(struct searching *s)
{
    size_t mark = s->arena->used;
    struct candidates *found = ARENA_NEW(s->arena, struct candidates);
    struct matches matches;
    struct err e = arena_check(s->arena);
    if (!failed(e))
        e = matches_find(s->segment, s->plan, s->arena, &matches);
    if (!failed(e))
        e = gather(s->plan, &matches, s->arena, found);
    if (!failed(e)) {
        quick_make(s->plan, &matches, &s->quick);
        e = take_identified(s, found);
    }
    if (!failed(e))
        e = take_patterns(s, found);
    for (size_t i = 0; !failed(e) && i < found->range_count; i++)
        e = take_range(s, found, &found->ranges[i]);
    arena_rewind(s->arena, mark);
    return e;
}

static struct err explain(const struct index_segment *segments, const struct asked *asked,
                          const struct ranked *one, struct arena *arena, struct index_hit *out)
{
    struct index_doc doc;
    struct verdict verdict;
    struct reasons reasons;
    struct err e = segment_doc(&segments[one->segment], one->doc, arena, &doc);
    if (failed(e))
        return e;
    compare_doc(asked, &doc, &reasons, arena, &verdict);
    assert(verdict.score == one->score && verdict.band == one->band);
    struct index_reason *copy = ARENA_ARRAY(arena, struct index_reason, reasons.count);
    e = arena_check(arena);
    if (failed(e))
        return e;
    memcpy(copy, reasons.list, reasons.count * sizeof copy[0]);
    *out = (struct index_hit){ .doc = doc.number,
                               .kind = doc.kind,
                               .band = verdict.band,
                               .score = verdict.score,
                               .reason_count = reasons.count,
                               .reasons = copy };
    if (verdict.name < doc.name_count)
        out->name = doc.names[verdict.name];
    return err_none();
}

/* What the whole query would score against its own image. */
static int32_t best_possible(const struct asked *asked)
{
    const struct index_query *query = asked->query;
    const struct score_table *score = asked->score;
    int32_t best = asked->name.count > 0 ? complete_bound(score, true, true, true) : 0;
    for (size_t i = 0; i < asked->name.count; i++)
        best += asked->name.token[i].weight;
    best += query->birth.quality != INDEX_BIRTH_UNKNOWN
                ? compare_birth_weight(score, &query->birth, &query->birth)
                : 0;
    best += query->sex != INDEX_SEX_UNKNOWN ? score->sex_agree : 0;
    best += query->nationality_count > 0 ? score->nationality_agree : 0;
    return best + (int32_t)query->identifier_count * score->identifier;
}

static uint32_t missing_fields(const struct asked *asked)
{
    const struct index_query *query = asked->query;
    uint32_t fields = 0;
    for (size_t i = 0; i < query->identifier_count; i++) {
        if (query->identifiers[i].partial)
            fields = INDEX_FIELD_BIT(INDEX_IDENTIFIER);
    }
    if (fields != 0 && asked->name.count == 0)
        return fields; /* more of the number */
    if (query->birth.quality != INDEX_BIRTH_EXACT)
        fields |= INDEX_FIELD_BIT(INDEX_BIRTH);
    if (query->nationality_count == 0)
        fields |= INDEX_FIELD_BIT(INDEX_NATIONALITY);
    if (query->sex == INDEX_SEX_UNKNOWN)
        fields |= INDEX_FIELD_BIT(INDEX_SEX);
    if (query->identifier_count == 0)
        fields |= INDEX_FIELD_BIT(INDEX_IDENTIFIER);
    return fields;
}

static struct err answer(const struct index_segment *segments, const struct asked *asked,
                         const struct ranking *ranking, struct arena *arena,
                         struct index_answer *out)
{
    struct index_answer a = { .score_version = (uint32_t)asked->score->version };
    bool flood = flooded(ranking);
    a.too_common =
        flood || ranking->shown > ranking->count || best_possible(asked) < asked->score->band_weak;
    a.narrow = a.too_common ? missing_fields(asked) : 0;
    a.hit_count = flood ? 0 : ranking->count;
    struct index_hit *hits = ARENA_ARRAY(arena, struct index_hit, a.hit_count);
    struct err e = arena_check(arena);
    size_t weak_shown = 0;
    for (size_t i = 0; !failed(e) && i < a.hit_count; i++) {
        weak_shown += ranking->list[i].band == INDEX_WEAK;
        e = explain(segments, asked, &ranking->list[i], arena, &hits[i]);
    }
    if (failed(e))
        return e;
    a.damaged = ranking->damaged;
    a.weak_left_out = ranking->weak - weak_shown;
    a.hits = hits;
    *out = a;
    return err_none();
}

struct err index_search(const struct index_segment *segments, size_t count,
                        const struct index_filter *filter, const struct index_query *query,
                        struct arena *arena, struct index_answer *out)
{
    if (count > INDEX_SEGMENTS_MAX)
        return err_make(ERR_LIMIT, "index.too-many-segments");
    struct asked *asked = ARENA_NEW(arena, struct asked);
    struct plan *plan = ARENA_NEW(arena, struct plan);
    size_t room = query->hits_max > 0 ? query->hits_max : INDEX_HITS_DEFAULT;
    struct ranking ranking = { .room = room };
    ranking.list = ARENA_ARRAY(arena, struct ranked, room);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    e = asked_make(query, asked);
    if (!failed(e))
        e = plan_make(asked, arena, plan);
    if (!failed(e))
        gather_births(asked, &plan->births);
    for (uint32_t i = 0; !failed(e) && i < count && !flooded(&ranking); i++) {
        struct searching searching = { &segments[i], i, filter, plan, arena, &ranking, { 0 } };
        e = search_segment(&searching);
    }
    if (failed(e))
        return e;
    return answer(segments, asked, &ranking, arena, out);
}

size_t index_search_room(const struct index_segment *segments, size_t count,
                         const struct index_query *query)
{
    size_t hits = query->hits_max > 0 ? query->hits_max : INDEX_HITS_DEFAULT;
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        /* three bits a document, a growing table of the words that match, documents by identifier
         */
        size_t need = (size_t)segments[i].named_count / 2 +
                      (size_t)segments[i].token_count * UNITS_MAX * PER_MATCH +
                      (size_t)segments[i].bucket_count * BUCKET_SLOTS * 8;
        room = need > room ? need : room;
    }
    size_t per_hit = sizeof(struct index_reason) * INDEX_REASONS_MAX + 32 * 1024;
    return FIXED_ROOM + room + hits * per_hit;
}

/* -------------------------------------------------------------------- without an index */

struct err index_compare(const struct index_query *query, const struct index_doc *doc,
                         struct arena *arena, struct index_hit *out)
{
    struct asked *asked = ARENA_NEW(arena, struct asked);
    struct reasons *reasons = ARENA_NEW(arena, struct reasons);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    e = asked_make(query, asked);
    if (failed(e))
        return e;
    struct verdict verdict;
    compare_doc(asked, doc, reasons, arena, &verdict);
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = (struct index_hit){ .doc = doc->number,
                               .kind = doc->kind,
                               .band = verdict.band,
                               .score = verdict.score,
                               .reason_count = reasons->count,
                               .reasons = reasons->list };
    if (verdict.name < doc->name_count)
        out->name = doc->names[verdict.name];
    return err_none();
}

static bool speaks(const struct index_identifier *one, const struct index_doc *doc,
                   const struct score_table *score)
{
    for (size_t i = 0; i < doc->identifier_count; i++) {
        const struct index_identifier *other = &doc->identifiers[i];
        if (other->cls == one->cls && identifier_compare(score, one, other).weight > 0)
            return true;
    }
    return false;
}

/* As many numbers as a query may have: those that `b` has first, so that what is left over is what
 * it knows nothing of. */
static size_t choose_identifiers(const struct index_doc *a, const struct index_doc *b,
                                 const struct score_table *score,
                                 struct index_identifier out[static INDEX_QUERY_IDENTIFIERS_MAX])
{
    size_t count = 0;
    for (int held = 1; held >= 0; held--) {
        for (size_t i = 0; i < a->identifier_count && count < INDEX_QUERY_IDENTIFIERS_MAX; i++) {
            if (speaks(&a->identifiers[i], b, score) == (held == 1))
                out[count++] = a->identifiers[i];
        }
    }
    return count;
}

struct err index_compare_docs(const struct index_doc *a, const struct index_doc *b,
                              const struct index_scoring *scoring, struct arena *arena,
                              struct index_hit *out)
{
    const struct score_table *score = score_table(scoring->version);
    struct index_identifier chosen[INDEX_QUERY_IDENTIFIERS_MAX];
    bool many = a->identifier_count > INDEX_QUERY_IDENTIFIERS_MAX && score != NULL;
    size_t count = many ? choose_identifiers(a, b, score, chosen) : a->identifier_count;
    struct index_query query = {
        .birth = a->birth,
        .sex = a->sex,
        .nationalities = a->nationalities,
        .nationality_count = a->nationality_count,
        .identifiers = many ? chosen : a->identifiers,
        .identifier_count = count,
        .scoring = *scoring,
    };
    struct index_hit best = { .score = INT32_MIN };
    struct err last = err_make(ERR_INVALID, "index.query-empty");
    for (size_t i = 0; i <= a->name_count; i++) {
        struct index_hit hit;
        if (i < a->name_count)
            query.name = a->names[i];
        else if (a->name_count > 0)
            break;
        struct err e = index_compare(&query, b, arena, &hit);
        if (failed(e))
            last = e;
        else if (hit.score > best.score)
            best = hit;
    }
    if (best.score == INT32_MIN)
        return last;
    *out = best;
    return err_none();
}
