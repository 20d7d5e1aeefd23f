/* Inside api/: one call at work, and what its handlers share. */
#ifndef COMITY_API_CALL_H
#define COMITY_API_CALL_H

#include "api/api.h"
#include "clerk/rows.h"
#include "clerk/record/sight.h"

struct call {
    const struct api_world *world;
    struct api_request *request;
    struct api_work *work;
    struct arena *arena;
    struct json body;                       /* parsed; an empty object when there was none */
    struct text parts[API_PATH_PARTS_MAX];  /* of the path behind /v1/ */
    size_t part_count;
    struct text ids[2];                     /* the parts at {…} */
    struct arena *scratch;                  /* call_scratch() */
};

typedef void api_handler(struct call *call);

struct api_row {
    enum api_method method;
    const char *pattern; /* "hits/{hit}/answer" */
    uint32_t roles;      /* one of these bits; commands are checked again by the clerk */
    api_handler *handler;
};

/* Errors and answers; the last one stands. */
void call_fail(struct call *call, enum err_code code, const char *rule, struct text subject);
void call_error(struct call *call, struct err e);
void call_answer(struct call *call, unsigned status, struct json answer);
/* {"result":"refused","code","pointer"}: one of several that does not stop the others. */
struct json call_refused(struct arena *arena, struct err e, struct text pointer);
/* A command with this body; its reply becomes the answer. NULL when the arena is full. */
struct command *call_command(struct call *call, enum verb verb, struct json body);
/* The same with the call's own body, and in it the id of the path as `member`. */
void call_on(struct call *call, enum verb verb, const char *member);
/* The access entry behind which the answer waits (I3). */
void call_look(struct call *call, struct json answer, struct json entry);
/* One of several: the answers are `results` of the call's, in order, refusals among them. */
void call_look_also(struct call *call, struct json entry);

/* One question: its answer, and the access entry behind which that waits (I3). */
struct call_asked {
    struct json answer;
    struct json entry;
    struct text place; /* of what is wrong, below the question */
};
/* Many in one call, which stand in `member` of its body (many.c): ERR_INVALID, ERR_LIMIT and
 * ERR_NOT_FOUND of `ask` refuse that one alone. Where the room for answers ends, `left` says how
 * many have not been asked. */
struct call_many {
    const char *member;
    struct err (*ask)(struct call *call, const void *context, const struct json *in,
                      struct call_asked *out);
    const void *context;
};
void call_many(struct call *call, const struct call_many *many);

/* Room for what is opened one after the other, part of the call's own; the caller rewinds it.
 * The arena of its routes has CALL_SCRATCH to spare. */
enum { CALL_SCRATCH = 16 << 20 };
struct arena *call_scratch(struct call *call);

/* Query parameter, decoded; false when absent or malformed. */
bool call_parameter(struct call *call, const char *name, struct text *out);
/* Purpose and reference from the body (a search) or the query (a GET) into the caller. false, and
 * ERR_INVALID api.unknown-parameter in the call: the query says what is neither. */
bool call_purpose(struct call *call);

/* From here on the call is for this purpose, on this reference: what is read says for what. */
void call_act_for(struct call *call, struct text purpose, struct json reference);
/* The legal desk and auditors see lists of every unit. */
bool call_keeps_the_law(const struct call *call);

/* A row as JSON: false (and the error in the call) when absent or broken; `rule` for absence. */
bool call_row(struct call *call, enum store_table table, const struct row_key *key,
              const char *rule, struct json *out);
/* Keyset pages: where ?after= says that this one begins, and what the next one's is. */
struct bytes call_after(struct call *call, uint8_t memory[static STORE_KEY_MAX]);
void call_next(struct call *call, const struct store_rows *rows, size_t limit,
               struct json *answer);
/* All rows of a table under a prefix, API_LIST_MAX a page, each through `pick`. */
typedef void call_pick(struct call *call, struct bytes key, struct json *row, struct json *list);
void call_list(struct call *call, enum store_table table, struct bytes prefix, call_pick *pick);

