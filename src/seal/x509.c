#include "seal/x509.h"

#include <assert.h>

#include "core/encode.h"
#include "core/hash.h"
#include "core/writer.h"

/* DER tags (X.690). */
enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_OID = 0x06,
    DER_UTF8 = 0x0C,
    DER_UTC_TIME = 0x17,
    DER_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_HOST = 0x82,    /* [2] of GeneralName */
    DER_ADDRESS = 0x87, /* [7] */
    DER_KEY_ID = 0x80,  /* [0] of AuthorityKeyIdentifier */
    DER_VERSION = 0xA0,
    DER_EXTENSIONS = 0xA3,
};

enum { SERIAL_LEN = 16, KEY_ID_LEN = 20, PART_MAX = 512, LINE_LEN = 64 };

static const uint8_t algorithm_ed25519[] = { 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70 };

static void der_put(struct writer *w, uint8_t tag, struct bytes content)
{
    assert(content.len <= UINT16_MAX);
    writer_u8(w, tag);
    if (content.len < 0x80) {
        writer_u8(w, (uint8_t)content.len);
    } else if (content.len <= UINT8_MAX) {
        writer_u8(w, 0x81);
        writer_u8(w, (uint8_t)content.len);
    } else {
        writer_u8(w, 0x82);
        writer_u16(w, (uint16_t)content.len);
    }
    writer_put(w, content);
}

/* What was written, in another element. */
static void der_wrap(struct writer *w, uint8_t tag, const struct writer *inner)
{
    w->full = w->full || inner->full;
    der_put(w, tag, bytes_of(inner->data, inner->len));
}

/* One relative name: the common name (2.5.4.3). */
static void put_name(struct writer *w, struct text name)
{
    static const uint8_t oid[] = { 0x55, 0x04, 0x03 };
    uint8_t a[PART_MAX];
    uint8_t b[PART_MAX];
    struct writer pair = writer_over(a, sizeof(a));
    der_put(&pair, DER_OID, BYTES_OF(oid));
    der_put(&pair, DER_UTF8, text_bytes(name));
    struct writer set = writer_over(b, sizeof(b));
    der_wrap(&set, DER_SEQUENCE, &pair);
    struct writer sequence = writer_over(a, sizeof(a));
    der_wrap(&sequence, DER_SET, &set);
    der_wrap(w, DER_SEQUENCE, &sequence);
}

static void put_digits(struct writer *w, unsigned value, unsigned unit)
{
    for (; unit > 0; unit /= 10)
        writer_u8(w, (uint8_t)('0' + value / unit % 10));
}

/* RFC 5280 4.1.2.5: two-digit years up to 2049, four-digit ones after. */
static void put_time(struct writer *w, struct instant at)
{
    uint8_t memory[16];
    struct writer t = writer_over(memory, sizeof(memory));
    struct date date = date_of_instant(at);
    unsigned second = (unsigned)((at.ms - date_begin(date).ms) / INSTANT_SECOND);
    bool short_year = date.year >= 1950 && date.year < 2050;
    put_digits(&t, (unsigned)date.year, short_year ? 10 : 1000);
    put_digits(&t, date.month, 10);
    put_digits(&t, date.day, 10);
    put_digits(&t, second / 3600, 10);
    put_digits(&t, second / 60 % 60, 10);
    put_digits(&t, second % 60, 10);
    writer_u8(&t, 'Z');
    der_wrap(w, short_year ? DER_UTC_TIME : DER_TIME, &t);
}

static void put_validity(struct writer *w, struct instant from, struct instant until)
{
    uint8_t memory[64];
    struct writer times = writer_over(memory, sizeof(memory));
    put_time(&times, from);
    put_time(&times, until);
    der_wrap(w, DER_SEQUENCE, &times);
}

static void put_key(struct writer *w, const struct sign_public *key)
{
    uint8_t memory[64];
    uint8_t bits[1 + SIGN_PUBLIC_LEN] = { 0 };
    struct writer info = writer_over(memory, sizeof(memory));
    memcpy(bits + 1, key->bytes, SIGN_PUBLIC_LEN);
    writer_put(&info, BYTES_OF(algorithm_ed25519));
    der_put(&info, DER_BITS, BYTES_OF(bits));
    der_wrap(w, DER_SEQUENCE, &info);
}

