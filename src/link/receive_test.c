#include "link/receive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <sodium.h>

#include "ledger/checkpoint.h"

/* NGA sends, NER receives. Everything of a test lies in one arena that never rewinds. */
static uint8_t memory[64 * 1024 * 1024];
static struct arena arena;
static uint8_t node_public[32], node_secret[64];
static const struct instant now = { 1795313640000 };

enum { LOG_MAX = 3000 };
struct log {
    struct batch_frame frames[LOG_MAX + 1]; /* by number */
    uint64_t size;
    struct frontier frontier;
};
static struct log feed_log;
static struct log anchor_log;

static struct text format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
static struct text format(const char *pattern, ...)
{
    char room[1024];
    va_list list;
    va_start(list, pattern);
    int len = vsnprintf(room, sizeof room, pattern, list);
    va_end(list);
    assert_true(len > 0 && (size_t)len < sizeof room);
    return arena_copy_text(&arena, (struct text){ room, (size_t)len });
}

static struct hash entry_of(const struct batch_frame *frame)
{
    if (frame->hollow)
        return frame->commitment;
    struct opening opening = { .content = frame->content };
    memcpy(opening.salt, frame->salt, COMMIT_SALT_LEN);
    return commit_entry(&opening);
}

static void log_add(struct log *log, struct batch_frame frame)
{
    struct hash stored[TREE_LEVELS];
    frame.number = ++log->size;
    log->frames[log->size] = frame;
    struct hash entry = entry_of(&frame);
    struct hash leaf = commit_leaf(&entry);
    frontier_append(&log->frontier, &leaf, stored);
}

static void add_content(struct text content)
{
    struct batch_frame frame = { .content = text_bytes(content) };
    frame.salt[3] = (uint8_t)feed_log.size;
    log_add(&feed_log, frame);
}

static struct text content_of(uint64_t number, const char *record, int64_t later_ms)
{
    struct text as_of = instant_format(&arena, instant_plus(now, later_ms));
    return format("{\"as_of\":\"%.*s\",\"basis\":{\"agreement\":"
                  "\"0101010101010101010101010101010101010101010101010101010101010101\","
                  "\"clause\":\"3.1\",\"version\":1},\"body\":{\"record\":{\"id\":\"%s\"}},"
                  "\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"kind\":\"record\","
                  "\"number\":%llu,\"realm\":\"demo\"}",
                  (int)as_of.len, as_of.data, record, (unsigned long long)number);
}

/* The next frame of the feed: about `record`, decided `later_ms` from now. */
static void add(const char *record, int64_t later_ms)
{
    add_content(content_of(feed_log.size + 1, record, later_ms));
}

static void add_hollow(void)
{
    struct batch_frame frame = { .hollow = true };
    memset(frame.commitment.bytes, 0xee, HASH_LEN);
    log_add(&feed_log, frame);
}

static struct bytes signed_head(struct text name, struct tree_head head)
{
    uint8_t root[32], signature[64];
    memset(root, 0x0a, sizeof root);
    struct origin origin = { .generation = 1, .name = name };
    origin_member(root, origin.member);
    struct checkpoint checkpoint = { origin_format(&arena, &origin), head };
    struct text text = checkpoint_format(&arena, &checkpoint);
    struct note_key key;
    struct text note;
    assert_false(failed(note_key_make(checkpoint.origin, node_public, &key)));
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.data, text.len, node_secret);
    assert_false(failed(note_assemble(text, &key, signature, &arena, &note)));
    return text_bytes(note);
}

static struct tree_head head_at(const struct log *log, uint64_t size)
{
    struct frontier frontier = { .size = 0 };
    struct hash stored[TREE_LEVELS];
    for (uint64_t i = 1; i <= size; i++) {
        struct hash entry = entry_of(&log->frames[i]);
        struct hash leaf = commit_leaf(&entry);
        frontier_append(&frontier, &leaf, stored);
    }
    return (struct tree_head){ size, frontier_root(&frontier) };
}

static struct batch batch_of(uint64_t first, uint64_t last)
{
    struct batch batch = {
        .realm = batch_realm_hash(TEXT("demo")),
        .generation = 1,
        .first = first,
        .checkpoint = signed_head(TEXT("NER"), head_at(&feed_log, last)),
        .frames = feed_log.frames + first,
        .count = (uint32_t)(last - first + 1),
    };
    memset(batch.from, 0x0a, BATCH_KEY_LEN);
    memset(batch.to, 0x0e, BATCH_KEY_LEN);
    return batch;
}

