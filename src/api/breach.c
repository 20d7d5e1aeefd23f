/* What was lost: the counts for a notice of breach, by owner, category and classification; no
 * record is named. Pages: first the records that are held, then the erasures since. */
#include "api/audit.h"

#include "clerk/apply.h"
#include "clerk/rights/retain.h"
#include "core/encode.h"

enum { ROWS = 2048, ENTRIES = 1024, GROUPS_MAX = 1000 };

struct group {
    struct text owner, category, level;
    int64_t records;
};

struct breach {
    struct call *call;
    struct arena *scratch;
    struct text partner; /* empty: this node */
    struct period period;
    struct group *groups;
    size_t group_count;
};

static void count(struct breach *breach, struct text owner, struct text category,
                  struct text level)
{
    struct arena *arena = breach->call->arena;
    for (size_t i = 0; i < breach->group_count; i++) {
        struct group *one = &breach->groups[i];
        if (text_equal(one->owner, owner) && text_equal(one->category, category) &&
            text_equal(one->level, level)) {
            one->records++;
            return;
        }
    }
    if (breach->group_count == GROUPS_MAX)
        category = level = TEXT("other"); /* beyond any catalogue of ours */
    size_t at = breach->group_count < GROUPS_MAX ? breach->group_count++ : GROUPS_MAX - 1;
    struct group *one = &breach->groups[at];
    int64_t records = at == GROUPS_MAX - 1 ? one->records : 0;
    *one = (struct group){ arena_copy_text(arena, owner), arena_copy_text(arena, category),
                           arena_copy_text(arena, level), records + 1 };
}

/* The category of its first alert; "none" for a record without. */
static void count_record(struct breach *breach, const struct json *record)
{
    const struct json *alerts = json_get(record, "alerts");
    struct text category = json_count(alerts) > 0
                               ? json_get_text(json_item(alerts, 0), "category")
                               : TEXT("");
    struct text level = json_get_text(record, "classification");
    count(breach, json_get_text(record, "owner"), category.len > 0 ? category : TEXT("none"),
          level.len > 0 ? level : TEXT("restricted"));
}

/* -- this node ---------------------------------------------------------------------------- */

static struct err count_row(struct breach *breach, const struct store_row *row)
{
    struct json value;
    size_t mark = breach->scratch->used;
    struct err e = json_parse(row->value, breach->scratch, &value);
    if (!failed(e) && json_get(&value, "record") != NULL && json_get(&value, "source") == NULL)
        count_record(breach, json_get(&value, "record")); /* public lists are no secret */
    arena_rewind(breach->scratch, mark);
    return e;
}

/* -- a partner ---------------------------------------------------------------------------- */

static struct err count_shared(struct breach *breach, const struct store_row *stored)
{
    struct json shared;
    struct json row;
    struct record_key record;
    struct instant as_of = { 0 };
    size_t mark = breach->scratch->used;
    struct bytes key = stored->key;
    struct err e = json_parse(stored->value, breach->scratch, &shared);
    if (failed(e) || key.len < sizeof(record.bytes))
        return failed(e) ? e : err_make(ERR_CORRUPT, "clerk.bad-row");
    e = instant_parse(json_get_text(&shared, "as_of"), &as_of);
    if (failed(e))
        return e;
    memcpy(record.bytes, key.data + key.len - sizeof(record.bytes), sizeof(record.bytes));
    struct row_key row_key = key_record(&record);
    bool held = text_is(json_get_text(&shared, "state"), "held") ||
                !instant_before(as_of, breach->period.from);
    if (held) { /* or taken back since then */
        e = view_get(breach->call->world->view, TABLE_RECORD, &row_key, breach->scratch, &row);
        struct text self = clerk_config(breach->call->world->clerk)->member;
        if (!failed(e) && json_get(&row, "record") != NULL)
            count_record(breach, json_get(&row, "record"));
        else if (!failed(e) || e.code == ERR_NOT_FOUND)
            count(breach, self, TEXT("gone"), TEXT("unknown"));
        e = e.code == ERR_NOT_FOUND ? err_none() : e;
    }
    arena_rewind(breach->scratch, mark);
    return e;
}

/* -- pages -------------------------------------------------------------------------------- */

