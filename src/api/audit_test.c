/* What an auditor finds: who did what with a record, odd looks, a sample nobody chose, an export
 * that shows what is missing, the counts of a breach. */
#include "core/encode.h"
#include "ledger/commit.h"
#include "test_api.h"

static struct json get(struct office *at, const char *path)
{
    return call_good(test_call(at, "auditor", API_GET, path, NULL), __LINE__);
}

static const struct json *items(const struct json *answer)
{
    const struct json *list = json_get(answer, "items");
    assert_non_null(list);
    return list;
}

static size_t of_kind(const struct json *list, const char *kind)
{
    size_t found = 0;
    for (size_t i = 0; i < json_count(list); i++)
        found += text_is(json_get_text(json_item(list, i), "kind"), kind);
    return found;
}

static void the_life_of_a_record_stands_in_its_log(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(test_hits(&ben), 1);
    assert_int_equal(test_hits(&ner), 1);
    (void)office_send(&ner, &ben); /* the report of that use */
    struct json answer = get(&ben, "/v1/audit?record=" ID_A);
    const struct json *list = items(&answer);
    assert_int_equal(of_kind(list, "record.put"), 1);
    assert_int_equal(of_kind(list, "disclose.record"), 1);
    assert_int_equal(of_kind(list, "search"), 1);
    assert_int_equal(of_kind(list, "use.report"), 1);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_item(list, i);
        struct bytes bytes;
        must(json_format(one, &arena, &bytes));
        struct text text = { (const char *)bytes.data, bytes.len };
        if (!text_is(json_get_text(one, "kind"), "search"))
            assert_false(bytes_hold(text_bytes(text), text_bytes(TEXT("Zinsou")))); /* I6 */
        if (text_is(json_get_text(one, "kind"), "use.report")) {
            assert_true(text_is(json_get_text(one, "partner"), "NER"));
            assert_true(text_is(json_get_text(one, "unit"), "registry"));
            assert_true(text_is(json_get_text(one, "purpose"), "criminal-investigation"));
        }
    }
    const struct json *recipients = json_get(&answer, "recipients");
    assert_int_equal(json_count(recipients), 1);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    answer = get(&ben, "/v1/audit?record=" ID_A);
    assert_int_equal(of_kind(items(&answer), "erasure"), 1);
    assert_int_equal(of_kind(items(&answer), "search"), 1); /* who looked outlives it */
    assert_int_equal(json_count(json_get(&answer, "recipients")), 1);
}

static void pages_follow_each_other_without_gap_or_double(void **state)
{
    (void)state;
    enum { LOOKS = 450 };
    (void)reply_good(office_put(&ben, adult), __LINE__);
    for (int i = 0; i < LOOKS; i++) {
        size_t mark = arena.used;
        assert_int_equal(test_hits(&ben), 1);
        arena_rewind(&arena, mark);
    }
    char path[600] = "/v1/audit?user=officer";
    int64_t last = 0;
    size_t found = 0;
    for (int pages = 0; pages < 5; pages++) {
        struct json answer = get(&ben, path);
        for (size_t i = 0; i < json_count(items(&answer)); i++) {
            int64_t entry = 0;
            assert_true(json_get_integer(json_item(items(&answer), i), "entry", &entry));
            assert_true(entry > last);
            last = entry;
            found++;
        }
        struct text after = json_get_text(&answer, "after");
        if (after.len == 0)
            break;
        snprintf(path, sizeof(path), "/v1/audit?user=officer&after=%.*s", (int)after.len,
                 after.data);
    }
    assert_int_equal(found, LOOKS);
}

/* -- odd looks ---------------------------------------------------------------------------- */

static void search_for(const char *user, const char *name)
{
    char body[400];
    snprintf(body, sizeof(body),
             "{\"purpose\":\"criminal-investigation\",\"reference\":{\"case\":\"2026-17\"},"
             "\"query\":{\"name\":\"%s\"}}", name);
    (void)call_good(test_call(&ben, user, API_POST, "/v1/search", body), __LINE__);
}

static void user_put(const char *id, const char *name)
{
    (void)office_do(&ben, "admin", VERB_USER_PUT,
                    "{\"user\":{\"id\":\"%s\",\"unit\":\"registry\",\"name\":\"%s\","
                    "\"roles\":[\"officer\",\"auditor\"],\"clearance\":\"restricted\"}}", id, name);
}

