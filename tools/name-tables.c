/* catalogue/names to src/index/tables.inc:  name-tables DIRECTORY > tables.inc
 * A line that is not understood ends the build with file, line and reason. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/names/fold.h"

enum { LINE_MAX_BYTES = 1 << 14, FIELDS_MAX = 8, ROWS_MAX = 1 << 16 };
enum { WORD_SALT = 1, CLASS_SALT = 2, COMMON_SALT = 3 };
#define HAN_FIRST 0x4e00u
#define HAN_LAST 0x9fa5u

struct source {
    FILE *in;
    const char *name;
    unsigned line;
    char text[LINE_MAX_BYTES];
    char *field[FIELDS_MAX];
    unsigned count;
};

static void fail(const struct source *s, const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", s->name, s->line, why);
    exit(1);
}

static void source_open(struct source *s, const char *dir, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    *s = (struct source){ .in = fopen(path, "r"), .name = name };
    if (s->in == NULL)
        fail(s, "cannot be read");
}

/* Next line with data, split at tabs. */
static int source_next(struct source *s)
{
    while (fgets(s->text, sizeof s->text, s->in) != NULL) {
        s->line++;
        size_t len = strlen(s->text);
        if (len == 0 || s->text[len - 1] != '\n')
            fail(s, "line too long or without end");
        s->text[len - 1] = '\0';
        if (s->text[0] == '#' || s->text[0] == '\0')
            continue;
        s->count = 0;
        for (char *rest = s->text; rest != NULL && s->count < FIELDS_MAX;)
            s->field[s->count++] = strsep(&rest, "\t");
        return 1;
    }
    fclose(s->in);
    return 0;
}

static const char *field(const struct source *s, unsigned at)
{
    return at < s->count ? s->field[at] : "";
}

/* One code point of proved UTF-8; 0 at the end. */
static uint32_t next_code(const struct source *s, const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    if (c[0] == 0)
        return 0;
    unsigned more = c[0] < 0x80 ? 0 : c[0] < 0xe0 ? 1 : c[0] < 0xf0 ? 2 : 3;
    uint32_t code = more == 0 ? c[0] : c[0] & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((c[i] & 0xc0) != 0x80)
            fail(s, "not UTF-8");
        code = code << 6 | (c[i] & 0x3fu);
    }
    *at += more + 1;
    return code;
}

static struct letters as_letters(const struct source *s, const char *word)
{
    struct letters form = { 0 };
    for (const char *c = word; *c != '\0'; c++) {
        if (*c < 'a' || *c > 'z')
            fail(s, "a name is written in a to z");
    }
    letters_add(&form, word, strlen(word));
    return form;
}

struct roman {
    uint32_t code[2];
    char text[4][12];
};

static int by_code(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint32_t[2])) == 0 ? 0
           : ((const struct roman *)a)->code[0] != ((const struct roman *)b)->code[0]
               ? (((const struct roman *)a)->code[0] < ((const struct roman *)b)->code[0] ? -1 : 1)
           : ((const struct roman *)a)->code[1] < ((const struct roman *)b)->code[1] ? -1
                                                                                     : 1;
}

static const char *bare(const char *form)
{
    return strcmp(form, "-") == 0 ? "" : form;
}

static void write_roman(const char *dir)
{
    static struct roman rows[ROWS_MAX];
    static struct source s;
    size_t count = 0;
    source_open(&s, dir, "romanisation.tsv");
    while (source_next(&s)) {
        struct roman *row = &rows[count++];
        const char *at = field(&s, 0);
        row->code[0] = next_code(&s, &at);
        row->code[1] = next_code(&s, &at);
        if (row->code[0] == 0 || *at != '\0' || field(&s, 1)[0] == '\0')
            fail(&s, "one or two letters and at least one form");
        for (unsigned i = 0; i < 3; i++) {
            const char *form = field(&s, i + 1);
            snprintf(row->text[i], 12, "%s", bare(form[0] != '\0' ? form : field(&s, 1)));
        }
        snprintf(row->text[3], 12, "%s", field(&s, 4));
    }
    qsort(rows, count, sizeof rows[0], by_code);
    puts("static const struct roman_row roman_rows[] = {");
    for (size_t i = 0; i < count; i++) {
        const struct roman *r = &rows[i];
        if (i > 0 && by_code(&rows[i - 1], r) == 0)
            fail(&s, "letters stand twice");
        printf("{ { 0x%" PRIx32 ", 0x%" PRIx32 " }, { \"%s\", \"%s\", \"%s\" }, \"%s\" },\n",
               r->code[0], r->code[1], r->text[0], r->text[1], r->text[2], r->text[3]);
    }
    puts("};");
}

