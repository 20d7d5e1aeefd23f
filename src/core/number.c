#include "core/number.h"

#include <assert.h>

size_t number_format(double value, char out[static NUMBER_LEN_MAX])
{
    int64_t integer = (int64_t)value;
    char digits[24];
    size_t n = 0;
    size_t len = 0;
    uint64_t left = integer < 0 ? (uint64_t)-integer : (uint64_t)integer;
    do {
        digits[n++] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (integer < 0)
        out[len++] = '-';
    while (n > 0)
        out[len++] = digits[--n];
    return len;
}

bool number_parse(struct text in, double *out)
{
    double value = 0;
    bool negative = in.data[0] == '-';
    for (size_t i = negative ? 1 : 0; i < in.len && in.data[i] >= '0' && in.data[i] <= '9'; i++)
        value = value * 10 + (in.data[i] - '0');
    *out = negative ? -value : value;
    return true;
}
