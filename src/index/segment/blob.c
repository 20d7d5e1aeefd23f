/* A document whole: u8 names, each u8 set and three texts; u8 nationalities; u8 identifiers, each
 * u16 class and three texts. A text is a u16 length and UTF-8; numbers big end first
 * (core/writer.h). */
#include "core/reader.h"
#include "core/writer.h"
#include "index/segment/segment.h"

enum { NAME_TEXTS = 3 };

static bool add_text(size_t *len, struct text text)
{
    *len += 2 + text.len;
    return text.len <= INDEX_TEXT_MAX;
}

size_t blob_len(const struct index_doc *doc)
{
    size_t len = 3;
    bool good = doc->name_count <= INDEX_NAMES_MAX &&
                doc->nationality_count <= INDEX_NATIONALITIES_MAX &&
                doc->identifier_count <= INDEX_IDENTIFIERS_MAX;
    for (size_t i = 0; good && i < doc->name_count; i++) {
        const struct index_name *name = &doc->names[i];
        len++;
        good = add_text(&len, name->full) && add_text(&len, name->family) &&
               add_text(&len, name->given);
    }
    for (size_t i = 0; good && i < doc->nationality_count; i++)
        good = add_text(&len, doc->nationalities[i]);
    for (size_t i = 0; good && i < doc->identifier_count; i++) {
        const struct index_identifier *id = &doc->identifiers[i];
        len += 2;
        good = add_text(&len, id->canonical) && add_text(&len, id->confusable) &&
               add_text(&len, id->country);
    }
    return good ? len : 0;
}

static void put_text(struct writer *w, struct text text)
{
    writer_u16(w, (uint16_t)text.len);
    writer_text(w, text);
}

void blob_write(const struct index_doc *doc, uint8_t *out)
{
    struct writer w = writer_over(out, blob_len(doc));
    writer_u8(&w, (uint8_t)doc->name_count);
    for (size_t i = 0; i < doc->name_count; i++) {
        writer_u8(&w, (uint8_t)doc->names[i].set);
        put_text(&w, doc->names[i].full);
        put_text(&w, doc->names[i].family);
        put_text(&w, doc->names[i].given);
    }
    writer_u8(&w, (uint8_t)doc->nationality_count);
    for (size_t i = 0; i < doc->nationality_count; i++)
        put_text(&w, doc->nationalities[i]);
    writer_u8(&w, (uint8_t)doc->identifier_count);
    for (size_t i = 0; i < doc->identifier_count; i++) {
        writer_u16(&w, doc->identifiers[i].cls);
        put_text(&w, doc->identifiers[i].canonical);
        put_text(&w, doc->identifiers[i].confusable);
        put_text(&w, doc->identifiers[i].country);
    }
}

/* What is no UTF-8 fails the reader: analysis relies on it. */
static struct text take_text(struct reader *r)
{
    struct text text = { "", 0 };
    struct err e = text_parse(reader_take(r, reader_u16(r)), &text);
    if (failed(e) && !failed(r->err))
        r->err = e;
    return text;
}

struct err blob_read(struct bytes in, struct arena *arena, struct index_doc *in_out)
{
    struct reader r = reader_over(in);
    struct index_doc doc = *in_out;
    doc.name_count = reader_u8(&r);
    struct index_name *names = ARENA_ARRAY(arena, struct index_name, doc.name_count);
    for (size_t i = 0; names != NULL && i < doc.name_count; i++) {
        uint8_t set = reader_u8(&r);
        names[i].set = set <= INDEX_MISUSED ? (enum index_set_kind)set : INDEX_UNCONFIRMED;
        names[i].full = take_text(&r);
        names[i].family = take_text(&r);
        names[i].given = take_text(&r);
    }
    doc.nationality_count = reader_u8(&r);
    struct text *nationalities = ARENA_ARRAY(arena, struct text, doc.nationality_count);
    for (size_t i = 0; nationalities != NULL && i < doc.nationality_count; i++)
        nationalities[i] = take_text(&r);
    doc.identifier_count = reader_u8(&r);
    struct index_identifier *ids =
        ARENA_ARRAY(arena, struct index_identifier, doc.identifier_count);
    for (size_t i = 0; ids != NULL && i < doc.identifier_count; i++) {
        ids[i].cls = reader_u16(&r);
        ids[i].canonical = take_text(&r);
        ids[i].confusable = take_text(&r);
        ids[i].country = take_text(&r);
    }
    if (names == NULL || nationalities == NULL || ids == NULL)
        return arena_check(arena);
    doc.names = names;
    doc.nationalities = nationalities;
    doc.identifiers = ids;
    if (failed(reader_end(&r)))
        return err_make(ERR_CORRUPT, "index.segment-corrupt");
    *in_out = doc;
    return err_none();
}

/* ----------------------------------------------------------------- identifiers alone */

static bool skip(const uint8_t **at, const uint8_t *end, size_t len)
{
    if ((size_t)(end - *at) < len)
        return false;
    *at += len;
    return true;
}

static bool take_u8(const uint8_t **at, const uint8_t *end, unsigned *out)
{
    if (*at == end)
        return false;
    *out = *(*at)++;
    return true;
}

static bool take_u16(const uint8_t **at, const uint8_t *end, unsigned *out)
{
    if (end - *at < 2)
        return false;
    *out = (unsigned)(*at)[0] << 8 | (*at)[1];
    *at += 2;
    return true;
}

static bool skip_texts(const uint8_t **at, const uint8_t *end, unsigned count)
{
    unsigned len = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!take_u16(at, end, &len) || !skip(at, end, len))
            return false;
    }
    return true;
}

/* Over names and nationalities to the identifiers (blob.c has the form). */
static bool find_identifiers(const uint8_t **at, const uint8_t *end, unsigned *count_out)
{
    unsigned names = 0;
    unsigned nationalities = 0;
    if (!take_u8(at, end, &names))
        return false;
    for (unsigned i = 0; i < names; i++) {
        if (!skip(at, end, 1) || !skip_texts(at, end, NAME_TEXTS))
            return false;
    }
    return take_u8(at, end, &nationalities) && skip_texts(at, end, nationalities) &&
           take_u8(at, end, count_out);
}

static bool take_bytes(struct blob_walk *walk, struct text *out)
{
    unsigned len = 0;
    if (!take_u16(&walk->at, walk->end, &len))
        return false;
    *out = (struct text){ (const char *)walk->at, len };
    return skip(&walk->at, walk->end, len);
}

void blob_identifiers(struct bytes blob, struct blob_walk *out)
{
    *out = (struct blob_walk){ .at = blob.data, .end = blob.data + blob.len };
    if (!find_identifiers(&out->at, out->end, &out->left))
        out->left = 0;
}

bool blob_identifier(struct blob_walk *walk, struct index_identifier *out)
{
    unsigned cls = 0;
    if (walk->left == 0)
        return false;
    walk->left--;
    *out = (struct index_identifier){ .cls = 0 };
    bool good = take_u16(&walk->at, walk->end, &cls) && take_bytes(walk, &out->canonical) &&
                take_bytes(walk, &out->confusable) && take_bytes(walk, &out->country);
    out->cls = (uint16_t)cls;
    walk->left = good ? walk->left : 0;
    return good;
}
