#include "wording/parser.h"

#include <assert.h>

#include "model/member.h"

enum { LIST_ROOM_FIRST = 4 };

void *list_add(struct list *list, struct arena *arena, size_t size, uint32_t max)
{
    if (list->count >= max)
        return NULL;
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? LIST_ROOM_FIRST : list->room * 2;
        void *items = arena_take_array(arena, room, size);
        if (items == NULL)
            return NULL;
        if (list->count > 0)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        list->room = room;
    }
    list->count++;
    return (uint8_t *)list->items + (list->count - 1) * size;
}

static enum language language_of(struct text text, enum phrase first)
{
    uint32_t end = 0;
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        if (phrase_at(text, 0, first, language, &end))
            return language;
    }
    return LANGUAGE_ANY;
}

enum language treaty_language(struct text text)
{
    if (text.len > TREATY_TEXT_MAX)
        return LANGUAGE_ANY;
    enum language language = language_of(text, PHRASE_AGREEMENT);
    return language != LANGUAGE_ANY ? language : language_of(text, PHRASE_NATIONAL);
}

struct err parser_open(struct parser *p, struct text text, enum language language,
                       enum phrase first)
{
    struct err e = err_none();
    uint32_t end = 0;
    p->errors->count = 0;
    if (text.len > TREATY_TEXT_MAX) {
        e = err_make(ERR_LIMIT, "treaty.text-too-long");
    } else {
        uint32_t hidden = text_find_hidden(text);
        if (language == LANGUAGE_ANY)
            language = language_of(text, first);
        if (hidden < text.len)
            e = err_at(ERR_INVALID, hidden, "treaty.hidden-character");
        else if (language == LANGUAGE_ANY || !phrase_at(text, 0, first, language, &end))
            e = err_at(ERR_INVALID, token_at(text, 0).at, "treaty.unknown-first-line");
    }
    if (failed(e)) {
        p->errors->items[p->errors->count++] = e;
        return e;
    }
    p->text = text;
    p->language = language;
    p->token = token_at(text, 0);
    return e;
}

void parser_next(struct parser *p)
{
    p->token = token_at(p->text, p->token.end);
}

void parser_report(struct parser *p, uint32_t at, const char *rule)
{
    struct treaty_errors *errors = p->errors;
    for (uint32_t i = 0; i < errors->count; i++) {
        if (errors->items[i].at == at)
            return; /* the first rule broken at a place is the useful one */
    }
    if (errors->count < TREATY_ERRORS_MAX)
        errors->items[errors->count++] = err_at(ERR_INVALID, at, rule);
}

void parser_fail(struct parser *p, uint32_t at, const char *rule)
{
    if (!p->failed)
        parser_report(p, at, rule);
    p->failed = true;
}

uint32_t parser_place(const struct parser *p, struct text view)
{
    uintptr_t begin = (uintptr_t)p->text.data;
    uintptr_t place = (uintptr_t)view.data;
    return place >= begin && place < begin + p->text.len ? (uint32_t)(place - begin) : 0;
}

/* Most phrases differ in the first letters: no need to read the text again. */
bool parser_sees_to(const struct parser *p, enum phrase phrase, uint32_t *end_out)
{
    return p->token.kind == TOKEN_WORD &&
           text_starts(phrase_text(phrase, p->language), p->token.text) &&
           phrase_at(p->text, p->token.at, phrase, p->language, end_out);
}

bool parser_sees(const struct parser *p, enum phrase phrase)
{
    uint32_t end = 0;
    return parser_sees_to(p, phrase, &end);
}

bool parser_accept(struct parser *p, enum phrase phrase)
{
    uint32_t end = 0;
    if (p->failed || !parser_sees_to(p, phrase, &end))
        return false;
    p->token = token_at(p->text, end);
    return true;
}

void parser_expect(struct parser *p, enum phrase phrase, const char *rule)
{
    if (!parser_accept(p, phrase))
        parser_fail(p, p->token.at, rule);
}

bool parser_accept_kind(struct parser *p, enum token_kind kind)
{
    if (p->failed || p->token.kind != kind)
        return false;
    parser_next(p);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool code_valid(struct text code)
{
    if (code.len == 0 || code.len > TREATY_CODE_MAX)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.data[i];
        if (!is_digit(c) && !is_upper(c) && !is_lower(c) && c != '.' && c != '_' && c != '-')
            return false;
    }
    return true;
}

bool pattern_valid(struct text pattern)
{
    if (text_is(pattern, "*"))
        return true;
    if (text_ends(pattern, TEXT(".*")))
        pattern.len -= 2;
    return code_valid(pattern);
}

