/* A table of how common names are: refused, or every comparison with it stays in bounds and gives
 * the same score twice. */
#include <stdlib.h>

#include "index/names/frequency.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[1 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct index_query query = { .name.full = TEXT("Amina Diallo Khoroshev") };
    struct index_name name = { .full = TEXT("Diallo Aminata") };
    struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
    struct index_hit first;
    struct index_hit second;
    if (failed(index_frequency_open(bytes_of(data, size), &query.scoring.frequency)))
        return 0;
    if (failed(index_compare(&query, &doc, &arena, &first)) ||
        failed(index_compare(&query, &doc, &arena, &second)) || first.score != second.score)
        abort();
    return 0;
}
