#include "test_files.h"

#include "import/test_sink.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static struct sink sink;

static struct err load(struct bytes in, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_host host = sink_host(&sink, "x-eu", "brussels");
    struct err e = import_eu(in, &host, &arena, account);
    assert_int_equal(arena.used, 0);
    assert_int_equal(account->read,
                     account->accepted + account->changed + account->unchanged + account->refused);
    sink_sweep(&sink);
    return e;
}

static struct err load_more(const char *in, struct import_account *account)
{
    return load(text_bytes(text_literal(in)), account);
}

static struct err load_text(const char *in, struct import_account *account)
{
    memset(&sink, 0, sizeof(sink));
    return load_more(in, account);
}

#define ACT                                                                         \
    "\"regulations\":[{\"regulation_type\":\"amendment\",\"organisation_type\":"    \
    "\"council\",\"publication_date\":\"2023-04-24\",\"entry_into_force_date\":"    \
    "\"2023-04-25\",\"number_title\":\"2023/845 (OJ L109)\",\"programme\":\"XYZ\"," \
    "\"logical_id\":\"1\",\"publication_url\":\"https://eur-lex.example/845\"}]"
#define PERSON "\"subject_type\":{\"code\":\"person\",\"classification_code\":\"P\"}"
#define COMPANY "\"subject_type\":{\"code\":\"enterprise\",\"classification_code\":\"E\"}"
#define NAMES "\"name_aliases\":[{\"whole_name\":\"A B\",\"strong\":\"true\"}]"
#define ENTITY(number, rest)                                                                  \
    "{\"eu_reference_number\":\"EU." number "\",\"logical_id\":\"" number "\"," ACT "," NAMES \
    "," rest "}\n"

static void check_parts(const char *in, const char *const *parts)
{
    struct import_account account;
    assert_false(failed(load_text(in, &account)));
    if (account.accepted != 1)
        fail_msg("refused: %s %s", sink.field, sink.refusal.rule);
    for (; *parts != NULL; parts++) {
        if (strstr(sink.first, *parts) == NULL)
            fail_msg("no %s in %s", *parts, sink.first);
    }
}

static const char full_person[] =
    "{\"eu_reference_number\":\"EU.1.2\",\"logical_id\":\"77\",\"united_nation_id\":\"XXi."
    "1\"," ACT "," PERSON ",\"designation_details\":\"why\",\"remark\":\"a remark\","
    "\"name_aliases\":[{\"whole_name\":\"\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD\",\"strong\":"
    "\"true\","
    "\"name_language\":\"RU\"},{\"whole_name\":\"Ivan TEST\",\"first_name\":\"Ivan\","
    "\"last_name\":\"TEST\",\"title\":\"Dr\",\"gender\":\"M\",\"function\":\"Judge\"},"
    "{\"whole_name\":\"Weak\",\"strong\":\"false\",\"function\":\"Judge\",\"gender\":\"M\"}],"
    "\"citizenships\":[{\"country_iso2_code\":\"DE\",\"country_description\":\"GERMANY\","
    "\"acquisition_date\":\"2001-02-03\"}],"
    "\"birthdates\":[{\"birthdate\":\"1962-09-03\",\"circa\":\"false\",\"city\":\"Makassar\","
    "\"country_iso2_code\":\"ID\",\"country_description\":\"INDONESIA\"},"
    "{\"circa\":\"true\",\"year\":\"1970\"},{\"month_of_year\":\"3\",\"year\":\"1969\"},"
    "{\"year_range_from\":\"1950\",\"year_range_to\":\"1955\"},"
    "{\"calendar_type\":\"ISLAMIC\",\"year\":\"1343\"}],"
    "\"addresses\":[{\"street\":\"1 "
    "Road\",\"po_box\":\"5\",\"city\":\"Town\",\"zip_code\":\"99\","
    "\"region\":\"North\",\"country_iso2_code\":\"FR\",\"as_at_listing_time\":\"true\","
    "\"contact_info\":[{\"key\":\"PHONE\",\"value\":\"+227 1\"}]}],"
    "\"identifications\":[{\"identification_type_code\":\"passport\",\"number\":\"A1\","
    "\"country_iso2_code\":\"RU\",\"diplomatic\":\"true\",\"known_false\":\"true\","
    "\"valid_to\":\"2030-01-01\"},{\"identification_type_code\":\"fiscalcode\",\"number\":"
    "\"7\","
    "\"country_iso2_code\":\"00\"},{\"identification_type_code\":\"new-code\",\"number\":\"8\"}"
    "],"
    "\"new_member\":\"x\"}\n";

