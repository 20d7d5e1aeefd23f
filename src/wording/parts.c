#include "wording/parts.h"

#include <stddef.h>

#define AT(field) offsetof(struct clause, field)
enum { GIVES = IN_SHARE | IN_ASK, ANYWHERE = IN_SHARE | IN_ASK | IN_OTHER };

/* name, phrase, type, offset, in, mode, same line, comma: the order is the printer's */
const struct part clause_parts[PARTS] = {
    { "purposes", PHRASE_FOR, PART_CODES, AT(purposes), GIVES, 0, true, false },
    { "mode", PHRASE_BY_COPY, PART_MODE, AT(mode), IN_SHARE, MODE_COPY, true, false },
    { "mode", PHRASE_BY_HIT, PART_MODE, AT(mode), IN_SHARE, MODE_HIT, true, false },
    { "mode", PHRASE_BY_REQUEST, PART_MODE, AT(mode), IN_SHARE, MODE_ASK, true, false },
    { "reciprocal", PHRASE_RECIPROCAL, PART_FLAG, AT(reciprocal), GIVES, 0, true, false },
    { "audience", PHRASE_AUDIENCE, PART_CODES, AT(audience), GIVES, 0, false, false },
    { "capacity", PHRASE_AT_MOST, PART_RATE, AT(capacity), GIVES, 0, false, false },
    { "ceiling", PHRASE_CEILING, PART_LEVEL, AT(ceiling), IN_SHARE, 0, false, false },
    { "withhold", PHRASE_WITHHOLD, PART_CODES, AT(withheld), IN_SHARE, 0, false, false },
    { "conditions", PHRASE_CONDITION, PART_CODES, AT(conditions), GIVES, 0, false, false },
    { "retain", PHRASE_RETAIN, PART_SPAN, AT(retain), IN_SHARE, 0, false, false },
    { "review", PHRASE_REVIEW, PART_SPAN, AT(review), IN_SHARE, 0, true, true },
    { "warn", PHRASE_WARN, PART_SPAN, AT(warn), IN_SHARE, 0, true, true },
    { "extend", PHRASE_EXTEND, PART_FLAG, AT(extend), IN_SHARE, 0, true, true },
    { "achieved", PHRASE_ACHIEVED, PART_SPAN, AT(achieved), IN_SHARE, 0, false, false },
    { "offline", PHRASE_OFFLINE, PART_SPAN, AT(offline), IN_SHARE, 0, false, false },
    { "urgent", PHRASE_URGENT, PART_SPAN, AT(urgent), GIVES, 0, false, false },
    { "otherwise", PHRASE_OTHERWISE, PART_SPAN, AT(otherwise), GIVES, 0, true, true },
    { "otherwise", PHRASE_ANSWER, PART_SPAN, AT(otherwise), GIVES, 0, false, false },
    { "counted", PHRASE_COUNTED, PART_CODES, AT(counted), GIVES, 0, true, true },
    { "stopped", PHRASE_STOPPED, PART_CODES, AT(stopped), GIVES, 0, false, false },
    { "grounds", PHRASE_GROUNDS, PART_CODES, AT(grounds), GIVES, 0, false, false },
    { "under", PHRASE_UNDER, PART_STRING, AT(under), ANYWHERE, 0, false, false },
};

const struct clause_form clause_forms[CLAUSE_KINDS] = {
    [CLAUSE_SHARE] = { "share", PHRASE_SHARE, WORDS_KIND, AT(codes), true, false },
    [CLAUSE_ASK] = { "ask", PHRASE_ASK, WORDS_NONE, AT(codes), true, false },
    [CLAUSE_NEVER_SHARE] = { "never-share", PHRASE_NEVER_SHARE, WORDS_KIND, AT(codes), true, true },
    [CLAUSE_NEVER_USE] = { "never-use", PHRASE_NEVER_USE, WORDS_NONE, AT(purposes), true, true },
    [CLAUSE_WITHHOLD] = { "withhold", PHRASE_NEVER_FIELD, WORDS_NONE, AT(withheld), true, true },
    [CLAUSE_RELEASE] = { "release", PHRASE_RELEASE, WORDS_NONE, AT(offices), true, true },
    [CLAUSE_HALT] = { "halt", PHRASE_HALT, WORDS_NONE, AT(to), false, true },
    [CLAUSE_COARSEN] = { "coarsen", PHRASE_COARSEN, WORDS_NONE, AT(withheld), true, true },
    [CLAUSE_DUTY] = { "duty", PHRASE_DUTY, WORDS_NONE, AT(offices), true, true },
};

