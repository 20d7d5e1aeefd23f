#include "api/call.h"

#include "core/encode.h"

/* For whom a machine asks, in the query of a GET. */
static const struct {
    const char *parameter;
    const char *member;
} acting[] = { { "acting_for_user", "user" },
               { "acting_for_unit", "unit" },
               { "acting_for_place", "place" } };
enum { ACTING = sizeof(acting) / sizeof(acting[0]) };

void call_fail(struct call *call, enum err_code code, const char *rule, struct text subject)
{
    call->work->err = err_make(code, rule);
    call->work->subject = subject;
}

void call_error(struct call *call, struct err e)
{
    call->work->err = e;
    call->work->subject = TEXT("");
}

struct json call_refused(struct arena *arena, struct err e, struct text pointer)
{
    struct json out = json_object();
    json_set(arena, &out, "result", json_literal("refused"));
    json_set(arena, &out, "code", json_literal(e.rule));
    json_set_text(arena, &out, "pointer", arena_copy_text(arena, pointer));
    return out;
}

void call_answer(struct call *call, unsigned status, struct json answer)
{
    call->work->status = status;
    call->work->answer = answer;
}

struct command *call_command(struct call *call, enum verb verb, struct json body)
{
    struct command *command = ARENA_NEW(call->arena, struct command);
    struct json *kept = ARENA_NEW(call->arena, struct json);
    if (command == NULL || kept == NULL)
        return NULL; /* the arena remembers */
    *kept = body;
    *command = (struct command){ .verb = verb,
                                 .by = call->request->caller,
                                 .body = kept,
                                 .idempotency = call->request->idempotency };
    call->work->commands = command;
    call->work->command_count = 1;
    return command;
}

/* A machine's end user: in the body, or in the query of a GET. */
static void set_acting_for(struct call *call, struct json *entry)
{
    const struct json *acting_for = json_get(&call->body, "acting_for");
    struct json of_query = json_object();
    for (size_t i = 0; acting_for == NULL && i < ACTING; i++) {
        struct text value;
        if (call_parameter(call, acting[i].parameter, &value))
            json_set_text(call->arena, &of_query, acting[i].member, value);
    }
    if (acting_for != NULL)
        json_set(call->arena, entry, "acting_for", *acting_for);
    else if (json_count(&of_query) > 0)
        json_set(call->arena, entry, "acting_for", of_query);
}

void call_on(struct call *call, enum verb verb, const char *member)
{
    struct json body = json_copy(call->arena, &call->body);
    json_set_text(call->arena, &body, member, call->ids[0]);
    call_command(call, verb, body);
}

void call_look_also(struct call *call, struct json entry)
{
    struct api_work *work = call->work;
    struct command *all = work->commands;
    size_t count = work->command_count;
    if (count == 0)
        all = ARENA_ARRAY(call->arena, struct command, API_COMMANDS_MAX);
    set_acting_for(call, &entry);
    if (all == NULL || count == API_COMMANDS_MAX || call_command(call, VERB_LOOK, entry) == NULL)
        return; /* the arena remembers */
    all[count] = work->commands[0];
    all[count].idempotency = (struct text){ NULL, 0 }; /* the key is the call's, not one entry's */
    work->commands = all;
    work->command_count = count + 1;
    work->each = true;
    work->look = true;
}

void call_look(struct call *call, struct json answer, struct json entry)
{
    set_acting_for(call, &entry);
    call_answer(call, 200, answer);
    if (call_command(call, VERB_LOOK, entry) != NULL)
        call->work->look = true;
}

