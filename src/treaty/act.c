#include "treaty/act.h"

struct checking {
    const struct treaty *treaty;
    const struct treaty_event *events;
    size_t count;
    const struct treaty_event *act;
};

static struct err refuse(const char *rule)
{
    return err_make(ERR_INVALID, rule);
}

static struct err conflict(const char *rule)
{
    return err_make(ERR_CONFLICT, rule);
}

static bool by_same(const struct checking *c, const struct treaty_event *event)
{
    return text_equal(event->party, c->act->party);
}

/* The first act of that kind by that party; NULL. */
static const struct treaty_event *first_of(const struct checking *c, enum treaty_act kind,
                                           struct text party)
{
    const struct treaty_event *first = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const struct treaty_event *event = &c->events[i];
        if (event->act == kind && text_equal(event->party, party) &&
            (first == NULL || event->at.ms < first->at.ms))
            first = event;
    }
    return first;
}

static enum treaty_act consent_kind(const struct treaty *treaty, struct text party)
{
    if (treaty_may_accede(treaty, party))
        return ACT_ACCEDE;
    return treaty->consent == CONSENT_RATIFICATION ? ACT_RATIFY : ACT_SIGN;
}

/* The first by which the party has had to do with the agreement: any signature counts. */
static const struct treaty_event *first_word(const struct checking *c)
{
    static const enum treaty_act words[] = { ACT_SIGN, ACT_RATIFY, ACT_ACCEDE };
    const struct treaty_event *first = NULL;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct treaty_event *event = first_of(c, words[i], c->act->party);
        if (event != NULL && (first == NULL || event->at.ms < first->at.ms))
            first = event;
    }
    return first;
}

/* -- one check an act ---------------------------------------------------------------------- */

static struct err check_consent(const struct checking *c)
{
    enum treaty_act kind = c->act->act;
    bool accedes = treaty_may_accede(c->treaty, c->act->party);
    if (first_of(c, ACT_WITHDRAW, c->act->party) != NULL)
        return conflict("treaty.has-left");
    if (kind == ACT_ACCEDE && !accedes)
        return refuse("treaty.may-not-accede");
    if (kind != ACT_ACCEDE && accedes)
        return refuse("treaty.accede-instead");
    if (kind == ACT_RATIFY && c->treaty->consent != CONSENT_RATIFICATION)
        return refuse("treaty.ratify-not-asked");
    return err_none();
}

static struct err check_withdraw(const struct checking *c)
{
    const struct treaty_event *word = first_word(c);
    if (word == NULL)
        return conflict("treaty.nothing-to-withdraw");
    return c->act->at.ms < word->at.ms ? refuse("treaty.act-before-another") : err_none();
}

static bool same_place(const struct treaty_event *a, const struct treaty_event *b)
{
    return a->article == b->article && a->clause == b->clause && text_equal(a->against, b->against);
}

/* The last act by this party of one of two kinds about the same place and other; NULL. An end with
 * all ends those with one, too. */
static const struct treaty_event *last_word(const struct checking *c, enum treaty_act begins,
                                            enum treaty_act ends)
{
    const struct treaty_event *last = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const struct treaty_event *event = &c->events[i];
        bool wide = event->act == ends && event->against.len == 0 &&
                    event->article == c->act->article && event->clause == c->act->clause;
        bool about = (event->act == begins || event->act == ends) &&
                     (same_place(event, c->act) || wide);
        if (by_same(c, event) && about && (last == NULL || event->at.ms >= last->at.ms))
            last = event;
    }
    return last;
}

/* A beginning of this party that an act with all would end. */
static const struct treaty_event *any_open(const struct checking *c, enum treaty_act begins,
                                           enum treaty_act ends)
{
    struct treaty_event with = *c->act;
    struct checking one = { c->treaty, c->events, c->count, &with };
    for (size_t i = 0; i < c->count; i++) {
        const struct treaty_event *event = &c->events[i];
        if (!by_same(c, event) || event->act != begins || event->article != c->act->article ||
            event->clause != c->act->clause)
            continue;
        with.against = event->against;
        const struct treaty_event *last = last_word(&one, begins, ends);
        if (last != NULL && last->act == begins)
            return last;
    }
    return NULL;
}

struct pair_rules {
    enum treaty_act begins, ends;
    const char *already, *none;
};

/* A suspension or dispute begins once and is ended by whoever began it. */
static struct err check_pair(const struct checking *c, const struct pair_rules *rules)
{
    const struct treaty_event *last = last_word(c, rules->begins, rules->ends);
    bool open = last != NULL && last->act == rules->begins;
    if (c->act->act == rules->begins) {
        if (open)
            return conflict(rules->already);
        return last != NULL && c->act->at.ms < last->at.ms ? refuse("treaty.act-before-another")
                                                           : err_none();
    }
    if (!open && c->act->against.len == 0)
        last = any_open(c, rules->begins, rules->ends);
    else if (!open)
        last = NULL;
    if (last == NULL)
        return conflict(rules->none);
    return c->act->at.ms < last->at.ms ? refuse("treaty.act-before-another") : err_none();
}