static void write_han(const char *dir)
{
    static uint16_t index[HAN_LAST - HAN_FIRST + 1];
    static struct source s;
    unsigned readings = 0;
    source_open(&s, dir, "han.tsv");
    puts("static const char *const han_readings[] = {\nNULL,");
    while (source_next(&s)) {
        printf("\"%s\",\n", field(&s, 0));
        readings++;
        const char *at = field(&s, 1);
        for (uint32_t code = next_code(&s, &at); code != 0; code = next_code(&s, &at)) {
            if (code < HAN_FIRST || code > HAN_LAST)
                fail(&s, "outside the block");
            index[code - HAN_FIRST] = (uint16_t)readings;
        }
    }
    puts("};\nstatic const uint16_t han_index[HAN_LAST - HAN_FIRST + 1] = {");
    for (uint32_t i = 0; i <= HAN_LAST - HAN_FIRST; i++)
        printf("%u,%s", index[i], i % 16 == 15 ? "\n" : "");
    puts("};");
}

/* Ascending by character, as they are searched. */
static void write_han_sounds(const char *dir)
{
    static struct source s;
    uint32_t before = 0;
    source_open(&s, dir, "han-sounds.tsv");
    puts("static const struct han_sound han_sounds[] = {");
    while (source_next(&s)) {
        const char *at = field(&s, 0);
        uint32_t code = next_code(&s, &at);
        if (s.count != 3 || *at != '\0' || strlen(field(&s, 1)) > 5 || strlen(field(&s, 2)) > 9)
            fail(&s, "a character, its Latin letters and its classes of sound");
        if (code <= before || code > UINT16_MAX)
            fail(&s, "characters ascend within one plane");
        before = code;
        printf("{ 0x%" PRIx32 ", \"%s\", \"%s\" },\n", code, bare(field(&s, 1)), field(&s, 2));
    }
    puts("};");
}

static void write_surnames(const char *dir)
{
    static struct source s;
    static uint32_t pairs[256][2];
    size_t pair_count = 0;
    source_open(&s, dir, "surnames.tsv");
    puts("static const struct { uint32_t code; const char *readings[5]; } surnames[] = {");
    while (source_next(&s)) {
        const char *at = field(&s, 0);
        uint32_t first = next_code(&s, &at);
        uint32_t second = next_code(&s, &at);
        if (second != 0 && pair_count < 256) {
            pairs[pair_count][0] = first;
            pairs[pair_count++][1] = second;
            continue;
        }
        printf("{ 0x%" PRIx32 ", {", first);
        for (unsigned i = 1; i < s.count && i < 5; i++)
            printf(" \"%s\",", field(&s, i));
        puts(" \"\" } },");
    }
    puts("};\nstatic const uint32_t surname_pairs[][2] = {");
    for (size_t i = 0; i < pair_count; i++)
        printf("{ 0x%" PRIx32 ", 0x%" PRIx32 " },\n", pairs[i][0], pairs[i][1]);
    puts("};");
}

struct hashed {
    uint32_t hash;
    unsigned value;
    unsigned kind;
};
static struct hashed hashed_rows[ROWS_MAX];
static size_t hashed_count;

