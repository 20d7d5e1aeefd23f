/* Cards, instrument signatures and statements: what parses was canonical. */
#include <stdlib.h>

#include "seal/card.h"
#include "seal/instrument.h"

static uint8_t memory[8 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes in = bytes_of(data, size);
    struct signed_statement statement;
    struct card card;
    struct instrument_signature signature;
    bool parsed = !failed(statement_parse(in, &arena, &statement));
    bool is_card = !failed(card_parse(in, &arena, &card));
    bool is_instrument = !failed(instrument_signature_verify(in, &arena, &signature));
    if ((is_card || is_instrument) && !parsed)
        abort();
    if (is_card && is_instrument)
        abort();
    return 0;
}
