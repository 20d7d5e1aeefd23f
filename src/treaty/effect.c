#include "treaty/decide.h"

static bool from_matches(struct codes from, struct text member)
{
    for (uint32_t i = 0; i < from.count; i++) {
        if (text_equal(from.items[i], member))
            return true;
    }
    return from.count == 0;
}

struct effect_default treaty_effect(const struct national *national_opt, struct text category,
                                    struct text from)
{
    struct effect_default held = { SOIL_HELD, TEXT(""), TEXT(""), TEXT("") };
    struct code code = code_of(CODE_CATEGORY, category);
    for (uint32_t i = 0; national_opt != NULL && i < national_opt->effect_count; i++) {
        const struct effect_rule *rule = &national_opt->effects[i];
        if (!from_matches(rule->from, from))
            continue;
        for (uint32_t j = 0; j < rule->categories.count; j++) {
            if (code_matches(CODE_CATEGORY, code, rule->categories.items[j]))
                return (struct effect_default){ rule->kind, rule->action, rule->call, rule->id };
        }
    }
    return held; /* nobody has decided: it does nothing (I13) */
}
