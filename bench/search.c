/* Figures of the index alone (goals S1 to S4 and S8 at reduced size): CPU time of this thread over
 * synthetic persons and objects made here from a seed. Recall stands beside every latency.
 *     bench-search [DIR [PERSONS [OBJECTS [QUERIES]]]]   default . 100000 1000000 2000
 * Names: a vocabulary of made-up words, the commonest of which a skew of 1.15 gives about 1.3 % of
 * all; two to four words a person, 3 % of them misspelt. A query is a person whose every word of
 * four or more letters has one edit, 30 % of those of six or more two, in random order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index/index.h"

enum { VOCABULARY = 60000, WORD_MAX = 20, NAME_BYTES = 96, CLASS_VIN = 2, LOOKUPS = 2000000 };

struct corpus {
    size_t persons, objects;
    struct index_doc *docs;
    struct index_name *names;
    struct index_identifier *ids;
    char (*text)[NAME_BYTES];
    char (*key)[20];
};

static uint64_t seed = UINT64_C(88172645463325252);
static char words[VOCABULARY][WORD_MAX];
static double cumulated[VOCABULARY];

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        perror("bench-search");
        exit(1);
    }
    return memory;
}

static void append(char *out, size_t size, const char *more)
{
    size_t at = strlen(out);
    snprintf(out + at, size - at, "%s", more);
}

static void make_words(void)
{
    static const char *const onsets[] = { "b",  "d",  "f",  "g",  "h", "j", "k", "l",  "m",
                                          "n",  "p",  "r",  "s",  "t", "v", "w", "y",  "z",
                                          "sh", "ch", "kh", "dj", "",  "n", "m", "tr", "br" };
    static const char *const ends[] = { "a",  "e",  "i",  "o",  "u",  "ou", "ai", "an",
                                        "en", "in", "ar", "er", "am", "al", "is", "as" };
    double total = 0;
    for (size_t i = 0; i < VOCABULARY; i++) {
        size_t syllables = 2 + next() % 3;
        for (size_t k = 0; k < syllables; k++) {
            append(words[i], WORD_MAX, onsets[next() % (sizeof onsets / sizeof onsets[0])]);
            append(words[i], WORD_MAX, ends[next() % (sizeof ends / sizeof ends[0])]);
        }
        total += 1 / ((double)i + 6);
        cumulated[i] = total;
    }
}

static const char *pick_word(void)
{
    double at = (double)(next() >> 11) / 9007199254740992.0 * cumulated[VOCABULARY - 1];
    size_t low = 0;
    size_t high = VOCABULARY - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (cumulated[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return words[low];
}

static void edit(char *word)
{
    size_t len = strlen(word);
    size_t at = next() % len;
    char letter = (char)('a' + next() % 26);
    switch (next() % 4) {
    case 0:
        memmove(word + at, word + at + 1, len - at);
        break;
    case 1:
        word[at] = letter;
        break;
    case 2:
        memmove(word + at + 1, word + at, len - at + 1);
        word[at] = letter;
        break;
    default:
        if (at + 1 < len) {
            char swap = word[at];
            word[at] = word[at + 1];
            word[at + 1] = swap;
        }
    }
}

static void make_person(struct corpus *c, size_t i)
{
    size_t dice = next() % 100;
    size_t count = dice < 55 ? 2 : dice < 90 ? 3 : 4;
    for (size_t k = 0; k < count; k++) {
        char word[WORD_MAX + 4] = "";
        append(word, WORD_MAX, pick_word());
        if (next() % 100 < 3)
            edit(word);
        append(c->text[i], NAME_BYTES, k > 0 ? " " : "");
        append(c->text[i], NAME_BYTES, word);
    }
    c->names[i].full = text_literal(c->text[i]);
    c->docs[i] = (struct index_doc){ .number = i + 1, .names = &c->names[i], .name_count = 1 };
    if (next() % 12 > 0)
        c->docs[i].birth = index_birth_exact((struct date){ (int16_t)(1940 + next() % 70),
                                                            (uint8_t)(1 + next() % 12),
                                                            (uint8_t)(1 + next() % 28) });
}

static struct corpus make_corpus(size_t persons, size_t objects)
{
    struct corpus c = { persons,
                        objects,
                        need(persons + objects, sizeof *c.docs),
                        need(persons, sizeof *c.names),
                        need(objects, sizeof *c.ids),
                        need(persons, sizeof *c.text),
                        need(objects, sizeof *c.key) };
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    make_words();
    for (size_t i = 0; i < persons; i++)
        make_person(&c, i);
    for (size_t i = 0; i < objects; i++) {
        for (size_t k = 0; k < 17; k++)
            c.key[i][k] = alphabet[next() % (sizeof alphabet - 1)];
        c.ids[i] = (struct index_identifier){ .cls = CLASS_VIN, .canonical = { c.key[i], 17 } };
        c.docs[persons + i] = (struct index_doc){
            .number = persons + i + 1, .kind = 2, .identifiers = &c.ids[i], .identifier_count = 1
        };
    }
    return c;
}

static struct index_segment build(const struct index_doc *docs, size_t count, const char *what)
{
    size_t room = index_build_room(docs, count);
    void *memory = malloc(room);
    struct arena arena = arena_over(memory, room);
    struct bytes bytes;
    struct index_segment segment;
    double begin = now_us();
    struct err e =
        memory == NULL ? err_make(ERR_LIMIT, "memory") : index_build(docs, count, &arena, &bytes);
    double middle = now_us();
    if (!failed(e)) { /* keep the segment, give the scratch back */
        uint8_t *own = need(1, bytes.len);
        memcpy(own, bytes.data, bytes.len);
        e = index_open(bytes_of(own, bytes.len), &segment);
    }
    if (failed(e)) {
        fprintf(stderr, "bench-search: %s\n", e.rule);
        exit(1);
    }
    free(memory);
    printf("S9.build_%s_s %.2f s\nS9.open_%s_s %.2f s\n", what, (middle - begin) / 1e6, what,
           (now_us() - middle) / 1e6);
    return segment;
}

