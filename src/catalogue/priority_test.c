#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalogue/priority.h"

/* The compatibility table of the SIRENE Manual, section 2.2, typed from the domain reference and
 * not from the edition. Descending priority; "+" may stand together. */
struct line {
    const char *category, *check;
    const char *row;
};

static const struct line persons[] = {
    /*                                          A R p c S s D d m j */
    { "wanted.arrest", "",                     "+ + + + . . . . + +" },
    { "entry.refusal", "",                     "+ + . . . . . . . ." },
    { "missing.protect", "",                   "+ . + + . . . . + +" },
    { "missing.child", "",                     "+ . + + . . . . + +" },
    { "check", "specific.immediate",           ". . . . + + . . . ." },
    { "check.security", "specific",            ". . . . + + . . . ." },
    { "check", "discreet.immediate",           ". . . . . . + + . ." },
    { "check", "discreet",                     ". . . . . . + + . ." },
    { "missing.locate", "",                    "+ . + + . . . . + +" },
    { "wanted.judicial", "",                   "+ . + + . . . . + +" },
};

/* evidence, invalidated, seizure: mutually; checks with their own kind alone. */
static const struct line objects[] = {
    { "object.evidence", "",         "+ + + . ." },
    { "object.invalid", "",          "+ + + . ." },
    { "object.seize", "",            "+ + + . ." },
    { "check", "specific",           ". . . + ." },
    { "check.security", "discreet",  ". . . . +" },
};

static struct meeting meet(const char *edition, enum record_kind kind, const struct line *newer,
                           const struct line *standing)
{
    struct alert_kind a = { text_literal(newer->category), text_literal(newer->check) };
    struct alert_kind b = { text_literal(standing->category), text_literal(standing->check) };
    return priority_meet(edition_find(text_literal(edition)), kind, a, b);
}

static void check_cell(const struct line *lines, size_t i, size_t j, enum record_kind kind)
{
    struct meeting m = meet("sis", kind, &lines[i], &lines[j]);
    enum entry wanted = ENTRY_FREE;
    if (lines[i].row[2 * j] != '+') {
        bool arrest = strcmp(lines[i].category, "wanted.arrest") == 0;
        wanted = arrest ? ENTRY_AT_ONCE : i < j ? ENTRY_CONSULTS : ENTRY_WAITS;
    }
    if (m.entry != wanted || (m.rule == NULL) != (wanted == ENTRY_FREE))
        fail_msg("%s %s meets %s %s: %d", lines[i].category, lines[i].check, lines[j].category,
                 lines[j].check, (int)m.entry);
}

static void every_cell_of_the_persons_table_is_as_the_manual_says(void **state)
{
    size_t count = sizeof(persons) / sizeof(persons[0]);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strlen(persons[i].row), 2 * count - 1);
        for (size_t j = 0; j < count; j++)
            check_cell(persons, i, j, RECORD_PERSON);
    }
}

static void every_cell_of_the_objects_table_is_as_the_manual_says(void **state)
{
    size_t count = sizeof(objects) / sizeof(objects[0]);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strlen(objects[i].row), 2 * count - 1);
        for (size_t j = 0; j < count; j++)
            check_cell(objects, i, j, RECORD_DOCUMENT);
    }
}

/* Arrest > refusal > protection > specific immediate > specific > discreet immediate > discreet >
 * whereabouts; within the table the order of classes is the priority. */
static void the_order_of_priority_is_the_manuals(void **state)
{
    static const char *const order[] = { "wanted.arrest", "entry.refusal", "missing.protect",
                                         "check:specific.immediate", "check:specific",
                                         "check:discreet.immediate", "check:discreet",
                                         "missing.locate" };
    const struct priority_table *table = &edition_find(TEXT("sis"))->tables[0];
    int before = -1;
    (void)state;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        struct text rest = text_literal(order[i]);
        struct alert_kind alert = { .category = text_split(&rest, ':') };
        alert.check = rest;
        int class = priority_class(table, alert);
        if (class <= before)
            fail_msg("%s", order[i]);
        before = class;
    }
}

static void what_no_class_holds_is_compatible_with_all(void **state)
{
    static const struct line unknown = { "wanted.unknown", "", "" };
    (void)state;
    assert_int_equal(meet("sis", RECORD_PERSON, &unknown, &persons[0]).entry, ENTRY_FREE);
    assert_int_equal(meet("sis", RECORD_PERSON, &persons[5], &unknown).entry, ENTRY_FREE);
    assert_int_equal(meet("general", RECORD_PERSON, &persons[4], &persons[0]).entry, ENTRY_FREE);
    assert_int_equal(meet("sis", RECORD_KIND_RAW, &persons[4], &persons[0]).entry, ENTRY_FREE);
}

static void a_region_may_refuse_where_another_queues(void **state)
{
    (void)state;
    struct meeting m = meet("lake-chad", RECORD_VEHICLE, &objects[3], &objects[2]);
    assert_int_equal(m.entry, ENTRY_REFUSED);
    assert_string_equal(m.rule, "catalogue.incompatible");
    m = meet("lake-chad", RECORD_PERSON, &persons[2], &persons[7]);
    assert_int_equal(m.entry, ENTRY_AT_ONCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_persons_table_is_as_the_manual_says),
        cmocka_unit_test(every_cell_of_the_objects_table_is_as_the_manual_says),
        cmocka_unit_test(the_order_of_priority_is_the_manuals),
        cmocka_unit_test(what_no_class_holds_is_compatible_with_all),
        cmocka_unit_test(a_region_may_refuse_where_another_queues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
