#include "wording/words.h"

#include <assert.h>

static const char *const phrases[PHRASES][LANGUAGES] = {
#define X(id, en, fr, ar) [PHRASE_##id] = { en, fr, ar },
#include "wording/words.inc"
#undef X
};

struct code_word {
    enum word_list list;
    const char *words[LANGUAGES];
};

static const struct code_word code_words[] = {
#define X(list, code, fr, ar) { WORDS_##list, { code, fr, ar } },
#include "wording/codes.inc"
#undef X
};

enum { CODE_WORDS = sizeof(code_words) / sizeof(code_words[0]) };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
    return is_space(c) || c == ',' || c == '(' || c == ')' || c == '"' || c == '#';
}

/* Skips white space and comments; *first says that a line began on the way. */
static uint32_t skip_blank(struct text text, uint32_t at, bool *first)
{
    bool comment = false;
    *first = at == 0;
    for (; at < text.len; at++) {
        char c = text.data[at];
        if (c == '\n') {
            comment = false;
            *first = true;
        } else if (c == '#') {
            comment = true;
        } else if (!comment && !is_space(c)) {
            break;
        }
    }
    return at;
}

static struct token string_at(struct text text, uint32_t at)
{
    struct token token = { .kind = TOKEN_BAD, .at = at };
    uint32_t i = at + 1;
    while (i < text.len && text.data[i] != '"' && text.data[i] != '\n')
        i += text.data[i] == '\\' && i + 1 < text.len && text.data[i + 1] != '\n' ? 2 : 1;
    token.text = text_slice(text, at + 1, i - at - 1);
    token.end = i;
    if (i < text.len && text.data[i] == '"') {
        token.kind = TOKEN_STRING;
        token.end = i + 1;
    }
    return token;
}

static struct token word_at(struct text text, uint32_t at)
{
    uint32_t i = at;
    while (i < text.len && !ends_word(text.data[i]))
        i++;
    return (struct token){
        .kind = TOKEN_WORD, .at = at, .end = i, .text = text_slice(text, at, i - at)
    };
}

struct token token_at(struct text text, uint32_t at)
{
    bool first = false;
    struct token token = { .kind = TOKEN_END };
    at = skip_blank(text, at, &first);
    token.at = at;
    token.end = at + 1;
    if (at >= text.len) {
        token.end = at;
    } else if (text.data[at] == '"') {
        token = string_at(text, at);
    } else if (text.data[at] == ',') {
        token.kind = TOKEN_COMMA;
    } else if (text.data[at] == '(') {
        token.kind = TOKEN_OPEN;
    } else if (text.data[at] == ')') {
        token.kind = TOKEN_CLOSE;
    } else {
        token = word_at(text, at);
    }
    token.first = first;
    return token;
}

/* One character of proved UTF-8. */
static uint32_t rune_at(struct text text, uint32_t at, uint32_t *len)
{
    uint8_t lead = (uint8_t)text.data[at];
    *len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    assert(at + *len <= text.len);
    static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    uint32_t rune = lead & masks[*len];
    for (uint32_t i = 1; i < *len; i++)
        rune = rune << 6 | ((uint8_t)text.data[at + i] & 0x3f);
    return rune;
}

static bool is_hidden(uint32_t rune)
{
    if (rune < 0x20)
        return rune != '\n' && rune != '\t' && rune != '\r';
    return (rune >= 0x7f && rune <= 0x9f) || rune == 0xad || rune == 0x61c ||
           (rune >= 0x200b && rune <= 0x200f) || (rune >= 0x2028 && rune <= 0x202e) ||
           (rune >= 0x2060 && rune <= 0x206f) || rune == 0xfeff ||
           (rune >= 0xe0000 && rune <= 0xe0fff);
}

uint32_t text_find_hidden(struct text text)
{
    uint32_t len = 0;
    for (uint32_t at = 0; at < text.len; at += len) {
        if (is_hidden(rune_at(text, at, &len)))
            return at;
    }
    return (uint32_t)text.len;
}

struct text phrase_text(enum phrase phrase, enum language language)
{
    assert(phrase < PHRASES && language < LANGUAGES);
    return text_literal(phrases[phrase][language]);
}

bool phrase_at(struct text text, uint32_t at, enum phrase phrase, enum language language,
               uint32_t *end_out)
{
    struct text rest = phrase_text(phrase, language);
    uint32_t end = at;
    while (rest.data != NULL) {
        struct text word = text_split(&rest, ' ');
        struct token token = token_at(text, end);
        if (token.kind != TOKEN_WORD || !text_equal(token.text, word))
            return false;
        end = token.end;
    }
    *end_out = end;
    return true;
}

struct text word_to_code(enum word_list list, enum language language, struct text word)
{
    for (size_t i = 0; list != WORDS_NONE && i < CODE_WORDS; i++) {
        if (code_words[i].list == list && text_is(word, code_words[i].words[language]))
            return text_literal(code_words[i].words[LANGUAGE_EN]);
    }
    return word;
}

struct text code_to_word(enum word_list list, enum language language, struct text code)
{
    for (size_t i = 0; list != WORDS_NONE && i < CODE_WORDS; i++) {
        if (code_words[i].list == list && text_is(code, code_words[i].words[LANGUAGE_EN]))
            return text_literal(code_words[i].words[language]);
    }
    return code;
}

static const char *const level_codes[LEVELS] = {
    [LEVEL_NONE] = "",
    [LEVEL_UNCLASSIFIED] = "unclassified",
    [LEVEL_RESTRICTED] = "restricted",
    [LEVEL_CONFIDENTIAL] = "confidential",
    [LEVEL_SECRET] = "secret",
    [LEVEL_TOP_SECRET] = "top-secret",
};

bool level_parse(struct text code, enum level *out)
{
    for (enum level i = LEVEL_UNCLASSIFIED; i < LEVELS; i++) {
        if (text_is(code, level_codes[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

struct text level_code(enum level level)
{
    assert(level < LEVELS);
    return text_literal(level_codes[level]);
}

static const char *const way_codes[COARSE_WAYS] = {
    [COARSE_NONE] = "",           [COARSE_YEAR] = "year",         [COARSE_MONTH] = "month",
    [COARSE_COUNTRY] = "country", [COARSE_INITIALS] = "initials",
};

bool way_parse(struct text code, enum coarse_way *out)
{
    for (enum coarse_way i = COARSE_YEAR; i < COARSE_WAYS; i++) {
        if (text_is(code, way_codes[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

struct text way_code(enum coarse_way way)
{
    assert(way < COARSE_WAYS);
    return text_literal(way_codes[way]);
}

static const char *const mode_codes[ACCESS_MODES] = {
    [MODE_NONE] = "", [MODE_COPY] = "copy", [MODE_HIT] = "hit", [MODE_ASK] = "ask"
};

bool mode_parse(struct text code, enum access_mode *out)
{
    for (enum access_mode i = MODE_COPY; i < ACCESS_MODES; i++) {
        if (text_is(code, mode_codes[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

struct text mode_code(enum access_mode mode)
{
    assert(mode < ACCESS_MODES);
    return text_literal(mode_codes[mode]);
}

struct text span_unit_code(enum span_unit unit)
{
    static const char *const codes[SPAN_UNITS] = {
        [SPAN_NONE] = "",     [SPAN_HOUR] = "hour",   [SPAN_DAY] = "day",
        [SPAN_WEEK] = "week", [SPAN_MONTH] = "month", [SPAN_YEAR] = "year",
    };
    assert(unit < SPAN_UNITS);
    return text_literal(codes[unit]);
}
