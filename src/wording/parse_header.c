/* The lines above the first article: who, from when, until when, beside which other texts. */
#include "core/encode.h"
#include "wording/draft.h"

typedef void header_fn(struct parser *p, struct draft *draft);

static void parse_title(struct parser *p, struct draft *draft)
{
    draft->treaty.titles = parser_titles(p);
}

static void parse_authentic(struct parser *p, struct treaty *treaty)
{
    struct list items = { 0 };
    parser_expect(p, PHRASE_AUTHENTIC, "treaty.expected-authentic");
    while (!p->failed && p->token.kind == TOKEN_WORD && p->token.text.len == 2 &&
           !(p->token.first && draft_sees_statement(p))) {
        struct text *item = list_add(&items, p->arena, sizeof(*item), TREATY_LIST_MAX);
        if (item == NULL)
            parser_fail(p, p->token.at, "treaty.list-too-long");
        else
            *item = parser_code(p, WORDS_NONE, "treaty.expected-language");
    }
    if (items.count == 0)
        parser_fail(p, p->token.at, "treaty.expected-language");
    treaty->authentic = (struct codes){ items.items, items.count };
    parser_check_distinct(p, treaty->authentic);
}

static void parse_text_hash(struct parser *p, struct treaty *treaty)
{
    uint8_t hash[HASH_LEN];
    uint32_t at = p->token.at;
    bool comma = parser_accept_kind(p, TOKEN_COMMA);
    if (!parser_accept(p, PHRASE_TEXT_HASH)) {
        if (comma)
            parser_fail(p, at, "treaty.stray-comma");
        return;
    }
    treaty->text_hash = p->token.text;
    if (p->token.kind != TOKEN_WORD || failed(hex_parse(p->token.text, hash, sizeof(hash))))
        parser_fail(p, p->token.at, "treaty.expected-hash");
    else
        parser_next(p);
}

static void parse_implements(struct parser *p, struct draft *draft)
{
    struct treaty *treaty = &draft->treaty;
    treaty->implements = parser_string(p);
    if (parser_accept(p, PHRASE_DATED))
        treaty->dated = parser_date(p);
    if (parser_accept(p, PHRASE_DEPOSITARY))
        treaty->depositary = parser_string(p);
    parse_authentic(p, treaty);
    parse_text_hash(p, treaty);
}

static void parse_parties(struct parser *p, struct draft *draft)
{
    struct list items = { 0 };
    do {
        struct text member = parser_member(p);
        struct text *item =
            p->failed ? NULL : list_add(&items, p->arena, sizeof(member), TREATY_PARTIES_MAX);
        if (item == NULL) {
            parser_fail(p, p->token.at, "treaty.list-too-long");
            return;
        }
        *item = member;
        (void)parser_accept_kind(p, TOKEN_COMMA);
    } while (p->token.kind == TOKEN_WORD && !p->token.first);
    draft->treaty.parties = (struct codes){ items.items, items.count };
    parser_check_distinct(p, draft->treaty.parties);
}

/* One more of a list of the treaty; NULL when the statement failed or there are too many. */
static void *add(struct parser *p, struct list *list, size_t size, uint32_t max)
{
    void *item = p->failed ? NULL : list_add(list, p->arena, size, max);
    if (item == NULL)
        parser_fail(p, p->token.at, "treaty.list-too-long");
    return item;
}

static void parse_group(struct parser *p, struct draft *draft)
{
    struct group group = { .at = p->token.at };
    group.name = parser_word(p, group_name_valid, "treaty.group-name");
    group.members = parser_parties(p);
    struct group *item = add(p, &draft->groups, sizeof(group), TREATY_GROUPS_MAX);
    if (item != NULL)
        *item = group;
}

static void parse_accession(struct parser *p, struct draft *draft)
{
    draft->treaty.accession = parser_parties(p);
}

