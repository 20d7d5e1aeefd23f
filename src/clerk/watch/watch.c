#include "clerk/watch/watch.h"

struct row_key watch_key(struct text unit, struct text watch)
{
    struct row_key key = key_text(text_slice(unit, 0, 64));
    key_add_text(&key, text_slice(watch, 0, 64));
    return key;
}

struct row_key watched_key(struct text watch, const struct record_key *record_opt)
{
    struct row_key key = key_text(text_slice(watch, 0, 64));
    key_add_u8(&key, 0);
    if (record_opt != NULL)
        key_add(&key, BYTES_OF(record_opt->bytes));
    return key;
}

bool watch_looks(const struct json *row, struct instant now)
{
    struct instant until;
    return text_is(json_get_text(row, "state"), "open") &&
           !failed(instant_parse(json_get_text(row, "until"), &until)) &&
           instant_before(now, until);
}

bool watch_of_caller(const struct json *row, const struct caller *caller)
{
    int64_t clearance = CLASSIFICATION_RAW;
    (void)json_get_integer(row, "clearance", &clearance);
    return caller->who.unit.len > 0 && clearance <= (int64_t)caller->clearance &&
           text_equal(json_get_text(row, "unit"), caller->who.unit);
}

struct caller watch_caller(const struct json *row, struct member_code member)
{
    int64_t clearance = CLASSIFICATION_UNCLASSIFIED;
    (void)json_get_integer(row, "clearance", &clearance);
    struct caller caller = { .who = { .member = member },
                             .roles = ROLE_BIT(ROLE_OFFICER),
                             .clearance = (enum classification)clearance };
    caller.who.unit = json_get_text(row, "unit");
    caller.who.user = json_get_text(row, "user");
    caller.purpose = json_get_text(row, "purpose");
    caller.reference = json_get(row, "reference");
    return caller;
}

bool watch_has_news(const struct json *row)
{
    int64_t news = 0;
    return json_get_integer(row, "news", &news) && news > 0;
}

struct date watch_day(const struct json *row)
{
    struct instant since = { 0 };
    if (failed(instant_parse(json_get_text(row, "since"), &since)))
        since = (struct instant){ 0 };
    return date_of_instant(since);
}

struct err watch_question(const struct json *row, const struct index_scoring *scoring,
                          struct arena *arena, struct question **out)
{
    struct text place;
    *out = ARENA_NEW(arena, struct question);
    if (*out == NULL)
        return arena_check(arena);
    struct err e = question_parse(json_get(row, "question"), watch_day(row), arena, *out, &place);
    if (!failed(e))
        (*out)->query.scoring = *scoring;
    return e;
}
