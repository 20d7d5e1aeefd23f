/* Verbs of an import: a public list is a source with a code of its own, held here and never sent
 * (its records are nobody's own). One command an entry; the run's account is a fact at its end. */
#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/encode.h"

static struct err source_code(struct act *act, const struct json *body, struct text *out)
{
    struct member_code code;
    struct text source = json_get_text(body, "source");
    struct err e = member_code_parse(source, &code);
    if (failed(e) || !member_code_is_private(&code))
        return act_refuse(act, ERR_INVALID, "clerk.bad-source", TEXT("/source"));
    struct row_key partner = key_text(source);
    if (row_exists(act, TABLE_PARTNER, &partner))
        return act_refuse(act, ERR_CONFLICT, "clerk.source-is-partner", source);
    *out = source;
    return err_none();
}

static struct err parse_entry(struct act *act, const struct json *in, struct text source,
                              struct record *out)
{
    struct findings *findings = ARENA_NEW(act->arena, struct findings);
    if (findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (in == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/record"));
    findings_init(findings, act->arena);
    struct err e = record_parse(in, act->arena, findings, out);
    for (size_t i = 0; failed(e) && i < findings->count; i++) {
        if (findings->list[i].severity == SEVERITY_ERROR)
            return act_refuse(act, ERR_INVALID, findings->list[i].rule,
                              findings->list[i].pointer);
    }
    if (failed(e))
        return e;
    if (!text_equal(member_code_text(&out->owner), source))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", out->id_text);
    return err_none();
}

static struct text content_hash(struct act *act, const struct json *record)
{
    struct bytes bytes = { NULL, 0 };
    if (failed(json_format(record, act->arena, &bytes)))
        return (struct text){ NULL, 0 };
    struct hash hash = hash_of(bytes);
    return hex_format(act->arena, BYTES_OF(hash.bytes));
}

static void entry_reply(struct act *act, struct text id, const char *result, struct json *out)
{
    *out = json_object();
    json_set_text(act->arena, out, "id", id);
    json_set(act->arena, out, "result", json_literal(result));
}

struct err do_import_record(struct act *act, const struct command *command,
                            struct json *body_out)
{
    struct text source;
    struct record record;
    struct record_key key;
    struct json row;
    const struct json *draft = json_get(command->body, "record");
    struct err e = source_code(act, command->body, &source);
    if (failed(e))
        return e;
    e = parse_entry(act, draft, source, &record);
    if (failed(e))
        return e;
    e = record_key_of(act, record.id_text, &key);
    if (failed(e))
        return e;
    struct row_key row_key = key_record(&key);
    e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    bool known = !failed(e);
    struct text hash = content_hash(act, draft);
    if (known && text_equal(json_get_text(&row, "hash"), hash)) {
        entry_reply(act, record.id_text, "unchanged", body_out);
        return err_none();
    }
    entry_reply(act, record.id_text, known ? "changed" : "created", body_out);
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "source", source);
    json_set_text(act->arena, &body, "hash", hash);
    json_set(act->arena, &body, "record", *draft);
    return fact_add(act, FACT_SOURCE_PUT, body, &number);
}

struct err do_import_withdraw(struct act *act, const struct command *command,
                              struct json *body_out)
{
    struct text source;
    struct record_key key;
    struct text id = json_get_text(command->body, "record");
    struct err e = source_code(act, command->body, &source);
    if (failed(e))
        return e;
    e = record_key_of(act, id, &key);
    if (failed(e))
        return e;
    struct row_key row_key = key_record(&key);
    struct json row;
    e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e) || !text_equal(json_get_text(&row, "source"), source))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    entry_reply(act, id, "withdrawn", body_out);
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "source", source);
    json_set_text(act->arena, &body, "record", id);
    json_set(act->arena, &body, "own", json_bool(false));
    json_set(act->arena, &body, "reason", json_literal("delisted"));
    e = fact_add(act, FACT_SOURCE_WITHDRAW, body, &number);
    return failed(e) ? e : fact_add(act, FACT_ERASURE, body, &number);
}

struct err do_import_run(struct act *act, const struct command *command, struct json *body_out)
{
    struct text source;
    uint64_t number = 0;
    struct err e = source_code(act, command->body, &source);
    if (failed(e))
        return e;
    struct json body = json_copy(act->arena, command->body);
    json_set_text(act->arena, &body, "at", instant_format(act->arena, act->now));
    *body_out = json_object();
    json_set(act->arena, body_out, "result", json_literal("noted"));
    return fact_add(act, FACT_IMPORT_RUN, body, &number);
}
