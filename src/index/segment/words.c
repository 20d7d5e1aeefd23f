#include "index/segment/words.h"

enum { KIND_SHIFT = 2, INITIAL_BIT = 16 };

bool words_alone(const struct word_name *name, size_t i)
{
    size_t counting = 0;
    size_t times = 0;
    bool initial = false;
    for (size_t k = 0; k < name->count; k++) {
        counting += word_counts(&name->word[k]);
        times += name->word[k].token == name->word[i].token;
        initial = initial || name->word[k].initial;
    }
    return word_counts(&name->word[i]) && (counting == 1 || initial || times > 1);
}

struct bytes words_of(const struct index_segment *s, uint32_t doc)
{
    struct span span = section_span(s, SECTION_WORDS_AT, doc, s->len[SECTION_WORDS]);
    return bytes_of(section(s, SECTION_WORDS) + span.begin, span.end - span.begin);
}

bool words_next(struct bytes words, size_t *at, struct word_name *out)
{
    size_t here = *at == 0 ? 1 : *at; /* behind the count of names */
    if (here >= words.len)
        return false;
    uint8_t head = words.data[here++];
    out->clipped = (head & WORDS_CLIPPED) != 0;
    out->count = head & (WORDS_CLIPPED - 1);
    if (out->count > INDEX_TOKENS_MAX || words.len - here < (size_t)out->count * WORD_BYTES)
        return false;
    for (size_t i = 0; i < out->count; i++, here += WORD_BYTES) {
        uint8_t flags = words.data[here + 4];
        out->word[i] = (struct word){
            .token = load_u32(words.data + here),
            .role = (enum token_role)(flags & 3),
            .kind = (enum word_kind)(flags >> KIND_SHIFT & 3),
            .initial = (flags & INITIAL_BIT) != 0,
        };
    }
    *at = here;
    return true;
}

void words_from(const struct analysed *name, const uint32_t *tokens, struct word_name *out)
{
    out->clipped = name->clipped;
    out->count = (uint8_t)name->count;
    for (size_t i = 0; i < name->count; i++) {
        const struct token *token = &name->token[i];
        out->word[i] = (struct word){ tokens[i], token->role, token->word, token->initial };
    }
}

size_t words_write(const struct word_name *name, uint8_t *out)
{
    size_t len = 0;
    out[len++] = (uint8_t)(name->count | (name->clipped ? WORDS_CLIPPED : 0));
    for (size_t i = 0; i < name->count; i++) {
        const struct word *word = &name->word[i];
        store_u32(out + len, word->token);
        out[len + 4] = (uint8_t)((unsigned)word->role | (unsigned)word->kind << KIND_SHIFT |
                                 (word->initial ? INITIAL_BIT : 0u));
        len += WORD_BYTES;
    }
    return len;
}
