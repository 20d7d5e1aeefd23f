#include "seal/vault.h"

#include <assert.h>

#include "core/writer.h"

/* Bytes of the associated data: two texts, five numbers, a prefix. */
enum { PLACE_MAX = 160 };

uint32_t vault_month_of(struct instant at)
{
    struct date date = date_of_instant(at);
    return (uint32_t)date.year * 100 + date.month;
}

static struct writer write_month(uint8_t *memory, const char *prefix,
                                 const struct vault_month *month)
{
    struct writer w = writer_over(memory, PLACE_MAX);
    assert(month->realm.len <= VAULT_REALM_MAX && month->retention.len <= VAULT_CLASS_MAX);
    writer_literal(&w, prefix);
    writer_block(&w, text_bytes(month->realm));
    writer_u32(&w, month->generation);
    writer_u32(&w, month->month);
    writer_block(&w, text_bytes(month->retention));
    writer_u32(&w, month->version);
    return w;
}

static struct bytes vault_place(uint8_t *memory, const struct vault_month *month, uint64_t journal)
{
    struct writer w = write_month(memory, "comity/vault/v1\n", month);
    writer_u64(&w, journal);
    assert(!w.full);
    return bytes_of(memory, w.len);
}

struct err vault_seal(const struct secret_key *data_key, const struct vault_month *month,
                      uint64_t journal, struct bytes opening, struct arena *arena,
                      struct bytes *out)
{
    uint8_t place[PLACE_MAX];
    return box_seal(data_key, vault_place(place, month, journal), opening, arena, out);
}

struct err vault_open(const struct secret_key *data_key, const struct vault_month *month,
                      uint64_t journal, struct bytes sealed, struct arena *arena, struct bytes *out)
{
    uint8_t place[PLACE_MAX];
    return box_open(data_key, vault_place(place, month, journal), sealed, arena, out);
}

static struct bytes wrap_place(uint8_t *memory, const struct vault_month *month)
{
    struct writer w = write_month(memory, "comity/wrap/v1\n", month);
    assert(!w.full);
    return bytes_of(memory, w.len);
}

struct err vault_wrap(const struct secret_key *master, const struct vault_month *month,
                      const struct secret_key *data_key, struct arena *arena, struct bytes *out)
{
    uint8_t place[PLACE_MAX];
    return box_seal(master, wrap_place(place, month), BYTES_OF(data_key->bytes), arena, out);
}

struct err vault_unwrap(const struct secret_key *master, const struct vault_month *month,
                        struct bytes wrapped, struct secret_key *out)
{
    uint8_t place[PLACE_MAX];
    _Alignas(max_align_t) uint8_t memory[2 * SECRET_LEN];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes plain;
    if (wrapped.len != VAULT_WRAPPED_LEN)
        return err_make(ERR_CORRUPT, "seal.damaged");
    struct err e = box_open(master, wrap_place(place, month), wrapped, &arena, &plain);
    if (!failed(e))
        memcpy(out->bytes, plain.data, SECRET_LEN);
    secret_wipe(memory, sizeof(memory));
    return e;
}
