#include "catalogue/show.h"

#include "catalogue/entry.h"
#include "catalogue/priority.h"

static void set_said(struct arena *arena, struct json *out, const char *name, struct said said)
{
    struct json both = json_object();
    if (said.en[0] == '\0')
        return;
    json_set(arena, &both, "en", json_literal(said.en));
    json_set(arena, &both, "fr", json_literal(said.fr));
    json_set(arena, out, name, both);
}

static void set_text(struct arena *arena, struct json *out, const char *name, const char *text)
{
    if (text[0] != '\0')
        json_set(arena, out, name, json_literal(text));
}

static struct json words_json(struct arena *arena, const char *words)
{
    struct json list = json_array();
    struct text rest = text_literal(words);
    struct text word;
    while (word_next(&rest, &word))
        json_push(arena, &list, json_string(word));
    return list;
}

static void set_words(struct arena *arena, struct json *out, const char *name, const char *words)
{
    if (words[0] != '\0')
        json_set(arena, out, name, words_json(arena, words));
}

/* The codes of a mask; nothing when it is empty. */
static void set_codes(struct arena *arena, struct json *out, const char *name,
                      enum code_list list, uint32_t mask)
{
    struct json codes = json_array();
    for (size_t i = 0; i < code_count(list) && i < 32; i++) {
        if ((mask >> i & 1) != 0)
            json_push(arena, &codes, json_literal(code_row(list, i)->code));
    }
    if (json_count(&codes) > 0)
        json_set(arena, out, name, codes);
}

static void set_positive(struct arena *arena, struct json *out, const char *name, int value)
{
    if (value > 0)
        json_set_integer(arena, out, name, value);
}

static const char *flag_name(const struct category_rules *rules)
{
    switch (rules->flag) {
    case FLAG_NO:
        return "no";
    case FLAG_NOT_SHOWN:
        return "not-shown";
    case FLAG_ACTION:
        return code_row(CODE_ACTION, (size_t)rules->flagged_action)->code;
    case FLAG_ANY:
        break;
    }
    return "any";
}

static const char *category_name(const struct category_rules *rules)
{
    return rules->category == CODE_RAW ? "*"
                                       : code_row(CODE_CATEGORY, (size_t)rules->category)->code;
}

/* What stands in the list and in the card of a category. */
static struct json head_json(const struct category_rules *rules, struct arena *arena)
{
    struct json out = json_object();
    json_set(arena, &out, "category", json_literal(category_name(rules)));
    set_codes(arena, &out, "kinds", CODE_KIND, rules->kinds);
    set_positive(arena, &out, "review_months", rules->review_months);
    json_set(arena, &out, "flag", json_literal(flag_name(rules)));
    set_text(arena, &out, "basis", rules->basis);
    set_words(arena, &out, "unverified", rules->unverified);
    return out;
}

static const char *unit_name(enum period_unit unit)
{
    static const char *const names[] = { "hours", "days", "working-days", "months", "years" };
    return names[unit];
}

static void list_periods(const struct edition *edition, struct arena *arena, struct json *out)
{
    struct json list = json_array();
    for (size_t i = 0; i < edition->period_count; i++) {
        const struct period *period = &edition->periods[i];
        struct json one = json_object();
        json_set(arena, &one, "name", json_literal(period->name));
        json_set_integer(arena, &one, "count", period->count);
        json_set(arena, &one, "unit", json_literal(unit_name(period->unit)));
        set_said(arena, &one, "text", period->text);
        set_text(arena, &one, "basis", period->basis);
        set_words(arena, &one, "unverified", period->unverified);
        json_push(arena, &list, one);
    }
    json_set(arena, out, "periods", list);
}

static void list_rules(const struct edition *edition, struct arena *arena, struct json *out)
{
    struct json list = json_array();
    for (size_t i = 0; i < edition->rule_count; i++) {
        const struct statement_of_law *rule = &edition->rules[i];
        struct json one = json_object();
        json_set(arena, &one, "name", json_literal(rule->name));
        set_said(arena, &one, "text", rule->text);
        set_text(arena, &one, "basis", rule->basis);
        set_words(arena, &one, "unverified", rule->unverified);
        json_push(arena, &list, one);
    }
    json_set(arena, out, "statements", list);
}

static struct json edition_json(const struct edition *edition, struct arena *arena)
{
    struct json out = json_object();
    json_set(arena, &out, "edition", json_literal(edition->name));
    set_said(arena, &out, "title", edition->title);
    json_set(arena, &out, "status", json_literal(edition->law ? "law" : "model"));
    return out;
}

struct json catalogue_list(const struct edition *edition, struct arena *arena)
{
    struct json out = edition_json(edition, arena);
    struct json editions = json_array();
    struct json items = json_array();
    set_text(arena, &out, "sources", edition->sources);
    for (size_t i = 0; i < edition_count(); i++)
        json_push(arena, &editions, json_literal(edition_at(i)->name));
    json_set(arena, &out, "editions", editions);
    for (size_t i = 0; i < edition->category_count; i++)
        json_push(arena, &items, head_json(&edition->categories[i], arena));
    json_set(arena, &out, "items", items);
    list_periods(edition, arena, &out);
    list_rules(edition, arena, &out);
    return out;
}

/* -- one category ------------------------------------------------------------------------- */

