/* Verbs of the courier that sends: numbering, and the partner's receipt. */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/exchange/disclose.h"
#include "clerk/law/law.h"
#include "clerk/exchange/logs.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "link/batch.h"
#include "link/receipt.h"

enum {
    SCAN_STEP = 64,
    OUTBOX_STEP = 64,
    LOOKED_MAX = 96, /* records decided in one command: the clerk's other callers wait so long */
};

struct numbering {
    struct act *act;
    struct partner partner;
    struct json courier; /* row of TABLE_COURIER */
    int64_t room;        /* bytes */
    int64_t frames;      /* frames that may still be numbered */
    int64_t numbered;
    int looked;
    bool more;
};

static bool has_room(struct numbering *n)
{
    if (n->room > 0 && n->frames > 0 && n->looked < LOOKED_MAX)
        return true;
    n->more = true;
    return false;
}

static void count(struct numbering *n, size_t len)
{
    if (len == 0)
        return;
    n->numbered++;
    n->frames--;
    n->room -= (int64_t)len;
}

/* What cannot become a frame must not stop the feed: it is recorded with its rule, and passed
 * over. */
static bool passes_over(const struct numbering *n, struct err e)
{
    return e.code == ERR_INVALID || (e.code == ERR_LIMIT && !n->act->arena->full);
}

static struct err note_passed(struct numbering *n, struct err why, const char *name,
                              struct text about)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(n->act->arena, &body, "partner", n->partner.code);
    json_set(n->act->arena, &body, "direction", json_literal("out"));
    json_set(n->act->arena, &body, "rule", json_literal(why.rule));
    json_set_text(n->act->arena, &body, name, about);
    return fact_add(n->act, FACT_CONTRADICTION, body, &number);
}

/* -- messages and instruments first ------------------------------------------------------- */

static struct err outbox_drop(struct numbering *n, struct bytes key_bytes_)
{
    struct row_key key = key_of(key_bytes_);
    return row_delete(n->act, TABLE_OUTBOX, &key);
}

/* Who asks whom, for treaty: a message about a hit rests on the clause under which its record was
 * shared. The clause is asked again, for now: what was allowed when it was written may not be. */
static bool may_leave(struct numbering *n, const struct json *item)
{
    struct rules_basis basis;
    struct ruling ruling;
    int64_t version = 0;
    const struct json *stated = json_get(item, "basis");
    const struct json *body = json_get(item, "body");
    struct text form = json_get_text(item, "form");
    if (failed(hex_parse(json_get_text(stated, "agreement"), basis.agreement.bytes, HASH_LEN)))
        return false;
    (void)json_get_integer(stated, "version", &version);
    basis.version = (uint32_t)version;
    basis.clause = json_get_text(stated, "clause");
    bool protects = rules_protects(form);
    bool hit = protects || text_starts(form, TEXT("hit-"));
    bool reply = text_is(form, "hit-answer") || text_is(form, "answer");
    struct rules_ask ask = { .from = n->act->clerk->config.member,
                             .to = n->partner.code,
                             .purpose = json_get_text(body, "purpose"),
                             .basis_opt = hit ? &basis : NULL,
                             .reply = !hit && reply,
                             .as_of = n->act->now };
    ask.kind = !hit ? json_get_text(item, "ask_form")
               : protects ? form
               : reply    ? TEXT("hit-answer")
                          : TEXT("hit-report");
    if (protects)
        ask.purpose = TEXT(""); /* of the message itself it has none */
    rules_may_ask(n->act->clerk->rules, &ask, &ruling);
    return ruling.outcome == RULING_SHARE;
}

static struct err number_item(struct numbering *n, const struct store_row *row)
{
    struct json item;
    size_t len = 0;
    struct outgoing outgoing = { .kind = FRAME_MESSAGE };
    struct err e = json_parse(row->value, n->act->arena, &item);
    if (failed(e))
        return e;
    if (text_is(json_get_text(&item, "kind"), "instrument")) {
        outgoing.kind = FRAME_INSTRUMENT;
        e = law_set(n->act, json_get_text(&item, "hash"), &outgoing.body);
    } else {
        const struct json *body = json_get(&item, "body");
        if (body == NULL || !may_leave(n, &item))
            return outbox_drop(n, row->key); /* I1: its clause has ended */
        outgoing.body = *body;
        outgoing.basis_opt = json_get(&item, "basis");
    }
    if (failed(e))
        return e;
    e = frame_number(n->act, &n->partner, &outgoing, &len);
    count(n, len);
    if (!passes_over(n, e))
        return e;
    e = note_passed(n, e, "message", json_get_text(&outgoing.body, "id"));
    return failed(e) ? e : outbox_drop(n, row->key);
}

static struct err number_outbox(struct numbering *n)
{
    struct row_key prefix = key_text(n->partner.code);
    key_add_u8(&prefix, 0);
    struct store_range range = { .table = TABLE_OUTBOX, .prefix = key_bytes(&prefix),
                                 .limit = OUTBOX_STEP };
    struct store_rows rows;
    struct err e = store_scan(store_view(n->act->store), &range, n->act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count && has_room(n); i++)
        e = number_item(n, &rows.rows[i]);
    if (rows.count == OUTBOX_STEP)
        n->more = true;
    return e;
}

/* -- then records ------------------------------------------------------------------------- */

static struct err number_record(struct numbering *n, struct bytes record)
{
    struct record_key key;
    size_t len = 0;
    if (record.len != sizeof(key.bytes))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    memcpy(key.bytes, record.data, sizeof(key.bytes));
    size_t mark = n->act->arena->used;
    struct err e = disclose_record(n->act, &n->partner, &key, &len);
    n->looked++;
    count(n, len);
    if (!failed(e))
        arena_rewind(n->act->arena, mark); /* what was decided stands in the store */
    if (!passes_over(n, e))
        return e;
    return note_passed(n, e, "record_key", hex_format(n->act->arena, BYTES_OF(key.bytes)));
}

