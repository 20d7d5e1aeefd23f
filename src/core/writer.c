#include "core/writer.h"

#include <assert.h>

struct writer writer_over(uint8_t *memory, size_t size)
{
    return (struct writer){ memory, size, 0, false };
}

struct writer writer_in(struct arena *arena)
{
    assert(arena->used <= arena->size);
    return (struct writer){ arena->data + arena->used, arena->size - arena->used, 0, false };
}

void writer_put(struct writer *w, struct bytes in)
{
    if (w->full || w->size - w->len < in.len) {
        w->full = true;
        return;
    }
    if (in.len > 0)
        memcpy(w->data + w->len, in.data, in.len);
    w->len += in.len;
}

static void put_big_endian(struct writer *w, uint64_t value, size_t len)
{
    uint8_t out[8];
    assert(len <= sizeof(out));
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    writer_put(w, bytes_of(out, len));
}

void writer_u8(struct writer *w, uint8_t value)
{
    if (w->full || w->size == w->len) {
        w->full = true;
        return;
    }
    w->data[w->len++] = value;
}

void writer_u16(struct writer *w, uint16_t value)
{
    put_big_endian(w, value, 2);
}

void writer_u32(struct writer *w, uint32_t value)
{
    put_big_endian(w, value, 4);
}

void writer_u64(struct writer *w, uint64_t value)
{
    put_big_endian(w, value, 8);
}

void writer_text(struct writer *w, struct text in)
{
    writer_put(w, text_bytes(in));
}

void writer_literal(struct writer *w, const char *literal)
{
    writer_text(w, text_literal(literal));
}

void writer_decimal(struct writer *w, int64_t value)
{
    uint8_t digits[20];
    size_t at = sizeof(digits);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (uint8_t)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        writer_u8(w, '-');
    writer_put(w, bytes_of(digits + at, sizeof(digits) - at));
}

void writer_block(struct writer *w, struct bytes in)
{
    if (in.len > UINT32_MAX) {
        w->full = true;
        return;
    }
    writer_u32(w, (uint32_t)in.len);
    writer_put(w, in);
}

struct err writer_end(const struct writer *w, struct bytes *out)
{
    if (w->full)
        return err_at(ERR_LIMIT, (uint32_t)w->len, "wire.no-room");
    *out = (struct bytes){ w->data, w->len };
    return err_none();
}

struct err writer_keep(const struct writer *w, struct arena *arena, struct bytes *out)
{
    if (w->full) {
        arena->full = true;
        return err_at(ERR_LIMIT, (uint32_t)w->len, "wire.no-room");
    }
    assert(w->data == arena->data + arena->used);
    arena->used += w->len;
    *out = (struct bytes){ w->data, w->len };
    return err_none();
}
