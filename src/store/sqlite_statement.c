#include "store/sqlite_state.h"

#include <assert.h>

struct err sqlite_error(int code)
{
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
        return err_make(ERR_IO, "store.fsync");
    if (code == SQLITE_IOERR_NOMEM)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    if (code == SQLITE_IOERR_CORRUPTFS)
        return err_make(ERR_CORRUPT, "store.database-damaged");
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_make(ERR_UNAVAILABLE, "store.busy");
    case SQLITE_NOMEM:
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_make(ERR_CORRUPT, "store.database-damaged");
    default:
        return err_make(ERR_IO, "store.io");
    }
}

struct err sqlite_exec(sqlite3 *db, const char *sql)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? err_none() : sqlite_error(code);
}

struct err sqlite_integer(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    struct err e = code == SQLITE_ROW ? err_none() : sqlite_error(code);
    if (!failed(e))
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return e;
}

struct err sqlite_connect(const char *path, int flags, int busy_ms, sqlite3 **db_out)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, sqlite_scrub_vfs());
    if (code == SQLITE_OK)
        code = sqlite3_extended_result_codes(db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db, busy_ms);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    struct err e = code == SQLITE_OK ? err_none() : sqlite_error(code);
    if (!failed(e))
        e = sqlite_exec(db, "PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=FULL;"
                            "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
                            "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;");
    if (failed(e)) {
        sqlite_disconnect(db);
        return e;
    }
    *db_out = db;
    return err_none();
}

void sqlite_disconnect(sqlite3 *db_own_opt)
{
    if (db_own_opt == NULL)
        return;
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(db_own_opt, NULL)) != NULL)
        sqlite3_finalize(statement);
    int code = sqlite3_close(db_own_opt);
    assert(code == SQLITE_OK); /* SQLITE_BUSY: a statement or blob handle is left */
    (void)code;
}

static const char *const statement_sql[SQL_COUNT] = {
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_APPEND] = "INSERT INTO journal(number, log, leaf, class, month, entry, sealed)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_RESEAL] = "UPDATE journal SET sealed = ?2 WHERE number = ?1",
    [SQL_IS_ERASED] = "SELECT sealed IS NULL FROM journal WHERE number = ?1",
    [SQL_JOURNAL_LAST] = "SELECT ifnull(max(number), 0) FROM journal",
    [SQL_JOURNAL_READ] = "SELECT number, log, leaf, class, month, entry, sealed FROM journal"
                         " WHERE number >= ?1 ORDER BY number LIMIT ?2",
    [SQL_LOG_READ] = "SELECT number, log, leaf, class, month, entry, sealed FROM journal"
                     " WHERE log = ?3 AND leaf >= ?1 ORDER BY leaf LIMIT ?2",
    [SQL_HOLLOW_READ] = "SELECT number, log, leaf, class, month, entry, sealed FROM journal"
                        " WHERE sealed IS NULL AND number >= ?1 ORDER BY number LIMIT ?2",
    [SQL_LOG_SIZE] = "SELECT ifnull(max(leaf) + 1, 0) FROM journal WHERE log = ?1",
    [SQL_NODE_GET] = "SELECT hash FROM node WHERE id = ?1",
    [SQL_NODE_PUT] = "INSERT INTO node(id, hash) VALUES(?1, ?2)"
                     " ON CONFLICT(id) DO UPDATE SET hash = excluded.hash",
    [SQL_NODE_SCAN] = "SELECT id, hash FROM node WHERE id > ?1 ORDER BY id LIMIT ?2",
};

static const char *const row_sql[ROW_SQL_COUNT] = {
    [ROW_GET] = "SELECT value FROM row_%s WHERE key = ?1",
    [ROW_PUT] = "INSERT INTO row_%s(key, value) VALUES(?1, ?2)"
                " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
    [ROW_DELETE] = "DELETE FROM row_%s WHERE key = ?1",
    [ROW_SCAN] = "SELECT key, value FROM row_%s WHERE key >= ?1 AND key < ?2"
                 " ORDER BY key LIMIT ?3",
    [ROW_SCAN_REVERSE] = "SELECT key, value FROM row_%s WHERE key >= ?1 AND key < ?2"
                         " ORDER BY key DESC LIMIT ?3",
};

static struct err prepare(sqlite3 *db, const char *sql, sqlite3_stmt **slot)
{
    int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL);
    return code == SQLITE_OK ? err_none() : sqlite_error(code);
}

struct err sqlite_statement(struct sqlite_view *view, enum sqlite_sql which, sqlite3_stmt **out)
{
    sqlite3_stmt **slot = &view->statements[which];
    struct err e = *slot != NULL ? err_none() : prepare(view->db, statement_sql[which], slot);
    if (!failed(e))
        *out = *slot;
    return e;
}

struct err sqlite_row_statement(struct sqlite_view *view, enum store_table table,
                                enum sqlite_row_sql which, sqlite3_stmt **out)
{
    sqlite3_stmt **slot = &view->rows[table][which];
    if (*slot == NULL) {
        char sql[160];
        sqlite3_snprintf(sizeof sql, sql, row_sql[which], store_tables[table].name);
        struct err e = prepare(view->db, sql, slot);
        if (failed(e))
            return e;
    }
    *out = *slot;
    return err_none();
}

struct err sqlite_run(sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    sqlite3_reset(statement); /* Q1; repeats the code */
    return code == SQLITE_DONE ? err_none() : sqlite_error(code);
}

struct err sqlite_simple(struct sqlite_view *view, enum sqlite_sql which)
{
    sqlite3_stmt *statement = NULL;
    struct err e = sqlite_statement(view, which, &statement);
    return failed(e) ? e : sqlite_run(statement);
}

int sqlite_bind(sqlite3_stmt *statement, int at, struct bytes in)
{
    static const uint8_t nothing;
    return sqlite3_bind_blob(statement, at, in.len == 0 ? &nothing : in.data, (int)in.len,
                             SQLITE_STATIC);
}
