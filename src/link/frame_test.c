#include "link/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <stdlib.h>

static uint8_t memory[4 * 1024 * 1024];

static const char good[] =
    "{\"as_of\":\"2026-11-22T02:14:00.000Z\",\"basis\":{\"agreement\":"
    "\"0101010101010101010101010101010101010101010101010101010101010101\","
    "\"clause\":\"3.1\",\"version\":1},\"body\":{\"record\":{\"id\":\"NER-1\"},\"version\":3},"
    "\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"kind\":\"record\",\"number\":7,"
    "\"realm\":\"demo\"}";

static struct bytes literal(const char *text)
{
    return text_bytes(text_literal(text));
}

static struct err parse(struct bytes in, struct frame *out)
{
    static struct arena arena;
    arena = arena_over(memory, sizeof memory);
    return frame_parse(in, &arena, out);
}

static void a_frame_says_what_was_written(void **state)
{
    (void)state;
    struct frame frame;
    assert_false(failed(parse(literal(good), &frame)));
    assert_int_equal(frame.kind, FRAME_RECORD);
    assert_true(text_is(frame.realm, "demo") && text_is(frame.feed, "NER"));
    assert_int_equal(frame.number, 7);
    assert_int_equal(frame.as_of.ms, 1795313640000);
    assert_true(text_is(frame.basis.clause, "3.1"));
    assert_int_equal(frame.basis.version, 1);
    assert_int_equal(frame.basis.agreement.bytes[31], 1);
    assert_true(text_is(frame_subject(&frame), "NER-1"));
}

static void format_of_parse_is_the_same_bytes(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof memory);
    struct frame frame;
    struct bytes again;
    assert_false(failed(frame_parse(literal(good), &arena, &frame)));
    assert_false(failed(frame_format(&frame, &arena, &again)));
    assert_true(bytes_equal(again, literal(good)));
}

static void every_proper_prefix_is_refused_and_writes_nothing(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof good - 1; len++) {
        struct frame frame = { .number = 4242 };
        assert_true(failed(parse(bytes_of(good, len), &frame)));
        assert_int_equal(frame.number, 4242);
    }
}

/* `good` with the first `from` replaced. */
static struct err parse_changed(const char *from, const char *to, struct frame *out)
{
    static char changed[2048];
    const char *at = strstr(good, from);
    assert_non_null(at);
    int len = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - good), good, to,
                       at + strlen(from));
    return parse(bytes_of(changed, (size_t)len), out);
}

static void what_is_not_a_frame_is_refused_by_its_rule(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *rule;
    } cases[] = {
        { "\"kind\":\"record\"", "\"kind\":\"rumour\"", "frame.member" },
        { "\"number\":7", "\"number\":0", "frame.member" },
        { "\"number\":7", "\"number\":-7", "frame.member" },
        { "\"number\":7", "\"number\":1.5", "frame.member" },
        { "\"number\":7", "\"number\":\"7\"", "frame.member" },
        { "\"comity\":1", "\"comity\":2", "frame.member" },
        { "\"generation\":1", "\"generation\":0", "frame.member" },
        { "\"generation\":1", "\"generation\":4294967296", "frame.member" },
        { "\"realm\":\"demo\"", "\"realm\":\"De mo\"", "frame.member" },
        { "\"feed\":\"NER\"", "\"feed\":\"\"", "frame.member" },
        { "\"realm\":\"demo\"", "\"realm\":\"demo\",\"score\":1", "frame.member" },
        { ",\"version\":1}", "}", "frame.basis" },
        { "\"0101", "\"01", "frame.basis" },
        { "{\"id\":\"NER-1\"}", "\"NER-1\"", "frame.member" },
        { "{\"id\":\"NER-1\"}", "{}", "frame.member" },
        { "2026-11-22", "2026-11-31", "frame.member" },
        { "\"comity\":1,", "\"comity\":1, ", "link.not-canonical" },
        { "\"kind\":\"record\"", "\"kind\":\"instrument\"", "frame.member" }, /* has a basis */
        { "\"comity\":1", "\"comity\":1,\"comity\":1", "json.duplicate-name" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct frame frame;
        struct err e = parse_changed(cases[i].from, cases[i].to, &frame);
        assert_true(failed(e));
        assert_string_equal(e.rule, cases[i].rule);
    }
}

