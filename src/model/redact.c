#include "model/redact.h"

#include <assert.h>

#include "model/schema.h"

struct names { /* sorted, once each */
    struct text *list;
    size_t count;
};

static void name_add(struct names *names, struct text name)
{
    size_t at = 0;
    while (at < names->count) {
        int order = bytes_compare(text_bytes(names->list[at]), text_bytes(name));
        if (order == 0)
            return;
        if (order > 0)
            break;
        at++;
    }
    for (size_t i = names->count; i > at; i--)
        names->list[i] = names->list[i - 1];
    names->list[at] = name;
    names->count++;
}

static bool is_local(const struct statement *s)
{
    int local = code_find(CODE_HANDLING, TEXT("local"));
    assert(local >= 0);
    return (s->handling & (1u << local)) != 0;
}

/* Under a member's prefix: its own affair, and that it exists too (I7). */
static bool is_own(const struct statement *s)
{
    return memchr(s->attribute.data, ':', s->attribute.len) != NULL;
}

static bool is_withheld(const struct statement *s, const struct redaction *rules)
{
    if (s->attribute_number < 0 || s->set == SET_RAW || (s->handling & HANDLING_RAW) != 0)
        return true; /* what we do not understand stays at home */
    for (size_t i = 0; i < rules->withheld_count; i++) {
        if (attribute_matches(s->attribute, rules->withheld[i]))
            return true;
    }
    return false;
}

static bool refers_to(const struct record *r, const bool *kept, struct text attachment)
{
    for (size_t i = 0; i < r->statement_count; i++) {
        if (kept[i] && text_equal(json_get_text(r->statements[i].value, "attachment"), attachment))
            return true;
    }
    return false;
}

/* An attachment goes when a statement that is left shows it, or is the thumbnail of one that goes.
 */
static bool attachment_kept(const struct record *r, const bool *kept, struct text id)
{
    if (refers_to(r, kept, id))
        return true;
    for (size_t i = 0; i < r->attachment_count; i++) {
        if (text_equal(r->attachments[i].thumbnail, id) && refers_to(r, kept, r->attachments[i].id))
            return true;
    }
    return false;
}

/* Which statements stay, and the values of those made less exact (JSON_NULL: as it is). */
struct sieve {
    bool *kept;
    struct json *values;
    struct names withheld, coarsened;
};

static const struct coarse_field *coarse_of(const struct statement *s,
                                            const struct redaction *rules)
{
    for (size_t i = 0; i < rules->coarse_count; i++) {
        if (attribute_matches(s->attribute, rules->coarse[i].pattern))
            return &rules->coarse[i];
    }
    return NULL;
}

static struct json statements_view(const struct record *r, const struct sieve *sieve,
                                   struct arena *arena)
{
    struct json out = json_array();
    const struct json *in = json_get(r->json, "statements");
    for (size_t i = 0; i < r->statement_count; i++) {
        if (!sieve->kept[i])
            continue;
        struct json one = schema_copy_shared("statement", json_item(in, i), arena);
        if (sieve->values[i].kind == JSON_OBJECT) {
            json_remove(&one, "value");
            json_set(arena, &one, "value", sieve->values[i]);
        }
        json_push(arena, &out, one);
    }
    return out;
}

static struct json masked(const struct record *r, const char *list, const char *shape,
                          const bool *mask, struct arena *arena)
{
    struct json out = json_array();
    const struct json *in = json_get(r->json, list);
    for (size_t i = 0; i < json_count(in); i++) {
        if (mask[i])
            json_push(arena, &out, schema_copy_shared(shape, json_item(in, i), arena));
    }
    return out;
}

static struct json attachments_view(const struct record *r, const bool *kept, struct arena *arena)
{
    struct json out = json_array();
    const struct json *in = json_get(r->json, "attachments");
    for (size_t i = 0; i < r->attachment_count; i++) {
        if (attachment_kept(r, kept, r->attachments[i].id))
            json_push(arena, &out, schema_copy_shared("attachment", json_item(in, i), arena));
    }
    return out;
}

