#include "index/segment.h"

#include <assert.h>

#include "core/hash.h"
#include "index/token.h"

static struct err corrupt(enum segment_section at)
{
    return err_at(ERR_CORRUPT, (uint32_t)at, "index.segment-corrupt");
}

void birth_pack(const struct index_birth *birth, int32_t *from_out, int32_t *to_out)
{
    bool known = birth->quality != INDEX_BIRTH_UNKNOWN;
    *from_out = known ? date_days(birth->from) : BIRTH_NONE;
    *to_out = known ? date_days(birth->to) : BIRTH_NONE;
}

struct row segment_row(const struct index_segment *s, uint32_t doc)
{
    assert(doc < s->doc_count);
    const uint8_t *p = section(s, SECTION_ROWS) + (size_t)doc * ROW_BYTES;
    struct row row = {
        .number = load_u64(p),
        .blob = load_u32(p + 8),
        .kind = (uint16_t)(p[20] | p[21] << 8),
        .sex = (enum index_sex)(p[22] & ROW_SEX),
        .light = (p[22] & ROW_LIGHT) != 0,
        .birth.quality = (enum index_quality)p[23],
    };
    if (row.birth.quality != INDEX_BIRTH_UNKNOWN) {
        row.birth.from = date_from_days((int32_t)load_u32(p + 12));
        row.birth.to = date_from_days((int32_t)load_u32(p + 16));
    }
    return row;
}

struct bytes segment_token(const struct index_segment *s, uint32_t token)
{
    assert(token < s->token_count);
    uint32_t begin = section_u32(s, SECTION_TOKENS_AT, token);
    uint32_t end = section_u32(s, SECTION_TOKENS_AT, token + 1);
    return bytes_of(section(s, SECTION_TOKENS) + begin, end - begin);
}

void segment_posts(const struct index_segment *s, uint32_t token, uint32_t *begin_out,
                   uint32_t *end_out)
{
    assert(token < s->token_count);
    *begin_out = section_u32(s, SECTION_POSTS_AT, token);
    *end_out = section_u32(s, SECTION_POSTS_AT, token + 1);
}

static struct bytes blob_of(const struct index_segment *s, uint32_t doc, uint32_t begin)
{
    uint32_t end = s->len[SECTION_BLOBS];
    if (doc + 1 < s->doc_count)
        end = load_u32(section(s, SECTION_ROWS) + ((size_t)doc + 1) * ROW_BYTES + 8);
    if (begin > end || end > s->len[SECTION_BLOBS])
        return bytes_of(s->bytes.data, 0);
    return bytes_of(section(s, SECTION_BLOBS) + begin, end - begin);
}

struct err segment_doc(const struct index_segment *s, uint32_t doc, struct arena *arena,
                       struct index_doc *out)
{
    struct row row = segment_row(s, doc);
    struct index_doc whole = {
        .number = row.number, .kind = row.kind, .birth = row.birth, .sex = row.sex
    };
    struct err e = blob_read(blob_of(s, doc, row.blob), arena, &whole);
    if (failed(e))
        return e;
    *out = whole;
    return err_none();
}

static uint64_t number_at(const struct index_segment *s, uint32_t place)
{
    uint32_t doc = section_u32(s, SECTION_NUMBERS, place);
    return load_u64(section(s, SECTION_ROWS) + (size_t)doc * ROW_BYTES);
}

uint32_t segment_find(const struct index_segment *s, uint64_t number)
{
    uint32_t low = 0;
    uint32_t high = s->doc_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (number_at(s, mid) < number)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < s->doc_count && number_at(s, low) == number;
    return found ? section_u32(s, SECTION_NUMBERS, low) : UINT32_MAX;
}

struct err index_get(const struct index_segment *segment, uint64_t number, struct arena *arena,
                     struct index_doc *out)
{
    uint32_t doc = segment_find(segment, number);
    if (doc == UINT32_MAX)
        return err_make(ERR_NOT_FOUND, "index.no-document");
    return segment_doc(segment, doc, arena, out);
}

