/* reservation = "reservation of" member target ( "not bound" | clauses ): in the text of an
 * agreement, or alone as the terms of an act. */
#include "wording/draft.h"

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

void draft_reservation(struct parser *p, struct draft *draft)
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
    struct list clauses = draft_clauses(p, draft, &reservation.not_bound);
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

static bool begins_reservation(const struct parser *p)
{
    return parser_sees(p, PHRASE_RESERVATION);
}

struct err reservations_parse(struct text text, enum language language, const struct treaty *treaty,
                              struct arena *arena, struct treaty_errors *errors,
                              struct reservations *out)
{
    struct parser p = { .arena = arena, .errors = errors, .groups = true };
    struct draft draft = { 0 };
    struct err e = parser_open(&p, text, language, PHRASE_RESERVATION);
    if (failed(e))
        return e;
    while (p.token.kind != TOKEN_END) {
        if (begins_reservation(&p))
            draft_reservation(&p, &draft);
        else
            parser_fail(&p, p.token.at, "treaty.expected-reservation");
        if (p.failed) {
            parser_next(&p);
            parser_recover(&p, begins_reservation);
        }
    }
    struct reservations list = { draft.reservations.items, draft.reservations.count };
    check_reservations(&p, treaty, list);
    e = parser_end(&p);
    if (!failed(e))
        *out = list;
    return e;
}
