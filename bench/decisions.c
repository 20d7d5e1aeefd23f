/* How good the decisions are, beside a peer's on the same pairs (sets below COMITY_SHARED/names).
 *
 * S6: pairs of the OpenSanctions name bench whose case id (a hash of the pair) is odd; whoever
 *     tunes uses the even ones. A pair matches when its band is possible or strong.
 *     S6.f1, S6.f1_person, S6.strong_misses (pairs of the STRONG tier that match and are not
 *     found); S6.f1.logic_v2 and its like: the peer's own published decisions; S6.better and
 *     S6.worse: pairs that one of the two alone decides rightly, S6.chance: McNemar's test.
 * S7: synthetic persons with birth date against all names of the persons of the UN and OFAC lists.
 *     S7.strong_pct, S7.possible_pct: persons whose best answer is of this band; S7.recall_pct: UN
 *     names that others corrupted and that are found as strong or possible, with birth date;
 *     S7.recall_name_pct: without; S7.wrong_top_pct: somebody else stands first.
 * Curves and every wrong decision: DIR/S6-*.tsv, DIR/S7-*.tsv. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "labelled.h"

enum { TIERS = 3, KIND_VESSEL = 4, KIND_ORGANISATION = 9 }; /* rows of code list `kind` */
static const char *const tiers[TIERS] = { "STRONG", "MEDIUM", "WEAK" };

/* -- S6 ---------------------------------------------------------------------------------------- */

struct verdicts {
    struct outcomes ours, theirs;
    struct curve curve;
};

static void verdicts_add(struct verdicts *v, const struct index_hit *hit, bool theirs, bool truth)
{
    outcomes_add(&v->ours, hit->band >= INDEX_POSSIBLE, truth);
    outcomes_add(&v->theirs, theirs, truth);
    curve_add(&v->curve, hit->band == INDEX_NONE ? 0 : hit->score, truth);
}

static void print_outcomes(const struct outcomes *o, const char *whose)
{
    printf("S6.precision%s %.3f 1\n", whose, o->right / (o->right + o->wrong));
    printf("S6.recall%s %.3f 1\n", whose, o->right / (o->right + o->missed));
}

static bool beyond_latin(struct text name)
{
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.data[i] >= 0xcd) /* Latin with its accents ends at U+034F */
            return true;
    }
    return false;
}

struct s6 {
    struct verdicts all, person, native, tier[TIERS], tuning;
    size_t strong_misses, better, worse;
    FILE *errors;
};

static uint16_t kind_of(struct text schema)
{
    return text_is(schema, "Person")   ? 0
           : text_is(schema, "Vessel") ? KIND_VESSEL
                                       : KIND_ORGANISATION;
}

static void s6_row(struct s6 *s, const struct table *t)
{
    struct text id = table_field(t, 1);
    struct text schema = table_field(t, 2);
    struct text ours = table_field(t, 3);
    struct text other = table_field(t, 4);
    struct text tier = table_field(t, 6);
    bool truth = text_is(table_field(t, 5), "true");
    bool theirs = text_is(table_field(t, 10), "true");
    struct index_hit hit = labelled_compare(ours, other, kind_of(schema));
    bool said = hit.band >= INDEX_POSSIBLE;
    if (id.len == 0 || strchr("13579bdf", id.data[id.len - 1]) == NULL) {
        verdicts_add(&s->tuning, &hit, theirs, truth);
        return;
    }
    verdicts_add(&s->all, &hit, theirs, truth);
    if (kind_of(schema) == 0)
        verdicts_add(&s->person, &hit, theirs, truth);
    if (beyond_latin(ours) || beyond_latin(other))
        verdicts_add(&s->native, &hit, theirs, truth);
    for (size_t i = 0; i < TIERS; i++) {
        if (text_is(tier, tiers[i]))
            verdicts_add(&s->tier[i], &hit, theirs, truth);
    }
    s->strong_misses += text_is(tier, tiers[0]) && truth && !said;
    s->better += said == truth && theirs != truth;
    s->worse += said != truth && theirs == truth;
    if (said != truth)
        fprintf(s->errors, "%s\t%d\t%.*s\t%.*s\t%.*s\t%.*s\n", truth ? "missed" : "wrong",
                hit.score, (int)schema.len, schema.data, (int)tier.len, tier.data, (int)ours.len,
                ours.data, (int)other.len, other.data);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void finish(struct verdicts *v, const char *folder, const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "S6-%s", name);
    if (v->ours.right + v->ours.missed > 0) {
        printf("S6.f1_%s %.3f 1\nS6.f1_%s.logic_v2 %.3f 1\n", name, outcomes_f1(&v->ours), name,
               outcomes_f1(&v->theirs));
        printf("S6.best_f1_%s %.3f 1\n", name, curve_write(&v->curve, folder, file));
    }
}

