#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include "model/mrz.h"

/* ICAO Doc 9303 part 3, section 6, tables A to C. Latin letters that are a base letter with a mark
 * are decomposed; here are those that are not, or that become two letters. */
struct letters {
    uint16_t character;
    char out[5];
};

static const struct letters latin[] = {
    { 0x00C4, "AE" }, { 0x00C5, "AA" }, { 0x00C6, "AE" }, { 0x00D0, "D" },  { 0x00D6, "OE" },
    { 0x00D8, "OE" }, { 0x00DC, "UE" }, { 0x00DE, "TH" }, { 0x00DF, "SS" }, { 0x0110, "D" },
    { 0x0126, "H" },  { 0x0131, "I" },  { 0x0132, "IJ" }, { 0x0138, "Q" },  { 0x013F, "L" },
    { 0x0141, "L" },  { 0x014A, "N" },  { 0x0152, "OE" }, { 0x0166, "T" },  { 0x1E9E, "SS" },
};

static const struct letters cyrillic[] = {
    { 0x0401, "E" },  { 0x0402, "D" },  { 0x0403, "G" },  { 0x0404, "IE" }, { 0x0405, "DZ" },
    { 0x0406, "I" },  { 0x0407, "I" },  { 0x0408, "J" },  { 0x0409, "LJ" }, { 0x040A, "NJ" },
    { 0x040B, "C" },  { 0x040C, "K" },  { 0x040E, "U" },  { 0x040F, "DZ" }, { 0x0410, "A" },
    { 0x0411, "B" },  { 0x0412, "V" },  { 0x0413, "G" },  { 0x0414, "D" },  { 0x0415, "E" },
    { 0x0416, "ZH" }, { 0x0417, "Z" },  { 0x0418, "I" },  { 0x0419, "I" },  { 0x041A, "K" },
    { 0x041B, "L" },  { 0x041C, "M" },  { 0x041D, "N" },  { 0x041E, "O" },  { 0x041F, "P" },
    { 0x0420, "R" },  { 0x0421, "S" },  { 0x0422, "T" },  { 0x0423, "U" },  { 0x0424, "F" },
    { 0x0425, "KH" }, { 0x0426, "TS" }, { 0x0427, "CH" }, { 0x0428, "SH" }, { 0x0429, "SHCH" },
    { 0x042A, "IE" }, { 0x042B, "Y" },  { 0x042D, "E" },  { 0x042E, "IU" }, { 0x042F, "IA" },
    { 0x046A, "U" },  { 0x0474, "Y" },  { 0x0490, "G" },  { 0x0492, "F" },  { 0x04BA, "C" },
};

/* Where a language departs from the table, at the beginning of a word (`first`) or anywhere. */
static const struct {
    enum mrz_language language;
    bool first;
    struct letters letters;
} exceptions[] = {
    { MRZ_BELARUSIAN, false, { 0x0401, "IO" } }, { MRZ_BELARUSIAN, false, { 0x0413, "H" } },
    { MRZ_BULGARIAN, false, { 0x0429, "SHT" } }, { MRZ_MACEDONIAN, false, { 0x0403, "GJ" } },
    { MRZ_MACEDONIAN, false, { 0x040C, "KJ" } }, { MRZ_MACEDONIAN, false, { 0x040F, "DJ" } },
    { MRZ_MACEDONIAN, false, { 0x0425, "H" } },  { MRZ_MACEDONIAN, false, { 0x0426, "C" } },
    { MRZ_SERBIAN, false, { 0x0413, "H" } },     { MRZ_SERBIAN, false, { 0x0416, "Z" } },
    { MRZ_SERBIAN, false, { 0x0425, "H" } },     { MRZ_SERBIAN, false, { 0x0426, "C" } },
    { MRZ_SERBIAN, false, { 0x0427, "C" } },     { MRZ_SERBIAN, false, { 0x0428, "S" } },
    { MRZ_UKRAINIAN, true, { 0x0404, "YE" } },   { MRZ_UKRAINIAN, true, { 0x0407, "YI" } },
    { MRZ_UKRAINIAN, true, { 0x0419, "Y" } },    { MRZ_UKRAINIAN, true, { 0x042E, "YU" } },
    { MRZ_UKRAINIAN, true, { 0x042F, "YA" } },   { MRZ_UKRAINIAN, false, { 0x0413, "H" } },
    { MRZ_UKRAINIAN, false, { 0x0418, "Y" } },
};

