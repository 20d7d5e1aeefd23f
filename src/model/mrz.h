/* Machine-readable zones of travel documents: ICAO Doc 9303 parts 4 (TD3), 5 (TD1), 6 (TD2) and
 * 7 (visas), and two national cards: the French one of 1988 to 2021 and the Slovak one with lines
 * of 34.
 *
 * Reading refuses only what has no shape: number and length of lines, foreign characters. A wrong
 * check digit or an impossible date is reported, with the digit that would fit, and nothing else:
 * the document may be forged, worn or misread. */
#ifndef COMITY_MODEL_MRZ_H
#define COMITY_MODEL_MRZ_H

#include "core/arena.h"
#include "model/findings.h"
#include "model/when.h"

enum mrz_format {
    MRZ_TD1,
    MRZ_TD2,
    MRZ_TD3,
    MRZ_VISA_A,
    MRZ_VISA_B,
    MRZ_FRENCH_CARD,
    MRZ_SLOVAK_CARD,
    MRZ_FORMATS
};

enum { MRZ_LINES_MAX = 3, MRZ_WIDTH_MAX = 44, MRZ_TEXT_MAX = 256 };

enum mrz_check_kind {
    MRZ_CHECK_NUMBER,
    MRZ_CHECK_BIRTH,
    MRZ_CHECK_EXPIRY,
    MRZ_CHECK_OPTIONAL,
    MRZ_CHECK_COMPOSITE,
    MRZ_CHECKS
};

struct mrz_check {
    bool present; /* this format has the digit */
    bool right;
    char seen;
    char expected;
};

/* Texts are in the arena; fillers at the end are gone, inner ones are spaces. */
struct mrz {
    enum mrz_format format;
    struct text kind;        /* "P", "ID", "V"… */
    struct text issuer;      /* ICAO code as it stands: "D", "UTO" */
    struct text nationality; /* the issuer where the format has none */
    struct text surname;
    struct text given;
    bool names_cut; /* the field is full: names may have been cut off */
    struct text number;
    char sex;           /* 'F', 'M', or '<' for not said */
    struct text birth;  /* YYMMDD as it stands, '<' for what is unknown */
    struct text expiry; /* empty where the format has none */
    struct text optional;
    struct text optional2; /* TD1 */
    struct mrz_check checks[MRZ_CHECKS];
};

/* Lines end with CR, LF, both, or the end; spaces around a line are dropped. At most
 * MRZ_TEXT_MAX bytes. ERR_INVALID mrz.wrong-shape, mrz.wrong-character (at: byte offset);
 * ERR_LIMIT arena.full. */
MUST_USE struct err mrz_parse(struct text in, struct arena *arena, struct mrz *out);

/* Two digits name a year: the last one not after `today` for a birth, the nearest to `today` for an
 * expiry. Unknown parts widen the interval; an impossible date has quality WHEN_UNKNOWN. */
struct when mrz_birth(const struct mrz *mrz, struct date today);
struct when mrz_expiry(const struct mrz *mrz, struct date today);

/* Warnings with the digit that would fit (mrz.wrong-digit, at /number, /birth…), for a date
 * that does not exist (mrz.no-such-date) and for state codes that no list has (mrz.unknown-state).
 */
void mrz_report(const struct mrz *mrz, struct findings *findings);

/* The digit over a text of A-Z, 0-9 and '<': weights 7, 3, 1. */
char mrz_digit(struct text t);

/* What to write; names in any script that Doc 9303 part 3 section 6 has tables for. */
enum mrz_language {
    MRZ_ANY,
    MRZ_BELARUSIAN,
    MRZ_BULGARIAN,
    MRZ_MACEDONIAN,
    MRZ_SERBIAN,
    MRZ_UKRAINIAN
};
struct mrz_fields {
    enum mrz_format format; /* one of the five of ICAO */
    enum mrz_language language;
    struct text kind, issuer, surname, given, number, nationality, birth, expiry;
    struct text optional, optional2;
    char sex;
};

/* Lines with LF between them. A name that is too long is cut; ERR_INVALID mrz.field-too-long for
 * any other field, mrz.wrong-character for what no table has. */
MUST_USE struct err mrz_write(const struct mrz_fields *fields, struct arena *arena,
                              struct text *out);

/* Letters of MRZ for a name: A-Z and spaces. Characters without a table are dropped. */
struct text mrz_transliterate(struct text name, enum mrz_language language, struct arena *arena);

#endif
