/* The access entry (I3): who looked, for what, on which reference, and what was seen. The answer
 * leaves after its commit. */
#include "clerk/apply.h"
#include "clerk/state.h"
#include "clerk/watch/watch.h"

static struct err check_purpose(struct act *act)
{
    const struct caller *by = act->by;
    struct code purpose = code_of(CODE_PURPOSE, by->purpose);
    if (by->purpose.len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.purpose-missing", TEXT("purpose"));
    if (code_is_raw(purpose))
        return act_refuse(act, ERR_INVALID, "model.unknown-purpose", by->purpose);
    struct err e = purpose_check_reference(purpose, by->reference);
    return failed(e) ? act_refuse(act, e.code, e.rule, by->purpose) : e;
}

/* The competence of the unit: what it may ask for at all. */
static struct err check_unit(struct act *act)
{
    struct row_key key = key_text(act->by->who.unit);
    struct json row;
    struct unit unit;
    struct err e = row_get(act, TABLE_UNIT, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return act_refuse(act, ERR_DENIED, "clerk.no-such-unit", act->by->who.unit);
    if (!failed(e))
        e = unit_parse(&row, act->arena, &unit);
    if (failed(e))
        return e;
    if (!unit_may_ask(&unit, code_of(CODE_PURPOSE, act->by->purpose)))
        return act_refuse(act, ERR_DENIED, "clerk.not-your-competence", act->by->purpose);
    return err_none();
}

/* A machine names the end user, the unit and the place for whom it asks (I3). */
static struct err check_machine(struct act *act, const struct command *command)
{
    const struct json *end = json_get(command->body, "acting_for");
    if ((act->by->roles & ROLE_BIT(ROLE_MACHINE)) == 0)
        return err_none();
    if (json_get_text(end, "user").len == 0 || json_get_text(end, "unit").len == 0 ||
        json_get_text(end, "place").len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.acting-for-whom", TEXT("/acting_for"));
    return err_none();
}

static bool is_audit(const struct command *command)
{
    return text_is(json_get_text(command->body, "kind"), "audit");
}

static enum fact_kind kind_of(const struct command *command)
{
    struct text kind = json_get_text(command->body, "kind");
    if (text_is(kind, "search") || text_is(kind, "compare"))
        return FACT_SEARCH;
    return text_is(kind, "export") ? FACT_EXPORT : FACT_LOOK;
}

/* The entry and, where the search is to stand, the watch: in one commit. */
static struct err add(struct act *act, enum fact_kind kind, struct json body,
                      struct json *body_out)
{
    const struct json *wanted = json_get(&body, "watch");
    bool stands = wanted != NULL && wanted->kind == JSON_OBJECT;
    struct json put = json_null();
    uint64_t number = 0;
    uint64_t begun = 0;
    struct err e = stands ? watch_prepare(act, &body, &put) : err_none();
    if (!failed(e))
        e = fact_add(act, kind, body, &number);
    json_set_integer(act->arena, body_out, "entry", (int64_t)number);
    if (failed(e) || !stands)
        return e;
    json_set_text(act->arena, body_out, "watch", json_get_text(&put, "watch"));
    json_set_text(act->arena, body_out, "until", json_get_text(&put, "until"));
    return fact_add(act, FACT_WATCH_PUT, put, &begun);
}

struct err do_look(struct act *act, const struct command *command, struct json *body_out)
{
    if (!is_audit(command)) { /* an auditor's purpose is the audit */
        struct err e = check_purpose(act);
        if (!failed(e))
            e = check_unit(act);
        if (!failed(e))
            e = check_machine(act, command);
        if (failed(e))
            return e;
    }
    struct json body = json_copy(act->arena, command->body);
    json_set_text(act->arena, &body, "purpose",
                  is_audit(command) ? TEXT("audit") : act->by->purpose);
    if (act->by->reference != NULL)
        json_set(act->arena, &body, "reference", *act->by->reference);
    *body_out = json_object();
    return is_audit(command) ? add(act, FACT_EXPORT, body, body_out)
                             : add(act, kind_of(command), body, body_out);
}
