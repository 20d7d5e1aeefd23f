/* The working day and its keepers: sources, hits, releases, questions, users, units, ledger. */
#include "api/call.h"

#include "clerk/apply.h"
#include "clerk/exchange/logs.h"
#include "core/encode.h"
#include "link/receive.h"

static const struct bytes all_rows = { NULL, 0 };

static void pick_row(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    (void)key;
    json_push(call->arena, list, *row);
}

void route_status(struct call *call)
{
    const struct clerk_config *config = clerk_config(call->world->clerk);
    struct json out = json_object();
    uint64_t last = 0;
    struct err e = store_journal_last(call->world->view, &last);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    const struct shelf_view *shelf = shelf_take(call->world->shelf);
    json_set_integer(call->arena, &out, "searchable", (int64_t)shelf->doc_count);
    if (shelf->partial)
        json_set_integer(call->arena, &out, "index_missing_permille",
                         (int64_t)(shelf->gaps * 1000 / shelf->numbers));
    shelf_give(call->world->shelf, shelf);
    json_set_text(call->arena, &out, "member", config->member);
    json_set_text(call->arena, &out, "realm", config->realm);
    json_set_integer(call->arena, &out, "generation", config->generation);
    json_set_integer(call->arena, &out, "journal", (int64_t)last);
    json_set_text(call->arena, &out, "root",
                  hex_format(call->arena, BYTES_OF(config->root_key)));
    json_set_text(call->arena, &out, "at", instant_format(call->arena, call->world->now));
    json_set_text(call->arena, &out, "user", call->request->caller.who.user);
    json_set_text(call->arena, &out, "unit", call->request->caller.who.unit);
    call_answer(call, 200, out);
}

/* -- public sources ----------------------------------------------------------------------- */

void route_sources(struct call *call)
{
    call_list(call, TABLE_SOURCE, all_rows, pick_row);
}

enum { ENTRIES_PAGE = 32 }; /* whole rows are read: a page fits an arena */

/* What is kept of a row; its tree, many times as large as its bytes, is not. */
struct held_row {
    char id[RECORD_ID_LEN_MAX];
    char hash[2 * HASH_LEN];
    size_t id_len, hash_len;
};

static struct err read_held(struct call *call, struct bytes value, struct held_row *out)
{
    size_t mark = call->arena->used;
    struct json row;
    struct err e = json_parse(value, call->arena, &row);
    if (failed(e))
        return e;
    struct text id = json_get_text(json_get(&row, "record"), "id");
    struct text hash = json_get_text(&row, "hash");
    if (id.len > sizeof(out->id) || hash.len > sizeof(out->hash))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    out->id_len = id.len;
    out->hash_len = hash.len;
    memcpy(out->id, id.data, id.len);
    if (hash.len > 0)
        memcpy(out->hash, hash.data, hash.len);
    arena_rewind(call->arena, mark);
    return e;
}

static void list_held(struct call *call, const struct held_row *row, struct json *list)
{
    struct json one = json_object();
    json_set_text(call->arena, &one, "id", (struct text){ row->id, row->id_len });
    json_set_text(call->arena, &one, "hash", (struct text){ row->hash, row->hash_len });
    json_push(call->arena, list, one);
}

/* Ids and hashes of what is held of a source, by pages (?after=): an importer compares and
 * counts. */
void route_source_entries(struct call *call)
{
    struct hash root = source_root(call->ids[0]);
    struct hash owner = hash_of(BYTES_OF(root.bytes));
    struct text after;
    uint8_t key[RECORD_KEY_LEN];
    struct store_range range = { .table = TABLE_RECORD, .prefix = bytes_of(owner.bytes, 16),
                                 .limit = ENTRIES_PAGE };
    struct store_rows rows;
    struct json list = json_array();
    struct json out = json_object();
    if (call_parameter(call, "after", &after) && !failed(hex_parse(after, key, sizeof(key))))
        range.after = BYTES_OF(key);
    struct held_row *held = ARENA_ARRAY(call->arena, struct held_row, ENTRIES_PAGE);
    struct err e = arena_check(call->arena);
    if (!failed(e))
        e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = read_held(call, rows.rows[i].value, &held[i]);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        list_held(call, &held[i], &list);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &out, "items", list);
    if (rows.count == ENTRIES_PAGE)
        json_set_text(call->arena, &out, "after",
                      hex_format(call->arena, rows.rows[rows.count - 1].key));
    call_answer(call, 200, out);
}

