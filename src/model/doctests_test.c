/* The doctests of python-stdnum, run against our functions: every assertion of the listed
 * files is parsed, mapped and counted; one that we cannot map fails the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/checkdigit.h"
#include "model/identifiers.h"
#include "test_files.h"

enum { RESULT_MAX = 128, ARGUMENT_MAX = 128, CALL_MAX = 256, PARTS_MAX = 4 };

/* One call `module.function('argument'options)`. */
struct call {
    char module[32];
    char function[32];
    char argument[ARGUMENT_MAX];
    char options[CALL_MAX];
};

struct page {
    const char *at;
    const char *numbers; /* the last numbers = ''' … ''' */
    size_t numbers_len;
    char imported[32];
    size_t run;
    size_t passed_over; /* of functions that we have not, and of what stands in `apart` */
};

static const struct {
    const char *module;
    enum identifier_kind kind;
} modules[] = {
    { "bic", IDENTIFIER_BIC },   { "banknote", IDENTIFIER_BANKNOTE }, { "imsi", IDENTIFIER_IMSI },
    { "meid", IDENTIFIER_IMEI }, { "iso6346", IDENTIFIER_CONTAINER }, { "lei", IDENTIFIER_LEI },
    { "iban", IDENTIFIER_IBAN },
};

/* National numbers, by the country that gives them. */
static const struct {
    const char *module;
    const char *country;
} nationals[] = {
    { "egn", "BGR" },
    { "rc", "CZE" },
    { "ik", "EST" },
    { "hetu", "FIN" },
    { "codicefiscale", "ITA" },
    { "asmens", "LTU" },
    { "fodselsnummer", "NOR" },
    { "personnummer", "SWE" },
    { "emso", "SVN" },
    { "tckimlik", "TUR" },
    { "rntrc", "UKR" },
    { "idnr", "ZAF" },
};

/* Where we differ, and why. */
static const char *const apart[] = {
    "table = (", /* Damm by another table */
    "damm.checksum('816', table",
    "damm.checksum('8169', table",
    "hetu.validate('131052/308T'",        /* any separator goes */
    "hetu.validate('131052-9993', allow", /* options: we have none */
    "asmens.validate('36813280103', validate",
    "fodselsnummer.validate('18103970861'", /* not yet born: the model has no clock */
    "personnummer.validate('a' *",          /* no literal */
};

static const char *const others[] = { "get_gender",      "get_birth_date", "get_region",
                                      "get_citizenship", "format",         "compact" };

static const char *country_of(const char *module)
{
    for (size_t i = 0; i < sizeof(nationals) / sizeof(nationals[0]); i++) {
        if (strcmp(module, nationals[i].module) == 0)
            return nationals[i].country;
    }
    return NULL;
}

static bool is_apart(const char *source)
{
    for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
        if (strncmp(source, apart[i], strlen(apart[i])) == 0)
            return true;
    }
    const char *dot = strchr(source, '.');
    char module[32] = { 0 };
    if (dot == NULL || dot - source >= 32)
        return false;
    memcpy(module, source, (size_t)(dot - source));
    if (strncmp(dot + 1, "calc_check_digit(", 17) == 0)
        return strcmp(module, "ik") == 0; /* of a number that has its digit */
    for (size_t i = 0; country_of(module) != NULL && i < sizeof(others) / sizeof(others[0]); i++) {
        if (strncmp(dot + 1, others[i], strlen(others[i])) == 0)
            return true;
    }
    return false;
}

static const char *exception_of(enum identifier_verdict verdict)
{
    switch (verdict) {
    case IDENTIFIER_VALID:
    case IDENTIFIER_UNCHECKED:
        return "";
    case IDENTIFIER_WRONG_DIGIT:
        return "InvalidChecksum";
    case IDENTIFIER_WRONG_LENGTH:
        return "InvalidLength";
    case IDENTIFIER_WRONG_CHARACTER:
        return "InvalidFormat";
    case IDENTIFIER_UNKNOWN:
        return "InvalidComponent";
    }
    return "?";
}

static struct identifier_check check(const char *module, const char *value)
{
    static uint8_t scratch[4096];
    struct arena arena = arena_over(scratch, sizeof(scratch));
    const char *country = country_of(module);
    if (country != NULL)
        return identifier_check_of(IDENTIFIER_NATIONAL, text_literal(country), text_literal(value),
                                   &arena);
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        if (strcmp(module, modules[i].module) == 0)
            return identifier_check(modules[i].kind, text_literal(value), &arena);
    }
    fail_msg("no such module: %s", module);
    return (struct identifier_check){ .rule = "" };
}

static void put(char *out, struct text t)
{
    snprintf(out, RESULT_MAX, "%.*s", (int)t.len, t.data);
}

static bool option(const struct call *c, const char *name)
{
    return strstr(c->options, name) != NULL;
}

