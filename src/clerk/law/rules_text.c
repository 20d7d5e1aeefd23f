/* Texts of agreements and national rules, and what their trees say. */
#include "clerk/law/rules.h"

#include "clerk/record/life.h"
#include "core/encode.h"
#include "treaty/decide.h"

static struct err describe(const struct treaty *treaty, struct arena *arena,
                           struct rules_text *out)
{
    struct rules_text text = { .name = treaty->name, .version = treaty->version };
    struct err e = treaty_hash(treaty, arena, &text.hash);
    if (failed(e))
        return e;
    text.tree = treaty_to_json(treaty, arena);
    for (uint32_t i = 0; i < treaty->parties.count && i < RULES_TEXTS_MAX; i++)
        text.parties.items[text.parties.count++] = treaty->parties.items[i];
    text.language = "en";
    *out = text;
    return arena_check(arena);
}

struct err rules_read(struct text text, struct arena *arena, struct rules_text *out)
{
    struct treaty treaty;
    struct treaty_errors errors = { .count = 0 };
    struct err e = treaty_parse(text, LANGUAGE_ANY, arena, &errors, &treaty);
    if (failed(e))
        return e;
    e = describe(&treaty, arena, out);
    if (failed(e))
        return e;
    enum language language = treaty_language(text);
    out->language = language == LANGUAGE_FR ? "fr" : language == LANGUAGE_AR ? "ar" : "en";
    return err_none();
}

struct err rules_read_tree(const struct json *tree, struct arena *arena, struct rules_text *out)
{
    struct treaty treaty;
    struct err e = treaty_from_json(tree, arena, &treaty);
    return failed(e) ? e : describe(&treaty, arena, out);
}

struct err rules_pin(const struct json *tree, struct text party, struct arena *arena,
                     struct rules_pin *out)
{
    struct treaty treaty;
    struct err e = treaty_from_json(tree, arena, &treaty);
    if (failed(e))
        return e;
    const struct annex_entry *entry = treaty_annex_find(&treaty, party);
    if (entry == NULL)
        return err_make(ERR_NOT_FOUND, "clerk.not-in-annex");
    memcpy(out->root, entry->key, sizeof(out->root));
    out->address = entry->address;
    return err_none();
}

struct err rules_print(const struct json *tree, struct text language, struct arena *arena,
                       struct text *out)
{
    struct treaty treaty;
    enum language tongue = LANGUAGE_EN;
    if (tree == NULL || !treaty_language_parse(language, &tongue))
        return err_make(ERR_INVALID, "clerk.unknown-language");
    struct err e = treaty_from_json(tree, arena, &treaty);
    return failed(e) ? e : treaty_print(&treaty, tongue, arena, out);
}

struct err rules_check_text(struct text text, struct arena *arena, struct json *out)
{
    struct treaty treaty;
    struct treaty_errors errors = { .count = 0 };
    struct json list = json_array();
    struct err e = treaty_parse(text, LANGUAGE_ANY, arena, &errors, &treaty);
    *out = json_object();
    json_set(arena, out, "ok", json_bool(!failed(e)));
    for (uint32_t i = 0; i < errors.count; i++) {
        struct text_place place = treaty_place(text, errors.items[i].at);
        struct json one = json_object();
        json_set_integer(arena, &one, "line", place.line);
        json_set_integer(arena, &one, "column", place.column);
        json_set(arena, &one, "rule", json_literal(errors.items[i].rule));
        json_push(arena, &list, one);
    }
    json_set(arena, out, "errors", list);
    if (failed(e) && errors.count == 0)
        return e;
    struct hash hash;
    if (!failed(e) && !failed(treaty_hash(&treaty, arena, &hash)))
        json_set_text(arena, out, "hash", hex_format(arena, BYTES_OF(hash.bytes)));
    return arena_check(arena);
}

struct err rules_check_national(struct text text, struct arena *arena)
{
    struct national national;
    struct treaty_errors errors = { .count = 0 };
    return national_parse(text, LANGUAGE_ANY, arena, &errors, &national);
}

struct err rules_reservations(const struct json *tree, struct text text, struct arena *arena,
                              struct json *out)
{
    return life_reservations(tree, text, arena, out);
}
