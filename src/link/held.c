/* What a node keeps about a partner's feed: its row in the store, its receipt, its parked frames.
 */
#include <assert.h>

#include "core/reader.h"
#include "core/writer.h"
#include "link/receive.h"

enum { ROW_VERSION = 1 };

_Static_assert((size_t)FEED_IN_PARKED_MAX *(8 + 8 + FRAME_SUBJECT_LEN_MAX + RECEIPT_RULE_LEN_MAX) +
                       (size_t)FEED_IN_REFUSED_MAX * (12 + RECEIPT_RULE_LEN_MAX) +
                       2 * (4 + (size_t)FRONTIER_LEN_MAX) + 256 <=
                   (size_t)FEED_IN_LEN_MAX,
               "a row with every list full fits");
_Static_assert((size_t)FEED_IN_PARKED_MAX <= (size_t)RECEIPT_LIST_MAX &&
                   (size_t)FEED_IN_REFUSED_MAX <= (size_t)RECEIPT_LIST_MAX,
               "a receipt names all");

struct feed_in feed_in_start(const uint8_t root[static BATCH_KEY_LEN], uint32_t generation)
{
    struct feed_in feed = { .generation = generation, .frozen = TEXT("") };
    memcpy(feed.root, root, BATCH_KEY_LEN);
    feed.anchored.root = tree_empty_root();
    return feed;
}

static struct err parked_read(struct reader *r, struct arena *arena, struct feed_in *feed)
{
    uint32_t count = reader_u32(r);
    if (failed(r->err) || count > FEED_IN_PARKED_MAX)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "link.feed-row");
    struct feed_parked *parked = ARENA_ARRAY(arena, struct feed_parked, count);
    if (parked == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < count; i++) {
        parked[i].number = reader_u64(r);
        parked[i].subject = reader_text(r, FRAME_SUBJECT_LEN_MAX);
        parked[i].rule = reader_text(r, RECEIPT_RULE_LEN_MAX);
        if (i > 0 && parked[i].number <= parked[i - 1].number)
            return err_at(ERR_CORRUPT, (uint32_t)r->at, "link.feed-row");
    }
    feed->parked = parked;
    feed->parked_count = count;
    return err_none();
}

static struct err refused_read(struct reader *r, struct arena *arena, struct feed_in *feed)
{
    uint32_t count = reader_u32(r);
    if (failed(r->err) || count > FEED_IN_REFUSED_MAX)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "link.feed-row");
    struct receipt_line *lines = ARENA_ARRAY(arena, struct receipt_line, count);
    if (lines == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < count; i++) {
        lines[i].number = reader_u64(r);
        lines[i].rule = reader_text(r, RECEIPT_RULE_LEN_MAX);
        if (i > 0 && lines[i].number <= lines[i - 1].number)
            return err_at(ERR_CORRUPT, (uint32_t)r->at, "link.feed-row");
    }
    feed->refused = lines;
    feed->refused_count = count;
    return err_none();
}

static struct err frontier_read(struct reader *r, struct frontier *out)
{
    struct bytes block = reader_block(r, FRONTIER_LEN_MAX);
    if (failed(r->err))
        return r->err;
    return frontier_parse(block, out);
}

struct err feed_in_parse(struct bytes in, struct arena *arena, struct feed_in *out)
{
    struct reader r = reader_over(in);
    struct feed_in feed = { .generation = 0 };
    if (reader_u8(&r) != ROW_VERSION || in.len > FEED_IN_LEN_MAX)
        return err_make(ERR_CORRUPT, "link.feed-row");
    reader_copy(&r, feed.root, BATCH_KEY_LEN);
    feed.generation = reader_u32(&r);
    struct err e = frontier_read(&r, &feed.frontier);
    if (failed(e))
        return e;
    e = frontier_read(&r, &feed.anchors);
    if (failed(e))
        return e;
    feed.anchored.size = reader_u64(&r);
    reader_copy(&r, feed.anchored.root.bytes, HASH_LEN);
    feed.heard.ms = (int64_t)reader_u64(&r);
    feed.frozen = reader_text(&r, RECEIPT_RULE_LEN_MAX);
    e = parked_read(&r, arena, &feed);
    if (failed(e))
        return e;
    e = refused_read(&r, arena, &feed);
    if (failed(e))
        return e;
    e = reader_end(&r);
    if (failed(e))
        return e;
    *out = feed;
    return err_none();
}

static void frontier_write(struct writer *w, const struct frontier *frontier)
{
    uint8_t room[FRONTIER_LEN_MAX];
    writer_block(w, frontier_format(frontier, room));
}

