/* Facts about agreements, national rules, partners and their keys. */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/law/law.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"

static struct err agreement_key(const struct json *body, struct row_key *out)
{
    struct hash hash;
    struct err e = hex_parse(json_get_text(body, "hash"), hash.bytes, HASH_LEN);
    if (failed(e))
        return e;
    *out = key_of(BYTES_OF(hash.bytes));
    return err_none();
}

struct err apply_instrument_put(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct json row = json_object();
    struct err e = agreement_key(in->body, &key);
    if (failed(e))
        return e;
    static const char *const kept[] = { "tree", "text", "language", "name", "version", "parties",
                                        "hash" };
    json_take_all(act->arena, &row, in->body, kept, sizeof(kept) / sizeof(kept[0]));
    json_set(act->arena, &row, "events", json_array());
    json_set(act->arena, &row, "entered", json_bool(false));
    act->rules_changed = true; /* a later version may have waited for this one's text */
    return row_put(act, TABLE_AGREEMENT, &key, &row);
}

/* The text and what was signed under it is due to `party` (one row, however many changes). */
static struct err instrument_due(struct act *act, struct text party, struct text hash)
{
    struct json item = json_object();
    json_set(act->arena, &item, "kind", json_literal("instrument"));
    json_set_text(act->arena, &item, "hash", hash);
    return outbox_put(act, party, arena_join(act->arena, TEXT("instrument-"), hash), &item);
}

/* Our signature trusts the annex: each other party becomes a partner under the root it pins. A
 * label that we know under another key keeps the key it has (the agreement then does not enter). */
static struct err partner_put(struct act *act, struct text party, const struct json *tree)
{
    struct row_key key = key_text(party);
    struct rules_pin pin;
    struct json row = json_object();
    if (row_exists(act, TABLE_PARTNER, &key))
        return err_none();
    struct err e = rules_pin(tree, party, act->arena, &pin);
    if (failed(e))
        return e;
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    e = store_scan(store_view(act->store), &range, act->arena, &rows);
    if (failed(e))
        return e;
    if (rows.count == CLERK_PARTNERS_MAX)
        return err_make(ERR_LIMIT, "clerk.too-many-partners");
    struct text root = hex_format(act->arena, BYTES_OF(pin.root));
    json_set_text(act->arena, &row, "code", party);
    json_set_text(act->arena, &row, "root", root);
    json_set_text(act->arena, &row, "address", pin.address);
    json_set_integer(act->arena, &row, "log", LOG_FEED_FIRST + (int64_t)rows.count);
    return row_put(act, TABLE_PARTNER, &key, &row);
}

static bool is_party(const struct json *row, struct text member)
{
    const struct json *parties = json_get(row, "parties");
    for (size_t i = 0; i < json_count(parties); i++) {
        if (text_equal(json_item_text(parties, i), member))
            return true;
    }
    return false;
}

/* It has signed, ratified or acceded: its word that the annex is right. */
static bool has_signed(const struct json *row, struct text member)
{
    const struct json *events = json_get(row, "events");
    for (size_t i = 0; i < json_count(events); i++) {
        const struct json *event = json_item(events, i);
        struct text what = json_get_text(event, "act");
        bool word = text_is(what, "sign") || text_is(what, "ratify") || text_is(what, "accede");
        if (word && text_equal(json_get_text(event, "party"), member))
            return true;
    }
    return false;
}

/* Every other party learns of what has changed, once we have signed ourselves. */
static struct err tell_parties(struct act *act, const struct json *row)
{
    const struct json *parties = json_get(row, "parties");
    struct text self = act->clerk->config.member;
    struct text hash = json_get_text(row, "hash");
    if (!has_signed(row, self))
        return err_none();
    for (size_t i = 0; i < json_count(parties); i++) {
        struct text party = json_item_text(parties, i);
        if (text_equal(party, self))
            continue;
        struct err e = partner_put(act, party, json_get(row, "tree"));
        if (!failed(e))
            e = instrument_due(act, party, hash);
        if (failed(e))
            return e;
    }
    return err_none();
}

