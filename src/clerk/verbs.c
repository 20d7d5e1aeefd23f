#include "clerk/verbs.h"

#define OFFICERS (ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR))
#define DESK (OFFICERS | ROLE_BIT(ROLE_MACHINE))
#define DECIDERS (ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEGAL))
#define LEGAL ROLE_BIT(ROLE_LEGAL)
#define ADMIN ROLE_BIT(ROLE_ADMINISTRATOR)

static const struct verb_row rows[VERBS] = {
    [VERB_RECORD_PUT] = { "record.put", DESK, do_record_put },
    [VERB_RECORD_WITHDRAW] = { "record.withdraw", DESK, do_record_withdraw },
    [VERB_RECORD_ERASE] = { "record.erase", DECIDERS, do_record_erase },
    [VERB_RECORD_HOLD] = { "record.hold", LEGAL, do_record_hold },
    [VERB_RECORD_HOLD_END] = { "record.hold-end", LEGAL, do_record_hold_end },
    [VERB_RECORD_RESTRICT] = { "record.restrict", DECIDERS, do_record_restrict },
    [VERB_INACCURACY] = { "inaccuracy", OFFICERS | LEGAL, do_inaccuracy },
    [VERB_SUBJECT_OPEN] = { "subject.open", LEGAL, do_subject_open },
    [VERB_SUBJECT_FORWARD] = { "subject.forward", LEGAL, do_subject_forward },
    [VERB_SUBJECT_ANSWER] = { "subject.answer", LEGAL, do_subject_answer },
    [VERB_SUBJECT_CLOSE] = { "subject.close", LEGAL, do_subject_close },
    [VERB_AUDIT_SAMPLE] = { "audit.sample", ROLE_BIT(ROLE_AUDITOR), do_audit_sample },
    [VERB_AUDIT_FINDING] = { "audit.finding", ROLE_BIT(ROLE_AUDITOR), do_audit_finding },
    [VERB_PROTECTED_SET] = { "protected.set", LEGAL | ROLE_BIT(ROLE_AUDITOR), do_protected_set },
    [VERB_BLOB_PUT] = { "blob.put", DESK, do_blob_put },
    [VERB_NOTE_PUT] = { "note.put", OFFICERS | LEGAL, do_note_put },
    [VERB_EFFECT_SET] = { "effect.set", OFFICERS | LEGAL, do_effect_set },
    [VERB_LOOK] = { "look", DESK | LEGAL | ROLE_BIT(ROLE_AUDITOR), do_look },
    [VERB_WATCH_RENEW] = { "watch.renew", DESK, do_watch_renew },
    [VERB_WATCH_JUDGE] = { "watch.judge", DESK, do_watch_judge },
    [VERB_WATCH_END] = { "watch.end", DESK, do_watch_end },
    [VERB_WATCH_SCREENED] = { "watch.screened", ROLE_BIT_NODE, do_watch_screened },
    [VERB_CASE_OPEN] = { "case.open", OFFICERS, do_case_open },
    [VERB_CASE_NOTE] = { "case.note", OFFICERS, do_case_note },
    [VERB_CASE_LINK] = { "case.link", OFFICERS, do_case_link },
    [VERB_CASE_ASSIGN] = { "case.assign", OFFICERS | LEGAL, do_case_assign },
    [VERB_CASE_REVIEW] = { "case.review", OFFICERS, do_case_review },
    [VERB_CASE_CLOSE] = { "case.close", OFFICERS, do_case_close },
    [VERB_CASE_REOPEN] = { "case.reopen", OFFICERS, do_case_reopen },
    [VERB_IMPORT_RECORD] = { "import.record", DESK | ADMIN, do_import_record },
    [VERB_IMPORT_WITHDRAW] = { "import.withdraw", DESK | ADMIN, do_import_withdraw },
    [VERB_IMPORT_RUN] = { "import.run", DESK | ADMIN, do_import_run },
    [VERB_USER_PUT] = { "user.put", ADMIN | ROLE_BIT_NODE, do_user_put },
    [VERB_UNIT_PUT] = { "unit.put", ADMIN | ROLE_BIT_NODE, do_unit_put },
    [VERB_INSTRUMENT_PUT] = { "instrument.put", LEGAL, do_instrument_put },
    [VERB_INSTRUMENT_SIGN] = { "instrument.sign", LEGAL, do_instrument_sign },
    [VERB_INSTRUMENT_WITHDRAW] = { "instrument.withdraw", LEGAL, do_instrument_withdraw },
    [VERB_INSTRUMENT_ACT] = { "instrument.act", LEGAL, do_instrument_act },
    [VERB_NATIONAL_SET] = { "national.set", LEGAL, do_national_set },
    [VERB_CARD_PUT] = { "card.put", LEGAL | ADMIN | ROLE_BIT_NODE, do_card_put },
    [VERB_PARTNER_HALT] = { "partner.halt", DECIDERS | ADMIN, do_partner_halt },
    [VERB_PARTNER_RESUME] = { "partner.resume", LEGAL, do_partner_resume },
    [VERB_RELEASE_GIVE] = { "release.give", OFFICERS | LEGAL, do_release_give },
    [VERB_ASSURANCE_GIVE] = { "assurance.give", DECIDERS, do_assurance_give },
    [VERB_ASSURANCE_REVOKE] = { "assurance.revoke", DECIDERS, do_assurance_revoke },
    [VERB_HIT_OPEN] = { "hit.open", OFFICERS, do_hit_open },
    [VERB_HIT_ANSWER] = { "hit.answer", OFFICERS, do_hit_answer },
    [VERB_HIT_OUTCOME] = { "hit.outcome", OFFICERS, do_hit_outcome },
    [VERB_ASK] = { "ask", OFFICERS, do_ask },
    [VERB_EXPLAIN] = { "explain", OFFICERS | LEGAL | ROLE_BIT(ROLE_AUDITOR), do_explain },
    [VERB_PREVIEW] = { "preview", OFFICERS | LEGAL | ROLE_BIT(ROLE_AUDITOR), do_preview },
    [VERB_FEED_NUMBER] = { "feed.number", ROLE_BIT_NODE, do_feed_number },
    [VERB_FEED_RECEIVE] = { "feed.receive", ROLE_BIT_NODE, do_feed_receive },
    [VERB_FEED_RECEIPT] = { "feed.receipt", ROLE_BIT_NODE, do_feed_receipt },
    [VERB_TICK] = { "tick", ROLE_BIT_NODE, do_tick },
};

const struct verb_row *verb_find(enum verb verb)
{
    if (verb <= VERB_NONE || verb >= VERBS || rows[verb].handler == NULL)
        return NULL;
    return &rows[verb];
}

struct err verb_parse(struct text name, enum verb *out)
{
    for (int i = VERB_NONE + 1; i < VERBS; i++) {
        if (rows[i].name != NULL && text_is(name, rows[i].name)) {
            *out = (enum verb)i;
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "clerk.no-such-verb");
}

struct text verb_name(enum verb verb)
{
    const struct verb_row *row = verb_find(verb);
    return row == NULL ? (struct text){ NULL, 0 } : text_literal(row->name);
}
