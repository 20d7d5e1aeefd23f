#include "clerk/exchange/tell.h"

#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/encode.h"

/* One fact may tell several partners, and one partner of several records. */
static struct text message_id(struct act *act, const struct journal_entry *entry,
                              const struct tell *tell)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text_bytes(text_literal(tell->form)));
    hasher_add(&h, BYTES_OF(entry->entry.bytes));
    hasher_add(&h, text_bytes(tell->record));
    struct hash id = hasher_end(&h);
    return hex_format(act->arena, bytes_of(id.bytes, 16));
}

struct err tell_put(struct act *act, const struct journal_entry *entry, const struct tell *tell)
{
    struct json item = json_object();
    struct json body = json_copy(act->arena, &tell->body);
    struct text id = message_id(act, entry, tell);
    if (tell->basis_opt == NULL || tell->basis_opt->kind != JSON_OBJECT)
        return err_none();
    json_set_text(act->arena, &body, "id", id);
    json_set(act->arena, &body, "form", json_literal(tell->form));
    json_set_text(act->arena, &body, "record", tell->record);
    json_set(act->arena, &item, "kind", json_literal("message"));
    json_set(act->arena, &item, "form", json_literal(tell->form));
    json_set(act->arena, &item, "basis", *tell->basis_opt);
    json_set(act->arena, &item, "body", body);
    return outbox_put(act, tell->partner, id, &item);
}

struct err holders_of(struct act *act, const struct record_key *record, struct json *out)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    *out = json_array();
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes code = rows.rows[i].key;
        struct row_key key = key_of(code);
        struct json one = json_object();
        struct json row;
        key_add_u8(&key, 0);
        key_add(&key, BYTES_OF(record->bytes));
        e = row_get(act, TABLE_SHARED, &key, &row);
        if (e.code == ERR_NOT_FOUND) {
            e = err_none();
            continue;
        }
        json_set_text(act->arena, &one, "partner",
                      (struct text){ (const char *)code.data, code.len });
        json_set(act->arena, &one, "row", row);
        json_push(act->arena, out, one);
    }
    return e;
}

struct err tell_holders(struct act *act, const struct journal_entry *entry,
                        const struct record_key *record, struct tell tell, bool all)
{
    struct json holders;
    struct err e = holders_of(act, record, &holders);
    for (size_t i = 0; !failed(e) && i < json_count(&holders); i++) {
        const struct json *one = json_item(&holders, i);
        const struct json *row = json_get(one, "row");
        if (!all && !text_is(json_get_text(row, "state"), "held"))
            continue;
        tell.partner = json_get_text(one, "partner");
        tell.basis_opt = json_get(row, "basis");
        e = tell_put(act, entry, &tell);
    }
    return e;
}
