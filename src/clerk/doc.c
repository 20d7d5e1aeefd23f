#include "clerk/doc.h"

#include "model/identifiers.h"
#include "model/record.h"

void doc_kill(uint64_t number, struct arena *arena, struct shelf_change **changes)
{
    struct shelf_change *change = ARENA_NEW(arena, struct shelf_change);
    if (change == NULL)
        return; /* the arena remembers, and the command fails */
    change->dead = number;
    change->next = *changes;
    *changes = change;
}

/* The first part of a type ("surname", "given-name"), or empty. */
static struct text name_part(const struct json *parts_opt, const char *type)
{
    for (size_t i = 0; i < json_count(parts_opt); i++) {
        const struct json *part = json_item(parts_opt, i);
        if (text_is(json_get_text(part, "type"), type))
            return json_get_text(part, "text");
    }
    return (struct text){ NULL, 0 };
}

static enum index_set_kind set_of(enum name_set set)
{
    static const enum index_set_kind sets[] = {
        [SET_CONFIRMED] = INDEX_CONFIRMED,     [SET_UNCONFIRMED] = INDEX_UNCONFIRMED,
        [SET_ALIAS] = INDEX_ALIAS,             [SET_MISUSED] = INDEX_MISUSED,
        [SET_RAW] = INDEX_UNCONFIRMED,
    };
    return sets[set];
}

static struct err take_names(const struct record *record, struct arena *arena,
                             struct index_doc *doc)
{
    size_t at = 0;
    size_t count = 0;
    struct name_view view;
    struct index_name *names = ARENA_ARRAY(arena, struct index_name, record->statement_count);
    if (names == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    while (record_next_name(record, &at, &view) && count < INDEX_NAMES_MAX)
        names[count++] = (struct index_name){ view.full, name_part(view.parts_opt, "surname"),
                                              name_part(view.parts_opt, "given"),
                                              set_of(view.set) };
    doc->names = names;
    doc->name_count = count;
    return err_none();
}

static enum index_quality quality_of(enum when_quality quality)
{
    switch (quality) {
    case WHEN_EXACT:
        return INDEX_BIRTH_EXACT;
    case WHEN_ABOUT:
    case WHEN_AGE_ESTIMATED:
        return INDEX_BIRTH_ABOUT;
    case WHEN_MONTH_ONLY:
    case WHEN_YEAR_ONLY:
        return INDEX_BIRTH_INTERVAL;
    case WHEN_REGISTRY_DEFAULT:
        return INDEX_BIRTH_REGISTRY;
    case WHEN_UNKNOWN:
        break;
    }
    return INDEX_BIRTH_UNKNOWN;
}

/* One date of birth is compared as it is; several become the interval that holds them all. */
static void take_birth(const struct record *record, struct index_doc *doc)
{
    size_t at = 0;
    struct when when;
    struct when other;
    if (!record_next_birth(record, &at, &when) || !when_known(&when))
        return;
    doc->birth = (struct index_birth){ when.from, when.to, quality_of(when.quality) };
    if (!record_next_birth(record, &at, &other))
        return;
    struct date from;
    struct date to;
    if (record_birth_interval(record, &from, &to))
        doc->birth = (struct index_birth){ from, to, INDEX_BIRTH_INTERVAL };
}

static void take_sex(const struct record *record, struct index_doc *doc)
{
    static const enum index_sex sexes[] = {
        [SEX_UNKNOWN] = INDEX_SEX_UNKNOWN,
        [SEX_FEMALE] = INDEX_SEX_FEMALE,
        [SEX_MALE] = INDEX_SEX_MALE,
        [SEX_OTHER] = INDEX_SEX_OTHER,
    };
    doc->sex = sexes[record_sex(record)];
}

static struct err take_nationalities(const struct record *record, struct arena *arena,
                                     struct index_doc *doc)
{
    size_t at = 0;
    size_t count = 0;
    struct code code;
    struct text *codes = ARENA_ARRAY(arena, struct text, record->statement_count);
    if (codes == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    while (record_next_nationality(record, &at, &code) && count < INDEX_NATIONALITIES_MAX)
        codes[count++] = code.code;
    doc->nationalities = codes;
    doc->nationality_count = count;
    return err_none();
}

struct index_identifier doc_identifier(struct text type, struct text value, struct text country,
                                       struct arena *arena)
{
    int cls = code_find(CODE_IDENTIFIER, type);
    struct identifier_check check = identifier_check(identifier_kind_find(type), value, arena);
    return (struct index_identifier){ .cls = (uint16_t)(cls < 0 ? UINT16_MAX : cls),
                                      .canonical = text_slice(check.key, 0, INDEX_KEY_BYTES_MAX),
                                      .country = country };
}

static struct err take_identifiers(const struct record *record, struct arena *arena,
                                   struct index_doc *doc)
{
    size_t at = 0;
    size_t count = 0;
    struct identifier_view view;
    struct index_identifier *list =
        ARENA_ARRAY(arena, struct index_identifier, record->statement_count);
    if (list == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    while (record_next_identifier(record, &at, &view) && count < INDEX_IDENTIFIERS_MAX) {
        struct index_identifier one =
            doc_identifier(view.type.code, view.value, view.country, arena);
        if (one.canonical.len > 0)
            list[count++] = one;
    }
    doc->identifiers = list;
    doc->identifier_count = count;
    return arena_check(arena);
}

static struct err doc_of_record(const struct record *record, uint64_t number,
                                struct arena *arena, struct index_doc *out)
{
    struct index_doc doc = { .number = number, .kind = (uint16_t)record->kind };
    struct err e = take_names(record, arena, &doc);
    if (!failed(e))
        e = take_nationalities(record, arena, &doc);
    if (!failed(e))
        e = take_identifiers(record, arena, &doc);
    if (failed(e))
        return e;
    take_birth(record, &doc);
    take_sex(record, &doc);
    *out = doc;
    return err_none();
}

struct err doc_push(const struct json *record, uint64_t number, struct arena *arena,
                    struct shelf_change **changes)
{
    struct findings *findings = ARENA_NEW(arena, struct findings);
    struct shelf_change *change = ARENA_NEW(arena, struct shelf_change);
    struct index_doc *doc = ARENA_NEW(arena, struct index_doc);
    struct record parsed;
    if (findings == NULL || change == NULL || doc == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, arena);
    bool view = json_get(record, "withheld") != NULL; /* a partner's */
    struct err e = view ? record_parse_view(record, arena, findings, &parsed)
                        : record_parse(record, arena, findings, &parsed);
    if (failed(e))
        return e;
    e = doc_of_record(&parsed, number, arena, doc);
    if (failed(e))
        return e;
    change->add_opt = doc;
    change->next = *changes;
    *changes = change;
    return err_none();
}

struct err doc_of_row(struct bytes row, struct arena *arena, struct shelf_change **changes)
{
    struct json value;
    int64_t number = 0;
    struct err e = json_parse(row, arena, &value);
    if (failed(e))
        return e;
    const struct json *record = json_get(&value, "record");
    if (record == NULL)
        return err_none(); /* withdrawn */
    if (!json_get_integer(&value, "doc", &number) || number < 1)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    return doc_push(record, (uint64_t)number, arena, changes);
}
