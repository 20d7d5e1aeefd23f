#include "import/ofac.h"

/* The lists of the Office of Foreign Assets Control as CSV, SDN and non-SDN: three files and the
 * overflow of the remarks, without a header, Latin-1, "-0-" for nothing. They give no date at all:
 * an entry counts from the year in which the office began, and its review is the next import. */
#define OFAC_AUTHORITY "Office of Foreign Assets Control, United States Department of the Treasury"

enum { SINCE_YEAR = 1950, PLACE_MAX = 200, REMARKS_MAX = 1000 };

enum {
    MAIN_NUMBER,
    MAIN_NAME,
    MAIN_TYPE,
    MAIN_PROGRAM,
    MAIN_TITLE,
    MAIN_CALL_SIGN,
    MAIN_VESSEL_TYPE,
    MAIN_TONNAGE,
    MAIN_GRT,
    MAIN_FLAG,
    MAIN_OWNER,
    MAIN_REMARKS
};
enum { ALT_TYPE = 2, ALT_NAME, ALT_REMARKS };
enum { ADD_ADDRESS = 2, ADD_CITY, ADD_COUNTRY, ADD_REMARKS };
enum { COMMENTS_TEXT = 1 };

/* "sdn.csv/ent_num" */
static struct text place_of(struct ofac_list *list, enum ofac_part part, const char *column)
{
    const struct text parts[] = { text_literal(ofac_part_name(part)), text_literal(column) };
    return value_list(list->run.arena, parts, 2, TEXT("/"));
}

