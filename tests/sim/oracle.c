/* Looks into the stores and compares with the truth: reads rows, never the product's verdicts. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "clerk/exchange/logs.h"
#include "clerk/rows.h"
#include "oracle_parts.h"

bool oracle_member_of(const struct world *world, struct text name, unsigned *out)
{
    for (unsigned i = 0; i < world->config.nodes; i++) {
        if (text_is(name, member_name(i))) {
            *out = i;
            return true;
        }
    }
    return false;
}

struct store_rows oracle_records(struct world *world, const struct node *node)
{
    struct store_range range = { .table = TABLE_RECORD, .limit = STORE_READ_MAX };
    struct store_rows rows = { .count = 0 };
    struct err e = store_scan(store_view(node->store), &range, &world->arena, &rows);
    if (failed(e))
        world_fail(world, "store", "%s: %s", member_name(node->number), e.rule);
    return rows;
}

struct json oracle_row(struct world *world, struct bytes value)
{
    struct json row = json_null();
    struct err e = json_parse(value, &world->arena, &row);
    if (failed(e))
        world_fail(world, "store", "a row does not parse: %s", e.rule);
    return row;
}

/* The value of the one statement with that attribute; NULL when there is none. */
static const struct json *statement(const struct json *record, const char *attribute)
{
    const struct json *statements = json_get(record, "statements");
    for (size_t i = 0; i < json_count(statements); i++) {
        const struct json *item = json_item(statements, i);
        if (text_is(json_get_text(item, "attribute"), attribute))
            return json_get(item, "value");
    }
    return NULL;
}

/* The serial number in its name says of which version the content is. */
static uint64_t serial_of(const struct json *record)
{
    static const struct text mark = { "INVENTED Person ", 16 };
    struct text name = json_get_text(statement(record, "name"), "full");
    uint64_t serial = 0;
    if (!text_starts(name, mark))
        return 0;
    for (size_t i = mark.len; i < name.len; i++)
        serial = serial * 10 + (uint64_t)(name.data[i] - '0');
    return serial;
}

/* Every statement and the alert are of that version and nothing else is (I2). *phone_out: it
 * has the field that some agreements withhold. */
bool oracle_content_is(const struct json *record, const struct version *version, bool *phone_out)
{
    char phone[32];
    char year[16];
    const struct json *alert = json_item(json_get(record, "alerts"), 0);
    const struct json *number = statement(record, "phone");
    snprintf(phone, sizeof phone, "+2279%07llu", (unsigned long long)(version->serial % 10000000));
    snprintf(year, sizeof year, "19%02llu-05-17", (unsigned long long)(50 + version->serial % 40));
    *phone_out = number != NULL;
    size_t statements = 2 + (size_t)*phone_out;
    return serial_of(record) == version->serial && json_count(json_get(record, "alerts")) == 1 &&
           json_count(json_get(record, "statements")) == statements &&
           text_is(json_get_text(statement(record, "birth-date"), "from"), year) &&
           text_is(json_get_text(alert, "category"), sim_categories[version->category]) &&
           text_is(json_get_text(alert, "classification"), sim_levels[version->level]) &&
           (number == NULL || (version->phone && text_is(json_get_text(number, "number"), phone)));
}

/* The version with that number, or the one that its owner has asked for and has no answer to. */
static const struct version *version_of(const struct world *world, unsigned owner,
                                        const struct sim_record *record, uint64_t number)
{
    const struct version *version = record_version(record, number);
    const struct op *op = &world->nodes[owner].op;
    bool asked = op->kind == OP_PUT && &world->truth.records[owner][op->record] == record;
    if (version == NULL && asked && number == record->number + 1)
        return &op->version;
    return version;
}

/* -- own records: nothing acknowledged is lost, nothing happens twice (I4) ----------------- */

static bool pending(const struct world *world, unsigned owner, const struct sim_record *record)
{
    const struct op *op = &world->nodes[owner].op;
    bool about = op->kind == OP_PUT || op->kind == OP_WITHDRAW || op->kind == OP_ERASE;
    return about && &world->truth.records[owner][op->record] == record;
}

