#include "model/schema.h"

static bool has_attribute(const struct statement *s, const char *name)
{
    return s->value != NULL && text_is(s->attribute, name);
}

/* The next statement of the attribute that says something about this entity, or NULL. */
static const struct statement *next_of(const struct record *r, size_t *at, const char *name)
{
    while (*at < r->statement_count) {
        const struct statement *s = &r->statements[(*at)++];
        if (has_attribute(s, name) && s->set != SET_MISUSED)
            return s;
    }
    return NULL;
}

bool record_next_name(const struct record *r, size_t *at, struct name_view *out)
{
    while (*at < r->statement_count) {
        const struct statement *s = &r->statements[(*at)++];
        if (s->type != VALUE_NAME)
            continue;
        *out = (struct name_view){
            .statement = s,
            .set = s->set,
            .full = json_get_text(s->value, "full"),
            .parts_opt = json_get(s->value, "parts"),
            .script = s->script,
            .language = s->language,
            .weak = json_get_bool(s->value, "weak"),
        };
        return true;
    }
    return false;
}

bool record_next_birth(const struct record *r, size_t *at, struct when *out)
{
    const struct statement *s = next_of(r, at, "birth-date");
    while (s != NULL) {
        if (!failed(when_parse(s->value, out)))
            return true;
        s = next_of(r, at, "birth-date");
    }
    return false;
}

bool record_birth_interval(const struct record *r, struct date *from_out, struct date *to_out)
{
    struct when when;
    bool known = false;
    for (size_t at = 0; record_next_birth(r, &at, &when);) {
        if (!when_known(&when))
            continue;
        when = when_widen(&when);
        if (!known || date_days(when.from) < date_days(*from_out))
            *from_out = when.from;
        if (!known || date_days(when.to) > date_days(*to_out))
            *to_out = when.to;
        known = true;
    }
    return known;
}

enum sex record_sex(const struct record *r)
{
    enum sex sex = SEX_UNKNOWN;
    size_t at = 0;
    for (const struct statement *s = next_of(r, &at, "sex"); s != NULL;
         s = next_of(r, &at, "sex")) {
        struct text code = json_get_text(s->value, "code");
        enum sex said = text_is(code, "F")   ? SEX_FEMALE
                        : text_is(code, "M") ? SEX_MALE
                        : text_is(code, "X") ? SEX_OTHER
                                             : SEX_UNKNOWN;
        if (sex != SEX_UNKNOWN && said != SEX_UNKNOWN && said != sex)
            return SEX_UNKNOWN;
        if (said != SEX_UNKNOWN)
            sex = said;
    }
    return sex;
}

bool record_next_nationality(const struct record *r, size_t *at, struct code *out)
{
    const struct statement *s = next_of(r, at, "nationality");
    if (s == NULL)
        return false;
    *out = code_of(CODE_COUNTRY, json_get_text(s->value, "country"));
    return true;
}

bool record_next_identifier(const struct record *r, size_t *at, struct identifier_view *out)
{
    while (*at < r->statement_count) {
        const struct statement *s = &r->statements[(*at)++];
        if (s->attribute_number < 0 || s->set == SET_MISUSED)
            continue;
        const char *type = attribute_row((size_t)s->attribute_number)->identifier;
        struct text number = json_get_text(s->value, "number");
        if (type[0] == '\0' || number.len == 0)
            continue;
        *out = (struct identifier_view){
            .statement = s,
            .type = code_of(CODE_IDENTIFIER, text_literal(type)),
            .value = number,
            .country = json_get_text(s->value, "country"),
        };
        return true;
    }
    return false;
}

static bool has_child_alert(const struct record *r)
{
    for (size_t i = 0; i < r->alert_count; i++) {
        struct text category = r->alerts[i].category.code;
        if (text_is(category, "missing.child") || text_is(category, "at-risk.abduction") ||
            text_is(category, "at-risk.child"))
            return true;
    }
    return false;
}

enum minor record_is_minor(const struct record *r, struct date on)
{
    struct date from;
    struct date to;
    if (r->kind != RECORD_PERSON)
        return MINOR_NO;
    if (!record_birth_interval(r, &from, &to))
        return has_child_alert(r) ? MINOR_YES : MINOR_UNKNOWN;
    if (date_age(to, on) >= MAJORITY_YEARS)
        return MINOR_NO;
    return date_age(from, on) < MAJORITY_YEARS ? MINOR_YES : MINOR_DOUBT;
}

bool alert_valid(const struct alert *alert, struct instant now)
{
    if (instant_before(now, date_begin(alert->valid_from)) ||
        instant_before(now, alert->hidden_until))
        return false;
    return alert->valid_until.year == 0 ||
           instant_before(now, instant_plus(date_begin(alert->valid_until), INSTANT_DAY));
}

static bool audience_allows(enum audience audience, const struct member_code *list, size_t count,
                            const struct member_code *member)
{
    bool named = false;
    for (size_t i = 0; i < count; i++)
        named = named || member_code_equal(&list[i], member);
    return audience == AUDIENCE_ONLY ? named : !named;
}

bool record_audience_allows(const struct record *r, const struct alert *alert,
                            const struct member_code *member)
{
    for (size_t i = 0; i < r->restriction_count; i++) {
        const struct restriction *bound = &r->restrictions[i];
        if (!audience_allows(bound->audience, bound->recipients, bound->recipient_count, member))
            return false;
    }
    return audience_allows(alert->audience, alert->recipients, alert->recipient_count, member);
}

const struct alert *record_find_alert(const struct record *r, struct text id)
{
    for (size_t i = 0; i < r->alert_count; i++) {
        if (text_equal(r->alerts[i].id, id))
            return &r->alerts[i];
    }
    return NULL;
}

const struct statement *record_find_statement(const struct record *r, struct text id)
{
    for (size_t i = 0; i < r->statement_count; i++) {
        if (text_equal(r->statements[i].id, id))
            return &r->statements[i];
    }
    return NULL;
}
