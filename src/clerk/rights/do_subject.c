/* Verbs about requests of the persons concerned: open, forward, answer, close. */
#include "clerk/record/apart.h"
#include "clerk/apply.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/subject.h"

enum { ID_BITS = 16 };

struct asked {
    struct text id;     /* of the request */
    struct json row;    /* TABLE_SUBJECT */
    struct text record; /* that this is about */
    struct record_key key;
    struct json held; /* TABLE_RECORD; JSON_NULL when it is gone */
};

static struct err missing(struct act *act, const char *pointer)
{
    return act_refuse(act, ERR_INVALID, "clerk.field-missing", text_literal(pointer));
}

/* -- open --------------------------------------------------------------------------------- */

static struct err check_records(struct act *act, const struct json *records, struct json *out)
{
    *out = json_array();
    if (json_count(records) > SUBJECT_RECORDS_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/records"));
    for (size_t i = 0; i < json_count(records); i++) {
        struct record_key key;
        struct json row;
        const struct json *one = json_item(records, i);
        struct text id = one->kind == JSON_STRING ? one->string : TEXT("");
        struct err e = record_key_of(act, id, &key);
        struct row_key row_key = key_record(&key);
        if (!failed(e))
            e = row_get(act, TABLE_RECORD, &row_key, &row);
        if (failed(e))
            return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
        json_push(act->arena, out, subject_record(act, id));
    }
    return err_none();
}

static struct err check_person(struct act *act, const struct json *body)
{
    const struct json *person = json_get(body, "person");
    struct text name = json_get_text(person, "name");
    struct text birth = json_get_text(person, "birth");
    struct date day;
    if (name.len == 0)
        return missing(act, "/person/name");
    if (name.len > SUBJECT_NAME_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/person/name"));
    if (birth.len > 0 && failed(date_parse(birth, &day)))
        return act_refuse(act, ERR_INVALID, "clerk.bad-date", TEXT("/person/birth"));
    if (json_get_text(body, "text").len > SUBJECT_TEXT_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/text"));
    return err_none();
}

/* {"kind","person":{"name","birth"},"language","text","received","records":[id,…]}. */
struct err do_subject_open(struct act *act, const struct command *command, struct json *body_out)
{
    const struct json *in = command->body;
    enum subject_kind kind;
    struct text id;
    struct date day;
    uint64_t number = 0;
    struct text received = json_get_text(in, "received");
    struct text language = json_get_text(in, "language");
    struct err e = subject_kind_parse(json_get_text(in, "kind"), &kind);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/kind"));
    e = check_person(act, in);
    if (!failed(e) && received.len > 0 && failed(date_parse(received, &day)))
        return act_refuse(act, ERR_INVALID, "clerk.bad-date", TEXT("/received"));
    struct json records;
    if (!failed(e))
        e = check_records(act, json_get(in, "records"), &records);
    if (!failed(e))
        e = act_draw_id(act, &id);
    if (failed(e))
        return e;
    struct instant since = received.len > 0 ? date_begin(day) : act->now;
    struct json body = json_object();
    struct json person = json_object();
    const struct json *said = json_get(in, "person");
    json_set_text(act->arena, &person, "name", json_get_text(said, "name"));
    if (json_get_text(said, "birth").len > 0)
        json_set_text(act->arena, &person, "birth", json_get_text(said, "birth"));
    json_set_text(act->arena, &body, "subject", id);
    json_set(act->arena, &body, "side", json_literal("desk"));
    json_set_text(act->arena, &body, "kind", json_get_text(in, "kind"));
    json_set(act->arena, &body, "person", person);
    json_set(act->arena, &body, "language", json_literal(text_is(language, "fr") ? "fr" : "en"));
    json_set_text(act->arena, &body, "text", json_get_text(in, "text"));
    json_set_text(act->arena, &body, "received", instant_format(act->arena, since));
    json_set(act->arena, &body, "records", records);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "subject", id);
    json_set_text(act->arena, body_out, "due",
                  instant_format(act->arena, subject_due(kind, since)));
    return fact_add(act, FACT_SUBJECT_OPEN, body, &number);
}

/* -- forward, answer, close --------------------------------------------------------------- */

/* The request of a command, not closed. */
static struct err find(struct act *act, const struct command *command, struct asked *out)
{
    *out = (struct asked){ .id = json_get_text(command->body, "subject"),
                           .held = json_null() };
    struct row_key key = key_text(text_slice(out->id, 0, 2 * ID_BITS));
    struct err e = out->id.len == 0 ? err_make(ERR_NOT_FOUND, "clerk.no-such-request")
                                    : row_get(act, TABLE_SUBJECT, &key, &out->row);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && json_get(&out->row, "kind") == NULL))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-request", out->id);
    if (!failed(e) && text_is(json_get_text(&out->row, "state"), "closed"))
        return act_refuse(act, ERR_CONFLICT, "clerk.request-closed", out->id);
    return e;
}

