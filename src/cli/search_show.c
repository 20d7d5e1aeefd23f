/* A hit is a request of its owner, never an order, and never proof of identity: the reasons, what
 * contradicts and what was not compared stand beside the score's band. */
#include <stdio.h>

#include "cli/search.h"

enum { HASH_SHOWN = 12 };

static void put(struct text text)
{
    (void)fwrite(text.data, 1, text.len, stdout);
}

static struct text clean(struct cli *cli, const struct json *object, const char *name)
{
    return term_clean(cli->arena, json_get_text(object, name));
}

static const char *say(struct cli *cli, const char *id)
{
    return text_say(cli->lang, id);
}

static struct text with_prefix(struct cli *cli, const char *prefix, struct text id)
{
    return cli_sentence(cli, arena_join(cli->arena, text_literal(prefix), id));
}

static void warnings(struct cli *cli, const struct json *hit)
{
    const struct json *list = json_get(hit, "warnings");
    if (json_count(list) == 0)
        return;
    (void)printf("   %s%s: ", term_style(&cli->out, TERM_RED), say(cli, "cli.search-warning"));
    for (size_t i = 0; i < json_count(list); i++) {
        (void)fputs(i > 0 ? ", " : "", stdout);
        put(cli_label(cli, "warning", json_item_text(list, i)));
    }
    (void)printf("%s\n", term_style(&cli->out, TERM_PLAIN));
}

static void owner(struct cli *cli, const struct json *hit)
{
    const struct json *basis = json_get(hit, "basis");
    struct text source = clean(cli, hit, "source");
    struct text as_of = clean(cli, hit, "as_of");
    (void)printf("   %s ", say(cli, "cli.search-owner"));
    put(clean(cli, hit, "owner"));
    if (basis != NULL) {
        struct text hash = text_slice(clean(cli, basis, "agreement"), 0, HASH_SHOWN);
        (void)printf("; %s ", say(cli, "cli.search-basis"));
        put(hash);
        (void)printf(" %s ", say(cli, "cli.search-clause"));
        put(clean(cli, basis, "clause"));
    } else if (source.len > 0) {
        (void)printf("; %s", say(cli, "cli.search-source"));
    } else {
        (void)printf("; %s", say(cli, "cli.search-ours"));
    }
    if (as_of.len > 0) {
        (void)printf("; %s ", say(cli, "cli.search-as-of"));
        put(as_of);
    }
    (void)fputc('\n', stdout);
}

/* The owner's wish beside what it does on our soil (I13). */
static void alert(struct cli *cli, const struct json *alert)
{
    const struct json *effect = json_get(alert, "effect");
    struct text action = json_get_text(alert, "action");
    struct text reason = clean(cli, alert, "reason");
    (void)fputs("   ", stdout);
    put(clean(cli, alert, "id"));
    (void)fputs(" ", stdout);
    put(cli_label(cli, "category", json_get_text(alert, "category")));
    if (action.len > 0) {
        (void)printf("; %s: ", say(cli, "cli.search-asks"));
        put(cli_label(cli, "action", action));
    }
    if (effect != NULL) {
        struct text reduced = json_get_text(effect, "reduced_to");
        (void)printf("; %s: %s", say(cli, "cli.search-soil"),
                     term_style(&cli->out, TERM_BOLD));
        put(with_prefix(cli, "cli.effect-", json_get_text(effect, "effect")));
        if (reduced.len > 0) {
            (void)fputs(" ", stdout);
            put(cli_label(cli, "action", reduced));
        }
        (void)fputs(term_style(&cli->out, TERM_PLAIN), stdout);
    }
    if (reason.len > 0) {
        (void)fputs("\n      ", stdout);
        put(reason);
    }
    (void)fputc('\n', stdout);
}

/* What wildcards stand for: "; filled in: X, 34". */
static void filled(struct cli *cli, const struct json *list)
{
    for (size_t i = 0; i < json_count(list); i++) {
        struct text part = term_clean(cli->arena, json_item_text(list, i));
        (void)fputs(i > 0 ? ", " : "; ", stdout);
        if (i == 0)
            (void)printf("%s ", say(cli, "cli.search-filled"));
        put(part.len > 0 ? part : TEXT("–"));
    }
}

/* "= name: Same word. (asked / held)" */
static void reasons(struct cli *cli, const struct json *hit, const char *relation,
                    const char *sign, enum term_style style)
{
    const struct json *list = json_get(hit, "reasons");
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_item(list, i);
        struct text asked = clean(cli, one, "asked");
        struct text held = clean(cli, one, "held");
        if (!text_is(json_get_text(one, "relation"), relation))
            continue;
        (void)printf("   %s%s ", term_style(&cli->out, style), sign);
        put(with_prefix(cli, "cli.search-field-", json_get_text(one, "field")));
        (void)fputs(": ", stdout);
        put(cli_sentence(cli, json_get_text(one, "rule")));
        if (asked.len + held.len > 0) {
            (void)fputs(" (", stdout);
            put(asked);
            (void)fputs(" / ", stdout);
            put(held);
            filled(cli, json_get(one, "filled"));
            (void)fputs(")", stdout);
        }
        (void)printf("%s\n", term_style(&cli->out, TERM_PLAIN));
    }
}

