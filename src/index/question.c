#include "index/question.h"

#include "core/encode.h"

#include "index/score/pattern.h"
#include "index/record.h"

static bool take_year(const struct json *birth, const char *name, int *out)
{
    int64_t year = 0;
    if (!json_get_integer(birth, name, &year) || year < 1 || year > 9998)
        return false;
    *out = (int)year;
    return true;
}

/* "birth": {"date":"1985-03-02"} | {"year":1985} | {"about":1985} | {"age":41} */
static bool take_birth(const struct json *birth, struct date today, struct index_birth *out)
{
    struct date day;
    int year = 0;
    int64_t age = 0;
    if (birth == NULL)
        return true;
    if (!failed(date_parse(json_get_text(birth, "date"), &day)))
        *out = index_birth_exact(day);
    else if (take_year(birth, "year", &year))
        *out = index_birth_year(year);
    else if (take_year(birth, "about", &year))
        *out = index_birth_about(year);
    else if (json_get_integer(birth, "age", &age) && age >= 0 && age <= 150)
        *out = index_birth_age((int)age, today);
    else
        return false;
    return true;
}

static struct err take_identifier(const struct json *one, struct arena *arena,
                                  struct index_identifier *out)
{
    struct text type = json_get_text(one, "type");
    struct text country = json_get_text(one, "country");
    struct text value = json_get_text(one, "value");
    const struct json *pattern = json_get(one, "pattern");
    bool partial = pattern != NULL && pattern->kind == JSON_STRING;
    if ((pattern != NULL && !partial) || partial == (value.len > 0))
        return err_make(ERR_INVALID, "api.bad-query"); /* one of them, not both */
    if (!partial) {
        *out = index_identifier_of(type, value, country, arena);
        return err_none();
    }
    struct partial read;
    *out = index_partial_of(type, pattern->string, country);
    return pattern_read(out, &read);
}

static struct err take_identifiers(const struct json *list, struct arena *arena,
                                   struct question *out, struct text *place_out)
{
    struct err e = err_none();
    if (json_count(list) > QUESTION_IDENTIFIERS_MAX)
        return err_make(ERR_INVALID, "api.bad-query");
    for (size_t i = 0; !failed(e) && i < json_count(list); i++)
        e = take_identifier(json_item(list, i), arena, &out->identifiers[i]);
    if (failed(e)) {
        *place_out = TEXT("/identifiers");
        return e;
    }
    out->query.identifiers = out->identifiers;
    out->query.identifier_count = json_count(list);
    return err_none();
}

bool question_partial(const struct json *in)
{
    const struct json *list = json_get(in, "identifiers");
    for (size_t i = 0; i < json_count(list); i++) {
        if (json_get(json_item(list, i), "pattern") != NULL)
            return true;
    }
    return false;
}

static bool take_person(const struct json *in, struct question *out)
{
    const struct json *list = json_get(in, "nationalities");
    struct text sex = json_get_text(in, "sex");
    out->query.name = (struct index_name){ json_get_text(in, "name"), json_get_text(in, "family"),
                                           json_get_text(in, "given"), INDEX_CONFIRMED };
    out->query.sex = text_is(sex, "female")  ? INDEX_SEX_FEMALE
                     : text_is(sex, "male")  ? INDEX_SEX_MALE
                     : text_is(sex, "other") ? INDEX_SEX_OTHER
                                             : INDEX_SEX_UNKNOWN;
    bool sex_known = out->query.sex != INDEX_SEX_UNKNOWN || json_get(in, "sex") == NULL ||
                     sex.len == 0 || text_is(sex, "unknown");
    if (!sex_known || json_count(list) > QUESTION_NATIONALITIES_MAX)
        return false; /* "Homme" must not be taken for "not said" */
    for (size_t i = 0; i < json_count(list); i++) {
        out->nationalities[i] = json_item_text(list, i);
        if (out->nationalities[i].len == 0)
            return false;
    }
    out->query.nationalities = out->nationalities;
    out->query.nationality_count = json_count(list);
    return true;
}

struct err question_parse(const struct json *in, struct date today, struct arena *arena,
                          struct question *out, struct text *place_out)
{
    *place_out = TEXT("");
    if (in == NULL || in->kind != JSON_OBJECT)
        return err_make(ERR_INVALID, "clerk.field-missing");
    int kind = code_find(CODE_KIND, json_get_text(in, "kind"));
    if (json_get(in, "kind") != NULL && (kind < 0 || kind > 63)) {
        *place_out = TEXT("/kind");
        return err_make(ERR_INVALID, "api.unknown-kind");
    }
    *out = (struct question){ .query = { .kinds = kind < 0 ? 0 : (uint64_t)1 << kind,
                                         .hits_max = QUESTION_HITS_MAX } };
    if (!take_person(in, out))
        return err_make(ERR_INVALID, "api.bad-query");
    struct err e = take_identifiers(json_get(in, "identifiers"), arena, out, place_out);
    if (failed(e))
        return e;
    if (!take_birth(json_get(in, "birth"), today, &out->query.birth)) {
        *place_out = TEXT("/birth");
        return err_make(ERR_INVALID, "api.bad-birth");
    }
    return err_none();
}

