#include "clerk/exchange/disclose.h"

#include <assert.h>

#include "clerk/apply.h"
#include "clerk/law/capacity.h"
#include "clerk/record/file.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "model/redact.h"

enum { NOTES_OF_RECORD_MAX = 16 };

struct err partner_get(struct act *act, struct text code, struct partner *out)
{
    struct row_key key = key_text(code);
    struct partner partner = { .code = code, .refused = json_null() };
    int64_t log = 0;
    if (code.len == 0 || code.len > MEMBER_CODE_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.no-such-partner", TEXT(""));
    struct err e = row_get(act, TABLE_PARTNER, &key, &partner.row);
    if (e.code == ERR_NOT_FOUND)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-partner", code);
    if (failed(e))
        return e;
    if (!json_get_integer(&partner.row, "log", &log) || log < LOG_FEED_FIRST || log > UINT16_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    partner.log = (uint16_t)log;
    e = hex_parse(json_get_text(&partner.row, "root"), partner.root, sizeof(partner.root));
    if (failed(e))
        return e;
    *out = partner;
    return err_none();
}

static struct err basis_parse(const struct json *basis, struct basis *out)
{
    struct basis parsed = { .clause = json_get_text(basis, "clause") };
    int64_t version = 0;
    struct err e = hex_parse(json_get_text(basis, "agreement"), parsed.agreement.bytes, HASH_LEN);
    if (failed(e))
        return e;
    if (!json_get_integer(basis, "version", &version) || version < 0 || version > UINT32_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    parsed.version = (uint32_t)version;
    *out = parsed;
    return err_none();
}

struct instant disclose_as_of(const struct act *act)
{
    struct instant loaded = rules_loaded(act->clerk->rules);
    return instant_before(act->now, loaded) ? loaded : act->now;
}

struct err frame_number(struct act *act, const struct partner *partner,
                        const struct outgoing *outgoing, size_t *len_out)
{
    const struct clerk_config *config = &act->clerk->config;
    uint64_t size = 0;
    struct frame frame = { .realm = config->realm,
                           .generation = config->generation,
                           .feed = partner->code,
                           .kind = outgoing->kind,
                           .has_basis = frame_kind_has_basis(outgoing->kind),
                           .as_of = disclose_as_of(act),
                           .body = &outgoing->body };
    assert(frame.has_basis == (outgoing->basis_opt != NULL)); /* I1 */
    if (frame.has_basis) {
        struct err e = basis_parse(outgoing->basis_opt, &frame.basis);
        if (failed(e))
            return e;
    }
    struct err e = store_log_size(store_view(act->store), partner->log, &size);
    if (failed(e))
        return e;
    frame.number = size + 1;
    return frame_add(act, partner->log, &frame, len_out);
}

static struct row_key shared_key(struct text partner, const uint8_t record[static RECORD_KEY_LEN])
{
    struct row_key key = key_text(partner);
    key_add_u8(&key, 0);
    key_add(&key, bytes_of(record, RECORD_KEY_LEN));
    return key;
}

/* -- rows of a disclosure ----------------------------------------------------------------- */

static struct text hash_text(struct act *act, const struct json *value)
{
    size_t mark = act->arena->used;
    struct bytes bytes = { NULL, 0 };
    if (failed(json_format(value, act->arena, &bytes)))
        return (struct text){ NULL, 0 };
    struct hash hash = hash_of(bytes);
    arena_rewind(act->arena, mark);
    return hex_format(act->arena, BYTES_OF(hash.bytes));
}

static struct json basis_json(struct act *act, const struct basis *basis)
{
    struct json out = json_object();
    json_set_text(act->arena, &out, "agreement",
                  hex_format(act->arena, BYTES_OF(basis->agreement.bytes)));
    json_set_integer(act->arena, &out, "version", basis->version);
    json_set_text(act->arena, &out, "clause", basis->clause);
    return out;
}

static struct err apply_shared(struct act *act, const struct journal_entry *entry,
                               const struct frame *frame, const char *state)
{
    struct record_key record;
    struct text id = frame_subject(frame);
    struct json row = json_object();
    struct err e = record_key_of(act, id, &record);
    if (failed(e))
        return e;
    const struct json *view = json_get(frame->body, "record");
    const struct json *version = json_get(frame->body, "version");
    json_set(act->arena, &row, "state", json_literal(state));
    json_set_text(act->arena, &row, "record", id);
    json_set_integer(act->arena, &row, "number", (int64_t)frame->number);
    json_set_integer(act->arena, &row, "entry", (int64_t)entry->number);
    json_set(act->arena, &row, "basis", basis_json(act, &frame->basis));
    json_set_text(act->arena, &row, "as_of", instant_format(act->arena, frame->as_of));
    if (version != NULL)
        json_set(act->arena, &row, "version", *version);
    if (frame->kind == FRAME_RECORD)
        json_set_text(act->arena, &row, "view", hash_text(act, view));
    size_t files = json_count(json_get(frame->body, "attachments"));
    if (files > 0)
        json_set_integer(act->arena, &row, "files", (int64_t)files);
    struct row_key key = shared_key(frame->feed, record.bytes);
    struct json old;
    e = row_get(act, TABLE_SHARED, &key, &old);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (!failed(e) && json_get(&old, "noted") != NULL && frame->kind != FRAME_RECORD)
        json_set(act->arena, &row, "noted", *json_get(&old, "noted"));
    e = row_put(act, TABLE_SHARED, &key, &row);
    if (!failed(e))
        e = record_log(act, &record, entry->number);
    if (failed(e) || frame->kind != FRAME_RECORD)
        return e;
    return holds_put(act, &record, entry->number);
}

struct err apply_frame(struct act *act, const struct journal_entry *entry,
                       const struct frame *frame)
{
    struct row_key key = key_text(frame->feed);
    switch (frame->kind) {
    case FRAME_RECORD:
        return apply_shared(act, entry, frame, "held");
    case FRAME_WITHDRAW:
    case FRAME_ERASURE:
        return apply_shared(act, entry, frame, "withdrawn");
    case FRAME_INSTRUMENT:
    case FRAME_MESSAGE:
        key_add_text(&key, json_get_text(frame->body, "id"));
        return row_delete(act, TABLE_OUTBOX, &key);
    case FRAME_RELEASE:
    case FRAME_KEY:
    case FRAME_NONE:
    case FRAME_KINDS:
        break;
    }
    return err_none();
}

/* -- deciding one record for one partner -------------------------------------------------- */

static struct err notes_read(struct store_view *view, const struct record_key *record,
                             struct arena *arena, struct json *out)
{
    struct row_key prefix = key_record(record);
    struct store_range range = { .table = TABLE_NOTE, .prefix = key_bytes(&prefix),
                                 .limit = NOTES_OF_RECORD_MAX };
    struct store_rows rows;
    struct err e = store_scan(view, &range, arena, &rows);
    *out = json_array();
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json note;
        e = json_parse(rows.rows[i].value, arena, &note);
        if (!failed(e))
            json_push(arena, out, note);
    }
    return e;
}

struct err disclosure_case(const struct clerk *clerk, struct store_view *view,
                           struct text partner, const struct record_key *record,
                           struct arena *arena, struct disclosure_case *out)
{
    struct row_key key = key_record(record);
    struct json release;
    struct json assurance;
    (void)clerk;
    out->releases = json_array();
    out->assurances = json_array();
    out->record_opt = NULL;
    struct err e = view_get(view, TABLE_RECORD, &key, arena, &out->row);
    if (failed(e))
        return e;
    if (json_get_bool(&out->row, "own") && json_get(&out->row, "hold") == NULL)
        out->record_opt = json_get(&out->row, "record"); /* what a court needs is not shared */
    e = notes_read(view, record, arena, &out->notes);
    if (failed(e))
        return e;
    struct row_key waiting = shared_key(partner, record->bytes);
    e = view_get(view, TABLE_ASSURANCE, &waiting, arena, &assurance);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (!failed(e) && json_get(&assurance, "assurances") != NULL)
        out->assurances = *json_get(&assurance, "assurances");
    e = view_get(view, TABLE_RELEASE, &waiting, arena, &release);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e))
        return e;
    const struct json *given = json_get(&release, "given");
    const struct json *version = json_get(&release, "version");
    const struct json *current = json_get(&out->row, "version");
    if (given != NULL && version != NULL && current != NULL && json_equal(version, current))
        out->releases = *given; /* a release covers one version */
    return err_none();
}

