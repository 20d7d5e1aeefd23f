#include "seal/keeper_wire.h"

#include <assert.h>

#include "core/reader.h"
#include "core/writer.h"
#include "seal/card.h"
#include "seal/instrument.h"
#include "seal/label.h"

enum { WIRE_VERSION = 1, RULE_MAX = 64, X509_MAX = 2048 };

/* An error's rule is a literal; these are the ones a keeper answers with. */
static const char *const rules[] = {
    "arena.full",         "keeper.full",         "keeper.key-destroyed",
    "keeper.message",     "keeper.month",        "keeper.no-key",
    "keeper.no-root",     "keeper.node-expired", "keeper.not-extending",
    "keeper.other-log",   "keeper.too-long",     "keeper.unknown-kind",
    "ledger.consistency", "ledger.note-name",    "ledger.note-shape",
    "ledger.origin",      "seal.damaged",        "seal.host",
    "seal.instrument",    "seal.role",           "seal.statement",      "seal.wrong-key",
    "text.not-utf8",      "wire.block-too-long", "wire.no-room",
    "wire.short",         "wire.trailing",
};

static const char *known_rule(struct text rule)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (text_is(rule, rules[i]))
            return rules[i];
    }
    return "keeper.unknown-rule";
}

static void write_hash(struct writer *w, const struct hash *hash)
{
    writer_put(w, BYTES_OF(hash->bytes));
}

static void write_text(struct writer *w, struct text in)
{
    writer_block(w, text_bytes(in));
}

static void write_head(struct writer *w, const struct tree_head *head)
{
    writer_u64(w, head->size);
    write_hash(w, &head->root);
}

static void read_head(struct reader *r, struct tree_head *out)
{
    out->size = reader_u64(r);
    reader_copy(r, out->root.bytes, HASH_LEN);
}

static void write_checkpoint(struct writer *w, const struct keeper_question *q)
{
    const struct proof *proof = &q->checkpoint.proof;
    assert(proof->count <= TREE_PROOF_MAX);
    write_text(w, q->checkpoint.next.origin);
    write_head(w, &q->checkpoint.next.head);
    writer_u8(w, (uint8_t)proof->count);
    for (size_t i = 0; i < proof->count; i++)
        write_hash(w, &proof->hashes[i]);
}

static bool read_checkpoint(struct reader *r, struct keeper_question *q)
{
    struct proof *proof = &q->checkpoint.proof;
    q->checkpoint.next.origin = reader_text(r, ORIGIN_LEN_MAX);
    read_head(r, &q->checkpoint.next.head);
    proof->count = reader_u8(r);
    if (proof->count > TREE_PROOF_MAX || q->checkpoint.next.head.size > TREE_SIZE_MAX)
        return false;
    for (size_t i = 0; i < proof->count; i++)
        reader_copy(r, proof->hashes[i].bytes, HASH_LEN);
    return true;
}

static void write_question(struct writer *w, const struct keeper_question *q)
{
    switch (q->kind) {
    case KEEPER_LOG_HEAD:
        write_text(w, q->origin);
        break;
    case KEEPER_SIGN_CHECKPOINT:
        write_checkpoint(w, q);
        break;
    case KEEPER_SIGN_INSTRUMENT:
        write_hash(w, &q->instrument.tree);
        write_text(w, q->instrument.role);
        writer_u16(w, (uint16_t)q->instrument.on.year);
        writer_u8(w, q->instrument.on.month);
        writer_u8(w, q->instrument.on.day);
        writer_block(w, q->instrument.more);
        break;
    case KEEPER_SIGN_STATEMENT:
        write_text(w, q->statement.purpose);
        writer_block(w, q->statement.content);
        break;
    case KEEPER_CERTIFY_TLS:
        writer_put(w, BYTES_OF(q->tls.key.bytes));
        write_text(w, q->tls.host_opt);
        break;
    case KEEPER_NEW_MONTH_KEY:
    case KEEPER_OPEN_MONTH_KEY:
    case KEEPER_DESTROY_MONTH_KEY:
        writer_u32(w, q->month.month);
        write_text(w, q->month.retention);
        writer_u32(w, q->month.version);
        break;
    case KEEPER_WRAP:
    case KEEPER_UNWRAP:
        write_text(w, q->wrap.label);
        writer_block(w, q->wrap.data);
        break;
    case KEEPER_STATUS:
    case KEEPER_RENEW_NODE:
    case KEEPER_KINDS:
        break;
    }
}

struct err keeper_question_format(const struct keeper_question *q, struct arena *arena,
                                  struct bytes *out)
{
    struct writer w = writer_in(arena);
    assert(q->kind >= KEEPER_STATUS && q->kind < KEEPER_KINDS);
    writer_u8(&w, WIRE_VERSION);
    writer_u8(&w, (uint8_t)q->kind);
    write_question(&w, q);
    return writer_keep(&w, arena, out);
}