static struct text misspell(const char *name, char *out)
{
    char words_of[8][WORD_MAX + 8];
    size_t count = 0;
    char copy[NAME_BYTES] = "";
    append(copy, sizeof copy, name);
    for (char *rest = copy; rest != NULL && count < 8;) {
        char *word = strsep(&rest, " ");
        size_t len = strlen(word);
        words_of[count][0] = '\0';
        append(words_of[count], WORD_MAX, word);
        if (len >= 4)
            edit(words_of[count]);
        if (len >= 6 && next() % 10 < 3)
            edit(words_of[count]);
        count++;
    }
    out[0] = '\0';
    for (size_t left = count; left > 0; left--) {
        size_t at = next() % left;
        append(out, 2 * (size_t)NAME_BYTES, words_of[at]);
        append(out, 2 * (size_t)NAME_BYTES, left > 1 ? " " : "");
        memmove(words_of[at], words_of[left - 1], sizeof words_of[0]);
    }
    return text_literal(out);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static void bench_persons(const struct corpus *c, const struct index_segment *segment,
                          struct bytes frequency, size_t queries, bool with_birth)
{
    double *us = need(queries, sizeof *us);
    struct index_query query = { .frequency = frequency };
    size_t room = index_search_room(segment, 1, &query);
    void *memory = malloc(room);
    struct index_filter filter = { 0 };
    size_t found = 0;
    size_t common = 0;
    double total = 0;
    for (size_t q = 0; q < queries; q++) {
        char text[2 * NAME_BYTES];
        size_t who = next() % c->persons;
        struct index_answer answer = { 0 };
        struct arena arena = arena_over(memory, room);
        query.name.full = misspell(c->text[who], text);
        query.birth = with_birth ? c->docs[who].birth : (struct index_birth){ 0 };
        double begin = now_us();
        struct err e = index_search(segment, 1, &filter, &query, &arena, &answer);
        us[q] = now_us() - begin;
        total += us[q];
        for (size_t i = 0; !failed(e) && i < answer.hit_count; i++)
            found += answer.hits[i].doc == who + 1;
        common += answer.too_common;
    }
    qsort(us, queries, sizeof *us, by_value);
    const char *name = with_birth ? "S3" : "S2";
    printf("%s.size %zu persons\n%s.p50_ms %.3f ms\n%s.p99_ms %.3f ms\n%s.per_s %.0f 1/s\n", name,
           c->persons, name, us[queries / 2] / 1e3, name, us[queries * 99 / 100] / 1e3, name,
           1e6 * (double)queries / total);
    printf("%s.recall_pct %.2f %%\n%s.too_common_pct %.2f %%\n", with_birth ? "S3" : "S4",
           100 * (double)found / (double)queries, name, 100 * (double)common / (double)queries);
    free(us);
    free(memory);
}

static void bench_objects(const struct corpus *c, const struct index_segment *segment)
{
    uint64_t number[INDEX_LOOKUP_BATCH];
    struct index_identifier asked[INDEX_LOOKUP_BATCH];
    uint64_t found = 0;
    double begin = now_us();
    for (size_t i = 0; i < LOOKUPS; i++)
        found += index_lookup(segment, &c->ids[next() % c->objects], number, 1);
    double single = now_us() - begin;
    begin = now_us();
    for (size_t i = 0; i < LOOKUPS; i += INDEX_LOOKUP_BATCH) {
        for (size_t k = 0; k < INDEX_LOOKUP_BATCH; k++)
            asked[k] = c->ids[next() % c->objects];
        index_lookup_batch(segment, asked, number);
        for (size_t k = 0; k < INDEX_LOOKUP_BATCH; k++)
            found += number[k] != 0;
    }
    double batch = now_us() - begin;
    printf("S1.size %zu objects\nS1.single_per_s %.0f 1/s\nS1.batch_per_s %.0f 1/s\n", c->objects,
           1e6 * LOOKUPS / single, 1e6 * LOOKUPS / batch);
    printf("S1.bytes_per_key %.1f B\nS1.found_pct %.3f %%\nS8.bytes_per_object %.1f B\n",
           (double)segment->bucket_count * 64 / (double)c->objects,
           100 * (double)found / (2.0 * LOOKUPS), (double)segment->bytes.len / (double)c->objects);
}

int main(int argc, char **argv)
{
    size_t persons = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
    size_t objects = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000000;
    size_t queries = argc > 4 ? strtoul(argv[4], NULL, 10) : 2000;
    struct corpus c = make_corpus(persons, objects);
    struct index_segment people = build(c.docs, persons, "persons");
    struct index_segment things = build(c.docs + persons, objects, "objects");
    size_t room = persons * 256 + (1 << 20);
    struct arena arena = arena_over(malloc(room), room);
    struct bytes frequency = { 0 };
    struct err e = index_frequency_build(c.docs, persons, &arena, &frequency);
    if (failed(e)) {
        fprintf(stderr, "bench-search: %s\n", e.rule);
        return 1;
    }
    printf("S8.bytes_per_person %.1f B\n", (double)people.bytes.len / (double)persons);
    bench_persons(&c, &people, frequency, queries, false);
    bench_persons(&c, &people, frequency, queries, true);
    bench_objects(&c, &things);
    return 0;
}
