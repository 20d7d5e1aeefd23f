/* What a node asks its keeper, and the answers. One message is
 *     version u8 = 1 | kind u8 | fields            (question)
 *     version u8 = 1 | kind u8 | error | fields    (answer)
 * with big-endian numbers and u32-length blocks (core/reader.h); over a stream each message
 * is one u32-length frame (keeper_frame_take). spec/ledger.md has the table of fields. */
#ifndef COMITY_SEAL_KEEPER_WIRE_H
#define COMITY_SEAL_KEEPER_WIRE_H

#include "core/time.h"
#include "ledger/checkpoint.h"
#include "seal/secret.h"
#include "seal/vault.h"

enum {
    KEEPER_FRAME_HEAD = 4, /* its length, u32 */
    KEEPER_MESSAGE_MAX = 64 * 1024,
    KEEPER_DATA_MAX = 4096, /* of wrap, and content of a statement */
    KEEPER_LABEL_MAX = 64,  /* of wrap; purpose of a statement */
    KEEPER_HOST_MAX = 253,  /* DNS name in a TLS certificate */
};

enum keeper_kind {
    KEEPER_STATUS = 1,
    KEEPER_LOG_HEAD, /* last head signed of a log */
    KEEPER_SIGN_CHECKPOINT,
    KEEPER_SIGN_INSTRUMENT, /* by the root key, where the keeper has it */
    KEEPER_SIGN_STATEMENT,  /* by the node key: receipts */
    KEEPER_CERTIFY_TLS,
    KEEPER_NEW_MONTH_KEY,
    KEEPER_OPEN_MONTH_KEY,
    KEEPER_DESTROY_MONTH_KEY,
    KEEPER_WRAP, /* a small secret of the node, under the master key */
    KEEPER_UNWRAP,
    KEEPER_RENEW_NODE, /* new node key and card, where the keeper has the root */
    KEEPER_KINDS,
};

struct keeper_question {
    enum keeper_kind kind;
    union {
        struct text origin; /* log_head */
        struct {
            struct checkpoint next;
            struct proof proof; /* from the last head signed; empty for the first */
        } checkpoint;
        struct {
            struct hash tree;
            struct text role;
            struct date on;
            struct bytes more; /* JSON object: instrument_more_read(); empty: nothing more */
        } instrument;
        struct {
            struct text purpose;  /* lower-case letters and '-', such as "receipt" */
            struct bytes content; /* canonical JSON object */
        } statement;
        struct {
            struct sign_public key;
            struct text host_opt; /* name or address in the X.509 certificate */
        } tls;
        struct {
            uint32_t month;
            struct text retention;
            uint32_t version; /* 0: the newest; not used by new_month_key */
        } month;
        struct {
            struct text label;
            struct bytes data;
        } wrap; /* and unwrap */
    };
};

struct keeper_status {
    struct text realm;
    struct text member;
    uint32_t generation;
    struct sign_public root;
    struct sign_public node;
    bool has_root;
    uint32_t logs;
    uint32_t month_keys; /* not destroyed */
    struct bytes root_card;
    struct bytes node_card;
    struct bytes root_x509; /* DER */
    struct bytes node_x509;
    struct instant node_until;
};

struct keeper_answer {
    enum keeper_kind kind; /* 0 when the question was not understood */
    struct err err;        /* failed: no fields follow */
    union {
        struct keeper_status status;
        struct tree_head head; /* log_head; size 0 for a log never signed */
        struct text note;      /* sign_checkpoint */
        struct bytes data;     /* statement, instrument, wrapped, unwrapped, node card */
        struct {
            struct bytes card;
            struct bytes x509; /* DER, the leaf */
        } tls;
        struct {
            uint32_t version;
            struct secret_key key; /* zero for destroy */
        } month;
    };
};

MUST_USE struct err keeper_question_format(const struct keeper_question *question,
                                           struct arena *arena, struct bytes *out);
/* Borrows from `in`. ERR_CORRUPT keeper.message or wire.*. */
MUST_USE struct err keeper_question_parse(struct bytes in, struct keeper_question *out);
MUST_USE struct err keeper_answer_format(const struct keeper_answer *answer, struct arena *arena,
                                         struct bytes *out);
/* Borrows from `in`. A rule id that this build does not know reads keeper.unknown-rule. */
MUST_USE struct err keeper_answer_parse(struct bytes in, struct keeper_answer *out);

/* The first message in a stream of bytes: *used_out is 0 when it is not whole yet.
 * ERR_CORRUPT keeper.message-too-long: close the stream. */
MUST_USE struct err keeper_frame_take(struct bytes in, struct bytes *message_out, size_t *used_out);

#endif
