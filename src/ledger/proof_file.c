#include "ledger/proof_file.h"

#include <assert.h>

#include "core/encode.h"
#include "core/writer.h"
#include "core/decimal.h"

enum { EXTRA_OPENING = 1, EXTRA_ENTRY = 2 };

static const char first_line[] = "c2sp.org/tlog-proof@v1\n";
static const char bad[] = "ledger.proof-file";

static struct err format_extra(const struct proof_file *file, struct arena *arena, struct text *out)
{
    static const uint8_t kinds[] = { EXTRA_OPENING, EXTRA_ENTRY };
    size_t len = file->opening.content.len;
    if (!file->hollow && (len < 1 || len > COMMIT_CONTENT_MAX))
        return err_make(ERR_LIMIT, "ledger.opening-length");
    struct writer w = writer_in(arena);
    writer_put(&w, bytes_of(&kinds[file->hollow ? 1 : 0], 1));
    if (file->hollow) {
        writer_put(&w, BYTES_OF(file->entry.bytes));
    } else {
        writer_put(&w, BYTES_OF(file->opening.salt));
        writer_put(&w, file->opening.content);
    }
    struct bytes extra;
    struct err e = writer_keep(&w, arena, &extra);
    if (failed(e))
        return e;
    *out = base64_format(arena, extra);
    return arena_check(arena);
}

struct err proof_file_format(const struct proof_file *file, struct arena *arena, struct text *out)
{
    struct text extra;
    struct text hashes[TREE_PROOF_MAX];
    assert(file->proof.count <= TREE_PROOF_MAX && file->index <= TREE_SIZE_MAX);
    struct err e = format_extra(file, arena, &extra);
    if (failed(e))
        return e;
    for (size_t i = 0; i < file->proof.count; i++)
        hashes[i] = base64_format(arena, BYTES_OF(file->proof.hashes[i].bytes));
    struct writer w = writer_in(arena);
    writer_literal(&w, first_line);
    writer_literal(&w, "extra ");
    writer_text(&w, extra);
    writer_literal(&w, "\nindex ");
    writer_decimal(&w, (int64_t)file->index);
    writer_literal(&w, "\n");
    for (size_t i = 0; i < file->proof.count; i++) {
        writer_text(&w, hashes[i]);
        writer_literal(&w, "\n");
    }
    writer_literal(&w, "\n");
    writer_put(&w, file->checkpoint);
    struct bytes made;
    e = writer_keep(&w, arena, &made);
    if (failed(e) || failed(arena_check(arena)))
        return failed(e) ? e : arena_check(arena);
    *out = (struct text){ (const char *)made.data, made.len };
    return err_none();
}

static struct err parse_extra(struct text coded, struct arena *arena, struct proof_file *file)
{
    size_t room = coded.len / 4 * 3;
    size_t len = 0;
    uint8_t *data = arena_take(arena, room);
    if (data == NULL)
        return arena_check(arena);
    if (failed(base64_parse(coded, data, room, &len)) || len < 1)
        return err_make(ERR_INVALID, bad);
    struct bytes rest = bytes_of(data + 1, len - 1);
    if (data[0] == EXTRA_ENTRY && rest.len == HASH_LEN) {
        file->hollow = true;
        file->opening = (struct opening){ .content = { NULL, 0 } };
        memcpy(file->entry.bytes, rest.data, HASH_LEN);
        return err_none();
    }
    if (data[0] != EXTRA_OPENING)
        return err_make(ERR_INVALID, bad);
    struct err e = opening_parse(rest, &file->opening);
    if (failed(e))
        return e;
    file->hollow = false;
    file->entry = commit_entry(&file->opening);
    return err_none();
}

/* Hash lines up to the blank one. */
static bool parse_hashes(struct text *rest, struct proof *out)
{
    out->count = 0;
    for (;;) {
        struct text line = text_split(rest, '\n');
        size_t len = 0;
        if (rest->data == NULL)
            return false;
        if (line.len == 0)
            return true;
        if (out->count == TREE_PROOF_MAX ||
            failed(base64_parse(line, out->hashes[out->count].bytes, HASH_LEN, &len)) ||
            len != HASH_LEN)
            return false;
        out->count++;
    }
}

/* The value of the line "name value", or false. */
static bool take_field(struct text *rest, struct text prefix, struct text *out)
{
    struct text line = text_split(rest, '\n');
    if (rest->data == NULL || !text_starts(line, prefix))
        return false;
    *out = text_slice(line, prefix.len, line.len);
    return true;
}

struct err proof_file_parse(struct bytes in, struct arena *arena, struct proof_file *out)
{
    struct text rest;
    struct text value;
    struct proof_file file;
    if (in.len > PROOF_FILE_LEN_MAX)
        return err_make(ERR_LIMIT, "ledger.proof-file-length");
    struct err e = text_parse(in, &rest);
    if (failed(e))
        return e;
    const char *begin = rest.data;
    if (!text_starts(rest, text_literal(first_line)))
        return err_make(ERR_INVALID, bad);
    rest = text_slice(rest, sizeof(first_line) - 1, rest.len);
    if (!take_field(&rest, TEXT("extra "), &value))
        return err_at(ERR_INVALID, sizeof(first_line) - 1, bad);
    e = parse_extra(value, arena, &file);
    if (failed(e))
        return e;
    if (!take_field(&rest, TEXT("index "), &value) || !decimal_parse(value, &file.index) ||
        file.index > TREE_SIZE_MAX || !parse_hashes(&rest, &file.proof) || rest.len == 0)
        return err_at(ERR_INVALID,
                      rest.data == NULL ? (uint32_t)in.len : (uint32_t)(rest.data - begin), bad);
    struct note note;
    e = note_read(text_bytes(rest), arena, &note);
    if (failed(e))
        return e;
    file.checkpoint = text_bytes(rest);
    *out = file;
    return err_none();
}

struct err proof_file_check(const struct proof_file *file, const struct note_key *key,
                            struct arena *arena, struct checkpoint *out)
{
    struct checkpoint made;
    struct err e = checkpoint_open(file->checkpoint, key, arena, &made);
    if (!failed(e) && !file->hollow)
        e = opening_check(&file->opening, &file->entry);
    if (failed(e))
        return e;
    struct hash leaf = commit_leaf(&file->entry);
    e = proof_check_inclusion(&file->proof, file->index, made.head.size, &leaf, &made.head.root);
    if (!failed(e))
        *out = made;
    return e;
}
