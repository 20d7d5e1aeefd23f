#include "link/receive.h"

#include <assert.h>

#include "ledger/checkpoint.h"

static struct err identity_check(const struct feed_in *feed, const struct batch *batch,
                                 const struct feed_view *view)
{
    struct hash realm = batch_realm_hash(view->realm);
    if (feed->frozen.len > 0)
        return err_make(ERR_CONFLICT, "link.frozen");
    if (!hash_equal(&batch->realm, &realm))
        return err_make(ERR_DENIED, "link.realm");
    if (memcmp(batch->from, feed->root, BATCH_KEY_LEN) != 0)
        return err_make(ERR_DENIED, "link.other-root");
    if (memcmp(batch->to, view->self, BATCH_KEY_LEN) != 0)
        return err_make(ERR_DENIED, "link.not-for-us");
    if (batch->generation != feed->generation)
        return err_make(ERR_DENIED, "link.generation");
    return err_none();
}

/* The signed head of the partner's log `name`. */
static struct err head_open(const struct feed_in *feed, const struct feed_view *view,
                            struct text name, struct bytes note, struct arena *arena,
                            struct tree_head *out)
{
    struct origin origin = { .generation = feed->generation, .name = name };
    origin_member(feed->root, origin.member);
    struct text log = origin_format(arena, &origin);
    if (log.data == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct note_key key;
    struct err e = note_key_make(log, view->node_key, &key);
    if (failed(e))
        return e;
    struct checkpoint checkpoint;
    e = checkpoint_open(note, &key, arena, &checkpoint);
    if (failed(e))
        return e;
    *out = checkpoint.head;
    return err_none();
}

static void append(struct frontier *frontier, const struct hash *entry)
{
    struct hash stored[TREE_LEVELS];
    struct hash leaf = commit_leaf(entry);
    frontier_append(frontier, &leaf, stored);
}

static struct err anchors_accept(const struct batch_anchors *new, const struct feed_view *view,
                                 struct arena *arena, struct feed_in *next)
{
    if (new->checkpoint.len == 0)
        return err_none();
    struct tree_head head;
    struct err e = head_open(next, view, TEXT("anchors"), new->checkpoint, arena, &head);
    if (failed(e))
        return e;
    if (new->first + new->count > head.size || head.size > TREE_SIZE_MAX)
        return err_make(ERR_CORRUPT, "link.anchors");
    bool same = head.size == next->anchored.size;
    if (head.size < next->anchored.size || (same && !hash_equal(&head.root, &next->anchored.root)))
        return err_make(ERR_CONFLICT, "link.anchor-fork"); /* I5 */
    uint64_t held = next->anchors.size;
    if (new->first > held) {
        return err_none(); /* a gap: the receipt says what we hold, the next batch brings it */
    }
    for (uint64_t i = held - new->first; i < new->count; i++)
        append(&next->anchors, &new->entries[i]);
    struct hash root = frontier_root(&next->anchors);
    if (next->anchors.size == head.size && !hash_equal(&root, &head.root))
        return err_make(ERR_CORRUPT, "link.anchors"); /* a fork, or damaged on the way */
    next->anchored = head;
    return err_none();
}

static void refuse(struct verdict *verdict, const char *rule)
{
    verdict->kind = VERDICT_REFUSE;
    verdict->rule = rule;
}

/* What the frame alone says; whether it waits behind another comes later. */
static struct err frame_judge(const struct feed_in *feed, const struct feed_view *view,
                              struct arena *arena, struct verdict *verdict)
{
    struct frame *frame = &verdict->frame;
    struct err e = frame_parse(verdict->opening.content, arena, frame);
    if (failed(e)) {
        if (arena->full)
            return err_make(ERR_LIMIT, "arena.full"); /* our limit, not the frame's fault */
        refuse(verdict, e.rule);
        return err_none();
    }
    if (!text_equal(frame->realm, view->realm))
        refuse(verdict, "link.realm");
    else if (frame->generation != feed->generation || frame->number != verdict->number ||
             !text_equal(frame->feed, view->self_code))
        refuse(verdict, "link.frame-address");
    if (verdict->kind == VERDICT_REFUSE)
        return err_none();
    bool early = frame->as_of.ms - view->now.ms > LINK_CLOCK_OFF_MS_MAX;
    verdict->kind = early ? VERDICT_PARK : VERDICT_APPLY;
    verdict->rule = early ? "link.clock" : "";
    verdict->subject = frame_subject(frame);
    return err_none();
}

static struct err frame_accept(const struct batch_frame *in, const struct feed_view *view,
                               struct arena *arena, struct feed_in *next, struct verdict *verdict)
{
    *verdict = (struct verdict){ .kind = VERDICT_HOLLOW, .rule = "", .number = in->number };
    if (in->hollow) {
        verdict->entry = in->commitment;
    } else {
        memcpy(verdict->opening.salt, in->salt, COMMIT_SALT_LEN);
        verdict->opening.content = in->content;
        verdict->entry = commit_entry(&verdict->opening);
    }
    append(&next->frontier, &verdict->entry); /* R2 */
    return in->hollow ? err_none() : frame_judge(next, view, arena, verdict);
}

/* Rows of `accepted.next` from the verdicts as they now are. */
static void rows_follow(struct accepted *accepted)
{
    const struct feed_in *before = accepted->before;
    size_t parked = before->parked_count;
    size_t refused = before->refused_count;
    for (size_t i = 0; i < accepted->count; i++) {
        struct verdict *v = &accepted->verdicts[i];
        if (v->kind == VERDICT_PARK && parked >= FEED_IN_PARKED_MAX)
            refuse(v, "link.parked-full");
        if (v->kind == VERDICT_PARK)
            accepted->parked_room[parked++] =
                (struct feed_parked){ v->number, v->subject, text_literal(v->rule) };
        if (v->kind == VERDICT_REFUSE)
            accepted->refused_room[refused++] =
                (struct receipt_line){ v->number, text_literal(v->rule) };
    }
    size_t old = refused > FEED_IN_REFUSED_MAX ? refused - FEED_IN_REFUSED_MAX : 0;
    accepted->next.parked = accepted->parked_room;
    accepted->next.parked_count = parked;
    accepted->next.refused = accepted->refused_room + old;
    accepted->next.refused_count = refused - old;
}

/* Verdict i is parked: what comes later about the same record waits behind it (R3). */
static void followers_park(struct accepted *accepted, size_t i)
{
    const struct verdict *parked = &accepted->verdicts[i];
    if (parked->subject.len == 0)
        return;
    for (size_t k = i + 1; k < accepted->count; k++) {
        struct verdict *v = &accepted->verdicts[k];
        if (v->kind == VERDICT_APPLY && text_equal(v->subject, parked->subject)) {
            v->kind = VERDICT_PARK;
            v->rule = "link.behind-parked";
        }
    }
}

static void order_keep(struct accepted *accepted)
{
    for (size_t i = 0; i < accepted->count; i++) {
        struct verdict *v = &accepted->verdicts[i];
        bool waits = feed_in_waits(accepted->before, v->subject);
#if COMITY_PLANTED == 5 /* a parked frame is overtaken */
        waits = false;
#endif
        if (v->kind == VERDICT_APPLY && waits) {
            v->kind = VERDICT_PARK;
            v->rule = "link.behind-parked";
        }
        if (v->kind == VERDICT_PARK)
            followers_park(accepted, i);
    }
    rows_follow(accepted);
}

static struct err rooms_take(const struct feed_in *feed, struct arena *arena,
                             struct accepted *accepted)
{
    size_t parked = feed->parked_count + accepted->count;
    size_t refused = feed->refused_count + accepted->count;
    accepted->verdicts = ARENA_ARRAY(arena, struct verdict, accepted->count);
    accepted->parked_room = ARENA_ARRAY(arena, struct feed_parked, parked);
    accepted->refused_room = ARENA_ARRAY(arena, struct receipt_line, refused);
    if (accepted->verdicts == NULL || accepted->parked_room == NULL ||
        accepted->refused_room == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (feed->parked_count > 0)
        memcpy(accepted->parked_room, feed->parked, feed->parked_count * sizeof *feed->parked);
    if (feed->refused_count > 0)
        memcpy(accepted->refused_room, feed->refused, feed->refused_count * sizeof *feed->refused);
    return err_none();
}

static struct err frames_accept(const struct feed_in *feed, const struct batch *batch,
                                const struct feed_view *view, struct arena *arena,
                                struct accepted *accepted)
{
    struct err e = rooms_take(feed, arena, accepted);
    if (failed(e))
        return e;
    for (size_t i = 0; i < accepted->count; i++) {
        const struct batch_frame *frame = &batch->frames[accepted->duplicates + i];
        assert(frame->number == feed_in_next(&accepted->next));
        e = frame_accept(frame, view, arena, &accepted->next, &accepted->verdicts[i]);
        if (failed(e))
            return e;
    }
    return err_none();
}

struct err feed_in_accept(const struct feed_in *feed, const struct batch *batch,
                          const struct feed_view *view, struct arena *arena, struct accepted *out)
{
    struct err e = identity_check(feed, batch, view);
    if (failed(e))
        return e;
    struct tree_head head;
    e = head_open(feed, view, view->self_code, batch->checkpoint, arena, &head);
    if (failed(e))
        return e;
    uint64_t last = batch->first + batch->count - 1;
    if (head.size != last)
        return err_make(ERR_CORRUPT, "link.checkpoint-size");
    struct accepted accepted = { .kind = ACCEPT_NEW, .next = *feed, .before = feed };
    struct hash root = frontier_root(&feed->frontier);
    if (last == feed->frontier.size && !hash_equal(&root, &head.root))
        return err_make(ERR_CONFLICT, "link.fork");
    if (batch->first > feed_in_next(feed) || last <= feed->frontier.size) {
        accepted.kind = last <= feed->frontier.size ? ACCEPT_DUPLICATE : ACCEPT_GAP;
        *out = accepted;
        return err_none();
    }
    accepted.duplicates = feed_in_next(feed) - batch->first;
    accepted.count = batch->count - accepted.duplicates;
    e = frames_accept(feed, batch, view, arena, &accepted);
    if (failed(e))
        return e;
    root = frontier_root(&accepted.next.frontier);
#if COMITY_PLANTED != 7 /* the root is not compared */
    if (!hash_equal(&root, &head.root))
        return err_make(ERR_CORRUPT, "link.root");
#endif
    e = anchors_accept(&batch->anchors, view, arena, &accepted.next);
    if (failed(e))
        return e;
    if (instant_before(accepted.next.heard, view->now))
        accepted.next.heard = view->now;
    order_keep(&accepted);
    *out = accepted;
    return err_none();
}

void accept_park(struct accepted *accepted, size_t i, const char *rule)
{
    assert(i < accepted->count && accepted->verdicts[i].kind == VERDICT_APPLY);
    accepted->verdicts[i].kind = VERDICT_PARK;
    accepted->verdicts[i].rule = rule;
    followers_park(accepted, i);
    rows_follow(accepted);
}

void accept_refuse(struct accepted *accepted, size_t i, const char *rule)
{
    assert(i < accepted->count && accepted->verdicts[i].kind == VERDICT_APPLY);
    refuse(&accepted->verdicts[i], rule);
    rows_follow(accepted);
}
