/* Reads big-endian, length-delimited bytes. The first failure sticks: later reads give zero
 * and reader_end() reports it with the offset where it happened. */
#ifndef COMITY_CORE_READER_H
#define COMITY_CORE_READER_H

#include "core/bytes.h"

struct reader {
    struct bytes in;
    size_t at;
    struct err err;
};

struct reader reader_over(struct bytes in);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* The next `len` bytes as a view of the input; empty on failure. */
struct bytes reader_take(struct reader *r, size_t len);
/* u32 length, at most `len_max`, then that many bytes. */
struct bytes reader_block(struct reader *r, size_t len_max);
/* As reader_block, proved UTF-8. */
struct text reader_text(struct reader *r, size_t len_max);
/* Copies exactly `len` bytes; zeroes on failure. */
void reader_copy(struct reader *r, uint8_t *out, size_t len);
size_t reader_left(const struct reader *r);
/* First failure, or ERR_CORRUPT "wire.trailing" when bytes are left. */
MUST_USE struct err reader_end(const struct reader *r);

#endif
