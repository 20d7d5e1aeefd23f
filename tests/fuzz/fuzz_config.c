/* What is refused changes nothing; what is taken is within its row's limits and prints to a file
 * that reads back the same. */
#include <stdlib.h>

#include "shell/config.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_limits(const struct config *config)
{
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        const struct config_row *row = config_row((enum config_key)i);
        int64_t number = config->values[i].number;
        if (row->type == CONFIG_INTEGER && (number < row->min || number > row->max))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    const struct config before = config_default();
    struct config config = before;
    struct config_place place;
    if (failed(config_read(&config, "fuzz", bytes_of(data, size), &arena, &place))) {
        if (memcmp(&config, &before, sizeof(config)) != 0)
            abort();
        return 0;
    }
    check_limits(&config);
    struct text printed = config_print(&config, &arena, TEXT_EN);
    struct config again = config_default();
    if (printed.len == 0)
        return 0; /* the arena was full */
    if (failed(config_read(&again, "printed", text_bytes(printed), &arena, &place)))
        abort();
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (!text_equal(again.values[i].text, config.values[i].text))
            abort();
    }
    return 0;
}
