#include "clerk/exchange/receive_duty.h"

#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/subject.h"

struct duty {
    struct act *act;
    const struct incoming *in;
    const struct json *said; /* body of the message */
    struct text record;
    struct json body; /* of the fact */
};

typedef struct err duty_handler(struct duty *duty);

static struct err bad(struct duty *duty)
{
    return act_refuse(duty->act, ERR_INVALID, "clerk.bad-message", duty->in->partner->code);
}

/* Members of the message that the fact repeats. */
static void take(struct duty *duty, const char *const *names, size_t count)
{
    json_take_all(duty->act->arena, &duty->body, duty->said, names, count);
}

static struct err enter(struct duty *duty, enum fact_kind kind)
{
    uint64_t number = 0;
    struct err e = receive_receipt(duty->act, duty->in);
    json_set_text(duty->act->arena, &duty->body, "record", duty->record);
    return failed(e) ? e : fact_add(duty->act, kind, duty->body, &number);
}

/* A record of ours that this partner holds, or held: of any other it may say nothing, and whether
 * there is one it does not learn (I7, I8). */
static bool is_ours(struct duty *duty)
{
    struct record_id id;
    struct record_key record;
    struct row_key key = key_text(duty->in->partner->code);
    if (failed(record_id_parse(duty->record, &id)) ||
        !member_code_equal(&id.owner, &duty->act->clerk->member) ||
        failed(record_key_of(duty->act, duty->record, &record)))
        return false;
    key_add_u8(&key, 0);
    key_add(&key, BYTES_OF(record.bytes));
    return row_exists(duty->act, TABLE_SHARED, &key);
}

/* A partner has erased its copy of a record of ours. */
static struct err copy_erased(struct duty *duty)
{
    static const char *const names[] = { "reason", "version" };
    int64_t version = 0;
    if (!is_ours(duty) || !json_get_integer(duty->said, "version", &version))
        return bad(duty);
    take(duty, names, 2);
    json_set_text(duty->act->arena, &duty->body, "partner", duty->in->partner->code);
    return enter(duty, FACT_COPY_ERASED);
}

/* The owner restricts what we hold of it, or lifts that. */
static struct err restriction(struct duty *duty)
{
    static const char *const names[] = { "restricted", "ground" };
    const struct json *on = json_get(duty->said, "restricted");
    struct err e = receive_owner(duty->act, duty->in, duty->record);
    if (failed(e))
        return e;
    if (on == NULL || (on->kind != JSON_TRUE && on->kind != JSON_FALSE))
        return bad(duty);
    take(duty, names, 2);
    json_set_text(duty->act->arena, &duty->body, "told_by", duty->in->partner->code);
    return enter(duty, FACT_RECORD_RESTRICT);
}

/* What says it as the feed told it; the key of a row, so its form is checked. */
static bool is_id(const struct json *said, const char *name)
{
    uint8_t bits[16];
    return !failed(hex_parse(json_get_text(said, name), bits, sizeof(bits)));
}

static void add_basis(struct duty *duty)
{
    const struct frame *frame = duty->in->frame;
    struct arena *arena = duty->act->arena;
    struct json basis = json_object();
    json_set_text(arena, &basis, "agreement",
                  hex_format(arena, BYTES_OF(frame->basis.agreement.bytes)));
    json_set_integer(arena, &basis, "version", frame->basis.version);
    json_set_text(arena, &basis, "clause", frame->basis.clause);
    json_set(arena, &duty->body, "basis", basis);
}

static bool texts_fit(struct duty *duty)
{
    return json_get_text(duty->said, "text").len <= SUBJECT_TEXT_MAX;
}

/* The owner says that what it sent is wrong. */
static struct err inaccuracy(struct duty *duty)
{
    static const char *const names[] = { "note", "version", "statement", "ground", "text" };
    int64_t version = 0;
    struct err e = receive_owner(duty->act, duty->in, duty->record);
    if (failed(e))
        return e;
    if (!is_id(duty->said, "note") || !json_get_integer(duty->said, "version", &version) ||
        code_find(CODE_GROUND, json_get_text(duty->said, "ground")) < 0 || !texts_fit(duty))
        return bad(duty);
    take(duty, names, sizeof(names) / sizeof(names[0]));
    add_basis(duty);
    json_set_text(duty->act->arena, &duty->body, "told_by", duty->in->partner->code);
    return enter(duty, FACT_INACCURACY);
}

