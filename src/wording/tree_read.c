/* JSON to an unchecked tree: every value has its type and lists their bounds, so that the printer
 * can walk it. What the values mean is checked by the parser (treaty_from_json). */
#include "core/encode.h"
#include "wording/parts.h"
#include "wording/tree_json.h"

struct reading {
    struct arena *arena;
    bool bad;
    uint32_t nodes;
};

static void *take(struct reading *r, size_t count, size_t size)
{
    void *memory = arena_take_array(r->arena, count, size);
    if (memory == NULL)
        r->bad = true;
    return memory;
}

/* A list of at most `max`; 0 when absent or bad. */
static uint32_t list_count(struct reading *r, const struct json *list_opt, uint32_t max)
{
    if (list_opt == NULL)
        return 0;
    if (list_opt->kind != JSON_ARRAY || list_opt->count > max) {
        r->bad = true;
        return 0;
    }
    return list_opt->count;
}

static struct text read_text(struct reading *r, const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    if (value == NULL)
        return TEXT("");
    if (value->kind != JSON_STRING)
        r->bad = true;
    return value->kind == JSON_STRING ? value->string : TEXT("");
}

static uint16_t read_number(struct reading *r, const struct json *object, const char *name)
{
    int64_t value = 0;
    if (json_get(object, name) == NULL)
        return 0;
    if (!json_get_integer(object, name, &value) || value < 1 || value > TREATY_COUNT_MAX) {
        r->bad = true;
        return 0;
    }
    return (uint16_t)value;
}

static struct codes read_codes(struct reading *r, const struct json *list_opt)
{
    uint32_t count = list_count(r, list_opt, TREATY_LIST_MAX);
    struct text *items = count == 0 ? NULL : take(r, count, sizeof(struct text));
    if (items == NULL)
        return (struct codes){ 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct json *item = json_item(list_opt, i);
        items[i] = item->kind == JSON_STRING ? item->string : TEXT("");
    }
    return (struct codes){ items, count };
}

static enum level read_level(struct reading *r, const struct json *object, const char *name)
{
    enum level level = LEVEL_NONE;
    if (json_get(object, name) != NULL && !level_parse(read_text(r, object, name), &level))
        r->bad = true;
    return level;
}

static struct span read_span(struct reading *r, const struct json *span)
{
    struct text unit = read_text(r, span, "unit");
    for (enum span_unit i = SPAN_HOUR; i < SPAN_UNITS; i++) {
        if (text_equal(unit, span_unit_code(i)))
            return (struct span){ read_number(r, span, "count"), i };
    }
    r->bad = true;
    return (struct span){ 0 };
}

static struct rate read_rate(struct reading *r, const struct json *rate)
{
    struct text unit = read_text(r, rate, "per");
    int64_t count = 0;
    for (enum span_unit i = SPAN_HOUR; i < SPAN_UNITS; i++) {
        if (text_equal(unit, span_unit_code(i)) && json_get_integer(rate, "count", &count) &&
            count > 0 && count <= TREATY_RATE_MAX)
            return (struct rate){ (uint32_t)count, i };
    }
    r->bad = true;
    return (struct rate){ 0 };
}

static enum access_mode read_mode(struct reading *r, struct text mode)
{
    enum access_mode out = MODE_NONE;
    if (!mode_parse(mode, &out))
        r->bad = true;
    return out;
}

static struct date read_date(struct reading *r, const struct json *object, const char *name)
{
    struct date date = { 0 };
    if (json_get(object, name) != NULL && failed(date_parse(read_text(r, object, name), &date)))
        r->bad = true;
    return date;
}

