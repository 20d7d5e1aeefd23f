#include "model/fact.h"

#include <assert.h>

static const struct {
    const char *name;
    enum retention retention;
    enum fact_log log;
    bool user;
} kinds[FACT_KINDS] = {
#define X(id, text, retention, log, user) \
    [FACT_##id] = { text, RETENTION_##retention, FACT_LOG_##log, user },
    FACT_KINDS_X(X)
#undef X
};

const char *fact_kind_name(enum fact_kind kind)
{
    assert(kind < FACT_KINDS);
    return kinds[kind].name;
}

enum fact_kind fact_kind_find(struct text name)
{
    for (size_t i = 0; i < FACT_KINDS; i++) {
        if (text_is(name, kinds[i].name))
            return (enum fact_kind)i;
    }
    return FACT_RAW;
}

enum retention fact_retention(enum fact_kind kind)
{
    return kind < FACT_KINDS ? kinds[kind].retention : RETENTION_PERSONAL;
}

const char *retention_name(enum retention retention)
{
    static const char *const names[RETENTIONS] = { "personal", "access", "case", "law",
                                                   "operation" };
    assert(retention < RETENTIONS);
    return names[retention];
}

enum fact_log fact_log(enum fact_kind kind)
{
    return kind < FACT_KINDS ? kinds[kind].log : FACT_LOG_INTERNAL;
}

bool fact_needs_user(enum fact_kind kind)
{
    return kind < FACT_KINDS && kinds[kind].user;
}

bool realm_valid(struct text realm)
{
    for (size_t i = 0; i < realm.len; i++) {
        char c = realm.data[i];
        bool inside = i > 0 && i + 1 < realm.len;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && inside))
            return false;
    }
    return realm.len > 0 && realm.len <= REALM_MAX;
}

static bool known_name(struct text name)
{
    static const char *const names[] = {
        "comity", "realm", "generation", "kind", "at", "by", "body"
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_is(name, names[i]))
            return true;
    }
    return false;
}

static struct err check_names(const struct json *in)
{
    for (uint32_t i = 0; i < json_count(in); i++) {
        struct text name = in->members[i].name;
        if (!known_name(name) && text_starts(name, TEXT("!")))
            return err_make(ERR_INVALID, "fact.critical");
    }
    return err_none();
}

static struct err actor_parse(const struct json *in, struct actor *out)
{
    struct actor by = { .unit = json_get_text(in, "unit"), .user = json_get_text(in, "user") };
    struct err e = member_code_parse(json_get_text(in, "member"), &by.member);
    if (failed(e))
        return e;
    if ((by.unit.data != NULL && !slug_valid(by.unit)) ||
        (by.user.data != NULL && !slug_valid(by.user)))
        return err_make(ERR_INVALID, "fact.bad-field");
    *out = by;
    return err_none();
}

static struct err check_canonical(const struct json *in, struct bytes bytes, struct arena *arena)
{
    size_t mark = arena->used;
    struct bytes again;
    struct err e = json_format(in, arena, &again);
    if (failed(e))
        return e;
    bool same = bytes_equal(bytes, again);
    arena_rewind(arena, mark);
    return same ? err_none() : err_make(ERR_INVALID, "fact.not-canonical");
}

static struct err fields_parse(const struct json *in, struct fact *out)
{
    int64_t format = 0;
    int64_t generation = 0;
    const struct json *body = json_get(in, "body");
    struct fact fact = { .realm = json_get_text(in, "realm"),
                         .kind_text = json_get_text(in, "kind") };
    bool good = json_get_integer(in, "comity", &format) && format == FACT_FORMAT &&
                json_get_integer(in, "generation", &generation) && generation >= 1 &&
                generation <= UINT32_MAX && realm_valid(fact.realm) && body != NULL &&
                body->kind == JSON_OBJECT && fact.kind_text.len > 0 &&
                fact.kind_text.len <= CODE_TEXT_MAX;
    if (!good)
        return err_make(ERR_INVALID, "fact.bad-field");
    struct err e = instant_parse(json_get_text(in, "at"), &fact.at);
    if (failed(e))
        return e;
    e = actor_parse(json_get(in, "by"), &fact.by);
    if (failed(e))
        return e;
    fact.generation = (uint32_t)generation;
    fact.kind = fact_kind_find(fact.kind_text);
    fact.body = *body;
    if (fact_needs_user(fact.kind) && (fact.by.user.len == 0 || fact.by.unit.len == 0))
        return err_make(ERR_INVALID, "fact.user-missing");
    *out = fact;
    return err_none();
}

struct err fact_parse(struct bytes in, struct arena *arena, struct fact *out)
{
    struct json json;
    if (in.len > FACT_BYTES_MAX)
        return err_make(ERR_LIMIT, "fact.too-long");
    struct err e = json_parse(in, arena, &json);
    if (failed(e))
        return e;
    if (json.kind != JSON_OBJECT)
        return err_make(ERR_INVALID, "fact.bad-field");
    e = check_names(&json);
    if (failed(e))
        return e;
    e = check_canonical(&json, in, arena);
    if (failed(e))
        return e;
    return fields_parse(&json, out);
}

struct err fact_format(const struct fact *fact, struct arena *arena, struct bytes *out)
{
    assert(fact->kind <= FACT_RAW && realm_valid(fact->realm) && fact->generation > 0);
    assert(fact->body.kind == JSON_OBJECT);
    if (fact_needs_user(fact->kind) && (fact->by.user.len == 0 || fact->by.unit.len == 0))
        return err_make(ERR_INVALID, "fact.user-missing"); /* it could never be read again */
    struct json by = json_object();
    json_set_text(arena, &by, "member", member_code_text(&fact->by.member));
    if (fact->by.unit.len > 0)
        json_set_text(arena, &by, "unit", fact->by.unit);
    if (fact->by.user.len > 0)
        json_set_text(arena, &by, "user", fact->by.user);
    struct json json = json_object();
    json_set_integer(arena, &json, "comity", FACT_FORMAT);
    json_set_text(arena, &json, "realm", fact->realm);
    json_set_integer(arena, &json, "generation", fact->generation);
    json_set_text(arena, &json, "kind",
                  fact->kind == FACT_RAW ? fact->kind_text
                                         : text_literal(fact_kind_name(fact->kind)));
    json_set_text(arena, &json, "at", instant_format(arena, fact->at));
    json_set(arena, &json, "by", by);
    json_set(arena, &json, "body", fact->body);
    struct bytes bytes;
    struct err e = json_format(&json, arena, &bytes);
    if (failed(e))
        return e;
    if (bytes.len > FACT_BYTES_MAX)
        return err_make(ERR_LIMIT, "fact.too-long");
    *out = bytes;
    return err_none();
}
