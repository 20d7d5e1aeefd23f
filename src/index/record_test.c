#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/record.h"

enum { ARENA_BYTES = 8 << 20 };

static const struct json *parse(struct arena *arena, const char *in)
{
    struct json *out = ARENA_NEW(arena, struct json);
    assert_false(failed(json_parse(text_bytes(text_literal(in)), arena, out)));
    return out;
}

static struct statement statement(struct arena *arena, const char *attribute, enum value_type type,
                                  enum name_set set, const char *value)
{
    return (struct statement){ .attribute = text_literal(attribute),
                               .attribute_number = (int16_t)attribute_find(text_literal(attribute)),
                               .type = type,
                               .set = set,
                               .value = parse(arena, value) };
}

static void names_births_and_documents_come_from_statements(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct statement statements[] = {
        statement(&arena, "name", VALUE_NAME, SET_CONFIRMED,
                  "{\"parts\":[{\"type\":\"surname\",\"text\":\"HUSSAINI\"},"
                  "{\"type\":\"given\",\"text\":\"Abdullahi\"},"
                  "{\"type\":\"father\",\"text\":\"Bukar\"}]}"),
        statement(&arena, "name", VALUE_NAME, SET_MISUSED, "{\"full\":\"Sani Bello\"}"),
        statement(&arena, "birth-date", VALUE_WHEN, SET_CONFIRMED,
                  "{\"written\":\"1985\",\"from\":\"1985-01-01\",\"to\":\"1985-12-31\","
                  "\"quality\":\"year-only\"}"),
        statement(&arena, "sex", VALUE_CODE, SET_CONFIRMED, "{\"code\":\"M\"}"),
        statement(&arena, "nationality", VALUE_CODE, SET_CONFIRMED, "{\"country\":\"NGA\"}"),
        statement(&arena, "phone", VALUE_IDENTIFIER, SET_CONFIRMED,
                  "{\"number\":\"+234 803 555 0147\"}"),
    };
    struct record record = { .kind = RECORD_PERSON,
                             .statements = statements,
                             .statement_count = sizeof statements / sizeof statements[0] };
    struct index_doc doc;
    assert_false(failed(index_doc_from_record(&record, 12, &arena, &doc)));
    assert_int_equal(doc.number, 12);
    assert_int_equal(doc.name_count, 2);
    assert_true(text_is(doc.names[0].family, "HUSSAINI"));
    assert_true(text_is(doc.names[0].given, "Abdullahi Bukar"));
    assert_true(text_is(doc.names[0].full, "HUSSAINI Abdullahi Bukar"));
    assert_int_equal(doc.names[1].set, INDEX_MISUSED);
    assert_int_equal(doc.birth.quality, INDEX_BIRTH_INTERVAL);
    assert_int_equal(doc.birth.to.day, 31);
    assert_int_equal(doc.sex, INDEX_SEX_MALE);
    assert_int_equal(doc.nationality_count, 1);
    assert_true(text_is(doc.nationalities[0], "NGA"));
    assert_int_equal(doc.identifier_count, 1);

    struct index_identifier asked =
        index_identifier_of(TEXT("phone"), TEXT("+234-8035550147"), (struct text){ "", 0 }, &arena);
    struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
    struct index_hit hit;
    assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
    assert_int_equal(hit.band, INDEX_STRONG);
    free(arena.data);
}

static void several_births_are_one_span(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct statement statements[] = {
        statement(&arena, "birth-date", VALUE_WHEN, SET_CONFIRMED,
                  "{\"from\":\"1985-03-04\",\"to\":\"1985-03-04\",\"quality\":\"exact\"}"),
        statement(&arena, "birth-date", VALUE_WHEN, SET_ALIAS,
                  "{\"from\":\"1987-05-06\",\"to\":\"1987-05-06\",\"quality\":\"exact\"}"),
    };
    struct record record = { .kind = RECORD_PERSON,
                             .statements = statements,
                             .statement_count = 2 };
    struct index_doc doc;
    assert_false(failed(index_doc_from_record(&record, 1, &arena, &doc)));
    assert_int_equal(doc.birth.quality, INDEX_BIRTH_ABOUT);
    assert_int_equal(doc.birth.from.year, 1985);
    assert_int_equal(doc.birth.to.year, 1987);
    free(arena.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_births_and_documents_come_from_statements),
        cmocka_unit_test(several_births_are_one_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
