/* Files whole: read with a limit, replaced atomically. Paths are C strings (rule 7). */
#ifndef COMITY_SHELL_FILES_H
#define COMITY_SHELL_FILES_H

#include <sys/types.h>

#include "core/arena.h"

enum { FILES_PATH_MAX = 4096 };

/* A regular file of at most `max` bytes into the arena, followed by a NUL that `out` does not
 * count. ERR_NOT_FOUND file.missing, ERR_DENIED file.no-permission, ERR_INVALID file.not-regular,
 * ERR_LIMIT file.too-big, ERR_IO file.unreadable. */
MUST_USE struct err files_read(const char *path, size_t max, struct arena *arena,
                               struct bytes *out);
/* Temporary file beside it, fsync, rename, fsync of the directory: after success the new bytes
 * are durable, after failure the old ones stand. ERR_UNAVAILABLE file.disk-full,
 * ERR_DENIED file.no-permission, ERR_IO file.unwritable. */
MUST_USE struct err files_write(const char *path, struct bytes in, mode_t mode);
/* Creates it and its parents; an existing directory is fine. ERR_INVALID file.not-directory. */
MUST_USE struct err files_make_dir(const char *path, mode_t mode);
/* ERR_NOT_FOUND when absent. */
MUST_USE struct err files_remove(const char *path);
bool files_exists(const char *path);
/* ERR_DENIED file.too-open when group or others may read or write it (private keys). */
MUST_USE struct err files_check_private(const char *path);
/* dir + "/" + name, NUL-terminated in the arena; NULL when full or above FILES_PATH_MAX. */
const char *files_join(struct arena *arena, const char *dir, const char *name);
/* Free share of the file system in 1/1000 (what an unprivileged writer may still use) and bytes. */
struct files_space {
    uint32_t free_permille;
    uint64_t free_bytes;
};
MUST_USE struct err files_space(const char *path, struct files_space *out);
/* Exclusive lock on `path` (created), held until files_unlock or the end of the process: one node
 * a directory. ERR_CONFLICT file.locked. */
MUST_USE struct err files_lock(const char *path, int *fd_out);
void files_unlock(int fd);

#endif