/* What this caller may see; the purpose is taken before. */
struct sight call_sight(const struct call *call);
/* A record with its rows, as this caller may see it for its purpose. ERR_NOT_FOUND
 * clerk.no-such-record: there is none, or not for this caller (I8). */
struct record_seen {
    struct record_key key;
    struct json row;     /* of TABLE_RECORD */
    struct json effects; /* of TABLE_EFFECT; empty: none yet */
};
MUST_USE struct err record_seen(struct call *call, struct text id, struct record_seen *out);
MUST_USE struct err record_seen_at(struct call *call, const struct record_key *key,
                                   struct record_seen *out);
/* Its clause may have us report each use to the owner: the access entry says so in "reports". */
void record_report(struct call *call, const struct json *row, struct json *entry);
/* It is among what the entry of a search or of several says was seen, "hits"; and record_report. */
void record_looked(struct call *call, const struct json *row, struct json *entry);
/* Its "card" into `out`, and record_looked. NULL, or not shown here: "gone", and false. */
bool record_show(struct call *call, const struct record_seen *seen_opt, struct json *out,
                 struct json *entry);
/* What an officer sees of it: owner, basis, effect, warnings first. */
struct json record_card(struct call *call, const struct json *row, const struct json *effects);

/* The alerts of a row that wait, and behind what as far as the caller may see it. */
struct json call_waiting(struct call *call, const struct json *row);

/* A whole number of the query, at most `max`; `otherwise` when absent or not one. */
int64_t call_number(struct call *call, const char *name, int64_t otherwise, int64_t max);

/* The "watch" of a search into its access entry, with the last document that the search saw, of an
 * index up to `indexed`. ERR_INVALID watch.not-object, watch.partial, watch.too-common. */
MUST_USE struct err watch_wanted(struct call *call, const struct index_answer *found,
                                 uint64_t indexed, struct json *entry);

api_handler route_watches, route_watch_get, route_watch_renew, route_watch_judge, route_watch_end;
api_handler route_cases, route_case_open, route_case_get, route_case_note, route_case_link;
api_handler route_case_unlink, route_case_assign, route_case_review, route_case_close;
api_handler route_case_reopen;
api_handler route_record_inaccuracy, route_subjects, route_subject_open, route_subject_get;
api_handler route_subject_forward, route_subject_answer, route_subject_close;
api_handler route_record_hold, route_record_hold_end, route_record_restrict, route_duties;
api_handler route_audit_odd, route_audit_export, route_breach, route_audit_sample;
api_handler route_audit_finding, route_audit_samples, route_audit_sample_get;
api_handler route_protected_put, route_protected_get;
api_handler route_searches, route_search, route_compare;
api_handler route_record_get, route_record_put, route_record_withdraw;
api_handler route_file_put, route_file_get;
api_handler route_record_erase, route_record_note, route_record_effect, route_record_explain;
api_handler route_record_preview;
api_handler route_sources, route_source_entries, route_source_put, route_source_run;
api_handler route_agreements, route_agreement_put, route_agreement_get, route_agreement_sign;
api_handler route_agreement_withdraw, route_agreement_act;
api_handler route_agreement_set, route_agreement_check;
api_handler route_national_get, route_national_put, route_partners, route_partner_get;
api_handler route_partner_halt, route_partner_resume, route_partner_card, route_deliveries;
api_handler route_hits, route_hit_get, route_hit_open, route_hit_answer, route_hit_outcome;
api_handler route_assurances, route_assurance_give, route_assurance_revoke;
api_handler route_releases, route_release_give, route_questions, route_ask, route_audit;
api_handler route_users, route_user_put, route_user_certificate, route_units, route_unit_put;
api_handler route_catalogue, route_catalogue_category, route_waiting;
api_handler route_status, route_ledger, route_ledger_proof, route_ledger_verify, route_backup;

#endif
