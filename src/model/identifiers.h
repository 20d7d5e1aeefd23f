/* Identifiers of things and accounts: the key under which one is found, and what its check digits
 * say. The value as seen is never changed or refused: a forged document is often the
 * target, so a wrong digit is a warning, with a correction where one wrong digit explains it. */
#ifndef COMITY_MODEL_IDENTIFIERS_H
#define COMITY_MODEL_IDENTIFIERS_H

#include "core/arena.h"

/* Kind, and its code in list identifier. All other codes of the list are IDENTIFIER_OTHER. */
#define IDENTIFIER_KINDS_X(X)                                                                  \
    X(OTHER, "reference")                                                                      \
    X(VIN, "vin")             /* ISO 3779; digit 9 as in 49 CFR 565 and GB 16735 */            \
    X(PLATE, "plate")         /* Singapore: a letter of its own */                               \
    X(IMEI, "imei")           /* also IMEISV and MEID: 3GPP TS 23.003, TIA-1082 */             \
    X(IMSI, "imsi")           /* ITU-T E.212 */                                                \
    X(PHONE, "phone")         /* ITU-T E.164 */                                                \
    X(CARD, "card")           /* ISO/IEC 7812 */                                               \
    X(IBAN, "iban")           /* ISO 13616 */                                                  \
    X(BIC, "bic")             /* ISO 9362 */                                                   \
    X(LEI, "lei")             /* ISO 17442 */                                                  \
    X(BANKNOTE, "banknote")   /* euro, both series */                                          \
    X(CONTAINER, "container") /* ISO 6346 */                                                   \
    X(IMO, "imo")             /* of a ship (IMO resolution A.1117(30)) or a company */          \
    X(MMSI, "mmsi")           /* ITU-R M.585 */                                                \
    X(ICAO24, "icao24")       /* aircraft address, ICAO annex 10 volume III */                 \
    X(EMAIL, "email")         /* separators belong to the value: these keep them in the key */ \
    X(HANDLE, "handle")                                                                        \
    X(WEBSITE, "website")                                                                      \
    X(DOMAIN, "domain")                                                                        \
    X(IP, "ip")                                                                                \
    X(CRYPTO, "crypto")            /* upper and lower case may differ */                        \
    X(NATIONAL, "national-number") /* by the country that gave it */

enum identifier_kind {
#define X(id, name) IDENTIFIER_##id,
    IDENTIFIER_KINDS_X(X)
#undef X
        IDENTIFIER_KINDS
};

enum identifier_verdict {
    IDENTIFIER_VALID,
    IDENTIFIER_UNCHECKED, /* has no check digit, or its maker need not use it */
    IDENTIFIER_WRONG_DIGIT,
    IDENTIFIER_WRONG_LENGTH,
    IDENTIFIER_WRONG_CHARACTER,
    IDENTIFIER_UNKNOWN /* a part (country, issuer) that no list of ours has */
};

struct identifier_check {
    enum identifier_verdict verdict;
    struct text key;        /* upper case, ASCII digits, separators stripped */
    struct text folded;     /* key with O as 0 and I as 1: finds misread values */
    struct text correction; /* offered value, in the form of the key; empty: none */
    const char *rule;       /* identifier.*; "" for valid and unchecked */
};

/* Everything is in the arena; when that is full the texts are empty and it sticks there. */
struct identifier_check identifier_check(enum identifier_kind kind, struct text as_seen,
                                         struct arena *arena);

/* The same with the country (ICAO 9303) that gave the number, where digits depend on it: national
 * numbers and plates. Empty: unknown, those are unchecked. The key is the same without it. */
struct identifier_check identifier_check_of(enum identifier_kind kind, struct text country,
                                            struct text as_seen, struct arena *arena);

/* By the code's name in list identifier; IDENTIFIER_OTHER for the rest. */
enum identifier_kind identifier_kind_find(struct text code);

/* What a VIN says about its vehicle; `key` has 17 characters (asserted). */
struct vin {
    struct text wmi, vds, vis, serial;
    const char *region; /* "africa" … "south-america"; "" when not assigned */
    bool small_maker;   /* fewer than 500 a year: the third character is 9 */
    int model_year;     /* by 49 CFR 565 (position 7 tells the cycle); 0: position 10 says none */
};
struct vin vin_parts(struct text key);

/* MEID and IMEI in both spellings. `key` is an IMEI's key: 14 hexadecimal digits. */
enum { MEID_DECIMAL_LEN = 18, MEID_LEN = 14, PSEUDO_ESN_LEN = 8 };
void meid_decimal(struct text key, char out[static MEID_DECIMAL_LEN]);
char meid_digit(struct text key, bool decimal);
/* 0x80 and 24 bits of SHA-1 (TIA-1082 clause 3.2). */
void meid_pseudo_esn(struct text key, char out[static PSEUDO_ESN_LEN]);

/* Country, network and subscriber; network is empty when it is not in the list and lengths
 * in that country differ. */
struct imsi {
    struct text country, network, subscriber;
};
struct imsi imsi_parts(struct text key);

/* Two letters of ISO 3166-1, or XK. */
bool identifier_country_known(struct text two_letters);

#endif
