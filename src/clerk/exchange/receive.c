#include "clerk/exchange/receive.h"

#include <assert.h>

#include "clerk/apply.h"
#include "clerk/record/file.h"
#include "clerk/law/law.h"
#include "clerk/record/life.h"
#include "clerk/exchange/receive_duty.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/hit.h"
#include "flow/photo.h"

enum { SIGNATURES_MAX = TREATY_EVENTS_MAX, MESSAGE_ID_LEN = 16 };
#define CLOCK_MS_MAX (366 * INSTANT_DAY) /* a partner's clock on us: a year at most */

static struct rules_basis basis_of(const struct frame *frame)
{
    return (struct rules_basis){ frame->basis.agreement, frame->basis.version,
                                 frame->basis.clause };
}

/* Facts about what came in. The whole frame stands in them: it is what was received. */
static struct err add_frame(struct act *act, const struct incoming *in, enum fact_kind kind,
                            struct json body)
{
    struct json frame;
    uint64_t number = 0;
    struct err e = json_parse(in->content, act->arena, &frame);
    if (failed(e))
        return e;
    json_set_text(act->arena, &body, "partner", in->partner->code);
    json_set_integer(act->arena, &body, "number", (int64_t)in->number);
    json_set_text(act->arena, &body, "entry", hex_format(act->arena, BYTES_OF(in->entry.bytes)));
    json_set(act->arena, &body, "frame", frame);
    return fact_add(act, kind, body, &number);
}

static struct err add_receipt(struct act *act, const struct incoming *in)
{
    return add_frame(act, in, FACT_RECEIPT, json_object());
}

/* The purposes that the agreement allows travel with the copy (I2). */
static struct err add_received(struct act *act, const struct incoming *in,
                               const struct texts *uses)
{
    struct ruling clause;
    struct json body = json_object();
    struct json purposes = json_array();
    struct rules_basis basis = basis_of(in->frame);
    for (size_t i = 0; i < uses->count; i++)
        json_push(act->arena, &purposes, json_string(uses->items[i]));
    json_set(act->arena, &body, "purposes", purposes);
    if (!failed(rules_clause(act->clerk->rules, &basis, &clause))) {
        struct json conditions = json_array();
        for (size_t i = 0; i < clause.conditions.count; i++)
            json_push(act->arena, &conditions, json_string(clause.conditions.items[i]));
        json_set_integer(act->arena, &body, "silence_days", clause.silence_days);
        json_set_integer(act->arena, &body, "retain_hours", clause.retain_hours);
        json_set_integer(act->arena, &body, "review_days", clause.review_days);
        json_set(act->arena, &body, "conditions", conditions);
        struct json audience = json_array();
        for (size_t i = 0; i < clause.audience.count; i++)
            json_push(act->arena, &audience, json_string(clause.audience.items[i]));
        if (clause.restricted)
            json_set(act->arena, &body, "audience", audience);
    }
    return add_frame(act, in, FACT_RECEIVED, body);
}

struct err receive_note(struct act *act, const struct incoming *in, enum fact_kind kind,
                        const char *rule)
{
    struct json body = json_object();
    uint64_t number = 0;
    if (kind == FACT_PARKED) {
        json_set(act->arena, &body, "rule", json_literal(rule));
        return add_frame(act, in, kind, body);
    }
    json_set_text(act->arena, &body, "partner", in->partner->code);
    json_set(act->arena, &body, "direction", json_literal("in"));
    json_set_integer(act->arena, &body, "number", (int64_t)in->number);
    json_set(act->arena, &body, "rule", json_literal(rule));
    return fact_add(act, FACT_CONTRADICTION, body, &number);
}

/* The owner named in the id is the partner that sent it (I2). */
static struct err check_owner(struct act *act, const struct incoming *in, struct text id)
{
    struct record_id parsed;
    struct err e = record_id_parse(id, &parsed);
    if (failed(e))
        return e;
    if (!text_equal(member_code_text(&parsed.owner), in->partner->code))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", id);
    return err_none();
}

