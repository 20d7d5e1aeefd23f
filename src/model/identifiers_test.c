#include "model/identifiers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/json.h"
#include "model/checkdigit.h"
#include "test_files.h"

static uint8_t memory[1 << 20];

static struct identifier_check check(enum identifier_kind kind, const char *as_seen)
{
    static uint8_t scratch[4096];
    struct arena arena = arena_over(scratch, sizeof(scratch));
    struct identifier_check out = identifier_check(kind, text_literal(as_seen), &arena);
    assert_false(arena.full);
    return out;
}

static const struct {
    enum identifier_kind kind;
    const char *as_seen;
    enum identifier_verdict verdict;
    const char *key;
    const char *correction;
} cases[] = {
    { IDENTIFIER_VIN, "1M8GDM9AXKP042788", IDENTIFIER_VALID, "1M8GDM9AXKP042788", "" },
    { IDENTIFIER_VIN, "5gzcz43d13s812715", IDENTIFIER_VALID, "5GZCZ43D13S812715", "" },
    { IDENTIFIER_VIN, "1HGCM82633A004352", IDENTIFIER_VALID, "1HGCM82633A004352", "" },
    { IDENTIFIER_VIN, "11111111111111111", IDENTIFIER_VALID, "11111111111111111", "" },
    { IDENTIFIER_VIN, "1HGCM82633A123456", IDENTIFIER_WRONG_DIGIT, "1HGCM82633A123456",
      "1HGCM82673A123456" },
    { IDENTIFIER_VIN, "WVWZZZ1JZXW000001", IDENTIFIER_UNCHECKED, "WVWZZZ1JZXW000001", "" },
    { IDENTIFIER_VIN, "1M8GDM9AXKPO42788", IDENTIFIER_WRONG_CHARACTER, "1M8GDM9AXKPO42788",
      "1M8GDM9AXKP042788" },
    { IDENTIFIER_VIN, "1M8GDM9AXKP04278", IDENTIFIER_WRONG_LENGTH, "1M8GDM9AXKP04278", "" },
    { IDENTIFIER_IMEI, "49-015420-323751-8", IDENTIFIER_VALID, "49015420323751", "" },
    { IDENTIFIER_IMEI, "356938035643809", IDENTIFIER_VALID, "35693803564380", "" },
    { IDENTIFIER_IMEI, "356938035643808", IDENTIFIER_WRONG_DIGIT, "35693803564380",
      "356938035643809" },
    { IDENTIFIER_IMEI, "356938035643800", IDENTIFIER_UNCHECKED, "35693803564380",
      "356938035643809" },
    { IDENTIFIER_IMEI, "3569380356438012", IDENTIFIER_UNCHECKED, "35693803564380", "" },
    { IDENTIFIER_IMEI, "35693803564380X", IDENTIFIER_WRONG_CHARACTER, "35693803564380X", "" },
    { IDENTIFIER_IMEI, "35693803", IDENTIFIER_WRONG_LENGTH, "35693803", "" },
    { IDENTIFIER_CARD, "4111 1111 1111 1111", IDENTIFIER_VALID, "4111111111111111", "" },
    { IDENTIFIER_CARD, "5555-5555-5555-4444", IDENTIFIER_VALID, "5555555555554444", "" },
    { IDENTIFIER_CARD, "5555555555554445", IDENTIFIER_WRONG_DIGIT, "5555555555554445",
      "5555555555554444" },
    { IDENTIFIER_IBAN, "GB82 WEST 1234 5698 7654 32", IDENTIFIER_VALID, "GB82WEST12345698765432",
      "" },
    { IDENTIFIER_IBAN, "GB83WEST12345698765432", IDENTIFIER_WRONG_DIGIT, "GB83WEST12345698765432",
      "GB82WEST12345698765432" },
    { IDENTIFIER_IBAN, "GB82WEST12345698765433", IDENTIFIER_WRONG_DIGIT, "GB82WEST12345698765433",
      "" },
    { IDENTIFIER_IBAN, "QQ82WEST12345698765432", IDENTIFIER_UNKNOWN, "QQ82WEST12345698765432", "" },
    { IDENTIFIER_IBAN, "GB", IDENTIFIER_WRONG_LENGTH, "GB", "" },
    { IDENTIFIER_CONTAINER, "CSQU 305438 3", IDENTIFIER_VALID, "CSQU3054383", "" },
    { IDENTIFIER_CONTAINER, "HLXU2008419", IDENTIFIER_VALID, "HLXU2008419", "" },
    { IDENTIFIER_CONTAINER, "TOLU4734787", IDENTIFIER_VALID, "TOLU4734787", "" },
    { IDENTIFIER_CONTAINER, "TEMU2946434", IDENTIFIER_WRONG_DIGIT, "TEMU2946434", "TEMU2946435" },
    { IDENTIFIER_CONTAINER, "CSQU305438", IDENTIFIER_WRONG_LENGTH, "CSQU305438", "CSQU3054383" },
    { IDENTIFIER_IMO, "IMO 9074729", IDENTIFIER_VALID, "9074729", "" },
    { IDENTIFIER_IMO, "9241061", IDENTIFIER_VALID, "9241061", "" },
    { IDENTIFIER_IMO, "9074728", IDENTIFIER_WRONG_DIGIT, "9074728", "9074729" },
    { IDENTIFIER_IMO, "907472", IDENTIFIER_WRONG_LENGTH, "907472", "" },
    { IDENTIFIER_MMSI, "232003239", IDENTIFIER_UNCHECKED, "232003239", "" },
    { IDENTIFIER_MMSI, "002320032", IDENTIFIER_UNCHECKED, "002320032", "" },
    { IDENTIFIER_MMSI, "123456789", IDENTIFIER_UNKNOWN, "123456789", "" },
    { IDENTIFIER_ICAO24, "a00001", IDENTIFIER_UNCHECKED, "A00001", "" },
    { IDENTIFIER_ICAO24, "G00001", IDENTIFIER_WRONG_CHARACTER, "G00001", "" },
    { IDENTIFIER_ICAO24, "000000", IDENTIFIER_UNKNOWN, "000000", "" },
    { IDENTIFIER_BANKNOTE, "X00025041809", IDENTIFIER_VALID, "X00025041809", "" },
    { IDENTIFIER_BANKNOTE, "U02401890701", IDENTIFIER_VALID, "U02401890701", "" },
    { IDENTIFIER_BANKNOTE, "UF9073937437", IDENTIFIER_VALID, "UF9073937437", "" },
    { IDENTIFIER_BANKNOTE, "X00025041808", IDENTIFIER_WRONG_DIGIT, "X00025041808", "X00025041809" },
    { IDENTIFIER_LEI, "529900T8BM49AURSDO55", IDENTIFIER_VALID, "529900T8BM49AURSDO55", "" },
    { IDENTIFIER_LEI, "529900T8BM49AURSDO54", IDENTIFIER_WRONG_DIGIT, "529900T8BM49AURSDO54",
      "529900T8BM49AURSDO55" },
    { IDENTIFIER_BIC, "agrifrpp", IDENTIFIER_UNCHECKED, "AGRIFRPP", "" },
    { IDENTIFIER_BIC, "AGRI1RPP", IDENTIFIER_WRONG_CHARACTER, "AGRI1RPP", "" },
    { IDENTIFIER_IMSI, "429011234567890", IDENTIFIER_UNCHECKED, "429011234567890", "" },
    { IDENTIFIER_IMSI, "000011234567890", IDENTIFIER_UNKNOWN, "000011234567890", "" },
    { IDENTIFIER_PHONE, "+227 90 12 34 56", IDENTIFIER_UNCHECKED, "22790123456", "" },
    { IDENTIFIER_PHONE, "00227 90 12 34 56", IDENTIFIER_UNCHECKED, "22790123456", "" },
    { IDENTIFIER_PLATE, "rb 1234-x", IDENTIFIER_UNCHECKED, "RB1234X", "" },
    { IDENTIFIER_PLATE, "\xd9\xa1\xd9\xa2\xd9\xa3 \xd8\xa8", IDENTIFIER_UNCHECKED, "123\xd8\xa8",
      "" },
    { IDENTIFIER_EMAIL, "A.B@example.org ", IDENTIFIER_UNCHECKED, "A.B@EXAMPLE.ORG", "" },
    { IDENTIFIER_CRYPTO, " 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", IDENTIFIER_UNCHECKED,
      "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "" },
    { IDENTIFIER_OTHER, "---", IDENTIFIER_WRONG_LENGTH, "", "" },
};

static void test_specimens_get_their_verdict_key_and_offer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct identifier_check c = check(cases[i].kind, cases[i].as_seen);
        if (c.verdict != cases[i].verdict || !text_is(c.key, cases[i].key) ||
            !text_is(c.correction, cases[i].correction))
            fail_msg("%s: verdict %d, key %.*s, offer %.*s", cases[i].as_seen, (int)c.verdict,
                     (int)c.key.len, c.key.data, (int)c.correction.len, c.correction.data);
        bool quiet = c.verdict == IDENTIFIER_VALID || c.verdict == IDENTIFIER_UNCHECKED;
        assert_int_equal(c.rule[0] == 0, quiet);
    }
}

