/* Who did what with a record, what a user saw, and the sample that is judged by hand. */
#include "api/audit.h"

#include "clerk/apply.h"

static const struct bytes all_rows = { NULL, 0 };

struct err audit_open(struct call *call, uint64_t number, struct audited *out)
{
    struct err e = store_journal_get(call->world->view, number, call->arena, &out->entry);
    if (!failed(e))
        e = journal_open(call->world->clerk, &out->entry, call->arena, &out->opening);
    if (failed(e))
        return e;
    out->is_frame = out->entry.log >= LOG_FEED_FIRST;
    if (out->is_frame) {
        e = frame_parse(out->opening.content, call->arena, &out->frame);
        out->at = out->frame.as_of;
    } else {
        e = fact_parse(out->opening.content, call->arena, &out->fact);
        out->at = out->fact.at;
    }
    return e;
}

/* -- periods ------------------------------------------------------------------------------ */

/* The time of the first readable entry from `number` on; the entry's number, or the end. */
static struct err time_from(struct call *call, uint64_t number, uint64_t end,
                            struct instant *at_out, uint64_t *found_out)
{
    struct audited audited;
    struct call inner = *call;
    inner.arena = call_scratch(call);
    for (uint64_t i = number; i < end; i++) {
        size_t mark = inner.arena->used;
        struct err e = audit_open(&inner, i, &audited);
        *at_out = audited.at;
        arena_rewind(inner.arena, mark);
        *found_out = i;
        if (e.code != ERR_NOT_FOUND)
            return e;
    }
    *found_out = end;
    return err_none();
}

/* The first entry of [low, high) that is not before `at`. */
static struct err first_at(struct call *call, struct instant at, uint64_t low, uint64_t high,
                           uint64_t *out)
{
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint64_t found = middle;
        struct instant then = { 0 };
        struct err e = time_from(call, middle, high, &then, &found);
        if (failed(e))
            return e;
        if (found == high || !instant_before(then, at))
            high = middle;
        else
            low = found + 1;
    }
    *out = low;
    return err_none();
}

static bool day_parameter(struct call *call, const char *name, struct date otherwise,
                          struct date *out)
{
    struct text text;
    *out = otherwise;
    if (!call_parameter(call, name, &text) || !failed(date_parse(text, out)))
        return true;
    call_fail(call, ERR_INVALID, "clerk.bad-date", text_literal(name));
    return false;
}

bool audit_period(struct call *call, int64_t days_back, struct period *out)
{
    struct instant now = call->world->now;
    struct date from;
    struct date to;
    uint64_t last = 0;
    struct date begin = date_of_instant(instant_plus(now, -days_back * INSTANT_DAY));
    if (!day_parameter(call, days_back == 0 ? "since" : "from", begin, &from) ||
        !day_parameter(call, "to", date_of_instant(now), &to))
        return false;
    out->from = date_begin(from);
    out->to = instant_plus(date_begin(to), INSTANT_DAY);
    if (instant_before(out->to, out->from)) {
        call_fail(call, ERR_INVALID, "audit.period", TEXT("to"));
        return false;
    }
    struct err e = store_journal_last(call->world->view, &last);
    if (!failed(e))
        e = first_at(call, out->from, 1, last + 1, &out->first);
    if (!failed(e))
        e = first_at(call, out->to, out->first, last + 1, &out->end);
    if (failed(e))
        call_error(call, e);
    return !failed(e);
}

uint64_t audit_after(struct call *call, uint64_t first)
{
    uint64_t after = (uint64_t)call_number(call, "after", 0, INT32_MAX);
    return after + 1 > first ? after + 1 : first;
}

void audit_next(struct call *call, uint64_t next, const struct period *period,
                struct json *answer)
{
    char digits[24];
    size_t at = sizeof(digits);
    if (next >= period->end)
        return;
    for (uint64_t rest = next - 1; rest > 0; rest /= 10)
        digits[--at] = (char)('0' + rest % 10);
    json_set_text(call->arena, answer, "after",
                  arena_copy_text(call->arena,
                                  (struct text){ digits + at, sizeof(digits) - at }));
}