/* The national default effect stands from the first moment (I13). */
static struct err set_effects(struct act *act, const struct incoming *in,
                              const struct json *record)
{
    const struct json *alerts = json_get(record, "alerts");
    for (size_t i = 0; i < json_count(alerts); i++) {
        const struct json *alert = json_item(alerts, i);
        struct rules_effect effect = rules_effect(act->clerk->rules,
                                                  json_get_text(alert, "category"),
                                                  in->partner->code);
        struct json body = json_object();
        uint64_t number = 0;
        if (effect.rule.len == 0)
            continue; /* no rule speaks: held until an officer decides */
        json_set_text(act->arena, &body, "record", json_get_text(record, "id"));
        json_set_text(act->arena, &body, "alert", json_get_text(alert, "id"));
        json_set(act->arena, &body, "effect", json_literal(effect.kind));
        json_set_text(act->arena, &body, "rule", effect.rule);
        if (effect.action.len > 0)
            json_set_text(act->arena, &body, "reduced_to", effect.action);
        if (effect.call.len > 0)
            json_set_text(act->arena, &body, "call", effect.call);
        struct err e = fact_add(act, FACT_EFFECT_SET, body, &number);
        if (failed(e))
            return e;
    }
    return err_none();
}

static struct err receive_record(struct act *act, const struct incoming *in)
{
    const struct json *record = json_get(in->frame->body, "record");
    struct texts uses;
    struct rules_view view = { in->partner->code, basis_of(in->frame), record, in->frame->as_of };
    struct err e = check_owner(act, in, json_get_text(record, "id"));
    if (!failed(e))
        e = rules_receive(act->clerk->rules, &view, act->arena, &uses); /* I1: a second opinion */
    if (!failed(e) &&
        !rules_keeps(act->clerk->rules, &view.basis.agreement, in->partner->code))
        e = act_refuse(act, ERR_DENIED, "treaty.basis-over", in->partner->code); /* I6 */
    if (!failed(e))
        e = files_check(act, in->frame->body);
    if (!failed(e))
        e = add_received(act, in, &uses);
    return failed(e) ? e : set_effects(act, in, record);
}

static struct err receive_withdrawal(struct act *act, const struct incoming *in)
{
    struct record_key key;
    struct text id = frame_subject(in->frame);
    struct json body = json_object();
    uint64_t number = 0;
    struct err e = check_owner(act, in, id);
    if (!failed(e))
        e = add_receipt(act, in);
#if COMITY_PLANTED == 6 /* an erasure is receipted, and the copy stays */
    if (in->frame->kind == FRAME_ERASURE)
        return e;
#endif
    if (!failed(e))
        e = record_key_of(act, id, &key);
    if (failed(e))
        return e;
    struct row_key row_key = key_record(&key);
    struct store_range range = { .table = TABLE_HOLDS, .prefix = key_bytes(&row_key), .limit = 1 };
    struct store_rows held;
    e = store_scan(store_view(act->store), &range, act->arena, &held);
    if (failed(e) || (held.count == 0 && !row_exists(act, TABLE_RECORD, &row_key)))
        return e; /* it never arrived, or is gone already */
    json_set_text(act->arena, &body, "record", id);
    json_set(act->arena, &body, "own", json_bool(false));
    json_set_text(act->arena, &body, "reason", json_get_text(in->frame->body, "reason"));
    return fact_add(act, FACT_ERASURE, body, &number); /* I6 */
}