static void test_an_offer_is_itself_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct identifier_check c = check(cases[i].kind, cases[i].as_seen);
        char offer[64] = { 0 };
        if (c.correction.len == 0)
            continue;
        memcpy(offer, c.correction.data, c.correction.len);
        assert_int_equal(check(cases[i].kind, offer).verdict, IDENTIFIER_VALID);
    }
}

static void test_no_prefix_of_a_valid_value_of_fixed_length_is_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].verdict != IDENTIFIER_VALID || cases[i].kind == IDENTIFIER_CARD)
            continue;
        char prefix[64] = { 0 };
        for (size_t len = 0; len < strlen(cases[i].as_seen); len++) {
            memcpy(prefix, cases[i].as_seen, len);
            prefix[len] = 0;
            assert_int_not_equal(check(cases[i].kind, prefix).verdict, IDENTIFIER_VALID);
        }
    }
}

static void test_folds_what_is_misread(void **state)
{
    (void)state;
    assert_true(text_is(check(IDENTIFIER_PLATE, "OI-01").folded, "0101"));
    assert_true(text_is(check(IDENTIFIER_CRYPTO, "OI").folded, "OI"));
}

static void test_kinds_are_found_by_their_code(void **state)
{
    (void)state;
    assert_int_equal(identifier_kind_find(TEXT("vin")), IDENTIFIER_VIN);
    assert_int_equal(identifier_kind_find(TEXT("crypto")), IDENTIFIER_CRYPTO);
    assert_int_equal(identifier_kind_find(TEXT("tax-number")), IDENTIFIER_OTHER);
}

