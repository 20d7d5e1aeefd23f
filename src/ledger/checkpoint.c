#include "ledger/checkpoint.h"

#include "core/encode.h"
#include "core/writer.h"
#include "core/decimal.h"

static const char origin_prefix[] = "comity/";

void origin_member(const uint8_t root_key[static NOTE_KEY_LEN],
                   uint8_t out[static ORIGIN_MEMBER_LEN])
{
    struct hash h = hash_of(bytes_of(root_key, NOTE_KEY_LEN));
    memcpy(out, h.bytes, ORIGIN_MEMBER_LEN);
}

static bool name_valid(struct text name)
{
    if (name.len == 0 || name.len > ORIGIN_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && c != '-' && (c < '0' || c > '9'))
            return false;
    }
    return true;
}

/* What a writer_in() wrote, as text; empty when the arena is full. */
static struct text written(const struct writer *w, struct arena *arena)
{
    struct bytes out;
    if (failed(writer_keep(w, arena, &out)))
        return (struct text){ NULL, 0 };
    return (struct text){ (const char *)out.data, out.len };
}

struct text origin_format(struct arena *arena, const struct origin *origin)
{
    struct text member = hex_format(arena, BYTES_OF(origin->member));
    struct writer w = writer_in(arena);
    writer_literal(&w, origin_prefix);
    writer_text(&w, member);
    writer_literal(&w, "/");
    writer_decimal(&w, origin->generation);
    writer_literal(&w, "/");
    writer_text(&w, origin->name);
    return written(&w, arena);
}

struct err origin_parse(struct text in, struct origin *out)
{
    const struct err bad = err_make(ERR_INVALID, "ledger.origin");
    struct origin origin;
    uint64_t generation = 0;
    if (!text_starts(in, text_literal(origin_prefix)))
        return bad;
    struct text rest = text_slice(in, sizeof(origin_prefix) - 1, in.len);
    struct text member = text_split(&rest, '/');
    if (rest.data == NULL || failed(hex_parse(member, origin.member, ORIGIN_MEMBER_LEN)))
        return bad;
    struct text number = text_split(&rest, '/');
    if (rest.data == NULL || !decimal_parse(number, &generation) || generation == 0 ||
        generation > UINT32_MAX || !name_valid(rest))
        return bad;
    origin.generation = (uint32_t)generation;
    origin.name = rest;
    *out = origin;
    return err_none();
}

struct text checkpoint_format(struct arena *arena, const struct checkpoint *checkpoint)
{
    struct text root = base64_format(arena, BYTES_OF(checkpoint->head.root.bytes));
    struct writer w = writer_in(arena);
    writer_text(&w, checkpoint->origin);
    writer_literal(&w, "\n");
    writer_decimal(&w, (int64_t)checkpoint->head.size);
    writer_literal(&w, "\n");
    writer_text(&w, root);
    writer_literal(&w, "\n");
    return written(&w, arena);
}

struct err checkpoint_parse(struct text in, struct checkpoint *out)
{
    const struct err bad = err_make(ERR_INVALID, "ledger.checkpoint");
    struct checkpoint made;
    struct text rest = in;
    size_t len = 0;
    made.origin = text_split(&rest, '\n');
    if (rest.data == NULL || made.origin.len == 0 || made.origin.len > NOTE_NAME_MAX)
        return bad;
    struct text size = text_split(&rest, '\n');
    if (rest.data == NULL || !decimal_parse(size, &made.head.size) ||
        made.head.size > TREE_SIZE_MAX)
        return bad;
    struct text root = text_split(&rest, '\n');
    if (rest.data == NULL || rest.len != 0 ||
        failed(base64_parse(root, made.head.root.bytes, HASH_LEN, &len)) || len != HASH_LEN)
        return bad;
    *out = made;
    return err_none();
}

struct err checkpoint_open(struct bytes in, const struct note_key *key, struct arena *arena,
                           struct checkpoint *out)
{
    struct note note;
    struct checkpoint made;
    struct err e = note_read(in, arena, &note);
    if (!failed(e))
        e = note_check(&note, key);
    if (!failed(e))
        e = checkpoint_parse(note.text, &made);
    if (failed(e))
        return e;
    if (!text_equal(made.origin, key->name))
        return err_make(ERR_INVALID, "ledger.other-log");
    *out = made;
    return err_none();
}
