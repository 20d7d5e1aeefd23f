/* Unsigned integers of up to 5,120 bits: what exact conversion of doubles needs, no more.
 * The widest value is 10^1443 (1,100 digits at the smallest exponent), 4,794 bits, shifted
 * by one. Overflow is our mistake and asserted. */
#ifndef COMITY_CORE_BIG_H
#define COMITY_CORE_BIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BIG_LIMBS = 160 };

struct big {
    size_t count; /* limbs in use; the top one is not zero */
    uint32_t limbs[BIG_LIMBS];
};

void big_set(struct big *b, uint64_t value);
/* b = b * factor + add */
void big_multiply_add(struct big *b, uint32_t factor, uint32_t add);
void big_multiply_power_of_ten(struct big *b, unsigned power);
void big_shift_left(struct big *b, unsigned bits);
unsigned big_bit_length(const struct big *b);
/* <0, 0, >0 */
int big_compare(const struct big *a, const struct big *b);
/* Sign of a + b - c. */
int big_compare_sum(const struct big *a, const struct big *b, const struct big *c);
/* a -= b; a >= b (asserted). */
void big_subtract(struct big *a, const struct big *b);
bool big_is_zero(const struct big *b);

#endif
