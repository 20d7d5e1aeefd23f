/* Names that stand in cards, keys and origins: few characters, so that nothing has to escape
 * them. */
#ifndef COMITY_SEAL_LABEL_H
#define COMITY_SEAL_LABEL_H

#include "core/bytes.h"

/* 1 to `len_max` of a-z, 0-9 and '-'. */
static inline bool label_valid(struct text in, size_t len_max)
{
    for (size_t i = 0; i < in.len; i++) {
        char c = in.data[i];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
            return false;
    }
    return in.len >= 1 && in.len <= len_max;
}

/* As label_valid, with A-Z: a member's code. */
static inline bool label_code_valid(struct text in, size_t len_max)
{
    for (size_t i = 0; i < in.len; i++) {
        char c = in.data[i];
        if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
            return false;
    }
    return in.len >= 1 && in.len <= len_max;
}

#endif
