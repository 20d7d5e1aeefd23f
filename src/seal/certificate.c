#include "seal/certificate.h"

#include <assert.h>

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

enum { SERIAL_LEN = 16, KEY_ID_LEN = 20, PART_MAX = 512, NAME_LEN = 32 };

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

/* "<16 hex>.comity", and what it is the name of. */
static size_t write_name(uint8_t out[static NAME_LEN], const struct sign_public *root,
                         enum card_kind kind)
{
    static const char digits[] = "0123456789abcdef";
    struct hash hash = hash_of(BYTES_OF(root->bytes));
    struct writer w = writer_over(out, NAME_LEN);
    for (size_t i = 0; i < 8; i++) {
        writer_u8(&w, (uint8_t)digits[hash.bytes[i] >> 4]);
        writer_u8(&w, (uint8_t)digits[hash.bytes[i] & 15]);
    }
    writer_literal(&w, ".comity");
    if (kind != CARD_TLS)
        writer_literal(&w, kind == CARD_ROOT ? " root" : " node");
    assert(!w.full);
    return w.len;
}

/* One relative name: the common name (2.5.4.3). */
static void put_name(struct writer *w, const struct sign_public *root, enum card_kind kind)
{
    static const uint8_t oid[] = { 0x55, 0x04, 0x03 };
    uint8_t a[PART_MAX];
    uint8_t b[PART_MAX];
    uint8_t name[NAME_LEN];
    struct writer pair = writer_over(a, sizeof(a));
    der_put(&pair, DER_OID, BYTES_OF(oid));
    der_put(&pair, DER_UTF8, bytes_of(name, write_name(name, root, kind)));
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
    return in.len >= 1 && in.len <= CERTIFICATE_HOST_MAX;
}

/* The name that follows from the root key, and another if the caller wants one. */
static void put_hosts(struct writer *w, const struct sign_public *root, struct text host_opt)
{
    uint8_t a[PART_MAX];
    uint8_t b[PART_MAX];
    uint8_t own[NAME_LEN];
    uint8_t address[4];
    struct writer list = writer_over(a, sizeof(a));
    der_put(&list, DER_HOST, bytes_of(own, write_name(own, root, CARD_TLS)));
    if (parse_address(host_opt, address))
        der_put(&list, DER_ADDRESS, BYTES_OF(address));
    else if (host_opt.len > 0)
        der_put(&list, DER_HOST, text_bytes(host_opt));
    struct writer names = writer_over(b, sizeof(b));
    der_wrap(&names, DER_SEQUENCE, &list);
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

static void put_authority(struct writer *w, const struct certificate *x)
{
    static const uint8_t root[] = { 0x30, 0x03, 0x01, 0x01, 0xFF };
    static const uint8_t node[] = { 0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00 };
    static const uint8_t leaf[] = { 0x30, 0x00 };
    static const uint8_t signs[] = { 0x03, 0x02, 0x02, 0x04 };  /* keyCertSign */
    static const uint8_t speaks[] = { 0x03, 0x02, 0x07, 0x80 }; /* digitalSignature */
    static const uint8_t both_ends[] = {
        /* serverAuth, clientAuth */
        0x30, 0x14, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03,
        0x01, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02,
    };
    struct bytes constraints = x->kind == CARD_ROOT ? BYTES_OF(root) : BYTES_OF(node);
    bool is_leaf = x->kind == CARD_TLS;
    put_extension(w, 0x13, true, is_leaf ? BYTES_OF(leaf) : constraints);
    put_extension(w, 0x0F, true, is_leaf ? BYTES_OF(speaks) : BYTES_OF(signs));
    if (is_leaf)
        put_extension(w, 0x25, false, BYTES_OF(both_ends));
}

static void put_extensions(struct writer *w, const struct certificate *x,
                           const struct sign_public *issuer)
{
    uint8_t a[CERTIFICATE_LEN_MAX];
    uint8_t b[CERTIFICATE_LEN_MAX];
    struct writer list = writer_over(a, sizeof(a));
    put_authority(&list, x);
    if (x->kind == CARD_TLS)
        put_hosts(&list, &x->root, x->host_opt);
    put_key_ids(&list, &x->key, issuer);
    struct writer sequence = writer_over(b, sizeof(b));
    der_wrap(&sequence, DER_SEQUENCE, &list);
    der_wrap(w, DER_EXTENSIONS, &sequence);
}

/* TBSCertificate after the serial number. */
static void put_body(struct writer *w, const struct certificate *x,
                     const struct sign_public *issuer)
{
    writer_put(w, BYTES_OF(algorithm_ed25519));
    put_name(w, &x->root, x->kind == CARD_TLS ? CARD_NODE : CARD_ROOT);
    put_validity(w, x->from, x->until);
    put_name(w, &x->root, x->kind);
    put_key(w, &x->key);
    put_extensions(w, x, issuer);
}

static void put_signed_part(struct writer *w, const struct certificate *x,
                            const struct sign_public *issuer)
{
    static const uint8_t version_3[] = { 0x02, 0x01, 0x02 };
    uint8_t a[CERTIFICATE_LEN_MAX];
    uint8_t b[CERTIFICATE_LEN_MAX];
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

struct err certificate_make(const struct certificate *x, const struct sign_secret *secret,
                            struct arena *arena, struct bytes *out)
{
    uint8_t a[CERTIFICATE_LEN_MAX];
    uint8_t b[CERTIFICATE_LEN_MAX];
    uint8_t bits[1 + SIGNATURE_LEN] = { 0 };
    struct sign_public issuer = sign_public_of(secret);
    assert(x->kind >= CARD_ROOT && x->kind <= CARD_TLS);
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
