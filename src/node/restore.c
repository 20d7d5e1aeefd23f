#include "node/restore.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clerk/clerk.h"
#include "node/keeping.h"
#include "seal/vault.h"
#include "shell/files.h"
#include "store/backup.h"
#include "store/sqlite.h"

enum { MONTHS_STEP = 1024 };
#define REPLAY_ARENA ((size_t)256 << 20)

/* Everything that is open; closed together. */
struct restore {
    struct home home;
    struct keeper *keeper;
    struct store *store;
    struct clerk *clerk;
    void *memory;
    struct arena arena;
};

static bool from_file(void *context, uint8_t *out, size_t size, size_t *len_out)
{
    const int *fd = context;
    ssize_t len = read(*fd, out, size);
    *len_out = len < 0 ? 0 : (size_t)len;
    return len >= 0;
}

static struct err open_file(const char *path, int *fd_out)
{
    *fd_out = open(path, O_RDONLY | O_CLOEXEC);
    return *fd_out < 0 ? err_make(ERR_NOT_FOUND, "file.missing") : err_none();
}

/* Read to its end and checked before the store is touched; the label must be our realm. */
static struct err check_file(const struct restore *r, const char *path, struct arena *arena)
{
    struct backup_head head;
    struct backup_account account;
    int fd = -1;
    struct err e = open_file(path, &fd);
    if (failed(e))
        return e;
    e = backup_verify((struct backup_source){ from_file, &fd }, arena, &head, &account);
    (void)close(fd);
    if (!failed(e) && !text_equal(head.label, home_realm(&r->home)))
        e = err_make(ERR_INVALID, "backup.other-realm");
    return e;
}

static struct err read_journal(struct restore *r, const char *path, struct backup_account *out)
{
    int fd = -1;
    struct err e = open_file(path, &fd);
    if (failed(e))
        return e;
    e = backup_restore((struct backup_source){ from_file, &fd }, r->store, out);
    (void)close(fd);
    return e;
}

static struct err apply_erasures(struct restore *r, const char *path, struct backup_account *out)
{
    int fd = -1;
    struct err e = open_file(path, &fd);
    if (failed(e))
        return e;
    e = backup_apply_erasures((struct backup_source){ from_file, &fd }, r->store, out);
    (void)close(fd);
    return e;
}

/* The data key of each month and class that an opening still needs. */
static struct err give_month(struct restore *r, const struct journal_entry *entry)
{
    struct clerk_month month = { entry->month, entry->class_ };
    struct secret_key key;
    struct text retention = text_literal(retention_name((enum retention)entry->class_));
    struct err e = keeping_month(r->keeper, entry->month, retention, &key);
    if (!failed(e))
        e = clerk_key_give(r->clerk, month, &key);
    secret_wipe(&key, sizeof(key));
    return e;
}

static struct err give_months(struct restore *r)
{
    uint32_t month = 0;
    uint32_t classes = 0; /* bits, of that month */
    uint64_t next = 1;
    for (;;) {
        struct journal_entries entries;
        arena_reset(&r->arena);
        struct err e = store_journal_read(store_view(r->store), next, MONTHS_STEP, &r->arena,
                                          &entries);
        if (failed(e) || entries.count == 0)
            return e;
        for (size_t i = 0; i < entries.count; i++) {
            const struct journal_entry *entry = &entries.entries[i];
            if (entry->month != month)
                classes = 0;
            month = entry->month;
            if (entry->sealed.len == 0 || entry->class_ >= RETENTIONS ||
                (classes >> entry->class_ & 1) != 0)
                continue;
            e = give_month(r, entry);
            if (failed(e))
                return e;
            classes |= 1u << entry->class_;
        }
        next += entries.count;
    }
}

static struct err rebuild(struct restore *r)
{
    struct clerk_config config = { .realm = home_realm(&r->home),
                                   .member = member_code_text(&r->home.member),
                                   .generation = r->home.generation,
                                   .ceiling = CLASSIFICATION_TOP_SECRET };
    memcpy(config.root_key, r->home.root, sizeof(config.root_key));
    struct err e = clerk_open(&config, r->store, &r->clerk);
    if (!failed(e))
        e = give_months(r);
    arena_reset(&r->arena);
    if (!failed(e))
        e = clerk_rebuild(r->clerk, &r->arena);
    return e;
}

static struct err open_all(struct restore *r, const struct node_restore *what)
{
    char path[HOME_PATH_MAX + 64];
    struct store_sqlite_options options = { .create = true };
    struct err e = home_read(what->dir, &r->home);
    if (!failed(e))
        e = check_file(r, what->backup, &r->arena);
    if (!failed(e) && what->erasures != NULL)
        e = check_file(r, what->erasures, &r->arena);
    if (!failed(e))
        e = keeping_start(&r->home, what->passphrase, &r->keeper);
    home_path(&r->home, "store", path);
    if (!failed(e))
        e = files_make_dir(path, 0700);
    if (!failed(e))
        e = store_sqlite_open(text_literal(path), &options, &r->store);
    return e;
}

static void close_all(struct restore *r)
{
    clerk_close(r->clerk);
    if (r->store != NULL)
        store_close(r->store);
    if (r->keeper != NULL)
        keeper_stop(r->keeper);
    free(r->memory);
}

struct err node_restore(const struct node_restore *what, struct arena *arena, struct json *out)
{
    struct restore r = { .memory = malloc(REPLAY_ARENA) };
    struct backup_account read = { .entries = 0 };
    struct backup_account erased = { .entries = 0 };
    r.arena = arena_over(r.memory, r.memory == NULL ? 0 : REPLAY_ARENA);
    struct err e = open_all(&r, what);
    if (!failed(e))
        e = read_journal(&r, what->backup, &read);
    if (!failed(e) && what->erasures != NULL)
        e = apply_erasures(&r, what->erasures, &erased);
    if (!failed(e))
        e = rebuild(&r);
    if (!failed(e))
        e = backup_finish(r.store);
    close_all(&r);
    if (failed(e))
        return e;
    *out = json_object();
    json_set_integer(arena, out, "entries", (int64_t)read.entries);
    json_set_integer(arena, out, "erased",
                     (int64_t)(what->erasures != NULL ? erased.hollow : read.hollow));
    json_set_integer(arena, out, "blobs", (int64_t)read.blobs);
    return arena_check(arena);
}
