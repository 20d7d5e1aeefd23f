/* Records: what an officer sees of one, and the verbs on it. */
#include "api/call.h"
#include "clerk/apply.h"
#include "clerk/record/doc.h"
#include "clerk/rights/retain.h"
#include "clerk/law/rules.h"

/* -- who may see what --------------------------------------------------------------------- */

/* A copy whose feed we cannot find has nobody to answer for it. */
static struct silence_clock silence_of(const struct call *call, const struct json *row)
{
    struct silence_clock clock = { .state = SILENCE_HIDES };
    struct err e = copy_silence(call->world->view, row, call->world->now, call->arena, &clock);
    return failed(e) ? (struct silence_clock){ .state = SILENCE_HIDES } : clock;
}

struct sight call_sight(const struct call *call)
{
    return (struct sight){ .view = call->world->view, .caller = &call->request->caller,
                           .now = call->world->now, .arena = call->arena };
}

/* The owner's wish beside what it does on our soil. */
static struct json alert_card(struct call *call, const struct json *alert, bool foreign,
                              const struct json *effects)
{
    static const char *const shown[] = { "id", "category", "action", "reason", "subject", "valid",
                                         "conditions", "check" };
    struct json card = json_object();
    json_take_all(call->arena, &card, alert, shown, sizeof(shown) / sizeof(shown[0]));
    if (!foreign)
        return card;
    struct json effect = json_object();
    json_set(call->arena, &effect, "effect", json_literal("held")); /* until somebody decides */
    for (uint32_t j = 0; j < json_count(effects); j++) {
        if (text_equal(effects->members[j].name, json_get_text(alert, "id")))
            effect = effects->members[j].value;
    }
    json_set(call->arena, &card, "effect", effect);
    return card;
}

/* Its agreement is suspended or its clause disputed between the owner and us: the copy stays, and
 * whoever reads it knows. */
static void say_standing(struct call *call, const struct json *row, struct json *card)
{
    struct text self = clerk_config(call->world->clerk)->member;
    const char *standing = rules_standing(call->world->view, row, self, call->world->now,
                                          call->arena);
    if (standing != NULL)
        json_set(call->arena, card, "standing", json_literal(standing));
}

/* The countdown of a feed that is silent. */
static void say_silence(struct call *call, const struct json *row, struct json *card)
{
    struct silence_clock clock = silence_of(call, row);
    struct json said = json_object();
    if (clock.state == SILENCE_NONE || clock.hides.ms == 0)
        return;
    json_set_text(call->arena, &said, "hides", instant_format(call->arena, clock.hides));
    json_set_text(call->arena, &said, "erases", instant_format(call->arena, clock.erases));
    json_set(call->arena, card, "silence", said);
}

struct json record_card(struct call *call, const struct json *row, const struct json *effects)
{
    static const char *const shown[] = { "own",  "from",  "source",     "basis",      "version",
                                         "as_of", "at",   "until",      "conditions", "hold",
                                         "restricted",    "inaccurate" };
    const struct json *record = json_get(row, "record");
    const struct json *alerts = json_get(record, "alerts");
    struct json card = json_object();
    struct json warnings = json_array();
    struct json list = json_array();
    bool foreign = json_get(row, "from") != NULL;
    for (size_t i = 0; i < json_count(alerts); i++) {
        const struct json *alert = json_item(alerts, i);
        const struct json *own = json_get(alert, "warnings");
        for (size_t j = 0; j < json_count(own); j++)
            json_push(call->arena, &warnings, *json_item(own, j));
        json_push(call->arena, &list, alert_card(call, alert, foreign, effects));
    }
    json_set(call->arena, &card, "warnings", warnings);
    json_set_text(call->arena, &card, "record", json_get_text(record, "id"));
    json_set_text(call->arena, &card, "owner", json_get_text(record, "owner"));
    json_set_text(call->arena, &card, "kind", json_get_text(record, "kind"));
    json_take_all(call->arena, &card, row, shown, sizeof(shown) / sizeof(shown[0]));
    json_set(call->arena, &card, "alerts", list);
    if (json_get(row, "waiting") != NULL)
        json_set(call->arena, &card, "waiting", call_waiting(call, row));
    if (foreign) {
        say_silence(call, row, &card);
        say_standing(call, row, &card);
    }
    return card;
}

