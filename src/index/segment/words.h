/* The names of a document as tokens of its segment's dictionary, so that a candidate is scored
 * without reading a letter of it.
 *
 * Per document: u8 names; per name u8 words (bit 7: clipped), per word u32 token and u8 what the
 * name adds or scoring needs at once: role (bits 0-1), kind of word (2-3), initial (4). */
#ifndef COMITY_INDEX_WORDS_H
#define COMITY_INDEX_WORDS_H

#include "index/names/analyse.h"
#include "index/segment/segment.h"

enum {
    WORD_BYTES = 5,
    WORDS_CLIPPED = 0x80,
    WORDS_MAX = 1 + INDEX_NAMES_MAX * (1 + INDEX_TOKENS_MAX * WORD_BYTES)
};

struct word {
    uint32_t token;
    enum token_role role;
    enum word_kind kind;
    bool initial;
};

/* A word that must be matched or left over: no particle, title or initial. */
static inline bool word_counts(const struct word *word)
{
    return word->kind == WORD_NAME && !word->initial;
}

struct word_name {
    bool clipped;
    uint8_t count;
    struct word word[INDEX_TOKENS_MAX];
};

/* By the token of word i alone the whole name may agree: no other word counts, an initial stands
 * for one, or the token stands in the name twice. */
bool words_alone(const struct word_name *name, size_t i);
/* The words of a document; never outside the section. */
struct bytes words_of(const struct index_segment *s, uint32_t doc);
/* The next name, or false at the end; *at begins at 0. Bytes that are no words end it. */
bool words_next(struct bytes words, size_t *at, struct word_name *out);
/* An analysed name; `tokens[i]` is the place of its token i in the dictionary. */
void words_from(const struct analysed *name, const uint32_t *tokens, struct word_name *out);
/* Appends a name. The new length. */
size_t words_write(const struct word_name *name, uint8_t *out);

#endif
