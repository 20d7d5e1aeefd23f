#include "population.h"

#include <stdlib.h>

#include "vocabulary.h"

enum { SCRIPTS = 5, WORDS_MAX = 8, LETTERS_MAX = 64, NATIONS = 40, YEAR_NOW = 2026 };
enum { CLASS_DOCUMENT = 0, CLASS_VIN = 15, CLASS_PLATE = 16 }; /* rows of code list `identifier` */
enum { DOMAIN_STEM = 1, DOMAIN_PERSON, DOMAIN_OBJECT, DOMAIN_QUESTION };
static const uint64_t key_space = UINT64_C(42618442977); /* 33 to the 7th */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

struct population {
    struct population_options options;
    struct vocabulary words[SCRIPTS]; /* Latin, Arabic, Chinese, Korean, Katakana */
};

/* -- options ----------------------------------------------------------------------------------- */

struct population_options population_options(uint64_t seed, uint64_t persons, uint64_t objects)
{
    return (struct population_options){ .seed = seed,
                                        .persons = persons,
                                        .objects = objects,
                                        .stems = 60000,
                                        .top_share = 0.016,
                                        .misspelt = 0.038,
                                        .birth_unknown = 0.08,
                                        .birth_registry = 0.03 };
}

void population_vocabulary(struct population_options *options, uint32_t distinct)
{
    options->stems = distinct <= 600000 ? 60000 : distinct <= 1200000 ? 100000 : 600000;
    options->misspelt = distinct <= 600000 ? 0.038 : distinct <= 1200000 ? 0.087 : 0.11;
}

void population_vague_births(struct population_options *options)
{
    options->birth_unknown = 0;
    options->birth_registry = 0.2;
    options->birth_about = 0.15;
    options->birth_age = 0.15;
}

static bool part_of_one(double share)
{
    return share >= 0 && share <= 1;
}

static bool read_lists(struct population *p)
{
    static const char *const lists[] = { "wd_russian_80.tsv",
                                         "wd_arabic.normalized.aligned.tokens.tsv",
                                         "wd_chinese.normalized.aligned.tokens.tsv",
                                         "wd_korean.normalized.aligned.tokens.tsv",
                                         "wd_katakana.normalized.aligned.tokens.tsv" };
    bool ok = true;
    for (size_t i = 0; i < SCRIPTS && ok; i++) {
        if (p->options.real)
            ok = vocabulary_read(&p->words[0], p->options.lists, lists[i], true);
        if (ok && i > 0 && p->options.native > 0)
            ok = vocabulary_read(&p->words[i], p->options.lists, lists[i], false) &&
                 vocabulary_weigh(&p->words[i], 0, p->options.top_share);
    }
    return ok;
}

struct population *population_new(const struct population_options *options)
{
    struct population *p = calloc(1, sizeof *p);
    bool births = part_of_one(options->birth_unknown + options->birth_registry +
                              options->birth_about + options->birth_age);
    if (p == NULL)
        return NULL;
    p->options = *options;
    p->words[0].seed = dice_mix(options->seed * 8 + DOMAIN_STEM);
    bool ok = births && part_of_one(options->misspelt) && part_of_one(options->native) &&
              part_of_one(options->aliases) && options->persons > 0 &&
              options->objects < UINT64_C(1000000000) &&
              (options->lists != NULL || (options->native <= 0 && !options->real));
    ok = ok && (options->lists == NULL || read_lists(p)) &&
         vocabulary_weigh(&p->words[0], options->stems, options->top_share);
    if (!ok) {
        population_free(p);
        return NULL;
    }
    return p;
}

void population_free(struct population *population)
{
    for (size_t i = 0; population != NULL && i < SCRIPTS; i++)
        vocabulary_free(&population->words[i]);
    free(population);
}

const struct population_options *population_has(const struct population *population)
{
    return &population->options;
}

static struct dice dice_of(const struct population *p, uint64_t domain, uint64_t i)
{
    return (struct dice){ dice_mix(dice_mix(p->options.seed * 8 + domain) ^ dice_mix(i)) };
}

static void append(char *out, size_t size, struct text more)
{
    size_t at = strlen(out);
    if (at + more.len < size) {
        memcpy(out + at, more.data, more.len);
        out[at + more.len] = '\0';
    }
}

/* -- letters ----------------------------------------------------------------------------------- */

struct letters {
    size_t count;
    struct {
        char bytes[4];
        uint8_t len;
    } at[LETTERS_MAX];
};

static struct letters letters_of(struct text word)
{
    struct letters out = { 0 };
    for (size_t i = 0; i < word.len && out.count < LETTERS_MAX - 2; out.count++) {
        size_t len = 1;
        while (len < 4 && i + len < word.len && ((unsigned char)word.data[i + len] & 0xc0) == 0x80)
            len++;
        memcpy(out.at[out.count].bytes, word.data + i, len);
        out.at[out.count].len = (uint8_t)len;
        i += len;
    }
    return out;
}