static struct condition read_test(struct reading *r, const struct json *json)
{
    struct condition out = { .op = CONDITION_TEST };
    struct text name = read_text(r, json, "test");
    for (enum condition_test test = TEST_CATEGORY; test < TESTS; test++) {
        if (text_is(name, test_name(test)))
            out.test = test;
    }
    out.codes = read_codes(r, json_get(json, "in"));
    out.number = read_number(r, json, "number");
    enum { LISTED = 1, LEVELLED = 2 };
    static const uint8_t forms[TESTS] = {
        [TEST_CATEGORY] = LISTED,    [TEST_KIND] = LISTED,
        [TEST_OFFENCE] = LISTED,     [TEST_SUBJECT] = LISTED,
        [TEST_NATIONALITY] = LISTED, [TEST_WARNING] = LISTED,
        [TEST_GRADING] = LISTED,     [TEST_CLASSIFICATION] = LEVELLED,
        [TEST_NOTE] = LISTED,        [TEST_ASSURANCE] = LISTED,
        [TEST_HANDLING] = LISTED,    [TEST_ACTION] = LISTED,
        [TEST_UNIT] = LISTED,
    };
    bool levelled = forms[out.test] == LEVELLED;
    if (out.test == TEST_NONE || (forms[out.test] == LISTED) != (out.codes.count > 0) ||
        (levelled && (out.number == 0 || out.number >= LEVELS)))
        r->bad = true;
    return out;
}

/* Depth is bounded by the JSON reader, size by TREATY_NODES_MAX. */
static struct condition read_condition(struct reading *r, const struct json *json)
{
    static const struct {
        const char *name;
        enum condition_op op;
        uint32_t min, max;
    } connectives[] = {
        { "not", CONDITION_NOT, 1, 1 },
        { "all", CONDITION_ALL, 2, TREATY_NODES_MAX },
        { "any", CONDITION_ANY, 2, TREATY_NODES_MAX },
    };
    struct condition out = { 0 };
    if (++r->nodes > TREATY_NODES_MAX || json->kind != JSON_OBJECT)
        r->bad = true;
    for (size_t i = 0; !r->bad && i < sizeof(connectives) / sizeof(connectives[0]); i++) {
        const struct json *list = json_get(json, connectives[i].name);
        uint32_t count = list_count(r, list, connectives[i].max);
        struct condition *items = count == 0 ? NULL : take(r, count, sizeof(*items));
        if (items == NULL)
            continue;
        for (uint32_t j = 0; j < count && !r->bad; j++)
            items[j] = read_condition(r, json_item(list, j));
        r->bad = r->bad || count < connectives[i].min;
        return (struct condition){ .op = connectives[i].op, .items = items, .count = count };
    }
    return r->bad ? out : read_test(r, json);
}

static const struct condition *read_condition_opt(struct reading *r, const struct json *json_opt)
{
    struct condition *out = json_opt == NULL ? NULL : take(r, 1, sizeof(*out));
    r->nodes = 0;
    if (out != NULL)
        *out = read_condition(r, json_opt);
    return out;
}

static void read_part(struct reading *r, const struct json *json, const struct part *part,
                      struct clause *clause)
{
    uint8_t *field = (uint8_t *)clause + part->offset;
    const struct json *value = json_get(json, part->name);
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    bool flag = false;
    if (value == NULL)
        return;
    switch (part->type) {
    case PART_CODES:
        codes = read_codes(r, value);
        memcpy(field, &codes, sizeof(codes));
        break;
    case PART_SPAN:
        span = read_span(r, value);
        memcpy(field, &span, sizeof(span));
        break;
    case PART_LEVEL:
        clause->ceiling = read_level(r, json, part->name);
        break;
    case PART_MODE:
        clause->mode = read_mode(r, read_text(r, json, part->name));
        break;
    case PART_FLAG:
        flag = json_get_bool(json, part->name);
        memcpy(field, &flag, sizeof(flag));
        break;
    case PART_RATE:
        rate = read_rate(r, value);
        memcpy(field, &rate, sizeof(rate));
        break;
    case PART_STRING:
        text = read_text(r, json, part->name);
        memcpy(field, &text, sizeof(text));
        break;
    }
}

