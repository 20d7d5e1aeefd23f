/* Facts about requests of the persons concerned and notes of inaccuracy.
 *
 * TABLE_SUBJECT, by request: {"subject","side","kind","person","records":{"<id>":{"state",
 * "version","outcome",…}},"received","due","state"}; by the id of one that was forwarded:
 * {"of","record","partner"}. */
#include "clerk/record/apart.h"
#include "clerk/apply.h"
#include "clerk/exchange/tell.h"
#include "flow/duties.h"
#include "flow/subject.h"

static struct row_key request_key(struct text id)
{
    return key_text(text_slice(id, 0, 64));
}

static struct err put(struct act *act, const struct applied *in, struct json *row)
{
    row_add_fact(act, in, row);
    struct row_key key = request_key(json_get_text(row, "subject"));
    return row_put(act, TABLE_SUBJECT, &key, row);
}

static struct json no_items(void)
{
    return json_object();
}

/* One record of a request, as it stands. */
static struct json item_of(struct act *act, const struct json *row, struct text record)
{
    const struct json *items = json_get(row, "records");
    for (uint32_t i = 0; i < json_count(items); i++) {
        if (text_equal(items->members[i].name, record))
            return json_copy(act->arena, &items->members[i].value);
    }
    return json_object();
}

static void item_set(struct act *act, struct json *row, struct text record, struct json item)
{
    const struct json *items = json_get(row, "records");
    struct json all = items == NULL ? no_items() : json_copy(act->arena, items);
    json_set_name(act->arena, &all, record, item);
    json_set(act->arena, row, "records", all);
}

struct json subject_record(struct act *act, struct text id)
{
    struct record_key key;
    struct json held;
    struct json out = json_object();
    json_set_text(act->arena, &out, "record", id);
    if (failed(record_key_of(act, id, &key)))
        return out;
    struct row_key row_key = key_record(&key);
    if (failed(row_get(act, TABLE_RECORD, &row_key, &held)))
        return out;
    const struct json *version = json_get(&held, "version");
    const struct json *from = json_get(&held, "from");
    if (version != NULL)
        json_set(act->arena, &out, "version", *version);
    if (from != NULL)
        json_set(act->arena, &out, "owner", *from);
    return out;
}

/* Answered when every record is; a request about nothing is. */
static void set_state(struct act *act, struct json *row)
{
    const struct json *items = json_get(row, "records");
    const char *state = "answered";
    for (uint32_t i = 0; i < json_count(items); i++) {
        if (!text_is(json_get_text(&items->members[i].value, "state"), "answered"))
            state = "open";
    }
    json_set(act->arena, row, "state", json_literal(state));
}

struct err apply_subject_open(struct act *act, const struct applied *in)
{
    struct json row = json_copy(act->arena, in->body);
    const struct json *records = json_get(in->body, "records");
    enum subject_kind kind;
    struct instant received;
    bool owner = text_is(json_get_text(in->body, "side"), "owner");
    struct err e = subject_kind_parse(json_get_text(in->body, "kind"), &kind);
    if (!failed(e))
        e = instant_parse(json_get_text(in->body, "received"), &received);
    if (failed(e))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct instant due = owner ? subject_owner_due(received) : subject_due(kind, received);
    json_set(act->arena, &row, "records", no_items());
    for (size_t i = 0; i < json_count(records); i++) {
        struct json item = json_copy(act->arena, json_item(records, i));
        struct text id = json_get_text(&item, "record");
        json_remove(&item, "record");
        json_set(act->arena, &item, "state", json_literal("open"));
        item_set(act, &row, id, item);
    }
    json_set_text(act->arena, &row, "due", instant_format(act->arena, due));
    set_state(act, &row);
    e = put(act, in, &row);
    return failed(e) ? e : deadline_put(act, due, "subject", json_get_text(&row, "subject"));
}

static struct err get(struct act *act, struct text id, struct json *out)
{
    struct row_key key = request_key(id);
    return row_get(act, TABLE_SUBJECT, &key, out);
}

