#include "flow/watch.h"

/* Columns of the list purpose behind references and crosswalk. */
enum { COLUMN_STANDING = 2 };

static const char *const kinds[WATCH_KINDS] = { "standing", "recheck" };
static const char *const verdicts[WATCH_VERDICTS] = { "same", "different", "unsure" };

const char *watch_kind_name(enum watch_kind kind)
{
    return kinds[kind];
}

struct err watch_verdict_parse(struct text in, enum watch_verdict *out)
{
    for (int i = 0; i < WATCH_VERDICTS; i++) {
        if (text_is(in, verdicts[i])) {
            *out = (enum watch_verdict)i;
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "watch.unknown-verdict");
}

static struct err parse_band(struct text in, bool *strong_out)
{
    if (!text_is(in, "possible") && !text_is(in, "strong"))
        return err_make(ERR_INVALID, "watch.unknown-band");
    *strong_out = text_is(in, "strong");
    return err_none();
}

uint32_t watch_days(enum watch_kind kind, struct code purpose)
{
    if (code_is_raw(purpose))
        return 0;
    return code_number(CODE_PURPOSE, (size_t)purpose.number,
                       (size_t)COLUMN_STANDING + (size_t)kind);
}

static struct err parse_kind(struct text in, enum watch_kind *out)
{
    for (int i = 0; i < WATCH_KINDS; i++) {
        if (in.len > 0 && !text_is(in, kinds[i]))
            continue;
        *out = (enum watch_kind)i;
        return err_none();
    }
    return err_make(ERR_INVALID, "watch.unknown-kind");
}

/* Those that are wanted, or as many as are usual and allowed. */
static struct err parse_days(const struct json *in, uint32_t most, uint32_t *out)
{
    int64_t days = most < WATCH_DAYS_DEFAULT ? most : WATCH_DAYS_DEFAULT;
    const struct json *said = json_get(in, "days");
    if (said != NULL && (!json_get_integer(in, "days", &days) || days < 1 || days > most))
        return err_make(ERR_INVALID, "watch.bad-days");
    *out = (uint32_t)days;
    return err_none();
}

struct err watch_ask_parse(const struct json *in, struct code purpose, struct watch_ask *out,
                           struct text *place_out)
{
    *out = (struct watch_ask){ .note = json_get_text(in, "note") };
    struct text least = json_get_text(in, "least");
    *place_out = TEXT("/kind");
    struct err e = parse_kind(json_get_text(in, "kind"), &out->kind);
    if (failed(e))
        return e;
    uint32_t most = watch_days(out->kind, purpose);
    if (most == 0)
        return err_make(ERR_DENIED, "watch.not-for-this-purpose");
    *place_out = TEXT("/days");
    e = parse_days(in, most, &out->days);
    if (failed(e))
        return e;
    *place_out = TEXT("/least");
    out->strong = out->kind == WATCH_RECHECK;
    if (least.len > 0)
        e = parse_band(least, &out->strong);
    if (!failed(e) && out->note.len > WATCH_NOTE_MAX) {
        *place_out = TEXT("/note");
        e = err_make(ERR_LIMIT, "clerk.field-too-long");
    }
    return e;
}