static void test_a_full_arena_sticks(void **state)
{
    (void)state;
    for (size_t size = 0; size < 100; size++) {
        struct arena arena = arena_over(memory, size);
        struct identifier_check c =
            identifier_check(IDENTIFIER_VIN, TEXT("1HGCM82633A123456"), &arena);
        assert_true(arena.full || c.correction.len == 17);
    }
}

static struct json load(struct arena *arena, const char *below)
{
    char path[TEST_PATH_MAX];
    struct json out = json_null();
    struct test_file in = { NULL, 0 };
    if (!test_shared(below, path) || !test_file_read(path, &in))
        return out;
    assert_false(failed(json_parse(arena_copy(arena, test_file_bytes(&in)), arena, &out)));
    free(in.data);
    return out;
}

static void check_vin_case(const struct json *one)
{
    char vin[32] = { 0 };
    struct text text = json_get_text(one, "VIN");
    memcpy(vin, text.data, text.len);
    struct identifier_check c = check(IDENTIFIER_VIN, vin);
    assert_int_equal(c.verdict == IDENTIFIER_VALID, json_get_bool(one, "check_digit_ok"));
    struct vin parts = vin_parts(c.key);
    int64_t year = 0;
    assert_true(json_get_integer(one, "YEAR", &year));
    assert_true(text_equal(parts.wmi, json_get_text(one, "WMI")));
    assert_true(text_equal(parts.vds, json_get_text(one, "VDS")));
    assert_true(text_equal(parts.vis, json_get_text(one, "VIS")));
    assert_true(text_equal(parts.serial, json_get_text(one, "SEQUENTIAL_NUMBER")));
    assert_int_equal(parts.small_maker, json_get_bool(one, "FEWER_THAN_500_PER_YEAR"));
    char region[32] = { 0 };
    struct text want = json_get_text(one, "REGION");
    for (size_t i = 0; i < want.len; i++)
        region[i] = want.data[i] == '_' ? '-' : want.data[i];
    assert_string_equal(parts.region, region);
    if (parts.model_year != year)
        fail_msg("%s is of %d, not %d", vin, (int)year, parts.model_year);
}

