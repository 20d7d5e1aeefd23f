/* Verbs of the working day: hits, questions. */
#include "clerk/apply.h"
#include "clerk/law/capacity.h"
#include "clerk/exchange/disclose.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/hit.h"
#include "flow/photo.h"

enum { HOURS_DEFAULT = 72, OUTCOME_DAYS = 30, TEXT_MAX = 4000 };

/* -- hits --------------------------------------------------------------------------------- */

/* The copy that the hit is on, and the leave of its clause to report. */
static struct err hit_basis(struct act *act, struct text id, struct json *row_out,
                            struct ruling *ruling)
{
    struct record_key record;
    struct rules_basis basis;
    int64_t version = 0;
    struct err e = record_key_of(act, id, &record);
    if (failed(e))
        return e;
    struct row_key key = key_record(&record);
    e = row_get(act, TABLE_RECORD, &key, row_out);
    if (failed(e) || json_get(row_out, "from") == NULL)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    const struct json *stated = json_get(row_out, "basis");
    e = hex_parse(json_get_text(stated, "agreement"), basis.agreement.bytes, HASH_LEN);
    if (failed(e))
        return e;
    (void)json_get_integer(stated, "version", &version);
    basis.version = (uint32_t)version;
    basis.clause = json_get_text(stated, "clause");
    struct rules_ask ask = { .from = act->clerk->config.member,
                             .to = json_get_text(row_out, "from"),
                             .kind = TEXT("hit-report"),
                             .basis_opt = &basis,
                             .as_of = act->now };
    rules_may_ask(act->clerk->rules, &ask, ruling);
    if (ruling->outcome != RULING_SHARE)
        return act_refuse(act, ERR_DENIED, "clerk.no-clause", id); /* I1 */
    return err_none();
}

static int64_t hours_ms(uint32_t hours)
{
    return (hours == 0 ? HOURS_DEFAULT : (int64_t)hours) * INSTANT_HOUR;
}

struct err do_hit_open(struct act *act, const struct command *command, struct json *body_out)
{
    struct json row;
    struct ruling ruling;
    struct text hit;
    struct text id = json_get_text(command->body, "record");
    const struct json *report = json_get(command->body, "report");
    if (report == NULL || report->kind != JSON_OBJECT)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/report"));
    struct err e = hit_basis(act, id, &row, &ruling);
    if (!failed(e))
        e = act_draw_id(act, &hit);
    if (failed(e))
        return e;
    bool urgent = json_get_bool(command->body, "urgent");
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "hit", hit);
    json_set(act->arena, &body, "side", json_literal("finder"));
    json_set_text(act->arena, &body, "record", id);
    json_set_text(act->arena, &body, "partner", json_get_text(&row, "from"));
    json_set(act->arena, &body, "basis", *json_get(&row, "basis"));
    json_set(act->arena, &body, "urgent", json_bool(urgent));
    json_set(act->arena, &body, "report", *report);
    json_set_integer(act->arena, &body, "answer_ms",
                     hours_ms(urgent ? ruling.urgent_hours : ruling.otherwise_hours));
    json_set_integer(act->arena, &body, "outcome_ms", OUTCOME_DAYS * INSTANT_DAY);
    e = fact_add(act, FACT_HIT_OPEN, body, &number);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "hit", hit);
    json_set_integer(act->arena, body_out, "entry", (int64_t)number);
    return e;
}

/* The hit of a command, of the given side, with `event` possible now. */
static struct err hit_row(struct act *act, const struct command *command, const char *side,
                          enum hit_event event, struct json *out)
{
    struct text id = json_get_text(command->body, "hit");
    struct row_key key = key_text(text_slice(id, 0, 64));
    enum hit_state state = HIT_NONE;
    struct err e = id.len == 0 ? err_make(ERR_NOT_FOUND, "clerk.no-such-hit")
                               : row_get(act, TABLE_HIT, &key, out);
    if (e.code == ERR_NOT_FOUND)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-hit", id);
    if (failed(e))
        return e;
    if (!text_is(json_get_text(out, "side"), side))
        return act_refuse(act, ERR_DENIED, "clerk.not-your-move", id);
    e = hit_state_parse(json_get_text(out, "state"), &state);
    if (!failed(e))
        e = hit_step(state, event, &state);
    return failed(e) ? act_refuse(act, e.code, e.rule, id) : e;
}

