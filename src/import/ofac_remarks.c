#include "import/ofac.h"

enum { ITEM_MAX = 120, APPROXIMATE_YEARS = 1 };

/* ---- dates, in English ---- */

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int month_of(struct text t)
{
    for (int i = 0; i < 12; i++) {
        if (text_is(t, months[i]))
            return i + 1;
    }
    return 0;
}

/* First and last day of "15 Jan 1955", "Jan 1955" or "1955"; false: something else. */
static bool span_of(struct text t, struct date *first, struct date *last)
{
    struct text words[3];
    size_t count = 0;
    for (t = text_trim(t); t.len > 0 && count < 3; t = text_trim(t))
        words[count++] = text_split(&t, ' ');
    int year = count == 0 || t.len > 0 ? 0 : value_year(words[count - 1]);
    int month = count >= 2 ? month_of(words[count - 2]) : 1;
    uint32_t day = count == 3 ? ofac_number(words[0]) : 1;
    if (year == 0 || month == 0 || day == 0 || day > 31)
        return false;
    *first = (struct date){ (int16_t)year, (uint8_t)month, (uint8_t)day };
    *last = *first;
    if (count == 1)
        last->month = 12;
    if (count < 3)
        last->day = date_month_days(year, last->month);
    return date_valid(*first);
}

/* Splits at " to " or, between years, at a hyphen; false: it is one date. */
static bool split_range(struct text t, struct text *left, struct text *right)
{
    for (size_t i = 1; i + 1 < t.len; i++) {
        size_t gap = text_starts(text_slice(t, i, 4), TEXT(" to ")) ? 4 : t.data[i] == '-' ? 1 : 0;
        if (gap == 0)
            continue;
        *left = text_slice(t, 0, i);
        *right = text_slice(t, i + gap, t.len);
        return true;
    }
    return false;
}

struct json ofac_when(struct arena *arena, struct text written)
{
    struct text text = written;
    struct text left;
    struct text right;
    struct date none = { 0, 0, 0 };
    struct date first;
    struct date last;
    struct date other;
    bool about = text_starts(text, TEXT("circa "));
    if (about)
        text = text_trim(text_slice(text, 6, text.len));
    if (split_range(text, &left, &right)) {
        if (span_of(left, &first, &other) && span_of(right, &other, &last) &&
            date_days(first) <= date_days(last))
            return value_when(arena, written, first, last, "about");
        return value_when(arena, written, none, none, "unknown");
    }
    if (!span_of(text, &first, &last))
        return value_when(arena, written, none, none, "unknown");
    if (about)
        return value_when_years(arena, written, first.year - APPROXIMATE_YEARS,
                                first.year + APPROXIMATE_YEARS, "about");
    if (date_days(first) == date_days(last))
        return value_when(arena, written, first, last, "exact");
    return value_when(arena, written, first, last,
                      first.month == last.month ? "month-only" : "year-only");
}

/* ---- one item ---- */

/* "NUMBER (Country) issued DATE expires DATE": all but the number may be absent. */
struct paper {
    struct text number, country, issued, expires;
};

/* Cuts off what stands behind the last `word`. */
static struct text cut_behind(struct text *t, const char *word)
{
    struct text mark = text_literal(word);
    for (size_t i = t->len; i-- > 0;) {
        if (!text_starts(text_slice(*t, i, t->len), mark))
            continue;
        struct text rest = text_slice(*t, i + mark.len, t->len);
        *t = text_trim(text_slice(*t, 0, i));
        return text_trim(rest);
    }
    return TEXT("");
}

static struct paper paper_of(struct text t)
{
    struct paper out = { .expires = cut_behind(&t, " expires ") };
    out.issued = cut_behind(&t, " issued ");
    if (text_ends(t, TEXT(")"))) {
        struct text whole = t;
        struct text country = cut_behind(&t, " (");
        out.country = value_country(text_slice(country, 0, country.len == 0 ? 0 : country.len - 1));
        if (out.country.len == 0)
            t = whole; /* the bracket belongs to the number */
    }
    out.number = t;
    return out;
}

static void say_when(struct listing *l, const char *attribute, struct text value)
{
    if (listing_applies(l, attribute))
        listing_say(l, attribute, ofac_when(l->arena, value_cut(value, ITEM_MAX)));
}

static void say_where(struct listing *l, const char *attribute, struct text value)
{
    struct json where = json_object();
    struct text country = value;
    while (country.len > 0 && memchr(country.data, ',', country.len) != NULL)
        text_split(&country, ',');
    country = value_country(text_trim(country));
    if (country.len == 0) /* "Korea, North" has a comma of its own */
        country = value_country(value);
    listing_set(l, &where, "written", value_cut(value, LISTING_WRITTEN_MAX));
    listing_set(l, &where, "country", country);
    if (listing_applies(l, attribute))
        listing_say(l, attribute, where);
}

