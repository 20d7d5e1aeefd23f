/* The catalogue of the node's edition, what it warns of, and the alerts that wait. */
#include "api/call.h"
#include "catalogue/show.h"
#include "clerk/apply.h"
#include "clerk/record/standing.h"

/* ?edition=: another one than the node's. */
static const struct edition *edition_of(struct call *call)
{
    struct text name;
    if (!call_parameter(call, "edition", &name))
        return clerk_edition(call->world->clerk);
    const struct edition *found = edition_find(name);
    if (found == NULL)
        call_fail(call, ERR_NOT_FOUND, "catalogue.no-such-edition", name);
    return found;
}

void route_catalogue(struct call *call)
{
    const struct edition *edition = edition_of(call);
    if (edition != NULL)
        call_answer(call, 200, catalogue_list(edition, call->arena));
}

void route_catalogue_category(struct call *call)
{
    struct json answer;
    const struct edition *edition = edition_of(call);
    if (edition == NULL)
        return;
    struct err e = catalogue_show(edition, call->ids[0], call->arena, &answer);
    if (failed(e))
        call_fail(call, e.code, e.rule, call->ids[0]);
    else
        call_answer(call, 200, answer);
}

/* Behind what it waits is said to whoever may see that record. */
static struct json behind_json(struct call *call, const struct json *behind)
{
    struct json list = json_array();
    for (size_t i = 0; i < json_count(behind); i++) {
        struct record_seen seen;
        struct text id = json_get_text(json_item(behind, i), "record");
        if (!failed(record_seen(call, id, &seen)))
            json_push(call->arena, &list, *json_item(behind, i));
    }
    return list;
}

struct json call_waiting(struct call *call, const struct json *row)
{
    static const char *const shown[] = { "id", "category", "action", "check" };
    const struct json *waiting = json_get(row, "waiting");
    struct json list = json_array();
    for (size_t i = 0; i < json_count(waiting); i++) {
        const struct json *one = json_item(waiting, i);
        const struct json *alert = json_get(one, "alert");
        struct json card = json_object();
        for (size_t j = 0; j < sizeof(shown) / sizeof(shown[0]); j++) {
            const struct json *value = json_get(alert, shown[j]);
            if (value != NULL)
                json_set(call->arena, &card, shown[j], *value);
        }
        json_set_text(call->arena, &card, "rule", json_get_text(one, "rule"));
        json_set_text(call->arena, &card, "since", json_get_text(one, "since"));
        json_set(call->arena, &card, "behind", behind_json(call, json_get(one, "behind")));
        json_push(call->arena, &list, card);
    }
    return list;
}

/* One row of TABLE_WAIT a pair: each record once. */
static bool listed(const struct json *list, struct text id)
{
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_equal(json_get_text(json_item(list, i), "record"), id))
            return true;
    }
    return false;
}

static void pick_waiting(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    struct record_seen seen;
    struct text id = json_get_text(row, "record");
    (void)key;
    if (listed(list, id) || failed(record_seen(call, id, &seen)))
        return;
    struct json alerts = call_waiting(call, &seen.row);
    for (size_t i = 0; i < json_count(&alerts); i++) {
        struct json one = json_copy(call->arena, json_item(&alerts, i));
        json_set_text(call->arena, &one, "record", id);
        json_push(call->arena, list, one);
    }
}

void route_waiting(struct call *call)
{
    call_list(call, TABLE_WAIT, (struct bytes){ NULL, 0 }, pick_waiting);
}
