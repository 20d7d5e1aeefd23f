/* A member's national rules: private, and only narrowing (spec/agreement.md). */
#ifndef COMITY_WORDING_NATIONAL_H
#define COMITY_WORDING_NATIONAL_H

#include "wording/tree.h"

/* What a foreign alert does on this soil until an officer decides (I13). */
enum soil_effect {
    SOIL_HELD, /* nothing; shown as waiting for a decision: also where no rule speaks */
    SOIL_AS_ASKED,
    SOIL_REDUCED, /* to `action` */
    SOIL_SPECIALISTS,
    SOIL_NOT_SHOWN,
    SOIL_EFFECTS
};

struct effect_rule {
    uint32_t at;
    struct text id; /* "e.1" */
    struct codes categories;
    struct codes from; /* empty: any member */
    enum soil_effect kind;
    struct text action; /* code; of SOIL_REDUCED only */
    struct text call;   /* code of an instruction ("duty-magistrate"); may be empty */
};

struct national {
    struct text member;
    uint16_t version;
    const struct clause *clauses; /* never, withhold, release, halt: they only narrow */
    uint32_t count;
    const struct effect_rule *effects; /* the first that matches decides */
    uint32_t effect_count;
};

#endif