static const struct letters arabic[] = {
    { 0x0621, "XE" },  { 0x0622, "XAA" }, { 0x0623, "XAE" }, { 0x0624, "U" },   { 0x0625, "I" },
    { 0x0626, "XI" },  { 0x0627, "A" },   { 0x0628, "B" },   { 0x0629, "XTA" }, { 0x062A, "T" },
    { 0x062B, "XTH" }, { 0x062C, "J" },   { 0x062D, "XH" },  { 0x062E, "XKH" }, { 0x062F, "D" },
    { 0x0630, "XDH" }, { 0x0631, "R" },   { 0x0632, "Z" },   { 0x0633, "S" },   { 0x0634, "XSH" },
    { 0x0635, "XSS" }, { 0x0636, "XDZ" }, { 0x0637, "XTT" }, { 0x0638, "XZZ" }, { 0x0639, "E" },
    { 0x063A, "G" },   { 0x0641, "F" },   { 0x0642, "Q" },   { 0x0643, "K" },   { 0x0644, "L" },
    { 0x0645, "M" },   { 0x0646, "N" },   { 0x0647, "H" },   { 0x0648, "W" },   { 0x0649, "XAY" },
    { 0x064A, "Y" },   { 0x0671, "XXA" }, { 0x0679, "XXT" }, { 0x067C, "XRT" }, { 0x067E, "P" },
    { 0x0681, "XKE" }, { 0x0685, "XXH" }, { 0x0686, "XC" },  { 0x0688, "XXD" }, { 0x0689, "XDR" },
    { 0x0691, "XXR" }, { 0x0693, "XRR" }, { 0x0696, "XRX" }, { 0x0698, "XJ" },  { 0x069A, "XXS" },
    { 0x06A9, "XKK" }, { 0x06AB, "XXK" }, { 0x06AD, "XNG" }, { 0x06AF, "XGG" }, { 0x06BA, "XNN" },
    { 0x06BC, "XXN" }, { 0x06BE, "XDO" }, { 0x06C0, "XYH" }, { 0x06C1, "XXG" }, { 0x06C2, "XGE" },
    { 0x06C3, "XTG" }, { 0x06CC, "XYA" }, { 0x06CD, "XXY" }, { 0x06D0, "Y" },   { 0x06D2, "XYB" },
    { 0x06D3, "XBE" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
enum { LETTERS_MAX = 4, MARKS_MAX = 8 };

static const char *table_find(const struct letters *table, size_t count, UChar32 c)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].character == c)
            return table[i].out;
    }
    return NULL;
}

/* Base letter of a letter with marks; `c` itself when there is nothing to take off. */
static UChar32 base_letter(UChar32 c)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar marks[MARKS_MAX];
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&code);
    int32_t len = U_FAILURE(code) ? 0 : unorm2_getDecomposition(nfd, c, marks, MARKS_MAX, &code);
    return U_FAILURE(code) || len < 1 ? c : marks[0];
}

static const char *exception_find(enum mrz_language language, bool first, UChar32 c)
{
    for (size_t i = 0; i < COUNT(exceptions); i++) {
        if (exceptions[i].language == language && exceptions[i].letters.character == c &&
            (first || !exceptions[i].first))
            return exceptions[i].letters.out;
    }
    return NULL;
}

/* Letters for `c`, or "" to drop it. */
static const char *letters_of(UChar32 c, enum mrz_language language, bool first)
{
    c = u_toupper(c);
    const char *out = exception_find(language, first, c);
    if (out == NULL)
        out = table_find(latin, COUNT(latin), c);
    if (out == NULL)
        out = table_find(cyrillic, COUNT(cyrillic), c);
    if (out == NULL)
        out = table_find(arabic, COUNT(arabic), c);
    return out == NULL ? "" : out;
}

struct text mrz_transliterate(struct text name, enum mrz_language language, struct arena *arena)
{
    char *out = arena_take_array(arena, name.len, LETTERS_MAX);
    size_t len = 0;
    bool first = true;
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < name.len;) {
        UChar32 c = 0;
        U8_NEXT_UNSAFE(name.data, i, c);
        const char *letters = letters_of(c, language, first);
        UChar32 base = u_toupper(base_letter(c));
        if (letters[0] != 0) {
            size_t more = strlen(letters);
            memcpy(out + len, letters, more);
            len += more;
        } else if (base >= 'A' && base <= 'Z') {
            out[len++] = (char)base;
        } else if ((c == ' ' || c == '-') && len > 0 && out[len - 1] != ' ') {
            out[len++] = ' ';
        }
        first = c == ' ' || c == '-';
    }
    return (struct text){ out, len };
}
