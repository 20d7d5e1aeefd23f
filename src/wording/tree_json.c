/* The tree as neutral JSON, and the hash over its canonical bytes. What is not said is absent. */
#include "wording/tree_json.h"

#include "core/encode.h"
#include "wording/parts.h"

const char *test_name(enum condition_test test)
{
    static const char *const names[TESTS] = {
        [TEST_CATEGORY] = "category",
        [TEST_KIND] = "kind",
        [TEST_OFFENCE] = "offence",
        [TEST_SUBJECT] = "subject",
        [TEST_NATIONALITY] = "nationality",
        [TEST_WARNING] = "warning",
        [TEST_GRADING] = "grading",
        [TEST_CLASSIFICATION] = "classification",
        [TEST_AGE] = "age",
        [TEST_DEATH] = "death",
        [TEST_NOTE] = "note",
        [TEST_ASSURANCE] = "assurance",
        [TEST_HANDLING] = "handling",
        [TEST_ACTION] = "action",
        [TEST_UNIT] = "unit",
        [TEST_PENALTY] = "penalty",
        [TEST_SENTENCE] = "sentence",
        [TEST_THIRD] = "third-party",
        [TEST_DUAL] = "dual-criminality",
        [TEST_URGENT] = "urgent",
    };
    return names[test];
}

struct json codes_json(struct codes codes, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < codes.count; i++)
        json_push(arena, &out, json_string(codes.items[i]));
    return out;
}

void json_set_codes(struct arena *arena, struct json *out, const char *name, struct codes codes)
{
    if (codes.count > 0)
        json_set(arena, out, name, codes_json(codes, arena));
}

void json_set_rate(struct arena *arena, struct json *out, struct rate rate)
{
    json_set_integer(arena, out, "count", rate.count);
    json_set_text(arena, out, "per", span_unit_code(rate.per));
}

static void set_text(struct arena *arena, struct json *out, const char *name, struct text text)
{
    if (text.len > 0)
        json_set_text(arena, out, name, text);
}

static struct json condition_json(const struct condition *condition, struct arena *arena)
{
    static const char *const names[] = {
        [CONDITION_NOT] = "not", [CONDITION_ALL] = "all", [CONDITION_ANY] = "any"
    };
    struct json out = json_object();
    if (condition->op != CONDITION_TEST) {
        struct json items = json_array();
        for (uint32_t i = 0; i < condition->count; i++)
            json_push(arena, &items, condition_json(&condition->items[i], arena));
        json_set(arena, &out, names[condition->op], items);
        return out;
    }
    json_set_text(arena, &out, "test", text_literal(test_name(condition->test)));
    json_set_codes(arena, &out, "in", condition->codes);
    if (condition->number > 0)
        json_set_integer(arena, &out, "number", condition->number);
    return out;
}

static void set_span(struct arena *arena, struct json *out, const char *name, struct span span)
{
    struct json value = json_object();
    if (span.count == 0)
        return;
    json_set_integer(arena, &value, "count", span.count);
    json_set_text(arena, &value, "unit", span_unit_code(span.unit));
    json_set(arena, out, name, value);
}

static void set_part(struct arena *arena, struct json *out, const struct part *part,
                     const struct clause *clause)
{
    const uint8_t *field = (const uint8_t *)clause + part->offset;
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    struct json value = json_object();
    switch (part->type) {
    case PART_CODES:
        memcpy(&codes, field, sizeof(codes));
        json_set_codes(arena, out, part->name, codes);
        break;
    case PART_SPAN:
        memcpy(&span, field, sizeof(span));
        set_span(arena, out, part->name, span);
        break;
    case PART_LEVEL:
        json_set_text(arena, out, part->name, level_code(clause->ceiling));
        break;
    case PART_MODE:
        json_set_text(arena, out, part->name, mode_code(clause->mode));
        break;
    case PART_FLAG:
        json_set(arena, out, part->name, json_bool(true));
        break;
    case PART_RATE:
        memcpy(&rate, field, sizeof(rate));
        json_set_rate(arena, &value, rate);
        json_set(arena, out, part->name, value);
        break;
    case PART_STRING:
        memcpy(&text, field, sizeof(text));
        json_set_text(arena, out, part->name, text);
        break;
    }
}

static struct json clause_json(const struct clause *clause, struct arena *arena)
{
    struct json out = json_object();
    json_set_text(arena, &out, "do", text_literal(clause_forms[clause->kind].name));
    json_set_codes(arena, &out, "codes", clause->codes);
    json_set_codes(arena, &out, "from", clause->from);
    json_set_codes(arena, &out, "to", clause->to);
    json_set_codes(arena, &out, "offices", clause->offices);
    set_text(arena, &out, "text", clause->text);
    set_text(arena, &out, "way", way_code(clause->way));
    if (clause->persons > 0)
        json_set_integer(arena, &out, "persons", clause->persons);
    if (clause->where_opt != NULL)
        json_set(arena, &out, "where", condition_json(clause->where_opt, arena));
    if (clause->unless_opt != NULL)
        json_set(arena, &out, "unless", condition_json(clause->unless_opt, arena));
    for (size_t i = 0; i < PARTS; i++) {
        if (part_present(&clause_parts[i], clause))
            set_part(arena, &out, &clause_parts[i], clause);
    }
    return out;
}

