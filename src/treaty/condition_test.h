/* Random conditions as text: for tests and bench/. */
#ifndef COMITY_TREATY_CONDITION_TEST_H
#define COMITY_TREATY_CONDITION_TEST_H

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "treaty/dice_test.h"
#include "treaty/reference.h"

enum { WORLD_TREATIES_MAX = 6, WORLD_TEXT_MAX = 256 * 1024, WORLD_ALERTS_MAX = 4 };

/* How large the agreements of a world are. */
struct world_shape {
    uint32_t members;                     /* of world_members */
    uint32_t treaties, articles, clauses; /* at most */
    bool plain;                           /* nothing that Cedar cannot say (bench/cedar) */
    bool settled; /* nobody's acts: nearly all are bound, and nothing is stopped */
};

static const char *const world_members[] = {
    "NGA", "NER", "TCD", "CMR", "BEN", "GHA", "TGO", "x-mnjtf", "CIV", "SEN",
    "MLI", "BFA", "GIN", "SLE", "LBR", "GMB", "GNB", "CPV",     "MRT", "DZA",
    "TUN", "LBY", "EGY", "SDN", "SSD", "ETH", "KEN", "UGA",     "RWA", "BDI",
};

struct sheet {
    char *data;
    size_t len;
    bool plain;      /* see struct world_shape */
    bool dual;       /* the agreement has lists of offences */
    uint32_t groups; /* ... and so many groups, west and east */
};

__attribute__((format(printf, 2, 3))) static void sheet_put(struct sheet *sheet, const char *format,
                                                            ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(sheet->data + sheet->len, WORLD_TEXT_MAX - sheet->len, format, args);
    va_end(args);
    assert(len >= 0 && sheet->len + (size_t)len < WORLD_TEXT_MAX);
    sheet->len += (size_t)len;
}

static const char *any_code(struct dice *dice, enum code_list list)
{
    uint32_t count = (uint32_t)code_count(list);
    return code_row(list, dice_roll(dice, count < 12 ? count : 12))->code;
}

static void put_list(struct sheet *sheet, struct dice *dice, enum code_list list, bool patterns)
{
    uint32_t count = 1 + dice_roll(dice, 3);
    uint32_t first = dice_roll(dice, 4);
    uint32_t rows = (uint32_t)code_count(list);
    if (!sheet->plain && dice_one_in(dice, 20)) {
        sheet_put(sheet, " is *");
        return;
    }
    sheet_put(sheet, count == 1 ? " is " : " in (");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t step = rows < 12 ? 1 : 3;
        const char *code = code_row(list, (first + step * i) % (rows < 12 ? rows : 12))->code;
        sheet_put(sheet, "%s%s%s", i > 0 ? ", " : "", code,
                  patterns && dice_one_in(dice, 3) ? ".*" : "");
    }
    sheet_put(sheet, count == 1 ? "" : ")");
}

static void put_newer_test(struct sheet *sheet, struct dice *dice)
{
    switch (dice_roll(dice, 7)) {
    case 0:
        sheet_put(sheet, "handling");
        put_list(sheet, dice, CODE_HANDLING, false);
        break;
    case 1:
        sheet_put(sheet, "action");
        put_list(sheet, dice, CODE_ACTION, false);
        break;
    case 2:
        sheet_put(sheet, "unit in (%s, %s)", dice_one_in(dice, 2) ? "registry" : "seme-krake",
                  dice_one_in(dice, 6) ? "*" : "border.*");
        break;
    case 3:
        sheet_put(sheet, "maximum penalty at least %u %s", 2 + dice_roll(dice, 30),
                  dice_one_in(dice, 2) ? "years" : "months");
        break;
    case 4:
        sheet_put(sheet, "sentence at least %u months", 2 + dice_roll(dice, 20));
        break;
    case 5:
        sheet_put(sheet, dice_one_in(dice, 2) ? "third-party data" : "urgent case");
        break;
    default:
        sheet_put(sheet, sheet->dual ? "dual criminality" : "urgent case");
        break;
    }
}

/* 12 is for notes, which not every condition may read. */
static uint32_t random_form(const struct sheet *sheet, struct dice *dice)
{
    uint32_t form = dice_roll(dice, sheet->plain ? 12 : 20);
    return form < 12 ? form : form + 1;
}

static void put_random_test(struct sheet *sheet, struct dice *dice, bool notes)
{
    static const char *const levels[] = { "unclassified", "restricted", "confidential", "secret" };
    switch (notes && dice_one_in(dice, 7) ? 12 : random_form(sheet, dice)) {
    case 0:
    case 1:
        sheet_put(sheet, "category");
        put_list(sheet, dice, CODE_CATEGORY, true);
        break;
    case 2:
        sheet_put(sheet, "offence");
        put_list(sheet, dice, CODE_OFFENCE, true);
        break;
    case 3:
        sheet_put(sheet, "subject");
        put_list(sheet, dice, CODE_SUBJECT, false);
        break;
    case 4:
        sheet_put(sheet, "nationality");
        put_list(sheet, dice, CODE_COUNTRY, false);
        break;
    case 5:
        sheet_put(sheet, "warning");
        put_list(sheet, dice, CODE_WARNING, false);
        break;
    case 6:
        sheet_put(sheet, "grading");
        put_list(sheet, dice, CODE_GRADING, true);
        break;
    case 7:
        sheet_put(sheet, "classification up to %s", levels[dice_roll(dice, 4)]);
        break;
    case 8:
        sheet_put(sheet, dice_one_in(dice, 2) ? "subject is minor" : "age under %u",
                  14 + dice_roll(dice, 20));
        break;
    case 9:
        sheet_put(sheet, "penalty may be death");
        break;
    case 10:
        sheet_put(sheet, "assurance %s", dice_one_in(dice, 2) ? "no-death-penalty" : "no-torture");
        break;
    case 11:
        sheet_put(sheet, "kind");
        put_list(sheet, dice, CODE_KIND, false);
        break;
    default:
        put_newer_test(sheet, dice);
        break;
    case 12:
        sheet_put(sheet, "note %s%s", any_code(dice, CODE_NOTE),
                  dice_one_in(dice, 2) ? " is that party" : "");
        break;
    }
}

static void put_random_condition(struct sheet *sheet, struct dice *dice, uint32_t depth, bool notes)
{
    uint32_t form = depth == 0 ? 9 : dice_roll(dice, 10);
    if (form < 2) {
        sheet_put(sheet, "not ");
        put_random_condition(sheet, dice, depth - 1, notes);
    } else if (form < 6) {
        uint32_t count = 2 + dice_roll(dice, 2);
        sheet_put(sheet, "(");
        for (uint32_t i = 0; i < count; i++) {
            sheet_put(sheet, i == 0 ? "" : form < 4 ? " and " : " or ");
            put_random_condition(sheet, dice, depth - 1, notes);
        }
        sheet_put(sheet, ")");
    } else {
        put_random_test(sheet, dice, notes);
    }
}

static void put_conditions(struct sheet *sheet, struct dice *dice, bool permits)
{
    if (!dice_one_in(dice, 4)) {
        sheet_put(sheet, " where ");
        put_random_condition(sheet, dice, dice_roll(dice, 3), !permits);
    }
    if (dice_one_in(dice, 4)) {
        sheet_put(sheet, " unless ");
        put_random_condition(sheet, dice, dice_roll(dice, 2), permits);
    }
}

#endif
