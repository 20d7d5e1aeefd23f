/* What the agreements and national rules in force say, with nothing of the treaty language showing:
 * the clerk's only door to treaty/. Records go in as JSON, answers come out as codes.
 *
 * rules_load() computes everything from the rows of TABLE_AGREEMENT:
 *   tree hash (32 bytes)  {"tree","text","language","events":[{"act","party","at",…}],"entered"}
 *   "national"            {"text","language"}
 *   "halt/" and a code    {}                                                               */
#ifndef COMITY_CLERK_RULES_H
#define COMITY_CLERK_RULES_H

#include "core/hash.h"
#include "core/json.h"
#include "core/time.h"
#include "model/redact.h"
#include "store/store.h"

enum { RULES_TEXTS_MAX = 64 };
#define RULES_URGENT "urgent-case"

struct rules;

enum ruling_outcome { RULING_DENY, RULING_SHARE, RULING_HOLD };

struct texts {
    struct text items[RULES_TEXTS_MAX];
    size_t count;
};

struct ruling {
    enum ruling_outcome outcome;
    struct hash agreement; /* basis; meaningless for a denial */
    uint32_t version;
    struct text clause;
    uint64_t alerts;       /* bit i: alert i of the record goes (or is held) */
    struct texts withheld; /* attributes */
    struct texts purposes; /* of the clause */
    struct texts conditions;
    struct coarse_field coarse[RULES_TEXTS_MAX]; /* made less exact; the stricter way first */
    size_t coarse_count;
    struct texts audience; /* branches that may use it, when `restricted` */
    bool restricted;
    uint32_t capacity_hours; /* the clause has a capacity in periods of so many hours; 0: none */
    bool used_up;            /* denied by that alone */
    struct texts offices; /* that must still release */
    int persons;
    uint32_t urgent_hours, otherwise_hours; /* answer duty; 0: none */
    uint32_t retain_days, review_days, silence_days;
    uint32_t retain_hours; /* of rules_clause(): a clause may say less than a day; 0: not said */
    const char *reason; /* codes for the owner, never for the partner (I7) */
    const char *layer;
};

struct rules_question {
    struct text from, to;
    struct text purpose; /* empty: any of the clause */
    const struct json *record;
    const struct json *notes_opt;    /* [{"code","members"}] */
    const struct json *releases_opt; /* [{"person","office"}] */
    const struct json *spent_opt;    /* [{"agreement","clause","count"}]: capacity.h */
    const struct json *assurances_opt; /* [{"code","until"?}]: RULES_URGENT declares urgency */
    struct instant as_of;
};

/* `memory` holds the result until the next load; `self` is this member. */
MUST_USE struct err rules_make(struct store_view *view, struct text self, struct instant now,
                               struct arena *memory, struct rules **out);

/* Can the agreement enter into force beside those that have? ERR_CONFLICT, ERR_LIMIT treaty.*: what
 * compiling says. */
MUST_USE struct err rules_trial(struct store_view *view, struct text self, struct instant now,
                                struct arena *memory, const struct hash *agreement);

/* Errors are about the record (its shape) and the arena; a denial is no error. */
MUST_USE struct err rules_decide(const struct rules *rules, const struct rules_question *question,
                                 struct arena *arena, struct ruling *out);
/* The same, as if nothing were suspended or disputed and nobody had left a text that keeps what was
 * received: what it still shares is not taken back. A denial where nothing of this kind is. */
MUST_USE struct err rules_decide_kept(const struct rules *rules,
                                      const struct rules_question *question, struct arena *arena,
                                      struct ruling *out);
/* Every clause considered, for the owner: treaty_explanation_json. */
MUST_USE struct err rules_explain(const struct rules *rules,
                                  const struct rules_question *question, struct arena *arena,
                                  struct json *out);
/* The same question for many partners at once: the record is prepared once. What differs from
 * partner to partner is `given`. {"items":[{"to","halted",…treaty_decision_json}]}. */
struct rules_given {
    struct text to;
    const struct json *releases, *assurances, *spent;
};
MUST_USE struct err rules_preview(const struct rules *rules,
                                  const struct rules_question *question,
                                  const struct rules_given *given, size_t count,
                                  struct arena *arena, struct json *out);
/* The receiver's second opinion (I1). ERR_NOT_FOUND: park and ask for the instrument. */
struct rules_basis {
    struct hash agreement;
    uint32_t version;
    struct text clause;
};
struct rules_view {
    struct text from;
    struct rules_basis basis;
    const struct json *view;
    struct instant as_of;
};
/* `uses_out`: every purpose for which the copy may be used (treaty_may_use). */
MUST_USE struct err rules_receive(const struct rules *rules, const struct rules_view *in,
                                  struct arena *arena, struct texts *uses_out);
