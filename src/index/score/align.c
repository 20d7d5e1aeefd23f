/* Every word is used once; the likest pairs first; two neighbours may stand for one word. */
#include "index/score/compare.h"

#include <assert.h>

struct leftover {
    unsigned words;
    unsigned initials;
};

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
    const struct score_table *score = asked->score;
    const struct analysed *ours = &asked->name;
    for (unsigned o = 0; o < ours->count; o++) {
        for (unsigned t = 0; t < theirs->count; t++) {
            const struct token *their = &theirs->token[t];
            pairs_add(pairs, token_compare(score, &ours->token[o], their), o, 1, t, 1);
            if (o + 1u < ours->count)
                pairs_add_joined(pairs, token_compare_joined(score, &asked->joined[o], their), o,
                                 t);
            if (t + 1u < theirs->count)
                pairs_add(pairs, token_compare_split(score, &ours->token[o], their, their + 1), o,
                          1, t, 2);
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
        out->word[i] = (struct word_fact){ token->role, token->word == WORD_NAME && !token->initial,
                                           token->initial };
    }
}

/* Words left over that say something: particles and titles do not. */
static struct leftover count_left(const struct word_facts *name, uint16_t left)
{
    struct leftover count = { 0, 0 };
    for (unsigned i = 0; i < name->count; i++) {
        bool here = (left >> i & 1) != 0;
        count.words += here && name->word[i].counts;
        count.initials += here && name->word[i].initial;
    }
    return count;
}

/* Words of both sides that stand against each other; an initial stands against a word. */
static unsigned count_against(const struct score_table *score, struct leftover a, struct leftover b)
{
    unsigned words = a.words < b.words ? a.words : b.words;
    if (score->initial_contradicts == 0)
        return words;
    unsigned a_more = a.words - words < b.initials ? a.words - words : b.initials;
    unsigned b_more = b.words - words < a.initials ? b.words - words : a.initials;
    return words + a_more + b_more;
}

static bool roles_differ(const struct word_fact *a, const struct word_fact *b)
{
    return a->role != ROLE_ANY && b->role != ROLE_ANY && a->role != b->role;
}

/* What it is worth that no word is left over. */
static int32_t complete_weight(const struct score_table *score, const struct alignment *a)
{
    bool joined = false;
    bool exact = true;
    for (size_t i = 0; i < a->count; i++) {
        const struct pairing *pair = &a->pair[i];
        if (!pair->likeness.exact && (!pair->likeness.script || a->count < 2))
            return score->complete_close;
        exact = exact && pair->likeness.exact;
        joined =
            joined || pair->ours >> pair->our_first != 1 || pair->theirs >> pair->their_first != 1;
    }
    if (!exact)
        return score->complete_script;
    return joined ? score->complete_joined : score->complete;
}

int32_t complete_bound(const struct score_table *score, bool exact, bool script, bool joined)
{
    int32_t most = exact ? score->complete : score->complete_close;
    if (exact && joined && score->complete_joined > most)
        most = score->complete_joined;
    return script && score->complete_script > most ? score->complete_script : most;
}

void align_pairs(const struct score_table *score, const struct word_facts *ours,
                 const struct word_facts *theirs, const struct pairs *pairs, struct alignment *out)
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
    struct leftover our_left = count_left(ours, done.ours_left);
    struct leftover their_left = count_left(theirs, done.theirs_left);
    done.contradictions = (uint8_t)count_against(score, our_left, their_left);
    done.complete = done.count > 0 && our_left.words == 0 && their_left.words == 0 &&
                    done.contradictions == 0 && count_left(ours, UINT16_MAX).words > 0;
    done.score += done.swapped ? score->swapped : 0;
    done.whole = done.complete ? complete_weight(score, &done) : 0;
    done.score += done.whole;
    if (done.contradictions > 0) {
        int32_t left = done.score + done.contradictions * score->contradicted;
        left = left < score->contradicted_cap ? left : score->contradicted_cap;
        done.against = left - done.score;
        done.score = left;
    }
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
    align_pairs(asked->score, &our_facts, &their_facts, &pairs, out);
}

static bool is_light(const struct token *token)
{
    return token->initial || token->word != WORD_NAME;
}

int32_t compare_slack(const struct asked *asked)
{
    int32_t slack = 0;
    for (size_t i = 0; i < asked->name.count; i++)
        slack += is_light(&asked->name.token[i]) ? asked->score->initial : 0;
    return slack;
}
