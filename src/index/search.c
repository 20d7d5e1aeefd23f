#include <assert.h>

#include "index/gather.h"
#include "index/score.h"

/* Above this many visible candidates the query says too little: the answer is "too common". */
enum { COMPARED_MAX = 20000, PER_SLOT = 64, PER_MATCH = 8, FIXED_ROOM = 1 << 20 };

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
    size_t compared;
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
    if (low < set->count && set->numbers[low] == number)
        return true;
    if (number < set->first || number - set->first >= set->bit_count)
        return false;
    uint64_t bit = number - set->first;
    return (set->bits[bit / 64] >> bit % 64 & 1) != 0;
}

static bool is_visible(const struct index_filter *filter, uint64_t kinds, const struct row *row)
{
    if (kinds != 0 && (row->kind >= 64 || (kinds >> row->kind & 1) == 0))
        return false;
    if (filter->groups_opt != NULL &&
        (row->group >= filter->group_count ||
         (filter->groups_opt[row->group / 64] >> row->group % 64 & 1) == 0))
        return false;
    if (index_set_has(&filter->dead, row->number))
        return false;
    return !filter->restricted || index_set_has(&filter->entitled, row->number);
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

/* The most that the document can score, from its row and the evidence of its words. */
static int32_t bound(const struct asked *asked, const struct candidate *c, const struct row *row)
{
    const struct index_query *query = asked->query;
    int32_t name = c->evidence + compare_slack(asked, row->light);
    if (name < NAME_MIN)
        return 0;
    return name + compare_birth_weight(&query->birth, &row->birth) +
           compare_sex_weight(query->sex, row->sex) +
           (query->nationality_count > 0 ? WEIGHT_NATIONALITY_AGREE : 0);
}

static struct err compare_candidate(const struct index_segment *segment, const struct asked *asked,
                                    struct arena *arena, struct ranked one, struct ranking *ranking)
{
    size_t mark = arena->used;
    struct index_doc doc;
    struct verdict verdict;
    struct err e = segment_doc(segment, one.doc, arena, &doc);
    if (e.code == ERR_LIMIT)
        return e;
    if (!failed(e))
        compare_doc(asked, &doc, NULL, NULL, &verdict);
    arena_rewind(arena, mark);
    if (failed(e)) {
        ranking->damaged = true;
        return err_none();
    }
    ranking->compared++;
    if (verdict.band == INDEX_NONE)
        return err_none();
    one.score = verdict.score;
    one.band = verdict.band;
    rank(ranking, one);
    return err_none();
}

static struct err search_segment(const struct index_segment *segments, uint32_t which,
                                 const struct index_filter *filter, const struct asked *asked,
                                 struct arena *arena, struct ranking *ranking)
{
    const struct index_segment *segment = &segments[which];
    size_t mark = arena->used;
    struct candidates found;
    struct err e = gather(segment, asked, arena, &found);
    for (uint32_t i = 0; !failed(e) && i < found.slot_count; i++) {
        const struct candidate *c = &found.slots[i];
        if (c->doc == 0 || ranking->compared > COMPARED_MAX)
            continue;
        struct row row = segment_row(segment, c->doc - 1);
        if (!c->identified && bound(asked, c, &row) < BAND_WEAK)
            continue;
        if (!is_visible(filter, asked->query->kinds, &row))
            continue;
        struct ranked one = { row.number, 0, INDEX_NONE, which, c->doc - 1 };
        e = compare_candidate(segment, asked, arena, one, ranking);
    }
    arena_rewind(arena, mark);
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
    int32_t best = asked->name.count > 0 ? WEIGHT_COMPLETE : 0;
    for (size_t i = 0; i < asked->name.count; i++)
        best += asked->name.token[i].weight;
    best += query->birth.quality != INDEX_BIRTH_UNKNOWN
                ? compare_birth_weight(&query->birth, &query->birth)
                : 0;
    best += query->sex != INDEX_SEX_UNKNOWN ? WEIGHT_SEX_AGREE : 0;
    best += query->nationality_count > 0 ? WEIGHT_NATIONALITY_AGREE : 0;
    return best + (int32_t)query->identifier_count * WEIGHT_IDENTIFIER;
}

static uint32_t missing_fields(const struct index_query *query)
{
    uint32_t fields = 0;
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

static struct err answer(const struct index_segment *segments, size_t count,
                         const struct asked *asked, const struct ranking *ranking,
                         struct arena *arena, struct index_answer *out)
{
    struct index_answer a = { .score_version = INDEX_SCORE_VERSION,
                              .segment_count = (uint32_t)count };
    for (size_t i = 0; i < count; i++)
        a.doc_count += segments[i].doc_count;
    bool flooded = ranking->compared > COMPARED_MAX;
    a.too_common = flooded || ranking->shown > ranking->count || best_possible(asked) < BAND_WEAK;
    a.narrow = a.too_common ? missing_fields(asked->query) : 0;
    a.hit_count = flooded ? 0 : ranking->count;
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
    size_t room = query->hits_max > 0 ? query->hits_max : INDEX_HITS_DEFAULT;
    struct ranking ranking = { .room = room };
    ranking.list = ARENA_ARRAY(arena, struct ranked, room);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    e = asked_make(query, asked);
    for (uint32_t i = 0; !failed(e) && i < count; i++)
        e = search_segment(segments, i, filter, asked, arena, &ranking);
    if (failed(e))
        return e;
    return answer(segments, count, asked, &ranking, arena, out);
}

size_t index_search_room(const struct index_segment *segments, size_t count,
                         const struct index_query *query)
{
    size_t hits = query->hits_max > 0 ? query->hits_max : INDEX_HITS_DEFAULT;
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        /* a table of twice the documents, its smaller ancestors, one unit's words at a time */
        size_t need = (size_t)segments[i].doc_count * PER_SLOT +
                      (size_t)segments[i].token_count * 2 * INDEX_TOKENS_MAX * PER_MATCH;
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

struct err index_compare_docs(const struct index_doc *a, const struct index_doc *b,
                              struct bytes frequency, struct arena *arena, struct index_hit *out)
{
    struct index_query query = {
        .birth = a->birth,
        .sex = a->sex,
        .nationalities = a->nationalities,
        .nationality_count = a->nationality_count,
        .identifiers = a->identifiers,
        .identifier_count = a->identifier_count < INDEX_QUERY_IDENTIFIERS_MAX
                                ? a->identifier_count
                                : INDEX_QUERY_IDENTIFIERS_MAX,
        .frequency = frequency,
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