static const char *reason_of(const struct json *answer, const char *name)
{
    static char found[64];
    for (size_t i = 0; i < json_count(items(answer)); i++) {
        const struct json *one = json_item(items(answer), i);
        if (!text_is(json_get_text(json_get(one, "query"), "name"), name))
            continue;
        struct text reason = json_item_text(json_get(one, "reasons"), 0);
        snprintf(found, sizeof(found), "%.*s", (int)reason.len, reason.data);
        return found;
    }
    return "none";
}

static void looks_of_colleagues_officials_and_oneself_are_named(void **state)
{
    (void)state;
    user_put("officer", "Adjovi Pascal");
    user_put("deputy", "Hounkpe Rosine");
    (void)call_good(test_call(&ben, "auditor", API_PUT, "/v1/audit/protected",
                              "{\"names\":[\"Dossou Célestine\"]}"), __LINE__);
    search_for("officer", "pascal ADJOVI");
    search_for("officer", "HOUNKPE Rosine");
    search_for("officer", "Dossou Celestine Marie");
    search_for("officer", "Zinsou Marguerite");
    search_for("officer", "Dossou"); /* one word is no name */
    struct json odd = get(&ben, "/v1/audit/odd");
    assert_string_equal(reason_of(&odd, "pascal ADJOVI"), "own-name");
    assert_string_equal(reason_of(&odd, "HOUNKPE Rosine"), "colleague");
    assert_string_equal(reason_of(&odd, "Dossou Celestine Marie"), "protected");
    assert_int_equal(json_count(items(&odd)), 3);
}

