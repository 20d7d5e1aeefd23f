#include "import/mapping.h"

#include "import/values.h"

/* Members that a place to fill may have. */
static const char *const fill_members[] = { "column", "columns", "as", "map", "needed", NULL };
static const char *const mapping_members[] = { "format", "separator", "encoding", "reference",
                                               "null",   "record",    NULL };

static bool members_known(const struct json *object, const char *const *known)
{
    if (object->kind != JSON_OBJECT)
        return false;
    for (size_t i = 0; i < json_count(object); i++) {
        size_t k = 0;
        while (known[k] != NULL && !text_is(object->members[i].name, known[k]))
            k++;
        if (known[k] == NULL)
            return false;
    }
    return true;
}

static bool is_fill(const struct json *value)
{
    return json_get(value, "column") != NULL || json_get(value, "columns") != NULL;
}

static bool texts_only(const struct json *array)
{
    if (array != NULL && array->kind != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < json_count(array); i++) {
        if (json_item(array, i)->kind != JSON_STRING)
            return false;
    }
    return true;
}

static bool as_known(struct text as)
{
    static const char *const known[] = { "",    "text", "upper",    "country",  "date", "dmy",
                                         "mdy", "when", "when-dmy", "when-mdy", NULL };
    size_t i = 0;
    while (known[i] != NULL && !text_is(as, known[i]))
        i++;
    return known[i] != NULL;
}

static bool fill_valid(const struct json *fill)
{
    const struct json *column = json_get(fill, "column");
    const struct json *columns = json_get(fill, "columns");
    const struct json *map = json_get(fill, "map");
    bool one = column == NULL || column->kind == JSON_STRING;
    bool many = texts_only(columns) && (columns == NULL || columns->count > 0);
    return one && many && (column == NULL) != (columns == NULL) &&
           (map == NULL || map->kind == JSON_OBJECT) && as_known(json_get_text(fill, "as")) &&
           members_known(fill, fill_members);
}

static bool template_valid(const struct json *value)
{
    if (is_fill(value))
        return fill_valid(value);
    for (size_t i = 0; i < json_count(value); i++) {
        bool object = value->kind == JSON_OBJECT;
        if (!template_valid(object ? &value->members[i].value : &value->items[i]))
            return false;
    }
    return true;
}

struct err csv_mapping_parse(const struct json *in, struct csv_mapping *out)
{
    struct text separator = json_get_text(in, "separator");
    struct text encoding = json_get_text(in, "encoding");
    const struct json *record = json_get(in, "record");
    const struct json *nulls = json_get(in, "null");
    bool latin1 = text_is(encoding, "latin-1");
    struct csv_mapping mapping = { .json = in,
                                   .separator = separator.len == 1 ? separator.data[0] : ',',
                                   .latin1 = latin1,
                                   .reference = json_get_text(in, "reference"),
                                   .record = record,
                                   .nulls_opt = nulls };
    bool good =
        members_known(in, mapping_members) && separator.len <= 1 && mapping.separator != '"' &&
        mapping.separator != '\n' && mapping.separator != '\r' &&
        (encoding.len == 0 || latin1 || text_is(encoding, "utf-8")) &&
        (json_get(in, "format") == NULL || text_is(json_get_text(in, "format"), "csv")) &&
        mapping.reference.len > 0 && record != NULL && record->kind == JSON_OBJECT &&
        json_get_text(record, "kind").len > 0 && texts_only(nulls) && template_valid(record);
    if (!good)
        return err_at(ERR_INVALID, in->at, "import.bad-mapping");
    *out = mapping;
    return err_none();
}

size_t mapping_column(const struct csv_row *header, struct text name)
{
    size_t i = 0;
    while (i < header->count && !text_equal(header->fields[i], name))
        i++;
    return name.len > 0 && i < header->count ? i : CSV_FIELDS_MAX;
}

static bool mark(const struct csv_row *header, struct text name, bool *used)
{
    size_t column = mapping_column(header, name);
    if (column == CSV_FIELDS_MAX)
        return false;
    used[column] = true;
    return true;
}

