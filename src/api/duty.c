/* Data protection at the desk: holds, restrictions, and what is due when. */
#include "api/call.h"

#include "catalogue/warn.h"
#include "clerk/apply.h"
#include "clerk/rights/retain.h"
#include "clerk/record/standing.h"

enum { DUE_DAYS = 120, DUE_DAYS_MAX = 3660, DUE_STEP = 1024 };

void route_record_hold(struct call *call)
{
    call_on(call, VERB_RECORD_HOLD, "record");
}

void route_record_hold_end(struct call *call)
{
    call_on(call, VERB_RECORD_HOLD_END, "record");
}

void route_record_inaccuracy(struct call *call)
{
    call_on(call, VERB_INACCURACY, "record");
}

void route_record_restrict(struct call *call)
{
    call_on(call, VERB_RECORD_RESTRICT, "record");
}

static const char *duty_of(struct text kind)
{
    static const struct {
        const char *kind, *duty;
    } rows[] = { { "retain", "erasure" }, { "hold", "hold-ends" }, { "subject", "answer" },
                 { "request", "erasure" }, { "review", "review" },
                 { "majority", "majority" }, { "achieved", "achieved" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (text_is(kind, rows[i].kind))
            return rows[i].duty;
    }
    return NULL; /* what a clock does by itself is nobody's duty */
}

/* Up to when a row is said: the edition of the catalogue says how long before its owner is warned
 * that an alert is reviewed or deleted or a child comes of age; else, and where ?days= asks, so
 * many days. */
struct horizon {
    int64_t days, erasure, majority;
};

static struct horizon horizon_of(struct call *call)
{
    const struct edition *edition = clerk_edition(call->world->clerk);
    struct date today = date_of_instant(call->world->now);
    struct text asked;
    int64_t days = call_number(call, "days", DUE_DAYS, DUE_DAYS_MAX);
    struct horizon out = { .days = call->world->now.ms + days * INSTANT_DAY };
    out.erasure = out.days;
    out.majority = out.days;
    if (!call_parameter(call, "days", &asked)) {
        out.erasure = date_begin(warn_horizon(edition, false, today)).ms + INSTANT_DAY;
        out.majority = date_begin(warn_horizon(edition, true, today)).ms + INSTANT_DAY;
    }
    return out;
}

static int64_t horizon_end(const struct horizon *of, struct text kind)
{
    if (text_is(kind, "majority"))
        return of->majority;
    return text_is(kind, "retain") || text_is(kind, "review") ? of->erasure : of->days;
}

static int64_t horizon_last(const struct horizon *of)
{
    int64_t last = of->days > of->erasure ? of->days : of->erasure;
    return last > of->majority ? last : of->majority;
}

/* ?days=: what ends, lapses or is to be answered within them, soonest first; a page has what the
 * first rows hold, `after` begins the next. */
void route_duties(struct call *call)
{
    struct horizon horizon = horizon_of(call);
    struct store_range range = { .table = TABLE_DEADLINE, .limit = DUE_STEP };
    uint8_t after_key[STORE_KEY_MAX];
    struct store_rows rows;
    struct json list = json_array();
    struct json answer = json_object();
    range.after = call_after(call, after_key);
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    bool over = false;
    for (size_t i = 0; !failed(e) && !over && i < rows.count; i++) {
        struct json row = json_null();
        struct json one = json_object();
        int64_t at = (int64_t)key_tail_u64(bytes_of(rows.rows[i].key.data, 8));
        over = at >= horizon_last(&horizon);
        e = json_parse(rows.rows[i].value, call->arena, &row);
        struct text kind = json_get_text(&row, "kind");
        const char *duty = failed(e) ? NULL : duty_of(kind);
        if (duty == NULL || at >= horizon_end(&horizon, kind))
            continue;
        json_set(call->arena, &one, "duty", json_literal(duty));
        json_set_text(call->arena, &one, "at",
                      instant_format(call->arena, (struct instant){ at }));
        json_set_text(call->arena, &one, "id", json_get_text(&row, "id"));
        json_set_integer(call->arena, &one, "days", (at - call->world->now.ms) / INSTANT_DAY);
        json_push(call->arena, &list, one);
    }
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &answer, "items", list);
    if (!over)
        call_next(call, &rows, DUE_STEP, &answer);
    call_answer(call, 200, answer);
}

