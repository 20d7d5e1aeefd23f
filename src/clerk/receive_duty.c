#include "clerk/receive_duty.h"

#include "clerk/apply.h"
#include "clerk/state.h"

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
    for (size_t i = 0; i < count; i++) {
        const struct json *value = json_get(duty->said, names[i]);
        if (value != NULL)
            json_set(duty->act->arena, &duty->body, names[i], *value);
    }
}

static struct err enter(struct duty *duty, enum fact_kind kind)
{
    uint64_t number = 0;
    struct err e = receive_receipt(duty->act, duty->in);
    json_set_text(duty->act->arena, &duty->body, "record", duty->record);
    return failed(e) ? e : fact_add(duty->act, kind, duty->body, &number);
}

static bool is_ours(struct duty *duty)
{
    struct record_id id;
    return !failed(record_id_parse(duty->record, &id)) &&
           member_code_equal(&id.owner, &duty->act->clerk->member);
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

struct err receive_duty(struct act *act, const struct incoming *in, struct text form)
{
    static const struct {
        const char *form;
        duty_handler *handler;
    } rows[] = {
        { "copy-erased", copy_erased },
        { "restriction", restriction },
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