static void parse_consents(struct parser *p, struct treaty *treaty)
{
    p->places.consents = p->token.at;
    if (parser_accept(p, PHRASE_ALL_RATIFIED)) {
        treaty->consent = CONSENT_RATIFICATION;
    } else if (!parser_accept(p, PHRASE_WHEN_ALL)) {
        parser_expect(p, PHRASE_WHEN, "treaty.expected-signed");
        p->places.consents = p->token.at;
        treaty->signatures = parser_number(p, TREATY_PARTIES_MAX);
        if (parser_accept(p, PHRASE_HAVE_RATIFIED))
            treaty->consent = CONSENT_RATIFICATION;
        else
            parser_expect(p, PHRASE_HAVE_SIGNED, "treaty.expected-signed");
    }
    if (parser_accept(p, PHRASE_AFTER))
        treaty->after = parser_span(p);
}

static void parse_force_from(struct parser *p, struct draft *draft)
{
    draft->treaty.from = parser_date(p);
    if (parser_sees(p, PHRASE_ALL_RATIFIED) || parser_sees(p, PHRASE_WHEN_ALL) ||
        parser_sees(p, PHRASE_WHEN))
        parse_consents(p, &draft->treaty);
}

static void parse_force(struct parser *p, struct draft *draft)
{
    parse_consents(p, &draft->treaty);
}

static void parse_provisional(struct parser *p, struct draft *draft)
{
    draft->treaty.provisional = parser_parties(p);
}

static void parse_until(struct parser *p, struct draft *draft)
{
    struct treaty *treaty = &draft->treaty;
    draft->until_at = p->token.at;
    treaty->until = parser_date(p);
    if (!parser_accept(p, PHRASE_RENEWED))
        return;
    treaty->renewal = parser_span(p);
    if (!parser_accept(p, PHRASE_UNLESS_NOTICE))
        return;
    uint32_t at = p->token.at;
    treaty->renewal_notice = parser_span(p);
    if (!p->failed && span_hours(treaty->renewal_notice) >= span_hours(treaty->renewal))
        parser_fail(p, at, "treaty.renewal-notice");
}

static void parse_renewed(struct parser *p, struct draft *draft)
{
    (void)draft;
    parser_fail(p, p->token.at, "treaty.renewal-without-until");
}

static void parse_leftover(struct parser *p, struct treaty *treaty)
{
    if (!parser_accept_kind(p, TOKEN_COMMA))
        return;
    if (parser_accept(p, PHRASE_DATA_KEPT))
        treaty->leftover = LEFTOVER_KEPT;
    else
        parser_expect(p, PHRASE_DATA_ERASED, "treaty.expected-leftover");
}

static void parse_withdrawal_now(struct parser *p, struct draft *draft)
{
    parse_leftover(p, &draft->treaty);
}

static void parse_withdrawal(struct parser *p, struct draft *draft)
{
    draft->treaty.notice = parser_span(p);
    parse_leftover(p, &draft->treaty);
}

static void parse_amended_all(struct parser *p, struct draft *draft)
{
    (void)p;
    draft->treaty.amended_by = 0;
}

static void parse_amended(struct parser *p, struct draft *draft)
{
    p->places.amended = p->token.at;
    draft->treaty.amended_by = parser_number(p, TREATY_PARTIES_MAX);
    parser_expect(p, PHRASE_PARTIES, "treaty.expected-amendment");
}

static void parse_replaces(struct parser *p, struct draft *draft)
{
    do {
        struct succession one = { .at = p->token.at };
        one.name = parser_word(p, code_valid, "treaty.expected-name");
        parser_expect(p, PHRASE_VERSION, "treaty.expected-version");
        one.version = parser_number(p, TREATY_COUNT_MAX);
        struct succession *item = add(p, &draft->replaces, sizeof(one), TREATY_REPLACES_MAX);
        if (item != NULL)
            *item = one;
    } while (parser_accept_kind(p, TOKEN_COMMA));
}

static void parse_prevails(struct parser *p, struct draft *draft)
{
    draft->treaty.prevails = parser_codes(p, WORDS_NONE, "treaty.expected-name");
}

