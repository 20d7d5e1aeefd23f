/* Writes into memory of the caller. The first overflow sticks; writer_end() reports it. */
#ifndef COMITY_CORE_WRITER_H
#define COMITY_CORE_WRITER_H

#include "core/arena.h"

struct writer {
    uint8_t *data;
    size_t size;
    size_t len;
    bool full;
};

struct writer writer_over(uint8_t *memory, size_t size);
/* All that is left in the arena; writer_keep() then takes what was written. Nothing else
 * may be taken from the arena in between. */
struct writer writer_in(struct arena *arena);
void writer_u8(struct writer *w, uint8_t value);
void writer_u16(struct writer *w, uint16_t value);
void writer_u32(struct writer *w, uint32_t value);
void writer_u64(struct writer *w, uint64_t value);
void writer_put(struct writer *w, struct bytes in);
void writer_text(struct writer *w, struct text in);
void writer_literal(struct writer *w, const char *literal);
void writer_decimal(struct writer *w, int64_t value);
/* u32 length, then the bytes. */
void writer_block(struct writer *w, struct bytes in);
/* ERR_LIMIT "wire.no-room", or the bytes written. */
MUST_USE struct err writer_end(const struct writer *w, struct bytes *out);
/* As writer_end for a writer_in(): the bytes now belong to the arena. */
MUST_USE struct err writer_keep(const struct writer *w, struct arena *arena, struct bytes *out);

#endif
