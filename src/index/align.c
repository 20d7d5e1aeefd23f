/* Every word is used once; the likest pairs first; two neighbours may stand for one word. */
#include "index/compare.h"

#include <assert.h>

#include "index/score.h"

void pairs_add(struct pairs *pairs, struct likeness likeness, unsigned ours, unsigned our_words,
               unsigned theirs, unsigned their_words)
{
    if (likeness.weight <= 0)
        return;
    assert(pairs->count < PAIRS_MAX);
    pairs->at[pairs->count++] = (struct pairing){
        .ours = (uint16_t)(((1u << our_words) - 1) << ours),
        .theirs = (uint16_t)(((1u << their_words) - 1) << theirs),
        .our_first = (uint8_t)ours,
        .their_first = (uint8_t)theirs,
        .likeness = likeness,
    };
}

void pairs_add_joined(struct pairs *pairs, struct likeness likeness, unsigned ours, unsigned theirs)
{
    likeness.same = false;
    if (likeness.weight > 0)
        likeness.rule = likeness.exact ? "name.joined" : "name.joined-near";
    pairs_add(pairs, likeness, ours, 2, theirs, 1);
}

static void find_pairs(const struct asked *asked, const struct analysed *theirs,
                       struct pairs *pairs)
{
    const struct analysed *ours = &asked->name;
    for (unsigned o = 0; o < ours->count; o++) {
        for (unsigned t = 0; t < theirs->count; t++) {
            const struct token *their = &theirs->token[t];
            pairs_add(pairs, token_compare(&ours->token[o], their), o, 1, t, 1);
            if (o + 1u < ours->count)
                pairs_add_joined(pairs, token_compare(&asked->joined[o], their), o, t);
            if (t + 1u < theirs->count)
                pairs_add(pairs, token_compare_split(&ours->token[o], their, their + 1), o, 1, t,
                          2);
        }
    }
}

/* Equal words belong together, whatever a join of one with its neighbour would weigh. */
static bool is_likelier(const struct likeness *a, const struct likeness *b)
{
    return a->same != b->same ? a->same : a->weight > b->weight;
}

/* The likest pair whose words are all free, the earlier one of equals. */
static const struct pairing *best_pair(const struct pairs *pairs, const struct alignment *so_far)
{
    const struct pairing *best = NULL;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pairing *pair = &pairs->at[i];
        bool is_free =
            (pair->ours & ~so_far->ours_left) == 0 && (pair->theirs & ~so_far->theirs_left) == 0;
        if (is_free && (best == NULL || is_likelier(&pair->likeness, &best->likeness)))
            best = pair;
    }
    return best;
}

void word_facts(const struct analysed *name, struct word_facts *out)
{
    out->count = name->count;
    for (unsigned i = 0; i < name->count; i++) {
        const struct token *token = &name->token[i];
        out->word[i] =
            (struct word_fact){ token->role, token->word == WORD_NAME && !token->initial };
    }
}

/* Words left over that say something: particles, titles and initials do not. */
static unsigned count_left(const struct word_facts *name, uint16_t left)
{
    unsigned count = 0;
    for (unsigned i = 0; i < name->count; i++)
        count += (left >> i & 1) != 0 && name->word[i].counts;
    return count;
}

static bool roles_differ(const struct word_fact *a, const struct word_fact *b)
{
    return a->role != ROLE_ANY && b->role != ROLE_ANY && a->role != b->role;
}

void align_pairs(const struct word_facts *ours, const struct word_facts *theirs,
                 const struct pairs *pairs, struct alignment *out)
{
    struct alignment done = { 0 };
    done.ours_left = (uint16_t)((1u << ours->count) - 1);
    done.theirs_left = (uint16_t)((1u << theirs->count) - 1);
    for (const struct pairing *pair = best_pair(pairs, &done); pair != NULL;
         pair = best_pair(pairs, &done)) {
        done.pair[done.count++] = *pair;
        done.ours_left = (uint16_t)(done.ours_left & ~pair->ours);
        done.theirs_left = (uint16_t)(done.theirs_left & ~pair->theirs);
        done.score += pair->likeness.weight;
        done.swapped = done.swapped ||
                       roles_differ(&ours->word[pair->our_first], &theirs->word[pair->their_first]);
    }
    unsigned our_count = count_left(ours, done.ours_left);
    unsigned their_count = count_left(theirs, done.theirs_left);
    done.contradictions = (uint8_t)(our_count < their_count ? our_count : their_count);
    done.complete =
        done.count > 0 && our_count == 0 && their_count == 0 && count_left(ours, UINT16_MAX) > 0;
    done.score += done.contradictions * WEIGHT_CONTRADICTED;
    done.score += done.swapped ? WEIGHT_SWAPPED : 0;
    done.score += done.complete ? WEIGHT_COMPLETE : 0;
    *out = done;
}

void align(const struct asked *asked, const struct analysed *theirs, struct alignment *out)
{
    struct pairs pairs;
    struct word_facts our_facts;
    struct word_facts their_facts;
    pairs.count = 0;
    find_pairs(asked, theirs, &pairs);
    word_facts(&asked->name, &our_facts);
    word_facts(theirs, &their_facts);
    align_pairs(&our_facts, &their_facts, &pairs, out);
}

static bool is_light(const struct token *token)
{
    return token->initial || token->word != WORD_NAME;
}

bool analysed_is_light(const struct analysed *name)
{
    for (size_t i = 0; i < name->count; i++) {
        if (is_light(&name->token[i]))
            return true;
    }
    return false;
}

int32_t compare_slack(const struct asked *asked, bool theirs_light)
{
    if (theirs_light)
        return WEIGHT_COMPLETE + asked->name.count * WEIGHT_INITIAL;
    int32_t slack = WEIGHT_COMPLETE;
    for (size_t i = 0; i < asked->name.count; i++)
        slack += is_light(&asked->name.token[i]) ? WEIGHT_INITIAL : 0;
    return slack;
}
