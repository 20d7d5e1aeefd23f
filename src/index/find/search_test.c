#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "index/score/compare.h"
#include "index/index.h"
#include "index/score/score.h"
#include "test_files.h"

enum {
    ARENA_BYTES = 64 << 20,
    DOCS = 1500,
    QUERIES = 200,
    SCANS = 80,
    KIND_PERSON = 0,
    KIND_VEHICLE = 2,
    CLASS_PASSPORT = 1,
    CLASS_VIN = 2,
    NAME_LEN = 64
};

static struct arena arena_new(void)
{
    return arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
}

static struct index_segment build(struct arena *arena, const struct index_doc *docs, size_t count)
{
    struct bytes bytes;
    struct index_segment segment;
    assert_false(failed(index_build(docs, count, arena, &bytes)));
    assert_false(failed(index_open(bytes, &segment)));
    return segment;
}

static const struct index_reason *reason_of(const struct index_hit *hit, const char *rule)
{
    for (size_t i = 0; i < hit->reason_count; i++) {
        if (strcmp(hit->reasons[i].rule, rule) == 0)
            return &hit->reasons[i];
    }
    return NULL;
}

static int32_t reasons_sum(const struct index_hit *hit)
{
    int32_t sum = 0;
    for (size_t i = 0; i < hit->reason_count; i++)
        sum += hit->reasons[i].weight;
    return sum;
}

static const struct text nga = { "NGA", 3 };
static const struct index_name hussaini = { .full = { "HUSSAINI Abdullahi", 18 },
                                            .family = { "HUSSAINI", 8 },
                                            .given = { "Abdullahi", 9 } };

static struct index_doc person(uint64_t number, const struct index_name *name, int year)
{
    struct index_doc doc = { .number = number,
                             .kind = KIND_PERSON,
                             .names = name,
                             .name_count = 1,
                             .nationalities = &nga,
                             .nationality_count = 1 };
    if (year > 0)
        doc.birth = index_birth_exact((struct date){ (int16_t)year, 3, 4 });
    return doc;
}

static struct index_answer search(struct arena *arena, const struct index_segment *segments,
                                  size_t count, const struct index_filter *filter,
                                  const struct index_query *query)
{
    struct index_answer answer = { 0 };
    struct err e = index_search(segments, count, filter, query, arena, &answer);
    if (failed(e))
        fail_msg("%s", e.rule);
    return answer;
}

static void a_french_spelling_finds_the_english_one_and_says_why(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_doc doc = person(41, &hussaini, 1985);
    struct index_segment segment = build(&arena, &doc, 1);
    struct index_query query = { .name.full = TEXT("OUSSEINI Abdoulaye"),
                                 .birth = index_birth_about(1985) };
    struct index_filter filter = { 0 };
    struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 1);
    const struct index_hit *hit = &answer.hits[0];
    assert_int_equal(hit->doc, 41);
    assert_true(hit->band >= INDEX_POSSIBLE);
    assert_int_equal(hit->score, reasons_sum(hit));
    const struct index_reason *name = reason_of(hit, "name.synonym");
    assert_non_null(name);
    assert_true(text_is(name->ours, "OUSSEINI"));
    assert_true(text_is(name->theirs, "HUSSAINI"));
    assert_non_null(reason_of(hit, "birth.about"));
    assert_int_equal(reason_of(hit, "nationality.not-compared")->relation, INDEX_NOT_COMPARED);
    free(arena.data);
}

static void a_wrong_birth_year_does_not_hide_an_exact_name(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_doc doc = person(1, &hussaini, 1960);
    struct index_segment segment = build(&arena, &doc, 1);
    struct index_query query = { .name.full = TEXT("Hussaini Abdullahi"),
                                 .birth = index_birth_exact((struct date){ 1985, 3, 4 }) };
    struct index_filter filter = { 0 };
    struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 1);
    assert_int_equal(answer.hits[0].reasons[0].relation, INDEX_CONTRADICT);
    assert_string_equal(answer.hits[0].reasons[0].rule, "birth.far");
    assert_true(answer.hits[0].band < INDEX_STRONG);
    free(arena.data);
}

