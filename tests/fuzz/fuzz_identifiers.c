/* First byte: the kind. An offered correction is valid, in every country that has rules. */
#include <stdlib.h>

#include "model/identifiers.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const countries[] = {
    "",    "BEL", "BGR", "CHN", "CZE", "ESP", "EST", "FIN", "FRA", "IND", "IRN", "ISR",
    "ITA", "LTU", "NLD", "NOR", "POL", "ROU", "SGP", "SVN", "SWE", "TUR", "UKR", "ZAF",
};

static bool passes(struct identifier_check c)
{
    return c.verdict == IDENTIFIER_VALID || c.verdict == IDENTIFIER_UNCHECKED;
}

static void check_in(enum identifier_kind kind, const char *country, struct text in)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text where = text_literal(country);
    struct identifier_check first = identifier_check_of(kind, where, in, &arena);
    if (first.correction.len > 0 &&
        !passes(identifier_check_of(kind, where, first.correction, &arena)))
        abort();
    if (passes(first) != (first.rule[0] == 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text in;
    if (size == 0 || size > 4096 || failed(text_parse(bytes_of(data + 1, size - 1), &in)))
        return 0;
    enum identifier_kind kind = (enum identifier_kind)(data[0] % IDENTIFIER_KINDS);
    for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
        check_in(kind, countries[i], in);
    struct identifier_check first = identifier_check(kind, in, &arena);
    if (kind == IDENTIFIER_IMSI && first.key.len >= 3)
        (void)imsi_parts(first.key);
    return 0;
}
