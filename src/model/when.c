#include "model/when.h"

#include <assert.h>

/* true: the member is absent (then *out is untouched) or a date. */
static bool date_member(const struct json *in, const char *name, struct date *out)
{
    const struct json *value = json_get(in, name);
    if (value == NULL)
        return true;
    return value->kind == JSON_STRING && !failed(date_parse(value->string, out));
}

bool when_known(const struct when *w)
{
    return w->from.year != 0;
}

struct err when_parse(const struct json *in, struct when *out)
{
    struct when when = { .written = json_get_text(in, "written"),
                         .calendar = json_get_text(in, "calendar") };
    int quality = code_find(CODE_WHEN_QUALITY, json_get_text(in, "quality"));
    bool good = date_member(in, "from", &when.from) && date_member(in, "to", &when.to) &&
                date_member(in, "estimated_on", &when.estimated_on);
    if (!good)
        return err_make(ERR_INVALID, "model.bad-date");
    when.quality = quality < 0 ? WHEN_UNKNOWN : (enum when_quality)quality;
    if (quality < 0) /* of a later list: what it says about the interval we do not know */
        when.from = when.to = (struct date){ 0, 0, 0 };
    if ((when.from.year == 0) != (when.to.year == 0))
        return err_make(ERR_INVALID, "model.date-one-end");
    if (!when_known(&when) && when.quality != WHEN_UNKNOWN)
        return err_make(ERR_INVALID, "model.date-without-interval");
    if (when_known(&when) && date_days(when.from) > date_days(when.to))
        return err_make(ERR_INVALID, "model.date-ends-before");
    if (when.quality == WHEN_EXACT && date_days(when.from) != date_days(when.to))
        return err_make(ERR_INVALID, "model.date-not-exact");
    if (when.quality == WHEN_AGE_ESTIMATED && when.estimated_on.year == 0)
        return err_make(ERR_INVALID, "model.date-estimated-when");
    *out = when;
    return err_none();
}

struct when when_widen(const struct when *w)
{
    assert(when_known(w));
    struct when wide = *w;
    switch (w->quality) {
    case WHEN_MONTH_ONLY:
        wide.from.day = 1;
        wide.to.day = date_month_days(wide.to.year, wide.to.month);
        break;
    case WHEN_YEAR_ONLY:
    case WHEN_REGISTRY_DEFAULT:
        wide.from = (struct date){ w->from.year, 1, 1 };
        wide.to = (struct date){ w->to.year, 12, 31 };
        break;
    case WHEN_AGE_ESTIMATED:
        if (w->from.year > WHEN_ESTIMATE_YEARS)
            wide.from = date_add_months(w->from, -12 * WHEN_ESTIMATE_YEARS);
        if (w->to.year < 9999 - WHEN_ESTIMATE_YEARS)
            wide.to = date_add_months(w->to, 12 * WHEN_ESTIMATE_YEARS);
        break;
    case WHEN_EXACT:
    case WHEN_ABOUT:
    case WHEN_UNKNOWN:
        break;
    }
    return wide;
}

struct where where_view(const struct json *in)
{
    const struct json *at = json_get(in, "at");
    struct where where = {
        .written = json_get_text(in, "written"),
        .country = json_get_text(in, "country"),
        .locality = json_get_text(in, "locality"),
        .street = json_get_text(in, "street"),
        .post_code = json_get_text(in, "post_code"),
        .unlocode = json_get_text(in, "unlocode"),
        .post = json_get_text(in, "post"),
        .admin_opt = json_get(in, "admin"),
        .lat = json_get_text(at, "lat"),
        .lon = json_get_text(at, "lon"),
        .datum = json_get_text(at, "datum"),
        .radius_m = -1,
    };
    if (!json_get_integer(at, "radius_m", &where.radius_m))
        where.radius_m = -1;
    return where;
}
