/* Invariants K1 to K4: see keeper.h. */
#include "seal/keeper.h"

#include <assert.h>

#include "seal/instrument.h"
#include "seal/label.h"

struct step {
    struct keeper_state *keeper;
    const struct keeper_question *question;
    const struct keeper_tick *tick;
    struct arena *arena;
    struct keeper_answer *answer;
    bool changed;
};

static struct text own_realm(const struct keeper_state *k)
{
    return (struct text){ k->realm, k->realm_len };
}

static struct text own_member(const struct keeper_state *k)
{
    return (struct text){ k->member, k->member_len };
}

static struct bytes blob_bytes(const struct keeper_blob *blob)
{
    return bytes_of(blob->data, blob->len);
}

static struct err answer_status(struct step *s)
{
    const struct keeper_state *k = s->keeper;
    uint32_t living = 0;
    for (uint32_t i = 0; i < k->month_key_count; i++)
        living += k->month_keys[i].destroyed ? 0 : 1;
    s->answer->status = (struct keeper_status){
        .realm = own_realm(k),
        .member = own_member(k),
        .generation = k->generation,
        .root = k->root,
        .node = k->node,
        .has_root = k->has_root,
        .logs = k->log_count,
        .month_keys = living,
        .root_card = blob_bytes(&k->root_card),
        .node_card = blob_bytes(&k->node_card),
        .root_x509 = blob_bytes(&k->root_x509),
        .node_x509 = blob_bytes(&k->node_x509),
        .node_until = k->node_until,
    };
    return err_none();
}

/* K2: an origin of this member and generation. */
static struct err own_origin(const struct keeper_state *k, struct text in, struct origin *out)
{
    uint8_t member[ORIGIN_MEMBER_LEN];
    struct err e = origin_parse(in, out);
    if (failed(e))
        return e;
    origin_member(k->root.bytes, member);
    if (memcmp(member, out->member, sizeof(member)) != 0 || out->generation != k->generation)
        return err_make(ERR_DENIED, "keeper.other-log");
    return err_none();
}

static struct keeper_log *find_log(struct keeper_state *k, struct text name)
{
    for (uint32_t i = 0; i < k->log_count; i++) {
        struct keeper_log *log = &k->logs[i];
        if (text_equal((struct text){ log->name, log->name_len }, name))
            return log;
    }
    return NULL;
}

static struct tree_head head_of(const struct keeper_log *log_opt)
{
    if (log_opt != NULL)
        return log_opt->head;
    return (struct tree_head){ 0, tree_empty_root() };
}

static struct err answer_log_head(struct step *s)
{
    struct origin origin;
    struct err e = own_origin(s->keeper, s->question->origin, &origin);
    if (failed(e))
        return e;
    s->answer->head = head_of(find_log(s->keeper, origin.name));
    return err_none();
}

static struct err check_node_alive(const struct keeper_state *k, struct instant now)
{
    if (!instant_before(now, k->node_until))
        return err_make(ERR_DENIED, "keeper.node-expired");
    return err_none();
}

static struct err sign_note(const struct keeper_state *k, const struct checkpoint *checkpoint,
                            struct arena *arena, struct text *out)
{
    struct note_key key;
    struct err e = note_key_make(checkpoint->origin, k->node.bytes, &key);
    if (failed(e))
        return e;
    struct text text = checkpoint_format(arena, checkpoint);
    if (text.data == NULL)
        return arena_check(arena);
    struct signature signature = sign_make(&k->node_secret, text_bytes(text));
    return note_assemble(text, &key, signature.bytes, arena, out);
}

static void remember_head(struct keeper_state *k, struct keeper_log *log_opt, struct text name,
                          const struct tree_head *head)
{
    struct keeper_log *log = log_opt;
    if (log == NULL) {
        assert(k->log_count < KEEPER_LOGS_MAX && name.len <= ORIGIN_NAME_MAX);
        log = &k->logs[k->log_count++];
        log->name_len = (uint8_t)name.len;
        memcpy(log->name, name.data, name.len);
    }
    assert(log_opt == NULL || head->size >= log->head.size); /* K1 */
    log->head = *head;
}

