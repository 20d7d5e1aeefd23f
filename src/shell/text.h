/* Sentences for people. catalogue/text/en.txt and fr.txt are compiled in, sorted by id; C code
 * holds ids only ("server.port-in-use"), of the shape word.word-word. */
#ifndef COMITY_SHELL_TEXT_H
#define COMITY_SHELL_TEXT_H

#include "core/arena.h"

enum text_lang { TEXT_EN, TEXT_FR, TEXT_LANGS };

/* Replaces {name} in a sentence. */
struct text_param {
    const char *name;
    struct text value;
};

/* The sentence as it stands in the catalogue, lives as long as the program; English when the
 * language lacks it, the id itself when both do. */
const char *text_say(enum text_lang lang, const char *id);

/* text_say with its {name}s replaced; a {name} without a parameter stays. A full arena gives the
 * empty text. */
struct text text_fill(struct arena *arena, enum text_lang lang, const char *id,
                      const struct text_param *params, size_t count);

bool text_known(const char *id);

/* "fr", "fr_NE.UTF-8", "fr-BJ,en;q=0.5" are French; all else is English. */
enum text_lang text_lang_of(struct text tag);
/* LC_ALL, LC_MESSAGES, LANG, first one set (POSIX). */
enum text_lang text_lang_of_environment(void);

#endif
