#include "ledger/commit.h"

#include "core/reader.h"
#include "core/writer.h"
#include "ledger/tree.h"

static const char commit_prefix[] = "comity/commit/v1"; /* its NUL is the 0x00 */

struct hash commit_entry(const struct opening *opening)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes_of(commit_prefix, sizeof(commit_prefix)));
    hasher_add(&h, BYTES_OF(opening->salt));
    hasher_add(&h, opening->content);
    return hasher_end(&h);
}

struct hash commit_leaf(const struct hash *entry)
{
    return tree_leaf(BYTES_OF(entry->bytes));
}

static bool content_fits(size_t len)
{
    return len >= 1 && len <= COMMIT_CONTENT_MAX;
}

struct err opening_format(const struct opening *opening, struct arena *arena, struct bytes *out)
{
    if (!content_fits(opening->content.len))
        return err_make(ERR_LIMIT, "ledger.opening-length");
    struct writer w = writer_in(arena);
    writer_put(&w, BYTES_OF(opening->salt));
    writer_put(&w, opening->content);
    return writer_keep(&w, arena, out);
}

struct err opening_parse(struct bytes in, struct opening *out)
{
    struct reader r = reader_over(in);
    struct opening opening;
    reader_copy(&r, opening.salt, COMMIT_SALT_LEN);
    opening.content = reader_take(&r, reader_left(&r));
    struct err e = reader_end(&r);
    if (failed(e))
        return e;
    if (!content_fits(opening.content.len))
        return err_make(ERR_LIMIT, "ledger.opening-length");
    *out = opening;
    return err_none();
}

struct err opening_check(const struct opening *opening, const struct hash *entry)
{
    struct hash made = commit_entry(opening);
    if (!hash_equal(&made, entry))
        return err_make(ERR_CORRUPT, "ledger.opening");
    return err_none();
}