static void contradiction_costs_and_omission_does_not(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_name full = { .full = TEXT("Khoroshev Dmitri Yurievich") };
    struct index_doc doc = person(1, &full, 0);
    struct index_hit whole;
    struct index_hit omitted;
    struct index_hit contradicted;
    struct index_query query = { .name.full = TEXT("Khoroshev Dmitri Yurievich") };
    assert_false(failed(index_compare(&query, &doc, &arena, &whole)));
    query.name.full = TEXT("Khoroshev Dmitri");
    assert_false(failed(index_compare(&query, &doc, &arena, &omitted)));
    query.name.full = TEXT("Khoroshev Dmitri Abelovich");
    assert_false(failed(index_compare(&query, &doc, &arena, &contradicted)));
    assert_true(whole.score > omitted.score);
    assert_true(omitted.score - contradicted.score >= -score_table(0)->contradicted);
    assert_true(contradicted.score <= score_table(0)->contradicted_cap);
    assert_true(contradicted.band < INDEX_POSSIBLE);
    assert_non_null(reason_of(&omitted, "name.omitted"));
    assert_non_null(reason_of(&contradicted, "name.differs"));
    free(arena.data);
}

static void a_word_in_two_and_two_in_one_find_each_other(void **state)
{
    (void)state;
    static const char *const queries[] = { "HussainiAbdullahi", "Wilder Hussaini Abdullahi",
                                           "HussainiAbdullahi Wilder", "Hussaini Abdullahi" };
    struct arena arena = arena_new();
    struct index_name names[] = { { .full = TEXT("Hussaini Abdullahi") },
                                  { .full = TEXT("Hussaini Wilder") },
                                  { .full = TEXT("Abdullahi Khoroshev") },
                                  { .full = TEXT("Hussainiabdullahi") },
                                  { .full = TEXT("Wilder Hussaini Abdullahi") } };
    struct index_doc docs[5];
    for (size_t i = 0; i < 5; i++)
        docs[i] = person(i + 1, &names[i], 0);
    struct index_segment segment = build(&arena, docs, 5);
    struct index_filter filter = { 0 };
    for (size_t q = 0; q < 4; q++) {
        struct index_query query = { .name.full = text_literal(queries[q]) };
        struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
        bool found[6] = { false };
        for (size_t i = 0; i < answer.hit_count; i++)
            found[answer.hits[i].doc] = answer.hits[i].band >= INDEX_WEAK;
        assert_true(found[1] && found[4] && found[5]);
    }
    free(arena.data);
}

static void one_word_is_used_once_and_the_best_single_alias_counts(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_name names[2] = { { .full = TEXT("Vladimirov Vladimir") },
                                   { .full = TEXT("Petrov Oleg"), .set = INDEX_ALIAS } };
    struct index_doc doc = { .number = 1, .names = names, .name_count = 2 };
    struct index_hit hit;
    struct index_query query = { .name.full = TEXT("Vladimir") };
    assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
    assert_int_equal(hit.reason_count, 2);   /* one pair, one omission */
    query.name.full = TEXT("Vladimir Oleg"); /* a mix of two names is no name */
    assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
    assert_non_null(reason_of(&hit, "name.differs"));
    free(arena.data);
}

