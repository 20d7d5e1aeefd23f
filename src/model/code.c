#include "model/code.h"

#include <assert.h>

struct list {
    const char *version;
    const struct code_row *rows;
    const int16_t *sorted; /* rows in byte order of their codes */
    size_t count;
};

#include "model/code_tables.inc"

static const char *const names[CODE_LISTS] = {
#define X(id, name) [CODE_##id] = name,
    CODE_LISTS_X(X)
#undef X
};

const char *code_list_name(enum code_list list)
{
    assert(list < CODE_LISTS);
    return names[list];
}

const char *code_list_version(enum code_list list)
{
    assert(list < CODE_LISTS);
    return tables[list].version;
}

bool code_list_find(struct text name, enum code_list *out)
{
    for (size_t i = 0; i < CODE_LISTS; i++) {
        if (text_is(name, names[i])) {
            *out = (enum code_list)i;
            return true;
        }
    }
    return false;
}

size_t code_count(enum code_list list)
{
    assert(list < CODE_LISTS);
    return tables[list].count;
}

const struct code_row *code_row(enum code_list list, size_t number)
{
    assert(list < CODE_LISTS && number < tables[list].count);
    return &tables[list].rows[number];
}

int code_find(enum code_list list, struct text code)
{
    assert(list < CODE_LISTS);
    const struct list *table = &tables[list];
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int16_t row = table->sorted[middle];
        int order =
            bytes_compare(text_bytes(code), text_bytes(text_literal(table->rows[row].code)));
        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return CODE_RAW;
}

struct code code_of(enum code_list list, struct text code)
{
    struct code out = { .list = text_literal(code_list_name(list)), .code = code };
    out.number = (int16_t)code_find(list, code);
    return out;
}

struct text code_column(enum code_list list, size_t number, size_t n)
{
    struct text rest = text_literal(code_row(list, number)->data);
    struct text cell = text_split(&rest, '\t');
    while (n-- > 0 && cell.data != NULL)
        cell = text_split(&rest, '\t');
    return cell;
}

uint32_t code_number(enum code_list list, size_t number, size_t n)
{
    struct text cell = code_column(list, number, n);
    uint32_t value = 0;
    for (size_t i = 0; i < cell.len; i++) {
        assert(cell.data[i] >= '0' && cell.data[i] <= '9' && value < 100000);
        value = value * 10 + (uint32_t)(cell.data[i] - '0');
    }
    return value;
}

bool category_fits(int category, struct text kind)
{
    enum { KINDS = 2 };
    if (category < 0)
        return true;
    return text_lists(code_column(CODE_CATEGORY, (size_t)category, KINDS), ',', kind);
}

bool code_within(enum code_list list, int number, int ancestor)
{
    if (number < 0 || ancestor < 0)
        return false;
    for (int depth = 0; number >= 0 && depth < CODE_DEPTH_MAX; depth++) {
        if (number == ancestor)
            return true;
        number = code_row(list, (size_t)number)->parent;
    }
    return false;
}

bool code_matches(enum code_list list, struct code code, struct text pattern)
{
    if (text_is(pattern, "*"))
        return true;
    if (code_is_raw(code))
        return false;
    struct text stem = pattern;
    if (text_ends(pattern, TEXT(".*")))
        stem.len -= 2;
    int wanted = code_find(list, stem);
    if (stem.len == pattern.len)
        return wanted >= 0 && code.number == wanted;
    return code_within(list, code.number, wanted);
}

struct err code_parse(const struct json *in, struct code *out)
{
    struct code code = {
        .list = json_get_text(in, "list"),
        .version = json_get_text(in, "version"),
        .code = json_get_text(in, "code"),
        .number = CODE_RAW,
    };
    if (code.list.len == 0 || code.version.len == 0 || code.code.len == 0 ||
        code.list.len > CODE_TEXT_MAX || code.version.len > CODE_TEXT_MAX ||
        code.code.len > CODE_TEXT_MAX)
        return err_make(ERR_INVALID, "model.bad-code");
    enum code_list list;
    if (code_list_find(code.list, &list))
        code.number = (int16_t)code_find(list, code.code);
    *out = code;
    return err_none();
}

static bool blank(struct text t)
{
    return text_trim(t).len == 0;
}

/* JSON names are looked up by C string; a reference's name is a word of the table. */
static bool reference_given(const struct json *reference, struct text name)
{
    for (size_t i = 0; i < json_count(reference); i++) {
        const struct json_member *member = &reference->members[i];
        if (text_equal(member->name, name))
            return member->value.kind == JSON_STRING && !blank(member->value.string);
    }
    return false;
}

struct err purpose_check_reference(struct code purpose, const struct json *reference_opt)
{
    if (code_is_raw(purpose))
        return err_make(ERR_INVALID, "model.unknown-purpose");
    struct text names_wanted = code_column(CODE_PURPOSE, (size_t)purpose.number, 0);
    if (names_wanted.len == 0) /* a branch of the tree is no purpose to act for */
        return err_make(ERR_INVALID, "model.purpose-too-wide");
    bool object = reference_opt != NULL && reference_opt->kind == JSON_OBJECT;
    while (names_wanted.len > 0) {
        struct text name = text_split(&names_wanted, ' ');
        if (!object || !reference_given(reference_opt, name))
            return err_make(ERR_INVALID, "model.reference-missing");
    }
    return err_none();
}

bool purpose_knows_reference(struct text name)
{
    for (size_t i = 0; i < code_count(CODE_PURPOSE); i++) {
        struct text wanted = code_column(CODE_PURPOSE, i, 0);
        while (wanted.len > 0) {
            if (text_equal(text_split(&wanted, ' '), name))
                return true;
        }
    }
    return false;
}
