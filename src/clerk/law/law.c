#include "clerk/law/law.h"

#include <assert.h>

#include "clerk/apply.h"
#include "clerk/record/life.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "clerk/law/trust.h"
#include "core/encode.h"

enum { FORGET_STEP = 256, DECLARATION_MAX = 4096 };

static struct err row_of(struct act *act, struct text hash, struct row_key *key_out,
                         struct json *out)
{
    struct hash bytes;
    struct err e = hex_parse(hash, bytes.bytes, HASH_LEN);
    if (failed(e))
        return act_refuse(act, ERR_INVALID, "clerk.no-such-agreement", hash);
    *key_out = key_of(BYTES_OF(bytes.bytes));
    e = row_get(act, TABLE_AGREEMENT, key_out, out);
    return e.code == ERR_NOT_FOUND
               ? act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-agreement", hash)
               : e;
}

struct err law_put(struct act *act, const struct json *tree, struct text text,
                   struct text language, struct text *hash_out)
{
    struct rules_text read;
    struct err e = rules_read_tree(tree, act->arena, &read);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/tree"));
    struct text hash = hex_format(act->arena, BYTES_OF(read.hash.bytes));
    struct row_key key = key_of(BYTES_OF(read.hash.bytes));
    *hash_out = hash;
    if (row_exists(act, TABLE_AGREEMENT, &key))
        return err_none();
    struct json body = json_object();
    struct json parties = json_array();
    uint64_t number = 0;
    for (size_t i = 0; i < read.parties.count; i++)
        json_push(act->arena, &parties, json_string(read.parties.items[i]));
    json_set_text(act->arena, &body, "hash", hash);
    json_set_text(act->arena, &body, "name", read.name);
    json_set_integer(act->arena, &body, "version", read.version);
    json_set(act->arena, &body, "parties", parties);
    json_set(act->arena, &body, "tree", *tree);
    if (text.len > 0)
        json_set_text(act->arena, &body, "text", text);
    if (language.len > 0)
        json_set_text(act->arena, &body, "language", language);
    return fact_add(act, FACT_INSTRUMENT_PUT, body, &number);
}

/* -- acts ----------------------------------------------------------------------------------- */

/* The signature is the party's own, on this tree, in this realm. */
static struct err verify(struct act *act, const struct json *tree_json, const struct hash *tree,
                         struct text statement, struct trust_act *out)
{
    struct rules_pin pin;
    struct err e = trust_instrument(statement, act->arena, out);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/signature"));
    e = rules_pin(tree_json, out->member, act->arena, &pin);
    if (failed(e))
        return act_refuse(act, ERR_DENIED, "clerk.not-a-party", out->member);
    bool same = hash_equal(tree, &out->tree) && text_equal(out->realm, act->clerk->config.realm) &&
                memcmp(pin.root, out->root, sizeof(pin.root)) == 0;
    return same ? err_none()
                : act_refuse(act, ERR_DENIED, "clerk.signature-of-another", out->member);
}

/* The acts under one agreement while one more after the other is judged. */
struct docket {
    const struct json *tree;
    struct treaty treaty;
    struct json events; /* as rows have them */
    struct treaty_event list[TREATY_EVENTS_MAX];
    size_t count;
};

