/* A sheet of random text as an agreement that every reading accepts. */
#ifndef COMITY_TREATY_SHEET_TEST_H
#define COMITY_TREATY_SHEET_TEST_H

#include "treaty/law_test.h"

enum { WORLD_NAMES = 3 };

/* What an agreement of a world is called, and which others it names. */
struct world_name {
    uint32_t name, version; /* "t1" … */
};

static void put_offences(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    for (uint32_t i = 0; i < parties->count; i++) {
        if (dice_one_in(dice, 4))
            continue; /* whose law nobody knows */
        sheet_put(sheet, "offences of %s (%s%s, %s%s)\n", parties->items[i].data,
                  code_row(CODE_OFFENCE, dice_roll(dice, 4))->code,
                  dice_one_in(dice, 2) ? ".*" : "",
                  code_row(CODE_OFFENCE, 4 + dice_roll(dice, 4))->code,
                  dice_one_in(dice, 8)   ? ", *"
                  : dice_one_in(dice, 2) ? ".*"
                                         : "");
    }
}

/* Names of a world before number `index` stand in `names`: so there is no ring; `ring`: of all. */
static void put_relations(struct sheet *sheet, struct dice *dice, const struct world_name *names,
                          uint32_t index, uint32_t others)
{
    struct world_name self = names[index];
    struct world_name other = names[dice_roll(dice, others)];
    bool earlier = other.name != self.name || other.version < self.version;
    bool same = other.name == self.name && other.version == self.version;
    if (!same && earlier && dice_one_in(dice, 3)) {
        sheet_put(sheet, "replaces t%u version %u", other.name, other.version);
        if (dice_one_in(dice, 4))
            sheet_put(sheet, ", t%u version 9", 1 + (self.name + 1) % WORLD_NAMES);
        sheet_put(sheet, "\n");
    }
    other = names[dice_roll(dice, others)];
    if (other.name != self.name && dice_one_in(dice, 3))
        sheet_put(sheet, "prevails over t%u\n", other.name);
}

static void put_groups(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    const struct text *items = parties->items;
    sheet->groups = parties->count > 3 && !sheet->plain ? dice_roll(dice, 3) : 0;
    if (sheet->groups > 0)
        sheet_put(sheet, "group west %s, %s\n", items[0].data, items[2].data);
    if (sheet->groups > 1)
        sheet_put(sheet, "group east %s, %s\n", items[1].data, items[2].data);
    if (!sheet->plain && parties->count > 3 && dice_one_in(dice, 4))
        sheet_put(sheet, "open to accession by %s\n", items[3].data);
}

static void put_term(struct sheet *sheet, struct dice *dice)
{
    if (!dice_one_in(dice, 4))
        return;
    sheet_put(sheet, "until 20%02u-12-31", 24 + dice_roll(dice, 8));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, " renewed every %u %s", 1 + dice_roll(dice, 3),
                  dice_one_in(dice, 2) ? "years" : "months");
    sheet_put(sheet, "\n");
}

static void put_entry(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    sheet_put(sheet, "in force");
    if (dice_one_in(dice, 2))
        sheet_put(sheet, " from 20%02u-03-01", 10 + dice_roll(dice, 3));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, " when 2 parties have %s",
                  dice_one_in(dice, 3) ? "ratified after 30 days" : "signed");
    else
        sheet_put(sheet, " when all parties have %s", dice_one_in(dice, 4) ? "ratified" : "signed");
    sheet_put(sheet, "\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "applied provisionally by %s, %s\n", parties->items[0].data,
                  parties->items[1].data);
    put_term(sheet, dice);
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "withdrawal with notice of 6 months%s\n",
                  dice_one_in(dice, 2) ? ", data kept" : "");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "amended by 2 parties\n");
}

static void put_headers(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    put_groups(sheet, dice, parties);
    put_entry(sheet, dice, parties);
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "classification up to confidential\n");
    sheet_put(sheet, "silence %u days\n", 30 + dice_roll(dice, 60));
}

