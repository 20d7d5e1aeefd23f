#include "import/eu.h"

enum { ISSUER_MAX = 200, DOCUMENT_TEXT_MAX = 500 };

/* identification_type_code: as a document of a person, or as an identifier. A document's attribute
 * is "document"; organisations have none, so theirs become references. */
static const struct {
    const char *code;
    const char *attribute;
    const char *type; /* of a document */
} papers[] = {
    { "passport", "document", "passport" },
    { "id", "document", "identity-card" },
    { "drivinglicence", "document", "driving-licence" },
    { "birthcert", "document", "birth-certificate" },
    { "residentperm", "document", "residence-permit" },
    { "electionid", "document", "voter-card" },
    { "travelcardid", "document", "unspecified" },
    { "nationcert", "document", "unspecified" },
    { "other", "document", "unspecified" },
    { "fiscalcode", "tax-number", NULL },
    { "taxid", "tax-number", NULL },
    { "euvat", "tax-number", NULL },
    { "ssn", "social-number", NULL },
    { "regnumber", "company-number", NULL },
    { "tradelic", "company-number", NULL },
    { "unssn", "company-number", NULL }, /* in use for China's unified social credit code */
    { "imo", "imo", NULL },
    { "swiftbic", "bic", NULL },
};

static size_t paper_find(struct text code)
{
    size_t i = 0;
    while (i < sizeof(papers) / sizeof(papers[0]) && !text_is(code, papers[i].code))
        i++;
    return i;
}

/* What a document says beyond its fields. */
static struct text paper_text(struct eu_entity *u, const struct json *in, bool typed)
{
    struct text number = eu_text(in, "number");
    struct text issued = eu_text(in, "issue_date");
    const struct text parts[] = {
        typed ? TEXT("") : eu_text(in, "identification_type_code"),
        eu_text(in, "identification_type_description"),
        number.len > LISTING_NUMBER_MAX ? number : TEXT(""),
        eu_text(in, "latin_number"),
        eu_text(in, "name_on_document"),
        eu_true(in, "known_expired") ? TEXT("known expired") : TEXT(""),
        issued.len > 0 ? eu_text(in, "valid_from") : TEXT(""),
        eu_text(in, "region"),
    };
    return value_cut(value_list(u->l.arena, parts, sizeof(parts) / sizeof(parts[0]), TEXT("; ")),
                     DOCUMENT_TEXT_MAX);
}

static const char *paper_status(const struct json *in)
{
    if (eu_true(in, "known_false"))
        return "false";
    if (eu_true(in, "reported_lost"))
        return "lost";
    return eu_true(in, "revoked_by_issuer") ? "revoked" : NULL;
}

static void say_document(struct eu_entity *u, const struct json *in, const char *type)
{
    struct text number = eu_text(in, "number");
    struct text issued = eu_text(in, "issue_date");
    struct text expires = eu_text(in, "valid_to");
    const char *status = paper_status(in);
    struct json value = json_object();
    if (issued.len == 0)
        issued = eu_text(in, "valid_from");
    if (text_is(text_literal(type), "passport") && eu_true(in, "diplomatic"))
        type = "passport.diplomatic";
    json_set(u->l.arena, &value, "type", json_literal(type));
    if (number.len <= LISTING_NUMBER_MAX)
        listing_set(&u->l, &value, "number", number);
    listing_set(&u->l, &value, "country", value_country_of_two(eu_text(in, "country_iso2_code")));
    listing_set(&u->l, &value, "issuer", value_cut(eu_text(in, "issued_by"), ISSUER_MAX));
    if (issued.len > 0)
        json_set(u->l.arena, &value, "issued", value_when_of(u->l.arena, issued));
    if (expires.len > 0)
        json_set(u->l.arena, &value, "expires", value_when_of(u->l.arena, expires));
    if (status != NULL)
        json_set(u->l.arena, &value, "status", json_literal(status));
    listing_set(&u->l, &value, "text",
                paper_text(u, in, !text_is(text_literal(type), "unspecified")));
    listing_say(&u->l, "document", value);
}

void eu_identification(struct eu_entity *u, const struct json *in)
{
    struct text code = eu_text(in, "identification_type_code");
    struct text number = eu_text(in, "number");
    size_t at = paper_find(code);
    bool known = at < sizeof(papers) / sizeof(papers[0]);
    const char *attribute = known ? papers[at].attribute : "reference";
    if (!known)
        run_unknown(u->l.run, TEXT("identifications/identification_type_code"));
    if (number.len == 0 || text_is(number, "-")) {
        run_unknown(u->l.run, TEXT("identifications/number"));
        return;
    }
    if (known && papers[at].type != NULL && u->l.kind == RECORD_PERSON) {
        say_document(u, in, papers[at].type);
        return;
    }
    if (known && papers[at].type != NULL)
        attribute = "reference";
    listing_number(&u->l, attribute, number,
                   value_country_of_two(eu_text(in, "country_iso2_code")));
    listing_remark(&u->l, code, paper_text(u, in, true));
}
