/* Verbs of the auditor: the weekly sample and its findings; names that nobody looks up idly. */
#include "clerk/apply.h"
#include "clerk/exchange/logs.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/sample.h"
#include "ledger/anchor.h"

enum { AUDITORS_MAX = 64, NAMES_MAX = 1000, NAME_MAX = 200, FINDING_MAX = 4000 };

/* -- what the ledger held at an instant --------------------------------------------------- */

static struct err anchor_at(struct act *act, uint64_t leaf, struct anchor *out)
{
    struct journal_entries entries;
    struct opening_bytes opening;
    struct err e = store_log_read(store_view(act->store), LOG_ANCHORS, leaf, 1, act->arena,
                                  &entries);
    if (!failed(e) && entries.count == 0)
        e = err_make(ERR_NOT_FOUND, "store.no-entry");
    if (!failed(e))
        e = journal_open(act->clerk, &entries.entries[0], act->arena, &opening);
    return failed(e) ? e : anchor_parse(opening.content, act->arena, out);
}

/* The first anchor at or behind an instant: nobody chose what it commits to. */
static struct err first_anchor(struct act *act, struct instant at, uint64_t *leaf_out,
                               struct anchor *out)
{
    uint64_t low = 0;
    uint64_t high = 0;
    struct err e = store_log_size(store_view(act->store), LOG_ANCHORS, &high);
    uint64_t size = high;
    while (!failed(e) && low < high) {
        uint64_t middle = low + (high - low) / 2;
        e = anchor_at(act, middle, out);
        if (failed(e))
            return e;
        if (instant_before(out->at, at))
            low = middle + 1;
        else
            high = middle;
    }
    if (!failed(e) && low == size)
        return err_make(ERR_NOT_FOUND, "audit.week-open");
    *leaf_out = low;
    return failed(e) ? e : anchor_at(act, low, out);
}

/* -- drawing ------------------------------------------------------------------------------ */

struct draw {
    struct act *act;
    struct hash seed;
    uint64_t from, to; /* leaves of the internal log */
    struct text auditors[AUDITORS_MAX];
    size_t auditor_count;
    struct json entries;
};

