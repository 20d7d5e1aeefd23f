#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "treaty/status.h"

enum { ARENA_BYTES = 1 << 20 };

static uint8_t memory[ARENA_BYTES];

static struct treaty parse(const char *head)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct treaty_errors errors;
    struct treaty treaty;
    struct text text = arena_join(
        &arena, text_literal("agreement a version 1\nparties NGA NER TCD\n"), text_literal(head));
    text = arena_join(&arena, text, text_literal("article 1\n"));
    assert_false(failed(treaty_parse(text, LANGUAGE_EN, &arena, &errors, &treaty)));
    return treaty;
}

static struct instant day(int number)
{
    return instant_plus(date_begin((struct date){ 2026, 1, 1 }), number * INSTANT_DAY);
}

static struct treaty_event sign(const char *party, int number)
{
    return (struct treaty_event){ .act = ACT_SIGN,
                                  .party = text_literal(party),
                                  .at = day(number) };
}

static struct treaty_event withdraw(const char *party, int number)
{
    return (struct treaty_event){ .act = ACT_WITHDRAW,
                                  .party = text_literal(party),
                                  .at = day(number) };
}

static void it_enters_into_force_with_the_last_signature_needed(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when all parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 3), sign("TCD", 1), sign("BEN", 0),
                                     sign("NER", 7) };
    assert_int_equal(treaty_status(&treaty, events, 0, day(9)).state, TREATY_DRAFT);
    assert_int_equal(treaty_status(&treaty, events, 3, day(9)).state, TREATY_SIGNED_BY_SOME);
    assert_int_equal(treaty_status(&treaty, events, 3, day(9)).signed_count, 2);
    struct treaty_status status = treaty_status(&treaty, events, 4, day(9));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(7).ms);
    assert_int_equal(treaty_status(&treaty, events, 4, day(6)).state, TREATY_SIGNED_BY_SOME);
}

static void its_first_and_last_day_are_kept(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-01-11 when 2 parties have signed\n"
                                 "until 2026-01-20\n");
    struct treaty_event events[] = { sign("NGA", 3), sign("TCD", 1), sign("NER", 14) };
    struct treaty_status status = treaty_status(&treaty, events, 3, day(10));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(10).ms);
    assert_int_equal(status.until.ms, day(20).ms);         /* the whole last day */
    assert_int_equal(status.bound[1].from.ms, day(14).ms); /* NER joins later */
    assert_int_equal(treaty_status(&treaty, events, 3, instant_plus(day(10), -1)).state,
                     TREATY_SIGNED_BY_SOME);
    assert_int_equal(treaty_status(&treaty, events, 3, day(20)).state, TREATY_ENDED);
    assert_int_equal(treaty_status(&treaty, events, 3, instant_plus(day(20), -1)).state,
                     TREATY_IN_FORCE);
}

static void a_withdrawal_ends_it_for_that_party_and_the_last_pair_for_all(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when all parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 0),     sign("NER", 0),     sign("TCD", 0),
                                     withdraw("NER", 5), withdraw("NER", 6), withdraw("NGA", 8) };
    struct treaty_status status = treaty_status(&treaty, events, 5, day(5));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_true(status.bound[1].withdrawn);
    assert_int_equal(status.bound[1].until.ms, day(5).ms);
    assert_false(status.bound[0].withdrawn);
    assert_int_equal(status.bound[0].until.ms, INT64_MAX);
    status = treaty_status(&treaty, events, 6, day(8));
    assert_int_equal(status.state, TREATY_ENDED);
    assert_int_equal(status.bound[2].until.ms, day(8).ms); /* TCD is alone */
    assert_false(status.bound[2].withdrawn);
}

static void who_left_before_entry_does_not_count(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-01-11 when 2 parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 0), sign("NER", 1), withdraw("NGA", 5),
                                     sign("TCD", 20) };
    assert_int_equal(treaty_status(&treaty, events, 3, day(12)).state, TREATY_SIGNED_BY_SOME);
    struct treaty_status status = treaty_status(&treaty, events, 4, day(30));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(20).ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_enters_into_force_with_the_last_signature_needed),
        cmocka_unit_test(its_first_and_last_day_are_kept),
        cmocka_unit_test(a_withdrawal_ends_it_for_that_party_and_the_last_pair_for_all),
        cmocka_unit_test(who_left_before_entry_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
