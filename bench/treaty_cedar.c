/* Agreements as Cedar policies. A share is a permit, a never a forbid, and a reservation's never
 * stands in the permits that it narrows. What is withheld, how long a copy may be kept and who must
 * release it are no questions to Cedar: those clauses have no policy.
 *
 * Truth has three values with us and two with Cedar, so every condition is written twice over:
 * what is surely true (for permissions) and what may be (for restrictions). An attribute X comes
 * with X_doubt. Patterns are written out as the codes below them. */
#include "treaty_cedar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "treaty/ruleset.h"

enum { GROUPS_MAX = 512, PATH_LEN = 4096, AGE_NONE = 9999 };

struct out {
    FILE *file;
    const struct cedar_world *world;
    uint64_t groups[GROUPS_MAX]; /* sets of members */
    uint32_t group_count;
    bool purposed;
};

_Noreturn static void not_sayable(const char *what)
{
    fprintf(stderr, "bench-treaty: Cedar's translation does not know %s\n", what);
    exit(1);
}

static struct text member_code(const struct cedar_world *world, uint32_t member)
{
    return treaty_name_of(world->rules, NAME_MEMBER, member);
}

static void put_text(FILE *file, struct text text)
{
    fprintf(file, "\"%.*s\"", (int)text.len, text.data);
}

/* ---- policies ---- */

static bool code_in(struct codes codes, enum code_list list, int number)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        struct text code = codes.items[i];
        bool below = text_ends(code, TEXT(".*"));
        if (text_is(code, "*"))
            not_sayable("*");
        code.len -= below ? 2 : 0;
        int wanted = code_find(list, code);
        if (wanted >= 0 && (wanted == number || (below && code_within(list, number, wanted))))
            return true;
    }
    return false;
}

static void put_codes(const struct out *out, struct codes codes, enum code_list list)
{
    const char *before = "[";
    for (size_t i = 0; i < code_count(list); i++) {
        if (!code_in(codes, list, (int)i))
            continue;
        fprintf(out->file, "%s\"%s\"", before, code_row(list, i)->code);
        before = ",";
    }
    fputs(*before == '[' ? "[]" : "]", out->file);
}

/* One value, or a set of them. */
static void put_one_of(const struct out *out, const struct condition *test, enum code_list list,
                       const char *name, bool sure)
{
    fputs("(", out->file);
    put_codes(out, test->codes, list);
    fprintf(out->file, ".contains(resource.%s)", name);
    fprintf(out->file, sure ? ")" : " || resource.%s_doubt)", name);
}

static void put_any_of(const struct out *out, const struct condition *test, enum code_list list,
                       const char *name, bool sure)
{
    fprintf(out->file, "(resource.%s.containsAny(", name);
    put_codes(out, test->codes, list);
    fprintf(out->file, sure ? "))" : ") || resource.%s_doubt)", name);
}

static void put_note(const struct out *out, const struct condition *test, bool sure)
{
    fputs("((resource.note.contains(", out->file);
    put_text(out->file, test->codes.items[0]);
    fputs(test->number == 1 ? ") && resource.note_members.contains(principal))" : "))", out->file);
    fputs(sure ? ")" : " || resource.note_doubt)", out->file);
}

static void put_test(const struct out *out, const struct condition *test, bool sure)
{
    switch ((int)test->test) {
    case TEST_CATEGORY:
        put_one_of(out, test, CODE_CATEGORY, "category", sure);
        break;
    case TEST_KIND:
        put_one_of(out, test, CODE_KIND, "kind", sure);
        break;
    case TEST_OFFENCE:
        put_any_of(out, test, CODE_OFFENCE, "offence", sure);
        break;
    case TEST_SUBJECT:
        put_any_of(out, test, CODE_SUBJECT, "subject", sure);
        break;
    case TEST_NATIONALITY:
        put_any_of(out, test, CODE_COUNTRY, "nationality", sure);
        break;
    case TEST_WARNING:
        put_any_of(out, test, CODE_WARNING, "warning", sure);
        break;
    case TEST_GRADING:
        put_any_of(out, test, CODE_GRADING, "grading", sure);
        fputs(sure ? " && resource.grading_sure" : "", out->file);
        break;
    case TEST_CLASSIFICATION:
        fprintf(out->file, "%sresource.level <= %u", sure ? "resource.level > 0 && " : "",
                test->number);
        break;
    case TEST_AGE:
        fprintf(out->file, "resource.%s < %u", sure ? "age_max" : "age_min", test->number);
        break;
    case TEST_DEATH:
        fprintf(out->file, "resource.death_%s", sure ? "sure" : "doubt");
        break;
    case TEST_NOTE:
        put_note(out, test, sure);
        break;
    case TEST_ASSURANCE:
        fputs("(resource.assurances.contains(", out->file);
        put_text(out->file, test->codes.items[0]);
        fputs(sure ? "))" : ") || resource.partial)", out->file);
        break;
    default:
        not_sayable("a test");
    }
}

