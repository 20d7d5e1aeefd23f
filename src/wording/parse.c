/* agreement = first line { header line } { article | reservation } [ annex ]. One error stops one
 * statement: reading goes on at the next line that begins with a keyword. */
#include <assert.h>

#include "core/encode.h"
#include "wording/draft.h"

bool draft_sees_section(const struct parser *p)
{
    return parser_sees(p, PHRASE_ARTICLE) || parser_sees(p, PHRASE_RESERVATION) ||
           parser_sees(p, PHRASE_ANNEX);
}

bool draft_sees_statement(const struct parser *p)
{
    return draft_sees_header(p) || draft_sees_section(p) || parser_sees_clause(p) ||
           parser_sees(p, PHRASE_PARTY) || parser_sees(p, PHRASE_NOT_BOUND);
}

struct list draft_clauses(struct parser *p, struct draft *draft, bool *not_bound_opt)
{
    struct list clauses = { 0 };
    for (;;) {
        if (p->failed)
            parser_recover(p, draft_sees_statement);
        if (p->token.kind == TOKEN_END || draft_sees_section(p) || draft_sees_header(p))
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
    struct list clauses = draft_clauses(p, draft, NULL);
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

static void parse_annex_entry(struct parser *p, struct draft *draft)
{
    struct annex_entry entry = { .address = TEXT(""), .contact = TEXT(""), .signs = TEXT("") };
    (void)parser_accept(p, PHRASE_PARTY);
    entry.party = parser_member(p);
    parser_expect(p, PHRASE_KEY, "treaty.expected-key");
    if (p->token.kind != TOKEN_WORD || failed(hex_parse(p->token.text, entry.key, TREATY_KEY_LEN)))
        parser_fail(p, p->token.at, "treaty.expected-key");
    else
        parser_next(p);
    if (parser_accept(p, PHRASE_ADDRESS))
        entry.address = parser_string(p);
    if (parser_accept(p, PHRASE_CONTACT))
        entry.contact = parser_word(p, code_valid, "treaty.expected-code");
    if (parser_accept(p, PHRASE_SIGNS))
        entry.signs = parser_word(p, code_valid, "treaty.expected-code");
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

static void parse_statement(struct parser *p, struct draft *draft)
{
    if (draft_header(p, draft))
        return;
    if (parser_sees(p, PHRASE_ARTICLE)) {
        parse_article(p, draft);
    } else if (parser_sees(p, PHRASE_RESERVATION)) {
        draft_reservation(p, draft);
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
    (void)parser_accept(p, PHRASE_AGREEMENT);
    draft->treaty.name = parser_code(p, WORDS_NONE, "treaty.expected-name");
    parser_expect(p, PHRASE_VERSION, "treaty.expected-version");
    draft->treaty.version = parser_number(p, TREATY_COUNT_MAX);
}

static void take_lists(struct treaty *treaty, const struct draft *draft)
{
    treaty->groups = draft->groups.items;
    treaty->group_count = draft->groups.count;
    treaty->replaces = draft->replaces.items;
    treaty->replaces_count = draft->replaces.count;
    treaty->recognitions = draft->recognitions.items;
    treaty->recognition_count = draft->recognitions.count;
    treaty->markings = draft->markings.items;
    treaty->marking_count = draft->markings.count;
    treaty->articles = draft->articles.items;
    treaty->article_count = draft->articles.count;
    treaty->reservations = draft->reservations.items;
    treaty->reservation_count = draft->reservations.count;
    treaty->annex = draft->annex.items;
    treaty->annex_count = draft->annex.count;
}

struct err treaty_parse(struct text text, enum language language, struct arena *arena,
                        struct treaty_errors *errors, struct treaty *out)
{
    struct parser p = { .arena = arena, .errors = errors, .groups = true };
    struct err e = parser_open(&p, text, language, PHRASE_AGREEMENT);
    if (failed(e))
        return e;
    struct draft draft = { 0 };
    parse_first_line(&p, &draft);
    while (p.token.kind != TOKEN_END || p.failed) {
        if (p.failed)
            parser_recover(&p, draft_sees_statement);
        uint32_t before = p.token.at;
        if (p.token.kind != TOKEN_END)
            parse_statement(&p, &draft);
        assert(p.token.kind == TOKEN_END || p.token.at > before); /* so the reading ends */
    }
    struct treaty *treaty = &draft.treaty;
    take_lists(treaty, &draft);
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