static struct err answer_checkpoint(struct step *s)
{
    struct keeper_state *k = s->keeper;
    const struct checkpoint *next = &s->question->checkpoint.next;
    struct origin origin;
    struct err e = own_origin(k, next->origin, &origin);
    if (!failed(e))
        e = check_node_alive(k, s->tick->now);
    if (failed(e))
        return e;
    struct keeper_log *log = find_log(k, origin.name);
    struct tree_head held = head_of(log);
    if (failed(proof_check_extends(&s->question->checkpoint.proof, &held, &next->head)))
        return err_make(ERR_CONFLICT, "keeper.not-extending"); /* K1 */
    if (log == NULL && k->log_count == KEEPER_LOGS_MAX)
        return err_make(ERR_LIMIT, "keeper.full");
    e = sign_note(k, next, s->arena, &s->answer->note);
    if (failed(e))
        return e;
    s->changed = log == NULL || held.size != next->head.size;
    remember_head(k, log, origin.name, &next->head);
    return err_none();
}

static struct err answer_instrument(struct step *s)
{
    const struct keeper_state *k = s->keeper;
    if (!k->has_root)
        return err_make(ERR_DENIED, "keeper.no-root");
    struct instrument_signature signature = {
        .tree = s->question->instrument.tree,
        .realm = own_realm(k),
        .member = own_member(k),
        .role = s->question->instrument.role,
        .on = s->question->instrument.on,
        .root = k->root,
    };
    struct json more = json_object();
    if (s->question->instrument.more.len > 0 &&
        failed(json_parse(s->question->instrument.more, s->arena, &more)))
        return err_make(ERR_INVALID, "seal.instrument");
    struct err e = instrument_more_read(&more, &signature);
    if (failed(e))
        return e;
    return instrument_signature_format(&signature, &k->root_secret, s->arena, &s->answer->data);
}

static struct err answer_statement(struct step *s)
{
    struct json content;
    struct err e = check_node_alive(s->keeper, s->tick->now);
    if (failed(e))
        return e;
    if (failed(json_parse(s->question->statement.content, s->arena, &content)) ||
        content.kind != JSON_OBJECT)
        return err_make(ERR_INVALID, "seal.statement");
    /* The prefix keeps a receipt from ever being a card. */
    struct text kind = arena_join(s->arena, TEXT("statement/"), s->question->statement.purpose);
    if (kind.data == NULL)
        return arena_check(s->arena);
    return statement_sign(kind, &content, &s->keeper->node_secret, s->arena, &s->answer->data);
}

static struct err answer_tls(struct step *s)
{
    const struct keeper_state *k = s->keeper;
    struct err e = check_node_alive(k, s->tick->now);
    if (failed(e))
        return e;
    struct card card = {
        .kind = CARD_TLS,
        .realm = own_realm(k),
        .member = own_member(k),
        .key = s->question->tls.key,
        .root = k->root,
        .node = k->node,
        .generation = k->generation,
        .from = s->tick->now,
        .until = instant_plus(s->tick->now, CARD_TLS_LIFE),
    };
    if (instant_before(k->node_until, card.until))
        card.until = k->node_until;
    struct text host = s->question->tls.host_opt;
    e = keeper_x509_leaf(k, &card, host, s->arena, &s->answer->tls.x509);
    if (!failed(e))
        e = card_make(&card, &k->node_secret, s->arena, &s->answer->tls.card);
    return e;
}

static bool month_valid(uint32_t month)
{
    return month >= 190001 && month <= 999912 && month % 100 >= 1 && month % 100 <= 12;
}

/* The key of this version, or the newest when version is 0. */
static struct keeper_month_key *find_month_key(struct keeper_state *k,
                                               const struct keeper_question *q)
{
    struct keeper_month_key *found = NULL;
    for (uint32_t i = 0; i < k->month_key_count; i++) {
        struct keeper_month_key *key = &k->month_keys[i];
        bool same =
            key->month == q->month.month &&
            text_equal((struct text){ key->class_name, key->class_len }, q->month.retention);
        bool wanted = q->month.version == 0 ? found == NULL || key->version > found->version
                                            : key->version == q->month.version;
        if (same && wanted)
            found = key;
    }
    return found;
}

static struct err answer_new_month_key(struct step *s)
{
    struct keeper_state *k = s->keeper;
    struct keeper_question newest = *s->question;
    if (!month_valid(newest.month.month))
        return err_make(ERR_INVALID, "keeper.month");
    if (k->month_key_count == KEEPER_MONTH_KEYS_MAX)
        return err_make(ERR_LIMIT, "keeper.full");
    newest.month.version = 0;
    const struct keeper_month_key *last = find_month_key(k, &newest);
    struct keeper_month_key *key = &k->month_keys[k->month_key_count];
    *key = (struct keeper_month_key){
        .month = newest.month.month,
        .version = last == NULL ? 1 : last->version + 1, /* K4 */
        .class_len = (uint8_t)newest.month.retention.len,
        .key = secret_derive(&s->tick->seed, "month key", text_bytes(newest.month.retention)),
    };
    memcpy(key->class_name, newest.month.retention.data, key->class_len);
    k->month_key_count++;
    s->changed = true;
    s->answer->month.version = key->version;
    s->answer->month.key = key->key;
    return err_none();
}

