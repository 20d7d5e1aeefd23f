/* Random agreements and national rules from one seed: for tests and bench/. They are written as
 * text, so that what is compared has passed through the parser. */
#ifndef COMITY_TREATY_LAW_TEST_H
#define COMITY_TREATY_LAW_TEST_H

#include "treaty/condition_test.h"

static void put_kinds(struct sheet *sheet, struct dice *dice)
{
    if (dice_one_in(dice, 3))
        sheet_put(sheet, " record");
    else
        sheet_put(sheet, dice_one_in(dice, 2) ? " person" : " person, vehicle, document");
}

/* Two different parties. */
static void pick_two(struct dice *dice, const struct codes *parties, uint32_t *a, uint32_t *b)
{
    *a = dice_roll(dice, parties->count);
    *b = (*a + 1 + dice_roll(dice, parties->count - 1)) % parties->count;
}

static void put_scope(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                      bool permits)
{
    uint32_t a = 0;
    uint32_t b = 0;
    pick_two(dice, parties, &a, &b);
    if (sheet->group && dice_one_in(dice, 6))
        sheet_put(sheet, permits ? " by west to %s, west" : " by west to %s",
                  parties->items[b].data);
    else if (sheet->group && permits && dice_one_in(dice, 8))
        sheet_put(sheet, " among west");
    else if (parties->count > 3 &&
        dice_one_in(dice, 3)) /* not in national rules: they bind one sender */
        sheet_put(sheet, " by %s to %s", parties->items[a].data, parties->items[b].data);
    else if (permits)
        sheet_put(sheet, " among parties");
    else if (dice_one_in(dice, 3))
        sheet_put(sheet, " with %s", parties->items[a].data);
}

static const char *const world_fields[] = { "phone", "address", "photo", "biometric", "contact" };
static const char *const world_offices[] = { "legal-office", "ministry", "prosecutor" };

static void put_newer_parts(struct sheet *sheet, struct dice *dice)
{
    static const char *const branches[] = { "police", "police, border", "border, military" };
    if (dice_one_in(dice, 6))
        sheet_put(sheet, "    reciprocally\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "    for use by %s\n", branches[dice_roll(dice, 3)]);
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "    at most %u per day\n", 1 + dice_roll(dice, 4));
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    warn before deletion %u days\n", 2 + dice_roll(dice, 90));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    extend with reason\n");
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    when achieved delete within %u days\n", 2 + dice_roll(dice, 30));
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    offline at most %u hours\n", 2 + dice_roll(dice, 70));
    if (dice_one_in(dice, 6))
        sheet_put(sheet, "    counted from received\n    suspended by clarification, translation\n"
                         "    refusal on own-law\n    under \"Article 3(2)\"\n");
}

static void put_share(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    sheet_put(sheet, "  share");
    put_kinds(sheet, dice);
    put_conditions(sheet, dice, true);
    sheet_put(sheet, "\n   ");
    put_scope(sheet, dice, parties, true);
    sheet_put(sheet, " for %s %s\n", any_code(dice, CODE_PURPOSE),
              !dice_one_in(dice, 4)  ? "by copy"
              : dice_one_in(dice, 2) ? "by hit"
                                     : "by request");
    put_newer_parts(sheet, dice);
    if (dice_one_in(dice, 5))
        sheet_put(sheet, "    classification up to restricted\n");
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    withhold field %s\n", world_fields[dice_roll(dice, 5)]);
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    on condition %s\n", any_code(dice, CODE_CONDITION));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    retain %u years\n", 2 + dice_roll(dice, 9));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    review every %u months\n", 2 + dice_roll(dice, 9));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    answer urgent within %u hours, otherwise within %u days\n",
                  2 + dice_roll(dice, 20), 2 + dice_roll(dice, 9));
}

/* One field is also withheld elsewhere. */
static void put_coarsen(struct sheet *sheet, struct dice *dice)
{
    static const char *const what[] = { "birth-date to year", "birth-date to month",
                                        "address to country", "birth-place to country",
                                        "occupation to initials" };
    sheet_put(sheet, "  coarsen field %s", what[dice_roll(dice, 5)]);
}

static void put_narrowing(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    bool dual = sheet->dual;
    switch (dice_roll(dice, 7)) {
    case 0:
        sheet_put(sheet, "  never share");
        put_kinds(sheet, dice);
        break;
    case 1:
        sheet_put(sheet, "  never use for %s",
                  dice_one_in(dice, 3) ? "targeting" : any_code(dice, CODE_PURPOSE));
        put_scope(sheet, dice, parties, false);
        sheet_put(sheet, "\n");
        return;
    case 2:
        sheet_put(sheet, "  never share field %s", world_fields[dice_roll(dice, 5)]);
        break;
    case 3:
        sheet_put(sheet, "  release by two persons");
        break;
    case 4:
        put_coarsen(sheet, dice);
        break;
    case 5:
        sheet_put(sheet, "  duty of %s \"judges what no field tells\"",
                  world_offices[dice_roll(dice, 3)]);
        sheet->dual = false; /* a person judges */
        break;
    default:
        sheet_put(sheet, "  release by %s", world_offices[dice_roll(dice, 3)]);
        break;
    }
    put_scope(sheet, dice, parties, false);
    put_conditions(sheet, dice, false);
    sheet->dual = dual;
    sheet_put(sheet, "\n");
}

