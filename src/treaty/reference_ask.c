/* Messages by the reference evaluator: the paragraph of that name of spec/agreement.md section 5.
 */
#include "treaty/reference_parts.h"

/* The question that a message is, or answers: whom the clause lets ask whom. */
static struct reference_question asked(const struct reference_message *m, bool back)
{
    return (struct reference_question){ .treaties = m->treaties,
                                        .treaty_count = m->treaty_count,
                                        .national_opt = m->national_opt,
                                        .from = back ? m->to : m->from,
                                        .to = back ? m->from : m->to,
                                        .purpose = m->purpose,
                                        .as_of = m->as_of,
                                        .spent = m->spent,
                                        .spent_count = m->spent_count };
}

static bool between(const struct treaty *treaty, const struct clause *clause, struct text from,
                    struct text to)
{
    return reference_on_side(treaty, clause->from, from) &&
           reference_on_side(treaty, clause->to, to);
}

static bool lets_ask(const struct reference_question *q, const struct treaty *treaty,
                     const struct clause *clause, struct text kind)
{
    return clause->kind == CLAUSE_ASK && reference_listed(clause->codes, kind) &&
           reference_purpose(clause->purposes, q->purpose) &&
           between(treaty, clause, q->from, q->to) &&
           (!clause->reciprocal || between(treaty, clause, q->to, q->from));
}

struct asking {
    const struct reference_message *message;
    struct reference_question q;
    const struct treaty_force *force; /* of the clause found */
    const struct clause *clause;      /* NULL: none */
    uint16_t article;
    uint32_t number;
    bool protects; /* the data of a copy */
    enum decision_reason reason;
};

static void found(struct asking *a, const struct treaty_force *force, const struct article *article,
                  uint32_t number)
{
    a->force = force;
    a->article = article->number;
    a->number = number;
    a->clause = &article->clauses[number - 1];
}

static void in_treaty(struct asking *a, const struct treaty_force *force)
{
    const struct treaty *treaty = force->treaty;
    if (!reference_binds(&a->q, force))
        return;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        for (uint32_t j = 1; j <= article->count && a->clause == NULL; j++) {
            const struct clause *clause = &article->clauses[j - 1];
            if (!lets_ask(&a->q, treaty, clause, a->message->kind) ||
                reference_taken_out(&a->q, treaty, article->number, j) ||
                !reference_undisputed(&a->q, force, article->number, j))
                continue;
            if (a->message->reply || !reference_spent_up(&a->q, clause))
                found(a, force, article, j);
            else
                a->reason = REASON_CAPACITY;
        }
    }
}

static void under_ask(struct asking *a)
{
    const struct treaty_force *order[RULESET_TREATIES_MAX];
    a->q = asked(a->message, a->message->reply);
    reference_order(&a->q, order);
    for (size_t n = 0; n < a->q.treaty_count && a->clause == NULL; n++)
        in_treaty(a, order[n]);
}

static const struct {
    const char *kind;
    bool to_owner, clock;
} about_copies[] = {
    { "hit-report", true, true },       { "hit-answer", false, true },
    { "subject-request", true, false }, { "inaccuracy-known", true, false },
    { "copy-erased", true, false },     { "use-report", true, false },
    { "subject-answer", false, false }, { "inaccuracy", false, false },
    { "restriction", false, false },
};

/* Reports and answers go under a clause that stands and has an answer duty; what protects data
 * goes while both are bound. */
static bool lets_tell(const struct reference_question *q, const struct treaty_force *force,
                      const struct article *article, uint32_t number, bool clock)
{
    const struct clause *basis = &article->clauses[number - 1];
    if (basis->kind != CLAUSE_SHARE || !between(force->treaty, basis, q->from, q->to) ||
        reference_taken_out(q, force->treaty, article->number, number))
        return false;
    if (!clock)
        return reference_both_bound(q, force);
    return basis->urgent.count + basis->otherwise.count > 0 && reference_binds(q, force) &&
           reference_undisputed(q, force, article->number, number);
}

static void under_share(struct asking *a, const struct treaty_force *force, bool clock)
{
    for (uint32_t i = 0; i < force->treaty->article_count; i++) {
        const struct article *article = &force->treaty->articles[i];
        for (uint32_t j = 1; j <= article->count; j++) {
            if (&article->clauses[j - 1] == a->message->basis_opt &&
                lets_tell(&a->q, force, article, j, clock))
                found(a, force, article, j);
        }
    }
}

static void about_copy(struct asking *a)
{
    for (size_t i = 0; i < sizeof(about_copies) / sizeof(about_copies[0]); i++) {
        if (!text_is(a->message->kind, about_copies[i].kind) || a->message->basis_opt == NULL)
            continue;
        a->q = asked(a->message, about_copies[i].to_owner);
        a->protects = !about_copies[i].clock;
        for (size_t t = 0; t < a->q.treaty_count; t++)
            under_share(a, &a->q.treaties[t], about_copies[i].clock);
    }
}

/* In the direction of the message. */
static bool use_forbidden(const struct asking *a, const struct reference_question *q)
{
    bool forbidden = false;
    for (size_t t = 0; t < q->treaty_count; t++) {
        const struct treaty *treaty = q->treaties[t].treaty;
        for (uint32_t i = 0; reference_binds(q, &q->treaties[t]) && i < treaty->article_count; i++)
            for (uint32_t j = 0; j < treaty->articles[i].count; j++) {
                const struct clause *clause = &treaty->articles[i].clauses[j];
                forbidden = forbidden || (reference_forbids_use(q, clause) &&
                                          between(treaty, clause, q->from, q->to));
            }
    }
    const struct treaty *own = a->force->treaty;
    for (uint32_t i = 0; reference_binds(q, a->force) && i < own->reservation_count; i++) {
        const struct reservation *r = &own->reservations[i];
        for (uint32_t j = 0; j < r->count; j++) {
            forbidden = forbidden || (reference_reserves(q, r, a->article, a->number) &&
                                      reference_forbids_use(q, &r->clauses[j]) &&
                                      between(own, &r->clauses[j], q->from, q->to));
        }
    }
    return forbidden;
}

/* Halts stop everything; forbidden uses, what has a purpose of its own. */
static enum decision_reason forbidden_by_nation(const struct asking *a,
                                                const struct reference_question *q)
{
    const struct national *own = q->national_opt;
    for (uint32_t i = 0; own != NULL && text_equal(own->member, q->from) && i < own->count; i++) {
        const struct clause *clause = &own->clauses[i];
        if (!between(NULL, clause, q->from, q->to))
            continue;
        if (clause->kind == CLAUSE_HALT)
            return REASON_HALTED;
        if (!a->protects && reference_forbids_use(q, clause))
            return REASON_NATIONAL;
    }
    return REASON_NONE;
}

const struct clause *reference_may_ask(const struct reference_message *m,
                                       enum decision_reason *reason)
{
    struct asking a = { .message = m, .reason = REASON_NO_CLAUSE };
    struct reference_question q = asked(m, false);
    if (!reference_member(&q, m->from) || !reference_member(&q, m->to) ||
        text_equal(m->from, m->to)) {
        *reason = REASON_NOT_MEMBER;
        return NULL;
    }
    about_copy(&a);
    a.protects = a.protects && a.clause != NULL;
    if (a.clause == NULL)
        under_ask(&a);
    if (a.clause == NULL)
        *reason = a.reason;
    else if (!a.protects && use_forbidden(&a, &q))
        *reason = REASON_NEVER_USE;
    else
        *reason = forbidden_by_nation(&a, &q);
    return *reason == REASON_NONE ? a.clause : NULL;
}
