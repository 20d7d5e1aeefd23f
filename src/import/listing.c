#include "import/listing.h"

#include <assert.h>

enum { REASON_MAX = 2000, DECISION_TEXT_MAX = 1000, IDENTIFIER_MAX = 200 };

struct json *listing_say(struct listing *l, const char *attribute, struct json value)
{
    struct json source = json_object();
    json_set_text(l->arena, &source, "unit", l->run->host->unit);
    const struct text said[] = { l->reference, l->act };
    json_set_text(l->arena, &source, "reference", value_list(l->arena, said, 2, TEXT("; ")));
    if (l->collected.len > 0)
        json_set_text(l->arena, &source, "collected", l->collected);
    return draft_statement(l->arena, &l->statements, attribute, source, value);
}

void listing_set(struct listing *l, struct json *value, const char *name, struct text text)
{
    if (text.len > 0)
        json_set_text(l->arena, value, name, text);
}

void listing_text(struct listing *l, const char *attribute, struct text text)
{
    struct json value = json_object();
    if (text.len == 0)
        return;
    json_set_text(l->arena, &value, "text", value_cut(text, LISTING_TEXT_MAX));
    listing_say(l, attribute, value);
}

void listing_remark(struct listing *l, struct text label, struct text text)
{
    const struct text parts[] = { label, text };
    if (text.len > 0)
        listing_text(l, "remark", value_list(l->arena, parts, 2, TEXT(": ")));
}

bool listing_applies(const struct listing *l, const char *attribute)
{
    int number = attribute_find(text_literal(attribute));
    assert(number >= 0);
    return attribute_applies((size_t)number, l->kind);
}

void listing_number(struct listing *l, const char *attribute, struct text number,
                    struct text country)
{
    struct json value = json_object();
    if (number.len == 0)
        return;
    if (number.len > IDENTIFIER_MAX) {
        listing_remark(l, text_literal(attribute), number);
        return;
    }
    json_set_text(l->arena, &value, "number", number);
    listing_set(l, &value, "country", country);
    listing_say(l, listing_applies(l, attribute) ? attribute : "reference", value);
}

void listing_reference(struct listing *l, struct text number)
{
    struct json value = json_object();
    if (number.len == 0)
        return;
    json_set_text(l->arena, &value, "number", number);
    json_set(l->arena, &value, "issuer", json_literal(l->authority));
    listing_say(l, "reference", value);
}

void listing_country(struct listing *l, const char *attribute, struct text country)
{
    struct json value = json_object();
    if (country.len == 0 || !listing_applies(l, attribute))
        return;
    json_set_text(l->arena, &value, "country", country);
    listing_say(l, attribute, value);
}

void listing_alias(struct listing *l, struct json *statement_opt, struct text name)
{
    if (statement_opt == NULL)
        return;
    json_set(l->arena, statement_opt, "set", json_literal("alias"));
    json_set(l->arena, statement_opt, "script", json_literal(value_script(name)));
}

static struct json decision(struct listing *l, const struct listing_act *act)
{
    struct json out = json_object();
    json_set(l->arena, &out, "kind", json_literal("sanctions-listing"));
    json_set(l->arena, &out, "authority", json_literal(act->authority));
    listing_set(l, &out, "number", act->number);
    listing_set(l, &out, "text", value_cut(act->text, DECISION_TEXT_MAX));
    if (act->decided.year != 0)
        json_set_text(l->arena, &out, "date", date_format(l->arena, act->decided));
    return out;
}

static struct json recipients(struct listing *l)
{
    struct json out = json_object();
    struct json only = json_array();
    json_push(l->arena, &only,
              json_string(arena_copy_text(l->arena, member_code_text(&l->run->host->owner))));
    json_set(l->arena, &out, "only", only);
    return out;
}

struct json listing_alert(struct listing *l, struct text reason, const struct listing_act *act)
{
    struct json out = json_object();
    struct json valid = json_object();
    struct json subject = json_array();
    json_set_text(l->arena, &valid, "from", date_format(l->arena, act->from));
    if (act->until.year != 0)
        json_set_text(l->arena, &valid, "until", date_format(l->arena, act->until));
    json_push(l->arena, &subject, json_literal("listed"));
    json_set(l->arena, &out, "id", json_literal("a1"));
    json_set(l->arena, &out, "category", json_literal("sanctions.listed"));
    json_set(l->arena, &out, "action", json_literal("inform"));
    json_set_text(l->arena, &out, "reason", value_cut(reason, REASON_MAX));
    json_set_text(l->arena, &out, "reference", l->reference);
    json_set(l->arena, &out, "decision", decision(l, act));
    json_set(l->arena, &out, "subject", subject);
    json_set(l->arena, &out, "valid", valid);
    json_set_text(l->arena, &out, "review", date_format(l->arena, act->review));
    json_set(l->arena, &out, "classification", json_literal("unclassified"));
    json_set(l->arena, &out, "recipients", recipients(l));
    return out;
}

struct json listing_draft(struct listing *l, const struct record_id *id, struct json alert)
{
    const char *kind = code_row(CODE_KIND, (size_t)l->kind)->code;
    struct json out = draft_begin(l->arena, id, l->run->host->unit, kind);
    struct json alerts = json_array();
    json_push(l->arena, &alerts, alert);
    json_set(l->arena, &out, "classification", json_literal("unclassified"));
    json_set(l->arena, &out, "statements", l->statements);
    json_set(l->arena, &out, "alerts", alerts);
    return out;
}
