/* A document whole: u8 names, each u8 set and three texts; u8 nationalities; u8 identifiers, each
 * u16 class and three texts. A text is a u16 length and UTF-8; numbers big end first
 * (core/writer.h). */
#include "core/reader.h"
#include "core/writer.h"
#include "index/segment.h"

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

/* UTF-8 was proved when the segment was opened. */
static struct text take_text(struct reader *r)
{
    uint16_t len = reader_u16(r);
    struct bytes bytes = reader_take(r, len);
    return (struct text){ (const char *)bytes.data, bytes.len };
}

struct err blob_read(struct bytes in, struct arena *arena, struct index_doc *in_out)
{
    struct reader r = reader_over(in);
    struct index_doc doc = *in_out;
    doc.name_count = reader_u8(&r);
    struct index_name *names = ARENA_ARRAY(arena, struct index_name, doc.name_count);
    for (size_t i = 0; names != NULL && i < doc.name_count; i++) {
        names[i].set = (enum index_set_kind)reader_u8(&r);
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

static bool check_texts(struct reader *r, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct text proved = { 0 };
        struct text text = take_text(r);
        if (text.len > INDEX_TEXT_MAX || failed(text_parse(text_bytes(text), &proved)))
            return false;
    }
    return true;
}

struct err blob_check(struct bytes in, bool *named_out)
{
    struct reader r = reader_over(in);
    bool good = true;
    uint8_t names = reader_u8(&r);
    for (unsigned i = 0; good && i < names; i++) {
        good = reader_u8(&r) <= INDEX_MISUSED;
        good = check_texts(&r, 3) && good;
    }
    uint8_t nationalities = reader_u8(&r);
    good = good && nationalities <= INDEX_NATIONALITIES_MAX && check_texts(&r, nationalities);
    uint8_t identifiers = reader_u8(&r);
    for (unsigned i = 0; good && i < identifiers; i++) {
        (void)reader_u16(&r);
        good = check_texts(&r, 3);
    }
    if (!good || failed(reader_end(&r)))
        return err_make(ERR_CORRUPT, "index.segment-corrupt");
    *named_out = names > 0;
    return err_none();
}
