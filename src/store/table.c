#include "store/store_ops.h"

#include <assert.h>

const struct store_table_rule store_tables[STORE_TABLES] = {
    [TABLE_META] = { .name = "meta", .kept = true, .small = true },
    [TABLE_COURIER] = { .name = "courier", .kept = true, .small = true },
    [TABLE_FEED_IN] = { .name = "feed_in", .kept = true, .small = true },
    [TABLE_IDEMPOTENCY] = { .name = "idempotency", .kept = true },
    [TABLE_LOG] = { .name = "log" },
    [TABLE_RECORD] = { .name = "record" },
    [TABLE_DOC] = { .name = "doc", .small = true },
    [TABLE_CHANGE] = { .name = "change", .small = true },
    [TABLE_HOLDS] = { .name = "holds", .small = true },
    [TABLE_SHARED] = { .name = "shared", .small = true },
    [TABLE_EFFECT] = { .name = "effect" },
    [TABLE_NOTE] = { .name = "note" },
    [TABLE_RELEASE] = { .name = "release" },
    [TABLE_ASSURANCE] = { .name = "assurance" },
    [TABLE_HIT] = { .name = "hit" },
    [TABLE_ASK] = { .name = "ask" },
    [TABLE_AGREEMENT] = { .name = "agreement" },
    [TABLE_PARTNER] = { .name = "partner" },
    [TABLE_UNIT] = { .name = "unit" },
    [TABLE_USER] = { .name = "user" },
    [TABLE_SOURCE] = { .name = "source" },
    [TABLE_OUTBOX] = { .name = "outbox" },
    [TABLE_PARKED] = { .name = "parked" },
    [TABLE_ACCESS_RECORD] = { .name = "access_record", .small = true },
    [TABLE_ACCESS_USER] = { .name = "access_user", .small = true },
    [TABLE_DEADLINE] = { .name = "deadline", .small = true },
    [TABLE_MONTH] = { .name = "month", .small = true },
    [TABLE_FILE] = { .name = "file", .small = true },
    [TABLE_SUBJECT] = { .name = "subject" },
    [TABLE_SAMPLE] = { .name = "sample" },
    [TABLE_IDENTITY] = { .name = "identity", .small = true },
    [TABLE_WAIT] = { .name = "wait", .small = true },
    [TABLE_WATCH] = { .name = "watch" },
    [TABLE_WATCH_DOC] = { .name = "watch_doc", .small = true },
    [TABLE_WATCHED] = { .name = "watched", .small = true },
    [TABLE_CASE] = { .name = "case" },
    [TABLE_CASE_ENTRY] = { .name = "case_entry" },
    [TABLE_DEAD] = { .name = "dead", .kept = true, .small = true },
};

const char *store_table_name(enum store_table table)
{
    assert(table < STORE_TABLES);
    return store_tables[table].name;
}

/* The first key behind all that start with `prefix`: above every key when there is none. */
static size_t behind_prefix(struct bytes prefix, uint8_t out[static STORE_BOUND_MAX])
{
    size_t len = prefix.len;
    while (len > 0 && prefix.data[len - 1] == 0xFF)
        len--;
    if (len == 0) {
        memset(out, 0xFF, STORE_BOUND_MAX);
        return STORE_BOUND_MAX;
    }
    memcpy(out, prefix.data, len);
    out[len - 1]++;
    return len;
}

void store_bounds_of(const struct store_range *range, struct store_bounds *out)
{
    struct bytes prefix = range->prefix;
    struct bytes after = range->after;
    assert(prefix.len <= STORE_KEY_MAX && after.len <= STORE_KEY_MAX);
    struct store_bounds b = { .low_len = prefix.len };
    if (prefix.len > 0)
        memcpy(b.low, prefix.data, prefix.len);
    b.high_len = behind_prefix(prefix, b.high);
    if (after.len > 0 && range->reverse && bytes_compare(after, bytes_of(b.high, b.high_len)) < 0) {
        memcpy(b.high, after.data, after.len);
        b.high_len = after.len;
    }
    if (after.len > 0 && !range->reverse && bytes_compare(after, bytes_of(b.low, b.low_len)) >= 0) {
        memcpy(b.low, after.data, after.len);
        b.low[after.len] = 0; /* the very next key */
        b.low_len = after.len + 1;
    }
    *out = b;
}

void *store_items_add(struct store_items *items, struct arena *arena, size_t size)
{
    if (items->count == items->room) {
        size_t room = items->room * 2 + 4;
        void *data = arena_take_array(arena, room, size);
        if (data == NULL)
            return NULL;
        if (items->count > 0)
            memcpy(data, items->data, items->count * size);
        items->data = data;
        items->room = room;
    }
    return (uint8_t *)items->data + items->count++ * size;
}
