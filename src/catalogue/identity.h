/* When two records are about the same person or object: catalogue/identity.txt. */
#ifndef COMITY_CATALOGUE_IDENTITY_H
#define COMITY_CATALOGUE_IDENTITY_H

#include "core/hash.h"
#include "core/json.h"

enum { IDENTITY_KEYS_MAX = 16 };

/* One key a way to be the same: equal keys are the same person or object. `twin` is a hash of what
 * must be equal as well; another one under the same key is a suspicion of a clone. */
struct identity_key {
    struct hash key;
    struct hash twin;
    bool twinned; /* all that `twin` is made of was stated */
};

struct identity {
    struct identity_key keys[IDENTITY_KEYS_MAX];
    size_t count;
};

/* Every key that the statements of `record` make, at most IDENTITY_KEYS_MAX; misused identities
 * make none. A whole record or a view, which record_parse or record_parse_view has let pass.
 * ERR_LIMIT arena.full. */
MUST_USE struct err identity_keys(const struct json *record, struct arena *arena,
                                  struct identity *out);

enum same { SAME_NO, SAME_YES, SAME_CLONE };
enum same identity_compare(const struct identity *a, const struct identity *b);

#endif
