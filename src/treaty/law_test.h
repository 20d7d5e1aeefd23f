/* Random clauses and reservations as text, from one seed: for tests and bench/. They are written
 * as text, so that what is compared has passed through the parser. */
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

/* A party or two, or a group, or both; the first party is always among them. */
static void put_members(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                        uint32_t first)
{
    sheet_put(sheet, " %s", parties->items[first].data);
    if (sheet->groups > 0 && dice_one_in(dice, 3))
        sheet_put(sheet, ", %s", dice_roll(dice, sheet->groups) == 0 ? "west" : "east");
    else if (!sheet->plain && parties->count > 2 && dice_one_in(dice, 3))
        sheet_put(sheet, ", %s", parties->items[(first + 1) % parties->count].data);
}

static void put_two_sides(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    uint32_t a = 0;
    uint32_t b = 0;
    pick_two(dice, parties, &a, &b);
    sheet_put(sheet, " by");
    if (sheet->groups > 0 && dice_one_in(dice, 3))
        sheet_put(sheet, dice_one_in(dice, sheet->groups) ? " west" : " east");
    else
        put_members(sheet, dice, parties, a);
    sheet_put(sheet, " to");
    put_members(sheet, dice, parties, b);
}

/* National rules (three others at most) bind one sender and name nobody's side. */
static void put_scope(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                      bool permits)
{
    bool national = parties->count <= 3;
    uint32_t a = dice_roll(dice, parties->count);
    if (!national && dice_one_in(dice, 3)) {
        put_two_sides(sheet, dice, parties);
    } else if (!national && !sheet->plain && dice_one_in(dice, 6)) {
        sheet_put(sheet, " among");
        put_members(sheet, dice, parties, a);
        sheet_put(sheet, ", %s", parties->items[(a + 2) % parties->count].data);
    } else if (permits) {
        sheet_put(sheet, " among parties");
    } else if (dice_one_in(dice, 3)) {
        sheet_put(sheet, " with %s", parties->items[a].data);
    }
}

static const char *const world_fields[] = { "phone", "address", "photo", "biometric", "contact" };
static const char *const world_offices[] = { "legal-office", "ministry", "prosecutor" };

static void put_purposes(struct sheet *sheet, struct dice *dice)
{
    sheet_put(sheet, " for %s", any_code(dice, CODE_PURPOSE));
    if (!sheet->plain && dice_one_in(dice, 6))
        sheet_put(sheet, ", protection.*");
    if (!sheet->plain && dice_one_in(dice, 6))
        sheet_put(sheet, ", exercise");
}

/* What a share and an ask both take. */
static void put_shared_parts(struct sheet *sheet, struct dice *dice)
{
    static const char *const branches[] = { "police", "police, border", "border, military" };
    if (sheet->plain)
        return;
    if (dice_one_in(dice, 6))
        sheet_put(sheet, "    reciprocally\n");
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "    for use by %s\n", branches[dice_roll(dice, 3)]);
    if (dice_one_in(dice, 4))
        sheet_put(sheet, "    at most %u per day\n", 1 + dice_roll(dice, 4));
    if (dice_one_in(dice, 6))
        sheet_put(sheet, "    counted from received\n    suspended by clarification, translation\n"
                         "    refusal on own-law\n    under \"Article 3(2)\"\n");
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    on condition %s\n", any_code(dice, CODE_CONDITION));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    answer urgent within %u hours, otherwise within %u days\n",
                  2 + dice_roll(dice, 20), 2 + dice_roll(dice, 9));
}

static void put_newer_parts(struct sheet *sheet, struct dice *dice)
{
    if (sheet->plain)
        return;
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    warn before deletion %u days\n", 2 + dice_roll(dice, 90));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    extend with reason\n");
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    when achieved delete within %u days\n", 2 + dice_roll(dice, 30));
    if (dice_one_in(dice, 3))
        sheet_put(sheet, "    offline at most %u hours\n", 2 + dice_roll(dice, 70));
}