struct arena *call_scratch(struct call *call)
{
    if (call->scratch != NULL)
        return call->scratch;
    struct arena *scratch = ARENA_NEW(call->arena, struct arena);
    void *memory = scratch == NULL ? NULL : arena_take(call->arena, CALL_SCRATCH);
    if (memory == NULL)
        return call->arena; /* full: the call fails with it */
    *scratch = arena_over(memory, CALL_SCRATCH);
    call->scratch = scratch;
    return scratch;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX and + decoded; false when malformed or not UTF-8. */
static bool decode(struct call *call, struct text in, struct text *out)
{
    uint8_t *bytes = arena_take(call->arena, in.len);
    size_t len = 0;
    if (bytes == NULL)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] != '%') {
            bytes[len++] = in.data[i] == '+' ? ' ' : (uint8_t)in.data[i];
            continue;
        }
        int high = i + 2 < in.len ? hex_digit(in.data[i + 1]) : -1;
        int low = i + 2 < in.len ? hex_digit(in.data[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        bytes[len++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return !failed(text_parse(bytes_of(bytes, len), out));
}

bool call_parameter(struct call *call, const char *name, struct text *out)
{
    struct text rest = call->request->query;
    while (rest.data != NULL && rest.len > 0) {
        struct text value = text_split(&rest, '&');
        struct text key = text_split(&value, '=');
        if (text_is(key, name) && value.data != NULL)
            return decode(call, value, out);
    }
    return false;
}

static bool is_parameter(struct text key)
{
    static const char *const known[] = { "purpose", "to", "language", "limit", "after" };
    bool found = false;
    for (size_t i = 0; i < ACTING; i++)
        found = found || text_is(key, acting[i].parameter);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        found = found || text_is(key, known[i]);
    return found;
}

/* ?purpose=criminal-investigation&case=2026-17: what a purpose demands, case, is the reference.
 * What is neither that nor a parameter is refused: it would be entered as what it was not. */
static bool reference_of_query(struct call *call, struct json *reference)
{
    struct text rest = call->request->query;
    while (rest.data != NULL && rest.len > 0) {
        struct text value = text_split(&rest, '&');
        struct text key = text_split(&value, '=');
        struct text decoded;
        if (is_parameter(key))
            continue;
        if (!purpose_knows_reference(key) || value.data == NULL ||
            !decode(call, value, &decoded)) {
            call_fail(call, ERR_INVALID, "api.unknown-parameter", key);
            return false;
        }
        json_set_name(call->arena, reference, key, json_string(decoded));
    }
    return true;
}

bool call_purpose(struct call *call)
{
    struct caller *caller = &call->request->caller;
    const struct json *reference = json_get(&call->body, "reference");
    struct text purpose = json_get_text(&call->body, "purpose");
    if (purpose.data == NULL && !call_parameter(call, "purpose", &purpose))
        purpose = TEXT("");
    caller->purpose = purpose;
    caller->reference = reference;
    if (reference != NULL)
        return true;
    struct json *query = ARENA_NEW(call->arena, struct json);
    if (query == NULL) {
        call_error(call, arena_check(call->arena));
        return false;
    }
    *query = json_object();
    caller->reference = query;
    return reference_of_query(call, query);
}

void call_act_for(struct call *call, struct text purpose, struct json reference)
{
    struct json *kept = ARENA_NEW(call->arena, struct json);
    if (kept == NULL)
        return; /* the arena remembers */
    *kept = reference;
    call->request->caller.purpose = purpose;
    call->request->caller.reference = kept;
}

bool call_keeps_the_law(const struct call *call)
{
    uint32_t keepers = ROLE_BIT(ROLE_LEGAL) | ROLE_BIT(ROLE_AUDITOR);
    return (call->request->caller.roles & keepers) != 0;
}

bool call_row(struct call *call, enum store_table table, const struct row_key *key,
              const char *rule, struct json *out)
{
    struct err e = view_get(call->world->view, table, key, call->arena, out);
    if (e.code == ERR_NOT_FOUND)
        call_fail(call, ERR_NOT_FOUND, rule, call->ids[0]);
    else if (failed(e))
        call_error(call, e);
    return !failed(e);
}

struct bytes call_after(struct call *call, uint8_t memory[static STORE_KEY_MAX])
{
    struct text after;
    if (!call_parameter(call, "after", &after) || after.len == 0 ||
        after.len > 2 * STORE_KEY_MAX || failed(hex_parse(after, memory, after.len / 2)))
        return (struct bytes){ NULL, 0 };
    return bytes_of(memory, after.len / 2);
}

void call_next(struct call *call, const struct store_rows *rows, size_t limit,
               struct json *answer)
{
    if (rows->count == limit)
        json_set_text(call->arena, answer, "after",
                      hex_format(call->arena, rows->rows[rows->count - 1].key));
}

int64_t call_number(struct call *call, const char *name, int64_t otherwise, int64_t max)
{
    struct text text;
    int64_t value = 0;
    if (!call_parameter(call, name, &text) || text.len == 0 || text.len > 9)
        return otherwise;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return otherwise;
        value = value * 10 + (text.data[i] - '0');
    }
    return value > max ? max : value;
}

void call_list(struct call *call, enum store_table table, struct bytes prefix, call_pick *pick)
{
    struct store_range range = { .table = table, .prefix = prefix, .limit = API_LIST_MAX };
    uint8_t after[STORE_KEY_MAX];
    struct store_rows rows;
    struct json list = json_array();
    struct json answer = json_object();
    range.after = call_after(call, after);
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row = json_null();
        if (rows.rows[i].value.len > 1)
            e = json_parse(rows.rows[i].value, call->arena, &row);
        if (!failed(e))
            pick(call, rows.rows[i].key, &row, &list);
    }
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &answer, "items", list);
    json_set(call->arena, &answer, "more", json_bool(rows.count == API_LIST_MAX));
    call_next(call, &rows, API_LIST_MAX, &answer);
    call_answer(call, 200, answer);
}
