/* A record to the attributes that rules test. Whatever is missing where it should be, or is not in
 * our lists, becomes doubt. */
#include "treaty/view.h"

#include <assert.h>

#include "wording/words.h"

static struct codes no_codes(void)
{
    return (struct codes){ NULL, 0 };
}

static struct codes member_codes(struct arena *arena, const struct member_code *members,
                                 size_t count)
{
    struct text *items = ARENA_ARRAY(arena, struct text, count);
    if (items == NULL)
        return no_codes();
    for (size_t i = 0; i < count; i++)
        items[i] = member_code_text(&members[i]);
    return (struct codes){ items, (uint32_t)count };
}

static bool is_person(const struct record *record)
{
    return record->kind == RECORD_PERSON || record->kind == RECORD_KIND_RAW;
}

static struct view_values nationalities(const struct record *record, struct arena *arena)
{
    struct text *items = ARENA_ARRAY(arena, struct text, record->statement_count);
    struct code code;
    uint32_t count = 0;
    for (size_t at = 0; items != NULL && count < record->statement_count &&
                        record_next_nationality(record, &at, &code);)
        items[count++] = code.code;
    return (struct view_values){ { items, count },
                                 count == 0 && (is_person(record) || record->redacted) };
}

/* Pairs "scale.source.A", "scale.information.1" of each statement; one without is doubt. */
static struct view_values gradings(const struct record *record, struct arena *arena)
{
    struct view_values out = { no_codes(), record->redacted };
    struct text *items = ARENA_ARRAY(arena, struct text, 2 * record->statement_count);
    for (size_t i = 0; items != NULL && i < record->statement_count; i++) {
        const struct statement *s = &record->statements[i];
        if (s->grading_scale.len == 0) {
            out.doubt = true;
            continue;
        }
        struct text source = arena_join(arena, s->grading_scale, TEXT(".source."));
        struct text information = arena_join(arena, s->grading_scale, TEXT(".information."));
        items[out.codes.count++] = arena_join(arena, source, s->grading_source);
        items[out.codes.count++] = arena_join(arena, information, s->grading_information);
    }
    out.codes.items = items;
    return out;
}

/* Bits of rows of a list; a bit beyond it is a value that we do not know. */
static struct view_values bit_codes(enum code_list list, uint32_t bits, struct arena *arena)
{
    struct text *items = ARENA_ARRAY(arena, struct text, 32);
    struct view_values out = { no_codes(), false };
    for (uint32_t i = 0; items != NULL && i < 32; i++) {
        if ((bits >> i & 1) == 0)
            continue;
        if (i < code_count(list))
            items[out.codes.count++] = text_literal(code_row(list, i)->code);
        else
            out.doubt = true;
    }
    out.codes.items = items;
    return out;
}

static struct view_values offences(const struct alert *alert, struct arena *arena)
{
    struct text *items = ARENA_ARRAY(arena, struct text, alert->offence_count);
    struct view_values out = { no_codes(), false };
    for (size_t i = 0; items != NULL && i < alert->offence_count; i++) {
        const struct code *mapped = &alert->offences[i].mapped;
        if (mapped->list.len > 0)
            items[out.codes.count++] = mapped->code;
        else
            out.doubt = true; /* the own law's code tells a partner's clause nothing */
    }
    out.codes.items = items;
    return out;
}

/* Sought for something that is not said, the penalty is not known. */
static enum truth death_of(const struct alert *alert)
{
    bool wanted = code_is_raw(alert->category) ||
                  code_matches(CODE_CATEGORY, alert->category, TEXT("wanted.*"));
    enum truth out = alert->offence_count == 0 && wanted ? TRUTH_UNKNOWN : TRUTH_FALSE;
    for (size_t i = 0; i < alert->offence_count; i++) {
        if (alert->offences[i].penalty_death_said && alert->offences[i].penalty_death)
            return TRUTH_TRUE;
        if (!alert->offences[i].penalty_death_said)
            out = TRUTH_UNKNOWN;
    }
    return out;
}

