#include "clerk/record/file.h"

#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/encode.h"

static const struct json *file_named(const struct json *list, struct text sha256)
{
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_item(list, i);
        if (sha256.len == FILE_NAME_LEN && text_equal(json_get_text(one, "sha256"), sha256))
            return one;
    }
    return NULL;
}

static struct row_key file_key(const struct record_key *record, struct text sha256)
{
    struct row_key key = key_record(record);
    key_add(&key, text_bytes(text_slice(sha256, 0, FILE_NAME_LEN)));
    return key;
}

/* -- reading ------------------------------------------------------------------------------ */

static struct err fact_of(const struct clerk *clerk, struct store_view *view, uint64_t number,
                          struct arena *arena, struct fact *out)
{
    struct journal_entry entry;
    struct opening_bytes opening;
    struct err e = store_journal_get(view, number, arena, &entry);
    if (!failed(e))
        e = journal_open(clerk, &entry, arena, &opening);
    return failed(e) ? e : fact_parse(opening.content, arena, out);
}

struct err file_read(const struct clerk *clerk, struct store_view *view,
                     const struct record_key *record, struct text sha256, struct arena *arena,
                     struct text *base64_out)
{
    struct row_key key = file_key(record, sha256);
    struct fact fact;
    struct json row;
    int64_t number = 0;
    struct err e = view_get(view, TABLE_FILE, &key, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_make(ERR_NOT_FOUND, "clerk.no-such-file");
    if (failed(e))
        return e;
    if (!json_get_integer(&row, "entry", &number) || number < 1)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    e = fact_of(clerk, view, (uint64_t)number, arena, &fact);
    if (failed(e))
        return e;
    const struct json *holder = &fact.body;
    if (fact.kind == FACT_RECEIVED) {
        const struct json *body = json_get(json_get(&fact.body, "frame"), "body");
        holder = file_named(json_get(body, "attachments"), sha256);
    }
    struct text data = json_get_text(holder, "data");
    if (data.len == 0)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    *base64_out = data;
    return err_none();
}

/* -- frames ------------------------------------------------------------------------------- */

static bool travels(const struct json *attachment)
{
    struct text role = json_get_text(attachment, "role");
    return text_is(role, "photo") || text_is(role, "thumbnail");
}

struct err files_carry(struct act *act, const struct record_key *record, const struct json *view,
                       struct json *out)
{
    const struct json *list = json_get(view, "attachments");
    struct json carried = json_array();
    size_t room = FILES_CARRIED_MAX;
    for (size_t i = 0; i < json_count(list); i++) {
        struct text sha256 = json_get_text(json_item(list, i), "sha256");
        struct json one = json_object();
        struct text data;
        if (!travels(json_item(list, i)) || file_named(&carried, sha256) != NULL)
            continue;
        struct err e = file_read(act->clerk, store_view(act->store), record, sha256, act->arena,
                                 &data);
        if (e.code == ERR_NOT_FOUND || (!failed(e) && data.len > room))
            continue;
        if (failed(e))
            return e;
        room -= data.len;
        json_set_text(act->arena, &one, "sha256", sha256);
        json_set_text(act->arena, &one, "data", data);
        json_push(act->arena, &carried, one);
    }
    *out = carried;
    return arena_check(act->arena);
}

static struct err check_one(struct act *act, const struct json *list, const struct json *one)
{
    struct text sha256 = json_get_text(one, "sha256");
    struct text data = json_get_text(one, "data");
    size_t mark = act->arena->used;
    size_t len = 0;
    const struct json *named = file_named(list, sha256);
    if (named == NULL || !travels(named))
        return act_refuse(act, ERR_INVALID, "clerk.file-differs", sha256);
    uint8_t *bytes = arena_take(act->arena, RECORD_PHOTO_BYTES_MAX);
    if (bytes == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (data.len > (RECORD_PHOTO_BYTES_MAX + 2) / 3 * 4)
        return act_refuse(act, ERR_INVALID, "clerk.file-too-long", sha256);
    struct err e = base64_parse(data, bytes, RECORD_PHOTO_BYTES_MAX, &len);
    struct hash hash = hash_of(bytes_of(bytes, failed(e) ? 0 : len));
    arena_rewind(act->arena, mark);
    struct text is = hex_format(act->arena, BYTES_OF(hash.bytes));
    if (failed(e) || len == 0 || !text_equal(is, sha256))
        return act_refuse(act, ERR_INVALID, "clerk.file-differs", sha256);
    return err_none();
}

struct err files_check(struct act *act, const struct json *frame_body)
{
    const struct json *list = json_get(json_get(frame_body, "record"), "attachments");
    const struct json *carried = json_get(frame_body, "attachments");
    struct err e = err_none();
    if (json_count(carried) > RECORD_ATTACHMENTS_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.file-too-long", TEXT("/attachments"));
    for (size_t i = 0; !failed(e) && i < json_count(carried); i++)
        e = check_one(act, list, json_item(carried, i));
    return e;
}

/* -- rows --------------------------------------------------------------------------------- */

static struct err settle_one(struct act *act, const struct record_key *record, struct text sha256,
                             uint64_t number)
{
    struct row_key key = file_key(record, sha256);
    struct json row = json_object();
    json_set_integer(act->arena, &row, "entry", (int64_t)number);
    return row_put(act, TABLE_FILE, &key, &row);
}

struct err files_forget(struct act *act, const struct record_key *record)
{
    struct row_key prefix = key_record(record);
    struct store_range range = { .table = TABLE_FILE, .prefix = key_bytes(&prefix),
                                 .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct row_key file = key_of(rows.rows[i].key);
        e = row_delete(act, TABLE_FILE, &file);
    }
    return e;
}

struct err files_settle(struct act *act, const struct record_key *record,
                        const struct json *carried_opt, uint64_t number)
{
    struct err e = files_forget(act, record);
    for (size_t i = 0; !failed(e) && i < json_count(carried_opt); i++)
        e = settle_one(act, record, json_get_text(json_item(carried_opt, i), "sha256"), number);
    return e;
}

struct err apply_blob_put(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &key);
    if (!failed(e))
        e = settle_one(act, &key, json_get_text(in->body, "sha256"), in->entry->number);
    if (!failed(e))
        e = holds_put(act, &key, in->entry->number);
    return failed(e) ? e : record_touch(act, &key, in->entry->number); /* it leaves with it */
}

/* -- the verb ----------------------------------------------------------------------------- */

/* Our own record, alive, names these bytes. */
static struct err named_by(struct act *act, const struct command *command,
                           struct record_key *key_out, const struct json **attachment_out)
{
    struct text id = json_get_text(command->body, "record");
    struct json *row = ARENA_NEW(act->arena, struct json);
    if (row == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = record_key_of(act, id, key_out);
    if (failed(e))
        return e;
    struct row_key key = key_record(key_out);
    e = row_get(act, TABLE_RECORD, &key, row);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && json_get(row, "record") == NULL))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    if (failed(e))
        return e;
    if (!json_get_bool(row, "own"))
        return act_refuse(act, ERR_DENIED, "clerk.not-the-owner", id); /* I2 */
    const struct json *list = json_get(json_get(row, "record"), "attachments");
    struct text wanted = json_get_text(command->body, "attachment");
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_equal(json_get_text(json_item(list, i), "id"), wanted)) {
            *attachment_out = json_item(list, i);
            return err_none();
        }
    }
    return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-file", wanted);
}

