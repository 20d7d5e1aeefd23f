#include "model/effect.h"

#include <assert.h>

const char *effect_name(enum effect_kind kind)
{
    assert(kind <= EFFECT_REFUSED);
    return code_row(CODE_EFFECT, kind)->code;
}

static struct err bad(void)
{
    return err_make(ERR_INVALID, "model.bad-effect");
}

/* Exactly one of a rule and an officer decides. */
static bool decider_parse(const struct json *in, struct effect *effect)
{
    const struct json *officer = json_get(in, "officer");
    effect->rule = json_get_text(in, "rule");
    effect->unit = json_get_text(officer, "unit");
    effect->user = json_get_text(officer, "user");
    if (officer == NULL)
        return effect->rule.len > 0 && effect->rule.len <= CODE_TEXT_MAX;
    return effect->rule.data == NULL && slug_valid(effect->unit) && slug_valid(effect->user);
}

struct err effect_parse(const struct json *in, struct effect *out)
{
    struct effect effect = { .alert = json_get_text(in, "alert"),
                             .text = json_get_text(in, "text"),
                             .reduced_to = { .number = CODE_RAW } };
    int kind = code_find(CODE_EFFECT, json_get_text(in, "effect"));
    struct text until = json_get_text(in, "until");
    struct text reduced = json_get_text(in, "reduced_to");
    bool good = !failed(record_id_parse(json_get_text(in, "record"), &effect.record)) &&
                slug_valid(effect.alert) && kind >= 0 && decider_parse(in, &effect) &&
                (until.data == NULL || !failed(date_parse(until, &effect.until)));
    if (!good)
        return bad();
    effect.kind = (enum effect_kind)kind;
    if (reduced.data != NULL)
        effect.reduced_to = code_of(CODE_ACTION, reduced);
    if ((effect.kind == EFFECT_REDUCED) != (reduced.data != NULL))
        return bad();
    if (effect.kind == EFFECT_REDUCED && code_is_raw(effect.reduced_to))
        return bad(); /* our own decision, in our own words */
    effect.ground = code_of(CODE_GROUND, json_get_text(in, "ground"));
    if (effect.kind != EFFECT_AS_ASKED && code_is_raw(effect.ground))
        return bad();
    *out = effect;
    return err_none();
}

struct json effect_format(const struct effect *effect, struct arena *arena)
{
    struct json out = json_object();
    json_set_text(arena, &out, "record", record_id_format(&effect->record, arena));
    json_set_text(arena, &out, "alert", effect->alert);
    json_set_text(arena, &out, "effect", text_literal(effect_name(effect->kind)));
    if (effect->kind == EFFECT_REDUCED)
        json_set_text(arena, &out, "reduced_to", effect->reduced_to.code);
    if (!code_is_raw(effect->ground))
        json_set_text(arena, &out, "ground", effect->ground.code);
    if (effect->rule.len > 0) {
        json_set_text(arena, &out, "rule", effect->rule);
    } else {
        struct json officer = json_object();
        json_set_text(arena, &officer, "unit", effect->unit);
        json_set_text(arena, &officer, "user", effect->user);
        json_set(arena, &out, "officer", officer);
    }
    if (effect->text.len > 0)
        json_set_text(arena, &out, "text", effect->text);
    if (effect->until.year != 0)
        json_set_text(arena, &out, "until", date_format(arena, effect->until));
    return out;
}