/* Text and signatures of an agreement that concerns us both. */
static struct err receive_instrument(struct act *act, const struct incoming *in)
{
    const struct json *tree = json_get(in->frame->body, "tree");
    const struct json *signatures = json_get(in->frame->body, "signatures");
    struct text none = { NULL, 0 };
    struct text hash;
    struct rules_pin pin;
    if (tree == NULL || json_count(signatures) > SIGNATURES_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.bad-instrument", in->partner->code);
    struct err e = rules_pin(tree, act->clerk->config.member, act->arena, &pin);
    if (failed(e) || memcmp(pin.root, act->clerk->config.root_key, sizeof(pin.root)) != 0)
        return act_refuse(act, ERR_DENIED, "clerk.not-a-party", act->clerk->config.member);
    e = law_check(act, tree, signatures);
    if (!failed(e))
        e = add_receipt(act, in);
    if (!failed(e))
        e = law_put(act, tree, none, none, &hash);
    for (size_t i = 0; !failed(e) && i < json_count(signatures); i++) {
        bool added = false;
        e = law_event(act, hash, json_item_text(signatures, i), &added);
    }
    return e;
}

/* -- messages ----------------------------------------------------------------------------- */

/* The clause that the frame names lets them send this kind, as of then (I1). */
static struct err check_message(struct act *act, const struct incoming *in, const char *kind,
                                bool hit, bool reply)
{
    struct rules_basis basis = basis_of(in->frame);
    struct ruling ruling;
    struct rules_ask ask = { .from = in->partner->code,
                             .to = act->clerk->config.member,
                             .kind = hit ? text_literal(kind)
                                         : json_get_text(in->frame->body, "ask_form"),
                             .purpose = json_get_text(in->frame->body, "purpose"),
                             .basis_opt = hit ? &basis : NULL,
                             .reply = reply,
                             .as_of = in->frame->as_of };
    rules_may_ask(act->clerk->rules, &ask, &ruling);
    if (ruling.outcome == RULING_SHARE)
        return err_none();
    struct err e = rules_clause(act->clerk->rules, &basis, &ruling);
    return failed(e) ? e : act_refuse(act, ERR_DENIED, "clerk.no-clause", in->partner->code);
}

/* What a message may say, and nothing else: a fact's body becomes a row, whose state, story and
 * deadlines are ours. */
static struct json message_facts(struct act *act, const struct incoming *in, const char *side)
{
    static const char *const taken[] = { "hit", "ask", "record", "report", "urgent", "confirmed",
                                         "code", "text", "photo", "outcome", "question",
                                         "purpose", "answer", "answer_ms", "outcome_ms" };
    struct json body = json_object();
    struct json basis = json_object();
    json_take_all(act->arena, &body, in->frame->body, taken, sizeof(taken) / sizeof(taken[0]));
    json_set_text(act->arena, &basis, "agreement",
                  hex_format(act->arena, BYTES_OF(in->frame->basis.agreement.bytes)));
    json_set_integer(act->arena, &basis, "version", in->frame->basis.version);
    json_set_text(act->arena, &basis, "clause", in->frame->basis.clause);
    json_set(act->arena, &body, "side", json_literal(side));
    json_set_text(act->arena, &body, "partner", in->partner->code);
    json_set_text(act->arena, &body, "told_by", in->partner->code);
    json_set(act->arena, &body, "basis", basis);
    return body;
}

/* The id of a hit or question: 32 hex digits, as a peer's own draw makes them; it becomes a key. */
static struct err message_id(struct act *act, const struct incoming *in, const char *name,
                             struct row_key *out)
{
    uint8_t bits[MESSAGE_ID_LEN];
    struct text id = json_get_text(in->frame->body, name);
    if (failed(hex_parse(id, bits, sizeof(bits))))
        return act_refuse(act, ERR_INVALID, "clerk.bad-message", in->partner->code);
    *out = key_text(id);
    return err_none();
}

static bool clock_of(const struct json *body, const char *name)
{
    int64_t ms = 0;
    return json_get_integer(body, name, &ms) && ms >= INSTANT_MINUTE && ms <= CLOCK_MS_MAX;
}

static struct err receive_hit_report(struct act *act, const struct incoming *in)
{
    struct record_key key;
    struct row_key hit;
    struct json row;
    uint64_t number = 0;
    const struct json *body = in->frame->body;
    struct err e = check_message(act, in, "hit-report", true, false);
    if (!failed(e))
        e = message_id(act, in, "hit", &hit);
    if (failed(e))
        return e;
    e = record_key_of(act, json_get_text(body, "record"), &key);
    struct row_key row_key = failed(e) ? hit : key_record(&key);
    if (!failed(e))
        e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e) || !json_get_bool(&row, "own")) /* nobody's: refused, not waited for */
        return act_refuse(act, ERR_INVALID, "clerk.no-such-record", in->partner->code);
    if (row_exists(act, TABLE_HIT, &hit))
        return act_refuse(act, ERR_DENIED, "clerk.hit-known", in->partner->code); /* I4 */
    if (!clock_of(body, "answer_ms") || !clock_of(body, "outcome_ms"))
        return act_refuse(act, ERR_INVALID, "clerk.bad-message", in->partner->code);
    e = add_receipt(act, in);
    return failed(e) ? e
                     : fact_add(act, FACT_HIT_OPEN, message_facts(act, in, "owner"), &number);
}

static bool is_bool(const struct json *value_opt)
{
    return value_opt != NULL && (value_opt->kind == JSON_TRUE || value_opt->kind == JSON_FALSE);
}

