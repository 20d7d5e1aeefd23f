/* What parses is printed as it was written. */
#include <stdlib.h>

#include "core/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t memory[128];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text in;
    struct instant at;
    struct date date;
    if (failed(text_parse(bytes_of(data, size), &in)))
        return 0;
    if (!failed(instant_parse(in, &at)) && !text_equal(instant_format(&arena, at), in))
        abort();
    if (!failed(date_parse(in, &date)) && !text_equal(date_format(&arena, date), in))
        abort();
    return 0;
}