struct disclosure {
    struct act *act;
    const struct partner *partner;
    const struct record_key *key;
    struct disclosure_case of;
    struct json shared; /* what they hold, or JSON_NULL */
    struct text id;
};

static bool holds(const struct disclosure *d)
{
    return text_is(json_get_text(&d->shared, "state"), "held");
}

/* They erased this version on time, as its clause says: it is not sent again. */
static bool outlived(const struct disclosure *d)
{
    const struct json *held = json_get(&d->shared, "version");
    const struct json *version = json_get(&d->of.row, "version");
    return text_is(json_get_text(&d->shared, "state"), "expired") && held != NULL &&
           version != NULL && json_equal(held, version);
}

static struct err take_back(struct disclosure *d, size_t *len_out)
{
    struct act *act = d->act;
    if (!holds(d))
        return err_none();
    struct outgoing outgoing = { .kind = FRAME_WITHDRAW, .body = json_object() };
    const struct json *version = json_get(&d->shared, "version");
    bool erased = json_get_bool(&d->of.row, "erased");
    outgoing.kind = erased ? FRAME_ERASURE : FRAME_WITHDRAW;
    outgoing.basis_opt = json_get(&d->shared, "basis");
    json_set_text(act->arena, &outgoing.body, "record", json_get_text(&d->shared, "record"));
    json_set(act->arena, &outgoing.body, "version",
             version == NULL ? json_integer(0) : *version);
    json_set(act->arena, &outgoing.body, "reason", json_literal(erased ? "erased" : "ended"));
    return frame_number(act, d->partner, &outgoing, len_out);
}

