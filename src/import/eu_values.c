#include "import/eu.h"

enum { APPROXIMATE_YEARS = 1, PLACE_MAX = 200, POST_CODE_MAX = 32, ADMIN_MAX = 64 };

/* "00" is the list's word for unknown. */
static struct text country_of(const struct json *in)
{
    return value_country_of_two(eu_text(in, "country_iso2_code"));
}

/* ---- names ---- */

static void add_part(struct eu_entity *u, struct json *parts, const char *type, struct text text)
{
    struct json part = json_object();
    if (text.len == 0)
        return;
    json_set(u->l.arena, &part, "type", json_literal(type));
    json_set_text(u->l.arena, &part, "text", value_cut(text, PLACE_MAX));
    json_push(u->l.arena, parts, part);
}

/* Two letters, in lower case. */
static void set_language(struct eu_entity *u, struct json *statement, struct text language)
{
    char lower[2];
    if (statement == NULL || language.len != sizeof(lower))
        return;
    for (size_t i = 0; i < sizeof(lower); i++) {
        lower[i] = (char)(language.data[i] | 0x20);
        if (lower[i] < 'a' || lower[i] > 'z')
            return;
    }
    struct text text = { lower, sizeof(lower) };
    json_set_text(u->l.arena, statement, "language", arena_copy_text(u->l.arena, text));
}

static bool is_said(struct eu_entity *u, const char *attribute, struct text text)
{
    for (size_t i = 0; i < json_count(&u->l.statements); i++) {
        const struct json *s = json_item(&u->l.statements, i);
        if (text_is(json_get_text(s, "attribute"), attribute) &&
            text_equal(json_get_text(json_get(s, "value"), "text"), text))
            return true;
    }
    return false;
}

/* The same function stands at many names of one person. */
static void say_function(struct eu_entity *u, const struct json *in)
{
    struct text function = eu_text(in, "function");
    if (function.len == 0 || is_said(u, "position", function))
        return;
    if (u->l.kind == RECORD_PERSON)
        listing_text(&u->l, "position", function);
    else
        listing_remark(&u->l, TEXT("function"), function);
}

static void say_sex(struct eu_entity *u, struct text gender)
{
    struct json value = json_object();
    uint32_t bit = text_is(gender, "M") ? 1 : text_is(gender, "F") ? 2 : 0;
    if (gender.len > 0 && bit == 0)
        run_unknown(u->l.run, TEXT("name_aliases/gender"));
    if (bit == 0 || (u->sexes & bit) != 0 || u->l.kind != RECORD_PERSON)
        return;
    u->sexes |= bit;
    json_set_text(u->l.arena, &value, "code", gender);
    listing_say(&u->l, "sex", value);
}

/* Called for the main name first; it comes again in its list. */
void eu_name(struct eu_entity *u, const struct json *in)
{
    struct text full = eu_text(in, "whole_name");
    struct json value = json_object();
    struct json parts = json_array();
    if (in == u->main && json_count(&u->l.statements) > 0) {
        say_function(u, in);
        say_sex(u, eu_text(in, "gender"));
        return;
    }
    if (full.len > LISTING_NAME_MAX) {
        listing_remark(&u->l, TEXT("whole_name"), full);
        return;
    }
    add_part(u, &parts, "prefix", eu_text(in, "title"));
    add_part(u, &parts, "given", eu_text(in, "first_name"));
    add_part(u, &parts, "middle", eu_text(in, "middle_name"));
    add_part(u, &parts, "surname", eu_text(in, "last_name"));
    if (full.len == 0 && json_count(&parts) == 0)
        return;
    listing_set(&u->l, &value, "full", full);
    if (json_count(&parts) > 0)
        json_set(u->l.arena, &value, "parts", parts);
    if (text_is(eu_text(in, "strong"), "false"))
        json_set(u->l.arena, &value, "weak", json_bool(true));
    struct json *statement = listing_say(&u->l, "name", value);
    set_language(u, statement, eu_text(in, "name_language"));
    if (in == u->main)
        return;
    listing_alias(&u->l, statement, full);
    say_function(u, in);
    say_sex(u, eu_text(in, "gender"));
}

