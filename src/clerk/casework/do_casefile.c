/* Verbs about cases: opened, worked on, handed over, reviewed, closed, opened again. */
#include "clerk/apply.h"
#include "clerk/casework/casefile.h"
#include "clerk/state.h"
#include "clerk/watch/watch.h"
#include "flow/casefile.h"
#include "flow/duties.h"

enum { NUMBER_DIGITS = 5 };

/* -- what callers give -------------------------------------------------------------------- */

static struct err check_text(struct act *act, const struct json *body, const char *name,
                             size_t most, bool needed)
{
    struct text in = json_get_text(body, name);
    struct text place = arena_join(act->arena, TEXT("/"), text_literal(name));
    if (needed && in.len == 0)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", place);
    if (in.len > most)
        return act_refuse(act, ERR_LIMIT, "clerk.field-too-long", place);
    return err_none();
}

/* An array of at most `most` texts, each good by `check`; absent is none. */
static struct err check_list(struct act *act, const struct json *body, const char *name,
                             size_t most, struct err (*check)(struct act *act, struct text one))
{
    const struct json *list = json_get(body, name);
    struct err e = err_none();
    if (list != NULL && (list->kind != JSON_ARRAY || json_count(list) > most))
        return act_refuse(act, ERR_INVALID, "case.bad-list",
                          arena_join(act->arena, TEXT("/"), text_literal(name)));
    for (size_t i = 0; !failed(e) && i < json_count(list); i++)
        e = check(act, json_item_text(list, i));
    return e;
}

static struct err check_area(struct act *act, struct text one)
{
    if (code_find(CODE_OFFENCE, one) < 0)
        return act_refuse(act, ERR_INVALID, "case.unknown-area", one);
    return err_none();
}

static struct err check_unit(struct act *act, struct text one)
{
    struct row_key key = key_text(text_slice(one, 0, SLUG_MAX));
    if (one.len == 0 || !row_exists(act, TABLE_UNIT, &key))
        return act_refuse(act, ERR_INVALID, "clerk.no-such-unit", one);
    return err_none();
}

/* The purpose for which all is done in it: one that a case can be the reference of, and within the
 * competence of the unit. */
