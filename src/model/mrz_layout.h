/* Where the fields of each format stand, for reading and writing alike. */
#ifndef COMITY_MODEL_MRZ_LAYOUT_H
#define COMITY_MODEL_MRZ_LAYOUT_H

#include "model/mrz.h"

enum mrz_field {
    FIELD_KIND,
    FIELD_ISSUER,
    FIELD_NAMES, /* or the surname, where FIELD_GIVEN exists */
    FIELD_GIVEN,
    FIELD_NUMBER,
    FIELD_NATIONALITY,
    FIELD_BIRTH,
    FIELD_SEX,
    FIELD_EXPIRY,
    FIELD_OPTIONAL,
    FIELD_OPTIONAL2,
    FIELD_NUMBER_CHECK,
    FIELD_BIRTH_CHECK,
    FIELD_EXPIRY_CHECK,
    FIELD_OPTIONAL_CHECK,
    FIELD_COMPOSITE_CHECK,
    MRZ_FIELDS
};

enum { MRZ_SPANS_MAX = 4 };

/* len 0: the format has no such field. */
struct mrz_span {
    uint8_t line, from, len;
};

struct mrz_layout {
    uint8_t lines, width;
    bool visa;          /* begins with V; the others do not */
    bool long_number;   /* may run over into the optional data */
    const char *prefix; /* of the first line, "" if any */
    struct mrz_span fields[MRZ_FIELDS];
    struct mrz_span composite[MRZ_SPANS_MAX];
};

extern const struct mrz_layout mrz_layouts[MRZ_FORMATS];

#endif
