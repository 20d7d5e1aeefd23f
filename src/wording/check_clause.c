/* What a clause says that its grammar lets pass: codes of no list of ours, fields that cannot be
 * made less exact so, notes that would open. */
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

void check_known(struct parser *p, enum code_list list, struct codes codes)
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
        [TEST_HANDLING] = { true, CODE_HANDLING },   [TEST_ACTION] = { true, CODE_ACTION },
    };
    if (lists[test].listed)
        check_known(p, lists[test].list, codes);
}

static bool condition_reads(const struct condition *condition_opt, enum condition_test test)
{
    if (condition_opt == NULL)
        return false;
    if (condition_opt->op == CONDITION_TEST)
        return condition_opt->test == test;
    for (uint32_t i = 0; i < condition_opt->count; i++) {
        if (condition_reads(&condition_opt->items[i], test))
            return true;
    }
    return false;
}

bool clause_reads(const struct clause *clause, enum condition_test test)
{
    return condition_reads(clause->where_opt, test) || condition_reads(clause->unless_opt, test);
}

/* A local note never leaves the node and may only deny: it opens neither a share nor an exception
 * to a prohibition. */
static void check_notes(struct parser *p, const struct clause *clause)
{
    const struct condition *opens =
        clause->kind == CLAUSE_SHARE ? clause->where_opt : clause->unless_opt;
    if (condition_reads(opens, TEST_NOTE))
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

/* Codes that are compared and not matched: a pattern would be a code that nobody has. */
static void check_plain(struct parser *p, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        if (!code_valid(codes.items[i]))
            parser_report(p, parser_place(p, codes.items[i]), "treaty.pattern-not-here");
    }
}

/* Every field of a group has to be of a type that can be made less exact so. */
static bool pattern_fits_way(struct text pattern, enum coarse_way way)
{
    for (size_t i = 0; i < attribute_count(); i++) {
        if (attribute_matches(text_literal(attribute_name(i)), pattern) &&
            !coarsen_fits(attribute_type(i), way))
            return false;
    }
    return true;
}

static void check_fields(struct parser *p, const struct clause *clause)
{
    for (uint32_t i = 0; i < clause->withheld.count; i++) {
        struct text field = clause->withheld.items[i];
        if (!attribute_pattern_known(field))
            parser_report(p, parser_place(p, field), "treaty.unknown-field");
        else if (clause->kind == CLAUSE_COARSEN && !pattern_fits_way(field, clause->way))
            parser_report(p, parser_place(p, field), "treaty.coarsen-type");
    }
}

static bool shorter(struct span a, struct span b)
{
    return a.count == 0 || b.count == 0 || span_hours(a) < span_hours(b);
}

static void check_times(struct parser *p, const struct clause *clause)
{
    if (!shorter(clause->warn, clause->retain))
        parser_report(p, clause->at, "treaty.warning-too-early");
    if (clause->urgent.count > 0 && clause->otherwise.count > 0 &&
        shorter(clause->otherwise, clause->urgent))
        parser_report(p, clause->at, "treaty.urgent-is-slower");
}

void check_clause_codes(struct parser *p, const struct clause *clause)
{
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_NEVER_SHARE)
        check_kinds(p, clause);
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK)
        check_known(p, CODE_PURPOSE, clause->purposes); /* what is forbidden need not be known */
    check_plain(p, clause->offices);
    check_plain(p, clause->conditions);
    check_plain(p, clause->audience);
    check_plain(p, clause->counted);
    check_plain(p, clause->stopped);
    check_plain(p, clause->grounds);
    check_known(p, CODE_CONDITION, clause->conditions);
    check_known(p, CODE_BRANCH, clause->audience);
    check_known(p, CODE_CLOCK, clause->counted);
    check_known(p, CODE_CLOCK, clause->stopped);
    check_known(p, CODE_GROUND, clause->grounds);
    if (clause->counted.count > 1)
        parser_report(p, parser_place(p, clause->counted.items[1]), "treaty.counted-once");
    check_times(p, clause);
    check_fields(p, clause);
    check_notes(p, clause);
    if (clause->kind == CLAUSE_DUTY && clause_reads(clause, TEST_DUAL))
        parser_report(p, clause->at, "treaty.dual-not-here");
}
