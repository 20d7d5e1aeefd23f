/* A decision in sentences. The codes are the treaty's; the sentences the catalogue's. */
#include <stdio.h>

#include "cli/cli.h"

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
        put(cli_label(cli, list, json_item(items, i)->string));
    }
    (void)fputc('\n', stdout);
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
    put_list(cli, decision, "conditions", "cli.explain-conditions", "condition");
    put_list(cli, decision, "offices", "cli.explain-offices", "office");
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
    }
}
