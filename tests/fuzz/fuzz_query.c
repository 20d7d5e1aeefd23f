/* A query's value is UTF-8 and never longer than the query. */
#include <stdlib.h>

#include "shell/server.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct server_request request = { .query = TEXT("") };
    if (failed(text_parse(bytes_of(data, size), &request.query)))
        return 0;
    struct text value = { NULL, 0 };
    struct text again = { NULL, 0 };
    if (failed(server_query(&request, "q", &arena, &value)))
        return 0;
    if (value.len > size || failed(text_parse(text_bytes(value), &again)))
        abort();
    return 0;
}
