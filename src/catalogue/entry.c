#include "catalogue/entry.h"

#include <assert.h>

#include "core/writer.h"
#include "model/effect.h"

enum test { TEST_PART, TEST_STATEMENT, TEST_ALERT, TEST_FILE, TEST_PENALTY };

struct field {
    const char *name;
    enum test test;
    const char *target, *pointer;
    const char *rule;
};

static const struct field fields[CATALOGUE_FIELDS] = {
#define FIELD(id, name, test, target, pointer, rule) \
    [CATALOGUE_##id] = { name, TEST_##test, target, pointer, rule },
#include "catalogue/field.def"
#undef FIELD
};

const char *catalogue_field_name(size_t field)
{
    assert(field < CATALOGUE_FIELDS);
    return fields[field].name;
}

/* One alert under its category's rules. */
struct judged {
    const struct record *record;
    const struct alert *alert;
    const struct json *json;
    const struct category_rules *rules;
    struct findings *findings;
    size_t index;
};

static void find_in(const struct judged *j, const char *member, const char *rule)
{
    struct writer w = writer_in(j->findings->arena);
    struct bytes out = { NULL, 0 };
    writer_literal(&w, "/alerts/");
    writer_decimal(&w, (int64_t)j->index);
    writer_literal(&w, "/");
    writer_literal(&w, member);
    if (!failed(writer_keep(&w, j->findings->arena, &out)))
        findings_add(j->findings, (struct text){ (const char *)out.data, out.len }, rule,
                     SEVERITY_ERROR);
}

/* -- what must be there ------------------------------------------------------------------- */

static bool has_part(const struct record *record, struct text type)
{
    struct name_view name;
    size_t at = 0;
    while (record_next_name(record, &at, &name)) {
        for (size_t i = 0; name.set != SET_MISUSED && i < json_count(name.parts_opt); i++) {
            if (text_equal(json_get_text(json_item(name.parts_opt, i), "type"), type))
                return true;
        }
    }
    return false;
}

static bool has_statement(const struct record *record, const char *attributes)
{
    for (size_t i = 0; i < record->statement_count; i++) {
        const struct statement *s = &record->statements[i];
        if (s->set != SET_MISUSED && word_in(s->attribute, attributes))
            return true;
    }
    return false;
}

static bool has_file(const struct record *record, const char *role)
{
    for (size_t i = 0; i < record->attachment_count; i++) {
        if (text_is(record->attachments[i].role, role))
            return true;
    }
    return false;
}

static bool has_member(const struct json *alert, const char *path)
{
    struct text rest = text_literal(path);
    struct text word;
    const struct json *at = alert;
    while (at != NULL && word_next(&rest, &word)) {
        const struct json *next = NULL;
        for (size_t i = 0; at->kind == JSON_OBJECT && i < at->count; i++) {
            if (text_equal(at->members[i].name, word))
                next = &at->members[i].value;
        }
        at = next;
    }
    return at != NULL && (at->kind != JSON_ARRAY || at->count > 0) &&
           (at->kind != JSON_STRING || at->string.len > 0);
}

/* The longest penalty and the longest sentence that the offences name; -1: none does. */
static void penalties(const struct json *alert, int64_t *penalty_out, int64_t *sentence_out)
{
    const struct json *offences = json_get(alert, "offences");
    *penalty_out = -1;
    *sentence_out = -1;
    for (size_t i = 0; i < json_count(offences); i++) {
        const struct json *one = json_item(offences, i);
        int64_t months = -1;
        if (json_get_integer(one, "penalty_max_months", &months) && months > *penalty_out)
            *penalty_out = months;
        if (json_get_bool(one, "penalty_life") || json_get_bool(one, "penalty_death"))
            *penalty_out = INT32_MAX;
        if (json_get_integer(one, "sentence_months", &months) && months > *sentence_out)
            *sentence_out = months;
    }
}

static bool has_field(const struct judged *j, const struct field *field)
{
    int64_t penalty = -1;
    int64_t sentence = -1;
    switch (field->test) {
    case TEST_PART:
        return has_part(j->record, text_literal(field->target));
    case TEST_STATEMENT:
        return has_statement(j->record, field->target);
    case TEST_FILE:
        return has_file(j->record, field->target);
    case TEST_ALERT:
        return has_member(j->json, field->target);
    case TEST_PENALTY:
        penalties(j->json, &penalty, &sentence);
        break;
    }
    return penalty >= 0 || sentence >= 0;
}

static void check_required(const struct judged *j)
{
    for (size_t i = 0; i < CATALOGUE_FIELDS; i++) {
        const struct field *field = &fields[i];
        if ((j->rules->required >> i & 1) == 0 || has_field(j, field))
            continue;
        if (field->pointer[0] == '/')
            findings_add(j->findings, text_literal(field->pointer), field->rule, SEVERITY_ERROR);
        else
            find_in(j, field->pointer, field->rule);
    }
}

/* -- what may be there -------------------------------------------------------------------- */

static bool permits(uint32_t mask, struct code code)
{
    return mask == 0 || (code.number >= 0 && code.number < 32 && (mask >> code.number & 1) != 0);
}

static void check_codes(const struct judged *j)
{
    const struct json *decision = json_get(j->json, "decision");
    if (!permits(j->rules->actions, j->alert->action))
        find_in(j, "action", "catalogue.action-not-allowed");
    if (j->rules->checks != 0 && j->alert->check.list.len > 0 &&
        !permits(j->rules->checks, j->alert->check))
        find_in(j, "check", "catalogue.check-not-allowed");
    if (j->rules->category != CODE_RAW && j->rules->checks == 0 && j->alert->check.list.len > 0)
        find_in(j, "check", "catalogue.check-not-asked");
    if (decision != NULL &&
        !permits(j->rules->decisions, code_of(CODE_DECISION, json_get_text(decision, "kind"))))
        find_in(j, "decision/kind", "catalogue.decision-not-allowed");
}

/* Doubt is no penalty: an offence that tells none does not reach the floor. */
static void check_penalty(const struct judged *j)
{
    int64_t penalty = -1;
    int64_t sentence = -1;
    if (j->rules->penalty_months == 0)
        return;
    penalties(j->json, &penalty, &sentence);
    bool convicted = sentence >= 0 && j->rules->served_months > 0;
    if (penalty >= j->rules->penalty_months ||
        (convicted && sentence >= j->rules->served_months) || (penalty < 0 && sentence < 0))
        return; /* none said: then the field is asked for where it is required */
    find_in(j, "offences", "catalogue.penalty-below");
}

struct date catalogue_review_max(const struct category_rules *rules, const struct alert *alert)
{
    int months = rules->review_months;
    if (months == 0)
        return (struct date){ 0 };
    if (rules->review_long_months > 0 && alert->valid_until.year != 0) {
        struct date above = date_add_months(alert->valid_from, rules->review_long_above);
        if (date_days(alert->valid_until) > date_days(above))
            months = rules->review_long_months;
    }
    return date_add_months(alert->valid_from, months);
}

static void check_review(const struct judged *j)
{
    struct date last = catalogue_review_max(j->rules, j->alert);
    if (last.year != 0 && date_days(j->alert->review) > date_days(last))
        find_in(j, "review", "catalogue.review-too-late");
}

/* -- closed lists ------------------------------------------------------------------------- */

static bool listed(const struct closed_list *list, const struct statement *s)
{
    return word_in(s->attribute, list->attributes) ||
           (s->set == SET_MISUSED && word_in(s->attribute, list->misused));
}

static void find_at_statement(struct findings *findings, size_t index, const char *rule)
{
    struct writer w = writer_in(findings->arena);
    struct bytes out = { NULL, 0 };
    writer_literal(&w, "/statements/");
    writer_decimal(&w, (int64_t)index);
    if (!failed(writer_keep(&w, findings->arena, &out)))
        findings_add(findings, (struct text){ (const char *)out.data, out.len }, rule,
                     SEVERITY_ERROR);
}

/* "local" statements never leave: they are no part of an alert. */
static bool stays(const struct statement *s)
{
    int local = code_find(CODE_HANDLING, TEXT("local"));
    return local >= 0 && (s->handling >> local & 1) != 0;
}

/* Is the statement open to one of the alerts? An alert that no closed list binds opens all. */
static bool open_to_one(const struct edition *edition, const struct record *r,
                        const struct statement *s)
{
    for (size_t i = 0; i < r->alert_count; i++) {
        const struct category_rules *rules =
            edition_rules(edition, r->alerts[i].category.number, r->kind);
        if (rules == NULL || rules->closed == NULL || listed(rules->closed, s))
            return true;
    }
    return r->alert_count == 0;
}

static void check_closed(const struct edition *edition, const struct record *r,
                         struct findings *findings)
{
    for (size_t i = 0; i < r->statement_count; i++) {
        if (!stays(&r->statements[i]) && !open_to_one(edition, r, &r->statements[i]))
            find_at_statement(findings, i, "catalogue.field-not-allowed");
    }
}

static void check_resort(const struct judged *j)
{
    const struct closed_list *closed = j->rules->closed;
    if (closed == NULL || closed->resort[0] == '\0' || !has_statement(j->record, closed->behind))
        return;
    for (size_t i = 0; i < j->record->statement_count; i++) {
        if (text_is(j->record->statements[i].attribute, closed->resort))
            find_at_statement(j->findings, i, "catalogue.last-resort");
    }
}

/* The code that a statement's value has: {"code"}, a document's {"status"} is its status. */
static struct text coded_value(const struct statement *s, struct text attribute)
{
    if (text_equal(s->attribute, attribute))
        return json_get_text(s->value, "code");
    if (text_is(attribute, "status") && text_is(s->attribute, "document"))
        return json_get_text(s->value, "status");
    return (struct text){ NULL, 0 };
}

static void check_values(const struct judged *j)
{
    struct text rest = text_literal(j->rules->values);
    while (rest.data != NULL && rest.len > 0) {
        struct text row = text_trim(text_split(&rest, ';'));
        struct text attribute = text_split(&row, ' ');
        for (size_t i = 0; i < j->record->statement_count; i++) {
            struct text value = coded_value(&j->record->statements[i], attribute);
            struct text words = row;
            struct text word;
            bool found = value.len == 0;
            while (!found && word_next(&words, &word))
                found = text_equal(word, value);
            if (!found)
                find_at_statement(j->findings, i, "catalogue.value-not-allowed");
        }
    }
}

/* -- the whole ---------------------------------------------------------------------------- */

/* An alert is hidden for an operation a step at a time, by a court's authority. */
static void check_hidden(const struct edition *edition, const struct judged *j,
                         struct instant now)
{
    const struct period *step = edition_period(edition, "hidden");
    struct instant until = j->alert->hidden_until;
    if (step == NULL || step->unit != PERIOD_HOURS || !instant_before(now, until))
        return;
    if (until.ms - now.ms > step->count * INSTANT_HOUR)
        find_in(j, "hidden_until", "catalogue.hidden-too-long");
    if (json_get_text(j->json, "hidden_by").len == 0)
        find_in(j, "hidden_by", "catalogue.hidden-without-court");
}

void catalogue_check(const struct edition *edition, const struct record *record,
                     struct instant now, struct findings *findings)
{
    const struct json *alerts = json_get(record->json, "alerts");
    for (size_t i = 0; i < record->alert_count; i++) {
        struct judged j = { .record = record,
                            .alert = &record->alerts[i],
                            .json = json_item(alerts, i),
                            .findings = findings,
                            .index = i };
        j.rules = edition_rules(edition, j.alert->category.number, record->kind);
        if (j.rules == NULL)
            continue;
        check_required(&j);
        check_codes(&j);
        check_penalty(&j);
        check_review(&j);
        check_hidden(edition, &j, now);
        check_resort(&j);
        check_values(&j);
    }
    check_closed(edition, record, findings);
}

static void fill_alert(const struct edition *edition, struct arena *arena, enum record_kind kind,
                       struct json *alert)
{
    const struct json *valid = json_get(alert, "valid");
    struct alert dates = { .valid_from = { 0 } };
    const struct category_rules *rules =
        edition_rules(edition, code_find(CODE_CATEGORY, json_get_text(alert, "category")), kind);
    if (json_get(alert, "review") != NULL || rules == NULL ||
        failed(date_parse(json_get_text(valid, "from"), &dates.valid_from)))
        return;
    if (failed(date_parse(json_get_text(valid, "until"), &dates.valid_until)))
        dates.valid_until = (struct date){ 0 };
    struct date review = catalogue_review_max(rules, &dates);
    if (review.year != 0)
        json_set_text(arena, alert, "review", date_format(arena, review));
}

void catalogue_fill(const struct edition *edition, struct arena *arena, struct json *record)
{
    int kind = code_find(CODE_KIND, json_get_text(record, "kind"));
    const struct json *alerts = json_get(record, "alerts");
    struct json filled = json_array();
    bool lacks = false;
    for (size_t i = 0; alerts != NULL && alerts->kind == JSON_ARRAY && i < alerts->count; i++)
        lacks = lacks || json_get(json_item(alerts, i), "review") == NULL;
    if (kind < 0 || !lacks)
        return;
    for (size_t i = 0; i < json_count(alerts); i++) {
        struct json one = json_copy(arena, json_item(alerts, i));
        if (one.kind == JSON_OBJECT)
            fill_alert(edition, arena, (enum record_kind)kind, &one);
        json_push(arena, &filled, one);
    }
    json_set(arena, record, "alerts", filled);
}

const char *catalogue_flag(const struct edition *edition, int category, enum record_kind kind,
                           int effect, int reduced_to)
{
    const struct category_rules *rules = edition_rules(edition, category, kind);
    if (rules == NULL || rules->flag == FLAG_ANY || effect == EFFECT_AS_ASKED)
        return NULL;
    if (rules->flag == FLAG_NO)
        return "catalogue.flag-not-allowed";
    bool fits = rules->flag == FLAG_NOT_SHOWN
                    ? effect == EFFECT_NOT_SHOWN
                    : effect == EFFECT_REDUCED && reduced_to == rules->flagged_action;
    return fits ? NULL : "catalogue.flag-otherwise";
}