static struct err docket_open(struct act *act, const struct json *tree,
                              const struct json *events_opt, struct docket **out)
{
    struct docket *docket = ARENA_NEW(act->arena, struct docket);
    if (docket == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    docket->tree = tree;
    docket->events = json_array();
    struct err e = treaty_from_json(tree, act->arena, &docket->treaty);
    for (size_t i = 0; !failed(e) && i < json_count(events_opt); i++) {
        if (docket->count == TREATY_EVENTS_MAX)
            return err_make(ERR_CORRUPT, "clerk.bad-row");
        json_push(act->arena, &docket->events, *json_item(events_opt, i));
        e = life_event(json_item(events_opt, i), &docket->list[docket->count++]);
    }
    *out = docket;
    return e;
}

/* As a row has it: {"act","party","at","signature",…}. */
static struct json event_of(struct act *act, const struct trust_act *by, struct text statement)
{
    struct json event = json_object();
    struct instant at = by->at.ms != 0 ? by->at : date_begin(by->on);
    json_set_text(act->arena, &event, "act", by->role);
    json_set_text(act->arena, &event, "party", by->member);
    json_set_text(act->arena, &event, "at", instant_format(act->arena, at));
    json_set_text(act->arena, &event, "signature", statement);
    if (by->against.len > 0)
        json_set_text(act->arena, &event, "against", by->against);
    if (by->article != 0)
        json_set_integer(act->arena, &event, "article", by->article);
    if (by->clause != 0)
        json_set_integer(act->arena, &event, "clause", by->clause);
    if (by->opposing)
        json_set(act->arena, &event, "opposing", json_bool(true));
    if (by->terms_opt != NULL)
        json_set(act->arena, &event, "terms", *by->terms_opt);
    return event;
}

static bool is_known(const struct docket *docket, const struct json *event,
                     const struct treaty_event *as)
{
    struct text statement = json_get_text(event, "signature");
    for (size_t i = 0; i < json_count(&docket->events); i++) {
        if (text_equal(json_get_text(json_item(&docket->events, i), "signature"), statement))
            return true;
    }
    return treaty_act_done(docket->list, docket->count, as);
}

/* What a reservation or declaration says: of its own party, and such as the text admits. */
static struct err check_terms(struct act *act, const struct docket *docket,
                              const struct json *event, enum treaty_act kind)
{
    const struct json *terms = json_get(event, "terms");
    struct text party = json_get_text(event, "party");
    struct treaty treaty;
    if (kind == ACT_DECLARE) {
        struct text text = json_get_text(terms, "text");
        bool good = text.len > 0 && text.len <= DECLARATION_MAX && json_count(terms) == 2 &&
                    json_get_text(terms, "language").len == 2;
        return good ? err_none()
                    : act_refuse(act, ERR_INVALID, "treaty.declaration-empty", party);
    }
    if (kind != ACT_RESERVE)
        return err_none();
    if (terms == NULL || terms->kind != JSON_ARRAY || json_count(terms) == 0)
        return act_refuse(act, ERR_INVALID, "treaty.reservation-missing", party);
    for (size_t i = 0; i < json_count(terms); i++) {
        if (!text_equal(json_get_text(json_item(terms, i), "party"), party))
            return act_refuse(act, ERR_INVALID, "treaty.reservation-of-another", party);
    }
    struct json with = json_array();
    for (size_t i = 0; i < json_count(&docket->events); i++)
        json_push(act->arena, &with, *json_item(&docket->events, i));
    json_push(act->arena, &with, *event);
    struct err e = life_tree(docket->tree, &with, act->arena, &treaty);
    return failed(e) ? act_refuse(act, e.code, e.rule, party) : e;
}

/* Judges one verified act and adds it to the docket; *event_out is it as a row has it. */
static struct err docket_add(struct act *act, struct docket *docket, const struct trust_act *by,
                             struct text statement, struct json *event_out, bool *new_out)
{
    struct treaty_event as;
    struct json event = event_of(act, by, statement);
    *new_out = false;
    *event_out = event;
    struct err e = life_event(&event, &as);
    if (failed(e))
        return act_refuse(act, ERR_INVALID, "clerk.role-of-signature", by->role);
    if (is_known(docket, &event, &as))
        return err_none();
    e = treaty_act_check(&docket->treaty, docket->list, docket->count, &as, act->now);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, by->member);
    e = check_terms(act, docket, &event, as.act);
    if (failed(e))
        return e;
    if (docket->count == TREATY_EVENTS_MAX)
        return act_refuse(act, ERR_CONFLICT, "treaty.too-many-acts", by->member);
    docket->list[docket->count++] = as;
    json_push(act->arena, &docket->events, event);
    *new_out = true;
    return arena_check(act->arena);
}

/* A label that we know under another key, or as a public list: the agreement does not enter
 * here. */
static struct err check_labels(struct act *act, const struct json *row)
{
    const struct json *parties = json_get(row, "parties");
    for (size_t i = 0; i < json_count(parties); i++) {
        struct text party = json_item_text(parties, i);
        struct row_key key = key_text(party);
        struct json partner;
        if (row_exists(act, TABLE_SOURCE, &key))
            return act_refuse(act, ERR_CONFLICT, "clerk.source-is-partner", party);
        struct rules_pin pin;
        uint8_t root[32];
        if (text_equal(party, act->clerk->config.member)) {
            memcpy(root, act->clerk->config.root_key, sizeof(root));
        } else {
            struct err e = row_get(act, TABLE_PARTNER, &key, &partner);
            if (e.code == ERR_NOT_FOUND)
                continue;
            if (!failed(e))
                e = hex_parse(json_get_text(&partner, "root"), root, sizeof(root));
            if (failed(e))
                return e;
        }
        struct err e = rules_pin(json_get(row, "tree"), party, act->arena, &pin);
        if (failed(e))
            return e;
        if (memcmp(pin.root, root, sizeof(root)) != 0)
            return act_refuse(act, ERR_CONFLICT, "clerk.label-of-another-key", party);
    }
    return err_none();
}

