/* Verbs about records: put, withdraw, erase; notes; effects; imports. */
#include <assert.h>

#include "clerk/record/apart.h"
#include "clerk/apply.h"
#include "catalogue/entry.h"
#include "clerk/record/standing.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "model/effect.h"
#include "model/note.h"

/* What is wrong with a document, for the reply: [{"pointer","rule","severity","correction"}]. */
static struct json findings_json(struct arena *arena, const struct findings *findings)
{
    struct json list = json_array();
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        struct json one = json_object();
        bool error = finding->severity == SEVERITY_ERROR;
        json_set_text(arena, &one, "pointer", finding->pointer);
        json_set(arena, &one, "rule", json_literal(finding->rule));
        json_set(arena, &one, "severity", json_literal(error ? "error" : "warning"));
        if (finding->correction.len > 0)
            json_set_text(arena, &one, "correction", finding->correction);
        json_push(arena, &list, one);
    }
    return list;
}

static struct err new_id(struct act *act, struct text owner, struct text *out)
{
    struct record_id id;
    struct err e = member_code_parse(owner, &id.owner);
    if (failed(e))
        return e;
    chance_draw(act->chance, id.bits, sizeof(id.bits));
    *out = record_id_format(&id, act->arena);
    return err_none();
}

struct draft {
    struct json json;
    struct record record;
    struct findings *findings;
};

/* The record of a command, given an id when it has none, and parsed. The first error's place is
 * the subject of a refusal. */
