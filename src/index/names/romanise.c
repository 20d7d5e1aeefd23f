/* Letters to Latin by the tables of catalogue/names; Hangul by its own arithmetic. */
#include "index/names/analyse.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { HANGUL_FIRST = 0xac00, HANGUL_LAST = 0xd7a3, VOWELS = 21, FINALS = 28 };
enum { INDIC_FIRST = 0x900, INDIC_LAST = 0xd7f };

enum script script_of(uint32_t code)
{
    if (code < 0x250)
        return SCRIPT_LATIN;
    switch (u_getIntPropertyValue((UChar32)code, UCHAR_SCRIPT)) {
    case USCRIPT_LATIN:
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
        return SCRIPT_LATIN;
    case USCRIPT_CYRILLIC:
        return SCRIPT_CYRILLIC;
    case USCRIPT_GREEK:
        return SCRIPT_GREEK;
    case USCRIPT_ARABIC:
        return SCRIPT_ARABIC;
    case USCRIPT_HEBREW:
        return SCRIPT_HEBREW;
    case USCRIPT_HAN:
        return SCRIPT_HAN;
    case USCRIPT_HANGUL:
        return SCRIPT_HANGUL;
    case USCRIPT_KATAKANA:
    case USCRIPT_HIRAGANA:
        return SCRIPT_KANA;
    default:
        return SCRIPT_OTHER;
    }
}

bool script_is_east(enum script script)
{
    return script == SCRIPT_HAN || script == SCRIPT_HANGUL || script == SCRIPT_KANA;
}

/* Hangul syllables are initial, vowel, final by number (Unicode 3.12). First column: Revised
 * Romanisation of 2000; second: McCune-Reischauer and usual passport spellings; third: in foreign
 * names, the vowel heard and the classes of SOUND_EAST. */
static const char *const hangul_initials[][3] = {
    { "g", "k", "K" },   { "kk", "kk", "K" },  { "n", "n", "N" },     { "d", "t", "T" },
    { "tt", "tt", "T" }, { "r", "l", "L" },    { "m", "m", "N" },     { "b", "p", "P" },
    { "pp", "pp", "P" }, { "s", "s", "S" },    { "ss", "ss", "S" },   { "", "", "" },
    { "j", "ch", "S" },  { "jj", "tch", "S" }, { "ch", "ch", "S" },   { "k", "k", "K" },
    { "t", "t", "T" },   { "p", "f", "P" },    { "h", "h", "-|K|P" },
};
static const char *const hangul_vowels[][3] = {
    { "a", "a", "a" },    { "ae", "ae", "a" },   { "ya", "ya", "ya" },   { "yae", "yae", "ya" },
    { "eo", "u", "e" },   { "e", "e", "e" },     { "yeo", "you", "ye" }, { "ye", "ye", "ye" },
    { "o", "o", "o" },    { "wa", "wa", "wa" },  { "wae", "wae", "wa" }, { "oe", "oe", "o" },
    { "yo", "yo", "yo" }, { "u", "oo", "u" },    { "wo", "wo", "wo" },   { "we", "we", "we" },
    { "wi", "wi", "u" },  { "yu", "yoo", "yu" }, { "eu", "u", "" },      { "ui", "ui", "ui" },
    { "i", "ee", "i" },
};
static const char *const hangul_finals[][2] = {
    { "", "" },   { "k", "K" },   { "k", "K" },   { "k", "K" },  { "n", "N" },   { "n", "N" },
    { "n", "N" }, { "t", "T" },   { "l", "L" },   { "k", "K" },  { "m", "N" },   { "l", "L" },
    { "l", "L" }, { "l", "L" },   { "p", "P" },   { "l", "L" },  { "m", "N" },   { "p", "P" },
    { "p", "P" }, { "t", "T|S" }, { "t", "T|S" }, { "ng", "N" }, { "t", "T|S" }, { "t", "T|S" },
    { "k", "K" }, { "t", "T" },   { "p", "P" },   { "t", "T" },
};

static void add_form(struct letters *to, const char *part)
{
    letters_add(to, part, strlen(part));
}

static void keep_form(struct token *out, const struct letters *form)
{
    for (size_t i = 0; i < out->form_count; i++) {
        if (letters_equal(&out->form[i], form))
            return;
    }
    if (form->len > 0 && out->form_count < FORMS_MAX)
        out->form[out->form_count++] = *form;
}

