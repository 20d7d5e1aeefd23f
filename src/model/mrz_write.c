#include <assert.h>

#include "model/checkdigit.h"
#include "model/mrz.h"
#include "model/mrz_layout.h"

#define FILLER '<'
#define MRZ_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

struct sheet {
    const struct mrz_layout *layout;
    char *text; /* lines with LF between them */
    struct err err;
};

static char *place(const struct sheet *s, struct mrz_span span)
{
    return s->text + (size_t)span.line * (s->layout->width + 1u) + span.from;
}

static struct text written(const struct sheet *s, enum mrz_field field)
{
    struct mrz_span span = s->layout->fields[field];
    return (struct text){ place(s, span), span.len };
}

static char letter(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)(c - 'a' + 'A');
    return c == ' ' || c == '-' ? FILLER : c;
}

/* Copies; the rest of the field stays filled. */
static void put(struct sheet *s, enum mrz_field field, struct text value)
{
    struct mrz_span span = s->layout->fields[field];
    if (value.len > span.len) {
        s->err = err_at(ERR_INVALID, field, "mrz.field-too-long");
        return;
    }
    for (size_t i = 0; i < value.len; i++) {
        char c = letter(value.data[i]);
        if (checkdigit_value(c, MRZ_LETTERS) < 0)
            s->err = err_at(ERR_INVALID, field, "mrz.wrong-character");
        place(s, span)[i] = c;
    }
}

static void put_names(struct sheet *s, struct text surname, struct text given, struct arena *arena)
{
    struct text names = arena_join(arena, surname, given.len > 0 ? TEXT("<<") : TEXT(""));
    names = arena_join(arena, names, given);
    size_t room = s->layout->fields[FIELD_NAMES].len;
    put(s, FIELD_NAMES, text_slice(names, 0, room));
}

/* The part that fits, then in the optional data the rest, its digit and a filler. */
static void put_number(struct sheet *s, struct text number, struct text optional,
                       struct arena *arena)
{
    size_t room = s->layout->fields[FIELD_NUMBER].len;
    if (number.len <= room || !s->layout->long_number) {
        put(s, FIELD_NUMBER, number);
        put(s, FIELD_OPTIONAL, optional);
        *place(s, s->layout->fields[FIELD_NUMBER_CHECK]) = mrz_digit(written(s, FIELD_NUMBER));
        return;
    }
    put(s, FIELD_NUMBER, text_slice(number, 0, room));
    char tail[2] = { mrz_digit(number), FILLER };
    struct text rest = arena_join(arena, text_slice(number, room, number.len),
                                  (struct text){ tail, sizeof(tail) });
    rest = arena_join(arena, rest, optional);
    if (rest.data != NULL)
        put(s, FIELD_OPTIONAL, rest);
}

static void put_digit(struct sheet *s, enum mrz_field field, enum mrz_field check)
{
    if (s->layout->fields[check].len > 0)
        *place(s, s->layout->fields[check]) = mrz_digit(written(s, field));
}

static void put_composite(struct sheet *s)
{
    char all[MRZ_LINES_MAX * MRZ_WIDTH_MAX];
    size_t len = 0;
    if (s->layout->fields[FIELD_COMPOSITE_CHECK].len == 0)
        return;
    for (size_t i = 0; i < MRZ_SPANS_MAX; i++) {
        struct mrz_span span = s->layout->composite[i];
        memcpy(all + len, place(s, span), span.len);
        len += span.len;
    }
    *place(s, s->layout->fields[FIELD_COMPOSITE_CHECK]) = mrz_digit((struct text){ all, len });
}

static void put_all(struct sheet *s, const struct mrz_fields *f, struct arena *arena)
{
    put(s, FIELD_KIND, f->kind);
    put(s, FIELD_ISSUER, f->issuer);
    put(s, FIELD_NATIONALITY, f->nationality);
    put(s, FIELD_BIRTH, f->birth);
    put(s, FIELD_EXPIRY, f->expiry);
    put(s, FIELD_OPTIONAL2, f->optional2);
    put(s, FIELD_SEX, (struct text){ &f->sex, 1 });
    put_number(s, f->number, f->optional, arena);
    put_names(s, mrz_transliterate(f->surname, f->language, arena),
              mrz_transliterate(f->given, f->language, arena), arena);
    put_digit(s, FIELD_BIRTH, FIELD_BIRTH_CHECK);
    put_digit(s, FIELD_EXPIRY, FIELD_EXPIRY_CHECK);
    put_digit(s, FIELD_OPTIONAL, FIELD_OPTIONAL_CHECK);
    put_composite(s);
}

struct err mrz_write(const struct mrz_fields *fields, struct arena *arena, struct text *out)
{
    assert(fields->format <= MRZ_VISA_B);
    struct sheet s = { .layout = &mrz_layouts[fields->format], .err = err_none() };
    size_t stride = s.layout->width + 1u;
    size_t len = s.layout->lines * stride - 1;
    s.text = arena_take(arena, len);
    if (s.text == NULL)
        return arena_check(arena);
    memset(s.text, FILLER, len);
    for (size_t line = 1; line < s.layout->lines; line++)
        s.text[line * stride - 1] = '\n';
    put_all(&s, fields, arena);
    if (!failed(s.err))
        s.err = arena_check(arena);
    if (failed(s.err))
        return s.err;
    *out = (struct text){ s.text, len };
    return err_none();
}
