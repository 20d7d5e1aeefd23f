/* One name in two scripts, or in two spellings (sets below COMITY_SHARED/names).
 *     bench-names [DIR]
 *
 * S5, tokens: the half of the mined pairs that tables were not made better by, cleaned by the rule
 * of tests/support/test_names.h.
 *   S5.russian_pct      and its like: beside a family name that both share, the comparison finds
 *                       that the one word stands for the other
 *   S5.russian_raw_pct  before cleaning; S5.russian_dropped: pairs that fell out
 *
 * S5, full names in Hebrew, Korean and the original UN spelling, every 16th (all with SCALE=full),
 * looked for by their Latin spelling among all of the set; cleaned by the same rule, whole name
 * against whole name.
 *   S5.full_names_pct   answered in any band, and S5.full_hebrew_pct, S5.full_hebrew_raw_pct and
 *                       their like
 *   S5.full_shown_pct   strong or possible
 *
 * S11: French and English spellings of the Sahel.
 *   S11.recall_pct      pairs of one name in which the comparison finds the one word in the other
 *   S11.f1              of two persons who share a rare family name, possible or strong means that
 *                       the given name is one; S11.f1_strong: strong alone
 *   S11.best_f1         at the best score; S11.best_f1_alone: at the best weight of the word alone
 *
 * Misses: DIR/S5-*.tsv, DIR/S11-errors.tsv. */
#include <stdio.h>
#include <stdlib.h>

#include "labelled.h"
#include "measure.h"
#include "test_names.h"

static FILE *create(const char *folder, const char *set, const char *what)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s-%s.tsv", folder, set, what);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

/* Of nobody, so rare everywhere. */
static const char *const family = "quibrantovel";

/* The two words stand for each other in two names that end alike; with a dot between words, as
 * transcriptions into unspaced scripts have it. */
static bool is_found(const char *ours, const char *theirs)
{
    char name[2][512];
    snprintf(name[0], sizeof name[0], "%s %s", ours, family);
    snprintf(name[1], sizeof name[1], "%s\xc2\xb7%s", theirs, family);
    struct index_hit hit = labelled_compare(text_literal(name[0]), text_literal(name[1]), 0);
    struct text word = text_literal(theirs);
    struct text bare = word; /* the Arabic article is a word of its own to the comparison */
    if (text_starts(word, text_literal("\xd8\xa7\xd9\x84")))
        bare = (struct text){ word.data + 4, word.len - 4 };
    for (size_t i = 0; i < hit.reason_count; i++) {
        const struct index_reason *r = &hit.reasons[i];
        if (r->field == INDEX_NAME && r->weight > 0 &&
            (text_equal(r->theirs, word) || text_equal(r->theirs, bare)) &&
            (r->relation == INDEX_AGREE || r->relation == INDEX_CLOSE))
            return true;
    }
    return false;
}

#define WIKIDATA "names/netransliteration-coling2018/"
struct token_set {
    const char *below, *name;
    const char *whole_opt; /* whole names, which tell of some pairs that they are none */
    bool latin_first;
};

static void recall_of_tokens(const char *folder, const struct token_set *set)
{
    const char *script = set->name;
    char path[TEST_PATH_MAX];
    char whole[TEST_PATH_MAX];
    struct name_pairs pairs;
    bool names = set->whole_opt != NULL && test_path("COMITY_SHARED", set->whole_opt, whole);
    if (!test_path("COMITY_SHARED", set->below, path) ||
        !pairs_load(path, names ? whole : NULL, set->latin_first, &pairs)) {
        fprintf(stderr, "skipped: no %s in COMITY_SHARED\n", set->below);
        return;
    }
    size_t all = 0;
    size_t all_found = 0;
    size_t kept = 0;
    size_t kept_found = 0;
    FILE *misses = create(folder, "S5", script);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct name_pair *pair = &pairs.pair[i];
        if (pair_half(pair) == 0)
            continue;
        bool found = is_found(pair->latin, pair->native);
        bool clean = pair->verdict == PAIR_KEPT;
        all++;
        all_found += found;
        kept += clean;
        kept_found += clean && found;
        if (clean && !found)
            fprintf(misses, "%s\t%s\n", pair->latin, pair->native);
    }
    fclose(misses);
    printf("S5.%s_pct %.2f %%\nS5.%s_raw_pct %.2f %%\n", script,
           100 * (double)kept_found / (double)kept, script, 100 * (double)all_found / (double)all);
    printf("S5.%s_pairs %zu pairs\nS5.%s_dropped %zu pairs\n", script, kept, script, all - kept);
    pairs_free(&pairs);
}