/* ---- citizenship ---- */

static void set_day(struct eu_entity *u, struct json *value, const char *name, struct text day)
{
    struct date date;
    if (value_date(day, &date))
        json_set_text(u->l.arena, value, name, date_format(u->l.arena, date));
}

void eu_citizenship(struct eu_entity *u, const struct json *in)
{
    struct text country = country_of(in);
    struct json value = json_object();
    listing_remark(&u->l, TEXT("citizenship"), eu_text(in, "region"));
    if (country.len == 0 || u->l.kind != RECORD_PERSON) {
        listing_remark(&u->l, TEXT("citizenship"), eu_text(in, "country_description"));
        return;
    }
    json_set_text(u->l.arena, &value, "country", country);
    set_day(u, &value, "acquired", eu_text(in, "acquisition_date"));
    set_day(u, &value, "lost", eu_text(in, "disenfranchisement_date"));
    listing_say(&u->l, "nationality", value);
}

/* ---- birth ---- */

/* 1 to 31, or 0. */
static int small_number(struct text t)
{
    int value = 0;
    for (size_t i = 0; i < t.len && t.len <= 2; i++) {
        if (t.data[i] < '0' || t.data[i] > '9')
            return 0;
        value = value * 10 + (t.data[i] - '0');
    }
    return value > 31 ? 0 : value;
}

/* As the list has it: "circa 24.6.1402 (ISLAMIC), 1982-04-19". */
static struct text date_written(struct eu_entity *u, const struct json *in)
{
    struct text calendar = eu_text(in, "calendar_type");
    const struct text span[] = { eu_text(in, "year_range_from"), eu_text(in, "year_range_to") };
    const struct text day[] = { eu_text(in, "day_of_month"), eu_text(in, "month_of_year"),
                                eu_text(in, "year") };
    bool other = calendar.len > 0 && !text_is(calendar, "GREGORIAN");
    struct text birthdate = eu_text(in, "birthdate");
    bool dated = birthdate.len > 0 && !other;
    const struct text parts[] = { eu_true(in, "circa") ? TEXT("circa") : TEXT(""),
                                  dated ? TEXT("") : value_list(u->l.arena, day, 3, TEXT(".")),
                                  value_list(u->l.arena, span, 2, TEXT("-")), birthdate,
                                  other ? calendar : TEXT("") };
    return value_cut(value_list(u->l.arena, parts, 5, TEXT(" ")), 200);
}

/* What is known of a Gregorian date without its day. */
static struct json partial_date(struct eu_entity *u, const struct json *in, struct text written)
{
    int year = value_year(eu_text(in, "year"));
    int month = small_number(eu_text(in, "month_of_year"));
    int from = value_year(eu_text(in, "year_range_from"));
    int to = value_year(eu_text(in, "year_range_to"));
    if (from > 0 || to > 0)
        return value_when_years(u->l.arena, written, from > 0 ? from : to, to > 0 ? to : from,
                                "about");
    if (eu_true(in, "circa"))
        return value_when_years(u->l.arena, written, year - APPROXIMATE_YEARS,
                                year + APPROXIMATE_YEARS, "about");
    if (year > 0 && month >= 1 && month <= 12)
        return value_when_month(u->l.arena, written, year, month);
    return value_when_years(u->l.arena, written, year, year, "year-only");
}

/* A year of another calendar without its day is kept as written: the list says ISLAMIC of solar
 * and of lunar years, which lie forty years apart. */
static struct json birth_when(struct eu_entity *u, const struct json *in)
{
    static const struct {
        const char *type, *code;
    } calendars[] = { { "ISLAMIC", "islamic" }, { "JULIAN", "julian" } };
    struct text written = date_written(u, in);
    struct text type = eu_text(in, "calendar_type");
    bool gregorian = type.len == 0 || text_is(type, "GREGORIAN");
    struct date none = { 0, 0, 0 };
    struct date day;
    struct json value;
    if (!value_date(eu_text(in, "birthdate"), &day))
        value = gregorian ? partial_date(u, in, written)
                          : value_when(u->l.arena, written, none, none, "unknown");
    else if (eu_true(in, "circa"))
        value = value_when_years(u->l.arena, written, day.year - APPROXIMATE_YEARS,
                                 day.year + APPROXIMATE_YEARS, "about");
    else
        value = value_when(u->l.arena, written, day, day, "exact");
    for (size_t i = 0; i < sizeof(calendars) / sizeof(calendars[0]); i++) {
        if (text_is(type, calendars[i].type))
            json_set(u->l.arena, &value, "calendar", json_literal(calendars[i].code));
    }
    return value;
}

