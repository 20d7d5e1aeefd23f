/* Documents from the rows: what a start reads again, and what fills a gap. */
#include "clerk/record/doc.h"
#include "clerk/shelf/shelf_parts.h"

/* The document of a row of TABLE_DOC, onto *out; none when its record is kept apart. */
static struct err read_one(struct store_view *view, const struct store_row *doc,
                           struct arena *arena, struct shelf_change **out)
{
    struct bytes row;
    struct shelf_change *before = *out;
    struct err e = store_get(view, TABLE_RECORD, doc->value, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    if (!failed(e))
        e = doc_of_row(row, arena, out);
    if (!failed(e) && *out != before && (*out)->add_opt->number != key_tail_u64(doc->key))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    return e;
}

struct err rows_read(struct store_view *view, struct rows_wanted wanted, struct arena *arena,
                     struct shelf_change **out, uint64_t *last_out)
{
    struct row_key key = key_u64(wanted.after);
    struct store_range range = { .table = TABLE_DOC, .after = key_bytes(&key),
                                 .limit = wanted.max };
    struct store_rows rows;
    struct err e = store_scan(view, &range, arena, &rows);
    if (failed(e))
        return e;
    uint64_t last = wanted.after;
    for (size_t i = 0; i < rows.count; i++) {
        uint64_t number = key_tail_u64(rows.rows[i].key);
        struct shelf_change *before = *out;
        size_t mark = arena->used;
        if (number > wanted.upto)
            break;
        e = read_one(view, &rows.rows[i], arena, out);
        if (e.code == ERR_LIMIT && arena->full && i > 0) { /* the rest at another time */
            arena_rewind(arena, mark);
            arena->full = false;
            *out = before;
            *last_out = last;
            return err_none();
        }
        if (failed(e))
            return e;
        last = number;
    }
    bool beyond = rows.count > 0 && key_tail_u64(rows.rows[rows.count - 1].key) > wanted.upto;
    *last_out = rows.count < wanted.max || beyond ? wanted.upto : last;
    return err_none();
}
