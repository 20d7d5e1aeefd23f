#include "store/sqlite_state.h"

#include <assert.h>

static struct sqlite_view *view_of(struct store_view *view)
{
    return (struct sqlite_view *)view;
}

/* The column's bytes in the arena; empty for NULL. */
static struct bytes column_copy(sqlite3_stmt *s, int at, struct arena *arena)
{
    const void *data = sqlite3_column_blob(s, at);
    int len = sqlite3_column_bytes(s, at);
    return arena_copy(arena, bytes_of(data, data == NULL ? 0 : (size_t)len));
}

/* Whether a read came to its end: by the last row, by its limit, or by a full arena. */
static struct err read_end(sqlite3_stmt *s, int code, const struct arena *arena)
{
    sqlite3_reset(s); /* Q1 */
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        return sqlite_error(code);
    return arena_check(arena);
}

static struct err sqlite_get(struct store_view *view, enum store_table table, struct bytes key,
                             struct arena *arena, struct bytes *value_out)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_row_statement(view_of(view), table, ROW_GET, &s);
    if (failed(e))
        return e;
    int code = sqlite_bind(s, 1, key);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    struct bytes value = { NULL, 0 };
    if (code == SQLITE_ROW)
        value = column_copy(s, 0, arena);
    if (code == SQLITE_DONE) {
        sqlite3_reset(s);
        return err_make(ERR_NOT_FOUND, "store.no-row");
    }
    e = read_end(s, code, arena);
    if (!failed(e))
        *value_out = value;
    return e;
}

static struct err sqlite_scan(struct store_view *view, const struct store_range *range,
                              struct arena *arena, struct store_rows *out)
{
    sqlite3_stmt *s = NULL;
    enum sqlite_row_sql which = range->reverse ? ROW_SCAN_REVERSE : ROW_SCAN;
    struct err e = sqlite_row_statement(view_of(view), range->table, which, &s);
    if (failed(e))
        return e;
    struct store_bounds bounds;
    store_bounds_of(range, &bounds);
    int code = sqlite_bind(s, 1, bytes_of(bounds.low, bounds.low_len));
    if (code == SQLITE_OK)
        code = sqlite_bind(s, 2, bytes_of(bounds.high, bounds.high_len));
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(s, 3, range->limit);
    struct store_items items = { NULL, 0, 0 };
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        struct store_row *row =
            code == SQLITE_ROW ? store_items_add(&items, arena, sizeof *row) : NULL;
        if (row == NULL)
            break;
        row->key = column_copy(s, 0, arena);
        row->value = column_copy(s, 1, arena);
        if (arena->full)
            break;
    }
    e = read_end(s, code, arena);
    if (!failed(e))
        *out = (struct store_rows){ items.data, items.count };
    return e;
}

/* A statement that answers one integer. */
static struct err one_integer(sqlite3_stmt *s, uint64_t *out)
{
    int code = sqlite3_step(s);
    int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_reset(s); /* Q1 */
    if (code != SQLITE_ROW)
        return sqlite_error(code);
    if (value < 0)
        return err_make(ERR_CORRUPT, "store.database-damaged");
    *out = (uint64_t)value;
    return err_none();
}

static struct err sqlite_journal_last(struct store_view *view, uint64_t *number_out)
{
    struct sqlite_ends *ends = &view_of(view)->ends;
    sqlite3_stmt *s = NULL;
    if (ends->has_last) {
        *number_out = ends->last;
        return err_none();
    }
    struct err e = sqlite_statement(view_of(view), SQL_JOURNAL_LAST, &s);
    if (!failed(e))
        e = one_integer(s, &ends->last);
    ends->has_last = !failed(e);
    *number_out = ends->last;
    return e;
}

static struct err sqlite_log_size(struct store_view *view, uint16_t log, uint64_t *size_out)
{
    struct sqlite_ends *ends = &view_of(view)->ends;
    sqlite3_stmt *s = NULL;
    if (ends->has_size && ends->log == log) {
        *size_out = ends->size;
        return err_none();
    }
    struct err e = sqlite_statement(view_of(view), SQL_LOG_SIZE, &s);
    if (failed(e))
        return e;
    int code = sqlite3_bind_int(s, 1, log);
    e = code == SQLITE_OK ? one_integer(s, &ends->size) : sqlite_error(code);
    ends->has_size = !failed(e);
    ends->log = log;
    *size_out = ends->size;
    return e;
}