void audit_answer(struct call *call, struct json answer, const char *what, struct text about)
{
    struct json entry = json_object();
    json_set(call->arena, &entry, "kind", json_literal("audit"));
    json_set(call->arena, &entry, "audit", json_literal(what));
    if (about.len > 0)
        json_set_text(call->arena, &entry, "about", about);
    call_look(call, answer, entry);
}

/* -- one line ----------------------------------------------------------------------------- */

static void frame_line(struct call *call, const struct frame *frame, struct json *out)
{
    struct text kind = text_literal(frame_kind_name(frame->kind));
    json_set_text(call->arena, out, "kind",
                  arena_join(call->arena, TEXT("disclose."), kind));
    json_set_text(call->arena, out, "partner", frame->feed);
    json_set_integer(call->arena, out, "number", (int64_t)frame->number);
    json_set_text(call->arena, out, "record", frame_subject(frame));
    if (frame->has_basis)
        json_set_text(call->arena, out, "clause", frame->basis.clause);
}

static void fact_line(struct call *call, const struct fact *fact, struct json *out)
{
    static const char *const shown[] = { "purpose", "reference", "query",  "record",  "hits",
                                         "partner", "reason",    "ground", "used_for", "subject",
                                         "acting_for", "restricted", "until", "about",
                                         "watch", "case", "verdict", "band" };
    struct text kind = json_get_text(&fact->body, "kind");
    bool access = fact->kind == FACT_SEARCH || fact->kind == FACT_LOOK ||
                  fact->kind == FACT_EXPORT;
    json_set_text(call->arena, out, "kind", access && kind.len > 0 ? kind : fact->kind_text);
    json_set_text(call->arena, out, "unit", fact->by.unit);
    json_set_text(call->arena, out, "user", fact->by.user);
    json_take_all(call->arena, out, &fact->body, shown, sizeof(shown) / sizeof(shown[0]));
    if (fact->kind == FACT_RECORD_PUT || fact->kind == FACT_RECORD_PRUNE ||
        fact->kind == FACT_RECORD_ENTER || fact->kind == FACT_RECEIVED)
        json_remove(out, "record"); /* the content: a log has none (I6) */
    if (fact->kind == FACT_WATCH_MATCH) { /* the node's, to whom it was told */
        static const char *const told[] = { "unit", "user" };
        json_take_all(call->arena, out, &fact->body, told, 2);
    }
    if (fact->kind == FACT_USE_REPORT) { /* a partner's use: its unit, nobody's name */
        static const char *const theirs[] = { "unit" };
        json_take_all(call->arena, out, &fact->body, theirs, 1);
        json_set_text(call->arena, out, "purpose", json_get_text(&fact->body, "used_for"));
    }
}

/* What is erased is said to be so. */
struct json audit_line(struct call *call, uint64_t number)
{
    struct audited audited;
    struct json one = json_object();
    struct err e = audit_open(call, number, &audited);
    json_set_integer(call->arena, &one, "entry", (int64_t)number);
    if (failed(e)) {
        json_set(call->arena, &one, "rule", json_literal(e.rule));
        return one;
    }
    json_set_text(call->arena, &one, "at", instant_format(call->arena, audited.at));
    if (audited.is_frame)
        frame_line(call, &audited.frame, &one);
    else
        fact_line(call, &audited.fact, &one);
    return one;
}

/* Entries are opened in the scratch arena: a frame may be a megabyte. */
static struct json line_copy(struct call *call, uint64_t number)
{
    struct call inner = *call;
    inner.arena = call_scratch(call);
    size_t mark = inner.arena->used;
    struct json one = audit_line(&inner, number);
    one = json_copy(call->arena, &one);
    arena_rewind(inner.arena, mark);
    return one;
}

static void pick_access(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    (void)row;
    json_push(call->arena, list, line_copy(call, key_tail_u64(key)));
}

