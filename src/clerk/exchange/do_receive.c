/* A batch of a partner: all of it in one transaction, the receipt behind its commit (I4). */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/exchange/receive.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "core/encode.h"

enum { PARKED_STEP = 128 };

static struct err feed_load(struct act *act, const struct partner *partner, struct feed_in *out)
{
    struct row_key key = key_text(partner->code);
    struct bytes row;
    int64_t generation = 1;
    (void)json_get_integer(&partner->row, "generation", &generation);
    struct err e = store_get(store_view(act->store), TABLE_FEED_IN, key_bytes(&key), act->arena,
                             &row);
    if (e.code == ERR_NOT_FOUND) {
        *out = feed_in_start(partner->root, (uint32_t)generation);
        return err_none();
    }
    return failed(e) ? e : feed_in_parse(row, act->arena, out);
}

static struct err feed_store(struct act *act, const struct partner *partner,
                             const struct feed_in *feed)
{
    struct row_key key = key_text(partner->code);
    struct bytes row;
    struct err e = feed_in_format(feed, act->arena, &row);
    return failed(e) ? e : row_put_bytes(act, TABLE_FEED_IN, &key, row);
}

static struct err receipt_reply(struct act *act, const struct feed_in *feed, struct json *out)
{
    struct receipt receipt;
    struct bytes bytes;
    struct err e = feed_in_receipt(feed, act->clerk->config.realm, act->clerk->config.member,
                                   act->arena, &receipt);
    if (!failed(e))
        e = receipt_format(&receipt, act->arena, &bytes);
    if (failed(e))
        return e;
    *out = json_object();
    json_set_text(act->arena, out, "receipt",
                  (struct text){ (const char *)bytes.data, bytes.len });
    json_set_integer(act->arena, out, "number", (int64_t)receipt.number);
    return err_none();
}

/* Errors that judge the frame; all others are about us and fail the batch. */
static bool judges(struct err e)
{
    return e.code == ERR_DENIED || e.code == ERR_INVALID || e.code == ERR_NOT_FOUND ||
           e.code == ERR_CONFLICT;
}

/* A contradiction found half way through a frame's facts would leave half a frame: every check of
 * receive_frame() stands before its first fact. If one does not, the batch fails and is rolled
 * back. */
static struct err take_frame(struct act *act, const struct incoming *in, bool *judged_out)
{
    uint64_t before = 0;
    uint64_t after = 0;
    struct err read = store_journal_last(store_view(act->store), &before);
    if (failed(read))
        return read;
    struct err e = receive_frame(act, in);
    *judged_out = failed(e) && judges(e);
    if (!*judged_out)
        return e;
    read = store_journal_last(store_view(act->store), &after);
    if (failed(read) || after != before) {
        *judged_out = false;
        return failed(read) ? read : err_make(ERR_CORRUPT, "clerk.half-a-frame");
    }
    return e;
}

static struct err judge(struct act *act, struct accepted *accepted, size_t i,
                        const struct partner *partner)
{
    const struct verdict *verdict = &accepted->verdicts[i];
    struct incoming in = { partner, verdict->number, &verdict->frame, verdict->opening.content,
                           verdict->entry };
    switch (verdict->kind) {
    case VERDICT_HOLLOW:
    case VERDICT_NONE:
        return err_none();
    case VERDICT_PARK:
        return receive_note(act, &in, FACT_PARKED, verdict->rule);
    case VERDICT_REFUSE:
        return receive_note(act, &in, FACT_CONTRADICTION, verdict->rule);
    case VERDICT_APPLY:
        break;
    }
    bool judged = false;
    struct err e = take_frame(act, &in, &judged);
    if (!judged)
        return e;
#if COMITY_PLANTED == 10 /* a frame that must wait is receipted as applied, and dropped */
    if (e.code == ERR_NOT_FOUND)
        return err_none();
#endif
    if (e.code == ERR_NOT_FOUND) {
        accept_park(accepted, i, e.rule);
        return receive_note(act, &in, FACT_PARKED, e.rule);
    }
    accept_refuse(accepted, i, e.rule);
    return receive_note(act, &in, FACT_CONTRADICTION, e.rule);
}

static struct err view_of(struct act *act, const struct partner *partner, struct feed_view *out)
{
    *out = (struct feed_view){ .realm = act->clerk->config.realm,
                               .self_code = act->clerk->config.member,
                               .now = act->now };
    memcpy(out->self, act->clerk->config.root_key, sizeof(out->self));
    struct err e = hex_parse(json_get_text(&partner->row, "node"), out->node_key,
                             sizeof(out->node_key));
    return failed(e) ? act_refuse(act, ERR_DENIED, "clerk.no-card", partner->code) : e;
}

static struct err freeze(struct act *act, const struct partner *partner, struct feed_in *feed,
                         struct err why)
{
    if (feed->frozen.len == 0) {
        feed_in_freeze(feed, text_literal(why.rule));
        struct err e = feed_store(act, partner, feed);
        if (failed(e))
            return e;
    }
    return err_none();
}

/* The law that the frames before this one have made, for the rest of the batch: what follows a
 * signature is judged with it. It stands in the memory of the next rules and lasts as long as the
 * command; the commit makes it anew (C3). */
