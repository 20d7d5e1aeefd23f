/* Exact look-up without scores. Most answers are no, and cost one line of the table. */
#include "index/identifier.h"
#include "index/segment.h"

enum { NAME_TEXTS = 3 };

static uint32_t take_u16(const uint8_t **at)
{
    uint32_t value = (uint32_t)(*at)[0] << 8 | (*at)[1];
    *at += 2;
    return value;
}

static struct bytes take_text(const uint8_t **at)
{
    uint32_t len = take_u16(at);
    struct bytes text = bytes_of(*at, len);
    *at += len;
    return text;
}

/* The document holds it. The blob was proved when the segment was opened (blob.c has its form). */
static bool holds(const struct index_segment *s, uint32_t doc,
                  const struct index_identifier *identifier)
{
    const uint8_t *at = section(s, SECTION_BLOBS) + segment_row(s, doc).blob;
    for (unsigned names = *at++; names > 0; names--) {
        at++;
        for (unsigned i = 0; i < NAME_TEXTS; i++)
            (void)take_text(&at);
    }
    for (unsigned nationalities = *at++; nationalities > 0; nationalities--)
        (void)take_text(&at);
    for (unsigned identifiers = *at++; identifiers > 0; identifiers--) {
        uint32_t cls = take_u16(&at);
        struct bytes canonical = take_text(&at);
        (void)take_text(&at);
        (void)take_text(&at);
        if (cls == identifier->cls && bytes_equal(canonical, text_bytes(identifier->canonical)))
            return true;
    }
    return false;
}

static uint32_t first_bucket(const struct index_segment *s, uint64_t hash)
{
    return (uint32_t)((hash >> 32) * s->bucket_count >> 32);
}

static size_t probe(const struct index_segment *s, const struct index_identifier *identifier,
                    uint64_t hash, uint64_t *numbers_out, size_t max)
{
    size_t found = 0;
    uint32_t bucket = first_bucket(s, hash);
    for (uint32_t steps = 0; steps < s->bucket_count; steps++) {
        const uint8_t *line = section(s, SECTION_BUCKETS) + (size_t)bucket * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            uint32_t tag = load_u32(line + 4 * slot);
            if (tag == 0)
                return found;
            uint32_t doc = load_u32(line + 4 * (BUCKET_SLOTS + slot));
            if (tag != ((uint32_t)hash | 1) || !holds(s, doc, identifier))
                continue;
            if (found < max)
                numbers_out[found] = segment_row(s, doc).number;
            found++;
        }
        bucket = bucket + 1 == s->bucket_count ? 0 : bucket + 1;
    }
    return found;
}

size_t index_lookup(const struct index_segment *segment, const struct index_identifier *identifier,
                    uint64_t *numbers_out, size_t max)
{
    struct key key = identifier_key(identifier);
    if (segment->bucket_count == 0 || key.len == 0)
        return 0;
    return probe(segment, identifier, key_hash(identifier->cls, &key), numbers_out, max);
}

void index_lookup_batch(const struct index_segment *segment,
                        const struct index_identifier identifiers[static INDEX_LOOKUP_BATCH],
                        uint64_t numbers_out[static INDEX_LOOKUP_BATCH])
{
    uint64_t hashes[INDEX_LOOKUP_BATCH];
    const uint8_t *buckets = section(segment, SECTION_BUCKETS);
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++) {
        struct key key = identifier_key(&identifiers[i]);
        hashes[i] = key_hash(identifiers[i].cls, &key);
        size_t bucket = segment->bucket_count > 0 ? first_bucket(segment, hashes[i]) : 0;
        __builtin_prefetch(buckets + bucket * BUCKET_BYTES);
    }
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++) {
        numbers_out[i] = 0;
        (void)probe(segment, &identifiers[i], hashes[i], &numbers_out[i], 1);
    }
}
