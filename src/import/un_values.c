#include "import/un.h"

enum { APPROXIMATE_YEARS = 1 };

/* A place; what is too long for its field is in the note or nowhere else. Empty: false. */
static bool place(struct un_entry *u, const struct xml_element *e, struct json *out)
{
    static const char *const known[] = { "STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY",
                                         "NOTE",   NULL };
    struct text street = xml_child_text(e, "STREET");
    struct text city = xml_child_text(e, "CITY");
    struct text country = xml_child_text(e, "COUNTRY");
    struct text note = xml_child_text(e, "NOTE");
    const struct text parts[] = { street, city, xml_child_text(e, "STATE_PROVINCE"),
                                  xml_child_text(e, "ZIP_CODE"), country };
    un_leftovers(u, e, known);
    struct text written = value_list(u->l.arena, parts, 5, TEXT(", "));
    const struct text all[] = { written, note };
    if (written.len + note.len + 2 <= LISTING_WRITTEN_MAX)
        written = value_list(u->l.arena, all, 2, TEXT("; "));
    else
        listing_remark(&u->l, e->name, note);
    *out = json_object();
    listing_set(&u->l, out, "written", written);
    listing_set(&u->l, out, "country", value_country(country));
    listing_set(&u->l, out, "locality", city);
    listing_set(&u->l, out, "street", street);
    listing_set(&u->l, out, "post_code", xml_child_text(e, "ZIP_CODE"));
    return written.len > 0;
}

void un_birth_place(struct un_entry *u, const struct xml_element *e)
{
    struct json value;
    if (place(u, e, &value))
        listing_say(&u->l, "birth-place", value);
}

void un_address(struct un_entry *u, const struct xml_element *e)
{
    struct json value;
    if (place(u, e, &value))
        listing_say(&u->l, "address", value);
}

/* "APPROXIMATELY 1963": what the list says, in its own words. */
static struct text date_written(struct un_entry *u, const struct xml_element *e)
{
    const struct text span[] = { xml_child_text(e, "FROM_YEAR"), xml_child_text(e, "TO_YEAR") };
    struct text type = xml_child_text(e, "TYPE_OF_DATE");
    const struct text parts[] = { text_is(type, "EXACT") ? TEXT("") : type,
                                  xml_child_text(e, "DATE"), xml_child_text(e, "YEAR"),
                                  value_list(u->l.arena, span, 2, TEXT("-")),
                                  xml_child_text(e, "NOTE") };
    return text_slice(value_list(u->l.arena, parts, 5, TEXT(" ")), 0, 200);
}

void un_birth_date(struct un_entry *u, const struct xml_element *e)
{
    static const char *const known[] = { "TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR",
                                         "TO_YEAR",      "NOTE", NULL };
    struct text type = xml_child_text(e, "TYPE_OF_DATE");
    struct text written = date_written(u, e);
    struct date date;
    struct json value;
    un_leftovers(u, e, known);
    int year = value_year(xml_child_text(e, "YEAR"));
    int from = value_year(xml_child_text(e, "FROM_YEAR"));
    int to = value_year(xml_child_text(e, "TO_YEAR"));
    bool day = value_date(xml_child_text(e, "DATE"), &date);
    bool about = text_is(type, "APPROXIMATELY");
    if (written.len == 0 || text_equal(written, type))
        return;
    if (text_is(type, "BETWEEN"))
        value = value_when_years(u->l.arena, written, from, to, "about");
    else if (about && (day || year > 0))
        value = value_when_years(u->l.arena, written, (day ? date.year : year) - APPROXIMATE_YEARS,
                                 (day ? date.year : year) + APPROXIMATE_YEARS, "about");
    else if (day)
        value = value_when(u->l.arena, written, date, date, "exact");
    else
        value = value_when_years(u->l.arena, written, year, year, "year-only");
    listing_say(&u->l, "birth-date", value);
}