/* Digits in groups, as python-stdnum prints them. */
static void grouped(char *out, const char *in, const size_t *groups)
{
    size_t at = 0;
    for (size_t g = 0; groups[g] > 0 && in[at] != 0; g++) {
        if (g > 0)
            *out++ = ' ';
        for (size_t i = 0; i < groups[g] && in[at] != 0; i++)
            *out++ = in[at++];
    }
    *out = 0;
}

/* What was written: how, and with which check digit (0: none). */
static bool meid_written(const char *in, char *digit_out)
{
    char compact[64] = { 0 };
    size_t len = 0;
    for (const char *p = in; *p != 0; p++) {
        if (*p != ' ' && *p != '-')
            compact[len++] = *p >= 'a' ? (char)(*p - 32) : *p;
    }
    bool decimal = len >= MEID_DECIMAL_LEN;
    size_t base = decimal ? (size_t)MEID_DECIMAL_LEN : (size_t)MEID_LEN;
    *digit_out = len > base ? compact[base] : 0;
    return decimal;
}

/* meid.format and meid.compact: changing the spelling recomputes a check digit, keeping it keeps
 * one, right or wrong. */
static void meid_print(const struct call *c, bool to_decimal, char *body)
{
    struct text key = check("meid", c->argument).key;
    char digit = 0;
    bool was_decimal = meid_written(c->argument, &digit);
    if (to_decimal)
        meid_decimal(key, body);
    else
        memcpy(body, key.data, MEID_LEN);
    if (to_decimal != was_decimal && digit != 0)
        digit = meid_digit(key, to_decimal);
    if (digit == 0 && option(c, "add_check_digit=True"))
        digit = meid_digit(key, to_decimal);
    body[strlen(body)] = digit;
}

static bool run_meid(const struct call *c, char *out)
{
    static const size_t hexadecimal[] = { 2, 2, 2, 2, 2, 2, 2, 1, 0 };
    static const size_t decimal[] = { 5, 5, 4, 4, 1, 0 };
    char digit = 0;
    bool was_decimal = meid_written(c->argument, &digit);
    char body[32] = { 0 };
    if (strcmp(c->function, "to_pseudo_esn") == 0) {
        meid_pseudo_esn(check("meid", c->argument).key, out);
    } else if (strcmp(c->function, "format") == 0) {
        bool to_decimal = option(c, "'dec'") || (was_decimal && !option(c, "'hex'"));
        meid_print(c, to_decimal, body);
        grouped(out, body, to_decimal ? decimal : hexadecimal);
    } else if (strcmp(c->function, "compact") == 0 && option(c, "strip_check_digit=False")) {
        meid_print(c, false, out);
    } else if (strcmp(c->function, "compact") == 0) {
        put(out, check("meid", c->argument).key);
    } else {
        return false;
    }
    return true;
}

static bool run_iso7064(const struct call *c, char *out)
{
    struct text in = text_literal(c->argument);
    bool digit = strncmp(c->function, "calc", 4) == 0;
    bool right = false;
    if (strcmp(c->module, "mod_97_10") == 0) {
        iso7064_97_digits(in, out);
        return digit;
    }
    if (strcmp(c->module, "mod_11_10") == 0 && digit)
        out[0] = iso7064_hybrid_digit(in, DIGITS_10);
    else if (strcmp(c->module, "mod_11_10") == 0)
        right = iso7064_hybrid_sum(in, DIGITS_10) == 1;
    else if (strcmp(c->module, "mod_37_36") == 0 && digit)
        out[0] = iso7064_hybrid_digit(in, DIGITS_36);
    else if (strcmp(c->module, "mod_37_36") == 0)
        right = iso7064_hybrid_sum(in, DIGITS_36) == 1;
    else if (digit)
        out[0] =
            iso7064_pure_digit(in, strcmp(c->module, "mod_11_2") == 0 ? DIGITS_11 : DIGITS_37, 2);
    else
        right = iso7064_pure_sum(in, strcmp(c->module, "mod_11_2") == 0 ? DIGITS_11 : DIGITS_37,
                                 2) == 1;
    if (!digit)
        snprintf(out, RESULT_MAX, "%s", right ? c->argument : "InvalidChecksum");
    return true;
}

static bool run_luhn(const struct call *c, char *out)
{
    const char *alphabet = option(c, "alphabet='abcdef'") ? "abcdef" : DIGITS_10;
    struct text in = text_literal(c->argument);
    if (strcmp(c->function, "checksum") == 0)
        snprintf(out, RESULT_MAX, "%u", luhn_sum(in, alphabet));
    else if (strcmp(c->function, "calc_check_digit") == 0)
        out[0] = luhn_digit(in, alphabet);
    else if (strcmp(c->function, "validate") == 0)
        snprintf(out, RESULT_MAX, "%s",
                 luhn_sum(in, alphabet) == 0 ? c->argument : "InvalidChecksum");
    else
        return false;
    return true;
}