static bool place_exists(const struct treaty *treaty, uint16_t article, uint16_t clause)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        if (treaty->articles[i].number == article)
            return clause <= treaty->articles[i].count;
    }
    return false;
}

static struct err check_dispute(const struct checking *c)
{
    static const struct pair_rules rules = { ACT_DISPUTE, ACT_SETTLE, "treaty.disputed-already",
                                             "treaty.not-disputed" };
    if (c->act->article == 0)
        return refuse("treaty.dispute-of-nothing");
    if (!place_exists(c->treaty, c->act->article, c->act->clause))
        return refuse("treaty.reservation-to-nothing");
    return check_pair(c, &rules);
}

static struct err check_suspend(const struct checking *c)
{
    static const struct pair_rules rules = { ACT_SUSPEND, ACT_RESUME, "treaty.suspended-already",
                                             "treaty.not-suspended" };
    return check_pair(c, &rules);
}

/* Article 19 of the Vienna Convention: when signing, ratifying or acceding, not later. */
static struct err check_reserve(const struct checking *c)
{
    enum treaty_act kind = consent_kind(c->treaty, c->act->party);
    return first_of(c, kind, c->act->party) != NULL ? conflict("treaty.reservation-too-late")
                                                    : err_none();
}

static struct err check_object(const struct checking *c)
{
    struct text against = c->act->against;
    const struct treaty_event *made = first_of(c, ACT_RESERVE, against);
    bool written = false;
    for (uint32_t i = 0; i < c->treaty->reservation_count; i++)
        written = written || text_equal(c->treaty->reservations[i].party, against);
    if (against.len == 0 || (made == NULL && !written))
        return conflict("treaty.nothing-to-object");
    return !written && c->act->at.ms < made->at.ms ? refuse("treaty.act-before-another")
                                                   : err_none();
}

/* -- together ------------------------------------------------------------------------------- */

static bool repeated(enum treaty_act act)
{
    return act >= ACT_SUSPEND;
}

static struct err check_count(const struct checking *c)
{
    size_t all = 0;
    size_t own = 0;
    for (size_t i = 0; i < c->count; i++) {
        all += repeated(c->events[i].act);
        own += repeated(c->events[i].act) && by_same(c, &c->events[i]);
    }
    bool full = all >= TREATY_REPEATED_MAX || own >= TREATY_PARTY_REPEATED_MAX;
    return repeated(c->act->act) && full ? conflict("treaty.too-many-acts") : err_none();
}

static struct err check_others(const struct checking *c)
{
    if (treaty_party_index(c->treaty, c->act->party) == STOP_ALL)
        return refuse("treaty.not-a-party");
    if (c->act->against.len == 0)
        return err_none();
    if (text_equal(c->act->against, c->act->party))
        return refuse("treaty.against-itself");
    return treaty_party_index(c->treaty, c->act->against) == STOP_ALL
               ? refuse("treaty.not-a-party")
               : err_none();
}

static struct err check_kind(const struct checking *c)
{
    bool acts = c->act->act == ACT_SUSPEND || c->act->act == ACT_DISPUTE ||
                c->act->act == ACT_OBJECT;
    if (acts && first_word(c) == NULL)
        return conflict("treaty.not-signed");
    switch (c->act->act) {
    case ACT_SIGN:
    case ACT_RATIFY:
    case ACT_ACCEDE:
        return check_consent(c);
    case ACT_WITHDRAW:
        return check_withdraw(c);
    case ACT_SUSPEND:
    case ACT_RESUME:
        return check_suspend(c);
    case ACT_DISPUTE:
    case ACT_SETTLE:
        return check_dispute(c);
    case ACT_RESERVE:
        return check_reserve(c);
    case ACT_OBJECT:
        return check_object(c);
    case ACT_DECLARE:
    case TREATY_ACTS:
        break;
    }
    return err_none();
}

bool treaty_act_done(const struct treaty_event *events, size_t count,
                     const struct treaty_event *act)
{
    struct checking c = { NULL, events, count, act };
    return !repeated(act->act) && first_of(&c, act->act, act->party) != NULL;
}

struct err treaty_act_check(const struct treaty *treaty, const struct treaty_event *events,
                            size_t count, const struct treaty_event *act, struct instant now)
{
    struct checking c = { treaty, events, count, act };
    struct err e = check_others(&c);
    if (!failed(e))
        e = check_count(&c);
    if (!failed(e))
        e = check_kind(&c);
    if (!failed(e) && act->at.ms > now.ms + TREATY_CLOCK_SLACK)
        e = err_make(ERR_NOT_FOUND, "treaty.act-in-future");
    return e;
}
