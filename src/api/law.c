/* Agreements, national rules, partners. */
#include "api/call.h"

#include "clerk/law/rules.h"
#include "core/encode.h"

static bool agreement_row(struct call *call, struct json *out)
{
    struct hash hash;
    if (failed(hex_parse(call->ids[0], hash.bytes, HASH_LEN))) {
        call_fail(call, ERR_NOT_FOUND, "clerk.no-such-agreement", call->ids[0]);
        return false;
    }
    struct row_key key = key_of(BYTES_OF(hash.bytes));
    return call_row(call, TABLE_AGREEMENT, &key, "clerk.no-such-agreement", out);
}

/* Name, parties and what each has done. */
static struct json summary(struct call *call, const struct json *row)
{
    static const char *const shown[] = { "hash", "name", "version", "parties", "entered",
                                         "entered_at", "language" };
    static const char *const said[] = { "act", "party", "at", "against", "article", "clause",
                                        "opposing" };
    struct json out = json_object();
    struct json events = json_array();
    const struct json *all = json_get(row, "events");
    json_take_all(call->arena, &out, row, shown, sizeof(shown) / sizeof(shown[0]));
    for (size_t i = 0; i < json_count(all); i++) {
        struct json event = json_object();
        for (size_t k = 0; k < sizeof(said) / sizeof(said[0]); k++) {
            const struct json *value = json_get(json_item(all, i), said[k]);
            if (value != NULL)
                json_set(call->arena, &event, said[k], *value);
        }
        json_push(call->arena, &events, event);
    }
    json_set(call->arena, &out, "events", events);
    return out;
}

static void pick_agreement(struct call *call, struct bytes key, struct json *row,
                           struct json *list)
{
    if (key.len == HASH_LEN && json_get(row, "tree") != NULL)
        json_push(call->arena, list, summary(call, row));
}

void route_agreements(struct call *call)
{
    struct json states;
    struct err e =
        rules_states(call->world->view, call->world->now, call->arena, &states);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    call_list(call, TABLE_AGREEMENT, (struct bytes){ NULL, 0 }, pick_agreement);
    const struct json *items = json_get(&call->work->answer, "items");
    struct json list = json_array();
    for (size_t i = 0; i < json_count(items); i++) {
        struct json one = *json_item(items, i);
        for (uint32_t k = 0; k < states.count; k++) {
            if (text_equal(states.members[k].name, json_get_text(&one, "hash")))
                json_set(call->arena, &one, "state", states.members[k].value);
        }
        json_push(call->arena, &list, one);
    }
    if (items != NULL)
        json_set(call->arena, &call->work->answer, "items", list);
}

void route_agreement_put(struct call *call)
{
    call_command(call, VERB_INSTRUMENT_PUT, call->body);
}

/* ?language=fr prints the canonical text with those keywords. */
void route_agreement_get(struct call *call)
{
    struct json row;
    struct text language;
    struct text text;
    if (!agreement_row(call, &row))
        return;
    struct json out = summary(call, &row);
    if (!call_parameter(call, "language", &language))
        language = TEXT("en");
    struct text self = clerk_config(call->world->clerk)->member;
    struct json status;
    struct err e = rules_print(json_get(&row, "tree"), language, call->arena, &text);
    if (failed(e)) {
        call_fail(call, e.code, e.rule, language);
        return;
    }
    e = rules_status(call->world->view, &row, self, call->world->now, call->arena, &status);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &out, "state", *json_get(&status, "state"));
    json_set(call->arena, &out, "status", status);
    json_set_text(call->arena, &out, "text", text);
    json_set(call->arena, &out, "tree", *json_get(&row, "tree"));
    call_answer(call, 200, out);
}

/* What `agreement export` writes to a file and `agreement receive` reads: text and signatures. */
void route_agreement_set(struct call *call)
{
    struct json row;
    struct json out = json_object();
    struct json signatures = json_array();
    if (!agreement_row(call, &row))
        return;
    const struct json *events = json_get(&row, "events");
    for (size_t i = 0; i < json_count(events); i++)
        json_push(call->arena, &signatures,
                  json_string(json_get_text(json_item(events, i), "signature")));
    json_set(call->arena, &out, "tree", *json_get(&row, "tree"));
    json_set(call->arena, &out, "signatures", signatures);
    call_answer(call, 200, out);
}

/* All errors of a text at once, each with line and column. */
void route_agreement_check(struct call *call)
{
    struct json found;
    struct err e = rules_check_text(json_get_text(&call->body, "text"), call->arena, &found);
    if (failed(e))
        call_error(call, e);
    else
        call_answer(call, 200, found);
}

