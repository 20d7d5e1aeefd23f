/* What parses is printed, parses again to an equal tree and prints to the same bytes. */
#include <stdlib.h>

#include "core/json.h"

static uint8_t memory[8 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json first;
    struct json second;
    struct bytes once;
    struct bytes twice;
    if (failed(json_parse(bytes_of(data, size), &arena, &first)))
        return 0;
    if (failed(json_format(&first, &arena, &once)))
        return 0; /* no room */
    if (failed(json_parse(once, &arena, &second)))
        return arena.full ? 0 : (abort(), 1);
    if (!json_equal(&first, &second))
        abort();
    if (failed(json_format(&second, &arena, &twice)))
        return 0;
    if (!bytes_equal(once, twice))
        abort();
    return 0;
}