static void put_reservation(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                            uint32_t party, const uint32_t *clauses, uint32_t articles)
{
    uint32_t article = dice_roll(dice, articles);
    sheet_put(sheet, "reservation of %s to ", parties->items[party].data);
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "article %u\n", article + 1);
    else
        sheet_put(sheet, "clause %u.%u\n", article + 1, 1 + dice_roll(dice, clauses[article]));
    uint32_t count = 1 + dice_roll(dice, 2);
    for (uint32_t i = 0; i < count; i++)
        put_narrowing(sheet, dice, parties);
}

static void put_offences(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    for (uint32_t i = 0; i < parties->count; i++) {
        if (dice_one_in(dice, 4))
            continue; /* whose law nobody knows */
        sheet_put(sheet, "offences of %s (%s.*, %s%s)\n", parties->items[i].data,
                  code_row(CODE_OFFENCE, dice_roll(dice, 4))->code,
                  code_row(CODE_OFFENCE, 4 + dice_roll(dice, 4))->code,
                  dice_one_in(dice, 2) ? ".*" : "");
    }
}

/* Only agreements with a lower number are replaced or prevailed over: so there is no ring. */
static void put_relations(struct sheet *sheet, struct dice *dice, uint32_t index)
{
    if (index > 1 && dice_one_in(dice, 3))
        sheet_put(sheet, "replaces t%u version %u\n", 1 + dice_roll(dice, index - 1),
                  1 + dice_roll(dice, 3));
    if (index > 1 && dice_one_in(dice, 3))
        sheet_put(sheet, "prevails over t%u\n", 1 + dice_roll(dice, index - 1));
}

static void put_headers(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                        uint32_t index)
{
    sheet->group = parties->count > 3 && dice_one_in(dice, 2);
    sheet->dual = dice_one_in(dice, 2);
    if (sheet->group)
        sheet_put(sheet, "group west %s, %s\n", parties->items[0].data, parties->items[2].data);
    if (parties->count > 3 && dice_one_in(dice, 4))
        sheet_put(sheet, "open to accession by %s\n", parties->items[3].data);
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "in force from 20%02u-03-01 when 2 parties have ratified after 30 days\n",
                  10 + dice_roll(dice, 10));
    else
        sheet_put(sheet, "in force when all parties have signed\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "applied provisionally by %s\n", parties->items[0].data);
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "until 2030-12-31 renewed every 2 years unless notice of 3 months\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "withdrawal with notice of 6 months, data kept\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "amended by 2 parties\n");
    put_relations(sheet, dice, index);
    if (sheet->dual) {
        size_t before = sheet->len;
        put_offences(sheet, dice, parties);
        sheet->dual = sheet->len > before;
    }
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "marking of %s restricted \"Diffusion restreinte\"\n",
                  parties->items[1].data);
}

/* Sometimes the first clause of article 1, which is always a share, does not bind a party. */
static void put_treaty(struct sheet *sheet, struct dice *dice, const struct world_shape *shape,
                       uint32_t index)
{
    struct text items[TREATY_PARTIES_MAX];
    struct codes parties = { items, 0 };
    uint32_t clauses[64];
    sheet_put(sheet, "agreement t%u version %u\nparties", index, 1 + dice_roll(dice, 3));
    for (uint32_t i = 0; i < shape->members; i++) {
        if (dice_one_in(dice, 4) &&
            shape->members - i > 2 - (parties.count < 2 ? parties.count : 2))
            continue;
        items[parties.count++] = text_literal(world_members[i]);
        sheet_put(sheet, " %s", world_members[i]);
    }
    sheet_put(sheet, "\n");
    put_headers(sheet, dice, &parties, index);
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "classification up to confidential\n");
    sheet_put(sheet, "silence %u days\n", 30 + dice_roll(dice, 90));
    uint32_t articles = 1 + dice_roll(dice, shape->articles);
    for (uint32_t i = 0; i < articles; i++) {
        sheet_put(sheet, "article %u\n", i + 1);
        clauses[i] = 1 + dice_roll(dice, shape->clauses);
        for (uint32_t j = 0; j < clauses[i]; j++) {
            if ((i == 0 && j == 0) || !dice_one_in(dice, 3))
                put_share(sheet, dice, &parties);
            else
                put_narrowing(sheet, dice, &parties);
        }
    }
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "reservation of %s to clause 1.1\n  not bound\n", items[0].data);
    if (dice_one_in(dice, 2))
        put_reservation(sheet, dice, &parties, 1, clauses, articles);
}

#endif
