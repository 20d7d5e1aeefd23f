#include "import/eu.h"

#include "import/lines.h"

/* The financial sanctions list of the European Union: its XML 1.1 field for field as JSON, one
 * entity a line, names in snake case. */
#define EU_AUTHORITY "European Union"
enum { REVIEW_MONTHS = 12, YEAR_LAST = 2999 };

struct text eu_text(const struct json *object, const char *name)
{
    return text_trim(json_get_text(object, name));
}

bool eu_true(const struct json *object, const char *name)
{
    return json_get_bool(object, name) || text_is(eu_text(object, name), "true");
}

void eu_cite(struct eu_entity *u, const struct json *part)
{
    const struct json *summary = json_item(json_get(part, "regulation_summaries"), 0);
    const struct text parts[] = { eu_text(summary, "regulation_type"),
                                  eu_text(summary, "number_title") };
    struct text day = eu_text(summary, "publication_date");
    struct date date;
    u->l.act = value_cut(value_list(u->l.arena, parts, 2, TEXT(" ")), 150);
    u->l.collected = value_date(day, &date) ? day : TEXT("");
}

static void eu_extra(struct eu_entity *u, const struct json *in)
{
    listing_remark(&u->l, eu_text(in, "key"), eu_text(in, "value"));
}

/* ---- members of an entity and of the items of its lists ---- */

static const char *const act_known[] = { "regulation_type",  "organisation_type",
                                         "publication_date", "entry_into_force_date",
                                         "number_title",     "programme",
                                         "logical_id",       "publication_url",
                                         "corrigendum",      NULL };
static const char *const name_known[] = { "whole_name", "first_name",    "middle_name",
                                          "last_name",  "title",         "function",
                                          "gender",     "name_language", "strong",
                                          NULL };
static const char *const citizenship_known[] = {
    "country_iso2_code", "country_description",     "region",
    "acquisition_date",  "disenfranchisement_date", NULL
};
static const char *const birth_known[] = { "birthdate",
                                           "circa",
                                           "calendar_type",
                                           "day_of_month",
                                           "month_of_year",
                                           "year",
                                           "year_range_from",
                                           "year_range_to",
                                           "city",
                                           "place",
                                           "region",
                                           "zip_code",
                                           "country_iso2_code",
                                           "country_description",
                                           NULL };
static const char *const address_known[] = { "street",
                                             "po_box",
                                             "city",
                                             "zip_code",
                                             "place",
                                             "region",
                                             "country_iso2_code",
                                             "country_description",
                                             "as_at_listing_time",
                                             "contact_info",
                                             "contact_infos",
                                             NULL };
static const char *const identification_known[] = { "identification_type_code",
                                                    "identification_type_description",
                                                    "number",
                                                    "latin_number",
                                                    "name_on_document",
                                                    "issued_by",
                                                    "issue_date",
                                                    "valid_from",
                                                    "valid_to",
                                                    "known_expired",
                                                    "known_false",
                                                    "reported_lost",
                                                    "revoked_by_issuer",
                                                    "diplomatic",
                                                    "region",
                                                    "country_iso2_code",
                                                    "country_description",
                                                    NULL };
static const char *const pair_known[] = { "key", "value", NULL };

/* What every part of an entity may have. */
static const char *const part_known[] = { "logical_id",
                                          "regulation_language",
                                          "regulation_summaries",
                                          "remark",
                                          "remarks",
                                          "additional_information",
                                          NULL };

static const struct {
    const char *name;
    const char *const *known;
    void (*map_opt)(struct eu_entity *u, const struct json *in);
} lists[] = {
    { "name_aliases", name_known, eu_name },
    { "citizenships", citizenship_known, eu_citizenship },
    { "birthdates", birth_known, eu_birth },
    { "addresses", address_known, eu_address },
    { "identifications", identification_known, eu_identification },
    { "contact_info", pair_known, eu_contact },
    { "contact_infos", pair_known, eu_contact },
    { "additional_information", pair_known, eu_extra },
    { "regulations", act_known, NULL }, /* read by the alert */
};

static const char *const entity_known[] = {
    "eu_reference_number", "logical_id",     "united_nation_id", "subject_type", "designation_date",
    "designation_details", "delisting_date", "remark",           "remarks",      NULL
};