static void sign(struct call *call, enum verb verb, struct text role, const struct json *more_opt)
{
    struct json row;
    struct json body = json_object();
    if (!agreement_row(call, &row))
        return;
    json_set_text(call->arena, &body, "hash", call->ids[0]);
    const struct json *given = json_get(&call->body, "signature"); /* made offline */
    if (given != NULL)
        json_set(call->arena, &body, "signature", *given);
    call_command(call, verb, body);
    if (given != NULL)
        return;
    call->work->duty = API_SIGN;
    call->work->role = role;
    call->work->on = json_get_text(&call->body, "on");
    call->work->more_opt = more_opt;
    call->work->hash = call->ids[0];
}

void route_agreement_sign(struct call *call)
{
    sign(call, VERB_INSTRUMENT_SIGN, TEXT("sign"), NULL);
}

void route_agreement_withdraw(struct call *call)
{
    sign(call, VERB_INSTRUMENT_WITHDRAW, TEXT("withdraw"), NULL);
}

/* What an act says besides: as its statement has it. false: said what is wrong. */
static bool act_more(struct call *call, struct text role, struct json *out)
{
    static const char *const taken[] = { "against", "article", "clause", "opposing" };
    struct json row;
    struct json terms = json_object();
    *out = json_object();
    json_take_all(call->arena, out, &call->body, taken, sizeof(taken) / sizeof(taken[0]));
    struct text text = json_get_text(&call->body, "text");
    if (text_is(role, "declare")) {
        json_set_text(call->arena, &terms, "language", json_get_text(&call->body, "language"));
        json_set_text(call->arena, &terms, "text", text);
        json_set(call->arena, out, "terms", terms);
    }
    if (!text_is(role, "reserve"))
        return true;
    if (!agreement_row(call, &row))
        return false;
    struct err e = rules_reservations(json_get(&row, "tree"), text, call->arena, &terms);
    if (failed(e)) {
        call_error(call, e); /* with its place in the text */
        return false;
    }
    json_set(call->arena, out, "terms", terms);
    return true;
}

/* Any act of this member: {"act",…}. */
void route_agreement_act(struct call *call)
{
    struct text role = json_get_text(&call->body, "act");
    struct json *more = ARENA_NEW(call->arena, struct json);
    bool offline = json_get(&call->body, "signature") != NULL;
    if (more == NULL)
        return; /* the arena remembers */
    if (role.len == 0 && !offline) {
        call_fail(call, ERR_INVALID, "clerk.field-missing", TEXT("/act"));
        return;
    }
    if (offline || act_more(call, role, more))
        sign(call, VERB_INSTRUMENT_ACT, role, more);
}

void route_national_get(struct call *call)
{
    struct json row;
    struct row_key key = key_text(TEXT("national"));
    struct err e = view_get(call->world->view, TABLE_AGREEMENT, &key, call->arena, &row);
    if (failed(e))
        row = json_object();
    call_answer(call, 200, row);
}

void route_national_put(struct call *call)
{
    call_command(call, VERB_NATIONAL_SET, call->body);
}

/* -- partners ----------------------------------------------------------------------------- */

enum { SHARED_STEP = 256 }; /* rows of what a partner holds, at a time */

/* Nothing is waiting to be numbered for this partner. */
static bool is_idle(struct call *call, struct text code, const struct json *courier)
{
    struct row_key prefix = key_text(code);
    struct store_range outbox = { .table = TABLE_OUTBOX, .limit = 1 };
    struct store_range changes = { .table = TABLE_CHANGE, .limit = 1, .reverse = true };
    struct store_rows due;
    struct store_rows last;
    int64_t cursor = 0;
    key_add_u8(&prefix, 0);
    outbox.prefix = key_bytes(&prefix);
    if (failed(store_scan(call->world->view, &outbox, call->arena, &due)) ||
        failed(store_scan(call->world->view, &changes, call->arena, &last)))
        return false;
    (void)json_get_integer(courier, "cursor", &cursor);
    bool caught_up =
        last.count == 0 || (uint64_t)cursor >= key_tail_u64(last.rows[0].key);
    return due.count == 0 && caught_up && json_get(courier, "sweep") == NULL;
}

