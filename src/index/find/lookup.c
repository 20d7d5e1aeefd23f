/* Exact look-up without scores. Most answers are no, and cost one line of the table. */
#include "index/score/identifier.h"
#include "index/segment/object.h"

struct probe { /* one identifier, on its way through the table */
    const struct index_identifier *identifier;
    uint64_t hash;
    uint32_t bucket;
    bool searched; /* it has a key */
};

/* ------------------------------------------------------------------- documents with a row */

static bool blob_holds(struct bytes blob, const struct index_identifier *identifier)
{
    struct blob_walk walk;
    struct index_identifier theirs;
    blob_identifiers(blob, &walk);
    while (blob_identifier(&walk, &theirs)) {
        if (theirs.cls == identifier->cls && text_equal(theirs.canonical, identifier->canonical))
            return true;
    }
    return false;
}

static bool holds(const struct index_segment *s, uint32_t doc, const struct probe *p)
{
    if (doc >= s->doc_count)
        return false;
    if (doc < s->row_count)
        return blob_holds(segment_blob(s, doc), p->identifier);
    struct packed packed; /* only now: most look-ups end before */
    const uint8_t *object =
        section(s, SECTION_OBJECTS) + (size_t)(doc - s->row_count) * OBJECT_BYTES;
    return packed_from(p->identifier->canonical, &packed) &&
           object_holds(object, p->identifier->cls, &packed);
}

/* --------------------------------------------------------------------------------- probing */

static const uint8_t *line_at(const struct index_segment *s, uint32_t bucket)
{
    return section(s, SECTION_BUCKETS) + (size_t)bucket * BUCKET_BYTES;
}

static void probe_make(const struct index_segment *s, const struct index_identifier *identifier,
                       struct probe *out)
{
    struct key key;
    identifier_fold(identifier, &key);
    out->identifier = identifier;
    out->searched = key.len > 0 && s->bucket_count > 0;
    out->hash = key_hash(identifier->cls, &key);
    out->bucket = (uint32_t)((out->hash >> 32) * s->bucket_count >> 32);
}

/* Slots of the line that bear the tag, as bits; *open_out: the line is not full. */
static unsigned line_slots(const uint8_t *line, uint32_t tag, bool *open_out)
{
    unsigned found = 0;
    unsigned empty = 0;
    for (unsigned slot = 0; slot < BUCKET_SLOTS; slot++) {
        uint32_t here = load_u32(line + 4 * slot);
        found |= (unsigned)(here == tag) << slot;
        empty |= (unsigned)(here == 0);
    }
    *open_out = empty != 0;
    return found;
}

static size_t probe_run(const struct index_segment *s, const struct probe *p, uint64_t *numbers_out,
                        size_t max)
{
    size_t found = 0;
    uint32_t bucket = p->bucket;
    bool open = false;
    for (uint32_t steps = 0; p->searched && steps < s->bucket_count && !open; steps++) {
        const uint8_t *line = line_at(s, bucket);
        unsigned slots = line_slots(line, (uint32_t)p->hash | 1, &open);
        for (; slots != 0; slots &= slots - 1) {
            uint32_t doc = load_u32(line + 32 + 4 * (size_t)__builtin_ctz(slots));
            if (!holds(s, doc, p))
                continue;
            if (found < max)
                numbers_out[found] = segment_number(s, doc);
            found++;
        }
        bucket = bucket + 1 == s->bucket_count ? 0 : bucket + 1;
    }
    return found;
}

size_t index_lookup(const struct index_segment *segment, const struct index_identifier *identifier,
                    uint64_t *numbers_out, size_t max)
{
    struct probe probe;
    probe_make(segment, identifier, &probe);
    return probe_run(segment, &probe, numbers_out, max);
}

/* Reads a byte and forgets it. Of pages whose address the processor has not at hand, which are most
 * of a large table, it drops prefetches; loads that nothing waits for it makes beside one another.
 */
static void touch(const uint8_t *at)
{
    (void)*(const volatile uint8_t *)at;
}

/* The object of the first slot that bears the tag, which will be read: most such slots are hits. */
static const uint8_t *likely_object(const struct index_segment *s, const struct probe *p)
{
    bool open = false;
    const uint8_t *line = line_at(s, p->bucket);
    unsigned slots = line_slots(line, (uint32_t)p->hash | 1, &open);
    uint32_t doc = slots == 0 ? 0 : load_u32(line + 32 + 4 * (size_t)__builtin_ctz(slots));
    if (doc < s->row_count || doc >= s->doc_count)
        return line;
    return section(s, SECTION_OBJECTS) + (size_t)(doc - s->row_count) * OBJECT_BYTES;
}

void index_lookup_batch(const struct index_segment *segment,
                        const struct index_identifier identifiers[static INDEX_LOOKUP_BATCH],
                        uint64_t numbers_out[static INDEX_LOOKUP_BATCH])
{
    struct probe probes[INDEX_LOOKUP_BATCH];
    const uint8_t *objects[INDEX_LOOKUP_BATCH];
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++) {
        probe_make(segment, &identifiers[i], &probes[i]);
        numbers_out[i] = 0;
    }
    if (segment->bucket_count == 0)
        return;
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++)
        touch(line_at(segment, probes[i].bucket));
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++)
        objects[i] = likely_object(segment, &probes[i]);
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++)
        touch(objects[i]);
    for (size_t i = 0; i < INDEX_LOOKUP_BATCH; i++)
        (void)probe_run(segment, &probes[i], &numbers_out[i], 1);
}
