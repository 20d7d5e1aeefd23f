/* A note that parses is assembled again to the same text; a checkpoint has one spelling. */
#include <stdlib.h>

#include "ledger/checkpoint.h"
#include "ledger/tile.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_checkpoint(struct text text, struct arena *arena)
{
    struct checkpoint cp;
    if (failed(checkpoint_parse(text, &cp)))
        return;
    struct text again = checkpoint_format(arena, &cp);
    if (again.data != NULL && !text_equal(again, text))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text;
    struct note note;
    struct note_key key;
    struct tile tile;
    struct origin origin;
    if (failed(text_parse(bytes_of(data, size), &text)))
        return 0;
    check_checkpoint(text, &arena);
    if (!failed(note_read(bytes_of(data, size), &arena, &note))) {
        if (note.count == 0 || note.text.data[note.text.len - 1] != '\n')
            abort();
        check_checkpoint(note.text, &arena);
    }
    if (!failed(note_key_parse(text, &key)) && !text_equal(note_key_format(&arena, &key), text))
        abort();
    if (!failed(origin_parse(text, &origin)) && !text_equal(origin_format(&arena, &origin), text))
        abort();
    if (!failed(tile_parse_path(text, &tile)) && !text_equal(tile_path(&arena, &tile), text))
        abort();
    return 0;
}