static bool kind_of(struct text type, enum record_kind *out)
{
    static const struct {
        const char *type;
        enum record_kind kind;
    } kinds[] = { { "", RECORD_ORGANISATION },
                  { "entity", RECORD_ORGANISATION },
                  { "individual", RECORD_PERSON },
                  { "vessel", RECORD_VESSEL },
                  { "aircraft", RECORD_AIRCRAFT } };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (text_is(type, kinds[i].type)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

/* ---- names ---- */

static void name_part(struct listing *l, struct json *parts, const char *type, struct text text)
{
    struct json part = json_object();
    if (text.len == 0)
        return;
    json_set(l->arena, &part, "type", json_literal(type));
    json_set_text(l->arena, &part, "text", value_cut(text, PLACE_MAX));
    json_push(l->arena, parts, part);
}

struct json ofac_name(struct listing *l, struct text full)
{
    struct json value = json_object();
    struct json parts = json_array();
    struct text given = full;
    struct text surname = text_trim(text_split(&given, ','));
    json_set_text(l->arena, &value, "full", value_cut(full, LISTING_NAME_MAX));
    if (l->kind != RECORD_PERSON || given.len == 0)
        return value;
    name_part(l, &parts, "surname", surname);
    name_part(l, &parts, "given", text_trim(given));
    json_set(l->arena, &value, "parts", parts);
    return value;
}

static void say_alias(struct ofac_list *list, struct listing *l, const struct csv_row *row)
{
    struct text name = ofac_cell(row, ALT_NAME);
    struct text type = ofac_cell(row, ALT_TYPE);
    if (name.len == 0) {
        run_refuse(&list->run, row->line, place_of(list, OFAC_ALT, "alt_name"),
                   "import.field-missing", l->reference);
        return;
    }
    struct json value = ofac_name(l, name);
    listing_set(l, &value, "use", value_cut(type, 32));
    listing_alias(l, listing_say(l, "name", value), name);
    listing_remark(l, TEXT("alt_remarks"), ofac_cell(row, ALT_REMARKS));
}

/* ---- addresses ---- */

static void say_address(struct ofac_list *list, struct listing *l, const struct csv_row *row)
{
    struct text street = ofac_cell(row, ADD_ADDRESS);
    struct text city = ofac_cell(row, ADD_CITY);
    struct text country = ofac_cell(row, ADD_COUNTRY);
    const struct text parts[] = { street, city, country };
    struct text written = value_list(l->arena, parts, 3, TEXT(", "));
    struct json value = json_object();
    listing_remark(l, TEXT("add_remarks"), ofac_cell(row, ADD_REMARKS));
    if (written.len == 0)
        return;
    if (country.len > 0 && value_country(country).len == 0)
        run_unknown(&list->run, place_of(list, OFAC_ADD, "country"));
    if (!listing_applies(l, "address")) {
        listing_remark(l, TEXT("address"), written);
        return;
    }
    listing_set(l, &value, "written", value_cut(written, LISTING_WRITTEN_MAX));
    listing_set(l, &value, "country", value_country(country));
    if (city.len <= PLACE_MAX)
        listing_set(l, &value, "locality", city);
    if (street.len <= PLACE_MAX)
        listing_set(l, &value, "street", street);
    listing_say(l, "address", value);
}

/* ---- vessels ---- */

/* "318,000" without its commas; empty: no number. */
static struct text plain_number(struct arena *arena, struct text t)
{
    char *out = arena_take(arena, t.len);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < t.len; i++) {
        if (t.data[i] >= '0' && t.data[i] <= '9')
            out[len++] = t.data[i];
        else if (t.data[i] != ',')
            return TEXT("");
    }
    return (struct text){ out, len };
}

static void say_tonnage(struct listing *l, const char *unit, const char *what, struct text text)
{
    struct json value = json_object();
    struct text number = plain_number(l->arena, text);
    if (text.len == 0)
        return;
    if (number.len == 0 || number.len > 15 || !listing_applies(l, "tonnage")) {
        listing_remark(l, text_literal(what), text);
        return;
    }
    json_set_text(l->arena, &value, "from", number);
    json_set(l->arena, &value, "unit", json_literal(unit));
    json_set(l->arena, &value, "text", json_literal(what));
    listing_say(l, "tonnage", value);
}

/* A text whose attribute does not apply to the kind becomes a remark. */
static void say_or_remark(struct listing *l, const char *attribute, const char *label,
                          struct text text)
{
    if (listing_applies(l, attribute))
        listing_text(l, attribute, text);
    else
        listing_remark(l, text_literal(label), text);
}

static void say_vessel(struct ofac_list *list, struct listing *l, const struct csv_row *row)
{
    struct text type = ofac_cell(row, MAIN_VESSEL_TYPE);
    struct text flag = ofac_cell(row, MAIN_FLAG);
    struct text owner = ofac_cell(row, MAIN_OWNER);
    struct json value = json_object();
    listing_number(l, "call-sign", ofac_cell(row, MAIN_CALL_SIGN), TEXT(""));
    say_tonnage(l, "t", "Tonnage", ofac_cell(row, MAIN_TONNAGE));
    say_tonnage(l, "GT", "GRT", ofac_cell(row, MAIN_GRT));
    if (type.len > 0 && type.len <= 64) {
        json_set_text(l->arena, &value, "code", type);
        listing_say(l, "type", value);
    } else {
        listing_remark(l, TEXT("Vess_type"), type);
    }
    if (flag.len > 0 && value_country(flag).len == 0)
        run_unknown(&list->run, place_of(list, OFAC_MAIN, "Vess_flag"));
    listing_country(l, "flag", value_country(flag));
    if (value_country(flag).len == 0 || !listing_applies(l, "flag"))
        listing_remark(l, TEXT("Vess_flag"), flag);
    value = json_object();
    listing_set(l, &value, "full", value_cut(owner, LISTING_NAME_MAX));
    if (owner.len > 0)
        listing_say(l, "owner-name", value);
}

/* ---- the entry ---- */

/* Programs stand as "SDGT] [NS-PLC". */
static void say_programs(struct listing *l, struct text programs)
{
    while (programs.len > 0) {
        struct text one = text_trim(text_split(&programs, ']'));
        while (one.len > 0 && (one.data[0] == '[' || one.data[0] == ' '))
            one = text_slice(one, 1, one.len);
        listing_text(l, "listing", one);
    }
}

static struct json alert(struct listing *l, struct text programs)
{
    static const struct date since = { SINCE_YEAR, 1, 1 };
    const struct text reason[] = { programs, l->reference };
    const struct listing_act act = {
        .authority = OFAC_AUTHORITY, .number = l->reference, .from = since, .review = since
    };
    return listing_alert(l, value_list(l->arena, reason, 2, TEXT(", ")), &act);
}

/* A row of a joined file with other columns is refused alone. */
static bool row_fits(struct ofac_list *list, enum ofac_part part, const struct csv_row *row,
                     struct text reference)
{
    if (row->count == ofac_part_columns(part))
        return true;
    run_refuse(&list->run, row->line, text_literal(ofac_part_name(part)), "import.columns",
               reference);
    return false;
}

static struct err say_joined(struct ofac_list *list, struct listing *l, enum ofac_part part,
                             uint32_t entry)
{
    struct csv_row row;
    size_t at = 0;
    for (;;) {
        struct err e = ofac_join(list, part, entry, &at, &row);
        if (failed(e) || row.count == 0)
            return e;
        if (!row_fits(list, part, &row, l->reference))
            continue;
        if (part == OFAC_ALT)
            say_alias(list, l, &row);
        else
            say_address(list, l, &row);
    }
}

/* The remarks of a row hold 1,000 characters; what is longer goes on in the file of comments. A
 * space at the seam was trimmed with the end of the field. */
static struct err all_remarks(struct ofac_list *list, const struct csv_row *main, uint32_t entry,
                              struct text *out)
{
    struct csv_row row;
    size_t at = 0;
    *out = ofac_cell(main, MAIN_REMARKS);
    for (;;) {
        struct err e = ofac_join(list, OFAC_COMMENTS, entry, &at, &row);
        if (failed(e) || row.count == 0)
            return e;
        if (!row_fits(list, OFAC_COMMENTS, &row, main->fields[MAIN_NUMBER]))
            continue;
        if (out->len < REMARKS_MAX)
            *out = arena_join(list->run.arena, *out, TEXT(" "));
        *out = arena_join(list->run.arena, *out, ofac_cell(&row, COMMENTS_TEXT));
    }
}

static struct err map_entry(struct ofac_list *list, struct listing *l, const struct csv_row *row,
                            uint32_t entry)
{
    struct record_id id = import_source_id(&list->run.host->owner, l->reference);
    struct text programs = ofac_cell(row, MAIN_PROGRAM);
    struct text remarks;
    l->statements = json_array();
    listing_say(l, "name", ofac_name(l, ofac_cell(row, MAIN_NAME)));
    say_programs(l, programs);
    listing_reference(l, l->reference);
    say_or_remark(l, "position", "Title", ofac_cell(row, MAIN_TITLE));
    say_vessel(list, l, row);
    struct err e = say_joined(list, l, OFAC_ALT, entry);
    if (!failed(e))
        e = say_joined(list, l, OFAC_ADD, entry);
    if (!failed(e))
        e = all_remarks(list, row, entry, &remarks);
    if (failed(e))
        return e;
    ofac_remarks(l, remarks);
    struct json record = listing_draft(l, &id, alert(l, programs));
    return run_entry(&list->run, &record, row->line, l->reference);
}

static struct err refuse(struct ofac_list *list, const struct csv_row *row, const char *column,
                         const char *rule)
{
    struct text number = ofac_number(row->fields[0]) > 0 ? row->fields[0] : TEXT("");
    struct text place = column == NULL ? text_literal(ofac_part_name(OFAC_MAIN))
                                       : place_of(list, OFAC_MAIN, column);
    run_refuse(&list->run, row->line, place, rule, number);
    return run_keep(&list->run, number);
}

static struct err take_row(struct ofac_list *list, const struct csv_row *row)
{
    struct listing l = { .run = &list->run,
                         .arena = list->run.arena,
                         .authority = OFAC_AUTHORITY,
                         .reference = row->fields[0] };
    uint32_t entry = ofac_number(l.reference);
    if (entry == 0)
        return refuse(list, row, "ent_num", "import.field-missing");
    if (row->count != OFAC_MAIN_COLUMNS)
        return refuse(list, row, NULL, "import.columns");
    if (ofac_cell(row, MAIN_NAME).len == 0)
        return refuse(list, row, "SDN_Name", "import.field-missing");
    if (!kind_of(ofac_cell(row, MAIN_TYPE), &l.kind))
        return refuse(list, row, "SDN_Type", "import.field-missing");
    return map_entry(list, &l, row, entry);
}

static struct err take_rows(struct ofac_list *list)
{
    struct csv_reader r = csv_over(list->files[OFAC_MAIN].in, ',', true);
    struct arena *arena = list->run.arena;
    size_t mark = arena->used;
    struct csv_row row;
    for (;;) {
        struct err e = csv_next(&r, arena, &row);
        bool end = row.count == 0;
        if (!failed(e) && !end)
            e = take_row(list, &row);
        arena_rewind(arena, mark);
        if (failed(e) || end)
            return e;
        run_progress(&list->run, r.at, r.in.len);
    }
}

/* Rows that belong to no entry of the main file. */
static void refuse_strays(struct ofac_list *list)
{
    for (int part = OFAC_ALT; part < OFAC_PARTS; part++) {
        const struct ofac_file *file = &list->files[part];
        for (size_t i = 0; i < file->count; i++) {
            if (!file->rows[i].used)
                run_refuse(&list->run, file->rows[i].line,
                           text_literal(ofac_part_name((enum ofac_part)part)), "import.no-entry",
                           TEXT(""));
        }
    }
}

struct err import_ofac(const struct bytes *files, size_t count, const struct import_host *host,
                       struct arena *arena, struct import_account *out, size_t *wrong_out)
{
    struct ofac_list list = { .files = { { .in = { NULL, 0 } } } };
    run_init(&list.run, host, arena, out);
    struct err e = ofac_open(&list, files, count, wrong_out);
    if (!failed(e)) {
        *wrong_out = list.files[OFAC_MAIN].given;
        e = take_rows(&list);
    }
    if (!failed(e)) {
        refuse_strays(&list);
        e = run_end(&list.run);
    }
    ofac_close(&list);
    run_free(&list.run);
    return e;
}
