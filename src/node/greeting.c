#include "node/greeting.h"

#include "clerk/rows.h"
#include "core/encode.h"
#include "shell/clock.h"

enum { PARTNERS_SCAN = 256 };

static struct err greeted_of(struct store_view *view, const struct json *row,
                             struct arena *arena, struct greeted *out)
{
    struct greeted greeted = { .code = json_get_text(row, "code"),
                               .address = json_get_text(row, "address") };
    struct row_key key = key_text(greeted.code);
    struct row_key halt = key_text(TEXT("halt/"));
    struct json courier;
    struct json halted;
    int64_t number = 0;
    struct err e = hex_parse(json_get_text(row, "root"), greeted.root, sizeof(greeted.root));
    if (failed(e))
        return e;
    if (!json_get_integer(row, "log", &number) || number < 1 || number > UINT16_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    greeted.log = (uint16_t)number;
    if (json_get_integer(row, "generation", &number) && number > 0)
        greeted.generation = (uint32_t)number;
    if (!failed(view_get(view, TABLE_COURIER, &key, arena, &courier)) &&
        json_get_integer(&courier, "acked", &number) && number > 0)
        greeted.acked = (uint64_t)number;
    key_add(&halt, text_bytes(greeted.code));
    greeted.halted = !failed(view_get(view, TABLE_AGREEMENT, &halt, arena, &halted));
    *out = greeted;
    return err_none();
}

struct err greeted_by_code(struct store_view *view, struct text code, struct arena *arena,
                           struct greeted *out)
{
    struct row_key key = key_text(text_slice(code, 0, MEMBER_CODE_MAX));
    struct json row;
    struct err e = view_get(view, TABLE_PARTNER, &key, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_make(ERR_NOT_FOUND, "clerk.no-such-partner");
    return failed(e) ? e : greeted_of(view, &row, arena, out);
}

struct err greeted_by_root(struct store_view *view, const uint8_t root[static 32],
                           struct arena *arena, struct greeted *out)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = PARTNERS_SCAN };
    struct store_rows rows;
    struct text wanted = hex_format(arena, bytes_of(root, 32));
    struct err e = store_scan(view, &range, arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        e = json_parse(rows.rows[i].value, arena, &row);
        if (!failed(e) && text_equal(json_get_text(&row, "root"), wanted))
            return greeted_of(view, &row, arena, out);
    }
    return failed(e) ? e : err_make(ERR_NOT_FOUND, "clerk.no-such-partner");
}

static struct err held_feed(struct store_view *view, const struct greeted *from,
                            struct arena *arena, struct feed_in *out)
{
    struct row_key key = key_text(from->code);
    struct bytes row;
    struct feed_in feed;
    struct err e = store_get(view, TABLE_FEED_IN, key_bytes(&key), arena, &row);
    if (e.code == ERR_NOT_FOUND) {
        feed = feed_in_start(from->root, from->generation == 0 ? 1 : from->generation);
        e = err_none();
    } else if (!failed(e)) {
        e = feed_in_parse(row, arena, &feed);
    }
    if (!failed(e))
        *out = feed;
    return e;
}

struct err greeting_held(struct store_view *view, const struct greeted *from, struct arena *arena,
                         struct feed_mark *out)
{
    struct feed_in feed;
    struct err e = held_feed(view, from, arena, &feed);
    if (!failed(e))
        *out = feed_in_mark(&feed);
    return e;
}

struct err greeting_make(struct node *node, struct store_view *view, const struct greeted *to,
                         struct arena *arena, struct bytes *out)
{
    pthread_mutex_lock(&node->sign_lock); /* a renewal replaces them */
    struct json shown = json_copy(arena, &node->cards);
    pthread_mutex_unlock(&node->sign_lock);
    size_t count = json_count(&shown);
    struct text *cards = ARENA_ARRAY(arena, struct text, count);
    struct hello hello = { .version_min = LINK_VERSION_MIN,
                           .version_max = LINK_VERSION_MAX,
                           .realm = home_realm(&node->home),
                           .generation = node->home.generation,
                           .member = member_code_text(&node->home.member),
                           .at = clock_now(),
                           .cards = cards,
                           .cards_count = count };
    if (cards == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++)
        cards[i] = json_item(&shown, i)->string;
    memcpy(hello.root, node->home.root, sizeof(hello.root));
    memcpy(hello.to, to->root, sizeof(hello.to));
    struct feed_in feed;
    struct err e = held_feed(view, to, arena, &feed);
    if (failed(e))
        return e;
    hello.holds = feed_in_mark(&feed);
    hello.anchors = feed.anchors.size;
    e = store_log_size(view, to->log, &hello.sends);
    return failed(e) ? e : hello_format(&hello, arena, out);
}

struct err greeting_check(struct node *node, struct store_view *view,
                          const struct greeted *from, const struct hello *hello,
                          const struct feed_mark *held_opt, struct hello_agreed *out)
{
    uint8_t memory[128 << 10];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct hash root;
    struct hello_known known = { .realm = home_realm(&node->home),
                                 .generation = node->home.generation,
                                 .peer_code = from->code,
                                 .peer_known = true,
                                 .peer_generation = from->generation,
                                 .acked = from->acked,
                                 .answers = held_opt != NULL,
                                 .now = clock_now() };
    memcpy(known.self, node->home.root, sizeof(known.self));
    memcpy(known.peer, from->root, sizeof(known.peer));
    struct err e = store_log_size(view, from->log, &known.numbered);
    if (held_opt != NULL)
        known.held = *held_opt;
    else if (!failed(e))
        e = greeting_held(view, from, &arena, &known.held);
    if (failed(e))
        return e;
    if (hello->holds.number <= known.numbered &&
        !failed(log_root_at(view, from->log, hello->holds.number, &root)))
        known.root_at_opt = &root;
    return hello_check(hello, &known, out);
}

struct json greeting_cards(const struct greeted *from, const struct hello *hello,
                           struct arena *arena)
{
    struct json body = json_object();
    struct json cards = json_array();
    for (size_t i = 0; i < hello->cards_count; i++)
        json_push(arena, &cards, json_string(hello->cards[i]));
    json_set_text(arena, &body, "partner", from->code);
    json_set(arena, &body, "cards", cards);
    return body;
}

struct err greeting_refuse(struct node *node, struct err e, struct arena *arena,
                           struct bytes *out)
{
    struct refusal refusal = { .realm = home_realm(&node->home),
                               .at = clock_now(),
                               .rule = text_literal(e.rule) };
    memcpy(refusal.root, node->home.root, sizeof(refusal.root));
    return refusal_format(&refusal, arena, out);
}