static bool is_in(struct text name, const char *const *known)
{
    while (*known != NULL && !text_is(name, *known))
        known++;
    return *known != NULL;
}

static bool says_something(const struct json *value)
{
    return value->kind == JSON_STRING ? text_trim(value->string).len > 0 : json_count(value) > 0;
}

/* Counts what has no place here: "list/member". */
static void leftovers(struct eu_entity *u, const char *list, const struct json *in,
                      const char *const *known)
{
    if (in->kind != JSON_OBJECT) {
        run_unknown(u->l.run, text_literal(list));
        return;
    }
    for (size_t i = 0; i < json_count(in); i++) {
        const struct json_member *m = &in->members[i];
        const struct text parts[] = { text_literal(list), m->name };
        if (!is_in(m->name, known) && !is_in(m->name, part_known) && says_something(&m->value))
            run_unknown(u->l.run, value_list(u->l.arena, parts, 2, TEXT("/")));
    }
}

/* Remarks stand as one text or as a list of them. */
static void remarks(struct eu_entity *u, const struct json *in, const char *label)
{
    const struct json *list = json_get(in, "remarks");
    listing_remark(&u->l, text_literal(label), eu_text(in, "remark"));
    for (size_t i = 0; i < json_count(list); i++) {
        if (json_item(list, i)->kind == JSON_STRING)
            listing_remark(&u->l, text_literal(label), text_trim(json_item_text(list, i)));
    }
}

static void map_list(struct eu_entity *u, size_t at, const struct json *list)
{
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *item = json_item(list, i);
        leftovers(u, lists[at].name, item, lists[at].known);
        if (item->kind != JSON_OBJECT || lists[at].map_opt == NULL)
            continue;
        eu_cite(u, item);
        lists[at].map_opt(u, item);
        remarks(u, item, lists[at].name);
    }
}

static void map_member(struct eu_entity *u, const struct json_member *m)
{
    size_t i = 0;
    while (i < sizeof(lists) / sizeof(lists[0]) && !text_is(m->name, lists[i].name))
        i++;
    if (i < sizeof(lists) / sizeof(lists[0]) && m->value.kind == JSON_ARRAY)
        map_list(u, i, &m->value);
    else if (!is_in(m->name, entity_known) && says_something(&m->value))
        run_unknown(u->l.run, m->name);
}

/* ---- the act that lists ---- */

static bool act_day(struct text t, struct date *out)
{
    return value_date(t, out) && out->year <= YEAR_LAST;
}

static const char *act_authority(struct text organisation)
{
    static const struct {
        const char *type, *name;
    } authorities[] = {
        { "council", "Council of the European Union" },
        { "commission", "European Commission" },
        { "un", "United Nations Security Council" },
    };
    for (size_t i = 0; i < sizeof(authorities) / sizeof(authorities[0]); i++) {
        if (text_is(organisation, authorities[i].type))
            return authorities[i].name;
    }
    return EU_AUTHORITY;
}

/* false: the entity does not say since when it is listed. */
static bool act_read(struct eu_entity *u, struct listing_act *out)
{
    const struct json *act = json_item(json_get(u->json, "regulations"), 0);
    const struct text text[] = { eu_text(act, "regulation_type"), eu_text(act, "corrigendum"),
                                 eu_text(act, "publication_url") };
    struct text published = eu_text(act, "publication_date");
    *out = (struct listing_act){ .authority = act_authority(eu_text(act, "organisation_type")),
                                 .number = value_cut(eu_text(act, "number_title"), 200),
                                 .text = value_list(u->l.arena, text, 3, TEXT(", ")) };
    if (!act_day(published, &out->decided))
        out->decided.year = 0;
    if (!act_day(eu_text(u->json, "designation_date"), &out->from) &&
        !act_day(eu_text(act, "entry_into_force_date"), &out->from) &&
        !act_day(published, &out->from))
        return false;
    if (!act_day(eu_text(u->json, "delisting_date"), &out->until))
        out->until.year = 0;
    out->review = date_add_months(out->from, REVIEW_MONTHS);
    u->l.act = out->number;
    u->l.collected = out->decided.year == 0 ? TEXT("") : published;
    return true;
}