static bool by_owner(const struct asked *asked)
{
    return text_is(json_get_text(&asked->row, "side"), "owner");
}

/* The record: the one that a partner asks about, or the one that the command names. */
static struct err find_record(struct act *act, const struct command *command,
                              struct asked *asked)
{
    asked->record = json_get_text(by_owner(asked) ? &asked->row : command->body, "record");
    if (asked->record.len == 0)
        return missing(act, "/record");
    struct err e = record_key_of(act, asked->record, &asked->key);
    if (failed(e))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", asked->record);
    struct row_key key = key_record(&asked->key);
    e = row_get(act, TABLE_RECORD, &key, &asked->held);
    if (e.code == ERR_NOT_FOUND) {
        asked->held = json_null();
        return err_none();
    }
    return e;
}

struct err do_subject_forward(struct act *act, const struct command *command,
                              struct json *body_out)
{
    struct asked asked;
    struct ruling ruling;
    struct text forward;
    uint64_t number = 0;
    struct err e = find(act, command, &asked);
    if (!failed(e) && by_owner(&asked))
        return act_refuse(act, ERR_DENIED, "clerk.not-your-move", asked.id);
    if (!failed(e))
        e = find_record(act, command, &asked);
    if (failed(e))
        return e;
    const struct json *basis = json_get(&asked.held, "basis");
    struct text owner = json_get_text(&asked.held, "from");
    if (basis == NULL || owner.len == 0)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-copy", asked.record);
    struct rules_basis stated = { .clause = json_get_text(basis, "clause") };
    e = hex_parse(json_get_text(basis, "agreement"), stated.agreement.bytes, HASH_LEN);
    struct rules_ask ask = { .from = act->clerk->config.member, .to = owner,
                             .kind = TEXT("subject-request"), .basis_opt = &stated,
                             .as_of = act->now };
    if (failed(e))
        return e;
    rules_may_ask(act->clerk->rules, &ask, &ruling);
    if (ruling.outcome != RULING_SHARE)
        return act_refuse(act, ERR_DENIED, "clerk.no-clause", owner); /* I1 */
    e = act_draw_id(act, &forward);
    if (failed(e))
        return e;
    struct json body = json_object();
    json_set_text(act->arena, &body, "subject", asked.id);
    json_set_text(act->arena, &body, "record", asked.record);
    json_set_text(act->arena, &body, "forward", forward);
    json_set_text(act->arena, &body, "partner", owner);
    json_set(act->arena, &body, "basis", *basis);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "subject", asked.id);
    json_set_text(act->arena, body_out, "partner", owner);
    return fact_add(act, FACT_SUBJECT_FORWARD, body, &number);
}

/* A correction is granted by having been made: a newer version, or nothing left. */
static bool corrected(const struct asked *asked)
{
    const struct json *items = json_get(&asked->row, "records");
    int64_t version = 0;
    int64_t before = 0;
    if (json_get(&asked->held, "record") == NULL)
        return true;
    (void)json_get_integer(&asked->held, "version", &version);
    for (uint32_t i = 0; i < json_count(items); i++) {
        if (text_equal(items->members[i].name, asked->record))
            (void)json_get_integer(&items->members[i].value, "version", &before);
    }
    return version > before;
}

