#include "shell/identity.h"

#include "seal/certificate.h"
#include "shell/files.h"
#include "shell/random.h"
#include "shell/x509.h"

/* Asked of one keeper: who we are, and a leaf for `key`. */
struct asked {
    struct keeper_answer status, tls;
};

static struct err ask(struct keeper *keeper, const struct secret_key *seed, struct arena *arena,
                      struct asked *out)
{
    struct keeper_question question = { .kind = KEEPER_STATUS };
    struct err e = keeper_ask(keeper, &question, arena, &out->status);
    if (failed(e))
        return e;
    struct sign_secret unused;
    question = (struct keeper_question){ .kind = KEEPER_CERTIFY_TLS };
    sign_keypair(seed, &unused, &question.tls.key);
    secret_wipe(&unused, sizeof(unused));
    return keeper_ask(keeper, &question, arena, &out->tls);
}

static struct err write_files(const char *dir, const struct identity *identity, struct arena *arena)
{
    const char *path = files_join(arena, dir, "tls.pem");
    struct text both = arena_join(arena, identity->cert_pem, identity->key_pem);
    if (!path || !both.data)
        return err_make(ERR_LIMIT, "arena.full");
    return files_write(path, text_bytes(both), 0600);
}

static struct text terminated(struct arena *arena, struct text in)
{
    struct text out = arena_join(arena, in, (struct text){ "", 1 });
    return (struct text){ out.data, out.data ? in.len : 0 };
}

static struct err fill(const struct asked *asked, const struct secret_key *seed,
                       struct arena *arena, struct identity *out)
{
    struct text leaf = x509_cert_pem(arena, asked->tls.tls.x509);
    struct text node = x509_cert_pem(arena, asked->status.status.node_x509);
    struct text root = x509_cert_pem(arena, asked->status.status.root_x509);
    out->root = asked->status.status.root;
    out->root_pem = root;
    out->cards[0] = asked->status.status.root_card;
    out->cards[1] = asked->status.status.node_card;
    out->cards[2] = asked->tls.tls.card;
    out->cert_pem = terminated(arena, arena_join(arena, leaf, arena_join(arena, node, root)));
    out->key_pem = x509_key_pem(arena, seed);
    return arena_check(arena);
}

struct err identity_renew(struct keeper *keeper, const char *dir, struct instant now,
                          struct arena *arena, struct identity *out)
{
    struct asked asked;
    struct secret_key seed;
    struct identity identity = { .from = now };
    random_bytes(seed.bytes, sizeof(seed.bytes));
    struct err e = ask(keeper, &seed, arena, &asked);
    if (!failed(e))
        e = fill(&asked, &seed, arena, &identity);
    secret_wipe(&seed, sizeof(seed));
    if (failed(e))
        return e;
    identity.until = instant_plus(now, CARD_TLS_LIFE);
    if (instant_before(asked.status.status.node_until, identity.until))
        identity.until = asked.status.status.node_until;
    e = write_files(dir, &identity, arena);
    if (!failed(e))
        *out = identity;
    return e;
}
