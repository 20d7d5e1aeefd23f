#include <assert.h>

#include "clerk/shelf/shelf.h"
#include "clerk/verbs.h"
#include "core/encode.h"

struct run {
    struct clerk *clerk;
    const struct command *commands;
    struct reply *replies;
    size_t count;
    struct act act;
};

struct err act_refuse(struct act *act, enum err_code code, const char *rule, struct text subject)
{
    act->subject = arena_copy_text(act->arena, subject);
    return err_make(code, rule);
}

static struct row_key idempotency_key(const struct command *command)
{
    struct row_key key = key_text(command->by.who.user);
    key_add_text(&key, text_slice(command->idempotency, 0, 64));
    return key;
}

/* Of a request only its hash is kept: what it says may have to be forgotten (I6). */
static struct err request_hash(struct act *act, const struct command *command, struct text *out)
{
    struct bytes bytes;
    struct err e = json_format(command->body, act->arena, &bytes);
    if (failed(e))
        return e;
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text_bytes(verb_name(command->verb)));
    hasher_add(&h, bytes_of((const uint8_t *)"", 1));
    hasher_add(&h, bytes);
    struct hash hash = hasher_end(&h);
    *out = hex_format(act->arena, BYTES_OF(hash.bytes));
    return err_none();
}

/* The same key with the same request gives the first reply again; with another it is refused. */
static struct err replay_reply(struct act *act, const struct command *command, struct json *body,
                               bool *found)
{
    struct json row;
    struct row_key key = idempotency_key(command);
    *found = false;
    if (command->idempotency.len == 0 || command->body == NULL)
        return err_none();
    struct err e = row_get(act, TABLE_IDEMPOTENCY, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e))
        return e;
    struct text request;
    e = request_hash(act, command, &request);
    if (failed(e))
        return e;
    const struct json *reply = json_get(&row, "reply");
    bool same = text_equal(json_get_text(&row, "request"), request);
    if (!same || reply == NULL)
        return err_make(ERR_CONFLICT, "clerk.key-reused");
    *body = *reply;
#if COMITY_PLANTED != 3 /* a repeated command happens twice */
    *found = true;
#endif
    return err_none();
}

static struct err keep_reply(struct act *act, const struct command *command,
                             const struct json *body)
{
    if (command->idempotency.len == 0 || command->body == NULL)
        return err_none();
    struct json row = json_object();
    struct row_key key = idempotency_key(command);
    struct text request;
    struct err e = request_hash(act, command, &request);
    if (failed(e))
        return e;
    json_set_text(act->arena, &row, "at", instant_format(act->arena, act->now));
    json_set_text(act->arena, &row, "request", request);
    json_set(act->arena, &row, "reply", *body);
    return row_put(act, TABLE_IDEMPOTENCY, &key, &row);
}

static struct err run_checked(struct act *act, const struct command *command, struct json *body)
{
    bool found = false;
    const struct verb_row *row = verb_find(command->verb);
    if (row == NULL)
        return err_make(ERR_INVALID, "clerk.no-such-verb");
    if ((command->by.roles & row->roles) == 0)
        return act_refuse(act, ERR_DENIED, "clerk.role", text_literal(row->name));
    if (command->idempotency.len > 64)
        return err_make(ERR_LIMIT, "clerk.key-too-long");
    struct err e = replay_reply(act, command, body, &found);
    if (failed(e) || found)
        return e;
    e = row->handler(act, command, body);
    if (failed(e))
        return e;
    e = arena_check(act->arena);
    return failed(e) ? e : keep_reply(act, command, body);
}

/* A command that filled the arena gives back what it took: its neighbours go on (C2). */
static void arena_recover(struct act *act, size_t mark)
{
    if (!act->arena->full)
        return;
    arena_rewind(act->arena, mark);
    act->arena->full = false;
    act->subject = (struct text){ NULL, 0 };
}