static struct json partner_card(struct call *call, const struct json *row)
{
    static const char *const shown[] = { "code", "root", "address", "generation", "node" };
    static const char *const progress[] = { "acked", "parked", "refused" };
    struct text code = json_get_text(row, "code");
    struct row_key key = key_text(code);
    struct row_key halt = key_text(TEXT("halt/"));
    struct json courier = json_object();
    struct json halted;
    struct json out = json_object();
    int64_t log = 0;
    uint64_t size = 0;
    key_add(&halt, text_bytes(code));
    json_take_all(call->arena, &out, row, shown, sizeof(shown) / sizeof(shown[0]));
    if (failed(view_get(call->world->view, TABLE_COURIER, &key, call->arena, &courier)))
        courier = json_object();
    json_take_all(call->arena, &out, &courier, progress, sizeof(progress) / sizeof(progress[0]));
    if (json_get_integer(row, "log", &log) && log > 0 &&
        !failed(store_log_size(call->world->view, (uint16_t)log, &size)))
        json_set_integer(call->arena, &out, "numbered", (int64_t)size);
    int64_t sweep = 0;
    if (json_get_integer(&courier, "sweep", &sweep)) { /* all is looked at again */
        struct json again = json_object();
        json_set_integer(call->arena, &again, "at", sweep);
        json_set(call->arena, &again, "of", *json_get(&courier, "sweep_end"));
        json_set(call->arena, &out, "looking_again", again);
    }
    bool is_halted =
        !failed(view_get(call->world->view, TABLE_AGREEMENT, &halt, call->arena, &halted));
    json_set(call->arena, &out, "halted", json_bool(is_halted));
    json_set(call->arena, &out, "idle", json_bool(is_idle(call, code, &courier)));
    return out;
}

static void pick_partner(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    (void)key;
    json_push(call->arena, list, partner_card(call, row));
}

void route_partners(struct call *call)
{
    call_list(call, TABLE_PARTNER, (struct bytes){ NULL, 0 }, pick_partner);
}

struct unconfirmed {
    int64_t acked, count;
    struct instant oldest;
};

static void count_unconfirmed(struct call *call, struct bytes value, struct unconfirmed *out)
{
    struct json row;
    struct instant at;
    int64_t number = 0;
    if (failed(json_parse(value, call->arena, &row)) ||
        !text_is(json_get_text(&row, "state"), "withdrawn") ||
        !json_get_integer(&row, "number", &number) || number <= out->acked ||
        failed(instant_parse(json_get_text(&row, "as_of"), &at)))
        return;
    out->count++;
    out->oldest = instant_before(at, out->oldest) ? at : out->oldest;
}

/* Withdrawals that the partner has not acknowledged, and the oldest: what it may still show. Who
 * has acknowledged all has none, and its rows are not looked at. */
static void add_unconfirmed(struct call *call, struct text code, struct json *card)
{
    struct row_key prefix = key_text(code);
    struct row_key after = { .len = 0 };
    struct store_rows rows = { .count = SHARED_STEP };
    struct unconfirmed found = { .oldest = { INT64_MAX } };
    struct json out = json_object();
    key_add_u8(&prefix, 0);
    int64_t numbered = INT64_MAX;
    (void)json_get_integer(card, "acked", &found.acked);
    (void)json_get_integer(card, "numbered", &numbered);
    while (found.acked < numbered && rows.count == SHARED_STEP) {
        size_t mark = call->arena->used;
        struct store_range range = { .table = TABLE_SHARED, .prefix = key_bytes(&prefix),
                                     .after = key_bytes(&after), .limit = SHARED_STEP };
        if (failed(store_scan(call->world->view, &range, call->arena, &rows)))
            return;
        for (size_t i = 0; i < rows.count; i++)
            count_unconfirmed(call, rows.rows[i].value, &found);
        if (rows.count > 0)
            after = key_of(rows.rows[rows.count - 1].key);
        arena_rewind(call->arena, mark);
    }
    json_set_integer(call->arena, &out, "count", found.count);
    if (found.count > 0)
        json_set_text(call->arena, &out, "oldest", instant_format(call->arena, found.oldest));
    json_set(call->arena, card, "unconfirmed_withdrawals", out);
}

void route_partner_get(struct call *call)
{
    struct json row;
    struct row_key key = key_text(text_slice(call->ids[0], 0, MEMBER_CODE_MAX));
    if (call_row(call, TABLE_PARTNER, &key, "clerk.no-such-partner", &row)) {
        struct json card = partner_card(call, &row);
        add_unconfirmed(call, json_get_text(&row, "code"), &card);
        call_answer(call, 200, card);
    }
}

void route_partner_halt(struct call *call)
{
    call_on(call, VERB_PARTNER_HALT, "partner");
}

void route_partner_resume(struct call *call)
{
    call_on(call, VERB_PARTNER_RESUME, "partner");
}

void route_partner_card(struct call *call)
{
    call_on(call, VERB_CARD_PUT, "partner");
}
