#include "index/segment/sort.h"

#include <string.h>

enum { DIGITS = 256, DIGIT_BITS = 8, INSERTION_MAX = 24 };

/* Radix sort from the lowest byte; a byte that is the same everywhere costs only its count. */
void sort_pairs(struct sort_pair *pairs, struct sort_pair *scratch, size_t count)
{
    struct sort_pair *from = pairs;
    struct sort_pair *to = scratch;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        size_t begins[DIGITS + 1] = { 0 };
        for (size_t i = 0; i < count; i++)
            begins[(from[i].key >> shift & 0xff) + 1]++;
        if (count == 0 || begins[(from[0].key >> shift & 0xff) + 1] == count)
            continue;
        for (size_t d = 0; d < DIGITS; d++)
            begins[d + 1] += begins[d];
        for (size_t i = 0; i < count; i++)
            to[begins[from[i].key >> shift & 0xff]++] = from[i];
        struct sort_pair *swap = from;
        from = to;
        to = swap;
    }
    if (from != pairs)
        memcpy(pairs, from, count * sizeof pairs[0]);
}

void sort_numbers(uint64_t *numbers, uint64_t *scratch, size_t count)
{
    uint64_t *from = numbers;
    uint64_t *to = scratch;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        size_t begins[DIGITS + 1] = { 0 };
        for (size_t i = 0; i < count; i++)
            begins[(from[i] >> shift & 0xff) + 1]++;
        if (count == 0 || begins[(from[0] >> shift & 0xff) + 1] == count)
            continue;
        for (size_t d = 0; d < DIGITS; d++)
            begins[d + 1] += begins[d];
        for (size_t i = 0; i < count; i++)
            to[begins[from[i] >> shift & 0xff]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != numbers)
        memcpy(numbers, from, count * sizeof numbers[0]);
}

/* Shell's, with the gaps of Ciura. */
void sort_short(uint64_t *numbers, size_t count)
{
    static const size_t gaps[] = { 1750, 701, 301, 132, 57, 23, 10, 4, 1 };
    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        size_t gap = gaps[g];
        for (size_t i = gap; i < count; i++) {
            uint64_t number = numbers[i];
            size_t at = i;
            for (; at >= gap && numbers[at - gap] > number; at -= gap)
                numbers[at] = numbers[at - gap];
            numbers[at] = number;
        }
    }
}

static void sift_down(uint32_t *keys, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && keys[child] < keys[child + 1])
            child++;
        if (keys[root] >= keys[child])
            return;
        uint32_t swap = keys[root];
        keys[root] = keys[child];
        keys[child] = swap;
        root = child;
    }
}

static void heap_sort(uint32_t *keys, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(keys, i, count);
    for (size_t end = count; end-- > 1;) {
        uint32_t swap = keys[0];
        keys[0] = keys[end];
        keys[end] = swap;
        sift_down(keys, 0, end);
    }
}

static void insertion_sort(uint32_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

size_t sort_keys(uint32_t *keys, size_t count)
{
    if (count <= INSERTION_MAX)
        insertion_sort(keys, count);
    else
        heap_sort(keys, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || keys[kept - 1] != keys[i])
            keys[kept++] = keys[i];
    }
    return kept;
}
