/* The keeper's file: what the operator's secret opens. */
#include "shell/keeper.h"

#include <sodium.h>
#include <stdlib.h>

#include "core/reader.h"
#include "core/writer.h"
#include "shell/files.h"
#include "shell/keeper_file.h"
#include "shell/random.h"

#define KEEPER_MAGIC "comity/keeper/v1\n"

enum {
    MAGIC_LEN = sizeof(KEEPER_MAGIC) - 1,
    FILE_MAX = MAGIC_LEN + KEEPER_SALT_LEN + 2 * KEEPER_SAVED_MAX,
    SECRET_MEMORY = 64 << 20,
    SECRET_PASSES = 3,
    WORK_MEMORY = 8 << 20
};

_Static_assert((int)KEEPER_SALT_LEN == (int)crypto_pwhash_SALTBYTES, "Argon2id's salt");

static struct err derive(struct text secret, const uint8_t salt[static KEEPER_SALT_LEN],
                         struct secret_key *out)
{
    if (secret.len < KEEPER_SECRET_MIN || secret.len > KEEPER_SECRET_MAX)
        return err_make(ERR_INVALID, "keeper.weak-secret");
    struct secret_key key;
    if (crypto_pwhash(key.bytes, sizeof(key.bytes), secret.data, secret.len, salt, SECRET_PASSES,
                      SECRET_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_make(ERR_UNAVAILABLE, "keeper.no-memory");
    *out = key;
    secret_wipe(&key, sizeof(key));
    return err_none();
}

struct err keeper_file_save(const struct keeper_file *file, const struct keeper_state *state,
                            struct arena *arena)
{
    struct bytes sealed = { NULL, 0 };
    struct err e = keeper_save(state, &file->key, arena, &sealed);
    if (failed(e))
        return e;
    struct writer w = writer_in(arena);
    struct bytes whole = { NULL, 0 };
    writer_literal(&w, KEEPER_MAGIC);
    writer_put(&w, BYTES_OF(file->salt));
    writer_put(&w, sealed);
    e = writer_keep(&w, arena, &whole);
    return failed(e) ? e : files_write(file->path, whole, 0600);
}

static struct err create(const char *path, const struct keeper_birth *birth, struct text secret,
                         struct arena *arena)
{
    struct keeper_file file = { .path = path };
    struct keeper_state *state = ARENA_NEW(arena, struct keeper_state);
    if (!state)
        return arena_check(arena);
    random_bytes(file.salt, sizeof(file.salt));
    struct err e = derive(secret, file.salt, &file.key);
    if (!failed(e))
        e = keeper_create(birth, arena, state);
    if (!failed(e))
        e = keeper_file_save(&file, state, arena);
    secret_wipe(&file, sizeof(file));
    return e;
}

struct err keeper_file_create(const char *path, const struct keeper_birth *birth,
                              struct text secret)
{
    if (files_exists(path))
        return err_make(ERR_CONFLICT, "keeper.exists"); /* keys are never overwritten */
    uint8_t *memory = malloc(WORK_MEMORY);
    if (!memory)
        return err_make(ERR_UNAVAILABLE, "keeper.no-memory");
    struct arena arena = arena_over(memory, WORK_MEMORY);
    struct err e = create(path, birth, secret, &arena);
    secret_wipe(memory, WORK_MEMORY);
    free(memory);
    return e;
}

struct err keeper_file_open(struct keeper_file *file, struct text secret, struct arena *arena,
                            struct keeper_state *out)
{
    struct bytes in = { NULL, 0 };
    struct err e = files_check_private(file->path);
    if (!failed(e))
        e = files_read(file->path, FILE_MAX, arena, &in);
    if (failed(e))
        return e;
    struct reader r = reader_over(in);
    struct bytes magic = reader_take(&r, MAGIC_LEN);
    reader_copy(&r, file->salt, sizeof(file->salt));
    struct bytes sealed = reader_take(&r, reader_left(&r));
    if (failed(reader_end(&r)) || !bytes_equal(magic, text_bytes(TEXT(KEEPER_MAGIC))))
        return err_make(ERR_CORRUPT, "keeper.state");
    e = derive(secret, file->salt, &file->key);
    return failed(e) ? e : keeper_load(sealed, &file->key, arena, out);
}

struct err keeper_file_load(const char *path, struct text secret, struct arena *arena,
                            struct keeper_state *out, struct secret_key *key_out)
{
    struct keeper_file file = { .path = path };
    struct err e = keeper_file_open(&file, secret, arena, out);
    if (!failed(e))
        *key_out = file.key;
    secret_wipe(&file, sizeof(file));
    return e;
}
