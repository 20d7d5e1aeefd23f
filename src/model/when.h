/* When and where, with what is not known.
 *
 * A date is kept as written, with its calendar, and as an interval of Gregorian days with a
 * quality:
 *   {"written":"né vers 1985","calendar":"gregorian","from":"1984-01-01","to":"1986-12-31",
 *    "quality":"about"}
 * quality: exact, about, month-only, year-only, registry-default (1 January or 31 December put in
 * by a registry), age-estimated (with "estimated_on"), unknown. `from` and `to` are absent only
 * when the quality is unknown. An exact date has from = to.
 *
 * A place: {"written","country","admin":["NE-2",…],"locality","post_code","unlocode","street",
 * "post":"border post code","at":{"lat":"13.3154","lon":"12.6113","radius_m":500,
 * "datum":"WGS84"}}; coordinates are decimal text, because they are evidence and not arithmetic. */
#ifndef COMITY_MODEL_WHEN_H
#define COMITY_MODEL_WHEN_H

#include "core/json.h"
#include "core/time.h"
#include "model/code.h"

enum when_quality {
    WHEN_EXACT,
    WHEN_ABOUT,
    WHEN_MONTH_ONLY,
    WHEN_YEAR_ONLY,
    WHEN_REGISTRY_DEFAULT,
    WHEN_AGE_ESTIMATED,
    WHEN_UNKNOWN
};

struct when {
    struct text written;
    struct text calendar; /* empty: Gregorian */
    struct date from;     /* what the source allows: first and last possible day */
    struct date to;
    enum when_quality quality;
    struct date estimated_on; /* year 0 unless age-estimated */
};

/* ERR_INVALID model.bad-date (form, an end before its begin, exact with two ends). */
MUST_USE struct err when_parse(const struct json *in, struct when *out);
bool when_known(const struct when *w); /* has an interval */
/* The interval widened to what the quality makes possible: a registry default or year-only to whole
 * years, an age estimate by WHEN_ESTIMATE_YEARS at both ends. Precondition: when_known. */
struct when when_widen(const struct when *w);
enum { WHEN_ESTIMATE_YEARS = 2 };

struct where {
    struct text written;
    struct text country; /* code list country */
    struct text locality;
    struct text street;
    struct text post_code;
    struct text unlocode;
    struct text post; /* border post */
    const struct json *admin_opt;
    struct text lat, lon, datum; /* empty: no coordinates */
    int64_t radius_m;            /* -1: not said */
};

/* `in` has passed the schema; what is absent is empty. */
struct where where_view(const struct json *in);

#endif
