/* The keeper: the one part of a node that holds the node key, the master key and the month
 * keys, and answers typed questions (seal/keeper_wire.h). Pure: the shell runs it in a process
 * of its own, the simulator in memory.
 *
 *   K1 It signs no head of a log that does not extend the last head it signed of that log.
 *   K2 It signs only for its own member and generation.
 *   K3 A malformed or refused question gets an error answer, changes nothing and ends nothing.
 *   K4 A destroyed month key is gone, and its version is never given again. */
#ifndef COMITY_SEAL_KEEPER_H
#define COMITY_SEAL_KEEPER_H

#include "seal/card.h"
#include "seal/keeper_wire.h"

enum {
    KEEPER_LOGS_MAX = 512,
    KEEPER_MONTH_KEYS_MAX = 2048,
    KEEPER_CARD_MAX = 2048, /* bytes of a card or certificate it keeps */
    KEEPER_SAVED_MAX = 256 * 1024,
    KEEPER_ARENA_LEN = 1024 * 1024, /* an arena that is enough for any one call below */
};

struct keeper_log {
    uint8_t name_len; /* the origin's last part; member and generation are the keeper's own */
    char name[ORIGIN_NAME_MAX];
    struct tree_head head;
};

struct keeper_month_key {
    uint32_t month;
    uint32_t version;
    bool destroyed;
    uint8_t class_len;
    char class_name[VAULT_CLASS_MAX];
    struct secret_key key;
};

struct keeper_blob {
    uint16_t len;
    uint8_t data[KEEPER_CARD_MAX];
};

/* About 200 kB: the caller allocates it once, never on a stack. Only keeper_create and
 * keeper_load make one; wipe with secret_wipe. */
struct keeper_state {
    uint8_t realm_len;
    char realm[CARD_REALM_MAX];
    uint8_t member_len;
    char member[CARD_MEMBER_MAX];
    uint32_t generation;
    bool has_root;
    struct sign_secret root_secret; /* zero unless has_root */
    struct sign_public root;
    struct sign_secret node_secret;
    struct sign_public node;
    struct instant node_until;
    struct secret_key master;
    struct keeper_blob root_card;
    struct keeper_blob node_card;
    struct keeper_blob root_x509;
    struct keeper_blob node_x509;
    uint32_t log_count;
    struct keeper_log logs[KEEPER_LOGS_MAX];
    uint32_t month_key_count;
    struct keeper_month_key month_keys[KEEPER_MONTH_KEYS_MAX];
};

/* A key ceremony on one machine. Seeds are 32 fresh random bytes each. */
struct keeper_birth {
    struct text realm;
    struct text member;
    uint32_t generation;
    struct secret_key root_seed;
    struct hash next_root;  /* SHA-256 of the public root key that may follow */
    struct secret_key seed; /* node key and master key are derived from it */
    bool keep_root;         /* else the root secret is not in the keeper: the offline way */
    struct instant now;
};

/* ERR_INVALID seal.realm, seal.member. `out` is written only on success. */
MUST_USE struct err keeper_create(const struct keeper_birth *birth, struct arena *arena,
                                  struct keeper_state *out);

/* The keeper's own parts, shared by its files. A TLS certificate for card->key, and a new node
 * key of `seed` with card and certificate (the keeper is changed only on success). */
MUST_USE struct err keeper_x509_leaf(const struct keeper_state *keeper, const struct card *card,
                                     struct text host_opt, struct arena *arena, struct bytes *out);
MUST_USE struct err keeper_certify_node(struct keeper_state *keeper, const struct sign_secret *root,
                                        const struct secret_key *seed, struct instant now,
                                        struct arena *arena);

/* What the world gives one step: time, and 32 fresh random bytes. */
struct keeper_tick {
    struct instant now;
    struct secret_key seed;
};

/* Answers one question. The answer lies in `arena`; when even that is full, it is empty. It may
 * hold keys: wipe the arena when the answer has left.
 * *changed_out: the state must be saved (keeper_save, fsync) before the answer leaves, else
 * after a crash the keeper would have forgotten what it signed. */
struct bytes keeper_step(struct keeper_state *keeper, struct bytes question,
                         const struct keeper_tick *tick, struct arena *arena, bool *changed_out);

/* The whole state, sealed under the operator's key (from a passphrase by Argon2id, in shell/)
 * or, for export, under a key of the root's holders. */
MUST_USE struct err keeper_save(const struct keeper_state *keeper,
                                const struct secret_key *operator_key, struct arena *arena,
                                struct bytes *out);
/* ERR_DENIED seal.wrong-key, ERR_CORRUPT seal.damaged, keeper.state. */
MUST_USE struct err keeper_load(struct bytes in, const struct secret_key *operator_key,
                                struct arena *arena, struct keeper_state *out);

#endif