struct err feed_in_format(const struct feed_in *feed, struct arena *arena, struct bytes *out)
{
    assert(feed->parked_count <= FEED_IN_PARKED_MAX);
    assert(feed->refused_count <= FEED_IN_REFUSED_MAX);
    struct writer w = writer_in(arena);
    writer_u8(&w, ROW_VERSION);
    writer_put(&w, BYTES_OF(feed->root));
    writer_u32(&w, feed->generation);
    frontier_write(&w, &feed->frontier);
    frontier_write(&w, &feed->anchors);
    writer_u64(&w, feed->anchored.size);
    writer_put(&w, BYTES_OF(feed->anchored.root.bytes));
    writer_u64(&w, (uint64_t)feed->heard.ms);
    writer_block(&w, text_bytes(feed->frozen));
    writer_u32(&w, (uint32_t)feed->parked_count);
    for (size_t i = 0; i < feed->parked_count; i++) {
        writer_u64(&w, feed->parked[i].number);
        writer_block(&w, text_bytes(feed->parked[i].subject));
        writer_block(&w, text_bytes(feed->parked[i].rule));
    }
    writer_u32(&w, (uint32_t)feed->refused_count);
    for (size_t i = 0; i < feed->refused_count; i++) {
        writer_u64(&w, feed->refused[i].number);
        writer_block(&w, text_bytes(feed->refused[i].rule));
    }
    return writer_keep(&w, arena, out);
}

struct feed_mark feed_in_mark(const struct feed_in *feed)
{
    return (struct feed_mark){ feed->generation, feed->frontier.size,
                               frontier_root(&feed->frontier) };
}

struct err feed_in_receipt(const struct feed_in *feed, struct text realm, struct text self,
                           struct arena *arena, struct receipt *out)
{
    struct receipt_line *parked = ARENA_ARRAY(arena, struct receipt_line, feed->parked_count);
    if (parked == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < feed->parked_count; i++)
        parked[i] = (struct receipt_line){ feed->parked[i].number, feed->parked[i].rule };
    *out = (struct receipt){
        .realm = realm,
        .feed = self,
        .generation = feed->generation,
        .number = feed->frontier.size,
        .root = frontier_root(&feed->frontier),
        .anchors = feed->anchors.size,
        .parked = parked,
        .parked_count = feed->parked_count,
        .refused = feed->refused,
        .refused_count = feed->refused_count,
    };
    return err_none();
}

void feed_in_freeze(struct feed_in *feed, struct text rule)
{
    assert(receipt_rule_valid(rule));
    if (feed->frozen.len == 0)
        feed->frozen = rule;
}

void feed_in_thaw(struct feed_in *feed)
{
    feed->frozen = TEXT("");
}

bool feed_in_waits(const struct feed_in *feed, struct text subject)
{
    if (subject.len == 0)
        return false;
    for (size_t i = 0; i < feed->parked_count; i++)
        if (text_equal(feed->parked[i].subject, subject))
            return true;
    return false;
}

bool feed_in_ready(const struct feed_in *feed, const struct frame *frame, struct instant now)
{
    struct text subject = frame_subject(frame);
    if (frame->as_of.ms - now.ms > LINK_CLOCK_OFF_MS_MAX)
        return false;
    for (size_t i = 0; subject.len > 0 && i < feed->parked_count; i++) {
        const struct feed_parked *parked = &feed->parked[i];
        if (parked->number < frame->number && text_equal(parked->subject, subject))
            return false;
    }
    return true;
}

static struct err refused_add(struct feed_in *feed, struct receipt_line line, struct arena *arena)
{
    struct receipt_line *lines = ARENA_ARRAY(arena, struct receipt_line, feed->refused_count + 1);
    if (lines == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    size_t at = 0;
    while (at < feed->refused_count && feed->refused[at].number < line.number) {
        lines[at] = feed->refused[at];
        at++;
    }
    lines[at] = line;
    for (size_t i = at; i < feed->refused_count; i++)
        lines[i + 1] = feed->refused[i];
    size_t count = feed->refused_count + 1;
    size_t old = count > FEED_IN_REFUSED_MAX ? count - FEED_IN_REFUSED_MAX : 0;
    feed->refused = lines + old;
    feed->refused_count = count - old;
    return err_none();
}

struct err feed_in_unpark(const struct feed_in *feed, uint64_t number, const char *refused_rule_opt,
                          struct arena *arena, struct feed_in *out)
{
    struct feed_in next = *feed;
    struct feed_parked *parked = ARENA_ARRAY(arena, struct feed_parked, feed->parked_count);
    if (parked == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    size_t kept = 0;
    for (size_t i = 0; i < feed->parked_count; i++)
        if (feed->parked[i].number != number)
            parked[kept++] = feed->parked[i];
    if (kept == feed->parked_count)
        return err_make(ERR_NOT_FOUND, "link.not-parked");
    next.parked = parked;
    next.parked_count = kept;
    if (refused_rule_opt != NULL) {
        struct receipt_line line = { number, text_literal(refused_rule_opt) };
        struct err e = refused_add(&next, line, arena);
        if (failed(e))
            return e;
    }
    *out = next;
    return err_none();
}