/* Changes behind journal number `*at` up to `end` (0: all there are); moves `*at`. */
static struct err number_changes(struct numbering *n, int64_t *at, int64_t end)
{
    while (has_room(n)) {
        struct row_key after = key_u64((uint64_t)*at);
        struct store_range range = { .table = TABLE_CHANGE, .after = key_bytes(&after),
                                     .limit = SCAN_STEP };
        struct store_rows rows;
        struct err e = store_scan(store_view(n->act->store), &range, n->act->arena, &rows);
        if (failed(e))
            return e;
        for (size_t i = 0; i < rows.count && has_room(n); i++) {
            int64_t number = (int64_t)key_tail_u64(rows.rows[i].key);
            if (end > 0 && number > end)
                return err_none();
            e = number_record(n, rows.rows[i].value);
            if (failed(e))
                return e;
            *at = number;
        }
        if (rows.count < SCAN_STEP)
            return err_none();
    }
    return err_none();
}

static struct err number_records(struct numbering *n)
{
    int64_t cursor = 0;
    int64_t sweep = -1;
    int64_t end = 0;
    (void)json_get_integer(&n->courier, "cursor", &cursor);
    struct err e = number_changes(n, &cursor, 0);
    if (failed(e))
        return e;
    json_set_integer(n->act->arena, &n->courier, "cursor", cursor);
    if (!json_get_integer(&n->courier, "sweep", &sweep) ||
        !json_get_integer(&n->courier, "sweep_end", &end) || !has_room(n))
        return err_none();
    e = number_changes(n, &sweep, end);
    if (failed(e))
        return e;
    if (has_room(n)) {
        json_remove(&n->courier, "sweep");
        json_remove(&n->courier, "sweep_end");
    } else {
        json_set_integer(n->act->arena, &n->courier, "sweep", sweep);
    }
    return err_none();
}

/* {"partner","room","frames"} → {"numbered","more"}. */
struct err do_feed_number(struct act *act, const struct command *command, struct json *body_out)
{
    struct numbering n = { .act = act, .courier = json_object() };
    struct text code = json_get_text(command->body, "partner");
    struct err e = partner_get(act, code, &n.partner);
    if (failed(e))
        return e;
    *body_out = json_object();
    json_set_integer(act->arena, body_out, "numbered", 0);
#if COMITY_PLANTED != 8 /* a halt is ignored */
    if (rules_halted(act->clerk->rules, code))
        return err_none();
#endif
    if (!json_get_integer(command->body, "room", &n.room) ||
        !json_get_integer(command->body, "frames", &n.frames))
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/room"));
    struct row_key key = key_text(code);
    e = row_get(act, TABLE_COURIER, &key, &n.courier);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    struct json before = json_copy(act->arena, &n.courier);
    const struct json *refused = json_get(&before, "refused");
    if (refused != NULL)
        n.partner.refused = *refused;
    e = number_outbox(&n);
    if (!failed(e))
        e = number_records(&n);
    if (failed(e))
        return e;
    json_set_integer(act->arena, body_out, "numbered", n.numbered);
    json_set(act->arena, body_out, "more", json_bool(n.more));
    return json_equal(&before, &n.courier) ? err_none()
                                           : row_put(act, TABLE_COURIER, &key, &n.courier);
}

/* -- receipts ----------------------------------------------------------------------------- */

static struct json lines_json(struct act *act, const struct receipt_line *lines, size_t count_)
{
    struct json list = json_array();
    for (size_t i = 0; i < count_; i++) {
        struct json line = json_object();
        json_set_integer(act->arena, &line, "number", (int64_t)lines[i].number);
        json_set_text(act->arena, &line, "rule", lines[i].rule);
        json_push(act->arena, &list, line);
    }
    return list;
}

/* A receipt in `blob`. The node's state machine (link/send.h) has judged it; here it becomes
 * durable, and what the partner parked or refused is kept for "why was this not delivered". */
struct err do_feed_receipt(struct act *act, const struct command *command, struct json *body_out)
{
    struct partner partner;
    struct receipt receipt;
    struct hash root;
    struct json row = json_object();
    struct text code = json_get_text(command->body, "partner");
    struct err e = partner_get(act, code, &partner);
    if (!failed(e))
        e = receipt_parse(command->blob, act->arena, &receipt);
    if (!failed(e))
        e = log_root_at(store_view(act->store), partner.log, receipt.number, &root);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? act_refuse(act, ERR_CONFLICT, "link.receipt-ahead", code)
                                       : e;
    if (!hash_equal(&root, &receipt.root))
        return act_refuse(act, ERR_CONFLICT, "link.fork", code); /* I5 */
    struct row_key key = key_text(code);
    e = row_get(act, TABLE_COURIER, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    int64_t acked = 0;
    (void)json_get_integer(&row, "acked", &acked);
    *body_out = json_object();
    json_set_integer(act->arena, body_out, "acked", (int64_t)receipt.number);
    if ((int64_t)receipt.number < acked)
        return err_none(); /* an older receipt that was overtaken */
    struct json before = json_copy(act->arena, &row);
    json_set_integer(act->arena, &row, "acked", (int64_t)receipt.number);
    json_set(act->arena, &row, "parked", lines_json(act, receipt.parked, receipt.parked_count));
    json_set(act->arena, &row, "refused",
             lines_json(act, receipt.refused, receipt.refused_count));
    return json_equal(&before, &row) ? err_none() : row_put(act, TABLE_COURIER, &key, &row);
}
