/* From facts to rows: one function per kind of fact, in files by topic. */
#ifndef COMITY_CLERK_APPLY_H
#define COMITY_CLERK_APPLY_H

#include "clerk/act.h"
#include "clerk/record/doc.h"

/* One fact to be applied: its entry, its body, who and when. */
struct applied {
    const struct journal_entry *entry;
    const struct fact *fact;
    const struct json *body;
};

typedef struct err apply_fn(struct act *act, const struct applied *in);

/* record/apply_record.c */
apply_fn apply_record_prune;
apply_fn apply_record_put, apply_record_withdraw, apply_source_put, apply_source_withdraw;
apply_fn apply_received, apply_parked, apply_erasure, apply_note_put, apply_note_remove;
apply_fn apply_effect_set, apply_judged;
apply_fn apply_blob_put; /* record/file.c */
/* record/apart.c */
apply_fn apply_record_hold, apply_record_hold_end, apply_record_restrict, apply_copy_erased;
apply_fn apply_log_erasure; /* rights/retain.c */
/* rights/apply_subject.c */
/* {"record","version","owner"}: what a request is about, as it stands when it comes. */
struct json subject_record(struct act *act, struct text id);
apply_fn apply_subject_open, apply_subject_forward, apply_subject_answer, apply_subject_close;
apply_fn apply_subject_erase, apply_inaccuracy, apply_inaccuracy_known;
apply_fn apply_audit_sample, apply_review, apply_protected_set; /* rights/do_audit.c */
/* watch/apply_watch.c */
apply_fn apply_watch_put, apply_watch_renew, apply_watch_match, apply_watch_judge, apply_watch_end;
/* casework/apply_casefile.c */
apply_fn apply_case_open, apply_case_note, apply_case_link, apply_case_assign, apply_case_review;
apply_fn apply_case_lapse, apply_case_close, apply_case_reopen, apply_case_erase;
/* law/apply_law.c */
apply_fn apply_instrument_put, apply_instrument_sign, apply_instrument_enter;
apply_fn apply_instrument_withdraw, apply_national_set, apply_partner_halt, apply_partner_resume;
apply_fn apply_instrument_act;
apply_fn apply_key_card;
/* law/apply_release.c */
apply_fn apply_release_ask, apply_release_give, apply_assurance_give, apply_assurance_revoke;
apply_fn apply_use_report, apply_look; /* rights/apply_look.c */
apply_fn apply_user_put, apply_unit_put, apply_import_run; /* apply_admin.c */
/* casework/apply_hit.c */
apply_fn apply_hit_open, apply_hit_answer, apply_hit_outcome, apply_hit_escalate, apply_hit_close;
apply_fn apply_ask_open, apply_ask_answer;

/* The key of a record id as it is written: our own root, a public source's, or the root that an
 * agreement binds to the owner's label. ERR_NOT_FOUND clerk.no-such-owner; model.bad-id. */
MUST_USE struct err record_key_of(struct act *act, struct text id, struct record_key *out);
MUST_USE struct err record_key_view(const struct clerk *clerk, struct store_view *view,
                                    struct text id, struct arena *arena, struct record_key *out);

/* A partner has done what an own alert asked: fact of the outcome. The owner has the period that
 * the edition gives, if any; its silence withdraws the alert (record/standing_achieved.c). */
MUST_USE struct err achieved_begin(struct act *act, const struct applied *in,
                                   struct text record);

/* Has every courier look at one own record again. */
MUST_USE struct err record_touch(struct act *act, const struct record_key *key, uint64_t number);

/* A row that waits for its courier: kind message or instrument; coalesced by `id`. */
MUST_USE struct err outbox_put(struct act *act, struct text partner, struct text id,
                               const struct json *item);
/* An identifier that nobody can foretell and every replay finds again: 32 hex characters. */
struct text entry_id(struct act *act, const struct journal_entry *entry, const char *what);
/* The entry stands in the log of the record: who changed, saw, got, restricted or erased it. */
MUST_USE struct err record_log(struct act *act, const struct record_key *key, uint64_t number);
/* The openings that hold the content of a record, for its erasure (I6). */
MUST_USE struct err holds_put(struct act *act, const struct record_key *key, uint64_t number);

MUST_USE struct err deadline_put(struct act *act, struct instant at, const char *kind,
                                 struct text id);
MUST_USE struct err deadline_drop(struct act *act, struct instant at, const char *kind,
                                  struct text id);

/* The row names, in "facts", those whose openings go with it; and then they go (I6). */
void row_add_fact(struct act *act, const struct applied *in, struct json *row);
MUST_USE struct err row_forget_facts(struct act *act, const struct json *row);

/* Sends every courier over all our records again: the rules have changed. */
MUST_USE struct err sweep_all(struct act *act);
MUST_USE struct err sweep_partner(struct act *act, struct text partner);

#endif