/* Either side of a comparison names a person as a search does. */
static void a_name_that_is_compared_is_looked_for(void **state)
{
    (void)state;
    user_put("officer", "Adjovi Pascal");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    static const char body[] =
        "{\"purpose\":\"criminal-investigation\",\"reference\":{\"case\":\"2026-17\"},\"pairs\":["
        "{\"a\":\"pascal ADJOVI\",\"b\":{\"record\":\"" ID_A "\"}},"
        "{\"a\":{\"record\":\"" ID_A "\"},\"b\":{\"family\":\"Adjovi\",\"given\":\"Pascal\"}},"
        "{\"a\":\"Zinsou\",\"b\":\"Pascal\"}]}";
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/compare", body), __LINE__);
    struct json odd = get(&ben, "/v1/audit/odd");
    assert_int_equal(json_count(items(&odd)), 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(text_is(json_item_text(json_get(json_item(items(&odd), i), "reasons"), 0),
                            "own-name"));
}

static void a_burst_is_said_once(void **state)
{
    (void)state;
    for (int i = 0; i < 45; i++) {
        now = instant_plus(now, INSTANT_SECOND);
        search_for("officer", "Zinsou Marguerite");
    }
    for (int i = 0; i < 45; i++) { /* steady work is none */
        now = instant_plus(now, INSTANT_MINUTE);
        search_for("deputy", "Zinsou Marguerite");
    }
    struct json odd = get(&ben, "/v1/audit/odd");
    assert_int_equal(json_count(items(&odd)), 1);
    assert_string_equal(reason_of(&odd, "Zinsou Marguerite"), "burst");
}

static void a_day_that_is_none_is_refused(void **state)
{
    (void)state;
    struct test_answer bad = test_call(&ben, "auditor", API_GET, "/v1/audit/odd?from=x", NULL);
    assert_string_equal(bad.rule, "clerk.bad-date");
    bad = test_call(&ben, "auditor", API_GET,
                    "/v1/audit/odd?from=2026-02-01&to=2026-01-01", NULL);
    assert_string_equal(bad.rule, "audit.period");
    bad = test_call(&ben, "officer", API_GET, "/v1/audit/odd", NULL);
    assert_string_equal(bad.rule, "clerk.role");
}

/* -- the sample --------------------------------------------------------------------------- */

static void a_week_is_drawn_from_the_ledger_and_judged_by_another(void **state)
{
    (void)state;
    user_put("officer", "Adjovi Pascal");
    user_put("auditor", "Hounkpe Rosine");
    struct test_answer early = test_call(&ben, "auditor", API_POST, "/v1/audit/samples",
                                         "{\"week\":\"2026-11-22\"}");
    assert_string_equal(early.rule, "audit.week-open");
    for (int i = 0; i < 30; i++) {
        now = instant_plus(now, 20 * INSTANT_MINUTE);
        search_for("officer", "Zinsou Marguerite");
    }
    must(instant_parse(TEXT("2026-11-24T00:00:00.000Z"), &now));
    office_tick(&ben);
    const char *week = "{\"week\":\"2026-11-22\"}";
    struct json drawn = call_good(test_call(&ben, "auditor", API_POST, "/v1/audit/samples", week),
                                  __LINE__);
    struct json again = call_good(test_call(&ben, "auditor", API_POST, "/v1/audit/samples", week),
                                  __LINE__);
    assert_true(json_equal(&drawn, &again));
    assert_true(text_is(json_get_text(&drawn, "week"), "2026-11-16"));
    const struct json *entries = json_get(&drawn, "entries");
    assert_int_equal(json_count(entries), 10);
    struct json shown = get(&ben, "/v1/audit/samples/2026-11-16");
    for (size_t i = 0; i < json_count(entries); i++) {
        const struct json *one = json_item(items(&shown), i);
        assert_true(text_is(json_get_text(one, "auditor"), "auditor")); /* not the one who looked */
        assert_true(text_is(json_get_text(one, "user"), "officer"));
    }
    int64_t entry = 0;
    char body[200];
    assert_true(json_get_integer(json_item(entries, 0), "entry", &entry));
    snprintf(body, sizeof(body),
             "{\"week\":\"2026-11-16\",\"entry\":%lld,\"finding\":\"lawful\"}", (long long)entry);
    (void)call_good(test_call(&ben, "auditor", API_POST, "/v1/audit/findings", body), __LINE__);
    shown = get(&ben, "/v1/audit/samples/2026-11-16");
    assert_true(text_is(json_get_text(json_item(items(&shown), 0), "finding"), "lawful"));
    struct test_answer none = test_call(&ben, "auditor", API_POST, "/v1/audit/findings",
                                        "{\"week\":\"2026-11-16\",\"entry\":1,"
                                        "\"finding\":\"lawful\"}");
    assert_string_equal(none.rule, "audit.not-drawn");
    rebuilt_alike(&ben);
}

/* -- the export --------------------------------------------------------------------------- */

struct export_log {
    char name[16];
    struct frontier frontier;
    int64_t size_to;
    struct text root_to;
};

static size_t logs_of(const struct json *answer, struct export_log *out)
{
    const struct json *logs = json_get(answer, "logs");
    for (size_t i = 0; i < json_count(logs); i++) {
        const struct json *one = json_item(logs, i);
        uint8_t bytes[FRONTIER_LEN_MAX];
        struct text hex = json_get_text(one, "frontier");
        struct text name = json_get_text(one, "log");
        snprintf(out[i].name, sizeof(out[i].name), "%.*s", (int)name.len, name.data);
        must(hex_parse(hex, bytes, hex.len / 2));
        must(frontier_parse(bytes_of(bytes, hex.len / 2), &out[i].frontier));
        assert_true(json_get_integer(one, "size_to", &out[i].size_to));
        out[i].root_to = json_get_text(one, "root_to");
    }
    return json_count(logs);
}

static void add_line(struct export_log *logs, size_t count, const struct json *line)
{
    struct hash entry;
    struct hash stored[TREE_LEVELS];
    int64_t leaf = 0;
    must(hex_parse(json_get_text(line, "commitment"), entry.bytes, HASH_LEN));
    assert_true(json_get_integer(line, "leaf", &leaf));
    const struct json *content = json_get(line, "content");
    if (content != NULL) {
        struct opening opening;
        must(hex_parse(json_get_text(line, "salt"), opening.salt, sizeof(opening.salt)));
        must(json_format(content, &arena, &opening.content));
        must(opening_check(&opening, &entry));
    }
    for (size_t i = 0; i < count; i++) {
        if (!text_is(json_get_text(line, "log"), logs[i].name))
            continue;
        assert_int_equal(logs[i].frontier.size, leaf);
        struct hash hash = commit_leaf(&entry);
        (void)frontier_append(&logs[i].frontier, &hash, stored);
        return;
    }
    fail_msg("a line of no log");
}

static void an_export_leads_from_the_root_before_to_the_root_behind(void **state)
{
    (void)state;
    struct export_log logs[8];
    must(instant_parse(TEXT("2026-11-23T08:00:00.000Z"), &now));
    office_tick(&ben);
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    for (int i = 0; i < 300; i++)
        search_for("officer", "Zinsou Marguerite");
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    struct json first = get(&ben, "/v1/audit/export?from=2026-11-23&to=2026-11-23");
    size_t count = logs_of(&first, logs);
    assert_int_equal(count, 3); /* internal, anchors, NER */
    assert_true(logs[0].frontier.size > 0); /* the day before */
    struct json page = first;
    size_t lines = 0;
    for (;;) {
        char path[200];
        for (size_t i = 0; i < json_count(items(&page)); i++, lines++)
            add_line(logs, count, json_item(items(&page), i));
        struct text after = json_get_text(&page, "after");
        if (after.len == 0)
            break;
        snprintf(path, sizeof(path), "/v1/audit/export?from=2026-11-23&to=2026-11-23&after=%.*s",
                 (int)after.len, after.data);
        page = get(&ben, path);
    }
    assert_true(lines > 300);
    for (size_t i = 0; i < count; i++) {
        struct hash root = frontier_root(&logs[i].frontier);
        assert_int_equal(logs[i].frontier.size, logs[i].size_to);
        assert_true(text_equal(hex_format(&arena, BYTES_OF(root.bytes)), logs[i].root_to));
    }
}

static void a_breach_is_counted_by_owner_and_category(void **state)
{
    (void)state;
    struct test_person other = adult;
    other.id = ID_B;
    other.name = "Okpara Theophile";
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)reply_good(office_put(&ben, other), __LINE__);
    (void)office_send(&ben, &ner);
    struct json node = get(&ner, "/v1/audit/breach?since=2026-11-01");
    assert_int_equal(json_count(items(&node)), 1);
    const struct json *group = json_item(items(&node), 0);
    int64_t records = 0;
    assert_true(text_is(json_get_text(group, "owner"), "BEN"));
    assert_true(text_is(json_get_text(group, "category"), "wanted.arrest"));
    assert_true(json_get_integer(group, "records", &records));
    assert_int_equal(records, 2);
    assert_true(text_is(json_get_text(&node, "notify_by"), "2026-11-25T12:00:00.000Z"));
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_B "\",\"reason\":\"court order\"}");
    (void)office_send(&ben, &ner);
    node = get(&ner, "/v1/audit/breach?since=2026-11-01&after=j0");
    assert_true(text_is(json_get_text(json_item(items(&node), 0), "category"), "erased"));
    struct json there = get(&ben, "/v1/audit/breach?since=2026-11-01&partner=NER");
    assert_int_equal(json_count(items(&there)), 2);
    struct test_answer post = test_call(&ben, "auditor", API_GET,
                                        "/v1/audit/breach?outpost=seme", NULL);
    assert_string_equal(post.rule, "audit.no-outposts");
}