static void put_condition(const struct out *out, const struct condition *condition, bool sure)
{
    if (condition->op == CONDITION_TEST) {
        fputs("(", out->file);
        put_test(out, condition, sure);
        fputs(")", out->file);
    } else if (condition->op == CONDITION_NOT) {
        fputs("!", out->file);
        put_condition(out, &condition->items[0], !sure);
    } else {
        for (uint32_t i = 0; i < condition->count; i++) {
            fputs(i == 0 ? "(" : condition->op == CONDITION_ALL ? " && " : " || ", out->file);
            put_condition(out, &condition->items[i], sure);
        }
        fputs(")", out->file);
    }
}

/* Where and not unless, behind what stands already. */
static void put_conditions(const struct out *out, const struct clause *clause, bool sure)
{
    if (clause->where_opt) {
        fputs(" && ", out->file);
        put_condition(out, clause->where_opt, sure);
    }
    if (clause->unless_opt) {
        fputs(" && !", out->file);
        put_condition(out, clause->unless_opt, !sure);
    }
}

static void put_kinds(const struct out *out, const struct rule *rule)
{
    const char *before = rule->kind == CLAUSE_SHARE ? " && ([" : " && (resource.kind_doubt || [";
    for (uint32_t i = 0; i < code_count(CODE_KIND); i++) {
        if ((rule->kinds >> i & 1) == 0)
            continue;
        fprintf(out->file, "%s\"%s\"", before, code_row(CODE_KIND, i)->code);
        before = ",";
    }
    fputs("].contains(resource.kind))", out->file);
}

/* The purposes of a clause. `forbids`: also those that are no codes of ours. */
static void put_purposes(const struct out *out, const struct clause *clause, bool forbids)
{
    const char *before = " && [";
    for (size_t i = 0; i < code_count(CODE_PURPOSE); i++) {
        const char *code = code_row(CODE_PURPOSE, i)->code;
        if (!purpose_listed(clause->purposes, text_literal(code)))
            continue;
        fprintf(out->file, "%s\"%s\"", before, code);
        before = ",";
    }
    for (uint32_t i = 0; forbids && i < clause->purposes.count; i++) {
        if (code_find(CODE_PURPOSE, clause->purposes.items[i]) >= 0)
            continue;
        fputs(before, out->file);
        put_text(out->file, clause->purposes.items[i]);
        before = ",";
    }
    fputs(*before == ' ' ? " && [].contains(context.purpose)" : "].contains(context.purpose)",
          out->file);
}

static bool rule_binds(const struct cedar_world *world, const struct rule *rule,
                       const uint64_t *side, uint32_t member)
{
    uint32_t number = (uint32_t)(rule - world->rules->rules);
    bool bound = rule->treaty == NATIONAL_RULE;
    if (!bit_test(side + (size_t)member * RULE_WORDS_MAX, number))
        return false;
    if (!bound) {
        const struct compiled_treaty *t = &world->rules->treaties[rule->treaty];
        for (uint32_t i = 0; i < t->treaty->parties.count; i++) {
            const struct treaty_bound *when = &t->status->bound[i];
            bound = bound || (t->parties[i] == member && when->from.ms <= world->as_of.ms &&
                              world->as_of.ms < when->until.ms);
        }
    }
    return bound;
}

