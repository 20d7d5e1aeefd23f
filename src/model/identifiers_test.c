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
    { IDENTIFIER_IMO, "IMO 5342883", IDENTIFIER_VALID, "5342883", "" }, /* of a company */
    { IDENTIFIER_IMO, "5817790", IDENTIFIER_VALID, "5817790", "" },
    { IDENTIFIER_IMO, "5342884", IDENTIFIER_WRONG_DIGIT, "5342884", "5342881" },
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
    { IDENTIFIER_PHONE, "+44 (0)20 7946 0958", IDENTIFIER_UNCHECKED, "442079460958", "" },
    { IDENTIFIER_PHONE, "0044 (0) 20-7946-0958 ext. 7", IDENTIFIER_UNCHECKED, "442079460958", "" },
    { IDENTIFIER_PHONE, "+39 06 698 83145", IDENTIFIER_UNCHECKED, "390669883145", "" },
    { IDENTIFIER_PHONE, "call me", IDENTIFIER_WRONG_CHARACTER, "CALLME", "" },
    { IDENTIFIER_EMAIL, "A.B@example.org ", IDENTIFIER_UNCHECKED, "A.B@EXAMPLE.ORG", "" },
    { IDENTIFIER_EMAIL, "Ann B <mailto@example.org>", IDENTIFIER_UNCHECKED, "MAILTO@EXAMPLE.ORG",
      "" },
    { IDENTIFIER_EMAIL, "mailto:a.b@example.org.", IDENTIFIER_UNCHECKED, "A.B@EXAMPLE.ORG", "" },
    { IDENTIFIER_EMAIL, "a.b at example.org", IDENTIFIER_WRONG_CHARACTER, "A.BATEXAMPLE.ORG", "" },
    { IDENTIFIER_EMAIL, "a@b@c", IDENTIFIER_WRONG_CHARACTER, "A@B@C", "" },
    { IDENTIFIER_EMAIL, "<>", IDENTIFIER_WRONG_CHARACTER, "<>", "" },
    { IDENTIFIER_WEBSITE, "https://www.Example.org/", IDENTIFIER_UNCHECKED, "EXAMPLE.ORG", "" },
    { IDENTIFIER_WEBSITE, "example.org/a", IDENTIFIER_UNCHECKED, "EXAMPLE.ORG/A", "" },
    { IDENTIFIER_DOMAIN, "example.org.", IDENTIFIER_UNCHECKED, "EXAMPLE.ORG", "" },
    { IDENTIFIER_CRYPTO, " 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", IDENTIFIER_VALID,
      "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "" },
    { IDENTIFIER_CRYPTO, "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", IDENTIFIER_VALID,
      "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "" },
    { IDENTIFIER_CRYPTO, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", IDENTIFIER_WRONG_DIGIT,
      "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "" },
    { IDENTIFIER_CRYPTO, "11111111111111111111111111", IDENTIFIER_WRONG_DIGIT,
      "11111111111111111111111111", "" },
    /* BIP 173 and BIP 350 */
    { IDENTIFIER_CRYPTO, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", IDENTIFIER_VALID,
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "" },
    { IDENTIFIER_CRYPTO, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", IDENTIFIER_WRONG_DIGIT,
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "" },
    { IDENTIFIER_CRYPTO, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
      IDENTIFIER_VALID, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "" },
    { IDENTIFIER_CRYPTO, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
      IDENTIFIER_WRONG_DIGIT, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
      "" },
    { IDENTIFIER_CRYPTO, "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", IDENTIFIER_WRONG_CHARACTER,
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "" },
    /* EIP-55 */
    { IDENTIFIER_CRYPTO, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", IDENTIFIER_VALID,
      "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "" },
    { IDENTIFIER_CRYPTO, "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", IDENTIFIER_WRONG_DIGIT,
      "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "" },
    { IDENTIFIER_CRYPTO, "0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED", IDENTIFIER_UNCHECKED,
      "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "" },
    { IDENTIFIER_CRYPTO, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", IDENTIFIER_WRONG_CHARACTER,
      "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg", "" },
    { IDENTIFIER_NATIONAL, "12.34-5", IDENTIFIER_UNCHECKED, "12345", "" },
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

/* Specimens that registers and handbooks print; the doctests have many more. */
static void test_what_depends_on_the_country_is_checked_by_its_rules(void **state)
{
    (void)state;
    static const struct {
        enum identifier_kind kind;
        const char *country, *as_seen;
        enum identifier_verdict verdict;
        const char *correction;
    } rows[] = {
        { IDENTIFIER_NATIONAL, "BEL", "85.07.30-033 28", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "BEL", "85.07.30-033 29", IDENTIFIER_WRONG_DIGIT, "" },
        { IDENTIFIER_NATIONAL, "CHN", "11010519491231002X", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "CHN", "110105194912310021", IDENTIFIER_WRONG_DIGIT,
          "11010519491231002X" },
        { IDENTIFIER_NATIONAL, "CHN", "1101051949123100", IDENTIFIER_WRONG_LENGTH, "" },
        { IDENTIFIER_NATIONAL, "ESP", "12345678Z", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "ESP", "X1234567L", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "ESP", "12345678A", IDENTIFIER_WRONG_DIGIT, "12345678Z" },
        { IDENTIFIER_NATIONAL, "FRA", "2 95 10 99 126 111 93", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "FRA", "2 95 10 99 126 111 94", IDENTIFIER_WRONG_DIGIT, "" },
        { IDENTIFIER_NATIONAL, "IND", "2341 2341 2346", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "IND", "2341 2341 2347", IDENTIFIER_WRONG_DIGIT, "234123412346" },
        { IDENTIFIER_NATIONAL, "ISR", "3933742-3", IDENTIFIER_WRONG_LENGTH, "" },
        { IDENTIFIER_NATIONAL, "ISR", "03933742-3", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "NLD", "111222333", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "POL", "44051401359", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "POL", "44051401358", IDENTIFIER_WRONG_DIGIT, "44051401359" },
        { IDENTIFIER_NATIONAL, "ROU", "1630615123457", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "CZE", "590312/123", IDENTIFIER_UNCHECKED, "" },
        { IDENTIFIER_NATIONAL, "CZE", "591312/123", IDENTIFIER_UNKNOWN, "" },
        { IDENTIFIER_NATIONAL, "SWE", "19880320-0016", IDENTIFIER_VALID, "" },
        { IDENTIFIER_NATIONAL, "NER", "anything", IDENTIFIER_UNCHECKED, "" },
        { IDENTIFIER_PLATE, "SGP", "SBA1234G", IDENTIFIER_VALID, "" },
        { IDENTIFIER_PLATE, "SGP", "SBS 3229 P", IDENTIFIER_VALID, "" },
        { IDENTIFIER_PLATE, "SGP", "SBS3229A", IDENTIFIER_WRONG_DIGIT, "SBS3229P" },
        { IDENTIFIER_PLATE, "SGP", "TAXI", IDENTIFIER_UNCHECKED, "" },
        { IDENTIFIER_PLATE, "NER", "SBS3229A", IDENTIFIER_UNCHECKED, "" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = arena_over(memory, 4096);
        struct identifier_check c = identifier_check_of(rows[i].kind, text_literal(rows[i].country),
                                                        text_literal(rows[i].as_seen), &arena);
        if (c.verdict != rows[i].verdict || !text_is(c.correction, rows[i].correction))
            fail_msg("%s %s: verdict %d, offer %.*s", rows[i].country, rows[i].as_seen,
                     (int)c.verdict, (int)c.correction.len, c.correction.data);
        assert_true(text_equal(c.key, check(rows[i].kind, rows[i].as_seen).key));
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
            struct text text = json_item_text(list, i);
            memcpy(iban, text.data, text.len);
            bool valid = check(IDENTIFIER_IBAN, iban).verdict == IDENTIFIER_VALID;
            if (valid != (l < 2))
                fail_msg("%s: %s", lists[l], iban);
        }
        printf("%zu %s IBAN cases\n", json_count(list), lists[l]);
    }
}

/* What OFAC has published as addresses of crypto-assets. */
static void test_all_published_crypto_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        bool all_checked;
    } lists[] = { { "XBT", true },   { "LTC", true },  { "DASH", true },
                  { "ZEC", true },   { "TRX", true },  { "ETH", false },
                  { "USDT", false }, { "BCH", false }, { "XMR", false } };
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        char below[64];
        size_t valid = 0;
        snprintf(below, sizeof(below), "lists/ofac/crypto-addresses/%s.json", lists[l].file);
        struct json all = load(&arena, below);
        for (size_t i = 0; i < json_count(&all); i++) {
            char address[128] = { 0 };
            struct text text = json_item_text(&all, i);
            memcpy(address, text.data, text.len);
            struct identifier_check c = check(IDENTIFIER_CRYPTO, address);
            if (c.rule[0] != 0 || (lists[l].all_checked && c.verdict != IDENTIFIER_VALID))
                fail_msg("%s %s: verdict %d", lists[l].file, address, (int)c.verdict);
            valid += c.verdict == IDENTIFIER_VALID;
        }
        printf("%s: %zu of %zu checked\n", lists[l].file, valid, json_count(&all));
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
        cmocka_unit_test(test_what_depends_on_the_country_is_checked_by_its_rules),
        cmocka_unit_test(test_folds_what_is_misread),
        cmocka_unit_test(test_kinds_are_found_by_their_code),
        cmocka_unit_test(test_a_full_arena_sticks),
        cmocka_unit_test(test_all_vin_cases),
        cmocka_unit_test(test_all_iban_cases),
        cmocka_unit_test(test_all_published_crypto_addresses),
        cmocka_unit_test(test_every_registered_example_is_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
