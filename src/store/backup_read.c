/* Reading backups. Every chunk is proved by its digest before anything of it is used.
 *
 * B1 numbers are 1, 2, 3… in a journal and ascend in a list of erasures.
 * B2 a store into which a restore was begun never serves by accident: TABLE_META says so from
 *    the first commit to backup_finish. */
#include "store/backup_format.h"

#include <assert.h>
#include <stdlib.h>

#include "core/reader.h"
#include "core/writer.h"

enum { BATCH_ENTRIES = 1024, BATCH_BYTES = 8 * 1024 * 1024 };

struct input {
    struct backup_source source;
    struct store *store_opt; /* NULL: verify alone */
    struct hash digest;
    enum backup_kind kind;
    struct backup_head head; /* its label borrows from the chunk */
    struct backup_account account;
    uint8_t *memory;
    size_t size;
    uint32_t chunks;
    uint64_t last; /* number read last */
    size_t batch;  /* entries and bytes in the open transaction */
    size_t batch_bytes;
    bool blobs_begun;
};

struct chunk {
    uint8_t type;
    struct bytes payload;
};

static struct err damaged(const struct input *in)
{
    return err_at(ERR_CORRUPT, in->chunks, "backup.damaged");
}

static struct err take(struct input *in, uint8_t *out, size_t len)
{
    size_t done = 0;
    while (done < len) {
        size_t got = 0;
        if (!in->source.read(in->source.context, out + done, len - done, &got))
            return err_at(ERR_IO, in->chunks, "backup.read-failed");
        assert(got <= len - done);
        if (got == 0)
            return err_at(ERR_CORRUPT, in->chunks, "backup.cut-short");
        done += got;
    }
    in->account.bytes += len;
    return err_none();
}

/* In steps, so that a false length does not take memory that the file could not fill. */
static struct err take_payload(struct input *in, size_t len)
{
    for (size_t done = 0; done < len;) {
        size_t step = len - done < BACKUP_CHUNK ? len - done : BACKUP_CHUNK;
        if (in->size < done + step) {
            size_t size = 2 * done + step;
            uint8_t *memory = realloc(in->memory, size);
            if (memory == NULL)
                return err_make(ERR_UNAVAILABLE, "store.no-memory");
            in->memory = memory;
            in->size = size;
        }
        struct err e = take(in, in->memory + done, step);
        if (failed(e))
            return e;
        done += step;
    }
    return err_none();
}

static struct err chunk_read(struct input *in, struct chunk *out)
{
    uint8_t memory[5 + HASH_LEN];
    struct err e = take(in, memory, 5);
    if (failed(e))
        return e;
    struct reader r = reader_over(bytes_of(memory, 5));
    uint8_t type = reader_u8(&r);
    uint32_t len = reader_u32(&r);
    if (len > BACKUP_CHUNK_MAX)
        return err_at(ERR_LIMIT, in->chunks, "backup.chunk-too-long");
    e = take_payload(in, len);
    if (!failed(e))
        e = take(in, memory + 5, HASH_LEN);
    if (failed(e))
        return e;
    struct bytes payload = bytes_of(in->memory, len);
    struct hash digest = backup_digest(&in->digest, type, payload);
    if (memcmp(digest.bytes, memory + 5, HASH_LEN) != 0)
        return damaged(in);
    in->digest = digest;
    *out = (struct chunk){ type, payload };
    return err_none();
}

static struct err head_read(struct input *in, struct arena *arena_opt)
{
    uint8_t memory[BACKUP_FILE_HEAD];
    struct err e = take(in, memory, sizeof memory);
    if (failed(e) || memcmp(memory, backup_magic, sizeof backup_magic) != 0)
        return e.code == ERR_IO ? e : err_make(ERR_INVALID, "backup.not-a-backup");
    struct reader r = reader_over(bytes_of(memory + 8, sizeof memory - 8));
    if (reader_u16(&r) != BACKUP_VERSION)
        return err_make(ERR_INVALID, "backup.newer-version");
    uint8_t kind = reader_u8(&r);
    if ((kind != BACKUP_JOURNAL && kind != BACKUP_ERASURES) || reader_u8(&r) != 0)
        return err_make(ERR_INVALID, "backup.not-a-backup");
    in->kind = (enum backup_kind)kind;
    in->digest = hash_of(BYTES_OF(memory));
    struct chunk chunk = { 0, { NULL, 0 } };
    e = chunk_read(in, &chunk);
    if (failed(e))
        return e;
    r = reader_over(chunk.payload);
    in->head.at.ms = (int64_t)reader_u64(&r);
    in->head.label = reader_text(&r, BACKUP_LABEL_MAX);
    if (chunk.type != CHUNK_HEAD || failed(reader_end(&r)))
        return damaged(in);
    in->chunks++;
    if (arena_opt == NULL)
        return err_none();
    in->head.label = arena_copy_text(arena_opt, in->head.label);
    return arena_check(arena_opt);
}

