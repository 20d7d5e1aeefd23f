/* Every weight of score version 1, in tenths of a bit of log-odds. A change here raises
 * INDEX_SCORE_VERSION. First estimates by hand, checked on the labelled sets by match_test and
 * recall_test; a program that estimates them from data comes with the search issue. */
#ifndef COMITY_INDEX_SCORE_H
#define COMITY_INDEX_SCORE_H

enum {
    /* exact agreement of a token, by commonness */
    WEIGHT_RARE = 110,
    WEIGHT_KNOWN = 90,
    WEIGHT_COMMON = 75,
    WEIGHT_VERY_COMMON = 60,
    WEIGHT_SHORT_MAX = 60, /* one or two letters, a single Han or Hangul character */
    WEIGHT_PARTICLE = 5,
    WEIGHT_HONORIFIC = 5,
    WEIGHT_INITIAL = 10,
    /* names */
    WEIGHT_CONTRADICTED = -40, /* a word on both sides that agrees with nothing */
    WEIGHT_SWAPPED = -5,       /* family name against given name */
    WEIGHT_COMPLETE = 20,      /* no word is left over */
    SPLIT_PERCENT = 85,        /* of its weight, for a word that is two on the other side */
    NAME_MIN = 55,             /* of name evidence, for any band without an identifier */
    /* births */
    WEIGHT_BIRTH_DAY = 120,
    WEIGHT_BIRTH_SWAPPED = 70,  /* day for month */
    WEIGHT_BIRTH_ONE_PART = 50, /* one of day, month, year differs by one */
    WEIGHT_BIRTH_MONTH = 80,
    WEIGHT_BIRTH_YEAR = 50,
    WEIGHT_BIRTH_ABOUT = 35,
    WEIGHT_BIRTH_DIGIT = 15, /* same day and month, one digit of the year */
    WEIGHT_BIRTH_SAME_YEAR = 10,
    WEIGHT_BIRTH_NEAR = 5,  /* a year beside an interval */
    WEIGHT_BIRTH_OFF = -40, /* up to BIRTH_OFF_YEARS */
    WEIGHT_BIRTH_FAR = -90,
    BIRTH_OFF_YEARS = 5,
    /* the rest */
    WEIGHT_SEX_AGREE = 5,
    WEIGHT_SEX_CONTRADICT = -40,
    WEIGHT_NATIONALITY_AGREE = 20,
    WEIGHT_NATIONALITY_CONTRADICT = -15,
    WEIGHT_IDENTIFIER = 300,
    WEIGHT_IDENTIFIER_COUNTRY = 180, /* same number, other country */
    WEIGHT_IDENTIFIER_CLOSE = 150,   /* look-alike characters, two neighbours swapped */
    WEIGHT_IDENTIFIER_CONTRADICT = -10,
    /* bands */
    BAND_STRONG = 200,
    BAND_POSSIBLE = 120,
    BAND_WEAK = 70
};

#endif
