#include <assert.h>
#include <stdlib.h>

#include "import/ofac.h"

enum { ROWS_FIRST = 4096, CONTROL_Z = 0x1A };

static const struct {
    const char *name;
    size_t columns;
} parts[OFAC_PARTS] = {
    [OFAC_MAIN] = { "sdn.csv", OFAC_MAIN_COLUMNS },
    [OFAC_ALT] = { "alt.csv", OFAC_ALT_COLUMNS },
    [OFAC_ADD] = { "add.csv", OFAC_ADD_COLUMNS },
    [OFAC_COMMENTS] = { "sdn_comments.csv", OFAC_COMMENTS_COLUMNS },
};

const char *ofac_part_name(enum ofac_part part)
{
    return parts[part].name;
}

size_t ofac_part_columns(enum ofac_part part)
{
    return parts[part].columns;
}

uint32_t ofac_number(struct text t)
{
    uint64_t value = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] < '0' || t.data[i] > '9')
            return 0;
        value = value * 10 + (unsigned)(t.data[i] - '0');
        if (value > UINT32_MAX)
            return 0;
    }
    return (uint32_t)value;
}

struct text ofac_cell(const struct csv_row *row, size_t column)
{
    struct text cell = column < row->count ? row->fields[column] : TEXT("");
    return text_is(cell, "-0-") ? TEXT("") : cell;
}

static struct err keep_row(struct ofac_file *file, uint32_t entry, uint32_t line, size_t at)
{
    if (file->count == file->room) {
        size_t room = file->room == 0 ? ROWS_FIRST : file->room * 2;
        struct ofac_row *grown = realloc(file->rows, room * sizeof(*grown));
        if (grown == NULL)
            return err_make(ERR_UNAVAILABLE, "import.no-memory");
        file->rows = grown;
        file->room = room;
    }
    file->rows[file->count++] = (struct ofac_row){ .entry = entry, .line = line, .at = at };
    return err_none();
}

static int by_entry(const void *a, const void *b)
{
    const struct ofac_row *left = a;
    const struct ofac_row *right = b;
    if (left->entry != right->entry)
        return left->entry < right->entry ? -1 : 1;
    return left->line < right->line ? -1 : left->line > right->line;
}

/* Behind the last row there may be a Ctrl-Z, and white space. */
static bool ends_clean(const struct csv_reader *r)
{
    for (size_t i = r->at; i < r->in.len; i++) {
        if (r->in.data[i] != CONTROL_Z && r->in.data[i] > ' ')
            return false;
    }
    return true;
}

/* To the end of the file, and the rows that are joined. A row of another width is refused later,
 * alone; the last one of another width means that the file was cut. */
static struct err walk(struct ofac_list *list, enum ofac_part part)
{
    struct ofac_file *file = &list->files[part];
    struct arena *arena = list->run.arena;
    struct csv_reader r = csv_over(file->in, ',', true);
    size_t mark = arena->used;
    size_t last = 0;
    struct err e;
    struct csv_row row;
    for (;;) {
        size_t at = r.at;
        uint32_t line = r.line;
        arena_rewind(arena, mark);
        e = csv_next(&r, arena, &row);
        if (failed(e) || row.count == 0)
            break;
        last = row.count;
        if (part != OFAC_MAIN)
            e = keep_row(file, ofac_number(row.fields[0]), line, at);
        if (failed(e))
            break;
    }
    arena_rewind(arena, mark);
    if (!failed(e) && last != parts[part].columns)
        e = err_at(ERR_INVALID, r.line, "import.cut-short");
    if (!failed(e) && !ends_clean(&r))
        e = err_at(ERR_INVALID, r.line, "import.text-after-end");
    if (!failed(e) && file->count > 0)
        qsort(file->rows, file->count, sizeof(*file->rows), by_entry);
    return e;
}

/* By the columns of the first row. */
static struct err tell(struct ofac_list *list, struct bytes in, enum ofac_part *out)
{
    struct csv_reader r = csv_over(in, ',', true);
    size_t mark = list->run.arena->used;
    struct csv_row row;
    struct err e = run_check_file(in);
    if (!failed(e))
        e = csv_next(&r, list->run.arena, &row);
    arena_rewind(list->run.arena, mark);
    if (failed(e))
        return e;
    for (int part = 0; part < OFAC_PARTS; part++) {
        if (row.count == parts[part].columns && ofac_number(row.fields[0]) > 0) {
            *out = (enum ofac_part)part;
            return err_none();
        }
    }
    return err_at(ERR_INVALID, row.line, "import.other-list");
}

struct err ofac_open(struct ofac_list *list, const struct bytes *files, size_t count,
                     size_t *wrong_out)
{
    enum ofac_part part;
    for (size_t i = 0; i < count; i++) {
        *wrong_out = i;
        struct err e = tell(list, files[i], &part);
        if (!failed(e) && list->files[part].in.len > 0)
            e = err_make(ERR_INVALID, "import.file-twice");
        if (failed(e))
            return e;
        list->files[part].in = files[i];
        list->files[part].given = i;
        e = walk(list, part);
        if (failed(e))
            return e;
    }
    *wrong_out = 0;
    for (int i = 0; i < OFAC_COMMENTS; i++) {
        if (list->files[i].in.len == 0)
            return err_make(ERR_INVALID, "import.files-missing");
    }
    return err_none();
}

void ofac_close(struct ofac_list *list)
{
    for (size_t i = 0; i < OFAC_PARTS; i++)
        free(list->files[i].rows);
}

/* The first row of the entry, or where it would be. */
static size_t first_of(const struct ofac_file *file, uint32_t entry)
{
    size_t low = 0;
    size_t high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->rows[middle].entry < entry)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct err ofac_join(struct ofac_list *list, enum ofac_part part, uint32_t entry, size_t *at,
                     struct csv_row *row_out)
{
    struct ofac_file *file = &list->files[part];
    assert(part != OFAC_MAIN);
    if (*at == 0)
        *at = first_of(file, entry) + 1;
    row_out->count = 0;
    if (*at > file->count || file->rows[*at - 1].entry != entry)
        return err_none();
    struct ofac_row *found = &file->rows[*at - 1];
    struct csv_reader r = csv_over(file->in, ',', true);
    r.at = found->at;
    r.line = found->line;
    found->used = true;
    (*at)++;
    return csv_next(&r, list->run.arena, row_out);
}
