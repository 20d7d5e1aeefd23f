/* Frequency bytes: u32 magic, format, entries, persons (0: not said), the weight of a word that has
 * no entry, then entries of (u32 hash, u8 weight), ascending. */
#include "index/names/frequency.h"

#include "core/reader.h"
#include "core/writer.h"
#include "index/names/analyse.h"
#include "index/score/score.h"
#include "index/segment/sort.h"

enum {
    HEAD = 20,
    ENTRY = 5,
    PERSONS_AT = 12,
    RARE_AT = 16,
    FREQUENCY_MAGIC = 0x434d4651,
    FREQUENCY_VERSION = 2,
    POPULATION_FLOOR = 20000,
    BEARERS_FLOOR = 5,
    WEIGHT_LEAST = 40
};

static uint32_t read_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t entry_hash(struct bytes frequency, size_t at)
{
    return read_u32(frequency.data + HEAD + at * ENTRY);
}

struct err index_frequency_open(struct bytes in, struct index_frequency *out)
{
    struct reader r = reader_over(in);
    bool good = reader_u32(&r) == FREQUENCY_MAGIC && reader_u32(&r) == FREQUENCY_VERSION;
    uint32_t count = reader_u32(&r);
    (void)reader_u32(&r); /* persons: any number */
    uint32_t rare = reader_u32(&r);
    good = good && !failed(r.err) && in.len == HEAD + (size_t)count * ENTRY &&
           rare >= WEIGHT_LEAST && rare <= UINT8_MAX;
    for (uint32_t i = 1; good && i < count; i++)
        good = entry_hash(in, i - 1) < entry_hash(in, i);
    if (!good)
        return err_make(ERR_INVALID, "index.bad-frequency");
    out->proved = in;
    out->hash = hash_of(in);
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
    return (uint8_t)read_u32(frequency.data + RARE_AT);
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

/* Tenths of log2(total / count), at least 1 and both below 2^47: whole bits, then tenths by
 * squaring. */
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

/* Each word of a name as its hash and, in the lower half, how many bear the name. */
static size_t count_tokens(const struct index_names *names, uint64_t *words_opt, uint64_t *bearers)
{
    size_t total = 0;
    struct index_name name;
    uint32_t times = 1;
    *bearers = 0;
    while (names->next(names->state, &name, &times)) {
        struct analysed analysed;
        analyse_name(&name, (struct bytes){ 0 }, &analysed);
        for (size_t t = 0; t < analysed.count; t++) {
            if (analysed.token[t].form_count == 0)
                continue;
            if (words_opt != NULL)
                words_opt[total] = (uint64_t)token_hash(&analysed.token[t]) << 32 | times;
            *bearers += times;
            total++;
        }
    }
    return total;
}

/* The words from `at` on that are the same: their bearers, and where the next word begins. */
static uint64_t run_of(const uint64_t *words, size_t total, size_t *at)
{
    uint64_t bearers = 0;
    uint64_t hash = words[*at] >> 32;
    for (; *at < total && words[*at] >> 32 == hash; (*at)++)
        bearers += words[*at] & UINT32_MAX;
    return bearers;
}

static unsigned shift_of(uint32_t persons)
{
    return persons > BAND_PERSONS ? tenths_log2(persons, BAND_PERSONS) : 0;
}

int32_t frequency_shift(struct bytes frequency)
{
    return frequency.len == 0 ? 0 : (int32_t)shift_of(read_u32(frequency.data + PERSONS_AT));
}

static unsigned at_most(unsigned value, unsigned most)
{
    return value < most ? value : most;
}

/* Entries of the words, `total` of them sorted, that are commoner than `rare`. */
static uint32_t write_entries(struct writer *w, const uint64_t *words, size_t total,
                              uint64_t bearers, unsigned rare)
{
    uint32_t entries = 0;
    for (size_t i = 0; i < total;) {
        uint32_t hash = (uint32_t)(words[i] >> 32);
        uint64_t run = run_of(words, total, &i);
        unsigned weight = tenths_log2(bearers + POPULATION_FLOOR, run + BEARERS_FLOOR);
        if (run < 2 || weight >= rare)
            continue;
        writer_u32(w, hash);
        writer_u8(w, (uint8_t)(weight < WEIGHT_LEAST ? WEIGHT_LEAST : weight));
        entries++;
    }
    return entries;
}

struct err index_frequency_build(const struct index_names *names, struct arena *arena,
                                 struct bytes *out)
{
    uint64_t bearers = 0;
    size_t total = count_tokens(names, NULL, &bearers);
    uint64_t *words = ARENA_ARRAY(arena, uint64_t, total);
    uint64_t *scratch = ARENA_ARRAY(arena, uint64_t, total);
    uint8_t *memory = arena_take_array(arena, HEAD + total * ENTRY, 1);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    count_tokens(names, words, &bearers);
    sort_numbers(words, scratch, total);
    unsigned rarest = tenths_log2(bearers + POPULATION_FLOOR, BEARERS_FLOOR); /* by the names */
    unsigned rare = at_most(at_most(WEIGHT_RARE + shift_of(names->persons), rarest), UINT8_MAX);
    struct writer w = writer_over(memory, HEAD + total * ENTRY);
    writer_u32(&w, FREQUENCY_MAGIC);
    writer_u32(&w, FREQUENCY_VERSION);
    writer_u32(&w, 0);
    writer_u32(&w, names->persons);
    writer_u32(&w, rare);
    uint32_t entries = write_entries(&w, words, total, bearers, rare);
    e = writer_end(&w, out);
    if (failed(e))
        return e;
    for (unsigned i = 0; i < 4; i++)
        memory[8 + i] = (uint8_t)(entries >> (24 - 8 * i));
    return err_none();
}

struct doc_names {
    const struct index_doc *docs;
    size_t count, doc, name;
};

static bool next_name(void *state, struct index_name *out, uint32_t *bearers_out)
{
    struct doc_names *all = state;
    while (all->doc < all->count && all->name == all->docs[all->doc].name_count) {
        all->doc++;
        all->name = 0;
    }
    if (all->doc == all->count) {
        all->doc = 0;
        all->name = 0;
        return false;
    }
    *out = all->docs[all->doc].names[all->name++];
    *bearers_out = 1;
    return true;
}

struct err index_frequency_of(const struct index_doc *docs, size_t count, uint32_t persons,
                              struct arena *arena, struct bytes *out)
{
    struct doc_names all = { .docs = docs, .count = count };
    struct index_names names = { &all, next_name, persons };
    return index_frequency_build(&names, arena, out);
}
