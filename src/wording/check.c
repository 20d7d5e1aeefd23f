/* What the grammar lets pass and the law does not: unknown codes, members that are no parties,
 * reservations that widen, an annex that leaves a party without a key. */
#include "model/record.h"
#include "wording/parser.h"
#include "wording/parts.h"

static bool known(enum code_list list, struct text pattern)
{
    if (text_is(pattern, "*"))
        return true;
    if (text_ends(pattern, TEXT(".*")))
        pattern.len -= 2;
    return code_find(list, pattern) != CODE_RAW;
}

static void check_known(struct parser *p, enum code_list list, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        if (!known(list, codes.items[i]))
            parser_report(p, parser_place(p, codes.items[i]), "treaty.unknown-code");
    }
}

void check_condition_codes(struct parser *p, enum condition_test test, struct codes codes)
{
    static const struct {
        bool listed;
        enum code_list list;
    } lists[TESTS] = {
        [TEST_CATEGORY] = { true, CODE_CATEGORY },   [TEST_KIND] = { true, CODE_KIND },
        [TEST_OFFENCE] = { true, CODE_OFFENCE },     [TEST_SUBJECT] = { true, CODE_SUBJECT },
        [TEST_NATIONALITY] = { true, CODE_COUNTRY }, [TEST_WARNING] = { true, CODE_WARNING },
        [TEST_GRADING] = { true, CODE_GRADING },     [TEST_NOTE] = { true, CODE_NOTE },
    };
    if (lists[test].listed)
        check_known(p, lists[test].list, codes);
}

static bool reads_notes(const struct condition *condition)
{
    if (condition->op == CONDITION_TEST)
        return condition->test == TEST_NOTE;
    for (uint32_t i = 0; i < condition->count; i++) {
        if (reads_notes(&condition->items[i]))
            return true;
    }
    return false;
}

/* A local note never leaves the node and may only deny: it opens neither a share nor an exception
 * to a prohibition. */
static void check_notes(struct parser *p, const struct clause *clause)
{
    const struct condition *opens =
        clause->kind == CLAUSE_SHARE ? clause->where_opt : clause->unless_opt;
    if (opens != NULL && reads_notes(opens))
        parser_fail(p, clause->at, "treaty.note-only-denies");
}

static void check_kinds(struct parser *p, const struct clause *clause)
{
    for (uint32_t i = 0; i < clause->codes.count; i++) {
        struct text kind = clause->codes.items[i];
        if (!text_is(kind, "record") && code_find(CODE_KIND, kind) == CODE_RAW)
            parser_report(p, parser_place(p, kind), "treaty.unknown-code");
    }
}

void check_clause_codes(struct parser *p, const struct clause *clause)
{
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_NEVER_SHARE)
        check_kinds(p, clause);
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK)
        check_known(p, CODE_PURPOSE, clause->purposes); /* what is forbidden need not be known */
    check_known(p, CODE_CONDITION, clause->conditions);
    for (uint32_t i = 0; i < clause->withheld.count; i++) {
        if (!attribute_pattern_known(clause->withheld.items[i]))
            parser_report(p, parser_place(p, clause->withheld.items[i]), "treaty.unknown-field");
    }
    check_notes(p, clause);
}

static bool among(struct codes codes, struct text code)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        if (text_equal(codes.items[i], code))
            return true;
    }
    return false;
}

static void check_members(struct parser *p, const struct treaty *treaty, struct codes members)
{
    for (uint32_t i = 0; i < members.count; i++) {
        if (!among(treaty->parties, members.items[i]))
            parser_report(p, parser_place(p, members.items[i]), "treaty.not-a-party");
    }
}

static void check_scope(struct parser *p, const struct treaty *treaty, const struct clause *clause)
{
    check_members(p, treaty, clause->from);
    check_members(p, treaty, clause->to);
    if (clause->from.count == 1 && clause->to.count == 1 &&
        text_equal(clause->from.items[0], clause->to.items[0]))
        parser_report(p, clause->at, "treaty.with-itself");
    if (!clause_forms[clause->kind].treaty)
        parser_report(p, clause->at, "treaty.national-only");
}

static void check_articles(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        if (i > 0 && article->number <= treaty->articles[i - 1].number)
            parser_report(p, article->at, "treaty.article-order");
        for (uint32_t j = 0; j < article->count; j++)
            check_scope(p, treaty, &article->clauses[j]);
    }
}

static bool target_exists(const struct treaty *treaty, const struct reservation *reservation)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        if (treaty->articles[i].number == reservation->article)
            return reservation->clause <= treaty->articles[i].count;
    }
    return false;
}

