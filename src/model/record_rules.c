#include "model/identifiers.h"
#include "model/rules.h"

/* Names that would be a score or rank of a person, behind any prefix: this cannot be said. */
static const char *const scores[] = { "score",        "rank",       "ranking",      "risk",
                                      "risk_score",   "risk_level", "threat_score", "threat_level",
                                      "danger_level", "probability" };

static bool is_score(struct text name)
{
    struct text rest = name;
    struct text last = name;
    while (rest.data != NULL)
        last = text_split(&rest, ':');
    if (text_starts(last, TEXT("!")))
        last = text_slice(last, 1, last.len);
    for (size_t i = 0; i < sizeof(scores) / sizeof(scores[0]); i++) {
        if (text_is(last, scores[i]))
            return true;
    }
    return false;
}

/* JSON is at most JSON_DEPTH_MAX deep. */
static bool holds_score(const struct json *in)
{
    for (size_t i = 0; in->kind == JSON_ARRAY && i < in->count; i++) {
        if (holds_score(&in->items[i]))
            return true;
    }
    for (size_t i = 0; in->kind == JSON_OBJECT && i < in->count; i++) {
        if (is_score(in->members[i].name) || holds_score(&in->members[i].value))
            return true;
    }
    return false;
}

static void find_at(struct walk *w, const char *list, size_t index, const char *member,
                    const char *rule, enum severity severity)
{
    walk_enter(w, text_literal(list));
    walk_enter_index(w, index);
    walk_find(w, member, rule, severity);
    walk_leave(w);
    walk_leave(w);
}

static void error_at(struct walk *w, const char *list, size_t index, const char *member,
                     const char *rule)
{
    find_at(w, list, index, member, rule, SEVERITY_ERROR);
}

static void warn_at(struct walk *w, const char *list, size_t index, const char *member,
                    const char *rule)
{
    find_at(w, list, index, member, rule, SEVERITY_WARNING);
}

static void check_ids(struct walk *w, const struct record *r, const char *list)
{
    const struct json *in = json_get(r->json, list);
    for (size_t i = 1; i < json_count(in); i++) {
        struct text id = json_get_text(json_item(in, i), "id");
        for (size_t j = 0; j < i; j++) {
            if (text_equal(id, json_get_text(json_item(in, j), "id"))) {
                error_at(w, list, i, "id", "record.duplicate-id");
                break;
            }
        }
    }
}

static bool attachment_exists(const struct record *r, struct text id)
{
    for (size_t i = 0; i < r->attachment_count; i++) {
        if (text_equal(r->attachments[i].id, id))
            return true;
    }
    return false;
}

/* The entry of "misused" for an identity, or NULL. */
static const struct json *misused_of(const struct record *r, struct text identity)
{
    const struct json *list = json_get(r->json, "misused");
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_equal(json_get_text(json_item(list, i), "identity"), identity))
            return json_item(list, i);
    }
    return NULL;
}

static bool consented(const struct json *misused, struct text attribute)
{
    const struct json *consent = json_get(misused, "consent");
    const struct json *fields = json_get(consent, "fields");
    if (json_get(consent, "withdrawn") != NULL)
        return false;
    for (size_t i = 0; i < json_count(fields); i++) {
        if (text_equal(json_item_text(fields, i), attribute))
            return true;
    }
    return false;
}

static bool graded(const struct statement *s, struct text field, const char *name)
{
    const char *parts[3] = { ".", name, "." };
    char memory[CODE_TEXT_MAX];
    size_t len = 0;
    struct text texts[5] = { s->grading_scale, text_literal(parts[0]), text_literal(parts[1]),
                             text_literal(parts[2]), field };
    for (size_t i = 0; i < 5; i++) {
        if (len + texts[i].len > sizeof(memory))
            return false;
        if (texts[i].len > 0)
            memcpy(memory + len, texts[i].data, texts[i].len);
        len += texts[i].len;
    }
    return code_find(CODE_GRADING, (struct text){ memory, len }) >= 0;
}

static void check_grading(struct walk *w, const struct statement *s, size_t index)
{
    if (s->grading_scale.len == 0)
        return;
    if (graded(s, s->grading_source, "source") && graded(s, s->grading_information, "information"))
        return;
    if (w->newer)
        warn_at(w, "statements", index, "grading", "record.newer-code");
    else
        error_at(w, "statements", index, "grading", "record.unknown-grading");
}

static void check_period(struct walk *w, const struct json *period_opt, size_t index)
{
    struct date from;
    struct date to;
    struct text first = json_get_text(period_opt, "from");
    struct text last = json_get_text(period_opt, "to");
    if (first.data != NULL && last.data != NULL && !failed(date_parse(first, &from)) &&
        !failed(date_parse(last, &to)) && date_days(to) < date_days(from))
        error_at(w, "statements", index, "seen", "record.ends-before-it-begins");
}

