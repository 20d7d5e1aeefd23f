#include "index/find/matches.h"

#include "index/names/frequency.h"

enum { MET_MAX = 1024, SLOTS_FIRST = 1024, LATELY = 4096, TOKEN_USUAL = 56 };

/* -------------------------------------------------------------------------------- the plan */

/* The keys by which token_likeness_joined finds. */
static size_t keep_written(uint32_t *keys, uint8_t *kinds, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kinds[i] != KEY_TIGHT && kinds[i] != KEY_OTHER)
            continue;
        keys[kept] = keys[i];
        kinds[kept++] = kinds[i];
    }
    return kept;
}

static struct err make_unit(const struct token *token, uint8_t first, bool joined,
                            struct arena *arena, struct unit *out)
{
    uint32_t keys[KEYS_MAX];
    uint8_t kinds[KEYS_MAX];
    size_t count = token->initial ? 0 : token_asks(token, keys, kinds);
    if (joined)
        count = keep_written(keys, kinds, count);
    uint32_t *key_copy = ARENA_ARRAY(arena, uint32_t, count);
    uint8_t *kind_copy = ARENA_ARRAY(arena, uint8_t, count);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    memcpy(key_copy, keys, count * sizeof keys[0]);
    memcpy(kind_copy, kinds, count);
    *out = (struct unit){ .token = token,
                          .first = first,
                          .joined = joined,
                          .key_count = (uint32_t)count,
                          .keys = key_copy,
                          .kinds = kind_copy };
    for (size_t i = 0; i < token->form_count; i++) {
        pattern_make(&token->form[i], &out->form[i]);
        pattern_make(&token->tight[i], &out->tight[i]);
    }
    return err_none();
}

struct err plan_make(const struct asked *asked, struct arena *arena, struct plan *out)
{
    size_t words = asked->name.count;
    out->asked = asked;
    out->unit_count = 0;
    out->units = ARENA_ARRAY(arena, struct unit, words > 0 ? 2 * words - 1 : 0);
    struct err e = arena_check(arena);
    for (uint8_t i = 0; !failed(e) && i < asked->name.count; i++)
        e = make_unit(&asked->name.token[i], i, false, arena, &out->units[out->unit_count++]);
    for (uint8_t i = 0; !failed(e) && i + 1 < asked->name.count; i++)
        e = make_unit(&asked->joined[i], i, true, arena, &out->units[out->unit_count++]);
    return e;
}

/* ------------------------------------------------------------------------------- the table */

static uint32_t slot_of(const struct matches *m, uint32_t token)
{
    uint32_t slot = (uint32_t)(token * UINT64_C(0x9e3779b97f4a7c15) >> 32) & m->mask;
    while (m->slots[slot] != 0 && m->list[m->slots[slot] - 1].token != token)
        slot = (slot + 1) & m->mask;
    return slot;
}

const struct match *matches_of(const struct matches *m, uint32_t token)
{
    uint32_t at = m->slots[slot_of(m, token)];
    return at == 0 ? NULL : &m->list[at - 1];
}