static void test_every_part_of_a_person_has_its_place(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "\"full\":\"Ivan TEST\",\"parts\":[{\"text\":\"Dr\",\"type\":\"prefix\"},"
        "{\"text\":\"Ivan\",\"type\":\"given\"},{\"text\":\"TEST\",\"type\":\"surname\"}]",
        "\"language\":\"ru\",\"script\":\"Cyrl\",\"set\":\"alias\"",
        "\"full\":\"Weak\",\"weak\":true",
        "\"acquired\":\"2001-02-03\",\"country\":\"D\"",
        "\"from\":\"1962-09-03\",\"quality\":\"exact\"",
        "\"country\":\"IDN\",\"locality\":\"Makassar\"",
        "\"from\":\"1969-01-01\",\"quality\":\"about\",\"to\":\"1971-12-31\"",
        "\"from\":\"1969-03-01\",\"quality\":\"month-only\",\"to\":\"1969-03-31\"",
        "\"from\":\"1950-01-01\",\"quality\":\"about\",\"to\":\"1955-12-31\"",
        "\"calendar\":\"islamic\",\"quality\":\"unknown\",\"written\":\"1343 ISLAMIC\"",
        "\"admin\":[\"North\"],\"country\":\"FRA\",\"locality\":\"Town\",\"post_code\":\"99\","
        "\"street\":\"1 Road, 5\"",
        "\"number\":\"+227 1\"",
        "\"number\":\"A1\",\"status\":\"false\",\"type\":\"passport.diplomatic\"",
        "\"value\":{\"number\":\"7\"}",
        "\"number\":\"XXi.1\"",
        "\"number\":\"77\"",
        "\"text\":\"remark: a remark\"",
        "\"text\":\"Judge\"",
        "\"valid\":{\"from\":\"2023-04-25\"}",
        "\"review\":\"2024-04-25\"",
        "\"authority\":\"Council of the European Union\"",
        "\"reason\":\"XYZ, why, EU.1.2\"",
        NULL,
    };
    struct import_account account;
    check_parts(full_person, parts);
    assert_false(failed(load_text(full_person, &account)));
    assert_int_equal(account.not_understood, 2);
    assert_string_equal(account.unknown[0].name, "identifications/identification_type_code");
    assert_string_equal(account.unknown[1].name, "new_member");
}

static void test_a_company_has_numbers_and_no_birth(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "\"kind\":\"organisation\"", "\"attribute\":\"company-number\"",  "\"attribute\":\"imo\"",
        "\"attribute\":\"bic\"",     "\"text\":\"citizenship: GERMANY\"", NULL,
    };
    check_parts(ENTITY("5", COMPANY ",\"identifications\":[{\"identification_type_code\":"
                                    "\"regnumber\",\"number\":\"1\"},{\"identification_type_code\":"
                                    "\"imo\",\"number\":\"9074729\"},{\"identification_type_code\":"
                                    "\"swiftbic\",\"number\":\"AGRIFRPP\"}],\"citizenships\":[{"
                                    "\"country_iso2_code\":\"DE\",\"country_description\":"
                                    "\"GERMANY\"}]"),
                parts);
}

static void test_a_file_that_is_not_the_list_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *in, *rule;
    } rows[] = {
        { "", "import.empty" },
        { " \n\n", "import.empty" },
        { "\x1F\x8B\x08\x01", "import.compressed" },
        { "{\"id\":\"NGA-1\"}\n", "import.other-list" },
    };
    struct import_account account;
    assert_false(failed(load_text(ENTITY("1", PERSON), &account)));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(load_more(rows[i].in, &account).rule, rows[i].rule);
        assert_int_equal(account.read + account.withdrawn, 0);
        assert_int_equal(sink.count, 1);
    }
}

