/* comity audit export and check: the journal of a period as lines of JSON, and the computation that
 * shows that none is missing and none was changed. The check needs no node. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/encode.h"
#include "ledger/commit.h"
#include "ledger/tree.h"

enum { LOGS_MAX = 300, LINE_MAX = 8 << 20, LINE_ARENA = 64 << 20 };

/* -- export ------------------------------------------------------------------------------- */

static bool print_line(struct cli *cli, const struct json *value)
{
    struct bytes bytes;
    size_t mark = cli->arena->used;
    struct err e = json_format(value, cli->arena, &bytes);
    if (failed(e)) {
        (void)cli_fail(cli, e, TEXT(""));
        return false;
    }
    (void)fwrite(bytes.data, 1, bytes.len, stdout);
    (void)fputc('\n', stdout);
    arena_rewind(cli->arena, mark);
    return true;
}

static struct text path_of(struct cli *cli, const struct args *args, struct text after)
{
    static const char *const names[] = { "from=", "&to=" };
    struct text path = TEXT("/v1/audit/export?");
    for (size_t i = 0; i < 2; i++)
        path = arena_join(cli->arena, path,
                          cli_path(cli, names[i], args->values[i].text, ""));
    return after.len == 0 ? path
                          : arena_join(cli->arena, path, cli_path(cli, "&after=", after, ""));
}

int cli_audit_export(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_TEXT, "from", 'f', "DATE", "cli.audit-from", 0, 0 },
        { ARGS_TEXT, "to", 't', "DATE", "cli.audit-to", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity audit export", .usage = "cli.audit-export-usage",
        .help = "cli.audit-export-help", .options = options, .count = 2,
    };
    struct args args;
    struct text after = TEXT("");
    int code = CLI_OK;
    int64_t lines = 0;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    for (size_t i = 0; i < 2; i++) {
        if (!args.values[i].set) {
            cli_say(cli, "cli.option-missing", i == 0 ? TEXT("--from") : TEXT("--to"));
            return CLI_USAGE;
        }
    }
    char next[64] = "";
    size_t mark = 0;
    do {
        struct json page;
        bool first = after.len == 0;
        if (!first) /* the connection lies below the first page */
            arena_rewind(cli->arena, mark);
        if (!cli_send(cli, "GET", path_of(cli, &args, after), NULL, &page, &code))
            return code;
        const struct json *items = json_get(&page, "items");
        if (first && !print_line(cli, &page))
            return CLI_FAILED;
        for (size_t i = 0; !first && i < json_count(items); i++) {
            if (!print_line(cli, json_item(items, i)))
                return CLI_FAILED;
        }
        lines += (int64_t)json_count(items);
        struct text at = json_get_text(&page, "after");
        (void)snprintf(next, sizeof(next), "%.*s", (int)at.len, at.data);
        after = text_literal(next);
        mark = first ? cli->arena->used : mark;
    } while (after.len > 0);
    struct json end = json_object();
    json_set_integer(cli->arena, &end, "lines", lines);
    return print_line(cli, &end) ? CLI_OK : CLI_FAILED;
}

/* -- check -------------------------------------------------------------------------------- */

struct checked_log {
    char name[40];
    struct frontier frontier;
    int64_t size_to;
    struct hash root_to;
};

struct check {
    struct cli *cli;
    struct arena *arena; /* of one line */
    struct checked_log *logs;
    size_t count;
    int64_t lines;
    bool ended;
};

static struct err broken(void)
{
    return err_make(ERR_CORRUPT, "audit.export-broken");
}

static struct err check_head(struct check *check, const struct json *head)
{
    const struct json *logs = json_get(head, "logs");
    if (json_count(logs) == 0 || json_count(logs) > LOGS_MAX)
        return broken();
    for (size_t i = 0; i < json_count(logs); i++) {
        const struct json *one = json_item(logs, i);
        struct checked_log *log = &check->logs[i];
        uint8_t bytes[FRONTIER_LEN_MAX];
        struct text hex = json_get_text(one, "frontier");
        struct text name = json_get_text(one, "log");
        (void)snprintf(log->name, sizeof(log->name), "%.*s", (int)name.len, name.data);
        if (hex.len > 2 * sizeof(bytes) || failed(hex_parse(hex, bytes, hex.len / 2)) ||
            failed(frontier_parse(bytes_of(bytes, hex.len / 2), &log->frontier)) ||
            !json_get_integer(one, "size_to", &log->size_to) ||
            failed(hex_parse(json_get_text(one, "root_to"), log->root_to.bytes, HASH_LEN)))
            return broken();
    }
    check->count = json_count(logs);
    return err_none();
}