/* id-ce 2.5.29.<oid> */
static void put_extension(struct writer *w, uint8_t oid_last, bool critical, struct bytes value)
{
    static const uint8_t yes[] = { 0xFF };
    uint8_t memory[PART_MAX];
    const uint8_t oid[] = { 0x55, 0x1D, oid_last };
    struct writer e = writer_over(memory, sizeof(memory));
    der_put(&e, DER_OID, BYTES_OF(oid));
    if (critical)
        der_put(&e, DER_BOOLEAN, BYTES_OF(yes));
    der_put(&e, DER_OCTETS, value);
    der_wrap(w, DER_SEQUENCE, &e);
}

/* Dotted IPv4 to four bytes. */
static bool parse_address(struct text in, uint8_t out[static 4])
{
    struct text rest = in;
    for (size_t i = 0; i < 4; i++) {
        struct text part = text_split(&rest, '.');
        unsigned value = 0;
        if (part.len == 0 || part.len > 3 || (rest.data == NULL) != (i == 3))
            return false;
        for (size_t d = 0; d < part.len; d++) {
            if (part.data[d] < '0' || part.data[d] > '9')
                return false;
            value = value * 10 + (unsigned)(part.data[d] - '0');
        }
        if (value > UINT8_MAX)
            return false;
        out[i] = (uint8_t)value;
    }
    return true;
}

static bool host_valid(struct text in)
{
    for (size_t i = 0; i < in.len; i++) {
        char c = in.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (c < '0' || c > '9') && c != '-' && c != '.')
            return false;
    }
    return in.len >= 1 && in.len <= X509_HOST_MAX;
}

static void put_host(struct writer *w, struct text host)
{
    uint8_t a[PART_MAX];
    uint8_t b[PART_MAX];
    uint8_t address[4];
    struct writer name = writer_over(a, sizeof(a));
    if (parse_address(host, address))
        der_put(&name, DER_ADDRESS, BYTES_OF(address));
    else
        der_put(&name, DER_HOST, text_bytes(host));
    struct writer names = writer_over(b, sizeof(b));
    der_wrap(&names, DER_SEQUENCE, &name);
    put_extension(w, 0x11, false, bytes_of(b, names.len));
}

static struct hash key_id(const struct sign_public *key)
{
    return hash_of(BYTES_OF(key->bytes));
}

static void put_key_ids(struct writer *w, const struct sign_public *subject,
                        const struct sign_public *issuer)
{
    uint8_t a[64];
    uint8_t b[64];
    struct hash id = key_id(subject);
    struct writer own = writer_over(a, sizeof(a));
    der_put(&own, DER_OCTETS, bytes_of(id.bytes, KEY_ID_LEN));
    put_extension(w, 0x0E, false, bytes_of(a, own.len));
    id = key_id(issuer);
    struct writer theirs = writer_over(a, sizeof(a));
    der_put(&theirs, DER_KEY_ID, bytes_of(id.bytes, KEY_ID_LEN));
    struct writer sequence = writer_over(b, sizeof(b));
    der_wrap(&sequence, DER_SEQUENCE, &theirs);
    put_extension(w, 0x23, false, bytes_of(b, sequence.len));
}

static void put_extensions(struct writer *w, const struct x509 *x, const struct sign_public *issuer)
{
    const uint8_t authority[] = { 0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, x->path_len };
    static const uint8_t leaf[] = { 0x30, 0x00 };
    static const uint8_t signs[] = { 0x03, 0x02, 0x01, 0x06 };  /* keyCertSign, cRLSign */
    static const uint8_t speaks[] = { 0x03, 0x02, 0x07, 0x80 }; /* digitalSignature */
    static const uint8_t both_ends[] = { /* serverAuth, clientAuth */
        0x30, 0x14, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
        0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02,
    };
    uint8_t a[X509_LEN_MAX];
    uint8_t b[X509_LEN_MAX];
    struct writer list = writer_over(a, sizeof(a));
    put_extension(&list, 0x13, true, x->authority ? BYTES_OF(authority) : BYTES_OF(leaf));
    put_extension(&list, 0x0F, true, x->authority ? BYTES_OF(signs) : BYTES_OF(speaks));
    if (!x->authority)
        put_extension(&list, 0x25, false, BYTES_OF(both_ends));
    if (x->host_opt.len > 0)
        put_host(&list, x->host_opt);
    put_key_ids(&list, &x->key, issuer);
    struct writer sequence = writer_over(b, sizeof(b));
    der_wrap(&sequence, DER_SEQUENCE, &list);
    der_wrap(w, DER_EXTENSIONS, &sequence);
}

