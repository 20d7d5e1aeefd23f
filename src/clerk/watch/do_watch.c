/* Verbs about searches that stand: begun with a search, renewed, judged, ended; what screening
 * reports. */
#include "clerk/apply.h"
#include "clerk/casework/casefile.h"
#include "clerk/state.h"
#include "clerk/watch/watch.h"
#include "core/encode.h"
#include "flow/watch.h"

/* -- begin -------------------------------------------------------------------------------- */

/* The last document that the search saw, where its front says so; else all up to now. */
static struct err seen_upto(struct act *act, const struct json *wanted, int64_t *out)
{
    uint64_t last = 0;
    if (json_get_integer(wanted, "from", out) && *out >= 0)
        return err_none();
    struct err e = store_journal_last(store_view(act->store), &last);
    *out = (int64_t)last;
    return e;
}

struct err watch_prepare(struct act *act, struct json *search, struct json *put_out)
{
    const struct json *wanted = json_get(search, "watch");
    struct watch_ask ask;
    struct text place;
    struct err e = watch_ask_parse(wanted, code_of(CODE_PURPOSE, act->by->purpose), &ask, &place);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, arena_join(act->arena, TEXT("/watch"), place));
    if (json_get(search, "query") == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/query"));
    int64_t from = 0;
    struct text id;
    struct text number = TEXT("");
    e = casefile_for_watch(act, &number);
    if (failed(e) && e.code != ERR_NOT_FOUND) /* which is another system's case, or none */
        return act_refuse(act, e.code, e.rule, number);
    e = seen_upto(act, wanted, &from);
    if (!failed(e))
        e = act_draw_id(act, &id);
    if (failed(e))
        return e;
    struct json put = json_object();
    struct instant until = instant_plus(act->now, (int64_t)ask.days * INSTANT_DAY);
    json_set_text(act->arena, &put, "watch", id);
    json_set(act->arena, &put, "kind", json_literal(watch_kind_name(ask.kind)));
    json_set(act->arena, &put, "least", json_literal(ask.strong ? "strong" : "possible"));
    json_set_text(act->arena, &put, "until", instant_format(act->arena, until));
    json_set(act->arena, &put, "question", *json_get(search, "query"));
    json_set_integer(act->arena, &put, "clearance", (int64_t)act->by->clearance);
    if (ask.note.len > 0)
        json_set_text(act->arena, &put, "note", ask.note);
    if (number.len > 0)
        json_set_text(act->arena, &put, "case", number);
    json_set_integer(act->arena, &put, "from", from);
    json_take(act->arena, &put, search, "purpose");
    json_take(act->arena, &put, search, "reference");
    if (json_get(search, "hits") != NULL)
        json_set(act->arena, &put, "known", *json_get(search, "hits"));
    json_set_text(act->arena, search, "watch", id);
    *put_out = put;
    return arena_check(act->arena);
}

/* -- what becomes of it ------------------------------------------------------------------- */

/* The watch of a command; what is not of the caller's unit is not there (I8). */
static struct err find(struct act *act, const struct command *command, struct json *out)
{
    struct text id = json_get_text(command->body, "watch");
    struct row_key key = watch_key(act->by->who.unit, id);
    struct err e =
        id.len == 0 ? err_make(ERR_NOT_FOUND, "watch.none") : row_get(act, TABLE_WATCH, &key, out);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && !watch_of_caller(out, act->by)))
        return act_refuse(act, ERR_NOT_FOUND, "watch.none", id);
    return e;
}

static struct err find_open(struct act *act, const struct command *command, struct json *out)
{
    struct err e = find(act, command, out);
    if (!failed(e) && !watch_looks(out, act->now))
        return act_refuse(act, ERR_CONFLICT, "watch.ended", json_get_text(out, "watch"));
    return e;
}

static struct json body_of(struct act *act, const struct json *row)
{
    struct json body = json_object();
    json_set_text(act->arena, &body, "watch", json_get_text(row, "watch"));
    json_set_text(act->arena, &body, "unit", json_get_text(row, "unit"));
    return body;
}

