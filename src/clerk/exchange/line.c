#include "clerk/exchange/line.h"

#include <assert.h>

#include "clerk/act.h"
#include "clerk/rows.h"
#include "core/encode.h"

static struct err courier_read(struct line *line, struct arena *arena)
{
    struct row_key key = key_text(line->partner);
    struct json row;
    int64_t acked = 0;
    struct err e = view_get(line->view, TABLE_COURIER, &key, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e))
        return e;
    (void)json_get_integer(&row, "acked", &acked);
    line->acked = (uint64_t)acked;
    return line->acked <= line->numbered ? err_none() : err_make(ERR_CORRUPT, "clerk.bad-row");
}

static struct err theirs_read(struct line *line, const struct json *partner, struct arena *arena)
{
    struct row_key key = key_text(line->partner);
    struct bytes row;
    int64_t generation = 1;
    (void)json_get_integer(partner, "generation", &generation);
    struct err e = store_get(line->view, TABLE_FEED_IN, key_bytes(&key), arena, &row);
    if (e.code != ERR_NOT_FOUND)
        return failed(e) ? e : feed_in_parse(row, arena, &line->theirs);
    line->theirs = feed_in_start(line->root, (uint32_t)generation);
    return err_none();
}

struct err line_open(const struct clerk *clerk, struct store_view *view, struct text partner,
                     struct arena *arena, struct line *out)
{
    struct line line = { .clerk = clerk, .view = view, .partner = partner };
    struct json row;
    int64_t log = 0;
    if (partner.len == 0 || partner.len > MEMBER_CODE_MAX)
        return err_make(ERR_NOT_FOUND, "clerk.no-such-partner");
    struct row_key key = key_text(partner);
    struct err e = view_get(view, TABLE_PARTNER, &key, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_make(ERR_NOT_FOUND, "clerk.no-such-partner");
    if (!failed(e))
        e = hex_parse(json_get_text(&row, "root"), line.root, sizeof(line.root));
    if (failed(e))
        return e;
    if (!json_get_integer(&row, "log", &log) || log < LOG_FEED_FIRST || log > UINT16_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    line.log = (uint16_t)log;
    line.address = json_get_text(&row, "address");
    /* not the rules: they are the clerk's thread's */
    struct row_key halt = key_text(TEXT("halt/"));
    key_add(&halt, text_bytes(partner));
    struct json halted;
    line.halted = !failed(view_get(view, TABLE_AGREEMENT, &halt, arena, &halted));
    e = store_log_size(view, line.log, &line.numbered);
    if (!failed(e))
        e = courier_read(&line, arena);
    if (!failed(e))
        e = theirs_read(&line, &row, arena);
    if (!failed(e))
        *out = line;
    return e;
}

struct err line_hello(const struct line *line, const struct text *cards, size_t count,
                      struct instant now, struct arena *arena, struct bytes *out)
{
    const struct clerk_config *config = clerk_config(line->clerk);
    struct hello hello = {
        .version_min = LINK_VERSION_MIN,
        .version_max = LINK_VERSION_MAX,
        .realm = config->realm,
        .generation = config->generation,
        .member = config->member,
        .at = now,
        .holds = feed_in_mark(&line->theirs),
        .sends = line->numbered,
        .anchors = line->theirs.anchors.size,
        .cards = cards,
        .cards_count = count,
    };
    memcpy(hello.root, config->root_key, sizeof(hello.root));
    memcpy(hello.to, line->root, sizeof(hello.to));
    return hello_format(&hello, arena, out);
}

struct line_greeting line_greeting(const struct line *line)
{
    return (struct line_greeting){ line->acked, line->theirs.frontier.size };
}

struct err line_greeted(const struct line *line, const struct hello *hello,
                        const uint8_t root[static BATCH_KEY_LEN],
                        const struct line_greeting *greeting_opt, struct instant now,
                        struct hello_agreed *out)
{
    const struct clerk_config *config = clerk_config(line->clerk);
    struct hash root_at;
    struct hello_known known = {
        .realm = config->realm,
        .generation = config->generation,
        .peer_code = line->partner,
        .peer_known = memcmp(root, line->root, BATCH_KEY_LEN) == 0,
        .peer_generation = line->theirs.frontier.size > 0 ? line->theirs.generation : 0,
        .numbered = line->numbered,
        .acked = line->acked,
        .held = feed_in_mark(&line->theirs),
        .answers = greeting_opt != NULL,
        .now = now,
    };
    if (greeting_opt != NULL) {
        known.acked = greeting_opt->acked;
        known.held.number = greeting_opt->held;
    }
    memcpy(known.self, config->root_key, sizeof(known.self));
    memcpy(known.peer, root, sizeof(known.peer));
    if (hello->holds.number <= line->numbered) {
        struct err e = log_root_at(line->view, line->log, hello->holds.number, &root_at);
        if (failed(e))
            return e;
        known.root_at_opt = &root_at;
    }
    return hello_check(hello, &known, out);
}

struct err line_refusal(const struct clerk *clerk, const char *rule, struct instant now,
                        struct arena *arena, struct bytes *out)
{
    const struct clerk_config *config = clerk_config(clerk);
    struct refusal refusal = { .realm = config->realm, .at = now, .rule = text_literal(rule) };
    memcpy(refusal.root, config->root_key, sizeof(refusal.root));
    return refusal_format(&refusal, arena, out);
}

static struct err head_sign(const struct line *line, const struct line_signer *signer,
                            struct log_head which, struct arena *arena, struct bytes *out)
{
    struct text note;
    struct err e = signer->sign(signer->context, line->view, &which, arena, &note);
    if (!failed(e))
        *out = text_bytes(note);
    return e;
}

static struct err anchors_read(const struct line *line, uint64_t held,
                               const struct line_signer *signer, struct arena *arena,
                               struct batch_anchors *out)
{
    struct journal_entries entries;
    uint64_t size = 0;
    struct err e = store_log_size(line->view, LOG_ANCHORS, &size);
    if (failed(e) || size <= held)
        return e;
    uint32_t count = size - held > BATCH_ANCHORS_MAX ? BATCH_ANCHORS_MAX : (uint32_t)(size - held);
    e = store_log_read(line->view, LOG_ANCHORS, held, count, arena, &entries);
    if (failed(e))
        return e;
    struct hash *hashes = ARENA_ARRAY(arena, struct hash, count);
    if (hashes == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (entries.count != count)
        return err_make(ERR_CORRUPT, "clerk.log-gap");
    for (uint32_t i = 0; i < count; i++)
        hashes[i] = entries.entries[i].entry;
    struct batch_anchors anchors = { .first = held, .entries = hashes, .count = count };
    e = head_sign(line, signer, (struct log_head){ LOG_ANCHORS, TEXT("anchors"), size }, arena,
                  &anchors.checkpoint);
    if (!failed(e))
        *out = anchors;
    return e;
}

struct err line_batch(const struct line *line, struct feed_range range, uint64_t anchors,
                      const struct line_signer *signer, struct arena *arena, struct bytes *out)
{
    struct batch batch;
    assert(range.first >= 1 && range.first <= range.last && range.last == line->numbered);
    struct err e =
        feed_frames(line->clerk, line->view, line->log, range.first, range.last, arena, &batch);
    if (failed(e))
        return e;
    memcpy(batch.to, line->root, sizeof(batch.to));
    e = head_sign(line, signer, (struct log_head){ line->log, line->partner, range.last }, arena,
                  &batch.checkpoint);
    if (!failed(e))
        e = anchors_read(line, anchors, signer, arena, &batch.anchors);
    return failed(e) ? e : batch_format(&batch, arena, out);
}

struct err line_room(const struct line *line, uint64_t held, struct arena *arena,
                     struct line_room *out)
{
    struct journal_entries entries = { .count = 0 };
    uint64_t from = held > line->acked ? held : line->acked;
    uint64_t ahead = line->numbered - from;
    size_t bytes = 0;
    assert(from <= line->numbered); /* feed_out_hello() has refused more */
    *out = (struct line_room){ .bytes = 0 };
    if (ahead >= BATCH_FRAMES_MAX)
        return err_none();
    size_t mark = arena->used;
    if (ahead > 0) {
        struct err e =
            store_log_read(line->view, line->log, from, (uint32_t)ahead, arena, &entries);
        if (failed(e))
            return e;
    }
    for (size_t i = 0; i < entries.count; i++)
        bytes += entries.entries[i].sealed.len;
    arena_rewind(arena, mark);
    if (bytes >= BATCH_BULK_AHEAD_MAX)
        return err_none();
    *out = (struct line_room){ BATCH_BULK_AHEAD_MAX - bytes, BATCH_FRAMES_MAX - ahead };
    return err_none();
}
