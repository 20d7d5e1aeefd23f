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