/* ---- places ---- */

static void set_place_part(struct eu_entity *u, struct json *value, const char *name,
                           struct text text, size_t max)
{
    if (text.len <= max)
        listing_set(&u->l, value, name, text);
}

/* Street to country; what is longer than its field stands in `written` only. Empty: false. */
static bool place(struct eu_entity *u, const struct json *in, struct json *out)
{
    const struct text street[] = { eu_text(in, "street"), eu_text(in, "po_box") };
    struct text streets = value_list(u->l.arena, street, 2, TEXT(", "));
    struct text region = eu_text(in, "region");
    struct text country = country_of(in);
    const struct text parts[] = { streets,
                                  eu_text(in, "zip_code"),
                                  eu_text(in, "city"),
                                  eu_text(in, "place"),
                                  region,
                                  text_is(eu_text(in, "country_iso2_code"), "00")
                                      ? TEXT("")
                                      : eu_text(in, "country_description") };
    struct text written = value_list(u->l.arena, parts, 6, TEXT(", "));
    struct json admin = json_array();
    *out = json_object();
    listing_set(&u->l, out, "written", value_cut(written, LISTING_WRITTEN_MAX));
    listing_set(&u->l, out, "country", country);
    set_place_part(u, out, "locality", eu_text(in, "city"), PLACE_MAX);
    set_place_part(u, out, "street", streets, PLACE_MAX);
    set_place_part(u, out, "post_code", eu_text(in, "zip_code"), POST_CODE_MAX);
    if (region.len > 0 && region.len <= ADMIN_MAX) {
        json_push(u->l.arena, &admin, json_string(region));
        json_set(u->l.arena, out, "admin", admin);
    }
    return written.len > 0;
}

void eu_birth(struct eu_entity *u, const struct json *in)
{
    struct json where;
    if (u->l.kind != RECORD_PERSON) {
        listing_remark(&u->l, TEXT("birthdate"), date_written(u, in));
        return;
    }
    if (eu_text(in, "birthdate").len + eu_text(in, "year").len +
            eu_text(in, "year_range_from").len + eu_text(in, "year_range_to").len >
        0)
        listing_say(&u->l, "birth-date", birth_when(u, in));
    if (place(u, in, &where))
        listing_say(&u->l, "birth-place", where);
}

void eu_contact(struct eu_entity *u, const struct json *in)
{
    static const struct {
        const char *key, *attribute;
    } kinds[] = { { "PHONE", "phone" }, { "EMAIL", "email" }, { "WEB", "website" } };
    struct text key = eu_text(in, "key");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (text_is(key, kinds[i].key)) {
            listing_number(&u->l, kinds[i].attribute, eu_text(in, "value"), TEXT(""));
            return;
        }
    }
    listing_remark(&u->l, key, eu_text(in, "value")); /* FAX and what may come */
}

void eu_address(struct eu_entity *u, const struct json *in)
{
    static const char *const contacts[] = { "contact_info", "contact_infos" };
    struct json where;
    if (place(u, in, &where)) {
        struct json *statement = listing_say(&u->l, "address", where);
        if (statement != NULL && eu_true(in, "as_at_listing_time") && u->l.collected.len > 0) {
            struct json seen = json_object();
            json_set_text(u->l.arena, &seen, "from", u->l.collected);
            json_set_text(u->l.arena, &seen, "to", u->l.collected);
            json_set(u->l.arena, statement, "seen", seen);
        }
    }
    for (size_t c = 0; c < 2; c++) {
        const struct json *list = json_get(in, contacts[c]);
        for (size_t i = 0; i < json_count(list); i++)
            eu_contact(u, json_item(list, i));
    }
}