static void append_letters(const struct letters *word, char *out, size_t size)
{
    for (size_t i = 0; i < word->count; i++)
        append(out, size, (struct text){ word->at[i].bytes, word->at[i].len });
}

/* A letter of the same writing: of a to z, or one that a word of the list has. */
static struct letters other_letter(const struct vocabulary *v, struct dice *d)
{
    char latin = (char)('a' + dice_below(d, 26));
    char stem[VOCABULARY_STEM_BYTES];
    struct letters other = letters_of(vocabulary_word(v, vocabulary_pick(v, d), stem));
    if (other.count == 0 || other.at[0].len == 1)
        return letters_of((struct text){ &latin, 1 });
    other.at[0] = other.at[dice_below(d, other.count)];
    return other;
}

static bool same_letter(const struct letters *a, size_t i, const struct letters *b, size_t k)
{
    return a->at[i].len == b->at[k].len &&
           memcmp(a->at[i].bytes, b->at[k].bytes, a->at[i].len) == 0;
}

/* One letter left out, changed for another, put in, or two different neighbours changed over. */
static void edit(struct letters *word, const struct vocabulary *v, struct dice *d)
{
    size_t kind = dice_below(d, 4);
    size_t at = dice_below(d, word->count);
    struct letters other = other_letter(v, d);
    while (same_letter(word, at, &other, 0))
        other = other_letter(v, d);
    if (kind == 0 && word->count > 1) {
        memmove(&word->at[at], &word->at[at + 1], (word->count - at - 1) * sizeof word->at[0]);
        word->count--;
    } else if (kind == 2 && word->count < LETTERS_MAX) {
        memmove(&word->at[at + 1], &word->at[at], (word->count - at) * sizeof word->at[0]);
        word->at[at] = other.at[0];
        word->count++;
    } else if (kind == 3 && at + 1 < word->count && !same_letter(word, at, word, at + 1)) {
        other.at[0] = word->at[at];
        word->at[at] = word->at[at + 1];
        word->at[at + 1] = other.at[0];
    } else {
        word->at[at] = other.at[0];
    }
}

/* -- persons ----------------------------------------------------------------------------------- */

struct words {
    size_t count;
    char text[WORDS_MAX][POPULATION_NAME_BYTES];
};

static const char *space_of(size_t script)
{
    static const char *const spaces[SCRIPTS] = { " ", " ", "\xc2\xb7", " ", "\xe3\x83\xbb" };
    return spaces[script];
}

static size_t draw_script(const struct population *p, struct dice *d)
{
    bool native = dice_chance(d, p->options.native);
    size_t dice = dice_below(d, 100);
    return !native ? 0 : dice < 50 ? 1 : dice < 75 ? 2 : dice < 90 ? 3 : 4;
}

/* Where the family name begins, in words. */
static size_t draw_words(const struct population *p, size_t script, struct dice *d,
                         struct words *out)
{
    static const char *const particles[] = { "al", "el", "de", "bin", "van", "ben", "di", "abu" };
    const struct vocabulary *v = &p->words[script];
    size_t dice = dice_below(d, 100);
    size_t count = script > 1 ? 2 : dice < 55 ? 2 : dice < 90 ? 3 : 4;
    bool particle = script == 0 && dice_below(d, 100) < 8;
    size_t family = count - 1;
    char stem[VOCABULARY_STEM_BYTES];
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (particle && i == family) {
            out->text[out->count][0] = '\0';
            append(out->text[out->count++], POPULATION_NAME_BYTES,
                   text_literal(particles[dice_below(d, sizeof particles / sizeof particles[0])]));
        }
        char *word = out->text[out->count++];
        word[0] = '\0';
        append(word, POPULATION_NAME_BYTES, vocabulary_word(v, vocabulary_pick(v, d), stem));
        if (dice_chance(d, p->options.misspelt)) {
            struct letters letters = letters_of(text_literal(word));
            edit(&letters, v, d);
            word[0] = '\0';
            append_letters(&letters, word, POPULATION_NAME_BYTES);
        }
    }
    return family;
}

static void write_name(const struct population *p, size_t script, const struct words *words,
                       size_t family, char *text, struct index_name *out)
{
    size_t begin = 0;
    text[0] = '\0';
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0)
            append(text, POPULATION_NAME_BYTES, text_literal(space_of(script)));
        if (i == family)
            begin = strlen(text);
        append(text, POPULATION_NAME_BYTES, text_literal(words->text[i]));
    }
    *out = (struct index_name){ .full = text_literal(text) };
    if (p->options.parts && begin > 0) {
        size_t space = strlen(space_of(script));
        out->given = (struct text){ text, begin - space };
        out->family = text_literal(text + begin);
        out->full = (struct text){ 0 };
    }
}

