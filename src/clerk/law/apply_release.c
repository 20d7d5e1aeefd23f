/* Facts about who lets a record go. */
#include "clerk/apply.h"

/* The key of a record and a partner, and the record alone. */
static struct err case_key(struct act *act, const struct applied *in, struct row_key *out,
                           struct record_key *record)
{
    struct err e = record_key_of(act, json_get_text(in->body, "record"), record);
    if (failed(e))
        return e;
    *out = key_text(json_get_text(in->body, "partner"));
    key_add_u8(out, 0);
    key_add(out, BYTES_OF(record->bytes));
    return err_none();
}

/* What was given for this version stays given when the law asks for more. */
struct err apply_release_ask(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct record_key record;
    struct json old;
    struct err e = case_key(act, in, &key, &record);
    if (failed(e))
        return e;
    struct json row = json_copy(act->arena, in->body);
    struct json given = json_array();
    e = row_get(act, TABLE_RELEASE, &key, &old);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    const struct json *version = json_get(in->body, "version");
    const struct json *before = failed(e) ? NULL : json_get(&old, "version");
    if (version != NULL && before != NULL && json_equal(version, before))
        given = json_copy(act->arena, json_get(&old, "given"));
    json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
    json_set(act->arena, &row, "given", given);
    return row_put(act, TABLE_RELEASE, &key, &row);
}

static void push_given(struct act *act, const struct applied *in, struct text office,
                       struct json *given)
{
    struct json one = json_object();
    json_set_text(act->arena, &one, "person", in->fact->by.user);
    json_set_text(act->arena, &one, "office", office);
    json_set_text(act->arena, &one, "at", instant_format(act->arena, in->fact->at));
    json_push(act->arena, given, one);
}

struct err apply_release_give(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct record_key record;
    struct json row;
    struct err e = case_key(act, in, &key, &record);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_RELEASE, &key, &row);
    if (failed(e))
        return e;
    const struct json *old = json_get(&row, "given");
    const struct json *offices = json_get(in->body, "offices");
    struct json given = json_array();
    for (size_t i = 0; i < json_count(old); i++)
        json_push(act->arena, &given, *json_item(old, i));
    for (size_t i = 0; i < json_count(offices); i++)
        push_given(act, in, json_item_text(offices, i), &given);
    if (offices == NULL) /* a fact of the first release names one */
        push_given(act, in, json_get_text(in->body, "office"), &given);
    json_set(act->arena, &row, "given", given);
    e = row_put(act, TABLE_RELEASE, &key, &row);
    return failed(e) ? e : record_touch(act, &record, in->entry->number);
}

/* The others of the row, and what is known about this code when `with`. */
static struct err assurance_set(struct act *act, const struct applied *in, bool with)
{
    static const char *const kept[] = { "code", "reference", "until" };
    struct row_key key;
    struct record_key record;
    struct json row;
    struct json list = json_array();
    struct err e = case_key(act, in, &key, &record);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_ASSURANCE, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        row = json_object();
    else if (failed(e))
        return e;
    const struct json *old = json_get(&row, "assurances");
    struct text code = json_get_text(in->body, "code");
    for (size_t i = 0; i < json_count(old); i++) {
        if (!text_equal(json_get_text(json_item(old, i), "code"), code))
            json_push(act->arena, &list, *json_item(old, i));
    }
    if (with) {
        struct json one = json_object();
        for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
            struct text value = json_get_text(in->body, kept[i]);
            if (value.len > 0)
                json_set_text(act->arena, &one, kept[i], value);
        }
        json_set_text(act->arena, &one, "unit", in->fact->by.unit);
        json_set_text(act->arena, &one, "person", in->fact->by.user);
        json_set_text(act->arena, &one, "at", instant_format(act->arena, in->fact->at));
        json_push(act->arena, &list, one);
    }
    json_set_text(act->arena, &row, "record", json_get_text(in->body, "record"));
    json_set_text(act->arena, &row, "partner", json_get_text(in->body, "partner"));
    json_set(act->arena, &row, "assurances", list);
    e = json_count(&list) == 0 ? row_delete(act, TABLE_ASSURANCE, &key)
                               : row_put(act, TABLE_ASSURANCE, &key, &row);
    return failed(e) ? e : record_touch(act, &record, in->entry->number);
}

struct err apply_assurance_give(struct act *act, const struct applied *in)
{
    struct date day;
    struct err e = assurance_set(act, in, true);
    if (failed(e) || failed(date_parse(json_get_text(in->body, "until"), &day)))
        return e;
    /* its last day is over: the record is looked at again (do_tick.c) */
    return deadline_put(act, instant_plus(date_begin(day), INSTANT_DAY), "alert",
                        json_get_text(in->body, "record"));
}

struct err apply_assurance_revoke(struct act *act, const struct applied *in)
{
    return assurance_set(act, in, false);
}