static void own_row(struct world *world, const struct node *node, const struct json *row,
                    bool *found)
{
    const struct json *content = json_get(row, "record");
    struct text id = content != NULL ? json_get_text(content, "id") : json_get_text(row, "id");
    struct sim_record *record = truth_find(&world->truth, node->number, id.data, id.len);
    int64_t number = 0;
    bool phone = false;
    if (record == NULL)
        world_fail(world, "I2", "%s holds a record of its own that nobody put: %.*s",
                   member_name(node->number), (int)id.len, id.data);
    found[record - world->truth.records[node->number]] = true;
    (void)json_get_integer(row, "version", &number);
    bool waits = pending(world, node->number, record);
    bool erased = record->state == RECORD_ERASED;
    if (!erased && (uint64_t)number != record->number &&
        !(waits && (uint64_t)number == record->number + 1))
        world_fail(world, "I4", "%s is at version %lld, acknowledged was %llu", record->id,
                   (long long)number, (unsigned long long)record->number);
    if (content == NULL) {
        if (record->state == RECORD_LIVE && !waits)
            world_fail(world, "I4", "%s is gone", record->id);
        return;
    }
    const struct version *version = version_of(world, node->number, record, (uint64_t)number);
    if (version == NULL || !oracle_content_is(content, version, &phone) || phone != version->phone)
        world_fail(world, "I4", "%s has not the content of its version %lld", record->id,
                   (long long)number);
}

void oracle_owner(struct world *world, const struct node *node)
{
    bool found[SIM_RECORDS_MAX] = { false };
    size_t mark = world->arena.used;
    if (!node->up)
        return;
    world->counters.checks++;
    struct store_rows rows = oracle_records(world, node);
    for (size_t i = 0; i < rows.count; i++) {
        struct json row = oracle_row(world, rows.rows[i].value);
        if (json_get_bool(&row, "own"))
            own_row(world, node, &row, found);
    }
    for (unsigned i = 0; i < world->truth.record_count[node->number]; i++) {
        const struct sim_record *record = &world->truth.records[node->number][i];
        if (!found[i] && record->state != RECORD_NONE)
            world_fail(world, "I4", "%s was acknowledged and is lost", record->id);
    }
    arena_rewind(&world->arena, mark);
}

/* -- copies: a clause for each, the owner's content, never back (I1, I2, I4) ---------------- */

/* The law that the basis of a copy names. */
const struct law *oracle_law_of(const struct world *world, const struct json *basis)
{
    struct text hash = json_get_text(basis, "agreement");
    for (unsigned i = 0; i < SIM_LAWS_MAX; i++) {
        const struct law *law = &world->truth.laws[i];
        if (hash.len == 64 && memcmp(law->hash, hash.data, 64) == 0)
            return law;
    }
    return NULL;
}

/* All have signed, or are about to be told that they have. */
static bool signed_by_all(const struct world *world, const struct law *law)
{
    for (unsigned i = 0; i < world->config.nodes; i++) {
        const struct op *op = &world->nodes[i].op;
        bool asked = op->kind == OP_LAW_SIGN && &world->truth.laws[op->law] == law;
        if ((law->parties >> i & 1) != 0 && !law->has_signed[i] && !asked)
            return false;
    }
    return true;
}

/* Why this law does not entitle the partner to this, as far as everybody can know it; NULL: it
 * does (I1). */
static const char *objection(const struct world *world, const struct law *law, unsigned owner,
                             unsigned partner, const struct version *version)
{
    return law == NULL                                 ? "an unknown agreement"
           : (law->parties >> owner & 1) == 0          ? "not the owner's agreement"
           : (law->parties >> partner & 1) == 0        ? "not the partner's agreement"
           : !signed_by_all(world, law)                ? "not signed by all"
           : !law_covers(law, owner, partner, version) ? "not covered"
                                                       : NULL;
}

/* A copy that is new here. */
static void basis_check(struct world *world, unsigned owner, unsigned holder,
                        const struct json *row, const struct version *version, bool phone)
{
    const struct law *law = oracle_law_of(world, json_get(row, "basis"));
    const char *why = objection(world, law, owner, holder, version);
    if (why == NULL && law->has_left[holder])
        why = "the holder has left";
    if (why == NULL && law->withholds && phone)
        why = "phone withheld";
    if (why != NULL)
        world_fail(world, "I1", "%s holds version %llu of a record of %s (category %s, %s): %s",
                   member_name(holder), (unsigned long long)version->number, member_name(owner),
                   sim_categories[version->category], sim_levels[version->level], why);
}