/* The table of flow/hit.h allows the move now. */
static struct err check_move(struct act *act, const struct incoming *in, enum fact_kind kind,
                             const struct json *row)
{
    enum hit_state state = HIT_NONE;
    enum hit_event event = HIT_OUTCOME;
    const struct json *confirmed = json_get(in->frame->body, "confirmed");
    if (kind == FACT_HIT_ANSWER) {
        if (!is_bool(confirmed))
            return act_refuse(act, ERR_INVALID, "clerk.bad-message", in->partner->code);
        event = confirmed->kind == JSON_TRUE ? HIT_CONFIRM : HIT_DENY;
        const struct json *photo = json_get(in->frame->body, "photo");
        struct err bad = photo == NULL ? err_none() : photo_check(photo, act->arena);
        if (failed(bad))
            return act_refuse(act, ERR_INVALID, bad.rule, in->partner->code);
    }
    struct err e = hit_state_parse(json_get_text(row, "state"), &state);
    return failed(e) ? e : hit_step(state, event, &state);
}

/* An answer or an outcome about a hit that we share with this partner. */
static struct err receive_hit_move(struct act *act, const struct incoming *in,
                                   enum fact_kind kind, const char *side)
{
    struct json row;
    uint64_t number = 0;
    bool answer = kind == FACT_HIT_ANSWER;
    struct row_key hit;
    struct err e = check_message(act, in, answer ? "hit-answer" : "hit-report", true, false);
    if (!failed(e))
        e = message_id(act, in, "hit", &hit);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_HIT, &hit, &row);
    bool ours = !failed(e) && text_is(json_get_text(&row, "side"), side) &&
                text_equal(json_get_text(&row, "partner"), in->partner->code);
    if (!ours)
        return act_refuse(act, ERR_DENIED, "clerk.no-such-hit", in->partner->code);
    e = check_move(act, in, kind, &row);
    if (!failed(e))
        e = add_receipt(act, in);
    return failed(e) ? e : fact_add(act, kind, message_facts(act, in, side), &number);
}

static struct err receive_question(struct act *act, const struct incoming *in)
{
    uint64_t number = 0;
    struct row_key key;
    struct err e = check_message(act, in, "question", false, false);
    if (!failed(e))
        e = message_id(act, in, "ask", &key);
    if (failed(e))
        return e;
    if (row_exists(act, TABLE_ASK, &key))
        return act_refuse(act, ERR_INVALID, "clerk.bad-message", in->partner->code);
    e = add_receipt(act, in);
    if (failed(e))
        return e;
    struct json body = message_facts(act, in, "asked");
    json_set_text(act->arena, &body, "form", json_get_text(in->frame->body, "ask_form"));
    return fact_add(act, FACT_ASK_OPEN, body, &number);
}

static struct err receive_message(struct act *act, const struct incoming *in)
{
    struct text form = json_get_text(in->frame->body, "form");
    if (text_is(form, "hit-report"))
        return receive_hit_report(act, in);
    if (text_is(form, "hit-answer"))
        return receive_hit_move(act, in, FACT_HIT_ANSWER, "finder");
    if (text_is(form, "hit-outcome"))
        return receive_hit_move(act, in, FACT_HIT_OUTCOME, "owner");
    if (text_is(form, "question"))
        return receive_question(act, in);
    return receive_duty(act, in, form);
}

struct err receive_may(struct act *act, const struct incoming *in, const char *kind)
{
    return check_message(act, in, kind, true, false);
}

struct err receive_owner(struct act *act, const struct incoming *in, struct text id)
{
    return check_owner(act, in, id);
}

struct err receive_receipt(struct act *act, const struct incoming *in)
{
    return add_receipt(act, in);
}

struct err receive_frame(struct act *act, const struct incoming *in)
{
    switch (in->frame->kind) {
    case FRAME_RECORD:
        return receive_record(act, in);
    case FRAME_WITHDRAW:
    case FRAME_ERASURE:
        return receive_withdrawal(act, in);
    case FRAME_INSTRUMENT:
        return receive_instrument(act, in);
    case FRAME_MESSAGE:
        return receive_message(act, in);
    case FRAME_RELEASE:
    case FRAME_KEY:
    case FRAME_NONE:
    case FRAME_KINDS:
        break;
    }
    return act_refuse(act, ERR_INVALID, "clerk.unknown-form", in->partner->code);
}