static bool column_hash(sqlite3_stmt *s, int at, struct hash *out)
{
    const void *data = sqlite3_column_blob(s, at);
    if (data == NULL || sqlite3_column_bytes(s, at) != HASH_LEN)
        return false;
    memcpy(out->bytes, data, HASH_LEN);
    return true;
}

/* false when the row is not one that sqlite_append writes. */
static bool entry_read(sqlite3_stmt *s, struct arena *arena, struct journal_entry *entry)
{
    int64_t number = sqlite3_column_int64(s, 0);
    int64_t log = sqlite3_column_int64(s, 1);
    int64_t leaf = sqlite3_column_int64(s, 2);
    int64_t class_ = sqlite3_column_int64(s, 3);
    int64_t month = sqlite3_column_int64(s, 4);
    if (number < 1 || leaf < 0 || log < 0 || log > UINT16_MAX || class_ < 0 || class_ > UINT8_MAX ||
        month < 0 || month > UINT32_MAX)
        return false;
    entry->number = (uint64_t)number;
    entry->log = (uint16_t)log;
    entry->leaf = (uint64_t)leaf;
    entry->class_ = (uint8_t)class_;
    entry->month = (uint32_t)month;
    entry->sealed = column_copy(s, 6, arena);
    return column_hash(s, 5, &entry->entry);
}

static struct err sqlite_journal_read(struct store_view *view, const struct journal_range *range,
                                      struct arena *arena, struct journal_entries *out)
{
    sqlite3_stmt *s = NULL;
    enum sqlite_sql which = range->by_log   ? SQL_LOG_READ
                            : range->hollow ? SQL_HOLLOW_READ
                                            : SQL_JOURNAL_READ;
    struct err e = sqlite_statement(view_of(view), which, &s);
    if (failed(e))
        return e;
    int code = sqlite3_bind_int64(s, 1, (int64_t)range->from);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(s, 2, range->limit);
    if (code == SQLITE_OK && range->by_log)
        code = sqlite3_bind_int(s, 3, range->log);
    struct store_items items = { NULL, 0, 0 };
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        struct journal_entry *entry =
            code == SQLITE_ROW ? store_items_add(&items, arena, sizeof *entry) : NULL;
        if (entry == NULL)
            break;
        if (!entry_read(s, arena, entry))
            code = SQLITE_CORRUPT;
        if (arena->full)
            break;
    }
    e = read_end(s, code, arena);
    if (!failed(e))
        *out = (struct journal_entries){ items.data, items.count };
    return e;
}

static struct err sqlite_node_get(struct store_view *view, struct store_node node, struct hash *out)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_statement(view_of(view), SQL_NODE_GET, &s);
    if (failed(e))
        return e;
    int code = sqlite3_bind_int64(s, 1, sqlite_node_id(node));
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    struct hash hash = { { 0 } };
    if (code == SQLITE_ROW && !column_hash(s, 0, &hash))
        code = SQLITE_CORRUPT;
    sqlite3_reset(s); /* Q1 */
    if (code == SQLITE_DONE)
        return err_make(ERR_NOT_FOUND, "store.no-node");
    if (code != SQLITE_ROW)
        return sqlite_error(code);
    *out = hash;
    return err_none();
}

static struct err sqlite_node_scan(struct store_view *view, const struct store_node *from_opt,
                                   uint32_t limit, struct arena *arena, struct store_nodes *out)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_statement(view_of(view), SQL_NODE_SCAN, &s);
    if (failed(e))
        return e;
    int code = sqlite3_bind_int64(s, 1, from_opt == NULL ? -1 : sqlite_node_id(*from_opt));
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(s, 2, limit);
    struct store_items items = { NULL, 0, 0 };
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        struct store_node_hash *node =
            code == SQLITE_ROW ? store_items_add(&items, arena, sizeof *node) : NULL;
        if (node == NULL)
            break;
        uint64_t id = (uint64_t)sqlite3_column_int64(s, 0);
        node->node = (struct store_node){ (uint16_t)(id >> 47), (uint8_t)(id >> 41 & 63),
                                          id & STORE_INDEX_MAX };
        if (!column_hash(s, 1, &node->hash))
            code = SQLITE_CORRUPT;
    }
    e = read_end(s, code, arena);
    if (!failed(e))
        *out = (struct store_nodes){ items.data, items.count };
    return e;
}

const struct store_view_ops sqlite_view_ops = {
    .close = sqlite_view_close,
    .get = sqlite_get,
    .scan = sqlite_scan,
    .journal_last = sqlite_journal_last,
    .journal_read = sqlite_journal_read,
    .log_size = sqlite_log_size,
    .node_get = sqlite_node_get,
    .node_scan = sqlite_node_scan,
};
