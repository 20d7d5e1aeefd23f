/* A point of the table as a record and as JSON. */
#include <assert.h>

#include "survey/space.h"
#include "wording/words.h"

static const struct axis_value *value_at(const struct space *space, const struct space_point *point,
                                         uint32_t axis)
{
    assert(point->at[axis] < space->axes[axis].count);
    return &space->axes[axis].values[point->at[axis]];
}

static const struct axis_value *value_of(const struct space *space, const struct space_point *point,
                                         enum axis_kind kind)
{
    for (uint32_t i = 0; i < space->count; i++) {
        if (space->axes[i].kind == kind)
            return value_at(space, point, i);
    }
    return NULL;
}

bool space_possible(const struct space *space, const struct space_point *point)
{
    struct text kind = value_of(space, point, AXIS_RECORD)->code;
    const struct axis_value *category = value_of(space, point, AXIS_CATEGORY);
    bool person = text_is(kind, "person");
    if (!category_fits(code_find(CODE_CATEGORY, category->code), kind))
        return false;
    /* a thing has no age, nationality or class of subject: one value of those stands for all */
    static const enum axis_kind personal[] = { AXIS_AGE, AXIS_NATIONALITY, AXIS_SUBJECT };
    for (size_t i = 0; !person && i < sizeof(personal) / sizeof(personal[0]); i++) {
        for (uint32_t a = 0; a < space->count; a++) {
            if (space->axes[a].kind == personal[i] && point->at[a] != 0)
                return false;
        }
    }
    return true;
}

uint16_t space_class(const struct space *space, struct text member)
{
    uint32_t i = 0;
    while (!text_equal(space->members[i], member))
        i++;
    assert(i < space->member_count);
    return space->class_of[i];
}

struct json space_members(const struct space *space, uint32_t class, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < space->member_count; i++) {
        if (space->class_of[i] == class)
            json_push(arena, &out, json_string(space->members[i]));
    }
    return out;
}

/* -- a record ----------------------------------------------------------------------------- */

static struct view_values one_value(const struct axis_value *value, struct arena *arena,
                                    uint32_t copies)
{
    struct view_values out = { { NULL, 0 }, value->doubt };
    struct text *items = ARENA_ARRAY(arena, struct text, copies);
    if (items == NULL || value->code.len == 0)
        return out;
    for (uint32_t i = 0; i < copies; i++)
        items[i] = value->code;
    out.codes = (struct codes){ items, copies };
    return out;
}

static enum truth truth_of(const struct axis_value *value)
{
    if (value->doubt)
        return TRUTH_UNKNOWN;
    return value->number != 0 ? TRUTH_TRUE : TRUTH_FALSE;
}

static void set_age(struct treaty_view *view, const struct axis_value *value,
                    struct instant as_of)
{
    struct date today = date_of_instant(as_of);
    if (value->doubt)
        return;
    view->born_first = (struct date){ (int16_t)(today.year - (int)value->number), 1, 1 };
    view->born_last = view->born_first;
}

static void add_note(const struct space *space, struct treaty_view *view, struct text code,
                     struct arena *arena)
{
    struct view_note *notes = ARENA_ARRAY(arena, struct view_note, view->note_count + 1);
    if (notes == NULL)
        return;
    for (uint32_t i = 0; i < view->note_count; i++)
        notes[i] = view->notes[i];
    notes[view->note_count].code = code;
    notes[view->note_count].members = (struct codes){ space->members, space->member_count };
    view->notes = notes;
    view->note_count++;
}

static void add_assurance(struct question *question, struct text code, struct arena *arena)
{
    struct codes *given = &question->assurances;
    struct text *items = ARENA_ARRAY(arena, struct text, given->count + 1);
    if (items == NULL)
        return;
    for (uint32_t i = 0; i < given->count; i++)
        items[i] = given->items[i];
    items[given->count] = code;
    *given = (struct codes){ items, given->count + 1 };
}

static void set_alert(const struct axis *axis, const struct axis_value *value,
                      struct view_alert *alert, struct arena *arena)
{
    struct view_term term = { value->number, value->doubt };
    switch ((int)axis->kind) {
    case AXIS_CATEGORY:
        alert->category = value->code;
        break;
    case AXIS_OFFENCE:
        alert->offences = one_value(value, arena, 1);
        break;
    case AXIS_SUBJECT:
        alert->subjects = one_value(value, arena, 1);
        break;
    case AXIS_WARNING:
        alert->warnings = one_value(value, arena, 1);
        break;
    case AXIS_GRADING:
        alert->grading = one_value(value, arena, 2); /* source and information alike */
        break;
    case AXIS_HANDLING:
        alert->handling = one_value(value, arena, 1);
        break;
    case AXIS_ACTION:
        alert->action = value->code;
        break;
    case AXIS_LEVEL:
        alert->classification = (enum level)value->number;
        break;
    case AXIS_DEATH:
        alert->death = truth_of(value);
        break;
    case AXIS_PENALTY:
        alert->penalty = term;
        break;
    case AXIS_SENTENCE:
        alert->sentence = term;
        break;
    default:
        break; /* of the record or the question */
    }
}

