#include "index/score/pattern.h"

#include "index/score/identifier.h"
#include "index/segment/object.h"
#include "index/score/score.h"

enum { OF_ALIKE = 75, OF_OTHER_COUNTRY = 60 /* percent */ };

/* ------------------------------------------------------------------------------- matching */

static bool is_wild(char c)
{
    return c == '?' || c == '*';
}

/* Behind the character at `at`: bytes that go on with it are of it. */
static size_t next(const char *in, size_t len, size_t at)
{
    at++;
    while (at < len && ((unsigned char)in[at] & 0xc0) == 0x80)
        at++;
    return at;
}

struct filling { /* where each wildcard begins and ends in the number */
    uint16_t begin[INDEX_KEY_BYTES_MAX];
    uint16_t end[INDEX_KEY_BYTES_MAX];
};

static void fill(struct filling *filling_opt, size_t wildcard, size_t begin, size_t end)
{
    if (filling_opt == NULL)
        return;
    filling_opt->begin[wildcard] = (uint16_t)begin;
    filling_opt->end[wildcard] = (uint16_t)end;
}

/* Only the last run is ever made longer: if any way fits, so does one where the runs before it are
 * the shortest. */
static bool fits(const char *pattern, size_t pattern_len, const char *in, size_t len,
                 struct filling *filling_opt)
{
    size_t p = 0;
    size_t at = 0;
    size_t run = pattern_len; /* the last one met; none yet */
    size_t run_begin = 0;
    size_t run_end = 0;
    while (at < len) {
        if (p < pattern_len && pattern[p] == '*') {
            run = p++;
            run_begin = run_end = at;
            fill(filling_opt, run, at, at);
        } else if (p < pattern_len && pattern[p] == '?') {
            size_t behind = next(in, len, at);
            fill(filling_opt, p++, at, behind);
            at = behind;
        } else if (p < pattern_len && pattern[p] == in[at]) {
            p++;
            at++;
        } else if (run == pattern_len) {
            return false;
        } else {
            at = run_end = next(in, len, run_end);
            fill(filling_opt, run, run_begin, run_end);
            p = run + 1;
        }
    }
    for (; p < pattern_len && pattern[p] == '*'; p++)
        fill(filling_opt, p, len, len);
    return p == pattern_len;
}

/* -------------------------------------------------------------------------------- reading */

static struct err add(struct partial *out, size_t *len, char plain, char folded)
{
    if (plain == '*' && *len > 0 && out->plain[*len - 1] == '*')
        return err_none();
    if (*len == INDEX_KEY_BYTES_MAX)
        return err_make(ERR_LIMIT, "index.pattern-too-long");
    out->plain[*len] = plain;
    out->folded[(*len)++] = folded;
    return err_none();
}

struct err pattern_read(const struct index_identifier *in, struct partial *out)
{
    struct partial pattern = { .cls = in->cls };
    size_t len = 0;
    size_t known = 0;
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < in->canonical.len; i++) {
        char c = in->canonical.data[i];
        char folded = is_wild(c) ? c : identifier_fold_byte(c);
        bool begins = ((unsigned char)c & 0xc0) != 0x80;
        if (folded == 0)
            continue;
        e = add(&pattern, &len, is_wild(c) ? c : identifier_plain_byte(c), folded);
        known += !is_wild(c) && begins;
    }
    if (failed(e))
        return e;
    if (known == 0)
        return err_make(ERR_INVALID, "index.pattern-empty");
    if (known < PATTERN_KNOWN_MIN)
        return err_make(ERR_INVALID, "index.pattern-short");
    pattern.len = (uint8_t)len;
    pattern.known = (uint8_t)known;
    *out = pattern;
    return err_none();
}

void patterns_of(const struct index_query *query, struct patterns *out)
{
    out->count = 0;
    for (size_t i = 0; i < query->identifier_count; i++) {
        const struct index_identifier *id = &query->identifiers[i];
        if (id->partial && !failed(pattern_read(id, &out->list[out->count])))
            out->count++;
    }
}

/* ------------------------------------------------------------------------------ comparing */

struct number { /* without its marks */
    size_t len;
    char at[INDEX_TEXT_MAX];
};

static void plain_number(struct text in, struct number *out)
{
    out->len = 0;
    for (size_t i = 0; i < in.len && out->len < sizeof out->at; i++) {
        char c = identifier_plain_byte(in.data[i]);
        out->at[out->len] = c;
        out->len += c != 0;
    }
}

static void folded_number(struct text in, struct number *out)
{
    out->len = 0;
    for (size_t i = 0; i < in.len && out->len < sizeof out->at; i++) {
        char c = identifier_fold_byte(in.data[i]);
        out->at[out->len] = c;
        out->len += c != 0;
    }
}

