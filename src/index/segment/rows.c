#include "index/segment/rows.h"

enum { ROW_BLOB = 8, ROW_FROM = 13, ROW_TO = 16, ROW_KIND = 19, ROW_FLAGS = 21, ROW_GROUP = 22 };

enum { DAY_FIRST = -719162, DAY_LAST = 2932896 }; /* 1 January 1 and 31 December 9999, date_days */

struct birth_days birth_days(const struct index_birth *birth)
{
    if (birth->quality == INDEX_BIRTH_UNKNOWN)
        return (struct birth_days){ 0, 0, true };
    uint32_t from = (uint32_t)(date_days(birth->from) - DAY_FIRST);
    uint32_t to = (uint32_t)(date_days(birth->to) - DAY_FIRST);
    return (struct birth_days){ from, to, to - from > BIRTH_NARROW };
}

static uint32_t load_u24(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static void store_u24(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    at[2] = (uint8_t)(value >> 16);
}

void row_write(const struct index_doc *doc, uint64_t blob, uint8_t out[static ROW_BYTES])
{
    struct birth_days days = birth_days(&doc->birth);
    memset(out, 0, ROW_BYTES);
    store_u64(out, doc->number);
    store_u32(out + ROW_BLOB, (uint32_t)blob);
    out[ROW_BLOB + 4] = (uint8_t)(blob >> 32);
    store_u24(out + ROW_FROM, days.from);
    store_u24(out + ROW_TO, days.to);
    out[ROW_KIND] = (uint8_t)doc->kind;
    out[ROW_KIND + 1] = (uint8_t)(doc->kind >> 8);
    out[ROW_GROUP] = (uint8_t)doc->group;
    out[ROW_GROUP + 1] = (uint8_t)(doc->group >> 8);
    out[ROW_FLAGS] = (uint8_t)((unsigned)doc->sex | (unsigned)doc->birth.quality << 2);
}

uint64_t row_blob(const uint8_t in[static ROW_BYTES])
{
    return load_u32(in + ROW_BLOB) | (uint64_t)in[ROW_BLOB + 4] << 32;
}

uint32_t row_from(const uint8_t in[static ROW_BYTES])
{
    return load_u24(in + ROW_FROM);
}

/* Days that no calendar has are not known. */
static struct index_birth row_birth(const uint8_t *in)
{
    int32_t from = DAY_FIRST + (int32_t)load_u24(in + ROW_FROM);
    int32_t to = DAY_FIRST + (int32_t)load_u24(in + ROW_TO);
    struct index_birth birth = { .quality = (enum index_quality)(in[ROW_FLAGS] >> 2 & 7) };
    if (birth.quality == INDEX_BIRTH_UNKNOWN || birth.quality > INDEX_BIRTH_REGISTRY || from > to ||
        to > DAY_LAST)
        return (struct index_birth){ .quality = INDEX_BIRTH_UNKNOWN };
    birth.from = date_from_days(from);
    birth.to = from == to ? birth.from : date_from_days(to);
    return birth;
}

struct row row_read(const uint8_t in[static ROW_BYTES])
{
    return (struct row){
        .number = load_u64(in),
        .blob = row_blob(in),
        .kind = (uint16_t)(in[ROW_KIND] | in[ROW_KIND + 1] << 8),
        .group = (uint16_t)(in[ROW_GROUP] | in[ROW_GROUP + 1] << 8),
        .sex = (enum index_sex)(in[ROW_FLAGS] & 3),
        .birth = row_birth(in),
    };
}
