/* Any bytes as an agreement, national rules or reservations: what is accepted prints in every
 * language to a text that parses to the same tree, differs from itself in nothing, and compiles or
 * is refused. */
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
    struct json difference;
    assert(!failed(treaty_diff(treaty, &third, LANGUAGE_EN, arena, &difference)));
    assert(json_count(&difference) == 0);
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

static void check_reservations(const struct reservations *list, const struct treaty *law,
                               struct arena *arena)
{
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        struct text text;
        struct reservations second;
        struct reservations third;
        struct treaty_errors errors;
        assert(!failed(reservations_print(list, language, arena, &text)));
        assert(!failed(reservations_parse(text, language, law, arena, &errors, &second)));
        struct json json = reservations_to_json(&second, arena);
        assert(!failed(reservations_from_json(&json, law, arena, &third)));
        assert(third.count == list->count);
    }
}

/* To this the reservations are made. */
static const char law_text[] =
    "agreement law version 1\nparties NGA NER TCD x-mnjtf\ngroup sahel NER, TCD\n"
    "in force when all parties have signed\noffences of NGA (terrorism)\narticle 1\n"
    "  share person among parties for criminal-investigation by copy\n"
    "  ask trace among parties for criminal-investigation\n"
    "  share vehicle among parties for criminal-investigation by copy\n"
    "  share document among parties for criminal-investigation by copy\n"
    "article 2\n  never use for targeting\n";

static void try_reservations(struct text text, struct arena *arena)
{
    struct treaty law;
    struct treaty_errors errors;
    struct reservations list;
    struct json json;
    assert(!failed(treaty_parse(text_literal(law_text), LANGUAGE_EN, arena, &errors, &law)));
    if (!failed(reservations_parse(text, LANGUAGE_ANY, &law, arena, &errors, &list)))
        check_reservations(&list, &law, arena);
    if (!failed(json_parse(text_bytes(text), arena, &json)) &&
        !failed(reservations_from_json(&json, &law, arena, &list)))
        check_reservations(&list, &law, arena);
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
    arena_reset(&arena);
    try_reservations(text, &arena);
    return 0;
}
