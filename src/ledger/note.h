/* C2SP signed notes (c2sp.org/signed-note): a text and the signatures under it.
 *
 *     text lines LF
 *     LF
 *     — name base64(key id, signature) LF
 *
 * The signature (type 1, Ed25519) is over the text with its last LF. Signing happens in the
 * keeper: it signs note.text, note_assemble() puts both together. */
#ifndef COMITY_LEDGER_NOTE_H
#define COMITY_LEDGER_NOTE_H

#include "core/arena.h"

enum {
    NOTE_LEN_MAX = 64 * 1024,
    NOTE_NAME_MAX = 128,
    NOTE_KEY_LEN = 32,         /* Ed25519 public key */
    NOTE_SIGNATURE_LEN = 64,   /* Ed25519 signature */
    NOTE_SIGNATURES_MAX = 32,  /* C2SP asks for at least 16 */
    NOTE_SIGNATURE_MAX = 8192, /* bytes of any one signature, post-quantum ones included */
};

/* A verifier. id = first 4 bytes of SHA-256(name LF 0x01 key), big-endian. */
struct note_key {
    struct text name;
    uint32_t id;
    uint8_t key[NOTE_KEY_LEN];
};

/* `name`: 1 to NOTE_NAME_MAX bytes, no space and no '+': ledger.note-name. Borrows `name`. */
MUST_USE struct err note_key_make(struct text name, const uint8_t key[static NOTE_KEY_LEN],
                                  struct note_key *out);
/* name+hex8(id)+base64(0x01 key) */
struct text note_key_format(struct arena *arena, const struct note_key *key);
/* ledger.note-key; `out` borrows from `in`. */
MUST_USE struct err note_key_parse(struct text in, struct note_key *out);

struct note_signature {
    struct text name;
    uint32_t id;
    struct bytes signature; /* what follows the key id */
};

struct note {
    struct text text; /* with its last LF: what is signed */
    size_t count;
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
};

/* The text part borrows from `in`, signatures lie in `arena`. Errors: ledger.note-*; at is
 * the byte offset. */
MUST_USE struct err note_read(struct bytes in, struct arena *arena, struct note *out);
/* ERR_NOT_FOUND ledger.note-unsigned: none by this key; ERR_CORRUPT ledger.note-signature:
 * one by this key that is wrong (the whole note is then refused). */
MUST_USE struct err note_check(const struct note *note, const struct note_key *key);

/* The note of `text` (ends with LF) under one Ed25519 signature made elsewhere. */
MUST_USE struct err note_assemble(struct text text, const struct note_key *key,
                                  const uint8_t signature[static NOTE_SIGNATURE_LEN],
                                  struct arena *arena, struct text *out);

#endif