/* -------------------------------------------------------------------------------- opening */

struct hash segment_hash(struct bytes segment)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes_of(segment.data, HASH_AT));
    hasher_add(&h, bytes_of(segment.data + SEGMENT_HEAD, segment.len - SEGMENT_HEAD));
    return hasher_end(&h);
}

static bool rows_good(const struct index_segment *s)
{
    const int32_t first_day = date_days((struct date){ 1, 1, 1 });
    const int32_t last_day = date_days((struct date){ 9999, 12, 31 });
    for (uint32_t doc = 0; doc < s->doc_count; doc++) {
        const uint8_t *p = section(s, SECTION_ROWS) + (size_t)doc * ROW_BYTES;
        int32_t from = (int32_t)load_u32(p + 12);
        int32_t to = (int32_t)load_u32(p + 16);
        bool known = p[23] != INDEX_BIRTH_UNKNOWN;
        if ((p[22] & ROW_SEX) > INDEX_SEX_OTHER || p[23] > INDEX_BIRTH_REGISTRY ||
            (known && (from < first_day || to > last_day || from > to)))
            return false;
    }
    return true;
}

static bool blobs_good(const struct index_segment *s)
{
    uint32_t expected = 0;
    for (uint32_t doc = 0; doc < s->doc_count; doc++) {
        uint32_t begin = load_u32(section(s, SECTION_ROWS) + (size_t)doc * ROW_BYTES + 8);
        struct bytes blob = blob_of(s, doc, begin);
        bool named = false;
        if (begin != expected || failed(blob_check(blob, &named)) ||
            named != (doc < s->named_count))
            return false;
        expected = begin + (uint32_t)blob.len;
    }
    return expected == s->len[SECTION_BLOBS];
}

/* `count` + 1 places, ascending from 0 to `total`. */
static bool places_good(const struct index_segment *s, enum segment_section which, uint32_t count,
                        uint32_t total)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i <= count; i++) {
        uint32_t here = section_u32(s, which, i);
        if (here < before || (i == 0 && here != 0))
            return false;
        before = here;
    }
    return before == total;
}

static bool tokens_good(const struct index_segment *s)
{
    if (!places_good(s, SECTION_TOKENS_AT, s->token_count, s->len[SECTION_TOKENS]))
        return false;
    for (uint32_t token = 0; token < s->token_count; token++) {
        struct token whole;
        if (failed(token_read(segment_token(s, token), &whole)))
            return false;
    }
    return true;
}

static bool keys_good(const struct index_segment *s)
{
    if (!places_good(s, SECTION_KEYS_AT, UINT32_C(1) << s->key_bits, s->key_count))
        return false;
    uint64_t before = 0;
    for (uint32_t i = 0; i < s->key_count; i++) {
        uint64_t key = load_u64(section(s, SECTION_KEYS) + 8 * (size_t)i);
        if (key < before || (uint32_t)key >= s->token_count)
            return false;
        before = key;
    }
    return true;
}

static bool posts_good(const struct index_segment *s)
{
    uint32_t posts = s->len[SECTION_POSTS] / 4;
    if (!places_good(s, SECTION_POSTS_AT, s->token_count, posts))
        return false;
    for (uint32_t i = 0; i < posts; i++) {
        if (section_u32(s, SECTION_POSTS, i) >= s->named_count)
            return false;
    }
    return true;
}

static bool buckets_good(const struct index_segment *s)
{
    bool has_room = s->bucket_count == 0;
    for (uint32_t b = 0; b < s->bucket_count; b++) {
        const uint8_t *line = section(s, SECTION_BUCKETS) + (size_t)b * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            bool taken = load_u32(line + 4 * slot) != 0;
            has_room = has_room || !taken;
            if (taken && load_u32(line + 32 + 4 * slot) >= s->doc_count)
                return false;
        }
    }
    return has_room; /* else a probe would not end */
}

