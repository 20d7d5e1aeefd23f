#include "shell/x509.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>

#include "core/encode.h"
#include "core/hash.h"
#include "core/writer.h"

void x509_name(const struct sign_public *root, char out[static X509_NAME_LEN])
{
    struct hash hash = hash_of(BYTES_OF(root->bytes));
    char hex[2 * 8 + 1];
    sodium_bin2hex(hex, sizeof(hex), hash.bytes, 8);
    memcpy(out, hex, 16);
    memcpy(out + 16, ".comity", 7);
}

static struct text pem(struct arena *arena, const char *label, struct bytes der)
{
    enum { PEM_COLUMNS = 64 };
    struct text base64 = base64_format(arena, der);
    struct writer w = writer_in(arena);
    writer_literal(&w, "-----BEGIN ");
    writer_literal(&w, label);
    writer_literal(&w, "-----\n");
    for (size_t at = 0; at < base64.len; at += PEM_COLUMNS) {
        writer_text(&w, text_slice(base64, at, PEM_COLUMNS));
        writer_literal(&w, "\n");
    }
    writer_literal(&w, "-----END ");
    writer_literal(&w, label);
    writer_literal(&w, "-----\n");
    writer_u8(&w, 0);
    struct bytes out = { NULL, 0 };
    if (!base64.data || failed(writer_keep(&w, arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len - 1 };
}

struct text x509_cert_pem(struct arena *arena, struct bytes der)
{
    return pem(arena, "CERTIFICATE", der);
}

struct text x509_key_pem(struct arena *arena, const struct secret_key *seed)
{
    /* RFC 8410 section 7: version 0, id-Ed25519, OCTET STRING of an OCTET STRING. */
    static const uint8_t head[] = { 0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                    0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
    uint8_t der[sizeof(head) + SECRET_LEN];
    memcpy(der, head, sizeof(head));
    memcpy(der + sizeof(head), seed->bytes, SECRET_LEN);
    struct text out = pem(arena, "PRIVATE KEY", BYTES_OF(der));
    sodium_memzero(der, sizeof(der));
    return out;
}

struct err x509_pem_next(struct bytes *rest, struct arena *arena, struct bytes *out)
{
    static const char end[] = "-----END CERTIFICATE-----";
    const uint8_t *tail =
        rest->len > 0 ? memmem(rest->data, rest->len, end, sizeof(end) - 1) : NULL;
    if (!tail)
        return err_make(ERR_NOT_FOUND, "x509.no-pem");
    size_t used = (size_t)(tail - rest->data) + sizeof(end) - 1;
    uint8_t *mine = arena_take(arena, used);
    if (!mine)
        return err_make(ERR_LIMIT, "arena.full");
    memcpy(mine, rest->data, used);
    gnutls_datum_t in = { mine, (unsigned)used };
    gnutls_datum_t der = { NULL, 0 };
    if (gnutls_pem_base64_decode2("CERTIFICATE", &in, &der) < 0)
        return err_make(ERR_CORRUPT, "x509.damaged");
    struct bytes kept = arena_copy(arena, bytes_of(der.data, der.size));
    gnutls_free(der.data);
    if (!kept.data)
        return err_make(ERR_LIMIT, "arena.full");
    *rest = bytes_of(rest->data + used, rest->len - used);
    *out = kept;
    return err_none();
}
