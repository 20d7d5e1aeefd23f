#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <unistd.h>

#include "core/arena.h"
#include "core/json.h"
#include "shell/log.h"

static const struct log_line line = { LOG_KEY_VALUE, LOG_WARN, { 1795305600123 } };
static const struct log_line json_line = { LOG_JSON, LOG_INFO, { 1795305600123 } };

static void a_line_has_time_level_event_and_fields(void **state)
{
    (void)state;
    char out[LOG_LINE_MAX];
    const struct log_field fields[] = { log_number("port", 8443),
                                        log_member("peer", TEXT("NER")),
                                        log_duration_us("took", 1234),
                                        log_rule(err_make(ERR_DENIED, "x509.expired")),
                                        { 0 } };
    size_t len = log_print(&line, "peer.refused", fields, out);
    assert_string_equal(out, "2026-11-22T00:00:00.123Z warn peer.refused port=8443 peer=NER "
                             "took_us=1234 rule=x509.expired\n");
    assert_int_equal(len, strlen(out));
}

static void what_lacks_its_shape_cannot_reach_the_log(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "HUSSAINI Abdullahi", "Ner", "a b", "x=y", "\n", "été", "", "\"", "ABDULLAHI"
    };
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        struct text in = text_literal(foreign[i]);
        char out[LOG_LINE_MAX];
        const struct log_field fields[] = {
            log_name("a", foreign[i]), log_member("b", in), log_id("c", in), { 0 }
        };
        log_print(&line, "e", fields, out);
        assert_string_equal(out, "2026-11-22T00:00:00.123Z warn e a=? b=? c=?\n");
    }
}

static void ids_and_organisations_pass(void **state)
{
    (void)state;
    char out[LOG_LINE_MAX];
    const struct log_field fields[] = { log_member("m", TEXT("x-un")),
                                        log_id("r", TEXT("NER-00000000000000000000000001")),
                                        log_name("n", NULL),
                                        { 0 } };
    log_print(&line, "e", fields, out);
    assert_non_null(strstr(out, " m=x-un r=NER-00000000000000000000000001 n=?\n"));
}

static void json_lines_are_json(void **state)
{
    (void)state;
    char out[LOG_LINE_MAX];
    struct hash hash = { { 0xAB, 1 } };
    const struct log_field fields[] = {
        log_number("n", -5), log_hash("h", &hash), log_instant("t", (struct instant){ 0 }), { 0 }
    };
    size_t len = log_print(&json_line, "node.ready", fields, out);
    uint8_t memory[4096];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json;
    assert_false(failed(json_parse(bytes_of(out, len - 1), &arena, &json)));
    assert_true(text_is(json_get_text(&json, "event"), "node.ready"));
    assert_true(text_is(json_get_text(&json, "h"), "ab01000000000000"));
    assert_true(text_is(json_get_text(&json, "t"), "1970-01-01T00:00:00.000Z"));
}

static void a_line_never_grows_beyond_its_limit(void **state)
{
    (void)state;
    char out[LOG_LINE_MAX];
    struct log_field fields[200];
    for (size_t i = 0; i < 199; i++)
        fields[i] = log_number("a_long_key", INT64_MIN);
    fields[199] = (struct log_field){ 0 };
    size_t len = log_print(&json_line, "e", fields, out);
    assert_in_range(len, LOG_LINE_MAX - 64, LOG_LINE_MAX - 1);
    assert_string_equal(out + len - 2, "}\n");
}

static void the_level_decides(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    log_setup(LOG_WARN, LOG_KEY_VALUE, ends[1]);
    log_plain(LOG_INFO, "quiet.event");
    LOG(LOG_ERROR, "loud.event", log_number("n", 1));
    log_setup(LOG_INFO, LOG_KEY_VALUE, STDERR_FILENO);
    close(ends[1]);
    char got[256] = "";
    assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
    close(ends[0]);
    assert_null(strstr(got, "quiet"));
    assert_non_null(strstr(got, "error loud.event n=1\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_event_and_fields),
        cmocka_unit_test(what_lacks_its_shape_cannot_reach_the_log),
        cmocka_unit_test(ids_and_organisations_pass),
        cmocka_unit_test(json_lines_are_json),
        cmocka_unit_test(a_line_never_grows_beyond_its_limit),
        cmocka_unit_test(the_level_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