static void put_tail(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    sheet->dual = !sheet->plain && dice_one_in(dice, 2);
    if (sheet->dual) {
        size_t before = sheet->len;
        put_offences(sheet, dice, parties);
        sheet->dual = sheet->len > before;
    }
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "marking of %s restricted \"Diffusion restreinte\"\n",
                  parties->items[1].data);
}

static void put_parties(struct sheet *sheet, struct dice *dice, const struct world_shape *shape,
                        struct codes *parties, struct text *items)
{
    parties->items = items;
    parties->count = 0;
    sheet_put(sheet, "parties");
    for (uint32_t i = 0; i < shape->members; i++) {
        if (dice_one_in(dice, 4) &&
            shape->members - i > 2 - (parties->count < 2 ? parties->count : 2))
            continue;
        items[parties->count++] = text_literal(world_members[i]);
        sheet_put(sheet, " %s", world_members[i]);
    }
    sheet_put(sheet, "\n");
}

/* The first clause of article 1 is always a share. */
static uint32_t put_articles(struct sheet *sheet, struct dice *dice,
                             const struct world_shape *shape, const struct codes *parties,
                             uint32_t *clauses)
{
    uint32_t articles = 1 + dice_roll(dice, shape->articles);
    for (uint32_t i = 0; i < articles; i++) {
        sheet_put(sheet, "article %u\n", i + 1);
        clauses[i] = 1 + dice_roll(dice, shape->clauses);
        for (uint32_t j = 0; j < clauses[i]; j++) {
            if (i == 0 && j == 0)
                put_share(sheet, dice, parties);
            else
                put_clause(sheet, dice, parties);
        }
    }
    return articles;
}

/* Number `index` of a world whose agreements are called `names`; it names the first `others`. */
struct world_place {
    const struct world_name *names;
    uint32_t index, others;
};

static void put_treaty(struct sheet *sheet, struct dice *dice, const struct world_shape *shape,
                       const struct world_place *place)
{
    struct text items[TREATY_PARTIES_MAX];
    struct codes parties;
    uint32_t clauses[64];
    sheet->len = 0;
    sheet->plain = shape->plain;
    sheet_put(sheet, "agreement t%u version %u\n", place->names[place->index].name,
              place->names[place->index].version);
    put_parties(sheet, dice, shape, &parties, items);
    put_headers(sheet, dice, &parties);
    if (!sheet->plain && place->others > 0)
        put_relations(sheet, dice, place->names, place->index, place->others);
    put_tail(sheet, dice, &parties);
    uint32_t articles = put_articles(sheet, dice, shape, &parties, clauses);
    for (uint32_t i = dice_roll(dice, 3); i > 0; i--)
        put_reservation(sheet, dice, &parties, clauses, articles);
}

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

/* Chance names one thing twice, or takes a party out of a prohibition: another throw. */
static bool sheet_thrown_badly(struct err e)
{
    static const char *const rules[] = { "treaty.said-twice", "treaty.with-itself",
                                         "treaty.reservation-widens" };
    bool badly = false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        badly |= strcmp(e.rule, rules[i]) == 0;
    return badly;
}

/* Without the clauses that make no sense; anew where a reservation then is to nothing. */
static struct treaty random_treaty(struct dice *dice, const struct world_shape *shape,
                                   const struct world_place *place, struct sheet *sheet,
                                   struct arena *arena)
{
    struct treaty treaty;
    struct treaty_errors errors;
    size_t mark = arena->used;
    bool cut = false;
    put_treaty(sheet, dice, shape, place);
    for (;;) {
        arena_rewind(arena, mark);
        struct err e = treaty_parse(sheet_copy(sheet, arena), LANGUAGE_EN, arena, &errors, &treaty);
        if (!failed(e))
            return treaty;
        if (sheet_cut(sheet, e)) {
            cut = true;
        } else if (cut || sheet_thrown_badly(e)) {
            cut = false;
            put_treaty(sheet, dice, shape, place);
        } else {
            fprintf(stderr, "%s at %u in\n%.*s", e.rule, e.at, (int)sheet->len, sheet->data);
            abort();
        }
    }
}

#endif
