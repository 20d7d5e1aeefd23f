/* What a request needs that commands cannot give: signatures, password hashes, backups, checks.
 * Runs on the worker's thread. */
#include <stdio.h>
#include <stdlib.h>

#include "clerk/act.h"
#include "clerk/exchange/logs.h"
#include "core/encode.h"
#include "ledger/commit.h"
#include "node/verify.h"
#include "seal/instrument.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/password.h"

static struct err ask_keeper(void *context, const struct keeper_question *question,
                             struct arena *arena, struct keeper_answer *out)
{
    return keeper_ask(context, question, arena, out);
}

/* Under the lock: one head at a time. */
static struct err head_sign(struct node *node, struct store_view *view,
                            const struct log_head *which, struct arena *arena,
                            struct text *note_out)
{
    struct log_keeper keeper = { ask_keeper, node->keeper };
    struct text note = { node->anchors.note, node->anchors.len };
    bool shared = which->log == LOG_ANCHORS;
    if (!shared || node->anchors.size < which->size || note.len == 0) {
        struct err e = log_head_sign(clerk_config(node->clerk), view, which, &keeper, arena, &note);
        if (failed(e))
            return e;
        if (shared && note.len <= sizeof(node->anchors.note)) {
            memcpy(node->anchors.note, note.data, note.len);
            node->anchors.len = note.len;
            node->anchors.size = which->size;
        }
    }
    *note_out = arena_copy_text(arena, note);
    return arena_check(arena);
}

struct err node_sign_head(struct node *node, struct store_view *view, const struct log_head *which,
                          struct arena *arena, struct text *note_out)
{
    pthread_mutex_lock(&node->sign_lock);
    struct err e = head_sign(node, view, which, arena, note_out);
    pthread_mutex_unlock(&node->sign_lock);
    return e;
}

/* An act that is not given a day is of this instant, where the hour matters. */
static struct err act_of(const struct api_work *work, struct arena *arena,
                         struct keeper_question *out)
{
    struct instant now = clock_now();
    bool timed = text_is(work->role, "suspend") || text_is(work->role, "resume") ||
                 text_is(work->role, "dispute") || text_is(work->role, "settle") ||
                 text_is(work->role, "withdraw");
    struct json more = json_object();
    if (work->more_opt != NULL)
        more = json_copy(arena, work->more_opt);
    if (timed && work->on.len == 0)
        json_set_text(arena, &more, "at", instant_format(arena, now));
    out->instrument.role = work->role;
    out->instrument.on = date_of_instant(now);
    struct err e = work->on.len == 0 ? err_none() : date_parse(work->on, &out->instrument.on);
    if (failed(e) || json_count(&more) == 0)
        return e;
    return json_format(&more, arena, &out->instrument.more);
}

static struct err sign(struct node *node, struct api_work *work, struct arena *arena)
{
    struct keeper_question question = { .kind = KEEPER_SIGN_INSTRUMENT };
    struct keeper_answer answer;
    struct err e = hex_parse(work->hash, question.instrument.tree.bytes, HASH_LEN);
    if (!failed(e))
        e = act_of(work, arena, &question);
    if (!failed(e) && question.instrument.more.len > INSTRUMENT_MORE_MAX)
        e = err_make(ERR_LIMIT, "seal.instrument-too-long");
    if (failed(e))
        return e;
    e = keeper_ask(node->keeper, &question, arena, &answer);
    if (failed(e))
        return e;
    struct json *body = ARENA_NEW(arena, struct json);
    struct text signature = { (const char *)answer.data.data, answer.data.len };
    if (body == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    *body = *work->commands[0].body;
    json_set_text(arena, body, "signature", arena_copy_text(arena, signature));
    work->commands[0].body = body;
    return arena_check(arena);
}

static struct err hash_password(struct api_work *work, struct arena *arena)
{
    char hash[PASSWORD_HASH_LEN];
    struct text password = json_get_text(work->commands[0].body, "password");
    struct err e = password_hash(password, hash);
    if (failed(e))
        return e;
    struct json *body = ARENA_NEW(arena, struct json);
    if (body == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    *body = *work->commands[0].body;
    json_set_text(arena, body, "password", arena_copy_text(arena, text_literal(hash)));
    work->commands[0].body = body;
    return arena_check(arena);
}

/* The chain for a machine's key: leaf, node, root. Its key never comes here. */
static struct err certify(struct node *node, struct api_work *work, struct arena *arena,
                          struct json *out)
{
    struct keeper_question question = { .kind = KEEPER_CERTIFY_TLS };
    struct keeper_answer leaf;
    struct keeper_answer status;
    struct err e = hex_parse(work->hash, question.tls.key.bytes, SIGN_PUBLIC_LEN);
    if (!failed(e))
        e = keeper_ask(node->keeper, &question, arena, &leaf);
    question = (struct keeper_question){ .kind = KEEPER_STATUS };
    if (!failed(e))
        e = keeper_ask(node->keeper, &question, arena, &status);
    if (failed(e))
        return e;
    struct text chain = x509_cert_pem(arena, leaf.tls.x509);
    chain = arena_join(arena, chain, x509_cert_pem(arena, status.status.node_x509));
    chain = arena_join(arena, chain, x509_cert_pem(arena, status.status.root_x509));
    *out = json_object();
    json_set_text(arena, out, "chain", chain);
    return arena_check(arena);
}

void duty_run(struct node *node, struct api_work *work, struct arena *arena,
              struct json *body_inout)
{
    struct err e = err_none();
    switch (work->duty) {
    case API_SIGN:
        e = sign(node, work, arena);
        break;
    case API_HASH_PASSWORD:
        e = hash_password(work, arena);
        break;
    case API_BACKUP:
        e = node_backup(node, work, arena, body_inout);
        break;
    case API_VERIFY:
        e = work->path.len > 0 ? node_prove(node, work->path, arena, body_inout)
                               : node_verify(node, arena, body_inout);
        break;
    case API_CERTIFY:
        e = certify(node, work, arena, body_inout);
        break;
    case API_NO_DUTY:
        break;
    }
    work->err = e;
}
