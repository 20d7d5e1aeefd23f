/* How good the decisions are, beside a peer's on the same pairs (sets below COMITY_SHARED).
 *
 * S6: pairs of the OpenSanctions name bench whose case id (a hash of the pair) is odd; whoever
 * tunes uses the even ones. A pair matches when its band is possible or strong.
 *   S6.f1, S6.f1_person
 *   S6.strong_misses    pairs of the STRONG tier that match and are not found
 *   S6.f1.logic_v2      and its like: the peer's own published decisions
 *   S6.better, S6.worse pairs that one of the two alone decides rightly; S6.chance: McNemar's test
 *
 * S7: synthetic persons with birth date (every fourth; all with SCALE=full) against all names of
 * the persons of the UN and OFAC lists, imported as a node does.
 *   S7.strong_pct, S7.possible_pct   persons whose best answer is of this band
 *   S7.recall_pct       UN names that others corrupted: strong or possible, with birth date
 *   S7.recall_name_pct  the same without
 *   S7.wrong_top_pct    of the UN persons somebody else stands first (some are listed twice)
 *
 * Curves and every wrong decision: DIR/S6-*.tsv, DIR/S7-*.tsv. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "listed.h"
#include "measure.h"

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
    s.errors = measure_create(folder, "S6-errors.tsv");
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

static bool load_lists(struct bench_index *index, size_t *un_out)
{
    size_t refused[2] = { 0 };
    if (!listed_add_un(index, &refused[0]))
        return false;
    *un_out = index->count;
    if (!listed_add_ofac(index, &refused[1]))
        return false;
    bench_index_build(index);
    printf("S7.size %zu persons\nS7.names %zu names\n", index->count, index->name_count);
    printf("S7.un %zu persons\nS7.refused %zu entries\n", *un_out, refused[0] + refused[1]);
    return true;
}

/* The listed person whose name was corrupted: one with this very name; 0: not on this list. */
static uint64_t number_of(const struct bench_index *index, struct text name)
{
    for (size_t i = 0; i < index->count; i++) {
        for (size_t k = 0; k < index->docs[i].name_count; k++) {
            if (text_equal(index->docs[i].names[k].full, name))
                return index->docs[i].number;
        }
    }
    return 0;
}

struct found {
    size_t un; /* documents of the UN list: the first ones */
    size_t asked, absent, by_name, with_birth, wrong_top;
};

static uint64_t first_of(const struct index_answer *answer, size_t last_number)
{
    for (size_t i = 0; i < answer->hit_count; i++) {
        if (answer->hits[i].doc <= last_number)
            return answer->hits[i].doc;
    }
    return 0;
}

static void look_for(struct bench_index *index, const struct table *treated, uint64_t number,
                     struct found *found)
{
    for (size_t with_birth = 0; with_birth < 2; with_birth++) {
        struct index_query query = { .name.full = table_field(treated, 0) };
        struct index_answer answer;
        if (with_birth == 1)
            query.birth = labelled_birth(table_field(treated, 5));
        bench_index_search(index, &query, &answer);
        bool there = bench_index_band(&answer, number) >= INDEX_POSSIBLE;
        found->by_name += with_birth == 0 && there;
        found->with_birth += with_birth == 1 && there;
        found->wrong_top += with_birth == 1 && first_of(&answer, found->un) != number;
        if (!there)
            fprintf(stderr, "S7: missed%s: %.*s\n", with_birth == 1 ? " with birth" : "",
                    (int)query.name.full.len, query.name.full.data);
    }
}

static void recall_of_lists(struct bench_index *index, size_t un)
{
    struct table treated;
    struct table untreated;
    struct found found = { .un = un };
    if (!table_open(&treated, "names/yente-candidate-fixtures/positives_un_treated.csv", ',') ||
        !table_open(&untreated, "names/yente-candidate-fixtures/positives_un_untreated.csv", ','))
        return;
    while (table_next(&treated) && table_next(&untreated)) {
        uint64_t number = number_of(index, table_field(&untreated, 0));
        found.asked += number > 0;
        found.absent += number == 0;
        if (number > 0)
            look_for(index, &treated, number, &found);
    }
    double all = (double)found.asked;
    printf("S7.corrupted %zu names\nS7.absent %zu names\n", found.asked, found.absent - 1);
    printf("S7.recall_pct %.2f %%\n", 100 * (double)found.with_birth / all);
    printf("S7.recall_name_pct %.2f %%\n", 100 * (double)found.by_name / all);
    printf("S7.wrong_top_pct %.2f %%\n", 100 * (double)found.wrong_top / all);
    table_close(&treated);
    table_close(&untreated);
}

static void strangers_of(struct bench_index *index, const char *below, size_t bands[4], FILE *hits)
{
    size_t step = measure_size(1, 4, 1);
    size_t line = 0;
    struct table t;
    if (!table_open(&t, below, ','))
        return;
    for (table_next(&t); table_next(&t);) {
        struct text name = table_field(&t, 0);
        if (++line % step != 0)
            continue;
        struct index_query query = { .name.full = name,
                                     .birth = labelled_birth(table_field(&t, 5)) };
        struct index_answer answer;
        bench_index_search(index, &query, &answer);
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
    struct bench_index index = { 0 };
    size_t bands[4] = { 0 };
    size_t un = 0;
    if (!load_lists(&index, &un))
        return;
    FILE *hits = measure_create(folder, "S7-hits.tsv");
    strangers_of(&index, "names/yente-candidate-fixtures/negatives_global.csv", bands, hits);
    strangers_of(&index, "names/yente-candidate-fixtures/negatives_us.csv", bands, hits);
    fclose(hits);
    double all = (double)(bands[0] + bands[1] + bands[2] + bands[3]);
    printf("S7.strangers %.0f persons\n", all);
    printf("S7.strong_pct %.3f %%\n", 100 * (double)bands[INDEX_STRONG] / all);
    printf("S7.possible_pct %.3f %%\n", 100 * (double)bands[INDEX_POSSIBLE] / all);
    printf("S7.weak_pct %.3f %%\n", 100 * (double)bands[INDEX_WEAK] / all);
    recall_of_lists(&index, un);
    bench_index_free(&index);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    decide_pairs(folder);
    false_hits(folder);
    return 0;
}