static bool mark_all(const struct csv_row *header, const struct json *value, bool *used)
{
    bool good = true;
    if (is_fill(value)) {
        const struct json *columns = json_get(value, "columns");
        if (columns == NULL)
            return mark(header, json_get_text(value, "column"), used);
        for (size_t i = 0; i < json_count(columns); i++)
            good = mark(header, json_item_text(columns, i), used) && good;
        return good;
    }
    for (size_t i = 0; i < json_count(value); i++) {
        bool object = value->kind == JSON_OBJECT;
        good = mark_all(header, object ? &value->members[i].value : &value->items[i], used) && good;
    }
    return good;
}

struct err mapping_columns(const struct csv_mapping *mapping, const struct csv_row *header,
                           bool used[static CSV_FIELDS_MAX])
{
    if (!mark(header, mapping->reference, used) || !mark_all(header, mapping->record, used))
        return err_at(ERR_INVALID, header->line, "import.column-missing");
    return err_none();
}

struct text mapping_cell(const struct mapping_row *in, struct text column)
{
    size_t at = mapping_column(in->header, column);
    if (at >= in->row->count)
        return TEXT("");
    struct text cell = in->row->fields[at];
    for (size_t i = 0; i < json_count(in->mapping->nulls_opt); i++) {
        if (text_equal(cell, json_item_text(in->mapping->nulls_opt, i)))
            return TEXT("");
    }
    return cell;
}

/* ---- filling ---- */

enum filled {
    FILLED_CONSTANT, /* nothing in it was to be filled */
    FILLED,
    FILLED_BLANK, /* all that was to be filled was blank: leave it out */
    FILLED_DROP   /* something needed was blank: leave out the statement around it */
};

/* Three groups of digits in the order of `form`, whatever stands between them. */
static bool date_in_order(struct text t, const char *form, struct date *out)
{
    int parts[3] = { 0 };
    size_t part = 0;
    bool digit = false;
    for (size_t i = 0; i < t.len; i++) {
        bool now = t.data[i] >= '0' && t.data[i] <= '9';
        if (!now && digit)
            part++;
        digit = now;
        if (!now)
            continue;
        if (part > 2 || parts[part] > 999)
            return false;
        parts[part] = parts[part] * 10 + (t.data[i] - '0');
    }
    if (part < 2)
        return false;
    int day = parts[form[0] == 'd' ? 0 : 1];
    int month = parts[form[0] == 'd' ? 1 : 0];
    struct date date = { (int16_t)parts[2], (uint8_t)(month > 12 ? 0 : month),
                         (uint8_t)(day > 31 ? 0 : day) };
    if (!date_valid(date))
        return false;
    *out = date;
    return true;
}

static struct text upper(struct text t, struct arena *arena)
{
    struct text copy = arena_copy_text(arena, t);
    char *out = arena_take(arena, t.len);
    for (size_t i = 0; out != NULL && i < t.len; i++)
        out[i] =
            copy.data[i] >= 'a' && copy.data[i] <= 'z' ? (char)(copy.data[i] - 32) : copy.data[i];
    return (struct text){ out, out == NULL ? 0 : t.len };
}

/* A cell as the template wants it; what cannot be read so stays as it is, and the model's parser
 * names it. */
static struct json convert(struct text cell, struct text as, struct arena *arena)
{
    struct date date;
    bool when = text_starts(as, TEXT("when"));
    struct text form = when ? text_slice(as, 5, as.len) : as;
    bool ordered =
        (text_is(form, "dmy") || text_is(form, "mdy")) && date_in_order(cell, form.data, &date);
    if (when && ordered)
        return value_when(arena, cell, date, date, "exact");
    if (when)
        return value_when_of(arena, cell);
    if (ordered || (text_is(as, "date") && value_date(cell, &date)))
        return json_string(date_format(arena, date));
    if (text_is(as, "upper"))
        return json_string(upper(cell, arena));
    if (text_is(as, "country") && value_country(cell).len > 0)
        return json_string(value_country(cell));
    return json_string(cell);
}

static enum filled fill_cell(const struct mapping_row *in, const struct json *fill,
                             struct arena *arena, struct json *out)
{
    const struct json *columns = json_get(fill, "columns");
    struct text cell = mapping_cell(in, json_get_text(fill, "column"));
    for (size_t i = 0; i < json_count(columns); i++) {
        const struct text parts[] = { cell, mapping_cell(in, json_item_text(columns, i)) };
        cell = value_list(arena, parts, 2, TEXT(" "));
    }
    if (cell.len == 0)
        return json_get_bool(fill, "needed") ? FILLED_DROP : FILLED_BLANK;
    const struct json *map = json_get(fill, "map");
    for (size_t i = 0; i < json_count(map); i++) {
        if (text_equal(map->members[i].name, cell)) {
            *out = map->members[i].value;
            return FILLED;
        }
    }
    *out = convert(cell, json_get_text(fill, "as"), arena);
    return FILLED;
}