static bool grow(struct matches *m, struct arena *arena)
{
    size_t room = m->room == 0 ? SLOTS_FIRST / 2 : 2 * m->room;
    struct match *list = ARENA_ARRAY(arena, struct match, room);
    uint32_t *slots = ARENA_ARRAY(arena, uint32_t, 2 * room);
    if (list == NULL || slots == NULL)
        return false;
    if (m->count > 0)
        memcpy(list, m->list, m->count * sizeof list[0]);
    m->list = list;
    m->slots = slots;
    m->room = room;
    m->mask = (uint32_t)(2 * room - 1);
    for (size_t i = 0; i < m->count; i++) { /* the first of each token leads */
        uint32_t slot = slot_of(m, list[i].token);
        if (slots[slot] == 0)
            slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

/* Behind the others of its token. */
static void chain(struct matches *m, struct match *first, struct match *added, uint32_t place)
{
    struct match *last = first;
    for (;; last = &m->list[last->next - 1]) {
        if (!added->half && !last->half && last->share != SHARE_AGAIN) {
            last->share = SHARE_FIRST;
            added->share = SHARE_AGAIN;
        }
        if (last->next == 0)
            break;
    }
    last->next = place;
}

static bool add(struct matches *m, struct arena *arena, struct match match)
{
    if (m->count == m->room && !grow(m, arena))
        return false;
    uint32_t slot = slot_of(m, match.token);
    __builtin_prefetch(section(m->segment, SECTION_POSTS_AT) + 4 * (size_t)match.token);
    struct match *added = &m->list[m->count];
    *added = match;
    m->script = m->script || match.likeness.script;
    uint32_t place = (uint32_t)++m->count;
    if (m->slots[slot] == 0)
        m->slots[slot] = place;
    else
        chain(m, &m->list[m->slots[slot] - 1], added, place);
    return true;
}

static bool has(const struct matches *m, uint32_t token, size_t unit)
{
    const struct match *match = matches_of(m, token);
    for (; match != NULL; match = matches_next(m, match)) {
        if (match->unit == unit && !match->half)
            return true;
    }
    return false;
}

/* --------------------------------------------------------------- looking at the dictionary */

/* How far a form or tight fold of the dictionary may be from one of ours, to be looked at whole. */
static bool near_enough(const struct pattern *ours, const char *letters, size_t len,
                        enum key_kind kind)
{
    unsigned longer = ours->len > len ? ours->len : (unsigned)len;
    unsigned shorter = ours->len > len ? (unsigned)len : ours->len;
    switch (kind) {
    case KEY_RAW:
        return pattern_distance(ours, letters, len, 2) <= 2;
    case KEY_TIGHT:
        return pattern_distance(ours, letters, len, 1) <= 1;
    case KEY_SOUND:
        return pattern_distance(ours, letters, len, FORM_MAX) <= token_sound_far(shorter);
    case KEY_CROSS:
        return 100 * pattern_distance(ours, letters, len, FORM_MAX) < TOKEN_APART_MAX * longer;
    case KEY_OTHER:
        break;
    }
    return true;
}

/* What shares a key of this kind may be like the unit for it; if not, another key will show it. */
static bool may_match(const struct unit *unit, enum key_kind kind, struct bytes token)
{
    const struct pattern *ours = kind == KEY_RAW ? unit->form : unit->tight;
    struct token_forms forms = token_forms(token);
    struct text form;
    struct text tight;
    if (kind == KEY_OTHER)
        return true;
    while (token_forms_next(&forms, &form, &tight)) {
        struct text theirs = kind == KEY_RAW ? form : tight;
        for (size_t k = 0; k < unit->token->form_count; k++) {
            if (near_enough(&ours[k], theirs.data, theirs.len, kind))
                return true;
        }
    }
    return false;
}

struct finding {
    const struct plan *plan;
    struct matches *matches;
    struct arena *arena;
    size_t unit;
    size_t met_count;
    uint64_t lately[LATELY]; /* kind and token met by this unit, + 1: most are met more than once */
    struct {
        uint32_t token;
        uint8_t kind;
    } met[MET_MAX];
};

/* Keys of sound are asked for last, so what they show first is like by its sound alone. */
static bool take_token(struct finding *f, uint32_t id, enum key_kind kind)
{
    const struct unit *unit = &f->plan->units[f->unit];
    struct token token;
    if (failed(token_read(segment_token(f->matches->segment, id), &token)) || token.initial)
        return true; /* compare_slack counts initials */
    const struct score_table *score = f->plan->asked->score;
    bool heard = kind == KEY_CROSS || kind == KEY_SOUND;
    struct likeness likeness = heard          ? token_heard(score, unit->token, &token)
                               : unit->joined ? token_likeness_joined(score, unit->token, &token)
                                              : token_likeness(score, unit->token, &token);
    if (likeness.weight <= 0)
        return true;
    token.weight = frequency_weight(f->plan->asked->query->scoring.frequency.proved, &token);
    likeness = token_weigh(score, likeness, unit->token, &token);
    if (likeness.weight <= 0)
        return true;
    return add(f->matches, f->arena,
               (struct match){ .token = id,
                               .unit = (uint8_t)f->unit,
                               .counts = token.word == WORD_NAME,
                               .likeness = likeness });
}

/* What was met, in strides, so that memory is waited for once for many. */
static bool take_met(struct finding *f)
{
    const struct index_segment *s = f->matches->segment;
    const uint8_t *tokens = section(s, SECTION_TOKENS);
    for (size_t i = 0; i < f->met_count; i++) {
        uint32_t at = section_u32(s, SECTION_TOKENS_AT, f->met[i].token);
        at = at < s->len[SECTION_TOKENS] ? at : 0;
        __builtin_prefetch(tokens + at);
        __builtin_prefetch(tokens + at + TOKEN_USUAL);
    }
    for (size_t i = 0; i < f->met_count; i++) {
        uint32_t id = f->met[i].token;
        enum key_kind kind = (enum key_kind)f->met[i].kind;
        if (may_match(&f->plan->units[f->unit], kind, segment_token(s, id)) &&
            !has(f->matches, id, f->unit) && !take_token(f, id, kind))
            return false;
    }
    f->met_count = 0;
    return true;
}

/* Entries of one key. */
static struct span key_span(const struct index_segment *s, uint32_t key)
{
    const uint8_t *keys = section(s, SECTION_KEYS);
    struct span span = section_span(s, SECTION_KEYS_AT, key >> (32 - s->key_bits), s->key_count);
    while (span.begin < span.end && load_u32(keys + 8 * (size_t)span.begin + 4) < key)
        span.begin++;
    uint32_t end = span.begin;
    while (end < span.end && load_u32(keys + 8 * (size_t)end + 4) == key)
        end++;
    return (struct span){ span.begin, end };
}

static uint32_t key_token(const struct index_segment *s, uint32_t at)
{
    return load_u32(section(s, SECTION_KEYS) + 8 * (size_t)at);
}

static bool take_key(struct finding *f, uint32_t key, uint8_t kind)
{
    const struct index_segment *s = f->matches->segment;
    struct span span = key_span(s, key);
    for (uint32_t at = span.begin; at < span.end; at++) {
        uint32_t token = key_token(s, at);
        if (token >= s->token_count)
            continue;
        uint64_t *lately = &f->lately[(token * UINT32_C(0x9e3779b1) >> 20) % LATELY];
        uint64_t here = ((uint64_t)f->unit << 40 | (uint64_t)kind << 32 | token) + 1;
        if (*lately == here)
            continue;
        *lately = here;
        if (f->met_count == MET_MAX && !take_met(f))
            return false;
        f->met[f->met_count].token = token;
        f->met[f->met_count++].kind = kind;
        __builtin_prefetch(section(s, SECTION_TOKENS_AT) + 4 * (size_t)token);
    }
    return true;
}

static bool find_tokens(struct finding *f)
{
    const struct index_segment *s = f->matches->segment;
    const struct unit *unit = &f->plan->units[f->unit];
    const uint8_t *places = section(s, SECTION_KEYS_AT);
    for (uint32_t i = 0; i < unit->key_count; i++)
        __builtin_prefetch(places + 4 * (size_t)(unit->keys[i] >> (32 - s->key_bits)));
    for (uint32_t i = 0; i < unit->key_count; i++) {
        uint32_t at = load_u32(places + 4 * (size_t)(unit->keys[i] >> (32 - s->key_bits)));
        __builtin_prefetch(section(s, SECTION_KEYS) + 8 * (size_t)(at < s->key_count ? at : 0));
    }
    for (uint32_t i = 0; i < unit->key_count; i++) {
        if (!take_key(f, unit->keys[i], unit->kinds[i]))
            return false;
    }
    return take_met(f);
}

struct half { /* of a word that may be two */
    struct letters tight;
    char begin; /* its first letter; 0: any */
    struct span keys;
    uint64_t volume; /* documents of its tokens */
};

/* token_compare_split can take it for this half. */
static bool is_half(const struct index_segment *s, const struct half *half, uint32_t token)
{
    struct token_forms forms = token_forms(segment_token(s, token));
    struct text form;
    struct text tight;
    return token_forms_next(&forms, &form, &tight) && tight.len == half->tight.len &&
           memcmp(tight.data, half->tight.at, tight.len) == 0 &&
           (half->begin == 0 || (form.len > 0 && form.data[0] == half->begin));
}

static void find_half(const struct index_segment *s, struct half *half)
{
    half->keys = key_span(s, token_tight_key(&half->tight));
    half->volume = 0;
    for (uint32_t at = half->keys.begin; at < half->keys.end; at++) {
        uint32_t token = key_token(s, at);
        if (token >= s->token_count || !is_half(s, half, token))
            continue;
        struct span posts = section_span(s, SECTION_POSTS_AT, token, s->len[SECTION_POSTS] / 4);
        half->volume += posts.end - posts.begin;
    }
}

static bool add_half(struct finding *f, const struct half *half, struct span other)
{
    const struct index_segment *s = f->matches->segment;
    for (uint32_t at = half->keys.begin; at < half->keys.end; at++) {
        struct match match = { .token = key_token(s, at),
                               .unit = (uint8_t)f->unit,
                               .half = true,
                               .other_begin = other.begin,
                               .other_end = other.end };
        if (match.token < s->token_count && is_half(s, half, match.token) &&
            !add(f->matches, f->arena, match))
            return false;
    }
    return true;
}

/* Both, the one with fewer documents last: it leads to the other. */
static bool add_halves(struct finding *f, const struct half halves[static 2])
{
    bool first = halves[0].volume <= halves[1].volume;
    struct span other = { (uint32_t)f->matches->count, 0 };
    if (!add_half(f, &halves[first ? 1 : 0], (struct span){ 0, 0 }))
        return false;
    other.end = (uint32_t)f->matches->count;
    return add_half(f, &halves[first ? 0 : 1], other);
}

/* Tokens whose tight fold is a part of the unit's first form and whose other part there is too. */
static bool find_halves(struct finding *f)
{
    const struct token *token = f->plan->units[f->unit].token;
    const struct letters *form = &token->form[0];
    for (uint8_t cut = 2; token->form_count > 0 && cut + 2 <= form->len; cut++) {
        struct half halves[2] = { { .begin = form->at[0] }, { .begin = 0 } };
        for (size_t h = 0; h < 2; h++) {
            struct letters part = { 0 };
            letters_add(&part, form->at + (h == 0 ? 0 : cut),
                        h == 0 ? cut : (size_t)(form->len - cut));
            fold_tight(&part, &halves[h].tight);
            find_half(f->matches->segment, &halves[h]);
            if (halves[h].volume == 0)
                break;
        }
        if (halves[0].volume > 0 && halves[1].volume > 0 && !add_halves(f, halves))
            return false;
    }
    return true;
}

struct err matches_find(const struct index_segment *segment, const struct plan *plan,
                        struct arena *arena, struct matches *out)
{
    *out = (struct matches){ .segment = segment };
    if (segment->token_count == 0 || plan->unit_count == 0)
        return err_none();
    struct finding *f = ARENA_NEW(arena, struct finding);
    if (f == NULL || !grow(out, arena))
        return arena_check(arena);
    f->plan = plan;
    f->matches = out;
    f->arena = arena;
    for (f->unit = 0; f->unit < plan->unit_count; f->unit++) {
        const struct unit *unit = &plan->units[f->unit];
        out->begin[f->unit] = out->count;
        if (unit->token->initial)
            continue;
        bool plain = !unit->joined && unit->token->word == WORD_NAME;
        if (!find_tokens(f) || (plain && !find_halves(f)))
            return arena_check(arena);
    }
    out->begin[plan->unit_count] = out->count;
    return err_none();
}