struct err apply_subject_forward(struct act *act, const struct applied *in)
{
    struct json row;
    struct text record = json_get_text(in->body, "record");
    struct text forward = json_get_text(in->body, "forward");
    struct err e = get(act, json_get_text(in->body, "subject"), &row);
    if (failed(e))
        return e;
    struct json item = item_of(act, &row, record);
    json_set(act->arena, &item, "state", json_literal("forwarded"));
    json_set_text(act->arena, &item, "owner", json_get_text(in->body, "partner"));
    json_set_text(act->arena, &item, "forward", forward);
    json_set_text(act->arena, &item, "forwarded_at",
                  instant_format(act->arena, in->fact->at));
    item_set(act, &row, record, item);
    set_state(act, &row);
    e = put(act, in, &row);
    struct json of = json_object();
    struct row_key key = request_key(forward);
    json_set_text(act->arena, &of, "of", json_get_text(&row, "subject"));
    json_set_text(act->arena, &of, "record", record);
    json_set_text(act->arena, &of, "partner", json_get_text(in->body, "partner"));
    if (!failed(e))
        e = row_put(act, TABLE_SUBJECT, &key, &of);
    if (failed(e))
        return e;
    struct tell tell = { .partner = json_get_text(in->body, "partner"),
                         .form = "subject-request",
                         .basis_opt = json_get(in->body, "basis"),
                         .record = record,
                         .body = json_object() };
    json_set_text(act->arena, &tell.body, "subject", forward); /* the person's name stays here */
    json_take(act->arena, &tell.body, &row, "text");
    json_set_text(act->arena, &tell.body, "request", json_get_text(&row, "kind"));
    json_set_text(act->arena, &tell.body, "at", instant_format(act->arena, in->fact->at));
    return tell_put(act, in->entry, &tell);
}

/* Its clock stops, and the one of its own erasure begins. */
static struct err close_row(struct act *act, const struct applied *in, struct json *row)
{
    struct instant due;
    struct text id = json_get_text(row, "subject");
    struct instant ends = instant_plus(in->fact->at, duty_ms("request"));
    json_set(act->arena, row, "state", json_literal("closed"));
    json_set_text(act->arena, row, "closed_at", instant_format(act->arena, in->fact->at));
    json_set_text(act->arena, row, "until", instant_format(act->arena, ends));
    struct err e = put(act, in, row);
    if (!failed(e) && !failed(instant_parse(json_get_text(row, "due"), &due)))
        e = deadline_drop(act, due, "subject", id);
    return failed(e) ? e : deadline_put(act, ends, "request", id);
}

/* Ours to a partner who asked, ours to a person, or the owner's that came in. */
struct err apply_subject_answer(struct act *act, const struct applied *in)
{
    static const char *const kept[] = { "outcome", "ground", "text", "version" };
    struct json row;
    struct text record = json_get_text(in->body, "record");
    struct err e = get(act, json_get_text(in->body, "subject"), &row);
    if (failed(e))
        return e;
    struct json item = item_of(act, &row, record);
    json_set(act->arena, &item, "state", json_literal("answered"));
    json_set_text(act->arena, &item, "answered_at", instant_format(act->arena, in->fact->at));
    json_take_all(act->arena, &item, in->body, kept, sizeof(kept) / sizeof(kept[0]));
    item_set(act, &row, record, item);
    set_state(act, &row);
    bool owner = text_is(json_get_text(&row, "side"), "owner");
    e = owner ? close_row(act, in, &row) : put(act, in, &row);
    if (failed(e) || !owner)
        return e;
    struct tell tell = { .partner = json_get_text(&row, "partner"),
                         .form = "subject-answer",
                         .basis_opt = json_get(&row, "basis"),
                         .record = record,
                         .body = json_object() };
    json_take(act->arena, &tell.body, &row, "subject");
    json_take_all(act->arena, &tell.body, in->body, kept, sizeof(kept) / sizeof(kept[0]));
    return tell_put(act, in->entry, &tell);
}

