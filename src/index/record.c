#include "index/record.h"

#include "model/identifiers.h"

enum { CLASS_RAW = UINT16_MAX };

static uint16_t class_of(struct text type)
{
    int row = code_find(CODE_IDENTIFIER, type);
    return row < 0 ? CLASS_RAW : (uint16_t)row;
}

struct index_identifier index_identifier_of(struct text type, struct text value,
                                            struct text country, struct arena *arena)
{
    struct identifier_check check = identifier_check(identifier_kind_find(type), value, arena);
    return (struct index_identifier){
        .cls = class_of(type),
        .canonical = check.key,
        .country = country,
    };
}

struct index_identifier index_partial_of(struct text type, struct text pattern, struct text country)
{
    return (struct index_identifier){
        .cls = class_of(type), .canonical = pattern, .country = country, .partial = true
    };
}

struct index_birth index_birth_of(const struct when *when)
{
    static const enum index_quality qualities[] = {
        [WHEN_EXACT] = INDEX_BIRTH_EXACT,
        [WHEN_ABOUT] = INDEX_BIRTH_ABOUT,
        [WHEN_MONTH_ONLY] = INDEX_BIRTH_INTERVAL,
        [WHEN_YEAR_ONLY] = INDEX_BIRTH_INTERVAL,
        [WHEN_REGISTRY_DEFAULT] = INDEX_BIRTH_REGISTRY,
        [WHEN_AGE_ESTIMATED] = INDEX_BIRTH_ABOUT,
        [WHEN_UNKNOWN] = INDEX_BIRTH_UNKNOWN,
    };
    if (!when_known(when))
        return (struct index_birth){ .quality = INDEX_BIRTH_UNKNOWN };
    struct when wide = *when;
    if (when->quality == WHEN_AGE_ESTIMATED)
        wide = when_widen(when);
    return (struct index_birth){ wide.from, wide.to, qualities[when->quality] };
}

/* One birth as it is; of several, the days that all of them leave possible. */
static struct index_birth birth_of(const struct record *record)
{
    struct when when;
    struct when first = { .quality = WHEN_UNKNOWN };
    size_t known = 0;
    for (size_t at = 0; record_next_birth(record, &at, &when);) {
        if (when_known(&when) && known++ == 0)
            first = when;
    }
    struct index_birth birth = index_birth_of(&first);
    if (known > 1 && record_birth_interval(record, &birth.from, &birth.to))
        birth.quality = INDEX_BIRTH_ABOUT;
    return birth;
}

static void append(struct arena *arena, struct text *to, struct text part)
{
    *to = to->len == 0 ? part : arena_join(arena, arena_join(arena, *to, TEXT(" ")), part);
}

/* Parts by what an officer would call family and given name; titles and nicknames stay out. */
static void add_part(struct arena *arena, struct text type, struct text text,
                     struct index_name *name)
{
    static const char *const family[] = { "surname", "clan", "particle", "birth", "previous" };
    static const char *const given[] = { "given", "middle", "patronymic", "father", "grandfather" };
    for (size_t i = 0; i < sizeof family / sizeof family[0]; i++) {
        if (text_is(type, family[i]))
            append(arena, &name->family, text);
    }
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (text_is(type, given[i]))
            append(arena, &name->given, text);
    }
}

static struct index_name name_of(const struct name_view *view, struct arena *arena)
{
    static const enum index_set_kind sets[] = {
        [SET_CONFIRMED] = INDEX_CONFIRMED, [SET_UNCONFIRMED] = INDEX_UNCONFIRMED,
        [SET_ALIAS] = INDEX_ALIAS,         [SET_MISUSED] = INDEX_MISUSED,
        [SET_RAW] = INDEX_UNCONFIRMED,
    };
    struct index_name name = { .full = view->full, .set = sets[view->set] };
    for (size_t i = 0; i < json_count(view->parts_opt); i++) {
        const struct json *part = json_item(view->parts_opt, i);
        add_part(arena, json_get_text(part, "type"), json_get_text(part, "text"), &name);
    }
    if (name.full.len == 0) {
        name.full = name.family;
        if (name.given.len > 0)
            append(arena, &name.full, name.given);
    }
    return name;
}

static bool is_held(struct text text)
{
    return text.len > 0 && text.len <= INDEX_TEXT_MAX;
}

static void add_names(const struct record *record, struct arena *arena, struct index_name *names,
                      struct index_doc *doc)
{
    struct name_view view;
    for (size_t at = 0;
         doc->name_count < INDEX_NAMES_MAX && record_next_name(record, &at, &view);) {
        struct index_name name = name_of(&view, arena);
        if (is_held(name.full))
            names[doc->name_count++] = name;
    }
    doc->names = names;
}

static void add_nationalities(const struct record *record, struct text *nationalities,
                              struct index_doc *doc)
{
    struct code code;
    for (size_t at = 0; doc->nationality_count < INDEX_NATIONALITIES_MAX &&
                        record_next_nationality(record, &at, &code);) {
        if (is_held(code.code))
            nationalities[doc->nationality_count++] = code.code;
    }
    doc->nationalities = nationalities;
}

static void add_identifiers(const struct record *record, struct arena *arena,
                            struct index_identifier *identifiers, struct index_doc *doc)
{
    struct identifier_view view;
    for (size_t at = 0; doc->identifier_count < INDEX_IDENTIFIERS_MAX &&
                        record_next_identifier(record, &at, &view);) {
        struct index_identifier one =
            index_identifier_of(view.type.code, view.value, view.country, arena);
        if (is_held(one.canonical))
            identifiers[doc->identifier_count++] = one;
    }
    doc->identifiers = identifiers;
}

struct err index_doc_from_record(const struct record *record, uint64_t number, struct arena *arena,
                                 struct index_doc *out)
{
    static const enum index_sex sexes[] = {
        [SEX_UNKNOWN] = INDEX_SEX_UNKNOWN,
        [SEX_FEMALE] = INDEX_SEX_FEMALE,
        [SEX_MALE] = INDEX_SEX_MALE,
        [SEX_OTHER] = INDEX_SEX_OTHER,
    };
    struct index_name *names = ARENA_ARRAY(arena, struct index_name, INDEX_NAMES_MAX);
    struct text *nationalities = ARENA_ARRAY(arena, struct text, INDEX_NATIONALITIES_MAX);
    struct index_identifier *identifiers =
        ARENA_ARRAY(arena, struct index_identifier, INDEX_IDENTIFIERS_MAX);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    struct index_doc doc = {
        .number = number,
        .kind = (uint16_t)record->kind,
        .birth = birth_of(record),
        .sex = sexes[record_sex(record)],
    };
    add_names(record, arena, names, &doc);
    add_nationalities(record, nationalities, &doc);
    add_identifiers(record, arena, identifiers, &doc);
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = doc;
    return err_none();
}