/* Readings as a surname: a token of one character only. */
static void keep_surnames(const struct codes *codes, struct token *out)
{
    const char *const *reading = codes->count == 1 ? table_surname(codes->at[0]) : NULL;
    for (; reading != NULL && (*reading)[0] != '\0'; reading++) {
        struct letters form = { 0 };
        add_form(&form, *reading);
        keep_form(out, &form);
    }
}

static void romanise_hangul(const struct codes *codes, struct token *out)
{
    struct letters form[3] = { { 0 }, { 0 }, { 0 } };
    struct sounds sounds;
    sounds_init(&sounds);
    for (size_t i = 0; i < codes->count; i++) {
        if (codes->at[i] < HANGUL_FIRST || codes->at[i] > HANGUL_LAST)
            continue;
        uint32_t n = codes->at[i] - HANGUL_FIRST;
        uint32_t initial = n / (VOWELS * FINALS);
        uint32_t vowel = n / FINALS % VOWELS;
        uint32_t final = n % FINALS;
        for (size_t f = 0; f < 3; f++) {
            add_form(&form[f], hangul_initials[initial][f % 2]);
            add_form(&form[f], hangul_vowels[vowel][f]);
            add_form(&form[f], hangul_finals[final][0]);
        }
        sounds_add(&sounds, hangul_initials[initial][2]);
        sounds_add(&sounds, hangul_finals[final][1]);
    }
    sounds_end(&sounds, &out->syllables);
    keep_form(out, &form[0]);
    keep_form(out, &form[1]);
    keep_form(out, &form[2]);
    keep_surnames(codes, out);
}

/* Mandarin syllables, where no foreign name shows what the character stands for. */
static void add_pinyin(struct sounds *sounds, const char *reading)
{
    static const char *const initials[26] = {
        ['b' - 'a'] = "P",   ['c' - 'a'] = "S",   ['d' - 'a'] = "T",   ['f' - 'a'] = "P",
        ['g' - 'a'] = "K",   ['h' - 'a'] = "-|K", ['j' - 'a'] = "S|K", ['k' - 'a'] = "K",
        ['l' - 'a'] = "L",   ['m' - 'a'] = "N",   ['n' - 'a'] = "N",   ['p' - 'a'] = "P",
        ['q' - 'a'] = "S|K", ['r' - 'a'] = "L|S", ['s' - 'a'] = "S",   ['t' - 'a'] = "T",
        ['w' - 'a'] = "-|P", ['x' - 'a'] = "S|-", ['y' - 'a'] = "-|S", ['z' - 'a'] = "S",
    };
    const char *initial = initials[reading[0] - 'a'];
    sounds_add(sounds, initial != NULL ? initial : "");
    size_t len = strlen(reading);
    if (len > 1 && strchr("ngr", reading[len - 1]) != NULL)
        sounds_add(sounds, reading[len - 1] == 'r' ? "L|-" : "N");
}

static void romanise_han(const struct codes *codes, struct token *out)
{
    struct letters mandarin = { 0 };
    struct letters foreign = { 0 };
    struct sounds sounds;
    sounds_init(&sounds);
    for (size_t i = 0; i < codes->count; i++) {
        const char *reading = table_han(codes->at[i]);
        const struct han_sound *sound = table_han_sound(codes->at[i]);
        if (reading != NULL)
            add_form(&mandarin, reading);
        if (sound != NULL) {
            add_form(&foreign, sound->form);
            sounds_add(&sounds, sound->classes);
        } else if (reading != NULL) {
            add_form(&foreign, reading);
            add_pinyin(&sounds, reading);
        }
    }
    sounds_end(&sounds, &out->syllables);
    keep_form(out, &mandarin);
    if (codes->count > 1)
        keep_form(out, &foreign);
    keep_surnames(codes, out);
}

static bool is_indic(uint32_t code, UIndicSyllabicCategory category)
{
    return code >= INDIC_FIRST && code <= INDIC_LAST &&
           u_getIntPropertyValue((UChar32)code, UCHAR_INDIC_SYLLABIC_CATEGORY) == (int32_t)category;
}

/* Brahmic: a consonant without a sign carries an a, but seldom at the end. */
static bool has_inherent(const struct codes *codes, size_t at)
{
    if (!is_indic(codes->at[at], U_INSC_CONSONANT))
        return false;
    size_t next = at + 1;
    while (next < codes->count && is_indic(codes->at[next], U_INSC_NUKTA))
        next++;
    return next < codes->count && !is_indic(codes->at[next], U_INSC_VOWEL_DEPENDENT) &&
           !is_indic(codes->at[next], U_INSC_VIRAMA);
}