static struct err answer_open_month_key(struct step *s)
{
    const struct keeper_month_key *key = find_month_key(s->keeper, s->question);
    if (key == NULL)
        return err_make(ERR_NOT_FOUND, "keeper.no-key");
    if (key->destroyed)
        return err_make(ERR_NOT_FOUND, "keeper.key-destroyed");
    s->answer->month.version = key->version;
    s->answer->month.key = key->key;
    return err_none();
}

static struct err answer_destroy_month_key(struct step *s)
{
    struct keeper_month_key *key = find_month_key(s->keeper, s->question);
    if (key == NULL || s->question->month.version == 0) /* never by "the newest" */
        return err_make(ERR_NOT_FOUND, "keeper.no-key");
    s->changed = !key->destroyed;
    key->destroyed = true;
    secret_wipe(&key->key, sizeof(key->key));
    s->answer->month.version = key->version;
    return err_none();
}

static struct err answer_wrap(struct step *s)
{
    struct bytes label = text_bytes(s->question->wrap.label);
    struct secret_key key = secret_derive(&s->keeper->master, "wrap", label);
    struct err e;
    if (s->question->kind == KEEPER_UNWRAP)
        e = box_open(&key, label, s->question->wrap.data, s->arena, &s->answer->data);
    else if (s->question->wrap.data.len > KEEPER_DATA_MAX - BOX_OVERHEAD)
        e = err_make(ERR_LIMIT, "keeper.too-long"); /* it could not be unwrapped */
    else
        e = box_seal(&key, label, s->question->wrap.data, s->arena, &s->answer->data);
    secret_wipe(&key, sizeof(key));
    return e;
}

static struct err answer_renew(struct step *s)
{
    struct keeper_state *k = s->keeper;
    if (!k->has_root)
        return err_make(ERR_DENIED, "keeper.no-root");
    struct secret_key seed = secret_derive(&s->tick->seed, "node key", bytes_of(NULL, 0));
    struct err e = keeper_certify_node(k, &k->root_secret, &seed, s->tick->now, s->arena);
    secret_wipe(&seed, sizeof(seed));
    if (failed(e))
        return e;
    s->changed = true;
    s->answer->data = blob_bytes(&k->node_card);
    return err_none();
}

static struct err (*const steps[KEEPER_KINDS])(struct step *) = {
    [KEEPER_STATUS] = answer_status,
    [KEEPER_LOG_HEAD] = answer_log_head,
    [KEEPER_SIGN_CHECKPOINT] = answer_checkpoint,
    [KEEPER_SIGN_INSTRUMENT] = answer_instrument,
    [KEEPER_SIGN_STATEMENT] = answer_statement,
    [KEEPER_CERTIFY_TLS] = answer_tls,
    [KEEPER_NEW_MONTH_KEY] = answer_new_month_key,
    [KEEPER_OPEN_MONTH_KEY] = answer_open_month_key,
    [KEEPER_DESTROY_MONTH_KEY] = answer_destroy_month_key,
    [KEEPER_WRAP] = answer_wrap,
    [KEEPER_UNWRAP] = answer_wrap,
    [KEEPER_RENEW_NODE] = answer_renew,
};

struct bytes keeper_step(struct keeper_state *keeper, struct bytes question,
                         const struct keeper_tick *tick, struct arena *arena, bool *changed_out)
{
    struct keeper_question q;
    struct keeper_answer answer = { 0 };
    struct step s = { keeper, &q, tick, arena, &answer, false };
    struct bytes out = { NULL, 0 };
    answer.err = keeper_question_parse(question, &q); /* K3 */
    if (!failed(answer.err)) {
        assert(steps[q.kind] != NULL);
        answer.kind = q.kind;
        answer.err = steps[q.kind](&s);
        assert(!failed(answer.err) || !s.changed); /* K3 */
    }
    struct err e = keeper_answer_format(&answer, arena, &out);
    if (failed(e)) {
        struct keeper_answer full = { .kind = answer.kind, .err = e };
        if (failed(keeper_answer_format(&full, arena, &out)))
            out = bytes_of(NULL, 0);
    }
    secret_wipe(&answer, sizeof(answer));
    *changed_out = s.changed;
    return out;
}