static struct err inaccuracy_known(struct duty *duty)
{
    static const char *const names[] = { "note" };
    if (!is_ours(duty) || !is_id(duty->said, "note"))
        return bad(duty);
    take(duty, names, 1);
    json_set_text(duty->act->arena, &duty->body, "partner", duty->in->partner->code);
    return enter(duty, FACT_INACCURACY_KNOWN);
}

static struct err use_report(struct duty *duty)
{
    static const char *const names[] = { "at", "used_for", "unit" };
    struct instant at;
    if (!is_ours(duty) || failed(instant_parse(json_get_text(duty->said, "at"), &at)) ||
        !slug_valid(json_get_text(duty->said, "unit")) ||
        code_find(CODE_PURPOSE, json_get_text(duty->said, "used_for")) < 0)
        return bad(duty);
    take(duty, names, sizeof(names) / sizeof(names[0]));
    json_set_text(duty->act->arena, &duty->body, "partner", duty->in->partner->code);
    return enter(duty, FACT_USE_REPORT);
}

static struct err request_row(struct duty *duty, struct json *out)
{
    struct row_key key = key_text(json_get_text(duty->said, "subject"));
    return row_get(duty->act, TABLE_SUBJECT, &key, out);
}

/* A partner forwards what a person asks about a copy of a record of ours. */
static struct err subject_request(struct duty *duty)
{
    static const char *const names[] = { "subject", "text" };
    struct arena *arena = duty->act->arena;
    enum subject_kind kind;
    struct json known;
    struct json records = json_array();
    struct text request = json_get_text(duty->said, "request");
    if (!is_ours(duty) || !is_id(duty->said, "subject") || !texts_fit(duty) ||
        failed(subject_kind_parse(request, &kind)) || !failed(request_row(duty, &known)))
        return bad(duty);
    take(duty, names, 2);
    add_basis(duty);
    json_push(arena, &records, subject_record(duty->act, duty->record));
    json_set(arena, &duty->body, "side", json_literal("owner"));
    json_set_text(arena, &duty->body, "kind", request);
    json_set_text(arena, &duty->body, "partner", duty->in->partner->code);
    json_set(arena, &duty->body, "records", records);
    json_set_text(arena, &duty->body, "received", instant_format(arena, duty->act->now));
    return enter(duty, FACT_SUBJECT_OPEN);
}

/* The owner's answer to what we forwarded. */
static struct err subject_answer(struct duty *duty)
{
    static const char *const names[] = { "outcome", "ground", "text", "version" };
    struct json forwarded;
    struct row_key key;
    struct json row;
    enum subject_outcome outcome;
    struct err e = receive_owner(duty->act, duty->in, duty->record);
    if (failed(e))
        return e;
    if (!is_id(duty->said, "subject") || !texts_fit(duty) ||
        failed(request_row(duty, &forwarded)) ||
        !text_equal(json_get_text(&forwarded, "partner"), duty->in->partner->code) ||
        !text_equal(json_get_text(&forwarded, "record"), duty->record) ||
        failed(subject_answer_check(json_get_text(duty->said, "outcome"),
                                    json_get_text(duty->said, "ground"), &outcome)))
        return bad(duty);
    key = key_text(json_get_text(&forwarded, "of"));
    e = row_get(duty->act, TABLE_SUBJECT, &key, &row);
    if (failed(e) || text_is(json_get_text(&row, "state"), "closed"))
        return bad(duty);
    take(duty, names, sizeof(names) / sizeof(names[0]));
    json_set_text(duty->act->arena, &duty->body, "subject", json_get_text(&forwarded, "of"));
    json_set_text(duty->act->arena, &duty->body, "told_by", duty->in->partner->code);
    return enter(duty, FACT_SUBJECT_ANSWER);
}

struct err receive_duty(struct act *act, const struct incoming *in, struct text form)
{
    static const struct {
        const char *form;
        duty_handler *handler;
    } rows[] = {
        { "copy-erased", copy_erased },
        { "restriction", restriction },
        { "inaccuracy", inaccuracy },
        { "inaccuracy-known", inaccuracy_known },
        { "use-report", use_report },
        { "subject-request", subject_request },
        { "subject-answer", subject_answer },
    };
    struct duty duty = { .act = act, .in = in, .said = in->frame->body,
                         .record = frame_subject(in->frame), .body = json_object() };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!text_is(form, rows[i].form))
            continue;
        struct record_id id;
        if (failed(record_id_parse(duty.record, &id)))
            return bad(&duty);
        struct err e = receive_may(act, in, rows[i].form);
        return failed(e) ? e : rows[i].handler(&duty);
    }
    return act_refuse(act, ERR_INVALID, "clerk.unknown-form", in->partner->code);
}
