#include "ledger/note.h"

#include <sodium/crypto_sign.h>

#include "core/encode.h"
#include "core/hash.h"
#include "core/writer.h"

enum { KEY_TYPE_ED25519 = 1, KEY_ID_LEN = 4 };
_Static_assert(crypto_sign_BYTES == NOTE_SIGNATURE_LEN, "Ed25519");
_Static_assert(crypto_sign_PUBLICKEYBYTES == NOTE_KEY_LEN, "Ed25519");

static const char dash[] = "\xE2\x80\x94 "; /* U+2014, space */
enum { DASH_LEN = sizeof(dash) - 1 };

/* Unicode's White_Space beyond ASCII, as UTF-8. */
static const char *const wide_spaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
};

static bool name_valid(struct text name)
{
    if (name.len == 0 || name.len > NOTE_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (c <= 0x20 || c == 0x7F || c == '+')
            return false;
        for (size_t s = 0; c >= 0x80 && s < sizeof(wide_spaces) / sizeof(wide_spaces[0]); s++) {
            struct text space = text_literal(wide_spaces[s]);
            if (text_starts(text_slice(name, i, name.len), space))
                return false;
        }
    }
    return true;
}

static uint32_t big_endian_32(const uint8_t *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

struct err note_key_make(struct text name, const uint8_t key[static NOTE_KEY_LEN],
                         struct note_key *out)
{
    static const uint8_t between[] = { '\n', KEY_TYPE_ED25519 };
    struct note_key made = { .name = name };
    struct hasher h;
    if (!name_valid(name))
        return err_make(ERR_INVALID, "ledger.note-name");
    memcpy(made.key, key, NOTE_KEY_LEN);
    hasher_init(&h);
    hasher_add(&h, text_bytes(name));
    hasher_add(&h, BYTES_OF(between));
    hasher_add(&h, BYTES_OF(made.key));
    struct hash id = hasher_end(&h);
    made.id = big_endian_32(id.bytes);
    *out = made;
    return err_none();
}

static void key_id_bytes(uint32_t id, uint8_t out[static KEY_ID_LEN])
{
    for (size_t i = 0; i < KEY_ID_LEN; i++)
        out[i] = (uint8_t)(id >> (24 - 8 * i));
}

struct text note_key_format(struct arena *arena, const struct note_key *key)
{
    uint8_t id[KEY_ID_LEN];
    uint8_t typed[1 + NOTE_KEY_LEN];
    key_id_bytes(key->id, id);
    typed[0] = KEY_TYPE_ED25519;
    memcpy(typed + 1, key->key, NOTE_KEY_LEN);
    struct text out = arena_join(arena, key->name, TEXT("+"));
    out = arena_join(arena, out, hex_format(arena, BYTES_OF(id)));
    out = arena_join(arena, out, TEXT("+"));
    return arena_join(arena, out, base64_format(arena, BYTES_OF(typed)));
}

struct err note_key_parse(struct text in, struct note_key *out)
{
    const struct err bad = err_make(ERR_INVALID, "ledger.note-key");
    struct text rest = in;
    struct text name = text_split(&rest, '+');
    if (rest.data == NULL)
        return bad;
    struct text hex = text_split(&rest, '+');
    uint8_t id[KEY_ID_LEN];
    uint8_t typed[1 + NOTE_KEY_LEN];
    size_t len = 0;
    struct note_key key;
    if (rest.data == NULL || failed(hex_parse(hex, id, sizeof(id))) ||
        failed(base64_parse(rest, typed, sizeof(typed), &len)) || len != sizeof(typed) ||
        typed[0] != KEY_TYPE_ED25519 || failed(note_key_make(name, typed + 1, &key)) ||
        key.id != big_endian_32(id))
        return bad;
    *out = key;
    return err_none();
}

/* "— name base64", without its LF. */
static bool parse_signature(struct text line, struct arena *arena, struct note_signature *out)
{
    if (!text_starts(line, text_literal(dash)))
        return false;
    struct text rest = text_slice(line, DASH_LEN, line.len);
    struct text name = text_split(&rest, ' ');
    if (rest.data == NULL || !name_valid(name))
        return false;
    size_t room = rest.len / 4 * 3;
    size_t len = 0;
    if (room > NOTE_SIGNATURE_MAX + KEY_ID_LEN)
        return false;
    uint8_t *data = arena_take(arena, room);
    if (data == NULL || failed(base64_parse(rest, data, room, &len)) || len <= KEY_ID_LEN)
        return false;
    *out = (struct note_signature){ name, big_endian_32(data),
                                    bytes_of(data + KEY_ID_LEN, len - KEY_ID_LEN) };
    return true;
}

/* Offset of the first control character but LF, or the length. */
static size_t find_control(struct bytes in)
{
    size_t i = 0;
    while (i < in.len && (in.data[i] >= 0x20 || in.data[i] == '\n'))
        i++;
    return i;
}

/* Length of the text: up to the last blank line; 0 if there is none. */
static size_t find_text_len(struct text in)
{
    for (size_t i = in.len; i-- > 1;) {
        if (in.data[i] == '\n' && in.data[i - 1] == '\n')
            return i;
    }
    return 0;
}

static struct err parse_signatures(struct text lines, struct arena *arena, struct note *note,
                                   size_t at)
{
    if (lines.len == 0 || lines.data[lines.len - 1] != '\n')
        return err_at(ERR_INVALID, (uint32_t)at, "ledger.note-shape");
    struct text rest = text_slice(lines, 0, lines.len - 1);
    while (rest.data != NULL) {
        uint32_t here = (uint32_t)(at + (size_t)(rest.data - lines.data));
        struct text line = text_split(&rest, '\n');
        if (note->count == NOTE_SIGNATURES_MAX)
            return err_at(ERR_LIMIT, here, "ledger.note-signatures");
        if (!parse_signature(line, arena, &note->signatures[note->count])) {
            struct err full = arena_check(arena);
            return failed(full) ? full : err_at(ERR_INVALID, here, "ledger.note-shape");
        }
        note->count++;
    }
    return err_none();
}

struct err note_read(struct bytes in, struct arena *arena, struct note *out)
{
    struct text all;
    if (in.len > NOTE_LEN_MAX)
        return err_make(ERR_LIMIT, "ledger.note-length");
    struct err e = text_parse(in, &all);
    if (failed(e))
        return e;
    size_t control = find_control(in);
    if (control < in.len)
        return err_at(ERR_INVALID, (uint32_t)control, "ledger.note-shape");
    size_t len = find_text_len(all);
    if (len == 0)
        return err_at(ERR_INVALID, (uint32_t)in.len, "ledger.note-shape");
    struct note note = { .text = text_slice(all, 0, len) };
    e = parse_signatures(text_slice(all, len + 1, all.len), arena, &note, len + 1);
    if (!failed(e))
        *out = note;
    return e;
}

struct err note_check(const struct note *note, const struct note_key *key)
{
    bool found = false;
    for (size_t i = 0; i < note->count; i++) {
        const struct note_signature *s = &note->signatures[i];
        if (s->id != key->id || !text_equal(s->name, key->name))
            continue;
        struct bytes text = text_bytes(note->text);
        if (s->signature.len != NOTE_SIGNATURE_LEN ||
            crypto_sign_verify_detached(s->signature.data, text.data, text.len, key->key) != 0)
            return err_at(ERR_CORRUPT, (uint32_t)i, "ledger.note-signature");
        found = true;
    }
    return found ? err_none() : err_make(ERR_NOT_FOUND, "ledger.note-unsigned");
}

struct err note_assemble(struct text text, const struct note_key *key,
                         const uint8_t signature[static NOTE_SIGNATURE_LEN], struct arena *arena,
                         struct text *out)
{
    uint8_t blob[KEY_ID_LEN + NOTE_SIGNATURE_LEN];
    key_id_bytes(key->id, blob);
    memcpy(blob + KEY_ID_LEN, signature, NOTE_SIGNATURE_LEN);
    if (text.len == 0 || text.data[text.len - 1] != '\n' ||
        find_control(text_bytes(text)) < text.len)
        return err_make(ERR_INVALID, "ledger.note-shape");
    struct text coded = base64_format(arena, BYTES_OF(blob));
    struct writer w = writer_in(arena);
    writer_text(&w, text);
    writer_literal(&w, "\n");
    writer_literal(&w, dash);
    writer_text(&w, key->name);
    writer_literal(&w, " ");
    writer_text(&w, coded);
    writer_literal(&w, "\n");
    struct bytes made;
    struct err e = writer_keep(&w, arena, &made);
    if (failed(e))
        return e;
    if (failed(arena_check(arena)))
        return arena_check(arena);
    *out = (struct text){ (const char *)made.data, made.len };
    return err_none();
}
