/* A decision in sentences. The codes are the treaty's; the sentences the catalogue's. */
#include <stdio.h>

#include "cli/cli.h"

enum { CONDITION_DEPTH_MAX = 10 };

static void put(struct text text)
{
    (void)fwrite(text.data, 1, text.len, stdout);
}

static void say(struct cli *cli, const char *prefix, struct text code)
{
    put(cli_sentence(cli, arena_join(cli->arena, text_literal(prefix), code)));
}

/* "e2e 1, clause 1.1"; of a national rule only its number. */
static void put_rule(struct cli *cli, const struct json *rule)
{
    int64_t version = 0;
    struct text name = term_clean(cli->arena, json_get_text(rule, "name"));
    if (json_get_integer(rule, "version", &version) && name.len > 0) {
        put(name);
        (void)printf(" %lld, ", (long long)version);
    }
    (void)printf("%s ", text_say(cli->lang, "cli.search-clause"));
    put(term_clean(cli->arena, json_get_text(rule, "clause")));
}

static void put_list(struct cli *cli, const struct json *decision, const char *member,
                     const char *title, const char *list)
{
    const struct json *items = json_get(decision, member);
    if (json_count(items) == 0)
        return;
    (void)printf("  %s: ", text_say(cli->lang, title));
    for (size_t i = 0; i < json_count(items); i++) {
        (void)fputs(i > 0 ? ", " : "", stdout);
        put(cli_label(cli, list, json_item_text(items, i)));
    }
    (void)fputc('\n', stdout);
}

static void put_coarse(struct cli *cli, const struct json *decision)
{
    static const struct {
        const char *way, *title;
    } ways[] = { { "year", "cli.explain-coarse-year" },
                 { "month", "cli.explain-coarse-month" },
                 { "country", "cli.explain-coarse-country" },
                 { "initials", "cli.explain-coarse-initials" } };
    const struct json *coarse = json_get(decision, "coarse");
    for (size_t i = 0; coarse != NULL && i < sizeof(ways) / sizeof(ways[0]); i++)
        put_list(cli, coarse, ways[i].way, ways[i].title, "field");
}

static void put_decision(struct cli *cli, const struct json *decision)
{
    const struct json *basis = json_get(decision, "basis");
    const struct json *denied = json_get(decision, "denied_by");
    struct text reason = json_get_text(decision, "reason");
    (void)fputs(term_style(&cli->out, TERM_BOLD), stdout);
    say(cli, "cli.explain-outcome-", json_get_text(decision, "outcome"));
    (void)fputs(term_style(&cli->out, TERM_PLAIN), stdout);
    if (reason.len > 0 && !text_is(reason, "none")) {
        (void)fputs(" ", stdout);
        say(cli, "cli.explain-reason-", reason);
    }
    (void)fputc('\n', stdout);
    if (basis != NULL) {
        (void)printf("  %s: ", text_say(cli->lang, "cli.explain-basis"));
        put_rule(cli, basis);
        (void)fputc('\n', stdout);
    }
    if (denied != NULL) {
        (void)printf("  %s: ", text_say(cli->lang, "cli.explain-denied"));
        put_rule(cli, denied);
        (void)fputc('\n', stdout);
    }
    put_list(cli, decision, "withheld", "cli.explain-withheld", "field");
    put_coarse(cli, decision);
    put_list(cli, decision, "conditions", "cli.explain-conditions", "condition");
    put_list(cli, decision, "audience", "cli.explain-audience", "branch");
    put_list(cli, decision, "duties", "cli.explain-duties", "office");
    put_list(cli, decision, "offices", "cli.explain-offices", "office");
}

static const struct {
    const char *name, *phrase;
} connectives[] = { { "all", "cli.explain-all" },
                    { "any", "cli.explain-any" },
                    { "not", "cli.explain-not" } };

static void put_values(struct cli *cli, const struct json *values)
{
    for (size_t i = 0; i < json_count(values); i++) {
        const struct json *value = json_item(values, i);
        (void)fputs(i > 0 ? ", " : "", stdout);
        put(value->kind == JSON_STRING ? term_clean(cli->arena, value->string)
                                       : cli_plain(cli, value));
    }
}

/* "offence terrorism.* (the record: drugs): no". */
static void put_test(struct cli *cli, const struct json *test)
{
    int64_t number = 0;
    say(cli, "cli.explain-test-", json_get_text(test, "test"));
    (void)fputs(" ", stdout);
    put_values(cli, json_get(test, "in"));
    if (json_count(json_get(test, "in")) == 0 && json_get_integer(test, "number", &number))
        (void)printf("%lld", (long long)number);
    if (json_count(json_get(test, "value")) > 0) {
        (void)printf(" (%s: ", text_say(cli->lang, "cli.explain-value"));
        put_values(cli, json_get(test, "value"));
        (void)fputs(json_get_bool(test, "doubt") ? ", …)" : ")", stdout);
    }
}

