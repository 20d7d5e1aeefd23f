#include "test_files.h"

#include "import/test_sink.h"
#include "import/xml.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static struct sink sink;

static struct err load(struct bytes in, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_host host = sink_host(&sink, "x-un", "security-council");
    struct err e = import_un(in, &host, &arena, account);
    assert_int_equal(arena.used, 0);
    assert_int_equal(account->read,
                     account->accepted + account->changed + account->unchanged + account->refused);
    sink_sweep(&sink);
    return e;
}

static struct err load_text(const char *in, struct import_account *account)
{
    memset(&sink, 0, sizeof(sink));
    return load(text_bytes(text_literal(in)), account);
}

#define BEGIN "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST><INDIVIDUALS>\n"
#define END "</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"
#define PERSON                                                                                  \
    "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><LISTED_ON>2020-01-31</LISTED_ON>" \
    "<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER></INDIVIDUAL>"

static void test_every_part_of_an_entry_has_its_place(void **state)
{
    (void)state;
    struct import_account account;
    static const char in[] = BEGIN
        "<INDIVIDUAL><SECOND_NAME>\n  B \xC2\xA0 C</SECOND_NAME><DATAID>7</DATAID>"
        "<FIRST_NAME>A &amp; <![CDATA[<x>]]></FIRST_NAME>"
        "<LISTED_ON>2020-01-31-05:00</LISTED_ON><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>"
        "<LAST_DAY_UPDATED><VALUE>2021-05-06</VALUE><VALUE>2020-06-07</VALUE></LAST_DAY_UPDATED>"
        "<UN_LIST_TYPE>XX</UN_LIST_TYPE><LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>"
        "<GENDER>MALE</GENDER><NATIONALITY><VALUE>Iran</VALUE><VALUE>Utopian</VALUE></NATIONALITY>"
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>D</ALIAS_NAME>"
        "<DATE_OF_BIRTH>1970</DATE_OF_BIRTH></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS/>"
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR>"
        "<TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
        "<NAME_ORIGINAL_SCRIPT>\xD8\xA7</NAME_ORIGINAL_SCRIPT>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A1</NUMBER>"
        "<ISSUING_COUNTRY>Germany</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>"
        "<DELISTED_ON>2024-02-03</DELISTED_ON><NATIONALITY2>Niger</NATIONALITY2>"
        "<TITLE><VALUE>Dr</VALUE></TITLE><NEW_THING>x</NEW_THING></INDIVIDUAL>\n" END;
    assert_false(failed(load_text(in, &account)));
    assert_int_equal(account.accepted, 1);
    assert_int_equal(account.not_understood, 2);
    assert_string_equal(account.unknown[0].name, "NATIONALITY/VALUE");
    assert_string_equal(account.unknown[1].name, "NEW_THING");
    static const char *const parts[] = {
        "\"full\":\"A & <x> B C\"",
        "\"from\":\"1960-01-01\"",
        "\"to\":\"1962-12-31\"",
        "\"script\":\"Arab\"",
        "\"weak\":true",
        "\"country\":\"D\"",
        "\"country\":\"IRN\"",
        "\"identity\":\"i1\"",
        "\"text\":\"NATIONALITY: Utopian\"",
        "\"code\":\"M\"",
        "\"review\":\"2022-05-06\"",
        "\"collected\":\"2021-05-06\"",
        "\"valid\":{\"from\":\"2020-01-31\",\"until\":\"2024-02-03\"}",
        "\"country\":\"NER\"",
        "\"number\":\"XXi.001\"",
        "\"number\":\"7\"",
        "\"text\":\"Dr\"",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strstr(sink.first, parts[i]) == NULL)
            fail_msg("no %s in %s", parts[i], sink.first);
    }
    assert_int_equal(sink.held[0].line, 3);
}

static void test_an_id_is_the_same_everywhere(void **state)
{
    (void)state;
    uint8_t small[256];
    struct arena arena = arena_over(small, sizeof(small));
    struct member_code un;
    assert_false(failed(member_code_parse(TEXT("x-un"), &un)));
    struct record_id id = import_source_id(&un, TEXT("6908555"));
    /* printf 'comity/source-id/v1\0x-un\06908555' | sha256sum, as 128 bits in base 32 */
    assert_true(text_is(record_id_format(&id, &arena), "x-un-1AN2KT8RV3NSMXV76QYWXSE4NX"));
}

