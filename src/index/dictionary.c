#include "index/dictionary.h"

#include <assert.h>

#include "index/compare.h"
#include "index/sort.h"
#include "index/token.h"

struct filling {
    struct dictionary *dictionary;
    uint32_t *slots; /* token + 1; 0: free */
    uint32_t slot_mask;
};

struct totals {
    size_t tokens;
    size_t bytes;
};

static struct totals count_tokens(const struct index_doc *docs, const uint32_t *order,
                                  uint32_t named_count)
{
    struct totals totals = { 0, 0 };
    for (uint32_t i = 0; i < named_count; i++) {
        const struct index_doc *doc = &docs[order[i]];
        for (size_t n = 0; n < doc->name_count; n++) {
            struct analysed name;
            uint8_t letters[NATIVE_MAX];
            analyse_name(&doc->names[n], (struct bytes){ 0 }, &name);
            totals.tokens += name.count;
            for (size_t t = 0; t < name.count; t++)
                totals.bytes += codes_write(&name.token[t].codes, letters);
        }
    }
    return totals;
}

static uint32_t hash_bytes(const uint8_t *data, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ data[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(h >> 32);
}

static uint32_t find_token(struct filling *f, const struct codes *codes)
{
    struct dictionary *d = f->dictionary;
    uint8_t letters[NATIVE_MAX];
    size_t len = codes_write(codes, letters);
    uint32_t slot = hash_bytes(letters, len) & f->slot_mask;
    for (; f->slots[slot] != 0; slot = (slot + 1) & f->slot_mask) {
        uint32_t token = f->slots[slot] - 1;
        size_t known = d->at[token + 1] - d->at[token];
        if (known == len && memcmp(d->pool + d->at[token], letters, len) == 0)
            return token;
    }
    uint32_t token = d->token_count++;
    memcpy(d->pool + d->at[token], letters, len);
    d->at[token + 1] = d->at[token] + (uint32_t)len;
    f->slots[slot] = token + 1;
    return token;
}

static void fill_posts(struct filling *f, const struct index_doc *docs, const uint32_t *order,
                       uint32_t named_count)
{
    struct dictionary *d = f->dictionary;
    for (uint32_t i = 0; i < named_count; i++) {
        const struct index_doc *doc = &docs[order[i]];
        for (size_t n = 0; n < doc->name_count; n++) {
            struct analysed name;
            analyse_name(&doc->names[n], (struct bytes){ 0 }, &name);
            d->light[i] = d->light[i] || analysed_is_light(&name);
            for (size_t t = 0; t < name.count; t++) {
                uint64_t token = find_token(f, &name.token[t].codes);
                d->posts[d->post_count++] = token << 32 | i;
            }
        }
    }
}

static size_t drop_doubles(uint64_t *numbers, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || numbers[kept - 1] != numbers[i])
            numbers[kept++] = numbers[i];
    }
    return kept;
}

/* Token number `id`, analysed. */
static void make_token(const struct dictionary *d, uint32_t id, struct token *out)
{
    struct codes codes = { 0 };
    struct bytes letters = bytes_of(d->pool + d->at[id], d->at[id + 1] - d->at[id]);
    struct err e = codes_read(letters, &codes);
    assert(!failed(e)); /* codes_write wrote them */
    token_make(&codes, (struct bytes){ 0 }, out);
}

static void count_keys(const struct dictionary *d, size_t *keys_out, size_t *bytes_out)
{
    size_t count = 0;
    size_t bytes = 0;
    for (uint32_t id = 0; id < d->token_count; id++) {
        struct token token;
        uint32_t keys[KEYS_MAX];
        uint8_t written[TOKEN_BYTES_MAX];
        make_token(d, id, &token);
        count += token_keys(&token, keys);
        bytes += token_write(&token, written);
    }
    *keys_out = count;
    *bytes_out = bytes;
}

static void fill_keys(struct dictionary *d)
{
    size_t count = 0;
    for (uint32_t id = 0; id < d->token_count; id++) {
        struct token token;
        uint32_t keys[KEYS_MAX];
        uint8_t written[TOKEN_BYTES_MAX];
        make_token(d, id, &token);
        size_t n = token_keys(&token, keys);
        for (size_t i = 0; i < n; i++)
            d->keys[count + i] = (uint64_t)keys[i] << 32 | id;
        count += n;
        size_t len = token_write(&token, written);
        memcpy(d->bytes + d->bytes_at[id], written, len);
        d->bytes_at[id + 1] = d->bytes_at[id] + (uint32_t)len;
    }
}

static struct err make_keys(struct dictionary *d, struct arena *arena)
{
    size_t bytes = 0;
    count_keys(d, &d->key_count, &bytes);
    if (d->key_count > UINT32_MAX || bytes > UINT32_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    d->bytes_at = ARENA_ARRAY(arena, uint32_t, d->token_count + 1);
    d->bytes = arena_take(arena, bytes);
    d->keys = ARENA_ARRAY(arena, uint64_t, d->key_count);
    uint64_t *scratch = ARENA_ARRAY(arena, uint64_t, d->key_count);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    fill_keys(d);
    sort_numbers(d->keys, scratch, d->key_count);
    return err_none();
}

struct err dictionary_make(const struct index_doc *docs, const uint32_t *order,
                           uint32_t named_count, struct arena *arena, struct dictionary *out)
{
    struct totals totals = count_tokens(docs, order, named_count);
    if (totals.tokens > UINT32_MAX / 4 || totals.bytes > UINT32_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    uint32_t slot_count = 2;
    while (slot_count < 2 * totals.tokens)
        slot_count *= 2;
    struct dictionary d = {
        .at = ARENA_ARRAY(arena, uint32_t, totals.tokens + 1),
        .pool = arena_take(arena, totals.bytes),
        .posts = ARENA_ARRAY(arena, uint64_t, totals.tokens),
        .light = ARENA_ARRAY(arena, bool, named_count),
    };
    struct filling f = { &d, ARENA_ARRAY(arena, uint32_t, slot_count), slot_count - 1 };
    uint64_t *scratch = ARENA_ARRAY(arena, uint64_t, totals.tokens);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    fill_posts(&f, docs, order, named_count);
    sort_numbers(d.posts, scratch, d.post_count);
    d.post_count = drop_doubles(d.posts, d.post_count);
    e = make_keys(&d, arena);
    if (failed(e))
        return e;
    *out = d;
    return err_none();
}
