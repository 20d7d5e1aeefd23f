#include "test_files.h"

#include "import/ofac.h"
#include "import/test_sink.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static struct sink sink;
static size_t wrong;

static struct err load(const struct bytes *files, size_t count, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_host host = sink_host(&sink, "x-ofac", "treasury");
    struct err e = import_ofac(files, count, &host, &arena, account, &wrong);
    assert_int_equal(arena.used, 0);
    assert_int_equal(account->read,
                     account->accepted + account->changed + account->unchanged + account->refused);
    sink_sweep(&sink);
    return e;
}

/* The files as texts; NULL: not given. Nothing is held before. */
static struct err load_texts(const char *sdn, const char *alt, const char *add,
                             const char *comments, struct import_account *account)
{
    const char *const texts[] = { comments, alt, sdn, add };
    struct bytes files[4];
    size_t count = 0;
    memset(&sink, 0, sizeof(sink));
    for (size_t i = 0; i < 4; i++) {
        if (texts[i] != NULL)
            files[count++] = text_bytes(text_literal(texts[i]));
    }
    return load(files, count, account);
}

#define NIL ",-0- "
#define NILS NIL NIL NIL NIL NIL NIL
#define PERSON "7,\"TEST, Ann\",\"individual\",\"SDGT] [NS-PLC\",\"Judge\"" NILS
#define SDN PERSON ",\"DOB 1984.\"\n\x1A"
#define ALT "7,1,\"aka\",\"TEST, Anna\"" NIL "\r\n\x1A"
#define ADD "7,2,\"1 Road\",\"Town 99\",\"Korea, North\"" NIL "\r\n\x1A"

static void check_parts(const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (strstr(sink.first, *parts) == NULL)
            fail_msg("no %s in %s", *parts, sink.first);
    }
}

static void test_the_files_are_joined_in_any_order(void **state)
{
    (void)state;
    static const char sdn[] = PERSON
        ",\"DOB circa 1984; alt. DOB Mar 1985; alt. DOB 01 Feb 1990 to 28 Feb 1990; POB Seoul, "
        "Korea, South; nationality Burma; citizen Iran; Gender Female; Passport K75 4 (Syria) "
        "issued 26 May 1999 expires 2004; Cedula No. 16 (Colombia); a.k.a. 'T\xC9ST, An'; "
        "Digital Currency Address - XBT 12QtD5BFwRs; Email Address a@b.example; Linked To: C\""
        "\n\x1A";
    static const char comments[] = "7,\"O LTD.; Phone Number 98218.\"\n";
    static const char *const parts[] = {
        "\"full\":\"TEST, Ann\",\"parts\":[{\"text\":\"TEST\",\"type\":\"surname\"},"
        "{\"text\":\"Ann\",\"type\":\"given\"}]",
        "\"value\":{\"text\":\"SDGT\"}",
        "\"value\":{\"text\":\"NS-PLC\"}",
        "\"text\":\"Judge\"",
        "\"set\":\"alias\",\"source\":{\"reference\":\"7\",\"unit\":\"treasury\"},\"value\":{"
        "\"full\":"
        "\"TEST, Anna\"",
        "\"country\":\"PRK\",\"locality\":\"Town 99\",\"street\":\"1 Road\"",
        "\"from\":\"1983-01-01\",\"quality\":\"about\",\"to\":\"1985-12-31\"",
        "\"from\":\"1985-03-01\",\"quality\":\"month-only\",\"to\":\"1985-03-31\"",
        "\"from\":\"1990-02-01\",\"quality\":\"about\",\"to\":\"1990-02-28\"",
        "\"country\":\"MMR\"",
        "\"country\":\"IRN\"",
        "\"code\":\"F\"",
        "\"country\":\"SYR\",\"expires\":{\"from\":\"2004-01-01\"",
        "\"number\":\"K75 4\",\"type\":\"passport\"",
        "\"country\":\"COL\",\"number\":\"16\"",
        "\"full\":\"T\xC3\x89ST, An\"",
        "\"weak\":true",
        "\"number\":\"12QtD5BFwRs\",\"service\":\"XBT\"",
        "\"number\":\"a@b.example\"",
        "\"text\":\"C O LTD.\"",
        "\"number\":\"98218\"",
        NULL,
    };
    struct import_account a;
    assert_false(failed(load_texts(sdn, ALT, ADD, comments, &a)));
    assert_int_equal(a.accepted, 1);
    assert_int_equal(a.refused, 0);
    check_parts(parts);
}

