/* A foreign alert is a request (I13): what a receiving member lets it do on its soil, decided by
 * its rule or its officer. The body of a fact effect.set:
 *   {"record":"NGA-…","alert":"a1","effect":"reduced","reduced_to":"identify","ground":"own-law",
 *    "rule":"…" | "officer":{"unit","user"},"text":"…","until":"2027-03-01"} */
#ifndef COMITY_MODEL_EFFECT_H
#define COMITY_MODEL_EFFECT_H

#include "model/record.h"

enum effect_kind {
    EFFECT_AS_ASKED,
    EFFECT_REDUCED,
    EFFECT_SPECIALISTS_ONLY,
    EFFECT_NOT_SHOWN,
    EFFECT_REFUSED
};

struct effect {
    struct record_id record;
    struct text alert;
    enum effect_kind kind;
    struct code reduced_to; /* code list action; only for reduced */
    struct code ground;     /* code list ground */
    struct text rule;       /* id of the national rule, or empty: an officer decided */
    struct text unit, user; /* the officer, or empty */
    struct text text;       /* for the screen; may be empty */
    struct date until;      /* year 0: as long as the alert */
};

/* ERR_INVALID model.bad-effect. Exactly one of rule and officer; reduced demands reduced_to. */
MUST_USE struct err effect_parse(const struct json *in, struct effect *out);
struct json effect_format(const struct effect *effect, struct arena *arena);
const char *effect_name(enum effect_kind kind);

#endif