static void say_sex(struct listing *l, const char *attribute, struct text value)
{
    struct json sex = json_object();
    const char *code = text_is(value, "Male") ? "M" : text_is(value, "Female") ? "F" : NULL;
    if (code == NULL || !listing_applies(l, attribute))
        return;
    json_set(l->arena, &sex, "code", json_literal(code));
    listing_say(l, attribute, sex);
}

static void say_country(struct listing *l, const char *attribute, struct text value)
{
    listing_country(l, attribute, value_country(value));
}

static void say_text(struct listing *l, const char *attribute, struct text value)
{
    if (listing_applies(l, attribute))
        listing_text(l, attribute, value);
}

static void say_holder(struct listing *l, const char *attribute, struct text value)
{
    struct json holder = json_object();
    json_set_text(l->arena, &holder, "full", value_cut(value, LISTING_NAME_MAX));
    if (listing_applies(l, attribute))
        listing_say(l, attribute, holder);
}

static void say_number(struct listing *l, const char *attribute, struct text value)
{
    struct paper paper = paper_of(value);
    listing_number(l, attribute, paper.number, paper.country);
}

/* Papers: the attribute is the type of the document; other kinds than persons have references. */
static void say_paper(struct listing *l, const char *type, struct text value)
{
    struct paper paper = paper_of(value);
    struct json out = json_object();
    if (l->kind != RECORD_PERSON || paper.number.len > LISTING_NUMBER_MAX) {
        listing_number(l, "reference", paper.number, paper.country);
        return;
    }
    json_set(l->arena, &out, "type", json_literal(type));
    listing_set(l, &out, "number", paper.number);
    listing_set(l, &out, "country", paper.country);
    if (paper.issued.len > 0)
        json_set(l->arena, &out, "issued", ofac_when(l->arena, value_cut(paper.issued, ITEM_MAX)));
    if (paper.expires.len > 0)
        json_set(l->arena, &out, "expires",
                 ofac_when(l->arena, value_cut(paper.expires, ITEM_MAX)));
    listing_say(l, "document", out);
}

/* "XBT 12QtD5…": the currency, and the address. */
static void say_crypto(struct listing *l, const char *attribute, struct text value)
{
    struct json out = json_object();
    struct text address = value;
    struct text currency = text_split(&address, ' ');
    address = text_trim(address);
    if (address.len == 0 || currency.len > 64 || address.len > ITEM_MAX)
        return;
    if (!listing_applies(l, attribute))
        attribute = "reference";
    json_set_text(l->arena, &out, "number", address);
    json_set_text(l->arena, &out, "service", currency);
    listing_say(l, attribute, out);
}

/* 'NAME' in the remarks is weak: OFAC calls it too broad to search by alone. */
static void say_weak(struct listing *l, const char *use, struct text value)
{
    struct text full = value;
    if (text_ends(full, TEXT("'")))
        full = text_slice(full, 0, full.len - 1);
    if (full.len == 0 || full.len > LISTING_NAME_MAX)
        return;
    struct json name = ofac_name(l, full);
    json_set(l->arena, &name, "weak", json_bool(true));
    json_set(l->arena, &name, "use", json_literal(use));
    listing_alias(l, listing_say(l, "name", name), full);
}

/* The 20 characters of ISO 17442, or a register's number that goes by the same words. */
static void say_entity_number(struct listing *l, const char *attribute, struct text value)
{
    enum { LEI_LEN = 20 };
    struct paper paper = paper_of(value);
    listing_number(l, paper.number.len == LEI_LEN ? attribute : "company-number", paper.number,
                   paper.country);
}

/* By what the item begins with; the longer of two that begin alike stands first. `to` is the
 * attribute, the type of a document, or how a name is used. */
