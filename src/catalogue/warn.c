#include "catalogue/warn.h"

enum { MAJORITY_MONTHS = MAJORITY_YEARS * 12 };

/* Alerts that protect: those below missing and at-risk. */
static bool protects(const struct json *record, struct date *from_out)
{
    const struct json *alerts = json_get(record, "alerts");
    for (size_t i = 0; i < json_count(alerts); i++) {
        const struct json *alert = json_item(alerts, i);
        struct code category = code_of(CODE_CATEGORY, json_get_text(alert, "category"));
        if ((code_matches(CODE_CATEGORY, category, TEXT("missing.*")) ||
             code_matches(CODE_CATEGORY, category, TEXT("at-risk.*"))) &&
            !failed(date_parse(json_get_text(json_get(alert, "valid"), "from"), from_out)))
            return true;
    }
    return false;
}

bool warn_majority(const struct json *record, struct date *out)
{
    const struct json *statements = json_get(record, "statements");
    struct date from;
    bool known = false;
    if (!protects(record, &from))
        return false;
    for (size_t i = 0; i < json_count(statements); i++) {
        const struct json *one = json_item(statements, i);
        struct date born;
        if (!text_is(json_get_text(one, "attribute"), "birth-date") ||
            text_is(json_get_text(one, "set"), "misused") ||
            failed(date_parse(json_get_text(json_get(one, "value"), "from"), &born)))
            continue;
        struct date of_age = date_add_months(born, MAJORITY_MONTHS);
        if (!known || date_days(of_age) < date_days(*out))
            *out = of_age;
        known = true;
    }
    return known && date_days(*out) > date_days(from);
}

struct date warn_horizon(const struct edition *edition, bool majority, struct date today)
{
    const struct period *period = edition_period(edition, "deletion-warning");
    const struct period *child = edition_period(edition, "majority-warning");
    if (majority && child != NULL)
        period = child;
    return period == NULL ? today : period_move(period, today, 1);
}