static void copy_check(struct world *world, const struct node *node, const struct json *row)
{
    const struct json *content = json_get(row, "record");
    struct text id = json_get_text(content, "id");
    unsigned owner = 0;
    int64_t number = 0;
    int64_t frame = 0;
    bool phone = false;
    if (!oracle_member_of(world, json_get_text(row, "from"), &owner) || owner == node->number)
        world_fail(world, "I2", "a copy of nobody");
    struct sim_record *record = truth_find(&world->truth, owner, id.data, id.len);
    if (record == NULL || !json_get_integer(row, "version", &number) ||
        !json_get_integer(row, "frame", &frame))
        world_fail(world, "I2", "%s holds %.*s, which %s never had", member_name(node->number),
                   (int)id.len, id.data, member_name(owner));
    const struct version *version = version_of(world, owner, record, (uint64_t)number);
    if (version == NULL || !oracle_content_is(content, version, &phone))
        world_fail(world, "I2", "%s holds as version %lld of %s what its owner never said",
                   member_name(node->number), (long long)number, record->id);
    unsigned index = (unsigned)(record - world->truth.records[owner]);
    struct seen *seen = &world->seen[node->number][owner][index];
    if ((uint64_t)frame < seen->frame || (uint64_t)number < seen->version)
        world_fail(world, "I4", "%s went back: %s version %lld (frame %lld) after %llu (%llu)",
                   member_name(node->number), record->id, (long long)number, (long long)frame,
                   (unsigned long long)seen->version, (unsigned long long)seen->frame);
    if ((uint64_t)frame > seen->frame)
        basis_check(world, owner, node->number, row, version, phone);
    *seen = (struct seen){ (uint64_t)frame, (uint64_t)number };
}

void oracle_copies(struct world *world, const struct node *node)
{
    size_t mark = world->arena.used;
    if (!node->up)
        return;
    world->counters.checks++;
    struct store_rows rows = oracle_records(world, node);
    for (size_t i = 0; i < rows.count; i++) {
        struct json row = oracle_row(world, rows.rows[i].value);
        if (!json_get_bool(&row, "own"))
            copy_check(world, node, &row);
    }
    arena_rewind(&world->arena, mark);
}

/* Its own stop, acknowledged, and no longer than its own clock says; what it is about to end counts
 * as ended. */
static bool stopped_by(const struct world *world, const struct law *law, unsigned from, unsigned to,
                       struct instant as_of)
{
    const struct op *op = &world->nodes[from].op;
    if (op->kind == OP_LAW_STOP && &world->truth.laws[op->law] == law)
        return false;
    for (unsigned kind = 0; kind < 2; kind++) {
        const struct sim_stop *one = &law->stops[kind][from][to];
        const struct sim_stop *all = &law->stops[kind][from][SIM_MEMBERS_MAX];
        if ((one->open && one->at <= as_of.ms) || (all->open && all->at <= as_of.ms))
            return true;
    }
    return false;
}

/* A frame that has just been numbered: a law that the sender has not left covers it (I1). */
static void leaving_check(struct world *world, unsigned from, unsigned to,
                          const struct frame *frame)
{
    const struct json *content = json_get(frame->body, "record");
    struct text id = frame_subject(frame);
    int64_t number = 0;
    char hash[65] = "";
    if (frame->kind != FRAME_RECORD)
        return;
    for (size_t i = 0; i < HASH_LEN; i++)
        snprintf(hash + 2 * i, 3, "%02x", frame->basis.agreement.bytes[i]);
    struct json basis = json_object();
    json_set_text(&world->arena, &basis, "agreement", (struct text){ hash, 64 });
    const struct law *law = oracle_law_of(world, &basis);
    struct sim_record *record = truth_find(&world->truth, from, id.data, id.len);
    (void)json_get_integer(frame->body, "version", &number);
    const struct version *version =
        record == NULL ? NULL : version_of(world, from, record, (uint64_t)number);
    bool phone = statement(content, "phone") != NULL;
    const char *why = version == NULL ? "never said" : objection(world, law, from, to, version);
    if (why == NULL && law->has_left[from])
        why = "the owner has left";
    if (why == NULL && stopped_by(world, law, from, to, frame->as_of))
        why = "the owner has suspended or disputed it";
    if (why == NULL && law->withholds && phone)
        why = "phone withheld";
    if (why != NULL)
        world_fail(world, "I1", "%s discloses version %lld of %.*s to %s: %s", member_name(from),
                   (long long)number, (int)id.len, id.data, member_name(to), why);
}