static bool run_table(const struct call *c, char *out)
{
    struct text in = text_literal(c->argument);
    bool damm = strcmp(c->module, "damm") == 0;
    unsigned sum = damm ? damm_sum(in) : verhoeff_sum(in);
    if (strcmp(c->function, "checksum") == 0)
        snprintf(out, RESULT_MAX, "%u", sum);
    else if (strcmp(c->function, "calc_check_digit") == 0)
        out[0] = damm ? damm_digit(in) : verhoeff_digit(in);
    else if (strcmp(c->function, "validate") == 0)
        snprintf(out, RESULT_MAX, "%s", sum == 0 ? c->argument : "InvalidChecksum");
    else if (strcmp(c->function, "is_valid") == 0)
        snprintf(out, RESULT_MAX, "%s", sum == 0 ? "True" : "False");
    else
        return false;
    return true;
}

/* The check letter of a code without it. */
static bool run_digit(const struct call *c, char *out)
{
    char whole[ARGUMENT_MAX + 2];
    if (strcmp(c->function, "calc_check_digit") != 0)
        return false;
    for (char digit = 'A'; digit <= 'Z'; digit++) {
        snprintf(whole, sizeof(whole), "%s%c", c->argument, digit);
        if (check(c->module, whole).verdict == IDENTIFIER_VALID) {
            out[0] = digit;
            return true;
        }
    }
    return false;
}

static void run_split(const struct call *c, char *out)
{
    struct imsi parts = imsi_parts(check("imsi", c->argument).key);
    if (parts.network.len > 0)
        snprintf(out, RESULT_MAX, "('%.*s', '%.*s', '%.*s')", (int)parts.country.len,
                 parts.country.data, (int)parts.network.len, parts.network.data,
                 (int)parts.subscriber.len, parts.subscriber.data);
    else
        snprintf(out, RESULT_MAX, "('%.*s', '%.*s')", (int)parts.country.len, parts.country.data,
                 (int)parts.subscriber.len, parts.subscriber.data);
}

static void run_call(const struct call *c, char *out)
{
    bool done = false;
    memset(out, 0, RESULT_MAX);
    if (strncmp(c->module, "mod_", 4) == 0)
        done = run_iso7064(c, out);
    else if (strcmp(c->module, "luhn") == 0)
        done = run_luhn(c, out);
    else if (strcmp(c->module, "damm") == 0 || strcmp(c->module, "verhoeff") == 0)
        done = run_table(c, out);
    else if (strcmp(c->module, "codicefiscale") == 0)
        done = run_digit(c, out);
    else if (strcmp(c->module, "meid") == 0)
        done = run_meid(c, out);
    if (done)
        return;
    struct identifier_check got = check(c->module, c->argument);
    const char *exception = exception_of(got.verdict);
    if (strcmp(c->function, "validate") == 0 && exception[0] != 0)
        snprintf(out, RESULT_MAX, "%s", exception);
    else if (strcmp(c->function, "validate") == 0)
        put(out, got.key);
    else if (strcmp(c->function, "is_valid") == 0)
        snprintf(out, RESULT_MAX, "%s", exception[0] == 0 ? "True" : "False");
    else if (strcmp(c->function, "split") == 0)
        run_split(c, out);
    else
        fail_msg("%s.%s is not mapped", c->module, c->function);
}

static const char *line_end(const char *p)
{
    const char *end = strchr(p, '\n');
    return end == NULL ? p + strlen(p) : end;
}

/* The expected answer: quotes taken off, or the exception's name. */
static void read_want(struct page *page, char *out)
{
    const char *end = line_end(page->at);
    if (strncmp(page->at, "Traceback", 9) == 0) {
        page->at = line_end(page->at) + 1;
        page->at = line_end(page->at) + 1;
        end = strchr(page->at, ':');
        assert_non_null(end);
    }
    size_t len = (size_t)(end - page->at);
    const char *from = page->at;
    if (from[0] == '\'') {
        from++;
        len -= 2;
    }
    assert_true(len < RESULT_MAX);
    memcpy(out, from, len);
    out[len] = 0;
    page->at = line_end(page->at) + 1;
}

/* Separators are not in our keys, so that a form may be wrong by its length. */
static void national_answer(char *value)
{
    if (strcmp(value, "InvalidLength") == 0)
        snprintf(value, RESULT_MAX, "InvalidFormat");
    char *out = value;
    for (const char *p = value; *p != 0; p++) {
        if (*p != '-' && *p != '+' && *p != ' ')
            *out++ = *p;
    }
    *out = 0;
}