static struct clause read_clause(struct reading *r, const struct json *json)
{
    struct clause clause = { .id = TEXT("") };
    struct text name = read_text(r, json, "do");
    for (enum clause_kind kind = CLAUSE_SHARE; kind < CLAUSE_KINDS; kind++) {
        if (text_is(name, clause_forms[kind].name))
            clause.kind = kind;
    }
    clause.codes = read_codes(r, json_get(json, "codes"));
    clause.from = read_codes(r, json_get(json, "from"));
    clause.to = read_codes(r, json_get(json, "to"));
    clause.offices = read_codes(r, json_get(json, "offices"));
    clause.persons = (uint8_t)(read_number(r, json, "persons") & 0xff);
    clause.where_opt = read_condition_opt(r, json_get(json, "where"));
    clause.unless_opt = read_condition_opt(r, json_get(json, "unless"));
    clause.text = read_text(r, json, "text");
    if (json_get(json, "way") != NULL && !way_parse(read_text(r, json, "way"), &clause.way))
        r->bad = true;
    for (size_t i = 0; i < PARTS; i++)
        read_part(r, json, &clause_parts[i], &clause);
    if (clause.kind == CLAUSE_NONE)
        r->bad = true;
    return clause;
}

static const struct clause *read_clauses(struct reading *r, const struct json *list_opt,
                                         uint32_t *count_out)
{
    uint32_t count = list_count(r, list_opt, TREATY_CLAUSES_MAX);
    struct clause *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count && !r->bad; i++)
        items[i] = read_clause(r, json_item(list_opt, i));
    *count_out = items == NULL ? 0 : count;
    return items;
}

static struct titles read_titles(struct reading *r, const struct json *list_opt)
{
    uint32_t count = list_count(r, list_opt, TREATY_LIST_MAX);
    struct titled *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        items[i].language = read_text(r, json_item(list_opt, i), "language");
        items[i].text = read_text(r, json_item(list_opt, i), "text");
    }
    return (struct titles){ items, items == NULL ? 0 : count };
}

static void read_articles(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_ARTICLES_MAX);
    struct article *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count && !r->bad; i++) {
        const struct json *json = json_item(list_opt, i);
        items[i].number = read_number(r, json, "number");
        items[i].titles = read_titles(r, json_get(json, "titles"));
        items[i].clauses = read_clauses(r, json_get(json, "clauses"), &items[i].count);
    }
    out->articles = items;
    out->article_count = items == NULL ? 0 : count;
}

static struct reservations read_reservations(struct reading *r, const struct json *list_opt)
{
    uint32_t count = list_count(r, list_opt, TREATY_RESERVATIONS_MAX);
    struct reservation *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count && !r->bad; i++) {
        const struct json *json = json_item(list_opt, i);
        items[i].party = read_text(r, json, "party");
        items[i].article = read_number(r, json, "article");
        items[i].clause = read_number(r, json, "clause");
        items[i].not_bound = json_get_bool(json, "not_bound");
        items[i].clauses = read_clauses(r, json_get(json, "clauses"), &items[i].count);
    }
    return (struct reservations){ items, items == NULL ? 0 : count };
}

static void read_annex(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_PARTIES_MAX);
    struct annex_entry *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        const struct json *json = json_item(list_opt, i);
        items[i].party = read_text(r, json, "party");
        items[i].address = read_text(r, json, "address");
        items[i].contact = read_text(r, json, "contact");
        items[i].signs = read_text(r, json, "signs");
        if (failed(hex_parse(read_text(r, json, "key"), items[i].key, TREATY_KEY_LEN)))
            r->bad = true;
    }
    out->annex = items;
    out->annex_count = items == NULL ? 0 : count;
}

static struct span read_span_opt(struct reading *r, const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    return value == NULL ? (struct span){ 0 } : read_span(r, value);
}

/* The only word of a member that is otherwise absent. */
static bool read_word(struct reading *r, const struct json *object, const char *name,
                      const char *word)
{
    if (json_get(object, name) != NULL && !text_is(read_text(r, object, name), word))
        r->bad = true;
    return json_get(object, name) != NULL;
}

static void read_groups(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_GROUPS_MAX);
    struct group *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        items[i].name = read_text(r, json_item(list_opt, i), "name");
        items[i].members = read_codes(r, json_get(json_item(list_opt, i), "members"));
    }
    out->groups = items;
    out->group_count = items == NULL ? 0 : count;
}

static void read_replaces(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_REPLACES_MAX);
    struct succession *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        items[i].name = read_text(r, json_item(list_opt, i), "name");
        items[i].version = read_number(r, json_item(list_opt, i), "version");
    }
    out->replaces = items;
    out->replaces_count = items == NULL ? 0 : count;
}