static void decide_pairs(const char *folder)
{
    struct table t;
    struct s6 s = { 0 };
    if (!table_open(&t, "names/opensanctions-name-bench/logicv2-frozen.csv", ','))
        return;
    s.errors = create(folder, "S6-errors.tsv");
    table_next(&t);
    clock_t begin = clock();
    size_t rows = 0;
    for (; table_next(&t); rows++)
        s6_row(&s, &t);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    fclose(s.errors);
    table_close(&t);
    printf("S6.size %zu pairs\nS6.pairs_per_s %.0f 1/s\n", s.all.curve.count,
           (double)rows / seconds);
    printf("S6.f1 %.3f 1\nS6.f1.logic_v2 %.3f 1\n", outcomes_f1(&s.all.ours),
           outcomes_f1(&s.all.theirs));
    print_outcomes(&s.all.ours, "");
    print_outcomes(&s.all.theirs, ".logic_v2");
    printf("S6.strong_misses %zu 1\n", s.strong_misses);
    printf("S6.better %zu pairs\nS6.worse %zu pairs\nS6.chance %.4f 1\n", s.better, s.worse,
           mcnemar(s.better, s.worse));
    finish(&s.all, folder, "all");
    finish(&s.person, folder, "person");
    finish(&s.native, folder, "native");
    finish(&s.tier[0], folder, "tier_strong");
    finish(&s.tier[1], folder, "tier_medium");
    finish(&s.tier[2], folder, "tier_weak");
    finish(&s.tuning, folder, "tuning");
}

/* -- S7 ---------------------------------------------------------------------------------------- */

struct other_name {
    struct text person, primary, name;
};

struct lists {
    struct table un, un_names, ofac;
    struct bench_index index;
    struct other_name *others;
    size_t other_count;
};

/* UN persons first, in the order of the untreated file, so that line and number are one. */
static void add_un(struct lists *l)
{
    struct text primary = table_field(&l->un, 0);
    bench_index_add(&l->index, primary, labelled_birth(table_field(&l->un, 5)), false);
    for (size_t i = 0; i < l->other_count; i++) {
        if (text_equal(l->others[i].primary, primary))
            bench_index_add(&l->index, l->others[i].name, (struct index_birth){ 0 }, true);
    }
}

static bool is_known(const struct lists *l, size_t count, struct text primary)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(l->index.names[l->index.docs[i].number].full, primary))
            return true;
    }
    return false;
}

/* Then those of whom only names are known; lines of one person stand together. */
static void add_person(struct lists *l, const struct other_name *line, struct text *last)
{
    if (!text_equal(line->person, *last))
        bench_index_add(&l->index, line->primary, (struct index_birth){ 0 }, false);
    bench_index_add(&l->index, line->name, (struct index_birth){ 0 }, true);
    *last = line->person;
}

static bool load_lists(struct lists *l)
{
    struct text last = { 0 };
    if (!table_open(&l->un, "names/yente-candidate-fixtures/positives_un_untreated.csv", ',') ||
        !table_open(&l->un_names, "names/ofac-un-lists/derived_un_person_aliases.tsv", '\t') ||
        !table_open(&l->ofac, "names/ofac-un-lists/derived_ofac_alias_pairs.tsv", '\t'))
        return false;
    l->others = calloc(1 << 16, sizeof *l->others);
    if (l->others == NULL)
        return false;
    for (table_next(&l->un_names); table_next(&l->un_names) && l->other_count < 1 << 16;)
        l->others[l->other_count++] =
            (struct other_name){ table_field(&l->un_names, 0), table_field(&l->un_names, 1),
                                 table_field(&l->un_names, 2) };
    for (table_next(&l->un); table_next(&l->un);)
        add_un(l);
    size_t un = l->index.count;
    for (size_t i = 0; i < l->other_count; i++) {
        if (!is_known(l, un, l->others[i].primary))
            add_person(l, &l->others[i], &last);
    }
    last = (struct text){ 0 };
    for (table_next(&l->ofac); table_next(&l->ofac);) {
        struct other_name line = { table_field(&l->ofac, 0), table_field(&l->ofac, 2),
                                   table_field(&l->ofac, 3) };
        if (text_is(table_field(&l->ofac, 1), "individual"))
            add_person(l, &line, &last);
    }
    bench_index_build(&l->index);
    printf("S7.size %zu persons\nS7.names %zu names\n", l->index.count, l->index.name_count);
    return true;
}