static bool numbers_good(const struct index_segment *s)
{
    uint64_t before = 0;
    for (uint32_t i = 0; i < s->doc_count; i++) {
        if (section_u32(s, SECTION_NUMBERS, i) >= s->doc_count || number_at(s, i) <= before)
            return false;
        before = number_at(s, i);
    }
    return true;
}

/* Counts against the lengths of the sections. */
static bool sizes_good(const struct index_segment *s)
{
    const uint64_t expected[SECTIONS] = {
        [SECTION_ROWS] = (uint64_t)s->doc_count * ROW_BYTES,
        [SECTION_BLOBS] = s->len[SECTION_BLOBS],
        [SECTION_TOKENS_AT] = 4 * ((uint64_t)s->token_count + 1),
        [SECTION_TOKENS] = s->len[SECTION_TOKENS],
        [SECTION_KEYS_AT] = s->key_bits > KEY_BITS_MAX ? 0 : 4 * ((UINT64_C(1) << s->key_bits) + 1),
        [SECTION_KEYS] = 8 * (uint64_t)s->key_count,
        [SECTION_POSTS_AT] = 4 * ((uint64_t)s->token_count + 1),
        [SECTION_POSTS] = s->len[SECTION_POSTS] / 4 * UINT64_C(4),
        [SECTION_BUCKETS] = (uint64_t)s->bucket_count * BUCKET_BYTES,
        [SECTION_NUMBERS] = 4 * (uint64_t)s->doc_count,
    };
    uint64_t at = SEGMENT_HEAD;
    for (size_t i = 0; i < SECTIONS; i++) {
        if (s->at[i] != at || s->len[i] != expected[i])
            return false;
        at += (s->len[i] + UINT64_C(7)) / 8 * 8;
    }
    return at == s->bytes.len && s->named_count <= s->doc_count;
}

static struct index_segment read_head(struct bytes in)
{
    struct index_segment s = { .bytes = in };
    const uint8_t *p = in.data + 12;
    uint32_t *counts[SEGMENT_COUNTS] = { &s.doc_count, &s.named_count,  &s.token_count,
                                         &s.key_bits,  &s.bucket_count, &s.key_count };
    for (size_t i = 0; i < SEGMENT_COUNTS; i++, p += 4)
        *counts[i] = load_u32(p);
    for (size_t i = 0; i < SECTIONS; i++, p += 8) {
        s.at[i] = load_u32(p);
        s.len[i] = load_u32(p + 4);
    }
    return s;
}

struct err index_open(struct bytes in, struct index_segment *out)
{
    if (in.len < SEGMENT_HEAD || memcmp(in.data, SEGMENT_MAGIC, 8) != 0)
        return corrupt(SECTIONS);
    if (load_u32(in.data + 8) != (INDEX_FORMAT_VERSION << 16 | INDEX_SCORE_VERSION))
        return err_at(ERR_INVALID, SECTIONS, "index.segment-version");
    struct index_segment s = read_head(in);
    struct hash hash = segment_hash(in);
    if (!sizes_good(&s) || memcmp(hash.bytes, in.data + HASH_AT, HASH_LEN) != 0)
        return corrupt(SECTIONS);
    if (!rows_good(&s))
        return corrupt(SECTION_ROWS);
    if (!blobs_good(&s))
        return corrupt(SECTION_BLOBS);
    if (!tokens_good(&s))
        return corrupt(SECTION_TOKENS);
    if (!keys_good(&s))
        return corrupt(SECTION_KEYS);
    if (!posts_good(&s))
        return corrupt(SECTION_POSTS);
    if (!buckets_good(&s))
        return corrupt(SECTION_BUCKETS);
    if (!numbers_good(&s))
        return corrupt(SECTION_NUMBERS);
    *out = s;
    return err_none();
}
