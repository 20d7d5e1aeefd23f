#include "import/run.h"
#include "import/values.h"
#include "model/mrz.h"

struct reading {
    const struct mrz_origin *origin;
    struct arena *arena;
    struct json statements;
};

static void say(struct reading *r, const char *attribute, struct json value)
{
    struct json source = json_object();
    json_set_text(r->arena, &source, "unit", r->origin->unit);
    json_set_text(r->arena, &source, "reference", r->origin->reference);
    (void)draft_statement(r->arena, &r->statements, attribute, source, value);
}

static void push_part(struct reading *r, struct json *parts, const char *type, struct text text)
{
    struct json part = json_object();
    if (text.len == 0)
        return;
    json_set(r->arena, &part, "type", json_literal(type));
    json_set_text(r->arena, &part, "text", text);
    json_push(r->arena, parts, part);
}

static void say_name(struct reading *r, const struct mrz *mrz)
{
    const struct text names[] = { mrz->surname, mrz->given };
    struct json value = json_object();
    struct json parts = json_array();
    push_part(r, &parts, "surname", mrz->surname);
    push_part(r, &parts, "given", mrz->given);
    if (json_count(&parts) == 0)
        return;
    json_set_text(r->arena, &value, "full", value_list(r->arena, names, 2, TEXT(" ")));
    json_set(r->arena, &value, "parts", parts);
    say(r, "name", value);
}

static struct json when_json(struct reading *r, const struct when *when)
{
    const struct code_row *row = code_row(CODE_WHEN_QUALITY, (size_t)when->quality);
    return value_when(r->arena, when->written, when->from, when->to, row->code);
}

static const char *document_type(const struct mrz *mrz)
{
    char first = mrz->kind.len > 0 ? mrz->kind.data[0] : ' ';
    return first == 'P' ? "passport" : first == 'V' ? "visa" : "identity-card";
}

static void say_document(struct reading *r, const struct mrz *mrz, struct text zone)
{
    struct json value = json_object();
    struct when expiry = mrz_expiry(mrz, r->origin->today);
    json_set(r->arena, &value, "type", json_literal(document_type(mrz)));
    if (mrz->number.len > 0)
        json_set_text(r->arena, &value, "number", mrz->number);
    if (mrz->issuer.len > 0)
        json_set_text(r->arena, &value, "country", mrz->issuer);
    if (mrz->expiry.len > 0)
        json_set(r->arena, &value, "expires", when_json(r, &expiry));
    json_set_text(r->arena, &value, "mrz", zone);
    say(r, "document", value);
}

static void say_all(struct reading *r, const struct mrz *mrz, struct text zone)
{
    struct json country = json_object();
    struct json sex = json_object();
    struct when birth = mrz_birth(mrz, r->origin->today);
    say_name(r, mrz);
    say(r, "birth-date", when_json(r, &birth));
    json_set(r->arena, &sex, "code",
             json_literal(mrz->sex == 'F'   ? "F"
                          : mrz->sex == 'M' ? "M"
                                            : "U"));
    say(r, "sex", sex);
    if (mrz->nationality.len > 0) {
        json_set_text(r->arena, &country, "country", mrz->nationality);
        say(r, "nationality", country);
    }
    say_document(r, mrz, zone);
}

struct err import_mrz(struct text in, const struct mrz_origin *origin, struct arena *arena,
                      struct findings *findings, struct json *out)
{
    struct reading r = { .origin = origin, .arena = arena, .statements = json_array() };
    struct mrz mrz;
    struct err e = mrz_parse(in, arena, &mrz);
    if (failed(e))
        return e;
    mrz_report(&mrz, findings);
    say_all(&r, &mrz, text_trim(in));
    struct json draft = draft_begin(arena, &origin->id, origin->unit, "person");
    json_set(arena, &draft, "statements", r.statements);
    json_set(arena, &draft, "alerts", json_array());
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = draft;
    return err_none();
}
