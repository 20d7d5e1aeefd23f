/* Latin forms: published systems, letters that only look alike, and names meant to do harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "index/score/score.h"
#include "index/names/token.h"
#include "test_names.h"

enum { GROUPS_MAX = 64, GROUP_MIN = 40, WORD_MAX = 96 };

static void analyse(const char *name, struct analysed *out)
{
    struct index_name whole = { .full = text_literal(name) };
    analyse_name(&whole, (struct bytes){ 0 }, out);
}

static struct token token_of(const char *name)
{
    struct token token;
    pair_token(name, &token);
    return token;
}

static struct likeness likeness_of(const char *a, const char *b)
{
    struct token ours = token_of(a);
    struct token theirs = token_of(b);
    struct likeness likeness = token_compare(score_table(0), &ours, &theirs);
    if (likeness.weight > 0 && !ours.initial && !theirs.initial)
        assert_true(test_share_key(&ours, &theirs)); /* A2 */
    return likeness;
}

struct group { /* one language and script, or one file */
    char name[32];
    double count, exact, found;
};

static void group_add(struct group *group, const char *native, const char *latin)
{
    struct token token = token_of(native);
    if (token.codes.count < 3 || token_of(latin).codes.count < 3)
        return;
    struct likeness likeness = likeness_of(native, latin);
    group->count++;
    group->exact += likeness.exact;
    group->found += likeness.weight > 0;
}

/* Word by word, where both sides have as many. */
static void group_add_line(struct group *group, char *native, char *latin)
{
    static const char breaks[] = " ,.;:!?()\"/";
    char *ours[WORD_MAX];
    char *theirs[WORD_MAX];
    size_t our_count = 0;
    size_t their_count = 0;
    for (char *word = strtok_r(native, breaks, &native); word != NULL && our_count < WORD_MAX;
         word = strtok_r(NULL, breaks, &native))
        ours[our_count++] = word;
    for (char *word = strtok_r(latin, breaks, &latin); word != NULL && their_count < WORD_MAX;
         word = strtok_r(NULL, breaks, &latin))
        theirs[their_count++] = word;
    for (size_t i = 0; our_count == their_count && i < our_count; i++)
        group_add(group, ours[i], theirs[i]);
}

static void group_print(const struct group *group)
{
    printf("  %s: %.0f words, %.1f %% agree, %.1f %% found\n", group->name, group->count,
           100 * group->exact / group->count, 100 * group->found / group->count);
}

/* "bgnpcgn-rus-Cyrl-Latn-1947" is of group "rus-Cyrl". */
static struct group *group_of(struct group *groups, size_t *count, const char *system)
{
    const char *from = strchr(system, '-');
    const char *to = from != NULL ? strstr(from, "-Latn") : NULL;
    if (to == NULL || (size_t)(to - from) > sizeof groups->name)
        return NULL;
    char name[32] = { 0 };
    memcpy(name, from + 1, (size_t)(to - from) - 1);
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(groups[i].name, name) == 0)
            return &groups[i];
    }
    if (*count == GROUPS_MAX)
        return NULL;
    memcpy(groups[*count].name, name, sizeof name);
    return &groups[(*count)++];
}

static void published_systems_are_found(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    struct test_file file;
    if (!test_shared("names/interscript-translit/translit_test_pairs.tsv", path) ||
        !test_file_read(path, &file))
        return;
    static struct group groups[GROUPS_MAX];
    size_t count = 0;
    char *rest = (char *)file.data;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        char *system = strsep(&line, "\t");
        char *native = line != NULL ? strsep(&line, "\t") : NULL;
        struct group *group = line != NULL ? group_of(groups, &count, system) : NULL;
        if (group != NULL)
            group_add_line(group, native, line);
    }
    static const char *const floors[] = { "rus-Cyrl", "ukr-Cyrl", "bul-Cyrl",
                                          "bel-Cyrl", "srp-Cyrl", "mkd-Cyrl",
                                          "mon-Cyrl", "ell-Grek", "kat-Geor" };
    for (size_t i = 0; i < count; i++) {
        if (groups[i].count < GROUP_MIN)
            continue;
        group_print(&groups[i]);
        for (size_t k = 0; k < sizeof floors / sizeof floors[0]; k++) {
            if (strcmp(groups[i].name, floors[k]) == 0)
                assert_true(groups[i].found / groups[i].count >= 0.95);
        }
    }
    free(file.data);
}