struct err apply_subject_close(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = get(act, json_get_text(in->body, "subject"), &row);
    if (failed(e))
        return e;
    json_take(act->arena, &row, in->body, "ground");
    return close_row(act, in, &row);
}

static struct err forget_names(struct act *act, const struct json *row)
{
    const struct json *items = json_get(row, "records");
    struct err e = err_none();
    for (uint32_t i = 0; !failed(e) && i < json_count(items); i++) {
        struct text forward = json_get_text(&items->members[i].value, "forward");
        struct row_key key = request_key(forward);
        if (forward.len > 0)
            e = row_delete(act, TABLE_SUBJECT, &key);
    }
    return e;
}

/* What the person said and was told goes; that there was a request, and when it went, stays. */
struct err apply_subject_erase(struct act *act, const struct applied *in)
{
    struct json row;
    struct instant ends;
    struct text id = json_get_text(in->body, "subject");
    struct row_key key = request_key(id);
    struct err e = get(act, id, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e; /* its facts are erased already */
    e = row_forget_facts(act, &row);
    if (!failed(e))
        e = forget_names(act, &row);
    if (!failed(e) && !failed(instant_parse(json_get_text(&row, "until"), &ends)))
        e = deadline_drop(act, ends, "request", id);
    return failed(e) ? e : row_delete(act, TABLE_SUBJECT, &key);
}

/* -- notes of inaccuracy ------------------------------------------------------------------ */

static struct err shared_note(struct act *act, const struct applied *in, struct text partner,
                              bool known)
{
    struct record_key record;
    struct json row;
    struct json noted = json_object();
    struct text note = json_get_text(in->body, "note");
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &record);
    if (failed(e))
        return e;
    struct row_key key = key_text(partner);
    key_add_u8(&key, 0);
    key_add(&key, BYTES_OF(record.bytes));
    e = row_get(act, TABLE_SHARED, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct text at = instant_format(act->arena, in->fact->at);
    if (known) {
        const struct json *old = json_get(&row, "noted");
        if (!text_equal(json_get_text(old, "note"), note))
            return err_none(); /* of an older note */
        noted = json_copy(act->arena, old);
        json_set_text(act->arena, &noted, "known_at", at);
    } else {
        json_set_text(act->arena, &noted, "note", note);
        json_set_text(act->arena, &noted, "at", at);
    }
    json_set(act->arena, &row, "noted", noted);
    return row_put(act, TABLE_SHARED, &key, &row);
}

static struct err tell_of(struct act *act, const struct applied *in)
{
    static const char *const said[] = { "note", "version", "statement", "ground", "text" };
    struct record_key record;
    struct json holders;
    struct tell tell = { .form = "inaccuracy", .record = json_get_text(in->body, "record"),
                         .body = json_object() };
    json_take_all(act->arena, &tell.body, in->body, said, sizeof(said) / sizeof(said[0]));
    struct err e = record_key_of(act, tell.record, &record);
    if (!failed(e))
        e = tell_holders(act, in->entry, &record, tell, true);
    if (!failed(e))
        e = holders_of(act, &record, &holders);
    for (size_t i = 0; !failed(e) && i < json_count(&holders); i++)
        e = shared_note(act, in, json_get_text(json_item(&holders, i), "partner"), false);
    return e;
}

/* Ours: everyone who received it is told. The owner's: we mark the copy and say that we know. */
struct err apply_inaccuracy(struct act *act, const struct applied *in)
{
    struct text teller = json_get_text(in->body, "told_by");
    struct err e = inaccuracy_mark(act, in);
    if (failed(e))
        return e;
    if (teller.len == 0)
        return tell_of(act, in);
    struct tell tell = { .partner = teller, .form = "inaccuracy-known",
                         .basis_opt = json_get(in->body, "basis"),
                         .record = json_get_text(in->body, "record"),
                         .body = json_object() };
    json_take(act->arena, &tell.body, in->body, "note");
    return tell_put(act, in->entry, &tell);
}

struct err apply_inaccuracy_known(struct act *act, const struct applied *in)
{
    return shared_note(act, in, json_get_text(in->body, "partner"), true);
}