/* " == Member::…" for one member, " in Group::…" for more. */
static void put_side(struct out *out, const struct rule *rule, const uint64_t *side)
{
    uint64_t members = 0;
    uint32_t count = out->world->rules->names[NAME_MEMBER].count;
    if (count > 64)
        not_sayable("so many members");
    for (uint32_t i = 0; i < count; i++) {
        if (rule_binds(out->world, rule, side, i))
            members |= UINT64_C(1) << i;
    }
    if (members != 0 && (members & (members - 1)) == 0) {
        struct text code = member_code(out->world, (uint32_t)__builtin_ctzll(members));
        fprintf(out->file, " == Member::\"%.*s\"", (int)code.len, code.data);
        return;
    }
    uint32_t group = 0;
    while (group < out->group_count && out->groups[group] != members)
        group++;
    if (group == GROUPS_MAX)
        not_sayable("so many groups");
    out->groups[group] = members;
    out->group_count += group == out->group_count;
    fprintf(out->file, " in Group::\"g%u\"", group);
}

static bool is_never(const struct out *out, const struct rule *rule)
{
    return rule->kind == CLAUSE_NEVER_SHARE || (rule->kind == CLAUSE_NEVER_USE && out->purposed);
}

static bool is_reserved(const struct rule *rule)
{
    return rule->treaty != NATIONAL_RULE && rule->scope_end != RULES_MAX;
}

static void put_restriction(struct out *out, const struct rule *rule)
{
    put_kinds(out, rule);
    if (rule->kind == CLAUSE_NEVER_USE)
        put_purposes(out, rule->clause, true);
    put_conditions(out, rule->clause, false);
}

static void put_reservations(struct out *out, uint32_t share)
{
    const struct ruleset *rules = out->world->rules;
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (!is_never(out, rule) || !is_reserved(rule) || share < rule->scope_begin ||
            share >= rule->scope_end)
            continue;
        fputs(" && !(principal", out->file);
        put_side(out, rule, rules->to);
        fputs(" && resource.owner", out->file);
        put_side(out, rule, rules->from);
        put_restriction(out, rule);
        fputs(")", out->file);
    }
}

static void put_permit(struct out *out, uint32_t number)
{
    const struct rule *rule = &out->world->rules->rules[number];
    put_kinds(out, rule);
    if (rule->ceiling != LEVEL_NONE)
        fprintf(out->file, " && resource.level > 0 && resource.level <= %u",
                (unsigned)rule->ceiling);
    if (out->purposed)
        put_purposes(out, rule->clause, false);
    put_conditions(out, rule->clause, true);
    put_reservations(out, number);
}

static void put_policy(struct out *out, uint32_t number)
{
    const struct ruleset *rules = out->world->rules;
    const struct rule *rule = &rules->rules[number];
    bool permits = bit_test(rules->share[MODE_COPY], number);
    bool forbids = (is_never(out, rule) && !is_reserved(rule)) || rule->kind == CLAUSE_HALT;
    if (!permits && !forbids)
        return;
    fprintf(out->file, "%s(principal", permits ? "permit" : "forbid");
    put_side(out, rule, rules->to);
    fputs(", action == Action::\"share\", resource) when { resource.owner", out->file);
    put_side(out, rule, rules->from);
    if (permits)
        put_permit(out, number);
    else
        put_restriction(out, rule);
    fputs(" };\n", out->file);
}

