#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import/paxlst.h"

#define HEAD "UNA:+.? 'UNB+UNOA:4+CARRIER+DESK+261123:0900+1'" \
             "UNG+PAXLST+A+B+261123:0900+1+UN+D:12B'" \
             "UNH+1+PAXLST:D:12B:UN:IATA'BGM+745'NAD+MS+++SMITH:HELPDESK'TDT+20+XX123'"

static uint8_t memory[1 << 20];
static struct arena arena;
static struct paxlst list;
static struct paxlst_person person;

static int begin(void **state)
{
    (void)state;
    arena = arena_over(memory, sizeof(memory));
    return 0;
}

static void open_list(const char *text)
{
    list = paxlst_over(text_bytes(text_literal(text)), (struct date){ 2026, 11, 23 });
}

/* The rule of the next one; "" when it is good, "end" when there is none. */
static const char *next(void)
{
    struct err e;
    if (!paxlst_next(&list, &arena, &person, &e))
        return "end";
    return failed(e) ? e.rule : "";
}

static void a_passenger_is_name_sex_birth_nationality_and_documents(void **state)
{
    (void)state;
    open_list(HEAD "NAD+FL+++EXAMPLESON:ANNA:MARIA+20 MAIN ST+TOWN+++UTO'ATT+2++F'DTM+329:740812'"
                   "LOC+178+XXA'NAT+2+UTO'DOC+P:110:111+L898902C3'DTM+36:310415'LOC+91+UTO'"
                   "DOC+V+V123'LOC+91+XXB'CNT+42:1'UNT+9+1'UNE+1+1'UNZ+1+1'");
    assert_string_equal(next(), "");
    assert_true(text_is(person.family, "EXAMPLESON"));
    assert_true(text_is(person.given, "ANNA MARIA"));
    assert_int_equal(person.sex, 'F');
    assert_int_equal(person.segment, 7);
    assert_true(person.has_birth);
    assert_int_equal(person.birth.year, 1974);
    assert_int_equal(person.birth.day, 12);
    assert_int_equal(person.nationality_count, 1);
    assert_int_equal(person.document_count, 2);
    assert_true(text_is(person.documents[0].number, "L898902C3"));
    assert_true(text_is(person.documents[0].country, "UTO"));
    assert_true(text_is(person.documents[1].country, "XXB"));
    assert_string_equal(next(), "end");
}

static void a_year_of_two_digits_is_no_day_to_come(void **state)
{
    (void)state;
    open_list(HEAD "NAD+FL+++A:B'DTM+329:270101'NAD+FM+++C:D'DTM+329:260101'NAD+FL+++E'"
                   "DTM+329:19011231'CNT+42:2'CNT+41:1'");
    assert_string_equal(next(), "");
    assert_int_equal(person.birth.year, 1927);
    assert_string_equal(next(), "");
    assert_int_equal(person.birth.year, 2026);
    assert_string_equal(next(), "");
    assert_int_equal(person.birth.year, 1901);
    assert_string_equal(next(), "end");
}

static void what_is_released_is_a_letter_and_the_advice_may_name_others(void **state)
{
    (void)state;
    open_list(HEAD "NAD+FL+++O?'NEILL?+SONS:A??B'");
    assert_string_equal(next(), "");
    assert_true(text_is(person.family, "O'NEILL+SONS"));
    assert_true(text_is(person.given, "A?B"));
    open_list("UNA/*.! ~UNB*x~\nUNH*1*PAXLST/D~\nNAD*FL***DOE/JANE!~X~\nATT*2**M~\n");
    assert_string_equal(next(), "");
    assert_true(text_is(person.given, "JANE~X"));
    assert_int_equal(person.sex, 'M');
    assert_string_equal(next(), "end");
}

static void one_that_is_broken_is_told_and_the_rest_goes_on(void **state)
{
    (void)state;
    open_list(HEAD "NAD+FL+++GOOD:ONE'NAD+FL'ATT+2++M'NAD+FL+++BAD:DAY'DTM+329:740231'NAT+2+UTO'"
                   "NAD+FL+++GOOD:TWO'CNT+42:5'UNT'UNH+2+CUSRES:D'NAD+FL+++NO:BODY'UNT'"
                   "UNH+3+PAXLST'NAD+FL+++GOOD:THREE'CNT+42:1'NAD+FL+++CUT:OFF'DTM+329:74");
    static const char *const want[] = { "", "paxlst.no-name", "paxlst.bad-date", "",
                                        "paxlst.count", "paxlst.other-message", "",
                                        "paxlst.unfinished", "end" };
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        assert_string_equal(next(), want[i]);
}

static void a_segment_without_an_end_is_bounded(void **state)
{
    (void)state;
    static char text[PAXLST_SEGMENT_MAX + 300];
    memset(text, 'A', sizeof(text) - 1);
    memcpy(text, HEAD, sizeof(HEAD) - 1);
    memcpy(text + sizeof(text) - 30, "'NAD+FL+++AFTER:ALL'", 20);
    open_list(text);
    assert_string_equal(next(), "paxlst.segment-too-long");
    assert_string_equal(next(), "paxlst.unfinished");
    assert_true(paxlst_looks_like(text_bytes(TEXT("UNB+UNOA"))));
    assert_false(paxlst_looks_like(text_bytes(TEXT("name,birth"))));
    assert_false(paxlst_looks_like(text_bytes(TEXT("UN"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_passenger_is_name_sex_birth_nationality_and_documents, begin),
        cmocka_unit_test_setup(a_year_of_two_digits_is_no_day_to_come, begin),
        cmocka_unit_test_setup(what_is_released_is_a_letter_and_the_advice_may_name_others, begin),
        cmocka_unit_test_setup(one_that_is_broken_is_told_and_the_rest_goes_on, begin),
        cmocka_unit_test_setup(a_segment_without_an_end_is_bounded, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
