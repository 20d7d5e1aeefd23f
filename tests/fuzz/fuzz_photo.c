/* Any bytes as a picture, or behind a first zero byte as the JSON of one, as a partner sends it:
 * what passes is an image by its first bytes, and made again from its data it is the same. */
#include <stdlib.h>

#include "core/encode.h"
#include "flow/photo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct json *photo, struct arena *arena)
{
    struct text data = json_get_text(photo, "data");
    uint8_t *bytes = arena_take(arena, PHOTO_BYTES_MAX);
    size_t len = 0;
    struct json again;
    if (bytes == NULL || failed(base64_parse(data, bytes, PHOTO_BYTES_MAX, &len)) ||
        failed(photo_make(bytes_of(bytes, len), arena, &again)))
        abort();
    if (!text_equal(json_get_text(&again, "type"), json_get_text(photo, "type")) ||
        !text_equal(json_get_text(&again, "sha256"), json_get_text(photo, "sha256")) ||
        !text_equal(json_get_text(&again, "data"), data))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json photo;
    if (size > 0 && data[0] == 0) {
        if (failed(json_parse(bytes_of(data + 1, size - 1), &arena, &photo)) ||
            failed(photo_check(&photo, &arena)))
            return 0;
    } else if (failed(photo_make(bytes_of(data, size), &arena, &photo))) {
        return 0;
    } else if (failed(photo_check(&photo, &arena))) {
        abort();
    }
    check_again(&photo, &arena);
    return 0;
}
