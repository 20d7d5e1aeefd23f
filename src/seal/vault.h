/* Openings at rest (I6, I12): every opening is sealed under the data key of its month and
 * retention class, which only the keeper holds; destroying that key forgets the month
 * in every backup at once. The associated data fix the place, so that a sealed opening cannot
 * be moved to another journal number, month, class, generation or realm. */
#ifndef COMITY_SEAL_VAULT_H
#define COMITY_SEAL_VAULT_H

#include "core/time.h"
#include "seal/box.h"

enum {
    VAULT_CLASS_MAX = 32, /* bytes: lower-case letters, digits and '-' */
    VAULT_REALM_MAX = 32,
    VAULT_OVERHEAD = BOX_OVERHEAD,
    VAULT_WRAPPED_LEN = SECRET_LEN + BOX_OVERHEAD,
};

/* Which data key. A month that is wrapped anew after early erasures gets the next version. */
struct vault_month {
    struct text realm;
    uint32_t generation;
    uint32_t month;        /* 202611 */
    struct text retention; /* the class */
    uint32_t version;      /* from 1 */
};

/* The UTC month in which `at` lies, as yyyymm. */
uint32_t vault_month_of(struct instant at);

/* `opening` are the bytes of opening_format(). VAULT_OVERHEAD bytes longer. */
MUST_USE struct err vault_seal(const struct secret_key *data_key, const struct vault_month *month,
                               uint64_t journal, struct bytes opening, struct arena *arena,
                               struct bytes *out);
/* ERR_DENIED seal.wrong-key, ERR_CORRUPT seal.damaged (also when it lay at another place). */
MUST_USE struct err vault_open(const struct secret_key *data_key, const struct vault_month *month,
                               uint64_t journal, struct bytes sealed, struct arena *arena,
                               struct bytes *out);

/* A data key under a master key, for export. */
MUST_USE struct err vault_wrap(const struct secret_key *master, const struct vault_month *month,
                               const struct secret_key *data_key, struct arena *arena,
                               struct bytes *out);
MUST_USE struct err vault_unwrap(const struct secret_key *master, const struct vault_month *month,
                                 struct bytes wrapped, struct secret_key *out);

#endif
