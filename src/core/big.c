#include "core/big.h"

#include <assert.h>
#include <string.h>

void big_set(struct big *b, uint64_t value)
{
    b->limbs[0] = (uint32_t)value;
    b->limbs[1] = (uint32_t)(value >> 32);
    b->count = value == 0 ? 0 : value >> 32 == 0 ? 1 : 2;
}

void big_multiply_add(struct big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (size_t i = 0; i < b->count; i++) {
        carry += (uint64_t)b->limbs[i] * factor;
        b->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry == 0)
        return;
    assert(b->count < BIG_LIMBS);
    b->limbs[b->count++] = (uint32_t)carry;
}

void big_multiply_power_of_ten(struct big *b, unsigned power)
{
    for (; power >= 9; power -= 9)
        big_multiply_add(b, 1000000000, 0);
    for (; power > 0; power--)
        big_multiply_add(b, 10, 0);
}

void big_shift_left(struct big *b, unsigned bits)
{
    if (b->count == 0 || bits == 0)
        return;
    size_t limbs = bits / 32;
    unsigned rest = bits % 32;
    assert(b->count + limbs + 1 <= BIG_LIMBS);
    memmove(b->limbs + limbs, b->limbs, b->count * sizeof(b->limbs[0]));
    memset(b->limbs, 0, limbs * sizeof(b->limbs[0]));
    b->count += limbs;
    uint32_t carry = 0;
    for (size_t i = limbs; rest > 0 && i < b->count; i++) {
        uint32_t limb = b->limbs[i];
        b->limbs[i] = limb << rest | carry;
        carry = limb >> (32 - rest);
    }
    if (carry > 0)
        b->limbs[b->count++] = carry;
}

unsigned big_bit_length(const struct big *b)
{
    if (b->count == 0)
        return 0;
    unsigned top = 32 - (unsigned)__builtin_clz(b->limbs[b->count - 1]);
    return (unsigned)(b->count - 1) * 32 + top;
}

int big_compare(const struct big *a, const struct big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = a->count; i-- > 0;) {
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    }
    return 0;
}

int big_compare_sum(const struct big *a, const struct big *b, const struct big *c)
{
    struct big sum = *a;
    uint64_t carry = 0;
    for (size_t i = 0; i < b->count || carry > 0; i++) {
        if (i >= sum.count) {
            assert(i < BIG_LIMBS);
            sum.limbs[i] = 0;
            sum.count = i + 1;
        }
        carry += (uint64_t)sum.limbs[i] + (i < b->count ? b->limbs[i] : 0);
        sum.limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return big_compare(&sum, c);
}

void big_subtract(struct big *a, const struct big *b)
{
    assert(a->count >= b->count);
    uint32_t borrow = 0;
    for (size_t i = 0; i < a->count; i++) {
        uint64_t take = (uint64_t)(i < b->count ? b->limbs[i] : 0) + borrow;
        borrow = a->limbs[i] < take;
        a->limbs[i] = (uint32_t)(a->limbs[i] - take);
    }
    assert(borrow == 0);
    while (a->count > 0 && a->limbs[a->count - 1] == 0)
        a->count--;
}

bool big_is_zero(const struct big *b)
{
    return b->count == 0;
}
