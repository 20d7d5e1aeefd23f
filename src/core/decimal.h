/* Unsigned decimals: digits, no sign, no leading zero, as C2SP writes them. */
#ifndef COMITY_CORE_DECIMAL_H
#define COMITY_CORE_DECIMAL_H

#include "core/bytes.h"

/* false when it is not one, or above 2^64 - 1. */
static inline bool decimal_parse(struct text in, uint64_t *out)
{
    uint64_t value = 0;
    if (in.len == 0 || (in.len > 1 && in.data[0] == '0'))
        return false;
    for (size_t i = 0; i < in.len; i++) {
        unsigned digit = (unsigned)(in.data[i] - '0');
        if (in.data[i] < '0' || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value;
    return true;
}

#endif
