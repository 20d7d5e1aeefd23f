#include "shell/x509.h"

#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>

#include "core/encode.h"
#include "core/writer.h"

enum x509_kind { X509_ROOT, X509_NODE, X509_LEAF };
enum { KEY_ID_LEN = 20, CN_MAX = 64 };

/* What is fixed by the kind of certificate. */
struct profile {
    int64_t days_max;
    const char *issuer, *subject; /* after "CN=<16 hex>.comity" */
    int path_len;                 /* -1: no limit, no entry */
    bool authority;
};

static const struct profile profiles[] = {
    [X509_ROOT] = { X509_ROOT_DAYS, " root", " root", -1, true },
    [X509_NODE] = { X509_NODE_DAYS, " root", " node", 0, true },
    [X509_LEAF] = { X509_LEAF_DAYS, " node", "", -1, false },
};

void x509_name(const struct x509_key *root, char out[static X509_NAME_LEN])
{
    struct hash hash = hash_of(BYTES_OF(root->bytes));
    char hex[2 * 8 + 1];
    sodium_bin2hex(hex, sizeof(hex), hash.bytes, 8);
    memcpy(out, hex, 16);
    memcpy(out + 16, ".comity", 7);
}

struct x509_key x509_public(const struct x509_key *seed)
{
    struct x509_key public;
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public.bytes, secret, seed->bytes);
    sodium_memzero(secret, sizeof(secret));
    return public;
}

static void key_id(const struct x509_key *key, uint8_t out[static KEY_ID_LEN])
{
    struct hash hash = hash_of(BYTES_OF(key->bytes));
    memcpy(out, hash.bytes, KEY_ID_LEN);
}

static int set_name(gnutls_x509_crt_t cert, const struct x509_key *root, const char *suffix)
{
    char cn[CN_MAX] = "";
    x509_name(root, cn);
    memcpy(cn + X509_NAME_LEN, suffix, strlen(suffix) + 1);
    return gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, cn,
                                         (unsigned)strlen(cn));
}

static int set_public(gnutls_x509_crt_t cert, const struct x509_key *key)
{
    struct x509_key copy = *key;
    gnutls_datum_t x = { copy.bytes, X509_KEY_LEN };
    gnutls_pubkey_t public = NULL;
    int code = gnutls_pubkey_init(&public);
    if (code >= 0)
        code = gnutls_pubkey_import_ecc_raw(public, GNUTLS_ECC_CURVE_ED25519, &x, NULL);
    if (code >= 0)
        code = gnutls_x509_crt_set_pubkey(cert, public);
    if (public)
        gnutls_pubkey_deinit(public);
    return code;
}

static int set_extensions(gnutls_x509_crt_t cert, enum x509_kind kind,
                          const struct x509_grant *grant, const struct x509_key *signer)
{
    const struct profile *profile = &profiles[kind];
    uint8_t id[KEY_ID_LEN];
    key_id(&grant->subject, id);
    int code = gnutls_x509_crt_set_subject_key_id(cert, id, sizeof(id));
    key_id(signer, id);
    if (code >= 0)
        code = gnutls_x509_crt_set_authority_key_id(cert, id, sizeof(id));
    if (code >= 0)
        code = gnutls_x509_crt_set_basic_constraints(cert, profile->authority, profile->path_len);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(
            cert, profile->authority ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code < 0 || profile->authority)
        return code;
    char name[X509_NAME_LEN];
    x509_name(&grant->root, name);
    code = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, name, sizeof(name),
                                                GNUTLS_FSAN_SET);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_purpose_oid(cert, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_purpose_oid(cert, GNUTLS_KP_TLS_WWW_CLIENT, 0);
    return code;
}

static int set_fields(gnutls_x509_crt_t cert, enum x509_kind kind, const struct x509_grant *grant,
                      const struct x509_key *signer)
{
    uint8_t serial[X509_SERIAL_LEN];
    memcpy(serial, grant->serial, sizeof(serial));
    serial[0] = (uint8_t)((serial[0] & 0x3F) | 0x40); /* positive and full length (RFC 5280) */
    int code = gnutls_x509_crt_set_version(cert, 3);
    if (code >= 0)
        code = gnutls_x509_crt_set_serial(cert, serial, sizeof(serial));
    if (code >= 0)
        code = gnutls_x509_crt_set_activation_time(cert, grant->from.ms / 1000);
    if (code >= 0)
        code = gnutls_x509_crt_set_expiration_time(cert, grant->until.ms / 1000);
    if (code >= 0)
        code = set_name(cert, &grant->root, profiles[kind].subject);
    if (code >= 0)
        code = set_public(cert, &grant->subject);
    if (code >= 0)
        code = set_extensions(cert, kind, grant, signer);
    return code;
}

