#include "index/gather.h"

#include "index/frequency.h"
#include "index/identifier.h"
#include "index/score.h"

enum { SLOTS_FIRST = 256, UNITS_MAX = 2 * INDEX_TOKENS_MAX };

struct search {
    const struct index_segment *segment;
    const struct asked *asked;
    struct arena *arena;
    struct candidates found;
    uint64_t *seen; /* bit per token: met by this unit */
    uint8_t unit;   /* number of the one at work, 1 first */
};

/* -------------------------------------------------------------------------- candidates */

static struct candidate *slot_of(const struct candidates *c, uint32_t doc)
{
    uint32_t slot = (uint32_t)((doc + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    for (slot &= c->slot_count - 1; c->slots[slot].doc != 0 && c->slots[slot].doc != doc + 1;)
        slot = (slot + 1) & (c->slot_count - 1);
    return &c->slots[slot];
}

static bool grow(struct candidates *c, struct arena *arena)
{
    struct candidates bigger = { .slot_count = c->slot_count * 2, .used = c->used };
    bigger.slots = ARENA_ARRAY(arena, struct candidate, bigger.slot_count);
    if (bigger.slots == NULL)
        return false;
    for (uint32_t i = 0; i < c->slot_count; i++) {
        if (c->slots[i].doc != 0)
            *slot_of(&bigger, c->slots[i].doc - 1) = c->slots[i];
    }
    *c = bigger;
    return true;
}

/* The document's slot, made if need be; NULL: no room. */
static struct candidate *meet(struct search *s, uint32_t doc)
{
    struct candidate *slot = slot_of(&s->found, doc);
    if (slot->doc != 0)
        return slot;
    if (2 * s->found.used >= s->found.slot_count) {
        if (!grow(&s->found, s->arena))
            return NULL;
        slot = slot_of(&s->found, doc);
    }
    slot->doc = doc + 1;
    s->found.used++;
    return slot;
}

/* ------------------------------------------------------------------------- identifiers */

static bool probe(struct search *s, uint64_t hash)
{
    const struct index_segment *segment = s->segment;
    uint32_t bucket = (uint32_t)((hash >> 32) * segment->bucket_count >> 32);
    for (uint32_t steps = 0; steps < segment->bucket_count; steps++) {
        const uint8_t *line = section(segment, SECTION_BUCKETS) + (size_t)bucket * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            uint32_t tag = load_u32(line + 4 * slot);
            if (tag == 0)
                return true;
            if (tag != ((uint32_t)hash | 1))
                continue;
            uint32_t doc = load_u32(line + 32 + 4 * slot);
            struct candidate *c = doc < segment->doc_count ? meet(s, doc) : NULL;
            if (c == NULL && doc < segment->doc_count)
                return false;
            if (c != NULL)
                c->identified = true;
        }
        bucket = bucket + 1 == segment->bucket_count ? 0 : bucket + 1;
    }
    return true;
}

static bool gather_identifiers(struct search *s)
{
    const struct index_query *query = s->asked->query;
    bool room = true;
    for (size_t i = 0; i < query->identifier_count && s->segment->bucket_count > 0; i++) {
        const struct index_identifier *id = &query->identifiers[i];
        struct key key = identifier_key(id);
        if (key.len == 0)
            continue;
        room = room && probe(s, key_hash(id->cls, &key));
        for (size_t at = 0; key.len >= INDEX_SWAP_LEN_MIN && at + 1 < key.len; at++) {
            struct key swapped = key;
            if (key_swap(&swapped, at))
                room = room && probe(s, key_hash(id->cls, &swapped));
        }
    }
    return room;
}

/* ------------------------------------------------------------------------------- names */

/* Begin and end of the entries of one key. */
static void key_range(const struct index_segment *segment, uint32_t key, uint32_t *begin_out,
                      uint32_t *end_out)
{
    const uint8_t *keys = section(segment, SECTION_KEYS);
    uint32_t top = key >> (32 - segment->key_bits);
    struct span span = section_span(segment, SECTION_KEYS_AT, top, segment->key_count);
    uint32_t at = span.begin;
    uint32_t end = span.end;
    while (at < end && load_u32(keys + 8 * (size_t)at + 4) < key)
        at++;
    *begin_out = at;
    while (at < end && load_u32(keys + 8 * (size_t)at + 4) == key)
        at++;
    *end_out = at;
}

/* `weight` for every document of the token that this unit has not met with more. */
static bool add_posts(struct search *s, uint32_t token, int32_t weight)
{
    struct span span =
        section_span(s->segment, SECTION_POSTS_AT, token, s->segment->len[SECTION_POSTS] / 4);
    for (uint32_t at = span.begin; at < span.end; at++) {
        uint32_t doc = section_u32(s->segment, SECTION_POSTS, at);
        if (doc >= s->segment->named_count)
            continue;
        struct candidate *c = meet(s, doc);
        if (c == NULL)
            return false;
        if (c->unit == s->unit)
            continue;
        c->unit = s->unit;
        c->evidence = (uint16_t)(c->evidence + weight);
    }
    return true;
}

struct matches { /* tokens of the dictionary like one unit */
    size_t count;
    uint32_t *tokens;
    int16_t *weights;
};

static size_t collect_tokens(struct search *s, const uint32_t *keys, size_t key_count,
                             uint32_t *tokens)
{
    size_t count = 0;
    for (size_t k = 0; k < key_count; k++) {
        uint32_t at = 0;
        uint32_t end = 0;
        key_range(s->segment, keys[k], &at, &end);
        for (; at < end; at++) {
            uint32_t token = load_u32(section(s->segment, SECTION_KEYS) + 8 * (size_t)at);
            uint64_t bit = UINT64_C(1) << (token & 63);
            if (token >= s->segment->token_count || (s->seen[token >> 6] & bit) != 0)
                continue;
            s->seen[token >> 6] |= bit;
            tokens[count++] = token;
        }
    }
    for (size_t i = 0; i < count; i++)
        s->seen[tokens[i] >> 6] = 0;
    return count;
}

static size_t count_entries(const struct search *s, const uint32_t *keys, size_t key_count)
{
    size_t count = 0;
    for (size_t k = 0; k < key_count; k++) {
        uint32_t at = 0;
        uint32_t end = 0;
        key_range(s->segment, keys[k], &at, &end);
        count += end - at;
    }
    return count < s->segment->token_count ? count : s->segment->token_count;
}

/* Tokens with a common key that truly are like the unit, with what that is worth. */
static bool find_matches(struct search *s, const struct token *unit, struct matches *out)
{
    uint32_t keys[KEYS_MAX];
    size_t key_count = token_keys(unit, keys);
    size_t room = count_entries(s, keys, key_count);
    struct matches m = { 0, ARENA_ARRAY(s->arena, uint32_t, room),
                         ARENA_ARRAY(s->arena, int16_t, room) };
    if (m.tokens == NULL || m.weights == NULL)
        return false;
    size_t met = collect_tokens(s, keys, key_count, m.tokens);
    for (size_t i = 0; i < met; i++) {
        struct token token;
        uint32_t id = m.tokens[i];
        if (failed(token_read(segment_token(s->segment, id), &token)) || token.initial)
            continue; /* compare_slack counts initials */
        struct likeness l = token_likeness(unit, &token);
        if (l.weight <= 0)
            continue;
        token.weight = frequency_weight(s->asked->query->frequency, &token);
        l = token_weigh(l, unit, &token);
        m.tokens[m.count] = id;
        m.weights[m.count++] = l.weight;
    }
    *out = m;
    return true;
}

/* The heaviest first, so that a document is credited with its best word. */
static bool add_matches(struct search *s, const struct matches *m)
{
    int16_t below = INT16_MAX;
    for (;;) {
        int16_t level = 0;
        for (size_t i = 0; i < m->count; i++) {
            if (m->weights[i] < below && m->weights[i] > level)
                level = m->weights[i];
        }
        if (level == 0)
            return true;
        for (size_t i = 0; i < m->count; i++) {
            if (m->weights[i] == level && !add_posts(s, m->tokens[i], level))
                return false;
        }
        below = level;
    }
}

/* Tokens whose first tight fold is the half of a unit; the rarer half carries the evidence. */
static bool add_halves(struct search *s, const struct token *unit)
{
    const struct letters *form = &unit->form[0];
    for (uint8_t cut = 2; unit->form_count > 0 && cut + 2 <= form->len; cut++) {
        struct letters half[2] = { { 0 }, { 0 } };
        uint32_t begin[2];
        uint32_t end[2];
        letters_add(&half[0], form->at, cut);
        letters_add(&half[1], form->at + cut, (size_t)(form->len - cut));
        for (size_t h = 0; h < 2; h++) {
            struct letters tight;
            fold_tight(&half[h], &tight);
            key_range(s->segment, token_tight_key(&tight), &begin[h], &end[h]);
        }
        if (begin[0] == end[0] || begin[1] == end[1])
            continue;
        size_t rarer = end[0] - begin[0] <= end[1] - begin[1] ? 0 : 1;
        for (uint32_t at = begin[rarer]; at < end[rarer]; at++) {
            uint32_t token = load_u32(section(s->segment, SECTION_KEYS) + 8 * (size_t)at);
            if (token >= s->segment->token_count)
                continue;
            if (!add_posts(s, token, unit->weight * SPLIT_PERCENT / 100))
                return false;
        }
    }
    return true;
}

static bool gather_unit(struct search *s, const struct token *unit, bool single)
{
    struct matches m;
    s->unit++;
    if (unit->initial || (single && unit->word != WORD_NAME))
        return true; /* compare_slack counts them */
    if (!find_matches(s, unit, &m) || !add_matches(s, &m))
        return false;
    if (!single)
        return true;
    s->unit++;
    return add_halves(s, unit);
}

struct err gather(const struct index_segment *segment, const struct asked *asked,
                  struct arena *arena, struct candidates *out)
{
    struct search s = { .segment = segment, .asked = asked, .arena = arena };
    s.found.slot_count = SLOTS_FIRST;
    s.found.slots = ARENA_ARRAY(arena, struct candidate, SLOTS_FIRST);
    s.seen = ARENA_ARRAY(arena, uint64_t, segment->token_count / 64 + 1);
    bool room = s.found.slots != NULL && s.seen != NULL && gather_identifiers(&s);
    for (size_t i = 0; room && i < asked->name.count; i++) {
        room = gather_unit(&s, &asked->name.token[i], true);
        if (room && i + 1u < asked->name.count)
            room = gather_unit(&s, &asked->joined[i], false);
    }
    if (!room)
        return arena_check(arena);
    *out = s.found;
    return err_none();
}
