/* Examples of spec/examples for the tests of model/. */
#ifndef COMITY_TESTS_TEST_RECORD_H
#define COMITY_TESTS_TEST_RECORD_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "model/record.h"
#include "test_files.h"

static inline struct json example(struct arena *arena, const char *name)
{
    char path[TEST_PATH_MAX];
    char below[128];
    struct test_file file = { NULL, 0 };
    struct json json;
    snprintf(below, sizeof(below), "spec/examples/%s.json", name);
    assert_true(test_path("COMITY_SOURCE", below, path));
    assert_true(test_file_read(path, &file));
    struct bytes bytes = arena_copy(arena, test_file_bytes(&file));
    free(file.data);
    assert_false(failed(json_parse(bytes, arena, &json)));
    return json_copy(arena, &json);
}

static inline struct record parsed(struct arena *arena, const struct json *json)
{
    struct findings findings;
    struct record record;
    findings_init(&findings, arena);
    struct err e = record_parse(json, arena, &findings, &record);
    for (size_t i = 0; i < findings.count; i++)
        print_message("%.*s %s\n", (int)findings.list[i].pointer.len, findings.list[i].pointer.data,
                      findings.list[i].rule);
    if (failed(e))
        fail_msg("%s", e.rule);
    return record;
}

static inline struct json text_json(struct arena *arena, const char *in)
{
    struct json json;
    struct err e = json_parse(text_bytes(text_literal(in)), arena, &json);
    if (failed(e))
        fail_msg("%s at %u: %s", e.rule, e.at, in);
    return json;
}

#endif