static struct feed_view view(void)
{
    struct feed_view view = { .realm = TEXT("demo"), .self_code = TEXT("NER"), .now = now };
    memset(view.self, 0x0e, BATCH_KEY_LEN);
    memcpy(view.node_key, node_public, BATCH_KEY_LEN);
    return view;
}

static struct feed_in fresh(void)
{
    uint8_t root[BATCH_KEY_LEN];
    memset(root, 0x0a, sizeof root);
    return feed_in_start(root, 1);
}

static struct err accept(const struct feed_in *feed, struct batch batch, struct accepted *out)
{
    struct batch *kept = ARENA_NEW(&arena, struct batch);
    struct feed_view around = view();
    *kept = batch;
    return feed_in_accept(feed, kept, &around, &arena, out);
}

static int setup(void **state)
{
    (void)state;
    static const uint8_t seed[32] = { 7 };
    arena = arena_over(memory, sizeof memory);
    memset(&feed_log, 0, sizeof feed_log);
    memset(&anchor_log, 0, sizeof anchor_log);
    return crypto_sign_seed_keypair(node_public, node_secret, seed);
}

static void frames_become_leaves_and_the_root_agrees(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    for (int i = 0; i < 7; i++)
        add("NGA-1", 0);
    assert_false(failed(accept(&feed, batch_of(1, 4), &accepted)));
    assert_int_equal(accepted.kind, ACCEPT_NEW);
    assert_int_equal(accepted.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(accepted.verdicts[i].kind, VERDICT_APPLY);
        assert_int_equal(accepted.verdicts[i].frame.number, i + 1);
        assert_true(text_is(accepted.verdicts[i].subject, "NGA-1"));
    }
    assert_int_equal(feed.frontier.size, 0); /* R1 */
    feed = accepted.next;
    assert_int_equal(feed_in_next(&feed), 5);
    assert_int_equal(feed.heard.ms, now.ms);
    assert_false(failed(accept(&feed, batch_of(3, 7), &accepted))); /* overlapping */
    assert_int_equal(accepted.duplicates, 2);
    assert_int_equal(accepted.count, 3);
    assert_int_equal(accepted.verdicts[0].number, 5);
    struct hash root = frontier_root(&accepted.next.frontier);
    struct tree_head head = head_at(&feed_log, 7);
    assert_true(hash_equal(&root, &head.root));
}

static void a_batch_twice_is_a_duplicate_and_a_gap_is_asked_for(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    for (int i = 0; i < 6; i++)
        add("NGA-1", 0);
    assert_false(failed(accept(&feed, batch_of(3, 6), &accepted)));
    assert_int_equal(accepted.kind, ACCEPT_GAP);
    assert_int_equal(accepted.next.frontier.size, 0);
    assert_false(failed(accept(&feed, batch_of(1, 4), &accepted)));
    feed = accepted.next;
    static const uint64_t twice[][2] = { { 1, 4 }, { 1, 2 }, { 2, 3 }, { 4, 4 } };
    for (size_t i = 0; i < 4; i++) {
        assert_false(failed(accept(&feed, batch_of(twice[i][0], twice[i][1]), &accepted)));
        assert_int_equal(accepted.kind, ACCEPT_DUPLICATE);
        assert_int_equal(accepted.count, 0);
        assert_int_equal(accepted.next.frontier.size, 4);
    }
}

static void whoever_is_not_the_partner_is_refused(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    add("NGA-1", 0);
    static const char *const rules[] = { "link.realm", "link.other-root", "link.not-for-us",
        "link.generation", "ledger.note-unsigned", "link.root", "link.checkpoint-size",
        "link.frozen" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct batch batch = batch_of(1, 1);
        struct batch_frame frame = batch.frames[0];
        struct feed_in here = feed;
        struct accepted accepted = { .count = 4242 };
        switch (i) {
        case 0: batch.realm.bytes[0] ^= 1; break;
        case 1: batch.from[0] ^= 1; break;
        case 2: batch.to[0] ^= 1; break;
        case 3: batch.generation = 2; break;
        case 4:
            node_public[0] ^= 1;
            batch.checkpoint = batch_of(1, 1).checkpoint;
            node_public[0] ^= 1;
            break;
        case 5: frame.salt[0] ^= 1; batch.frames = &frame; break;
        case 6: add("NGA-1", 0); batch.checkpoint = batch_of(1, 2).checkpoint; break;
        case 7: feed_in_freeze(&here, TEXT("link.fork")); break;
        default: break;
        }
        struct err e = accept(&here, batch, &accepted);
        assert_true(failed(e));
        if (strcmp(e.rule, rules[i]) != 0)
            fail_msg("case %zu: %s, not %s", i, e.rule, rules[i]);
        assert_int_equal(accepted.count, 4242);
    }
}

