/* A sheet of random text as an agreement that every reading accepts. */
#ifndef COMITY_TREATY_SHEET_TEST_H
#define COMITY_TREATY_SHEET_TEST_H

#include "treaty/law_test.h"

static struct text sheet_copy(const struct sheet *sheet, struct arena *arena)
{
    struct text text;
    struct err e = text_parse(bytes_of(sheet->data, sheet->len), &text);
    assert(!failed(e));
    return arena_copy_text(arena, text);
}

/* Chance also writes what no reading accepts: a clause twice, one that takes another back, a
 * condition that nothing meets. Such a clause is cut out of the sheet. */
static bool sheet_cut(struct sheet *sheet, struct err e)
{
    static const char *const rules[] = { "treaty.clause-twice", "treaty.contradicts-itself",
                                         "treaty.never-true" };
    bool senseless = false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        senseless |= strcmp(e.rule, rules[i]) == 0;
    if (!senseless)
        return false;
    char *begin = sheet->data + e.at;
    char *end = begin;
    do {
        end = (char *)memchr(end, '\n', sheet->len - (size_t)(end - sheet->data)) + 1;
    } while (strncmp(end, "    ", 4) == 0);
    while (begin[-1] != '\n')
        begin--;
    memmove(begin, end, sheet->len - (size_t)(end - sheet->data));
    sheet->len -= (size_t)(end - begin);
    return true;
}

/* Without the clauses that make no sense; anew where a reservation then is to nothing. */
static struct treaty random_treaty(struct dice *dice, const struct world_shape *shape,
                                   uint32_t index, struct sheet *sheet, struct arena *arena)
{
    struct treaty treaty;
    struct treaty_errors errors;
    size_t mark = arena->used;
    bool cut = false;
    sheet->len = 0;
    put_treaty(sheet, dice, shape, index);
    for (;;) {
        arena_rewind(arena, mark);
        struct err e = treaty_parse(sheet_copy(sheet, arena), LANGUAGE_EN, arena, &errors, &treaty);
        if (!failed(e))
            return treaty;
        if (sheet_cut(sheet, e)) {
            cut = true;
        } else if (cut) {
            cut = false;
            sheet->len = 0;
            put_treaty(sheet, dice, shape, index);
        } else {
            fprintf(stderr, "%s at %u in\n%.*s", e.rule, e.at, (int)sheet->len, sheet->data);
            abort();
        }
    }
}

#endif
