/* Facts about who looked: at what, and whom that is told. */
#include "clerk/apply.h"
#include "clerk/exchange/tell.h"

static struct err mark(struct act *act, enum store_table table, struct row_key key,
                       uint64_t number)
{
    static const uint8_t seen = 1;
    key_add_u64(&key, number);
    return row_put_bytes(act, table, &key, bytes_of(&seen, 1));
}

static struct err mark_user(struct act *act, const struct applied *in)
{
    struct row_key key = key_text(in->fact->by.user);
    key_add_u8(&key, 0);
    return mark(act, TABLE_ACCESS_USER, key, in->entry->number);
}

static struct err mark_record(struct act *act, const struct applied *in, struct text id)
{
    struct record_key record;
    if (id.len == 0)
        return err_none(); /* an audit looks at entries, not at a record */
    struct err e = record_key_of(act, id, &record);
    if (e.code == ERR_NOT_FOUND)
        return err_none(); /* its owner is no partner any more */
    if (failed(e))
        return e;
    return record_log(act, &record, in->entry->number);
}

/* Copies whose clause says report-use: their owner learns when, for what and in which unit, not
 * by whom. */
static struct err report_uses(struct act *act, const struct applied *in)
{
    const struct json *reports = json_get(in->body, "reports");
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(reports); i++) {
        const struct json *one = json_item(reports, i);
        struct tell tell = { .partner = json_get_text(one, "partner"),
                             .form = "use-report",
                             .basis_opt = json_get(one, "basis"),
                             .record = json_get_text(one, "record"),
                             .body = json_object() };
        json_set_text(act->arena, &tell.body, "at", instant_format(act->arena, in->fact->at));
        json_set_text(act->arena, &tell.body, "used_for", json_get_text(in->body, "purpose"));
        json_set_text(act->arena, &tell.body, "unit", in->fact->by.unit);
        e = tell_put(act, in->entry, &tell);
    }
    return e;
}

/* A record that was opened, and those that were seen beside it or found. */
struct err apply_look(struct act *act, const struct applied *in)
{
    const struct json *hits = json_get(in->body, "hits");
    struct err e = mark_user(act, in);
    if (!failed(e))
        e = mark_record(act, in, json_get_text(in->body, "record"));
    for (size_t i = 0; !failed(e) && i < json_count(hits); i++)
        e = mark_record(act, in, json_item_text(hits, i));
    return failed(e) ? e : report_uses(act, in);
}

struct err apply_use_report(struct act *act, const struct applied *in)
{
    return mark_record(act, in, json_get_text(in->body, "record"));
}