static void a_checkpoint_whose_signature_was_changed_is_refused(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    add("NGA-1", 0);
    struct batch batch = batch_of(1, 1);
    uint8_t *note = arena_take(&arena, batch.checkpoint.len);
    size_t refused = 0;
    for (size_t i = 0; i < batch.checkpoint.len; i++) {
        struct accepted accepted;
        memcpy(note, batch.checkpoint.data, batch.checkpoint.len);
        note[i] ^= 1;
        struct batch changed = batch;
        changed.checkpoint = bytes_of(note, batch.checkpoint.len);
        refused += failed(accept(&feed, changed, &accepted));
    }
    assert_int_equal(refused, batch.checkpoint.len);
}

static void two_roots_of_one_size_are_a_fork(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    add("NGA-1", 0);
    add("NGA-2", 0);
    assert_false(failed(accept(&feed, batch_of(1, 2), &accepted)));
    feed = accepted.next;
    feed_log.frames[2].salt[0] ^= 1; /* another second frame */
    struct err e = accept(&feed, batch_of(2, 2), &accepted);
    assert_string_equal(e.rule, "link.fork");
    assert_int_equal(e.code, ERR_CONFLICT);
    add("NGA-3", 0);
    assert_string_equal(accept(&feed, batch_of(3, 3), &accepted).rule, "link.root");
}

/* R2, I1: a bad frame is a leaf, is named in the receipt, and never blocks the next. */
static void a_bad_frame_is_refused_and_the_next_applies(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    add("NGA-1", 0);
    add_content(TEXT("this is not JSON"));
    add_content(content_of(77, "NGA-2", 0)); /* says another number than it has */
    add_hollow();
    add("NGA-1", 0);
    assert_false(failed(accept(&feed, batch_of(1, 5), &accepted)));
    static const enum verdict_kind kinds[] = { VERDICT_APPLY, VERDICT_REFUSE, VERDICT_REFUSE,
                                               VERDICT_HOLLOW, VERDICT_APPLY };
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(accepted.verdicts[i].kind, kinds[i]);
    assert_string_equal(accepted.verdicts[1].rule, "json.unexpected");
    assert_string_equal(accepted.verdicts[2].rule, "link.frame-address");
    accept_refuse(&accepted, 4, "treaty.basis-contradicted");
    struct receipt receipt;
    assert_false(failed(feed_in_receipt(&accepted.next, TEXT("demo"), TEXT("NER"), &arena,
                                        &receipt)));
    assert_int_equal(receipt.number, 5);
    assert_int_equal(receipt.refused_count, 3);
    assert_int_equal(receipt.refused[2].number, 5);
    assert_true(text_is(receipt.refused[2].rule, "treaty.basis-contradicted"));
}

