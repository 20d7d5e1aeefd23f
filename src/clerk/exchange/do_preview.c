/* Before anything leaves: which partners would get a record, under which clause, without what. The
 * record may be one of ours or a draft that was not put yet. Changes nothing. */
#include "clerk/apply.h"
#include "clerk/law/capacity.h"
#include "clerk/exchange/disclose.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"

/* What was said and given for a record that stands here, partner by partner. */
static struct err given_of(struct act *act, const struct record_key *key_opt, struct text partner,
                           struct rules_given *out)
{
    struct disclosure_case of = { .record_opt = NULL };
    struct json *lists = ARENA_ARRAY(act->arena, struct json, 3);
    struct store_view *view = store_view(act->store);
    if (lists == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < 3; i++)
        lists[i] = json_array();
    struct err e = capacity_read(act, partner, &lists[2]);
    if (!failed(e) && key_opt != NULL) {
        e = disclosure_case(act->clerk, view, partner, key_opt, act->arena, &of);
        lists[0] = of.releases;
        lists[1] = of.assurances;
    }
    *out = (struct rules_given){ partner, &lists[0], &lists[1], &lists[2] };
    return e;
}

/* {"record": id} or {"draft": record}. */
struct err do_preview(struct act *act, const struct command *command, struct json *body_out)
{
    const struct rules *rules = act->clerk->rules;
    const struct json *draft = json_get(command->body, "draft");
    struct text id = json_get_text(command->body, "record");
    struct rules_given given[CLERK_PARTNERS_MAX];
    struct disclosure_case of = { .record_opt = draft };
    struct record_key key;
    size_t count = 0;
    of.notes = json_array();
    if (draft == NULL) {
        struct err e = record_key_of(act, id, &key);
        if (!failed(e))
            e = disclosure_case(act->clerk, store_view(act->store), TEXT(""), &key, act->arena,
                                &of);
        if (failed(e) || of.record_opt == NULL)
            return failed(e) && e.code != ERR_NOT_FOUND
                       ? e
                       : act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    }
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes code = rows.rows[i].key;
        struct text partner = { (const char *)code.data, code.len };
        e = given_of(act, draft == NULL ? &key : NULL, partner, &given[count++]);
    }
    if (failed(e))
        return e;
    struct rules_question question = { .from = act->clerk->config.member,
                                       .record = of.record_opt,
                                       .notes_opt = &of.notes,
                                       .as_of = act->now };
    return rules_preview(rules, &question, given, count, act->arena, body_out);
}
