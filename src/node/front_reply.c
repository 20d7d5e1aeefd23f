/* Answers to callers: JSON, and problems by RFC 9457 with a sentence in the caller's language. */
#include <stdlib.h>

#include "node/parts.h"
#include "shell/text.h"

void front_answer(struct exchange *x, unsigned status, const char *type, struct bytes body)
{
    struct server_reply reply = { .status = status, .content_type = type, .body = body };
    server_answer(x, &reply);
}

void front_answer_json(struct exchange *x, unsigned status, const struct json *body,
                       struct arena *arena)
{
    struct bytes bytes;
    struct err e = json_format(body, arena, &bytes);
    if (failed(e)) /* too long an answer says so */
        front_answer_problem(x, e, TEXT(""), arena);
    else
        front_answer(x, status, "application/json", bytes);
}

void front_answer_problem(struct exchange *x, struct err e, struct text subject,
                          struct arena *arena)
{
    enum text_lang lang = text_lang_of(exchange_request(x)->accept_language);
    struct text_param params[] = { { "subject", subject } };
    uint8_t spare[8192];
    struct arena own = arena_over(spare, sizeof(spare));
    struct arena *from = arena->full ? &own : arena; /* a full arena still gets its answer */
    struct json problem = json_object();
    struct json errors = json_array();
    struct json one = json_object();
    unsigned status = api_status(e);
    struct text at = text_slice(subject, 0, 256);
    json_set(from, &problem, "type", json_literal("about:blank"));
    json_set(from, &problem, "code", json_literal(e.rule));
    json_set_integer(from, &problem, "status", status);
    json_set_text(from, &problem, "title", text_fill(from, lang, e.rule, params, 1));
    json_set_integer(from, &one, "at", e.at);
    json_set(from, &one, "code", json_literal(e.rule));
    json_set_text(from, &one, "pointer", at);
    json_push(from, &errors, one);
    json_set(from, &problem, "errors", errors);
    struct bytes bytes = { NULL, 0 };
    if (failed(json_format(&problem, from, &bytes)))
        bytes = (struct bytes){ NULL, 0 };
    front_answer(x, status, "application/problem+json", bytes);
}
