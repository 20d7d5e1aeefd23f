#include "model/coarsen.h"

bool coarsen_fits(enum value_type type, enum coarse_way way)
{
    switch (way) {
    case COARSE_YEAR:
    case COARSE_MONTH:
        return type == VALUE_WHEN;
    case COARSE_COUNTRY:
        return type == VALUE_WHERE;
    case COARSE_INITIALS:
        return type == VALUE_TEXT || type == VALUE_NAME || type == VALUE_NAME_OF;
    case COARSE_NONE:
    case COARSE_WAYS:
        break;
    }
    return false;
}

/* Whole months or years around what the source allows. */
static bool coarsen_date(const struct json *value, bool year, struct arena *arena,
                         struct json *out)
{
    struct when when;
    if (failed(when_parse(value, &when)) || !when_known(&when))
        return false;
    when = when_widen(&when);
    bool wide = when.quality == WHEN_YEAR_ONLY || when.quality == WHEN_REGISTRY_DEFAULT ||
                when.from.month != when.to.month || when.from.year != when.to.year;
    struct date from = { when.from.year, year ? 1 : when.from.month, 1 };
    struct date to = { when.to.year, year ? 12 : when.to.month, 31 };
    to.day = date_month_days(to.year, to.month);
    struct json made = json_object();
    if (when.calendar.len > 0)
        json_set_text(arena, &made, "calendar", when.calendar);
    json_set_text(arena, &made, "from", date_format(arena, from));
    json_set_text(arena, &made, "to", date_format(arena, to));
    json_set(arena, &made, "quality",
             json_literal(year || wide ? "year-only" : "month-only"));
    *out = made;
    return true;
}

static bool coarsen_place(const struct json *value, struct arena *arena, struct json *out)
{
    struct text country = json_get_text(value, "country");
    if (country.len == 0)
        return false;
    *out = json_object();
    json_set_text(arena, out, "country", country);
    return true;
}

static size_t char_len(struct text word)
{
    size_t len = 1;
    while (len < word.len && ((uint8_t)word.data[len] & 0xc0) == 0x80)
        len++;
    return len;
}

/* "HUSSAINI Abdullahi" to "H. A." */
static struct text initials_of(struct text words, struct arena *arena)
{
    struct text out = { NULL, 0 };
    struct text rest = words;
    while (rest.data != NULL && rest.len > 0) {
        struct text word = text_trim(text_split(&rest, ' '));
        if (word.len == 0)
            continue;
        struct text letter = arena_join(arena, text_slice(word, 0, char_len(word)), TEXT("."));
        out = out.len == 0 ? letter : arena_join(arena, arena_join(arena, out, TEXT(" ")), letter);
    }
    return out;
}

static struct text joined_parts(const struct json *value, struct arena *arena)
{
    struct text full = json_get_text(value, "full");
    const struct json *parts = json_get(value, "parts");
    struct text all = TEXT("");
    for (size_t i = 0; i < json_count(parts); i++) {
        struct text part = json_get_text(json_item(parts, i), "text");
        all = arena_join(arena, arena_join(arena, all, TEXT(" ")), part);
    }
    return full.len > 0 ? full : all;
}

static bool coarsen_words(enum value_type type, const struct json *value, struct arena *arena,
                          struct json *out)
{
    bool plain = type == VALUE_TEXT;
    struct text words = plain ? json_get_text(value, "text") : joined_parts(value, arena);
    struct text initials = initials_of(words, arena);
    if (initials.len == 0)
        return false;
    *out = json_object();
    json_set_text(arena, out, plain ? "text" : "full", initials);
    return true;
}

bool coarsen_value(enum value_type type, const struct json *value, enum coarse_way way,
                   struct arena *arena, struct json *out)
{
    struct json made = json_null();
    bool good = false;
    if (!coarsen_fits(type, way))
        return false;
    if (type == VALUE_WHEN)
        good = coarsen_date(value, way == COARSE_YEAR, arena, &made);
    else if (type == VALUE_WHERE)
        good = coarsen_place(value, arena, &made);
    else
        good = coarsen_words(type, value, arena, &made);
    if (!good || arena->full)
        return false;
    *out = made;
    return true;
}
