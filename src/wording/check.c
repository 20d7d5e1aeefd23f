/* What the grammar lets pass and the law does not: members that are no parties, texts that replace
 * themselves, reservations that widen, an annex that leaves a party without a key. */
#include "model/record.h"
#include "wording/parser.h"
#include "wording/parts.h"

/* All of them are parties: groups and lists of a header. */
static void check_parties(struct parser *p, const struct treaty *treaty, struct codes members)
{
    for (uint32_t i = 0; i < members.count; i++) {
        if (!codes_have(treaty->parties, members.items[i]))
            parser_report(p, parser_place(p, members.items[i]), "treaty.not-a-party");
    }
}

/* What a clause names is a party or a group. */
static bool member_known(const struct treaty *treaty, struct text name)
{
    return codes_have(treaty->parties, name) || treaty_group_find(treaty, name) != NULL;
}

static bool members_known(const struct treaty *treaty, struct codes names)
{
    for (uint32_t i = 0; i < names.count; i++) {
        if (!member_known(treaty, names.items[i]))
            return false;
    }
    return true;
}

static void check_members(struct parser *p, const struct treaty *treaty, struct codes names)
{
    for (uint32_t i = 0; i < names.count; i++) {
        struct text name = names.items[i];
        if (!member_known(treaty, name))
            parser_report(p, parser_place(p, name),
                          group_name_valid(name) ? "treaty.unknown-group" : "treaty.not-a-party");
    }
}

/* At least one of them may send to another one. */
static bool leads_anywhere(const struct treaty *treaty, const struct clause *clause)
{
    struct text from[TREATY_PARTIES_MAX];
    struct text to[TREATY_PARTIES_MAX];
    uint32_t senders = treaty_members_of(treaty, clause->from, from);
    uint32_t receivers = treaty_members_of(treaty, clause->to, to);
    return senders != 1 || receivers != 1 || !text_equal(from[0], to[0]);
}

static void check_scope(struct parser *p, const struct treaty *treaty, const struct clause *clause)
{
    check_members(p, treaty, clause->from);
    check_members(p, treaty, clause->to);
    bool known = members_known(treaty, clause->from) && members_known(treaty, clause->to);
    if (known && !leads_anywhere(treaty, clause))
        parser_report(p, clause->at, "treaty.with-itself");
    if (!clause_forms[clause->kind].treaty)
        parser_report(p, clause->at, "treaty.national-only");
    if (treaty->recognition_count == 0 && clause_reads(clause, TEST_DUAL))
        parser_report(p, clause->at, "treaty.dual-without-list");
}

static void check_groups(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->group_count; i++) {
        const struct group *group = &treaty->groups[i];
        check_parties(p, treaty, group->members);
        if (treaty_group_find(treaty, group->name) != group)
            parser_report(p, group->at, "treaty.said-twice");
    }
}

static void check_tables(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->recognition_count; i++) {
        const struct recognition *one = &treaty->recognitions[i];
        check_parties(p, treaty, (struct codes){ &one->party, 1 });
        check_known(p, CODE_OFFENCE, one->offences);
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(treaty->recognitions[j].party, one->party))
                parser_report(p, one->at, "treaty.said-twice");
        }
    }
    for (uint32_t i = 0; i < treaty->marking_count; i++) {
        const struct marking *one = &treaty->markings[i];
        check_parties(p, treaty, (struct codes){ &one->party, 1 });
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(treaty->markings[j].party, one->party) &&
                treaty->markings[j].level == one->level)
                parser_report(p, one->at, "treaty.said-twice");
        }
    }
}

static void check_other_texts(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->replaces_count; i++) {
        const struct succession *one = &treaty->replaces[i];
        bool own = text_equal(one->name, treaty->name);
        if (own && one->version == treaty->version)
            parser_report(p, one->at, "treaty.replaces-itself");
        else if (own && one->version > treaty->version)
            parser_report(p, one->at, "treaty.replaces-later");
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(treaty->replaces[j].name, one->name) &&
                treaty->replaces[j].version == one->version)
                parser_report(p, one->at, "treaty.said-twice");
        }
    }
    for (uint32_t i = 0; i < treaty->prevails.count; i++) {
        struct text name = treaty->prevails.items[i];
        if (!code_valid(name))
            parser_report(p, parser_place(p, name), "treaty.expected-name");
        else if (text_equal(name, treaty->name))
            parser_report(p, parser_place(p, name), "treaty.prevails-over-itself");
    }
}