/* The leaf follows the last one of its log; what is whole is what was committed to. */
static struct err check_entry(struct check *check, const struct json *line)
{
    struct hash entry;
    struct hash stored[TREE_LEVELS];
    int64_t leaf = 0;
    const struct json *content = json_get(line, "content");
    struct text name = json_get_text(line, "log");
    if (failed(hex_parse(json_get_text(line, "commitment"), entry.bytes, HASH_LEN)) ||
        !json_get_integer(line, "leaf", &leaf))
        return broken();
    if (content != NULL) {
        struct opening opening;
        if (failed(hex_parse(json_get_text(line, "salt"), opening.salt, COMMIT_SALT_LEN)) ||
            failed(json_format(content, check->arena, &opening.content)) ||
            failed(opening_check(&opening, &entry)))
            return broken();
    }
    for (size_t i = 0; i < check->count; i++) {
        struct checked_log *log = &check->logs[i];
        if (!text_is(name, log->name))
            continue;
        if (log->frontier.size != (uint64_t)leaf || leaf >= log->size_to)
            return broken();
        struct hash hash = commit_leaf(&entry);
        (void)frontier_append(&log->frontier, &hash, stored);
        check->lines++;
        return err_none();
    }
    return broken();
}

static struct err check_items(struct check *check, const struct json *items)
{
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(items); i++)
        e = check_entry(check, json_item(items, i));
    return e;
}

static struct err check_line(struct check *check, struct bytes bytes)
{
    struct json line;
    int64_t lines = 0;
    struct err e = json_parse(bytes, check->arena, &line);
    if (failed(e) || check->ended)
        return broken();
    if (json_get(&line, "logs") != NULL) {
        e = check->count > 0 ? broken() : check_head(check, &line);
        return failed(e) ? e : check_items(check, json_get(&line, "items"));
    }
    if (json_get_integer(&line, "lines", &lines)) {
        check->ended = true;
        return lines == check->lines ? err_none() : broken();
    }
    return check_entry(check, &line);
}

static struct err check_end(const struct check *check)
{
    for (size_t i = 0; i < check->count; i++) {
        const struct checked_log *log = &check->logs[i];
        struct hash root = frontier_root(&log->frontier);
        if (log->frontier.size != (uint64_t)log->size_to || !hash_equal(&root, &log->root_to))
            return broken();
    }
    return check->ended && check->count > 0 ? err_none() : broken();
}

static struct err check_file(struct check *check, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    struct err e = err_none();
    while (!failed(e)) {
        errno = 0;
        ssize_t len = getline(&line, &room, file);
        if (len < 0) {
            e = errno != 0 ? err_make(ERR_IO, "file.unreadable") : err_none();
            break;
        }
        if (len > LINE_MAX || len < 2) {
            e = broken();
            break;
        }
        arena_reset(check->arena);
        e = check_line(check, bytes_of((const uint8_t *)line, (size_t)len - 1));
    }
    free(line);
    return failed(e) ? e : check_end(check);
}

int cli_audit_check(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity audit check", .usage = "cli.agreement-put-usage",
        .help = "cli.audit-check-help", .words_min = 1, .words_max = 1,
    };
    struct args args;
    int code = CLI_OK;
    char path[CLI_PATH_MAX];
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    (void)snprintf(path, sizeof(path), "%.*s", (int)args.words[0].len, args.words[0].data);
    bool input = strcmp(path, "-") == 0;
    FILE *file = input ? stdin : fopen(path, "re");
    void *memory = malloc(LINE_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : LINE_ARENA);
    struct check check = { .cli = cli, .arena = &arena };
    check.logs = ARENA_ARRAY(cli->arena, struct checked_log, LOGS_MAX);
    struct err e = file == NULL || memory == NULL || check.logs == NULL
                       ? err_make(ERR_NOT_FOUND, "file.missing")
                       : check_file(&check, file);
    if (file != NULL && !input)
        (void)fclose(file);
    free(memory);
    if (failed(e)) {
        (void)cli_fail(cli, e, args.words[0]);
        return e.code == ERR_CORRUPT ? CLI_FINDINGS : cli_exit_of(e);
    }
    struct text_param params[] = { { "lines", TEXT("") } };
    char digits[24];
    (void)snprintf(digits, sizeof(digits), "%lld", (long long)check.lines);
    params[0].value = text_literal(digits);
    cli_line(cli, text_fill(cli->arena, cli->lang, "cli.audit-complete", params, 1));
    return CLI_OK;
}