static void in_identity(struct un_entry *u, struct json *statement, struct text identity)
{
    if (statement == NULL || identity.len == 0)
        return;
    json_set(u->l.arena, statement, "set", json_literal("alias"));
    json_set_text(u->l.arena, statement, "identity", identity);
}

/* Birth date and place that belong to the alias only. */
static void alias_birth(struct un_entry *u, const struct xml_element *e, struct text identity)
{
    struct text date = xml_child_text(e, "DATE_OF_BIRTH");
    struct text city = xml_child_text(e, "CITY_OF_BIRTH");
    struct text country = xml_child_text(e, "COUNTRY_OF_BIRTH");
    const struct text parts[] = { city, country };
    struct json where = json_object();
    if (date.len > 0)
        in_identity(u, listing_say(&u->l, "birth-date", value_when_of(u->l.arena, date)), identity);
    if (city.len + country.len == 0)
        return;
    listing_set(&u->l, &where, "written", value_list(u->l.arena, parts, 2, TEXT(", ")));
    listing_set(&u->l, &where, "locality", city);
    listing_set(&u->l, &where, "country", value_country(country));
    in_identity(u, listing_say(&u->l, "birth-place", where), identity);
}

void un_alias(struct un_entry *u, const struct xml_element *e)
{
    static const char *const known[] = {
        "QUALITY", "ALIAS_NAME", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE", NULL
    };
    struct text name = xml_child_text(e, "ALIAS_NAME");
    struct text quality = xml_child_text(e, "QUALITY");
    struct text note = xml_child_text(e, "NOTE");
    struct text identity = TEXT("");
    struct json value = json_object();
    un_leftovers(u, e, known);
    if (name.len == 0)
        return;
    if (name.len > LISTING_NAME_MAX) {
        listing_remark(&u->l, TEXT("ALIAS_NAME"), name);
        return;
    }
    bool own_birth = xml_child_text(e, "DATE_OF_BIRTH").len +
                         xml_child_text(e, "CITY_OF_BIRTH").len +
                         xml_child_text(e, "COUNTRY_OF_BIRTH").len >
                     0;
    if (own_birth)
        identity = draft_local_id(u->l.arena, 'i', ++u->identities);
    json_set_text(u->l.arena, &value, "full", name);
    if (text_is(quality, "Low"))
        json_set(u->l.arena, &value, "weak", json_bool(true));
    else if (!text_is(quality, "Good"))
        listing_set(&u->l, &value, "use", quality); /* a.k.a., f.k.a. */
    struct json *statement = listing_say(&u->l, "name", value);
    if (statement == NULL)
        return;
    json_set(u->l.arena, statement, "set", json_literal("alias"));
    json_set(u->l.arena, statement, "script", json_literal(value_script(name)));
    in_identity(u, statement, identity);
    if (note.len > 0) {
        const struct text parts[] = { name, note };
        listing_remark(&u->l, TEXT("ALIAS_NOTE"), value_list(u->l.arena, parts, 2, TEXT(": ")));
    }
    alias_birth(u, e, identity);
}

static void say_nationality(struct un_entry *u, const struct xml_element *e, struct text name)
{
    struct text country = value_country(name);
    struct json value = json_object();
    if (name.len == 0)
        return;
    if (country.len == 0) {
        run_unknown(u->l.run, TEXT("NATIONALITY/VALUE"));
        listing_remark(&u->l, e->name, name);
        return;
    }
    json_set_text(u->l.arena, &value, "country", country);
    listing_say(&u->l, "nationality", value);
}

void un_nationality(struct un_entry *u, const struct xml_element *e)
{
    static const char *const known[] = { "VALUE", NULL };
    un_leftovers(u, e, known);
    say_nationality(u, e, e->value); /* NATIONALITY2 of the schema is a plain text */
    for (const struct xml_element *v = e->child; v != NULL; v = v->next) {
        if (text_is(v->name, "VALUE"))
            say_nationality(u, e, v->value);
    }
}