/* A misspelt word, a word left out, or another name altogether. */
static void draw_alias(const struct population *p, size_t script, struct words *words,
                       struct dice *d)
{
    size_t which = dice_below(d, words->count);
    struct letters letters = letters_of(text_literal(words->text[which]));
    switch (dice_below(d, 3)) {
    case 0:
        edit(&letters, &p->words[script], d);
        words->text[which][0] = '\0';
        append_letters(&letters, words->text[which], POPULATION_NAME_BYTES);
        break;
    case 1:
        if (words->count > 2) {
            words->count--;
            memmove(words->text[which], words->text[which + 1],
                    (words->count - which) * sizeof words->text[0]);
        }
        break;
    default:
        draw_words(p, script, d, words);
    }
}

static struct date draw_day(struct dice *d)
{
    size_t year = 1945 + (dice_below(d, 66) + dice_below(d, 66)) / 2;
    return (struct date){ (int16_t)year, (uint8_t)(1 + dice_below(d, 12)),
                          (uint8_t)(1 + dice_below(d, 28)) };
}

static struct index_birth draw_birth(const struct population_options *o, struct date day,
                                     struct dice *d)
{
    double dice = dice_part(d);
    int year = day.year;
    int off = (int)dice_below(d, 3) - 1;
    struct date first = { (int16_t)year, 1, 1 };
    if ((dice -= o->birth_unknown) < 0)
        return (struct index_birth){ 0 };
    if ((dice -= o->birth_registry) < 0)
        return (struct index_birth){ first, first, INDEX_BIRTH_REGISTRY };
    if ((dice -= o->birth_about) < 0)
        return index_birth_about(year + off);
    if ((dice -= o->birth_age) < 0)
        return index_birth_age(YEAR_NOW - year + off, (struct date){ YEAR_NOW, 7, 1 });
    return index_birth_exact(day);
}

static struct text draw_nationality(struct dice *d)
{
    static const char codes[NATIONS][4] = {
        "NGA", "COD", "FRA", "MLI", "DZA", "MAR", "SDN", "NER", "TCD", "CMR",
        "EGY", "SEN", "GHA", "CIV", "BFA", "TUN", "LBY", "GIN", "BEN", "TGO",
        "MRT", "SYR", "IRQ", "AFG", "PAK", "TUR", "RUS", "UKR", "GEO", "CHN",
        "KOR", "JPN", "IND", "BRA", "COL", "MEX", "ITA", "ESP", "ROU", "POL"
    };
    double at = dice_part(d);
    if (dice_below(d, 10) == 0)
        return (struct text){ 0 };
    return text_literal(codes[(size_t)(at * at * NATIONS)]);
}

/* Everything that a person is, the true day of birth too. */
static struct date draw_person(const struct population *p, uint64_t i, struct index_doc *out,
                               struct population_scratch *scratch, struct words *words)
{
    struct dice d = dice_of(p, DOMAIN_PERSON, i);
    size_t script = draw_script(p, &d);
    size_t family = draw_words(p, script, &d, words);
    size_t names = 1;
    write_name(p, script, words, family, scratch->text[0], &scratch->names[0]);
    struct date day = draw_day(&d);
    *out = (struct index_doc){ .number = i + 1, .names = scratch->names };
    out->birth = draw_birth(&p->options, day, &d);
    size_t sex = dice_below(&d, 20);
    out->sex = sex == 0 ? INDEX_SEX_UNKNOWN : sex % 2 == 0 ? INDEX_SEX_FEMALE : INDEX_SEX_MALE;
    scratch->nationality = draw_nationality(&d);
    out->nationalities = &scratch->nationality;
    out->nationality_count = scratch->nationality.len > 0;
    if (dice_chance(&d, p->options.aliases)) {
        struct words other = *words;
        draw_alias(p, script, &other, &d);
        write_name(p, script, &other, other.count - 1, scratch->text[1], &scratch->names[1]);
        scratch->names[names++].set = INDEX_ALIAS;
    }
    out->name_count = names;
    return day;
}

void population_person(const struct population *p, uint64_t i, struct index_doc *out,
                       struct population_scratch *scratch)
{
    struct words words;
    draw_person(p, i, out, scratch, &words);
}

/* -- objects ----------------------------------------------------------------------------------- */