static bool read_date(struct reader *r, struct date *out)
{
    uint16_t year = reader_u16(r);
    out->month = reader_u8(r);
    out->day = reader_u8(r);
    if (year > 9999)
        return false;
    out->year = (int16_t)year;
    return date_valid(*out);
}

/* false: fields that no question has. Missing bytes are the reader's to report. */
static bool read_question(struct reader *r, struct keeper_question *q)
{
    switch (q->kind) {
    case KEEPER_STATUS:
    case KEEPER_RENEW_NODE:
        return true;
    case KEEPER_LOG_HEAD:
        q->origin = reader_text(r, ORIGIN_LEN_MAX);
        return true;
    case KEEPER_SIGN_CHECKPOINT:
        return read_checkpoint(r, q);
    case KEEPER_SIGN_INSTRUMENT:
        reader_copy(r, q->instrument.tree.bytes, HASH_LEN);
        q->instrument.role = reader_text(r, KEEPER_LABEL_MAX);
        if (!read_date(r, &q->instrument.on))
            return false;
        q->instrument.more = reader_block(r, INSTRUMENT_MORE_MAX);
        return true;
    case KEEPER_SIGN_STATEMENT:
        q->statement.purpose = reader_text(r, KEEPER_LABEL_MAX);
        q->statement.content = reader_block(r, KEEPER_DATA_MAX);
        return label_valid(q->statement.purpose, KEEPER_LABEL_MAX);
    case KEEPER_CERTIFY_TLS:
        reader_copy(r, q->tls.key.bytes, SIGN_PUBLIC_LEN);
        q->tls.host_opt = reader_text(r, KEEPER_HOST_MAX);
        return true;
    case KEEPER_NEW_MONTH_KEY:
    case KEEPER_OPEN_MONTH_KEY:
    case KEEPER_DESTROY_MONTH_KEY:
        q->month.month = reader_u32(r);
        q->month.retention = reader_text(r, VAULT_CLASS_MAX);
        q->month.version = reader_u32(r);
        return label_valid(q->month.retention, VAULT_CLASS_MAX);
    case KEEPER_WRAP:
    case KEEPER_UNWRAP:
        q->wrap.label = reader_text(r, KEEPER_LABEL_MAX);
        q->wrap.data = reader_block(r, KEEPER_DATA_MAX);
        return label_valid(q->wrap.label, KEEPER_LABEL_MAX);
    case KEEPER_KINDS:
        break;
    }
    return false;
}

struct err keeper_question_parse(struct bytes in, struct keeper_question *out)
{
    struct reader r = reader_over(in);
    struct keeper_question q = { 0 };
    uint8_t version = reader_u8(&r);
    uint8_t kind = reader_u8(&r);
    if (!failed(r.err) && (version != WIRE_VERSION || kind == 0 || kind >= KEEPER_KINDS))
        return err_make(ERR_CORRUPT, "keeper.unknown-kind");
    q.kind = (enum keeper_kind)kind;
    bool sound = failed(r.err) || read_question(&r, &q);
    struct err e = reader_end(&r);
    if (failed(e))
        return e;
    if (!sound)
        return err_make(ERR_CORRUPT, "keeper.message");
    *out = q;
    return e;
}

static void write_status(struct writer *w, const struct keeper_status *s)
{
    write_text(w, s->realm);
    write_text(w, s->member);
    writer_u32(w, s->generation);
    writer_put(w, BYTES_OF(s->root.bytes));
    writer_put(w, BYTES_OF(s->node.bytes));
    writer_u8(w, s->has_root ? 1 : 0);
    writer_u32(w, s->logs);
    writer_u32(w, s->month_keys);
    writer_block(w, s->root_card);
    writer_block(w, s->node_card);
    writer_block(w, s->root_x509);
    writer_block(w, s->node_x509);
    writer_u64(w, (uint64_t)s->node_until.ms);
}

static void read_status(struct reader *r, struct keeper_status *s)
{
    s->realm = reader_text(r, CARD_REALM_MAX);
    s->member = reader_text(r, CARD_MEMBER_MAX);
    s->generation = reader_u32(r);
    reader_copy(r, s->root.bytes, SIGN_PUBLIC_LEN);
    reader_copy(r, s->node.bytes, SIGN_PUBLIC_LEN);
    s->has_root = reader_u8(r) == 1;
    s->logs = reader_u32(r);
    s->month_keys = reader_u32(r);
    s->root_card = reader_block(r, CARD_LEN_MAX);
    s->node_card = reader_block(r, CARD_LEN_MAX);
    s->root_x509 = reader_block(r, X509_MAX);
    s->node_x509 = reader_block(r, X509_MAX);
    s->node_until.ms = (int64_t)reader_u64(r);
}