static struct err draft_parse(struct act *act, const struct json *in, struct draft *out)
{
    if (in == NULL || in->kind != JSON_OBJECT)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/record"));
    out->json = json_copy(act->arena, in);
    if (json_get(in, "id") == NULL) {
        struct text id;
        struct err e = new_id(act, act->clerk->config.member, &id);
        if (failed(e))
            return e;
        json_set_text(act->arena, &out->json, "id", id);
    }
    out->findings = ARENA_NEW(act->arena, struct findings);
    if (out->findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(out->findings, act->arena);
    const struct edition *edition = clerk_edition(act->clerk);
    catalogue_fill(edition, act->arena, &out->json);
    struct err e = record_parse(&out->json, act->arena, out->findings, &out->record);
    if (!failed(e))
        catalogue_check(edition, &out->record, act->now, out->findings);
    for (size_t i = 0; i < out->findings->count; i++) {
        const struct finding *finding = &out->findings->list[i];
        if (finding->severity == SEVERITY_ERROR)
            return act_refuse(act, ERR_INVALID, finding->rule, finding->pointer);
    }
    return e;
}

/* The row as it stands; JSON_NULL when there is none. */
static struct err current_row(struct act *act, struct text id, struct record_key *key_out,
                              struct json *row_out)
{
    struct err e = record_key_of(act, id, key_out);
    if (failed(e))
        return e;
    struct row_key key = key_record(key_out);
    e = row_get(act, TABLE_RECORD, &key, row_out);
    if (e.code != ERR_NOT_FOUND)
        return e;
    *row_out = json_null();
    return err_none();
}

static struct err check_version(struct act *act, const struct command *command,
                                const struct json *row, int64_t *version_out)
{
    int64_t expected = 0;
    *version_out = 0;
    (void)json_get_integer(row, "version", version_out);
    if (!json_get_integer(command->body, "expected_version", &expected))
        return err_none();
    if (expected != *version_out)
        return act_refuse(act, ERR_CONFLICT, "clerk.version-moved", TEXT("/expected_version"));
    return err_none();
}

static void record_reply(struct act *act, const struct draft *draft, int64_t version,
                         const char *result, struct json *out)
{
    *out = json_object();
    json_set_text(act->arena, out, "id", draft->record.id_text);
    json_set_integer(act->arena, out, "version", version);
    json_set(act->arena, out, "result", json_literal(result));
    json_set(act->arena, out, "findings", findings_json(act->arena, draft->findings));
}

static bool unchanged(const struct json *row, const struct json *record,
                      const struct json *waiting)
{
    const struct json *old = json_get(row, "record");
    const struct json *before = json_get(row, "waiting");
    bool alike = before == NULL ? json_count(waiting) == 0 : json_equal(before, waiting);
    return old != NULL && alike && json_equal(old, record);
}

struct err do_record_put(struct act *act, const struct command *command, struct json *body_out)
{
    struct draft draft;
    struct record_key key;
    struct json row;
    int64_t version = 0;
    struct err e = draft_parse(act, json_get(command->body, "record"), &draft);
    if (failed(e))
        return e;
    enum classification ceiling = act->clerk->config.ceiling;
    if (ceiling != CLASSIFICATION_UNCLASSIFIED && draft.record.classification > ceiling)
        return act_refuse(act, ERR_DENIED, "clerk.above-ceiling", draft.record.id_text);
    if (!member_code_equal(&draft.record.owner, &act->clerk->member)) /* I2 */
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", draft.record.id_text);
    e = current_row(act, draft.record.id_text, &key, &row);
    if (failed(e))
        return e;
    e = check_version(act, command, &row, &version);
    if (failed(e))
        return e;
    if (json_get_bool(&row, "erased"))
        return act_refuse(act, ERR_CONFLICT, "clerk.erased", draft.record.id_text); /* I6 */
    if (json_get(&row, "hold") != NULL)
        return act_refuse(act, ERR_CONFLICT, "clerk.held", draft.record.id_text);
    struct standing_draft standing = {
        .json = &draft.json,
        .record = &draft.record,
        .row = &row,
        .consulted = json_get_text(command->body, "consulted"),
        .findings = draft.findings,
    };
    struct json whole = draft.json; /* with the alerts that will wait */
    draft.record.json = &whole;
    e = standing_judge(act, &key, &standing);
    if (failed(e))
        return e;
    bool same = unchanged(&row, &draft.json, &standing.waiting);
    record_reply(act, &draft, same ? version : version + 1,
                 same ? "unchanged" : version == 0 ? "created" : "changed", body_out);
    if (same || json_get_bool(command->body, "dry_run"))
        return err_none();
    struct json body = json_object();
    uint64_t number = 0;
    json_set(act->arena, &body, "record", draft.json);
    json_set_integer(act->arena, &body, "version", version + 1);
    if (json_count(&standing.waiting) > 0)
        json_set(act->arena, &body, "waiting", standing.waiting);
    if (standing.consulted.len > 0)
        json_set_text(act->arena, &body, "consulted", standing.consulted);
    e = fact_add(act, FACT_RECORD_PUT, body, &number);
    json_set_integer(act->arena, body_out, "entry", (int64_t)number);
    return e;
}

/* Our own record that is alive. */
static struct err own_row(struct act *act, const struct command *command, struct text *id_out,
                          struct json *row_out)
{
    struct record_key key;
    *id_out = json_get_text(command->body, "record");
    struct err e = current_row(act, *id_out, &key, row_out);
    if (failed(e))
        return e;
    if (json_get(row_out, "record") == NULL)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", *id_out);
    if (!json_get_bool(row_out, "own"))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", *id_out); /* I2 */
    if (json_get(row_out, "hold") != NULL)
        return act_refuse(act, ERR_CONFLICT, "clerk.held", *id_out);
    return err_none();
}

static void id_reply(struct act *act, struct text id, const char *result, uint64_t number,
                     struct json *out)
{
    *out = json_object();
    json_set_text(act->arena, out, "id", id);
    json_set(act->arena, out, "result", json_literal(result));
    json_set_integer(act->arena, out, "entry", (int64_t)number);
}

struct err do_record_withdraw(struct act *act, const struct command *command,
                              struct json *body_out)
{
    struct text id;
    struct json row;
    int64_t version = 0;
    struct err e = own_row(act, command, &id, &row);
    if (failed(e))
        return e;
    e = check_version(act, command, &row, &version);
    if (failed(e))
        return e;
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "record", id);
    json_set_integer(act->arena, &body, "version", version + 1);
    json_set_text(act->arena, &body, "reason", json_get_text(command->body, "reason"));
    e = fact_add(act, FACT_RECORD_WITHDRAW, body, &number);
    id_reply(act, id, "withdrawn", number, body_out);
    return e;
}