static void put_share(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    sheet_put(sheet, "  share");
    put_kinds(sheet, dice);
    put_conditions(sheet, dice, true);
    sheet_put(sheet, "\n   ");
    put_scope(sheet, dice, parties, true);
    put_purposes(sheet, dice);
    sheet_put(sheet, "\n    %s\n",
              !dice_one_in(dice, 4)  ? "by copy"
              : dice_one_in(dice, 2) ? "by hit"
                                     : "by request");
    put_shared_parts(sheet, dice);
    put_newer_parts(sheet, dice);
    if (dice_one_in(dice, 5))
        sheet_put(sheet, "    classification up to restricted\n");
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    withhold field %s\n", world_fields[dice_roll(dice, 5)]);
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    retain %u years\n", 2 + dice_roll(dice, 9));
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "    review every %u months\n", 2 + dice_roll(dice, 9));
}

static const char *const world_messages[] = { "trace", "verify", "hit-report", "use-report" };

static void put_ask(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    uint32_t kind = dice_roll(dice, 4);
    sheet_put(sheet, "  ask %s", world_messages[kind]);
    if (dice_one_in(dice, 3))
        sheet_put(sheet, ", %s", world_messages[(kind + 1) % 4]);
    put_scope(sheet, dice, parties, true);
    put_purposes(sheet, dice);
    sheet_put(sheet, "\n");
    put_shared_parts(sheet, dice);
}

/* One field is also withheld elsewhere. */
static void put_coarsen(struct sheet *sheet, struct dice *dice)
{
    static const char *const what[] = { "birth-date to year", "birth-date to month",
                                        "address to country", "birth-place to country",
                                        "occupation to initials" };
    sheet_put(sheet, "  coarsen field %s", what[dice_roll(dice, 5)]);
}

static void put_never_use(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    sheet_put(sheet, "  never use for %s",
              dice_one_in(dice, 3) ? "targeting" : any_code(dice, CODE_PURPOSE));
    put_scope(sheet, dice, parties, false);
    sheet_put(sheet, "\n");
}

static void put_narrowing(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    bool dual = sheet->dual;
    uint32_t what = dice_roll(dice, 7);
    if (what == 1) {
        put_never_use(sheet, dice, parties);
        return;
    }
    if (what == 0) {
        sheet_put(sheet, "  never share");
        put_kinds(sheet, dice);
    } else if (what == 2) {
        sheet_put(sheet, "  never share field %s", world_fields[dice_roll(dice, 5)]);
    } else if (what == 3) {
        sheet_put(sheet, "  release by two persons");
    } else if (what == 4) {
        put_coarsen(sheet, dice);
    } else if (what == 5) {
        sheet_put(sheet, "  duty of %s \"judges what no field tells\"",
                  world_offices[dice_roll(dice, 3)]);
        sheet->dual = false; /* a person judges */
    } else {
        sheet_put(sheet, "  release by %s", world_offices[dice_roll(dice, 3)]);
    }
    put_scope(sheet, dice, parties, false);
    put_conditions(sheet, dice, false);
    sheet->dual = dual;
    sheet_put(sheet, "\n");
}

static void put_clause(struct sheet *sheet, struct dice *dice, const struct codes *parties)
{
    if (!sheet->plain && dice_one_in(dice, 8))
        put_ask(sheet, dice, parties);
    else if (!dice_one_in(dice, 3))
        put_share(sheet, dice, parties);
    else
        put_narrowing(sheet, dice, parties);
}

static void put_reservation(struct sheet *sheet, struct dice *dice, const struct codes *parties,
                            const uint32_t *clauses, uint32_t articles)
{
    uint32_t article = dice_roll(dice, articles);
    sheet_put(sheet, "reservation of %s to ", parties->items[dice_roll(dice, parties->count)].data);
    if (dice_one_in(dice, 2))
        sheet_put(sheet, "article %u\n", article + 1);
    else
        sheet_put(sheet, "clause %u.%u\n", article + 1, 1 + dice_roll(dice, clauses[article]));
    if (dice_one_in(dice, 5)) {
        sheet_put(sheet, "  not bound\n");
        return;
    }
    uint32_t count = 1 + dice_roll(dice, 2);
    for (uint32_t i = 0; i < count; i++)
        put_narrowing(sheet, dice, parties);
}

#endif
