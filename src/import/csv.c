#include "import/csv.h"

#include "core/writer.h"

enum { CONTROL_Z = 0x1A, LATIN1_GROWTH = 2 };

struct csv_reader csv_over(struct bytes in, char separator, bool latin1)
{
    struct csv_reader r = { in, 0, 1, separator, latin1 };
    if (in.len >= 3 && memcmp(in.data, "\xEF\xBB\xBF", 3) == 0)
        r.at = 3;
    return r;
}

bool csv_at_end(const struct csv_reader *r)
{
    return r->at >= r->in.len || r->in.data[r->at] == CONTROL_Z;
}

static bool at_separator(const struct csv_reader *r)
{
    return (char)r->in.data[r->at] == r->separator;
}

static bool at_line_end(const struct csv_reader *r)
{
    return r->in.data[r->at] == '\n' || r->in.data[r->at] == '\r';
}

static void skip_line_end(struct csv_reader *r)
{
    if (r->at < r->in.len && r->in.data[r->at] == '\r')
        r->at++;
    if (r->at < r->in.len && r->in.data[r->at] == '\n')
        r->at++;
    r->line++;
}

/* The raw bytes of a quoted field, doubled quotes made single; `at` behind the opening quote. */
static struct err read_quoted(struct csv_reader *r, struct writer *w)
{
    uint32_t from = r->line;
    while (r->at < r->in.len) {
        uint8_t c = r->in.data[r->at++];
        bool doubled = c == '"' && r->at < r->in.len && r->in.data[r->at] == '"';
        if (c == '"' && !doubled)
            return err_none();
        if (doubled)
            r->at++;
        r->line += c == '\n';
        writer_u8(w, c);
    }
    return err_at(ERR_INVALID, from, "import.quote-open");
}

static void read_plain(struct csv_reader *r, struct writer *w)
{
    while (!csv_at_end(r) && !at_separator(r) && !at_line_end(r))
        writer_u8(w, r->in.data[r->at++]);
}

/* ISO 8859-1 is the first 256 characters of Unicode. */
static struct text from_latin1(struct bytes raw, struct arena *arena)
{
    char *out = arena_take_array(arena, raw.len, LATIN1_GROWTH);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < raw.len; i++) {
        uint8_t c = raw.data[i];
        if (c >= 0x80)
            out[len++] = (char)(0xC0 | c >> 6);
        out[len++] = (char)(c >= 0x80 ? 0x80 | (c & 63) : c);
    }
    return (struct text){ out, len };
}

static struct err read_field(struct csv_reader *r, struct arena *arena, struct text *out)
{
    static _Thread_local uint8_t memory[CSV_FIELD_BYTES_MAX];
    struct writer w = writer_over(memory, sizeof(memory));
    uint32_t line = r->line;
    struct err e = err_none();
    struct bytes raw;
    if (r->at < r->in.len && r->in.data[r->at] == '"') {
        r->at++;
        e = read_quoted(r, &w);
    }
    if (failed(e))
        return e;
    read_plain(r, &w); /* what stands behind a closing quote belongs to the field */
    if (failed(writer_end(&w, &raw)))
        return err_at(ERR_LIMIT, line, "import.field-too-long");
    struct text text = { NULL, 0 };
    if (r->latin1)
        text = from_latin1(raw, arena);
    else if (failed(text_parse(raw, &text)))
        return err_at(ERR_INVALID, line, "text.not-utf8");
    else
        text = arena_copy_text(arena, text);
    if (arena->full)
        return err_at(ERR_LIMIT, line, "arena.full");
    *out = text_trim(text);
    return err_none();
}

static struct err read_row(struct csv_reader *r, struct arena *arena, struct csv_row *out)
{
    out->count = 0;
    out->line = r->line;
    for (;;) {
        if (out->count == CSV_FIELDS_MAX)
            return err_at(ERR_LIMIT, out->line, "import.row-too-wide");
        struct err e = read_field(r, arena, &out->fields[out->count]);
        if (failed(e))
            return e;
        out->count++;
        if (csv_at_end(r) || !at_separator(r))
            break;
        r->at++;
    }
    skip_line_end(r);
    return err_none();
}

struct err csv_next(struct csv_reader *r, struct arena *arena, struct csv_row *out)
{
    while (!csv_at_end(r)) {
        struct err e = read_row(r, arena, out);
        if (failed(e))
            return e;
        if (out->count > 1 || out->fields[0].len > 0)
            return err_none();
    }
    out->count = 0;
    return err_none();
}
