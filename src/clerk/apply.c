#include "clerk/apply.h"

#include <assert.h>

#include "core/encode.h"
#include "clerk/state.h"

/* What is not here leaves no row: its entry in the log is all it does. */
static apply_fn *const functions[FACT_KINDS] = {
    [FACT_RECORD_PUT] = apply_record_put,
    [FACT_RECORD_PRUNE] = apply_record_prune,
    [FACT_RECORD_ENTER] = apply_record_put,
    [FACT_RECORD_WITHDRAW] = apply_record_withdraw,
    [FACT_SOURCE_PUT] = apply_source_put,
    [FACT_SOURCE_WITHDRAW] = apply_source_withdraw,
    [FACT_RECEIVED] = apply_received,
    [FACT_PARKED] = apply_parked,
    [FACT_RECEIPT] = apply_judged,
    [FACT_CONTRADICTION] = apply_judged,
    [FACT_ERASURE] = apply_erasure,
    [FACT_BLOB_PUT] = apply_blob_put,
    [FACT_RECORD_HOLD] = apply_record_hold,
    [FACT_RECORD_HOLD_END] = apply_record_hold_end,
    [FACT_RECORD_RESTRICT] = apply_record_restrict,
    [FACT_COPY_ERASED] = apply_copy_erased,
    [FACT_LOG_ERASURE] = apply_log_erasure,
    [FACT_AUDIT_SAMPLE] = apply_audit_sample,
    [FACT_REVIEW] = apply_review,
    [FACT_PROTECTED_SET] = apply_protected_set,
    [FACT_INACCURACY] = apply_inaccuracy,
    [FACT_INACCURACY_KNOWN] = apply_inaccuracy_known,
    [FACT_SUBJECT_OPEN] = apply_subject_open,
    [FACT_SUBJECT_FORWARD] = apply_subject_forward,
    [FACT_SUBJECT_ANSWER] = apply_subject_answer,
    [FACT_SUBJECT_CLOSE] = apply_subject_close,
    [FACT_SUBJECT_ERASE] = apply_subject_erase,
    [FACT_USE_REPORT] = apply_use_report,
    [FACT_NOTE_PUT] = apply_note_put,
    [FACT_NOTE_REMOVE] = apply_note_remove,
    [FACT_EFFECT_SET] = apply_effect_set,
    [FACT_INSTRUMENT_PUT] = apply_instrument_put,
    [FACT_INSTRUMENT_SIGN] = apply_instrument_sign,
    [FACT_INSTRUMENT_ENTER] = apply_instrument_enter,
    [FACT_INSTRUMENT_ACT] = apply_instrument_act,
    [FACT_INSTRUMENT_WITHDRAW] = apply_instrument_withdraw,
    [FACT_NATIONAL_SET] = apply_national_set,
    [FACT_PARTNER_HALT] = apply_partner_halt,
    [FACT_PARTNER_RESUME] = apply_partner_resume,
    [FACT_KEY_CARD] = apply_key_card,
    [FACT_SEARCH] = apply_look,
    [FACT_LOOK] = apply_look,
    [FACT_EXPORT] = apply_look,
    [FACT_WATCH_PUT] = apply_watch_put,
    [FACT_WATCH_RENEW] = apply_watch_renew,
    [FACT_WATCH_MATCH] = apply_watch_match,
    [FACT_WATCH_JUDGE] = apply_watch_judge,
    [FACT_WATCH_END] = apply_watch_end,
    [FACT_CASE_OPEN] = apply_case_open,
    [FACT_CASE_NOTE] = apply_case_note,
    [FACT_CASE_LINK] = apply_case_link,
    [FACT_CASE_ASSIGN] = apply_case_assign,
    [FACT_CASE_REVIEW] = apply_case_review,
    [FACT_CASE_LAPSE] = apply_case_lapse,
    [FACT_CASE_CLOSE] = apply_case_close,
    [FACT_CASE_REOPEN] = apply_case_reopen,
    [FACT_CASE_ERASE] = apply_case_erase,
    [FACT_USER_PUT] = apply_user_put,
    [FACT_UNIT_PUT] = apply_unit_put,
    [FACT_IMPORT_RUN] = apply_import_run,
    [FACT_RELEASE_ASK] = apply_release_ask,
    [FACT_RELEASE_GIVE] = apply_release_give,
    [FACT_ASSURANCE_GIVE] = apply_assurance_give,
    [FACT_ASSURANCE_REVOKE] = apply_assurance_revoke,
    [FACT_HIT_OPEN] = apply_hit_open,
    [FACT_HIT_ANSWER] = apply_hit_answer,
    [FACT_HIT_OUTCOME] = apply_hit_outcome,
    [FACT_HIT_ESCALATE] = apply_hit_escalate,
    [FACT_HIT_CLOSE] = apply_hit_close,
    [FACT_ASK_OPEN] = apply_ask_open,
    [FACT_ASK_ANSWER] = apply_ask_answer,
};

struct err apply_fact(struct act *act, const struct journal_entry *entry, const struct fact *fact)
{
    struct applied in = { entry, fact, &fact->body };
    if (fact->kind == FACT_RAW || functions[fact->kind] == NULL)
        return err_none();
    return functions[fact->kind](act, &in);
}

