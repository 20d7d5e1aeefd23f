/* Blobs as files blobs/ab/<64 hex>: written beside, synced, renamed, directory synced. A name is
 * therefore a whole blob or none. */
#include "store/sqlite_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LEN = 2 + 1 + 2 * HASH_LEN };

static struct err errno_error(int error)
{
    if (error == ENOSPC || error == EDQUOT)
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    if (error == ENOMEM || error == EMFILE || error == ENFILE)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    return err_make(ERR_IO, "store.io");
}

static struct err sync_directory(int parent_fd, const char *name)
{
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno_error(errno);
    int failed_sync = fsync(fd);
    close(fd);
    return failed_sync == 0 ? err_none() : err_make(ERR_IO, "store.fsync");
}

static const char digits[] = "0123456789abcdef";

static void name_format(const struct hash *name, char out[static NAME_LEN + 1])
{
    for (size_t i = 0; i < HASH_LEN; i++) {
        out[3 + 2 * i] = digits[name->bytes[i] >> 4];
        out[4 + 2 * i] = digits[name->bytes[i] & 15];
    }
    out[0] = out[3];
    out[1] = out[4];
    out[2] = '/';
    out[NAME_LEN] = 0;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool name_parse(const char *in, struct hash *out)
{
    if (strlen(in) != 2 * HASH_LEN)
        return false;
    struct hash name;
    for (size_t i = 0; i < HASH_LEN; i++) {
        int high = digit_of(in[2 * i]);
        int low = digit_of(in[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        name.bytes[i] = (uint8_t)(high << 4 | low);
    }
    *out = name;
    return true;
}

/* Left by a crash: files that never got their name. */
static void remove_temporary(int blobs_fd)
{
    int fd = openat(blobs_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return;
    }
    struct dirent *one = NULL;
    while ((one = readdir(dir)) != NULL) {
        if (strncmp(one->d_name, "new-", 4) == 0)
            (void)unlinkat(blobs_fd, one->d_name, 0);
    }
    closedir(dir);
}

struct err sqlite_blob_open(int directory_fd, int *blobs_fd_out)
{
    if (mkdirat(directory_fd, "blobs", 0700) != 0 && errno != EEXIST)
        return errno_error(errno);
    int fd = openat(directory_fd, "blobs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno_error(errno);
    if (fsync(directory_fd) != 0) {
        close(fd);
        return err_make(ERR_IO, "store.fsync");
    }
    remove_temporary(fd);
    *blobs_fd_out = fd;
    return err_none();
}

static struct err write_all(int fd, struct bytes in)
{
    size_t done = 0;
    while (done < in.len) {
        ssize_t count = write(fd, in.data + done, in.len - done);
        if (count < 0 && errno != EINTR)
            return errno_error(errno);
        if (count > 0)
            done += (size_t)count;
    }
    return fsync(fd) == 0 ? err_none() : err_make(ERR_IO, "store.fsync");
}

static struct err rename_synced(int blobs_fd, const char *temporary, const char *path)
{
    char sub[3] = { path[0], path[1], 0 };
    if (mkdirat(blobs_fd, sub, 0700) == 0) {
        if (fsync(blobs_fd) != 0)
            return err_make(ERR_IO, "store.fsync");
    } else if (errno != EEXIST) {
        return errno_error(errno);
    }
    if (renameat(blobs_fd, temporary, blobs_fd, path) != 0)
        return errno_error(errno);
    struct err e = sync_directory(blobs_fd, sub);
    if (failed(e))
        (void)unlinkat(blobs_fd, path, 0); /* not promised, so not there */
    return e;
}

struct err sqlite_blob_put(struct store *store, const struct hash *name, struct bytes blob)
{
    struct sqlite_store *q = (struct sqlite_store *)store;
    char path[NAME_LEN + 1];
    char temporary[32];
    name_format(name, path);
    snprintf(temporary, sizeof temporary, "new-%u", atomic_fetch_add(&q->blob_count, 1));
    int fd = openat(q->blobs_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno_error(errno);
    struct err e = write_all(fd, blob);
    if (close(fd) != 0 && !failed(e))
        e = errno_error(errno);
    if (!failed(e))
        e = rename_synced(q->blobs_fd, temporary, path);
    if (failed(e))
        (void)unlinkat(q->blobs_fd, temporary, 0);
    return e;
}

static struct err read_all(int fd, struct arena *arena, struct bytes *out)
{
    struct stat stat;
    if (fstat(fd, &stat) != 0)
        return errno_error(errno);
    if (stat.st_size < 0 || stat.st_size > STORE_VALUE_MAX)
        return err_make(ERR_CORRUPT, "store.blob-damaged");
    size_t len = (size_t)stat.st_size;
    uint8_t *data = arena_take(arena, len);
    if (data == NULL)
        return arena_check(arena);
    size_t done = 0;
    while (done < len) {
        ssize_t count = read(fd, data + done, len - done);
        if (count == 0)
            return err_make(ERR_CORRUPT, "store.blob-damaged");
        if (count < 0 && errno != EINTR)
            return errno_error(errno);
        if (count > 0)
            done += (size_t)count;
    }
    *out = bytes_of(data, len);
    return err_none();
}

struct err sqlite_blob_get(struct store *store, const struct hash *name, struct arena *arena,
                           struct bytes *out)
{
    struct sqlite_store *q = (struct sqlite_store *)store;
    char path[NAME_LEN + 1];
    name_format(name, path);
    int fd = openat(q->blobs_fd, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? err_make(ERR_NOT_FOUND, "store.no-blob") : errno_error(errno);
    struct err e = read_all(fd, arena, out);
    close(fd);
    return e;
}

struct err sqlite_blob_erase(struct store *store, const struct hash *name)
{
    struct sqlite_store *q = (struct sqlite_store *)store;
    char path[NAME_LEN + 1];
    name_format(name, path);
    if (unlinkat(q->blobs_fd, path, 0) != 0 && errno != ENOENT)
        return errno_error(errno);
    path[2] = 0;
    if (faccessat(q->blobs_fd, path, F_OK, 0) != 0)
        return err_none();
    return sync_directory(q->blobs_fd, path); /* also of an erasure that failed before */
}

static int order_names(const void *a, const void *b)
{
    return memcmp(a, b, HASH_LEN);
}

struct name_list {
    struct hash *names;
    size_t count;
    size_t room;
};

static bool list_add(struct name_list *list, const struct hash *name)
{
    if (list->count == list->room) {
        size_t room = list->room * 2 + 64;
        struct hash *names = realloc(list->names, room * sizeof *names);
        if (names == NULL)
            return false;
        list->names = names;
        list->room = room;
    }
    list->names[list->count++] = *name;
    return true;
}

/* All names of one of the 256 directories that stand above `after_opt`, sorted. */
static struct err list_directory(int blobs_fd, unsigned which, const struct hash *after_opt,
                                 struct name_list *list)
{
    const char sub[3] = { digits[which >> 4 & 15], digits[which & 15], 0 };
    int fd = openat(blobs_fd, sub, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? err_none() : errno_error(errno);
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        close(fd);
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    }
    struct err e = err_none();
    struct dirent *one = NULL;
    while (!failed(e) && (one = readdir(dir)) != NULL) {
        struct hash name;
        if (name_parse(one->d_name, &name) &&
            (after_opt == NULL || order_names(&name, after_opt) > 0) && !list_add(list, &name))
            e = err_make(ERR_UNAVAILABLE, "store.no-memory");
    }
    closedir(dir);
    if (!failed(e) && list->count > 1)
        qsort(list->names, list->count, sizeof *list->names, order_names);
    return e;
}

struct err sqlite_blob_names(struct store *store, const struct hash *after_opt, size_t limit,
                             struct hash *names, size_t *count_out)
{
    struct sqlite_store *q = (struct sqlite_store *)store;
    struct name_list list = { NULL, 0, 0 };
    struct err e = err_none();
    size_t count = 0;
    unsigned which = after_opt == NULL ? 0 : after_opt->bytes[0];
    for (; which < 256 && count < limit && !failed(e); which++) {
        list.count = 0;
        e = list_directory(q->blobs_fd, which, after_opt, &list);
        for (size_t i = 0; i < list.count && count < limit && !failed(e); i++)
            names[count++] = list.names[i];
    }
    free(list.names);
    if (!failed(e))
        *count_out = count;
    return e;
}
