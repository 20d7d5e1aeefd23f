#include "index/names/tables.h"

#include <string.h>

struct hashed {
    uint32_t hash;
    uint16_t value;
    uint8_t kind;
};

#include "index/tables.inc"

enum { WORD_SALT = 1, CLASS_SALT = 2, COMMON_SALT = 3 };

static int compare_code(const struct roman_row *row, uint32_t first, uint32_t second)
{
    if (row->code[0] != first)
        return row->code[0] < first ? -1 : 1;
    if (row->code[1] != second)
        return row->code[1] < second ? -1 : 1;
    return 0;
}

static const struct roman_row *find_roman(uint32_t first, uint32_t second)
{
    size_t low = 0;
    size_t high = sizeof roman_rows / sizeof roman_rows[0];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare_code(&roman_rows[mid], first, second);
        if (order == 0)
            return &roman_rows[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const struct roman_row *table_roman(const uint32_t *in, size_t len, size_t *used_out)
{
    const struct roman_row *row = len > 1 ? find_roman(in[0], in[1]) : NULL;
    *used_out = row != NULL ? 2 : 1;
    return row != NULL ? row : find_roman(in[0], 0);
}

const char *table_han(uint32_t code)
{
    if (code < HAN_FIRST || code > HAN_LAST)
        return NULL;
    return han_readings[han_index[code - HAN_FIRST]];
}

const struct han_sound *table_han_sound(uint32_t code)
{
    size_t low = 0;
    size_t high = sizeof han_sounds / sizeof han_sounds[0];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (han_sounds[mid].code == code)
            return &han_sounds[mid];
        if (han_sounds[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const char *const *table_surname(uint32_t code)
{
    for (size_t i = 0; i < sizeof surnames / sizeof surnames[0]; i++) {
        if (surnames[i].code == code)
            return surnames[i].readings;
    }
    return NULL;
}

bool table_surname_pair(uint32_t first, uint32_t second)
{
    for (size_t i = 0; i < sizeof surname_pairs / sizeof surname_pairs[0]; i++) {
        if (surname_pairs[i][0] == first && surname_pairs[i][1] == second)
            return true;
    }
    return false;
}

/* First row of the hash, or `count`. */
static size_t find_hash(const struct hashed *rows, size_t count, uint32_t hash)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rows[mid].hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && rows[low].hash == hash ? low : count;
}

enum word_kind table_word(const struct letters *form)
{
    const size_t count = sizeof word_rows / sizeof word_rows[0];
    size_t at = find_hash(word_rows, count, letters_hash(form, WORD_SALT));
    return at < count ? (enum word_kind)word_rows[at].value : WORD_NAME;
}

size_t table_classes(const struct letters *form, struct name_class *out, size_t max)
{
    const size_t rows = sizeof class_rows / sizeof class_rows[0];
    struct letters light;
    fold_light(form, &light);
    uint32_t hash = letters_hash(&light, CLASS_SALT);
    size_t count = 0;
    for (size_t i = find_hash(class_rows, rows, hash);
         i < rows && class_rows[i].hash == hash && count < max; i++)
        out[count++] = (struct name_class){ class_rows[i].value, class_rows[i].kind };
    return count;
}

unsigned table_common(const struct letters *form)
{
    const size_t count = sizeof common_rows / sizeof common_rows[0];
    struct letters light;
    fold_light(form, &light);
    size_t at = find_hash(common_rows, count, letters_hash(&light, COMMON_SALT));
    return at < count ? common_rows[at].value : 0;
}
