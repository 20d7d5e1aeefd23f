#include "index/names/analyse.h"

#include <assert.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "index/names/frequency.h"

enum {
    UNITS_MAX = 2 * CODES_MAX,
    TATWEEL = 0x640,
    HIRAGANA_FIRST = 0x3041,
    HIRAGANA_LAST = 0x3096,
    KANA_SHIFT = 0x60,
    KANA_LONG = 0x30fc,
    HANGUL_SYLLABLE_FIRST = 0xac00,
    HANGUL_SYLLABLE_LAST = 0xd7a3
};

uint32_t text_code(struct text in, size_t *at)
{
    assert(*at < in.len);
    const uint8_t *c = (const uint8_t *)in.data + *at;
    size_t more = c[0] < 0x80 ? 0 : c[0] < 0xe0 ? 1 : c[0] < 0xf0 ? 2 : 3;
    assert(*at + more < in.len); /* text is proved UTF-8 */
    uint32_t code = more == 0 ? c[0] : c[0] & (UINT32_C(0x3f) >> more);
    for (size_t i = 1; i <= more; i++)
        code = code << 6 | (c[i] & 0x3f);
    *at += more + 1;
    return code;
}

size_t codes_write(const struct codes *codes, uint8_t out[static NATIVE_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < codes->count; i++) {
        uint32_t c = codes->at[i];
        if (c < 0x80) {
            out[len++] = (uint8_t)c;
            continue;
        }
        unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        unsigned head = more == 1 ? 0xc0 : more == 2 ? 0xe0 : 0xf0;
        out[len++] = (uint8_t)(head | c >> (6 * more));
        for (unsigned k = more; k-- > 0;)
            out[len++] = (uint8_t)(0x80 | (c >> (6 * k) & 0x3f));
    }
    return len;
}

struct err codes_read(struct bytes in, struct codes *out)
{
    struct text text = { 0 };
    struct codes codes = { 0 };
    bool bad = failed(text_parse(in, &text)) || in.len == 0 || in.len > NATIVE_MAX;
    for (size_t at = 0; !bad && at < text.len;) {
        uint32_t code = text_code(text, &at);
        bad = codes.count == CODES_MAX;
        if (!bad)
            codes.at[codes.count++] = code;
    }
    if (bad)
        return err_make(ERR_CORRUPT, "index.segment-corrupt");
    *out = codes;
    return err_none();
}

bool codes_equal(const struct codes *a, const struct codes *b)
{
    return a->count == b->count && memcmp(a->at, b->at, a->count * sizeof a->at[0]) == 0;
}

static void keep_code(struct codes *out, uint32_t code)
{
    if (out->count < CODES_MAX && code != TATWEEL)
        out->at[out->count++] = code;
}

static bool is_mark(uint32_t code)
{
    return (U_GET_GC_MASK((UChar32)code) & U_GC_M_MASK) != 0;
}

/* One character of UTF-16 that ICU wrote. */
static uint32_t unit_code(const UChar *units, int32_t len, int32_t *at)
{
    uint32_t code = units[(*at)++];
    if (U16_IS_LEAD(code) && *at < len)
        code = ((code & 0x3ff) << 10 | (units[(*at)++] & UINT32_C(0x3ff))) + 0x10000;
    return code;
}

/* Base letters of a letter that no table has: é is e. */
static void keep_base(struct codes *out, uint32_t code)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&status);
    UChar parts[UNITS_MAX];
    bool syllable = code >= HANGUL_SYLLABLE_FIRST && code <= HANGUL_SYLLABLE_LAST;
    int32_t len = U_FAILURE(status) || syllable || nfkd == NULL
                      ? -1
                      : unorm2_getDecomposition(nfkd, (UChar32)code, parts, UNITS_MAX, &status);
    if (U_FAILURE(status) || len <= 0) {
        keep_code(out, code);
        return;
    }
    for (int32_t i = 0; i < len;) {
        uint32_t part = unit_code(parts, len, &i);
        if (!is_mark(part))
            keep_code(out, part);
    }
}

