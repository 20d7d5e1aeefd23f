#include "flow/duties.h"

#include <assert.h>

#define YEAR_10000 ((int64_t)253402300800000) /* what can no longer be written has no end */

int64_t duty_ms(const char *code)
{
    int row = code_find(CODE_DUTY, text_literal(code));
    assert(row >= 0);
    return code_number(CODE_DUTY, (size_t)row, 0) * INSTANT_DAY;
}

static struct instant writable(struct instant at)
{
    return at.ms < YEAR_10000 ? at : DUTY_NEVER;
}

static struct instant alert_end(const struct json *alert)
{
    struct date day;
    struct text until = json_get_text(json_get(alert, "valid"), "until");
    if (!failed(date_parse(until, &day)))
        return instant_plus(date_begin(day), INSTANT_DAY); /* the last day is included */
    if (!failed(date_parse(json_get_text(alert, "review"), &day)))
        return instant_plus(date_begin(day), INSTANT_DAY + duty_ms("review-lapsed"));
    return DUTY_NEVER;
}

struct instant record_end(const struct json *record)
{
    const struct json *alerts = json_get(record, "alerts");
    struct instant last = { INT64_MIN };
    for (size_t i = 0; i < json_count(alerts); i++) {
        struct instant end = alert_end(json_item(alerts, i));
        if (instant_before(last, end))
            last = end;
    }
    return last.ms == INT64_MIN ? DUTY_NEVER : writable(last);
}

struct instant copy_end(struct instant as_of, uint32_t retain_hours)
{
    return retain_hours == 0
               ? DUTY_NEVER
               : writable(instant_plus(as_of, (int64_t)retain_hours * INSTANT_HOUR));
}

struct silence_clock silence_clock(struct instant heard, uint32_t days, struct instant now)
{
    int64_t span = days == 0 ? duty_ms("silence") : (int64_t)days * INSTANT_DAY;
    struct silence_clock clock = { .hides = instant_plus(heard, span),
                                   .erases = instant_plus(heard, 2 * span) };
    int64_t silent = now.ms - heard.ms;
    if (silent >= 2 * span)
        clock.state = SILENCE_ERASES;
    else if (silent >= span)
        clock.state = SILENCE_HIDES;
    else if (silent >= duty_ms("silence-shown") || 2 * silent >= span)
        clock.state = SILENCE_SHOWN;
    return clock;
}
