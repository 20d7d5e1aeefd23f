#include "import/lines.h"

static bool is_blank(struct bytes line)
{
    size_t i = 0;
    while (i < line.len && (line.data[i] == ' ' || line.data[i] == '\t' || line.data[i] == '\r'))
        i++;
    return i == line.len;
}

/* One line, which becomes an entry or a refusal. */
static struct err take_line(struct import_run *run, struct bytes line, uint32_t number,
                            lines_take *take)
{
    struct json json;
    struct text none = TEXT("");
    if (line.len > RECORD_BYTES_MAX) {
        run->nameless++;
        run_refuse(run, number, none, "import.entry-too-large", none);
        return err_none();
    }
    struct err e = json_parse(line, run->arena, &json);
    if (!failed(e))
        return take(run, &json, number);
    run->nameless++;
    run->arena->full = false;
    run_refuse(run, number, none, e.rule, none);
    return err_none();
}

struct err lines_walk(struct import_run *run, struct bytes in, lines_take *take)
{
    uint32_t number = 0;
    for (size_t at = 0; at < in.len;) {
        const uint8_t *end = memchr(in.data + at, '\n', in.len - at);
        size_t len = end == NULL ? in.len - at : (size_t)(end - (in.data + at));
        struct bytes line = bytes_of(in.data + at, len);
        size_t mark = run->arena->used;
        number++;
        at += len + 1;
        if (is_blank(line))
            continue;
        struct err e = take_line(run, line, number, take);
        arena_rewind(run->arena, mark);
        if (failed(e))
            return e;
        run_progress(run, at < in.len ? at : in.len, in.len);
    }
    return err_none();
}

static struct err take_record(struct import_run *run, const struct json *draft, uint32_t number)
{
    return run_entry(run, draft, number, json_get_text(draft, "id"));
}

struct err import_ndjson(struct bytes in, const struct import_host *host, struct arena *arena,
                         struct import_account *out)
{
    struct import_run run;
    run_init(&run, host, arena, out);
    struct err e = err_none();
    if (in.len > IMPORT_BYTES_MAX)
        e = err_make(ERR_LIMIT, "import.too-large");
    if (!failed(e))
        e = lines_walk(&run, in, take_record);
    if (!failed(e))
        e = run_end(&run);
    run_free(&run);
    return e;
}