static struct err doc_of_question(const struct json *in, struct date today, struct arena *arena,
                                  struct index_doc *out)
{
    struct question *asked = ARENA_NEW(arena, struct question);
    struct text place;
    if (asked == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (question_partial(in))
        return err_make(ERR_INVALID, "index.pattern-alone");
    struct err e = question_parse(in, today, arena, asked, &place);
    if (failed(e))
        return e;
    const struct index_query *query = &asked->query;
    const struct index_name *name = &query->name;
    bool named = name->full.len + name->family.len + name->given.len > 0;
    *out = (struct index_doc){ .number = 1,
                               .birth = query->birth,
                               .sex = query->sex,
                               .names = name,
                               .name_count = named,
                               .nationalities = query->nationalities,
                               .nationality_count = query->nationality_count,
                               .identifiers = query->identifiers,
                               .identifier_count = query->identifier_count };
    return err_none();
}

struct err question_side(const struct json *in, struct date today, struct arena *arena,
                         struct index_doc *out)
{
    if (in != NULL && in->kind == JSON_STRING) {
        struct index_name *name = ARENA_NEW(arena, struct index_name);
        if (name == NULL)
            return err_make(ERR_LIMIT, "arena.full");
        *name = (struct index_name){ .full = in->string, .set = INDEX_CONFIRMED };
        *out = (struct index_doc){ .number = 1, .names = name, .name_count = 1 };
        return err_none();
    }
    if (json_get(in, "record") != NULL)
        return err_make(ERR_INVALID, "compare.no-node");
    if (in == NULL || json_get(in, "statements") == NULL)
        return doc_of_question(in, today, arena, out);
    struct record record;
    struct findings findings;
    findings_init(&findings, arena);
    struct err e = record_parse(in, arena, &findings, &record);
    return failed(e) ? e : index_doc_from_record(&record, 1, arena, out);
}

/* -- the judgement ------------------------------------------------------------------------ */

static const char *const relation_names[] = { "agree", "close", "contradict", "not-compared" };
static const char *const field_names[] = { "name", "birth", "sex", "nationality", "identifier" };

const char *question_band(enum index_band band)
{
    static const char *const names[] = { "none", "weak", "possible", "strong" };
    return names[band];
}

/* What the wildcards of a number known in part stand for. */
static void add_filled(const struct index_reason *reason, struct arena *arena, struct json *one)
{
    struct text filled[INDEX_KEY_BYTES_MAX];
    struct json list = json_array();
    if (reason->field != INDEX_IDENTIFIER || !reason->partial)
        return;
    size_t count = pattern_filled(reason->ours, reason->theirs, arena, filled);
    for (size_t i = 0; i < count; i++)
        json_push(arena, &list, json_string(filled[i]));
    json_set(arena, one, "filled", list);
}

static struct json reasons_json(const struct index_hit *hit, struct arena *arena)
{
    struct json list = json_array();
    for (size_t i = 0; i < hit->reason_count; i++) {
        const struct index_reason *reason = &hit->reasons[i];
        struct json one = json_object();
        json_set(arena, &one, "field", json_literal(field_names[reason->field]));
        json_set(arena, &one, "relation", json_literal(relation_names[reason->relation]));
        json_set(arena, &one, "rule", json_literal(reason->rule));
        json_set_text(arena, &one, "asked", reason->ours);
        json_set_text(arena, &one, "held", reason->theirs);
        json_set_integer(arena, &one, "weight", reason->weight);
        if (reason->rarity > 0)
            json_set_integer(arena, &one, "one_in", reason->rarity);
        add_filled(reason, arena, &one);
        json_push(arena, &list, one);
    }
    return list;
}

void question_verdict(const struct index_hit *hit, struct arena *arena, struct json *out)
{
    json_set(arena, out, "band", json_literal(question_band(hit->band)));
    json_set_integer(arena, out, "score", hit->score);
    json_set(arena, out, "reasons", reasons_json(hit, arena));
}

void question_answer(const struct index_answer *answer, struct arena *arena, struct json *out)
{
    struct json narrow = json_array();
    for (unsigned field = 0; field < INDEX_FIELDS; field++) {
        if ((answer->narrow & INDEX_FIELD_BIT(field)) != 0)
            json_push(arena, &narrow, json_literal(field_names[field]));
    }
    json_set(arena, out, "too_common", json_bool(answer->too_common));
    if (answer->too_common)
        json_set(arena, out, "narrow", narrow);
    if (answer->weak_left_out > 0)
        json_set_integer(arena, out, "weak_left_out", (int64_t)answer->weak_left_out);
}

void question_scoring(const struct index_scoring *scoring, struct arena *arena, struct json *out)
{
    uint32_t version = scoring->version == 0 ? INDEX_SCORE_VERSION : scoring->version;
    json_set_integer(arena, out, "score_version", version);
    if (scoring->frequency.proved.len > 0)
        json_set_text(arena, out, "frequency",
                      hex_format(arena, BYTES_OF(scoring->frequency.hash.bytes)));
}