/* TBSCertificate after the serial number. */
static void put_body(struct writer *w, const struct x509 *x, const struct sign_public *issuer)
{
    writer_put(w, BYTES_OF(algorithm_ed25519));
    put_name(w, x->issuer);
    put_validity(w, x->from, x->until);
    put_name(w, x->subject);
    put_key(w, &x->key);
    put_extensions(w, x, issuer);
}

static void put_signed_part(struct writer *w, const struct x509 *x,
                            const struct sign_public *issuer)
{
    static const uint8_t version_3[] = { 0x02, 0x01, 0x02 };
    uint8_t a[X509_LEN_MAX];
    uint8_t b[X509_LEN_MAX];
    struct writer body = writer_over(a, sizeof(a));
    put_body(&body, x, issuer);
    struct hash serial = hash_of(bytes_of(a, body.len));
    serial.bytes[0] = (uint8_t)((serial.bytes[0] & 0x3F) | 0x40); /* positive, never short */
    struct writer whole = writer_over(b, sizeof(b));
    der_put(&whole, DER_VERSION, BYTES_OF(version_3));
    der_put(&whole, DER_INTEGER, bytes_of(serial.bytes, SERIAL_LEN));
    whole.full = whole.full || body.full;
    writer_put(&whole, bytes_of(a, body.len));
    der_wrap(w, DER_SEQUENCE, &whole);
}

struct err x509_make(const struct x509 *x, const struct sign_secret *secret, struct arena *arena,
                     struct bytes *out)
{
    uint8_t a[X509_LEN_MAX];
    uint8_t b[X509_LEN_MAX];
    uint8_t bits[1 + SIGNATURE_LEN] = { 0 };
    struct sign_public issuer = sign_public_of(secret);
    assert(x->issuer.len >= 1 && x->issuer.len <= X509_NAME_MAX && x->subject.len >= 1 &&
           x->subject.len <= X509_NAME_MAX);
    if (x->host_opt.len > 0 && !host_valid(x->host_opt))
        return err_make(ERR_INVALID, "seal.host");
    struct writer whole = writer_over(a, sizeof(a));
    put_signed_part(&whole, x, &issuer);
    assert(!whole.full);
    struct signature signature = sign_make(secret, bytes_of(a, whole.len));
    memcpy(bits + 1, signature.bytes, SIGNATURE_LEN);
    writer_put(&whole, BYTES_OF(algorithm_ed25519));
    der_put(&whole, DER_BITS, BYTES_OF(bits));
    struct writer outer = writer_over(b, sizeof(b));
    der_wrap(&outer, DER_SEQUENCE, &whole);
    assert(!outer.full); /* names and host are in their limits */
    struct bytes made = arena_copy(arena, bytes_of(b, outer.len));
    if (made.data == NULL)
        return arena_check(arena);
    *out = made;
    return err_none();
}

struct text x509_pem(struct arena *arena, struct bytes der)
{
    struct text coded = base64_format(arena, der);
    struct writer w = writer_in(arena);
    struct bytes made;
    writer_literal(&w, "-----BEGIN CERTIFICATE-----\n");
    for (size_t at = 0; at < coded.len; at += LINE_LEN) {
        writer_text(&w, text_slice(coded, at, LINE_LEN));
        writer_literal(&w, "\n");
    }
    writer_literal(&w, "-----END CERTIFICATE-----\n");
    if (failed(writer_keep(&w, arena, &made)))
        return (struct text){ NULL, 0 };
    return (struct text){ (const char *)made.data, made.len };
}
