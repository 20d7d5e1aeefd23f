#include "node/index_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/files.h"

enum { NAMES_MAX = 4096 };
#define ROOM_IN_MEMORY ((size_t)64 << 20) /* above it a file without a name stands behind */

struct index_files {
    struct depot depot;
    char dir[FILES_PATH_MAX];
};

static struct err path_of(const struct depot *depot, const char *name,
                          char out[static FILES_PATH_MAX])
{
    const struct index_files *files = (const struct index_files *)depot;
    int len = snprintf(out, FILES_PATH_MAX, "%s/%s", files->dir, name);
    return len < 0 || len >= FILES_PATH_MAX ? err_make(ERR_INVALID, "file.path-too-long")
                                            : err_none();
}

static struct err write_file(struct depot *depot, const char *name, struct bytes in)
{
    char path[FILES_PATH_MAX];
    struct err e = path_of(depot, name, path);
    return failed(e) ? e : files_write(path, in, 0600);
}

static struct err map_file(struct depot *depot, const char *name, struct bytes *out)
{
    char path[FILES_PATH_MAX];
    struct stat info;
    struct err e = path_of(depot, name, path);
    if (failed(e))
        return e;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? err_make(ERR_NOT_FOUND, "file.missing")
                               : err_make(ERR_IO, "file.unreadable");
    void *data = MAP_FAILED;
    bool good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    if (good)
        data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd);
    if (data == MAP_FAILED)
        return good ? err_make(ERR_IO, "file.unreadable")
                    : err_make(ERR_INVALID, "file.not-regular");
    *out = bytes_of(data, (size_t)info.st_size);
    return err_none();
}

static void unmap_file(struct depot *depot, struct bytes bytes)
{
    (void)depot;
    (void)munmap((void *)(uintptr_t)bytes.data, bytes.len);
}

static struct err remove_file(struct depot *depot, const char *name)
{
    char path[FILES_PATH_MAX];
    struct err e = path_of(depot, name, path);
    if (!failed(e))
        e = files_remove(path);
    return e.code == ERR_NOT_FOUND ? err_none() : e;
}

static struct err list_files(struct depot *depot, struct arena *arena, struct depot_names *out)
{
    const struct index_files *files = (const struct index_files *)depot;
    struct depot_names all = { ARENA_ARRAY(arena, struct text, NAMES_MAX), 0 };
    DIR *dir = opendir(files->dir);
    if (dir == NULL)
        return err_make(ERR_IO, "file.unreadable");
    for (const struct dirent *one; all.names != NULL && (one = readdir(dir)) != NULL;) {
        if (one->d_name[0] == '.' || all.count == NAMES_MAX)
            continue;
        all.names[all.count++] = arena_copy_text(arena, text_literal(one->d_name));
    }
    (void)closedir(dir);
    *out = all;
    return arena_check(arena);
}

/* A file that no name leads to and that goes with the mapping. */
static int nameless(const struct index_files *files, size_t size)
{
    struct files_space space;
    if (failed(files_space(files->dir, &space)) || space.free_bytes / 2 < size)
        return -1; /* a full disk under a mapping would end the process */
    int fd = open(files->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && ftruncate(fd, (off_t)size) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static struct err take_room(struct depot *depot, size_t size, struct bytes *out)
{
    int fd = -1;
    if (size > ROOM_IN_MEMORY) {
        fd = nameless((const struct index_files *)depot, size);
        if (fd < 0)
            return err_make(ERR_UNAVAILABLE, "file.disk-full");
    }
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
    if (fd >= 0)
        (void)close(fd);
    if (data == MAP_FAILED)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    *out = bytes_of(data, size);
    return err_none();
}

static const struct depot_ops ops = {
    .write = write_file,
    .map = map_file,
    .unmap = unmap_file,
    .remove = remove_file,
    .list = list_files,
    .room = take_room,
    .room_end = unmap_file,
};

struct err index_files_open(const char *dir, struct depot **out)
{
    struct index_files *files = calloc(1, sizeof(*files));
    if (files == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    files->depot.ops = &ops;
    (void)snprintf(files->dir, sizeof(files->dir), "%s", dir);
    struct err e = files_make_dir(dir, 0700);
    if (failed(e))
        free(files);
    else
        *out = &files->depot;
    return e;
}

void index_files_close(struct depot *depot_own_opt)
{
    free(depot_own_opt);
}