/* true when the command failed after it had written: the transaction is spoilt (C2). */
static bool run_one(struct run *run, size_t i)
{
    struct act *act = &run->act;
    struct reply *reply = &run->replies[i];
    struct json body = json_null();
    struct shelf_change *changes = act->changes;
    size_t mark = act->arena->used;
    act->by = &run->commands[i].by;
    act->subject = (struct text){ NULL, 0 };
    act->wrote = false;
    reply->err = run_checked(act, &run->commands[i], &body);
    if (failed(reply->err)) {
        if (act->arena->full)
            reply->err = arena_check(act->arena); /* what half a copy breaks is not its fault */
        act->changes = changes;
        arena_recover(act, mark);
    }
    reply->subject = act->subject;
    reply->body = failed(reply->err) ? json_null() : body;
    return failed(reply->err) && act->wrote;
}

/* What became durable becomes visible: rules first, then the index (C3). Rules that do not load
 * are stale, and so is an index that has missed a commit: clerk_run() does nothing before both are
 * right. */
static struct err publish(struct run *run)
{
    struct act *act = &run->act;
    struct clerk *clerk = run->clerk;
    if (act->swept)
        clerk->sweep_due = false;
    if (act->rules_changed)
        clerk->rules_stale = failed(rules_load(clerk, act->now));
    struct err e = shelf_publish(clerk->shelf, act->changes, act->arena);
    clerk->shelf_stale = clerk->shelf_stale || failed(e);
    return e;
}

static void fail_from(struct run *run, size_t from, size_t to, struct err e)
{
    for (size_t i = from; i < to; i++) {
        if (failed(run->replies[i].err))
            continue;
        run->replies[i] = (struct reply){ .err = e, .body = json_null() };
    }
}

/* Commands from `from` on in one transaction, up to `to` or to the first that changes the rules:
 * its neighbours behind it are judged by the new ones. *end_out: the first that has not run. false:
 * command *end_out spoilt the transaction and nothing was written. */
static bool run_together(struct run *run, size_t from, size_t to, size_t *end_out)
{
    struct store *store = run->clerk->store;
    size_t end = from;
    run->act.changes = NULL;
    run->act.rules_changed = false;
    run->act.swept = false;
    struct err e = store_begin(store);
    while (!failed(e) && end < to && !run->act.rules_changed) {
        if (run_one(run, end)) {
            store_rollback(store);
            *end_out = end;
            return false;
        }
        end++;
    }
    *end_out = failed(e) ? to : end;
    if (!failed(e))
        e = store_commit(store);
#if COMITY_PLANTED == 1 /* answers before the commit is durable */
    e = err_none();
#endif
    if (!failed(e))
        e = publish(run);
    if (failed(e))
        fail_from(run, from, *end_out, e);
    return true;
}

/* Rules end and begin by the clock: nothing is judged by yesterday's (I1). The tick then sweeps. */
static struct err rules_fresh(struct clerk *clerk, struct instant now)
{
#if COMITY_PLANTED == 11 /* after a start the rules are those of 1970 */
    return err_none();
#endif
    if (!clerk->rules_stale && instant_before(now, rules_next_change(clerk->rules)))
        return err_none();
    struct err e = rules_load(clerk, now);
    clerk->rules_stale = failed(e);
    clerk->sweep_due = true;
    return e;
}

struct err clerk_run(struct clerk *clerk, const struct command *commands, size_t count,
                     struct instant now, const uint8_t seed[static CLERK_SEED_LEN],
                     struct arena *arena, struct reply *replies)
{
    assert(count > 0 && count <= CLERK_BATCH_MAX);
    struct chance chance = { .drawn = 0 };
    memcpy(chance.seed, seed, CLERK_SEED_LEN);
    struct run run = { .clerk = clerk, .commands = commands, .replies = replies, .count = count };
    run.act = (struct act){ .clerk = clerk, .store = clerk->store, .arena = arena, .now = now,
                            .chance = &chance };
    memset(replies, 0, count * sizeof(*replies));
    shelf_settle(clerk->shelf);
    size_t from = 0;
    size_t to = count;
    while (from < count) {
        size_t end = from;
        struct err e = rules_fresh(clerk, now);
        if (!failed(e) && clerk->shelf_stale)
            e = shelf_again(clerk);
        if (failed(e)) {
            fail_from(&run, from, count, e);
            return err_none();
        }
        if (run_together(&run, from, to, &end)) {
            from = end;
            to = count;
        } else if (end == from) {
            from++; /* the spoiler alone: rolled back, its reply says so */
            to = count;
        } else {
            to = end; /* those before it once more, without it */
        }
    }
    return err_none();
}