/* Not entered as what it was not: "lanes" is no reference, and the look does not take place. */
static void a_parameter_that_is_no_reference_is_refused(void **state)
{
    (void)state;
    uint64_t before = office_journal(&ben);
    struct test_answer bad = test_call(&ben, "officer", API_GET,
                                       "/v1/records/" ID_A LOOK "&lanes=2", NULL);
    assert_string_equal(bad.rule, "api.unknown-parameter");
    assert_true(text_is(bad.subject, "lanes"));
    bad = test_call(&ben, "officer", API_GET, "/v1/records/" ID_A LOOK "&lane=%zz", NULL);
    assert_string_equal(bad.rule, "api.unknown-parameter");
    assert_int_equal(office_journal(&ben), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(the_life_of_a_record_stands_in_its_log),
        API_TEST(pages_follow_each_other_without_gap_or_double),
        API_TEST(looks_of_colleagues_officials_and_oneself_are_named),
        API_TEST(a_name_that_is_compared_is_looked_for),
        API_TEST(a_burst_is_said_once),
        API_TEST(a_day_that_is_none_is_refused),
        API_TEST(a_week_is_drawn_from_the_ledger_and_judged_by_another),
        API_TEST(an_export_leads_from_the_root_before_to_the_root_behind),
        API_TEST(a_breach_is_counted_by_owner_and_category),
        API_TEST(a_parameter_that_is_no_reference_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