enum pattern_fit pattern_fit(const struct partial *pattern, const struct index_identifier *theirs)
{
    struct number number;
    if (theirs->cls != pattern->cls)
        return PATTERN_DIFFERS;
    plain_number(theirs->canonical, &number);
    if (fits(pattern->plain, pattern->len, number.at, number.len, NULL))
        return PATTERN_FITS;
    if (theirs->confusable.len > 0)
        plain_number(theirs->confusable, &number);
    else
        folded_number(theirs->canonical, &number);
    return fits(pattern->folded, pattern->len, number.at, number.len, NULL) ? PATTERN_ALIKE
                                                                            : PATTERN_DIFFERS;
}

struct field_likeness pattern_compare(const struct score_table *score,
                                      const struct index_identifier *ours,
                                      const struct index_identifier *theirs)
{
    struct partial pattern;
    enum pattern_fit fit = PATTERN_DIFFERS;
    if (!failed(pattern_read(ours, &pattern)))
        fit = pattern_fit(&pattern, theirs);
    if (fit == PATTERN_DIFFERS)
        return (struct field_likeness){ score->identifier_contradict, INDEX_CONTRADICT,
                                        "identifier.pattern-differs" };
    int32_t weight = pattern.known * WEIGHT_KNOWN_CHARACTER;
    if (weight >= score->band_strong)
        weight = score->band_strong - 1;
    if (fit == PATTERN_ALIKE)
        return (struct field_likeness){ weight * OF_ALIKE / 100, INDEX_CLOSE,
                                        "identifier.pattern-look-alike" };
    if (ours->country.len > 0 && theirs->country.len > 0 &&
        !text_equal(ours->country, theirs->country))
        return (struct field_likeness){ weight * OF_OTHER_COUNTRY / 100, INDEX_CLOSE,
                                        "identifier.pattern-other-country" };
    return (struct field_likeness){ weight, INDEX_AGREE, "identifier.pattern" };
}

size_t pattern_filled(struct text pattern, struct text number, struct arena *arena,
                      struct text *out)
{
    struct index_identifier ours = { .canonical = pattern, .partial = true };
    struct partial read;
    struct filling filling;
    struct number plain;
    struct number folded;
    size_t count = 0;
    if (failed(pattern_read(&ours, &read)))
        return 0;
    plain_number(number, &plain);
    folded_number(number, &folded);
    if (!fits(read.plain, read.len, plain.at, plain.len, &filling) &&
        !fits(read.folded, read.len, folded.at, folded.len, &filling))
        return 0;
    for (size_t i = 0; i < read.len; i++) {
        struct text part = { plain.at + filling.begin[i],
                             (size_t)(filling.end[i] - filling.begin[i]) };
        if (is_wild(read.plain[i]))
            out[count++] = arena_copy_text(arena, part);
    }
    return count;
}

/* ------------------------------------------------------------------------------- scanning */

static bool row_fits(const struct index_segment *s, const struct patterns *patterns, uint32_t doc)
{
    struct blob_walk walk;
    struct index_identifier theirs;
    blob_identifiers(segment_blob(s, doc), &walk);
    while (blob_identifier(&walk, &theirs)) {
        for (size_t i = 0; i < patterns->count; i++) {
            if (pattern_fit(&patterns->list[i], &theirs) != PATTERN_DIFFERS)
                return true;
        }
    }
    return false;
}

/* Most numbers differ at an end already. */
static bool ends_fit(const struct partial *p, const char *in, size_t len)
{
    char first = p->folded[0];
    char last = p->folded[p->len - 1];
    return len > 0 && (is_wild(first) || first == in[0]) && (is_wild(last) || last == in[len - 1]);
}

static bool asks_class(const struct patterns *patterns, uint16_t cls)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (patterns->list[i].cls == cls)
            return true;
    }
    return false;
}

static bool object_fits_one(const uint8_t *object, const struct patterns *patterns,
                            const struct object_codes *codes)
{
    char folded[PACKED_CHARS_MAX];
    uint16_t cls = object_class(object);
    if (!asks_class(patterns, cls))
        return false;
    size_t len = object_key(object, codes, folded);
    for (size_t i = 0; i < patterns->count; i++) {
        const struct partial *p = &patterns->list[i];
        if (p->cls == cls && ends_fit(p, folded, len) && fits(p->folded, p->len, folded, len, NULL))
            return true;
    }
    return false;
}

uint32_t patterns_next(const struct index_segment *s, const struct patterns *patterns, uint32_t doc)
{
    struct object_codes codes;
    for (; doc < s->row_count; doc++) {
        if (row_fits(s, patterns, doc))
            return doc;
    }
    object_codes_make(identifier_fold_byte, &codes);
    const uint8_t *objects = section(s, SECTION_OBJECTS);
    for (; doc < s->doc_count; doc++) {
        const uint8_t *object = objects + (size_t)(doc - s->row_count) * OBJECT_BYTES;
        if (object_fits_one(object, patterns, &codes))
            return doc;
    }
    return s->doc_count;
}
