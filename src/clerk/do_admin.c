/* Verbs of the administrator: units and users. Passwords come hashed (shell/password). */
#include "clerk/apply.h"
#include "clerk/state.h"

enum { PASSWORD_HASH_MAX = 128 };

struct err do_unit_put(struct act *act, const struct command *command, struct json *body_out)
{
    const struct json *in = json_get(command->body, "unit");
    struct unit unit;
    if (in == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/unit"));
    struct err e = unit_parse(in, act->arena, &unit);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/unit"));
    struct row_key parent = key_text(unit.parent);
    if (unit.parent.len > 0 && !row_exists(act, TABLE_UNIT, &parent))
        return act_refuse(act, ERR_INVALID, "clerk.no-such-unit", unit.parent);
    struct json body = json_object();
    uint64_t number = 0;
    json_set(act->arena, &body, "unit", *in);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "id", unit.id);
    return fact_add(act, FACT_UNIT_PUT, body, &number);
}

struct err do_user_put(struct act *act, const struct command *command, struct json *body_out)
{
    const struct json *in = json_get(command->body, "user");
    struct user user;
    if (in == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/user"));
    struct err e = user_parse(in, act->arena, &user);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/user"));
    struct row_key unit = key_text(user.unit);
    if (!row_exists(act, TABLE_UNIT, &unit))
        return act_refuse(act, ERR_INVALID, "clerk.no-such-unit", user.unit);
    struct json body = json_object();
    struct json row = json_null();
    struct row_key key = key_text(user.id);
    uint64_t number = 0;
    static const char *const kept[] = { "password", "uid", "certificate" };
    e = row_get(act, TABLE_USER, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    json_set(act->arena, &body, "user", *in);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        const struct json *value = json_get(command->body, kept[i]);
        if (value == NULL)
            value = json_get(&row, kept[i]); /* what is not given stays */
        if (value != NULL && value->kind == JSON_STRING && value->string.len > PASSWORD_HASH_MAX)
            return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", text_literal(kept[i]));
        if (value != NULL)
            json_set(act->arena, &body, kept[i], *value);
    }
    *body_out = json_object();
    json_set_text(act->arena, body_out, "id", user.id);
    return fact_add(act, FACT_USER_PUT, body, &number);
}