static int by_hash(const void *a, const void *b)
{
    const struct hashed *x = a;
    const struct hashed *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

static void add_hashed(const struct letters *key, uint32_t salt, unsigned value, unsigned kind)
{
    if (hashed_count == ROWS_MAX) {
        fputs("too many rows\n", stderr);
        exit(1);
    }
    hashed_rows[hashed_count++] = (struct hashed){ letters_hash(key, salt), value, kind };
}

static void write_hashed(const char *name)
{
    qsort(hashed_rows, hashed_count, sizeof hashed_rows[0], by_hash);
    printf("static const struct hashed %s[] = {\n", name);
    for (size_t i = 0; i < hashed_count; i++) {
        const struct hashed *h = &hashed_rows[i];
        if (i == 0 || by_hash(&hashed_rows[i - 1], h) != 0)
            printf("{ 0x%" PRIx32 ", %u, %u },\n", h->hash, h->value, h->kind);
    }
    puts("};");
    hashed_count = 0;
}

static void add_light(const struct source *s, const char *word, uint32_t salt, unsigned value,
                      unsigned kind)
{
    struct letters form = as_letters(s, word);
    struct letters light;
    fold_light(&form, &light);
    add_hashed(&light, salt, value, kind);
}

static void write_words(const char *dir)
{
    static struct source s;
    source_open(&s, dir, "titles.tsv");
    while (source_next(&s)) {
        unsigned kind = strcmp(field(&s, 0), "honorific") == 0  ? 1
                        : strcmp(field(&s, 0), "particle") == 0 ? 2
                                                                : 0;
        if (kind == 0 || s.count != 2)
            fail(&s, "honorific or particle, then words");
        for (char *rest = s.field[1]; rest != NULL;) {
            struct letters form = as_letters(&s, strsep(&rest, " "));
            add_hashed(&form, WORD_SALT, kind, 0);
        }
    }
    write_hashed("word_rows");
}

static void write_classes(const char *dir)
{
    static struct source s;
    unsigned id = 0;
    source_open(&s, dir, "synonyms.tsv");
    while (source_next(&s)) {
        unsigned kind = strcmp(field(&s, 0), "same") == 0 ? 0 : 1;
        if (s.count != 2 || (kind == 1 && strcmp(field(&s, 0), "cross") != 0))
            fail(&s, "same or cross, then names");
        id++;
        for (char *rest = s.field[1]; rest != NULL;)
            add_light(&s, strsep(&rest, " "), CLASS_SALT, id, kind);
    }
    source_open(&s, dir, "nicknames.tsv");
    while (source_next(&s)) {
        if (s.count != 2)
            fail(&s, "a name, then its short forms");
        id++;
        add_light(&s, s.field[0], CLASS_SALT, id, 2);
        for (char *rest = s.field[1]; rest != NULL;)
            add_light(&s, strsep(&rest, " "), CLASS_SALT, id, 2);
    }
    write_hashed("class_rows");
}

static int by_hash_only(const void *a, const void *b)
{
    const struct hashed *x = a;
    const struct hashed *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void write_common(const char *dir)
{
    static struct source s;
    source_open(&s, dir, "common.tsv");
    while (source_next(&s)) {
        unsigned level = (unsigned)field(&s, 1)[0] - '0';
        if (s.count != 2 || level < 1 || level > 3)
            fail(&s, "a name and 1, 2 or 3");
        add_light(&s, field(&s, 0), COMMON_SALT, level, 0);
    }
    qsort(hashed_rows, hashed_count, sizeof hashed_rows[0], by_hash);
    size_t kept = 0; /* the most common of those that fold together */
    for (size_t i = 0; i < hashed_count; i++) {
        if (kept == 0 || by_hash_only(&hashed_rows[kept - 1], &hashed_rows[i]) != 0)
            hashed_rows[kept++] = hashed_rows[i];
    }
    hashed_count = kept;
    write_hashed("common_rows");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: name-tables DIRECTORY\n", stderr);
        return 2;
    }
    puts("/* Generated by tools/name-tables from catalogue/names. */");
    write_roman(argv[1]);
    write_han(argv[1]);
    write_han_sounds(argv[1]);
    write_surnames(argv[1]);
    write_words(argv[1]);
    write_classes(argv[1]);
    write_common(argv[1]);
    return ferror(stdout) != 0 || fflush(stdout) != 0;
}