/* -- full names -------------------------------------------------------------------------------- */

/* The generic skeletons of all words, one behind the other. */
enum { OUTLINE_MAX = 96 };
struct outline {
    size_t len;
    char at[OUTLINE_MAX];
};

static struct outline outline_of(struct text name)
{
    struct outline out = { 0 };
    for (size_t i = 0; i < name.len;) {
        char word[128];
        size_t len = 0;
        for (; i < name.len && name.data[i] != ' '; i++) {
            if (len < sizeof word - 1)
                word[len++] = name.data[i];
        }
        word[len] = '\0';
        i++;
        struct letters letters;
        pair_sound(word, &letters);
        for (size_t k = 0; k < letters.len && out.len < OUTLINE_MAX; k++)
            out.at[out.len++] = letters.at[k];
    }
    return out;
}

/* The rule of tokens for whole names: far, by more than half of the longer, is another name or a
 * translated title. */
static bool is_one_name(struct text latin, struct text native)
{
    struct outline a = outline_of(latin);
    struct outline b = outline_of(native);
    size_t row[OUTLINE_MAX + 1];
    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t before = row[0]++;
        for (size_t k = 1; k <= b.len; k++) {
            size_t change = before + (a.at[i - 1] != b.at[k - 1]);
            before = row[k];
            size_t best = change < before + 1 ? change : before + 1;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return 2 * row[b.len] <= (a.len > b.len ? a.len : b.len);
}

struct full {
    size_t asked, answered, shown, refused;
    size_t raw, raw_answered; /* before cleaning */
};

static void add_full(struct full *sum, const struct full *more)
{
    sum->asked += more->asked;
    sum->answered += more->answered;
    sum->shown += more->shown;
    sum->refused += more->refused;
    sum->raw += more->raw;
    sum->raw_answered += more->raw_answered;
}

/* Line of `latin` and `native`; `only` in field `only_at`, or every line. */
struct names_set {
    const char *below, *name;
    size_t latin, native, only_at;
    const char *only_opt;
    size_t step;
};

static bool belongs(const struct names_set *set, const struct table *t)
{
    return set->only_opt == NULL || text_is(table_field(t, set->only_at), set->only_opt);
}

static struct full full_names(const char *folder, const struct names_set *set)
{
    struct table t;
    struct full out = { 0 };
    struct bench_index index = { 0 };
    if (!table_open(&t, set->below, '\t'))
        return out;
    while (table_next(&t)) {
        if (belongs(set, &t))
            bench_index_add(&index, table_field(&t, set->native), (struct index_birth){ 0 }, false);
    }
    bench_index_build(&index);
    table_again(&t);
    FILE *misses = create(folder, "S5-full", set->name);
    for (size_t line = 0; table_next(&t);) {
        if (!belongs(set, &t) || ++line % set->step != 0)
            continue;
        struct text latin = table_field(&t, set->latin);
        struct text native = table_field(&t, set->native);
        struct index_query query = { .name.full = latin, .hits_max = INDEX_HITS_MAX };
        struct index_answer answer;
        out.refused += !bench_index_search(&index, &query, &answer);
        enum index_band band = bench_index_band(&answer, line);
        out.raw++;
        out.raw_answered += band > INDEX_NONE;
        if (!is_one_name(latin, native))
            continue;
        out.asked++;
        out.answered += band > INDEX_NONE;
        out.shown += band >= INDEX_POSSIBLE;
        if (band == INDEX_NONE)
            fprintf(misses, "%.*s\t%.*s\n", (int)latin.len, latin.data, (int)native.len,
                    native.data);
    }
    fclose(misses);
    printf("S5.full_%s_pct %.2f %%\nS5.full_%s_raw_pct %.2f %%\n", set->name,
           100 * (double)out.answered / (double)out.asked, set->name,
           100 * (double)out.raw_answered / (double)out.raw);
    printf("S5.full_%s_asked %zu names\nS5.full_%s_dropped %zu names\n", set->name, out.asked,
           set->name, out.raw - out.asked);
    bench_index_free(&index);
    table_close(&t);
    return out;
}

static void all_full_names(const char *folder)
{
    size_t step = measure_size(1, 16, 1);
    const struct names_set sets[] = {
        { WIKIDATA "wd_hebrew.tsv", "hebrew", 0, 1, 0, NULL, step },
        { WIKIDATA "wd_korean.tsv", "korean", 0, 1, 0, NULL, step },
        { "names/ofac-un-lists/derived_un_person_aliases.tsv", "un", 1, 2, 3, "original_script",
          1 },
    };
    struct full sum = { 0 };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct full one = full_names(folder, &sets[i]);
        add_full(&sum, &one);
    }
    if (sum.asked > 0)
        printf("S5.full_names_pct %.2f %%\nS5.full_shown_pct %.2f %%\nS5.full_refused %zu names\n",
               100 * (double)sum.answered / (double)sum.asked,
               100 * (double)sum.shown / (double)sum.asked, sum.refused);
}