static struct err same_bytes(struct act *act, const struct json *attachment, struct bytes blob)
{
    int64_t size = 0;
    struct text sha256 = json_get_text(attachment, "sha256");
    if (blob.len > FILE_BYTES_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.file-too-long", sha256);
    struct hash hash = hash_of(blob);
    struct text is = hex_format(act->arena, BYTES_OF(hash.bytes));
    if (!json_get_integer(attachment, "size", &size) || (uint64_t)size != blob.len ||
        !text_equal(is, sha256))
        return act_refuse(act, ERR_INVALID, "clerk.file-differs", sha256);
    return err_none();
}

struct err do_blob_put(struct act *act, const struct command *command, struct json *body_out)
{
    struct record_key key;
    const struct json *attachment = NULL;
    uint64_t number = 0;
    struct err e = named_by(act, command, &key, &attachment);
    if (!failed(e))
        e = same_bytes(act, attachment, command->blob);
    if (failed(e))
        return e;
    struct text sha256 = json_get_text(attachment, "sha256");
    struct row_key file = file_key(&key, sha256);
    bool here = row_exists(act, TABLE_FILE, &file);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "id", json_get_text(command->body, "record"));
    json_set_text(act->arena, body_out, "attachment", json_get_text(attachment, "id"));
    json_set(act->arena, body_out, "result", json_literal(here ? "unchanged" : "stored"));
    if (here)
        return err_none();
    struct json body = json_object();
    json_set_text(act->arena, &body, "record", json_get_text(command->body, "record"));
    json_set_text(act->arena, &body, "sha256", sha256);
    json_set_text(act->arena, &body, "data", base64_format(act->arena, command->blob));
    e = fact_add(act, FACT_BLOB_PUT, body, &number);
    json_set_integer(act->arena, body_out, "entry", (int64_t)number);
    return e;
}