static void test_ships_and_aircraft_have_their_numbers(void **state)
{
    (void)state;
    static const char *const vessel[] = {
        "\"kind\":\"vessel\"",
        "\"number\":\"P3QG3\"",
        "\"code\":\"Crude Oil Tanker\"",
        "\"from\":\"318000\",\"text\":\"Tonnage\",\"unit\":\"t\"",
        "\"country\":\"IRN\"",
        "\"full\":\"NITC\"",
        "\"attribute\":\"imo\"",
        "\"number\":\"9187629\"",
        "\"attribute\":\"mmsi\"",
        "\"from\":\"163660\",\"text\":\"GRT\",\"unit\":\"GT\"",
        NULL,
    };
    static const char *const aircraft[] = {
        "\"kind\":\"aircraft\"",
        "\"attribute\":\"aircraft-registration\"",
        "\"number\":\"EP-MMH\"",
        "\"attribute\":\"serial\"",
        "\"attribute\":\"operator-name\"",
        "\"attribute\":\"year\"",
        NULL,
    };
    struct import_account a;
    assert_false(failed(load_texts(
        "8,\"SHIP\",\"vessel\",\"IRAN\",-0- ,\"P3QG3\",\"Crude Oil "
        "Tanker\",\"318,000\",\"163,660\","
        "\"Iran\",\"NITC\",\"Vessel Registration Identification IMO 9187629; MMSI 572469210.\"\n",
        "8,1,\"fka\",\"BOAT\",-0- \n", "8,2,-0- ,-0- ,-0- ,-0- \n", NULL, &a)));
    check_parts(vessel);
    assert_false(failed(load_texts(
        "9,\"EP-MMH\",\"aircraft\",\"IRAN\"" NIL NILS ",\"Aircraft Tail Number EP-MMH; Aircraft "
        "Manufacture Date 1992; Aircraft Operator MAHAN AIR; Aircraft Construction Number (also "
        "called L/N or S/N or F/N) 8401.\"\n",
        "9,1,\"aka\",\"B\",-0- \n", "9,2,-0- ,-0- ,-0- ,-0- \n", NULL, &a)));
    check_parts(aircraft);
}

static void check_refused(struct err e, const char *rule, size_t file, uint32_t line)
{
    assert_string_equal(e.rule, rule);
    assert_int_equal(wrong, file);
    assert_int_equal(e.at, line);
    assert_int_equal(sink.count, 0);
}

static void test_a_broken_file_is_named_and_changes_nothing(void **state)
{
    (void)state;
    struct import_account a;
    check_refused(load_texts(SDN, NULL, ADD, NULL, &a), "import.files-missing", 0, 0);
    check_refused(load_texts(SDN, ALT, ALT, NULL, &a), "import.file-twice", 2, 0);
    check_refused(load_texts("a,b\n", ALT, ADD, NULL, &a), "import.other-list", 1, 1);
    check_refused(load_texts("", ALT, ADD, NULL, &a), "import.empty", 1, 0);
    check_refused(load_texts(PERSON ",-0- \n7,\"X", ALT, ADD, NULL, &a), "import.quote-open", 1, 2);
    check_refused(load_texts(PERSON ",-0- \n8,\"X\"", ALT, ADD, NULL, &a), "import.cut-short", 1,
                  3);
    check_refused(load_texts(PERSON ",-0- \n\x1A" PERSON ",-0- \n", ALT, ADD, NULL, &a),
                  "import.text-after-end", 1, 2);
}

static void test_no_proper_prefix_withdraws_or_hides_anything(void **state)
{
    (void)state;
    static const char whole[] = PERSON ",-0- \n";
    struct import_account a;
    for (size_t len = 0; len + 1 < sizeof(whole); len++) {
        char *part = strndup(whole, len);
        struct err e = load_texts(part, ALT, ADD, NULL, &a);
        free(part);
        /* the last cell may be cut: it says less, but the row has all its columns */
        assert_true(failed(e) || a.accepted == 1);
    }
}

