#include "import/un.h"

#include <assert.h>

#define UN_AUTHORITY "United Nations Security Council"
enum { REVIEW_MONTHS = 12, YEAR_FIRST = 1945, YEAR_LAST = 2999 };

void un_leftovers(struct un_entry *u, const struct xml_element *e, const char *const *known)
{
    for (const struct xml_element *child = e->child; child != NULL; child = child->next) {
        size_t i = 0;
        while (known[i] != NULL && !text_is(child->name, known[i]))
            i++;
        if (known[i] != NULL || (child->value.len == 0 && child->child == NULL))
            continue;
        const struct text parts[] = { e->name, child->name };
        run_unknown(u->l.run, value_list(u->l.arena, parts, 2, TEXT("/")));
    }
}

/* ---- children of an entry that are plain texts or lists of VALUE ---- */

static void say_values(struct un_entry *u, const struct xml_element *e, const char *attribute)
{
    static const char *const known[] = { "VALUE", NULL };
    un_leftovers(u, e, known);
    for (const struct xml_element *v = e->child; v != NULL; v = v->next) {
        if (text_is(v->name, "VALUE"))
            listing_text(&u->l, attribute, v->value);
    }
}

static void un_designation(struct un_entry *u, const struct xml_element *e)
{
    say_values(u, e, "position");
}

static void un_comments(struct un_entry *u, const struct xml_element *e)
{
    listing_text(&u->l, "remark", e->value);
}

static void un_original_name(struct un_entry *u, const struct xml_element *e)
{
    struct json value = json_object();
    if (e->value.len == 0)
        return;
    json_set_text(u->l.arena, &value, "full", e->value);
    struct json *statement = listing_say(&u->l, "name", value);
    if (statement != NULL)
        json_set(u->l.arena, statement, "script", json_literal(value_script(e->value)));
}

static void un_labelled(struct un_entry *u, const struct xml_element *e)
{
    listing_remark(&u->l, e->name, e->value);
}

/* Read elsewhere (number, dates, names), or about the list and not about the entry. */
static void un_read_elsewhere(struct un_entry *u, const struct xml_element *e)
{
    (void)u;
    (void)e;
}

static const struct {
    const char *name;
    void (*map)(struct un_entry *u, const struct xml_element *e);
} fields[] = {
    { "DATAID", un_read_elsewhere },
    { "VERSIONNUM", un_read_elsewhere },
    { "FIRST_NAME", un_read_elsewhere },
    { "SECOND_NAME", un_read_elsewhere },
    { "THIRD_NAME", un_read_elsewhere },
    { "FOURTH_NAME", un_read_elsewhere },
    { "UN_LIST_TYPE", un_read_elsewhere },
    { "REFERENCE_NUMBER", un_read_elsewhere },
    { "LISTED_ON", un_read_elsewhere },
    { "LIST_TYPE", un_read_elsewhere },
    { "SORT_KEY", un_read_elsewhere },
    { "SORT_KEY_LAST_MOD", un_read_elsewhere },
    { "LAST_DAY_UPDATED", un_read_elsewhere },
    { "NAME_ORIGINAL_SCRIPT", un_original_name },
    { "SUBMITTED_BY", un_labelled },
    { "SUBMITTED_ON", un_labelled },
    { "COMMENTS1", un_comments },
    { "DESIGNATION", un_designation },
    { "TITLE", un_designation },
    { "GENDER", un_gender },
    { "NATIONALITY", un_nationality },
    { "NATIONALITY2", un_nationality },
    { "DELISTED_ON", un_read_elsewhere },
    { "INDIVIDUAL_ALIAS", un_alias },
    { "INDIVIDUAL_ADDRESS", un_address },
    { "INDIVIDUAL_DATE_OF_BIRTH", un_birth_date },
    { "INDIVIDUAL_PLACE_OF_BIRTH", un_birth_place },
    { "INDIVIDUAL_DOCUMENT", un_document },
    { "ENTITY_ALIAS", un_alias },
    { "ENTITY_ADDRESS", un_address },
};

static void map_child(struct un_entry *u, const struct xml_element *child)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (text_is(child->name, fields[i].name)) {
            fields[i].map(u, child);
            return;
        }
    }
    if (child->value.len > 0 || child->child != NULL)
        run_unknown(u->l.run, child->name);
}

static struct text full_name(struct un_entry *u)
{
    const struct text parts[] = { xml_child_text(u->element, "FIRST_NAME"),
                                  xml_child_text(u->element, "SECOND_NAME"),
                                  xml_child_text(u->element, "THIRD_NAME"),
                                  xml_child_text(u->element, "FOURTH_NAME") };
    return value_list(u->l.arena, parts, 4, TEXT(" "));
}

/* A day on which the Council may have acted; nothing can be added to the year 9999. */
static bool council_day(struct text t, struct date *out)
{
    return value_date(t, out) && out->year >= YEAR_FIRST && out->year <= YEAR_LAST;
}

/* The latest day of LAST_DAY_UPDATED, or of the listing. */
static struct date last_change(const struct xml_element *e, struct date listed)
{
    const struct xml_element *updated = xml_child(e, "LAST_DAY_UPDATED");
    for (const struct xml_element *v = updated == NULL ? NULL : updated->child; v != NULL;
         v = v->next) {
        struct date date;
        if (council_day(v->value, &date) && date_days(date) > date_days(listed))
            listed = date;
    }
    return listed;
}