/* How many letters from `at` on are a to z; those. */
static size_t latin_run(const struct codes *codes, size_t at, char out[static CODES_MAX])
{
    size_t count = 0;
    for (; at < codes->count && codes->at[at] >= 'a' && codes->at[at] <= 'z'; at++)
        out[count++] = (char)codes->at[at];
    return count;
}

static void romanise_letters(const struct codes *codes, enum sound family, struct token *out)
{
    struct letters form[ROMAN_FORMS] = { { 0 }, { 0 }, { 0 } };
    struct sounds sounds;
    sounds_init(&sounds);
    for (size_t i = 0; i < codes->count;) {
        char latin[CODES_MAX];
        size_t used = latin_run(codes, i, latin);
        for (size_t f = 0; used > 0 && f < ROMAN_FORMS; f++)
            letters_add(&form[f], latin, used);
        i += used;
        if (used > 0)
            continue;
        const struct roman_row *row = table_roman(codes->at + i, codes->count - i, &used);
        for (size_t f = 0; row != NULL && f < ROMAN_FORMS; f++)
            add_form(&form[f], row->form[f]);
        if (row != NULL && row->classes[0] != '\0')
            sounds_add(&sounds, row->classes);
        else if (row != NULL)
            sounds_add_latin(&sounds, family, row->form[0], strlen(row->form[0]));
        for (size_t f = 0; f < ROMAN_FORMS && has_inherent(codes, i); f++)
            add_form(&form[f], "a");
        i += used;
    }
    sounds_end(&sounds, family == SOUND_EAST ? &out->syllables : &out->skeletons);
    for (size_t f = 0; f < ROMAN_FORMS; f++)
        keep_form(out, &form[f]);
}

void romanise(const struct codes *codes, enum script script, struct token *out)
{
    out->form_count = 0;
    out->skeletons.count = out->syllables.count = 0;
    if (script == SCRIPT_HANGUL) {
        romanise_hangul(codes, out);
    } else if (script == SCRIPT_HAN) {
        romanise_han(codes, out);
    } else if (script == SCRIPT_KANA) {
        romanise_letters(codes, SOUND_EAST, out);
    } else {
        romanise_letters(codes, SOUND_WEST, out);
        if (out->form_count > 0)
            sound_latin(&out->form[0], SOUND_EAST, &out->syllables);
        if (out->form_count > 1 && script == SCRIPT_LATIN)
            sound_latin_more(&out->form[1], SOUND_EAST, &out->syllables);
        if (out->form_count > 0 && script == SCRIPT_LATIN) {
            struct letters plain;
            if (mrz_plain(&out->form[0], &plain))
                keep_form(out, &plain);
            else
                plain = out->form[0];
            /* of whole words: digraphs cross letters */
            sound_latin(&plain, SOUND_WEST, &out->skeletons);
            if (out->form_count > 1) /* letters with accents sound otherwise */
                sound_latin_more(&out->form[1], SOUND_WEST, &out->skeletons);
        }
    }
}

size_t token_shapes(const struct token *token, enum sound family,
                    struct letters out[static SHAPES_MAX])
{
    const struct skeletons *all = family == SOUND_EAST ? &token->syllables : &token->skeletons;
    bool brief = token->codes.count == 1 && token->script == SCRIPT_HAN;
    const struct letters *form = &token->form[0];
    size_t count = 0;
    if (token->form_count == 0 || brief || form->len < 2)
        return 0;
    for (size_t i = 0; i < all->count && count < SHAPES_MAX; i++) {
        if (all->at[i].len != 1)
            continue;
        char consonant = all->at[i].at[0];
        char last = form->at[form->len - 1];
        bool first = sound_at_end(form, family, false, consonant) != END_OTHER;
        enum sound_end end =
            family == SOUND_WEST ? sound_at_end(form, family, true, consonant) : END_CONSONANT;
        bool either = family == SOUND_WEST && (end == END_EITHER || last == 'e');
        char shape[3] = { first ? '-' : 'V', consonant, end == END_OTHER ? 'V' : '-' };
        out[count].len = 0;
        letters_add(&out[count++], shape, sizeof shape);
        if (either && count < SHAPES_MAX) { /* silent or not */
            out[count] = out[count - 1];
            out[count++].at[2] = shape[2] == 'V' ? '-' : 'V';
        }
    }
    return count;
}
