/* A command that is one call: its row says where options and words go. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "flow/photo.h"

enum { FILE_MAX = 8 << 20 };

/* What is built for the call. */
struct request {
    struct json body;
    struct text path;
    bool query; /* the path has a "?" already */
};

static enum args_kind kind_of(enum cli_form form)
{
    switch (form) {
    case CLI_NUMBER:
        return ARGS_NUMBER;
    case CLI_TRUE:
    case CLI_FALSE:
        return ARGS_FLAG;
    case CLI_LIST:
    case CLI_REFERENCE:
        return ARGS_LIST;
    case CLI_TEXT:
    case CLI_JSON:
    case CLI_FILE:
    case CLI_PHOTO:
    case CLI_SECRET:
    case CLI_QUERY:
        break;
    }
    return ARGS_TEXT;
}

static size_t field_count(const struct cli_action *action)
{
    size_t count = 0;
    while (count < CLI_FIELDS_MAX && action->fields[count].option != NULL)
        count++;
    return count;
}

static bool parse(struct cli *cli, const struct cli_action *action, int argc, char **argv,
                  struct args *args, int *exit_out)
{
    struct args_option options[CLI_FIELDS_MAX];
    size_t words = action->after == NULL ? 0 : 1;
    size_t count = field_count(action);
    for (size_t i = 0; i < count; i++) {
        const struct cli_field *f = &action->fields[i];
        options[i] = (struct args_option){ kind_of(f->form), f->option, f->letter, f->value,
                                           f->help, 0, INT32_MAX };
    }
    for (size_t i = 0; i < CLI_WORDS_MAX && action->words[i] != NULL; i++)
        words++;
    struct args_table table = { .command = action->command, .usage = action->usage,
                                .help = action->help, .options = options, .count = count,
                                .words_min = words, .words_max = words };
    return cli_args(cli, &table, argc, argv, args, exit_out);
}

void cli_put(struct cli *cli, struct json *body, const char *member, struct json value)
{
    const char *slash = strchr(member, '/');
    if (slash == NULL) {
        json_set_name(cli->arena, body, text_literal(member), value);
        return;
    }
    struct text head = { member, (size_t)(slash - member) };
    struct json child = json_object();
    for (uint32_t i = 0; i < json_count(body); i++) {
        if (text_equal(body->members[i].name, head))
            child = body->members[i].value;
    }
    cli_put(cli, &child, slash + 1, value);
    json_set_name(cli->arena, body, head, child);
}

bool cli_pairs(struct cli *cli, const struct args_value *values, struct json *out)
{
    *out = json_object();
    for (size_t i = 0; i < values->list_count; i++) {
        struct text value = values->list[i];
        struct text key = text_split(&value, '=');
        if (value.data == NULL || key.len == 0) {
            cli_say(cli, "cli.bad-pair", values->list[i]);
            return false;
        }
        json_set_name(cli->arena, out, key, json_string(value));
    }
    return true;
}

static void add_query(struct cli *cli, struct request *r, struct text name, struct text value)
{
    struct text sign = r->query ? TEXT("&") : TEXT("?");
    struct text encoded = cli_path(cli, "=", value, "");
    struct text both = arena_join(cli->arena, cli_path(cli, "", name, ""), encoded);
    r->path = arena_join(cli->arena, arena_join(cli->arena, r->path, sign), both);
    r->query = true;
}

static struct err from_file(struct cli *cli, const struct cli_field *field, struct text path,
                            struct json *out)
{
    struct bytes bytes = { NULL, 0 };
    struct text text;
    struct err e = field->form == CLI_SECRET ? cli_secret(cli, path, &text)
                                             : cli_read(cli, path, FILE_MAX, &bytes);
    if (!failed(e) && field->form == CLI_PHOTO)
        return photo_make(bytes, cli->arena, out);
    if (!failed(e) && field->form == CLI_JSON)
        return json_parse(bytes, cli->arena, out);
    if (!failed(e) && field->form == CLI_FILE)
        e = text_parse(bytes, &text);
    if (failed(e))
        return e;
    *out = json_string(text);
    return err_none();
}

static bool add_reference(struct cli *cli, const struct cli_action *action,
                          const struct args_value *value, struct request *r)
{
    struct json pairs;
    if (!cli_pairs(cli, value, &pairs))
        return false;
    if (strcmp(action->method, "GET") != 0) {
        json_set(cli->arena, &r->body, "reference", pairs);
        return true;
    }
    for (uint32_t i = 0; i < json_count(&pairs); i++)
        add_query(cli, r, pairs.members[i].name, pairs.members[i].value.string);
    return true;
}