static struct err check_purpose(struct act *act, struct text code)
{
    struct json row;
    struct unit unit;
    struct json reference = json_object();
    struct code purpose = code_of(CODE_PURPOSE, code);
    json_set_text(act->arena, &reference, "case", TEXT("of ours"));
    if (code_is_raw(purpose) || failed(purpose_check_reference(purpose, &reference)))
        return act_refuse(act, ERR_INVALID, "case.purpose", code);
    struct row_key key = key_text(act->by->who.unit);
    struct err e = row_get(act, TABLE_UNIT, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return act_refuse(act, ERR_DENIED, "clerk.no-such-unit", act->by->who.unit);
    if (!failed(e))
        e = unit_parse(&row, act->arena, &unit);
    if (!failed(e) && !unit_may_ask(&unit, purpose))
        return act_refuse(act, ERR_DENIED, "clerk.not-your-competence", code);
    return e;
}

/* The level given, or restricted; not above its author's clearance nor the node's ceiling. */
static struct err take_level(struct act *act, const struct json *body, struct text *out)
{
    struct text in = json_get_text(body, "classification");
    *out = in.len > 0
               ? in
               : text_literal(code_row(CODE_CLASSIFICATION, CLASSIFICATION_RESTRICTED)->code);
    int level = code_find(CODE_CLASSIFICATION, *out);
    enum classification ceiling = act->clerk->config.ceiling;
    if (level < 0)
        return act_refuse(act, ERR_INVALID, "case.unknown-level", *out);
    if (level > (int)act->by->clearance || (ceiling != 0 && level > (int)ceiling))
        return act_refuse(act, ERR_DENIED, "case.above-clearance", *out);
    return err_none();
}

static struct err take_review(struct act *act, const struct json *in, struct json *body)
{
    int64_t days = duty_ms("case-review") / INSTANT_DAY;
    int64_t most = duty_ms("case-review-most") / INSTANT_DAY;
    const struct json *said = json_get(in, "days");
    if (said != NULL &&
        (!json_get_integer(in, "days", &days) || days < 1 || days > most))
        return act_refuse(act, ERR_INVALID, "case.bad-days", TEXT("/days"));
    struct instant review = instant_plus(act->now, days * INSTANT_DAY);
    json_set_text(act->arena, body, "review", instant_format(act->arena, review));
    return err_none();
}

/* -- opened ------------------------------------------------------------------------------- */

/* BEN-2026-00017: the next of our year, which the fact says again for whoever rebuilds. */
static struct err draw_number(struct act *act, struct json *body, struct text *out)
{
    struct row_key key = key_text(TEXT(CASEFILE_ROW));
    struct json given = json_object();
    char digits[24];
    int64_t year = date_of_instant(act->now).year;
    int64_t before = 0;
    int64_t last = 0;
    struct err e = row_get(act, TABLE_META, &key, &given);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (json_get_integer(&given, "year", &before) && before == year)
        (void)json_get_integer(&given, "last", &last);
    last++;
    size_t len = 0;
    for (int64_t rest = last; rest > 0 || len < NUMBER_DIGITS; rest /= 10)
        digits[sizeof(digits) - ++len] = (char)('0' + rest % 10);
    digits[sizeof(digits) - ++len] = '-';
    for (int64_t rest = year; rest > 0; rest /= 10)
        digits[sizeof(digits) - ++len] = (char)('0' + rest % 10);
    digits[sizeof(digits) - ++len] = '-';
    struct text tail = { digits + sizeof(digits) - len, len };
    *out = arena_join(act->arena, act->clerk->config.member, tail);
    json_set_text(act->arena, body, "case", *out);
    json_set_integer(act->arena, body, "year", year);
    json_set_integer(act->arena, body, "last", last);
    return arena_check(act->arena);
}

struct err do_case_open(struct act *act, const struct command *command, struct json *body_out)
{
    const struct json *in = command->body;
    struct json body = json_object();
    struct text level;
    struct text number;
    uint64_t entry = 0;
    struct err e = check_text(act, in, "title", CASEFILE_TITLE_MAX, true);
    if (!failed(e))
        e = check_text(act, in, "external", CASEFILE_TITLE_MAX, false);
    if (!failed(e))
        e = check_purpose(act, json_get_text(in, "purpose"));
    if (!failed(e))
        e = check_list(act, in, "areas", CASEFILE_AREAS_MAX, check_area);
    if (!failed(e))
        e = check_list(act, in, "units", CASEFILE_UNITS_MAX, check_unit);
    if (!failed(e))
        e = take_level(act, in, &level);
    if (!failed(e))
        e = take_review(act, in, &body);
    if (!failed(e))
        e = draw_number(act, &body, &number);
    if (failed(e))
        return e;
    static const char *const taken[] = { "title", "external", "purpose", "areas", "units" };
    json_take_all(act->arena, &body, in, taken, sizeof(taken) / sizeof(taken[0]));
    json_set_text(act->arena, &body, "classification", level);
    *body_out = json_object();
    json_set_text(act->arena, body_out, "case", number);
    json_take(act->arena, body_out, &body, "review");
    return fact_add(act, FACT_CASE_OPEN, body, &entry);
}

/* -- the case of a command ---------------------------------------------------------------- */

/* The legal desk hands over what has nobody any more who could. */
static bool by_the_legal_desk(const struct command *command)
{
    return command->verb == VERB_CASE_ASSIGN && (command->by.roles & ROLE_BIT(ROLE_LEGAL)) != 0;
}

/* `event` is possible now; what is not the caller's is not there (I8). */
static struct err find(struct act *act, const struct command *command, enum casefile_event event,
                       struct json *row_out)
{
    struct text number = json_get_text(command->body, "case");
    struct row_key key = casefile_key(number);
    enum casefile_state state = CASEFILE_NONE;
    struct err e = number.len == 0 ? err_make(ERR_NOT_FOUND, "case.none")
                                   : row_get(act, TABLE_CASE, &key, row_out);
    if (e.code == ERR_NOT_FOUND ||
        (!failed(e) && !by_the_legal_desk(command) && !casefile_of_caller(row_out, act->by)))
        return act_refuse(act, ERR_NOT_FOUND, "case.none", number);
    if (!failed(e))
        e = casefile_state_parse(json_get_text(row_out, "state"), &state);
    if (!failed(e))
        e = casefile_step(state, event, &state);
    return failed(e) ? act_refuse(act, e.code, e.rule, number) : e;
}

/* The same, for what its lead or a supervisor of its unit decides. */
static struct err find_led(struct act *act, const struct command *command,
                           enum casefile_event event, struct json *row_out)
{
    struct err e = find(act, command, event, row_out);
    if (!failed(e) && !by_the_legal_desk(command) && !casefile_led_by(row_out, act->by))
        return act_refuse(act, ERR_DENIED, "case.not-your-decision",
                          json_get_text(row_out, "case"));
    return e;
}

static struct json body_of(struct act *act, const struct json *row)
{
    struct json body = json_object();
    json_take(act->arena, &body, row, "case");
    return body;
}

static struct err add(struct act *act, enum fact_kind kind, const struct json *row,
                      struct json body, struct json *body_out)
{
    uint64_t number = 0;
    struct err e = fact_add(act, kind, body, &number);
    *body_out = body_of(act, row);
    json_set_integer(act->arena, body_out, "entry", (int64_t)number);
    return e;
}

/* {"case","kind","text","grading"}. */
struct err do_case_note(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "kind", "text", "grading" };
    const struct json *in = command->body;
    struct json row;
    struct err e = find(act, command, CASEFILE_WORK, &row);
    if (!failed(e))
        e = check_text(act, in, "text", CASEFILE_TEXT_MAX, true);
    if (failed(e))
        return e;
    if (failed(e = casefile_note_check(json_get_text(in, "kind"))))
        return act_refuse(act, e.code, e.rule, TEXT("/kind"));
    if (failed(e = casefile_grading_check(json_get_text(in, "grading"))))
        return act_refuse(act, e.code, e.rule, TEXT("/grading"));
    struct json body = body_of(act, &row);
    json_take_all(act->arena, &body, in, taken, sizeof(taken) / sizeof(taken[0]));
    return add(act, FACT_CASE_NOTE, &row, body, body_out);
}