static void parse_ceiling(struct parser *p, struct draft *draft)
{
    draft->treaty.ceiling = parser_level(p);
}

static void parse_silence(struct parser *p, struct draft *draft)
{
    uint32_t at = p->token.at;
    struct span span = parser_span(p);
    if (!p->failed && span.unit != SPAN_DAY)
        parser_fail(p, at, "treaty.silence-in-days");
    draft->treaty.silence_days = span.count;
}

static void parse_offences(struct parser *p, struct draft *draft)
{
    struct recognition one = { .at = p->token.at };
    one.party = parser_member(p);
    if (!parser_accept_kind(p, TOKEN_OPEN))
        parser_fail(p, p->token.at, "treaty.expected-offences");
    one.offences = parser_codes(p, WORDS_NONE, "treaty.expected-code");
    if (!parser_accept_kind(p, TOKEN_CLOSE))
        parser_fail(p, p->token.at, "treaty.expected-close");
    struct recognition *item = add(p, &draft->recognitions, sizeof(one), TREATY_PARTIES_MAX);
    if (item != NULL)
        *item = one;
}

static void parse_marking(struct parser *p, struct draft *draft)
{
    struct marking one = { .at = p->token.at };
    one.party = parser_member(p);
    one.level = parser_level(p);
    one.text = parser_string(p);
    struct marking *item = add(p, &draft->markings, sizeof(one), TREATY_MARKINGS_MAX);
    if (item != NULL)
        *item = one;
}

/* The longer of two phrases that begin alike comes first. Headers of one `once` are the same line
 * in other words; 0 may be repeated. */
static const struct header {
    enum phrase phrase;
    uint8_t once;
    header_fn *parse;
} headers[] = {
    { PHRASE_TITLE, 1, parse_title },
    { PHRASE_IMPLEMENTS, 2, parse_implements },
    { PHRASE_PARTIES, 3, parse_parties },
    { PHRASE_GROUP, 0, parse_group },
    { PHRASE_ACCESSION, 4, parse_accession },
    { PHRASE_FORCE_FROM, 5, parse_force_from },
    { PHRASE_FORCE, 5, parse_force },
    { PHRASE_PROVISIONAL, 6, parse_provisional },
    { PHRASE_UNTIL, 7, parse_until },
    { PHRASE_RENEWED, 0, parse_renewed },
    { PHRASE_WITHDRAWAL_NOW, 8, parse_withdrawal_now },
    { PHRASE_WITHDRAWAL, 8, parse_withdrawal },
    { PHRASE_AMENDED_ALL, 9, parse_amended_all },
    { PHRASE_AMENDED, 9, parse_amended },
    { PHRASE_REPLACES, 10, parse_replaces },
    { PHRASE_PREVAILS, 11, parse_prevails },
    { PHRASE_CEILING, 12, parse_ceiling },
    { PHRASE_SILENCE, 13, parse_silence },
    { PHRASE_OFFENCES_OF, 0, parse_offences },
    { PHRASE_MARKING, 0, parse_marking },
};

enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

bool draft_sees_header(const struct parser *p)
{
    for (size_t i = 0; i < HEADERS; i++) {
        if (parser_sees(p, headers[i].phrase))
            return true;
    }
    return false;
}

bool draft_header(struct parser *p, struct draft *draft)
{
    for (size_t i = 0; i < HEADERS; i++) {
        uint32_t at = p->token.at;
        uint32_t once = headers[i].once == 0 ? 0 : UINT32_C(1) << headers[i].once;
        if (!parser_accept(p, headers[i].phrase))
            continue;
        if (draft->articles.count > 0 || draft->annex_said)
            parser_fail(p, at, "treaty.header-too-late");
        else if ((draft->said & once) != 0)
            parser_fail(p, p->token.at, "treaty.said-twice");
        draft->said |= once;
        if (!p->failed)
            headers[i].parse(p, draft);
        return true;
    }
    return false;
}
