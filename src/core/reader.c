#include "core/reader.h"

struct reader reader_over(struct bytes in)
{
    return (struct reader){ in, 0, err_none() };
}

static void fail(struct reader *r, enum err_code code, const char *rule)
{
    if (!failed(r->err))
        r->err = err_at(code, (uint32_t)r->at, rule);
}

size_t reader_left(const struct reader *r)
{
    return failed(r->err) ? 0 : r->in.len - r->at;
}

struct bytes reader_take(struct reader *r, size_t len)
{
    if (failed(r->err) || r->in.len - r->at < len) {
        fail(r, ERR_CORRUPT, "wire.short");
        return (struct bytes){ NULL, 0 };
    }
    if (len == 0)
        return (struct bytes){ r->in.data, 0 };
    struct bytes out = { r->in.data + r->at, len };
    r->at += len;
    return out;
}

static uint64_t read_big_endian(struct reader *r, size_t len)
{
    struct bytes in = reader_take(r, len);
    uint64_t value = 0;
    for (size_t i = 0; i < in.len; i++)
        value = value << 8 | in.data[i];
    return value;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)read_big_endian(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)read_big_endian(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
    return read_big_endian(r, 8);
}

struct bytes reader_block(struct reader *r, size_t len_max)
{
    uint32_t len = reader_u32(r);
    if (len > len_max) {
        fail(r, ERR_LIMIT, "wire.block-too-long");
        return (struct bytes){ NULL, 0 };
    }
    return reader_take(r, len);
}

struct text reader_text(struct reader *r, size_t len_max)
{
    struct bytes in = reader_block(r, len_max);
    struct text out = { NULL, 0 };
    if (failed(r->err))
        return out;
    if (failed(text_parse(in, &out)))
        fail(r, ERR_CORRUPT, "text.not-utf8");
    return out;
}

void reader_copy(struct reader *r, uint8_t *out, size_t len)
{
    struct bytes in = reader_take(r, len);
    if (in.len == len && len > 0)
        memcpy(out, in.data, len);
    else
        memset(out, 0, len);
}

struct err reader_end(const struct reader *r)
{
    if (failed(r->err))
        return r->err;
    if (r->at != r->in.len)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "wire.trailing");
    return err_none();
}
