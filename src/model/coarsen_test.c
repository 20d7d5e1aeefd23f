#include "model/coarsen.h"

#include "test_record.h"

enum { TYPES = VALUE_PATTERN + 1 };

static uint8_t memory[1 << 20];
static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_over(memory, sizeof(memory));
    return 0;
}

/* What is left of the value, as JSON; "" when it is not to be shown. */
static struct text left(enum value_type type, enum coarse_way way, const char *in)
{
    struct json value = text_json(&arena, in);
    struct json out = json_null();
    struct bytes bytes;
    if (!coarsen_value(type, &value, way, &arena, &out)) {
        assert_int_equal(out.kind, JSON_NULL); /* nothing was written */
        return TEXT("");
    }
    assert_false(failed(json_format(&out, &arena, &bytes)));
    return (struct text){ (const char *)bytes.data, bytes.len };
}

static void is_left(enum value_type type, enum coarse_way way, const char *in, const char *out)
{
    struct text got = left(type, way, in);
    if (!text_is(got, out))
        fail_msg("%s\n  gives %.*s\n  not   %s", in, (int)got.len, got.data, out);
}

static void what_an_agreement_may_say_can_be_done(void **state)
{
    /* a value of any type: each shape takes its own members from it */
    static const char whole[] = "{\"full\":\"A B\",\"text\":\"A B\",\"country\":\"NER\","
                                "\"from\":\"1985-03-02\",\"to\":\"1985-03-02\","
                                "\"quality\":\"exact\"}";
    int fitting = 0;
    (void)state;
    for (int type = VALUE_RAW; type < TYPES; type++) {
        for (int way = COARSE_NONE; way < COARSE_WAYS; way++) {
            bool fits = coarsen_fits((enum value_type)type, (enum coarse_way)way);
            struct text done = left((enum value_type)type, (enum coarse_way)way, whole);
            if ((done.len > 0) != fits)
                fail_msg("type %d, way %d: %.*s", type, way, (int)done.len, done.data);
            fitting += fits;
        }
    }
    assert_int_equal(fitting, 6); /* two of dates, one of places, three of words */
    assert_true(coarsen_fits(VALUE_NAME_OF, COARSE_INITIALS));
}

static void a_date_becomes_its_whole_month_or_year(void **state)
{
    static const struct {
        enum coarse_way way;
        const char *in, *out;
    } rows[] = {
        { COARSE_YEAR, "{\"from\":\"1985-03-02\",\"quality\":\"exact\",\"to\":\"1985-03-02\"}",
          "{\"from\":\"1985-01-01\",\"quality\":\"year-only\",\"to\":\"1985-12-31\"}" },
        { COARSE_MONTH,
          "{\"from\":\"1984-02-02\",\"quality\":\"exact\",\"to\":\"1984-02-02\","
          "\"written\":\"2 Feb\"}",
          "{\"from\":\"1984-02-01\",\"quality\":\"month-only\",\"to\":\"1984-02-29\"}" },
        { COARSE_MONTH, "{\"from\":\"1985-03-20\",\"quality\":\"about\",\"to\":\"1985-04-02\"}",
          "{\"from\":\"1985-03-01\",\"quality\":\"year-only\",\"to\":\"1985-04-30\"}" },
        { COARSE_MONTH,
          "{\"from\":\"1985-01-01\",\"quality\":\"registry-default\",\"to\":\"1985-01-01\"}",
          "{\"from\":\"1985-01-01\",\"quality\":\"year-only\",\"to\":\"1985-12-31\"}" },
        { COARSE_YEAR, "{\"quality\":\"unknown\"}", "" },
        { COARSE_YEAR, "{\"from\":\"1985-02-30\",\"quality\":\"exact\",\"to\":\"1985-02-30\"}",
          "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        is_left(VALUE_WHEN, rows[i].way, rows[i].in, rows[i].out);
}

static void a_place_becomes_its_country(void **state)
{
    (void)state;
    is_left(VALUE_WHERE, COARSE_COUNTRY,
            "{\"country\":\"NER\",\"locality\":\"Diffa\",\"written\":\"Diffa, Niger\"}",
            "{\"country\":\"NER\"}");
    is_left(VALUE_WHERE, COARSE_COUNTRY, "{\"locality\":\"Diffa\"}", "");
}

static void words_become_their_first_letters(void **state)
{
    (void)state;
    is_left(VALUE_TEXT, COARSE_INITIALS, "{\"text\":\"taken  at Diffa\"}",
            "{\"text\":\"t. a. D.\"}");
    is_left(VALUE_NAME, COARSE_INITIALS, "{\"full\":\"\xc3\x89tienne Zinsou\",\"use\":\"birth\"}",
            "{\"full\":\"\xc3\x89. Z.\"}");
    is_left(VALUE_NAME, COARSE_INITIALS,
            "{\"parts\":[{\"text\":\"Zinsou\",\"type\":\"family\"},"
            "{\"text\":\"Paul Marie\",\"type\":\"given\"}]}",
            "{\"full\":\"Z. P. M.\"}");
    is_left(VALUE_TEXT, COARSE_INITIALS, "{\"text\":\"  \"}", "");
}

static void somebody_elses_name_becomes_initials_too(void **state)
{
    (void)state;
    is_left(VALUE_NAME_OF, COARSE_INITIALS,
            "{\"country\":\"NER\",\"full\":\"HUSSAINI Abdullahi\",\"text\":\"fisherman\"}",
            "{\"full\":\"H. A.\"}");
    is_left(VALUE_NAME_OF, COARSE_INITIALS,
            "{\"parts\":[{\"text\":\"A\xc3\xaf""cha\",\"type\":\"given\"}]}", "{\"full\":\"A.\"}");
    /* a description is no name, and nothing of it is shown */
    is_left(VALUE_NAME_OF, COARSE_INITIALS, "{\"country\":\"NER\",\"text\":\"fisherman\"}", "");
}

static void without_room_nothing_is_shown(void **state)
{
    static const char in[] = "{\"full\":\"HUSSAINI Abdullahi\"}";
    struct json value;
    size_t room = 0;
    bool good = false;
    (void)state;
    value = text_json(&arena, in);
    for (; !good && room < 4096; room++) {
        struct json out = json_null();
        struct arena small = arena_over(memory + sizeof(memory) / 2, room);
        good = coarsen_value(VALUE_NAME, &value, COARSE_INITIALS, &small, &out);
        assert_int_equal(out.kind, good ? JSON_OBJECT : JSON_NULL);
    }
    assert_true(good && room > 8);
}

int main(void)
{
#define TEST_OF(name) cmocka_unit_test_setup(name, begin)
    const struct CMUnitTest tests[] = {
        TEST_OF(what_an_agreement_may_say_can_be_done),
        TEST_OF(a_date_becomes_its_whole_month_or_year),
        TEST_OF(a_place_becomes_its_country),
        TEST_OF(words_become_their_first_letters),
        TEST_OF(somebody_elses_name_becomes_initials_too),
        TEST_OF(without_room_nothing_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