static void recall_of_lists(struct lists *l)
{
    struct table t;
    size_t found[2] = { 0 };
    size_t wrong = 0;
    size_t line = 0;
    if (!table_open(&t, "names/yente-candidate-fixtures/positives_un_treated.csv", ','))
        return;
    for (table_next(&t); table_next(&t);) {
        line++;
        for (size_t with_birth = 0; with_birth < 2; with_birth++) {
            struct index_query query = { .name.full = table_field(&t, 0) };
            struct index_answer answer;
            if (with_birth == 1)
                query.birth = labelled_birth(table_field(&t, 5));
            bench_index_search(&l->index, &query, &answer);
            bool there = bench_index_band(&answer, line) >= INDEX_POSSIBLE;
            found[with_birth] += there;
            wrong += with_birth == 1 && answer.hit_count > 0 && answer.hits[0].doc != line &&
                     answer.hits[0].score > 0;
            if (!there)
                fprintf(stderr, "S7: missed%s: %.*s\n", with_birth == 1 ? " with birth" : "",
                        (int)query.name.full.len, query.name.full.data);
        }
    }
    double all = (double)line;
    printf("S7.recall_pct %.2f %%\nS7.recall_name_pct %.2f %%\nS7.wrong_top_pct %.2f %%\n",
           100 * (double)found[1] / all, 100 * (double)found[0] / all, 100 * (double)wrong / all);
    table_close(&t);
}

static void strangers_of(struct lists *l, const char *below, size_t bands[4], FILE *hits)
{
    struct table t;
    if (!table_open(&t, below, ','))
        return;
    for (table_next(&t); table_next(&t);) {
        struct text name = table_field(&t, 0);
        struct index_query query = { .name.full = name,
                                     .birth = labelled_birth(table_field(&t, 5)) };
        struct index_answer answer;
        bench_index_search(&l->index, &query, &answer);
        enum index_band band = answer.hit_count > 0 ? answer.hits[0].band : INDEX_NONE;
        bands[band]++;
        if (band >= INDEX_POSSIBLE) {
            struct text theirs = answer.hits[0].name.full;
            fprintf(hits, "%s\t%d\t%.*s\t%.*s\n", band == INDEX_STRONG ? "strong" : "possible",
                    answer.hits[0].score, (int)name.len, name.data, (int)theirs.len, theirs.data);
        }
    }
    table_close(&t);
}

static void false_hits(const char *folder)
{
    struct lists l = { 0 };
    size_t bands[4] = { 0 };
    if (!load_lists(&l))
        return;
    FILE *hits = create(folder, "S7-hits.tsv");
    strangers_of(&l, "names/yente-candidate-fixtures/negatives_global.csv", bands, hits);
    strangers_of(&l, "names/yente-candidate-fixtures/negatives_us.csv", bands, hits);
    fclose(hits);
    double all = (double)(bands[0] + bands[1] + bands[2] + bands[3]);
    printf("S7.strangers %.0f persons\n", all);
    printf("S7.strong_pct %.3f %%\n", 100 * (double)bands[INDEX_STRONG] / all);
    printf("S7.possible_pct %.3f %%\n", 100 * (double)bands[INDEX_POSSIBLE] / all);
    printf("S7.weak_pct %.3f %%\n", 100 * (double)bands[INDEX_WEAK] / all);
    recall_of_lists(&l);
    bench_index_free(&l.index);
    table_close(&l.un);
    table_close(&l.un_names);
    table_close(&l.ofac);
    free(l.others);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    decide_pairs(folder);
    false_hits(folder);
    return 0;
}
