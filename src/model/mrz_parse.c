#include <assert.h>

#include "model/checkdigit.h"
#include "model/mrz.h"
#include "model/mrz_layout.h"

#define MRZ_DIGITS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FILLER '<'

struct zone {
    const struct mrz_layout *layout;
    struct text lines[MRZ_LINES_MAX];
    struct arena *arena;
};

static unsigned digit_sum(unsigned sum, struct text t, size_t *place)
{
    static const uint8_t weights[] = { 7, 3, 1 };
    for (size_t i = 0; i < t.len; i++) {
        int value = checkdigit_value(t.data[i], MRZ_DIGITS);
        sum += weights[(*place)++ % 3] * (unsigned)(value < 0 ? 0 : value);
    }
    return sum % 10;
}

char mrz_digit(struct text t)
{
    size_t place = 0;
    return (char)('0' + digit_sum(0, t, &place));
}

static struct text raw(const struct zone *z, enum mrz_field field)
{
    struct mrz_span span = z->layout->fields[field];
    return text_slice(z->lines[span.line], span.from, span.len);
}

static struct text without_fillers(struct text t)
{
    while (t.len > 0 && t.data[t.len - 1] == FILLER)
        t.len--;
    return t;
}

/* Fillers inside become spaces, two in a row one space. */
static struct text readable(const struct zone *z, struct text t)
{
    t = without_fillers(t);
    char *out = arena_take(z->arena, t.len);
    size_t len = 0;
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < t.len; i++) {
        bool filler = t.data[i] == FILLER;
        if (!filler)
            out[len++] = t.data[i];
        else if (len > 0 && out[len - 1] != ' ')
            out[len++] = ' ';
    }
    return (struct text){ out, len };
}

/* Cuts the text into lines; false unless all are of one width. `at` of a bad character. */
static struct err cut(struct text in, struct zone *z, size_t *count_out)
{
    size_t count = 0;
    size_t at = 0;
    while (at < in.len) {
        size_t from = at;
        while (at < in.len && in.data[at] != '\n' && in.data[at] != '\r')
            at++;
        struct text line = text_trim(text_slice(in, from, at - from));
        at++;
        if (line.len == 0)
            continue; /* between CR and LF, or behind the last line */
        if (count == MRZ_LINES_MAX || (count > 0 && line.len != z->lines[0].len))
            return err_at(ERR_INVALID, (uint32_t)from, "mrz.wrong-shape");
        size_t good = checkdigit_span(line, MRZ_DIGITS "<");
        if (good < line.len)
            return err_at(ERR_INVALID, (uint32_t)((size_t)(line.data - in.data) + good),
                          "mrz.wrong-character");
        z->lines[count++] = line;
    }
    *count_out = count;
    return err_none();
}

static bool layout_fits(const struct mrz_layout *l, const struct zone *z, size_t lines)
{
    return lines == l->lines && z->lines[0].len == l->width &&
           text_starts(z->lines[0], text_literal(l->prefix)) &&
           (z->lines[0].data[0] == 'V') == l->visa;
}

