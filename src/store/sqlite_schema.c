#include "store/sqlite_state.h"

/* Facts are near 1 kB: rowid tables, because a WITHOUT ROWID row of that size takes an overflow
 * page each. Small rows stand in key order without a second index. A node's id is its log, level
 * and index packed (sqlite_node_id). */
static const char schema_sql[] =
    "CREATE TABLE journal(number INTEGER PRIMARY KEY, log INTEGER NOT NULL,"
    " leaf INTEGER NOT NULL, class INTEGER NOT NULL, month INTEGER NOT NULL,"
    " entry BLOB NOT NULL, sealed BLOB);"
    "CREATE UNIQUE INDEX journal_leaf ON journal(log, leaf);"
    "CREATE INDEX journal_hollow ON journal(number) WHERE sealed IS NULL;"
    "CREATE TABLE node(id INTEGER PRIMARY KEY, hash BLOB NOT NULL);";

static const int64_t small_database = 64 * 1024 * 1024; /* bytes; checked at each open */

static struct err create_tables(sqlite3 *db)
{
    struct err e = err_none();
    for (enum store_table t = 0; t < STORE_TABLES && !failed(e); t++) {
        char sql[200];
        const char *shape = store_tables[t].small
                                ? "CREATE TABLE IF NOT EXISTS row_%s(key BLOB PRIMARY KEY,"
                                  " value BLOB NOT NULL) WITHOUT ROWID"
                                : "CREATE TABLE IF NOT EXISTS row_%s(id INTEGER PRIMARY KEY,"
                                  " key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)";
        sqlite3_snprintf(sizeof sql, sql, shape, store_tables[t].name);
        e = sqlite_exec(db, sql);
    }
    return e;
}

static struct err create_schema(sqlite3 *db)
{
    char sql[200];
    sqlite3_snprintf(sizeof sql, sql,
                     "PRAGMA page_size=%d; PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;"
                     "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     (int)STORE_SQLITE_PAGE, (int)STORE_SQLITE_APPLICATION,
                     (int)STORE_SQLITE_SCHEMA);
    struct err e = sqlite_exec(db, sql);
    if (!failed(e))
        e = sqlite_exec(db, schema_sql);
    if (!failed(e))
        e = create_tables(db);
    if (!failed(e))
        e = sqlite_exec(db, "COMMIT");
    return e;
}

static struct err check_gap(sqlite3 *db)
{
    int64_t gaps = 0;
    struct err e = sqlite_integer(db,
                                  "SELECT ifnull(max(number), 0) <> count(*)"
                                  " OR ifnull(min(number), 1) <> 1 FROM journal",
                                  &gaps);
    if (!failed(e) && gaps != 0)
        return err_make(ERR_CORRUPT, "store.journal-gap");
    return e;
}

struct err sqlite_schema_check(sqlite3 *db, bool full)
{
    sqlite3_stmt *statement = NULL;
    const char *sql = full ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    struct err e = code == SQLITE_ROW ? err_none() : sqlite_error(code);
    if (!failed(e)) {
        const unsigned char *answer = sqlite3_column_text(statement, 0);
        if (answer == NULL || strcmp((const char *)answer, "ok") != 0)
            e = err_make(ERR_CORRUPT, "store.database-damaged");
    }
    sqlite3_finalize(statement);
    return failed(e) ? e : check_gap(db);
}

static struct err check_identity(sqlite3 *db)
{
    int64_t application = 0;
    int64_t version = 0;
    struct err e = sqlite_integer(db, "PRAGMA application_id", &application);
    if (!failed(e))
        e = sqlite_integer(db, "PRAGMA user_version", &version);
    if (failed(e))
        return e;
    if (application != STORE_SQLITE_APPLICATION)
        return err_make(ERR_INVALID, "store.not-ours");
    if (version > STORE_SQLITE_SCHEMA)
        return err_make(ERR_INVALID, "store.newer-schema");
    return err_none();
}

struct err sqlite_schema_open(sqlite3 *db, const struct store_sqlite_options *options)
{
    int64_t tables = 0;
    int64_t size = 0;
    struct err e = sqlite_integer(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (failed(e))
        return e;
    if (tables == 0) /* new, or its making was cut short */
        return options->create ? create_schema(db) : err_make(ERR_NOT_FOUND, "store.no-database");
    e = check_identity(db);
    if (!failed(e))
        e = sqlite_integer(db,
                           "SELECT page_count * page_size FROM pragma_page_count,"
                           " pragma_page_size",
                           &size);
    if (!failed(e) && (options->verify || size <= small_database))
        e = sqlite_schema_check(db, false);
    return failed(e) ? e : create_tables(db);
}