/* -- What is done with entries and blobs --------------------------------------------------- */

static struct err batch_begin(struct input *in)
{
    if (in->batch > 0)
        return err_none();
    return store_begin(in->store_opt);
}

static struct err batch_end(struct input *in, bool all)
{
    if (in->batch == 0 || (!all && in->batch < BATCH_ENTRIES && in->batch_bytes < BATCH_BYTES))
        return err_none();
    in->batch = 0;
    in->batch_bytes = 0;
    return store_commit(in->store_opt);
}

static struct err use_entry(struct input *in, const struct journal_entry *entry)
{
    in->account.entries++;
    in->account.hollow += entry->sealed.len == 0 ? 1 : 0;
    if (in->store_opt == NULL)
        return err_none();
    struct err e = batch_begin(in);
    if (failed(e))
        return e;
    in->batch++;
    in->batch_bytes += entry->sealed.len;
    e = store_append(in->store_opt, entry);
    if (e.code == ERR_CONFLICT) /* two entries at one leaf */
        return damaged(in);
    return failed(e) ? e : batch_end(in, false);
}

static struct err use_erased(struct input *in, uint64_t number, const struct hash *entry)
{
    uint8_t memory[2048];
    uint64_t last = 0;
    in->account.entries++;
    if (in->store_opt == NULL) {
        in->account.hollow++;
        return err_none();
    }
    struct err e = store_journal_last(store_view(in->store_opt), &last);
    if (failed(e) || number > last)
        return e;
    e = batch_begin(in);
    if (failed(e))
        return e;
    in->batch++;
    e = store_erase(in->store_opt, number);
    if (failed(e))
        return e;
    struct arena arena = arena_over(memory, sizeof memory); /* hollow now: it fits */
    struct journal_entry found;
    e = store_journal_get(store_view(in->store_opt), number, &arena, &found);
    if (failed(e))
        return e;
    if (!hash_equal(&found.entry, entry))
        return err_at(ERR_CONFLICT, in->chunks, "backup.other-journal");
    in->account.hollow++;
    return batch_end(in, false);
}

static struct err use_blob(struct input *in, struct bytes blob)
{
    struct hash name;
    if (blob.len > STORE_VALUE_MAX)
        return damaged(in);
    in->account.blobs++;
    in->blobs_begun = true;
    return in->store_opt == NULL ? err_none() : store_blob_put(in->store_opt, blob, &name);
}

/* -- Chunks -------------------------------------------------------------------------------- */

static struct err entries_read(struct input *in, struct bytes payload)
{
    struct reader r = reader_over(payload);
    struct err e = err_none();
    while (reader_left(&r) > 0 && !failed(e)) {
        struct journal_entry entry = { .number = reader_u64(&r) };
        entry.log = reader_u16(&r);
        entry.leaf = reader_u64(&r);
        entry.class_ = reader_u8(&r);
        entry.month = reader_u32(&r);
        reader_copy(&r, entry.entry.bytes, HASH_LEN);
        entry.sealed = reader_block(&r, STORE_VALUE_MAX);
        if (failed(r.err) || entry.number != in->last + 1 || entry.leaf > STORE_INDEX_MAX)
            return damaged(in); /* B1 */
        in->last = entry.number;
        e = use_entry(in, &entry);
    }
    return e;
}

static struct err erased_read(struct input *in, struct bytes payload)
{
    struct reader r = reader_over(payload);
    struct err e = err_none();
    while (reader_left(&r) > 0 && !failed(e)) {
        struct hash entry;
        uint64_t number = reader_u64(&r);
        reader_copy(&r, entry.bytes, HASH_LEN);
        if (failed(r.err) || number <= in->last)
            return damaged(in); /* B1 */
        in->last = number;
        e = use_erased(in, number, &entry);
    }
    return e;
}

static struct err end_read(struct input *in, struct bytes payload)
{
    uint8_t more = 0;
    size_t got = 0;
    struct reader r = reader_over(payload);
    uint64_t entries = reader_u64(&r);
    uint64_t blobs = reader_u64(&r);
    if (failed(reader_end(&r)) || entries != in->account.entries || blobs != in->account.blobs)
        return damaged(in);
    if (!in->source.read(in->source.context, &more, 1, &got))
        return err_at(ERR_IO, in->chunks, "backup.read-failed");
    return got == 0 ? err_none() : err_at(ERR_CORRUPT, in->chunks, "backup.trailing");
}