/* *last_out: behind what key the next page of rows begins; empty: they are done. */
static struct err count_rows(struct breach *breach, struct bytes after, struct text *last_out)
{
    struct row_key prefix = key_text(breach->partner);
    bool node = breach->partner.len == 0;
    struct store_rows rows;
    size_t mark = breach->scratch->used;
    key_add_u8(&prefix, 0);
    struct store_range range = { .table = node ? TABLE_RECORD : TABLE_SHARED, .after = after,
                                 .limit = ROWS };
    if (!node)
        range.prefix = key_bytes(&prefix);
    struct err e = store_scan(breach->call->world->view, &range, breach->scratch, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = node ? count_row(breach, &rows.rows[i]) : count_shared(breach, &rows.rows[i]);
    *last_out = TEXT("");
    if (!failed(e) && rows.count == ROWS)
        *last_out = hex_format(breach->call->arena, rows.rows[ROWS - 1].key);
    arena_rewind(breach->scratch, mark);
    return e;
}

/* What was erased since was held before: of it only the owner is left. */
static struct err count_erased(struct breach *breach, uint64_t *next)
{
    struct call inner = *breach->call;
    inner.arena = breach->scratch;
    for (int i = 0; i < ENTRIES && *next < breach->period.end; i++, (*next)++) {
        struct audited audited;
        struct record_id id;
        size_t mark = inner.arena->used;
        struct err e = audit_open(&inner, *next, &audited);
        if (!failed(e) && !audited.is_frame && audited.fact.kind == FACT_ERASURE &&
            !failed(record_id_parse(json_get_text(&audited.fact.body, "record"), &id)))
            count(breach, member_code_text(&id.owner), TEXT("erased"), TEXT("unknown"));
        arena_rewind(inner.arena, mark);
        if (failed(e) && e.code != ERR_NOT_FOUND)
            return e;
    }
    return err_none();
}

static struct json groups_json(struct breach *breach)
{
    struct arena *arena = breach->call->arena;
    struct json list = json_array();
    for (size_t i = 0; i < breach->group_count; i++) {
        const struct group *group = &breach->groups[i];
        struct json one = json_object();
        json_set_text(arena, &one, "owner", group->owner);
        json_set_text(arena, &one, "category", group->category);
        json_set_text(arena, &one, "classification", group->level);
        json_set_integer(arena, &one, "records", group->records);
        json_push(arena, &list, one);
    }
    return list;
}

/* "r" and a key, or "j" and a journal number: where a page begins. */
static struct err page(struct breach *breach, struct json *answer)
{
    struct arena *arena = breach->call->arena;
    uint8_t key[STORE_KEY_MAX];
    struct text after = TEXT("");
    struct text last = TEXT("");
    struct bytes begin = { NULL, 0 };
    (void)call_parameter(breach->call, "after", &after);
    bool journal = text_starts(after, TEXT("j"));
    struct text rest = text_slice(after, 1, after.len);
    if (!journal) {
        if (after.len > 1 && rest.len <= 2 * sizeof(key) &&
            !failed(hex_parse(rest, key, rest.len / 2)))
            begin = bytes_of(key, rest.len / 2);
        struct err e = count_rows(breach, begin, &last);
        if (failed(e))
            return e;
        bool more = last.len > 0;
        if (more || breach->partner.len == 0)
            json_set_text(arena, answer, "after",
                          more ? arena_join(arena, TEXT("r"), last) : TEXT("j0"));
        return err_none();
    }
    uint64_t next = 0;
    for (size_t i = 0; i < rest.len && i < 15; i++)
        next = next * 10 + (uint64_t)(rest.data[i] >= '0' && rest.data[i] <= '9'
                                          ? rest.data[i] - '0'
                                          : 0);
    next = next + 1 > breach->period.first ? next + 1 : breach->period.first;
    struct err e = count_erased(breach, &next);
    struct json number = json_object();
    audit_next(breach->call, next, &breach->period, &number);
    struct text at = json_get_text(&number, "after");
    if (!failed(e) && at.len > 0)
        json_set_text(arena, answer, "after", arena_join(arena, TEXT("j"), at));
    return e;
}

/* ?since=DAY, ?partner=CODE: what this node, or that partner, held at any time since. */
void route_breach(struct call *call)
{
    struct breach breach = { .call = call, .scratch = call_scratch(call) };
    struct text lost;
    struct json answer = json_object();
    struct json row;
    if (call_parameter(call, "outpost", &lost)) {
        call_fail(call, ERR_UNAVAILABLE, "audit.no-outposts", lost);
        return;
    }
    if (call_parameter(call, "partner", &breach.partner)) {
        struct row_key key = key_text(text_slice(breach.partner, 0, MEMBER_CODE_MAX));
        if (!call_row(call, TABLE_PARTNER, &key, "clerk.no-such-partner", &row))
            return;
    }
    breach.groups = ARENA_ARRAY(call->arena, struct group, GROUPS_MAX);
    if (breach.groups == NULL || !audit_period(call, 0, &breach.period))
        return;
    struct err e = page(&breach, &answer);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    struct instant notify = instant_plus(call->world->now, duty_ms("breach"));
    json_set_text(call->arena, &answer, "member", clerk_config(call->world->clerk)->member);
    json_set_text(call->arena, &answer, "since", instant_format(call->arena, breach.period.from));
    json_set_text(call->arena, &answer, "notify_by", instant_format(call->arena, notify));
    if (breach.partner.len > 0)
        json_set_text(call->arena, &answer, "partner", breach.partner);
    json_set(call->arena, &answer, "items", groups_json(&breach));
    audit_answer(call, answer, "breach", breach.partner);
}