/* -- Sahel ------------------------------------------------------------------------------------- */

static void sahel(const char *folder)
{
    struct table t;
    struct outcomes decided = { 0 };
    struct outcomes strong = { 0 };
    struct curve curve = { 0 };
    struct curve whole = { 0 };
    size_t pairs = 0;
    size_t same = 0;
    size_t found = 0;
    if (!table_open(&t, "names/sahel/pairs.tsv", '\t'))
        return;
    FILE *errors = create(folder, "S11", "errors");
    for (table_next(&t); table_next(&t);) {
        char name[2][256];
        for (size_t i = 0; i < 2; i++)
            snprintf(name[i], sizeof name[i], "%.*s", (int)table_field(&t, i).len,
                     table_field(&t, i).data);
        bool truth = text_is(table_field(&t, 2), "same");
        bool there = is_found(name[0], name[1]);
        pairs++;
        same += truth;
        found += truth && there;
        struct index_hit alone = labelled_compare(text_literal(name[0]), text_literal(name[1]), 0);
        const struct index_reason *like = labelled_likeness(&alone);
        curve_add(&curve, like == NULL ? 0 : like->weight, truth);
        for (size_t i = 0; i < 2; i++)
            snprintf(name[i] + strlen(name[i]), sizeof name[i] - strlen(name[i]), " %s", family);
        struct index_hit hit = labelled_compare(text_literal(name[0]), text_literal(name[1]), 0);
        bool said = hit.band >= INDEX_POSSIBLE;
        outcomes_add(&decided, said, truth);
        outcomes_add(&strong, hit.band == INDEX_STRONG, truth);
        curve_add(&whole, hit.score, truth);
        if (said != truth)
            fprintf(errors, "%s\t%d\t%s\t%s\n", truth ? "missed" : "wrong", hit.score, name[0],
                    name[1]);
    }
    fclose(errors);
    printf("S11.size %zu pairs\nS11.recall_pct %.2f %%\n", pairs,
           100 * (double)found / (double)same);
    printf("S11.f1 %.3f 1\nS11.f1_strong %.3f 1\n", outcomes_f1(&decided), outcomes_f1(&strong));
    printf("S11.best_f1 %.3f 1\n", curve_write(&whole, folder, "S11-scores"));
    printf("S11.best_f1_alone %.3f 1\n", curve_write(&curve, folder, "S11-weights"));
    table_close(&t);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    static const struct token_set sets[] = {
        { WIKIDATA "wd_russian_20.tsv", "russian", NULL, true },
        { WIKIDATA "wd_hebrew.normalized.aligned.tokens.tsv", "hebrew", WIKIDATA "wd_hebrew.tsv",
          true },
        { WIKIDATA "wd_arabic.normalized.aligned.tokens.tsv", "arabic", NULL, true },
        { WIKIDATA "wd_katakana.normalized.aligned.tokens.tsv", "katakana", NULL, true },
        { WIKIDATA "wd_korean.normalized.aligned.tokens.tsv", "korean", WIKIDATA "wd_korean.tsv",
          true },
        { WIKIDATA "wd_chinese.normalized.aligned.tokens.tsv", "chinese", NULL, true },
        { "names/google-ar2en/ar2en-eval.txt", "arabic_google", NULL, false },
    };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        recall_of_tokens(folder, &sets[i]);
    all_full_names(folder);
    sahel(folder);
    return 0;
}