/* R3 */
static void frames_about_a_parked_record_wait_behind_it(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    add("NGA-1", 300001); /* decided in our future */
    add("NGA-2", 300000);
    add("NGA-1", 0);
    assert_false(failed(accept(&feed, batch_of(1, 3), &accepted)));
    assert_int_equal(accepted.verdicts[0].kind, VERDICT_PARK);
    assert_string_equal(accepted.verdicts[0].rule, "link.clock");
    assert_int_equal(accepted.verdicts[1].kind, VERDICT_APPLY);
    assert_int_equal(accepted.verdicts[2].kind, VERDICT_PARK);
    assert_string_equal(accepted.verdicts[2].rule, "link.behind-parked");
    feed = accepted.next;
    assert_int_equal(feed.parked_count, 2);
    assert_true(feed_in_waits(&feed, TEXT("NGA-1")) && !feed_in_waits(&feed, TEXT("NGA-2")));
    add("NGA-1", 0);
    add("NGA-2", 0);
    add("NGA-2", 0);
    add("NGA-3", 0);
    assert_false(failed(accept(&feed, batch_of(4, 7), &accepted)));
    assert_int_equal(accepted.verdicts[0].kind, VERDICT_PARK);
    assert_int_equal(accepted.verdicts[1].kind, VERDICT_APPLY);
    accept_park(&accepted, 1, "treaty.basis-unknown"); /* the clerk lacks the instrument */
    assert_int_equal(accepted.verdicts[2].kind, VERDICT_PARK);
    assert_int_equal(accepted.verdicts[3].kind, VERDICT_APPLY);
    feed = accepted.next;
    assert_int_equal(feed.parked_count, 5);
    static const uint64_t numbers[] = { 1, 3, 4, 5, 6 };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(feed.parked[i].number, numbers[i]);
        assert_false(failed(feed_in_unpark(&feed, numbers[i], i == 1 ? "treaty.never" : NULL,
                                           &arena, &accepted.next)));
    }
    struct frame third = accepted.verdicts[0].frame; /* about NGA-1, as frame 3 */
    third.number = 3;
    assert_false(feed_in_ready(&feed, &third, now)); /* 1 waits */
    third.number = 1;
    assert_true(feed_in_ready(&feed, &third, now));
    third.as_of = instant_plus(now, 300001);
    assert_false(feed_in_ready(&feed, &third, now));
    assert_false(failed(feed_in_unpark(&feed, 3, "treaty.never", &arena, &feed)));
    assert_int_equal(feed.parked_count, 4);
    assert_int_equal(feed.refused_count, 1);
    assert_string_equal(feed_in_unpark(&feed, 3, NULL, &arena, &feed).rule, "link.not-parked");
}

static void beyond_the_limit_a_parked_frame_is_refused_and_named(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    for (int i = 0; i < FEED_IN_PARKED_MAX + 10; i++)
        add("NGA-1", 300001);
    assert_false(failed(accept(&feed, batch_of(1, 1000), &accepted)));
    feed = accepted.next;
    assert_false(failed(accept(&feed, batch_of(1001, FEED_IN_PARKED_MAX + 10), &accepted)));
    feed = accepted.next;
    assert_int_equal(feed.parked_count, FEED_IN_PARKED_MAX);
    assert_int_equal(feed.refused_count, 10);
    assert_true(text_is(feed.refused[9].rule, "link.parked-full"));
    struct bytes row;
    assert_false(failed(feed_in_format(&feed, &arena, &row)));
    assert_true(row.len <= FEED_IN_LEN_MAX);
}

static void the_row_in_the_store_is_the_whole_state(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    add("NGA-1", 300001);
    add_content(TEXT("no"));
    add("NGA-2", 0);
    assert_false(failed(accept(&feed, batch_of(1, 3), &accepted)));
    struct bytes row, again;
    struct feed_in back;
    assert_false(failed(feed_in_format(&accepted.next, &arena, &row)));
    assert_false(failed(feed_in_parse(row, &arena, &back)));
    assert_false(failed(feed_in_format(&back, &arena, &again)));
    assert_true(bytes_equal(row, again));
    assert_int_equal(back.parked_count, 1);
    assert_int_equal(back.refused_count, 1);
    struct feed_mark mark = feed_in_mark(&back);
    struct tree_head head = head_at(&feed_log, 3);
    assert_int_equal(mark.number, 3);
    assert_true(hash_equal(&mark.root, &head.root));
    for (size_t len = 0; len < row.len; len++) {
        struct feed_in untouched = { .generation = 4242 };
        assert_true(failed(feed_in_parse(bytes_of(row.data, len), &arena, &untouched)));
        assert_int_equal(untouched.generation, 4242);
    }
}

static void anchors_add(int count)
{
    for (int i = 0; i < count; i++) {
        struct batch_frame entry = { .hollow = true };
        memset(entry.commitment.bytes, (int)anchor_log.size + 1, HASH_LEN);
        log_add(&anchor_log, entry);
    }
}

/* Batch `number` alone, with anchors first…first+count-1 under the checkpoint at `size`. */
static struct batch with_anchors(uint64_t number, uint64_t first, uint64_t count, uint64_t size)
{
    struct batch batch = batch_of(number, number);
    struct hash *entries = ARENA_ARRAY(&arena, struct hash, count);
    for (uint64_t i = 0; i < count; i++)
        entries[i] = anchor_log.frames[first + i + 1].commitment;
    batch.anchors = (struct batch_anchors){ first, entries, (uint32_t)count,
        signed_head(TEXT("anchors"), head_at(&anchor_log, size)) };
    return batch;
}

