#include "wording/parts.h"

#include <stddef.h>

#define AT(field) offsetof(struct clause, field)

const struct part clause_parts[PARTS] = {
    { "purposes", PHRASE_FOR, PART_CODES, AT(purposes), true, true, true, false },
    { "mode", PHRASE_BY_COPY, PART_COPY, AT(mode), true, false, true, false },
    { "mode", PHRASE_BY_HIT, PART_HIT, AT(mode), true, false, true, false },
    { "ceiling", PHRASE_CEILING, PART_LEVEL, AT(ceiling), true, false, false, false },
    { "withhold", PHRASE_WITHHOLD, PART_CODES, AT(withheld), true, false, false, false },
    { "conditions", PHRASE_CONDITION, PART_CODES, AT(conditions), true, true, false, false },
    { "retain", PHRASE_RETAIN, PART_SPAN, AT(retain), true, false, false, false },
    { "review", PHRASE_REVIEW, PART_SPAN, AT(review), true, false, true, true },
    { "urgent", PHRASE_URGENT, PART_SPAN, AT(urgent), true, true, false, false },
    { "otherwise", PHRASE_OTHERWISE, PART_SPAN, AT(otherwise), true, true, true, true },
    { "otherwise", PHRASE_ANSWER, PART_SPAN, AT(otherwise), true, true, false, false },
};

const struct clause_form clause_forms[CLAUSE_KINDS] = {
    [CLAUSE_SHARE] = { "share", PHRASE_SHARE, WORDS_KIND, AT(codes), true, false },
    [CLAUSE_ASK] = { "ask", PHRASE_ASK, WORDS_NONE, AT(codes), true, false },
    [CLAUSE_NEVER_SHARE] = { "never-share", PHRASE_NEVER_SHARE, WORDS_KIND, AT(codes), true, true },
    [CLAUSE_NEVER_USE] = { "never-use", PHRASE_NEVER_USE, WORDS_NONE, AT(purposes), true, true },
    [CLAUSE_WITHHOLD] = { "withhold", PHRASE_NEVER_FIELD, WORDS_NONE, AT(withheld), true, true },
    [CLAUSE_RELEASE] = { "release", PHRASE_RELEASE, WORDS_NONE, AT(offices), true, true },
    [CLAUSE_HALT] = { "halt", PHRASE_HALT, WORDS_NONE, AT(to), false, true },
};

bool part_present(const struct part *part, const struct clause *clause)
{
    const uint8_t *base = (const uint8_t *)clause;
    struct codes codes;
    struct span span;
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
    case PART_COPY:
        return clause->mode == MODE_COPY;
    case PART_HIT:
        return clause->mode == MODE_HIT;
    }
    return false;
}
