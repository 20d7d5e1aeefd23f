#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/demo.h"
#include "core/writer.h"
#include "shell/clock.h"
#include "shell/files.h"

static void keep(struct demo *demo, struct text line)
{
    if (demo->report_count < DEMO_LINES_MAX)
        demo->report[demo->report_count++] = line;
}

void demo_pause(struct demo *demo, int ms)
{
    int64_t wait = (int64_t)ms * demo->pace_percent / 100;
    struct timespec time = { wait / 1000, wait % 1000 * 1000000 };
    (void)fflush(stdout);
    if (wait > 0)
        (void)nanosleep(&time, NULL);
}

struct text demo_number(struct demo *demo, int64_t value)
{
    uint8_t digits[24];
    struct bytes out;
    struct writer w = writer_over(digits, sizeof(digits));
    writer_decimal(&w, value);
    if (failed(writer_end(&w, &out)))
        return TEXT("");
    struct bytes copy = arena_copy(demo->cli->arena, out);
    return (struct text){ (const char *)copy.data, copy.len };
}

/* Microseconds as milliseconds with one decimal. */
struct text demo_ms(struct demo *demo, int64_t us)
{
    char out[32];
    int len = snprintf(out, sizeof(out), "%lld.%lld ms", (long long)(us / 1000),
                       (long long)(us % 1000 / 100));
    return arena_copy_text(demo->cli->arena, (struct text){ out, (size_t)len });
}

/* The label of a code in a language, or the code itself. */
struct text demo_label(struct demo *demo, enum text_lang lang, const char *list, struct text code)
{
    struct text id = demo_join(demo, list, code, "");
    char *c = arena_take(demo->cli->arena, id.len + 1);
    if (c == NULL)
        return code;
    memcpy(c, id.data, id.len);
    const char *label = text_say(lang, c);
    return label == c ? code : text_literal(label);
}

struct text demo_join(struct demo *demo, const char *a, struct text b, const char *c)
{
    struct text head = arena_join(demo->cli->arena, text_literal(a), b);
    return arena_join(demo->cli->arena, head, text_literal(c));
}

void demo_scene(struct demo *demo, int number, const char *title_id)
{
    int64_t ms = clock_monotonic_ms() - demo->begun_ms;
    const char *title = text_say(demo->cli->lang, title_id);
    (void)printf("\n%s%2d  %s%s  %s%lld.%lld s%s\n", term_style(&demo->cli->out, TERM_BOLD),
                 number, title, term_style(&demo->cli->out, TERM_PLAIN),
                 term_style(&demo->cli->out, TERM_DIM), (long long)(ms / 1000),
                 (long long)(ms % 1000 / 100), term_style(&demo->cli->out, TERM_PLAIN));
    keep(demo, demo_join(demo, "#", text_literal(title), ""));
}

void demo_line(struct demo *demo, const char *id, struct text a, struct text b, struct text c)
{
    struct text_param params[] = { { "a", a }, { "b", b }, { "c", c } };
    struct text line = text_fill(demo->cli->arena, demo->cli->lang, id, params, 3);
    struct text clean = term_clean(demo->cli->arena, line);
    (void)printf("    %.*s\n", (int)clean.len, clean.data);
    keep(demo, clean);
    demo_pause(demo, 350);
}

/* Five nodes as one line each: what they hold, and how far behind their partners are. */
void demo_board(struct demo *demo)
{
    for (int i = 0; i < DEMO_NODES; i++) {
        struct demo_node *node = &demo->nodes[i];
        size_t mark = demo->cli->arena->used;
        int64_t held = demo_status(demo, (enum demo_member)i, "searchable");
        int64_t journal = demo_status(demo, (enum demo_member)i, "journal");
        const char *style = term_style(&demo->cli->out, node->pid > 0 ? TERM_GREEN : TERM_RED);
        int pad = 9 - (int)term_columns(node->name);
        (void)printf("    %s%s%s %.*s%*s %s %6lld   %s %7lld\n", style, node->code,
                     term_style(&demo->cli->out, TERM_PLAIN), (int)node->name.len,
                     node->name.data, pad > 0 ? pad : 0, "",
                     text_say(demo->cli->lang, "demo.board-alerts"), (long long)held,
                     text_say(demo->cli->lang, "demo.board-facts"), (long long)journal);
        arena_rewind(demo->cli->arena, mark);
    }
}

/* -- the report --------------------------------------------------------------------------- */

static void put_escaped(struct writer *w, struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] == '<')
            writer_literal(w, "&lt;");
        else if (t.data[i] == '&')
            writer_literal(w, "&amp;");
        else
            writer_u8(w, (uint8_t)t.data[i]);
    }
}

/* A map of five capitals around the lake, drawn from their coordinates. */
static void put_map(struct writer *w, const struct demo *demo)
{
    static const int at[DEMO_NODES][2] = {
        { 250, 280 }, { 130, 110 }, { 420, 160 }, { 350, 380 }, { 90, 320 },
    };
    writer_literal(w, "<svg viewBox='0 0 540 450' width='540' role='img'>");
    for (int i = 0; i < DEMO_NODES; i++) {
        for (int j = i + 1; j < DEMO_NODES; j++) {
            writer_literal(w, "<line stroke='#9ab' x1='");
            writer_decimal(w, at[i][0]);
            writer_literal(w, "' y1='");
            writer_decimal(w, at[i][1]);
            writer_literal(w, "' x2='");
            writer_decimal(w, at[j][0]);
            writer_literal(w, "' y2='");
            writer_decimal(w, at[j][1]);
            writer_literal(w, "'/>");
        }
    }
    for (int i = 0; i < DEMO_NODES; i++) {
        writer_literal(w, "<circle r='26' fill='#124' cx='");
        writer_decimal(w, at[i][0]);
        writer_literal(w, "' cy='");
        writer_decimal(w, at[i][1]);
        writer_literal(w, "'/><text fill='#fff' font-size='14' text-anchor='middle' x='");
        writer_decimal(w, at[i][0]);
        writer_literal(w, "' y='");
        writer_decimal(w, at[i][1] + 5);
        writer_literal(w, "'>");
        writer_literal(w, demo->nodes[i].code);
        writer_literal(w, "</text>");
    }
    writer_literal(w, "</svg>");
}

struct err demo_report(struct demo *demo)
{
    char path[DEMO_PATH_MAX + 32];
    struct bytes out;
    struct writer w = writer_in(demo->cli->arena);
    writer_literal(&w, "<!doctype html><meta charset='utf-8'><title>Comity</title><style>"
                       "body{font:16px/1.5 system-ui;max-width:60em;margin:2em auto;padding:0 1em}"
                       "h2{margin:1.2em 0 .2em}p{margin:.1em 0}</style><h1>Comity</h1><p>");
    writer_literal(&w, text_say(demo->cli->lang, "demo.report-note"));
    writer_literal(&w, "</p>");
    put_map(&w, demo);
    for (size_t i = 0; i < demo->report_count; i++) {
        struct text line = demo->report[i];
        bool title = text_starts(line, TEXT("#"));
        writer_literal(&w, title ? "<h2>" : "<p>");
        put_escaped(&w, title ? text_slice(line, 1, line.len) : line);
        writer_literal(&w, title ? "</h2>\n" : "</p>\n");
    }
    struct err e = writer_keep(&w, demo->cli->arena, &out);
    if (failed(e))
        return e;
    (void)snprintf(path, sizeof(path), "%s/../report.html", demo->dir);
    return files_write(path, out, 0644);
}