static void set_rest(const struct space *space, const struct axis *axis,
                     const struct axis_value *value, struct arena *arena, struct space_case *out)
{
    switch ((int)axis->kind) {
    case AXIS_RECORD:
        out->view.kind = value->code;
        out->view.ageless = !text_is(value->code, "person");
        break;
    case AXIS_NATIONALITY:
        out->view.nationalities = one_value(value, arena, 1);
        break;
    case AXIS_UNIT:
        out->view.unit = value->code;
        break;
    case AXIS_THIRD:
        out->view.third = truth_of(value);
        break;
    case AXIS_NOTE:
        if (value->number != 0)
            add_note(space, &out->view, axis->name, arena);
        break;
    case AXIS_ASSURANCE:
        if (value->number != 0)
            add_assurance(&out->question, axis->name, arena);
        break;
    case AXIS_URGENT:
        out->question.urgent = value->number != 0;
        break;
    case AXIS_PURPOSE:
        out->question.purpose = value->code;
        break;
    case AXIS_MODE:
        out->question.mode = (enum access_mode)value->number;
        break;
    default:
        break; /* of the alert, or set once the kind is known */
    }
}

struct err space_case(const struct space *space, const struct space_point *point,
                      struct instant as_of, struct arena *arena, struct space_case *out)
{
    struct view_alert *alert = ARENA_NEW(arena, struct view_alert);
    struct space_case made = { .question = { .alerts = 1 } };
    if (alert == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    alert->classification = LEVEL_UNCLASSIFIED;
    for (uint32_t i = 0; i < space->count; i++) {
        set_alert(&space->axes[i], value_at(space, point, i), alert, arena);
        set_rest(space, &space->axes[i], value_at(space, point, i), arena, &made);
    }
    const struct axis_value *age = value_of(space, point, AXIS_AGE);
    if (age != NULL && !made.view.ageless)
        set_age(&made.view, age, as_of);
    made.view.alerts = alert;
    made.view.alert_count = 1;
    struct err e = arena_check(arena);
    if (!failed(e))
        *out = made;
    return e;
}

/* -- as JSON ------------------------------------------------------------------------------ */

static const char *axis_name(enum axis_kind kind)
{
    static const char *const names[AXIS_KINDS] = {
        [AXIS_RECORD] = "kind",           [AXIS_CATEGORY] = "category",
        [AXIS_OFFENCE] = "offence",       [AXIS_SUBJECT] = "subject",
        [AXIS_NATIONALITY] = "nationality", [AXIS_WARNING] = "warning",
        [AXIS_GRADING] = "grading",       [AXIS_HANDLING] = "handling",
        [AXIS_ACTION] = "action",         [AXIS_UNIT] = "unit",
        [AXIS_LEVEL] = "classification",  [AXIS_AGE] = "age",
        [AXIS_DEATH] = "death",           [AXIS_PENALTY] = "penalty_months",
        [AXIS_SENTENCE] = "sentence_months", [AXIS_THIRD] = "third_party",
        [AXIS_NOTE] = "notes",            [AXIS_ASSURANCE] = "assurances",
        [AXIS_URGENT] = "urgent",         [AXIS_PURPOSE] = "purpose",
        [AXIS_MODE] = "mode",
    };
    return names[kind];
}

static struct json value_json(const struct axis *axis, const struct axis_value *value)
{
    if (value->doubt)
        return json_literal("unknown");
    switch ((int)axis->kind) {
    case AXIS_LEVEL:
        return json_string(level_code((enum level)value->number));
    case AXIS_AGE:
    case AXIS_PENALTY:
    case AXIS_SENTENCE:
        return json_integer(value->number);
    case AXIS_DEATH:
    case AXIS_THIRD:
    case AXIS_URGENT:
        return json_bool(value->number != 0);
    case AXIS_MODE:
        return json_string(mode_code((enum access_mode)value->number));
    default:
        return value->code.len == 0 ? json_literal("none") : json_string(value->code);
    }
}

struct json space_json(const struct space *space, const struct space_point *point,
                       struct arena *arena)
{
    struct json out = json_object();
    struct json notes = json_array();
    struct json assurances = json_array();
    bool person = text_is(value_of(space, point, AXIS_RECORD)->code, "person");
    for (uint32_t i = 0; i < space->count; i++) {
        const struct axis *axis = &space->axes[i];
        const struct axis_value *value = value_at(space, point, i);
        bool personal = axis->kind == AXIS_AGE || axis->kind == AXIS_NATIONALITY ||
                        axis->kind == AXIS_SUBJECT;
        if (axis->kind == AXIS_NOTE && value->number != 0)
            json_push(arena, &notes, json_string(axis->name));
        else if (axis->kind == AXIS_ASSURANCE && value->number != 0)
            json_push(arena, &assurances, json_string(axis->name));
        else if (axis->kind != AXIS_NOTE && axis->kind != AXIS_ASSURANCE && (person || !personal))
            json_set(arena, &out, axis_name(axis->kind), value_json(axis, value));
    }
    if (json_count(&notes) > 0)
        json_set(arena, &out, "notes", notes);
    if (json_count(&assurances) > 0)
        json_set(arena, &out, "assurances", assurances);
    return out;
}
