/* Verbs of those who let a record go: yes of persons and offices, and the assurances that a partner
 * has given for one record (death penalty, torture, use, an originator's consent) or that its
 * sender declares (an urgent case), each recorded by a named person with its reference. */
#include "clerk/apply.h"
#include "clerk/state.h"
#include "flow/release.h"

enum { REFERENCE_MAX = 200, ASSURANCES_MAX = 16 };

/* An office is a role ("legal-office", "supervisor") or a unit of its own name. */
static bool sits_in(const struct caller *by, struct text office)
{
    if (text_is(office, "legal-office"))
        return (by->roles & ROLE_BIT(ROLE_LEGAL)) != 0;
    if (text_is(office, "supervisor"))
        return (by->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;
    return text_equal(office, by->who.unit);
}

static bool know_person(const struct release *release, struct text person)
{
    for (int i = 0; i < release->given; i++) {
        if (text_equal(release->persons[i], person))
            return true;
    }
    return false;
}

/* One entry of `given` for each office that a person spoke for. */
static struct err release_of(const struct json *row, struct release *out)
{
    const struct json *given = json_get(row, "given");
    const struct json *offices = json_get(row, "offices");
    int64_t persons = 0;
    if (!json_get_integer(row, "persons", &persons) || persons < 1 ||
        persons > RELEASE_PERSONS_MAX || json_count(offices) > RELEASE_OFFICES_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    *out = (struct release){ .author = json_get_text(row, "author"), .needed = (int)persons };
    for (size_t i = 0; i < json_count(offices); i++)
        out->offices[out->office_count++] = json_item_text(offices, i);
    for (size_t i = 0; i < json_count(given); i++) {
        const struct json *one = json_item(given, i);
        struct text person = json_get_text(one, "person");
        if (!know_person(out, person)) {
            if (out->given == RELEASE_PERSONS_MAX)
                return err_make(ERR_CORRUPT, "clerk.bad-row");
            out->persons[out->given++] = person;
        }
        for (int o = 0; o < out->office_count; o++) {
            if (text_equal(json_get_text(one, "office"), out->offices[o]))
                out->heard[o] = true;
        }
    }
    return err_none();
}

static struct err case_key(struct act *act, const struct command *command, struct row_key *out)
{
    struct record_key record;
    struct text id = json_get_text(command->body, "record");
    struct text partner = json_get_text(command->body, "partner");
    struct err e = record_key_of(act, id, &record);
    if (failed(e))
        return e;
    *out = key_text(text_slice(partner, 0, MEMBER_CODE_MAX));
    key_add_u8(out, 0);
    key_add(out, BYTES_OF(record.bytes));
    return err_none();
}

static struct seats seats_of(const struct caller *by, const struct release *release)
{
    struct seats seats = { .count = 0 };
    for (int i = 0; i < release->office_count; i++) {
        if (sits_in(by, release->offices[i]))
            seats.offices[seats.count++] = release->offices[i];
    }
    if (seats.count == 0)
        seats.offices[seats.count++] = by->who.unit;
    return seats;
}

struct err do_release_give(struct act *act, const struct command *command, struct json *body_out)
{
    struct row_key key;
    struct json row;
    struct release release;
    struct text id = json_get_text(command->body, "record");
    struct err e = case_key(act, command, &key);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_RELEASE, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return act_refuse(act, ERR_NOT_FOUND, "clerk.nothing-to-release", id);
    if (!failed(e))
        e = release_of(&row, &release);
    if (failed(e))
        return e;
    struct seats seats = seats_of(act->by, &release);
    e = release_give(&release, act->by->who.user, &seats);
    if (failed(e))
        return act_refuse(act, e.code, e.rule, id);
    struct json body = json_object();
    struct json offices = json_array();
    uint64_t number = 0;
    for (int i = 0; i < seats.count; i++)
        json_push(act->arena, &offices, json_string(seats.offices[i]));
    json_set_text(act->arena, &body, "partner", json_get_text(command->body, "partner"));
    json_set_text(act->arena, &body, "record", id);
    json_set(act->arena, &body, "offices", offices);
    *body_out = json_object();
    bool done = release_state(&release) == RELEASE_DONE;
    json_set_text(act->arena, body_out, "record", id);
    json_set(act->arena, body_out, "complete", json_bool(done));
    json_set_integer(act->arena, body_out, "given", release.given);
    json_set_integer(act->arena, body_out, "needed", release.needed);
    json_set_integer(act->arena, body_out, "offices_missing", release_missing(&release));
    return fact_add(act, FACT_RELEASE_GIVE, body, &number);
}

/* -- assurances --------------------------------------------------------------------------- */

static bool stands(const struct json *row, struct text code)
{
    const struct json *list = json_get(row, "assurances");
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_equal(json_get_text(json_item(list, i), "code"), code))
            return true;
    }
    return false;
}

/* Everything but the record and partner that an assurance needs. */
static struct err check_assurance(struct act *act, const struct json *body)
{
    struct text until = json_get_text(body, "until");
    struct text reference = json_get_text(body, "reference");
    struct date day;
    if (!slug_valid(json_get_text(body, "code")))
        return act_refuse(act, ERR_INVALID, "clerk.bad-assurance-code", TEXT("/code"));
    if (reference.len == 0 || reference.len > REFERENCE_MAX)
        return act_refuse(act, ERR_INVALID, "clerk.assurance-reference", TEXT("/reference"));
    if (until.len > 0 && failed(date_parse(until, &day)))
        return act_refuse(act, ERR_INVALID, "clerk.bad-date", TEXT("/until"));
    return err_none();
}

/* {"record","partner","code","reference","until"?}: the row is made on the first. */
struct err do_assurance_give(struct act *act, const struct command *command,
                             struct json *body_out)
{
    static const char *const kept[] = { "record", "partner", "code", "reference", "until" };
    struct row_key key;
    struct json row;
    struct json body = json_object();
    uint64_t number = 0;
    struct err e = case_key(act, command, &key);
    if (!failed(e))
        e = check_assurance(act, command->body);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_ASSURANCE, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (!failed(e) && json_count(json_get(&row, "assurances")) >= ASSURANCES_MAX)
        return act_refuse(act, ERR_LIMIT, "clerk.too-many-assurances", TEXT("/code"));
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        struct text value = json_get_text(command->body, kept[i]);
        if (value.len > 0)
            json_set_text(act->arena, &body, kept[i], value);
    }
    *body_out = json_copy(act->arena, &body);
    return fact_add(act, FACT_ASSURANCE_GIVE, body, &number);
}

struct err do_assurance_revoke(struct act *act, const struct command *command,
                               struct json *body_out)
{
    struct row_key key;
    struct json row;
    struct json body = json_object();
    uint64_t number = 0;
    struct text code = json_get_text(command->body, "code");
    struct err e = case_key(act, command, &key);
    if (failed(e))
        return e;
    e = row_get(act, TABLE_ASSURANCE, &key, &row);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && !stands(&row, code)))
        return act_refuse(act, ERR_NOT_FOUND, "clerk.no-such-assurance", code);
    if (failed(e))
        return e;
    json_set_text(act->arena, &body, "record", json_get_text(command->body, "record"));
    json_set_text(act->arena, &body, "partner", json_get_text(command->body, "partner"));
    json_set_text(act->arena, &body, "code", code);
    *body_out = json_copy(act->arena, &body);
    return fact_add(act, FACT_ASSURANCE_REVOKE, body, &number);
}