static void identifiers_are_found_exactly_and_by_look_alike_characters(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_identifier ids[2] = {
        { .cls = CLASS_VIN, .canonical = TEXT("WDB9634031L123456") },
        { .cls = CLASS_PASSPORT, .canonical = TEXT("A0018521B"), .country = TEXT("NGA") },
    };
    struct index_doc docs[2] = {
        { .number = 5, .kind = KIND_VEHICLE, .identifiers = &ids[0], .identifier_count = 1 },
        { .number = 6,
          .kind = KIND_PERSON,
          .identifiers = &ids[1],
          .identifier_count = 1,
          .names = &hussaini,
          .name_count = 1 },
    };
    static const struct {
        uint16_t cls;
        const char *key;
        uint64_t doc;
        const char *rule;
        enum index_band band;
    } cases[] = {
        { CLASS_VIN, "WDB9634031L123456", 5, "identifier.same", INDEX_STRONG },
        { CLASS_VIN, "WDB963403IL123456", 5, "identifier.look-alike", INDEX_POSSIBLE },
        { CLASS_VIN, "WDB9634031L124356", 5, "identifier.swapped", INDEX_POSSIBLE },
        { CLASS_VIN, "WDB9634031L199956", 0, "", INDEX_NONE },
        { CLASS_PASSPORT, "AOO18521B", 6, "identifier.look-alike", INDEX_POSSIBLE },
        { CLASS_PASSPORT, "A0018521B", 6, "identifier.same", INDEX_STRONG },
        { CLASS_VIN, "A0018521B", 0, "", INDEX_NONE },
    };
    struct index_segment segment = build(&arena, docs, 2);
    struct index_filter filter = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct index_identifier asked = { .cls = cases[i].cls,
                                          .canonical = text_literal(cases[i].key) };
        struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
        struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
        assert_int_equal(answer.hit_count, cases[i].doc != 0);
        if (cases[i].doc == 0)
            continue;
        assert_int_equal(answer.hits[0].doc, cases[i].doc);
        assert_int_equal(answer.hits[0].band, cases[i].band);
        assert_non_null(reason_of(&answer.hits[0], cases[i].rule));
    }
    free(arena.data);
}

static void exact_look_ups_agree_with_the_documents(void **state)
{
    (void)state;
    enum { OBJECTS = 4000, TWINS = 10 };
    struct arena arena = arena_new();
    struct index_doc *docs = calloc(OBJECTS, sizeof *docs);
    struct index_identifier *ids = calloc(OBJECTS, sizeof *ids);
    char(*keys)[16] = calloc(OBJECTS, sizeof *keys);
    for (size_t i = 0; i < OBJECTS; i++) {
        int len = snprintf(keys[i], sizeof keys[i], "AB%zu", i < TWINS ? 777777 : 100000 + i);
        ids[i] = (struct index_identifier){ .cls = (uint16_t)(i % 3),
                                            .canonical = { keys[i], (size_t)len } };
        docs[i] =
            (struct index_doc){ .number = i + 1, .identifiers = &ids[i], .identifier_count = 1 };
    }
    struct index_segment segment = build(&arena, docs, OBJECTS);
    uint64_t numbers[INDEX_LOOKUP_BATCH];
    assert_int_equal(index_lookup(&segment, &ids[0], numbers, 2), (TWINS + 2) / 3);
    for (size_t i = TWINS; i + INDEX_LOOKUP_BATCH < OBJECTS; i += INDEX_LOOKUP_BATCH) {
        index_lookup_batch(&segment, ids + i, numbers);
        for (size_t k = 0; k < INDEX_LOOKUP_BATCH; k++)
            assert_int_equal(numbers[k], i + k + 1);
        struct index_identifier other = ids[i];
        other.cls = 7;
        assert_int_equal(index_lookup(&segment, &other, numbers, 1), 0);
    }
    free(docs);
    free(ids);
    free(keys);
    free(arena.data);
}

