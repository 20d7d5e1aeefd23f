#include "shell/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static struct err files_error(int number, const char *otherwise)
{
    if (number == ENOENT)
        return err_make(ERR_NOT_FOUND, "file.missing");
    if (number == ENOTDIR)
        return err_make(ERR_INVALID, "file.not-directory");
    if (number == EACCES || number == EPERM || number == EROFS)
        return err_make(ERR_DENIED, "file.no-permission");
    if (number == ENOSPC || number == EDQUOT)
        return err_make(ERR_UNAVAILABLE, "file.disk-full");
    return err_make(ERR_IO, otherwise);
}

/* Reads until `size` bytes or the end; short only at the end of the file. */
static ssize_t read_fully(int fd, uint8_t *to, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(fd, to + have, size - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}

static struct err read_open_file(int fd, size_t max, struct arena *arena, struct bytes *out)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return files_error(errno, "file.unreadable");
    if (!S_ISREG(info.st_mode))
        return err_make(ERR_INVALID, "file.not-regular");
    if (info.st_size < 0 || (uint64_t)info.st_size > max)
        return err_make(ERR_LIMIT, "file.too-big");
    size_t size = (size_t)info.st_size;
    size_t mark = arena->used;
    uint8_t *data = arena_take(arena, size + 1);
    if (!data)
        return err_make(ERR_LIMIT, "arena.full");
    ssize_t have = read_fully(fd, data, size);
    if (have < 0) {
        arena_rewind(arena, mark);
        return files_error(errno, "file.unreadable");
    }
    *out = bytes_of(data, (size_t)have);
    return err_none();
}

struct err files_read(const char *path, size_t max, struct arena *arena, struct bytes *out)
{
    /* Not blocking: a FIFO in the place of a file must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return files_error(errno, "file.unreadable");
    struct err e = read_open_file(fd, max, arena, out);
    close(fd);
    return e;
}

static bool write_fully(int fd, struct bytes in)
{
    size_t done = 0;
    while (done < in.len) {
        ssize_t n = write(fd, in.data + done, in.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static struct err write_temporary(const char *path, struct bytes in, mode_t mode)
{
    /* Left over from a crash: nobody else writes it, the directory is one node's. */
    if (unlink(path) != 0 && errno != ENOENT)
        return files_error(errno, "file.unwritable");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return files_error(errno, "file.unwritable");
    bool good = fchmod(fd, mode) == 0 && write_fully(fd, in) && fsync(fd) == 0;
    int number = errno;
    good = close(fd) == 0 && good;
    if (good)
        return err_none();
    unlink(path);
    return files_error(number, "file.unwritable");
}

static bool path_print(char out[static FILES_PATH_MAX], const char *path, const char *suffix)
{
    int len = snprintf(out, FILES_PATH_MAX, "%s%s", path, suffix);
    return len >= 0 && len < FILES_PATH_MAX;
}

/* A rename is durable only when its directory is. */
static struct err sync_parent(const char *path)
{
    char parent[FILES_PATH_MAX];
    if (!path_print(parent, path, ""))
        return err_make(ERR_INVALID, "file.path-too-long");
    char *slash = strrchr(parent, '/');
    if (slash)
        slash[slash == parent ? 1 : 0] = '\0';
    int fd = open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return files_error(errno, "file.unwritable");
    int bad = fsync(fd);
    int number = errno;
    close(fd);
    return bad ? files_error(number, "file.unwritable") : err_none();
}

struct err files_write(const char *path, struct bytes in, mode_t mode)
{
    char temporary[FILES_PATH_MAX];
    if (!path_print(temporary, path, ".tmp"))
        return err_make(ERR_INVALID, "file.path-too-long");
    struct err e = write_temporary(temporary, in, mode);
    if (failed(e))
        return e;
    if (rename(temporary, path) != 0) {
        e = files_error(errno, "file.unwritable");
        unlink(temporary);
        return e;
    }
    return sync_parent(path);
}

static struct err make_one_dir(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0)
        return err_none();
    int number = errno;
    struct stat info;
    if (number != EEXIST || stat(path, &info) != 0)
        return files_error(number, "file.unwritable");
    return S_ISDIR(info.st_mode) ? err_none() : err_make(ERR_INVALID, "file.not-directory");
}

struct err files_make_dir(const char *path, mode_t mode)
{
    char part[FILES_PATH_MAX];
    if (!path_print(part, path, ""))
        return err_make(ERR_INVALID, "file.path-too-long");
    for (char *slash = strchr(part + (part[0] != '\0'), '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        struct err e = make_one_dir(part, mode);
        if (failed(e))
            return e;
        *slash = '/';
    }
    return make_one_dir(part, mode);
}

struct err files_remove(const char *path)
{
    if (unlink(path) != 0)
        return files_error(errno, "file.unwritable");
    return err_none();
}

bool files_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

struct err files_check_private(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return files_error(errno, "file.unreadable");
    if (!S_ISREG(info.st_mode))
        return err_make(ERR_INVALID, "file.not-regular");
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return err_make(ERR_DENIED, "file.too-open");
    return err_none();
}

const char *files_join(struct arena *arena, const char *dir, const char *name)
{
    size_t size = strlen(dir) + strlen(name) + 2;
    char *out = size <= FILES_PATH_MAX ? arena_take(arena, size) : NULL;
    if (out)
        snprintf(out, size, "%s/%s", dir, name);
    return out;
}

struct err files_space(const char *path, struct files_space *out)
{
    struct statvfs info;
    if (statvfs(path, &info) != 0)
        return files_error(errno, "file.unreadable");
    uint64_t blocks = info.f_blocks > 0 ? info.f_blocks : 1;
    *out = (struct files_space){
        .free_permille = (uint32_t)((uint64_t)info.f_bavail * 1000 / blocks),
        .free_bytes = (uint64_t)info.f_bavail * info.f_frsize,
    };
    return err_none();
}

struct err files_lock(const char *path, int *fd_out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return files_error(errno, "file.unwritable");
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool held = errno == EWOULDBLOCK;
        close(fd);
        return held ? err_make(ERR_CONFLICT, "file.locked") : err_make(ERR_IO, "file.unwritable");
    }
    *fd_out = fd;
    return err_none();
}

void files_unlock(int fd)
{
    close(fd);
}
