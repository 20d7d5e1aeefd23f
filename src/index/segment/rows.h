/* What a search needs of every document that it may compare, 24 bytes:
 * u64 number; u40 place of its blob; u24 first and u24 last day of birth; u16 kind; u8 sex (bits
 * 0-1), quality of the birth (2-4); u16 group. */
#ifndef COMITY_INDEX_ROWS_H
#define COMITY_INDEX_ROWS_H

#include "index/segment/segment.h"

void row_write(const struct index_doc *doc, uint64_t blob, uint8_t out[static ROW_BYTES]);
struct row row_read(const uint8_t in[static ROW_BYTES]);
uint64_t row_blob(const uint8_t in[static ROW_BYTES]);
uint32_t row_from(const uint8_t in[static ROW_BYTES]);

#endif