static void test_all_vin_cases(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json all = load(&arena, "identifiers/vin_cases.json");
    for (size_t i = 0; i < json_count(&all); i++)
        check_vin_case(json_item(&all, i));
    printf("%zu VIN cases\n", json_count(&all));
}

static void test_all_iban_cases(void **state)
{
    (void)state;
    static const char *const lists[] = { "valid", "experimental", "invalid" };
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json all = load(&arena, "identifiers/iban_cases.json");
    for (size_t l = 0; l < 3; l++) {
        const struct json *list = json_get(&all, lists[l]);
        for (size_t i = 0; i < json_count(list); i++) {
            char iban[64] = { 0 };
            struct text text = json_item(list, i)->string;
            memcpy(iban, text.data, text.len);
            bool valid = check(IDENTIFIER_IBAN, iban).verdict == IDENTIFIER_VALID;
            if (valid != (l < 2))
                fail_msg("%s: %s", lists[l], iban);
        }
        printf("%zu %s IBAN cases\n", json_count(list), lists[l]);
    }
}

/* php-iban's registry: the example and the length of every country that it knows. */
static void test_every_registered_example_is_valid(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    struct test_file in = { NULL, 0 };
    if (!test_shared("identifiers/registry_iban.txt", path))
        return;
    assert_true(test_file_read(path, &in));
    struct text rest = { (const char *)in.data, in.len };
    size_t count = 0;
    text_split(&rest, '\n');
    while (rest.len > 0) {
        struct text line = text_split(&rest, '\n');
        struct text cells[12];
        for (size_t i = 0; i < 12; i++)
            cells[i] = text_split(&line, '|');
        char iban[64] = { 0 };
        if (cells[7].len == 0 || text_is(cells[0], "AA"))
            continue;
        memcpy(iban, cells[7].data, cells[7].len);
        struct identifier_check c = check(IDENTIFIER_IBAN, iban);
        /* both have registered since, with other lengths */
        bool outdated = text_is(cells[0], "BI") || text_is(cells[0], "NI");
        if (c.verdict != (outdated ? IDENTIFIER_WRONG_LENGTH : IDENTIFIER_VALID))
            fail_msg("%s: verdict %d", iban, (int)c.verdict);
        count++;
    }
    printf("%zu registered examples\n", count);
    free(in.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specimens_get_their_verdict_key_and_offer),
        cmocka_unit_test(test_an_offer_is_itself_valid),
        cmocka_unit_test(test_no_prefix_of_a_valid_value_of_fixed_length_is_valid),
        cmocka_unit_test(test_folds_what_is_misread),
        cmocka_unit_test(test_kinds_are_found_by_their_code),
        cmocka_unit_test(test_a_full_arena_sticks),
        cmocka_unit_test(test_all_vin_cases),
        cmocka_unit_test(test_all_iban_cases),
        cmocka_unit_test(test_every_registered_example_is_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