struct err do_record_erase(struct act *act, const struct command *command, struct json *body_out)
{
    struct text id = json_get_text(command->body, "record");
    struct record_key key;
    struct json row;
    struct err e = current_row(act, id, &key, &row);
    if (failed(e))
        return e;
    if (row.kind == JSON_NULL || json_get_bool(&row, "erased"))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    struct text reason = json_get_text(command->body, "reason");
    if (reason.len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/reason"));
    if (json_get(&row, "hold") != NULL)
        return act_refuse(act, ERR_CONFLICT, "clerk.held", id);
    uint64_t number = 0;
    e = record_erase(act, &key, &row, reason, &number);
    id_reply(act, id, "erased", number, body_out);
    return e;
}

struct err do_note_put(struct act *act, const struct command *command, struct json *body_out)
{
    struct note note;
    struct record_key key;
    struct json row;
    struct json body = json_copy(act->arena, command->body);
    if (json_get(&body, "note") == NULL) {
        uint8_t bits[8];
        chance_draw(act->chance, bits, sizeof(bits));
        json_set_text(act->arena, &body, "note", hex_format(act->arena, BYTES_OF(bits)));
    }
    struct err e = note_parse(&body, act->arena, &note);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/"));
    struct text id = json_get_text(&body, "record");
    e = current_row(act, id, &key, &row);
    if (failed(e))
        return e;
    if (json_get(&row, "record") == NULL)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    uint64_t number = 0;
    e = fact_add(act, FACT_NOTE_PUT, body, &number);
    if (failed(e))
        return e;
    id_reply(act, id, "noted", number, body_out);
    return err_none();
}

/* The edition may permit no flag on such an alert, or one with another effect. */
static struct err flag_check(struct act *act, const struct json *record,
                             const struct effect *effect)
{
    const struct json *alerts = json_get(record, "alerts");
    int kind = code_find(CODE_KIND, json_get_text(record, "kind"));
    for (size_t i = 0; kind >= 0 && i < json_count(alerts); i++) {
        const struct json *alert = json_item(alerts, i);
        if (!text_equal(json_get_text(alert, "id"), effect->alert))
            continue;
        int category = code_find(CODE_CATEGORY, json_get_text(alert, "category"));
        const char *rule =
            catalogue_flag(clerk_edition(act->clerk), category, (enum record_kind)kind,
                           (int)effect->kind, effect->reduced_to.number);
        if (rule != NULL)
            return act_refuse(act, ERR_CONFLICT, rule, TEXT("/effect"));
    }
    return err_none();
}

struct err do_effect_set(struct act *act, const struct command *command, struct json *body_out)
{
    struct effect effect;
    struct record_key key;
    struct json row;
    struct json body = json_copy(act->arena, command->body);
    struct json officer = json_object();
    json_set_text(act->arena, &officer, "unit", act->by->who.unit);
    json_set_text(act->arena, &officer, "user", act->by->who.user);
    json_set(act->arena, &body, "officer", officer);
    struct err e = effect_parse(&body, &effect);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/"));
    struct text id = json_get_text(&body, "record");
    e = current_row(act, id, &key, &row);
    if (failed(e))
        return e;
    if (json_get(&row, "from") == NULL)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    e = flag_check(act, json_get(&row, "record"), &effect);
    if (failed(e))
        return e;
    uint64_t number = 0;
    e = fact_add(act, FACT_EFFECT_SET, body, &number);
    id_reply(act, id, "set", number, body_out);
    return e;
}