static struct err auditors_of(struct draw *draw)
{
    struct store_range range = { .table = TABLE_USER, .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct arena *arena = draw->act->arena;
    struct err e = store_scan(store_view(draw->act->store), &range, arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        struct user user;
        e = json_parse(rows.rows[i].value, arena, &row);
        if (failed(e) || json_get(&row, "user") == NULL)
            continue;
        if (failed(user_parse(json_get(&row, "user"), arena, &user)) || user.disabled)
            continue;
        if ((user.roles & ROLE_BIT(ROLE_AUDITOR)) != 0 && draw->auditor_count < AUDITORS_MAX)
            draw->auditors[draw->auditor_count++] = user.id;
    }
    return e;
}

static bool drawn_already(const struct json *entries, uint64_t number)
{
    for (size_t i = 0; i < json_count(entries); i++) {
        int64_t one = 0;
        if (json_get_integer(json_item(entries, i), "entry", &one) && (uint64_t)one == number)
            return true;
    }
    return false;
}

/* Nobody judges their own look. */
static struct text judge_of(const struct draw *draw, uint64_t chance, struct text user)
{
    for (size_t i = 0; i < draw->auditor_count; i++) {
        struct text one = draw->auditors[(chance + i) % draw->auditor_count];
        if (!text_equal(one, user))
            return one;
    }
    return draw->act->by->who.user;
}

/* The entry at a leaf, when somebody looked there. */
static struct err take(struct draw *draw, const struct sample_draw *drawn)
{
    struct act *act = draw->act;
    struct journal_entries entries;
    struct opening_bytes opening;
    struct fact fact;
    struct json one = json_object();
    struct err e = store_log_read(store_view(act->store), LOG_INTERNAL, drawn->leaf, 1,
                                  act->arena, &entries);
    if (failed(e) || entries.count == 0)
        return e;
    const struct journal_entry *entry = &entries.entries[0];
    if (entry->class_ != RETENTION_ACCESS || entry->sealed.len == 0 ||
        drawn_already(&draw->entries, entry->number))
        return err_none();
    e = journal_open(act->clerk, entry, act->arena, &opening);
    if (!failed(e))
        e = fact_parse(opening.content, act->arena, &fact);
    if (failed(e) || fact.by.user.len == 0 ||
        (fact.kind != FACT_SEARCH && fact.kind != FACT_LOOK && fact.kind != FACT_EXPORT) ||
        text_is(json_get_text(&fact.body, "purpose"), "audit"))
        return e;
    json_set_integer(act->arena, &one, "entry", (int64_t)entry->number);
    json_set_text(act->arena, &one, "auditor", judge_of(draw, drawn->chance, fact.by.user));
    json_push(act->arena, &draw->entries, one);
    return err_none();
}

static struct err draw_all(struct draw *draw)
{
    struct err e = auditors_of(draw);
    draw->entries = json_array();
    for (uint64_t i = 0; !failed(e) && i < SAMPLE_TRIES && draw->from < draw->to &&
                         json_count(&draw->entries) < SAMPLE_SIZE;
         i++) {
        struct sample_draw drawn = sample_draw(&draw->seed, i, draw->from, draw->to);
        size_t before = json_count(&draw->entries);
        size_t mark = draw->act->arena->used;
        e = take(draw, &drawn);
        if (json_count(&draw->entries) == before)
            arena_rewind(draw->act->arena, mark);
    }
    return e;
}

static struct json sample_body(struct draw *draw, struct text week, uint64_t anchor)
{
    struct arena *arena = draw->act->arena;
    struct json body = json_object();
    json_set_text(arena, &body, "week", week);
    json_set_text(arena, &body, "seed", hex_format(arena, BYTES_OF(draw->seed.bytes)));
    json_set_integer(arena, &body, "anchor", (int64_t)anchor);
    json_set_integer(arena, &body, "from", (int64_t)draw->from);
    json_set_integer(arena, &body, "to", (int64_t)draw->to);
    json_set(arena, &body, "entries", draw->entries);
    return body;
}

static struct row_key sample_key(struct text week)
{
    return key_text(text_slice(week, 0, 10));
}

/* {"week"}: a day of it; without one the last that is over. The same week gives the same sample. */
struct err do_audit_sample(struct act *act, const struct command *command, struct json *body_out)
{
    struct draw draw = { .act = act };
    struct anchor first;
    struct anchor last;
    uint64_t leaf = 0;
    uint64_t number = 0;
    struct text said = json_get_text(command->body, "week");
    struct date day = date_of_instant(instant_plus(act->now, -7 * INSTANT_DAY));
    if (said.len > 0 && failed(date_parse(said, &day)))
        return act_refuse(act, ERR_INVALID, "clerk.bad-date", TEXT("/week"));
    struct sample_week week = sample_week(day);
    struct text name = date_format(act->arena, week.monday);
    struct row_key key = sample_key(name);
    struct err e = row_get(act, TABLE_SAMPLE, &key, body_out);
    if (e.code != ERR_NOT_FOUND)
        return e;
    e = first_anchor(act, week.begin, &leaf, &first);
    if (!failed(e))
        e = first_anchor(act, week.end, &leaf, &last);
    if (failed(e))
        return act_refuse(act, e.code == ERR_NOT_FOUND ? ERR_CONFLICT : e.code, e.rule, name);
    draw.seed = last.head.root;
    draw.from = first.head.size;
    draw.to = last.head.size;
    e = draw_all(&draw);
    if (failed(e))
        return e;
    *body_out = sample_body(&draw, name, leaf);
    return fact_add(act, FACT_AUDIT_SAMPLE, *body_out, &number);
}

struct err apply_audit_sample(struct act *act, const struct applied *in)
{
    struct row_key key = sample_key(json_get_text(in->body, "week"));
    return row_put(act, TABLE_SAMPLE, &key, in->body);
}

/* -- findings ----------------------------------------------------------------------------- */

/* The drawn entry of a week; NULL when it was not drawn. */
static const struct json *drawn(const struct json *sample, int64_t entry)
{
    const struct json *entries = json_get(sample, "entries");
    for (size_t i = 0; i < json_count(entries); i++) {
        int64_t one = 0;
        if (json_get_integer(json_item(entries, i), "entry", &one) && one == entry)
            return json_item(entries, i);
    }
    return NULL;
}

/* {"week","entry","finding":"lawful"|"unclear"|"unlawful","text"}. */
struct err do_audit_finding(struct act *act, const struct command *command,
                            struct json *body_out)
{
    static const char *const findings[] = { "lawful", "unclear", "unlawful" };
    static const char *const taken[] = { "week", "entry", "finding", "text" };
    struct json sample;
    int64_t entry = 0;
    uint64_t number = 0;
    struct text week = json_get_text(command->body, "week");
    struct text finding = json_get_text(command->body, "finding");
    struct row_key key = sample_key(week);
    struct err e = week.len == 0 ? err_make(ERR_NOT_FOUND, "audit.not-drawn")
                                 : row_get(act, TABLE_SAMPLE, &key, &sample);
    (void)json_get_integer(command->body, "entry", &entry);
    const struct json *one = failed(e) ? NULL : drawn(&sample, entry);
    if (one == NULL)
        return act_refuse(act, ERR_NOT_FOUND, "audit.not-drawn", week);
    if (!text_equal(json_get_text(one, "auditor"), act->by->who.user))
        return act_refuse(act, ERR_DENIED, "audit.not-yours", json_get_text(one, "auditor"));
    bool known = false;
    for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
        known = known || text_is(finding, findings[i]);
    if (!known)
        return act_refuse(act, ERR_INVALID, "audit.unknown-finding", TEXT("/finding"));
    if (json_get_text(command->body, "text").len > FINDING_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", TEXT("/text"));
    struct json body = json_object();
    json_set(act->arena, &body, "of", json_literal("access"));
    json_take_all(act->arena, &body, command->body, taken, sizeof(taken) / sizeof(taken[0]));
    *body_out = json_object();
    json_set_integer(act->arena, body_out, "entry", entry);
    json_set_text(act->arena, body_out, "finding", finding);
    return fact_add(act, FACT_REVIEW, body, &number);
}

/* Of an access entry that was drawn; other reviews leave no row here. */
struct err apply_review(struct act *act, const struct applied *in)
{
    static const char *const kept[] = { "finding", "text" };
    struct json row;
    int64_t entry = 0;
    struct json entries = json_array();
    struct row_key key = sample_key(json_get_text(in->body, "week"));
    if (!text_is(json_get_text(in->body, "of"), "access"))
        return err_none();
    struct err e = row_get(act, TABLE_SAMPLE, &key, &row);
    if (failed(e) || !json_get_integer(in->body, "entry", &entry))
        return failed(e) ? e : err_make(ERR_CORRUPT, "clerk.bad-row");
    const struct json *old = json_get(&row, "entries");
    for (size_t i = 0; i < json_count(old); i++) {
        struct json one = json_copy(act->arena, json_item(old, i));
        int64_t number = 0;
        bool this = json_get_integer(&one, "entry", &number) && number == entry;
        for (size_t k = 0; this && k < sizeof(kept) / sizeof(kept[0]); k++) {
            const struct json *value = json_get(in->body, kept[k]);
            if (value != NULL)
                json_set(act->arena, &one, kept[k], *value);
        }
        if (this)
            json_set_text(act->arena, &one, "at", instant_format(act->arena, in->fact->at));
        json_push(act->arena, &entries, one);
    }
    json_set(act->arena, &row, "entries", entries);
    return row_put(act, TABLE_SAMPLE, &key, &row);
}

/* -- protected names ---------------------------------------------------------------------- */

/* {"names":[…]}: the whole list. */
struct err do_protected_set(struct act *act, const struct command *command,
                            struct json *body_out)
{
    const struct json *names = json_get(command->body, "names");
    uint64_t number = 0;
    if (names == NULL || names->kind != JSON_ARRAY || json_count(names) > NAMES_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/names"));
    for (size_t i = 0; i < json_count(names); i++) {
        const struct json *one = json_item(names, i);
        if (one->kind != JSON_STRING || one->string.len == 0 || one->string.len > NAME_MAX)
            return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/names"));
    }
    struct json body = json_object();
    json_set(act->arena, &body, "names", *names);
    *body_out = json_object();
    json_set_integer(act->arena, body_out, "names", (int64_t)json_count(names));
    return fact_add(act, FACT_PROTECTED_SET, body, &number);
}

struct err apply_protected_set(struct act *act, const struct applied *in)
{
    struct row_key key = key_text(TEXT("protected"));
    return row_put(act, TABLE_SAMPLE, &key, in->body);
}
