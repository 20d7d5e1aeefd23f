#include "index/segment/dictionary.h"

#include "index/score/compare.h"
#include "index/segment/sort.h"
#include "index/names/token.h"

enum { TOKENS_FIRST = 64 };

static bool grow(struct dictionary *d)
{
    struct dictionary bigger = *d;
    bigger.token_room = d->token_room == 0 ? TOKENS_FIRST : 2 * d->token_room;
    bigger.slot_mask = 2 * bigger.token_room - 1;
    bigger.token = ARENA_ARRAY(d->arena, const uint8_t *, bigger.token_room);
    bigger.token_len = ARENA_ARRAY(d->arena, uint32_t, bigger.token_room);
    bigger.posts = ARENA_ARRAY(d->arena, uint32_t, bigger.token_room);
    bigger.alone = ARENA_ARRAY(d->arena, uint32_t, bigger.token_room);
    bigger.last = ARENA_ARRAY(d->arena, uint32_t, bigger.token_room);
    bigger.last_alone = ARENA_ARRAY(d->arena, uint32_t, bigger.token_room);
    bigger.slots = ARENA_ARRAY(d->arena, uint32_t, (size_t)bigger.slot_mask + 1);
    if (failed(arena_check(d->arena)))
        return false;
    for (uint32_t i = 0; i < d->token_count; i++) {
        bigger.token[i] = d->token[i];
        bigger.token_len[i] = d->token_len[i];
        bigger.posts[i] = d->posts[i];
        bigger.alone[i] = d->alone[i];
        bigger.last[i] = d->last[i];
        bigger.last_alone[i] = d->last_alone[i];
    }
    for (uint32_t slot = 0; d->token_room > 0 && slot <= d->slot_mask; slot++) {
        if (d->slots[slot] == 0)
            continue;
        uint32_t to = token_letters_hash(d->token[d->slots[slot] - 1]) & bigger.slot_mask;
        while (bigger.slots[to] != 0)
            to = (to + 1) & bigger.slot_mask;
        bigger.slots[to] = d->slots[slot];
    }
    *d = bigger;
    return true;
}

struct err dictionary_init(struct dictionary *d, struct arena *arena)
{
    *d = (struct dictionary){ .arena = arena,
                              .words = { .arena = arena },
                              .keys = { .arena = arena } };
    return grow(d) ? err_none() : arena_check(arena);
}

static bool add_keys(struct dictionary *d, const struct token *token, uint32_t id)
{
    uint32_t keys[KEYS_MAX];
    size_t count = token_keys(token, keys);
    uint64_t *out = chunks_add(&d->keys, count * sizeof *out);
    for (size_t i = 0; out != NULL && i < count; i++)
        out[i] = (uint64_t)keys[i] << 32 | id;
    return out != NULL;
}

/* The token with these bytes, new ones with their keys; UINT32_MAX: no room. */
static uint32_t find_token(struct dictionary *d, const struct token *token)
{
    uint8_t bytes[TOKEN_BYTES_MAX];
    size_t len = token_write(token, bytes);
    uint32_t slot = token_letters_hash(bytes) & d->slot_mask;
    for (; d->slots[slot] != 0; slot = (slot + 1) & d->slot_mask) {
        uint32_t id = d->slots[slot] - 1;
        if (d->token[id][0] == bytes[0] && memcmp(d->token[id], bytes, bytes[0] + (size_t)1) == 0)
            return id;
    }
    uint8_t *copy = arena_take(d->arena, len);
    if (copy == NULL || !add_keys(d, token, d->token_count))
        return UINT32_MAX;
    memcpy(copy, bytes, len);
    uint32_t id = d->token_count++;
    d->token[id] = copy;
    d->token_len[id] = (uint32_t)len;
    d->token_bytes += len;
    d->slots[slot] = id + 1;
    return d->token_count < d->token_room || grow(d) ? id : UINT32_MAX;
}

static bool add_name(struct dictionary *d, uint32_t doc, const struct analysed *name)
{
    uint32_t tokens[INDEX_TOKENS_MAX];
    struct word_name as_words;
    for (size_t i = 0; i < name->count; i++) {
        tokens[i] = find_token(d, &name->token[i]);
        if (tokens[i] == UINT32_MAX)
            return false;
    }
    words_from(name, tokens, &as_words);
    for (size_t i = 0; i < name->count; i++) {
        uint32_t token = tokens[i];
        if (d->last[token] != doc + 1) {
            d->last[token] = doc + 1;
            d->posts[token]++;
            d->post_count++;
        }
        if (words_alone(&as_words, i) && d->last_alone[token] != doc + 1) {
            d->last_alone[token] = doc + 1;
            d->alone[token]++;
            d->alone_count++;
        }
    }
    uint8_t *words = chunks_add(&d->words, 1 + name->count * (size_t)WORD_BYTES);
    if (words != NULL)
        words_write(&as_words, words);
    return words != NULL;
}