static void keep_letter(struct codes *out, uint32_t code)
{
    size_t used = 0;
    if (code >= HIRAGANA_FIRST && code <= HIRAGANA_LAST)
        code += KANA_SHIFT;
    if ((code >= 'a' && code <= 'z') || table_roman(&code, 1, &used) != NULL)
        keep_code(out, code);
    else if (!is_mark(code))
        keep_base(out, code);
}

/* NFKC and case folding of one raw token, then letters only. */
static void normalise(const struct codes *raw, struct codes *out)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar in[UNITS_MAX];
    UChar folded[4 * UNITS_MAX];
    int32_t in_len = 0;
    for (size_t i = 0; i < raw->count; i++)
        U16_APPEND_UNSAFE(in, in_len, raw->at[i]);
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    int32_t len =
        U_FAILURE(status) ? 0 : unorm2_normalize(fold, in, in_len, folded, 4 * UNITS_MAX, &status);
    for (int32_t i = 0; !U_FAILURE(status) && i < len;)
        keep_letter(out, unit_code(folded, len, &i));
}

static void normalise_ascii(const struct codes *raw, struct codes *out)
{
    for (size_t i = 0; i < raw->count; i++)
        out->at[i] = raw->at[i] | 0x20;
    out->count = raw->count;
}

static bool is_patronymic(const struct token *token)
{
    static const char *const ends[] = { "ovich", "evich", "ovych", "evych", "ovitch", "evitch",
                                        "ovna",  "evna",  "ivna",  "ichna", "oglu",   "ogly",
                                        "ogli",  "kyzy",  "qizi",  "gizi",  "uulu" };
    const struct letters *form = &token->form[0];
    for (size_t i = 0; token->form_count > 0 && i < sizeof ends / sizeof ends[0]; i++) {
        size_t len = strlen(ends[i]);
        if (form->len >= len + 3 && memcmp(form->at + form->len - len, ends[i], len) == 0)
            return true;
    }
    return false;
}

void token_make(const struct codes *codes, struct bytes frequency, struct token *out)
{
    struct token token = { .codes = *codes };
    struct codes plain = *codes;
    token.mixed = codes_unmix(codes, &plain);
    token.script = script_of(plain.at[0]);
    romanise(&plain, token.script, &token);
    for (size_t i = 0; i < token.form_count; i++)
        fold_tight(&token.form[i], &token.tight[i]);
    if (token.form_count > 0) {
        bool alphabetic = token.script != SCRIPT_HAN && token.script != SCRIPT_HANGUL &&
                          token.script != SCRIPT_KANA;
        token.word = alphabetic ? table_word(&token.form[0]) : WORD_NAME;
        token.class_count =
            (uint8_t)table_classes(&token.form[0], token.classes, TOKEN_CLASSES_MAX);
    }
    token.patronymic = is_patronymic(&token);
    token.initial = codes->count == 1 && token.script != SCRIPT_HAN &&
                    token.script != SCRIPT_HANGUL && token.script != SCRIPT_KANA;
    token.weight = frequency_weight(frequency, &token);
    *out = token;
}

void token_join(const struct token *first, const struct token *second, struct bytes frequency,
                struct token *out)
{
    struct codes codes = first->codes;
    for (size_t i = 0; i < second->codes.count; i++)
        keep_code(&codes, second->codes.at[i]);
    token_make(&codes, frequency, out);
    size_t len = (size_t)(second->written.data + second->written.len - first->written.data);
    out->written = (struct text){ first->written.data, len };
    out->role = first->role;
}

/* What stands between words, what is dropped within one, what belongs to it. */
enum sign { SIGN_LETTER, SIGN_SILENT, SIGN_BREAK, SIGN_COMMA };

static enum sign sign_of(uint32_t code)
{
    if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'))
        return SIGN_LETTER;
    if (code == ',' || code == 0x60c)
        return SIGN_COMMA;
    if (code == '\'' || code == 0x2019 || code == 0x2018 || code == '`' || code == 0xb4 ||
        code == 0x2032 || code == 0x5f3 || code == 0x5f4) /* geresh, gershayim */
        return SIGN_SILENT;
    if (code < 0x80)
        return SIGN_BREAK;
    if (u_isalpha((UChar32)code) || is_mark(code) || code == KANA_LONG)
        return SIGN_LETTER;
    return u_charType((UChar32)code) == U_FORMAT_CHAR ? SIGN_SILENT : SIGN_BREAK;
}

