#include "clerk/record/sight.h"

#include "clerk/record/doc.h"
#include "clerk/rights/retain.h"
#include "clerk/rows.h"

/* The row names every purpose for which its agreement lets us use it (I2). */
static bool purpose_fits(const struct sight *sight, const struct json *row)
{
    const struct json *purposes = json_get(row, "purposes");
    for (size_t i = 0; i < json_count(purposes); i++) {
        if (text_equal(json_item_text(purposes, i), sight->caller->purpose))
            return true;
    }
    return false;
}

/* The clause lets only units of some branches use it: ours is looked up; none, none of them. */
static bool audience_fits(struct sight *sight, const struct json *row)
{
    const struct json *audience = json_get(row, "audience");
    struct row_key key = key_text(sight->caller->who.unit);
    if (audience == NULL)
        return true;
    if (!sight->unit_known &&
        failed(view_get(sight->view, TABLE_UNIT, &key, sight->arena, &sight->unit)))
        sight->unit = json_object();
    sight->unit_known = true;
    for (size_t i = 0; i < json_count(audience); i++) {
        if (text_equal(json_item_text(audience, i), json_get_text(&sight->unit, "branch")))
            return true;
    }
    return false;
}

bool effects_hide(const struct json *record, const struct json *effects)
{
    const struct json *alerts = json_get(record, "alerts");
    size_t hidden = 0;
    for (size_t i = 0; i < json_count(alerts); i++) {
        struct text id = json_get_text(json_item(alerts, i), "id");
        for (uint32_t j = 0; j < json_count(effects); j++) {
            const struct json_member *m = &effects->members[j];
            if (text_equal(m->name, id) &&
                text_is(json_get_text(&m->value, "effect"), "not-shown"))
                hidden++;
        }
    }
    return hidden > 0 && hidden == json_count(alerts);
}

/* Nobody answers for the copy any more; or its feed cannot be found. */
static bool silenced(struct sight *sight, const struct json *row)
{
    struct silence_clock clock = { .state = SILENCE_HIDES };
    struct err e = copy_silence(sight->view, row, sight->now, sight->arena, &clock);
    return failed(e) || clock.state >= SILENCE_HIDES;
}

/* Of a row, or of what a group has in common. */
static bool terms_fit(struct sight *sight, const struct json *row, enum classification level)
{
    if (level > sight->caller->clearance)
        return false;
    if (json_get(row, "from") == NULL)
        return true; /* our own, or a public source */
    return purpose_fits(sight, row) && audience_fits(sight, row) && !silenced(sight, row);
}

bool sight_of(struct sight *sight, const struct json *row, const struct json *effects)
{
    const struct json *record = json_get(row, "record");
    if (record == NULL)
        return false;
    if (row_apart(row) && (sight->caller->roles & ROLE_BIT(ROLE_LEGAL)) == 0)
        return false; /* kept for a court, or restricted: the legal desk's alone */
    return terms_fit(sight, row, record_level(record)) &&
           (json_get(row, "from") == NULL || !effects_hide(record, effects));
}

struct err sight_filter(struct sight *sight, const struct shelf *shelf,
                        const struct shelf_view *view, struct index_filter *out,
                        uint64_t *documents_out)
{
    uint64_t *seen = ARENA_ARRAY(sight->arena, uint64_t, view->group_count / 64 + 1);
    if (seen == NULL)
        return arena_check(sight->arena);
    *documents_out = 0;
    for (size_t i = 0; i < view->group_count; i++) {
        const struct json *group = shelf_group(shelf, i);
        int64_t level = CLASSIFICATION_RAW;
        (void)json_get_integer(group, "level", &level);
        if (view->in_group[i] == 0 || !terms_fit(sight, group, (enum classification)level))
            continue;
        seen[i / 64] |= UINT64_C(1) << i % 64;
        *documents_out += view->in_group[i];
    }
    *out = (struct index_filter){ .dead = view->dead, .groups_opt = seen,
                                  .group_count = view->group_count };
    return arena_check(sight->arena);
}
