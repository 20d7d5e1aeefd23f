#include "store/sqlite_state.h"

#include <assert.h>

static struct sqlite_view *writer_of(struct store *store)
{
    return &((struct sqlite_store *)store)->writer;
}

/* Errors of binding: only want of memory; all of them or none. */
static struct err bound(int codes)
{
    return codes == SQLITE_OK ? err_none() : err_make(ERR_UNAVAILABLE, "store.no-memory");
}

struct err sqlite_append(struct store *store, const struct journal_entry *entry)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_statement(writer_of(store), SQL_APPEND, &s);
    if (failed(e))
        return e;
    int codes = sqlite3_bind_int64(s, 1, (int64_t)entry->number);
    codes |= sqlite3_bind_int(s, 2, entry->log);
    codes |= sqlite3_bind_int64(s, 3, (int64_t)entry->leaf);
    codes |= sqlite3_bind_int(s, 4, entry->class_);
    codes |= sqlite3_bind_int64(s, 5, (int64_t)entry->month);
    codes |= sqlite_bind(s, 6, BYTES_OF(entry->entry.bytes));
    codes |= entry->sealed.len == 0 ? sqlite3_bind_null(s, 7) : sqlite_bind(s, 7, entry->sealed);
    e = bound(codes);
    if (failed(e))
        return e;
    int code = sqlite3_step(s);
    sqlite3_reset(s);
    if (code == SQLITE_CONSTRAINT_UNIQUE)
        return err_make(ERR_CONFLICT, "store.leaf-taken");
    if (code != SQLITE_DONE)
        return sqlite_error(code);
    struct sqlite_ends *ends = &writer_of(store)->ends;
    if (ends->has_last && ends->last < entry->number)
        ends->last = entry->number;
    if (ends->has_size && ends->log == entry->log && ends->size <= entry->leaf)
        ends->size = entry->leaf + 1;
    return err_none();
}

struct err sqlite_reseal(struct store *store, uint64_t number, struct bytes sealed)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_statement(writer_of(store), SQL_IS_ERASED, &s);
    if (failed(e))
        return e;
    int code = sqlite3_bind_int64(s, 1, (int64_t)number);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    bool erased = code == SQLITE_ROW && sqlite3_column_int(s, 0) != 0;
    sqlite3_reset(s);
    if (code == SQLITE_DONE) /* a number up to the last one that is not there */
        return err_make(ERR_CORRUPT, "store.journal-gap");
    if (code != SQLITE_ROW)
        return sqlite_error(code);
    if (erased)
        return err_make(ERR_CONFLICT, "store.entry-erased");
    e = sqlite_statement(writer_of(store), SQL_RESEAL, &s);
    if (failed(e))
        return e;
    int codes = sqlite3_bind_int64(s, 1, (int64_t)number);
    codes |= sealed.len == 0 ? sqlite3_bind_null(s, 2) : sqlite_bind(s, 2, sealed);
    e = bound(codes);
    return failed(e) ? e : sqlite_run(s);
}

struct err sqlite_put(struct store *store, enum store_table table, struct bytes key,
                      struct bytes value)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_row_statement(writer_of(store), table, ROW_PUT, &s);
    if (failed(e))
        return e;
    e = bound(sqlite_bind(s, 1, key) | sqlite_bind(s, 2, value));
    return failed(e) ? e : sqlite_run(s);
}

struct err sqlite_delete(struct store *store, enum store_table table, struct bytes key)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_row_statement(writer_of(store), table, ROW_DELETE, &s);
    if (failed(e))
        return e;
    e = bound(sqlite_bind(s, 1, key));
    return failed(e) ? e : sqlite_run(s);
}

int64_t sqlite_node_id(struct store_node node)
{
    _Static_assert(STORE_LEVEL_MAX < 64, "a level has 6 bits, an index 41, a log 16");
    assert(node.level <= STORE_LEVEL_MAX && node.index <= STORE_INDEX_MAX);
    return (int64_t)((uint64_t)node.log << 47 | (uint64_t)node.level << 41 | node.index);
}

struct err sqlite_node_put(struct store *store, struct store_node node, const struct hash *hash)
{
    sqlite3_stmt *s = NULL;
    struct err e = sqlite_statement(writer_of(store), SQL_NODE_PUT, &s);
    if (failed(e))
        return e;
    int codes = sqlite3_bind_int64(s, 1, sqlite_node_id(node));
    e = bound(codes | sqlite_bind(s, 2, BYTES_OF(hash->bytes)));
    return failed(e) ? e : sqlite_run(s);
}

struct err sqlite_reset_tables(struct store *store)
{
    sqlite3 *db = writer_of(store)->db;
    struct err e = sqlite_exec(db, "DELETE FROM node");
    for (enum store_table t = 0; t < STORE_TABLES && !failed(e); t++) {
        char sql[80];
        if (store_tables[t].kept)
            continue;
        sqlite3_snprintf(sizeof sql, sql, "DELETE FROM row_%s", store_tables[t].name);
        e = sqlite_exec(db, sql);
    }
    return e;
}