void population_object(const struct population *p, uint64_t i, struct index_doc *out,
                       struct population_scratch *scratch)
{
    struct dice d = dice_of(p, DOMAIN_OBJECT, i);
    uint64_t own = (i * UINT64_C(16180339889) + dice_mix(p->options.seed) % key_space) % key_space;
    size_t which = i % 6;
    uint16_t cls = which < 3 ? CLASS_DOCUMENT : which < 5 ? CLASS_PLATE : CLASS_VIN;
    size_t len = cls == CLASS_DOCUMENT ? 9 : cls == CLASS_PLATE ? 7 : 17;
    for (size_t k = 0; k < len; k++) {
        scratch->key[k] = k + 7 < len ? alphabet[dice_below(&d, 33)] : alphabet[own % 33];
        own = k + 7 < len ? own : own / 33;
    }
    scratch->key[len] = '\0';
    scratch->identifier =
        (struct index_identifier){ .cls = cls, .canonical = { scratch->key, len } };
    *out = (struct index_doc){ .number = p->options.persons + i + 1,
                               .kind = cls == CLASS_DOCUMENT ? 1 : 2,
                               .identifiers = &scratch->identifier,
                               .identifier_count = 1 };
}

/* -- questions --------------------------------------------------------------------------------- */

static void misspell(const struct population *p, size_t script, struct words *words, struct dice *d)
{
    for (size_t i = 0; i < words->count; i++) {
        struct letters letters = letters_of(text_literal(words->text[i]));
        bool twice = letters.count >= 6 && dice_below(d, 10) < 3;
        for (int k = 0; letters.count >= 4 && k < (twice ? 2 : 1); k++)
            edit(&letters, &p->words[script], d);
        words->text[i][0] = '\0';
        append_letters(&letters, words->text[i], POPULATION_NAME_BYTES);
    }
    for (size_t left = words->count; left > 1; left--) {
        size_t at = dice_below(d, left);
        char swap[POPULATION_NAME_BYTES];
        memcpy(swap, words->text[at], sizeof swap);
        memcpy(words->text[at], words->text[left - 1], sizeof swap);
        memcpy(words->text[left - 1], swap, sizeof swap);
    }
}

/* One or two places where one of these stands become the other; where none does, none. */
static void misread(struct words *words, struct dice *d)
{
    static const char pairs[][2][4] = { { "rn", "m" }, { "m", "rn" }, { "l", "i" }, { "i", "l" },
                                        { "o", "0" },  { "0", "o" },  { "s", "5" }, { "b", "8" },
                                        { "u", "v" },  { "v", "u" },  { "e", "c" }, { "h", "n" },
                                        { "z", "2" },  { "g", "q" },  { "n", "h" }, { "cl", "d" } };
    size_t wanted = 1 + dice_below(d, 2);
    for (size_t tries = 0; tries < 64 && wanted > 0; tries++) {
        char *word = words->text[dice_below(d, words->count)];
        const char(*pair)[4] = pairs[dice_below(d, sizeof pairs / sizeof pairs[0])];
        char *at = strstr(word, pair[0]);
        if (at == NULL || strlen(word) < 4)
            continue;
        char rest[POPULATION_NAME_BYTES] = "";
        append(rest, sizeof rest, text_literal(at + strlen(pair[0])));
        *at = '\0';
        append(word, POPULATION_NAME_BYTES, text_literal(pair[1]));
        append(word, POPULATION_NAME_BYTES, text_literal(rest));
        wanted--;
    }
}

/* What script draw_person drew. */
static size_t script_of(const struct population *p, uint64_t i)
{
    struct dice d = dice_of(p, DOMAIN_PERSON, i);
    return draw_script(p, &d);
}

void population_ask(const struct population *p, enum population_spelling spelling, uint64_t q,
                    struct population_question *out)
{
    struct dice d = dice_of(p, DOMAIN_QUESTION, q * 4 + spelling);
    bool nobody = spelling == POPULATION_NOBODY;
    uint64_t who = nobody ? p->options.persons + q : dice_roll(&d) % p->options.persons;
    struct words words;
    struct index_doc doc;
    struct date day = draw_person(p, who, &doc, &out->person, &words);
    size_t script = script_of(p, who);
    if (spelling == POPULATION_MISSPELT)
        misspell(p, script, &words, &d);
    else if (spelling == POPULATION_MISREAD)
        misread(&words, &d);
    out->text[0] = '\0';
    for (size_t i = 0; i < words.count; i++) {
        append(out->text, sizeof out->text, text_literal(i > 0 ? space_of(script) : ""));
        append(out->text, sizeof out->text, text_literal(words.text[i]));
    }
    out->number = nobody ? 0 : who + 1;
    out->name = text_literal(out->text);
    bool vague = doc.birth.quality > INDEX_BIRTH_EXACT;
    out->birth = vague && dice_below(&d, 2) == 0 ? doc.birth : index_birth_exact(day);
    out->sex = doc.sex;
    out->nationality = out->person.nationality;
}