static void what_is_hidden_or_dead_leaves_no_trace(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_doc docs[3] = { person(1, &hussaini, 1985), person(2, &hussaini, 1985),
                                 person(70, &hussaini, 1985) };
    struct index_segment segment = build(&arena, docs, 3);
    struct index_query query = { .name.full = TEXT("Hussaini Abdullahi"), .hits_max = 1 };
    const uint64_t dead[] = { 1 };
    const uint64_t groups[] = { 1 << 0, 1 << 1 };
    docs[2].group = 64;
    segment = build(&arena, docs, 3);
    struct index_filter filter = { .dead = { .numbers = dead, .count = 1 },
                                   .groups_opt = groups,
                                   .group_count = 65 };
    struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 1);
    assert_int_equal(answer.hits[0].doc, 2);
    assert_false(answer.too_common); /* the hidden ones are not counted */
    docs[2].group = 65;
    segment = build(&arena, docs, 3);
    const uint64_t other[] = { 0, 1 << 1 };
    filter = (struct index_filter){ .groups_opt = other, .group_count = 66 };
    answer = search(&arena, &segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 1);
    assert_int_equal(answer.hits[0].doc, 70);
    assert_false(answer.too_common);
    filter.group_count = 65; /* a group that nobody has heard of is not seen */
    assert_int_equal(search(&arena, &segment, 1, &filter, &query).hit_count, 0);
    filter = (struct index_filter){ 0 };
    answer = search(&arena, &segment, 1, &filter, &query);
    assert_true(answer.too_common);
    assert_true((answer.narrow & INDEX_FIELD_BIT(INDEX_BIRTH)) != 0);
    query.kinds = UINT64_C(1) << KIND_VEHICLE;
    assert_int_equal(search(&arena, &segment, 1, &filter, &query).hit_count, 0);
    free(arena.data);
}

static void a_single_common_name_is_answered_with_what_to_add(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_doc doc = person(1, &hussaini, 1985);
    struct index_segment segment = build(&arena, &doc, 1);
    struct index_filter filter = { 0 };
    struct index_query query = { .name.full = TEXT("el Hadj") };
    struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
    assert_true(answer.too_common);
    assert_true(answer.narrow != 0);
    free(arena.data);
}

static void bad_queries_are_refused_with_their_rule(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct index_doc doc = person(1, &hussaini, 1985);
    struct index_segment segment = build(&arena, &doc, 1);
    struct index_filter filter = { 0 };
    struct index_answer answer;
    static char long_name[4 * INDEX_NAME_BYTES_MAX];
    memset(long_name, 'a', sizeof long_name);
    const struct {
        struct index_query query;
        const char *rule;
    } cases[] = {
        { { .hits_max = 0 }, "index.query-empty" },
        { { .name.full = TEXT("12 !? ..") }, "index.name-empty" },
        { { .name.full = { long_name, sizeof long_name } }, "index.name-too-long" },
        { { .name.full = TEXT("a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6") }, "index.name-too-long" },
        { { .name.full = TEXT("Ali Musa"), .hits_max = INDEX_HITS_MAX + 1 },
          "index.query-too-large" },
        { { .name.full = TEXT("Ali Musa"),
            .birth = { { 2001, 2, 31 }, { 2001, 2, 31 }, INDEX_BIRTH_EXACT } },
          "index.bad-birth" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = index_search(&segment, 1, &filter, &cases[i].query, &arena, &answer);
        assert_string_equal(e.rule, cases[i].rule);
    }
    free(arena.data);
}

/* ------------------------------------------------------------------ random populations */

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *const words[] = {
    "Hussaini",    "Ousseini",   "Abdullahi",  "Abdoulaye", "Moussa",    "Musa",       "Khoroshev",
    "Dmitri",      "Ермаков",    "Валерий",    "محمد",      "يوسف",      "Papandreou", "Γεώργιος",
    "Nguyen",      "Traoré",     "Tarawally",  "van",       "der",       "Bilt",       "Vanderbilt",
    "Zubairu",     "Zoubeirou",  "Schneider",  "Snyder",    "Müller",    "Mueller",    "J",
    "Kalashnikov", "Abdelkader", "Abdulqadir", "El",        "Hadj",      "Diallo",     "Jallow",
    "Fernández",   "Hernandez",  "Oluwaseun",  "Seun",      "Netanyahu", "בנימין",     "Tchiroma",
    "Chiroma",     "Mahamat",    "Issoufou",   "Kowalczyk", "Kovalchuk", "Ndiaye",     "N'Diaye",
};
enum { WORDS = sizeof words / sizeof words[0] };

/* One to four words, sometimes with a typing error in an ASCII one, written as one with the word
 * before it, or that word again. */
static struct text random_name(uint64_t *seed, char out[static NAME_LEN * 2])
{
    size_t len = 0;
    size_t count = 1 + random_next(seed) % 4;
    const char *word = "";
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || random_next(seed) % 8 > 0)
            word = words[random_next(seed) % WORDS];
        size_t n = strlen(word);
        if (len > 0 && random_next(seed) % 8 > 0)
            out[len++] = ' ';
        memcpy(out + len, word, n);
        if (n > 4 && (uint8_t)word[2] < 0x80 && (uint8_t)word[1] < 0x80 &&
            random_next(seed) % 3 == 0)
            out[len + 2] = (char)('a' + random_next(seed) % 26);
        len += n;
    }
    return (struct text){ out, len };
}