/* {"entries":[record,…]} or {"withdrawn":[id,…]}: one command and one result each. */
void route_source_put(struct call *call)
{
    const struct json *entries = json_get(&call->body, "entries");
    const struct json *gone = json_get(&call->body, "withdrawn");
    const struct json *list = entries != NULL ? entries : gone;
    size_t count = json_count(list);
    if (count == 0 || count > API_COMMANDS_MAX || list->kind != JSON_ARRAY) {
        call_fail(call, ERR_INVALID, "api.bad-list", TEXT("/entries"));
        return;
    }
    struct command *commands = ARENA_ARRAY(call->arena, struct command, count);
    struct json *bodies = ARENA_ARRAY(call->arena, struct json, count);
    if (commands == NULL || bodies == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        bodies[i] = json_object();
        json_set_text(call->arena, &bodies[i], "source", call->ids[0]);
        json_set(call->arena, &bodies[i], "record", *json_item(list, i));
        commands[i] = (struct command){
            .verb = entries != NULL ? VERB_IMPORT_RECORD : VERB_IMPORT_WITHDRAW,
            .by = call->request->caller,
            .body = &bodies[i],
        };
    }
    call->work->commands = commands;
    call->work->command_count = count;
    call->work->each = true;
}

void route_source_run(struct call *call)
{
    call_on(call, VERB_IMPORT_RUN, "source");
}

/* -- hits, releases, questions ------------------------------------------------------------ */

/* Of a row what a list shows. */
static void pick_members(struct call *call, const struct json *row, const char *const *names,
                         size_t count, struct json *list)
{
    struct json out = json_object();
    json_take_all(call->arena, &out, row, names, count);
    json_push(call->arena, list, out);
}

static void pick_hit(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    static const char *const shown[] = { "hit", "side", "state", "record", "partner", "urgent",
                                         "since", "due", "level" };
    (void)key;
    pick_members(call, row, shown, sizeof(shown) / sizeof(shown[0]), list);
}

void route_hits(struct call *call)
{
    call_list(call, TABLE_HIT, all_rows, pick_hit);
}

/* Whoever works on a hit has a case: the hit. */
static void purpose_of_hit(struct call *call)
{
    struct json reference = json_object();
    json_set_text(call->arena, &reference, "case", call->ids[0]);
    call_act_for(call, TEXT("criminal-investigation"), reference);
}

/* The report and the answer are personal data: reading them is a look (I3). */
void route_hit_get(struct call *call)
{
    struct json row;
    struct json entry = json_object();
    struct row_key key = key_text(text_slice(call->ids[0], 0, 64));
    if (!call_row(call, TABLE_HIT, &key, "clerk.no-such-hit", &row))
        return;
    if (!call_purpose(call))
        return;
    if (call->request->caller.purpose.len == 0)
        purpose_of_hit(call);
    json_set(call->arena, &entry, "kind", json_literal("look"));
    json_set_text(call->arena, &entry, "record", json_get_text(&row, "record"));
    json_set_text(call->arena, &entry, "hit", call->ids[0]);
    call_look(call, row, entry);
}

void route_hit_open(struct call *call)
{
    call_command(call, VERB_HIT_OPEN, call->body);
}

void route_hit_answer(struct call *call)
{
    call_on(call, VERB_HIT_ANSWER, "hit");
}

void route_hit_outcome(struct call *call)
{
    call_on(call, VERB_HIT_OUTCOME, "hit");
}

void route_releases(struct call *call)
{
    call_list(call, TABLE_RELEASE, all_rows, pick_row);
}

void route_release_give(struct call *call)
{
    call_command(call, VERB_RELEASE_GIVE, call->body);
}

void route_assurances(struct call *call)
{
    call_list(call, TABLE_ASSURANCE, all_rows, pick_row);
}

void route_assurance_give(struct call *call)
{
    call_command(call, VERB_ASSURANCE_GIVE, call->body);
}

void route_assurance_revoke(struct call *call)
{
    call_command(call, VERB_ASSURANCE_REVOKE, call->body);
}

static void pick_question(struct call *call, struct bytes key, struct json *row,
                          struct json *list)
{
    static const char *const shown[] = { "ask", "side", "state", "partner", "form", "purpose",
                                         "record", "since" };
    (void)key;
    pick_members(call, row, shown, sizeof(shown) / sizeof(shown[0]), list);
}

void route_questions(struct call *call)
{
    call_list(call, TABLE_ASK, all_rows, pick_question);
}

void route_ask(struct call *call)
{
    call_command(call, VERB_ASK, call->body);
}

/* -- users and units ---------------------------------------------------------------------- */

static void pick_user(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    const struct json *user = json_get(row, "user");
    (void)key;
    if (user != NULL)
        json_push(call->arena, list, *user); /* never the password's hash */
}

void route_users(struct call *call)
{
    call_list(call, TABLE_USER, all_rows, pick_user);
}

static void put_named(struct call *call, enum verb verb, const char *member)
{
    const struct json *value = json_get(&call->body, member);
    if (value == NULL || !text_equal(json_get_text(value, "id"), call->ids[0])) {
        call_fail(call, ERR_INVALID, "api.id-differs", text_literal(member));
        return;
    }
    call_command(call, verb, call->body);
}

