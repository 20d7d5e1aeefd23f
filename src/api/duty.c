/* Data protection at the desk: holds, restrictions, and what is due when. */
#include "api/call.h"

#include "core/encode.h"

enum { DUE_DAYS = 120, DUE_DAYS_MAX = 3660, DUE_STEP = 1024 };

static void on_record(struct call *call, enum verb verb)
{
    struct json body = json_copy(call->arena, &call->body);
    json_set_text(call->arena, &body, "record", call->ids[0]);
    call_command(call, verb, body);
}

void route_record_hold(struct call *call)
{
    on_record(call, VERB_RECORD_HOLD);
}

void route_record_hold_end(struct call *call)
{
    on_record(call, VERB_RECORD_HOLD_END);
}

void route_record_restrict(struct call *call)
{
    on_record(call, VERB_RECORD_RESTRICT);
}

/* A whole number below `max` of the query; `otherwise` when it is not said or is none. */
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

static const char *duty_of(struct text kind)
{
    static const struct {
        const char *kind, *duty;
    } rows[] = { { "retain", "erasure" }, { "hold", "hold-ends" }, { "subject", "answer" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (text_is(kind, rows[i].kind))
            return rows[i].duty;
    }
    return NULL; /* what a clock does by itself is nobody's duty */
}

/* ?days=: what ends, lapses or is to be answered within them, soonest first; a page has what the
 * first rows hold, `after` begins the next. */
void route_duties(struct call *call)
{
    int64_t days = call_number(call, "days", DUE_DAYS, DUE_DAYS_MAX);
    int64_t end = call->world->now.ms + days * INSTANT_DAY;
    struct store_range range = { .table = TABLE_DEADLINE, .limit = DUE_STEP };
    uint8_t after_key[STORE_KEY_MAX];
    struct store_rows rows;
    struct text after;
    struct json list = json_array();
    struct json answer = json_object();
    if (call_parameter(call, "after", &after) && after.len <= 2 * sizeof(after_key) &&
        !failed(hex_parse(after, after_key, after.len / 2)))
        range.after = bytes_of(after_key, after.len / 2);
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    bool over = false;
    for (size_t i = 0; !failed(e) && !over && i < rows.count; i++) {
        struct json row;
        struct json one = json_object();
        int64_t at = (int64_t)key_tail_u64(bytes_of(rows.rows[i].key.data, 8));
        over = at >= end;
        e = json_parse(rows.rows[i].value, call->arena, &row);
        const char *duty = failed(e) ? NULL : duty_of(json_get_text(&row, "kind"));
        if (duty == NULL || over)
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
    if (!over && rows.count == DUE_STEP)
        json_set_text(call->arena, &answer, "after",
                      hex_format(call->arena, rows.rows[rows.count - 1].key));
    call_answer(call, 200, answer);
}