/* Acts beyond the first, and programmes. */
static void say_acts(struct eu_entity *u)
{
    const struct json *acts = json_get(u->json, "regulations");
    for (size_t i = 0; i < json_count(acts); i++) {
        const struct json *act = json_item(acts, i);
        const struct text parts[] = { eu_text(act, "number_title"),
                                      eu_text(act, "publication_date") };
        listing_text(&u->l, "listing", eu_text(act, "programme"));
        if (i > 0)
            listing_remark(&u->l, TEXT("regulation"), value_list(u->l.arena, parts, 2, TEXT(", ")));
    }
}

/* ---- the entity ---- */

/* The first name in Latin letters with a surname, or the first in Latin letters, or the first. */
static const struct json *main_name(const struct json *names)
{
    const struct json *best = NULL;
    int best_rank = -1;
    for (size_t i = 0; i < json_count(names); i++) {
        const struct json *name = json_item(names, i);
        struct text whole = eu_text(name, "whole_name");
        bool latin = text_equal(text_literal(value_script(whole)), TEXT("Latn"));
        int rank = (latin ? 2 : 0) + (latin && eu_text(name, "last_name").len > 0 ? 1 : 0);
        if (whole.len > 0 && rank > best_rank) {
            best = name;
            best_rank = rank;
        }
    }
    return best;
}

/* false: neither person nor enterprise. */
static bool take_kind(struct eu_entity *u)
{
    const struct json *type = json_get(u->json, "subject_type");
    struct text code = eu_text(type, "classification_code");
    u->l.kind = text_is(code, "P") ? RECORD_PERSON : RECORD_ORGANISATION;
    return text_is(code, "P") || text_is(code, "E");
}

/* What no entity may lack; the field that is wrong, or NULL. */
static const char *lacking(struct eu_entity *u, struct listing_act *act_out)
{
    if (u->l.reference.len == 0)
        return "eu_reference_number";
    if (!take_kind(u))
        return "subject_type";
    u->main = main_name(json_get(u->json, "name_aliases"));
    if (u->main == NULL)
        return "name_aliases";
    return act_read(u, act_out) ? NULL : "regulations";
}

static struct json draft(struct eu_entity *u, const struct record_id *id,
                         const struct listing_act *act)
{
    const struct text reason[] = { eu_text(json_item(json_get(u->json, "regulations"), 0),
                                           "programme"),
                                   eu_text(u->json, "designation_details"), u->l.reference };
    struct json alert = listing_alert(&u->l, value_list(u->l.arena, reason, 3, TEXT(", ")), act);
    u->l.statements = json_array();
    eu_cite(u, u->main);
    eu_name(u, u->main);
    u->l.act = act->number;
    u->l.collected = act->decided.year == 0 ? TEXT("") : date_format(u->l.arena, act->decided);
    say_acts(u);
    listing_reference(&u->l, u->l.reference);
    listing_reference(&u->l, eu_text(u->json, "logical_id"));
    listing_number(&u->l, "reference", eu_text(u->json, "united_nation_id"), TEXT(""));
    remarks(u, u->json, "remark");
    for (size_t i = 0; i < json_count(u->json); i++)
        map_member(u, &u->json->members[i]);
    return listing_draft(&u->l, id, alert);
}

static struct err take_entity(struct import_run *run, const struct json *json, uint32_t line)
{
    struct eu_entity u = { .l = { .run = run, .arena = run->arena, .authority = EU_AUTHORITY },
                           .json = json };
    struct listing_act act;
    bool first = run->account->read == 0;
    if (first && (json_get(json, "subject_type") == NULL || json_get(json, "name_aliases") == NULL))
        return err_at(ERR_INVALID, line, "import.other-list");
    u.l.reference = value_cut(eu_text(json, "eu_reference_number"), 64);
    const char *field = lacking(&u, &act);
    struct record_id id = import_source_id(&run->host->owner, u.l.reference);
    if (field == NULL) {
        struct json record = draft(&u, &id, &act);
        return run_entry(run, &record, line, u.l.reference);
    }
    run_refuse(run, line, text_literal(field), "import.field-missing", u.l.reference);
    return run_keep(run, u.l.reference);
}

struct err import_eu(struct bytes in, const struct import_host *host, struct arena *arena,
                     struct import_account *out)
{
    struct import_run run;
    run_init(&run, host, arena, out);
    struct err e = run_check_file(in);
    if (!failed(e))
        e = lines_walk(&run, in, take_entity);
    if (!failed(e))
        e = run_end(&run);
    run_free(&run);
    return e;
}