static struct err root_of(const struct clerk *clerk, struct store_view *view,
                          const struct record_id *id, struct arena *arena, uint8_t out[static 32])
{
    struct text owner = member_code_text(&id->owner);
    struct row_key key = key_text(owner);
    struct json row;
    if (text_equal(owner, clerk->config.member)) {
        memcpy(out, clerk->config.root_key, 32);
        return err_none();
    }
    struct err e = view_get(view, TABLE_PARTNER, &key, arena, &row);
    if (!failed(e))
        return hex_parse(json_get_text(&row, "root"), out, 32);
    if (e.code != ERR_NOT_FOUND)
        return e;
    if (!member_code_is_private(&id->owner))
        return err_make(ERR_NOT_FOUND, "clerk.no-such-owner");
    struct hash source = source_root(owner);
    memcpy(out, source.bytes, 32);
    return err_none();
}

struct err record_key_view(const struct clerk *clerk, struct store_view *view, struct text id,
                           struct arena *arena, struct record_key *out)
{
    struct record_id parsed;
    uint8_t root[32];
    struct err e = record_id_parse(id, &parsed);
    if (failed(e))
        return e;
    e = root_of(clerk, view, &parsed, arena, root);
    if (failed(e))
        return e;
    *out = record_key_make(root, parsed.bits);
    return err_none();
}

struct err record_key_of(struct act *act, struct text id, struct record_key *out)
{
    struct err e = record_key_view(act->clerk, store_view(act->store), id, act->arena, out);
    return failed(e) ? act_refuse(act, e.code, e.rule, id) : e;
}

struct err outbox_put(struct act *act, struct text partner, struct text id,
                      const struct json *item)
{
    struct row_key key = key_text(partner);
    key_add_text(&key, id);
    return row_put(act, TABLE_OUTBOX, &key, item);
}

struct text entry_id(struct act *act, const struct journal_entry *entry, const char *what)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text_bytes(text_literal(what)));
    hasher_add(&h, BYTES_OF(entry->entry.bytes));
    struct hash id = hasher_end(&h);
    return hex_format(act->arena, bytes_of(id.bytes, 16));
}

struct err holds_put(struct act *act, const struct record_key *record, uint64_t number)
{
    static const uint8_t held = 1;
    struct row_key key = key_record(record);
    key_add_u64(&key, number);
    return row_put_bytes(act, TABLE_HOLDS, &key, bytes_of(&held, 1));
}

struct err record_log(struct act *act, const struct record_key *record, uint64_t number)
{
    static const uint8_t seen = 1;
    struct row_key key = key_record(record);
    key_add_u64(&key, number);
    return row_put_bytes(act, TABLE_ACCESS_RECORD, &key, bytes_of(&seen, 1));
}

static struct row_key deadline_key(struct instant at, const char *kind, struct text id)
{
    assert(at.ms >= 0);
    struct row_key key = key_u64((uint64_t)at.ms);
    key_add_text(&key, text_literal(kind));
    key_add_text(&key, id);
    return key;
}

struct err deadline_put(struct act *act, struct instant at, const char *kind, struct text id)
{
    struct json row = json_object();
    struct row_key key = deadline_key(at, kind, id);
    json_set(act->arena, &row, "kind", json_literal(kind));
    json_set_text(act->arena, &row, "id", id);
    return row_put(act, TABLE_DEADLINE, &key, &row);
}

struct err deadline_drop(struct act *act, struct instant at, const char *kind, struct text id)
{
    struct row_key key = deadline_key(at, kind, id);
    return row_delete(act, TABLE_DEADLINE, &key);
}

void row_add_fact(struct act *act, const struct applied *in, struct json *row)
{
    const struct json *before = json_get(row, "facts");
    struct json facts = before == NULL ? json_array() : json_copy(act->arena, before);
    json_push(act->arena, &facts, json_integer((int64_t)in->entry->number));
    json_set(act->arena, row, "facts", facts);
}

struct err row_forget_facts(struct act *act, const struct json *row)
{
    const struct json *facts = json_get(row, "facts");
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(facts); i++) {
        int64_t number = 0;
        if (json_is_integer(json_item(facts, i), &number) && number > 0)
            e = store_erase(act->store, (uint64_t)number);
    }
    return e;
}

struct err sweep_partner(struct act *act, struct text partner)
{
    struct row_key key = key_text(partner);
    struct json row = json_object();
    uint64_t last = 0;
    if (act->replay)
        return err_none(); /* couriers keep their progress over a rebuild */
    struct err e = row_get(act, TABLE_COURIER, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    e = store_journal_last(store_view(act->store), &last);
    if (failed(e))
        return e;
    json_set_integer(act->arena, &row, "sweep", 0);
    json_set_integer(act->arena, &row, "sweep_end", (int64_t)last);
    return row_put(act, TABLE_COURIER, &key, &row);
}

struct err sweep_all(struct act *act)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes key = rows.rows[i].key;
        e = sweep_partner(act, (struct text){ (const char *)key.data, key.len });
    }
    return e;
}
