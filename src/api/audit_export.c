/* What a supervisor takes along: every entry of a period, and what proves that none is missing.
 *
 * Each log is named with its frontier before the period and its root behind it; every leaf between
 * stands in a line, so who has the file computes the root again (comity audit check). Access
 * entries, erasures, holds and restrictions are whole, with their salts; of all else the line
 * says what it was, never what it held (I6, I7). */
#include "api/audit.h"

#include "clerk/apply.h"
#include "clerk/exchange/logs.h"
#include "core/encode.h"

enum { PAGE = 256 };

/* -- the logs ----------------------------------------------------------------------------- */

/* How many leaves of a log are older than a journal number. */
static struct err leaves_before(struct call *call, uint16_t log, uint64_t number, uint64_t *out)
{
    uint64_t low = 0;
    uint64_t high = 0;
    struct arena *arena = call_scratch(call);
    struct err e = store_log_size(call->world->view, log, &high);
    while (!failed(e) && low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct journal_entries entries;
        size_t mark = arena->used;
        e = store_log_read(call->world->view, log, middle, 1, arena, &entries);
        if (!failed(e) && entries.count == 0)
            e = err_make(ERR_CORRUPT, "clerk.log-gap");
        bool before = !failed(e) && entries.entries[0].number < number;
        arena_rewind(arena, mark);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return e;
}

static struct err log_json(struct call *call, struct text name, uint16_t log,
                           const struct period *period, struct json *list)
{
    struct frontier frontier;
    struct hash root;
    uint8_t bytes[FRONTIER_LEN_MAX];
    uint64_t from = 0;
    uint64_t to = 0;
    struct json one = json_object();
    struct err e = leaves_before(call, log, period->first, &from);
    if (!failed(e))
        e = leaves_before(call, log, period->end, &to);
    if (!failed(e))
        e = log_frontier_at(call->world->view, log, from, &frontier);
    if (!failed(e))
        e = log_root_at(call->world->view, log, to, &root);
    if (failed(e))
        return e;
    json_set_text(call->arena, &one, "log", name);
    json_set_text(call->arena, &one, "origin",
                  log_origin(clerk_config(call->world->clerk), name, call->arena));
    json_set_text(call->arena, &one, "frontier",
                  hex_format(call->arena, frontier_format(&frontier, bytes)));
    json_set_integer(call->arena, &one, "size_from", (int64_t)from);
    json_set_integer(call->arena, &one, "size_to", (int64_t)to);
    json_set_text(call->arena, &one, "root_to", hex_format(call->arena, BYTES_OF(root.bytes)));
    json_push(call->arena, list, one);
    return err_none();
}

struct named_log {
    struct text name;
    uint16_t log;
};

static struct err feeds(struct call *call, struct named_log *out, size_t *count)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = API_LIST_MAX };
    struct store_rows rows;
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        int64_t log = 0;
        struct bytes key = rows.rows[i].key;
        e = json_parse(rows.rows[i].value, call->arena, &row);
        if (!failed(e) && json_get_integer(&row, "log", &log))
            out[(*count)++] = (struct named_log){ { (const char *)key.data, key.len },
                                                  (uint16_t)log };
    }
    return e;
}

/* -- the lines ---------------------------------------------------------------------------- */

static bool whole(const struct audited *audited)
{
    static const enum fact_kind kinds[] = { FACT_SEARCH,          FACT_LOOK,
                                            FACT_EXPORT,          FACT_USE_REPORT,
                                            FACT_ERASURE,         FACT_LOG_ERASURE,
                                            FACT_RECORD_HOLD,     FACT_RECORD_HOLD_END,
                                            FACT_RECORD_RESTRICT, FACT_COPY_ERASED,
                                            FACT_AUDIT_SAMPLE,    FACT_ANCHOR };
    for (size_t i = 0; !audited->is_frame && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (audited->fact.kind == kinds[i])
            return true;
    }
    return false;
}

static struct text name_of(const struct named_log *logs, size_t count, uint16_t log)
{
    for (size_t i = 0; i < count; i++) {
        if (logs[i].log == log)
            return logs[i].name;
    }
    return TEXT("");
}

