/* Verbs that take a record out of daily use or warn of it: hold, restriction, inaccuracy. */
#include "clerk/record/apart.h"
#include "clerk/apply.h"
#include "clerk/record/doc.h"
#include "clerk/state.h"
#include "core/encode.h"

enum { REASON_MAX = 1000 };

/* The record of a command, own or copy, with its content still here. */
static struct err find(struct act *act, const struct command *command, struct text *id_out,
                       struct json *row_out)
{
    struct record_key record;
    *id_out = json_get_text(command->body, "record");
    struct err e = record_key_of(act, *id_out, &record);
    if (failed(e))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", *id_out);
    struct row_key key = key_record(&record);
    e = row_get(act, TABLE_RECORD, &key, row_out);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && json_get(row_out, "record") == NULL))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", *id_out);
    return e;
}

static bool has_statement(const struct json *record, struct text id)
{
    const struct json *statements = json_get(record, "statements");
    for (size_t i = 0; i < json_count(statements); i++) {
        if (text_equal(json_get_text(json_item(statements, i), "id"), id))
            return true;
    }
    return false;
}

static void reply(struct act *act, struct text id, const char *result, struct json *out)
{
    *out = json_object();
    json_set_text(act->arena, out, "id", id);
    json_set(act->arena, out, "result", json_literal(result));
}

/* {"record","reason","until"}: until the beginning of that day. */
struct err do_record_hold(struct act *act, const struct command *command, struct json *body_out)
{
    struct text id;
    struct json row;
    struct date day;
    uint64_t number = 0;
    struct text reason = json_get_text(command->body, "reason");
    struct err e = find(act, command, &id, &row);
    if (failed(e))
        return e;
    if (reason.len == 0 || reason.len > REASON_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/reason"));
    if (failed(date_parse(json_get_text(command->body, "until"), &day)))
        return act_refuse(act, ERR_INVALID, "clerk.bad-date", TEXT("/until"));
    if (!instant_before(act->now, date_begin(day)))
        return act_refuse(act, ERR_INVALID, "clerk.date-is-past", TEXT("/until"));
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", id);
    json_set_text(act->arena, &body, "reason", reason);
    json_set_text(act->arena, &body, "until", instant_format(act->arena, date_begin(day)));
    reply(act, id, "held", body_out);
    return fact_add(act, FACT_RECORD_HOLD, body, &number);
}

struct err do_record_hold_end(struct act *act, const struct command *command,
                              struct json *body_out)
{
    struct text id;
    struct json row;
    uint64_t number = 0;
    struct err e = find(act, command, &id, &row);
    if (!failed(e) && json_get(&row, "hold") == NULL)
        return act_refuse(act, ERR_CONFLICT, "clerk.not-held", id);
    if (failed(e))
        return e;
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", id);
    json_set_text(act->arena, &body, "reason", json_get_text(command->body, "reason"));
    reply(act, id, "released", body_out);
    return fact_add(act, FACT_RECORD_HOLD_END, body, &number);
}

/* {"record","restricted":true|false,"ground"}: our own; a copy is its owner's to restrict (I2). */
struct err do_record_restrict(struct act *act, const struct command *command,
                              struct json *body_out)
{
    struct text id;
    struct json row;
    uint64_t number = 0;
    const struct json *on = json_get(command->body, "restricted");
    struct err e = find(act, command, &id, &row);
    if (failed(e))
        return e;
    if (on == NULL || (on->kind != JSON_TRUE && on->kind != JSON_FALSE))
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/restricted"));
    if (!json_get_bool(&row, "own"))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", id);
    struct text ground = json_get_text(command->body, "ground");
    if (on->kind == JSON_TRUE && code_find(CODE_GROUND, ground) < 0)
        return act_refuse(act, ERR_INVALID, "clerk.unknown-ground", TEXT("/ground"));
    bool is = json_get(&row, "restricted") != NULL;
    reply(act, id, on->kind == JSON_TRUE ? "restricted" : "unrestricted", body_out);
    if (is == (on->kind == JSON_TRUE))
        return err_none();
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", id);
    json_set(act->arena, &body, "restricted", *on);
    json_set_text(act->arena, &body, "ground", ground);
    return fact_add(act, FACT_RECORD_RESTRICT, body, &number);
}

/* {"record","statement","ground":"inaccurate"|"unlawful"|…,"text"}: about what we sent. */
struct err do_inaccuracy(struct act *act, const struct command *command, struct json *body_out)
{
    struct text id;
    struct json row;
    uint8_t bits[16];
    uint64_t number = 0;
    struct text statement = json_get_text(command->body, "statement");
    struct text ground = json_get_text(command->body, "ground");
    struct err e = find(act, command, &id, &row);
    if (failed(e))
        return e;
    if (!json_get_bool(&row, "own"))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", id); /* I2 */
    if (code_find(CODE_GROUND, ground) < 0)
        return act_refuse(act, ERR_INVALID, "clerk.unknown-ground", TEXT("/ground"));
    if (json_get_text(command->body, "text").len > REASON_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/text"));
    if (statement.len > 0 && !has_statement(json_get(&row, "record"), statement))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-statement", statement);
    chance_draw(act->chance, bits, sizeof(bits));
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", id);
    json_set_text(act->arena, &body, "note", hex_format(act->arena, BYTES_OF(bits)));
    json_set(act->arena, &body, "version", *json_get(&row, "version"));
    if (statement.len > 0)
        json_set_text(act->arena, &body, "statement", statement);
    json_set_text(act->arena, &body, "ground", ground);
    json_set_text(act->arena, &body, "text", json_get_text(command->body, "text"));
    reply(act, id, "noted", body_out);
    return fact_add(act, FACT_INACCURACY, body, &number);
}
