/* Attachments of a record: their bytes in, and out behind an access entry. */
#include "api/call.h"
#include "clerk/apply.h"
#include "clerk/record/file.h"

void route_file_put(struct call *call)
{
    struct json body = json_object();
    json_set_text(call->arena, &body, "record", call->ids[0]);
    json_set_text(call->arena, &body, "attachment", call->ids[1]);
    struct command *command = call_command(call, VERB_BLOB_PUT, body);
    if (command != NULL)
        command->blob = call->request->body;
}

static const struct json *attachment_of(const struct json *row, struct text id)
{
    const struct json *list = json_get(json_get(row, "record"), "attachments");
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_equal(json_get_text(json_item(list, i), "id"), id))
            return json_item(list, i);
    }
    return NULL;
}

static void answer_file(struct call *call, const struct record_seen *seen,
                        const struct json *attachment)
{
    static const char *const shown[] = { "id", "role", "type", "size", "sha256" };
    struct json answer = json_object();
    struct json entry = json_object();
    struct text data;
    struct err e = file_read(call->world->clerk, call->world->view, &seen->key,
                             json_get_text(attachment, "sha256"), call->arena, &data);
    if (failed(e)) {
        call_fail(call, e.code, e.rule, call->ids[1]);
        return;
    }
    json_take_all(call->arena, &answer, attachment, shown, sizeof(shown) / sizeof(shown[0]));
    json_set_text(call->arena, &answer, "data", data);
    json_set(call->arena, &entry, "kind", json_literal("look"));
    json_set_text(call->arena, &entry, "record", call->ids[0]);
    json_set_text(call->arena, &entry, "attachment", call->ids[1]);
    record_report(call, &seen->row, &entry);
    call_look(call, answer, entry); /* I3 */
}

void route_file_get(struct call *call)
{
    struct record_seen seen;
    if (!call_purpose(call))
        return;
    struct err e = record_seen(call, call->ids[0], &seen);
    if (failed(e)) {
        call_fail(call, e.code, e.rule, call->ids[0]);
        return;
    }
    const struct json *attachment = attachment_of(&seen.row, call->ids[1]);
    if (attachment == NULL)
        call_fail(call, ERR_NOT_FOUND, "clerk.no-such-file", call->ids[1]);
    else
        answer_file(call, &seen, attachment);
}
