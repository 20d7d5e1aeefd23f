/* The name tables: catalogue/names compiled in by tools/name-tables. */
#ifndef COMITY_INDEX_TABLES_H
#define COMITY_INDEX_TABLES_H

#include "index/names/fold.h"

enum { ROMAN_FORMS = 3, HAN_FIRST = 0x4e00, HAN_LAST = 0x9fa5 };

struct roman_row { /* one or two letters and their Latin forms */
    uint32_t code[2];
    const char *form[ROMAN_FORMS];
    const char *classes; /* for skeletons; "" : those of form[0] */
};

/* The row for the letters at `in`, the longer one first; its length to *used. NULL: no row. */
const struct roman_row *table_roman(const uint32_t *in, size_t len, size_t *used_out);
/* Pinyin of a Han character; NULL when unknown. */
const char *table_han(uint32_t code);
/* How a Han character sounds in names transcribed from other languages: Latin letters, and classes
 * of sound of SOUND_EAST. NULL: not known from such names. */
struct han_sound {
    uint16_t code;
    char form[6];
    char classes[10];
};
const struct han_sound *table_han_sound(uint32_t code);
/* Other reading as a surname, and the Korean, Japanese or dialect ones: "" ends. NULL: none. */
const char *const *table_surname(uint32_t code);

/* The two characters are one surname. */
bool table_surname_pair(uint32_t first, uint32_t second);

enum word_kind { WORD_NAME, WORD_HONORIFIC, WORD_PARTICLE };
enum word_kind table_word(const struct letters *form);

enum class_kind { CLASS_SAME, CLASS_CROSS, CLASS_NICKNAME };
struct name_class {
    uint16_t id;
    uint8_t kind;
};
/* Classes of the name, at most `max`. */
size_t table_classes(const struct letters *form, struct name_class *out, size_t max);

/* Level of commonness 1 to 3; 0: not known as common. */
unsigned table_common(const struct letters *form);

#endif
