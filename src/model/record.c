#include "model/record.h"

#include <assert.h>

#include "core/encode.h"
#include "model/schema.h"
#include "model/rules.h"

struct err record_id_parse(struct text in, struct record_id *out)
{
    struct record_id id;
    if (in.len < BASE32_128_LEN + 2 || in.data[in.len - BASE32_128_LEN - 1] != '-')
        return err_make(ERR_INVALID, "model.bad-id");
    size_t cut = in.len - BASE32_128_LEN;
    if (failed(member_code_parse(text_slice(in, 0, cut - 1), &id.owner)) ||
        failed(base32_parse_128(text_slice(in, cut, BASE32_128_LEN), id.bits)))
        return err_make(ERR_INVALID, "model.bad-id");
    *out = id;
    return err_none();
}

struct text record_id_format(const struct record_id *id, struct arena *arena)
{
    char bits[1 + BASE32_128_LEN] = { '-' };
    base32_format_128(id->bits, bits + 1);
    return arena_join(arena, member_code_text(&id->owner), (struct text){ bits, sizeof(bits) });
}

int record_id_compare(const struct record_id *a, const struct record_id *b)
{
    int order = member_code_compare(&a->owner, &b->owner);
    return order != 0 ? order : memcmp(a->bits, b->bits, RECORD_ID_BITS);
}

/* ---- what follows reads a document that has passed its schema: forms are proved ---- */

static struct date date_of(const struct json *in, const char *name)
{
    struct date date = { 0, 0, 0 };
    struct text text = json_get_text(in, name);
    if (text.data != NULL && failed(date_parse(text, &date)))
        return (struct date){ 0, 0, 0 };
    return date;
}

static enum classification level_of(const struct json *in, enum classification otherwise)
{
    struct text text = json_get_text(in, "classification");
    if (text.data == NULL)
        return otherwise;
    int level = code_find(CODE_CLASSIFICATION, text);
    return level < 0 ? CLASSIFICATION_RAW : (enum classification)level;
}

static struct code code_member(const struct json *in, const char *name, enum code_list list)
{
    struct text text = json_get_text(in, name);
    if (text.data == NULL)
        return (struct code){ .number = CODE_RAW };
    return code_of(list, text);
}

/* One bit per known code; `raw` for any other. */
static uint32_t bits_of(const struct json *in, const char *name, enum code_list list, uint32_t raw)
{
    uint32_t bits = 0;
    const struct json *codes = json_get(in, name);
    for (size_t i = 0; i < json_count(codes); i++) {
        int row = code_find(list, json_item_text(codes, i));
        bits |= row < 0 || row > 30 ? raw : 1u << row;
    }
    return bits;
}

static const struct member_code *members_of(const struct json *in_opt, struct arena *arena,
                                            size_t *count_out)
{
    size_t count = json_count(in_opt);
    struct member_code *list = ARENA_ARRAY(arena, struct member_code, count);
    *count_out = 0;
    for (size_t i = 0; list != NULL && i < count; i++) {
        const struct json *item = json_item(in_opt, i);
        struct text code = item->kind == JSON_STRING ? item->string : json_get_text(item, "member");
        if (failed(member_code_parse(code, &list[i])))
            return list;
        *count_out = i + 1;
    }
    return list;
}

static enum audience audience_of(const struct json *recipients_opt, struct arena *arena,
                                 const struct member_code **list_out, size_t *count_out)
{
    const struct json *never = json_get(recipients_opt, "never");
    const struct json *only = json_get(recipients_opt, "only");
    *list_out = members_of(never != NULL ? never : only, arena, count_out);
    return never != NULL ? AUDIENCE_NEVER : AUDIENCE_ONLY;
}

static struct statement statement_of(const struct json *in, enum classification level)
{
    const struct json *source = json_get(in, "source");
    const struct json *grading = json_get(in, "grading");
    struct text set = json_get_text(in, "set");
    int row = set.data == NULL ? SET_CONFIRMED : code_find(CODE_NAME_SET, set);
    struct statement s = {
        .id = json_get_text(in, "id"),
        .attribute = json_get_text(in, "attribute"),
        .value = json_get(in, "value"),
        .set = row < 0 ? SET_RAW : (enum name_set)row,
        .identity = json_get_text(in, "identity"),
        .script = json_get_text(in, "script"),
        .language = json_get_text(in, "language"),
        .source_unit = json_get_text(source, "unit"),
        .source_reference = json_get_text(source, "reference"),
        .grading_scale = json_get_text(grading, "scale"),
        .grading_source = json_get_text(grading, "source"),
        .grading_information = json_get_text(grading, "information"),
        .assessment = !text_is(json_get_text(in, "basis"), "fact"),
        .seen_opt = json_get(in, "seen"),
        .handling = bits_of(in, "handling", CODE_HANDLING, HANDLING_RAW),
        .classification = level_of(in, level),
    };
    s.attribute_number = (int16_t)attribute_find(s.attribute);
    if (s.attribute_number >= 0)
        s.type = attribute_type((size_t)s.attribute_number);
    return s;
}

