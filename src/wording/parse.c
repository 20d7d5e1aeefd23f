/* agreement = first line { header line } { article | reservation } [ annex ]. One error stops one
 * statement: reading goes on at the next line that begins with a keyword. */
#include "wording/treaty.h"

#include <assert.h>

#include "core/encode.h"
#include "wording/parser.h"
#include "wording/parts.h"

struct draft {
    struct treaty treaty;
    struct list articles, reservations, annex;
    uint32_t clauses;
    bool force_said, annex_said;
    uint32_t until_at;
};

typedef void statement_fn(struct parser *p, struct draft *draft);

static void parse_title(struct parser *p, struct draft *draft)
{
    if (draft->treaty.titles.count > 0)
        parser_fail(p, p->token.at, "treaty.said-twice");
    draft->treaty.titles = parser_titles(p);
}

static bool begins_statement(const struct parser *p);

static void parse_implements(struct parser *p, struct draft *draft)
{
    struct treaty *treaty = &draft->treaty;
    if (treaty->implements.len > 0)
        parser_fail(p, p->token.at, "treaty.said-twice");
    treaty->implements = parser_string(p);
    parser_expect(p, PHRASE_AUTHENTIC, "treaty.expected-authentic");
    struct list items = { 0 };
    while (!p->failed && p->token.kind == TOKEN_WORD && p->token.text.len == 2 &&
           !(p->token.first && begins_statement(p))) {
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
    uint32_t at = p->token.at;
    bool comma = parser_accept_kind(p, TOKEN_COMMA);
    if (!parser_accept(p, PHRASE_TEXT_HASH)) {
        if (comma)
            parser_fail(p, at, "treaty.stray-comma");
        return;
    }
    at = p->token.at;
    uint8_t hash[HASH_LEN];
    treaty->text_hash = p->token.text;
    if (p->token.kind != TOKEN_WORD || failed(hex_parse(p->token.text, hash, sizeof(hash))))
        parser_fail(p, at, "treaty.expected-hash");
    else
        parser_next(p);
}

static void parse_parties(struct parser *p, struct draft *draft)
{
    struct list items = { 0 };
    if (draft->treaty.parties.count > 0)
        parser_fail(p, p->token.at, "treaty.said-twice");
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

static void parse_signatures(struct parser *p, struct draft *draft)
{
    if (parser_accept(p, PHRASE_WHEN_ALL)) {
        draft->treaty.signatures = 0;
    } else if (parser_accept(p, PHRASE_WHEN)) {
        draft->treaty.signatures = parser_number(p, TREATY_PARTIES_MAX);
        parser_expect(p, PHRASE_HAVE_SIGNED, "treaty.expected-signed");
    }
}

static void parse_force_from(struct parser *p, struct draft *draft)
{
    if (draft->force_said)
        parser_fail(p, p->token.at, "treaty.said-twice");
    draft->force_said = true;
    draft->treaty.from = parser_date(p);
    parse_signatures(p, draft);
}

static void parse_force(struct parser *p, struct draft *draft)
{
    if (draft->force_said)
        parser_fail(p, p->token.at, "treaty.said-twice");
    draft->force_said = true;
    if (!parser_sees(p, PHRASE_WHEN_ALL) && !parser_sees(p, PHRASE_WHEN))
        parser_fail(p, p->token.at, "treaty.expected-signed");
    parse_signatures(p, draft);
}

static void parse_until(struct parser *p, struct draft *draft)
{
    if (draft->treaty.until.year != 0)
        parser_fail(p, p->token.at, "treaty.said-twice");
    draft->until_at = p->token.at;
    draft->treaty.until = parser_date(p);
}

static void parse_ceiling(struct parser *p, struct draft *draft)
{
    if (draft->treaty.ceiling != LEVEL_NONE)
        parser_fail(p, p->token.at, "treaty.said-twice");
    draft->treaty.ceiling = parser_level(p);
}

static void parse_silence(struct parser *p, struct draft *draft)
{
    uint32_t at = p->token.at;
    struct span span = parser_span(p);
    if (!p->failed && (span.unit != SPAN_DAY || draft->treaty.silence_days != 0))
        parser_fail(p, at, span.unit != SPAN_DAY ? "treaty.silence-in-days" : "treaty.said-twice");
    draft->treaty.silence_days = span.count;
}

static const struct statement {
    enum phrase phrase;
    statement_fn *parse;
} headers[] = {
    { PHRASE_TITLE, parse_title },     { PHRASE_IMPLEMENTS, parse_implements },
    { PHRASE_PARTIES, parse_parties }, { PHRASE_FORCE_FROM, parse_force_from },
    { PHRASE_FORCE, parse_force },     { PHRASE_UNTIL, parse_until },
    { PHRASE_CEILING, parse_ceiling }, { PHRASE_SILENCE, parse_silence },
};

enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

static bool begins_section(const struct parser *p)
{
    return parser_sees(p, PHRASE_ARTICLE) || parser_sees(p, PHRASE_RESERVATION) ||
           parser_sees(p, PHRASE_ANNEX);
}

static bool begins_header(const struct parser *p)
{
    for (size_t i = 0; i < HEADERS; i++) {
        if (parser_sees(p, headers[i].phrase))
            return true;
    }
    return false;
}

static bool begins_statement(const struct parser *p)
{
    return begins_header(p) || begins_section(p) || parser_sees_clause(p) ||
           parser_sees(p, PHRASE_PARTY) || parser_sees(p, PHRASE_NOT_BOUND);
}

/* The clauses of an article or a reservation; what stands in their way is an error and skipped. */
static struct list parse_clauses(struct parser *p, struct draft *draft, bool *not_bound_opt)
{
    struct list clauses = { 0 };
    for (;;) {
        if (p->failed)
            parser_recover(p, begins_statement);
        if (p->token.kind == TOKEN_END || begins_section(p) || begins_header(p))
            return clauses;
        if (not_bound_opt != NULL && parser_accept(p, PHRASE_NOT_BOUND)) {
            *not_bound_opt = true;
        } else if (parser_sees_clause(p)) {
            struct clause clause = parser_clause(p);
            struct clause *item = list_add(&clauses, p->arena, sizeof(clause), TREATY_CLAUSES_MAX);
            if (item == NULL || ++draft->clauses > TREATY_CLAUSES_MAX)
                parser_fail(p, clause.at, "treaty.too-many-clauses");
            else
                *item = clause;
        } else {
            parser_fail(p, p->token.at, "treaty.unknown-keyword");
            parser_next(p);
        }
    }
}

static void parse_article(struct parser *p, struct draft *draft)
{
    struct article article = { .at = p->token.at };
    (void)parser_accept(p, PHRASE_ARTICLE);
    article.number = parser_number(p, TREATY_COUNT_MAX);
    if (p->token.kind == TOKEN_STRING || (p->token.kind == TOKEN_WORD && !p->token.first))
        article.titles = parser_titles(p);
    struct list clauses = parse_clauses(p, draft, NULL);
    parser_name_clauses(p, &clauses, parser_number_text(p, article.number));
    article.clauses = clauses.items;
    article.count = clauses.count;
    struct article *item =
        list_add(&draft->articles, p->arena, sizeof(article), TREATY_ARTICLES_MAX);
    if (item == NULL)
        parser_fail(p, article.at, "treaty.too-many-clauses");
    else
        *item = article;
}

/* "3.1" */
static void parse_clause_number(struct parser *p, struct reservation *reservation)
{
    struct text whole = p->token.text;
    uint32_t numbers[2] = { 0, 0 };
    size_t part = 0;
    bool good = !p->failed && p->token.kind == TOKEN_WORD && whole.len <= 9;
    for (size_t i = 0; good && i < whole.len; i++) {
        char c = whole.data[i];
        good = (c >= '0' && c <= '9') || (c == '.' && part == 0);
        part += c == '.';
        if (good && c != '.')
            numbers[part] = numbers[part] * 10 + (uint32_t)(c - '0');
        good = good && numbers[part] <= TREATY_COUNT_MAX;
    }
    if (!good || numbers[0] == 0 || numbers[1] == 0) {
        parser_fail(p, p->token.at, "treaty.expected-clause-number");
        return;
    }
    reservation->article = (uint16_t)numbers[0];
    reservation->clause = (uint16_t)numbers[1];
    parser_next(p);
}

static struct text reservation_head(struct parser *p, const struct reservation *reservation)
{
    struct text head = parser_number_text(p, reservation->article);
    if (reservation->clause != 0) {
        head = arena_join(p->arena, head, TEXT("."));
        head = arena_join(p->arena, head, parser_number_text(p, reservation->clause));
    }
    return arena_join(p->arena, arena_join(p->arena, head, TEXT("/")), reservation->party);
}

static void parse_reservation(struct parser *p, struct draft *draft)
{
    struct reservation reservation = { .at = p->token.at };
    (void)parser_accept(p, PHRASE_RESERVATION);
    reservation.party = parser_member(p);
    if (parser_accept(p, PHRASE_TO_CLAUSE)) {
        parse_clause_number(p, &reservation);
    } else {
        parser_expect(p, PHRASE_TO_ARTICLE, "treaty.expected-article");
        reservation.article = parser_number(p, TREATY_COUNT_MAX);
    }
    bool head_failed = p->failed;
    struct list clauses = parse_clauses(p, draft, &reservation.not_bound);
    if (head_failed)
        return;
    parser_name_clauses(p, &clauses, reservation_head(p, &reservation));
    reservation.clauses = clauses.items;
    reservation.count = clauses.count;
    struct reservation *item =
        list_add(&draft->reservations, p->arena, sizeof(reservation), TREATY_RESERVATIONS_MAX);
    if (item == NULL)
        parser_fail(p, reservation.at, "treaty.too-many-clauses");
    else
        *item = reservation;
}

static void parse_annex_entry(struct parser *p, struct draft *draft)
{
    struct annex_entry entry = { .address = TEXT("") };
    (void)parser_accept(p, PHRASE_PARTY);
    entry.party = parser_member(p);
    parser_expect(p, PHRASE_KEY, "treaty.expected-key");
    if (p->token.kind != TOKEN_WORD || failed(hex_parse(p->token.text, entry.key, TREATY_KEY_LEN)))
        parser_fail(p, p->token.at, "treaty.expected-key");
    else
        parser_next(p);
    if (parser_accept(p, PHRASE_ADDRESS))
        entry.address = parser_string(p);
    if (p->failed)
        return;
    struct annex_entry *item = list_add(&draft->annex, p->arena, sizeof(entry), TREATY_PARTIES_MAX);
    if (item == NULL)
        parser_fail(p, p->token.at, "treaty.list-too-long");
    else
        *item = entry;
}

static void parse_annex(struct parser *p, struct draft *draft)
{
    uint32_t at = p->token.at;
    (void)parser_accept(p, PHRASE_ANNEX);
    if (draft->annex_said)
        parser_fail(p, at, "treaty.said-twice");
    draft->annex_said = true;
    if (!parser_sees(p, PHRASE_PARTY))
        parser_fail(p, p->token.at, "treaty.expected-party");
    while (!p->failed && parser_sees(p, PHRASE_PARTY))
        parse_annex_entry(p, draft);
}

static bool parse_header(struct parser *p, struct draft *draft)
{
    for (size_t i = 0; i < HEADERS; i++) {
        uint32_t at = p->token.at;
        if (!parser_accept(p, headers[i].phrase))
            continue;
        if (draft->articles.count > 0 || draft->annex_said)
            parser_fail(p, at, "treaty.header-too-late");
        headers[i].parse(p, draft);
        return true;
    }
    return false;
}

static void parse_statement(struct parser *p, struct draft *draft)
{
    if (parse_header(p, draft))
        return;
    if (parser_sees(p, PHRASE_ARTICLE)) {
        parse_article(p, draft);
    } else if (parser_sees(p, PHRASE_RESERVATION)) {
        parse_reservation(p, draft);
    } else if (parser_sees(p, PHRASE_ANNEX)) {
        parse_annex(p, draft);
    } else if (parser_sees(p, PHRASE_PARTY) && draft->annex_said) {
        parse_annex_entry(p, draft); /* behind an entry with an error */
    } else {
        bool outside = parser_sees_clause(p);
        parser_fail(p, p->token.at, outside ? "treaty.outside-article" : "treaty.unknown-keyword");
        parser_next(p);
    }
}

static void parse_first_line(struct parser *p, struct draft *draft)
{
    parser_expect(p, PHRASE_AGREEMENT, "treaty.expected-agreement");
    draft->treaty.name = parser_code(p, WORDS_NONE, "treaty.expected-name");
    parser_expect(p, PHRASE_VERSION, "treaty.expected-version");
    draft->treaty.version = parser_number(p, TREATY_COUNT_MAX);
}

struct err treaty_parse(struct text text, enum language language, struct arena *arena,
                        struct treaty_errors *errors, struct treaty *out)
{
    struct parser p = { .arena = arena, .errors = errors };
    struct err e = parser_open(&p, text, language, PHRASE_AGREEMENT);
    if (failed(e))
        return e;
    struct draft draft = { 0 };
    parse_first_line(&p, &draft);
    while (p.token.kind != TOKEN_END || p.failed) {
        if (p.failed)
            parser_recover(&p, begins_statement);
        uint32_t before = p.token.at;
        if (p.token.kind != TOKEN_END)
            parse_statement(&p, &draft);
        assert(p.token.kind == TOKEN_END || p.token.at > before); /* so the reading ends */
    }
    struct treaty *treaty = &draft.treaty;
    treaty->articles = draft.articles.items;
    treaty->article_count = draft.articles.count;
    treaty->reservations = draft.reservations.items;
    treaty->reservation_count = draft.reservations.count;
    treaty->annex = draft.annex.items;
    treaty->annex_count = draft.annex.count;
    if (treaty->silence_days == 0)
        treaty->silence_days = TREATY_SILENCE_DAYS;
    if (treaty->until.year != 0 && treaty->from.year != 0 &&
        date_days(treaty->until) < date_days(treaty->from))
        parser_report(&p, draft.until_at, "treaty.date-order");
    check_treaty(&p, treaty);
    e = parser_end(&p);
    if (!failed(e))
        *out = *treaty;
    return e;
}
