/* Who is asking: a Unix uid on the local socket, or a bearer token after a log-in. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "clerk/rows.h"
#include "core/encode.h"
#include "node/parts.h"
#include "shell/clock.h"
#include "shell/random.h"

enum { USERS_SCAN = 4096, TOKEN_HEX = 64 };

struct caller node_caller(const struct node *node)
{
    return (struct caller){ .who = { .member = node->home.member, .user = TEXT("node") },
                            .roles = ROLE_BIT_NODE,
                            .clearance = CLASSIFICATION_TOP_SECRET };
}

static struct err caller_of_row(const struct json *row, struct text member, struct arena *arena,
                                struct caller *out)
{
    struct user user;
    const struct json *in = json_get(row, "user");
    if (in == NULL || failed(user_parse(in, arena, &user)) || user.disabled)
        return err_make(ERR_DENIED, "front.who");
    struct caller caller = { .roles = user.roles, .clearance = user.clearance };
    caller.who.unit = user.unit;
    caller.who.user = user.id;
    if (member.len > 0 && failed(member_code_parse(member, &caller.who.member)))
        return err_make(ERR_DENIED, "front.who");
    *out = caller;
    return err_none();
}

struct err caller_of_user(struct store_view *view, struct text user, struct arena *arena,
                          struct caller *out)
{
    struct row_key key = key_text(text_slice(user, 0, SLUG_MAX));
    struct json row;
    if (user.len == 0 || failed(view_get(view, TABLE_USER, &key, arena, &row)))
        return err_make(ERR_DENIED, "front.who");
    return caller_of_row(&row, TEXT(""), arena, out);
}

/* The first user for whom `fits` says yes. */
static struct err caller_where(struct store_view *view,
                               bool (*fits)(const struct json *, const void *), const void *wanted,
                               struct arena *arena, struct caller *out)
{
    struct store_range range = { .table = TABLE_USER, .limit = USERS_SCAN };
    struct store_rows rows;
    struct err e = store_scan(view, &range, arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        size_t mark = arena->used;
        e = json_parse(rows.rows[i].value, arena, &row);
        if (!failed(e) && fits(&row, wanted))
            return caller_of_row(&row, TEXT(""), arena, out);
        arena_rewind(arena, mark);
    }
    return failed(e) ? e : err_make(ERR_DENIED, "front.who");
}

static bool has_uid(const struct json *row, const void *wanted)
{
    const uid_t *uid = wanted;
    int64_t of = -1;
    return json_get_integer(row, "uid", &of) && of == (int64_t)*uid;
}

static bool has_certificate(const struct json *row, const void *wanted)
{
    const struct sign_public *leaf = wanted;
    uint8_t key[SIGN_PUBLIC_LEN];
    return !failed(hex_parse(json_get_text(row, "certificate"), key, sizeof(key))) &&
           memcmp(key, leaf->bytes, sizeof(key)) == 0;
}

/* Only machines come with a certificate, and they come with nothing else. */
static struct err caller_of_machine(struct store_view *view, const struct x509_peer *peer,
                                    struct arena *arena, struct caller *out)
{
    struct err e = caller_where(view, has_certificate, &peer->leaf, arena, out);
    if (!failed(e) && (out->roles & ROLE_BIT(ROLE_MACHINE)) == 0)
        return err_make(ERR_DENIED, "front.who");
    return e;
}

bool machines_admit(void *context, const struct x509_peer *peer)
{
    const struct node *node = context;
    return memcmp(peer->root.bytes, node->home.root, sizeof(node->home.root)) == 0;
}

static bool token_of(struct text authorization, uint8_t out[static 32])
{
    struct text prefix = TEXT("Bearer ");
    if (!text_starts(authorization, prefix))
        return false;
    struct text token = text_slice(authorization, prefix.len, authorization.len);
    return token.len == TOKEN_HEX && !failed(hex_parse(token, out, 32));
}

/* The user behind a token, copied; false when there is none. */
static bool session_user(struct node *node, struct text authorization, struct instant now,
                         char out[static SLUG_MAX + 1])
{
    uint8_t token[32];
    bool found = false;
    if (!token_of(authorization, token))
        return false;
    pthread_mutex_lock(&node->session_lock);
    for (size_t i = 0; i < NODE_SESSIONS_MAX && !found; i++) {
        const struct session *session = &node->sessions[i];
        if (!session->used || sodium_memcmp(session->token, token, sizeof(token)) != 0)
            continue;
        if (instant_before(now, session->until)) {
            memcpy(out, session->user, SLUG_MAX + 1);
            found = true;
        }
    }
    pthread_mutex_unlock(&node->session_lock);
    return found;
}

struct err session_caller(struct node *node, struct store_view *view,
                          const struct server_request *request, struct arena *arena,
                          struct caller *out)
{
    char user[SLUG_MAX + 1] = { 0 };
    struct err e = err_make(ERR_DENIED, "front.who");
    if (session_user(node, request->authorization, request->at, user))
        e = caller_of_user(view, arena_copy_text(arena, text_literal(user)), arena, out);
    else if (request->kind == SERVER_LOCAL && request->authorization.len == 0)
        e = caller_where(view, has_uid, &request->uid, arena, out);
    else if (request->kind == SERVER_MACHINES)
        e = caller_of_machine(view, &request->peer, arena, out);
    if (!failed(e))
        out->who.member = node->home.member;
    return e;
}

void session_open(struct node *node, struct text user, struct arena *arena,
                  struct text *token_out)
{
    struct session session = { .used = true };
    size_t oldest = 0;
    int64_t life = config_number(&node->config, CONFIG_USERS_SESSION) * INSTANT_SECOND;
    session.until = instant_plus(clock_now(), life);
    random_bytes(session.token, sizeof(session.token));
    (void)snprintf(session.user, sizeof(session.user), "%.*s", (int)user.len, user.data);
    pthread_mutex_lock(&node->session_lock);
    for (size_t i = 0; i < NODE_SESSIONS_MAX; i++) {
        if (!node->sessions[i].used) {
            oldest = i;
            break;
        }
        if (instant_before(node->sessions[i].until, node->sessions[oldest].until))
            oldest = i;
    }
    node->sessions[oldest] = session;
    pthread_mutex_unlock(&node->session_lock);
    *token_out = hex_format(arena, BYTES_OF(session.token));
}

void session_close(struct node *node, struct text authorization)
{
    uint8_t token[32];
    if (!token_of(authorization, token))
        return;
    pthread_mutex_lock(&node->session_lock);
    for (size_t i = 0; i < NODE_SESSIONS_MAX; i++) {
        if (node->sessions[i].used &&
            sodium_memcmp(node->sessions[i].token, token, sizeof(token)) == 0)
            node->sessions[i].used = false;
    }
    pthread_mutex_unlock(&node->session_lock);
}