static void test_a_wrong_entity_is_refused_alone(void **state)
{
    (void)state;
    static const struct {
        const char *line, *field, *rule;
    } rows[] = {
        { "{\"eu_reference_number\":\"EU.2\"," ACT "," NAMES "}", "subject_type",
          "import.field-missing" },
        { "{" ACT "," NAMES "," PERSON "}", "eu_reference_number", "import.field-missing" },
        { "{\"eu_reference_number\":\"EU.2\"," ACT "," PERSON "}", "name_aliases",
          "import.field-missing" },
        { "{\"eu_reference_number\":\"EU.2\"," NAMES "," PERSON "}", "regulations",
          "import.field-missing" },
        { ENTITY("1", PERSON), "/id", "import.twice" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char in[4096];
        struct import_account account;
        snprintf(in, sizeof(in), "%s%s\n%s", ENTITY("1", PERSON), rows[i].line,
                 ENTITY("3", PERSON));
        assert_false(failed(load_text(in, &account)));
        assert_int_equal(account.accepted, 2);
        assert_int_equal(account.refused, 1);
        assert_int_equal(sink.refusal.line, 2);
        assert_string_equal(sink.refusal.rule, rows[i].rule);
        assert_string_equal(sink.field, rows[i].field);
    }
}

static void test_what_left_the_list_is_withdrawn_unless_a_line_is_broken(void **state)
{
    (void)state;
    struct import_account account;
    static const char both[] = ENTITY("1", PERSON) ENTITY("2", PERSON);
    assert_false(failed(load_text(both, &account)));
    assert_false(failed(load_more(ENTITY("1", PERSON) "{broken\n", &account)));
    assert_int_equal(account.withdrawn, 0);
    assert_int_equal(account.refused, 1);
    assert_false(failed(load_more(ENTITY("1", COMPANY), &account)));
    assert_int_equal(account.changed, 1);
    assert_int_equal(account.withdrawn, 1);
}

static void test_most_of_a_list_is_not_withdrawn_by_accident(void **state)
{
    (void)state;
    struct import_account account;
    struct arena arena = arena_over(memory, sizeof(memory));
    size_t size = 1 << 20;
    char *in = malloc(size);
    char *at = in;
    for (int i = 0; i < 60; i++)
        at += snprintf(at, (size_t)(in + size - at), "%s%d%s", "{\"eu_reference_number\":\"EU.", i,
                       "\"," ACT "," NAMES "," PERSON "}\n");
    assert_false(failed(load_text(in, &account)));
    free(in);
    assert_string_equal(load_more(ENTITY("1", PERSON), &account).rule, "import.mostly-gone");
    assert_int_equal(account.withdrawn, 0);
    struct import_host host = sink_host(&sink, "x-eu", "brussels");
    host.withdraw_most = true;
    assert_false(failed(import_eu(text_bytes(TEXT(ENTITY("1", PERSON))), &host, &arena, &account)));
    assert_int_equal(account.withdrawn, 59);
}

/* The list of May 2026, as gzip -d leaves it; the collection has it compressed, so that the test
 * says where it looked. */
static void test_the_list_of_2026_is_read_whole(void **state)
{
    (void)state;
    struct test_file file = { NULL, 0 };
    struct import_account a;
    const char *path = getenv("COMITY_EU_LIST");
    if (path == NULL || !test_file_read(path, &file)) {
        printf("skipped: COMITY_EU_LIST names no unpacked list\n");
        return;
    }
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(test_file_bytes(&file), &a)));
    printf("read %u, refused %u, warned %u, not understood %u\n", a.read, a.refused, a.warned,
           a.not_understood);
    assert_int_equal(a.accepted, 5860);
    assert_int_equal(a.not_understood, 4); /* numbers that are "-" */
    assert_false(failed(load(test_file_bytes(&file), &a)));
    assert_int_equal(a.unchanged, 5860);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_of_a_person_has_its_place),
        cmocka_unit_test(test_a_company_has_numbers_and_no_birth),
        cmocka_unit_test(test_a_file_that_is_not_the_list_changes_nothing),
        cmocka_unit_test(test_a_wrong_entity_is_refused_alone),
        cmocka_unit_test(test_what_left_the_list_is_withdrawn_unless_a_line_is_broken),
        cmocka_unit_test(test_most_of_a_list_is_not_withdrawn_by_accident),
        cmocka_unit_test(test_the_list_of_2026_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
