#include "model/identifiers.h"

#include <assert.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "model/id_checks.h"

enum key_form {
    KEY_COMPACT,   /* letters and digits only, upper case */
    KEY_SEPARATED, /* all but white space, upper case */
    KEY_EXACT      /* all but white space, as it is */
};

static const struct {
    const char *name;
    enum key_form form;
    void (*check_opt)(struct id_work *w);
} kinds[IDENTIFIER_KINDS] = {
#define X(id, text) [IDENTIFIER_##id].name = text,
    IDENTIFIER_KINDS_X(X)
#undef X
        [IDENTIFIER_VIN]
            .check_opt = id_check_vin,
    [IDENTIFIER_PLATE].check_opt = id_check_plate,
    [IDENTIFIER_IMEI].check_opt = id_check_imei,
    [IDENTIFIER_IMSI].check_opt = id_check_imsi,
    [IDENTIFIER_PHONE].check_opt = id_check_phone,
    [IDENTIFIER_CARD].check_opt = id_check_card,
    [IDENTIFIER_IBAN].check_opt = id_check_iban,
    [IDENTIFIER_BIC].check_opt = id_check_bic,
    [IDENTIFIER_LEI].check_opt = id_check_lei,
    [IDENTIFIER_BANKNOTE].check_opt = id_check_banknote,
    [IDENTIFIER_CONTAINER].check_opt = id_check_container,
    [IDENTIFIER_IMO].check_opt = id_check_imo,
    [IDENTIFIER_MMSI].check_opt = id_check_mmsi,
    [IDENTIFIER_ICAO24].check_opt = id_check_icao24,
    [IDENTIFIER_EMAIL].form = KEY_SEPARATED,
    [IDENTIFIER_EMAIL].check_opt = id_check_email,
    [IDENTIFIER_HANDLE].form = KEY_SEPARATED,
    [IDENTIFIER_WEBSITE].form = KEY_SEPARATED,
    [IDENTIFIER_WEBSITE].check_opt = id_check_website,
    [IDENTIFIER_DOMAIN].form = KEY_SEPARATED,
    [IDENTIFIER_DOMAIN].check_opt = id_check_domain,
    [IDENTIFIER_IP].form = KEY_SEPARATED,
    [IDENTIFIER_CRYPTO].form = KEY_EXACT,
    [IDENTIFIER_CRYPTO].check_opt = id_check_crypto,
    [IDENTIFIER_NATIONAL].check_opt = id_check_national,
};

/* A character may grow by one byte in upper case (U+0250 and its like: two bytes to three). */
enum { GROWTH = 2 };

/* The character as it stands in a key, or -1 for none. */
static UChar32 key_character(UChar32 c, enum key_form form)
{
    if (u_isUWhiteSpace(c) || u_iscntrl(c))
        return -1;
    if (form == KEY_EXACT)
        return c;
    int32_t digit = u_charDigitValue(c); /* Arabic-Indic and full-width digits too */
    if (digit >= 0)
        return '0' + digit;
    if (form == KEY_COMPACT && !u_isalnum(c))
        return -1;
    return u_toupper(c);
}

static size_t put_character(char *out, uint32_t c)
{
    static const uint8_t leads[] = { 0, 0xC0, 0xE0, 0xF0 };
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    out[0] = (char)(leads[more] | c >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 63));
    return more + 1;
}

static struct text key_make(struct text as_seen, enum key_form form, struct arena *arena)
{
    char *out = arena_take_array(arena, as_seen.len, GROWTH);
    size_t len = 0;
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < as_seen.len;) {
        UChar32 c = 0;
        U8_NEXT_UNSAFE(as_seen.data, i, c); /* struct text is proved UTF-8 */
        c = key_character(c, form);
        if (c >= 0)
            len += put_character(out + len, (uint32_t)c);
    }
    assert(len <= GROWTH * as_seen.len);
    return (struct text){ out, len };
}

static struct text fold(struct text key, struct arena *arena)
{
    char *out = arena_take(arena, key.len);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < key.len; i++)
        out[i] = key.data[i] == 'O' ? '0' : key.data[i] == 'I' ? '1' : key.data[i];
    return (struct text){ out, key.len };
}

void id_say(struct id_work *w, enum identifier_verdict verdict)
{
    static const char *const rules[] = {
        [IDENTIFIER_VALID] = "",
        [IDENTIFIER_UNCHECKED] = "",
        [IDENTIFIER_WRONG_DIGIT] = "identifier.wrong-digit",
        [IDENTIFIER_WRONG_LENGTH] = "identifier.wrong-length",
        [IDENTIFIER_WRONG_CHARACTER] = "identifier.wrong-character",
        [IDENTIFIER_UNKNOWN] = "identifier.unknown-part",
    };
    w->out->verdict = verdict;
    w->out->rule = rules[verdict];
}

void id_offer(struct id_work *w, struct text value)
{
    w->out->correction = arena_copy_text(w->arena, value);
}

void id_offer_digit(struct id_work *w, size_t at, char digit)
{
    assert(at < w->key.len);
    char *copy = arena_take(w->arena, w->key.len);
    if (copy == NULL)
        return;
    memcpy(copy, w->key.data, w->key.len);
    copy[at] = digit;
    w->out->correction = (struct text){ copy, w->key.len };
}

void id_judge_digit(struct id_work *w, size_t at, char digit)
{
    assert(at < w->key.len);
    if (w->key.data[at] == digit) {
        id_say(w, IDENTIFIER_VALID);
        return;
    }
    id_say(w, IDENTIFIER_WRONG_DIGIT);
    id_offer_digit(w, at, digit);
}

bool id_demand(struct id_work *w, size_t len, const char *alphabet)
{
    if (w->key.len != len)
        id_say(w, IDENTIFIER_WRONG_LENGTH);
    else if (!checkdigit_text_in(w->key, alphabet))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else
        return true;
    return false;
}

struct identifier_check identifier_check(enum identifier_kind kind, struct text as_seen,
                                         struct arena *arena)
{
    return identifier_check_of(kind, TEXT(""), as_seen, arena);
}

struct identifier_check identifier_check_of(enum identifier_kind kind, struct text country,
                                            struct text as_seen, struct arena *arena)
{
    assert(kind >= 0 && kind < IDENTIFIER_KINDS);
    struct identifier_check out = { .verdict = IDENTIFIER_UNCHECKED, .rule = "" };
    out.key = key_make(as_seen, kinds[kind].form, arena);
    struct id_work w = { out.key, as_seen, country, arena, &out };
    if (arena->full)
        return out;
    if (out.key.len == 0)
        id_say(&w, IDENTIFIER_WRONG_LENGTH);
    else if (kinds[kind].check_opt != NULL)
        kinds[kind].check_opt(&w);
    bool exact = kinds[kind].form == KEY_EXACT;
    out.folded = exact ? out.key : fold(out.key, arena);
    return out;
}

enum identifier_kind identifier_kind_find(struct text code)
{
    for (int i = 0; i < IDENTIFIER_KINDS; i++) {
        if (text_is(code, kinds[i].name))
            return (enum identifier_kind)i;
    }
    return IDENTIFIER_OTHER;
}
