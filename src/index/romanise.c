/* Letters to Latin by the tables of catalogue/names; Hangul by its own arithmetic. */
#include "index/analyse.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { HANGUL_FIRST = 0xac00, HANGUL_LAST = 0xd7a3, VOWELS = 21, FINALS = 28 };

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

/* Hangul syllables are initial, vowel, final by number (Unicode 3.12). First column: Revised
 * Romanisation of 2000; second: as usual in passports; third: sound classes. */
static const char *const hangul_initials[][3] = {
    { "g", "k", "K" },   { "kk", "kk", "K" },  { "n", "n", "N|L" }, { "d", "t", "T" },
    { "tt", "tt", "T" }, { "r", "l", "L|R" },  { "m", "m", "N" },   { "b", "p", "P|F" },
    { "pp", "pp", "P" }, { "s", "s", "S" },    { "ss", "ss", "S" }, { "", "", "" },
    { "j", "ch", "S" },  { "jj", "tch", "S" }, { "ch", "ch", "S" }, { "k", "k", "K" },
    { "t", "t", "T" },   { "p", "f", "P|F" },  { "h", "h", "-|F" },
};
static const char *const hangul_vowels[][2] = {
    { "a", "a" },     { "ae", "ae" },   { "ya", "ya" },  { "yae", "yae" }, { "eo", "u" },
    { "e", "e" },     { "yeo", "you" }, { "ye", "ye" },  { "o", "o" },     { "wa", "wa" },
    { "wae", "wae" }, { "oe", "oe" },   { "yo", "yo" },  { "u", "oo" },    { "wo", "wo" },
    { "we", "we" },   { "wi", "wi" },   { "yu", "yoo" }, { "eu", "u" },    { "ui", "ui" },
    { "i", "ee" },
};
static const char *const hangul_finals[][2] = {
    { "", "" },   { "k", "K" },   { "k", "K" },   { "k", "K" },     { "n", "N" },   { "n", "N" },
    { "n", "N" }, { "t", "T" },   { "l", "L|R" }, { "k", "K" },     { "m", "N" },   { "l", "L" },
    { "l", "L" }, { "l", "L" },   { "p", "P" },   { "l", "L" },     { "m", "N" },   { "p", "P|F" },
    { "p", "P" }, { "t", "S|T" }, { "t", "T" },   { "ng", "N|NK" }, { "t", "S|T" }, { "t", "S" },
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
    struct letters form[2] = { { 0 }, { 0 } };
    skeletons_init(&out->skeletons);
    for (size_t i = 0; i < codes->count; i++) {
        if (codes->at[i] < HANGUL_FIRST || codes->at[i] > HANGUL_LAST)
            continue;
        uint32_t n = codes->at[i] - HANGUL_FIRST;
        uint32_t initial = n / (VOWELS * FINALS);
        uint32_t vowel = n / FINALS % VOWELS;
        uint32_t final = n % FINALS;
        for (size_t f = 0; f < 2; f++) {
            add_form(&form[f], hangul_initials[initial][f]);
            add_form(&form[f], hangul_vowels[vowel][f]);
            add_form(&form[f], hangul_finals[final][0]);
        }
        skeletons_add(&out->skeletons, hangul_initials[initial][2]);
        skeletons_add(&out->skeletons, hangul_finals[final][1]);
    }
    keep_form(out, &form[0]);
    keep_form(out, &form[1]);
    keep_surnames(codes, out);
}

static void romanise_han(const struct codes *codes, struct token *out)
{
    struct letters form = { 0 };
    skeletons_init(&out->skeletons);
    for (size_t i = 0; i < codes->count; i++) {
        const char *reading = table_han(codes->at[i]);
        if (reading == NULL)
            continue;
        add_form(&form, reading);
        skeletons_add_latin(&out->skeletons, reading, strlen(reading));
    }
    keep_form(out, &form);
    keep_surnames(codes, out);
}

static void romanise_letters(const struct codes *codes, struct token *out)
{
    struct letters form[ROMAN_FORMS] = { { 0 }, { 0 }, { 0 } };
    skeletons_init(&out->skeletons);
    for (size_t i = 0; i < codes->count;) {
        uint32_t code = codes->at[i];
        if (code >= 'a' && code <= 'z') {
            char letter = (char)code;
            for (size_t f = 0; f < ROMAN_FORMS; f++)
                letters_add(&form[f], &letter, 1);
            i++;
            continue;
        }
        size_t used = 1;
        const struct roman_row *row = table_roman(codes->at + i, codes->count - i, &used);
        for (size_t f = 0; row != NULL && f < ROMAN_FORMS; f++)
            add_form(&form[f], row->form[f]);
        if (row != NULL && row->classes[0] != '\0')
            skeletons_add(&out->skeletons, row->classes);
        else if (row != NULL)
            skeletons_add_latin(&out->skeletons, row->form[0], strlen(row->form[0]));
        i += used;
    }
    for (size_t f = 0; f < ROMAN_FORMS; f++)
        keep_form(out, &form[f]);
}

void romanise(const struct codes *codes, enum script script, struct token *out)
{
    out->form_count = 0;
    if (script == SCRIPT_HANGUL)
        romanise_hangul(codes, out);
    else if (script == SCRIPT_HAN)
        romanise_han(codes, out);
    else
        romanise_letters(codes, out);
    if (script == SCRIPT_LATIN && out->form_count > 0) {
        /* digraphs cross letters */
        fold_skeletons(&out->form[0], &out->skeletons);
    }
}