static void test_a_wrong_row_is_refused_alone_with_file_line_field_and_rule(void **state)
{
    (void)state;
    static const struct {
        const char *sdn, *alt, *field, *rule;
    } rows[] = {
        { "x,\"B\"" NIL NIL NIL NILS ",-0- \n", "", "sdn.csv/ent_num", "import.field-missing" },
        { "8,\"B\",-0- \n", "", "sdn.csv", "import.columns" },
        { "8" NIL NIL NIL NIL NILS ",-0- \n", "", "sdn.csv/SDN_Name", "import.field-missing" },
        { "8,\"B\",\"robot\"" NIL NIL NILS ",-0- \n", "", "sdn.csv/SDN_Type",
          "import.field-missing" },
        { "6,\"B\"" NIL NIL NIL NILS ",-0- \n", "", "/id", "import.twice" },
        { "", "7,1,\"aka\"\n", "alt.csv", "import.columns" },
        { "", "7,1,\"aka\"" NIL NIL "\n", "alt.csv/alt_name", "import.field-missing" },
        { "", "8,1,\"aka\",\"B\"" NIL "\n", "alt.csv", "import.no-entry" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct import_account a;
        char sdn[512];
        char alt[256];
        snprintf(sdn, sizeof(sdn), "%s%s%s", "6,\"B\"" NIL NIL NIL NILS ",-0- \n", rows[i].sdn,
                 SDN);
        snprintf(alt, sizeof(alt), "%s%s%s", "7,1,\"aka\",\"C\"" NIL "\n", rows[i].alt, ALT);
        assert_false(failed(load_texts(sdn, alt, ADD, NULL, &a)));
        assert_int_equal(a.refused, 1);
        assert_int_equal(a.accepted, 2);
        assert_string_equal(sink.refusal.rule, rows[i].rule);
        assert_string_equal(sink.field, rows[i].field);
        assert_int_equal(sink.refusal.line, 2);
    }
}

static void test_free_text_dates(void **state)
{
    (void)state;
    static const struct {
        const char *written, *from, *to, *quality;
    } rows[] = {
        { "15 Jan 1955", "1955-01-15", "1955-01-15", "exact" },
        { "Feb 1956", "1956-02-01", "1956-02-29", "month-only" },
        { "1957", "1957-01-01", "1957-12-31", "year-only" },
        { "circa 1958", "1957-01-01", "1959-12-31", "about" },
        { "circa 17 Mar 1958", "1957-01-01", "1959-12-31", "about" },
        { "1951 to 1953", "1951-01-01", "1953-12-31", "about" },
        { "Mar 1951 to Apr 1953", "1951-03-01", "1953-04-30", "about" },
        { "circa 1962-1964", "1962-01-01", "1964-12-31", "about" },
        { "31 Feb 1960", "", "", "unknown" },
        { "1953 to 1951", "", "", "unknown" },
        { "99999999999 Jan 1960", "", "", "unknown" },
        { "1 2 3 4 1960", "", "", "unknown" },
        { "circa", "", "", "unknown" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = arena_over(memory, 4096);
        struct json when = ofac_when(&arena, text_literal(rows[i].written));
        if (!text_is(json_get_text(&when, "from"), rows[i].from) ||
            !text_is(json_get_text(&when, "to"), rows[i].to) ||
            !text_is(json_get_text(&when, "quality"), rows[i].quality))
            fail_msg("%s", rows[i].written);
    }
}

/* ---- the real lists ---- */

static size_t read_list(const char *folder, const char *const *names, struct bytes *files)
{
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        char below[96];
        char path[TEST_PATH_MAX];
        struct test_file file = { NULL, 0 };
        snprintf(below, sizeof(below), "lists/ofac/%s/%s", folder, names[count]);
        if (!test_shared(below, path))
            return 0;
        assert_true(test_file_read(path, &file));
        files[count] = test_file_bytes(&file);
    }
    return count;
}

static void check_list(const char *folder, const char *const *names, uint32_t entries,
                       uint32_t foreign)
{
    struct bytes files[4];
    struct import_account a;
    size_t count = read_list(folder, names, files);
    if (count == 0)
        return;
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(files, count, &a)));
    printf("%s: read %u, refused %u, warned %u, not understood %u\n", folder, a.read, a.refused,
           a.warned, a.not_understood);
    assert_int_equal(a.accepted, entries);
    assert_int_equal(a.refused, 0);
    assert_int_equal(a.not_understood, foreign);
    assert_false(failed(load(files, count, &a)));
    assert_int_equal(a.unchanged, entries);
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)files[i].data);
}

static void test_both_real_lists_are_read_whole(void **state)
{
    (void)state;
    static const char *const sdn[] = { "sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv", NULL };
    static const char *const others[] = { "cons_comments.csv", "cons_alt.csv", "cons_add.csv",
                                          "cons_prim.csv", NULL };
    check_list("2021-07", sdn, 8976, 21); /* "undetermined" and regions that are no country */
    check_list("non-sdn-csv", others, 442, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_files_are_joined_in_any_order),
        cmocka_unit_test(test_ships_and_aircraft_have_their_numbers),
        cmocka_unit_test(test_a_broken_file_is_named_and_changes_nothing),
        cmocka_unit_test(test_no_proper_prefix_withdraws_or_hides_anything),
        cmocka_unit_test(test_a_wrong_row_is_refused_alone_with_file_line_field_and_rule),
        cmocka_unit_test(test_free_text_dates),
        cmocka_unit_test(test_both_real_lists_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