static bool same_basis(const struct json *shared, const struct ruling *ruling)
{
    struct basis held;
    const struct json *basis = json_get(shared, "basis");
    if (basis == NULL || failed(basis_parse(basis, &held)))
        return false;
    return hash_equal(&held.agreement, &ruling->agreement) &&
           text_equal(held.clause, ruling->clause);
}

static struct err redacted_view(struct disclosure *d, const struct ruling *ruling,
                                struct json *out)
{
    struct arena *arena = d->act->arena;
    struct findings *findings = ARENA_NEW(arena, struct findings);
    struct record record;
    bool alerts[RECORD_ALERTS_MAX];
    if (findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, arena);
    struct err e = record_parse(d->of.record_opt, arena, findings, &record);
    if (failed(e))
        return e;
    for (size_t i = 0; i < RECORD_ALERTS_MAX; i++)
        alerts[i] = (ruling->alerts >> i & 1) != 0;
    /* links: not before their targets are checked */
    struct redaction redaction = { .alerts = alerts,
                                   .withheld = ruling->withheld.items,
                                   .withheld_count = ruling->withheld.count,
                                   .coarse = ruling->coarse,
                                   .coarse_count = ruling->coarse_count };
    return record_redact(&record, &redaction, arena, out);
}

/* The view that the ruling lets them have, and whether it is what they hold. */
struct sharing {
    struct json view;
    struct json files;
    bool same;
};

static struct err sharing_of(struct disclosure *d, const struct ruling *ruling,
                             struct sharing *out)
{
    struct act *act = d->act;
    int64_t held = 0;
    struct err e = redacted_view(d, ruling, &out->view);
    if (!failed(e))
        e = files_carry(act, d->key, &out->view, &out->files);
    if (failed(e))
        return e;
    (void)json_get_integer(&d->shared, "files", &held);
    bool same_view = text_equal(json_get_text(&d->shared, "view"), hash_text(act, &out->view)) &&
                     (size_t)held == json_count(&out->files);
    out->same = same_view && same_basis(&d->shared, ruling) && (holds(d) || outlived(d));
    return err_none();
}