static FILE *open_in(const char *dir, const char *name)
{
    char path[PATH_LEN];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void close_out(FILE *file)
{
    if (fclose(file) != 0) {
        perror("bench-treaty");
        exit(1);
    }
}

static void write_policies(struct out *out, const char *dir, bool purposed)
{
    out->file = open_in(dir, purposed ? "purposed.cedar" : "plain.cedar");
    out->purposed = purposed;
    for (uint32_t i = 0; i < out->world->rules->rule_count; i++)
        put_policy(out, i);
    fputs("forbid(principal, action, resource) when { !resource.valid || resource.hidden };\n"
          "forbid(principal, action, resource) when { resource.never.contains(principal) };\n"
          "forbid(principal, action, resource)\n"
          "  when { resource.restricted && !resource.only.contains(principal) };\n",
          out->file);
    close_out(out->file);
}

/* ---- entities ---- */

static void put_flag(FILE *file, const char *name, bool value)
{
    fprintf(file, ",\"%s\":%s", name, value ? "true" : "false");
}

static void put_member(FILE *file, struct text code)
{
    fputs("{\"__entity\":{\"type\":\"Member\",\"id\":", file);
    put_text(file, code);
    fputs("}}", file);
}

static void put_members(FILE *file, const char *name, struct codes codes)
{
    fprintf(file, ",\"%s\":[", name);
    for (uint32_t i = 0; i < codes.count; i++) {
        fputs(i > 0 ? "," : "", file);
        put_member(file, codes.items[i]);
    }
    fputs("]", file);
}

static bool any_raw(struct codes codes, enum code_list list)
{
    bool raw = false;
    for (uint32_t i = 0; i < codes.count; i++)
        raw = raw || code_find(list, codes.items[i]) == CODE_RAW;
    return raw;
}

static void put_set(FILE *file, const char *name, struct codes codes)
{
    fprintf(file, ",\"%s\":[", name);
    for (uint32_t i = 0; i < codes.count; i++) {
        fputs(i > 0 ? "," : "", file);
        put_text(file, codes.items[i]);
    }
    fputs("]", file);
}

static void put_values(FILE *file, const char *name, const struct view_values *values,
                       enum code_list list)
{
    put_set(file, name, values->codes);
    fprintf(file, ",\"%s_doubt\":%s", name,
            values->doubt || any_raw(values->codes, list) ? "true" : "false");
}

static void put_ages(const struct cedar_world *world, FILE *file, const struct treaty_view *view)
{
    int max = AGE_NONE;
    int min = AGE_NONE;
    if (!view->ageless && view->born_first.year != 0) {
        max = date_age(view->born_first, date_of_instant(world->as_of));
        min = date_age(view->born_last, date_of_instant(world->as_of));
    } else if (!view->ageless) {
        max = view->child_presumed ? AGE_OF_MAJORITY - 1 : AGE_NONE;
        min = -1;
    }
    fprintf(file, ",\"age_max\":%d,\"age_min\":%d", max, min);
}

static void put_view(const struct cedar_world *world, FILE *file, const struct treaty_view *view)
{
    if (view->note_count > 1)
        not_sayable("two notes");
    const struct codes nobody = { NULL, 0 };
    struct codes note = { view->note_count > 0 ? &view->notes[0].code : NULL, view->note_count };
    fputs("\"owner\":", file);
    put_member(file, member_code(world, world->from));
    fputs(",\"kind\":", file);
    put_text(file, view->kind);
    put_flag(file, "kind_doubt", code_find(CODE_KIND, view->kind) == CODE_RAW);
    put_values(file, "nationality", &view->nationalities, CODE_COUNTRY);
    put_ages(world, file, view);
    put_flag(file, "partial", view->partial);
    put_set(file, "note", note);
    put_members(file, "note_members", view->note_count > 0 ? view->notes[0].members : nobody);
    put_flag(file, "note_doubt", view->partial || any_raw(note, CODE_NOTE));
    put_set(file, "assurances", nobody);
}

static void put_grading(FILE *file, const struct view_values *grading)
{
    if (grading->codes.count > 2)
        not_sayable("two gradings");
    bool none = grading->codes.count == 0;
    put_set(file, "grading", grading->codes);
    put_flag(file, "grading_sure", !none && !grading->doubt);
    put_flag(file, "grading_doubt", none || any_raw(grading->codes, CODE_GRADING));
}

static void put_alert(const struct cedar_world *world, FILE *file, const struct view_alert *alert)
{
    int64_t now = world->as_of.ms;
    fputs(",\"category\":", file);
    put_text(file, alert->category);
    put_flag(file, "category_doubt", code_find(CODE_CATEGORY, alert->category) == CODE_RAW);
    put_values(file, "offence", &alert->offences, CODE_OFFENCE);
    put_values(file, "subject", &alert->subjects, CODE_SUBJECT);
    put_values(file, "warning", &alert->warnings, CODE_WARNING);
    put_grading(file, &alert->grading);
    put_flag(file, "death_sure", alert->death == TRUTH_TRUE);
    put_flag(file, "death_doubt", alert->death != TRUTH_FALSE);
    fprintf(file, ",\"level\":%u", (unsigned)alert->classification);
    put_members(file, "never", alert->never);
    put_members(file, "only", alert->only);
    put_flag(file, "restricted", alert->restricted);
    put_flag(file, "hidden", now < alert->hidden_until.ms);
    put_flag(file, "valid", alert->valid_from.ms <= now &&
                                (alert->valid_until.ms == 0 || now < alert->valid_until.ms));
}

static void write_entities(const struct out *out, const char *dir)
{
    const struct cedar_world *world = out->world;
    FILE *file = open_in(dir, "entities.json");
    fputs("[", file);
    for (uint32_t i = 0; i < out->group_count; i++)
        fprintf(file,
                "{\"uid\":{\"type\":\"Group\",\"id\":\"g%u\"},\"attrs\":{},\"parents\":[]},\n", i);
    for (uint32_t m = 0; m < world->rules->names[NAME_MEMBER].count; m++) {
        fputs(m > 0 ? ",\n" : "", file);
        fputs("{\"uid\":{\"type\":\"Member\",\"id\":", file);
        put_text(file, member_code(world, m));
        fputs("},\"attrs\":{},\"parents\":[", file);
        const char *before = "";
        for (uint32_t i = 0; i < out->group_count; i++) {
            if ((out->groups[i] >> m & 1) == 0)
                continue;
            fprintf(file, "%s{\"type\":\"Group\",\"id\":\"g%u\"}", before, i);
            before = ",";
        }
        fputs("]}", file);
    }
    for (uint32_t i = 0; i < world->count; i++) {
        for (uint32_t j = 0; j < world->views[i].alert_count; j++) {
            fprintf(file, ",\n{\"uid\":{\"type\":\"Alert\",\"id\":\"%u/%u\"},\"attrs\":{", i, j);
            put_view(world, file, &world->views[i]);
            put_alert(world, file, &world->views[i].alerts[j]);
            fputs("},\"parents\":[]}", file);
        }
    }
    fputs("]\n", file);
    close_out(file);
}

/* ---- what we decide ---- */

static void put_masks(const struct cedar_world *world, FILE *file, const struct treaty_row *row,
                      struct text purpose)
{
    const char *before = "[";
    for (uint16_t to = 0; to < world->rules->names[NAME_MEMBER].count; to++) {
        struct question question = {
            .from = world->from, .to = to, .purpose = purpose, .row = row, .alerts = UINT64_MAX
        };
        struct decision decision;
        if (to == world->from)
            continue;
        treaty_decide(world->rules, &question, &decision);
        fprintf(file, "%s%llu", before, (unsigned long long)(decision.shared | decision.held));
        before = ",";
    }
    fputs("]", file);
}

/* {"members":[…],"records":[{"alerts","purpose","plain":[mask a member],"purposed":[…]}]} */
static void write_records(const struct cedar_world *world, const char *dir)
{
    FILE *file = open_in(dir, "records.json");
    const char *before = "{\"members\":[";
    for (uint16_t m = 0; m < world->rules->names[NAME_MEMBER].count; m++) {
        if (m == world->from)
            continue;
        fputs(before, file);
        put_text(file, member_code(world, m));
        before = ",";
    }
    before = "],\"records\":[";
    for (uint32_t i = 0; i < world->count; i++) {
        const struct treaty_row *row = NULL;
        size_t mark = world->arena->used;
        const struct treaty_view *view = &world->views[i];
        if (failed(treaty_row_make(world->rules, view, world->as_of, world->arena, &row)))
            abort();
        fprintf(file, "%s\n{\"alerts\":%u,\"purpose\":", before, world->views[i].alert_count);
        put_text(file, world->purposes[i]);
        fputs(",\"plain\":", file);
        put_masks(world, file, row, TEXT(""));
        fputs(",\"purposed\":", file);
        put_masks(world, file, row, world->purposes[i]);
        fputs("}", file);
        before = ",";
        arena_rewind(world->arena, mark);
    }
    fputs("]}\n", file);
    close_out(file);
}

void cedar_export(const char *dir, const struct cedar_world *world)
{
    static struct out out;
    out = (struct out){ .world = world };
    write_policies(&out, dir, false);
    write_policies(&out, dir, true);
    write_entities(&out, dir);
    write_records(world, dir);
}