static struct json misused_view(const struct record *r, const bool *kept, struct arena *arena)
{
    struct json out = json_array();
    const struct json *in = json_get(r->json, "misused");
    for (size_t i = 0; i < json_count(in); i++) {
        struct text identity = json_get_text(json_item(in, i), "identity");
        bool used = false;
        for (size_t j = 0; j < r->statement_count; j++)
            used = used || (kept[j] && text_equal(r->statements[j].identity, identity));
        if (used)
            json_push(arena, &out, schema_copy_shared("misused", json_item(in, i), arena));
    }
    return out;
}

static void set_unless_empty(struct arena *arena, struct json *view, const char *name,
                             struct json list)
{
    json_remove(view, name);
    if (list.count > 0)
        json_set(arena, view, name, list);
}

/* Made less exact where a rule says so; what cannot be is taken out. */
static void sieve_one(const struct record *r, size_t i, const struct redaction *rules,
                      struct sieve *out, struct arena *arena)
{
    const struct statement *s = &r->statements[i];
    const struct coarse_field *field = coarse_of(s, rules);
    bool withheld = is_withheld(s, rules);
    if (!withheld && field != NULL && !is_local(s)) {
        withheld = !coarsen_value(s->type, s->value, field->way, arena, &out->values[i]);
        if (!withheld && !is_own(s))
            name_add(&out->coarsened, s->attribute);
    }
    out->kept[i] = !withheld && !is_local(s);
    if (withheld && !is_local(s) && !is_own(s))
        name_add(&out->withheld, s->attribute);
}

static bool sieve_make(const struct record *r, const struct redaction *rules, struct sieve *out,
                       struct arena *arena)
{
    out->kept = ARENA_ARRAY(arena, bool, r->statement_count);
    out->values = ARENA_ARRAY(arena, struct json, r->statement_count);
    out->withheld.list = ARENA_ARRAY(arena, struct text, r->statement_count);
    out->coarsened.list = ARENA_ARRAY(arena, struct text, r->statement_count);
    if (failed(arena_check(arena)))
        return false;
    for (size_t i = 0; i < r->statement_count; i++)
        out->values[i] = json_null();
    for (size_t i = 0; i < r->statement_count; i++)
        sieve_one(r, i, rules, out, arena);
    return true;
}

static struct json names_json(const struct names *names, struct arena *arena)
{
    struct json out = json_array();
    for (size_t i = 0; i < names->count; i++)
        json_push(arena, &out, json_string(names->list[i]));
    return out;
}

/* Members of the record that are lists are built apart; the others are copied by the schema. */
static struct json head_view(const struct record *r, struct arena *arena)
{
    struct json head = json_object();
    for (uint32_t i = 0; i < r->json->count; i++) {
        const struct json_member *member = &r->json->members[i];
        bool list = text_is(member->name, "statements") || text_is(member->name, "alerts") ||
                    text_is(member->name, "links") || text_is(member->name, "attachments") ||
                    text_is(member->name, "misused");
        if (!list)
            json_set_name(arena, &head, member->name, member->value);
    }
    return schema_copy_shared("record", &head, arena);
}

struct err record_redact(const struct record *r, const struct redaction *rules, struct arena *arena,
                         struct json *out)
{
    struct sieve sieve = { .kept = NULL };
    if (!sieve_make(r, rules, &sieve, arena))
        return arena_check(arena);
    const bool *kept = sieve.kept;
    struct json alerts = masked(r, "alerts", "alert", rules->alerts, arena);
    if (alerts.count == 0 && !arena->full)
        return err_make(ERR_INVALID, "record.nothing-shared");
    struct json view = head_view(r, arena);
    json_set(arena, &view, "alerts", alerts);
    json_set(arena, &view, "statements", statements_view(r, &sieve, arena));
    set_unless_empty(arena, &view, "attachments", attachments_view(r, kept, arena));
    set_unless_empty(arena, &view, "misused", misused_view(r, kept, arena));
    if (rules->links_opt != NULL)
        set_unless_empty(arena, &view, "links",
                         masked(r, "links", "link", rules->links_opt, arena));
    json_set(arena, &view, "withheld", names_json(&sieve.withheld, arena));
    json_remove(&view, "coarsened");
    if (sieve.coarsened.count > 0)
        json_set(arena, &view, "coarsened", names_json(&sieve.coarsened, arena));
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    *out = view;
    return err_none();
}
