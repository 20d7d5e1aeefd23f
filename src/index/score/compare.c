#include "index/score/compare.h"

#include <assert.h>

#include "index/names/frequency.h"
#include "index/score/pattern.h"
#include "index/score/score.h"

_Static_assert(2 * INDEX_TOKENS_MAX + 4 + 3 + INDEX_QUERY_IDENTIFIERS_MAX <= INDEX_REASONS_MAX,
               "every reason has room");

struct compared { /* what the band needs beside the score */
    int32_t score;
    int32_t name;
    int32_t born; /* what is asked beyond band_possible */
    bool contradicted;
    bool identified;
};

struct err asked_make(const struct index_query *query, struct asked *out)
{
    const struct index_name *name = &query->name;
    struct bytes frequency = query->scoring.frequency.proved;
    bool named = name->full.len + name->family.len + name->given.len > 0;
    if (!named && query->identifier_count == 0)
        return err_make(ERR_INVALID, "index.query-empty");
    if (query->identifier_count > INDEX_QUERY_IDENTIFIERS_MAX ||
        query->nationality_count > INDEX_NATIONALITIES_MAX || query->hits_max > INDEX_HITS_MAX)
        return err_make(ERR_LIMIT, "index.query-too-large");
    if (!birth_valid(&query->birth))
        return err_make(ERR_INVALID, "index.bad-birth");
    for (size_t i = 0; i < query->identifier_count; i++) {
        struct partial unused;
        struct err e = err_none();
        if (query->identifiers[i].partial)
            e = pattern_read(&query->identifiers[i], &unused);
        if (failed(e))
            return e;
    }
    const struct score_table *score = score_table(query->scoring.version);
    if (score == NULL)
        return err_make(ERR_INVALID, "index.score-version");
    out->query = query;
    out->score = score;
    out->shift = frequency_shift(frequency);
    out->name.count = 0;
    if (!named)
        return err_none();
    analyse_name(name, frequency, &out->name);
    if (out->name.clipped)
        return err_make(ERR_LIMIT, "index.name-too-long");
    if (out->name.count == 0)
        return err_make(ERR_INVALID, "index.name-empty");
    for (size_t i = 0; i + 1 < out->name.count; i++)
        token_join(&out->name.token[i], &out->name.token[i + 1], frequency, &out->joined[i]);
    return err_none();
}

static struct index_reason make_reason(enum index_field field, enum index_relation relation,
                                       const char *rule, struct text ours, struct text theirs,
                                       int32_t weight)
{
    return (struct index_reason){ .field = field,
                                  .relation = relation,
                                  .rule = rule,
                                  .ours = ours,
                                  .theirs = theirs,
                                  .weight = weight };
}

/* Tenths of a bit as "one in so many", two digits of it; 0: nothing to say. */
static uint32_t one_in(uint8_t rarity)
{
    static const uint32_t tenths[] = { 1000, 1072, 1149, 1231, 1320, 1414, 1516, 1625, 1741, 1866 };
    if (rarity < 10)
        return 0;
    uint64_t many = (UINT64_C(1) << rarity / 10) * tenths[rarity % 10] / 1000;
    uint64_t unit = 1;
    while (many / unit >= 100)
        unit *= 10;
    return (uint32_t)((many + unit / 2) / unit * unit);
}

static void add_reason(struct reasons *reasons_opt, struct index_reason reason)
{
    if (reasons_opt == NULL)
        return;
    assert(reasons_opt->count < INDEX_REASONS_MAX);
    reasons_opt->list[reasons_opt->count++] = reason;
}

/* ------------------------------------------------------------------------------- names */

static struct text span(const struct analysed *name, unsigned first, unsigned bits)
{
    struct text text = name->token[first].written;
    if ((bits >> first) > 1) { /* and its neighbour */
        struct text next = name->token[first + 1].written;
        if (next.data >= text.data)
            text.len = (size_t)(next.data + next.len - text.data);
    }
    return text;
}