static void set_closed(struct arena *arena, struct json *out, const struct closed_list *closed)
{
    if (closed == NULL)
        return;
    set_words(arena, out, "closed", closed->attributes);
    set_words(arena, out, "misused", closed->misused);
    set_text(arena, out, "last_resort", closed->resort);
    set_words(arena, out, "behind", closed->behind);
}

static struct json rules_json(const struct category_rules *rules, struct arena *arena)
{
    struct json out = head_json(rules, arena);
    struct json required = json_array();
    set_said(arena, &out, "asked", rules->asked);
    set_said(arena, &out, "does", rules->does);
    for (size_t i = 0; i < CATALOGUE_FIELDS; i++) {
        if ((rules->required >> i & 1) != 0)
            json_push(arena, &required, json_literal(catalogue_field_name(i)));
    }
    json_set(arena, &out, "required", required);
    set_codes(arena, &out, "action", CODE_ACTION, rules->actions);
    set_codes(arena, &out, "check", CODE_CHECK, rules->checks);
    set_codes(arena, &out, "decisions", CODE_DECISION, rules->decisions);
    set_closed(arena, &out, rules->closed);
    set_text(arena, &out, "values", rules->values);
    set_positive(arena, &out, "review_long_months", rules->review_long_months);
    set_positive(arena, &out, "review_long_above", rules->review_long_above);
    set_positive(arena, &out, "penalty_months", rules->penalty_months);
    set_positive(arena, &out, "served_months", rules->served_months);
    return out;
}

static const char *entry_name(enum entry entry)
{
    static const char *const names[] = { "enter", "enter-at-once", "consult", "queue", "refuse" };
    return names[entry];
}

static struct json class_json(const struct priority_table *table, size_t index,
                              struct arena *arena)
{
    const struct alert_class *class = &table->classes[index];
    struct json out = json_object();
    struct json with = json_array();
    bool at_once = (table->at_once >> index & 1) != 0;
    json_set(arena, &out, "table", json_literal(table->name));
    json_set(arena, &out, "class", json_literal(class->name));
    json_set_integer(arena, &out, "rank", (int64_t)index + 1);
    set_words(arena, &out, "alerts", class->alerts);
    for (size_t i = 0; i < table->class_count; i++) {
        if ((class->with >> i & 1) != 0)
            json_push(arena, &with, json_literal(table->classes[i].name));
    }
    json_set(arena, &out, "compatible", with);
    json_set(arena, &out, "lower",
             json_literal(entry_name(at_once ? ENTRY_AT_ONCE : table->lower)));
    json_set(arena, &out, "higher",
             json_literal(entry_name(at_once ? ENTRY_AT_ONCE : table->higher)));
    set_text(arena, &out, "basis", table->basis);
    set_words(arena, &out, "unverified", class->unverified);
    return out;
}

/* The category stands in the class, with whatever check type. */
static bool class_holds(const struct alert_class *class, struct text category)
{
    struct text rest = text_literal(class->alerts);
    struct text word;
    while (word_next(&rest, &word)) {
        if (text_equal(text_split(&word, ':'), category))
            return true;
    }
    return false;
}

static struct json classes_json(const struct edition *edition, struct text category,
                                struct arena *arena)
{
    struct json list = json_array();
    for (size_t i = 0; i < edition->table_count; i++) {
        const struct priority_table *table = &edition->tables[i];
        for (size_t j = 0; j < table->class_count; j++) {
            if (class_holds(&table->classes[j], category))
                json_push(arena, &list, class_json(table, j, arena));
        }
    }
    return list;
}

/* What becomes of each check type that the law of a state forbids. */
static struct json downgrades_json(const struct edition *edition, uint32_t checks,
                                   struct arena *arena)
{
    struct json list = json_array();
    for (size_t i = 0; i < code_count(CODE_CHECK) && i < 32; i++) {
        int becomes = edition_downgrade(edition, (int)i, 1u << i);
        struct json one = json_object();
        if ((checks >> i & 1) == 0 || code_row(CODE_CHECK, i)->parent >= 0)
            continue;
        json_set(arena, &one, "forbidden", json_literal(code_row(CODE_CHECK, i)->code));
        json_set(arena, &one, "becomes",
                 json_literal(becomes < 0 ? "none"
                                          : code_row(CODE_CHECK, (size_t)becomes)->code));
        json_push(arena, &list, one);
    }
    return list;
}

struct err catalogue_show(const struct edition *edition, struct text category,
                          struct arena *arena, struct json *out)
{
    int number = code_find(CODE_CATEGORY, category);
    struct json rules = json_array();
    uint32_t checks = 0;
    bool any = false;
    if (number < 0)
        return err_make(ERR_NOT_FOUND, "catalogue.no-such-category");
    for (size_t i = 0; i < edition->category_count; i++)
        any = any || edition->categories[i].category == number;
    for (size_t i = 0; i < edition->category_count; i++) {
        const struct category_rules *one = &edition->categories[i];
        if (one->category != (any ? number : CODE_RAW))
            continue;
        checks |= one->checks;
        json_push(arena, &rules, rules_json(one, arena));
    }
    if (json_count(&rules) == 0)
        return err_make(ERR_NOT_FOUND, "catalogue.not-covered");
    *out = edition_json(edition, arena);
    json_set_text(arena, out, "category", category);
    json_set(arena, out, "rules", rules);
    json_set(arena, out, "priority", classes_json(edition, category, arena));
    if (checks != 0)
        json_set(arena, out, "downgrade", downgrades_json(edition, checks, arena));
    return arena_check(arena);
}
