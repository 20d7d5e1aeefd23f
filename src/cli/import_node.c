#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import.h"
#include "core/encode.h"

#define BATCH_ARENA ((size_t)48 << 20) /* drafts within the model's limits, and their answers */
#define BATCH_FULL ((size_t)6 << 20)   /* as trees, which are larger than the body they make */
enum { HELD_FIRST = 4096 };

/* -- what is held ------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct held_entry *left = a;
    const struct held_entry *right = b;
    return record_id_compare(&left->id, &right->id);
}

static bool hold(struct import_sink *sink, const struct json *item)
{
    struct held_entry entry;
    if (failed(record_id_parse(json_get_text(item, "id"), &entry.id)) ||
        failed(hex_parse(json_get_text(item, "hash"), entry.hash.bytes, HASH_LEN)))
        return true; /* withdrawn: nothing is held under it */
    if (sink->held_count == sink->held_room) {
        size_t room = sink->held_room == 0 ? HELD_FIRST : sink->held_room * 2;
        struct held_entry *grown = realloc(sink->held, room * sizeof(*grown));
        if (grown == NULL)
            return false;
        sink->held = grown;
        sink->held_room = room;
    }
    sink->held[sink->held_count++] = entry;
    return true;
}

bool import_open(struct import_sink *sink)
{
    struct cli *cli = sink->cli;
    struct text after = { NULL, 0 };
    uint8_t *memory = malloc(BATCH_ARENA);
    sink->arena = arena_over(memory, memory == NULL ? 0 : BATCH_ARENA);
    sink->batch = json_array();
    size_t mark = cli->arena->used;
    char next[256] = { 0 };
    do {
        struct json page;
        arena_rewind(cli->arena, mark);
        struct text path = cli_path(cli, "/v1/sources/", sink->source, "/entries");
        if (sink->source.len == 0)
            break; /* our own records: the node compares */
        if (after.len > 0)
            path = arena_join(cli->arena, arena_join(cli->arena, path, TEXT("?after=")), after);
        if (!cli_send(cli, "GET", path, NULL, &page, &sink->code))
            return false;
        const struct json *items = json_get(&page, "items");
        for (size_t i = 0; i < json_count(items); i++) {
            if (!hold(sink, json_item(items, i))) {
                sink->code = cli_fail(cli, err_make(ERR_UNAVAILABLE, "import.no-memory"),
                                      TEXT(""));
                return false;
            }
        }
        after = json_get_text(&page, "after");
        (void)snprintf(next, sizeof(next), "%.*s", (int)after.len, after.data);
        after = after.len > 0 ? text_literal(next) : after;
    } while (after.len > 0);
    if (sink->held_count > 0)
        qsort(sink->held, sink->held_count, sizeof(*sink->held), by_id);
    return true;
}

void import_close(struct import_sink *sink)
{
    free(sink->held);
    free(sink->arena.data);
}

static bool lookup(void *context, const struct record_id *id, struct hash *out)
{
    struct import_sink *sink = context;
    struct held_entry wanted = { .id = *id };
    if (sink->held_count == 0)
        return false;
    const struct held_entry *found =
        bsearch(&wanted, sink->held, sink->held_count, sizeof(wanted), by_id);
    if (found != NULL)
        *out = found->hash;
    return found != NULL;
}

static bool next_held(void *context, size_t *at, struct record_id *out)
{
    struct import_sink *sink = context;
    if (*at >= sink->held_count)
        return false;
    *out = sink->held[(*at)++].id;
    return true;
}

/* -- batches ------------------------------------------------------------------------------ */

static void say_refusal(struct cli *cli, uint32_t line, struct text field, struct text rule)
{
    struct text sentence = cli_sentence(cli, rule);
    struct text place = term_clean(cli->arena, field);
    term_progress_end(&cli->err);
    (void)fprintf(stderr, "%u: %.*s: %.*s [%.*s]\n", line, (int)place.len, place.data,
                  (int)sentence.len, sentence.data, (int)rule.len, rule.data);
}