/* Behind these words the name of a group may stand. */
static bool continues_phrase(struct text name, enum language language)
{
    static const enum phrase before[] = { PHRASE_AMONG_LIST, PHRASE_WITH, PHRASE_BY };
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        struct text first = phrase_text(before[i], language);
        for (enum phrase phrase = 0; phrase < PHRASES; phrase++) {
            struct text rest = phrase_text(phrase, language);
            if (!text_starts(rest, first) || rest.len == first.len || rest.data[first.len] != ' ')
                continue;
            rest = text_slice(rest, first.len + 1, rest.len);
            if (text_equal(text_split(&rest, ' '), name))
                return true;
        }
    }
    return false;
}

bool group_name_valid(struct text name)
{
    if (!code_valid(name) || !is_lower(name.data[0]) || text_starts(name, TEXT("x-")))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        if (is_upper(name.data[i]))
            return false;
    }
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        if (continues_phrase(name, language))
            return false;
    }
    return true;
}

bool member_valid(struct text member)
{
    if (member.len == 3)
        return is_upper(member.data[0]) && is_upper(member.data[1]) && is_upper(member.data[2]);
    struct member_code code;
    return text_starts(member, TEXT("x-")) && !failed(member_code_parse(member, &code));
}

struct text parser_word(struct parser *p, bool (*valid)(struct text), const char *rule)
{
    struct token token = p->token;
    if (p->failed)
        return TEXT("");
    if (token.kind != TOKEN_WORD || !valid(token.text)) {
        parser_fail(p, token.at, rule);
        return TEXT("");
    }
    parser_next(p);
    return token.text;
}

struct text parser_code(struct parser *p, enum word_list list, const char *rule)
{
    if (!p->failed && p->token.kind == TOKEN_WORD) {
        struct text code = word_to_code(list, p->language, p->token.text);
        if (code.data != p->token.text.data) {
            parser_next(p);
            return code;
        }
    }
    return parser_word(p, pattern_valid, rule);
}

/* One more of a list; false when reading it has failed or the list is full. */
static bool push_word(struct parser *p, struct list *items, struct text word, uint32_t max)
{
    if (p->failed)
        return false;
    struct text *item = list_add(items, p->arena, sizeof(word), max);
    if (item == NULL)
        parser_fail(p, p->token.at, "treaty.list-too-long");
    else
        *item = word;
    return item != NULL;
}

static struct codes distinct(struct parser *p, const struct list *items)
{
    struct codes codes = { items->items, items->count };
    parser_check_distinct(p, codes);
    return codes;
}

struct codes parser_codes(struct parser *p, enum word_list list, const char *rule)
{
    struct list items = { 0 };
    do {
        if (!push_word(p, &items, parser_code(p, list, rule), TREATY_LIST_MAX))
            return (struct codes){ 0 };
    } while (parser_accept_kind(p, TOKEN_COMMA));
    return distinct(p, &items);
}

void parser_check_distinct(struct parser *p, struct codes codes)
{
    for (uint32_t i = 1; i < codes.count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(codes.items[i], codes.items[j])) {
                uint32_t at = parser_place(p, codes.items[i]);
                parser_fail(p, at != 0 ? at : p->token.at, "treaty.said-twice");
            }
        }
    }
}

static struct text unescape(struct parser *p, struct token token)
{
    if (memchr(token.text.data, '\\', token.text.len) == NULL)
        return token.text;
    char *data = arena_take(p->arena, token.text.len);
    if (data == NULL)
        return TEXT("");
    size_t len = 0;
    for (size_t i = 0; i < token.text.len; i++) {
        if (token.text.data[i] == '\\') {
            i++;
            if (i == token.text.len || (token.text.data[i] != '"' && token.text.data[i] != '\\')) {
                parser_fail(p, token.at + (uint32_t)i, "treaty.bad-escape");
                return TEXT("");
            }
        }
        data[len++] = token.text.data[i];
    }
    return (struct text){ data, len };
}

struct text parser_string(struct parser *p)
{
    struct token token = p->token;
    if (p->failed)
        return TEXT("");
    if (token.kind != TOKEN_STRING) {
        parser_fail(p, token.at,
                    token.kind == TOKEN_BAD ? "treaty.string-open" : "treaty.expected-string");
        return TEXT("");
    }
    if (token.text.len == 0 || token.text.len > TREATY_STRING_MAX) {
        parser_fail(p, token.at, "treaty.string-length");
        return TEXT("");
    }
    parser_next(p);
    return unescape(p, token);
}

static uint32_t parse_count(struct parser *p, uint32_t max)
{
    struct token token = p->token;
    uint32_t value = 0;
    bool good = token.kind == TOKEN_WORD && token.text.len <= 8 && token.text.data[0] != '0';
    for (size_t i = 0; good && i < token.text.len; i++) {
        good = is_digit(token.text.data[i]);
        value = value * 10 + (uint32_t)(token.text.data[i] - '0');
    }
    if (p->failed)
        return 0;
    if (!good || value > max) {
        parser_fail(p, token.at, good ? "treaty.number-too-big" : "treaty.expected-number");
        return 0;
    }
    parser_next(p);
    return value;
}