/* Who has it or had it: said also when the frames' content is erased. */
static void add_holders(struct call *call, const struct record_key *record, struct json *answer)
{
    static const char *const shown[] = { "state", "number", "version", "entry" };
    struct store_range range = { .table = TABLE_PARTNER, .limit = API_LIST_MAX };
    struct store_rows rows;
    struct json list = json_array();
    if (failed(store_scan(call->world->view, &range, call->arena, &rows)))
        return;
    for (size_t i = 0; i < rows.count; i++) {
        struct row_key key = key_of(rows.rows[i].key);
        struct json held;
        struct json one = json_object();
        key_add_u8(&key, 0);
        key_add(&key, BYTES_OF(record->bytes));
        if (failed(view_get(call->world->view, TABLE_SHARED, &key, call->arena, &held)))
            continue;
        json_set_text(call->arena, &one, "partner",
                      (struct text){ (const char *)rows.rows[i].key.data,
                                     rows.rows[i].key.len });
        json_set_text(call->arena, &one, "at", json_get_text(&held, "as_of"));
        json_set_text(call->arena, &one, "clause",
                      json_get_text(json_get(&held, "basis"), "clause"));
        json_take_all(call->arena, &one, &held, shown, sizeof(shown) / sizeof(shown[0]));
        json_push(call->arena, &list, one);
    }
    json_set(call->arena, answer, "recipients", list);
}

/* ?record=ID: the life of a record, every look and disclosure. ?user=ID: what they looked at. The
 * audit is itself entered. */
void route_audit(struct call *call)
{
    struct text about = TEXT("");
    struct record_key record;
    bool by_record = call_parameter(call, "record", &about);
    if (by_record) {
        struct err e = record_key_view(call->world->clerk, call->world->view, about,
                                       call->arena, &record);
        if (failed(e)) {
            call_fail(call, ERR_NOT_FOUND, "clerk.no-such-record", about);
            return;
        }
        struct row_key prefix = key_record(&record);
        call_list(call, TABLE_ACCESS_RECORD, key_bytes(&prefix), pick_access);
    } else if (call_parameter(call, "user", &about)) {
        struct row_key prefix = key_text(text_slice(about, 0, SLUG_MAX));
        key_add_u8(&prefix, 0);
        call_list(call, TABLE_ACCESS_USER, key_bytes(&prefix), pick_access);
    } else {
        call_list(call, TABLE_ACCESS_USER, all_rows, pick_access);
    }
    if (failed(call->work->err))
        return;
    struct json answer = call->work->answer;
    if (by_record && json_get(&answer, "after") == NULL)
        add_holders(call, &record, &answer);
    audit_answer(call, answer, by_record ? "record" : "user", about);
}

/* -- the sample --------------------------------------------------------------------------- */

void route_audit_sample(struct call *call)
{
    call_command(call, VERB_AUDIT_SAMPLE, call->body);
}

void route_audit_finding(struct call *call)
{
    call_command(call, VERB_AUDIT_FINDING, call->body);
}

static void pick_sample(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    (void)key;
    if (json_get(row, "week") != NULL)
        json_push(call->arena, list, *row);
}

void route_audit_samples(struct call *call)
{
    call_list(call, TABLE_SAMPLE, all_rows, pick_sample);
}

/* One week's, each entry opened beside its auditor and finding. */
void route_audit_sample_get(struct call *call)
{
    static const char *const kept[] = { "auditor", "finding", "text" };
    struct json row;
    struct json list = json_array();
    struct row_key key = key_text(text_slice(call->ids[0], 0, 10));
    if (!call_row(call, TABLE_SAMPLE, &key, "audit.not-drawn", &row))
        return;
    const struct json *entries = json_get(&row, "entries");
    for (size_t i = 0; i < json_count(entries); i++) {
        const struct json *drawn = json_item(entries, i);
        int64_t number = 0;
        (void)json_get_integer(drawn, "entry", &number);
        struct json one = line_copy(call, (uint64_t)number);
        json_take_all(call->arena, &one, drawn, kept, sizeof(kept) / sizeof(kept[0]));
        json_push(call->arena, &list, one);
    }
    json_set(call->arena, &row, "items", list);
    json_remove(&row, "entries");
    audit_answer(call, row, "sample", call->ids[0]);
}

void route_protected_put(struct call *call)
{
    call_command(call, VERB_PROTECTED_SET, call->body);
}

void route_protected_get(struct call *call)
{
    struct row_key key = key_text(TEXT("protected"));
    struct json row = json_object();
    struct err e = view_get(call->world->view, TABLE_SAMPLE, &key, call->arena, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        call_error(call, e);
    else
        audit_answer(call, row, "protected", TEXT(""));
}
