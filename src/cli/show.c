/* Answers for people: labels for members and codes where the catalogue has them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { ID_MAX = 160, INDENT = 2, INDENT_MAX = 40 };

/* Which code list a member's values come from. */
static const struct {
    const char *member;
    const char *list;
} lists[] = {
    { "action", "action" },         { "category", "category" },
    { "purpose", "purpose" },       { "purposes", "purpose" },
    { "outcome", "outcome" },       { "classification", "classification" },
    { "kind", "kind" },             { "warnings", "warning" },
    { "sex", "sex" },               { "conditions", "condition" },
    { "subject", "subject" },       { "check", "check" },
    { "ground", "ground" },         { "clearance", "classification" },
    { "ceiling", "classification" }, { "reduced_to", "action" },
    { "kinds", "kind" },            { "decisions", "decision" },
    { "forbidden", "check" },       { "becomes", "check" },
};

void cli_printf(struct cli *cli, const char *format, ...)
{
    va_list list;
    (void)cli;
    va_start(list, format);
    (void)vprintf(format, list);
    va_end(list);
}

/* The catalogue's sentence for `before` and `id`, if there is one. */
static const char *known(struct cli *cli, const char *before, struct text id)
{
    char name[ID_MAX];
    int len = snprintf(name, sizeof(name), "%s%.*s", before, (int)id.len, id.data);
    if (len < 0 || (size_t)len >= sizeof(name) || !text_known(name))
        return NULL;
    return text_say(cli->lang, name);
}

struct text cli_sentence(struct cli *cli, struct text id)
{
    const char *found = known(cli, "", id);
    return found == NULL ? term_clean(cli->arena, id) : text_literal(found);
}

struct text cli_label(struct cli *cli, const char *list, struct text code)
{
    char before[ID_MAX];
    (void)snprintf(before, sizeof(before), "code.%s.", list);
    const char *found = known(cli, before, code);
    return found == NULL ? term_clean(cli->arena, code) : text_literal(found);
}

static struct text member_label(struct cli *cli, struct text member)
{
    const char *found = known(cli, "cli.field-", member);
    return found == NULL ? term_clean(cli->arena, member) : text_literal(found);
}

static struct text scalar(struct cli *cli, struct text member, const struct json *value)
{
    if (value->kind == JSON_STRING) {
        if (text_is(member, "rule") || text_is(member, "code"))
            return cli_sentence(cli, value->string);
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            if (text_is(member, lists[i].member))
                return cli_label(cli, lists[i].list, value->string);
        }
        return term_clean(cli->arena, value->string);
    }
    return cli_plain(cli, value);
}

static bool is_scalar(const struct json *value)
{
    return value->kind != JSON_ARRAY && value->kind != JSON_OBJECT;
}

static bool all_scalar(const struct json *array)
{
    for (size_t i = 0; i < json_count(array); i++) {
        if (!is_scalar(json_item(array, i)))
            return false;
    }
    return true;
}

static void show_value(struct cli *cli, const struct json *value, int depth);

static void print_text(struct text text)
{
    (void)fwrite(text.data, 1, text.len, stdout);
}

static void show_inline(struct cli *cli, struct text member, const struct json *array)
{
    for (size_t i = 0; i < json_count(array); i++) {
        if (i > 0)
            (void)fputs(", ", stdout);
        print_text(scalar(cli, member, json_item(array, i)));
    }
    (void)fputc('\n', stdout);
}

static void show_member(struct cli *cli, const struct json_member *m, int depth)
{
    (void)printf("%*s%s", depth, "", term_style(&cli->out, TERM_DIM));
    print_text(member_label(cli, m->name));
    (void)printf(":%s ", term_style(&cli->out, TERM_PLAIN));
    if (is_scalar(&m->value)) {
        print_text(scalar(cli, m->name, &m->value));
        (void)fputc('\n', stdout);
    } else if (m->value.kind == JSON_ARRAY && all_scalar(&m->value)) {
        show_inline(cli, m->name, &m->value);
    } else {
        (void)fputc('\n', stdout);
        show_value(cli, &m->value, depth + INDENT);
    }
}

static void show_value(struct cli *cli, const struct json *value, int depth)
{
    if (depth > INDENT_MAX)
        depth = INDENT_MAX;
    if (value->kind == JSON_OBJECT) {
        for (uint32_t i = 0; i < json_count(value); i++)
            show_member(cli, &value->members[i], depth);
        return;
    }
    if (value->kind != JSON_ARRAY) {
        (void)printf("%*s", depth, "");
        print_text(scalar(cli, TEXT(""), value));
        (void)fputc('\n', stdout);
        return;
    }
    for (size_t i = 0; i < json_count(value); i++) {
        (void)printf("%*s-\n", depth, "");
        show_value(cli, json_item(value, i), depth + INDENT);
    }
}

/* What a reader must see first; all else follows in the answer's order. */
static const char *const first[] = { "warnings", "record", "kind", "owner", "from", "as_of",
                                     "alerts" };
enum { FIRST = sizeof(first) / sizeof(first[0]) };

static bool is_first(struct text name)
{
    for (size_t i = 0; i < FIRST; i++) {
        if (text_is(name, first[i]))
            return true;
    }
    return false;
}

void cli_show(struct cli *cli, const struct json *value)
{
    if (value->kind != JSON_OBJECT) {
        if (value->kind != JSON_NULL)
            show_value(cli, value, 0);
        return;
    }
    for (size_t i = 0; i < FIRST; i++) {
        struct json_member member = { .name = text_literal(first[i]) };
        const struct json *found = json_get(value, first[i]);
        if (found == NULL)
            continue;
        member.value = *found;
        show_member(cli, &member, 0);
    }
    for (uint32_t i = 0; i < json_count(value); i++) {
        if (!is_first(value->members[i].name))
            show_member(cli, &value->members[i], 0);
    }
}