/* One option that was given, to its place. */
static bool add_field(struct cli *cli, const struct cli_action *action, size_t i,
                      const struct args_value *value, struct request *r)
{
    const struct cli_field *field = &action->fields[i];
    const char *member = field->member != NULL ? field->member : field->option;
    struct json json = json_null();
    struct err e = err_none();
    switch (field->form) {
    case CLI_QUERY:
        add_query(cli, r, text_literal(member), value->text);
        return true;
    case CLI_REFERENCE:
        return add_reference(cli, action, value, r);
    case CLI_TEXT:
        json = json_string(value->text);
        break;
    case CLI_NUMBER:
        json = json_integer(value->number);
        break;
    case CLI_TRUE:
    case CLI_FALSE:
        json = json_bool(field->form == CLI_TRUE);
        break;
    case CLI_LIST:
        json = json_array();
        for (size_t j = 0; j < value->list_count; j++)
            json_push(cli->arena, &json, json_string(value->list[j]));
        break;
    case CLI_JSON:
    case CLI_FILE:
    case CLI_PHOTO:
    case CLI_SECRET:
        e = from_file(cli, field, value->text, &json);
        break;
    }
    if (failed(e)) {
        (void)cli_fail(cli, e, value->text);
        return false;
    }
    cli_put(cli, &r->body, member, json);
    return true;
}

static bool build(struct cli *cli, const struct cli_action *action, const struct args *args,
                  struct request *r)
{
    size_t used = 0;
    struct text start = text_literal(action->body != NULL ? action->body : "{}");
    struct err e = json_parse(text_bytes(start), cli->arena, &r->body);
    assert(!failed(e) || cli->arena->full);
    r->path = text_literal(action->before);
    r->query = strchr(action->before, '?') != NULL;
    if (action->after != NULL)
        r->path = cli_path(cli, action->before, args->words[used++], action->after);
    if (action->path_member != NULL)
        cli_put(cli, &r->body, action->path_member, json_string(args->words[0]));
    for (size_t i = 0; i < CLI_WORDS_MAX && action->words[i] != NULL; i++) {
        cli_put(cli, &r->body, action->words[i], json_string(args->words[used++]));
    }
    for (size_t i = 0; i < field_count(action); i++) {
        if (args->values[i].set && !add_field(cli, action, i, &args->values[i], r))
            return false;
    }
    return true;
}

static bool all_given(struct cli *cli, const struct cli_action *action, const struct args *args)
{
    for (size_t i = 0; i < field_count(action); i++) {
        if (action->fields[i].needed && !args->values[i].set) {
            cli_say(cli, "cli.option-missing",
                    arena_join(cli->arena, TEXT("--"), text_literal(action->fields[i].option)));
            return false;
        }
    }
    return true;
}

static void show(struct cli *cli, const struct cli_action *action, const struct json *answer)
{
    size_t columns = 0;
    if (cli_print_json(cli, answer))
        return;
    if (action->done != NULL) {
        cli_line(cli, text_literal(text_say(cli->lang, action->done)));
        return;
    }
    if (action->show != NULL) {
        action->show(cli, answer);
        return;
    }
    while (columns < CLI_COLUMNS_MAX && action->columns[columns].member != NULL)
        columns++;
    if (columns == 0) {
        cli_show(cli, answer);
        return;
    }
    cli_table(cli, json_get(answer, "items"), action->columns, columns);
    if (json_get_bool(answer, "more"))
        cli_say(cli, "cli.more", TEXT(""));
}

/* A list comes in pages: those behind the first are appended to it. */
static bool add_pages(struct cli *cli, struct request *r, struct json *answer, int *code)
{
    struct text first = r->path;
    bool query = r->query;
    struct json items = json_array();
    struct json page = *answer;
    for (;;) {
        const struct json *list = json_get(&page, "items");
        for (size_t i = 0; i < json_count(list); i++)
            json_push(cli->arena, &items, *json_item(list, i));
        struct text after = json_get_text(&page, "after");
        if (after.len == 0)
            break;
        r->path = first;
        r->query = query;
        add_query(cli, r, TEXT("after"), after);
        if (!cli_send(cli, "GET", r->path, NULL, &page, code))
            return false;
    }
    *answer = page; /* what is said once is said on the last */
    json_set(cli->arena, answer, "items", items);
    json_remove(answer, "after");
    json_remove(answer, "more");
    return true;
}

int cli_act(struct cli *cli, const struct cli_action *action, int argc, char **argv)
{
    struct args args;
    struct request r = { .query = false };
    struct json answer;
    int code = CLI_OK;
    if (!parse(cli, action, argc, argv, &args, &code))
        return code;
    if (!all_given(cli, action, &args))
        return CLI_USAGE;
    if (!build(cli, action, &args, &r))
        return CLI_FAILED;
    bool get = strcmp(action->method, "GET") == 0;
    if (!cli_send(cli, action->method, r.path, get ? NULL : &r.body, &answer, &code))
        return code;
    if (action->columns[0].member != NULL && json_get(&answer, "after") != NULL &&
        !add_pages(cli, &r, &answer, &code))
        return code;
    show(cli, action, &answer);
    return CLI_OK;
}

bool cli_send(struct cli *cli, const char *method, struct text path, const struct json *body_opt,
              struct json *out, int *exit_out)
{
    struct cli_call call = { .method = method, .path = path, .body_opt = body_opt };
    return cli_request(cli, &call, out, exit_out);
}