static bool is_linked(const struct json *row, struct text id)
{
    const struct json *links = json_get(row, "links");
    bool found = false;
    for (size_t i = 0; i < json_count(links); i++)
        found = found || text_equal(json_item_text(links, i), id);
    return found;
}

/* {"case","record","text"}: the front has seen that the caller sees it; "remove". */
struct err do_case_link(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "record", "text", "remove" };
    const struct json *in = command->body;
    struct json row;
    struct record_key record;
    struct text id = json_get_text(in, "record");
    bool remove = json_get_bool(in, "remove");
    struct err e = find(act, command, CASEFILE_WORK, &row);
    if (!failed(e))
        e = check_text(act, in, "text", CASEFILE_TEXT_MAX, remove);
    if (failed(e))
        return e;
    if (is_linked(&row, id) != remove)
        return act_refuse(act, remove ? ERR_NOT_FOUND : ERR_CONFLICT,
                          remove ? "case.not-linked" : "case.linked", id);
    if (!remove && json_count(json_get(&row, "links")) >= CASEFILE_LINKS_MAX)
        return act_refuse(act, ERR_LIMIT, "case.links-full", id);
    e = record_key_of(act, id, &record);
    struct row_key key = key_record(&record);
    if (!remove && (failed(e) || !row_exists(act, TABLE_RECORD, &key)))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-record", id);
    struct json body = body_of(act, &row);
    json_take_all(act->arena, &body, in, taken, sizeof(taken) / sizeof(taken[0]));
    return add(act, FACT_CASE_LINK, &row, body, body_out);
}

/* -- who decides on it -------------------------------------------------------------------- */

/* The lead is an officer of the unit that has the case then, and cleared for it. */
static struct err check_lead(struct act *act, const struct json *row, struct text unit,
                             struct text lead)
{
    struct json stored;
    struct user user;
    struct row_key key = key_text(text_slice(lead, 0, SLUG_MAX));
    struct err e = row_get(act, TABLE_USER, &key, &stored);
    const struct json *said = failed(e) ? NULL : json_get(&stored, "user");
    if (said == NULL || failed(user_parse(said, act->arena, &user)) ||
        !text_equal(user.unit, unit) || json_get_bool(said, "disabled"))
        return act_refuse(act, ERR_INVALID, "case.no-such-lead", lead);
    if ((int)user.clearance < code_find(CODE_CLASSIFICATION, json_get_text(row, "classification")))
        return act_refuse(act, ERR_DENIED, "case.lead-not-cleared", lead);
    return err_none();
}