static struct json clauses_json(const struct clause *clauses, uint32_t count, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < count; i++)
        json_push(arena, &out, clause_json(&clauses[i], arena));
    return out;
}

static void set_titles(struct arena *arena, struct json *out, struct titles titles)
{
    struct json items = json_array();
    for (uint32_t i = 0; i < titles.count; i++) {
        struct json item = json_object();
        set_text(arena, &item, "language", titles.items[i].language);
        json_set_text(arena, &item, "text", titles.items[i].text);
        json_push(arena, &items, item);
    }
    if (titles.count > 0)
        json_set(arena, out, "titles", items);
}

static void set_date(struct arena *arena, struct json *out, const char *name, struct date date)
{
    if (date.year != 0)
        json_set_text(arena, out, name, date_format(arena, date));
}

static struct json articles_json(const struct treaty *treaty, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        struct json item = json_object();
        json_set_integer(arena, &item, "number", article->number);
        set_titles(arena, &item, article->titles);
        json_set(arena, &item, "clauses", clauses_json(article->clauses, article->count, arena));
        json_push(arena, &out, item);
    }
    return out;
}

struct json reservations_to_json(const struct reservations *reservations, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < reservations->count; i++) {
        const struct reservation *reservation = &reservations->items[i];
        struct json item = json_object();
        json_set_text(arena, &item, "party", reservation->party);
        json_set_integer(arena, &item, "article", reservation->article);
        if (reservation->clause != 0)
            json_set_integer(arena, &item, "clause", reservation->clause);
        if (reservation->not_bound)
            json_set(arena, &item, "not_bound", json_bool(true));
        json_set(arena, &item, "clauses",
                 clauses_json(reservation->clauses, reservation->count, arena));
        json_push(arena, &out, item);
    }
    return out;
}

static struct json annex_json(const struct treaty *treaty, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < treaty->annex_count; i++) {
        const struct annex_entry *entry = &treaty->annex[i];
        struct json item = json_object();
        json_set_text(arena, &item, "party", entry->party);
        json_set_text(arena, &item, "key", hex_format(arena, BYTES_OF(entry->key)));
        set_text(arena, &item, "address", entry->address);
        set_text(arena, &item, "contact", entry->contact);
        set_text(arena, &item, "signs", entry->signs);
        json_push(arena, &out, item);
    }
    return out;
}

static void set_groups(struct arena *arena, struct json *out, const struct treaty *treaty)
{
    struct json items = json_array();
    for (uint32_t i = 0; i < treaty->group_count; i++) {
        struct json item = json_object();
        json_set_text(arena, &item, "name", treaty->groups[i].name);
        json_set_codes(arena, &item, "members", treaty->groups[i].members);
        json_push(arena, &items, item);
    }
    if (treaty->group_count > 0)
        json_set(arena, out, "groups", items);
}

static void set_replaces(struct arena *arena, struct json *out, const struct treaty *treaty)
{
    struct json items = json_array();
    for (uint32_t i = 0; i < treaty->replaces_count; i++) {
        struct json item = json_object();
        json_set_text(arena, &item, "name", treaty->replaces[i].name);
        json_set_integer(arena, &item, "version", treaty->replaces[i].version);
        json_push(arena, &items, item);
    }
    if (treaty->replaces_count > 0)
        json_set(arena, out, "replaces", items);
}

static void set_tables(struct arena *arena, struct json *out, const struct treaty *treaty)
{
    struct json offences = json_array();
    struct json markings = json_array();
    for (uint32_t i = 0; i < treaty->recognition_count; i++) {
        struct json item = json_object();
        json_set_text(arena, &item, "party", treaty->recognitions[i].party);
        json_set_codes(arena, &item, "offences", treaty->recognitions[i].offences);
        json_push(arena, &offences, item);
    }
    for (uint32_t i = 0; i < treaty->marking_count; i++) {
        struct json item = json_object();
        json_set_text(arena, &item, "party", treaty->markings[i].party);
        json_set_text(arena, &item, "level", level_code(treaty->markings[i].level));
        json_set_text(arena, &item, "text", treaty->markings[i].text);
        json_push(arena, &markings, item);
    }
    if (treaty->recognition_count > 0)
        json_set(arena, out, "offences", offences);
    if (treaty->marking_count > 0)
        json_set(arena, out, "markings", markings);
}