bool part_fits(const struct part *part, enum clause_kind kind)
{
    uint8_t in = kind == CLAUSE_SHARE ? IN_SHARE : kind == CLAUSE_ASK ? IN_ASK : IN_OTHER;
    return (part->in & in) != 0;
}

bool part_present(const struct part *part, const struct clause *clause)
{
    const uint8_t *base = (const uint8_t *)clause;
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    bool flag = false;
    switch (part->type) {
    case PART_CODES:
        memcpy(&codes, base + part->offset, sizeof(codes));
        return codes.count > 0;
    case PART_SPAN:
        memcpy(&span, base + part->offset, sizeof(span));
        /* one field, two phrases: "answer within" where nothing is said of urgent ones */
        if (part->phrase == PHRASE_OTHERWISE || part->phrase == PHRASE_ANSWER)
            return span.count > 0 &&
                   (clause->urgent.count > 0) == (part->phrase == PHRASE_OTHERWISE);
        return span.count > 0;
    case PART_LEVEL:
        return clause->ceiling != LEVEL_NONE;
    case PART_MODE:
        return clause->mode == (enum access_mode)part->mode;
    case PART_FLAG:
        memcpy(&flag, base + part->offset, sizeof(flag));
        return flag;
    case PART_RATE:
        memcpy(&rate, base + part->offset, sizeof(rate));
        return rate.count > 0;
    case PART_STRING:
        memcpy(&text, base + part->offset, sizeof(text));
        return text.len > 0;
    }
    return false;
}

bool codes_same(struct codes a, struct codes b)
{
    for (uint32_t i = 0; i < a.count && a.count == b.count; i++) {
        if (!text_equal(a.items[i], b.items[i]))
            return false;
    }
    return a.count == b.count;
}

bool condition_same(const struct condition *a_opt, const struct condition *b_opt)
{
    if (a_opt == NULL || b_opt == NULL)
        return a_opt == b_opt;
    if (a_opt->op != b_opt->op || a_opt->count != b_opt->count || a_opt->test != b_opt->test ||
        a_opt->number != b_opt->number || !codes_same(a_opt->codes, b_opt->codes))
        return false;
    for (uint32_t i = 0; i < a_opt->count; i++) {
        if (!condition_same(&a_opt->items[i], &b_opt->items[i]))
            return false;
    }
    return true;
}

static bool span_same(struct span a, struct span b)
{
    return a.count == b.count && a.unit == b.unit;
}

static bool part_same(const struct part *part, const struct clause *a, const struct clause *b)
{
    const uint8_t *fields[2] = { (const uint8_t *)a + part->offset,
                                 (const uint8_t *)b + part->offset };
    struct codes codes[2];
    struct span spans[2];
    struct text texts[2];
    bool flags[2];
    switch (part->type) {
    case PART_CODES:
        memcpy(&codes[0], fields[0], sizeof(codes[0]));
        memcpy(&codes[1], fields[1], sizeof(codes[1]));
        return codes_same(codes[0], codes[1]);
    case PART_SPAN:
        memcpy(&spans[0], fields[0], sizeof(spans[0]));
        memcpy(&spans[1], fields[1], sizeof(spans[1]));
        return span_same(spans[0], spans[1]);
    case PART_LEVEL:
        return a->ceiling == b->ceiling;
    case PART_MODE:
        return a->mode == b->mode;
    case PART_FLAG:
        memcpy(&flags[0], fields[0], sizeof(flags[0]));
        memcpy(&flags[1], fields[1], sizeof(flags[1]));
        return flags[0] == flags[1];
    case PART_RATE:
        return a->capacity.count == b->capacity.count && a->capacity.per == b->capacity.per;
    case PART_STRING:
        memcpy(&texts[0], fields[0], sizeof(texts[0]));
        memcpy(&texts[1], fields[1], sizeof(texts[1]));
        return text_equal(texts[0], texts[1]);
    }
    return false;
}

bool clause_same(const struct clause *a, const struct clause *b)
{
    if (a->kind != b->kind || a->way != b->way || a->persons != b->persons ||
        !codes_same(a->codes, b->codes) || !codes_same(a->from, b->from) ||
        !codes_same(a->to, b->to) || !codes_same(a->offices, b->offices) ||
        !text_equal(a->text, b->text) || !condition_same(a->where_opt, b->where_opt) ||
        !condition_same(a->unless_opt, b->unless_opt))
        return false;
    for (size_t i = 0; i < PARTS; i++) {
        if (!part_same(&clause_parts[i], a, b))
            return false;
    }
    return true;
}
