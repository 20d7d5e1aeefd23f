/* The clerk's own memory: small, and computed anew from the rows at each start. */
#ifndef COMITY_CLERK_STATE_H
#define COMITY_CLERK_STATE_H

#include <stdatomic.h>

#include <stdatomic.h>

#include "clerk/act.h"
#include "clerk/law/rules.h"
#include "seal/secret.h"

enum {
    CLERK_MONTHS_MAX = 1200, /* 20 years of five classes */
    CLERK_PARTNERS_MAX = 256,
    CLERK_RULES_SIZE = 32 << 20, /* agreements, read and compiled; two of them while they change */
    CLERK_SCRATCH_SIZE = 4 << 20, /* apply_fact() and rule loading */
};

/* Rows of TABLE_META. */
#define CLERK_SWEPT_ROW "swept"   /* {"at"}: of the rules by which everything was looked at */
#define CLERK_FORGET_ROW "forget" /* {"after"}: how far copies were checked; absent: all are */

/* Written by the clerk's thread, read by couriers: `of` stands before key_count counts it, `secret`
 * before `given` says so. */
struct clerk_key {
    struct clerk_month of;
    atomic_bool given;
    struct secret_key secret;
};

struct clerk {
    struct clerk_config config;
    struct member_code member;
    struct hash realm;
    struct store *store;
    struct shelf *shelf;
    struct clerk_key *keys;
    atomic_size_t key_count;
    struct arena rules_memory[2]; /* the compiled rules live in one, the next in the other */
    int rules_side;
    struct rules *rules;
    uint64_t rules_loads;  /* how often they were compiled */
    uint64_t rules_looked; /* of which it was looked whether an agreement enters into force */
    bool shelf_stale;   /* a commit did not reach it: it is made again before the next */
    bool rules_stale;   /* they did not load: nothing runs */
    bool sweep_due;     /* they changed by the clock: the next tick looks at everything again */
    struct row_key key_seen; /* how far the tick has looked for old idempotency keys */
    void *memory; /* what the arenas stand on */
};

/* Compiles agreements in force, national rules and halts from the rows. */
MUST_USE struct err rules_load(struct clerk *clerk, struct instant now);

/* Makes the index again from the rows. */
MUST_USE struct err shelf_again(struct clerk *clerk);

/* The key of a month and class, or NULL. */
const struct secret_key *clerk_key_find(const struct clerk *clerk, struct clerk_month month);

/* A handler: reads rows, adds facts, gives the reply's body. */
typedef struct err verb_handler(struct act *act, const struct command *command,
                                struct json *body_out);

verb_handler do_blob_put; /* record/file.c */
verb_handler do_record_put, do_record_withdraw, do_record_erase, do_note_put, do_effect_set;
verb_handler do_record_hold, do_record_hold_end, do_record_restrict; /* record/do_apart.c */
verb_handler do_inaccuracy;
verb_handler do_audit_sample, do_audit_finding, do_protected_set;
verb_handler do_subject_open, do_subject_forward, do_subject_answer, do_subject_close;
verb_handler do_watch_renew, do_watch_judge, do_watch_end, do_watch_screened; /* watch/do_watch.c */
verb_handler do_case_open, do_case_note, do_case_link, do_case_assign; /* casework/do_casefile.c */
verb_handler do_case_review, do_case_close, do_case_reopen;
verb_handler do_look, do_import_record, do_import_withdraw, do_import_run;
verb_handler do_user_put, do_unit_put;
verb_handler do_instrument_put, do_instrument_sign, do_instrument_withdraw, do_instrument_act;
verb_handler do_national_set;
verb_handler do_card_put, do_partner_halt, do_partner_resume;
verb_handler do_preview;
verb_handler do_release_give, do_assurance_give, do_assurance_revoke; /* law/do_release.c */
verb_handler do_hit_open, do_hit_answer, do_hit_outcome, do_ask, do_explain;
verb_handler do_feed_number, do_feed_receive, do_feed_receipt, do_tick;

#endif