/* When it is in force, and how that ends. */
static void set_life(struct arena *arena, struct json *out, const struct treaty *treaty)
{
    set_date(arena, out, "from", treaty->from);
    if (treaty->consent == CONSENT_RATIFICATION)
        json_set_text(arena, out, "consent", TEXT("ratification"));
    if (treaty->signatures > 0)
        json_set_integer(arena, out, "signatures", treaty->signatures);
    set_span(arena, out, "after", treaty->after);
    json_set_codes(arena, out, "provisional", treaty->provisional);
    set_date(arena, out, "until", treaty->until);
    set_span(arena, out, "renewal", treaty->renewal);
    set_span(arena, out, "renewal_notice", treaty->renewal_notice);
    set_span(arena, out, "notice", treaty->notice);
    if (treaty->leftover == LEFTOVER_KEPT)
        json_set_text(arena, out, "leftover", TEXT("kept"));
    if (treaty->amended_by > 0)
        json_set_integer(arena, out, "amended_by", treaty->amended_by);
    set_replaces(arena, out, treaty);
    json_set_codes(arena, out, "prevails", treaty->prevails);
}

struct json treaty_to_json(const struct treaty *treaty, struct arena *arena)
{
    struct reservations reservations = { treaty->reservations, treaty->reservation_count };
    struct json out = json_object();
    json_set_text(arena, &out, "agreement", treaty->name);
    json_set_integer(arena, &out, "version", treaty->version);
    set_titles(arena, &out, treaty->titles);
    set_text(arena, &out, "implements", treaty->implements);
    set_date(arena, &out, "dated", treaty->dated);
    set_text(arena, &out, "depositary", treaty->depositary);
    json_set_codes(arena, &out, "authentic", treaty->authentic);
    set_text(arena, &out, "text_sha256", treaty->text_hash);
    json_set(arena, &out, "parties", codes_json(treaty->parties, arena));
    json_set_codes(arena, &out, "accession", treaty->accession);
    set_groups(arena, &out, treaty);
    set_life(arena, &out, treaty);
    if (treaty->ceiling != LEVEL_NONE)
        json_set_text(arena, &out, "ceiling", level_code(treaty->ceiling));
    json_set_integer(arena, &out, "silence_days", treaty->silence_days);
    set_tables(arena, &out, treaty);
    json_set(arena, &out, "articles", articles_json(treaty, arena));
    if (reservations.count > 0)
        json_set(arena, &out, "reservations", reservations_to_json(&reservations, arena));
    if (treaty->annex_count > 0)
        json_set(arena, &out, "annex", annex_json(treaty, arena));
    return out;
}

struct err treaty_hash(const struct treaty *treaty, struct arena *arena, struct hash *out)
{
    struct json json = treaty_to_json(treaty, arena);
    struct bytes bytes = { 0 };
    struct err e = json_format(&json, arena, &bytes);
    if (!failed(e))
        *out = hash_of(bytes);
    return e;
}

/* The tree is what the parser makes of its canonical text: so every check stands once, in the
 * parser, and a JSON tree that says anything more or otherwise is refused. */
static struct err judge_text(struct err e, struct text *text)
{
    if (!failed(e) && failed(text_parse(text_bytes(*text), text)))
        e = err_make(ERR_INVALID, "treaty.json-shape");
    return e;
}

static struct err judge_tree(struct err e, const struct json *again, const struct json *json,
                             struct arena *arena)
{
    if (!failed(e))
        e = arena_check(arena);
    if (!failed(e) && !json_equal(again, json))
        e = err_make(ERR_INVALID, "treaty.json-shape");
    e.at = 0;
    return e;
}

struct err treaty_from_json(const struct json *json, struct arena *arena, struct treaty *out)
{
    struct treaty raw;
    struct treaty parsed;
    struct treaty_errors errors;
    struct text text;
    struct json again = json_null();
    struct err e = treaty_tree_read(json, arena, &raw);
    if (!failed(e))
        e = judge_text(treaty_print(&raw, LANGUAGE_EN, arena, &text), &text);
    if (!failed(e))
        e = treaty_parse(text, LANGUAGE_EN, arena, &errors, &parsed);
    size_t mark = arena->used;
    if (!failed(e))
        again = treaty_to_json(&parsed, arena);
    e = judge_tree(e, &again, json, arena);
    if (!failed(e)) {
        arena_rewind(arena, mark); /* it was made for the comparison alone */
        *out = parsed;
    }
    return e;
}

struct err reservations_from_json(const struct json *json, const struct treaty *treaty,
                                  struct arena *arena, struct reservations *out)
{
    struct reservations raw;
    struct reservations parsed;
    struct treaty_errors errors;
    struct text text;
    struct json again = json_null();
    struct err e = reservations_tree_read(json, arena, &raw);
    if (!failed(e))
        e = judge_text(reservations_print(&raw, LANGUAGE_EN, arena, &text), &text);
    if (!failed(e))
        e = reservations_parse(text, LANGUAGE_EN, treaty, arena, &errors, &parsed);
    if (!failed(e))
        again = reservations_to_json(&parsed, arena);
    e = judge_tree(e, &again, json, arena);
    if (!failed(e))
        *out = parsed;
    return e;
}