static struct offence offence_of(const struct json *in)
{
    struct offence o = { .own = { .number = CODE_RAW },
                         .mapped = { .number = CODE_RAW },
                         .penalty_max_months = -1,
                         .sentence_months = -1,
                         .penalty_life = json_get_bool(in, "penalty_life"),
                         .penalty_death = json_get_bool(in, "penalty_death"),
                         .penalty_death_said = json_get(in, "penalty_death") != NULL };
    const struct json *own = json_get(in, "own");
    const struct json *mapped = json_get(in, "mapped");
    if (own == NULL || failed(code_parse(own, &o.own)))
        o.own = (struct code){ .number = CODE_RAW };
    if (mapped == NULL || failed(code_parse(mapped, &o.mapped)))
        o.mapped = (struct code){ .number = CODE_RAW };
    if (!json_get_integer(in, "penalty_max_months", &o.penalty_max_months))
        o.penalty_max_months = -1;
    if (!json_get_integer(in, "sentence_months", &o.sentence_months))
        o.sentence_months = -1;
    return o;
}

static const struct offence *offences_of(const struct json *in_opt, struct arena *arena,
                                         size_t *count_out)
{
    size_t count = json_count(in_opt);
    struct offence *list = ARENA_ARRAY(arena, struct offence, count);
    for (size_t i = 0; list != NULL && i < count; i++)
        list[i] = offence_of(json_item(in_opt, i));
    *count_out = list == NULL ? 0 : count;
    return list;
}

static const struct code *conditions_of(const struct json *in_opt, struct arena *arena,
                                        size_t *count_out)
{
    size_t count = json_count(in_opt);
    struct code *list = ARENA_ARRAY(arena, struct code, count);
    for (size_t i = 0; list != NULL && i < count; i++)
        list[i] = code_of(CODE_CONDITION, json_item_text(in_opt, i));
    *count_out = list == NULL ? 0 : count;
    return list;
}

static struct alert alert_of(const struct json *in, enum classification level, struct arena *arena)
{
    const struct json *valid = json_get(in, "valid");
    struct alert a = {
        .id = json_get_text(in, "id"),
        .category = code_member(in, "category", CODE_CATEGORY),
        .action = code_member(in, "action", CODE_ACTION),
        .check = code_member(in, "check", CODE_CHECK),
        .reason = json_get_text(in, "reason"),
        .decision_opt = json_get(in, "decision"),
        .subjects = bits_of(in, "subject", CODE_SUBJECT, SUBJECT_BIT(SUBJECT_RAW)),
        .warnings = bits_of(in, "warnings", CODE_WARNING, WARNING_BIT(WARNING_RAW)),
        .handling = bits_of(in, "handling", CODE_HANDLING, HANDLING_RAW),
        .valid_from = date_of(valid, "from"),
        .valid_until = date_of(valid, "until"),
        .review = date_of(in, "review"),
        .classification = level_of(in, level),
    };
    a.offences = offences_of(json_get(in, "offences"), arena, &a.offence_count);
    a.conditions = conditions_of(json_get(in, "conditions"), arena, &a.condition_count);
    a.audience = audience_of(json_get(in, "recipients"), arena, &a.recipients, &a.recipient_count);
    struct text hidden = json_get_text(in, "hidden_until");
    if (hidden.data == NULL || failed(instant_parse(hidden, &a.hidden_until)))
        a.hidden_until = (struct instant){ 0 };
    return a;
}

static struct link link_of(const struct json *in)
{
    struct link l = { .id = json_get_text(in, "id"),
                      .type = code_member(in, "type", CODE_LINK),
                      .target_text = json_get_text(in, "to") };
    if (failed(record_id_parse(l.target_text, &l.target)))
        memset(&l.target, 0, sizeof(l.target));
    return l;
}

static struct attachment attachment_of(const struct json *in)
{
    struct attachment a = { .id = json_get_text(in, "id"),
                            .sha256 = json_get_text(in, "sha256"),
                            .type = json_get_text(in, "type"),
                            .role = json_get_text(in, "role"),
                            .thumbnail = json_get_text(in, "thumbnail") };
    if (!json_get_integer(in, "size", &a.size))
        a.size = 0;
    return a;
}

static void raise(enum classification *level, enum classification to)
{
    if (to > *level)
        *level = to;
}