struct err do_hit_answer(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "hit", "confirmed", "code", "text", "photo" };
    struct json row;
    const struct json *confirmed = json_get(command->body, "confirmed");
    if (confirmed == NULL || (confirmed->kind != JSON_TRUE && confirmed->kind != JSON_FALSE))
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/confirmed"));
    enum hit_event event = confirmed->kind == JSON_TRUE ? HIT_CONFIRM : HIT_DENY;
    const struct json *photo = json_get(command->body, "photo");
    struct err e = hit_row(act, command, "owner", event, &row);
    if (!failed(e) && photo != NULL && failed(e = photo_check(photo, act->arena)))
        return act_refuse(act, e.code, e.rule, TEXT("/photo"));
    if (failed(e))
        return e;
    struct json body = json_object();
    uint64_t number = 0;
    json_set(act->arena, &body, "side", json_literal("owner"));
    json_take_all(act->arena, &body, command->body, taken,
                  sizeof(taken) / sizeof(taken[0]));
    *body_out = json_object();
    json_set_text(act->arena, body_out, "hit", json_get_text(&row, "hit"));
    return fact_add(act, FACT_HIT_ANSWER, body, &number);
}

struct err do_hit_outcome(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "hit", "outcome", "text" };
    struct json row;
    struct code outcome = code_of(CODE_OUTCOME, json_get_text(command->body, "outcome"));
    if (outcome.code.len == 0 || code_is_raw(outcome))
        return act_refuse(act, ERR_INVALID, "clerk.unknown-outcome", outcome.code);
    struct err e = hit_row(act, command, "finder", HIT_OUTCOME, &row);
    if (failed(e))
        return e;
    struct json body = json_object();
    uint64_t number = 0;
    json_set(act->arena, &body, "side", json_literal("finder"));
    json_take_all(act->arena, &body, command->body, taken,
                  sizeof(taken) / sizeof(taken[0]));
    *body_out = json_object();
    json_set_text(act->arena, body_out, "hit", json_get_text(&row, "hit"));
    return fact_add(act, FACT_HIT_OUTCOME, body, &number);
}

/* -- questions ---------------------------------------------------------------------------- */

/* {"partner","form","purpose","question",…}: what no ask clause allows is refused here, before
 * anything leaves, and the refusal names no more than that. */
struct err do_ask(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "partner", "form", "purpose", "record", "question" };
    struct partner partner;
    struct ruling ruling;
    struct text id;
    struct json spent;
    struct err e = partner_get(act, json_get_text(command->body, "partner"), &partner);
    if (!failed(e))
        e = capacity_read(act, partner.code, &spent);
    if (failed(e))
        return e;
    struct rules_ask ask = { .from = act->clerk->config.member,
                             .to = partner.code,
                             .kind = json_get_text(command->body, "form"),
                             .purpose = json_get_text(command->body, "purpose"),
                             .spent_opt = &spent,
                             .as_of = act->now };
    rules_may_ask(act->clerk->rules, &ask, &ruling);
    if (ruling.used_up)
        return act_refuse(act, ERR_DENIED, "clerk.capacity", ask.purpose);
    if (ruling.outcome != RULING_SHARE)
        return act_refuse(act, ERR_DENIED, "clerk.no-clause", ask.purpose); /* I1 */
    e = capacity_count(act, partner.code, &ruling);
    if (!failed(e))
        e = act_draw_id(act, &id);
    if (failed(e))
        return e;
    struct json body = json_object();
    struct json basis = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &basis, "agreement",
                  hex_format(act->arena, BYTES_OF(ruling.agreement.bytes)));
    json_set_integer(act->arena, &basis, "version", ruling.version);
    json_set_text(act->arena, &basis, "clause", ruling.clause);
    json_set_text(act->arena, &body, "ask", id);
    json_set(act->arena, &body, "side", json_literal("asker"));
    json_set(act->arena, &body, "basis", basis);
    json_take_all(act->arena, &body, command->body, taken,
                  sizeof(taken) / sizeof(taken[0]));
    *body_out = json_object();
    json_set_text(act->arena, body_out, "ask", id);
    return fact_add(act, FACT_ASK_OPEN, body, &number);
}