struct interim {
    struct rules *before;
};

static struct err interim_next(struct act *act, struct interim *interim, const struct frame *frame)
{
    struct clerk *clerk = act->clerk;
    if (frame->kind == FRAME_INSTRUMENT || !act->rules_changed) {
        clerk->rules = interim->before; /* a trial uses that memory */
        return err_none();
    }
    if (clerk->rules != interim->before)
        return err_none();
    struct arena *memory = &clerk->rules_memory[1 - clerk->rules_side];
    struct rules *rules = NULL;
    arena_reset(memory);
    struct err e = rules_make(store_view(act->store), clerk->config.member, act->now, memory,
                              &rules);
    if (!failed(e))
        clerk->rules = rules;
    return e;
}

static struct err judge_all(struct act *act, struct accepted *accepted,
                            const struct partner *partner)
{
    struct interim interim = { .before = act->clerk->rules };
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < accepted->count; i++) {
#if COMITY_PLANTED == 9 /* the newest frame of a batch first: a stale version overwrites it */
        size_t which = accepted->count - 1 - i;
#else
        size_t which = i;
#endif
        e = interim_next(act, &interim, &accepted->verdicts[which].frame);
        if (!failed(e))
            e = judge(act, accepted, which, partner);
    }
    act->clerk->rules = interim.before;
    return e;
}

struct err do_feed_receive(struct act *act, const struct command *command, struct json *body_out)
{
    struct partner partner;
    struct feed_in feed;
    struct feed_view view;
    struct batch batch;
    struct accepted accepted;
    struct err e = partner_get(act, json_get_text(command->body, "partner"), &partner);
    if (!failed(e))
        e = feed_load(act, &partner, &feed);
    if (!failed(e))
        e = view_of(act, &partner, &view);
    if (!failed(e))
        e = batch_parse(command->blob, act->arena, &batch);
    if (failed(e))
        return e;
    e = feed_in_accept(&feed, &batch, &view, act->arena, &accepted);
    if (e.code == ERR_CONFLICT) { /* two histories: frozen, and said so in the reply */
        struct err stored = freeze(act, &partner, &feed, e);
        *body_out = json_object();
        json_set(act->arena, body_out, "refused", json_literal(e.rule));
        return stored;
    }
    if (failed(e))
        return act_refuse(act, e.code, e.rule, partner.code);
    if (accepted.kind != ACCEPT_NEW)
        return receipt_reply(act, &feed, body_out);
    e = judge_all(act, &accepted, &partner);
#if COMITY_PLANTED != 2 /* the number received is not stored with the frames */
    if (!failed(e))
        e = feed_store(act, &partner, &accepted.next);
#endif
    return failed(e) ? e : receipt_reply(act, &accepted.next, body_out);
}

/* -- parked frames, again ----------------------------------------------------------------- */

static struct err parked_read(struct act *act, const struct store_row *row, struct frame *frame,
                              struct incoming *in)
{
    struct json parked;
    struct err e = json_parse(row->value, act->arena, &parked);
    if (!failed(e) && json_get(&parked, "frame") == NULL)
        e = err_make(ERR_CORRUPT, "clerk.bad-row");
    if (!failed(e))
        e = json_format(json_get(&parked, "frame"), act->arena, &in->content);
    if (!failed(e))
        e = frame_parse(in->content, act->arena, frame);
    return failed(e) ? e : hex_parse(json_get_text(&parked, "entry"), in->entry.bytes, HASH_LEN);
}

/* The facts of the second trial take the row of TABLE_PARKED away. */
static struct err retry(struct act *act, const struct partner *partner, struct feed_in *feed,
                        const struct store_row *row)
{
    struct frame frame;
    bool judged = false;
    struct incoming in = { .partner = partner, .number = key_tail_u64(row->key), .frame = &frame };
    struct err e = parked_read(act, row, &frame, &in);
    if (failed(e))
        return e;
#if COMITY_PLANTED != 5 /* a parked frame is overtaken */
    if (!feed_in_ready(feed, &frame, act->now))
        return err_none(); /* an earlier one about the same record still waits */
#endif
    e = take_frame(act, &in, &judged);
    if (failed(e) && !judged)
        return e;
    if (e.code == ERR_NOT_FOUND)
        return err_none(); /* still waits */
    const char *refused = failed(e) ? e.rule : NULL;
    if (refused != NULL) {
        e = receive_note(act, &in, FACT_CONTRADICTION, refused);
        if (failed(e))
            return e;
    }
    return feed_in_unpark(feed, in.number, refused, act->arena, feed);
}

struct err receive_parked(struct act *act, struct text code)
{
    struct partner partner;
    struct feed_in feed;
    struct store_rows rows;
    struct row_key prefix = key_text(code);
    key_add_u8(&prefix, 0);
    struct store_range range = { .table = TABLE_PARKED, .prefix = key_bytes(&prefix),
                                 .limit = PARKED_STEP };
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    if (failed(e) || rows.count == 0)
        return e;
    e = partner_get(act, code, &partner);
    if (!failed(e))
        e = feed_load(act, &partner, &feed);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = retry(act, &partner, &feed, &rows.rows[i]);
    return failed(e) ? e : feed_store(act, &partner, &feed);
}