static const struct token *next_left(const struct analysed *name, uint16_t *left, bool initials)
{
    for (unsigned i = 0; i < name->count; i++) {
        const struct token *token = &name->token[i];
        bool here = initials ? token->initial : token->word == WORD_NAME && !token->initial;
        if ((*left >> i & 1) == 0 || !here)
            continue;
        *left = (uint16_t)(*left & ~(1u << i));
        return token;
    }
    return NULL;
}

/* Words against words, then what is left of them against initials: as count_against. */
static void explain_left(const struct asked *asked, const struct analysed *theirs,
                         const struct alignment *a, struct reasons *reasons)
{
    uint16_t ours_left = a->ours_left;
    uint16_t theirs_left = a->theirs_left;
    unsigned told = 0;
    for (;;) {
        const struct token *our = next_left(&asked->name, &ours_left, false);
        const struct token *their = next_left(theirs, &theirs_left, false);
        if (our == NULL && their == NULL)
            return;
        if (our == NULL && told < a->contradictions)
            our = next_left(&asked->name, &ours_left, true);
        if (their == NULL && told < a->contradictions)
            their = next_left(theirs, &theirs_left, true);
        struct index_reason reason = { .field = INDEX_NAME,
                                       .relation = INDEX_NOT_COMPARED,
                                       .rule = "name.omitted",
                                       .ours = our != NULL ? our->written : TEXT(""),
                                       .theirs = their != NULL ? their->written : TEXT("") };
        if (our != NULL && their != NULL) {
            reason.relation = INDEX_CONTRADICT;
            reason.rule = "name.differs";
            reason.weight = asked->score->contradicted;
            if (told++ == 0) /* what the cap takes is told with the first */
                reason.weight = a->against - (a->contradictions - 1) * reason.weight;
        }
        add_reason(reasons, reason);
    }
}

static void explain_name(const struct asked *asked, const struct analysed *theirs,
                         const struct index_name *name, const struct alignment *a,
                         struct reasons *reasons)
{
    explain_left(asked, theirs, a, reasons);
    for (size_t i = 0; i < a->count; i++) {
        const struct pairing *pair = &a->pair[i];
        struct index_reason reason =
            make_reason(INDEX_NAME, pair->likeness.exact ? INDEX_AGREE : INDEX_CLOSE,
                        pair->likeness.rule, span(&asked->name, pair->our_first, pair->ours),
                        span(theirs, pair->their_first, pair->theirs), pair->likeness.weight);
        reason.rarity = one_in(pair->likeness.rarity);
        add_reason(reasons, reason);
    }
    if (a->swapped)
        add_reason(reasons, make_reason(INDEX_NAME, INDEX_CLOSE, "name.swapped", TEXT(""), TEXT(""),
                                        asked->score->swapped));
    if (a->complete)
        add_reason(reasons, make_reason(INDEX_NAME, INDEX_AGREE, "name.complete", TEXT(""),
                                        TEXT(""), a->whole));
    if (theirs->clipped)
        add_reason(reasons, make_reason(INDEX_NAME, INDEX_NOT_COMPARED, "name.clipped", TEXT(""),
                                        TEXT(""), 0));
    if (name->set == INDEX_MISUSED)
        add_reason(reasons, make_reason(INDEX_NAME, INDEX_NOT_COMPARED, "name.misused", TEXT(""),
                                        TEXT(""), 0));
}

/* The best single name, never a mix of two. */
static size_t compare_names(const struct asked *asked, const struct index_doc *doc,
                            struct reasons *reasons_opt, struct compared *so_far)
{
    struct bytes frequency = asked->query->scoring.frequency.proved;
    struct analysed theirs;
    struct alignment best = { .score = INT32_MIN };
    size_t best_name = doc->name_count;
    for (size_t i = 0; i < doc->name_count && asked->name.count > 0; i++) {
        struct alignment a;
        analyse_name(&doc->names[i], frequency, &theirs);
        align(asked, &theirs, &a);
        if (a.count > 0 && a.score > best.score) {
            best = a;
            best_name = i;
        }
    }
    if (best_name == doc->name_count)
        return best_name;
    so_far->score += best.score;
    so_far->name = best.score;
    so_far->contradicted = so_far->contradicted || best.contradictions > 0;
    if (reasons_opt != NULL) {
        analyse_name(&doc->names[best_name], frequency, &theirs);
        explain_name(asked, &theirs, &doc->names[best_name], &best, reasons_opt);
    }
    return best_name;
}