static uint32_t months_of(int64_t months)
{
    return months > UINT32_MAX - 1 ? UINT32_MAX - 1 : (uint32_t)months;
}

/* Life and death are more than any number of months. */
static struct view_term penalty_of(const struct alert *alert)
{
    struct view_term out = { 0, alert->offence_count == 0 };
    for (size_t i = 0; i < alert->offence_count; i++) {
        const struct offence *o = &alert->offences[i];
        uint32_t months = 0;
        if (o->penalty_life || (o->penalty_death_said && o->penalty_death))
            months = UINT32_MAX;
        else if (o->penalty_max_months >= 0)
            months = months_of(o->penalty_max_months);
        else
            out.unsaid = true;
        out.greatest = months > out.greatest ? months : out.greatest;
    }
    return out;
}

static struct view_term sentence_of(const struct alert *alert)
{
    struct view_term out = { 0, alert->offence_count == 0 };
    for (size_t i = 0; i < alert->offence_count; i++) {
        int64_t months = alert->offences[i].sentence_months;
        if (months < 0)
            out.unsaid = true;
        else if (months_of(months) > out.greatest)
            out.greatest = months_of(months);
    }
    return out;
}

/* Of the alert and of every statement; where some may have been taken out, there may be more. */
static struct view_values handling_of(const struct record *record, const struct alert *alert,
                                      struct arena *arena)
{
    uint32_t bits = alert->handling;
    for (size_t i = 0; i < record->statement_count; i++)
        bits |= record->statements[i].handling;
    struct view_values out = bit_codes(CODE_HANDLING, bits, arena);
    out.doubt = out.doubt || record->redacted;
    return out;
}

