/* The parameters of each score version: catalogue/score/VERSION.tsv, compiled in. Percent are of a
 * word's rarity, everything else is tenths of a bit of log-odds. A version never changes; a new one
 * is a new file, and old ones stay selectable (index_query). */
#ifndef COMITY_INDEX_SCORE_H
#define COMITY_INDEX_SCORE_H

#include <stdint.h>

/* Rarity of a word, from the frequency table: the same in every version. */
enum {
    WEIGHT_RARE = 110,
    WEIGHT_KNOWN = 90,
    WEIGHT_COMMON = 75,
    WEIGHT_VERY_COMMON = 60,
    WEIGHT_SHORT_MAX = 60, /* one or two letters, a single Han or Hangul character */
    WEIGHT_PARTICLE = 5,
    WEIGHT_HONORIFIC = 5,
    WEIGHT_INITIAL = 10,
    WEIGHT_KNOWN_CHARACTER = 33 /* of a number known in part: one of ten */
};

/* Among how many the bands were chosen: the names of the lists of S7, rounded up. */
enum { BAND_PERSONS = 20000 };

enum { EDIT_LEN_MAX = 8, HABIT_LEN_MAX = 5, BIRTH_OFF_YEARS = 5, ABOUT_YEARS_MAX = 6 };

struct score_table {
    int32_t version;
    /* words, percent */
    int32_t same, diacritics, spelling, synonym, other_language, nickname;
    int32_t one_edit[EDIT_LEN_MAX + 1], two_edits[EDIT_LEN_MAX + 1]; /* by letters of the shorter */
    int32_t near_spelling, edit_known, other_gender;
    int32_t habit[HABIT_LEN_MAX + 1]; /* by letters of the stem */
    int32_t sound, sound_script, sound_script_short, sound_script_apart, sound_script_brief;
    int32_t near_script, shape_script, shape_brief;
    int32_t split;
    /* names */
    int32_t initial;
    int32_t contradicted;        /* each word that is left over on both sides */
    int32_t contradicted_cap;    /* what a name with one is worth at most */
    int32_t initial_contradicts; /* bool */
    int32_t swapped, complete, complete_joined, complete_close, complete_script;
    int32_t name_min;
    /* births */
    int32_t birth_day, birth_swapped, birth_one_part, birth_month, birth_year, birth_same_month;
    int32_t birth_about[ABOUT_YEARS_MAX + 1]; /* by years between them: 3, 5, more */
    int32_t birth_estimate, birth_wide, birth_digit, birth_calendar, birth_same_year, birth_near;
    int32_t birth_off, birth_far;
    /* the rest */
    int32_t sex_agree, sex_contradict, nationality_agree, nationality_contradict;
    int32_t identifier, identifier_country, identifier_close, identifier_contradict;
    /* bands */
    int32_t band_strong, band_possible, band_born, band_weak;
};

/* The table of a version, of the newest for 0; NULL: there is none. */
const struct score_table *score_table(uint32_t version);

#endif