struct scan { /* words of one text, appended to a name */
    struct analysed *out;
    struct bytes frequency;
    enum token_role role;
    bool ascii;
    size_t begin;
    struct codes raw;
};

static void add_token(struct scan *s, const struct codes *codes, struct text written)
{
    if (codes->count == 0)
        return;
    if (s->out->count == INDEX_TOKENS_MAX) {
        s->out->clipped = true;
        return;
    }
    struct token *token = &s->out->token[s->out->count++];
    token_make(codes, s->frequency, token);
    token->written = written;
    token->role = s->role;
}

/* The Arabic article, written together with its word. */
static void add_word(struct scan *s, const struct codes *codes, struct text written)
{
    const uint32_t alef = 0x627;
    const uint32_t lam = 0x644;
    if (codes->count < 5 || codes->at[0] != alef || codes->at[1] != lam) {
        add_token(s, codes, written);
        return;
    }
    struct codes article = { .count = 2, .at = { alef, lam } };
    struct codes rest = { .count = (uint8_t)(codes->count - 2) };
    memcpy(rest.at, codes->at + 2, rest.count * sizeof rest.at[0]);
    add_token(s, &article, written);
    add_token(s, &rest, written);
}

static void end_word(struct scan *s, struct text text, size_t end)
{
    if (s->raw.count == 0)
        return;
    struct codes codes = { 0 };
    if (s->ascii)
        normalise_ascii(&s->raw, &codes);
    else
        normalise(&s->raw, &codes);
    add_word(s, &codes, text_slice(text, s->begin, end - s->begin));
    s->raw.count = 0;
}

static void scan_letter(struct scan *s, size_t at, uint32_t code)
{
    if (s->raw.count == 0) {
        s->begin = at;
        s->ascii = true;
    }
    s->ascii = s->ascii && code < 0x80;
    if (s->raw.count < CODES_MAX)
        s->raw.at[s->raw.count++] = code;
    else
        s->out->clipped = true;
}

/* The words before the first comma are the family's. */
static void scan_text(struct scan *s, struct text text)
{
    size_t end = text.len;
    bool comma = false;
    if (end > INDEX_NAME_BYTES_MAX) {
        for (end = INDEX_NAME_BYTES_MAX; ((uint8_t)text.data[end] & 0xc0) == 0x80; end--)
            ;
        s->out->clipped = true;
    }
    struct text part = { text.data, end };
    for (size_t at = 0; at < end;) {
        size_t begin = at;
        uint32_t code = text_code(part, &at);
        enum sign sign = sign_of(code);
        if (sign == SIGN_LETTER) {
            scan_letter(s, begin, code);
        } else if (sign != SIGN_SILENT) {
            end_word(s, part, begin);
            if (sign == SIGN_COMMA && !comma && s->out->count > 0 && s->role == ROLE_ANY) {
                comma = true;
                for (size_t i = 0; i < s->out->count; i++)
                    s->out->token[i].role = ROLE_FAMILY;
                s->role = ROLE_GIVEN;
            }
        }
    }
    end_word(s, part, end);
}

/* The same letters, two neighbours behind the first perhaps swapped ("adbul"). */
static bool is_spelling(const char *form, const char *spelling, size_t len)
{
    size_t at = 0;
    while (at < len && form[at] == spelling[at])
        at++;
    if (at == len)
        return true;
    return len > 4 && at > 0 && at + 1 < len && form[at] == spelling[at + 1] &&
           form[at + 1] == spelling[at] &&
           memcmp(form + at + 2, spelling + at + 2, len - at - 2) == 0;
}