/* ------------------------------------------------------------------------- other fields */

static void compare_births(const struct asked *asked, const struct index_doc *doc,
                           struct reasons *reasons_opt, struct arena *arena_opt,
                           struct compared *so_far)
{
    const struct index_birth *ours = &asked->query->birth;
    struct field_likeness l = birth_compare(asked->score, ours, &doc->birth);
    so_far->score += l.weight;
    so_far->contradicted = so_far->contradicted || l.relation == INDEX_CONTRADICT;
    if (l.weight > 0)
        so_far->born = l.weight < asked->score->band_born ? l.weight : asked->score->band_born;
    bool nothing = ours->quality == INDEX_BIRTH_UNKNOWN && doc->birth.quality == ours->quality;
    if (reasons_opt != NULL && !nothing)
        add_reason(reasons_opt,
                   make_reason(INDEX_BIRTH, l.relation, l.rule, birth_format(ours, arena_opt),
                               birth_format(&doc->birth, arena_opt), l.weight));
}

static struct text sex_text(enum index_sex sex)
{
    static const char *const names[] = { "", "F", "M", "X" };
    return text_literal(names[sex]);
}

int32_t compare_sex_weight(const struct score_table *score, enum index_sex ours,
                           enum index_sex theirs)
{
    if (ours == INDEX_SEX_UNKNOWN || theirs == INDEX_SEX_UNKNOWN)
        return 0;
    return ours == theirs ? score->sex_agree : score->sex_contradict;
}

static void compare_sexes(const struct asked *asked, const struct index_doc *doc,
                          struct reasons *reasons_opt, struct compared *so_far)
{
    enum index_sex ours = asked->query->sex;
    if (ours == INDEX_SEX_UNKNOWN && doc->sex == INDEX_SEX_UNKNOWN)
        return;
    int32_t weight = compare_sex_weight(asked->score, ours, doc->sex);
    so_far->score += weight;
    struct index_reason reason = make_reason(INDEX_SEX, INDEX_NOT_COMPARED, "sex.not-compared",
                                             sex_text(ours), sex_text(doc->sex), weight);
    if (weight != 0) {
        reason.relation = weight > 0 ? INDEX_AGREE : INDEX_CONTRADICT;
        reason.rule = weight > 0 ? "sex.same" : "sex.differs";
    }
    add_reason(reasons_opt, reason);
}

static void compare_nationalities(const struct asked *asked, const struct index_doc *doc,
                                  struct reasons *reasons_opt, struct compared *so_far)
{
    const struct index_query *q = asked->query;
    if (q->nationality_count == 0 && doc->nationality_count == 0)
        return;
    struct index_reason reason =
        make_reason(INDEX_NATIONALITY, INDEX_NOT_COMPARED, "nationality.not-compared",
                    q->nationality_count > 0 ? q->nationalities[0] : TEXT(""),
                    doc->nationality_count > 0 ? doc->nationalities[0] : TEXT(""), 0);
    if (q->nationality_count > 0 && doc->nationality_count > 0) {
        reason.relation = INDEX_CONTRADICT;
        reason.rule = "nationality.differs";
        reason.weight = asked->score->nationality_contradict;
    }
    for (size_t i = 0; i < q->nationality_count; i++) {
        for (size_t k = 0; k < doc->nationality_count; k++) {
            if (text_equal(q->nationalities[i], doc->nationalities[k]))
                reason = make_reason(INDEX_NATIONALITY, INDEX_AGREE, "nationality.same",
                                     q->nationalities[i], doc->nationalities[k],
                                     asked->score->nationality_agree);
        }
    }
    so_far->score += reason.weight;
    add_reason(reasons_opt, reason);
}

