#include <stdlib.h>

#include "import/mapping.h"

struct table {
    struct import_run run;
    struct mapping_row in;
    struct csv_row header;
    struct csv_row row;
    bool used[CSV_FIELDS_MAX];
};

static void count_unknown(struct table *t)
{
    for (size_t i = 0; i < t->row.count && i < t->header.count; i++) {
        if (!t->used[i] && mapping_cell(&t->in, t->header.fields[i]).len > 0)
            run_unknown(&t->run, t->header.fields[i]);
    }
}

static struct err take_row(struct table *t)
{
    struct text none = TEXT("");
    t->in.number = mapping_cell(&t->in, t->in.mapping->reference);
    if (t->in.number.len == 0) {
        t->run.nameless++;
        run_refuse(&t->run, t->row.line, t->in.mapping->reference, "import.field-missing", none);
        return err_none();
    }
    if (t->row.count > t->header.count) {
        bool twice = false;
        struct record_id id = import_source_id(&t->run.host->owner, t->in.number);
        run_refuse(&t->run, t->row.line, none, "import.row-too-wide", t->in.number);
        return run_mark(&t->run, &id, &twice);
    }
    count_unknown(t);
    struct json draft = mapping_fill(&t->in, t->run.host, t->run.arena);
    return run_entry(&t->run, &draft, t->row.line, t->in.number);
}

/* The first walk: is the file a table, all of it? */
static struct err check_whole(struct table *t, struct csv_reader r)
{
    struct err e = err_none();
    while (!failed(e) && !csv_at_end(&r)) {
        size_t mark = t->run.arena->used;
        e = csv_next(&r, t->run.arena, &t->row);
        arena_rewind(t->run.arena, mark);
    }
    return e;
}

static struct err take_rows(struct table *t, struct csv_reader r, size_t rows_max)
{
    struct err e = err_none();
    for (size_t rows = 0; rows < rows_max; rows++) {
        size_t mark = t->run.arena->used;
        e = csv_next(&r, t->run.arena, &t->row);
        if (failed(e) || t->row.count == 0)
            break;
        e = take_row(t);
        run_progress(&t->run, r.at, r.in.len);
        arena_rewind(t->run.arena, mark);
        if (failed(e))
            break;
    }
    return e;
}

/* Header and columns; then the rows, all of them or the first. */
static struct err walk(struct table *t, struct bytes in, size_t rows_max)
{
    const struct csv_mapping *mapping = t->in.mapping;
    struct csv_reader r = csv_over(in, mapping->separator, mapping->latin1);
    if (in.len > IMPORT_BYTES_MAX)
        return err_make(ERR_LIMIT, "import.too-large");
    struct err e = rows_max == SIZE_MAX ? check_whole(t, r) : err_none();
    if (!failed(e))
        e = csv_next(&r, t->run.arena, &t->header);
    if (!failed(e))
        e = mapping_columns(mapping, &t->header, t->used);
    return failed(e) ? e : take_rows(t, r, rows_max);
}

/* Rows of 512 fields are too large for a stack. NULL: no memory. */
static struct table *table_new(const struct csv_mapping *mapping, const struct import_host *host,
                               struct arena *arena, struct import_account *account)
{
    struct table *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return NULL;
    run_init(&t->run, host, arena, account);
    t->in = (struct mapping_row){ .mapping = mapping, .header = &t->header, .row = &t->row };
    return t;
}

static void table_free(struct table *t)
{
    run_free(&t->run);
    free(t);
}

struct err import_csv(struct bytes in, const struct csv_mapping *mapping,
                      const struct import_host *host, struct arena *arena,
                      struct import_account *out)
{
    size_t mark = arena->used;
    struct table *t = table_new(mapping, host, arena, out);
    if (t == NULL)
        return err_make(ERR_UNAVAILABLE, "import.no-memory");
    struct err e = walk(t, in, SIZE_MAX);
    if (!failed(e))
        e = run_end(&t->run);
    table_free(t);
    arena_rewind(arena, mark);
    return e;
}

/* ---- preview: a host that only collects, in the upper half of the arena ---- */

struct preview {
    struct arena arena;
    struct json entries;
};

static void collect(struct preview *p, uint32_t line, struct json entry)
{
    json_set_integer(&p->arena, &entry, "line", line);
    json_push(&p->arena, &p->entries, entry);
}

static struct err collect_accept(void *sink, const struct json *draft, uint32_t line)
{
    struct preview *p = sink;
    struct json entry = json_object();
    json_set(&p->arena, &entry, "record", json_copy(&p->arena, draft));
    collect(p, line, entry);
    return err_none();
}

static void collect_refusal(void *sink, const struct import_refusal *refusal)
{
    struct preview *p = sink;
    struct json entry = json_object();
    json_set_text(&p->arena, &entry, "field", arena_copy_text(&p->arena, refusal->field));
    json_set(&p->arena, &entry, "rule", json_literal(refusal->rule));
    collect(p, refusal->line, entry);
}

static struct json columns_of(const struct csv_row *header, struct arena *arena)
{
    struct json columns = json_array();
    for (size_t i = 0; i < header->count; i++)
        json_push(arena, &columns, json_string(header->fields[i]));
    return columns;
}

struct err import_csv_preview(struct bytes in, const struct csv_mapping *mapping,
                              const struct import_host *host, size_t rows, struct arena *arena,
                              struct json *out)
{
    size_t half = (arena->size - arena->used) / 2;
    uint8_t *upper = arena_take(arena, half);
    struct preview p = { .entries = json_array() };
    struct import_account account;
    if (upper == NULL)
        return arena_check(arena);
    p.arena = arena_over(upper, half);
    struct import_host collector = { .sink = &p,
                                     .owner = host->owner,
                                     .unit = host->unit,
                                     .accept = collect_accept,
                                     .refuse_opt = collect_refusal };
    struct table *t = table_new(mapping, &collector, arena, &account);
    if (t == NULL)
        return err_make(ERR_UNAVAILABLE, "import.no-memory");
    struct err e = walk(t, in, rows < PREVIEW_MAX ? rows : PREVIEW_MAX);
    struct json preview = json_object();
    json_set(&p.arena, &preview, "columns", columns_of(&t->header, &p.arena));
    json_set(&p.arena, &preview, "entries", p.entries);
    json_set(&p.arena, &preview, "account", import_account_format(&account, &p.arena));
    table_free(t);
    if (!failed(e))
        e = arena_check(&p.arena);
    if (!failed(e))
        *out = preview;
    return e;
}