/* What granting means for our own record. */
static struct err carry_out(struct act *act, const struct asked *asked, enum subject_kind kind)
{
    uint64_t number = 0;
    if (kind == SUBJECT_CORRECTION && !corrected(asked))
        return act_refuse(act, ERR_CONFLICT, "subject.not-corrected", asked->record);
    if (json_get(&asked->held, "record") == NULL)
        return err_none();
    if (kind == SUBJECT_ERASURE) {
        if (json_get(&asked->held, "hold") != NULL)
            return act_refuse(act, ERR_CONFLICT, "clerk.held", asked->record);
        return record_erase(act, &asked->key, &asked->held, TEXT("subject-request"), &number);
    }
    if (kind != SUBJECT_RESTRICTION || json_get(&asked->held, "restricted") != NULL)
        return err_none();
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", asked->record);
    json_set(act->arena, &body, "restricted", json_bool(true));
    json_set(act->arena, &body, "ground", json_literal("subject-request"));
    return fact_add(act, FACT_RECORD_RESTRICT, body, &number);
}

/* {"subject","record","outcome","ground","text"}: what is granted is done by the same command. */
struct err do_subject_answer(struct act *act, const struct command *command,
                             struct json *body_out)
{
    static const char *const taken[] = { "outcome", "ground", "text" };
    struct asked asked;
    enum subject_kind kind;
    enum subject_outcome outcome;
    uint64_t number = 0;
    struct err e = find(act, command, &asked);
    if (failed(e))
        return e;
    e = subject_answer_check(json_get_text(command->body, "outcome"),
                             json_get_text(command->body, "ground"), &outcome);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/outcome"));
    if (json_get_text(command->body, "text").len > SUBJECT_TEXT_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/text"));
    e = find_record(act, command, &asked);
    if (!failed(e))
        e = subject_kind_parse(json_get_text(&asked.row, "kind"), &kind);
    if (failed(e))
        return e;
    if (asked.held.kind == JSON_NULL)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", asked.record);
    if (!json_get_bool(&asked.held, "own"))
        return act_refuse(act, ERR_DENIED, "subject.owner-answers", asked.record); /* I2 */
    if (outcome == SUBJECT_GRANTED)
        e = carry_out(act, &asked, kind);
    if (failed(e))
        return e;
    struct json body = json_object();
    json_set_text(act->arena, &body, "subject", asked.id);
    json_set_text(act->arena, &body, "record", asked.record);
    json_take_all(act->arena, &body, command->body, taken, sizeof(taken) / sizeof(taken[0]));
    *body_out = json_object();
    json_set_text(act->arena, body_out, "subject", asked.id);
    json_set_text(act->arena, body_out, "record", asked.record);
    return fact_add(act, FACT_SUBJECT_ANSWER, body, &number);
}

/* {"subject","ground"}: every record has its answer; the ground is for a request about nothing that
 * we may speak of. */
struct err do_subject_close(struct act *act, const struct command *command, struct json *body_out)
{
    struct asked asked;
    uint64_t number = 0;
    struct text ground = json_get_text(command->body, "ground");
    struct err e = find(act, command, &asked);
    if (failed(e))
        return e;
    if (by_owner(&asked))
        return act_refuse(act, ERR_DENIED, "clerk.not-your-move", asked.id);
    if (ground.len > 0 && code_find(CODE_GROUND, ground) < 0)
        return act_refuse(act, ERR_INVALID, "subject.unknown-ground", TEXT("/ground"));
    if (!text_is(json_get_text(&asked.row, "state"), "answered"))
        return act_refuse(act, ERR_CONFLICT, "subject.not-answered", asked.id);
    struct json body = json_object();
    json_set_text(act->arena, &body, "subject", asked.id);
    if (ground.len > 0)
        json_set_text(act->arena, &body, "ground", ground);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "subject", asked.id);
    json_set(act->arena, body_out, "state", json_literal("closed"));
    return fact_add(act, FACT_SUBJECT_CLOSE, body, &number);
}