static void compare_identifier(const struct asked *asked, const struct index_identifier *ours,
                               const struct index_doc *doc, struct reasons *reasons_opt,
                               struct compared *so_far)
{
    struct index_reason reason = make_reason(INDEX_IDENTIFIER, INDEX_NOT_COMPARED,
                                             "identifier.not-known", ours->canonical, TEXT(""), 0);
    bool first = true;
    for (size_t i = 0; i < doc->identifier_count; i++) {
        const struct index_identifier *theirs = &doc->identifiers[i];
        if (theirs->cls != ours->cls)
            continue;
        struct field_likeness l = ours->partial ? pattern_compare(asked->score, ours, theirs)
                                                : identifier_compare(asked->score, ours, theirs);
        if (first || l.weight > reason.weight)
            reason = make_reason(INDEX_IDENTIFIER, l.relation, l.rule, ours->canonical,
                                 theirs->canonical, l.weight);
        reason.partial = ours->partial && reason.weight > 0;
        first = false;
    }
    so_far->score += reason.weight;
    so_far->identified = so_far->identified || reason.weight > 0;
    add_reason(reasons_opt, reason);
}

/* -------------------------------------------------------------------------------- whole */

static enum index_band band_of(const struct asked *asked, const struct compared *c)
{
    const struct score_table *score = asked->score;
    int32_t worth = c->score - (c->identified ? 0 : asked->shift); /* a number says who it is */
    if (!c->identified && c->name < score->name_min)
        return INDEX_NONE;
    if (worth >= score->band_strong && (c->identified || !c->contradicted))
        return INDEX_STRONG;
    if (worth >= score->band_possible + (c->identified ? 0 : c->born))
        return INDEX_POSSIBLE;
    return c->score >= score->band_weak ? INDEX_WEAK : INDEX_NONE;
}

static unsigned reason_rank(const struct index_reason *reason)
{
    return reason->relation == INDEX_CONTRADICT     ? 0
           : reason->relation == INDEX_NOT_COMPARED ? 2
                                                    : 1;
}

/* Contradictions first, then what speaks for it, then what was not compared; else as made. */
static void order_reasons(struct reasons *reasons)
{
    for (size_t i = 1; i < reasons->count; i++) {
        struct index_reason reason = reasons->list[i];
        size_t at = i;
        for (; at > 0 && reason_rank(&reasons->list[at - 1]) > reason_rank(&reason); at--)
            reasons->list[at] = reasons->list[at - 1];
        reasons->list[at] = reason;
    }
}

void compare_doc(const struct asked *asked, const struct index_doc *doc,
                 struct reasons *reasons_opt, struct arena *arena_opt, struct verdict *out)
{
    assert(reasons_opt == NULL || arena_opt != NULL);
    struct compared c = { 0 };
    if (reasons_opt != NULL)
        reasons_opt->count = 0;
    size_t name = compare_names(asked, doc, reasons_opt, &c);
    compare_births(asked, doc, reasons_opt, arena_opt, &c);
    compare_sexes(asked, doc, reasons_opt, &c);
    compare_nationalities(asked, doc, reasons_opt, &c);
    for (size_t i = 0; i < asked->query->identifier_count; i++)
        compare_identifier(asked, &asked->query->identifiers[i], doc, reasons_opt, &c);
    if (reasons_opt != NULL)
        order_reasons(reasons_opt);
    *out = (struct verdict){ c.score, band_of(asked, &c), name };
}

void compare_aligned(const struct asked *asked, const struct alignment *name,
                     const struct index_birth *birth, enum index_sex sex, struct verdict *out)
{
    assert(asked->query->nationality_count == 0 && asked->query->identifier_count == 0);
    struct index_doc doc = { .birth = *birth, .sex = sex };
    struct compared c = { .score = name->score,
                          .name = name->score,
                          .contradicted = name->contradictions > 0 };
    compare_births(asked, &doc, NULL, NULL, &c);
    compare_sexes(asked, &doc, NULL, &c);
    *out = (struct verdict){ c.score, band_of(asked, &c), 0 };
}
