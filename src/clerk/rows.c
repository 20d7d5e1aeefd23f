#include "clerk/act.h"

#include <assert.h>

void key_add(struct row_key *key, struct bytes part)
{
    assert(part.len <= ROW_KEY_MAX - key->len);
    if (part.len > 0)
        memcpy(key->data + key->len, part.data, part.len);
    key->len += part.len;
}

struct row_key key_of(struct bytes first)
{
    struct row_key key = { .len = 0 };
    key_add(&key, first);
    return key;
}

struct row_key key_text(struct text first)
{
    return key_of(text_bytes(first));
}

struct row_key key_u64(uint64_t first)
{
    struct row_key key = { .len = 0 };
    key_add_u64(&key, first);
    return key;
}

struct row_key key_record(const struct record_key *first)
{
    return key_of(BYTES_OF(first->bytes));
}

void key_add_text(struct row_key *key, struct text part)
{
    key_add_u8(key, 0);
    key_add(key, text_bytes(part));
}

void key_add_u64(struct row_key *key, uint64_t part)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        key_add_u8(key, (uint8_t)(part >> shift));
}

void key_add_u8(struct row_key *key, uint8_t part)
{
    key_add(key, bytes_of(&part, 1));
}

struct bytes key_bytes(const struct row_key *key)
{
    return bytes_of(key->data, key->len);
}

uint64_t key_tail_u64(struct bytes key)
{
    assert(key.len >= 8);
    uint64_t value = 0;
    for (size_t i = key.len - 8; i < key.len; i++)
        value = value << 8 | key.data[i];
    return value;
}

struct record_key record_key_make(const uint8_t root[static 32], const uint8_t id[static 16])
{
    struct record_key key;
    struct hash owner = hash_of(bytes_of(root, 32));
    memcpy(key.bytes, owner.bytes, 16);
    memcpy(key.bytes + 16, id, 16);
    return key;
}

struct hash source_root(struct text code)
{
    static const uint8_t prefix[] = "comity/source/v1";
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, BYTES_OF(prefix));
    hasher_add(&h, text_bytes(code));
    return hasher_end(&h);
}

struct err row_get(struct act *act, enum store_table table, const struct row_key *key,
                   struct json *out)
{
    return view_get(store_view(act->store), table, key, act->arena, out);
}

struct err view_get(struct store_view *view, enum store_table table, const struct row_key *key,
                    struct arena *arena, struct json *out)
{
    struct bytes value;
    struct err e = store_get(view, table, key_bytes(key), arena, &value);
    return failed(e) ? e : json_parse(value, arena, out);
}

struct err row_put(struct act *act, enum store_table table, const struct row_key *key,
                   const struct json *value)
{
    struct bytes bytes;
    struct err e = json_format(value, act->arena, &bytes);
    return failed(e) ? e : row_put_bytes(act, table, key, bytes);
}

struct err row_put_bytes(struct act *act, enum store_table table, const struct row_key *key,
                         struct bytes value)
{
    act->wrote = true;
    return store_put(act->store, table, key_bytes(key), value);
}

struct err row_delete(struct act *act, enum store_table table, const struct row_key *key)
{
    act->wrote = true;
    return store_delete(act->store, table, key_bytes(key));
}

bool row_exists(struct act *act, enum store_table table, const struct row_key *key)
{
    size_t mark = act->arena->used;
    struct bytes value;
    struct err e = store_get(store_view(act->store), table, key_bytes(key), act->arena, &value);
    arena_rewind(act->arena, mark);
    return !failed(e);
}
