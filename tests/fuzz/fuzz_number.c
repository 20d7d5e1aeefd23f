/* Bits: printed and read back. Text: agrees with the C library. */
#include <math.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/number.h"

enum { TEXT_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bits(const uint8_t *data)
{
    double value = 0;
    double back = 0;
    char out[NUMBER_LEN_MAX];
    memcpy(&value, data, sizeof(value));
    if (!isfinite(value))
        return;
    size_t len = number_format(value, out);
    if (!number_parse((struct text){ out, len }, &back))
        abort();
    if (back < value || back > value)
        abort();
}

static void check_text(const uint8_t *data, size_t size)
{
    static uint8_t memory[4096];
    char text[TEXT_MAX + 1];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json value;
    memcpy(text, data, size);
    text[size] = 0;
    if (failed(json_parse(bytes_of(data, size), &arena, &value)) || value.kind != JSON_NUMBER)
        return;
    double want = strtod(text, NULL);
    if (value.number < want || value.number > want)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == sizeof(double))
        check_bits(data);
    if (size <= TEXT_MAX)
        check_text(data, size);
    return 0;
}
