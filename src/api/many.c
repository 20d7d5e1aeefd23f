/* Many of a kind in one call: each is asked for itself, with an access entry of its own (I3), all
 * of one commit. One that is wrong is refused in its place and the others get their answers. */
#include "api/call.h"

enum { ANSWER_ROOM = 6 << 20 }; /* bytes that an answer may keep */

/* One in the scratch arena; what it gave is kept in the call's. */
static struct err ask_one(struct call *call, const struct call_many *many, const struct json *in,
                          struct json *answers)
{
    struct call inner = *call;
    struct call_asked asked = { .answer = json_object(), .entry = json_object() };
    asked.place = TEXT("");
    inner.arena = call_scratch(call);
    inner.scratch = NULL;
    size_t mark = inner.arena->used;
    struct err e = many->ask(&inner, many->context, in, &asked);
    if (failed(e) && e.code != ERR_INVALID && e.code != ERR_LIMIT && e.code != ERR_NOT_FOUND)
        return e;
    if (failed(e)) {
        json_push(call->arena, answers, call_refused(call->arena, e, asked.place));
    } else {
        json_push(call->arena, answers, json_copy(call->arena, &asked.answer));
        call_look_also(call, json_copy(call->arena, &asked.entry));
    }
    inner.arena->full = false;
    arena_rewind(inner.arena, mark);
    return err_none();
}

static struct err ask_all(struct call *call, const struct call_many *many, const struct json *list,
                          struct json *answers, size_t *done)
{
    size_t count = json_count(list);
    struct err e = err_none();
    while (!failed(e) && *done < count &&
           (*done == 0 || call->arena->size - call->arena->used > ANSWER_ROOM)) {
        e = ask_one(call, many, json_item(list, *done), answers);
        ++*done;
    }
    return e;
}

void call_many(struct call *call, const struct call_many *many)
{
    const struct json *list = json_get(&call->body, many->member);
    struct json answers = json_array();
    size_t count = json_count(list);
    size_t done = 0;
    if (list == NULL || list->kind != JSON_ARRAY || count == 0 || count > API_SEARCHES_MAX) {
        call_fail(call, count > API_SEARCHES_MAX ? ERR_LIMIT : ERR_INVALID,
                  count > API_SEARCHES_MAX ? "api.too-many-queries" : "clerk.field-missing",
                  arena_join(call->arena, TEXT("/"), text_literal(many->member)));
        return;
    }
    (void)call_scratch(call); /* before answers take its room */
    struct err e = ask_all(call, many, list, &answers, &done);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    struct json out = json_object();
    json_set(call->arena, &out, "results", answers);
    if (done < count)
        json_set_integer(call->arena, &out, "left", (int64_t)(count - done));
    call_answer(call, 200, out);
}