static const struct {
    const char *prefix;
    void (*say)(struct listing *l, const char *to, struct text value);
    const char *to;
} items[] = {
    { "DOB ", say_when, "birth-date" },
    { "POB ", say_where, "birth-place" },
    { "Gender ", say_sex, "sex" },
    { "nationality ", say_country, "nationality" },
    { "citizen ", say_country, "nationality" },
    { "Nationality of Registration ", say_country, "residence-country" },
    { "a.k.a. '", say_weak, "aka" },
    { "f.k.a. '", say_weak, "fka" },
    { "n.k.a. '", say_weak, "nka" },
    { "Passport ", say_paper, "passport" },
    { "Diplomatic Passport ", say_paper, "passport.diplomatic" },
    { "Driver's License No. ", say_paper, "driving-licence" },
    { "Electoral Registry No. ", say_paper, "voter-card" },
    { "Credencial electoral ", say_paper, "voter-card" },
    { "Residency Number ", say_paper, "residence-permit" },
    { "Birth Certificate Number ", say_paper, "birth-certificate" },
    { "Stateless Person ID Card ", say_paper, "refugee-document" },
    { "Personal ID Card ", say_paper, "identity-card" },
    { "National ID No. ", say_number, "national-number" },
    { "Cedula No. ", say_number, "national-number" },
    { "C.U.R.P. ", say_number, "national-number" },
    { "D.N.I. ", say_number, "national-number" },
    { "Numero de Identidad ", say_number, "national-number" },
    { "Turkish Identification Number ", say_number, "national-number" },
    { "Kenyan ID No. ", say_number, "national-number" },
    { "SSN ", say_number, "social-number" },
    { "NIT # ", say_number, "tax-number" },
    { "R.F.C. ", say_number, "tax-number" },
    { "RFC ", say_number, "tax-number" },
    { "RUC # ", say_number, "tax-number" },
    { "RIF # ", say_number, "tax-number" },
    { "Tax ID No. ", say_number, "tax-number" },
    { "V.A.T. Number ", say_number, "tax-number" },
    { "Italian Fiscal Code ", say_number, "tax-number" },
    { "Registration ID ", say_number, "company-number" },
    { "Registration Number ", say_number, "company-number" },
    { "Company Number IMO ", say_number, "imo" },
    { "Company Number ", say_number, "company-number" },
    { "Commercial Registry Number ", say_number, "company-number" },
    { "Matricula Mercantil No ", say_number, "company-number" },
    { "Folio Mercantil No. ", say_number, "company-number" },
    { "C.R. No. ", say_number, "company-number" },
    { "Business Registration Document # ", say_number, "company-number" },
    { "Business Registration Number ", say_number, "company-number" },
    { "Public Registration Number ", say_number, "company-number" },
    { "Unified Social Credit Code (USCC) ", say_number, "company-number" },
    { "Trade License No. ", say_number, "company-number" },
    { "Legal Entity Number ", say_entity_number, "lei" },
    { "SWIFT/BIC ", say_number, "bic" },
    { "Government Gazette Number ", say_number, "reference" },
    { "D-U-N-S Number ", say_number, "reference" },
    { "ISIN ", say_number, "reference" },
    { "BIK (RU) ", say_number, "reference" },
    { "License ", say_number, "reference" },
    { "Vessel Registration Identification IMO ", say_number, "imo" },
    { "Vessel Registration Identification ", say_number, "hull" },
    { "Identification Number IMO ", say_number, "imo" },
    { "Identification Number ", say_paper, "unspecified" },
    { "MMSI ", say_number, "mmsi" },
    { "Aircraft Tail Number ", say_number, "aircraft-registration" },
    { "Previous Aircraft Tail Number ", say_number, "aircraft-registration" },
    { "Aircraft Mode S Transponder Code ", say_number, "icao24" },
    { "Aircraft Manufacturer's Serial Number (MSN) ", say_number, "serial" },
    { "Aircraft Construction Number (also called L/N or S/N or F/N) ", say_number, "serial" },
    { "Aircraft Model ", say_text, "model" },
    { "Aircraft Manufacture Date ", say_when, "year" },
    { "Aircraft Operator ", say_holder, "operator-name" },
    { "Organization Established Date ", say_when, "founded" },
    { "Linked To: ", say_text, "affiliation" },
    { "Email Address ", say_number, "email" },
    { "Website ", say_number, "website" },
    { "Phone Number ", say_number, "phone" },
    { "Telephone Number: ", say_number, "phone" },
    { "Telephone No. ", say_number, "phone" },
    { "Telephone ", say_number, "phone" },
    { "Digital Currency Address - ", say_crypto, "crypto" },
};

static void say_item(struct listing *l, struct text item)
{
    if (text_starts(item, TEXT("alt. ")))
        item = text_trim(text_slice(item, 5, item.len));
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        struct text prefix = text_literal(items[i].prefix);
        if (text_starts(item, prefix) && item.len > prefix.len) {
            items[i].say(l, items[i].to, text_trim(text_slice(item, prefix.len, item.len)));
            return;
        }
    }
}

/* Items stand between semicolons, and a full stop ends the last. */
void ofac_remarks(struct listing *l, struct text remarks)
{
    struct text rest = remarks;
    listing_text(l, "remark", remarks);
    while (rest.len > 0) {
        struct text item = text_trim(text_split(&rest, ';'));
        if (rest.len == 0 && text_ends(item, TEXT(".")))
            item = text_slice(item, 0, item.len - 1);
        if (item.len > 0)
            say_item(l, item);
    }
}
