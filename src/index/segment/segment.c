#include "index/segment/segment.h"

#include <assert.h>

#include "index/segment/object.h"
#include "index/segment/rows.h"

static struct err corrupt(uint32_t at)
{
    return err_at(ERR_CORRUPT, at, "index.segment-corrupt");
}

static const uint8_t *row_at(const struct index_segment *s, uint32_t doc)
{
    return section(s, SECTION_ROWS) + (size_t)doc * ROW_BYTES;
}

struct row segment_row(const struct index_segment *s, uint32_t doc)
{
    assert(doc < s->doc_count);
    if (doc >= s->row_count) {
        const uint8_t *p =
            section(s, SECTION_OBJECTS) + (size_t)(doc - s->row_count) * OBJECT_BYTES;
        return (
            struct row){ .number = load_u64(p), .kind = object_kind(p), .group = object_group(p) };
    }
    return row_read(row_at(s, doc));
}

uint64_t segment_number(const struct index_segment *s, uint32_t doc)
{
    if (doc < s->row_count)
        return load_u64(row_at(s, doc));
    return load_u64(section(s, SECTION_OBJECTS) + (size_t)(doc - s->row_count) * OBJECT_BYTES);
}

uint64_t index_number(const struct index_segment *segment, uint32_t i)
{
    assert(i < segment->doc_count);
    return segment_number(segment, i);
}

static uint32_t count_exact(const struct index_segment *s)
{
    uint32_t low = 0;
    uint32_t high = s->narrow_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (segment_row(s, mid).birth.quality == INDEX_BIRTH_EXACT)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Births asked one after the other are near each other: in growing steps from the beginning. */
uint32_t segment_born_from(const struct index_segment *s, struct span zone, uint32_t from)
{
    for (uint32_t step = 1; step < zone.end - zone.begin; step *= 2) {
        if (row_from(row_at(s, zone.begin + step)) >= from) {
            zone.end = zone.begin + step;
            break;
        }
        zone.begin += step;
    }
    while (zone.begin < zone.end) {
        uint32_t mid = zone.begin + (zone.end - zone.begin) / 2;
        if (row_from(row_at(s, mid)) < from)
            zone.begin = mid + 1;
        else
            zone.end = mid;
    }
    return zone.begin;
}

/* -------------------------------------------------------------------------- documents */

struct bytes segment_token(const struct index_segment *s, uint32_t token)
{
    if (token >= s->token_count)
        return bytes_of(s->bytes.data, 0);
    struct span span = section_span(s, SECTION_TOKENS_AT, token, s->len[SECTION_TOKENS]);
    return bytes_of(section(s, SECTION_TOKENS) + span.begin, span.end - span.begin);
}

struct bytes segment_blob(const struct index_segment *s, uint32_t doc)
{
    uint64_t begin = row_blob(row_at(s, doc));
    uint64_t end = s->len[SECTION_BLOBS];
    if (doc + 1 < s->row_count)
        end = row_blob(row_at(s, doc + 1));
    if (begin > end || end > s->len[SECTION_BLOBS])
        return bytes_of(s->bytes.data, 0);
    return bytes_of(section(s, SECTION_BLOBS) + begin, end - begin);
}

struct err segment_doc(const struct index_segment *s, uint32_t doc, struct arena *arena,
                       struct index_doc *out)
{
    if (doc >= s->row_count)
        return object_read(
            section(s, SECTION_OBJECTS) + (size_t)(doc - s->row_count) * OBJECT_BYTES, arena, out);
    struct row row = segment_row(s, doc);
    struct index_doc whole = { .number = row.number,
                               .kind = row.kind,
                               .group = row.group,
                               .birth = row.birth,
                               .sex = row.sex };
    struct err e = blob_read(segment_blob(s, doc), arena, &whole);
    if (failed(e))
        return e;
    *out = whole;
    return err_none();
}

/* Places `low` to `high` - 1 are in order of their numbers: of objects themselves, of rows by
 * NUMBERS. */
static uint32_t find_between(const struct index_segment *s, uint32_t low, uint32_t high,
                             uint64_t number)
{
    bool rows = high <= s->row_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        uint32_t doc = rows ? section_u32(s, SECTION_NUMBERS, mid) : mid;
        if (doc >= s->doc_count)
            break;
        uint64_t here = segment_number(s, doc);
        if (here == number)
            return doc;
        if (here < number)
            low = mid + 1;
        else
            high = mid;
    }
    return UINT32_MAX;
}

uint32_t segment_find(const struct index_segment *s, uint64_t number)
{
    uint32_t doc = find_between(s, 0, s->row_count, number);
    return doc != UINT32_MAX ? doc : find_between(s, s->row_count, s->doc_count, number);
}

struct err index_get(const struct index_segment *segment, uint64_t number, struct arena *arena,
                     struct index_doc *out)
{
    uint32_t doc = segment_find(segment, number);
    if (doc == UINT32_MAX)
        return err_make(ERR_NOT_FOUND, "index.no-document");
    return segment_doc(segment, doc, arena, out);
}

struct err index_doc_at(const struct index_segment *segment, uint32_t i, struct arena *arena,
                        struct index_doc *out)
{
    return segment_doc(segment, i, arena, out);
}

uint16_t index_group(const struct index_segment *segment, uint32_t i)
{
    return segment_row(segment, i).group;
}

bool index_group_find(const struct index_segment *segment, uint64_t number, uint16_t *group_out)
{
    uint32_t doc = segment_find(segment, number);
    if (doc == UINT32_MAX)
        return false;
    *group_out = segment_row(segment, doc).group;
    return true;
}

/* -------------------------------------------------------------------------------- opening */