struct population {
    struct index_doc docs[DOCS];
    struct index_name names[DOCS][2];
    char text[DOCS][2][NAME_LEN * 2];
};

static struct index_birth random_birth(uint64_t *seed)
{
    static const int behind[] = { 0, 0, 0, 0, 600, -543, 621, 1911 }; /* of other calendars */
    int year = 1950 + (int)(random_next(seed) % 50) - behind[random_next(seed) % 8];
    switch (random_next(seed) % 4) {
    case 0:
        return (struct index_birth){ 0 };
    case 1:
        return index_birth_about(year);
    default:
        return index_birth_exact((struct date){ (int16_t)year,
                                                (uint8_t)(1 + random_next(seed) % 12),
                                                (uint8_t)(1 + random_next(seed) % 28) });
    }
}

static struct population *populate(uint64_t seed)
{
    struct population *p = calloc(1, sizeof *p);
    for (size_t i = 0; i < DOCS; i++) {
        size_t count = 1 + random_next(&seed) % 2;
        for (size_t n = 0; n < count; n++)
            p->names[i][n].full = random_name(&seed, p->text[i][n]);
        p->docs[i] = (struct index_doc){ .number = i + 1,
                                         .names = p->names[i],
                                         .name_count = count,
                                         .birth = random_birth(&seed),
                                         .sex = (enum index_sex)(random_next(&seed) % 3) };
    }
    return p;
}

/* A2, S1: whatever a scan with index_compare puts into a band, the index finds with that score. */
static void the_index_finds_all_that_a_scan_finds(void **state)
{
    (void)state;
    struct arena built = arena_new();
    struct arena arena = arena_new();
    struct population *p = populate(20261122);
    struct index_segment segment = build(&built, p->docs, DOCS);
    struct index_filter filter = { 0 };
    uint64_t seed = 7;
    size_t expected = 0;
    size_t missed = 0;
    for (size_t q = 0; q < SCANS; q++) {
        char name[NAME_LEN * 2];
        struct index_query query = { .name.full = random_name(&seed, name),
                                     .birth = random_birth(&seed),
                                     .sex = (enum index_sex)(random_next(&seed) % 3),
                                     .hits_max = INDEX_HITS_MAX };
        arena_reset(&arena);
        struct index_answer answer = search(&arena, &segment, 1, &filter, &query);
        size_t mark = arena.used;
        size_t scanned = 0;
        for (size_t i = 0; i < DOCS; i++) {
            struct index_hit hit;
            arena_rewind(&arena, mark);
            assert_false(failed(index_compare(&query, &p->docs[i], &arena, &hit)));
            if (hit.band == INDEX_NONE)
                continue;
            scanned++;
            bool found = false;
            for (size_t k = 0; k < answer.hit_count && !found; k++)
                found = answer.hits[k].doc == hit.doc && answer.hits[k].score == hit.score &&
                        answer.hits[k].band == hit.band;
            missed += !found;
        }
        assert_int_equal(answer.hit_count <= scanned, 1);
        expected += scanned;
    }
    printf("scan of %d documents, %d queries: %zu of %zu weak or better found (%.3f %%)\n", DOCS,
           SCANS, expected - missed, expected,
           100.0 * (double)(expected - missed) / (double)expected);
    assert_true(expected > 1000);
    assert_int_equal(missed, 0);
    free(p);
    free(built.data);
    free(arena.data);
}

