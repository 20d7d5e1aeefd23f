#include "flow/sample.h"

#include <assert.h>

struct sample_week sample_week(struct date day)
{
    int32_t days = date_days(day);
    int32_t begin = date_days((struct date){ 1970, 1, 5 }); /* a Monday */
    int32_t into = (days - begin) % 7;
    struct sample_week week = { .monday = date_from_days(days - (into < 0 ? into + 7 : into)) };
    week.begin = date_begin(week.monday);
    week.end = instant_plus(week.begin, 7 * INSTANT_DAY);
    return week;
}

static uint64_t number_of(const uint8_t bytes[static 8])
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

struct sample_draw sample_draw(const struct hash *seed, uint64_t i, uint64_t from, uint64_t to)
{
    static const char name[] = "comity/audit-sample/v1"; /* its end is the zero byte */
    uint8_t index[8];
    struct hasher h;
    assert(from < to);
    for (int k = 0; k < 8; k++)
        index[k] = (uint8_t)(i >> (56 - 8 * k));
    hasher_init(&h);
    hasher_add(&h, bytes_of((const uint8_t *)name, sizeof(name)));
    hasher_add(&h, BYTES_OF(seed->bytes));
    hasher_add(&h, BYTES_OF(index));
    struct hash hash = hasher_end(&h);
    return (struct sample_draw){ from + number_of(hash.bytes) % (to - from),
                                 number_of(hash.bytes + 8) };
}
