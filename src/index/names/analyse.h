/* Analysis of names, one for documents and queries: tokens, scripts, Latin forms, foldings.
 *
 * A token depends on its letters alone, never on its neighbours, so that a dictionary of tokens can
 * stand for all names (A1). What a name adds is order, roles and which words were joined. */
#ifndef COMITY_INDEX_ANALYSE_H
#define COMITY_INDEX_ANALYSE_H

#include "index/index.h"
#include "index/names/sound.h"
#include "index/names/tables.h"

enum { CODES_MAX = 32, NATIVE_MAX = 4 * CODES_MAX, FORMS_MAX = 6, TOKEN_CLASSES_MAX = 6 };

enum script {
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_GREEK,
    SCRIPT_ARABIC,
    SCRIPT_HEBREW,
    SCRIPT_HAN,
    SCRIPT_HANGUL,
    SCRIPT_KANA,
    SCRIPT_OTHER
};

enum token_role { ROLE_ANY, ROLE_FAMILY, ROLE_GIVEN };

struct codes { /* letters of one token, normalised */
    uint8_t count;
    uint32_t at[CODES_MAX];
};

struct token {
    struct text written; /* in the name as given */
    struct codes codes;
    enum script script;
    enum token_role role;
    enum word_kind word;
    bool initial;
    bool mixed;      /* letters of two alphabets, the fewer by those they look like */
    bool patronymic; /* -ovich, -ovna, -oglu…: often left out, telling when it differs */
    uint8_t weight;  /* tenths of a bit that an exact agreement is worth */
    uint8_t form_count;
    uint8_t class_count;
    struct letters form[FORMS_MAX]; /* romanised, without diacritics; none for unknown scripts */
    struct letters tight[FORMS_MAX];
    struct skeletons skeletons; /* SOUND_WEST; none for kana, Hangul and Han */
    struct skeletons syllables; /* SOUND_EAST */
    struct name_class classes[TOKEN_CLASSES_MAX];
};

struct analysed {
    uint8_t count;
    bool clipped; /* there was more than INDEX_TOKENS_MAX tokens or INDEX_NAME_BYTES_MAX bytes */
    struct token token[INDEX_TOKENS_MAX];
};

/* Everything but written and role, from the letters. */
void token_make(const struct codes *codes, struct bytes frequency, struct token *out);
/* Latin forms of the letters, at most FORMS_MAX, and their skeletons of both families
 * (romanise.c). */
void romanise(const struct codes *codes, enum script script, struct token *out);
enum script script_of(uint32_t code);
/* Letters of one alphabet for those of another that look like them (lookalike.c); false: `in` is of
 * one alphabet, or some letter looks like none. */
bool codes_unmix(const struct codes *in, struct codes *out);
/* The form without the X-combinations by which ICAO 9303 writes Arabic letters; false: it has none.
 */
bool mrz_plain(const struct letters *in, struct letters *out);
/* Written in syllables: kana, Hangul, Han. */
bool script_is_east(enum script script);
/* Of a name of one consonant: whether something stands before it, its class, whether something
 * stands behind it (SOUND_WEST alone). None when it has more or is a single Han
 * character. Returns their number. */
enum { SHAPES_MAX = 4 };
size_t token_shapes(const struct token *token, enum sound family,
                    struct letters out[static SHAPES_MAX]);
/* Tokens of a name; none when it has no letters. `frequency` is proved. */
void analyse_name(const struct index_name *name, struct bytes frequency, struct analysed *out);
/* The forms of two neighbours written together. */
void token_join(const struct token *first, const struct token *second, struct bytes frequency,
                struct token *out);

/* Letters as UTF-8, the dictionary's spelling of a token. Returns the length. */
size_t codes_write(const struct codes *codes, uint8_t out[static NATIVE_MAX]);
/* ERR_CORRUPT index.segment-corrupt. */
MUST_USE struct err codes_read(struct bytes in, struct codes *out);
bool codes_equal(const struct codes *a, const struct codes *b);
/* One character of proved UTF-8; *at moves behind it. */
uint32_t text_code(struct text in, size_t *at);

/* Every key under which a token is stored: of two tokens that token_compare brings together, one
 * stores a key that the other asks for (A2). Sorted, without doubles. */
enum { KEYS_MAX = 2048 };
size_t token_keys(const struct token *token, uint32_t out[static KEYS_MAX]);
/* The keys under which tokens like this one are found, with doubles, each with what brings tokens
 * together that share it:
 *   KEY_RAW    forms at most two edits apart
 *   KEY_TIGHT  tight folds at most one edit apart
 *   KEY_SOUND  one script, skeletons that agree
 *   KEY_CROSS  two scripts, skeletons or shapes that agree or nearly
 *   KEY_OTHER  a class, a stem, letters of a script without Latin forms */
enum key_kind { KEY_RAW, KEY_TIGHT, KEY_SOUND, KEY_CROSS, KEY_OTHER };
size_t token_asks(const struct token *token, uint32_t out[static KEYS_MAX],
                  uint8_t kinds[static KEYS_MAX]);
/* The one key of them that tokens with this tight fold share. */
uint32_t token_tight_key(const struct letters *tight);

#endif
