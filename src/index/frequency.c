/* Frequency bytes: magic, format, entries, then entries of (u32 hash, u8 weight), ascending. */
#include "index/frequency.h"

#include "core/reader.h"
#include "core/writer.h"
#include "index/score.h"
#include "index/sort.h"

enum {
    HEAD = 12,
    ENTRY = 5,
    FREQUENCY_MAGIC = 0x434d4651,
    FREQUENCY_VERSION = 1,
    POPULATION_FLOOR = 20000
};

static uint32_t entry_hash(struct bytes frequency, size_t at)
{
    const uint8_t *p = frequency.data + HEAD + at * ENTRY;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct err index_frequency_open(struct bytes in, struct index_frequency *out)
{
    struct reader r = reader_over(in);
    bool good = reader_u32(&r) == FREQUENCY_MAGIC && reader_u32(&r) == FREQUENCY_VERSION;
    uint32_t count = reader_u32(&r);
    good = good && !failed(r.err) && in.len == HEAD + (size_t)count * ENTRY;
    for (uint32_t i = 1; good && i < count; i++)
        good = entry_hash(in, i - 1) < entry_hash(in, i);
    if (!good)
        return err_make(ERR_INVALID, "index.bad-frequency");
    out->proved = in;
    return err_none();
}

static uint32_t token_hash(const struct token *token)
{
    struct letters light;
    fold_light(&token->form[0], &light);
    return letters_hash(&light, 0);
}

static uint8_t listed_weight(struct bytes frequency, const struct token *token)
{
    static const uint8_t levels[] = { WEIGHT_RARE, WEIGHT_VERY_COMMON, WEIGHT_COMMON,
                                      WEIGHT_KNOWN };
    if (frequency.len == 0)
        return levels[table_common(&token->form[0])];
    uint32_t hash = token_hash(token);
    size_t low = 0;
    size_t high = (frequency.len - HEAD) / ENTRY;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        uint32_t here = entry_hash(frequency, mid);
        if (here == hash)
            return frequency.data[HEAD + mid * ENTRY + 4];
        if (here < hash)
            low = mid + 1;
        else
            high = mid;
    }
    return WEIGHT_RARE;
}

uint8_t frequency_weight(struct bytes frequency, const struct token *token)
{
    if (token->initial)
        return WEIGHT_INITIAL;
    if (token->word == WORD_PARTICLE)
        return WEIGHT_PARTICLE;
    if (token->word == WORD_HONORIFIC)
        return WEIGHT_HONORIFIC;
    uint8_t weight = WEIGHT_RARE;
    if (token->form_count > 0)
        weight = listed_weight(frequency, token);
    bool brief = token->codes.count == 1 || (token->form_count > 0 && token->form[0].len <= 2);
    return brief && weight > WEIGHT_SHORT_MAX ? WEIGHT_SHORT_MAX : weight;
}

/* Tenths of log2(total / count), both below 2^32: whole bits, then tenths by squaring. */
static unsigned tenths_log2(uint64_t total, uint64_t count)
{
    unsigned tenths = 0;
    uint64_t ratio = (total << 16) / count; /* 16.16 */
    while (ratio >= UINT64_C(2) << 16) {
        ratio >>= 1;
        tenths += 10;
    }
    static const uint32_t steps[] = { 70240, 75282,  80684,  86475, 92682,
                                      99334, 106464, 114105, 122295 }; /* 2^(k/10) in 16.16 */
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        tenths += ratio >= steps[i];
    return tenths;
}

static size_t count_tokens(const struct index_doc *docs, size_t count, uint64_t *hashes_opt)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < docs[i].name_count; n++) {
            struct analysed name;
            analyse_name(&docs[i].names[n], (struct bytes){ 0 }, &name);
            for (size_t t = 0; t < name.count; t++) {
                if (name.token[t].form_count == 0)
                    continue;
                if (hashes_opt != NULL)
                    hashes_opt[total] = token_hash(&name.token[t]);
                total++;
            }
        }
    }
    return total;
}

struct err index_frequency_build(const struct index_doc *docs, size_t count, struct arena *arena,
                                 struct bytes *out)
{
    size_t total = count_tokens(docs, count, NULL);
    uint64_t *hashes = ARENA_ARRAY(arena, uint64_t, total);
    uint64_t *scratch = ARENA_ARRAY(arena, uint64_t, total);
    uint8_t *memory = arena_take_array(arena, total + 3, ENTRY);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    count_tokens(docs, count, hashes);
    sort_numbers(hashes, scratch, total);
    struct writer w = writer_over(memory, (total + 3) * ENTRY);
    writer_u32(&w, FREQUENCY_MAGIC);
    writer_u32(&w, FREQUENCY_VERSION);
    writer_u32(&w, 0);
    uint32_t entries = 0;
    for (size_t i = 0, run = 0; i < total; i += run) {
        for (run = 1; i + run < total && hashes[i + run] == hashes[i]; run++)
            ;
        unsigned weight = tenths_log2(total + POPULATION_FLOOR, run + 5);
        if (run < 2 || weight >= WEIGHT_RARE)
            continue;
        writer_u32(&w, (uint32_t)hashes[i]);
        writer_u8(&w, (uint8_t)(weight < 40 ? 40 : weight));
        entries++;
    }
    e = writer_end(&w, out);
    if (failed(e))
        return e;
    for (unsigned i = 0; i < 4; i++)
        memory[8 + i] = (uint8_t)(entries >> (24 - 8 * i));
    return err_none();
}
