/* Latin letters and what rules of sound make of them.
 *
 * A form is a name token in a-z, already romanised and without diacritics. Two foldings bring the
 * spellings of one name together:
 *   tight     one string: digraphs, doubled letters, vowels and French/English habits folded
 *             (ou u, dj j, tch ch sh, di+vowel j, w u, gn ny, final e, th t, abdel/abdul…)
 *   skeleton  consonant classes P T K F S L R N without vowels, up to eight alternatives, for forms
 *             that went through another script
 * Every rule is general: no rule knows a name. */
#ifndef COMITY_INDEX_FOLD_H
#define COMITY_INDEX_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FORM_MAX = 24, SKELETONS_MAX = 8 };

struct letters {
    uint8_t len;
    char at[FORM_MAX];
};

/* Appends what fits; the rest is dropped. */
void letters_add(struct letters *to, const char *from, size_t len);
bool letters_equal(const struct letters *a, const struct letters *b);
/* FNV-1a with an avalanche; `salt` separates kinds of keys. */
uint32_t letters_hash(const struct letters *in, uint32_t salt);

void fold_tight(const struct letters *in, struct letters *out);
/* ou and oo to u, y to i, doubled letters once: the key of the name tables. */
void fold_light(const struct letters *in, struct letters *out);

struct skeletons {
    uint8_t count;
    struct letters at[SKELETONS_MAX];
};

void skeletons_init(struct skeletons *s); /* one, empty */
/* Each skeleton so far is continued by each alternative ("S|K|-"; "-" continues by nothing). */
void skeletons_add(struct skeletons *s, const char *alternatives);
/* Continues by the classes of Latin letters. */
void skeletons_add_latin(struct skeletons *s, const char *in, size_t len);
/* Of a whole Latin form. */
void fold_skeletons(const struct letters *in, struct skeletons *out);

#endif