static void add_to(struct call *call, struct json *entry, const char *name, struct json value)
{
    const struct json *before = json_get(entry, name);
    struct json list = before == NULL ? json_array() : *before;
    json_push(call->arena, &list, value);
    json_set(call->arena, entry, name, list);
}

void record_report(struct call *call, const struct json *row, struct json *entry)
{
    const struct json *conditions = json_get(row, "conditions");
    const struct json *basis = json_get(row, "basis");
    bool due = false;
    for (size_t i = 0; i < json_count(conditions); i++)
        due = due || text_is(json_item_text(conditions, i), "report-use");
    if (!due || basis == NULL)
        return;
    struct json one = json_object();
    json_set_text(call->arena, &one, "record", json_get_text(json_get(row, "record"), "id"));
    json_set_text(call->arena, &one, "partner", json_get_text(row, "from"));
    json_set(call->arena, &one, "basis", *basis);
    add_to(call, entry, "reports", one);
}

void record_looked(struct call *call, const struct json *row, struct json *entry)
{
    add_to(call, entry, "hits", json_string(json_get_text(json_get(row, "record"), "id")));
    record_report(call, row, entry);
}

bool record_show(struct call *call, const struct record_seen *seen_opt, struct json *out,
                 struct json *entry)
{
    if (seen_opt == NULL || row_hidden(&seen_opt->row)) {
        json_set(call->arena, out, "gone", json_bool(true));
        return false;
    }
    json_set(call->arena, out, "card", record_card(call, &seen_opt->row, &seen_opt->effects));
    record_looked(call, &seen_opt->row, entry);
    return true;
}

/* -- routes ------------------------------------------------------------------------------- */

static bool find_row(struct call *call, struct record_key *key, struct json *row)
{
    struct err e = record_key_view(call->world->clerk, call->world->view, call->ids[0],
                                   call->arena, key);
    struct row_key row_key = key_record(key);
    if (failed(e)) {
        call_fail(call, ERR_NOT_FOUND, "clerk.no-such-record", call->ids[0]);
        return false;
    }
    return call_row(call, TABLE_RECORD, &row_key, "clerk.no-such-record", row);
}

