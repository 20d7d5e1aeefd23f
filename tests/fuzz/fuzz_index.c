/* First byte odd: the rest is a segment whose hashes are mended; then it is searched. Even: it
 * is a name, analysed and compared with itself. */
#include <stdlib.h>

#include "index/segment/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 32 << 20 };
static uint8_t memory[MEMORY];

static void fuzz_segment(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size);
    if (copy == NULL || size < SEGMENT_HEAD) {
        free(copy);
        return;
    }
    memcpy(copy, data, size);
    segment_seal(copy, size);
    struct index_segment segment;
    struct arena arena = arena_over(memory, MEMORY);
    struct index_identifier asked[] = {
        { .cls = 1, .canonical = TEXT("A00185213") },
        { .cls = 1, .canonical = TEXT("*185?1*"), .partial = true },
    };
    struct index_query query = { .name.full = TEXT("Ousseini Abdoulaye"),
                                 .identifiers = asked,
                                 .identifier_count = 2 };
    struct index_filter filter = { 0 };
    struct index_answer answer;
    if (!failed(index_open(bytes_of(copy, size), &segment)) &&
        !failed(index_search(&segment, 1, &filter, &query, &arena, &answer)) &&
        answer.hit_count > 0 && answer.hits[0].reason_count == 0)
        abort(); /* a hit has reasons */
    free(copy);
}

static void fuzz_name(const uint8_t *data, size_t size)
{
    struct text text;
    if (failed(text_parse(bytes_of(data, size), &text)))
        return;
    struct arena arena = arena_over(memory, MEMORY);
    struct index_name name = { .full = text };
    struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
    struct index_query query = { .name = name };
    struct index_hit hit;
    if (failed(index_compare(&query, &doc, &arena, &hit)))
        return;
    for (size_t i = 0; i < hit.reason_count; i++) {
        if (hit.reasons[i].relation == INDEX_CONTRADICT)
            abort(); /* a name never contradicts itself */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] % 2 == 1)
        fuzz_segment(data + 1, size - 1);
    else if (size > 0)
        fuzz_name(data + 1, size - 1);
    return 0;
}
