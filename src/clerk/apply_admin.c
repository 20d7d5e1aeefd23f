/* Facts about users, units and imports. */
#include "clerk/apply.h"

static struct err put_by_id(struct act *act, enum store_table table, struct text id,
                            const struct json *row)
{
    struct row_key key = key_text(id);
    return row_put(act, table, &key, row);
}

struct err apply_user_put(struct act *act, const struct applied *in)
{
    return put_by_id(act, TABLE_USER, json_get_text(json_get(in->body, "user"), "id"), in->body);
}

struct err apply_unit_put(struct act *act, const struct applied *in)
{
    const struct json *unit = json_get(in->body, "unit");
    return unit == NULL ? err_make(ERR_CORRUPT, "clerk.bad-row")
                        : put_by_id(act, TABLE_UNIT, json_get_text(unit, "id"), unit);
}

struct err apply_import_run(struct act *act, const struct applied *in)
{
    return put_by_id(act, TABLE_SOURCE, json_get_text(in->body, "source"), in->body);
}