/* -- requests of the persons concerned ---------------------------------------------------- */

static void pick_subject(struct call *call, struct bytes key, struct json *row,
                         struct json *list)
{
    static const char *const shown[] = { "subject", "side", "kind", "state", "partner",
                                         "received", "due" };
    struct json one = json_object();
    struct instant due;
    (void)key;
    if (json_get(row, "kind") == NULL)
        return; /* the other name of one that was forwarded */
    json_take_all(call->arena, &one, row, shown, sizeof(shown) / sizeof(shown[0]));
    bool open = !text_is(json_get_text(row, "state"), "closed");
    if (open && !failed(instant_parse(json_get_text(row, "due"), &due)))
        json_set(call->arena, &one, "overdue",
                 json_bool(instant_before(due, call->world->now)));
    json_push(call->arena, list, one);
}

void route_subjects(struct call *call)
{
    call_list(call, TABLE_SUBJECT, (struct bytes){ NULL, 0 }, pick_subject);
}

void route_subject_open(struct call *call)
{
    call_command(call, VERB_SUBJECT_OPEN, call->body);
}

void route_subject_forward(struct call *call)
{
    call_on(call, VERB_SUBJECT_FORWARD, "subject");
}

void route_subject_answer(struct call *call)
{
    call_on(call, VERB_SUBJECT_ANSWER, "subject");
}

void route_subject_close(struct call *call)
{
    call_on(call, VERB_SUBJECT_CLOSE, "subject");
}

/* Whose is it, why, how long, who has it: what art. 14 lets the person know, beside the data. */
static struct json held_of(struct call *call, struct text id)
{
    static const char *const shown[] = { "own", "from", "until", "purposes" };
    struct record_key record;
    struct json row;
    struct json recipients = json_array();
    struct json held = json_object();
    struct store_range range = { .table = TABLE_PARTNER, .limit = API_LIST_MAX };
    struct store_rows partners;
    if (failed(record_key_view(call->world->clerk, call->world->view, id, call->arena, &record)))
        return held;
    struct row_key key = key_record(&record);
    if (failed(view_get(call->world->view, TABLE_RECORD, &key, call->arena, &row)) ||
        failed(store_scan(call->world->view, &range, call->arena, &partners)))
        return held;
    json_take_all(call->arena, &held, &row, shown, sizeof(shown) / sizeof(shown[0]));
    for (size_t i = 0; i < partners.count; i++) {
        struct bytes code = partners.rows[i].key;
        struct row_key shared = key_of(code);
        struct json with;
        key_add_u8(&shared, 0);
        key_add(&shared, BYTES_OF(record.bytes));
        if (!failed(view_get(call->world->view, TABLE_SHARED, &shared, call->arena, &with)))
            json_push(call->arena, &recipients,
                      json_string((struct text){ (const char *)code.data, code.len }));
    }
    json_set(call->arena, &held, "recipients", recipients);
    return held;
}

static void purpose_of_subject(struct call *call)
{
    struct json reference = json_object();
    json_set_text(call->arena, &reference, "request", call->ids[0]);
    call_act_for(call, TEXT("data-protection"), reference);
}

/* The person's name and what is held of them: reading it is a look, for this request (I3). */
void route_subject_get(struct call *call)
{
    struct json row;
    struct json entry = json_object();
    struct json records = json_object();
    struct row_key key = key_text(text_slice(call->ids[0], 0, 64));
    if (!call_row(call, TABLE_SUBJECT, &key, "clerk.no-such-request", &row))
        return;
    if (json_get(&row, "kind") == NULL) {
        call_fail(call, ERR_NOT_FOUND, "clerk.no-such-request", call->ids[0]);
        return;
    }
    const struct json *items = json_get(&row, "records");
    for (uint32_t i = 0; i < json_count(items); i++) {
        struct text id = items->members[i].name;
        struct json item = json_copy(call->arena, &items->members[i].value);
        json_set(call->arena, &item, "held", held_of(call, id));
        json_set_name(call->arena, &records, id, item);
    }
    json_set(call->arena, &row, "records", records);
    purpose_of_subject(call);
    json_set(call->arena, &entry, "kind", json_literal("look"));
    json_set_text(call->arena, &entry, "subject", call->ids[0]);
    call_look(call, row, entry);
}