static void all_reasons(struct cli *cli, const struct json *hit)
{
    reasons(cli, hit, "agree", "=", TERM_PLAIN);
    reasons(cli, hit, "close", "~", TERM_PLAIN);
    reasons(cli, hit, "contradict", "!", TERM_YELLOW);
    reasons(cli, hit, "not-compared", "?", TERM_DIM);
}

void search_show_verdict(struct cli *cli, const struct json *verdict)
{
    int64_t score = 0;
    int64_t version = 0;
    (void)json_get_integer(verdict, "score", &score);
    (void)json_get_integer(verdict, "score_version", &version);
    (void)fputs(term_style(&cli->out, TERM_BOLD), stdout);
    put(with_prefix(cli, "cli.band-", json_get_text(verdict, "band")));
    (void)printf("%s  %s %.1f  (%s %lld)\n", term_style(&cli->out, TERM_PLAIN),
                 say(cli, "cli.compare-score"), (double)score / 10,
                 say(cli, "cli.compare-version"), (long long)version);
    all_reasons(cli, verdict);
}

void search_show_card(struct cli *cli, const struct json *card)
{
    const struct json *alerts = json_get(card, "alerts");
    warnings(cli, card);
    owner(cli, card);
    for (size_t i = 0; i < json_count(alerts); i++)
        alert(cli, json_item(alerts, i));
}

static void show_hit(struct cli *cli, size_t number, const struct json *hit)
{
    (void)printf("%s%zu. ", term_style(&cli->out, TERM_BOLD), number);
    put(with_prefix(cli, "cli.band-", json_get_text(hit, "band")));
    (void)fputs("  ", stdout);
    put(clean(cli, hit, "name"));
    (void)printf("%s  ", term_style(&cli->out, TERM_PLAIN));
    put(cli_label(cli, "kind", json_get_text(hit, "kind")));
    (void)fputs("  ", stdout);
    put(clean(cli, hit, "record"));
    (void)fputc('\n', stdout);
    search_show_card(cli, hit);
    all_reasons(cli, hit);
    (void)fputc('\n', stdout);
}

/* What was asked, and how fresh: what a "no hit" is worth. */
static void searched(struct cli *cli, const struct json *answer)
{
    const struct json *of = json_get(answer, "searched");
    const struct json *partners = json_get(of, "partners");
    int64_t records = 0;
    (void)json_get_integer(of, "records", &records);
    (void)printf("%s %lld; ", say(cli, "cli.search-searched"), (long long)records);
    put(clean(cli, of, "at"));
    (void)fputc('\n', stdout);
    if (json_get_bool(of, "partial"))
        (void)printf("%s\n", say(cli, "cli.search-partial"));
    for (size_t i = 0; i < json_count(partners); i++) {
        const struct json *one = json_item(partners, i);
        (void)fputs("  ", stdout);
        put(clean(cli, one, "partner"));
        (void)printf(": %s ", say(cli, "cli.search-heard"));
        put(clean(cli, one, "heard"));
        (void)fputc('\n', stdout);
    }
}

/* Nothing is cut silently: what was asked for is not told apart from others without more. */
static void too_common(struct cli *cli, const struct json *narrow)
{
    (void)printf("%s ", say(cli, "cli.search-common"));
    for (size_t i = 0; i < json_count(narrow); i++) {
        (void)fputs(i > 0 ? ", " : "", stdout);
        put(with_prefix(cli, "cli.search-field-", json_item_text(narrow, i)));
    }
    (void)printf("%s\n", json_count(narrow) > 0 ? "" : say(cli, "cli.search-fuller"));
}

void search_show(struct cli *cli, const struct json *answer)
{
    const struct json *hits = json_get(answer, "hits");
    for (size_t i = 0; i < json_count(hits); i++)
        show_hit(cli, i + 1, json_item(hits, i));
    if (json_get_bool(answer, "too_common"))
        too_common(cli, json_get(answer, "narrow"));
    else if (json_count(hits) == 0)
        (void)printf("%s\n", say(cli, "cli.search-none"));
    searched(cli, answer);
    struct text_param stands[] = { { "watch", json_get_text(answer, "watch") },
                                   { "until", json_get_text(answer, "until") } };
    if (stands[0].value.len > 0)
        cli_line(cli, text_fill(cli->arena, cli->lang, "cli.search-stands", stands, 2));
}