static void anchors_come_along_and_must_not_fork(void **state)
{
    (void)state;
    struct feed_in feed = fresh();
    struct accepted accepted;
    for (int i = 0; i < 9; i++)
        add("NGA-1", 0);
    anchors_add(8);
    assert_false(failed(accept(&feed, with_anchors(1, 0, 3, 3), &accepted)));
    feed = accepted.next;
    assert_int_equal(feed.anchors.size, 3);
    assert_int_equal(feed.anchored.size, 3);
    assert_false(failed(accept(&feed, with_anchors(2, 2, 2, 6), &accepted))); /* the rest follows */
    feed = accepted.next;
    assert_int_equal(feed.anchors.size, 4);
    assert_false(failed(accept(&feed, with_anchors(3, 5, 1, 6), &accepted))); /* a gap: ignored */
    assert_int_equal(accepted.next.anchors.size, 4);
    feed = accepted.next;
    struct batch liar = with_anchors(4, 4, 2, 5);
    assert_string_equal(accept(&feed, liar, &accepted).rule, "link.anchors");
    assert_string_equal(accept(&feed, with_anchors(4, 4, 1, 5), &accepted).rule,
                        "link.anchor-fork"); /* 6 were signed before */
    assert_false(failed(accept(&feed, with_anchors(4, 4, 2, 6), &accepted)));
    feed = accepted.next;
    assert_int_equal(feed.anchors.size, 6);
    anchor_log.frames[3].commitment.bytes[0] ^= 1; /* a second history */
    assert_string_equal(accept(&feed, with_anchors(5, 6, 2, 8), &accepted).rule, "link.anchors");
    struct err e = accept(&feed, with_anchors(5, 6, 0, 6), &accepted); /* two roots of size 6 */
    assert_string_equal(e.rule, "link.anchor-fork");
    assert_int_equal(e.code, ERR_CONFLICT);
}

/* An oracle that knows only "apply each number once, in order" against random ranges. */
static void any_order_of_batches_gives_each_frame_once_and_in_order(void **state)
{
    (void)state;
    enum { FRAMES = 40 };
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < FRAMES; i++)
        add(i % 3 == 0 ? "NGA-1" : "NGA-2", 0);
    struct feed_in feed = fresh();
    uint64_t applied = 0;
    for (int tries = 0; tries < 400; tries++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        uint64_t first = 1 + random % (applied + 3); /* near what is held */
        first = first > FRAMES ? FRAMES : first;
        uint64_t last = first + (random >> 32) % 8;
        last = last > FRAMES ? FRAMES : last;
        struct accepted accepted;
        assert_false(failed(accept(&feed, batch_of(first, last), &accepted)));
        enum accept_kind kind = first > applied + 1 && last > applied ? ACCEPT_GAP
                                : last <= applied                    ? ACCEPT_DUPLICATE
                                                                     : ACCEPT_NEW;
        assert_int_equal(accepted.kind, kind);
        for (size_t i = 0; i < accepted.count; i++)
            assert_int_equal(accepted.verdicts[i].number, ++applied);
        if (random % 5 != 0) { /* else the commit failed: nothing happened */
            feed = accepted.next;
        } else {
            applied = feed.frontier.size;
        }
    }
    assert_int_equal(applied, FRAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_become_leaves_and_the_root_agrees, setup),
        cmocka_unit_test_setup(a_batch_twice_is_a_duplicate_and_a_gap_is_asked_for, setup),
        cmocka_unit_test_setup(whoever_is_not_the_partner_is_refused, setup),
        cmocka_unit_test_setup(a_checkpoint_whose_signature_was_changed_is_refused, setup),
        cmocka_unit_test_setup(two_roots_of_one_size_are_a_fork, setup),
        cmocka_unit_test_setup(a_bad_frame_is_refused_and_the_next_applies, setup),
        cmocka_unit_test_setup(frames_about_a_parked_record_wait_behind_it, setup),
        cmocka_unit_test_setup(beyond_the_limit_a_parked_frame_is_refused_and_named, setup),
        cmocka_unit_test_setup(the_row_in_the_store_is_the_whole_state, setup),
        cmocka_unit_test_setup(anchors_come_along_and_must_not_fork, setup),
        cmocka_unit_test_setup(any_order_of_batches_gives_each_frame_once_and_in_order, setup),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
