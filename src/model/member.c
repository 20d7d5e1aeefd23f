#include "model/member.h"

#include <assert.h>

static bool lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool code_is_country(struct text in)
{
    if (in.len != 3)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] < 'A' || in.data[i] > 'Z')
            return false;
    }
    return true;
}

static bool code_is_own(struct text in)
{
    if (in.len < 3 || in.len > MEMBER_CODE_MAX || !text_starts(in, TEXT("x-")))
        return false;
    for (size_t i = 2; i < in.len; i++) {
        bool hyphen = in.data[i] == '-' && i + 1 < in.len && in.data[i - 1] != '-';
        if (!lower_or_digit(in.data[i]) && !hyphen)
            return false;
    }
    return true;
}

struct err member_code_parse(struct text in, struct member_code *out)
{
    if (!code_is_country(in) && !code_is_own(in))
        return err_make(ERR_INVALID, "model.bad-member");
    struct member_code code = { .len = (uint8_t)in.len };
    memcpy(code.name, in.data, in.len);
    *out = code;
    return err_none();
}

struct text member_code_text(const struct member_code *m)
{
    return (struct text){ m->name, m->len };
}

int member_code_compare(const struct member_code *a, const struct member_code *b)
{
    return bytes_compare(text_bytes(member_code_text(a)), text_bytes(member_code_text(b)));
}

bool member_code_equal(const struct member_code *a, const struct member_code *b)
{
    return member_code_compare(a, b) == 0;
}

bool member_code_is_private(const struct member_code *m)
{
    return m->len > 3 || m->name[0] == 'x';
}

bool slug_valid(struct text in)
{
    if (in.len == 0 || in.len > SLUG_MAX)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        bool edge = i == 0 || i + 1 == in.len;
        bool mark = in.data[i] == '.' || in.data[i] == '_' || in.data[i] == '-';
        if (!lower_or_digit(in.data[i]) && (edge || !mark))
            return false;
    }
    return true;
}

/* An optional array of texts; false when it is something else or too long. */
static bool texts_parse(const struct json *in_opt, size_t max, struct arena *arena,
                        const struct text **out, size_t *count_out)
{
    size_t count = json_count(in_opt);
    if (in_opt != NULL && (in_opt->kind != JSON_ARRAY || count > max))
        return false;
    struct text *list = ARENA_ARRAY(arena, struct text, count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        const struct json *item = json_item(in_opt, i);
        if (item->kind != JSON_STRING || item->string.len == 0 || item->string.len > SLUG_MAX)
            return false;
        list[i] = item->string;
    }
    *out = list;
    *count_out = count;
    return list != NULL;
}

/* Codes that must be known: a competence in words we do not know is no competence. */
static bool codes_parse(const struct json *in_opt, enum code_list list, struct arena *arena,
                        const struct code **out, size_t *count_out)
{
    const struct text *texts = NULL;
    size_t count = 0;
    if (!texts_parse(in_opt, code_count(list), arena, &texts, &count))
        return false;
    struct code *codes = ARENA_ARRAY(arena, struct code, count);
    for (size_t i = 0; codes != NULL && i < count; i++) {
        codes[i] = code_of(list, texts[i]);
        if (code_is_raw(codes[i]))
            return false;
    }
    *out = codes;
    *count_out = count;
    return codes != NULL;
}

static bool level_parse(const struct json *in, const char *name, enum classification *out)
{
    int level = code_find(CODE_CLASSIFICATION, json_get_text(in, name));
    if (level < 0)
        return false;
    *out = (enum classification)level;
    return true;
}

static struct err refuse(const struct arena *arena, const char *rule)
{
    return arena->full ? arena_check(arena) : err_make(ERR_INVALID, rule);
}

struct err unit_parse(const struct json *in, struct arena *arena, struct unit *out)
{
    struct unit unit = { .id = json_get_text(in, "id"),
                         .parent = json_get_text(in, "parent"),
                         .name = json_get_text(in, "name") };
    int branch = code_find(CODE_BRANCH, json_get_text(in, "branch"));
    bool good = slug_valid(unit.id) && (unit.parent.len == 0 || slug_valid(unit.parent)) &&
                !text_equal(unit.id, unit.parent) && unit.name.len > 0 && unit.name.len <= 200 &&
                branch >= 0 && level_parse(in, "ceiling", &unit.ceiling);
    good = good && texts_parse(json_get(in, "territory"), UNIT_TERRITORIES_MAX, arena,
                               &unit.territories, &unit.territory_count);
    good = good && codes_parse(json_get(in, "offences"), CODE_OFFENCE, arena, &unit.offences,
                               &unit.offence_count);
    good = good && codes_parse(json_get(in, "purposes"), CODE_PURPOSE, arena, &unit.purposes,
                               &unit.purpose_count);
    if (!good)
        return refuse(arena, "model.bad-unit");
    unit.branch = (enum unit_branch)branch;
    *out = unit;
    return err_none();
}

bool unit_may_ask(const struct unit *unit, struct code purpose)
{
    for (size_t i = 0; i < unit->purpose_count; i++) {
        if (code_within(CODE_PURPOSE, purpose.number, unit->purposes[i].number))
            return true;
    }
    return false;
}

static bool roles_parse(const struct json *in, uint32_t *out)
{
    uint32_t roles = 0;
    for (size_t i = 0; i < json_count(in); i++) {
        const struct json *item = json_item(in, i);
        int role = item->kind == JSON_STRING ? code_find(CODE_ROLE, item->string) : CODE_RAW;
        if (role < 0)
            return false;
        roles |= ROLE_BIT(role);
    }
    *out = roles;
    return roles != 0;
}

struct err user_parse(const struct json *in, struct arena *arena, struct user *out)
{
    struct user user = { .id = json_get_text(in, "id"),
                         .unit = json_get_text(in, "unit"),
                         .name = json_get_text(in, "name"),
                         .disabled = json_get_bool(in, "disabled") };
    bool good = slug_valid(user.id) && slug_valid(user.unit) && user.name.len <= 200 &&
                roles_parse(json_get(in, "roles"), &user.roles) &&
                level_parse(in, "clearance", &user.clearance);
    good = good && texts_parse(json_get(in, "languages"), USER_LANGUAGES_MAX, arena,
                               &user.languages, &user.language_count);
    if (!good)
        return refuse(arena, "model.bad-user");
    *out = user;
    return err_none();
}

const char *role_name(enum role role)
{
    assert(role < ROLES);
    return code_row(CODE_ROLE, role)->code;
}
