#include "node/lines.h"

#include "core/encode.h"
#include "shell/clock.h"

enum { PARTNERS_SCAN = 256 };

struct err lines_by_root(struct store_view *view, const uint8_t root[static 32],
                         struct arena *arena, struct text *code_out)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = PARTNERS_SCAN };
    struct store_rows rows;
    struct text wanted = hex_format(arena, bytes_of(root, 32));
    struct err e = store_scan(view, &range, arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        e = json_parse(rows.rows[i].value, arena, &row);
        if (!failed(e) && text_equal(json_get_text(&row, "root"), wanted)) {
            *code_out = json_get_text(&row, "code");
            return err_none();
        }
    }
    return failed(e) ? e : err_make(ERR_NOT_FOUND, "clerk.no-such-partner");
}

struct err lines_hello(struct node *node, const struct line *line, struct arena *arena,
                       struct bytes *out)
{
    pthread_mutex_lock(&node->sign_lock); /* a renewal replaces them */
    struct json shown = json_copy(arena, &node->cards);
    pthread_mutex_unlock(&node->sign_lock);
    size_t count = json_count(&shown);
    struct text *cards = ARENA_ARRAY(arena, struct text, count);
    if (cards == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++)
        cards[i] = json_item_text(&shown, i);
    return line_hello(line, cards, count, clock_now(), arena, out);
}

struct json lines_cards(struct text partner, const struct hello *hello, struct arena *arena)
{
    struct json body = json_object();
    struct json cards = json_array();
    for (size_t i = 0; i < hello->cards_count; i++)
        json_push(arena, &cards, json_string(hello->cards[i]));
    json_set_text(arena, &body, "partner", partner);
    json_set(arena, &body, "cards", cards);
    return body;
}

struct err lines_number(struct node *node, struct text partner, const struct line_room *room,
                        struct arena *arena, bool *more_out)
{
    struct json body = json_object();
    *more_out = false;
    if (room->frames == 0)
        return err_none();
    json_set_text(arena, &body, "partner", partner);
    json_set_integer(arena, &body, "room", (int64_t)room->bytes);
    json_set_integer(arena, &body, "frames", (int64_t)room->frames);
    struct command command = { .verb = VERB_FEED_NUMBER, .by = node_caller(node), .body = &body };
    struct reply reply = desk_one(node->desk, &command, arena);
    if (!failed(reply.err))
        *more_out = json_get_bool(&reply.body, "more");
    return reply.err;
}

static struct err sign(void *context, struct store_view *view, const struct log_head *which,
                       struct arena *arena, struct text *note_out)
{
    return node_sign_head(context, view, which, arena, note_out);
}

struct line_signer lines_signer(struct node *node)
{
    return (struct line_signer){ sign, node };
}