/* They said so in their last receipt. */
static bool was_refused(const struct disclosure *d)
{
    int64_t shared = 0;
    if (!json_get_integer(&d->shared, "number", &shared))
        return false;
    for (size_t i = 0; i < json_count(&d->partner->refused); i++) {
        int64_t number = 0;
        if (json_get_integer(json_item(&d->partner->refused, i), "number", &number) &&
            number == shared)
            return true;
    }
    return false;
}

/* They refused it, or it went when, as is known now, its clause did not stand between us. What is
 * looked at again because the law has changed is then offered again: who refused may not have
 * known an act that is known now. */
static bool in_doubt(const struct disclosure *d, const struct ruling *ruling)
{
    struct rules_basis basis = { ruling->agreement, ruling->version, ruling->clause };
    struct instant as_of;
    return was_refused(d) ||
           failed(instant_parse(json_get_text(&d->shared, "as_of"), &as_of)) ||
           !rules_stood(d->act->clerk->rules, &basis, d->partner->code, as_of);
}

static struct err share(struct disclosure *d, const struct ruling *ruling, size_t *len_out)
{
    struct act *act = d->act;
    struct sharing sharing;
    struct err e = sharing_of(d, ruling, &sharing);
    if (failed(e) || (sharing.same && (outlived(d) || !in_doubt(d, ruling))))
        return e;
    if (json_get(&d->of.row, "restricted") != NULL)
        return err_none(); /* who holds it keeps it, marked; nobody gets it anew */
    struct basis basis = { ruling->agreement, ruling->version, ruling->clause };
    struct json basis_value = basis_json(act, &basis);
    const struct json *version = json_get(&d->of.row, "version");
    struct outgoing outgoing = { .kind = FRAME_RECORD, .basis_opt = &basis_value,
                                 .body = json_object() };
    json_set(act->arena, &outgoing.body, "record", sharing.view);
    if (json_count(&sharing.files) > 0)
        json_set(act->arena, &outgoing.body, "attachments", sharing.files);
    json_set(act->arena, &outgoing.body, "version",
             version == NULL ? json_integer(1) : *version);
    e = holds(d) ? err_none() : capacity_count(act, d->partner->code, ruling);
    return failed(e) ? e : frame_number(act, d->partner, &outgoing, len_out);
}

static bool office_asked(const struct json *row, struct text office)
{
    const struct json *offices = json_get(row, "offices");
    for (size_t i = 0; i < json_count(offices); i++) {
        if (text_equal(json_item_text(offices, i), office))
            return true;
    }
    return false;
}

/* The law may have come to ask for more since: another office, more persons. */
static bool asks_enough(const struct json *row, const struct ruling *ruling)
{
    int64_t persons = 0;
    (void)json_get_integer(row, "persons", &persons);
    bool enough = ruling->persons <= persons;
    for (size_t i = 0; enough && i < ruling->offices.count; i++)
        enough = office_asked(row, ruling->offices.items[i]);
    return enough;
}