/* An originator that is not the owner itself. */
static enum truth third_of(const struct record *record)
{
    for (size_t i = 0; i < record->originator_count; i++) {
        if (!member_code_equal(&record->originators[i], &record->owner))
            return TRUTH_TRUE;
    }
    return record->redacted ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* LEVEL_NONE, which passes no ceiling, once any of them is unknown. */
static enum level highest(enum level a, enum classification b)
{
    static const enum level levels[] = {
        [CLASSIFICATION_UNCLASSIFIED] = LEVEL_UNCLASSIFIED,
        [CLASSIFICATION_RESTRICTED] = LEVEL_RESTRICTED,
        [CLASSIFICATION_CONFIDENTIAL] = LEVEL_CONFIDENTIAL,
        [CLASSIFICATION_SECRET] = LEVEL_SECRET,
        [CLASSIFICATION_TOP_SECRET] = LEVEL_TOP_SECRET,
        [CLASSIFICATION_RAW] = LEVEL_NONE,
    };
    enum level level = levels[b];
    if (a == LEVEL_NONE || level == LEVEL_NONE)
        return LEVEL_NONE;
    return level > a ? level : a;
}

/* Of the record itself and its statements; other alerts do not travel with this one. */
static enum level base_level(const struct record *record)
{
    enum level level = LEVEL_UNCLASSIFIED;
    struct text own = json_get_text(record->json, "classification");
    if (own.len > 0 && !level_parse(own, &level))
        return LEVEL_NONE;
    for (size_t i = 0; i < record->statement_count; i++)
        level = highest(level, record->statements[i].classification);
    return level;
}

static void narrow_audience(struct view_alert *alert, enum audience audience, struct codes members,
                            struct arena *arena)
{
    bool only = audience == AUDIENCE_ONLY;
    struct codes old = only ? alert->only : alert->never;
    struct text *items = ARENA_ARRAY(arena, struct text, old.count + members.count);
    uint32_t count = 0;
    for (uint32_t i = 0; items != NULL && i < members.count; i++) {
        if (!only || !alert->restricted || codes_have(old, members.items[i]))
            items[count++] = members.items[i];
    }
    for (uint32_t i = 0; items != NULL && !only && i < old.count; i++)
        items[count++] = old.items[i];
    struct codes narrowed = { items, count };
    if (only)
        alert->only = narrowed;
    else
        alert->never = narrowed;
    alert->restricted = alert->restricted || only;
}

static struct instant begin_of(struct date date)
{
    return date.year == 0 ? (struct instant){ 0 } : date_begin(date);
}

static struct view_alert alert_view(const struct record *record, const struct alert *alert,
                                    struct arena *arena)
{
    struct view_alert out = { .category = alert->category.code, .death = death_of(alert) };
    bool person = is_person(record);
    out.offences = offences(alert, arena);
    out.subjects = bit_codes(CODE_SUBJECT, alert->subjects, arena);
    out.subjects.doubt = out.subjects.doubt || (alert->subjects == 0 && person);
    out.warnings = bit_codes(CODE_WARNING, alert->warnings, arena);
    out.handling = handling_of(record, alert, arena);
    out.action = alert->action.code;
    out.penalty = penalty_of(alert);
    out.sentence = sentence_of(alert);
    out.classification = highest(base_level(record), alert->classification);
    out.valid_from = begin_of(alert->valid_from);
    out.valid_until = begin_of(alert->valid_until);
    if (out.valid_until.ms != 0)
        out.valid_until = instant_plus(out.valid_until, INSTANT_DAY);
    out.hidden_until = alert->hidden_until;
    if (record->redacted)
        return out; /* recipients do not travel */
    narrow_audience(&out, alert->audience,
                    member_codes(arena, alert->recipients, alert->recipient_count), arena);
    for (size_t i = 0; i < record->restriction_count; i++) {
        const struct restriction *r = &record->restrictions[i];
        narrow_audience(&out, r->audience, member_codes(arena, r->recipients, r->recipient_count),
                        arena);
    }
    return out;
}

static const struct view_note *note_views(const struct note *notes, size_t count,
                                          struct arena *arena)
{
    struct view_note *out = ARENA_ARRAY(arena, struct view_note, count);
    for (size_t i = 0; out != NULL && i < count; i++) {
        bool raw = notes[i].kind == NOTE_RAW;
        out[i].code = raw ? TEXT("") /* in no list: doubt */
                          : text_literal(code_row(CODE_NOTE, (size_t)notes[i].kind)->code);
        out[i].members = member_codes(arena, notes[i].members, notes[i].member_count);
    }
    return out;
}

static bool sought_as_child(const struct record *record)
{
    for (size_t i = 0; i < record->alert_count; i++) {
        if (code_matches(CODE_CATEGORY, record->alerts[i].category, TEXT("missing.child")))
            return true;
    }
    return false;
}

struct err treaty_view_of(const struct record *record, const struct note *notes, size_t note_count,
                          struct arena *arena, struct treaty_view *out)
{
    assert(record->alert_count <= VIEW_ALERTS_MAX);
    struct treaty_view view = { .kind = record->kind_text, .partial = record->redacted };
    view.nationalities = nationalities(record, arena);
    view.unit = record->unit;
    view.third = third_of(record);
    view.ageless = !is_person(record);
    view.child_presumed = sought_as_child(record);
    if (!record_birth_interval(record, &view.born_first, &view.born_last))
        view.born_first = view.born_last = (struct date){ 0 };
    view.notes = note_views(notes, note_count, arena);
    view.note_count = (uint32_t)note_count;
    struct view_values graded = gradings(record, arena);
    struct view_alert *alerts = ARENA_ARRAY(arena, struct view_alert, record->alert_count);
    for (size_t i = 0; alerts != NULL && i < record->alert_count; i++) {
        alerts[i] = alert_view(record, &record->alerts[i], arena);
        alerts[i].grading = graded;
    }
    view.alerts = alerts;
    view.alert_count = (uint32_t)record->alert_count;
    struct err e = arena_check(arena);
    if (!failed(e))
        *out = view;
    return e;
}