static struct err check_text(struct act *act, const struct command *command, const char *name,
                             const char *place)
{
    if (json_get_text(command->body, name).len > WATCH_NOTE_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", text_literal(place));
    return err_none();
}

/* {"watch","days","reason"}: so many days from now; it is a decision each time. */
struct err do_watch_renew(struct act *act, const struct command *command, struct json *body_out)
{
    struct json row;
    int64_t days = 0;
    uint64_t number = 0;
    struct text reason = json_get_text(command->body, "reason");
    struct err e = find_open(act, command, &row);
    if (failed(e))
        return e;
    bool recheck = text_is(json_get_text(&row, "kind"), watch_kind_name(WATCH_RECHECK));
    uint32_t most = watch_days(recheck ? WATCH_RECHECK : WATCH_STANDING,
                               code_of(CODE_PURPOSE, json_get_text(&row, "purpose")));
    if (!json_get_integer(command->body, "days", &days) || days < 1 || days > most)
        return act_refuse(act, ERR_INVALID, "watch.bad-days", TEXT("/days"));
    if (reason.len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/reason"));
    e = check_text(act, command, "reason", "/reason");
    if (failed(e))
        return e;
    struct json body = body_of(act, &row);
    struct instant until = instant_plus(act->now, days * INSTANT_DAY);
    json_set_text(act->arena, &body, "until", instant_format(act->arena, until));
    json_set_text(act->arena, &body, "reason", reason);
    *body_out = body_of(act, &row);
    json_set_text(act->arena, body_out, "until", instant_format(act->arena, until));
    return fact_add(act, FACT_WATCH_RENEW, body, &number);
}

/* {"watch","record","verdict","text"}. */
struct err do_watch_judge(struct act *act, const struct command *command, struct json *body_out)
{
    struct json row;
    struct record_key record;
    enum watch_verdict verdict;
    uint64_t number = 0;
    struct text id = json_get_text(command->body, "record");
    struct err e = find(act, command, &row);
    if (failed(e))
        return e;
    e = watch_verdict_parse(json_get_text(command->body, "verdict"), &verdict);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, TEXT("/verdict"));
    e = check_text(act, command, "text", "/text");
    if (failed(e))
        return e;
    if (failed(record_key_of(act, id, &record)))
        return act_refuse(act, ERR_NOT_FOUND, "watch.no-match", id);
    struct row_key key = watched_key(json_get_text(&row, "watch"), &record);
    if (!row_exists(act, TABLE_WATCHED, &key))
        return act_refuse(act, ERR_NOT_FOUND, "watch.no-match", id);
    struct json body = body_of(act, &row);
    json_take(act->arena, &body, command->body, "record");
    json_take(act->arena, &body, command->body, "verdict");
    json_take(act->arena, &body, command->body, "text");
    *body_out = body_of(act, &row);
    return fact_add(act, FACT_WATCH_JUDGE, body, &number);
}

static struct err end(struct act *act, const struct json *row, struct text reason)
{
    uint64_t number = 0;
    struct json body = body_of(act, row);
    json_set_text(act->arena, &body, "reason", reason);
    json_take(act->arena, &body, row, "matches");
    return fact_add(act, FACT_WATCH_END, body, &number);
}

/* {"watch","reason"}. What it found and nobody has judged keeps it for a while. */
struct err do_watch_end(struct act *act, const struct command *command, struct json *body_out)
{
    struct json row;
    struct text reason = json_get_text(command->body, "reason");
    struct err e = find_open(act, command, &row);
    if (!failed(e) && reason.len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/reason"));
    if (!failed(e))
        e = check_text(act, command, "reason", "/reason");
    *body_out = json_object();
    if (failed(e))
        return e;
    *body_out = body_of(act, &row);
    return end(act, &row, reason);
}

/* The row of "unit/watch". */
static struct err row_of(struct act *act, struct text id, struct json *out)
{
    struct text watch = id;
    struct text unit = text_split(&watch, '/');
    struct row_key key = watch_key(unit, watch);
    return row_get(act, TABLE_WATCH, &key, out);
}

struct err watch_stop(struct act *act, struct text id, struct text reason)
{
    struct json row;
    struct err e = row_of(act, id, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    return end(act, &row, reason);
}

bool watch_waits(struct act *act, struct text id)
{
    struct json row;
    return !failed(row_of(act, id, &row)) && watch_has_news(&row);
}

struct err watch_stand_on(struct act *act, struct text id, struct text review)
{
    struct json row;
    struct instant until;
    uint64_t number = 0;
    struct err e = row_of(act, id, &row);
    if (failed(e) || !watch_looks(&row, act->now))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    uint32_t most =
        watch_days(WATCH_STANDING, code_of(CODE_PURPOSE, json_get_text(&row, "purpose")));
    struct instant last = instant_plus(act->now, (int64_t)most * INSTANT_DAY);
    e = instant_parse(review, &until);
    if (failed(e))
        return e;
    struct json body = body_of(act, &row);
    json_set_text(act->arena, &body, "until",
                  instant_before(last, until) ? instant_format(act->arena, last) : review);
    json_set(act->arena, &body, "reason", json_literal("case-reviewed"));
    return fact_add(act, FACT_WATCH_RENEW, body, &number);
}

/* -- screening ---------------------------------------------------------------------------- */

/* Told already: this very document, or another version that is as much like it. */
static bool is_told(struct act *act, const struct row_key *key, const struct json *match)
{
    struct json old;
    int64_t was = 0;
    int64_t is = 0;
    if (failed(row_get(act, TABLE_WATCHED, key, &old)))
        return false;
    if (json_get_integer(&old, "doc", &was) && json_get_integer(match, "doc", &is) && was == is)
        return true;
    return json_get_integer(&old, "score", &was) && json_get_integer(match, "score", &is) &&
           was == is;
}

static struct err add_match(struct act *act, const struct json *row, const struct json *match)
{
    static const char *const taken[] = { "record", "doc",           "band",
                                         "score",  "score_version", "frequency" };
    static const char *const of_watch[] = { "purpose", "reference", "user" };
    uint64_t number = 0;
    int64_t matches = 0;
    struct json body = body_of(act, row);
    (void)json_get_integer(row, "matches", &matches);
    if (matches >= WATCH_MATCHES_MAX) {
        if (json_get_bool(row, "overflow"))
            return err_none();
        json_set(act->arena, &body, "overflow", json_bool(true));
        return fact_add(act, FACT_WATCH_MATCH, body, &number);
    }
    json_take_all(act->arena, &body, match, taken, sizeof(taken) / sizeof(taken[0]));
    json_take_all(act->arena, &body, row, of_watch, sizeof(of_watch) / sizeof(of_watch[0]));
    return fact_add(act, FACT_WATCH_MATCH, body, &number);
}

/* One match of a report, unless the watch is over or was told: a report may come twice. */
static struct err match(struct act *act, const struct json *one)
{
    struct json row;
    struct record_key record;
    struct text id = json_get_text(one, "watch");
    struct row_key key = watch_key(json_get_text(one, "unit"), id);
    struct err e = row_get(act, TABLE_WATCH, &key, &row);
    if (!failed(e))
        e = record_key_of(act, json_get_text(one, "record"), &record);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key found = watched_key(id, &record);
    if (!watch_looks(&row, act->now) || is_told(act, &found, one))
        return err_none();
    return add_match(act, &row, one);
}

/* {"docs","watches","matches":[{"watch","unit","record","doc","band","score","score_version"}]} of
 * screen_step(); without "docs": nothing stands. */
struct err do_watch_screened(struct act *act, const struct command *command, struct json *body_out)
{
    const struct json *matches = json_get(command->body, "matches");
    struct row_key key = key_text(TEXT(WATCH_ROW));
    struct json row = json_object();
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(matches); i++)
        e = match(act, json_item(matches, i));
    *body_out = json_object();
    if (!failed(e) && json_get(command->body, "docs") == NULL)
        return row_delete(act, TABLE_META, &key); /* nothing stands: there is no place to go on */
    json_take(act->arena, &row, command->body, "docs");
    json_take(act->arena, &row, command->body, "watches");
    return failed(e) ? e : row_put(act, TABLE_META, &key, &row);
}
