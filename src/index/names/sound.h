/* Skeletons: the consonants of a name as classes of sound, for names that went through another
 * script. A letter may sound in several ways, so that a name has several skeletons; the likeliest
 * eight are kept.
 *
 * Two families, because scripts hear differently:
 *   SOUND_WEST  P T K F S L R N: between alphabets (Latin, Cyrillic, Arabic, Hebrew, Greek…)
 *   SOUND_EAST  P T K S L N: into syllables (kana, Hangul, Han), where l and r, b and v, f and p
 *               fall together and an r after a vowel is silent
 * Every rule is general: no rule knows a name. */
#ifndef COMITY_INDEX_SOUND_H
#define COMITY_INDEX_SOUND_H

#include "index/names/fold.h"

enum { SKELETONS_MAX = 8, SOUNDS_MAX = 24 };
enum sound { SOUND_WEST, SOUND_EAST };

struct skeletons {
    uint8_t count;
    struct letters at[SKELETONS_MAX];
};

struct sounds { /* skeletons being made; `cost`: how often another than the first way was taken */
    uint8_t count;
    uint8_t cost[SOUNDS_MAX];
    struct letters at[SOUNDS_MAX];
};

void sounds_init(struct sounds *s); /* one, empty */
/* Each is continued by each alternative, the likeliest first ("S|K|-"; "-" is silence). */
void sounds_add(struct sounds *s, const char *alternatives);
/* Continues by the sounds of Latin letters. */
void sounds_add_latin(struct sounds *s, enum sound family, const char *in, size_t len);
/* The likeliest, in an order of their own. */
void sounds_end(const struct sounds *s, struct skeletons *out);
/* What the first letters, or the last, may sound as. */
enum sound_end { END_OTHER, END_CONSONANT, END_EITHER };
enum sound_end sound_at_end(const struct letters *in, enum sound family, bool last, char consonant);
/* Of a whole Latin form. */
void sound_latin(const struct letters *in, enum sound family, struct skeletons *out);
/* Those of another form of the same word, as far as there is room. */
void sound_latin_more(const struct letters *in, enum sound family, struct skeletons *in_out);

#endif