static void check_refused(const char *in, const char *rule, uint32_t line)
{
    struct import_account account;
    struct err e = load_text(in, &account);
    if (!failed(e) || strcmp(e.rule, rule) != 0 || (line > 0 && e.at != line))
        fail_msg("%s at %u, not %s at %u: %.300s", e.rule, e.at, rule, line, in);
    assert_int_equal(account.read, 0);
    assert_int_equal(sink.count, 0);
}

static void test_hostile_files_change_nothing_and_are_refused_with_their_place(void **state)
{
    (void)state;
    check_refused(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a \"aaaaaaaaaa\">"
        "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">"
        "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;\">]>\n"
        "<CONSOLIDATED_LIST><INDIVIDUALS>" PERSON "<X>&e;&e;&e;</X>" END,
        "import.xml-doctype", 2);
    check_refused("<!DOCTYPE x SYSTEM \"file:///etc/passwd\" [<!ENTITY p SYSTEM "
                  "\"file:///etc/passwd\">]><CONSOLIDATED_LIST>&p;</CONSOLIDATED_LIST>",
                  "import.xml-doctype", 0);
    check_refused(BEGIN PERSON "<X>&unknown;</X>" END, "import.xml-broken", 3);
    check_refused(BEGIN PERSON "\n<INDIVIDUAL><DATAID>2</DATAID>", "import.xml-broken", 4);
    check_refused(BEGIN PERSON "</ENTITIES></CONSOLIDATED_LIST>", "import.xml-broken", 3);
    check_refused(BEGIN PERSON "<INDIVIDUAL><X>\xE9</X></INDIVIDUAL>" END, "import.xml-encoding",
                  3);
    check_refused("<?xml version=\"1.0\" encoding=\"KLINGON\"?><CONSOLIDATED_LIST/>",
                  "import.xml-encoding", 1);
    check_refused(BEGIN "<INDIVIDUAL><A><B><C><D><E><F><G><H/></G></F></E></D></C></B></A>"
                        "</INDIVIDUAL>" END,
                  "import.xml-too-deep", 3);
    check_refused("<?xml version=\"1.0\"?>\n<html/>", "import.other-list", 2);
    check_refused("", "import.xml-broken", 0);
    check_refused("{\"not\":\"xml\"}", "import.xml-broken", 1);
}

static void test_an_entry_may_be_too_large_for_a_list(void **state)
{
    (void)state;
    struct import_account account;
    size_t size = 4 << 20;
    char *in = malloc(size);
    char *at = in + snprintf(in, size, "%s<INDIVIDUAL>", BEGIN);
    for (size_t i = 0; i < XML_ELEMENTS_MAX + 1; i++)
        at += snprintf(at, (size_t)(in + size - at), "<X>y</X>");
    snprintf(at, (size_t)(in + size - at), "</INDIVIDUAL>%s", END);
    assert_string_equal(load_text(in, &account).rule, "import.xml-too-many");
    at = in + snprintf(in, size, "%s<INDIVIDUAL><X>", BEGIN);
    memset(at, 'x', 70000);
    snprintf(at + 70000, 64, "</X></INDIVIDUAL>%s", END);
    assert_string_equal(load_text(in, &account).rule, "import.xml-too-long");
    free(in);
}

static void test_every_proper_prefix_changes_nothing(void **state)
{
    (void)state;
    static const char whole[] = BEGIN PERSON END;
    struct import_account account;
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        uint8_t *exact = malloc(len + 1);
        memcpy(exact, whole, len);
        memset(&sink, 0, sizeof(sink));
        assert_true(failed(load(bytes_of(exact, len), &account)));
        assert_int_equal(sink.count, 0);
        free(exact);
    }
}