/* I1: the kinds that disclose cannot be expressed without a clause. */
static void every_kind_but_instrument_and_key_needs_a_basis(void **state)
{
    (void)state;
    static const struct {
        enum frame_kind kind;
        const char *body;
    } kinds[] = {
        { FRAME_RECORD, "{\"record\":{\"id\":\"A\"}}" }, { FRAME_WITHDRAW, "{\"record\":\"A\"}" },
        { FRAME_INSTRUMENT, "{}" }, { FRAME_MESSAGE, "{}" },
        { FRAME_RELEASE, "{\"record\":\"A\"}" }, { FRAME_KEY, "{}" },
        { FRAME_ERASURE, "{\"record\":\"A\"}" },
    };
    assert_int_equal(sizeof kinds / sizeof *kinds, FRAME_KINDS - 1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bool free = kinds[i].kind == FRAME_INSTRUMENT || kinds[i].kind == FRAME_KEY;
        char text[512];
        for (int with = 0; with < 2; with++) {
            int len = snprintf(text, sizeof text, "{\"as_of\":\"2026-11-22T02:14:00.000Z\",%s"
                "\"body\":%s,\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"kind\":\"%s\","
                "\"number\":7,\"realm\":\"demo\"}",
                with ? "\"basis\":{\"agreement\":\"01010101010101010101010101010101010101010101"
                       "01010101010101010101\",\"clause\":\"3.1\",\"version\":1}," : "",
                kinds[i].body, frame_kind_name(kinds[i].kind));
            struct frame frame;
            struct err e = parse(bytes_of(text, (size_t)len), &frame);
            assert_int_equal(failed(e), with ? free : !free);
        }
        assert_int_equal(frame_kind_has_basis(kinds[i].kind), !free);
        assert_int_equal(frame_kind_of(text_literal(frame_kind_name(kinds[i].kind))),
                         kinds[i].kind);
    }
}

static struct err parse_long(size_t filling, bool attachment)
{
    static char text[FRAME_CONTENT_LEN_MAX + 4096];
    static char fill[FRAME_CONTENT_LEN_MAX];
    memset(fill, 'x', sizeof fill);
    int len = snprintf(text, sizeof text, "{\"as_of\":\"2026-11-22T02:14:00.000Z\",\"basis\":"
        "{\"agreement\":\"0101010101010101010101010101010101010101010101010101010101010101\","
        "\"clause\":\"3.1\",\"version\":1},"
        "\"body\":{\"record\":{%s\"id\":\"A\",\"note\":\"%.*s\"}},"
        "\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"kind\":\"record\",\"number\":7,"
        "\"realm\":\"demo\"}",
        attachment ? "\"attachments\":[{}]," : "", (int)filling, fill);
    struct frame frame;
    return parse(bytes_of(text, (size_t)len), &frame);
}

static void limits_hold_to_the_byte(void **state)
{
    (void)state;
    size_t frame = 317; /* the bytes around the filling */
    while (failed(parse_long(FRAME_RECORD_LEN_MAX - frame, false)))
        frame++;
    assert_true(frame < 400);
    struct err e = parse_long(FRAME_RECORD_LEN_MAX - frame + 1, false);
    if (!failed(e)) { /* 317 was not the border: find it */
        while (!failed(parse_long(FRAME_RECORD_LEN_MAX - frame + 1, false)))
            frame--;
        e = parse_long(FRAME_RECORD_LEN_MAX - frame + 1, false);
    }
    assert_string_equal(e.rule, "frame.record-too-long");
    assert_false(failed(parse_long(FRAME_RECORD_LEN_MAX - frame + 1, true)));
    e = parse_long(FRAME_CONTENT_LEN_MAX - 100, true);
    assert_string_equal(e.rule, "frame.too-long");
}

static void our_own_frame_without_a_record_is_not_written(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof memory);
    struct json body = json_object();
    struct frame frame = {
        .realm = TEXT("demo"), .generation = 1, .feed = TEXT("NER"), .number = 1,
        .kind = FRAME_ERASURE, .has_basis = true, .basis = { .version = 1, .clause = TEXT("1") },
        .body = &body,
    };
    struct bytes out = { NULL, 0 };
    assert_string_equal(frame_format(&frame, &arena, &out).rule, "frame.member");
    json_set_text(&arena, &body, "record", TEXT("NER-1"));
    assert_false(failed(frame_format(&frame, &arena, &out)));
    frame.basis.clause = TEXT("");
    assert_string_equal(frame_format(&frame, &arena, &out).rule, "frame.basis");
}

static void a_small_arena_refuses_and_does_not_crash(void **state)
{
    (void)state;
    for (size_t size = 0; size < 4096; size += 64) {
        struct arena arena = arena_over(memory, size);
        struct frame frame = { .number = 4242 };
        struct err e = frame_parse(literal(good), &arena, &frame);
        if (failed(e)) {
            assert_int_equal(e.code, ERR_LIMIT);
            assert_int_equal(frame.number, 4242);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_says_what_was_written),
        cmocka_unit_test(format_of_parse_is_the_same_bytes),
        cmocka_unit_test(every_proper_prefix_is_refused_and_writes_nothing),
        cmocka_unit_test(what_is_not_a_frame_is_refused_by_its_rule),
        cmocka_unit_test(every_kind_but_instrument_and_key_needs_a_basis),
        cmocka_unit_test(limits_hold_to_the_byte),
        cmocka_unit_test(our_own_frame_without_a_record_is_not_written),
        cmocka_unit_test(a_small_arena_refuses_and_does_not_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