/* "abd", with its article in any spelling: servant of the next word. */
static bool is_servant(const struct token *token)
{
    static const char *const spellings[] = { "abd",    "abdel", "abdul", "abdal",
                                             "abdoul", "abdur", "abdil" };
    if (token->form_count == 0)
        return false;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        size_t len = strlen(spellings[i]);
        if (token->form[0].len == len && is_spelling(token->form[0].at, spellings[i], len))
            return true;
    }
    const uint32_t ain_ba_dal[] = { 0x639, 0x628, 0x62f };
    return token->codes.count == 3 && memcmp(token->codes.at, ain_ba_dal, sizeof ain_ba_dal) == 0;
}

static void remove_token(struct analysed *name, size_t at)
{
    name->count--;
    memmove(&name->token[at], &name->token[at + 1], (name->count - at) * sizeof name->token[0]);
}

static bool is_article(const struct token *token)
{
    return token->word == WORD_PARTICLE && token->form_count > 0 && token->form[0].len == 2 &&
           token->form[0].at[1] == 'l';
}

static void join_servants(struct analysed *name, struct bytes frequency)
{
    for (size_t i = 0; i + 1 < name->count; i++) {
        if (!is_servant(&name->token[i]))
            continue;
        if (i + 2 < name->count && is_article(&name->token[i + 1]))
            remove_token(name, i + 1);
        struct token joined;
        token_join(&name->token[i], &name->token[i + 1], frequency, &joined);
        name->token[i] = joined;
        remove_token(name, i + 1);
    }
}

/* "van der", "de la": one particle, so that Vanderbilt is van der Bilt. */
static void join_particles(struct analysed *name, struct bytes frequency)
{
    for (size_t i = 0; i + 1 < name->count; i++) {
        struct token joined;
        if (name->token[i].word != WORD_PARTICLE || name->token[i + 1].word != WORD_PARTICLE ||
            name->token[i].script != SCRIPT_LATIN || name->token[i + 1].script != SCRIPT_LATIN)
            continue;
        token_join(&name->token[i], &name->token[i + 1], frequency, &joined);
        if (joined.word != WORD_PARTICLE)
            continue;
        name->token[i] = joined;
        remove_token(name, i + 1);
    }
}

/* An unspaced Han or Hangul name: the surname is the first character, or a known pair. */
static void split_surname(struct analysed *name, struct bytes frequency)
{
    struct token whole = name->token[0];
    bool hangul = whole.script == SCRIPT_HANGUL;
    if (name->count != 1 || whole.codes.count < 2 || whole.codes.count > 4 ||
        (!hangul && whole.script != SCRIPT_HAN))
        return;
    uint8_t cut = 1;
    if (table_surname_pair(whole.codes.at[0], whole.codes.at[1]) && whole.codes.count > 2)
        cut = 2;
    else if (hangul && (table_surname(whole.codes.at[0]) == NULL || whole.codes.count > 3))
        return;
    struct codes family = { .count = cut };
    struct codes given = { .count = (uint8_t)(whole.codes.count - cut) };
    memcpy(family.at, whole.codes.at, cut * sizeof family.at[0]);
    memcpy(given.at, whole.codes.at + cut, given.count * sizeof given.at[0]);
    token_make(&family, frequency, &name->token[0]);
    token_make(&given, frequency, &name->token[1]);
    name->token[0].written = name->token[1].written = whole.written;
    name->count = 2;
}

void analyse_name(const struct index_name *name, struct bytes frequency, struct analysed *out)
{
    out->count = 0;
    out->clipped = false;
    struct scan s = { .out = out, .frequency = frequency, .role = ROLE_ANY };
    if (name->family.len > 0 || name->given.len > 0) {
        bool both = name->family.len > 0 && name->given.len > 0;
        s.role = both || name->full.len == 0 ? ROLE_FAMILY : ROLE_ANY;
    }
    if (s.role == ROLE_ANY) {
        scan_text(&s, name->full);
    } else {
        scan_text(&s, name->family);
        s.role = ROLE_GIVEN;
        scan_text(&s, name->given);
    }
    if (out->count == 0)
        return;
    join_servants(out, frequency);
    join_particles(out, frequency);
    split_surname(out, frequency);
}
