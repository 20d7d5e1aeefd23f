#include "shell/zip.h"

#include <zstd.h>
#include <zstd_errors.h>

struct err zip_pack(struct bytes in, struct arena *arena, struct bytes *out)
{
    size_t bound = ZSTD_compressBound(in.len);
    size_t mark = arena->used;
    uint8_t *data = ZSTD_isError(bound) ? NULL : arena_take(arena, bound);
    if (!data)
        return err_make(ERR_LIMIT, "arena.full");
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t len = 0;
    bool good =
        context != NULL &&
        !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZIP_LEVEL)) &&
        !ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1));
    if (good) {
        len = ZSTD_compress2(context, data, bound, in.data, in.len);
        good = !ZSTD_isError(len);
    }
    ZSTD_freeCCtx(context);
    arena_rewind(arena, good ? (size_t)(data - arena->data) + len : mark);
    if (!good)
        return err_make(ERR_UNAVAILABLE, "zip.no-memory");
    *out = bytes_of(data, len);
    return err_none();
}

/* The declared size, if there is one that we accept. */
static struct err content_size(struct bytes in, size_t max, size_t *out)
{
    /* Skippable frames have other magic numbers: empty to zstd, not ours. */
    static const uint8_t magic[] = { 0x28, 0xB5, 0x2F, 0xFD };
    if (in.len < sizeof(magic) || memcmp(in.data, magic, sizeof(magic)) != 0)
        return err_make(ERR_CORRUPT, in.len < sizeof(magic) ? "zip.truncated" : "zip.damaged");
    unsigned long long size = ZSTD_getFrameContentSize(in.data, in.len);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return err_make(ERR_CORRUPT, "zip.damaged");
    if (size > max)
        return err_make(ERR_LIMIT, "zip.too-big");
    size_t frame = ZSTD_findFrameCompressedSize(in.data, in.len);
    if (ZSTD_isError(frame))
        return err_make(ERR_CORRUPT, "zip.truncated");
    if (frame != in.len)
        return err_make(ERR_CORRUPT, "zip.trailing");
    *out = (size_t)size;
    return err_none();
}

struct err zip_unpack(struct bytes in, size_t max, struct arena *arena, struct bytes *out)
{
    size_t size = 0;
    struct err e = content_size(in, max, &size);
    if (failed(e))
        return e;
    size_t mark = arena->used;
    uint8_t *data = arena_take(arena, size > 0 ? size : 1);
    if (!data)
        return err_make(ERR_LIMIT, "arena.full");
    ZSTD_DCtx *context = ZSTD_createDCtx();
    size_t len = 0;
    bool good =
        context != NULL &&
        !ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZIP_WINDOW_LOG_MAX));
    if (good) {
        len = ZSTD_decompressDCtx(context, data, size, in.data, in.len);
        good = !ZSTD_isError(len) && len == size;
    }
    ZSTD_freeDCtx(context);
    if (!good) {
        arena_rewind(arena, mark);
        return err_make(ERR_CORRUPT, "zip.damaged");
    }
    *out = bytes_of(data, len);
    return err_none();
}
