#include "link/frame.h"

#include <assert.h>

#include "link/field.h"

static const struct {
    const char *name;
    bool basis;
} kinds[FRAME_KINDS] = {
    [FRAME_RECORD] = { "record", true },          [FRAME_WITHDRAW] = { "withdraw", true },
    [FRAME_INSTRUMENT] = { "instrument", false }, [FRAME_MESSAGE] = { "message", true },
    [FRAME_RELEASE] = { "release", true },        [FRAME_KEY] = { "key", false },
    [FRAME_ERASURE] = { "erasure", true },
};

const char *frame_kind_name(enum frame_kind kind)
{
    assert(kind < FRAME_KINDS);
    return kinds[kind].name;
}

enum frame_kind frame_kind_of(struct text name)
{
    for (unsigned i = FRAME_NONE + 1; i < FRAME_KINDS; i++)
        if (text_is(name, kinds[i].name))
            return (enum frame_kind)i;
    return FRAME_NONE;
}

bool frame_kind_has_basis(enum frame_kind kind)
{
    assert(kind < FRAME_KINDS);
    return kinds[kind].basis;
}

static bool name_valid(struct text name, size_t len_max, bool upper)
{
    if (name.len == 0 || name.len > len_max)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool lower_or_digit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        if (!lower_or_digit && !(upper && c >= 'A' && c <= 'Z'))
            return false;
    }
    return true;
}

bool frame_realm_valid(struct text realm)
{
    return name_valid(realm, FRAME_REALM_LEN_MAX, false);
}

bool frame_code_valid(struct text code)
{
    return name_valid(code, FRAME_CODE_LEN_MAX, true);
}

struct text frame_subject(const struct frame *frame)
{
    const struct json *record = json_get(frame->body, "record");
    if (record != NULL && record->kind == JSON_STRING)
        return record->string;
    return json_get_text(record, "id");
}

/* What a body must hold to be applied at all; its meaning is the clerk's. */
static bool body_right(const struct frame *frame)
{
    const struct json *record = json_get(frame->body, "record");
    struct text subject = frame_subject(frame);
    if (subject.len > FRAME_SUBJECT_LEN_MAX || (record != NULL && subject.len == 0))
        return false;
    switch (frame->kind) {
    case FRAME_RECORD:
        return record != NULL && record->kind == JSON_OBJECT;
    case FRAME_WITHDRAW:
    case FRAME_RELEASE:
    case FRAME_ERASURE:
        return record != NULL && record->kind == JSON_STRING;
    case FRAME_INSTRUMENT:
    case FRAME_KEY:
        return record == NULL; /* waits behind no record */
    case FRAME_MESSAGE:
        return record == NULL || record->kind == JSON_STRING;
    case FRAME_NONE:
    case FRAME_KINDS:
        break;
    }
    return false;
}

static bool attachments(const struct json *body)
{
    return json_count(json_get(body, "attachments")) > 0 ||
           json_count(json_get(json_get(body, "record"), "attachments")) > 0;
}

static struct err length_check(const struct frame *frame, size_t len)
{
    if (len > FRAME_CONTENT_LEN_MAX)
        return err_make(ERR_LIMIT, "frame.too-long");
    if (frame->kind == FRAME_RECORD && len > FRAME_RECORD_LEN_MAX && !attachments(frame->body))
        return err_make(ERR_LIMIT, "frame.record-too-long");
    return err_none();
}

static struct basis basis_take(struct fields *f)
{
    struct basis basis = { .version = 0 };
    const struct json *object = fields_take(f, "basis", JSON_OBJECT);
    if (object == NULL)
        return basis;
    struct fields inner = fields_over(object, "frame.basis");
    fields_hex(&inner, "agreement", basis.agreement.bytes, HASH_LEN);
    basis.version = (uint32_t)fields_number(&inner, "version", 1, UINT32_MAX);
    basis.clause = fields_text(&inner, "clause", FRAME_CLAUSE_LEN_MAX);
    struct err e = fields_end(&inner);
    if (failed(e))
        f->err = e;
    return basis;
}

struct err frame_parse(struct bytes content, struct arena *arena, struct frame *out)
{
    if (content.len > FRAME_CONTENT_LEN_MAX)
        return err_make(ERR_LIMIT, "frame.too-long");
    struct fields f = fields_read(content, arena, "frame.member");
    fields_number(&f, "comity", FRAME_FORMAT, FRAME_FORMAT);
    struct frame frame = {
        .realm = fields_text(&f, "realm", FRAME_REALM_LEN_MAX),
        .generation = (uint32_t)fields_number(&f, "generation", 1, UINT32_MAX),
        .feed = fields_text(&f, "feed", FRAME_CODE_LEN_MAX),
        .number = fields_number(&f, "number", 1, FRAME_NUMBER_MAX),
        .kind = frame_kind_of(fields_text(&f, "kind", FRAME_CODE_LEN_MAX)),
        .as_of = fields_instant(&f, "as_of"),
        .body = fields_take(&f, "body", JSON_OBJECT),
    };
    fields_check(&f, frame_realm_valid(frame.realm), "realm");
    fields_check(&f, frame_code_valid(frame.feed), "feed");
    fields_check(&f, frame.kind != FRAME_NONE, "kind");
    if (failed(f.err))
        return f.err;
    frame.has_basis = frame_kind_has_basis(frame.kind);
    if (frame.has_basis)
        frame.basis = basis_take(&f);
    fields_check(&f, body_right(&frame), "body");
    struct err e = fields_end(&f);
    if (failed(e))
        return e;
    e = length_check(&frame, content.len);
    if (failed(e))
        return e;
    *out = frame;
    return err_none();
}

struct err frame_format(const struct frame *frame, struct arena *arena, struct bytes *out)
{
    assert(frame->kind > FRAME_NONE && frame->kind < FRAME_KINDS);
    assert(frame->has_basis == frame_kind_has_basis(frame->kind)); /* I1 */
    assert(frame->number > 0 && frame->number <= FRAME_NUMBER_MAX && frame->generation > 0);
    assert(frame_realm_valid(frame->realm) && frame_code_valid(frame->feed));
    if (frame->body == NULL || frame->body->kind != JSON_OBJECT || !body_right(frame))
        return err_make(ERR_INVALID, "frame.member");
    struct json root = json_object();
    json_set_integer(arena, &root, "comity", FRAME_FORMAT);
    json_set_text(arena, &root, "realm", frame->realm);
    json_set_integer(arena, &root, "generation", frame->generation);
    json_set_text(arena, &root, "feed", frame->feed);
    json_set_integer(arena, &root, "number", (int64_t)frame->number);
    json_set(arena, &root, "kind", json_literal(frame_kind_name(frame->kind)));
    json_set_text(arena, &root, "as_of", instant_format(arena, frame->as_of));
    json_set(arena, &root, "body", *frame->body);
    if (frame->has_basis) {
        const struct basis *basis = &frame->basis;
        if (basis->clause.len == 0 || basis->clause.len > FRAME_CLAUSE_LEN_MAX ||
            basis->version == 0)
            return err_make(ERR_INVALID, "frame.basis");
        struct json object = json_object();
        json_set(arena, &object, "agreement", field_hex(arena, basis->agreement.bytes, HASH_LEN));
        json_set_integer(arena, &object, "version", basis->version);
        json_set_text(arena, &object, "clause", basis->clause);
        json_set(arena, &root, "basis", object);
    }
    struct bytes content;
    struct err e = json_format(&root, arena, &content);
    if (failed(e))
        return e;
    e = length_check(frame, content.len);
    if (failed(e))
        return e;
    *out = content;
    return err_none();
}