/* What stands before the sections, counts first. */
static struct index_segment read_head(struct bytes in)
{
    struct index_segment s = { .bytes = in };
    const uint8_t *p = in.data + 16;
    uint32_t *counts[SEGMENT_COUNTS] = { &s.doc_count,    &s.row_count,   &s.named_count,
                                         &s.narrow_count, &s.token_count, &s.key_bits,
                                         &s.key_count,    &s.bucket_count };
    for (size_t i = 0; i < SEGMENT_COUNTS; i++, p += 4)
        *counts[i] = load_u32(p);
    for (size_t i = 0; i < SECTIONS; i++, p += SECTION_HEAD) {
        s.at[i] = load_u64(p);
        s.len[i] = load_u64(p + 8);
    }
    return s;
}

/* With the bytes that fill up to the next section, so that no byte is unproved. */
static uint64_t padded(uint64_t len)
{
    return (len + 7) / 8 * 8;
}

static uint64_t places_len(uint64_t count)
{
    return 4 * (count + 1);
}

/* Counts against the lengths of the sections. */
static bool sizes_good(const struct index_segment *s)
{
    if (s->key_bits < 1 || s->key_bits > KEY_BITS_MAX || s->doc_count > INDEX_DOCS_MAX ||
        s->row_count > s->doc_count || s->named_count > s->row_count ||
        s->narrow_count > s->named_count)
        return false;
    const uint64_t expected[SECTIONS] = {
        [SECTION_ROWS] = (uint64_t)s->row_count * ROW_BYTES,
        [SECTION_BLOBS] = s->len[SECTION_BLOBS],
        [SECTION_OBJECTS] = (uint64_t)(s->doc_count - s->row_count) * OBJECT_BYTES,
        [SECTION_NUMBERS] = 4 * (uint64_t)s->row_count,
        [SECTION_TOKENS_AT] = places_len(s->token_count),
        [SECTION_TOKENS] = s->len[SECTION_TOKENS],
        [SECTION_KEYS_AT] = places_len(UINT64_C(1) << s->key_bits),
        [SECTION_KEYS] = 8 * (uint64_t)s->key_count,
        [SECTION_POSTS_AT] = places_len(s->token_count),
        [SECTION_POSTS] = s->len[SECTION_POSTS] / 4 * 4,
        [SECTION_ALONE_AT] = places_len(s->token_count),
        [SECTION_ALONE] = s->len[SECTION_ALONE] / 4 * 4,
        [SECTION_WORDS_AT] = places_len(s->named_count),
        [SECTION_WORDS] = s->len[SECTION_WORDS],
        [SECTION_BUCKETS] = (uint64_t)s->bucket_count * BUCKET_BYTES,
    };
    uint64_t at = SEGMENT_HEAD;
    for (size_t i = 0; i < SECTIONS; i++) {
        if (s->at[i] != at || s->len[i] != expected[i] || padded(s->len[i]) > s->bytes.len - at)
            return false;
        at += padded(s->len[i]);
    }
    return at == s->bytes.len;
}

static size_t section_hash(size_t i)
{
    return 16 + 4 * SEGMENT_COUNTS + i * SECTION_HEAD + 16;
}

void segment_seal(uint8_t *data, size_t len)
{
    struct index_segment s = read_head(bytes_of(data, len));
    for (size_t i = 0; i < SECTIONS; i++) {
        if (s.at[i] > len || padded(s.len[i]) > len - s.at[i])
            continue; /* forged: index_open refuses it */
        struct hash hash = hash_of(bytes_of(data + s.at[i], padded(s.len[i])));
        memcpy(data + section_hash(i), hash.bytes, HASH_LEN);
    }
    struct hash hash = hash_of(bytes_of(data, HASH_AT));
    memcpy(data + HASH_AT, hash.bytes, HASH_LEN);
}

struct err index_open(struct bytes in, struct index_segment *out)
{
    if (in.len < SEGMENT_HEAD || memcmp(in.data, SEGMENT_MAGIC, 7) != 0)
        return corrupt(SECTIONS);
    if (memcmp(in.data, SEGMENT_MAGIC, 8) != 0 || load_u32(in.data + 8) != INDEX_FORMAT_VERSION ||
        load_u32(in.data + 12) != INDEX_ANALYSIS_VERSION)
        return err_at(ERR_INVALID, SECTIONS, "index.segment-version");
    struct hash hash = hash_of(bytes_of(in.data, HASH_AT));
    struct index_segment s = read_head(in);
    if (memcmp(hash.bytes, in.data + HASH_AT, HASH_LEN) != 0 || !sizes_good(&s))
        return corrupt(SECTIONS);
    s.exact_count = count_exact(&s);
    *out = s;
    return err_none();
}

struct err index_prove(const struct index_segment *segment, size_t budget,
                       struct index_proof *proof)
{
    while (!proof->done && budget > 0) {
        uint64_t len = padded(segment->len[proof->section]);
        size_t step = len - proof->at < budget ? (size_t)(len - proof->at) : budget;
        const uint8_t *from = section(segment, (enum segment_section)proof->section);
        if (proof->at == 0)
            hasher_init(&proof->hasher);
        hasher_add(&proof->hasher, bytes_of(from + proof->at, step));
        proof->at += step;
        budget -= step;
        if (proof->at < len)
            continue;
        struct hash hash = hasher_end(&proof->hasher);
        if (memcmp(hash.bytes, segment->bytes.data + section_hash(proof->section), HASH_LEN) != 0)
            return corrupt(proof->section);
        proof->section++;
        proof->at = 0;
        proof->done = proof->section == SECTIONS;
    }
    return err_none();
}