/* A wrong digit is never refused: the forged document is often the one that is sought. */
static void check_identifier(struct walk *w, const struct statement *s, size_t index)
{
    struct text number = json_get_text(s->value, "number");
    if (s->attribute_number < 0 || number.len == 0 || json_get_bool(s->value, "partial"))
        return;
    const char *class = attribute_row((size_t)s->attribute_number)->identifier;
    enum identifier_kind kind = identifier_kind_find(text_literal(class));
    if (kind == IDENTIFIER_OTHER)
        return;
    struct identifier_check check =
        identifier_check_of(kind, json_get_text(s->value, "country"), number, w->findings->arena);
    if (check.rule == NULL || check.rule[0] == '\0')
        return;
    walk_enter(w, TEXT("statements"));
    walk_enter_index(w, index);
    walk_enter(w, TEXT("value"));
    walk_offer(w, "number", check.rule, check.correction);
    walk_leave(w);
    walk_leave(w);
    walk_leave(w);
}

static void check_statement(struct walk *w, const struct record *r, size_t i)
{
    const struct statement *s = &r->statements[i];
    struct text basis = json_get_text(json_item(json_get(r->json, "statements"), i), "basis");
    struct text file = json_get_text(s->value, "attachment");
    if (!text_is(basis, "fact") && !text_is(basis, "assessment"))
        error_at(w, "statements", i, "basis", "record.unknown-basis");
    if (s->attribute_number >= 0 && r->kind != RECORD_KIND_RAW &&
        !attribute_applies((size_t)s->attribute_number, r->kind))
        error_at(w, "statements", i, "attribute", "record.attribute-of-other-kind");
    if (s->set == SET_MISUSED) {
        const struct json *misused = misused_of(r, s->identity);
        if (misused == NULL || !consented(misused, s->attribute))
            error_at(w, "statements", i, "set", "record.misused-without-consent");
    }
    if (s->type == VALUE_NAME && json_get_text(s->value, "full").len == 0 &&
        json_count(json_get(s->value, "parts")) == 0)
        error_at(w, "statements", i, "value", "record.name-empty");
    if (file.data != NULL && !attachment_exists(r, file))
        error_at(w, "statements", i, "value", "record.attachment-missing");
    check_period(w, s->seen_opt, i);
    check_grading(w, s, i);
    check_identifier(w, s, i);
}

/* One of "only" and "never"; "only" names somebody. */
static bool audience_said(const struct json *recipients)
{
    const struct json *only = json_get(recipients, "only");
    const struct json *never = json_get(recipients, "never");
    return (only == NULL) != (never == NULL) && (only == NULL || json_count(only) > 0);
}

static void check_alert(struct walk *w, const struct record *r, size_t i)
{
    const struct alert *a = &r->alerts[i];
    const struct json *in = json_item(json_get(r->json, "alerts"), i);
    if (!w->view && !audience_said(json_get(in, "recipients")))
        error_at(w, "alerts", i, "recipients", "record.no-audience");
    if (a->subjects == 0)
        error_at(w, "alerts", i, "subject", "record.no-subject");
    if (a->valid_until.year != 0 && date_days(a->valid_until) < date_days(a->valid_from))
        error_at(w, "alerts", i, "valid", "record.ends-before-it-begins");
    if (date_days(a->review) < date_days(a->valid_from))
        error_at(w, "alerts", i, "review", "record.review-before-begin");
    if (r->kind != RECORD_KIND_RAW && !category_fits(a->category.number, r->kind_text))
        warn_at(w, "alerts", i, "category", "record.category-of-other-kind");
}

/* Photos travel with their alert over the thinnest lines (design section 10). */
static void check_sizes(struct walk *w, const struct record *r)
{
    for (size_t i = 0; i < r->attachment_count; i++) {
        const struct attachment *a = &r->attachments[i];
        if ((text_is(a->role, "photo") && a->size > RECORD_PHOTO_BYTES_MAX) ||
            (text_is(a->role, "thumbnail") && a->size > RECORD_THUMBNAIL_BYTES_MAX))
            error_at(w, "attachments", i, "size", "record.photo-too-big");
    }
}

static void check_attachments(struct walk *w, const struct record *r)
{
    for (size_t i = 0; i < r->attachment_count; i++) {
        struct text other = r->attachments[i].thumbnail;
        if (other.data != NULL && !attachment_exists(r, other))
            error_at(w, "attachments", i, "thumbnail", "record.attachment-missing");
    }
}

static void check_restrictions(struct walk *w, const struct record *r)
{
    const struct json *in = json_get(r->json, "restrictions");
    for (size_t i = 0; i < json_count(in); i++) {
        if (!audience_said(json_get(json_item(in, i), "recipients")))
            error_at(w, "restrictions", i, "recipients", "record.no-audience");
    }
}

void rules_check_record(struct walk *w, const struct record *r)
{
    if (!member_code_equal(&r->id.owner, &r->owner))
        walk_find(w, "owner", "record.id-of-other-owner", SEVERITY_ERROR);
    if (r->kind == RECORD_PERSON && holds_score(r->json))
        walk_find(w, NULL, "record.scored-person", SEVERITY_ERROR);
    check_ids(w, r, "statements");
    check_ids(w, r, "alerts");
    check_ids(w, r, "links");
    check_ids(w, r, "attachments");
    for (size_t i = 0; i < r->statement_count; i++)
        check_statement(w, r, i);
    for (size_t i = 0; i < r->alert_count; i++)
        check_alert(w, r, i);
    if (!w->view) /* a chain of thumbnails may end outside a view */
        check_attachments(w, r);
    check_sizes(w, r);
    check_restrictions(w, r);
}