static struct json alert(struct un_entry *u, struct date listed, struct date changed)
{
    const struct text reason[] = { xml_child_text(xml_child(u->element, "LIST_TYPE") == NULL
                                                      ? u->element
                                                      : xml_child(u->element, "LIST_TYPE"),
                                                  "VALUE"),
                                   xml_child_text(u->element, "UN_LIST_TYPE"), u->l.reference };
    struct listing_act act = { .authority = UN_AUTHORITY,
                               .number = u->l.reference,
                               .decided = listed,
                               .from = listed,
                               .review = date_add_months(changed, REVIEW_MONTHS) };
    struct date delisted;
    if (council_day(xml_child_text(u->element, "DELISTED_ON"), &delisted))
        act.until = delisted;
    return listing_alert(&u->l, value_list(u->l.arena, reason, 3, TEXT(", ")), &act);
}

/* On which list, and both of its numbers: people ask by either. */
static void say_listing(struct un_entry *u)
{
    listing_text(&u->l, "listing", xml_child_text(u->element, "UN_LIST_TYPE"));
    listing_reference(&u->l, u->l.reference);
    listing_reference(&u->l, xml_child_text(u->element, "DATAID"));
}

static struct json draft(struct un_entry *u, const struct record_id *id, struct text name,
                         struct date listed, struct date changed)
{
    struct json value = json_object();
    u->l.statements = json_array();
    json_set_text(u->l.arena, &value, "full", name);
    listing_say(&u->l, "name", value);
    say_listing(u);
    for (const struct xml_element *child = u->element->child; child != NULL; child = child->next)
        map_child(u, child);
    return listing_draft(&u->l, id, alert(u, listed, changed));
}

static bool is_number(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] < '0' || t.data[i] > '9')
            return false;
    }
    return t.len > 0;
}

/* What no entry may lack; the field that is wrong, or NULL. */
static const char *lacking(struct un_entry *u, struct text name, struct date *listed_out)
{
    if (!is_number(xml_child_text(u->element, "DATAID")))
        return "DATAID";
    if (u->l.reference.len == 0)
        return "REFERENCE_NUMBER";
    if (name.len == 0)
        return "FIRST_NAME";
    if (!council_day(xml_child_text(u->element, "LISTED_ON"), listed_out))
        return "LISTED_ON";
    return NULL;
}

struct un_list {
    struct import_run run;
    bool apply; /* the first walk only asks whether the file is whole */
    size_t total;
};

static struct err map_entry(struct un_list *list, const struct xml_element *e, bool person)
{
    struct un_entry u = { .l = { .run = &list->run,
                                 .arena = list->run.arena,
                                 .kind = person ? RECORD_PERSON : RECORD_ORGANISATION,
                                 .authority = UN_AUTHORITY,
                                 .reference = xml_child_text(e, "REFERENCE_NUMBER") },
                          .element = e };
    struct date listed;
    struct text name = full_name(&u);
    struct text number = xml_child_text(e, "DATAID");
    const char *field = lacking(&u, name, &listed);
    if (field != NULL) {
        run_refuse(&list->run, e->line, text_literal(field), "import.field-missing", u.l.reference);
        return run_keep(&list->run, number);
    }
    struct date changed = last_change(e, listed);
    struct record_id id = import_source_id(&list->run.host->owner, number);
    u.l.collected = date_format(u.l.arena, changed);
    struct json record = draft(&u, &id, name, listed, changed);
    return run_entry(&list->run, &record, e->line, u.l.reference);
}

static struct err on_entry(void *context, struct text group, const struct xml_element *e,
                           size_t done)
{
    struct un_list *list = context;
    bool person = text_is(group, "INDIVIDUALS") && text_is(e->name, "INDIVIDUAL");
    bool entity = text_is(group, "ENTITIES") && text_is(e->name, "ENTITY");
    if (!list->apply)
        return err_none();
    if (!person && !entity) {
        run_unknown(&list->run, e->name);
        return err_none();
    }
    struct err err = map_entry(list, e, person);
    run_progress(&list->run, done, list->total);
    return err;
}

static void on_date(void *context, struct text date)
{
    struct un_list *list = context;
    struct import_account *account = list->run.account;
    if (date.len < sizeof(account->as_of))
        memcpy(account->as_of, date.data, date.len);
}

struct err import_un(struct bytes in, const struct import_host *host, struct arena *arena,
                     struct import_account *out)
{
    struct un_list list = { .apply = false, .total = in.len };
    const struct xml_handler handler = { .root = "CONSOLIDATED_LIST",
                                         .date_attribute = "dateGenerated",
                                         .context = &list,
                                         .date = on_date,
                                         .entry = on_entry };
    run_init(&list.run, host, arena, out);
    struct err e = xml_walk(in, &handler, arena);
    list.apply = true;
    if (!failed(e))
        e = xml_walk(in, &handler, arena);
    if (!failed(e))
        e = run_end(&list.run);
    run_free(&list.run);
    return e;
}