static void test_a_wrong_entry_is_refused_alone_with_line_field_and_rule(void **state)
{
    (void)state;
    static const struct {
        const char *entry, *field, *rule;
    } rows[] = {
        { "<INDIVIDUAL><FIRST_NAME>B</FIRST_NAME></INDIVIDUAL>", "DATAID", "import.field-missing" },
        { "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>B</FIRST_NAME></INDIVIDUAL>",
          "REFERENCE_NUMBER", "import.field-missing" },
        { "<INDIVIDUAL><DATAID>2</DATAID><REFERENCE_NUMBER>r</REFERENCE_NUMBER></INDIVIDUAL>",
          "FIRST_NAME", "import.field-missing" },
        { "<INDIVIDUAL><DATAID>2</DATAID><REFERENCE_NUMBER>r</REFERENCE_NUMBER><FIRST_NAME>B"
          "</FIRST_NAME><LISTED_ON>soon</LISTED_ON></INDIVIDUAL>",
          "LISTED_ON", "import.field-missing" },
        { "<INDIVIDUAL><DATAID>2</DATAID><REFERENCE_NUMBER>r</REFERENCE_NUMBER><FIRST_NAME>B"
          "</FIRST_NAME><LISTED_ON>9999-12-31</LISTED_ON></INDIVIDUAL>",
          "LISTED_ON", "import.field-missing" },
        { PERSON, "/id", "import.twice" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char in[2048];
        struct import_account account;
        snprintf(in, sizeof(in), "%s%s\n%s%s", BEGIN, PERSON, rows[i].entry, END);
        assert_false(failed(load_text(in, &account)));
        assert_int_equal(account.accepted, 1);
        assert_int_equal(account.refused, 1);
        assert_int_equal(sink.refusal.line, 4);
        assert_string_equal(sink.refusal.rule, rows[i].rule);
        assert_string_equal(sink.field, rows[i].field);
    }
}

static void test_a_refused_change_withdraws_nothing(void **state)
{
    (void)state;
    struct import_account account;
    assert_false(failed(load_text(BEGIN PERSON END, &account)));
    static const char broken[] = BEGIN "<INDIVIDUAL><DATAID>1</DATAID></INDIVIDUAL>" END;
    assert_false(failed(load(bytes_of(broken, sizeof(broken) - 1), &account)));
    assert_int_equal(account.refused, 1);
    assert_int_equal(account.withdrawn, 0);
    assert_int_equal(sink.count, 1);
}

static void test_the_host_may_refuse_an_entry_or_end_the_run(void **state)
{
    (void)state;
    struct import_account account;
    static const char in[] = BEGIN PERSON END;
    memset(&sink, 0, sizeof(sink));
    sink.answer = err_make(ERR_DENIED, "clerk.denied");
    assert_false(failed(load(bytes_of(in, sizeof(in) - 1), &account)));
    assert_int_equal(account.refused, 1);
    assert_string_equal(sink.refusal.rule, "clerk.denied");
    sink.answer = err_make(ERR_UNAVAILABLE, "store.full");
    assert_string_equal(load(bytes_of(in, sizeof(in) - 1), &account).rule, "store.full");
}

/* ---- the list itself, counted by another way: string search ---- */

struct counts {
    size_t individuals, entities;
    char ids[2048][12];
    size_t id_count;
};

static size_t count_of(const char *in, const char *what)
{
    size_t n = 0;
    for (const char *p = strstr(in, what); p != NULL; p = strstr(p + 1, what))
        n++;
    return n;
}

static void count(const struct test_file *f, struct counts *out)
{
    const char *in = (const char *)f->data;
    memset(out, 0, sizeof(*out));
    out->individuals = count_of(in, "<INDIVIDUAL>");
    out->entities = count_of(in, "<ENTITY>");
    for (const char *p = strstr(in, "<DATAID>"); p != NULL; p = strstr(p + 1, "<DATAID>"))
        snprintf(out->ids[out->id_count++], 12, "%.*s", (int)strcspn(p + 8, "<"), p + 8);
}

static size_t missing_from(const struct counts *from, const struct counts *to)
{
    size_t n = 0;
    for (size_t i = 0; i < from->id_count; i++) {
        size_t k = 0;
        while (k < to->id_count && strcmp(from->ids[i], to->ids[k]) != 0)
            k++;
        n += k == to->id_count;
    }
    return n;
}

static void print_account(const char *name, const struct import_account *a)
{
    printf("%s: read %u, accepted %u, changed %u, unchanged %u, refused %u, withdrawn %u, "
           "not understood %u\n",
           name, a->read, a->accepted, a->changed, a->unchanged, a->refused, a->withdrawn,
           a->not_understood);
    for (size_t i = 0; i < a->unknown_count; i++)
        printf("  %s %u\n", a->unknown[i].name, a->unknown[i].count);
    if (a->refused > 0)
        printf("  last refused: line %u %s %s\n", sink.refusal.line, sink.field, sink.refusal.rule);
}

static void load_generation(const char *name, const struct counts *before, struct counts *after)
{
    char below[64];
    char path[TEST_PATH_MAX];
    struct test_file file = { NULL, 0 };
    struct import_account a;
    snprintf(below, sizeof(below), "lists/un/un_consolidated_%s.xml", name);
    assert_true(test_shared(below, path) && test_file_read(path, &file));
    count(&file, after);
    assert_false(failed(load(test_file_bytes(&file), &a)));
    print_account(name, &a);
    assert_int_equal(a.read, after->individuals + after->entities);
    assert_int_equal(a.refused, 0);
    assert_int_equal(a.accepted, missing_from(after, before));
    assert_int_equal(a.withdrawn, missing_from(before, after));
    assert_int_equal(sink.count, after->id_count);
    assert_false(failed(load(test_file_bytes(&file), &a)));
    assert_int_equal(a.unchanged, after->id_count);
    assert_int_equal(a.accepted + a.changed + a.withdrawn, 0);
    free(file.data);
}

/* What the repository carries for the demo: all entries of February 2026, without the prose. */
static void test_the_extract_of_the_demo_is_read_whole(void **state)
{
    (void)state;
    static struct counts in_extract, in_list;
    struct test_file file = { NULL, 0 };
    struct test_file list = { NULL, 0 };
    struct import_account a;
    char path[TEST_PATH_MAX];
    assert_true(test_source("demo/data/un-2026-02-27.xml", path) && test_file_read(path, &file));
    count(&file, &in_extract);
    assert_int_equal(in_extract.individuals, 730);
    assert_int_equal(in_extract.entities, 273);
    assert_null(strstr((const char *)file.data, "<COMMENTS1>"));
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(test_file_bytes(&file), &a)));
    print_account("extract", &a);
    assert_int_equal(a.read, 1003);
    assert_int_equal(a.accepted, 1003);
    assert_string_equal(a.as_of, "2026-02-27T00:00:09.554Z");
    free(file.data);
    if (!test_shared("lists/un/un_consolidated_2026-02-27.xml", path))
        return;
    assert_true(test_file_read(path, &list));
    count(&list, &in_list);
    assert_int_equal(missing_from(&in_list, &in_extract), 0);
    free(list.data);
}

static void test_three_generations_add_change_and_withdraw(void **state)
{
    (void)state;
    static struct counts none, first, second, third;
    char path[TEST_PATH_MAX];
    if (!test_shared("lists/un/un_consolidated_2018-06-08.xml", path))
        return;
    memset(&sink, 0, sizeof(sink));
    load_generation("2018-06-08", &none, &first);
    load_generation("2018-10-29", &first, &second);
    load_generation("2026-02-27", &second, &third);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_of_an_entry_has_its_place),
        cmocka_unit_test(test_an_id_is_the_same_everywhere),
        cmocka_unit_test(test_hostile_files_change_nothing_and_are_refused_with_their_place),
        cmocka_unit_test(test_an_entry_may_be_too_large_for_a_list),
        cmocka_unit_test(test_every_proper_prefix_changes_nothing),
        cmocka_unit_test(test_a_wrong_entry_is_refused_alone_with_line_field_and_rule),
        cmocka_unit_test(test_a_refused_change_withdraws_nothing),
        cmocka_unit_test(test_the_host_may_refuse_an_entry_or_end_the_run),
        cmocka_unit_test(test_the_extract_of_the_demo_is_read_whole),
        cmocka_unit_test(test_three_generations_add_change_and_withdraw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