static void fill_statements(struct record *r, struct arena *arena)
{
    const struct json *in = json_get(r->json, "statements");
    enum classification level = r->classification;
    struct statement *list = ARENA_ARRAY(arena, struct statement, json_count(in));
    for (size_t i = 0; list != NULL && i < json_count(in); i++) {
        list[i] = statement_of(json_item(in, i), level);
        raise(&r->classification, list[i].classification);
        r->statement_count = i + 1;
    }
    r->statements = list;
}

/* `level`: the record's own, before statements raised it. */
static void fill_alerts(struct record *r, enum classification level, struct arena *arena)
{
    const struct json *in = json_get(r->json, "alerts");
    struct alert *list = ARENA_ARRAY(arena, struct alert, json_count(in));
    for (size_t i = 0; list != NULL && i < json_count(in); i++) {
        list[i] = alert_of(json_item(in, i), level, arena);
        raise(&r->classification, list[i].classification);
        r->alert_count = i + 1;
    }
    r->alerts = list;
}

static void fill_rest(struct record *r, struct arena *arena)
{
    const struct json *links = json_get(r->json, "links");
    struct link *link = ARENA_ARRAY(arena, struct link, json_count(links));
    for (size_t i = 0; link != NULL && i < json_count(links); i++)
        link[i] = link_of(json_item(links, i));
    r->links = link;
    r->link_count = link == NULL ? 0 : json_count(links);

    const struct json *files = json_get(r->json, "attachments");
    struct attachment *file = ARENA_ARRAY(arena, struct attachment, json_count(files));
    for (size_t i = 0; file != NULL && i < json_count(files); i++)
        file[i] = attachment_of(json_item(files, i));
    r->attachments = file;
    r->attachment_count = file == NULL ? 0 : json_count(files);

    const struct json *bounds = json_get(r->json, "restrictions");
    struct restriction *bound = ARENA_ARRAY(arena, struct restriction, json_count(bounds));
    for (size_t i = 0; bound != NULL && i < json_count(bounds); i++) {
        const struct json *in = json_item(bounds, i);
        bound[i].audience = audience_of(json_get(in, "recipients"), arena, &bound[i].recipients,
                                        &bound[i].recipient_count);
        if (failed(member_code_parse(json_get_text(in, "by"), &bound[i].by)))
            bound[i].by = r->owner;
    }
    r->restrictions = bound;
    r->restriction_count = bound == NULL ? 0 : json_count(bounds);
    r->originators = members_of(json_get(r->json, "originators"), arena, &r->originator_count);
    r->co_owners = members_of(json_get(r->json, "co_owners"), arena, &r->co_owner_count);
}

static struct err fill(const struct json *in, struct arena *arena, struct record *out)
{
    struct record r = { .json = in,
                        .id_text = json_get_text(in, "id"),
                        .kind_text = json_get_text(in, "kind"),
                        .unit = json_get_text(in, "unit"),
                        .redacted = json_get(in, "withheld") != NULL };
    struct err e = record_id_parse(r.id_text, &r.id);
    if (failed(e))
        return e;
    e = member_code_parse(json_get_text(in, "owner"), &r.owner);
    if (failed(e))
        return e;
    int kind = code_find(CODE_KIND, r.kind_text);
    r.kind = kind < 0 ? RECORD_KIND_RAW : (enum record_kind)kind;
    enum classification level = level_of(in, CLASSIFICATION_RESTRICTED);
    r.classification = level;
    fill_statements(&r, arena);
    fill_alerts(&r, level, arena);
    fill_rest(&r, arena);
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = r;
    return err_none();
}

static struct err parse(const struct json *in, bool view, struct arena *arena,
                        struct findings *findings, struct record *out)
{
    struct walk walk = { .findings = findings, .view = view };
    size_t errors = findings->errors;
    int64_t vocabulary = SCHEMA_VOCABULARY;
    if (json_get_integer(in, "vocabulary", &vocabulary))
        walk.newer = vocabulary > SCHEMA_VOCABULARY;
    bool has_withheld = json_get(in, "withheld") != NULL;
    if (has_withheld != view)
        return err_make(ERR_INVALID, view ? "record.not-a-view" : "record.is-a-view");
    schema_check_record(&walk, in);
    if (findings->errors > errors)
        return err_make(ERR_INVALID, "record.refused");
    struct record record;
    struct err e = fill(in, arena, &record);
    if (failed(e))
        return e;
    rules_check_record(&walk, &record);
    if (findings->errors > errors)
        return err_make(ERR_INVALID, "record.refused");
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = record;
    return err_none();
}

struct err record_parse(const struct json *in, struct arena *arena, struct findings *findings,
                        struct record *out)
{
    return parse(in, false, arena, findings, out);
}

struct err record_parse_view(const struct json *in, struct arena *arena, struct findings *findings,
                             struct record *out)
{
    return parse(in, true, arena, findings, out);
}