static struct err choose(struct zone *z, size_t lines, enum mrz_format *out)
{
    /* the French card first: it is a TD2 to all but its first five letters */
    static const enum mrz_format order[MRZ_FORMATS] = { MRZ_FRENCH_CARD, MRZ_TD1,    MRZ_TD2,
                                                        MRZ_TD3,         MRZ_VISA_A, MRZ_VISA_B,
                                                        MRZ_SLOVAK_CARD };
    for (size_t i = 0; i < MRZ_FORMATS; i++) {
        if (layout_fits(&mrz_layouts[order[i]], z, lines)) {
            z->layout = &mrz_layouts[order[i]];
            *out = order[i];
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "mrz.wrong-shape");
}

static struct mrz_check judge(struct text seen, char expected)
{
    struct mrz_check out = { .present = seen.len == 1, .expected = expected };
    if (!out.present)
        return out;
    out.seen = seen.data[0];
    out.right = out.seen == expected;
    return out;
}

static struct mrz_check judge_field(const struct zone *z, enum mrz_field field,
                                    enum mrz_field check)
{
    return judge(raw(z, check), mrz_digit(raw(z, field)));
}

static struct mrz_check judge_composite(const struct zone *z)
{
    unsigned sum = 0;
    size_t place = 0;
    for (size_t i = 0; i < MRZ_SPANS_MAX; i++) {
        struct mrz_span span = z->layout->composite[i];
        sum = digit_sum(sum, text_slice(z->lines[span.line], span.from, span.len), &place);
    }
    return judge(raw(z, FIELD_COMPOSITE_CHECK), (char)('0' + sum));
}

static void read_checks(const struct zone *z, struct mrz *out)
{
    out->checks[MRZ_CHECK_NUMBER] = judge_field(z, FIELD_NUMBER, FIELD_NUMBER_CHECK);
    out->checks[MRZ_CHECK_BIRTH] = judge_field(z, FIELD_BIRTH, FIELD_BIRTH_CHECK);
    out->checks[MRZ_CHECK_EXPIRY] = judge_field(z, FIELD_EXPIRY, FIELD_EXPIRY_CHECK);
    out->checks[MRZ_CHECK_COMPOSITE] = judge_composite(z);
    struct mrz_check optional = judge_field(z, FIELD_OPTIONAL, FIELD_OPTIONAL_CHECK);
    /* part 4, 4.2.2.2: over an empty field it may be a filler */
    if (optional.present && optional.seen == FILLER &&
        without_fillers(raw(z, FIELD_OPTIONAL)).len == 0)
        optional.right = true;
    out->checks[MRZ_CHECK_OPTIONAL] = optional;
}

/* Part 5, 4.2.2.1: a filler in the digit's place says that the number goes on in the optional data,
 * its digit last. */
static void read_number(const struct zone *z, struct mrz *out)
{
    struct text number = raw(z, FIELD_NUMBER);
    struct text optional = raw(z, FIELD_OPTIONAL);
    struct text check = raw(z, FIELD_NUMBER_CHECK);
    struct text rest = text_split(&optional, FILLER);
    if (!z->layout->long_number || check.data[0] != FILLER || rest.len < 2) {
        out->number = readable(z, number);
        out->optional = readable(z, raw(z, FIELD_OPTIONAL));
        return;
    }
    struct text tail = text_slice(rest, 0, rest.len - 1);
    struct text whole = arena_join(z->arena, number, tail);
    if (whole.data == NULL)
        return;
    out->checks[MRZ_CHECK_NUMBER] = judge(text_slice(rest, tail.len, 1), mrz_digit(whole));
    out->number = readable(z, whole);
    out->optional = readable(z, optional);
}

static void read_names(const struct zone *z, struct mrz *out)
{
    struct text names = raw(z, FIELD_NAMES);
    struct text given = raw(z, FIELD_GIVEN);
    out->names_cut = names.data[names.len - 1] != FILLER;
    if (given.len > 0) {
        out->names_cut = out->names_cut || given.data[given.len - 1] != FILLER;
    } else {
        size_t at = 0;
        while (at + 1 < names.len && (names.data[at] != FILLER || names.data[at + 1] != FILLER))
            at++;
        if (at + 1 < names.len) {
            given = text_slice(names, at, names.len);
            names = text_slice(names, 0, at);
        }
    }
    out->surname = readable(z, names);
    out->given = readable(z, given);
}

struct err mrz_parse(struct text in, struct arena *arena, struct mrz *out)
{
    struct zone z = { .arena = arena };
    struct mrz mrz = { .format = MRZ_TD1 };
    size_t lines = 0;
    if (in.len > MRZ_TEXT_MAX)
        return err_make(ERR_INVALID, "mrz.wrong-shape");
    struct err e = cut(in, &z, &lines);
    if (!failed(e))
        e = choose(&z, lines, &mrz.format);
    if (failed(e))
        return e;
    read_checks(&z, &mrz);
    read_number(&z, &mrz);
    read_names(&z, &mrz);
    mrz.kind = readable(&z, raw(&z, FIELD_KIND));
    mrz.issuer = readable(&z, raw(&z, FIELD_ISSUER));
    bool own = raw(&z, FIELD_NATIONALITY).len > 0;
    mrz.nationality = own ? readable(&z, raw(&z, FIELD_NATIONALITY)) : mrz.issuer;
    mrz.sex = raw(&z, FIELD_SEX).data[0];
    mrz.birth = arena_copy_text(arena, raw(&z, FIELD_BIRTH));
    mrz.expiry = arena_copy_text(arena, raw(&z, FIELD_EXPIRY));
    mrz.optional2 = readable(&z, raw(&z, FIELD_OPTIONAL2));
    e = arena_check(arena);
    if (failed(e))
        return e;
    *out = mrz;
    return err_none();
}

/* Two characters: -1 for unknown ("<<"), -2 for neither that nor digits. */
static int two(struct text t, size_t at)
{
    char a = t.data[at];
    char b = t.data[at + 1];
    if (a == FILLER && b == FILLER)
        return -1;
    if (a < '0' || a > '9' || b < '0' || b > '9')
        return -2;
    return (a - '0') * 10 + (b - '0');
}

/* What YYMMDD with this century allows; unknown when it is no date. */
static struct when interval(struct text written, int year, int month, int day)
{
    struct when out = { .written = written, .quality = WHEN_UNKNOWN };
    struct date from = { (int16_t)year, 1, 1 };
    struct date to = { (int16_t)year, 12, 31 };
    enum when_quality quality = WHEN_YEAR_ONLY;
    if (month > 0) {
        quality = day > 0 ? WHEN_EXACT : WHEN_MONTH_ONLY;
        from.month = to.month = (uint8_t)month;
        to.day = month <= 12 ? date_month_days(year, (unsigned)month) : 0;
        if (day > 0)
            from.day = to.day = (uint8_t)day;
    }
    if (!date_valid(from) || !date_valid(to))
        return out;
    out.from = from;
    out.to = to;
    out.quality = quality;
    return out;
}

/* `latest`: the last year that the two digits may mean. */
static struct when when_of(struct text written, int latest)
{
    struct when unknown = { .written = written, .quality = WHEN_UNKNOWN };
    if (written.len != 6)
        return unknown;
    int year = two(written, 0);
    int month = two(written, 2);
    int day = two(written, 4);
    if (year < 0 || month < -1 || day < -1 || month == 0 || day == 0 || (month < 0 && day > 0))
        return unknown;
    int full = latest - latest % 100 + year;
    if (full > latest)
        full -= 100;
    return interval(written, full, month, day);
}

struct when mrz_birth(const struct mrz *mrz, struct date today)
{
    struct when out = when_of(mrz->birth, today.year);
    bool ahead = out.quality != WHEN_UNKNOWN && date_days(out.from) > date_days(today);
    return ahead ? when_of(mrz->birth, today.year - 1) : out;
}

struct when mrz_expiry(const struct mrz *mrz, struct date today)
{
    return when_of(mrz->expiry, today.year + 49);
}