/* Enters into force here once its own conditions hold, we are bound ourselves and the node's other
 * agreements go with it. What stays outside says why: `agreement status`. */
static struct err enter_if_due(struct act *act, const struct lives *lives, const struct life *life,
                               bool *entered_out)
{
    struct text self = act->clerk->config.member;
    struct arena *other = &act->clerk->rules_memory[1 - act->clerk->rules_side];
    struct row_key key = key_of(BYTES_OF(life->hash.bytes));
    struct json row;
    uint64_t number = 0;
    if (life->entered || life_kept_out(lives, life, self, act->now) != NULL)
        return err_none();
    struct err e = row_get(act, TABLE_AGREEMENT, &key, &row);
    if (failed(e))
        return e;
    if (failed(check_labels(act, &row))) {
        act->subject = (struct text){ NULL, 0 };
        return err_none();
    }
    arena_reset(other);
    if (failed(rules_trial(store_view(act->store), self, act->now, other, &life->hash)))
        return err_none();
    struct json body = json_object();
    json_set_text(act->arena, &body, "hash", hex_format(act->arena, BYTES_OF(life->hash.bytes)));
    e = fact_add(act, FACT_INSTRUMENT_ENTER, body, &number);
    *entered_out = !failed(e);
    return e;
}

/* One after the other: what has entered may keep out the next. */
static struct err enter_all(struct act *act)
{
    struct lives lives;
    struct err e = lives_read(store_view(act->store), act->now, act->arena, &lives);
    for (size_t i = 0; !failed(e) && i < lives.count; i++) {
        e = enter_if_due(act, &lives, &lives.items[i], &lives.items[i].entered);
    }
    return e;
}

/* The row as law_put() would make it. */
static struct json draft_row(struct act *act, const struct json *tree,
                             const struct rules_text *read)
{
    struct json row = json_object();
    struct json parties = json_array();
    for (size_t i = 0; i < read->parties.count; i++)
        json_push(act->arena, &parties, json_string(read->parties.items[i]));
    json_set(act->arena, &row, "tree", *tree);
    json_set(act->arena, &row, "parties", parties);
    return row;
}

/* The row of that tree, where there is one. */
static struct err row_find(struct act *act, const struct hash *hash, struct json *out)
{
    struct row_key key = key_of(BYTES_OF(hash->bytes));
    struct err e = row_get(act, TABLE_AGREEMENT, &key, out);
    if (e.code == ERR_NOT_FOUND) {
        *out = json_object();
        return err_none();
    }
    return e;
}

struct err law_check(struct act *act, const struct json *tree, const struct json *signatures)
{
    struct rules_text read;
    struct rules_pin pin;
    struct trust_act by;
    struct docket *docket = NULL;
    struct json known;
    struct json event;
    bool added = false;
    struct err e = rules_read_tree(tree, act->arena, &read);
    for (size_t i = 0; !failed(e) && i < read.parties.count; i++)
        e = rules_pin(tree, read.parties.items[i], act->arena, &pin);
    if (failed(e))
        return e.code == ERR_LIMIT ? e : act_refuse(act, ERR_INVALID, e.rule, TEXT("/tree"));
    struct json row = draft_row(act, tree, &read);
    e = row_find(act, &read.hash, &known);
    if (!failed(e))
        e = docket_open(act, tree, json_get(&known, "events"), &docket);
    for (size_t i = 0; !failed(e) && i < json_count(signatures); i++) {
        const struct json *one = json_item(signatures, i);
        if (one->kind != JSON_STRING)
            return act_refuse(act, ERR_INVALID, "clerk.bad-instrument", TEXT("/signatures"));
        e = verify(act, tree, &read.hash, one->string, &by);
        if (!failed(e))
            e = docket_add(act, docket, &by, one->string, &event, &added);
        if (!failed(e) && text_equal(by.member, act->clerk->config.member))
            e = check_labels(act, &row);
    }
    return e;
}

static enum fact_kind fact_of(struct text role)
{
    return text_is(role, "sign")       ? FACT_INSTRUMENT_SIGN
           : text_is(role, "withdraw") ? FACT_INSTRUMENT_WITHDRAW
                                       : FACT_INSTRUMENT_ACT;
}

