#include "wording/parts.h"

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