static void put_truth(struct cli *cli, const struct json *node)
{
    (void)fputs(": ", stdout);
    say(cli, "cli.explain-truth-", json_get_text(node, "truth"));
    (void)fputc('\n', stdout);
}

/* The agreement language nests eight deep; what an answer says may be anything. */
static void put_node(struct cli *cli, const struct json *node, int depth)
{
    if (node == NULL || depth > CONDITION_DEPTH_MAX)
        return;
    (void)printf("%*s", 6 + 2 * depth, "");
    for (size_t i = 0; i < sizeof(connectives) / sizeof(connectives[0]); i++) {
        const struct json *items = json_get(node, connectives[i].name);
        if (items == NULL)
            continue;
        (void)fputs(text_say(cli->lang, connectives[i].phrase), stdout);
        put_truth(cli, node);
        for (size_t k = 0; k < json_count(items); k++)
            put_node(cli, json_item(items, k), depth + 1);
        return;
    }
    put_test(cli, node);
    put_truth(cli, node);
}

static void put_conditions(struct cli *cli, const struct json *step)
{
    static const struct {
        const char *name, *phrase;
    } parts[] = { { "where", "cli.explain-where" }, { "unless", "cli.explain-unless" } };
    for (size_t i = 0; i < 2; i++) {
        const struct json *condition = json_get(step, parts[i].name);
        if (condition == NULL)
            continue;
        (void)printf("    %s:\n", text_say(cli->lang, parts[i].phrase));
        put_node(cli, condition, 0);
    }
}

/* ---- what would have to change ---- */

static void put_need(struct cli *cli, const struct json *need)
{
    struct text what = json_get_text(need, "what");
    const struct json *none_of = json_get(need, "none_of");
    int64_t persons = 0;
    (void)fputs("    - ", stdout);
    if (text_is(what, "condition")) {
        say(cli, "cli.explain-must-", json_get_text(need, "must"));
        (void)fputs(": ", stdout);
        put_test(cli, need);
    } else if (json_get_integer(need, "persons", &persons)) {
        (void)printf("%s: %lld", text_say(cli->lang, "cli.explain-need-persons"),
                     (long long)persons);
    } else if (none_of != NULL) {
        (void)printf("%s: ", text_say(cli->lang, "cli.explain-need-other-use"));
        put_values(cli, none_of);
    } else {
        say(cli, "cli.explain-need-", what);
    }
    (void)fputs(" ", stdout);
    put_values(cli, json_get(need, "one_of"));
    if (json_get(need, "rule") != NULL)
        put_rule(cli, json_get(need, "rule"));
    if (json_get(need, "state") != NULL)
        say(cli, "cli.explain-step-", json_get_text(need, "state"));
    static const char *const texts[] = { "mode", "up_to", "until", "member", "office" };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        put(term_clean(cli->arena, json_get_text(need, texts[i])));
    (void)fputc('\n', stdout);
}

static void put_remedies(struct cli *cli, const struct json *remedies)
{
    if (json_count(remedies) > 0)
        (void)printf("%s\n", text_say(cli->lang, "cli.explain-remedies"));
    for (size_t i = 0; i < json_count(remedies); i++) {
        const struct json *needs = json_get(json_item(remedies, i), "need");
        (void)fputs("  - ", stdout);
        put_rule(cli, json_item(remedies, i));
        (void)fputc('\n', stdout);
        for (size_t k = 0; k < json_count(needs); k++)
            put_need(cli, json_item(needs, k));
    }
}

void cli_show_explanation(struct cli *cli, const struct json *answer)
{
    const struct json *decision = json_get(answer, "decision");
    const struct json *steps = json_get(answer, "steps");
    if (json_get_bool(answer, "halted"))
        cli_line(cli, text_literal(text_say(cli->lang, "cli.explain-halted")));
    put_decision(cli, decision != NULL ? decision : answer);
    for (size_t i = 0; i < json_count(steps); i++) {
        const struct json *step = json_item(steps, i);
        (void)fputs("  - ", stdout);
        put_rule(cli, step);
        (void)fputs(" (", stdout);
        say(cli, "cli.explain-layer-", json_get_text(step, "layer"));
        (void)fputs(", ", stdout);
        put(term_clean(cli->arena, json_get_text(step, "do")));
        (void)fputs("): ", stdout);
        say(cli, "cli.explain-step-", json_get_text(step, "result"));
        (void)fputc('\n', stdout);
        put_conditions(cli, step);
    }
    put_remedies(cli, json_get(answer, "remedies"));
}