/* All chunks behind the head, to the end of the file. */
static struct err chunks_read(struct input *in)
{
    for (;;) {
        struct chunk chunk = { 0, { NULL, 0 } };
        struct err e = chunk_read(in, &chunk);
        if (failed(e))
            return e;
        bool journal = in->kind == BACKUP_JOURNAL;
        if (chunk.type == CHUNK_END)
            return end_read(in, chunk.payload);
        if (chunk.type == CHUNK_ENTRIES && journal && !in->blobs_begun)
            e = entries_read(in, chunk.payload);
        else if (chunk.type == CHUNK_BLOB && journal)
            e = use_blob(in, chunk.payload);
        else if (chunk.type == CHUNK_ERASED && !journal)
            e = erased_read(in, chunk.payload);
        else
            e = damaged(in);
        if (failed(e))
            return e;
        in->chunks++;
    }
}

struct err backup_verify(struct backup_source source, struct arena *arena,
                         struct backup_head *head_out, struct backup_account *out)
{
    struct input in = { .source = source };
    struct err e = head_read(&in, arena);
    if (!failed(e))
        e = chunks_read(&in);
    free(in.memory);
    if (!failed(e)) {
        *head_out = in.head;
        *out = in.account;
    }
    return e;
}

/* -- Restoring ----------------------------------------------------------------------------- */

static const char state_key[] = "restore";

static struct bytes key_of_state(void)
{
    return bytes_of(state_key, sizeof state_key - 1);
}

static struct err state_put(struct store *store, enum backup_state state)
{
    uint8_t value = (uint8_t)state;
    struct err e = store_begin(store);
    if (failed(e))
        return e;
    e = state == BACKUP_NONE ? store_delete(store, TABLE_META, key_of_state())
                             : store_put(store, TABLE_META, key_of_state(), bytes_of(&value, 1));
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    return store_commit(store);
}

struct err backup_state(struct store_view *view, enum backup_state *out)
{
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof memory);
    struct bytes value = { NULL, 0 };
    struct err e = store_get(view, TABLE_META, key_of_state(), &arena, &value);
    if (e.code == ERR_NOT_FOUND) {
        *out = BACKUP_NONE;
        return err_none();
    }
    if (failed(e))
        return e;
    bool due = value.len == 1 && value.data[0] == BACKUP_ERASURES_DUE;
    *out = due ? BACKUP_ERASURES_DUE : BACKUP_INCOMPLETE; /* doubt is no leave to serve */
    return err_none();
}

/* Reads the rest and commits it, or rolls back the batch that failed. */
static struct err restore_rest(struct input *in)
{
    struct err e = chunks_read(in);
    if (!failed(e))
        e = batch_end(in, true);
    if (failed(e))
        store_rollback(in->store_opt);
    return e;
}

struct err backup_restore(struct backup_source source, struct store *store,
                          struct backup_account *out)
{
    uint64_t last = 0;
    struct err e = store_journal_last(store_view(store), &last);
    if (failed(e))
        return e;
    if (last > 0)
        return err_make(ERR_CONFLICT, "backup.store-not-empty");
    struct input in = { .source = source, .store_opt = store };
    e = head_read(&in, NULL);
    if (!failed(e) && in.kind != BACKUP_JOURNAL)
        e = err_make(ERR_INVALID, "backup.wrong-kind");
    if (!failed(e))
        e = state_put(store, BACKUP_INCOMPLETE); /* B2 */
    if (!failed(e))
        e = restore_rest(&in);
    if (!failed(e))
        e = state_put(store, BACKUP_ERASURES_DUE);
    free(in.memory);
    if (!failed(e))
        *out = in.account;
    return e;
}

struct err backup_apply_erasures(struct backup_source source, struct store *store,
                                 struct backup_account *out)
{
    struct input in = { .source = source, .store_opt = store };
    struct err e = head_read(&in, NULL);
    if (!failed(e) && in.kind != BACKUP_ERASURES)
        e = err_make(ERR_INVALID, "backup.wrong-kind");
    if (!failed(e))
        e = restore_rest(&in);
    free(in.memory);
    if (!failed(e))
        *out = in.account;
    return e;
}

struct err backup_finish(struct store *store)
{
    enum backup_state state = BACKUP_NONE;
    struct err e = backup_state(store_view(store), &state);
    if (failed(e))
        return e;
    if (state != BACKUP_ERASURES_DUE)
        return err_make(ERR_CONFLICT, "backup.not-restored");
    return state_put(store, BACKUP_NONE);
}
