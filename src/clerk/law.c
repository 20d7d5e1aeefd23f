#include "clerk/law.h"

#include <assert.h>

#include "clerk/apply.h"
#include "clerk/rules.h"
#include "clerk/state.h"
#include "clerk/trust.h"
#include "core/encode.h"

enum { AGREEMENTS_MAX = 256, FORGET_STEP = 256 };

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

static bool known_event(const struct json *row, struct text what, struct text party)
{
    const struct json *events = json_get(row, "events");
    for (size_t i = 0; i < json_count(events); i++) {
        const struct json *event = json_item(events, i);
        if (text_equal(json_get_text(event, "act"), what) &&
            text_equal(json_get_text(event, "party"), party))
            return true;
    }
    return false;
}

static struct err verify(struct act *act, const struct json *tree_json, struct text hash,
                         struct text statement, struct trust_act *out)
{
    struct rules_pin pin;
    struct hash tree;
    struct err e = trust_instrument(statement, act->arena, out);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/signature"));
    e = hex_parse(hash, tree.bytes, HASH_LEN);
    if (failed(e))
        return e;
    e = rules_pin(tree_json, out->member, act->arena, &pin);
    if (failed(e))
        return act_refuse(act, ERR_DENIED, "clerk.not-a-party", out->member);
    if (!text_is(out->role, "sign") && !text_is(out->role, "withdraw"))
        return act_refuse(act, ERR_INVALID, "clerk.role-of-signature", out->role);
    bool same = hash_equal(&tree, &out->tree) && text_equal(out->realm, act->clerk->config.realm) &&
                memcmp(pin.root, out->root, sizeof(pin.root)) == 0;
    return same ? err_none()
                : act_refuse(act, ERR_DENIED, "clerk.signature-of-another", out->member);
}

/* A label that we know under another key, or as a public list: the agreement does not enter
 * here. */
static struct err check_labels(struct act *act, const struct json *row)
{
    const struct json *parties = json_get(row, "parties");
    for (size_t i = 0; i < json_count(parties); i++) {
        struct text party = json_item(parties, i)->string;
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

/* Enters into force here once its own conditions hold and we are bound ourselves. */
static struct err enter_if_due(struct act *act, struct text hash)
{
    struct row_key key;
    struct json row;
    const char *state = NULL;
    struct err e = row_of(act, hash, &key, &row);
    if (failed(e) || json_get_bool(&row, "entered"))
        return e;
    e = rules_state(&row, act->now, act->arena, &state);
    if (failed(e) || strcmp(state, "in-force") != 0)
        return e;
    if (!known_event(&row, TEXT("sign"), act->clerk->config.member) ||
        failed(check_labels(act, &row)) ||
        failed(rules_check_enter(json_get(&row, "tree"), act->clerk->config.member, act->arena)))
        return err_none(); /* stays outside; `agreement status` says why */
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "hash", hash);
    return fact_add(act, FACT_INSTRUMENT_ENTER, body, &number);
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

struct err law_check(struct act *act, const struct json *tree, const struct json *signatures)
{
    struct rules_text read;
    struct rules_pin pin;
    struct trust_act signature;
    struct err e = rules_read_tree(tree, act->arena, &read);
    for (size_t i = 0; !failed(e) && i < read.parties.count; i++)
        e = rules_pin(tree, read.parties.items[i], act->arena, &pin);
    if (failed(e))
        return e.code == ERR_LIMIT ? e : act_refuse(act, ERR_INVALID, e.rule, TEXT("/tree"));
    struct text hash = hex_format(act->arena, BYTES_OF(read.hash.bytes));
    struct json row = draft_row(act, tree, &read);
    for (size_t i = 0; i < json_count(signatures); i++) {
        const struct json *one = json_item(signatures, i);
        if (one->kind != JSON_STRING)
            return act_refuse(act, ERR_INVALID, "clerk.bad-instrument", TEXT("/signatures"));
        e = verify(act, tree, hash, one->string, &signature);
        if (!failed(e) && text_equal(signature.member, act->clerk->config.member))
            e = check_labels(act, &row);
        if (failed(e))
            return e;
    }
    return err_none();
}

struct err law_event(struct act *act, struct text hash, struct text statement, bool *new_out)
{
    struct row_key key;
    struct json row;
    struct trust_act signature;
    *new_out = false;
    struct err e = row_of(act, hash, &key, &row);
    if (failed(e))
        return e;
    e = verify(act, json_get(&row, "tree"), hash, statement, &signature);
    if (failed(e))
        return e;
    bool sign = text_is(signature.role, "sign");
    if (known_event(&row, signature.role, signature.member))
        return err_none();
    if (sign && text_equal(signature.member, act->clerk->config.member)) {
        e = check_labels(act, &row);
        if (failed(e))
            return e;
    }
    struct json body = json_object();
    uint64_t number = 0;
    *new_out = true;
    json_set_text(act->arena, &body, "hash", hash);
    json_set_text(act->arena, &body, "party", signature.member);
    json_set_text(act->arena, &body, "at",
                  instant_format(act->arena, date_begin(signature.on)));
    json_set_text(act->arena, &body, "signature", statement);
    e = fact_add(act, sign ? FACT_INSTRUMENT_SIGN : FACT_INSTRUMENT_WITHDRAW, body, &number);
    return failed(e) || !sign ? e : enter_if_due(act, hash);
}

struct err law_enter_due(struct act *act)
{
    struct store_range range = { .table = TABLE_AGREEMENT, .limit = AGREEMENTS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        if (rows.rows[i].key.len == HASH_LEN)
            e = enter_if_due(act, hex_format(act->arena, rows.rows[i].key));
    }
    return e;
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

/* -- after a withdrawal ------------------------------------------------------------------- */

static bool still_bound(const struct rules *rules, const struct json *row)
{
    struct hash hash;
    const struct json *basis = json_get(row, "basis");
    if (failed(hex_parse(json_get_text(basis, "agreement"), hash.bytes, HASH_LEN)))
        return false; /* a copy without a basis is nobody's leave to keep it */
    return rules_binds(rules, &hash, json_get_text(row, "from"));
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
        if (copy && !still_bound(act->clerk->rules, &row))
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
