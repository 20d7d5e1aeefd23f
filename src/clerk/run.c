#include <assert.h>

#include "clerk/shelf.h"
#include "clerk/verbs.h"

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
    const struct json *request = json_get(&row, "request");
    const struct json *reply = json_get(&row, "reply");
    bool same = request != NULL && json_equal(request, command->body) &&
                text_equal(json_get_text(&row, "verb"), verb_name(command->verb));
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
    json_set_text(act->arena, &row, "verb", verb_name(command->verb));
    json_set_text(act->arena, &row, "at", instant_format(act->arena, act->now));
    json_set(act->arena, &row, "request", *command->body);
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

/* true when the command failed after it had written: the transaction is spoilt (C2). */
static bool run_one(struct run *run, size_t i)
{
    struct act *act = &run->act;
    struct reply *reply = &run->replies[i];
    struct json body = json_null();
    struct shelf_change *changes = act->changes;
    act->by = &run->commands[i].by;
    act->subject = (struct text){ NULL, 0 };
    act->wrote = false;
    reply->err = run_checked(act, &run->commands[i], &body);
    reply->subject = act->subject;
    reply->body = failed(reply->err) ? json_null() : body;
    if (failed(reply->err))
        act->changes = changes;
    return failed(reply->err) && act->wrote;
}

/* What became durable becomes visible: rules first, then the index (C3). */
static struct err publish(struct run *run)
{
    struct act *act = &run->act;
    if (act->rules_changed) {
        struct err e = rules_load(run->clerk, act->now);
        if (failed(e))
            return e;
    }
    struct err e = shelf_publish(run->clerk->shelf, act->changes, act->arena);
    act->changes = NULL;
    act->rules_changed = false;
    run->clerk->sweep_due = run->clerk->sweep_due && !act->swept;
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

/* Commands from…to-1 in one transaction. false: a command spoilt it, nothing was written. */
static bool run_together(struct run *run, size_t from, size_t to)
{
    struct store *store = run->clerk->store;
    run->act.changes = NULL;
    run->act.rules_changed = false;
    run->act.swept = false;
    struct err e = store_begin(store);
    if (failed(e)) {
        fail_from(run, from, to, e);
        return true;
    }
    for (size_t i = from; i < to; i++) {
        if (run_one(run, i)) {
            store_rollback(store);
            return false;
        }
    }
    e = store_commit(store);
#if COMITY_PLANTED == 1 /* answers before the commit is durable */
    e = err_none();
#endif
    if (failed(e)) {
        fail_from(run, from, to, e);
        return true;
    }
    e = publish(run);
    if (failed(e))
        fail_from(run, from, to, e);
    return true;
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
#if COMITY_PLANTED == 11 /* after a start the rules are those of 1970 */
    clerk->rules_undated = clerk->sweep_due = false;
#endif
    if (clerk->rules_undated) { /* before anything is decided by them */
        struct err e = rules_load(clerk, now);
        if (failed(e))
            return e;
        clerk->rules_undated = false;
    }
    if (run_together(&run, 0, count))
        return err_none();
    for (size_t i = 0; i < count; i++) {
        replies[i] = (struct reply){ .err = err_none() };
        bool whole = run_together(&run, i, i + 1); /* the spoiler alone: rolled back, said so */
        assert(whole || failed(replies[i].err));
    }
    return err_none();
}