void un_gender(struct un_entry *u, const struct xml_element *e)
{
    struct json value = json_object();
    char first = e->value.len > 0 ? e->value.data[0] : 0;
    if (first == 0)
        return;
    if (first != 'M' && first != 'F' && first != 'U') {
        run_unknown(u->l.run, e->name);
        return;
    }
    json_set_text(u->l.arena, &value, "code", text_slice(e->value, 0, 1));
    listing_say(&u->l, "sex", value);
}

static bool is_passport(struct text type)
{
    return text_starts(type, TEXT("Passport")) ||
           text_starts(type, TEXT("Num\xC3\xA9ro de pass")) ||
           text_starts(type, TEXT("N\xC3\xBAmero de pasap"));
}

static bool is_national_number(struct text type)
{
    return text_starts(type, TEXT("National Identification")) ||
           text_starts(type, TEXT("National identification"));
}

/* What a document says beyond its fields. */
static struct text document_text(struct un_entry *u, const struct xml_element *e, struct text type)
{
    struct text number = xml_child_text(e, "NUMBER");
    const struct text parts[] = { type, xml_child_text(e, "TYPE_OF_DOCUMENT2"),
                                  number.len > LISTING_NUMBER_MAX ? number : TEXT(""),
                                  xml_child_text(e, "NOTE") };
    return text_slice(value_list(u->l.arena, parts, 4, TEXT("; ")), 0, 500);
}

static struct text document_country(const struct xml_element *e)
{
    struct text issuer = value_country(xml_child_text(e, "ISSUING_COUNTRY"));
    return issuer.len > 0 ? issuer : value_country(xml_child_text(e, "COUNTRY_OF_ISSUE"));
}

static struct json document_place(struct un_entry *u, const struct xml_element *e)
{
    struct text city = xml_child_text(e, "CITY_OF_ISSUE");
    struct text country = xml_child_text(e, "COUNTRY_OF_ISSUE");
    struct text issuer = xml_child_text(e, "ISSUING_COUNTRY");
    const struct text parts[] = { city, country.len > 0 ? country : issuer };
    struct json where = json_object();
    listing_set(&u->l, &where, "written", value_list(u->l.arena, parts, 2, TEXT(", ")));
    listing_set(&u->l, &where, "locality", city);
    return where;
}

void un_document(struct un_entry *u, const struct xml_element *e)
{
    static const char *const known[] = { "TYPE_OF_DOCUMENT",
                                         "TYPE_OF_DOCUMENT2",
                                         "NUMBER",
                                         "ISSUING_COUNTRY",
                                         "COUNTRY_OF_ISSUE",
                                         "CITY_OF_ISSUE",
                                         "DATE_OF_ISSUE",
                                         "NOTE",
                                         NULL };
    struct text type = xml_child_text(e, "TYPE_OF_DOCUMENT");
    struct text number = xml_child_text(e, "NUMBER");
    struct text issued = xml_child_text(e, "DATE_OF_ISSUE");
    bool national = is_national_number(type) && number.len > 0 && number.len <= LISTING_NUMBER_MAX;
    bool passport = is_passport(type);
    struct text text = document_text(u, e, passport || national ? TEXT("") : type);
    struct json where = document_place(u, e);
    struct json value = json_object();
    un_leftovers(u, e, known);
    if (number.len + text.len == 0)
        return;
    if (number.len > 0 && number.len <= LISTING_NUMBER_MAX)
        json_set_text(u->l.arena, &value, "number", number);
    listing_set(&u->l, &value, "country", document_country(e));
    if (national) {
        listing_say(&u->l, "national-number", value);
        listing_remark(&u->l, TEXT("NATIONAL_NUMBER"), text);
        return;
    }
    json_set(u->l.arena, &value, "type", json_literal(passport ? "passport" : "unspecified"));
    if (json_count(&where) > 0)
        json_set(u->l.arena, &value, "place", where);
    if (issued.len > 0)
        json_set(u->l.arena, &value, "issued", value_when_of(u->l.arena, issued));
    listing_set(&u->l, &value, "text", text);
    listing_say(&u->l, "document", value);
}