static void run_example(struct page *page, const char *source)
{
    struct call call = { "", "", "", "" };
    char got[RESULT_MAX];
    char want[RESULT_MAX];
    int n = sscanf(source, "%31[a-z_0-9].%31[a-z_0-9]('%127[^']'%255[^\n]", call.module,
                   call.function, call.argument, call.options);
    assert_true(n >= 3);
    run_call(&call, got);
    read_want(page, want);
    if (country_of(call.module) != NULL) {
        national_answer(want);
        national_answer(got);
    }
    if (strcmp(got, want) != 0)
        fail_msg("%.60s gives %s, not %s", source, got, want);
    page->run++;
}

/* [x for x in numbers.splitlines() if x and (not) m.is_valid(x…)] is []: all are, or none is.
 * check_country=False leaves out the national digits: those numbers are right but for them. */
static void run_list(struct page *page, const char *source)
{
    bool wanted = strstr(source, "not ") != NULL && strstr(source, "not ") < line_end(source);
    const char *option = strstr(source, "check_country=False");
    bool lenient = option != NULL && option < line_end(source);
    const char *at = page->numbers;
    while (at < page->numbers + page->numbers_len) {
        const char *end = line_end(at);
        char value[ARGUMENT_MAX] = { 0 };
        if (end - at > 4) {
            memcpy(value, at + 4, (size_t)(end - at - 4));
            struct identifier_check c = check(page->imported, value);
            bool valid = exception_of(c.verdict)[0] == 0;
            if (lenient)
                valid = c.verdict == IDENTIFIER_WRONG_DIGIT && c.correction.len == 0;
            if (valid != wanted)
                fail_msg("%s %s: verdict %d", page->imported, value, (int)c.verdict);
            page->run++;
        }
        at = end + 1;
    }
    char want[RESULT_MAX];
    read_want(page, want);
    assert_string_equal(want, "[]");
}

static void run_source(struct page *page, const char *source)
{
    if (strncmp(source, "from ", 5) == 0) {
        const char *name = strstr(source, "import ") + 7;
        if (*name != '*')
            snprintf(page->imported, sizeof(page->imported), "%.*s", (int)strcspn(name, ",\n"),
                     name);
    } else if (strncmp(source, "numbers = '''", 13) == 0 ||
               strncmp(source, "numbers = \"\"\"", 13) == 0) {
        page->numbers = page->at;
        const char *end = strstr(page->at, source[10] == '"' ? "... \"\"\"" : "... '''");
        assert_non_null(end);
        page->numbers_len = (size_t)(end - page->at);
        page->at = line_end(end) + 1;
    } else if (source[0] == '[') {
        run_list(page, source);
    } else if (strncmp(source, "import ", 7) == 0) {
        return;
    } else if (is_apart(source)) {
        page->passed_over++;
    } else {
        run_example(page, source);
    }
}

static void run_file(const char *name, size_t assertions, size_t passed_over)
{
    char below[64];
    char path[TEST_PATH_MAX];
    struct test_file file = { NULL, 0 };
    snprintf(below, sizeof(below), "identifiers/stdnum/%s.doctest", name);
    if (!test_shared(below, path))
        return;
    assert_true(test_file_read(path, &file));
    struct page page = { .at = (const char *)file.data };
    for (const char *p = strstr(page.at, "\n>>> "); p != NULL; p = strstr(page.at - 1, "\n>>> ")) {
        page.at = line_end(p + 1) + 1;
        run_source(&page, p + 5);
    }
    printf("%s: %zu assertions, %zu passed over\n", name, page.run, page.passed_over);
    assert_int_equal(page.run, assertions);
    assert_int_equal(page.passed_over, passed_over);
    free(file.data);
}

static void test_all_doctests_hold(void **state)
{
    (void)state;
    run_file("bic", 401, 0);
    run_file("eu_banknote", 21, 0);
    run_file("imsi", 4, 0);
    run_file("iso6346", 11, 0);
    run_file("iso7064", 19, 0);
    run_file("lei", 100, 0);
    run_file("luhn", 12, 0);
    run_file("meid", 47, 0);
    run_file("iban", 219, 0);
}

static void test_national_numbers_and_their_systems_hold(void **state)
{
    (void)state;
    run_file("damm", 16, 3);
    run_file("verhoeff", 21, 0);
    run_file("bg_egn", 7, 0);
    run_file("cz_rc", 1, 0);
    run_file("ee_ik", 54, 10);
    run_file("fi_hetu", 13, 4);
    run_file("it_codicefiscale", 22, 21);
    run_file("lt_asmens", 7, 1);
    run_file("no_fodselsnummer", 19, 12);
    run_file("se_personnummer", 16, 9);
    run_file("si_emso", 10, 5);
    run_file("tr_tckimlik", 200, 0);
    run_file("ua_rntrc", 101, 1);
    run_file("za_idnr", 30, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_doctests_hold),
        cmocka_unit_test(test_national_numbers_and_their_systems_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