static void cldr_words_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double floor;
    } files[] = {
        { "be-Latn-t-be-m0-bgn", 0.97 },      { "bg-Latn-t-bg-m0-bgn", 0.97 },
        { "el-Latn-t-el-m0-bgn", 0.97 },      { "fa-Latn-t-fa-m0-bgn", 0.85 },
        { "hy-Latn-t-hy-m0-bgn", 0.95 },      { "ka-Latn-t-ka-m0-bgn-1981", 0.97 },
        { "ka-Latn-t-ka-m0-bgn-2009", 0.97 }, { "kk-Latn-t-kk-m0-bgn", 0.97 },
        { "ky-Latn-t-ky-m0-bgn", 0.97 },      { "mk-Latn-t-mk-m0-bgn", 0.97 },
        { "ru-Latn-t-ru-m0-bgn", 0.97 },      { "sr-Latn-t-sr-m0-bgn", 0.97 },
        { "uk-Latn-t-uk-m0-bgn", 0.97 },
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char below[256];
        char path[TEST_PATH_MAX];
        struct test_file file;
        snprintf(below, sizeof below, "names/cldr-transforms/tests/%s.txt", files[i].name);
        if (!test_shared(below, path) || !test_file_read(path, &file))
            return;
        struct group group = { 0 };
        snprintf(group.name, sizeof group.name, "%s", files[i].name);
        char *rest = (char *)file.data;
        for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
            char *native = strsep(&line, "\t");
            if (line != NULL && native[0] != '#')
                group_add_line(&group, native, line);
        }
        group_print(&group);
        assert_true(group.found / group.count >= files[i].floor);
        free(file.data);
    }
}

static void look_alike_letters_are_read_and_told(void **state)
{
    (void)state;
    /* Cyrillic Р and е among Latin letters, a Latin C among Cyrillic ones */
    assert_string_equal(likeness_of("\u0420etrov", "Petrov").rule, "name.look-alike");
    assert_string_equal(likeness_of("Serg\u0435i", "Sergei").rule, "name.look-alike");
    assert_string_equal(likeness_of("C\u0435\u0440\u0433\u0435\u0439", "Сергей").rule,
                        "name.look-alike");
    struct token mixed = token_of("\u0420etrov");
    assert_true(mixed.mixed && mixed.script == SCRIPT_LATIN);
    assert_false(token_of("Петров").mixed);
    assert_false(token_of("Petrov").mixed);
}

static void the_machine_readable_zone_meets_the_name(void **state)
{
    (void)state;
    assert_true(likeness_of("MUELLER", "Müller").exact);
    assert_true(likeness_of("GROSS", "Groß").exact);
    assert_true(likeness_of("SOERENSEN", "Sørensen").exact);
    assert_true(likeness_of("MXHMD", "محمد").exact);
    assert_true(likeness_of("XHSYN", "حسين").exact);
    assert_true(likeness_of("XKHALD", "خالد").exact);
    assert_false(likeness_of("XHEMAL", "Hemal").exact); /* Albanian */
}

static void particles_and_endings_are_known(void **state)
{
    (void)state;
    struct analysed name;
    analyse("van der Bilt", &name);
    assert_int_equal(name.count, 2);
    assert_int_equal(name.token[0].word, WORD_PARTICLE);
    analyse("Mohamed Ould Abdel Aziz", &name);
    assert_int_equal(name.token[1].word, WORD_PARTICLE);
    assert_true(token_of("Николаевич").patronymic);
    assert_true(token_of("Petrovna").patronymic);
    assert_false(token_of("Petrov").patronymic);
    assert_true(likeness_of("Alhaji", "El Hadj").weight == 0 ||
                likeness_of("Alhaji", "Elhadj").exact);
}

static void harmful_names_stay_bounded(void **state)
{
    (void)state;
    struct analysed name;
    static char many[10001];
    memset(many, 'a', sizeof many - 1);
    analyse(many, &name);
    assert_true(name.clipped && name.count == 1 && name.token[0].codes.count == CODES_MAX);
    for (size_t i = 0; i + 4 < sizeof many; i += 4)
        memcpy(many + i, "van ", 4);
    analyse(many, &name); /* 2,500 particles */
    assert_true(name.clipped && name.count <= INDEX_TOKENS_MAX);
    for (size_t i = 0; i + 2 < sizeof many; i += 2)
        memcpy(many + i, "\u05d5", 2); /* a letter of three sounds, 5,000 times */
    analyse(many, &name);
    uint32_t keys[KEYS_MAX];
    assert_true(name.clipped && token_keys(&name.token[0], keys) <= KEYS_MAX);
    analyse("\u202eMoham\u200fed\u202c", &name); /* marks of direction */
    assert_int_equal(name.count, 1);
    assert_true(likeness_of("\u202eMoham\u200fed\u202c", "Mohamed").same);
    analyse("\u0640\u064b\u0301 \u200f", &name); /* marks and nothing else */
    assert_int_equal(name.count, 0);
    struct text text;
    assert_true(failed(text_parse(bytes_of("Mo\xff", 3), &text))); /* never comes here */
}

/* Hebrew writes them within a word, with their own signs or with those of a keyboard. */
static void geresh_and_apostrophe_part_no_word(void **state)
{
    (void)state;
    static const char *const names[] = { "נישיג׳ימה", "נישיג'ימה", "באב״ד", "D’Angelo", "O′Brien" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct analysed name;
        analyse(names[i], &name);
        assert_int_equal(name.count, 1);
    }
    assert_true(likeness_of("נישיג׳ימה", "Nishijima").exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_systems_are_found),
        cmocka_unit_test(cldr_words_are_found),
        cmocka_unit_test(look_alike_letters_are_read_and_told),
        cmocka_unit_test(the_machine_readable_zone_meets_the_name),
        cmocka_unit_test(particles_and_endings_are_known),
        cmocka_unit_test(geresh_and_apostrophe_part_no_word),
        cmocka_unit_test(harmful_names_stay_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
