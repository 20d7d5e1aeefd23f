#include "import/paxlst.h"

#include <string.h>

#include "core/decimal.h"

enum { NAD_NAME = 4, UNA_LEN = 9, DATE_SHORT = 6, DATE_LONG = 8 };

bool paxlst_looks_like(struct bytes in)
{
    return in.len >= 4 && (memcmp(in.data, "UNA", 3) == 0 || memcmp(in.data, "UNB+", 4) == 0);
}

struct paxlst paxlst_over(struct bytes in, struct date today)
{
    struct paxlst list = { .in = in, .component = ':', .element = '+', .release = '?',
                           .end = '\'', .today = today };
    if (in.len < UNA_LEN || memcmp(in.data, "UNA", 3) != 0)
        return list;
    list.component = (char)in.data[3]; /* the service string advice */
    list.element = (char)in.data[4];
    list.release = (char)in.data[6];
    list.end = (char)in.data[8];
    list.at = UNA_LEN;
    return list;
}

/* -- segments ----------------------------------------------------------------------------- */

/* Where the segment that begins at `at` ends; false: the file ends before it. */
static bool find_end(const struct paxlst *list, size_t *end_out)
{
    for (size_t i = list->at; i < list->in.len; i++) {
        char c = (char)list->in.data[i];
        if (c == list->release && list->release != ' ')
            i++;
        else if (c == list->end) {
            *end_out = i;
            return true;
        }
    }
    return false;
}

static struct err add_part(struct paxlst_segment *out, struct text raw, uint8_t element,
                           uint8_t place)
{
    struct text part;
    struct err e = text_parse(text_bytes(raw), &part);
    if (failed(e))
        return err_make(ERR_INVALID, "paxlst.bad-text");
    if (out->count == PAXLST_PARTS_MAX)
        return err_make(ERR_LIMIT, "paxlst.segment-too-long");
    out->parts[out->count] = part;
    out->element[out->count] = element;
    out->place[out->count++] = place;
    return err_none();
}

/* Components, with what is released freed. */
static struct err split(const struct paxlst *list, struct bytes in, struct arena *arena,
                        struct paxlst_segment *out)
{
    char *text = ARENA_ARRAY(arena, char, in.len + 1);
    size_t len = 0;
    size_t from = 0;
    unsigned element = 0;
    unsigned place = 0;
    struct err e = arena_check(arena);
    out->count = 0;
    for (size_t i = 0; !failed(e) && i <= in.len; i++) {
        char c = i < in.len ? (char)in.data[i] : list->element;
        if (i + 1 < in.len && c == list->release && list->release != ' ') {
            text[len++] = (char)in.data[++i];
        } else if (c == list->element || c == list->component) {
            if (element > UINT8_MAX || place > UINT8_MAX)
                return err_make(ERR_LIMIT, "paxlst.segment-too-long");
            e = add_part(out, (struct text){ text + from, len - from }, (uint8_t)element,
                         (uint8_t)place);
            from = len;
            place = c == list->component ? place + 1 : 0;
            element += c == list->element;
        } else if (c != '\r' && c != '\n') {
            text[len++] = c;
        }
    }
    if (!failed(e))
        out->tag = out->parts[0];
    return e;
}

/* false: there is none. */
static bool read_segment(struct paxlst *list, struct arena *arena, struct paxlst_segment *out,
                         struct err *err_out)
{
    size_t end = 0;
    *err_out = err_none();
    while (list->at < list->in.len && memchr("\r\n ", list->in.data[list->at], 3) != NULL)
        list->at++;
    if (list->at >= list->in.len)
        return false;
    list->segment++;
    if (!find_end(list, &end)) {
        list->at = list->in.len;
        *err_out = err_make(ERR_INVALID, "paxlst.unfinished");
        return true;
    }
    struct bytes bytes = bytes_of(list->in.data + list->at, end - list->at);
    list->at = end + 1;
    *err_out = bytes.len > PAXLST_SEGMENT_MAX
                   ? err_make(ERR_LIMIT, "paxlst.segment-too-long")
                   : split(list, bytes, arena, out);
    return true;
}

/* Component `place` of element `element`; empty: none. */
static struct text part(const struct paxlst_segment *s, unsigned element, unsigned place)
{
    for (size_t i = 1; i < s->count; i++) {
        if (s->element[i] == element && s->place[i] == place)
            return s->parts[i];
    }
    return TEXT("");
}

/* -- persons ------------------------------------------------------------------------------ */

static bool is_person(const struct paxlst_segment *s, bool *crew_out)
{
    struct text role = part(s, 1, 0);
    *crew_out = text_is(role, "FM") || text_is(role, "DDT");
    return text_is(s->tag, "NAD") && (*crew_out || text_is(role, "FL") || text_is(role, "DDU"));
}

static struct err parse_day(struct text in, struct date today, struct date *out)
{
    int digits[DATE_LONG] = { 0 };
    bool good = in.len == DATE_SHORT || in.len == DATE_LONG;
    for (size_t i = 0; good && i < in.len; i++) {
        good = in.data[i] >= '0' && in.data[i] <= '9';
        digits[i] = in.data[i] - '0';
    }
    if (!good)
        return err_make(ERR_INVALID, "paxlst.bad-date");
    const int *d = digits;
    int year = in.len == DATE_LONG ? d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3]
                                   : today.year / 100 * 100 + d[0] * 10 + d[1];
    if (in.len == DATE_SHORT && year > today.year)
        year -= 100; /* nobody is born tomorrow */
    d += in.len - 4;
    *out = (struct date){ (int16_t)year, (uint8_t)(d[0] * 10 + d[1]),
                          (uint8_t)(d[2] * 10 + d[3]) };
    return date_valid(*out) ? err_none() : err_make(ERR_INVALID, "paxlst.bad-date");
}

