/* How near two tokens are. */
#ifndef COMITY_INDEX_TOKEN_H
#define COMITY_INDEX_TOKEN_H

#include "index/names/analyse.h"
#include "index/score/score.h"

/* From how many letters on two tokens are like by what they share; keys and likeness agree. */
enum {
    RAW_EDIT_MIN = 3,      /* of the shorter form, for one edit */
    RAW_TWO_EDITS_MIN = 6, /* of the longer, for two */
    TIGHT_EDIT_MIN = 4,    /* of the shorter tight fold */
    STEM_MIN = 3,
    SOUND_MIN = 4,        /* of the skeleton, in one script */
    SKELETON_MIN = 2,     /* in two */
    SKELETON_EDIT_MIN = 4 /* with one edit */
};
/* Of two scripts: tight folds that differ in more percent of the longer are never like. */
enum { TOKEN_APART_MAX = 76 };
/* Of one script and sound: the most edits between tight folds, by letters of the shorter. */
static inline unsigned token_sound_far(unsigned len)
{
    return len > 3 ? len / 2 : 1;
}

struct likeness {
    int16_t weight;   /* 0: nothing in common */
    bool exact;       /* relation agree, not close */
    bool same;        /* letter for letter */
    bool edit;        /* by edits alone */
    bool script;      /* by the sound of two scripts */
    uint8_t rarity;   /* of the commoner of both, tenths of a bit; 0: an initial */
    const char *rule; /* "name.one-edit" */
};

/* Of two tokens that are no initials, `weight` in percent: needs no frequency. Symmetric. What is
 * alike in any version of the score shares a key. */
struct likeness token_likeness(const struct score_table *score, const struct token *a,
                               const struct token *b);
/* The same of two tokens that share a key of sound and none of those that are looked up before it:
 * then only the sound can make them like. */
struct likeness token_heard(const struct score_table *score, const struct token *a,
                            const struct token *b);
/* Percent to tenths of a bit, by the commoner of both. */
struct likeness token_weigh(const struct score_table *score, struct likeness percent,
                            const struct token *a, const struct token *b);
/* Both steps, initials too. */
struct likeness token_compare(const struct score_table *score, const struct token *a,
                              const struct token *b);
/* Two words written together against one: only what is the same or nearly written so. */
struct likeness token_likeness_joined(const struct score_table *score, const struct token *joined,
                                      const struct token *b);
/* Both steps. */
struct likeness token_compare_joined(const struct score_table *score, const struct token *joined,
                                     const struct token *b);
/* `whole` is `first` and `second` written together, each exactly or by the tight fold. */
struct likeness token_compare_split(const struct score_table *score, const struct token *whole,
                                    const struct token *first, const struct token *second);

/* A token as the dictionary holds it: all but written, role and weight. */
enum { TOKEN_BYTES_MAX = 1024 };
size_t token_write(const struct token *token, uint8_t out[static TOKEN_BYTES_MAX]);
/* Of the letters of such a token. */
uint32_t token_letters_hash(const uint8_t *bytes);
/* Its Latin forms and their tight folds without the rest; texts are its bytes. What token_write did
 * not write ends them. */
struct token_forms {
    struct bytes token;
    size_t at;
    size_t left;
};
struct token_forms token_forms(struct bytes token);
bool token_forms_next(struct token_forms *forms, struct text *form, struct text *tight);
/* ERR_CORRUPT index.segment-corrupt. */
MUST_USE struct err token_read(struct bytes in, struct token *out);

#endif
