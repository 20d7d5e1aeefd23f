/* The first byte says what to read next; whatever it says, nothing past the end is read. */
#include "core/reader.h"

enum { BLOCK_MAX = 100 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_over(bytes_of(data, size));
    uint8_t copy[16];
    uint64_t sum = 0;
    while (reader_left(&r) > 0) {
        switch (reader_u8(&r) % 6) {
        case 0:
            sum += reader_u16(&r);
            break;
        case 1:
            sum += reader_u32(&r);
            break;
        case 2:
            sum += reader_u64(&r);
            break;
        case 3:
            sum += reader_block(&r, BLOCK_MAX).len;
            break;
        case 4:
            sum += reader_text(&r, BLOCK_MAX).len;
            break;
        default:
            reader_copy(&r, copy, sizeof(copy));
            sum += copy[15];
            break;
        }
    }
    if (failed(reader_end(&r)))
        sum++;
    return sum == UINT64_MAX;
}
