#include "import/values.h"

static const struct {
    const char *name;
    const char *code;
} countries[] = {
#include "import/country_names.inc"
};

static const struct {
    const char *letters;
    const char *code;
} countries_of_two[] = {
#include "import/country_two.inc"
};

enum { COUNTRY_NAME_MAX = 96, ZONE_LEN = 6 /* -05:00 */, YEAR_MAX = 9999 };

struct text value_country(struct text name)
{
    char lower[COUNTRY_NAME_MAX];
    if (name.len == 0 || name.len > sizeof(lower))
        return TEXT("");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
        if (text_equal((struct text){ lower, name.len }, text_literal(countries[i].name)))
            return text_literal(countries[i].code);
    }
    return code_find(CODE_COUNTRY, name) == CODE_RAW ? TEXT("") : name;
}

struct text value_country_of_two(struct text letters)
{
    for (size_t i = 0; i < sizeof(countries_of_two) / sizeof(countries_of_two[0]); i++) {
        if (text_is(letters, countries_of_two[i].letters))
            return text_literal(countries_of_two[i].code);
    }
    return TEXT("");
}

struct text value_cut(struct text t, size_t max)
{
    if (t.len <= max)
        return t;
    while (max > 0 && ((uint8_t)t.data[max] & 0xC0) == 0x80)
        max--;
    return text_slice(t, 0, max);
}

/* Scalar of the character at `i` and its length; the text is proved UTF-8. */
static uint32_t scalar_at(struct text t, size_t i, size_t *len)
{
    uint8_t lead = (uint8_t)t.data[i];
    *len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t scalar = *len == 1 ? lead : lead & (0x7Fu >> *len);
    for (size_t k = 1; k < *len; k++)
        scalar = scalar << 6 | ((uint8_t)t.data[i + k] & 63);
    return scalar;
}

const char *value_script(struct text t)
{
    static const struct {
        uint32_t from, to;
        const char *script;
    } blocks[] = {
        { 0x0370, 0x03FF, "Grek" }, { 0x0400, 0x052F, "Cyrl" }, { 0x0530, 0x058F, "Armn" },
        { 0x0590, 0x05FF, "Hebr" }, { 0x0600, 0x06FF, "Arab" }, { 0x0750, 0x077F, "Arab" },
        { 0x0900, 0x097F, "Deva" }, { 0x0980, 0x09FF, "Beng" }, { 0x0B80, 0x0BFF, "Taml" },
        { 0x0E00, 0x0E7F, "Thai" }, { 0x1000, 0x109F, "Mymr" }, { 0x10A0, 0x10FF, "Geor" },
        { 0x1200, 0x137F, "Ethi" }, { 0x2D30, 0x2D7F, "Tfng" }, { 0x3040, 0x309F, "Hira" },
        { 0x30A0, 0x30FF, "Kana" }, { 0x4E00, 0x9FFF, "Hani" }, { 0xAC00, 0xD7AF, "Hang" },
        { 0xFB50, 0xFDFF, "Arab" }, { 0xFE70, 0xFEFF, "Arab" },
    };
    size_t len = 1;
    for (size_t i = 0; i < t.len; i += len) {
        uint32_t scalar = scalar_at(t, i, &len);
        for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); b++) {
            if (scalar >= blocks[b].from && scalar <= blocks[b].to)
                return blocks[b].script;
        }
    }
    return "Latn";
}

struct json value_when(struct arena *arena, struct text written, struct date from, struct date to,
                       const char *quality)
{
    struct json out = json_object();
    if (written.len > 0)
        json_set_text(arena, &out, "written", written);
    if (from.year != 0) {
        json_set_text(arena, &out, "from", date_format(arena, from));
        json_set_text(arena, &out, "to", date_format(arena, to));
    }
    json_set(arena, &out, "quality", json_literal(quality));
    return out;
}

bool value_date(struct text t, struct date *out)
{
    if (t.len != DATE_LEN && t.len != DATE_LEN + ZONE_LEN)
        return false;
    return !failed(date_parse(text_slice(t, 0, DATE_LEN), out));
}

int value_year(struct text t)
{
    int year = 0;
    if (t.len != 4)
        return 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] < '0' || t.data[i] > '9')
            return 0;
        year = year * 10 + (t.data[i] - '0');
    }
    return year;
}

struct json value_when_years(struct arena *arena, struct text written, int from, int to,
                             const char *quality)
{
    struct date none = { 0, 0, 0 };
    if (from < 1 || to < from || to > YEAR_MAX)
        return value_when(arena, written, none, none, "unknown");
    struct date first = { (int16_t)from, 1, 1 };
    struct date last = { (int16_t)to, 12, 31 };
    return value_when(arena, written, first, last, quality);
}

struct json value_when_month(struct arena *arena, struct text written, int year, int month)
{
    struct date first = { (int16_t)year, (uint8_t)month, 1 };
    struct date last = first;
    last.day = date_month_days(year, (unsigned)month);
    return value_when(arena, written, first, last, "month-only");
}

struct json value_when_of(struct arena *arena, struct text written)
{
    struct date date;
    if (value_date(written, &date))
        return value_when(arena, written, date, date, "exact");
    int year = value_year(written);
    return value_when_years(arena, written, year, year, "year-only");
}

struct text value_list(struct arena *arena, const struct text *parts, size_t count,
                       struct text separator)
{
    struct text out = TEXT("");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0)
            continue;
        if (out.len > 0)
            out = arena_join(arena, out, separator);
        out = arena_join(arena, out, parts[i]);
    }
    return out;
}