static enum filled fill(const struct mapping_row *in, const struct json *value, struct arena *arena,
                        struct json *out);

/* The state of a container in which parts were filled, and some left out. */
static enum filled sum(bool any_filled, bool any_blank)
{
    return any_filled ? FILLED : any_blank ? FILLED_BLANK : FILLED_CONSTANT;
}

static enum filled fill_object(const struct mapping_row *in, const struct json *value,
                               struct arena *arena, struct json *out)
{
    bool filled = false;
    bool blank = false;
    *out = json_object();
    for (size_t i = 0; i < value->count; i++) {
        struct json part = json_null();
        enum filled state = fill(in, &value->members[i].value, arena, &part);
        if (state == FILLED_DROP)
            return FILLED_DROP;
        filled = filled || state == FILLED;
        blank = blank || state == FILLED_BLANK;
        if (state != FILLED_BLANK)
            json_set_name(arena, out, value->members[i].name, part);
    }
    return sum(filled, blank);
}

static enum filled fill_array(const struct mapping_row *in, const struct json *value,
                              struct arena *arena, struct json *out)
{
    bool filled = false;
    bool blank = false;
    *out = json_array();
    for (size_t i = 0; i < value->count; i++) {
        struct json part = json_null();
        enum filled state = fill(in, &value->items[i], arena, &part);
        bool left_out = state == FILLED_BLANK || state == FILLED_DROP;
        filled = filled || state == FILLED;
        blank = blank || left_out;
        if (!left_out)
            json_push(arena, out, part);
    }
    return sum(filled, blank);
}

static enum filled fill(const struct mapping_row *in, const struct json *value, struct arena *arena,
                        struct json *out)
{
    if (is_fill(value))
        return fill_cell(in, value, arena, out);
    if (value->kind == JSON_OBJECT)
        return fill_object(in, value, arena, out);
    if (value->kind == JSON_ARRAY)
        return fill_array(in, value, arena, out);
    *out = *value;
    return FILLED_CONSTANT;
}

static void complete_statements(const struct mapping_row *in, const struct import_host *host,
                                struct json *list, struct arena *arena)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct json *s = &list->items[i];
        struct json source = json_object();
        if (s->kind != JSON_OBJECT)
            continue;
        json_set_text(arena, &source, "unit", host->unit);
        json_set_text(arena, &source, "reference", in->number);
        json_set_text(arena, s, "id", draft_local_id(arena, 's', i + 1));
        if (json_get(s, "source") == NULL)
            json_set(arena, s, "source", source);
        if (json_get(s, "basis") == NULL)
            json_set(arena, s, "basis", json_literal("fact"));
    }
}

static void complete_alerts(struct json *list, struct arena *arena)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == JSON_OBJECT)
            json_set_text(arena, &list->items[i], "id", draft_local_id(arena, 'a', i + 1));
    }
}

struct json mapping_fill(const struct mapping_row *in, const struct import_host *host,
                         struct arena *arena)
{
    struct json filled = json_object();
    struct record_id id = import_source_id(&host->owner, in->number);
    struct json out = draft_begin(arena, &id, host->unit, "");
    if (fill_object(in, in->mapping->record, arena, &filled) == FILLED_DROP)
        filled = json_object(); /* the model's parser then says what is missing */
    for (uint32_t i = 0; i < filled.count; i++) {
        struct json_member *m = &filled.members[i];
        if (text_is(m->name, "statements") && m->value.kind == JSON_ARRAY)
            complete_statements(in, host, &m->value, arena);
        if (text_is(m->name, "alerts") && m->value.kind == JSON_ARRAY)
            complete_alerts(&m->value, arena);
        json_set_name(arena, &out, m->name, m->value);
    }
    static const char *const lists[] = { "statements", "alerts" };
    for (size_t i = 0; i < 2; i++) {
        if (json_get(&out, lists[i]) == NULL)
            json_set(arena, &out, lists[i], json_array());
    }
    return out;
}