/* Asks the persons that the ruling names, once a version and need. */
static struct err ask_release(struct disclosure *d, const struct ruling *ruling)
{
    struct act *act = d->act;
    struct row_key key = shared_key(d->partner->code, d->key->bytes);
    struct json waiting;
    const struct json *version = json_get(&d->of.row, "version");
    struct err e = row_get(act, TABLE_RELEASE, &key, &waiting);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    const struct json *asked = failed(e) ? NULL : json_get(&waiting, "version");
    bool again = asked != NULL && version != NULL && json_equal(asked, version);
    if (again && asks_enough(&waiting, ruling))
        return err_none();
    struct json body = json_object();
    json_set_text(act->arena, &body, "partner", d->partner->code);
    json_set_text(act->arena, &body, "record", d->id);
    json_set(act->arena, &body, "version", version == NULL ? json_integer(1) : *version);
    int64_t persons = 1;
    if (again)
        (void)json_get_integer(&waiting, "persons", &persons);
    json_set_integer(act->arena, &body, "persons",
                     ruling->persons > persons ? ruling->persons : persons);
    json_set_text(act->arena, &body, "author", json_get_text(&d->of.row, "user"));
    json_set_text(act->arena, &body, "clause", ruling->clause);
    struct json offices = again ? json_copy(act->arena, json_get(&waiting, "offices"))
                                : json_array(); /* who has spoken is no longer missing */
    for (size_t i = 0; i < ruling->offices.count; i++) {
        if (!again || !office_asked(&waiting, ruling->offices.items[i]))
            json_push(act->arena, &offices, json_string(ruling->offices.items[i]));
    }
    json_set(act->arena, &body, "offices", offices);
    uint64_t number = 0;
    return fact_add(act, FACT_RELEASE_ASK, body, &number);
}

/* Denied only since something is suspended or disputed, or since somebody has left a text that
 * keeps what was received: then what they hold stays, as long as it is what they would get. */
static struct err take_back_unless_kept(struct disclosure *d, const struct rules_question *question,
                                        size_t *len_out)
{
    struct ruling ruling;
    struct sharing sharing = { .same = false };
    if (!holds(d))
        return err_none();
    struct err e = rules_decide_kept(d->act->clerk->rules, question, d->act->arena, &ruling);
    if (!failed(e) && ruling.outcome == RULING_SHARE)
        e = sharing_of(d, &ruling, &sharing);
    return failed(e) || sharing.same ? e : take_back(d, len_out);
}

/* Refused only because a capacity is used up: it is looked at again in the next period. What they
 * hold under that clause is not counted anew, and is never taken back for it. */
static struct err decide(struct disclosure *d, size_t *len_out)
{
    struct ruling ruling;
    struct json spent = json_array();
    struct rules_question question = { .from = d->act->clerk->config.member,
                                       .to = d->partner->code,
                                       .record = d->of.record_opt,
                                       .notes_opt = &d->of.notes,
                                       .releases_opt = &d->of.releases,
                                       .assurances_opt = &d->of.assurances,
                                       .as_of = disclose_as_of(d->act) };
    struct err e = err_none();
    if (!holds(d))
        e = capacity_read(d->act, d->partner->code, &spent);
    question.spent_opt = &spent;
    if (!failed(e))
        e = rules_decide(d->act->clerk->rules, &question, d->act->arena, &ruling);
    if (!failed(e) && ruling.used_up)
        e = capacity_wait(d->act, d->partner->code);
    if (failed(e))
        return e;
    switch (ruling.outcome) {
    case RULING_SHARE:
        return share(d, &ruling, len_out);
    case RULING_HOLD:
        e = ask_release(d, &ruling);
        return failed(e) ? e : take_back(d, len_out); /* doubt is denial */
    case RULING_DENY:
#if COMITY_PLANTED == 4 /* what is no longer shared is not taken back */
        return err_none();
#endif
        return take_back_unless_kept(d, &question, len_out);
    }
    return err_make(ERR_DENIED, "clerk.no-ruling");
}

struct err disclose_record(struct act *act, const struct partner *partner,
                           const struct record_key *record, size_t *len_out)
{
    struct disclosure d = { .act = act, .partner = partner, .key = record };
    struct row_key key = shared_key(partner->code, record->bytes);
    *len_out = 0;
    struct err e = row_get(act, TABLE_SHARED, &key, &d.shared);
    if (e.code == ERR_NOT_FOUND)
        d.shared = json_null();
    else if (failed(e))
        return e;
    e = disclosure_case(act->clerk, store_view(act->store), partner->code, record, act->arena,
                        &d.of);
    if (e.code == ERR_NOT_FOUND)
        return take_back(&d, len_out);
    if (failed(e))
        return e;
    d.id = json_get_text(d.of.record_opt, "id");
    return d.of.record_opt == NULL ? take_back(&d, len_out) : decide(&d, len_out);
}