/* May `from` send `to` a message of `kind` under this basis (a share clause's answer duty, or an
 * ask clause)? The ruling names the clause. */
struct rules_ask {
    struct text from, to, kind, purpose;
    const struct rules_basis *basis_opt;
    const struct json *spent_opt; /* as in rules_question */
    bool reply;
    struct instant as_of;
};
void rules_may_ask(const struct rules *rules, const struct rules_ask *ask, struct ruling *out);

/* A message about the protection of a copy's data: it rests on the clause of the copy. */
bool rules_protects(struct text kind);

/* The national default effect of a foreign alert. */
struct rules_effect {
    const char *kind; /* held, as-asked, reduced, specialists-only, not-shown */
    struct text action, call, rule;
};
struct rules_effect rules_effect(const struct rules *rules, struct text category,
                                 struct text from);

/* A clause in force has a capacity: without one nobody need look at what was given. */
bool rules_has_capacity(const struct rules *rules);
bool rules_halted(const struct rules *rules, struct text partner);
/* Does this agreement let a copy that `partner` gave us stay? Suspension and dispute do, and so
 * does leaving where the text keeps what was received. */
bool rules_keeps(const struct rules *rules, const struct hash *agreement, struct text partner);
/* What was sent to `partner` under this basis at `as_of`: did the clause stand between us then, as
 * far as is known now? If not, it may have been refused: who suspended knew before we did. */
bool rules_stood(const struct rules *rules, const struct rules_basis *basis, struct text partner,
                 struct instant as_of);
/* "suspended", "disputed": what a copy (its row) rests on has been stopped between its owner and
 * us; NULL: it has not. */
const char *rules_standing(struct store_view *view, const struct json *copy, struct text self,
                           struct instant now, struct arena *arena);
/* What the clause of a basis says about use: purposes, conditions, retention, clocks. */
MUST_USE struct err rules_clause(const struct rules *rules, const struct rules_basis *basis,
                                 struct ruling *out);
/* When they were loaded. Law never runs backwards: what is decided by them is decided for this
 * instant at least, though the clock may have been set back since. */
struct instant rules_loaded(const struct rules *rules);
/* The next instant at which the rules change by themselves (a day begins or ends), or INT64_MAX. */
struct instant rules_next_change(const struct rules *rules);

/* An agreement's text as tree JSON, with its hash and parties: for instrument.put. Errors are
 * treaty.*; `at` is a byte offset in `text`. */
struct rules_text {
    struct json tree;
    struct hash hash;
    struct text name;
    uint32_t version;
    const char *language;
    struct texts parties;
};
MUST_USE struct err rules_read(struct text text, struct arena *arena, struct rules_text *out);
/* A tree from a peer or a row: checked as the parser checks. */
MUST_USE struct err rules_read_tree(const struct json *tree, struct arena *arena,
                                    struct rules_text *out);
/* Root key and address that the annex pins to `party`. ERR_NOT_FOUND treaty.no-annex. */
struct rules_pin {
    uint8_t root[32];
    struct text address;
};
MUST_USE struct err rules_pin(const struct json *tree, struct text party, struct arena *arena,
                              struct rules_pin *out);
/* Where an agreement stands, for people: state, parties, what is missing, stops, …, and "kept_out",
 * the rule why it has no effect here. `row` is its row. */
MUST_USE struct err rules_status(struct store_view *view, const struct json *row, struct text self,
                                 struct instant now, struct arena *arena, struct json *out);
/* The state of every agreement, by the hex of its hash: "draft", "in-force", … */
MUST_USE struct err rules_states(struct store_view *view, struct instant now, struct arena *arena,
                                 struct json *out);
/* What a text of reservations says, as the terms of an act under the agreement of `tree`. The
 * errors are the parser's; `at` is a place in `text`. */
MUST_USE struct err rules_reservations(const struct json *tree, struct text text,
                                       struct arena *arena, struct json *out);
/* The canonical text in "en" or "fr". */
MUST_USE struct err rules_print(const struct json *tree, struct text language,
                                struct arena *arena, struct text *out);
/* {"ok":…,"hash","errors":[{"line","column","rule"}]}: everything wrong with an agreement at
 * once. */
MUST_USE struct err rules_check_text(struct text text, struct arena *arena, struct json *out);
/* Checks a national rule file. */
MUST_USE struct err rules_check_national(struct text text, struct arena *arena);

#endif
