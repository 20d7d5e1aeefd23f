/* Any bytes as a batch, and what its frames say. What parses is written again as the same bytes. */
#include <assert.h>
#include <stdlib.h>

#include "link/batch.h"
#include "link/hello.h"
#include "link/receipt.h"

enum { ARENA_LEN = 32 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_batch(struct bytes in, struct arena *arena)
{
    struct batch batch;
    struct bytes again;
    if (failed(batch_parse(in, arena, &batch)))
        return;
    size_t mark = arena->used;
    if (!failed(batch_format(&batch, arena, &again)))
        assert(bytes_equal(in, again));
    arena_rewind(arena, mark);
    for (uint32_t i = 0; i < batch.count; i++) {
        struct frame frame;
        mark = arena->used;
        if (!batch.frames[i].hollow &&
            !failed(frame_parse(batch.frames[i].content, arena, &frame)) &&
            !failed(frame_format(&frame, arena, &again)))
            assert(bytes_equal(batch.frames[i].content, again));
        arena_rewind(arena, mark);
    }
}

static void as_message(struct bytes in, struct arena *arena)
{
    struct frame frame;
    struct hello hello;
    struct receipt receipt;
    struct refusal refusal;
    struct bytes again;
    if (!failed(frame_parse(in, arena, &frame)) && !failed(frame_format(&frame, arena, &again)))
        assert(bytes_equal(in, again));
    if (!failed(hello_parse(in, arena, &hello)) && !failed(hello_format(&hello, arena, &again)))
        assert(bytes_equal(in, again));
    if (!failed(receipt_parse(in, arena, &receipt)) &&
        !failed(receipt_format(&receipt, arena, &again)))
        assert(bytes_equal(in, again));
    if (!failed(refusal_parse(in, arena, &refusal)) &&
        !failed(refusal_format(&refusal, arena, &again)))
        assert(bytes_equal(in, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t *memory;
    if (memory == NULL)
        memory = malloc(ARENA_LEN);
    assert(memory != NULL);
    struct arena arena = arena_over(memory, ARENA_LEN);
    as_batch(bytes_of(data, size), &arena);
    arena_reset(&arena);
    as_message(bytes_of(data, size), &arena);
    return 0;
}
