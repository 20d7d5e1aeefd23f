/* Latin letters and what rules of sound make of them.
 *
 * A form is a name token in a-z, already romanised and without diacritics. The tight fold brings
 * the spellings of one name together: digraphs, doubled letters, vowels and French/English habits
 * are folded (ou u, dj j, tch ch sh, di+vowel j, w u, gn ny, final e, th t, abdel/abdul…). Forms
 * that went through another script meet in their skeletons (sound.h). Every rule is general: no
 * rule knows a name. */
#ifndef COMITY_INDEX_FOLD_H
#define COMITY_INDEX_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FORM_MAX = 24 };

struct letters {
    uint8_t len;
    char at[FORM_MAX];
};

/* The first `n` of `len` letters are those of a rule; the first one is known to be. */
static inline bool letters_begin(const char *in, size_t len, const char *rule, size_t n)
{
    return n <= len && (n < 2 || in[1] == rule[1]) && (n < 3 || in[2] == rule[2]);
}

/* Appends what fits; the rest is dropped. */
void letters_add(struct letters *to, const char *from, size_t len);
bool letters_equal(const struct letters *a, const struct letters *b);
/* FNV-1a with an avalanche; `salt` separates kinds of keys. */
uint32_t letters_hash(const struct letters *in, uint32_t salt);

void fold_tight(const struct letters *in, struct letters *out);
/* Of a form and its tight fold, what is left when the endings and habits of a language are taken
 * away: -ou, -u, -o (Issoufou, Yusuf), -tou, -ta (Aminatou, Amina), silent h, y before u, the
 * vowels i u e o as one. */
void fold_stem(const struct letters *form, const struct letters *tight, struct letters *out);
/* abdelkader, abdulqadir, abdoukader: the article between is left out. */
void fold_servant(struct letters *in_out);
/* ou and oo to u, y to i, doubled letters once: the key of the name tables. */
void fold_light(const struct letters *in, struct letters *out);

#endif