struct err law_event(struct act *act, struct text hash, struct text statement, bool *new_out)
{
    struct row_key key;
    struct hash tree_hash;
    struct json row;
    struct json event;
    struct trust_act by;
    struct docket *docket = NULL;
    uint64_t number = 0;
    *new_out = false;
    struct err e = row_of(act, hash, &key, &row);
    if (!failed(e))
        e = hex_parse(hash, tree_hash.bytes, HASH_LEN);
    if (!failed(e))
        e = verify(act, json_get(&row, "tree"), &tree_hash, statement, &by);
    if (!failed(e))
        e = docket_open(act, json_get(&row, "tree"), json_get(&row, "events"), &docket);
    if (!failed(e))
        e = docket_add(act, docket, &by, statement, &event, new_out);
    if (failed(e) || !*new_out)
        return e;
    if (text_equal(by.member, act->clerk->config.member)) {
        e = check_labels(act, &row);
        if (failed(e))
            return e;
    }
    json_set_text(act->arena, &event, "hash", hash);
    e = fact_add(act, fact_of(by.role), event, &number);
    return failed(e) ? e : enter_all(act);
}

struct err law_enter_due(struct act *act)
{
    struct clerk *clerk = act->clerk;
    if (clerk->rules_looked == clerk->rules_loads)
        return err_none(); /* neither an act nor a day has changed anything since */
    clerk->rules_looked = clerk->rules_loads;
    return enter_all(act);
}

struct err law_set(struct act *act, struct text hash, struct json *out)
{
    struct row_key key;
    struct json row;
    struct err e = row_of(act, hash, &key, &row);
    if (failed(e))
        return e;
    const struct json *events = json_get(&row, "events");
    struct json signatures = json_array();
    *out = json_object();
    for (size_t i = 0; i < json_count(events); i++)
        json_push(act->arena, &signatures,
                  json_string(json_get_text(json_item(events, i), "signature")));
    json_set_text(act->arena, out, "id", arena_join(act->arena, TEXT("instrument-"), hash));
    json_set(act->arena, out, "tree", *json_get(&row, "tree"));
    json_set(act->arena, out, "signatures", signatures);
    return err_none();
}

/* -- what was received ---------------------------------------------------------------------- */

static bool stays(const struct rules *rules, const struct json *row)
{
    struct hash hash;
    const struct json *basis = json_get(row, "basis");
    if (failed(hex_parse(json_get_text(basis, "agreement"), hash.bytes, HASH_LEN)))
        return false; /* a copy without a basis is nobody's leave to keep it */
    return rules_keeps(rules, &hash, json_get_text(row, "from"));
}

static struct err forget_copy(struct act *act, const struct json *row)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "record",
                  json_get_text(json_get(row, "record"), "id"));
    json_set(act->arena, &body, "own", json_bool(false));
    json_set(act->arena, &body, "reason", json_literal("agreement-ended"));
    return fact_add(act, FACT_ERASURE, body, &number);
}

static struct row_key forget_row(void)
{
    return key_text(TEXT(CLERK_FORGET_ROW));
}

struct err law_forget_begin(struct act *act)
{
    struct row_key key = forget_row();
    struct json row = json_object();
    if (act->replay)
        return err_none(); /* a row that a rebuild keeps */
    json_set(act->arena, &row, "after", json_literal(""));
    return row_put(act, TABLE_META, &key, &row);
}

/* One step behind `after`; what is bound costs no memory. */
static struct err forget_step(struct act *act, struct bytes after, struct store_rows *rows)
{
    struct store_range range = { .table = TABLE_RECORD, .after = after, .limit = FORGET_STEP };
    struct err e = store_scan(store_view(act->store), &range, act->arena, rows);
    for (size_t i = 0; !failed(e) && i < rows->count; i++) {
        size_t mark = act->arena->used;
        struct json row;
        e = json_parse(rows->rows[i].value, act->arena, &row);
        bool copy = !failed(e) && json_get(&row, "from") != NULL;
        if (copy && !stays(act->clerk->rules, &row))
            e = forget_copy(act, &row);
        else
            arena_rewind(act->arena, mark);
    }
    return e;
}

struct err law_forget(struct act *act, bool *more_out)
{
    struct row_key key = forget_row();
    struct row_key after = { .len = 0 };
    struct json row;
    struct store_rows rows;
    *more_out = false;
    struct err e = row_get(act, TABLE_META, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    uint8_t bytes[RECORD_KEY_LEN];
    if (!failed(e) && !failed(hex_parse(json_get_text(&row, "after"), bytes, sizeof(bytes))))
        after = key_of(BYTES_OF(bytes));
    if (!failed(e))
        e = forget_step(act, key_bytes(&after), &rows);
    if (failed(e))
        return e;
    if (rows.count < FORGET_STEP)
        return row_delete(act, TABLE_META, &key);
    *more_out = true;
    json_set_text(act->arena, &row, "after",
                  hex_format(act->arena, rows.rows[rows.count - 1].key));
    return row_put(act, TABLE_META, &key, &row);
}
