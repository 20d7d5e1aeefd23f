/* The keeper's file: its whole state in one box. */
#include "core/reader.h"
#include "core/writer.h"
#include "seal/keeper.h"
#include "seal/label.h"

enum { STATE_VERSION = 1 };

/* Bytes of a full state: the limits add up. */
enum {
    SAVED_IDENTITY = 512 + 4 * (4 + KEEPER_CARD_MAX),
    SAVED_LOG = 4 + ORIGIN_NAME_MAX + 8 + HASH_LEN,
    SAVED_MONTH_KEY = 4 + 4 + 1 + 4 + VAULT_CLASS_MAX + SECRET_LEN,
};
_Static_assert(SAVED_IDENTITY + 8 + (int)KEEPER_LOGS_MAX * SAVED_LOG +
                       (int)KEEPER_MONTH_KEYS_MAX * SAVED_MONTH_KEY <=
                   (int)KEEPER_SAVED_MAX,
               "a full keeper can be saved");
_Static_assert((size_t)2 * KEEPER_SAVED_MAX + sizeof(struct keeper_state) + 4096 <=
                   KEEPER_ARENA_LEN,
               "saving and loading fit an arena");

static const char place[] = "comity/keeper/v1\n";

static void write_identity(struct writer *w, const struct keeper_state *k)
{
    writer_u8(w, STATE_VERSION);
    writer_block(w, bytes_of(k->realm, k->realm_len));
    writer_block(w, bytes_of(k->member, k->member_len));
    writer_u32(w, k->generation);
    writer_u8(w, k->has_root ? 1 : 0);
    writer_put(w, BYTES_OF(k->root_secret.bytes));
    writer_put(w, BYTES_OF(k->root.bytes));
    writer_put(w, BYTES_OF(k->node_secret.bytes));
    writer_u64(w, (uint64_t)k->node_until.ms);
    writer_put(w, BYTES_OF(k->master.bytes));
    writer_block(w, bytes_of(k->root_card.data, k->root_card.len));
    writer_block(w, bytes_of(k->node_card.data, k->node_card.len));
    writer_block(w, bytes_of(k->root_x509.data, k->root_x509.len));
    writer_block(w, bytes_of(k->node_x509.data, k->node_x509.len));
}

static void write_lists(struct writer *w, const struct keeper_state *k)
{
    writer_u32(w, k->log_count);
    for (uint32_t i = 0; i < k->log_count; i++) {
        const struct keeper_log *log = &k->logs[i];
        writer_block(w, bytes_of(log->name, log->name_len));
        writer_u64(w, log->head.size);
        writer_put(w, BYTES_OF(log->head.root.bytes));
    }
    writer_u32(w, k->month_key_count);
    for (uint32_t i = 0; i < k->month_key_count; i++) {
        const struct keeper_month_key *key = &k->month_keys[i];
        writer_u32(w, key->month);
        writer_u32(w, key->version);
        writer_u8(w, key->destroyed ? 1 : 0);
        writer_block(w, bytes_of(key->class_name, key->class_len));
        writer_put(w, BYTES_OF(key->key.bytes));
    }
}

struct err keeper_save(const struct keeper_state *k, const struct secret_key *operator_key,
                       struct arena *arena, struct bytes *out)
{
    uint8_t *memory = arena_take(arena, KEEPER_SAVED_MAX);
    if (memory == NULL)
        return arena_check(arena);
    struct writer w = writer_over(memory, KEEPER_SAVED_MAX);
    struct bytes plain;
    write_identity(&w, k);
    write_lists(&w, k);
    struct err e = writer_end(&w, &plain);
    if (!failed(e))
        e = box_seal(operator_key, text_bytes(text_literal(place)), plain, arena, out);
    secret_wipe(memory, w.len);
    return e;
}

/* A short text into an array of the state. */
static uint8_t read_label(struct reader *r, char *out, size_t len_max)
{
    struct text in = reader_text(r, len_max);
    if (in.len > 0)
        memcpy(out, in.data, in.len);
    return (uint8_t)in.len;
}

static void read_blob(struct reader *r, struct keeper_blob *out)
{
    struct bytes in = reader_block(r, KEEPER_CARD_MAX);
    out->len = (uint16_t)in.len;
    if (in.len > 0)
        memcpy(out->data, in.data, in.len);
}

static bool read_identity(struct reader *r, struct keeper_state *k)
{
    uint8_t version = reader_u8(r);
    k->realm_len = read_label(r, k->realm, CARD_REALM_MAX);
    k->member_len = read_label(r, k->member, CARD_MEMBER_MAX);
    k->generation = reader_u32(r);
    k->has_root = reader_u8(r) == 1;
    reader_copy(r, k->root_secret.bytes, SIGN_SECRET_LEN);
    reader_copy(r, k->root.bytes, SIGN_PUBLIC_LEN);
    reader_copy(r, k->node_secret.bytes, SIGN_SECRET_LEN);
    k->node = sign_public_of(&k->node_secret);
    k->node_until.ms = (int64_t)reader_u64(r);
    reader_copy(r, k->master.bytes, SECRET_LEN);
    read_blob(r, &k->root_card);
    read_blob(r, &k->node_card);
    read_blob(r, &k->root_x509);
    read_blob(r, &k->node_x509);
    return version == STATE_VERSION && k->generation > 0 &&
           label_valid((struct text){ k->realm, k->realm_len }, CARD_REALM_MAX) &&
           label_code_valid((struct text){ k->member, k->member_len }, CARD_MEMBER_MAX);
}

static bool read_lists(struct reader *r, struct keeper_state *k)
{
    k->log_count = reader_u32(r);
    if (k->log_count > KEEPER_LOGS_MAX)
        return false;
    for (uint32_t i = 0; i < k->log_count; i++) {
        struct keeper_log *log = &k->logs[i];
        log->name_len = read_label(r, log->name, ORIGIN_NAME_MAX);
        log->head.size = reader_u64(r);
        reader_copy(r, log->head.root.bytes, HASH_LEN);
        if (log->head.size > TREE_SIZE_MAX)
            return false;
    }
    k->month_key_count = reader_u32(r);
    if (k->month_key_count > KEEPER_MONTH_KEYS_MAX)
        return false;
    for (uint32_t i = 0; i < k->month_key_count; i++) {
        struct keeper_month_key *key = &k->month_keys[i];
        key->month = reader_u32(r);
        key->version = reader_u32(r);
        key->destroyed = reader_u8(r) == 1;
        key->class_len = read_label(r, key->class_name, VAULT_CLASS_MAX);
        reader_copy(r, key->key.bytes, SECRET_LEN);
    }
    return true;
}

static struct err read_state(struct bytes plain, struct keeper_state *out)
{
    struct reader r = reader_over(plain);
    bool sound = read_identity(&r, out) && read_lists(&r, out);
    if (!sound || failed(reader_end(&r)))
        return err_make(ERR_CORRUPT, "keeper.state");
    return err_none();
}

struct err keeper_load(struct bytes in, const struct secret_key *operator_key, struct arena *arena,
                       struct keeper_state *out)
{
    struct bytes plain;
    size_t mark = arena->used;
    struct keeper_state *made = ARENA_NEW(arena, struct keeper_state);
    if (made == NULL)
        return arena_check(arena);
    struct err e = box_open(operator_key, text_bytes(text_literal(place)), in, arena, &plain);
    if (!failed(e))
        e = read_state(plain, made);
    if (!failed(e))
        *out = *made;
    secret_wipe(arena->data + mark, arena->used - mark);
    return e;
}
