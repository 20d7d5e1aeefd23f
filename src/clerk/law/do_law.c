/* Verbs of the legal desk. */
#include "clerk/apply.h"
#include "clerk/law/capacity.h"
#include "clerk/exchange/disclose.h"
#include "clerk/law/law.h"
#include "clerk/law/rules.h"
#include "clerk/state.h"
#include "clerk/law/trust.h"
#include "core/encode.h"

struct err do_instrument_put(struct act *act, const struct command *command,
                             struct json *body_out)
{
    struct text text = json_get_text(command->body, "text");
    const struct json *tree = json_get(command->body, "tree");
    struct rules_text read;
    struct text language = { NULL, 0 };
    struct text hash;
    if (text.len > 0) {
        struct err e = rules_read(text, act->arena, &read);
        if (failed(e)) {
            act->subject = TEXT("/text");
            return e; /* with its place in the text */
        }
        tree = &read.tree;
        language = text_literal(read.language);
    }
    if (tree == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/text"));
    struct err e = law_put(act, tree, text, language, &hash);
    if (failed(e))
        return e;
    *body_out = json_object();
    json_set_text(act->arena, body_out, "hash", hash);
    const struct json *signatures = json_get(command->body, "signatures");
    for (size_t i = 0; !failed(e) && i < json_count(signatures); i++) {
        bool added = false;
        e = law_event(act, hash, json_item_text(signatures, i), &added);
    }
    return e;
}

/* A party's signed act, brought in by its legal desk: it does not wait for its day. */
static struct err bring_act(struct act *act, const struct command *command, struct json *body_out)
{
    bool added = false;
    struct text hash = json_get_text(command->body, "hash");
    struct err e = law_event(act, hash, json_get_text(command->body, "signature"), &added);
    if (failed(e) && strcmp(e.rule, "treaty.act-in-future") == 0)
        e.code = ERR_INVALID;
    *body_out = json_object();
    json_set_text(act->arena, body_out, "hash", hash);
    json_set(act->arena, body_out, "result", json_literal(added ? "added" : "unchanged"));
    return e;
}

struct err do_instrument_sign(struct act *act, const struct command *command,
                              struct json *body_out)
{
    return bring_act(act, command, body_out);
}

struct err do_instrument_withdraw(struct act *act, const struct command *command,
                                  struct json *body_out)
{
    return bring_act(act, command, body_out);
}

struct err do_instrument_act(struct act *act, const struct command *command, struct json *body_out)
{
    return bring_act(act, command, body_out);
}

struct err do_national_set(struct act *act, const struct command *command, struct json *body_out)
{
    struct text text = json_get_text(command->body, "text");
    struct err e = rules_check_national(text, act->arena);
    if (failed(e)) {
        act->subject = TEXT("/text");
        return e;
    }
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "text", text);
    *body_out = json_object();
    json_set(act->arena, body_out, "result", json_literal("set"));
    return fact_add(act, FACT_NATIONAL_SET, body, &number);
}

static struct err halt_or_resume(struct act *act, const struct command *command,
                                 enum fact_kind kind, struct json *body_out)
{
    struct partner partner;
    struct text code = json_get_text(command->body, "partner");
    struct err e = partner_get(act, code, &partner);
    if (failed(e))
        return e;
    bool halted = rules_halted(act->clerk->rules, code);
    struct json body = json_object();
    uint64_t number = 0;
    *body_out = json_object();
    json_set_text(act->arena, body_out, "partner", code);
    json_set(act->arena, body_out, "halted", json_bool(kind == FACT_PARTNER_HALT));
    if (halted == (kind == FACT_PARTNER_HALT))
        return err_none();
    json_set_text(act->arena, &body, "partner", code);
    json_set_text(act->arena, &body, "reason", json_get_text(command->body, "reason"));
    return fact_add(act, kind, body, &number);
}

struct err do_partner_halt(struct act *act, const struct command *command, struct json *body_out)
{
    return halt_or_resume(act, command, FACT_PARTNER_HALT, body_out);
}

struct err do_partner_resume(struct act *act, const struct command *command,
                             struct json *body_out)
{
    return halt_or_resume(act, command, FACT_PARTNER_RESUME, body_out);
}

/* {"partner","cards":[root card, node card],"address"?}: the chain must lead to the pinned root. */
struct err do_card_put(struct act *act, const struct command *command, struct json *body_out)
{
    struct partner partner;
    struct trust_node node;
    struct text code = json_get_text(command->body, "partner");
    const struct json *cards = json_get(command->body, "cards");
    struct err e = partner_get(act, code, &partner);
    if (failed(e))
        return e;
    struct trust_expect expect = { .realm = act->clerk->config.realm, .now = act->now };
    memcpy(expect.root, partner.root, sizeof(expect.root));
    e = trust_cards(cards, &expect, act->arena, &node);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, code);
    struct text key = hex_format(act->arena, BYTES_OF(node.key));
    struct text address = json_get_text(command->body, "address");
    bool same = text_equal(key, json_get_text(&partner.row, "node")) &&
                (address.len == 0 ||
                 text_equal(address, json_get_text(&partner.row, "address")));
    struct json body = json_object();
    uint64_t number = 0;
    *body_out = json_object();
    json_set_text(act->arena, body_out, "node", key);
    if (same)
        return err_none();
    json_set_text(act->arena, &body, "partner", code);
    json_set_text(act->arena, &body, "node", key);
    json_set_integer(act->arena, &body, "generation", node.generation);
    json_set(act->arena, &body, "cards", *cards);
    if (address.len > 0)
        json_set_text(act->arena, &body, "address", address);
    return fact_add(act, FACT_KEY_CARD, body, &number);
}

/* Before anything is sent: would this partner get it, on which clause, what would be withheld? */
struct err do_explain(struct act *act, const struct command *command, struct json *body_out)
{
    struct record_key key;
    struct disclosure_case of;
    struct partner partner;
    struct text id = json_get_text(command->body, "record");
    struct text code = json_get_text(command->body, "partner");
    struct err e = partner_get(act, code, &partner);
    if (failed(e))
        return e;
    e = record_key_of(act, id, &key);
    if (!failed(e))
        e = disclosure_case(act->clerk, store_view(act->store), code, &key, act->arena, &of);
    if (failed(e) || of.record_opt == NULL)
        return failed(e) && e.code != ERR_NOT_FOUND
                   ? e
                   : act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    struct json spent = json_array();
    e = capacity_read(act, code, &spent);
    if (failed(e))
        return e;
    struct rules_question question = { .from = act->clerk->config.member, .to = code,
                                       .purpose = json_get_text(command->body, "purpose"),
                                       .record = of.record_opt, .notes_opt = &of.notes,
                                       .releases_opt = &of.releases,
                                       .assurances_opt = &of.assurances, .spent_opt = &spent,
                                       .as_of = act->now };
    e = rules_explain(act->clerk->rules, &question, act->arena, body_out);
    if (failed(e))
        return e;
    json_set_text(act->arena, body_out, "record", id);
    json_set_text(act->arena, body_out, "to", code);
    json_set(act->arena, body_out, "halted",
             json_bool(rules_halted(act->clerk->rules, code)));
    return err_none();
}