static int import_secret(gnutls_privkey_t *key, const struct x509_key *seed,
                         const struct x509_key *public)
{
    struct x509_key k = *seed;
    struct x509_key x = *public;
    gnutls_datum_t k_datum = { k.bytes, X509_KEY_LEN };
    gnutls_datum_t x_datum = { x.bytes, X509_KEY_LEN };
    int code = gnutls_privkey_init(key);
    if (code >= 0)
        code =
            gnutls_privkey_import_ecc_raw(*key, GNUTLS_ECC_CURVE_ED25519, &x_datum, NULL, &k_datum);
    sodium_memzero(&k, sizeof(k));
    return code;
}

/* `issuer` is a certificate with nothing but the issuer's name and key: all that signing reads. */
static int sign(gnutls_x509_crt_t cert, gnutls_x509_crt_t issuer, const struct x509_key *seed,
                const struct x509_key *signer)
{
    gnutls_privkey_t key = NULL;
    int code = import_secret(&key, seed, signer);
    if (code >= 0)
        code = gnutls_x509_crt_privkey_sign(cert, issuer, key, GNUTLS_DIG_SHA512, 0);
    if (key)
        gnutls_privkey_deinit(key);
    return code;
}

static struct err export(gnutls_x509_crt_t cert, struct arena *arena, struct bytes *out)
{
    uint8_t der[X509_CERT_MAX];
    size_t len = sizeof(der);
    if (gnutls_x509_crt_export(cert, GNUTLS_X509_FMT_DER, der, &len) < 0)
        return err_make(ERR_UNAVAILABLE, "x509.no-memory");
    struct bytes kept = arena_copy(arena, bytes_of(der, len));
    if (!kept.data)
        return err_make(ERR_LIMIT, "arena.full");
    *out = kept;
    return err_none();
}

static struct err make(enum x509_kind kind, const struct x509_grant *grant,
                       const struct x509_key *seed, struct arena *arena, struct bytes *out)
{
    int64_t period = grant->until.ms - grant->from.ms;
    if (period <= 0 || period > profiles[kind].days_max * INSTANT_DAY || grant->from.ms < 0)
        return err_make(ERR_INVALID, "x509.bad-period");
    struct x509_key signer = x509_public(seed);
    gnutls_x509_crt_t cert = NULL;
    gnutls_x509_crt_t issuer = NULL;
    int code = gnutls_x509_crt_init(&cert);
    if (code >= 0)
        code = gnutls_x509_crt_init(&issuer);
    if (code >= 0)
        code = set_name(issuer, &grant->root, profiles[kind].issuer);
    if (code >= 0)
        code = set_public(issuer, &signer);
    if (code >= 0)
        code = set_fields(cert, kind, grant, &signer);
    if (code >= 0)
        code = sign(cert, issuer, seed, &signer);
    struct err e =
        code < 0 ? err_make(ERR_UNAVAILABLE, "x509.no-memory") : export(cert, arena, out);
    if (issuer)
        gnutls_x509_crt_deinit(issuer);
    if (cert)
        gnutls_x509_crt_deinit(cert);
    return e;
}

struct err x509_make_root(const struct x509_grant *grant, const struct x509_key *seed,
                          struct arena *arena, struct bytes *out)
{
    assert(memcmp(&grant->root, &grant->subject, sizeof(grant->root)) == 0);
    return make(X509_ROOT, grant, seed, arena, out);
}

struct err x509_make_node(const struct x509_grant *grant, const struct x509_key *seed,
                          struct arena *arena, struct bytes *out)
{
    return make(X509_NODE, grant, seed, arena, out);
}

struct err x509_make_leaf(const struct x509_grant *grant, const struct x509_key *seed,
                          struct arena *arena, struct bytes *out)
{
    return make(X509_LEAF, grant, seed, arena, out);
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

struct text x509_key_pem(struct arena *arena, const struct x509_key *seed)
{
    /* RFC 8410 section 7: version 0, id-Ed25519, OCTET STRING of an OCTET STRING. */
    static const uint8_t head[] = { 0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                    0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
    uint8_t der[sizeof(head) + X509_KEY_LEN];
    memcpy(der, head, sizeof(head));
    memcpy(der + sizeof(head), seed->bytes, X509_KEY_LEN);
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