static void assert_same_hits(const struct index_answer *a, const struct index_answer *b)
{
    assert_int_equal(a->hit_count, b->hit_count);
    assert_int_equal(a->too_common, b->too_common);
    assert_int_equal(a->weak_left_out, b->weak_left_out);
    for (size_t i = 0; i < a->hit_count; i++) {
        assert_int_equal(a->hits[i].doc, b->hits[i].doc);
        assert_int_equal(a->hits[i].score, b->hits[i].score);
        assert_int_equal(a->hits[i].reason_count, b->hits[i].reason_count);
        for (size_t r = 0; r < a->hits[i].reason_count; r++) {
            assert_string_equal(a->hits[i].reasons[r].rule, b->hits[i].reasons[r].rule);
            assert_true(text_equal(a->hits[i].reasons[r].theirs, b->hits[i].reasons[r].theirs));
        }
    }
}

/* X1 */
static void base_and_deltas_answer_as_one_segment_built_anew(void **state)
{
    (void)state;
    struct arena built = arena_new();
    struct arena arena = arena_new();
    struct population *p = populate(4711);
    struct index_segment whole = build(&built, p->docs, DOCS);
    struct index_segment parts[4];
    static const size_t cuts[] = { 0, DOCS - 300, DOCS - 100, DOCS - 1, DOCS };
    for (size_t i = 0; i < 4; i++)
        parts[i] = build(&built, p->docs + cuts[i], cuts[i + 1] - cuts[i]);
    uint64_t seed = 99;
    const uint64_t dead[] = { 3, 700, DOCS };
    struct index_filter filter = { .dead = { .numbers = dead, .count = 3 } };
    for (size_t q = 0; q < QUERIES; q++) {
        char name[NAME_LEN * 2];
        struct index_query query = { .name.full = random_name(&seed, name),
                                     .birth = random_birth(&seed),
                                     .hits_max = (uint16_t)(1 + random_next(&seed) % 40) };
        arena_reset(&arena);
        struct index_answer one = search(&arena, &whole, 1, &filter, &query);
        struct index_answer many = search(&arena, parts, 4, &filter, &query);
        assert_same_hits(&one, &many);
    }
    free(p);
    free(built.data);
    free(arena.data);
}

static void the_order_of_documents_does_not_change_the_bytes(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    struct population *p = populate(5);
    struct bytes first;
    struct bytes second;
    assert_false(failed(index_build(p->docs, 200, &arena, &first)));
    for (size_t i = 0; i < 100; i++) {
        struct index_doc swap = p->docs[i];
        p->docs[i] = p->docs[199 - i];
        p->docs[199 - i] = swap;
    }
    assert_false(failed(index_build(p->docs, 200, &arena, &second)));
    assert_true(bytes_equal(first, second));
    free(p);
    free(arena.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_french_spelling_finds_the_english_one_and_says_why),
        cmocka_unit_test(a_wrong_birth_year_does_not_hide_an_exact_name),
        cmocka_unit_test(contradiction_costs_and_omission_does_not),
        cmocka_unit_test(a_word_in_two_and_two_in_one_find_each_other),
        cmocka_unit_test(one_word_is_used_once_and_the_best_single_alias_counts),
        cmocka_unit_test(identifiers_are_found_exactly_and_by_look_alike_characters),
        cmocka_unit_test(exact_look_ups_agree_with_the_documents),
        cmocka_unit_test(what_is_hidden_or_dead_leaves_no_trace),
        cmocka_unit_test(a_single_common_name_is_answered_with_what_to_add),
        cmocka_unit_test(bad_queries_are_refused_with_their_rule),
        cmocka_unit_test(the_index_finds_all_that_a_scan_finds),
        cmocka_unit_test(base_and_deltas_answer_as_one_segment_built_anew),
        cmocka_unit_test(the_order_of_documents_does_not_change_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
