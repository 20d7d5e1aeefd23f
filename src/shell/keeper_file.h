/* Between the keeper's process and its file; nobody else includes it. */
#ifndef COMITY_SHELL_KEEPER_FILE_H
#define COMITY_SHELL_KEEPER_FILE_H

#include "seal/keeper.h"

enum { KEEPER_SALT_LEN = 16 };

struct keeper_file {
    const char *path;
    uint8_t salt[KEEPER_SALT_LEN];
    struct secret_key key;
};

/* Fills salt and key on the way. Errors as keeper_file_load. */
MUST_USE struct err keeper_file_open(struct keeper_file *file, struct text secret,
                                     struct arena *arena, struct keeper_state *out);
/* Durable when it returns. */
MUST_USE struct err keeper_file_save(const struct keeper_file *file,
                                     const struct keeper_state *state, struct arena *arena);

#endif