/* {"case","lead","unit","units","reason"}: to another officer, another unit, with others. */
struct err do_case_assign(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "lead", "unit", "units", "reason" };
    const struct json *in = command->body;
    struct json row;
    struct err e = find_led(act, command, CASEFILE_WORK, &row);
    if (!failed(e))
        e = check_text(act, in, "reason", CASEFILE_TEXT_MAX, true);
    if (!failed(e))
        e = check_list(act, in, "units", CASEFILE_UNITS_MAX, check_unit);
    if (failed(e))
        return e;
    struct text lead = json_get_text(in, "lead");
    struct text unit = json_get_text(in, "unit");
    bool moves = unit.len > 0 && !text_equal(unit, json_get_text(&row, "unit"));
    if (moves && lead.len == 0) /* F2: it is never without somebody */
        return act_refuse(act, ERR_INVALID, "case.who-leads", TEXT("/lead"));
    if (lead.len == 0 && json_get(in, "units") == NULL)
        return act_refuse(act, ERR_INVALID, "clerk.field-missing", TEXT("/lead"));
    if (moves && failed(e = check_unit(act, unit)))
        return e;
    if (lead.len > 0)
        e = check_lead(act, &row, moves ? unit : json_get_text(&row, "unit"), lead);
    if (failed(e))
        return e;
    struct json body = body_of(act, &row);
    json_take_all(act->arena, &body, in, taken, sizeof(taken) / sizeof(taken[0]));
    return add(act, FACT_CASE_ASSIGN, &row, body, body_out);
}

/* -- it goes on, or not ------------------------------------------------------------------- */

/* Both {"case","days","reason"}. */
static struct err go_on(struct act *act, const struct command *command, enum casefile_event event,
                        struct json *body_out)
{
    struct json row;
    struct err e = find_led(act, command, event, &row);
    if (!failed(e))
        e = check_text(act, command->body, "reason", CASEFILE_TEXT_MAX, true);
    if (failed(e))
        return e;
    struct json body = body_of(act, &row);
    json_take(act->arena, &body, command->body, "reason");
    e = take_review(act, command->body, &body);
    if (failed(e))
        return e;
    e = add(act, event == CASEFILE_REVIEW ? FACT_CASE_REVIEW : FACT_CASE_REOPEN, &row, body,
            body_out);
    json_take(act->arena, body_out, &body, "review");
    const struct json *watches = json_get(&row, "watches");
    for (size_t i = 0; !failed(e) && i < json_count(watches); i++)
        e = watch_stand_on(act, json_item_text(watches, i), json_get_text(&body, "review"));
    return e;
}

struct err do_case_review(struct act *act, const struct command *command, struct json *body_out)
{
    return go_on(act, command, CASEFILE_REVIEW, body_out);
}

struct err do_case_reopen(struct act *act, const struct command *command, struct json *body_out)
{
    return go_on(act, command, CASEFILE_REOPEN, body_out);
}

/* {"case","outcome","reason"}: what its searches found is judged before. */
struct err do_case_close(struct act *act, const struct command *command, struct json *body_out)
{
    static const char *const taken[] = { "outcome", "reason" };
    const struct json *in = command->body;
    struct json row;
    struct text outcome = json_get_text(in, "outcome");
    struct err e = find_led(act, command, CASEFILE_CLOSE, &row);
    if (!failed(e))
        e = check_text(act, in, "reason", CASEFILE_TEXT_MAX, true);
    if (failed(e))
        return e;
    if (code_find(CODE_OUTCOME, outcome) < 0)
        return act_refuse(act, ERR_INVALID, "clerk.unknown-outcome", outcome);
    const struct json *watches = json_get(&row, "watches");
    for (size_t i = 0; i < json_count(watches); i++) {
        if (watch_waits(act, json_item_text(watches, i)))
            return act_refuse(act, ERR_CONFLICT, "case.unjudged", json_item_text(watches, i));
    }
    for (size_t i = 0; !failed(e) && i < json_count(watches); i++)
        e = watch_stop(act, json_item_text(watches, i), TEXT("case-closed"));
    if (failed(e))
        return e;
    struct json body = body_of(act, &row);
    json_take_all(act->arena, &body, in, taken, sizeof(taken) / sizeof(taken[0]));
    return add(act, FACT_CASE_CLOSE, &row, body, body_out);
}

struct err casefile_due(struct act *act, struct text number)
{
    struct json row;
    uint64_t entry = 0;
    struct row_key key = casefile_key(number);
    struct err e = row_get(act, TABLE_CASE, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    bool over = text_equal(json_get_text(&row, "state"), casefile_state_name(CASEFILE_CLOSED));
    return fact_add(act, over ? FACT_CASE_ERASE : FACT_CASE_LAPSE, body_of(act, &row), &entry);
}