static void results(struct import_sink *sink, const struct json *answer)
{
    const struct json *list = json_get(answer, "results");
    for (size_t i = 0; i < json_count(list) && i < IMPORT_BATCH; i++) {
        const struct json *one = json_item(list, i);
        if (!text_is(json_get_text(one, "result"), "refused"))
            continue;
        say_refusal(sink->cli, sink->lines[i], json_get_text(one, "pointer"),
                    json_get_text(one, "code"));
        if (sink->withdrawing)
            sink->refused_withdrawn++;
        else if (sink->known[i])
            sink->refused_changed++;
        else
            sink->refused_new++;
    }
}

bool import_flush(struct import_sink *sink)
{
    struct cli *cli = sink->cli;
    size_t mark = cli->arena->used;
    struct json body = json_object();
    struct json answer;
    if (json_count(&sink->batch) == 0)
        return true;
    json_set(cli->arena, &body, sink->withdrawing ? "withdrawn" : "entries", sink->batch);
    bool sent = cli_send(cli, "POST", cli_path(cli, "/v1/sources/", sink->source, "/entries"),
                         &body, &answer, &sink->code);
    if (sent)
        results(sink, &answer);
    arena_rewind(cli->arena, mark);
    arena_reset(&sink->arena);
    sink->batch = json_array();
    return sent;
}

static struct err push(struct import_sink *sink, struct json one, uint32_t line, bool known)
{
    size_t at = json_count(&sink->batch);
    sink->lines[at] = line;
    sink->known[at] = known;
    json_push(&sink->arena, &sink->batch, one);
    bool full = at + 1 == IMPORT_BATCH || sink->arena.used > BATCH_FULL;
    if (full && !sink->arena.full && !import_flush(sink))
        return err_make(ERR_UNAVAILABLE, "cli.import-stopped");
    return arena_check(&sink->arena);
}

/* One of our own records: the node answers at once. */
static struct err put_own(struct import_sink *sink, const struct json *draft)
{
    struct cli *cli = sink->cli;
    size_t mark = cli->arena->used;
    struct json body = json_object();
    struct json answer;
    json_set(cli->arena, &body, "record", *draft);
    bool sent = cli_send(cli, "POST", TEXT("/v1/records"), &body, &answer, &sink->code);
    arena_rewind(cli->arena, mark);
    if (sent)
        return err_none();
    return sink->code == CLI_UNAVAILABLE ? err_make(ERR_UNAVAILABLE, "cli.import-stopped")
                                         : err_make(ERR_INVALID, "cli.import-refused");
}

static struct err accept(void *context, const struct json *draft, uint32_t line)
{
    struct import_sink *sink = context;
    struct record_id id;
    struct hash hash;
    if (sink->source.len == 0)
        return put_own(sink, draft);
    bool known = !failed(record_id_parse(json_get_text(draft, "id"), &id)) &&
                 lookup(sink, &id, &hash);
    return push(sink, json_copy(&sink->arena, draft), line, known);
}

static struct err withdraw(void *context, const struct record_id *id)
{
    struct import_sink *sink = context;
    if (!sink->withdrawing && !import_flush(sink))
        return err_make(ERR_UNAVAILABLE, "cli.import-stopped");
    sink->withdrawing = true;
    return push(sink, json_string(record_id_format(id, &sink->arena)), 0, true);
}

static void refuse(void *context, const struct import_refusal *refusal)
{
    struct import_sink *sink = context;
    struct text field = refusal->field.len > 0 ? refusal->field : refusal->reference;
    say_refusal(sink->cli, refusal->line, field, text_literal(refusal->rule));
}

static void progress(void *context, uint64_t done, uint64_t total)
{
    struct import_sink *sink = context;
    term_progress(&sink->cli->err, sink->label, done, total);
}

struct import_host import_host_of(struct import_sink *sink, const struct member_code *owner,
                                  struct text unit)
{
    bool list = sink->source.len > 0;
    return (struct import_host){ .sink = sink,
                                 .owner = *owner,
                                 .unit = unit,
                                 .accept = accept,
                                 .lookup_opt = list ? lookup : NULL,
                                 .next_held_opt = list ? next_held : NULL,
                                 .withdraw_opt = list ? withdraw : NULL,
                                 .refuse_opt = refuse,
                                 .progress_opt = progress };
}