uint16_t parser_number(struct parser *p, uint32_t max)
{
    assert(max <= UINT16_MAX);
    return (uint16_t)parse_count(p, max);
}

struct date parser_date(struct parser *p)
{
    struct date date = { 0 };
    if (p->failed)
        return date;
    if (p->token.kind != TOKEN_WORD || failed(date_parse(p->token.text, &date))) {
        parser_fail(p, p->token.at, "treaty.expected-date");
        return (struct date){ 0 };
    }
    parser_next(p);
    return date;
}

struct span parser_span(struct parser *p)
{
    static const struct {
        enum phrase one, many;
        enum span_unit unit;
    } units[] = {
        { PHRASE_HOUR, PHRASE_HOURS, SPAN_HOUR }, { PHRASE_DAY, PHRASE_DAYS, SPAN_DAY },
        { PHRASE_WEEK, PHRASE_WEEKS, SPAN_WEEK }, { PHRASE_MONTH, PHRASE_MONTHS, SPAN_MONTH },
        { PHRASE_YEAR, PHRASE_YEARS, SPAN_YEAR },
    };
    uint16_t count = parser_number(p, TREATY_COUNT_MAX);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (parser_accept(p, units[i].one) || parser_accept(p, units[i].many))
            return (struct span){ count, units[i].unit };
    }
    parser_fail(p, p->token.at, "treaty.expected-unit");
    return (struct span){ 0 };
}

struct rate parser_rate(struct parser *p)
{
    static const struct {
        enum phrase phrase;
        enum span_unit unit;
    } units[] = {
        { PHRASE_HOUR, SPAN_HOUR },   { PHRASE_DAY, SPAN_DAY },   { PHRASE_WEEK, SPAN_WEEK },
        { PHRASE_MONTH, SPAN_MONTH }, { PHRASE_YEAR, SPAN_YEAR },
    };
    uint32_t count = parse_count(p, TREATY_RATE_MAX);
    parser_expect(p, PHRASE_PER, "treaty.expected-per");
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (parser_accept(p, units[i].phrase))
            return (struct rate){ count, units[i].unit };
    }
    parser_fail(p, p->token.at, "treaty.expected-unit");
    return (struct rate){ 0 };
}

enum level parser_level(struct parser *p)
{
    uint32_t at = p->token.at;
    struct text code = parser_code(p, WORDS_LEVEL, "treaty.expected-level");
    enum level level = LEVEL_NONE;
    if (!p->failed && !level_parse(code, &level))
        parser_fail(p, at, "treaty.expected-level");
    return level;
}

static bool is_language_tag(struct text tag)
{
    return tag.len == 2 && is_lower(tag.data[0]) && is_lower(tag.data[1]);
}

struct titles parser_titles(struct parser *p)
{
    struct list items = { 0 };
    do {
        struct titled title = { .language = TEXT("") };
        if (p->token.kind == TOKEN_WORD)
            title.language = parser_word(p, is_language_tag, "treaty.expected-language");
        title.text = parser_string(p);
        if (p->failed)
            break;
        struct titled *item = list_add(&items, p->arena, sizeof(title), TREATY_LIST_MAX);
        if (item == NULL)
            parser_fail(p, p->token.at, "treaty.list-too-long");
        else
            *item = title;
    } while (parser_accept_kind(p, TOKEN_COMMA));
    return (struct titles){ items.items, items.count };
}

struct text parser_member(struct parser *p)
{
    return parser_word(p, member_valid, "treaty.expected-member");
}

static bool member_or_group(struct text name)
{
    return member_valid(name) || group_name_valid(name);
}

static struct codes member_list(struct parser *p, bool (*valid)(struct text))
{
    struct list items = { 0 };
    do {
        struct text name = parser_word(p, valid, "treaty.expected-member");
        if (!push_word(p, &items, name, TREATY_PARTIES_MAX))
            return (struct codes){ 0 };
    } while (parser_accept_kind(p, TOKEN_COMMA));
    return distinct(p, &items);
}

struct codes parser_parties(struct parser *p)
{
    return member_list(p, member_valid);
}

struct codes parser_members(struct parser *p)
{
    return member_list(p, p->groups ? member_or_group : member_valid);
}

void parser_recover(struct parser *p, bool (*begins)(const struct parser *p))
{
    p->failed = false;
    while (p->token.kind != TOKEN_END && !(p->token.first && begins(p)))
        parser_next(p);
}

struct err parser_end(struct parser *p)
{
    struct err *items = p->errors->items;
    for (uint32_t i = 1; i < p->errors->count; i++) {
        for (uint32_t j = i; j > 0 && items[j].at < items[j - 1].at; j--) {
            struct err swap = items[j];
            items[j] = items[j - 1];
            items[j - 1] = swap;
        }
    }
    struct err e = arena_check(p->arena);
    if (!failed(e) && p->errors->count > 0)
        e = items[0];
    return e;
}
