/* Any bytes as an agreement or national rules: what is accepted prints in every language to a text
 * that parses to the same tree, and compiles or is refused. */
#include <assert.h>
#include <stdlib.h>

#include "treaty/decide.h"

enum { ARENA_BYTES = 48 << 20 };

static void check_treaty(const struct treaty *treaty, struct arena *arena)
{
    static struct treaty_status status; /* nobody is bound */
    struct treaty_force force = { .treaty = treaty, .status = &status };
    const struct ruleset *rules = NULL;
    struct hash first;
    struct hash second;
    assert(!failed(treaty_hash(treaty, arena, &first)));
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        struct text text;
        struct treaty again;
        struct treaty_errors errors;
        assert(!failed(treaty_print(treaty, language, arena, &text)));
        assert(!failed(treaty_parse(text, language, arena, &errors, &again)));
        assert(!failed(treaty_hash(&again, arena, &second)));
        assert(hash_equal(&first, &second));
    }
    struct json json = treaty_to_json(treaty, arena);
    struct treaty third;
    assert(!failed(treaty_from_json(&json, arena, &third)));
    (void)failed(treaty_compile(&force, 1, NULL, arena, &rules));
}

static void check_national(const struct national *national, struct arena *arena)
{
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        struct text text;
        struct text again;
        struct national second;
        struct treaty_errors errors;
        assert(!failed(national_print(national, language, arena, &text)));
        assert(!failed(national_parse(text, language, arena, &errors, &second)));
        assert(!failed(national_print(&second, language, arena, &again)));
        assert(text_equal(text, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *memory;
    struct text text;
    struct treaty treaty;
    struct national national;
    struct treaty_errors errors;
    struct json json;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    if (memory == NULL || size > 64 * 1024)
        return 0;
    struct arena arena = arena_over(memory, ARENA_BYTES);
    if (failed(text_parse(bytes_of(data, size), &text)))
        return 0;
    if (!failed(treaty_parse(text, LANGUAGE_ANY, &arena, &errors, &treaty)))
        check_treaty(&treaty, &arena);
    for (uint32_t i = 0; i < errors.count; i++)
        assert(errors.items[i].at <= size);
    if (!failed(national_parse(text, LANGUAGE_ANY, &arena, &errors, &national)))
        check_national(&national, &arena);
    if (!failed(json_parse(text_bytes(text), &arena, &json)) &&
        !failed(treaty_from_json(&json, &arena, &treaty)))
        check_treaty(&treaty, &arena);
    return 0;
}
