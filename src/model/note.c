#include "model/note.h"

static bool members_parse(const struct json *in_opt, struct arena *arena, struct note *note)
{
    size_t count = json_count(in_opt);
    if (in_opt != NULL && (in_opt->kind != JSON_ARRAY || count > NOTE_MEMBERS_MAX))
        return false;
    struct member_code *list = ARENA_ARRAY(arena, struct member_code, count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        const struct json *item = json_item(in_opt, i);
        if (item->kind != JSON_STRING || failed(member_code_parse(item->string, &list[i])))
            return false;
    }
    note->members = list;
    note->member_count = count;
    return list != NULL;
}

struct err note_parse(const struct json *in, struct arena *arena, struct note *out)
{
    struct note note = { .id = json_get_text(in, "note"), .text = json_get_text(in, "text") };
    struct text kind = json_get_text(in, "kind");
    int row = code_find(CODE_NOTE, kind);
    note.kind = row < 0 ? NOTE_RAW : (enum note_kind)row;
    bool good = !failed(record_id_parse(json_get_text(in, "record"), &note.record)) &&
                slug_valid(note.id) && kind.len > 0 && kind.len <= CODE_TEXT_MAX &&
                note.text.len <= 4000 && members_parse(json_get(in, "members"), arena, &note);
    good = good &&
           (note.kind == NOTE_RAW || (note.kind == NOTE_PROTECTED_FROM) == (note.member_count > 0));
    if (!good)
        return arena->full ? arena_check(arena) : err_make(ERR_INVALID, "model.bad-note");
    *out = note;
    return err_none();
}

bool note_protects_from(const struct note *note, const struct member_code *member)
{
    if (note->kind == NOTE_RAW || note->kind == NOTE_SOURCE_AT_RISK)
        return true;
    for (size_t i = 0; i < note->member_count; i++) {
        if (member_code_equal(&note->members[i], member))
            return true;
    }
    return false;
}