static void write_answer(struct writer *w, const struct keeper_answer *a)
{
    switch (a->kind) {
    case KEEPER_STATUS:
        write_status(w, &a->status);
        break;
    case KEEPER_LOG_HEAD:
        write_head(w, &a->head);
        break;
    case KEEPER_SIGN_CHECKPOINT:
        write_text(w, a->note);
        break;
    case KEEPER_CERTIFY_TLS:
        writer_block(w, a->tls.card);
        writer_block(w, a->tls.x509);
        break;
    case KEEPER_NEW_MONTH_KEY:
    case KEEPER_OPEN_MONTH_KEY:
    case KEEPER_DESTROY_MONTH_KEY:
        writer_u32(w, a->month.version);
        writer_put(w, BYTES_OF(a->month.key.bytes));
        break;
    case KEEPER_SIGN_INSTRUMENT:
    case KEEPER_SIGN_STATEMENT:
    case KEEPER_WRAP:
    case KEEPER_UNWRAP:
    case KEEPER_RENEW_NODE:
        writer_block(w, a->data);
        break;
    case KEEPER_KINDS:
        break;
    }
}

struct err keeper_answer_format(const struct keeper_answer *a, struct arena *arena,
                                struct bytes *out)
{
    struct writer w = writer_in(arena);
    writer_u8(&w, WIRE_VERSION);
    writer_u8(&w, (uint8_t)a->kind);
    writer_u8(&w, (uint8_t)a->err.code);
    writer_u32(&w, a->err.at);
    write_text(&w, text_literal(a->err.rule));
    if (!failed(a->err))
        write_answer(&w, a);
    return writer_keep(&w, arena, out);
}

static void read_answer(struct reader *r, struct keeper_answer *a)
{
    switch (a->kind) {
    case KEEPER_STATUS:
        read_status(r, &a->status);
        break;
    case KEEPER_LOG_HEAD:
        read_head(r, &a->head);
        break;
    case KEEPER_SIGN_CHECKPOINT:
        a->note = reader_text(r, NOTE_LEN_MAX);
        break;
    case KEEPER_CERTIFY_TLS:
        a->tls.card = reader_block(r, CARD_LEN_MAX);
        a->tls.x509 = reader_block(r, X509_MAX);
        break;
    case KEEPER_NEW_MONTH_KEY:
    case KEEPER_OPEN_MONTH_KEY:
    case KEEPER_DESTROY_MONTH_KEY:
        a->month.version = reader_u32(r);
        reader_copy(r, a->month.key.bytes, SECRET_LEN);
        break;
    case KEEPER_SIGN_INSTRUMENT:
    case KEEPER_SIGN_STATEMENT:
    case KEEPER_WRAP:
    case KEEPER_UNWRAP:
    case KEEPER_RENEW_NODE:
        a->data = reader_block(r, KEEPER_MESSAGE_MAX);
        break;
    case KEEPER_KINDS:
        break;
    }
}

struct err keeper_answer_parse(struct bytes in, struct keeper_answer *out)
{
    struct reader r = reader_over(in);
    struct keeper_answer a = { 0 };
    uint8_t version = reader_u8(&r);
    uint8_t kind = reader_u8(&r);
    uint8_t code = reader_u8(&r);
    uint32_t at = reader_u32(&r);
    struct text rule = reader_text(&r, RULE_MAX);
    if (failed(r.err))
        return r.err;
    bool refused = code != ERR_NONE;
    if (version != WIRE_VERSION || kind >= KEEPER_KINDS || code >= ERR_CODES ||
        (kind == 0 && !refused))
        return err_make(ERR_CORRUPT, "keeper.message");
    a.kind = (enum keeper_kind)kind;
    a.err = refused ? err_at((enum err_code)code, at, known_rule(rule)) : err_none();
    if (!refused)
        read_answer(&r, &a);
    struct err e = reader_end(&r);
    if (!failed(e))
        *out = a;
    return e;
}

struct err keeper_frame_take(struct bytes in, struct bytes *message_out, size_t *used_out)
{
    struct bytes message = { NULL, 0 };
    size_t used = 0;
    if (in.len >= KEEPER_FRAME_HEAD) {
        struct reader r = reader_over(in);
        uint32_t len = reader_u32(&r);
        if (len > KEEPER_MESSAGE_MAX)
            return err_make(ERR_CORRUPT, "keeper.message-too-long");
        if (reader_left(&r) >= len) {
            message = reader_take(&r, len);
            used = KEEPER_FRAME_HEAD + len;
        }
    }
    *message_out = message;
    *used_out = used;
    return err_none();
}