static struct err begin_person(const struct paxlst *list, const struct paxlst_segment *s,
                               struct arena *arena, struct paxlst_person *out)
{
    struct text second = part(s, NAD_NAME, 2);
    *out = (struct paxlst_person){ .segment = list->segment,
                                   .family = part(s, NAD_NAME, 0),
                                   .given = part(s, NAD_NAME, 1) };
    if (second.len > 0)
        out->given = arena_join(arena, arena_join(arena, out->given, TEXT(" ")), second);
    return out->family.len + out->given.len == 0 ? err_make(ERR_INVALID, "paxlst.no-name")
                                                 : err_none();
}

static void add_document(const struct paxlst_segment *s, struct paxlst_person *out)
{
    struct text number = part(s, 2, 0);
    if (number.len > 0 && out->document_count < PAXLST_DOCUMENTS_MAX)
        out->documents[out->document_count++] = (struct paxlst_document){ .number = number };
}

/* A segment of a person's group. */
static struct err take(const struct paxlst *list, const struct paxlst_segment *s,
                       struct paxlst_person *out)
{
    struct text code = part(s, 1, 0);
    if (text_is(s->tag, "ATT") && text_is(code, "2")) {
        struct text sex = part(s, 3, 0);
        out->sex = text_is(sex, "F") ? 'F' : (char)(text_is(sex, "M") ? 'M' : 0);
    } else if (text_is(s->tag, "DTM") && text_is(code, "329")) {
        struct err e = parse_day(part(s, 1, 1), list->today, &out->birth);
        out->has_birth = !failed(e);
        return e;
    } else if (text_is(s->tag, "NAT") && text_is(code, "2")) {
        struct text country = part(s, 2, 0);
        if (country.len > 0 && out->nationality_count < PAXLST_NATIONALITIES_MAX)
            out->nationalities[out->nationality_count++] = country;
    } else if (text_is(s->tag, "DOC")) {
        add_document(s, out);
    } else if (text_is(s->tag, "LOC") && text_is(code, "91") && out->document_count > 0) {
        out->documents[out->document_count - 1].country = part(s, 2, 0);
    }
    return err_none();
}

/* What says where messages begin, or how many persons there are. */
static struct err frame(struct paxlst *list, const struct paxlst_segment *s)
{
    struct text kind = part(s, 1, 0);
    if (text_is(s->tag, "UNH")) {
        list->message = text_is(part(s, 2, 0), "PAXLST");
        list->passengers = 0;
        list->crew = 0;
        return list->message ? err_none() : err_make(ERR_INVALID, "paxlst.other-message");
    }
    if (!list->message || !text_is(s->tag, "CNT") ||
        (!text_is(kind, "42") && !text_is(kind, "41")))
        return err_none();
    uint64_t said = 0;
    struct text number = part(s, 1, 1);
    while (number.len > 1 && number.data[0] == '0')
        number = text_slice(number, 1, number.len);
    uint32_t held = text_is(kind, "42") ? list->passengers : list->crew;
    bool same = decimal_parse(number, &said) && said == held;
    return same ? err_none() : err_make(ERR_INVALID, "paxlst.count");
}

/* Ends a person's group. */
static bool ends_group(const struct paxlst_segment *s)
{
    static const char *const tags[] = { "NAD", "CNT", "UNT", "UNH", "UNZ", "UNE", "AUT" };
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (text_is(s->tag, tags[i]))
            return true;
    }
    return false;
}

static struct err rest_of_person(struct paxlst *list, struct arena *arena,
                                 struct paxlst_person *out)
{
    struct paxlst_segment s;
    struct err first = err_none();
    struct err e = err_none();
    while (!list->ahead && read_segment(list, arena, &s, &e)) {
        if (!failed(e) && ends_group(&s)) {
            list->next = s;
            list->ahead = true;
        } else if (!failed(e)) {
            e = take(list, &s, out);
        }
        if (failed(e) && !failed(first))
            first = e;
    }
    return first;
}

bool paxlst_next(struct paxlst *list, struct arena *arena, struct paxlst_person *out,
                 struct err *err_out)
{
    struct paxlst_segment s;
    bool crew = false;
    *err_out = err_none();
    while (list->ahead || read_segment(list, arena, &s, err_out)) {
        if (list->ahead)
            s = list->next;
        list->ahead = false;
        *out = (struct paxlst_person){ .segment = list->segment };
        if (failed(*err_out))
            return true;
        if (list->message && is_person(&s, &crew)) {
            *(crew ? &list->crew : &list->passengers) += 1;
            *err_out = begin_person(list, &s, arena, out);
            struct err rest = rest_of_person(list, arena, out);
            if (!failed(*err_out))
                *err_out = rest;
            return true;
        }
        *err_out = frame(list, &s);
        if (failed(*err_out))
            return true;
    }
    return false;
}