static void check_headers(struct parser *p, const struct treaty *treaty)
{
    check_groups(p, treaty);
    check_parties(p, treaty, treaty->accession);
    if (treaty->accession.count > 0 && treaty->accession.count + 2 > treaty->parties.count)
        parser_report(p, parser_place(p, treaty->accession.items[0]),
                      "treaty.accession-leaves-none");
    check_parties(p, treaty, treaty->provisional);
    check_tables(p, treaty);
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

static void check_reservation(struct parser *p, const struct treaty *treaty,
                              struct reservations list, uint32_t index)
{
    const struct reservation *reservation = &list.items[index];
    if (!codes_have(treaty->parties, reservation->party))
        parser_report(p, parser_place(p, reservation->party), "treaty.not-a-party");
    if (!target_exists(treaty, reservation))
        parser_report(p, reservation->at, "treaty.reservation-to-nothing");
    if (reservation->not_bound && !target_only_permits(treaty, reservation))
        parser_report(p, reservation->at, "treaty.reservation-widens");
    for (uint32_t i = 0; i < index; i++) {
        const struct reservation *other = &list.items[i];
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
        if (!codes_have(treaty->parties, entry->party))
            parser_report(p, parser_place(p, entry->party), "treaty.not-a-party");
        for (uint32_t j = 0; j < i; j++) {
            if (text_equal(treaty->annex[j].party, entry->party))
                parser_report(p, parser_place(p, entry->party), "treaty.said-twice");
            else if (memcmp(treaty->annex[j].key, entry->key, TREATY_KEY_LEN) == 0)
                parser_report(p, parser_place(p, entry->party), "treaty.key-of-another");
        }
    }
}

static void check_reservation_contents(struct parser *p, struct reservations list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.items[i].not_bound == (list.items[i].count > 0))
            parser_report(p, list.items[i].at, "treaty.reservation-content");
    }
}

static void check_reservations_sense(struct parser *p, const struct treaty *treaty,
                                     struct reservations list)
{
    for (uint32_t i = 0; i < list.count; i++)
        check_sense(p, treaty, list.items[i].clauses, list.items[i].count);
}

/* Only of what is otherwise right: a code that nobody knows passes no test either. */
static void check_all_sense(struct parser *p, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->article_count; i++)
        check_sense(p, treaty, treaty->articles[i].clauses, treaty->articles[i].count);
    check_reservations_sense(
        p, treaty, (struct reservations){ treaty->reservations, treaty->reservation_count });
}

void check_reservations(struct parser *p, const struct treaty *treaty, struct reservations list)
{
    if (p->errors->count == 0)
        check_reservation_contents(p, list);
    for (uint32_t i = 0; i < list.count; i++)
        check_reservation(p, treaty, list, i);
    if (p->errors->count == 0)
        check_reservations_sense(p, treaty, list);
}

/* What is missing is an error only where nothing else went wrong: a statement with an error may
 * have been it. */
static void check_present(struct parser *p, const struct treaty *treaty)
{
    if (treaty->parties.count < 2)
        parser_report(p, parser_place(p, treaty->name), "treaty.too-few-parties");
    if (treaty->signatures == 1 || treaty->signatures > treaty->parties.count)
        parser_report(p, p->places.consents, "treaty.signatures");
    if (treaty->amended_by == 1 || treaty->amended_by > treaty->parties.count)
        parser_report(p, p->places.amended, "treaty.amendment-consents");
    if (treaty->article_count == 0)
        parser_report(p, p->token.at, "treaty.without-article");
    check_reservation_contents(
        p, (struct reservations){ treaty->reservations, treaty->reservation_count });
    for (uint32_t i = 0; treaty->annex_count > 0 && i < treaty->parties.count; i++) {
        if (treaty_annex_find(treaty, treaty->parties.items[i]) == NULL)
            parser_report(p, parser_place(p, treaty->parties.items[i]), "treaty.party-without-key");
    }
}

void check_treaty(struct parser *p, const struct treaty *treaty)
{
    if (p->errors->count == 0)
        check_present(p, treaty);
    check_other_texts(p, treaty);
    if (treaty->parties.count == 0)
        return; /* the line with the parties has an error of its own */
    struct reservations list = { treaty->reservations, treaty->reservation_count };
    check_headers(p, treaty);
    check_articles(p, treaty);
    for (uint32_t i = 0; i < list.count; i++)
        check_reservation(p, treaty, list, i);
    check_annex(p, treaty);
    if (p->errors->count == 0)
        check_all_sense(p, treaty);
}

void check_national(struct parser *p, const struct national *national)
{
    for (uint32_t i = 0; i < national->count; i++) {
        const struct clause *clause = &national->clauses[i];
        if (!clause_forms[clause->kind].national)
            parser_report(p, clause->at, "treaty.national-widens");
        if (clause->from.count > 0)
            parser_report(p, parser_place(p, clause->from.items[0]), "treaty.national-sends");
        if (codes_have(clause->to, national->member))
            parser_report(p, clause->at, "treaty.with-itself");
        if (clause_reads(clause, TEST_DUAL))
            parser_report(p, clause->at, "treaty.dual-not-here");
    }
    for (uint32_t i = 0; i < national->effect_count; i++) {
        const struct effect_rule *effect = &national->effects[i];
        check_known(p, CODE_CATEGORY, effect->categories);
        if (effect->action.len > 0 && code_find(CODE_ACTION, effect->action) == CODE_RAW)
            parser_report(p, parser_place(p, effect->action), "treaty.unknown-code");
        if (codes_have(effect->from, national->member))
            parser_report(p, effect->at, "treaty.with-itself");
    }
}