struct err record_seen_at(struct call *call, const struct record_key *key, struct record_seen *out)
{
    struct err none = err_make(ERR_NOT_FOUND, "clerk.no-such-record");
    struct row_key row_key = key_record(key);
    struct sight sight = call_sight(call);
    out->key = *key;
    struct err e = view_get(call->world->view, TABLE_RECORD, &row_key, call->arena, &out->row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? none : e;
    if (failed(view_get(call->world->view, TABLE_EFFECT, &row_key, call->arena, &out->effects)))
        out->effects = json_object();
    return sight_of(&sight, &out->row, &out->effects) ? err_none() : none;
}

struct err record_seen(struct call *call, struct text id, struct record_seen *out)
{
    struct record_key key;
    struct err e = record_key_view(call->world->clerk, call->world->view, id, call->arena, &key);
    return failed(e) ? err_make(ERR_NOT_FOUND, "clerk.no-such-record")
                     : record_seen_at(call, &key, out);
}

void route_record_get(struct call *call)
{
    struct record_seen seen;
    struct json entry = json_object();
    if (!call_purpose(call))
        return;
    struct err e = record_seen(call, call->ids[0], &seen);
    if (failed(e)) {
        call_fail(call, e.code, e.rule, call->ids[0]);
        return;
    }
    struct json card = record_card(call, &seen.row, &seen.effects);
    json_set(call->arena, &card, "content", *json_get(&seen.row, "record"));
    json_set(call->arena, &entry, "kind", json_literal("look"));
    json_set_text(call->arena, &entry, "record", call->ids[0]);
    record_report(call, &seen.row, &entry);
    call_look(call, card, entry);
}

void route_record_put(struct call *call)
{
    struct json body = json_copy(call->arena, &call->body);
    struct text dry;
    const struct json *record = json_get(&body, "record");
    if (call->ids[0].len > 0 && record != NULL && json_get(record, "id") != NULL &&
        !text_equal(json_get_text(record, "id"), call->ids[0])) {
        call_fail(call, ERR_INVALID, "api.id-differs", TEXT("/record/id"));
        return;
    }
    if (call_parameter(call, "dry_run", &dry))
        json_set(call->arena, &body, "dry_run", json_bool(text_is(dry, "true")));
    call_command(call, VERB_RECORD_PUT, body);
}

void route_record_withdraw(struct call *call)
{
    call_on(call, VERB_RECORD_WITHDRAW, "record");
}

void route_record_erase(struct call *call)
{
    call_on(call, VERB_RECORD_ERASE, "record");
}

void route_record_note(struct call *call)
{
    call_on(call, VERB_NOTE_PUT, "record");
}

void route_record_effect(struct call *call)
{
    call_on(call, VERB_EFFECT_SET, "record");
}

/* {"record": id} or {"draft": record}: every partner at once. */
void route_record_preview(struct call *call)
{
    call_command(call, VERB_PREVIEW, call->body);
}

void route_record_explain(struct call *call)
{
    struct text to;
    struct json body = json_object();
    if (!call_parameter(call, "to", &to)) {
        call_fail(call, ERR_INVALID, "clerk.field-missing", TEXT("to"));
        return;
    }
    json_set_text(call->arena, &body, "record", call->ids[0]);
    json_set_text(call->arena, &body, "partner", to);
    struct text purpose;
    if (call_parameter(call, "purpose", &purpose))
        json_set_text(call->arena, &body, "purpose", purpose);
    call_command(call, VERB_EXPLAIN, body);
}

/* What each partner holds of it, and why not more. */
static void pick_delivery(struct call *call, struct bytes key, struct json *row,
                          struct json *list)
{
    (void)key;
    if (!text_equal(json_get_text(row, "record"), call->ids[0]))
        return;
    const struct json *noted = json_get(row, "noted");
    struct instant at;
    if (noted != NULL && !failed(instant_parse(json_get_text(noted, "at"), &at))) {
        bool known = json_get(noted, "known_at") != NULL;
        json_set(call->arena, row, "note", json_literal(known ? "known" : "waiting"));
        json_set_integer(call->arena, row, "note_days",
                         (call->world->now.ms - at.ms) / INSTANT_DAY);
    }
    json_push(call->arena, list, *row);
}

void route_deliveries(struct call *call)
{
    struct record_key key;
    struct json row;
    struct json list = json_array();
    struct json answer = json_object();
    struct store_range range = { .table = TABLE_PARTNER, .limit = API_LIST_MAX };
    struct store_rows partners;
    if (!find_row(call, &key, &row))
        return;
    struct err e = store_scan(call->world->view, &range, call->arena, &partners);
    for (size_t i = 0; !failed(e) && i < partners.count; i++) {
        struct row_key shared = key_of(partners.rows[i].key);
        struct json held = json_object();
        key_add_u8(&shared, 0);
        key_add(&shared, BYTES_OF(key.bytes));
        e = view_get(call->world->view, TABLE_SHARED, &shared, call->arena, &held);
        if (e.code == ERR_NOT_FOUND) {
            json_set(call->arena, &held, "state", json_literal("not-shared"));
            json_set_text(call->arena, &held, "record", call->ids[0]);
            e = err_none();
        }
        struct bytes code = partners.rows[i].key;
        json_set_text(call->arena, &held, "partner",
                      (struct text){ (const char *)code.data, code.len });
        pick_delivery(call, code, &held, &list);
    }
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &answer, "items", list);
    call_answer(call, 200, answer);
}