struct err dictionary_add(struct dictionary *d, uint32_t doc, const struct index_doc *from,
                          uint32_t *words_end_out)
{
    uint8_t *head = chunks_add(&d->words, 1);
    bool room = head != NULL;
    if (room)
        *head = (uint8_t)from->name_count;
    for (size_t n = 0; room && n < from->name_count; n++) {
        struct analysed name;
        analyse_name(&from->names[n], (struct bytes){ 0 }, &name);
        room = add_name(d, doc, &name);
    }
    if (!room)
        return arena_check(d->arena);
    if (d->words.len > UINT32_MAX || d->post_count > UINT32_MAX ||
        d->keys.len / sizeof(uint64_t) > UINT32_MAX || d->token_bytes > UINT32_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    *words_end_out = (uint32_t)d->words.len;
    return err_none();
}

/* ------------------------------------------------------------------------------- sections */

void dictionary_write_tokens(const struct dictionary *d, uint8_t *places, uint8_t *tokens)
{
    uint32_t at = 0;
    for (uint32_t id = 0; id < d->token_count; id++) {
        store_u32(places + 4 * (size_t)id, at);
        memcpy(tokens + at, d->token[id], d->token_len[id]);
        at += d->token_len[id];
    }
    store_u32(places + 4 * (size_t)d->token_count, at);
}

/* Into their directory's ranges by counting, then each range by itself: some entries. */
void dictionary_write_keys(const struct dictionary *d, uint32_t key_bits, uint8_t *places,
                           uint8_t *keys)
{
    size_t tops = (size_t)1 << key_bits;
    uint32_t *place = (uint32_t *)(void *)places;
    uint64_t *sorted = (uint64_t *)(void *)keys;
    memset(places, 0, 4 * (tops + 1));
    for (const struct chunk *c = d->keys.first; c != NULL; c = c->next) {
        for (size_t i = 0; i < c->len / 8; i++)
            place[(c->data[i] >> (64 - key_bits)) + 1]++;
    }
    for (size_t top = 0; top < tops; top++)
        place[top + 1] += place[top];
    for (const struct chunk *c = d->keys.first; c != NULL; c = c->next) {
        for (size_t i = 0; i < c->len / 8; i++)
            sorted[place[c->data[i] >> (64 - key_bits)]++] = c->data[i];
    }
    memmove(place + 1, place, 4 * tops); /* each moved to its end, which is where the next begins */
    place[0] = 0;
    for (size_t top = 0; top < tops; top++)
        sort_short(sorted + place[top], place[top + 1] - place[top]);
}

static void write_places(const uint32_t *counts, uint32_t count, uint8_t *places)
{
    uint32_t at = 0;
    for (uint32_t id = 0; id < count; id++) {
        store_u32(places + 4 * (size_t)id, at);
        at += counts[id];
    }
    store_u32(places + 4 * (size_t)count, at);
}

/* `places` of a token moves on; documents come ascending, so a double stands right before it. */
static void write_post(uint8_t *places, uint8_t *posts, const uint32_t *counts, uint32_t *left,
                       uint32_t token, uint32_t doc)
{
    uint32_t done = counts[token] - left[token];
    uint32_t at = load_u32(places + 4 * (size_t)token) + done;
    if (done > 0 && load_u32(posts + 4 * ((size_t)at - 1)) == doc)
        return;
    store_u32(posts + 4 * (size_t)at, doc);
    left[token]--;
}

void dictionary_write_posts(const struct dictionary *d, uint32_t named_count,
                            const struct post_sections *sections)
{
    uint32_t *left = d->last; /* no longer needed */
    uint32_t *left_alone = d->last_alone;
    write_places(d->posts, d->token_count, sections->posts_at);
    write_places(d->alone, d->token_count, sections->alone_at);
    memcpy(left, d->posts, d->token_count * sizeof *left);
    memcpy(left_alone, d->alone, d->token_count * sizeof *left);
    for (uint32_t doc = 0; doc < named_count; doc++) {
        uint32_t begin = load_u32(sections->words_at + 4 * (size_t)doc);
        uint32_t end = load_u32(sections->words_at + 4 * ((size_t)doc + 1));
        struct word_name name;
        size_t at = 0;
        while (words_next(bytes_of(sections->words + begin, end - begin), &at, &name)) {
            for (size_t i = 0; i < name.count; i++) {
                uint32_t token = name.word[i].token;
                write_post(sections->posts_at, sections->posts, d->posts, left, token, doc);
                if (words_alone(&name, i))
                    write_post(sections->alone_at, sections->alone, d->alone, left_alone, token,
                               doc);
            }
        }
    }
}