void oracle_numbered(struct world *world, unsigned from, unsigned to, uint64_t first, uint64_t last)
{
    const struct node *node = &world->nodes[from];
    struct line line;
    struct batch batch;
    size_t mark = world->arena.used;
    struct err e = line_open(node->clerk, store_view(node->store), text_literal(member_name(to)),
                             &world->arena, &line);
    if (!failed(e))
        e = feed_frames(node->clerk, line.view, line.log, first, last, &world->arena, &batch);
    if (failed(e))
        world_fail(world, "store", "frames of %s: %s", member_name(from), e.rule);
    for (uint32_t i = 0; i < batch.count; i++) {
        struct frame frame;
        if (batch.frames[i].hollow)
            continue;
        e = frame_parse(batch.frames[i].content, &world->arena, &frame);
        if (failed(e) || frame.number != first + i)
            world_fail(world, "I4", "%s numbers what is no frame %llu", member_name(from),
                       (unsigned long long)(first + i));
        leaving_check(world, from, to, &frame);
    }
    arena_rewind(&world->arena, mark);
}

/* -- feeds: gap-free, acknowledged is held, one history (I4, I5) ---------------------------- */

void oracle_feed(struct world *world, unsigned from, unsigned to)
{
    struct line sender;
    struct line receiver;
    struct hash root;
    size_t mark = world->arena.used;
    if (from == to || !world->nodes[from].up || !world->nodes[to].up)
        return;
    struct err e = line_open(world->nodes[from].clerk, store_view(world->nodes[from].store),
                             text_literal(member_name(to)), &world->arena, &sender);
    if (!failed(e))
        e = line_open(world->nodes[to].clerk, store_view(world->nodes[to].store),
                      text_literal(member_name(from)), &world->arena, &receiver);
    if (failed(e))
        return; /* one does not know the other yet */
    world->counters.checks++;
    uint64_t held = receiver.theirs.frontier.size;
    if (held > sender.numbered)
        world_fail(world, "I4", "%s holds %llu frames of %s, which has numbered %llu",
                   member_name(to), (unsigned long long)held, member_name(from),
                   (unsigned long long)sender.numbered);
    if (sender.acked > held)
        world_fail(world, "I4", "%s acknowledged %llu frames of %s and holds %llu", member_name(to),
                   (unsigned long long)sender.acked, member_name(from), (unsigned long long)held);
    e = log_root_at(sender.view, sender.log, held, &root);
    struct hash theirs = frontier_root(&receiver.theirs.frontier);
    if (failed(e) || !hash_equal(&root, &theirs))
        world_fail(world, "I5", "%s and %s have two histories of %llu frames", member_name(from),
                   member_name(to), (unsigned long long)held);
    arena_rewind(&world->arena, mark);
}

void oracle_halt(struct world *world, unsigned from, unsigned to)
{
    const struct node *node = &world->nodes[from];
    struct line line;
    bool resuming = node->op.kind == OP_RESUME && node->op.partner == to;
    if (!node->up || !world->truth.halted[from][to] || resuming)
        return;
    struct err e = line_open(node->clerk, store_view(node->store), text_literal(member_name(to)),
                             &world->arena, &line);
    if (!failed(e) && line.numbered != node->peers[to].halted_size)
        world_fail(world, "I1", "%s halted %s at %llu frames and has numbered %llu",
                   member_name(from), member_name(to),
                   (unsigned long long)node->peers[to].halted_size,
                   (unsigned long long)line.numbered);
}