/* One act of one party: {"act","party","at","signature",…}. */
static struct err event_add(struct act *act, const struct applied *in, struct text what,
                            struct json *row_out)
{
    static const char *const kept[] = { "party", "at", "signature", "against", "article", "clause",
                                        "opposing", "terms" };
    struct row_key key;
    struct err e = agreement_key(in->body, &key);
    if (!failed(e))
        e = row_get(act, TABLE_AGREEMENT, &key, row_out);
    if (failed(e))
        return e;
    assert(is_party(row_out, json_get_text(in->body, "party"))); /* the handler has checked */
    const struct json *old = json_get(row_out, "events");
    struct json events = json_array();
    for (size_t i = 0; i < json_count(old); i++)
        json_push(act->arena, &events, *json_item(old, i));
    struct json event = json_object();
    json_set_text(act->arena, &event, "act", what);
    json_take_all(act->arena, &event, in->body, kept, sizeof(kept) / sizeof(kept[0]));
    json_push(act->arena, &events, event);
    json_set(act->arena, row_out, "events", events);
    e = row_put(act, TABLE_AGREEMENT, &key, row_out);
    act->rules_changed = true;
    return failed(e) ? e : tell_parties(act, row_out);
}

/* Who did something may have judged what we sent without knowing what we know now: what it refused
 * is offered again (disclose.c). */
static struct err offer_again(struct act *act, struct text party)
{
    struct row_key key = key_text(party);
    return row_exists(act, TABLE_PARTNER, &key) ? sweep_partner(act, party) : err_none();
}

/* What has effect here is looked at again: what goes out, and what has come in. */
static struct err event_apply(struct act *act, const struct applied *in, struct text what)
{
    struct json row;
    struct err e = event_add(act, in, what, &row);
    if (failed(e) || text_is(what, "declare"))
        return e;
    if (!json_get_bool(&row, "entered"))
        return offer_again(act, json_get_text(in->body, "party"));
    e = law_forget_begin(act);
    return failed(e) ? e : sweep_all(act);
}

struct err apply_instrument_sign(struct act *act, const struct applied *in)
{
    return event_apply(act, in, TEXT("sign"));
}

struct err apply_instrument_withdraw(struct act *act, const struct applied *in)
{
    return event_apply(act, in, TEXT("withdraw"));
}

struct err apply_instrument_act(struct act *act, const struct applied *in)
{
    return event_apply(act, in, json_get_text(in->body, "act"));
}

struct err apply_instrument_enter(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct json row;
    struct err e = agreement_key(in->body, &key);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_AGREEMENT, &key, &row);
    if (failed(e))
        return e;
    json_set(act->arena, &row, "entered", json_bool(true));
    json_set_text(act->arena, &row, "entered_at", instant_format(act->arena, in->fact->at));
    e = row_put(act, TABLE_AGREEMENT, &key, &row);
    act->rules_changed = true;
    if (!failed(e))
        e = law_forget_begin(act); /* it may take the place of another */
    return failed(e) ? e : sweep_all(act);
}

struct err apply_national_set(struct act *act, const struct applied *in)
{
    struct row_key key = key_text(TEXT("national"));
    struct err e = row_put(act, TABLE_AGREEMENT, &key, in->body);
    act->rules_changed = true;
    return failed(e) ? e : sweep_all(act);
}

static struct row_key halt_key(const struct applied *in)
{
    struct row_key key = key_text(TEXT("halt/"));
    key_add(&key, text_bytes(json_get_text(in->body, "partner")));
    return key;
}

struct err apply_partner_halt(struct act *act, const struct applied *in)
{
    struct row_key key = halt_key(in);
    act->rules_changed = true;
    return row_put(act, TABLE_AGREEMENT, &key, in->body);
}

struct err apply_partner_resume(struct act *act, const struct applied *in)
{
    struct row_key key = halt_key(in);
    struct err e = row_delete(act, TABLE_AGREEMENT, &key);
    act->rules_changed = true;
    return failed(e) ? e : sweep_partner(act, json_get_text(in->body, "partner"));
}

/* Certificates that a partner has shown: {"partner","node","cards","address"?}. */
struct err apply_key_card(struct act *act, const struct applied *in)
{
    struct row_key key = key_text(json_get_text(in->body, "partner"));
    struct json row;
    struct err e = row_get(act, TABLE_PARTNER, &key, &row);
    if (failed(e))
        return e;
    static const char *const kept[] = { "node", "cards", "address", "generation" };
    json_take_all(act->arena, &row, in->body, kept, sizeof(kept) / sizeof(kept[0]));
    return row_put(act, TABLE_PARTNER, &key, &row);
}