static void read_offences(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_PARTIES_MAX);
    struct recognition *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        items[i].party = read_text(r, json_item(list_opt, i), "party");
        items[i].offences = read_codes(r, json_get(json_item(list_opt, i), "offences"));
    }
    out->recognitions = items;
    out->recognition_count = items == NULL ? 0 : count;
}

static void read_markings(struct reading *r, const struct json *list_opt, struct treaty *out)
{
    uint32_t count = list_count(r, list_opt, TREATY_MARKINGS_MAX);
    struct marking *items = count == 0 ? NULL : take(r, count, sizeof(*items));
    for (uint32_t i = 0; items != NULL && i < count; i++) {
        items[i].party = read_text(r, json_item(list_opt, i), "party");
        items[i].level = read_level(r, json_item(list_opt, i), "level");
        items[i].text = read_text(r, json_item(list_opt, i), "text");
    }
    out->markings = items;
    out->marking_count = items == NULL ? 0 : count;
}

static void read_names(struct reading *r, const struct json *json, struct treaty *out)
{
    out->name = read_text(r, json, "agreement");
    out->version = read_number(r, json, "version");
    out->titles = read_titles(r, json_get(json, "titles"));
    out->implements = read_text(r, json, "implements");
    out->dated = read_date(r, json, "dated");
    out->depositary = read_text(r, json, "depositary");
    out->authentic = read_codes(r, json_get(json, "authentic"));
    out->text_hash = read_text(r, json, "text_sha256");
    out->parties = read_codes(r, json_get(json, "parties"));
    out->accession = read_codes(r, json_get(json, "accession"));
    read_groups(r, json_get(json, "groups"), out);
}

static void read_life(struct reading *r, const struct json *json, struct treaty *out)
{
    out->from = read_date(r, json, "from");
    if (read_word(r, json, "consent", "ratification"))
        out->consent = CONSENT_RATIFICATION;
    out->signatures = read_number(r, json, "signatures");
    out->after = read_span_opt(r, json, "after");
    out->provisional = read_codes(r, json_get(json, "provisional"));
    out->until = read_date(r, json, "until");
    out->renewal = read_span_opt(r, json, "renewal");
    out->renewal_notice = read_span_opt(r, json, "renewal_notice");
    out->notice = read_span_opt(r, json, "notice");
    if (read_word(r, json, "leftover", "kept"))
        out->leftover = LEFTOVER_KEPT;
    out->amended_by = read_number(r, json, "amended_by");
    read_replaces(r, json_get(json, "replaces"), out);
    out->prevails = read_codes(r, json_get(json, "prevails"));
}

static struct err read_end(const struct reading *r)
{
    struct err e = arena_check(r->arena);
    if (!failed(e) && r->bad)
        e = err_make(ERR_INVALID, "treaty.json-shape");
    return e;
}

struct err treaty_tree_read(const struct json *json, struct arena *arena, struct treaty *out)
{
    struct reading r = { .arena = arena };
    struct treaty treaty = { 0 };
    read_names(&r, json, &treaty);
    read_life(&r, json, &treaty);
    treaty.ceiling = read_level(&r, json, "ceiling");
    treaty.silence_days = read_number(&r, json, "silence_days");
    read_offences(&r, json_get(json, "offences"), &treaty);
    read_markings(&r, json_get(json, "markings"), &treaty);
    read_articles(&r, json_get(json, "articles"), &treaty);
    struct reservations reservations = read_reservations(&r, json_get(json, "reservations"));
    treaty.reservations = reservations.items;
    treaty.reservation_count = reservations.count;
    read_annex(&r, json_get(json, "annex"), &treaty);
    struct err e = read_end(&r);
    if (!failed(e))
        *out = treaty;
    return e;
}

struct err reservations_tree_read(const struct json *json, struct arena *arena,
                                  struct reservations *out)
{
    struct reading r = { .arena = arena };
    struct reservations list = read_reservations(&r, json);
    struct err e = read_end(&r);
    if (!failed(e))
        *out = list;
    return e;
}