/* To be "not bound" by a prohibition would widen. */
static bool target_only_permits(const struct treaty *treaty, const struct reservation *r)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        for (uint32_t j = 0; article->number == r->article && j < article->count; j++) {
            enum clause_kind kind = article->clauses[j].kind;
            if ((r->clause == 0 || r->clause == j + 1) && kind != CLAUSE_SHARE &&
                kind != CLAUSE_ASK)
                return false;
        }
    }
    return true;
}

static void check_reservation(struct parser *p, const struct treaty *treaty, uint32_t index)
{
    const struct reservation *reservation = &treaty->reservations[index];
    if (!among(treaty->parties, reservation->party))
        parser_report(p, parser_place(p, reservation->party), "treaty.not-a-party");
    if (!target_exists(treaty, reservation))
        parser_report(p, reservation->at, "treaty.reservation-to-nothing");
    if (reservation->not_bound && !target_only_permits(treaty, reservation))
        parser_report(p, reservation->at, "treaty.reservation-widens");
    for (uint32_t i = 0; i < index; i++) {
        const struct reservation *other = &treaty->reservations[i];
        if (text_equal(other->party, reservation->party) &&
            other->article == reservation->article && other->clause == reservation->clause)
            parser_report(p, reservation->at, "treaty.said-twice");
    }
    for (uint32_t i = 0; i < reservation->count; i++) {
        const struct clause *clause = &reservation->clauses[i];
        check_scope(p, treaty, clause);
        if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK)
            parser_report(p, clause->at, "treaty.reservation-widens");
    }
}

static void check_annex(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->annex_count; i++) {
        const struct annex_entry *entry = &treaty->annex[i];
        if (!among(treaty->parties, entry->party))
            parser_report(p, parser_place(p, entry->party), "treaty.not-a-party");
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(treaty->annex[j].party, entry->party))
                parser_report(p, parser_place(p, entry->party), "treaty.said-twice");
            else if (memcmp(treaty->annex[j].key, entry->key, TREATY_KEY_LEN) == 0)
                parser_report(p, parser_place(p, entry->party), "treaty.key-of-another");
        }
    }
}

/* What is missing is an error only where nothing else went wrong: a statement with an error may
 * have been it. */
static void check_present(struct parser *p, const struct treaty *treaty)
{
    if (treaty->parties.count < 2)
        parser_report(p, parser_place(p, treaty->name), "treaty.too-few-parties");
    if (treaty->signatures == 1 || treaty->signatures > treaty->parties.count)
        parser_report(p, parser_place(p, treaty->name), "treaty.signatures");
    if (treaty->article_count == 0)
        parser_report(p, p->token.at, "treaty.without-article");
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        const struct reservation *reservation = &treaty->reservations[i];
        if (reservation->not_bound == (reservation->count > 0))
            parser_report(p, reservation->at, "treaty.reservation-content");
    }
    for (uint32_t i = 0; treaty->annex_count > 0 && i < treaty->parties.count; i++) {
        if (treaty_annex_find(treaty, treaty->parties.items[i]) == NULL)
            parser_report(p, parser_place(p, treaty->parties.items[i]), "treaty.party-without-key");
    }
}

void check_treaty(struct parser *p, const struct treaty *treaty)
{
    if (p->errors->count == 0)
        check_present(p, treaty);
    if (treaty->parties.count == 0)
        return; /* the line with the parties has an error of its own */
    check_articles(p, treaty);
    for (uint32_t i = 0; i < treaty->reservation_count; i++)
        check_reservation(p, treaty, i);
    check_annex(p, treaty);
}

void check_national(struct parser *p, const struct national *national)
{
    for (uint32_t i = 0; i < national->count; i++) {
        const struct clause *clause = &national->clauses[i];
        if (!clause_forms[clause->kind].national)
            parser_report(p, clause->at, "treaty.national-widens");
        if (clause->from.count > 0)
            parser_report(p, parser_place(p, clause->from.items[0]), "treaty.national-sends");
        if (among(clause->to, national->member))
            parser_report(p, clause->at, "treaty.with-itself");
    }
    for (uint32_t i = 0; i < national->effect_count; i++) {
        const struct effect_rule *effect = &national->effects[i];
        check_known(p, CODE_CATEGORY, effect->categories);
        if (effect->action.len > 0 && code_find(CODE_ACTION, effect->action) == CODE_RAW)
            parser_report(p, parser_place(p, effect->action), "treaty.unknown-code");
        if (among(effect->from, national->member))
            parser_report(p, effect->at, "treaty.with-itself");
    }
}
