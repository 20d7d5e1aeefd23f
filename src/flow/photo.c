#include "flow/photo.h"

#include "core/encode.h"
#include "core/hash.h"

struct kind {
    const char *type;
    size_t len;
    uint8_t begin[8];
};

static const struct kind kinds[] = {
    { "image/png", 8, { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' } },
    { "image/jpeg", 3, { 0xFF, 0xD8, 0xFF } },
};

static const struct kind *kind_of(struct bytes file)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (file.len > kinds[i].len && memcmp(file.data, kinds[i].begin, kinds[i].len) == 0)
            return &kinds[i];
    }
    return NULL;
}

struct err photo_make(struct bytes file, struct arena *arena, struct json *out)
{
    const struct kind *kind = kind_of(file);
    struct json photo = json_object();
    if (kind == NULL)
        return err_make(ERR_INVALID, "photo.bad-form");
    if (file.len > PHOTO_BYTES_MAX)
        return err_make(ERR_LIMIT, "photo.too-big");
    struct hash hash = hash_of(file);
    json_set(arena, &photo, "type", json_literal(kind->type));
    json_set_text(arena, &photo, "sha256", hex_format(arena, BYTES_OF(hash.bytes)));
    json_set_text(arena, &photo, "data", base64_format(arena, file));
    *out = photo;
    return arena_check(arena);
}

struct err photo_check(const struct json *photo, struct arena *arena)
{
    struct text data = json_get_text(photo, "data");
    size_t len = 0;
    if (data.len == 0 || json_count(photo) != 3)
        return err_make(ERR_INVALID, "photo.bad-form");
    if (data.len > (PHOTO_BYTES_MAX + 2) / 3 * 4)
        return err_make(ERR_LIMIT, "photo.too-big");
    uint8_t *bytes = arena_take(arena, PHOTO_BYTES_MAX);
    if (bytes == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (failed(base64_parse(data, bytes, PHOTO_BYTES_MAX, &len)))
        return err_make(ERR_INVALID, "photo.bad-form");
    struct json made;
    struct err e = photo_make(bytes_of(bytes, len), arena, &made);
    if (failed(e))
        return e;
    return json_equal(&made, photo) ? err_none()
                                    : err_make(ERR_INVALID, "photo.not-what-it-says");
}