/* In the scratch arena of `call`; the caller copies it. */
static struct err line(struct call *call, const struct named_log *logs, size_t count,
                       uint64_t number, struct json *out)
{
    struct audited audited;
    struct json content;
    struct json one = json_object();
    struct arena *arena = call->arena;
    struct err e = audit_open(call, number, &audited);
    bool erased = e.code == ERR_NOT_FOUND;
    if (failed(e) && !erased)
        return e;
    json_set_integer(arena, &one, "entry", (int64_t)number);
    json_set_text(arena, &one, "log", name_of(logs, count, audited.entry.log));
    json_set_integer(arena, &one, "leaf", (int64_t)audited.entry.leaf);
    json_set_text(arena, &one, "commitment",
                  hex_format(arena, BYTES_OF(audited.entry.entry.bytes)));
    if (erased) {
        json_set(arena, &one, "erased", json_bool(true));
    } else if (whole(&audited)) {
        e = json_parse(audited.opening.content, arena, &content);
        json_set_text(arena, &one, "salt", hex_format(arena, BYTES_OF(audited.opening.salt)));
        json_set(arena, &one, "content", content);
    } else {
        json_set(arena, &one, "what", audit_line(call, number));
    }
    *out = one;
    return erased ? err_none() : e;
}

static uint64_t digits(struct text text)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len && i < 15; i++)
        value = value * 10 + (uint64_t)(text.data[i] >= '0' && text.data[i] <= '9'
                                            ? text.data[i] - '0'
                                            : 0);
    return value;
}

/* "number.end": the first page fixes the end, since each page's own entry moves it. */
static void continue_at(struct text after, struct period *period, uint64_t *next)
{
    struct text first = text_split(&after, '.');
    uint64_t end = digits(after);
    if (digits(first) + 1 > *next)
        *next = digits(first) + 1;
    if (end >= period->first && end < period->end)
        period->end = end;
}

static void set_after(struct call *call, uint64_t next, const struct period *period,
                      struct json *answer)
{
    struct period whole_one = *period;
    struct json number = json_object();
    whole_one.end = UINT64_MAX;
    if (next >= period->end)
        return;
    audit_next(call, next, &whole_one, &number);
    audit_next(call, period->end + 1, &whole_one, answer);
    struct text head = arena_join(call->arena, json_get_text(&number, "after"), TEXT("."));
    json_set_text(call->arena, answer, "after",
                  arena_join(call->arena, head, json_get_text(answer, "after")));
}

/* ?from=&to=: the first page has `logs` too. */
void route_audit_export(struct call *call)
{
    struct named_log logs[API_LIST_MAX + 2] = { { TEXT("internal"), LOG_INTERNAL },
                                                { TEXT("anchors"), LOG_ANCHORS } };
    size_t count = 2;
    struct period period;
    struct text after;
    struct json items = json_array();
    struct json answer = json_object();
    struct json heads = json_array();
    if (!audit_period(call, 31, &period))
        return;
    struct err e = feeds(call, logs, &count);
    bool first = !call_parameter(call, "after", &after);
    for (size_t i = 0; !failed(e) && first && i < count; i++)
        e = log_json(call, logs[i].name, logs[i].log, &period, &heads);
    uint64_t next = period.first;
    if (!first)
        continue_at(after, &period, &next);
    struct call inner = *call;
    inner.arena = call_scratch(call);
    for (int i = 0; !failed(e) && i < PAGE && next < period.end; i++, next++) {
        struct json one;
        size_t mark = inner.arena->used;
        e = line(&inner, logs, count, next, &one);
        if (!failed(e))
            json_push(call->arena, &items, json_copy(call->arena, &one));
        arena_rewind(inner.arena, mark);
    }
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set_text(call->arena, &answer, "member", clerk_config(call->world->clerk)->member);
    json_set_text(call->arena, &answer, "from", instant_format(call->arena, period.from));
    json_set_text(call->arena, &answer, "to", instant_format(call->arena, period.to));
    if (first)
        json_set(call->arena, &answer, "logs", heads);
    json_set(call->arena, &answer, "items", items);
    set_after(call, next, &period, &answer);
    audit_answer(call, answer, "export", TEXT(""));
}
