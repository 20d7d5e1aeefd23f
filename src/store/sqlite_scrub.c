/* What SQLite's secure_delete leaves behind. It zeroes a deleted cell where the cell is; but when
 * pages are balanced, cells move, and their old copies stay in the gap between a page's list of
 * cells and its cells, where nobody looks, nor ever overwrites them when the row is deleted later.
 * (Found by the test what_is_erased_is_in_no_file, with more seeds.)
 *
 * The writer's cache does not bring them back: STORE_CHECKPOINT_TRUNCATE changes the log's head,
 * and a connection that finds it changed reads its pages anew.
 *
 * So pages go to store.db through this VFS: the system's, but for the gap of each b-tree page,
 * which is written as zeros. The format of pages: sqlite.org/fileformat2.html, section 1.6. */
#include "store/sqlite_state.h"

enum { FILE_HEAD = 100, PAGE_HEAD_INNER = 12, PAGE_HEAD_LEAF = 8 };

static sqlite3_vfs vfs;
static sqlite3_vfs *system_vfs;
static sqlite3_io_methods methods; /* the system's with our xWrite */
static const sqlite3_io_methods *system_methods;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* all four */

static size_t number_at(const uint8_t *data)
{
    return (size_t)data[0] << 8 | data[1];
}

/* The gap of a b-tree page; empty for a page of another kind. The first byte of such a page, of an
 * overflow or freelist page, is the high byte of a page number: 0 up to STORE_SQLITE_PAGES. */
static struct bytes gap_of(const uint8_t *page, size_t len, bool first)
{
    const struct bytes none = { NULL, 0 };
    size_t head = first ? FILE_HEAD : 0;
    uint8_t kind = page[head];
    if (kind != 2 && kind != 5 && kind != 10 && kind != 13)
        return none;
    size_t head_len = kind < 10 ? PAGE_HEAD_INNER : PAGE_HEAD_LEAF;
    size_t begin = head + head_len + 2 * number_at(page + head + 3);
    size_t end = number_at(page + head + 5);
    if (begin >= end || end > len)
        return none;
    return bytes_of(page + begin, end - begin);
}

static bool all_zero(struct bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] != 0)
            return false;
    }
    return true;
}

static int write_scrubbed(sqlite3_file *file, const void *in, int len, sqlite3_int64 offset)
{
    _Static_assert((STORE_SQLITE_PAGES >> 24) < 2, "no page number looks like a b-tree page");
    uint8_t copy[STORE_SQLITE_PAGE];
    if (len != STORE_SQLITE_PAGE)
        return system_methods->xWrite(file, in, len, offset);
    const uint8_t *page = in;
    struct bytes gap = gap_of(page, STORE_SQLITE_PAGE, offset == 0);
    if (all_zero(gap))
        return system_methods->xWrite(file, in, len, offset);
    memcpy(copy, page, sizeof copy);
    memset(copy + (gap.data - page), 0, gap.len);
    return system_methods->xWrite(file, copy, len, offset);
}

static int open_scrubbed(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                         int *flags_out)
{
    (void)self;
    int code = system_vfs->xOpen(system_vfs, name, file, flags, flags_out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0)
        return code;
    pthread_mutex_lock(&lock);
    if (system_methods == NULL) {
        system_methods = file->pMethods;
        methods = *system_methods;
        methods.xWrite = write_scrubbed;
    }
    bool same = file->pMethods == system_methods;
    pthread_mutex_unlock(&lock);
    if (!same) { /* a lock style of some other file system: it cannot be wrapped twice */
        file->pMethods->xClose(file);
        file->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    file->pMethods = &methods;
    return SQLITE_OK;
}

const char *sqlite_scrub_vfs(void)
{
    pthread_mutex_lock(&lock);
    if (system_vfs == NULL) {
        sqlite3_vfs *found = sqlite3_vfs_find(NULL);
        if (found != NULL) {
            vfs = *found;
            vfs.zName = "comity";
            vfs.xOpen = open_scrubbed;
            if (sqlite3_vfs_register(&vfs, 0) == SQLITE_OK)
                system_vfs = found;
        }
    }
    pthread_mutex_unlock(&lock);
    return "comity"; /* unknown to SQLite if it could not be registered: then open fails */
}