void route_user_put(struct call *call)
{
    put_named(call, VERB_USER_PUT, "user");
    if (!failed(call->work->err) && json_get(&call->body, "password") != NULL)
        call->work->duty = API_HASH_PASSWORD;
}

/* {"key": 64 hex}: a machine's own Ed25519 key, certified for seven days and bound to its user. */
void route_user_certificate(struct call *call)
{
    struct json row;
    uint8_t key[32];
    struct row_key user_key = key_text(text_slice(call->ids[0], 0, SLUG_MAX));
    struct text hex = json_get_text(&call->body, "key");
    if (failed(hex_parse(hex, key, sizeof(key)))) {
        call_fail(call, ERR_INVALID, "api.bad-key", TEXT("/key"));
        return;
    }
    if (!call_row(call, TABLE_USER, &user_key, "api.no-such-user", &row))
        return;
    struct json body = json_object();
    json_set(call->arena, &body, "user", *json_get(&row, "user"));
    json_set_text(call->arena, &body, "certificate", hex);
    call_command(call, VERB_USER_PUT, body);
    call->work->duty = API_CERTIFY;
    call->work->hash = hex;
}

void route_units(struct call *call)
{
    call_list(call, TABLE_UNIT, all_rows, pick_row);
}

void route_unit_put(struct call *call)
{
    put_named(call, VERB_UNIT_PUT, "unit");
}

/* -- ledger ------------------------------------------------------------------------------- */

static struct err log_line(struct call *call, struct text name, uint16_t log, struct json *list)
{
    struct hash root;
    struct json one = json_object();
    uint64_t size = 0;
    struct err e = store_log_size(call->world->view, log, &size);
    if (!failed(e))
        e = log_root_at(call->world->view, log, size, &root);
    if (failed(e))
        return e;
    json_set_text(call->arena, &one, "origin",
                  log_origin(clerk_config(call->world->clerk), name, call->arena));
    json_set_integer(call->arena, &one, "size", (int64_t)size);
    json_set_text(call->arena, &one, "root", hex_format(call->arena, BYTES_OF(root.bytes)));
    json_push(call->arena, list, one);
    return err_none();
}

/* What we hold of a partner's feed: its root is our word against theirs. */
static void held_line(struct call *call, const struct store_row *row, struct json *list)
{
    struct feed_in feed;
    struct json one = json_object();
    if (failed(feed_in_parse(row->value, call->arena, &feed)))
        return;
    struct hash root = frontier_root(&feed.frontier);
    json_set_text(call->arena, &one, "partner",
                  (struct text){ (const char *)row->key.data, row->key.len });
    json_set_integer(call->arena, &one, "size", (int64_t)feed.frontier.size);
    json_set_text(call->arena, &one, "root", hex_format(call->arena, BYTES_OF(root.bytes)));
    json_set_text(call->arena, &one, "frozen", feed.frozen);
    json_push(call->arena, list, one);
}

static struct err held_lines(struct call *call, struct json *list)
{
    struct store_range range = { .table = TABLE_FEED_IN, .limit = API_LIST_MAX };
    struct store_rows rows;
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        held_line(call, &rows.rows[i], list);
    return e;
}

void route_ledger(struct call *call)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = API_LIST_MAX };
    struct store_rows rows;
    struct json list = json_array();
    struct json out = json_object();
    struct err e = log_line(call, TEXT("internal"), LOG_INTERNAL, &list);
    if (!failed(e))
        e = log_line(call, TEXT("anchors"), LOG_ANCHORS, &list);
    if (!failed(e))
        e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        int64_t log = 0;
        e = json_parse(rows.rows[i].value, call->arena, &row);
        if (!failed(e) && json_get_integer(&row, "log", &log))
            e = log_line(call, json_get_text(&row, "code"), (uint16_t)log, &list);
    }
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    struct json held = json_array();
    e = held_lines(call, &held);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &out, "logs", list);
    json_set(call->arena, &out, "held", held);
    call_answer(call, 200, out);
}

/* ?entry=N: everything that checks one fact offline but the signature, which the front adds. */
void route_ledger_proof(struct call *call)
{
    struct text text;
    struct json body = json_object();
    if (!call_parameter(call, "entry", &text)) {
        call_fail(call, ERR_INVALID, "clerk.field-missing", TEXT("entry"));
        return;
    }
    json_set_text(call->arena, &body, "entry", text);
    call->work->duty = API_VERIFY;
    call->work->path = text;
    call_answer(call, 200, body);
}

void route_ledger_verify(struct call *call)
{
    call->work->duty = API_VERIFY;
    call_answer(call, 200, json_object());
}

void route_backup(struct call *call)
{
    call->work->duty = API_BACKUP;
    call->work->path = json_get_text(&call->body, "path");
    call->work->erasures = json_get_bool(&call->body, "erasures");
    if (call->work->path.len == 0)
        call_fail(call, ERR_INVALID, "clerk.field-missing", TEXT("/path"));
    call_answer(call, 200, json_object());
}
