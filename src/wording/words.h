/* Tokens and keywords. Keywords are phrases of one to five words and are known only where the
 * grammar expects them: no word is reserved, so no code can collide with one. */
#ifndef COMITY_WORDING_WORDS_H
#define COMITY_WORDING_WORDS_H

#include "wording/treaty.h"

enum phrase {
#define X(id, en, fr, ar) PHRASE_##id,
#include "wording/words.inc"
#undef X
    PHRASES
};

enum word_list { WORDS_NONE, WORDS_KIND, WORDS_LEVEL, WORDS_SUBJECT, WORDS_WAY };

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* anything but white space and , ( ) " # */
    TOKEN_STRING, /* text between the quotes, escapes included */
    TOKEN_COMMA,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_BAD /* a string without end */
};

struct token {
    enum token_kind kind;
    uint32_t at;  /* of its first byte */
    uint32_t end; /* behind its last */
    bool first;   /* nothing but white space stands before it on its line */
    struct text text;
};

/* The token at or after byte `at`; comments and white space are skipped. */
struct token token_at(struct text text, uint32_t at);

/* Offset of the first character that nobody sees or that reorders what is seen (controls but tab
 * and newlines, bidirectional controls, zero width, byte order mark); text.len when there is none.
 */
uint32_t text_find_hidden(struct text text);

struct text phrase_text(enum phrase phrase, enum language language);
/* The phrase stands at or after byte `at`: true, and *end_out is behind it. */
bool phrase_at(struct text text, uint32_t at, enum phrase phrase, enum language language,
               uint32_t *end_out);

/* Word of a language to neutral code and back; what the list does not have is returned as it is. */
struct text word_to_code(enum word_list list, enum language language, struct text word);
struct text code_to_word(enum word_list list, enum language language, struct text code);

bool level_parse(struct text code, enum level *out);
struct text level_code(enum level level);
/* "year"... false for a word that is no way to coarsen. */
bool way_parse(struct text code, enum coarse_way *out);
struct text way_code(enum coarse_way way);
/* "copy", "hit", "ask"; of MODE_NONE "". */
bool mode_parse(struct text code, enum access_mode *out);
struct text mode_code(enum access_mode mode);
struct text span_unit_code(enum span_unit unit); /* "hour"… */

#endif
