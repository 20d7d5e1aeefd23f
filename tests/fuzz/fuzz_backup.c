/* A backup from anywhere: verified and restored, never a crash; both give the same verdict unless
 * the store itself objects; what was restored backs up to a file that verifies. The first byte
 * says whether the rest is a file as it stands or chunks {type, length u16, payload} to which the
 * digests are made here, because chance does not find a SHA-256. */
#include <assert.h>
#include <stdlib.h>

#include "core/reader.h"
#include "store/backup_format.h"
#include "store/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MAX = 1024 * 1024 };

struct file {
    uint8_t *data;
    size_t len;
    size_t at;
};

static bool file_write(void *context, struct bytes part)
{
    struct file *f = context;
    if (part.len > FILE_MAX - f->len)
        return false;
    memcpy(f->data + f->len, part.data, part.len);
    f->len += part.len;
    return true;
}

static bool file_read(void *context, uint8_t *out, size_t size, size_t *len_out)
{
    struct file *f = context;
    size_t len = f->len - f->at < size ? f->len - f->at : size;
    if (len > 0)
        memcpy(out, f->data + f->at, len);
    f->at += len;
    *len_out = len;
    return true;
}

static void compose(struct file *f, struct bytes in, uint8_t kind)
{
    uint8_t head[BACKUP_FILE_HEAD] = { 'C', 'O', 'M', 'I', 'T', 'Y', 'B', 'K', 0, 1, kind, 0 };
    struct hash digest = hash_of(BYTES_OF(head));
    bool room = file_write(f, BYTES_OF(head));
    struct reader r = reader_over(in);
    while (room && reader_left(&r) > 3) {
        uint8_t type = reader_u8(&r);
        size_t len = reader_u16(&r);
        struct bytes payload = reader_take(&r, len < reader_left(&r) ? len : reader_left(&r));
        uint8_t before[5] = { type, 0, 0, (uint8_t)(payload.len >> 8), (uint8_t)payload.len };
        digest = backup_digest(&digest, type, payload);
        room = file_write(f, BYTES_OF(before)) && (payload.len == 0 || file_write(f, payload)) &&
               file_write(f, BYTES_OF(digest.bytes));
    }
}

static struct store *store_make(void)
{
    struct store_memory_plan plan = { .seed = 1 };
    struct store *store = NULL;
    if (failed(store_memory_open(&plan, &store)))
        abort();
    return store;
}

static void restore(struct file *f, bool verified)
{
    struct backup_source source = { file_read, f };
    struct backup_account account;
    enum backup_state state = BACKUP_NONE;
    struct store *store = store_make();
    f->at = 0;
    struct err e = backup_restore(source, store, &account);
    assert(verified || failed(e));
    if (failed(backup_state(store_view(store), &state)))
        abort();
    assert(failed(e) == (state != BACKUP_ERASURES_DUE));
    f->at = 0;
    struct err applied = backup_apply_erasures(source, store, &account);
    assert(verified || failed(applied));
    if (!failed(e)) { /* what was read can be written, and read again */
        uint8_t memory[BACKUP_LABEL_MAX + 64];
        struct arena arena = arena_over(memory, sizeof memory);
        struct backup_head head = { { 0 }, { NULL, 0 } };
        f->len = 0;
        f->at = 0;
        if (!failed(backup_write(store, &head, (struct store_sink){ file_write, f }, &account))) {
            e = backup_verify(source, &arena, &head, &account);
            assert(!failed(e));
        }
    }
    store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t block[FILE_MAX];
    uint8_t memory[BACKUP_LABEL_MAX + 64];
    struct file f = { block, 0, 0 };
    struct arena arena = arena_over(memory, sizeof memory);
    struct backup_head head = { { 0 }, { NULL, 0 } };
    struct backup_account account;
    if (size == 0 || size > FILE_MAX / 4)
        return 0;
    if (data[0] == 0)
        (void)file_write(&f, bytes_of(data + 1, size - 1));
    else
        compose(&f, bytes_of(data + 1, size - 1), data[0]);
    struct err e = backup_verify((struct backup_source){ file_read, &f }, &arena, &head, &account);
    restore(&f, !failed(e));
    return 0;
}
