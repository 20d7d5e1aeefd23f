/* Believing a chain. Only its root key is trusted, and only when the caller knows it; GnuTLS
 * checks signatures, constraints and unknown critical extensions, we the rest of the profile. */
#include "shell/x509.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "seal/card.h"

enum { LEAF, NODE, ROOT };
_Static_assert(ROOT + 1 == X509_CHAIN_MAX, "leaf, node, root");

struct chain {
    gnutls_x509_crt_t certs[X509_CHAIN_MAX];
    struct sign_public keys[X509_CHAIN_MAX];
};

static struct err import_one(gnutls_x509_crt_t *cert, struct bytes der)
{
    uint8_t copy[X509_CERT_MAX];
    if (der.len > sizeof(copy))
        return err_make(ERR_DENIED, "x509.not-ours");
    memcpy(copy, der.data, der.len);
    gnutls_datum_t in = { copy, (unsigned)der.len };
    if (gnutls_x509_crt_init(cert) < 0)
        return err_make(ERR_UNAVAILABLE, "x509.no-memory");
    if (gnutls_x509_crt_import(*cert, &in, GNUTLS_X509_FMT_DER) < 0)
        return err_make(ERR_CORRUPT, "x509.damaged");
    return err_none();
}

static struct err read_key(gnutls_x509_crt_t cert, struct sign_public *out)
{
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
    gnutls_datum_t x = { NULL, 0 };
    bool good = gnutls_x509_crt_get_version(cert) == 3 &&
                gnutls_x509_crt_get_pk_algorithm(cert, NULL) == GNUTLS_PK_EDDSA_ED25519 &&
                gnutls_x509_crt_get_signature_algorithm(cert) == GNUTLS_SIGN_EDDSA_ED25519 &&
                gnutls_x509_crt_get_pk_ecc_raw(cert, &curve, &x, NULL) >= 0;
    good = good && x.size == SIGN_PUBLIC_LEN;
    if (good)
        memcpy(out->bytes, x.data, SIGN_PUBLIC_LEN);
    gnutls_free(x.data);
    return good ? err_none() : err_make(ERR_DENIED, "x509.not-ours");
}

static struct err check_period(gnutls_x509_crt_t cert, struct instant now)
{
    int64_t seconds = now.ms / 1000;
    if (seconds + X509_SKEW_S < (int64_t)gnutls_x509_crt_get_activation_time(cert))
        return err_make(ERR_DENIED, "x509.not-yet");
    if (seconds - X509_SKEW_S > (int64_t)gnutls_x509_crt_get_expiration_time(cert))
        return err_make(ERR_DENIED, "x509.expired");
    return err_none();
}

/* A node key or a TLS key that lives longer than the profile allows was not made by our rules. */
static bool period_allowed(gnutls_x509_crt_t cert, int64_t life_ms)
{
    int64_t from = (int64_t)gnutls_x509_crt_get_activation_time(cert);
    int64_t until = (int64_t)gnutls_x509_crt_get_expiration_time(cert);
    return from >= 0 && until > from && until - from <= (life_ms + CARD_CLOCK_SLACK) / 1000;
}

static bool is_authority(gnutls_x509_crt_t cert)
{
    unsigned critical = 0;
    unsigned authority = 0;
    unsigned usage = 0;
    return gnutls_x509_crt_get_basic_constraints(cert, &critical, &authority, NULL) >= 0 &&
           authority != 0 && gnutls_x509_crt_get_key_usage(cert, &usage, &critical) >= 0 &&
           (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0;
}

static bool is_leaf(gnutls_x509_crt_t cert)
{
    unsigned critical = 0;
    unsigned usage = 0;
    return gnutls_x509_crt_get_ca_status(cert, &critical) == 0 &&
           gnutls_x509_crt_get_key_usage(cert, &usage, &critical) >= 0 &&
           (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) != 0 && (usage & GNUTLS_KEY_KEY_CERT_SIGN) == 0;
}

static struct err check_profile(const struct chain *chain, struct instant now)
{
    if (!is_leaf(chain->certs[LEAF]) || !is_authority(chain->certs[NODE]) ||
        !is_authority(chain->certs[ROOT]) || !period_allowed(chain->certs[LEAF], CARD_TLS_LIFE) ||
        !period_allowed(chain->certs[NODE], CARD_NODE_LIFE))
        return err_make(ERR_DENIED, "x509.not-ours");
    struct err e = check_period(chain->certs[NODE], now);
    if (!failed(e))
        e = check_period(chain->certs[LEAF], now);
    return e;
}

/* Times are ours to check, with the skew; the root's own period does not matter: its key is
 * pinned by the agreement, which has its own validity. */
static struct err check_signatures(struct chain *chain)
{
    char name[X509_NAME_LEN + 1] = "";
    x509_name(&chain->keys[ROOT], name);
    gnutls_typed_vdata_st host = { GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)name, 0 };
    gnutls_x509_trust_list_t trust = NULL;
    unsigned status = GNUTLS_CERT_INVALID;
    int code = gnutls_x509_trust_list_init(&trust, 0);
    if (code >= 0)
        code = gnutls_x509_trust_list_add_cas(trust, &chain->certs[ROOT], 1, 0);
    if (code >= 0)
        code = gnutls_x509_trust_list_verify_crt2(trust, chain->certs, NODE + 1, &host, 1,
                                                  GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
                                                      GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS,
                                                  &status, NULL);
    if (trust)
        gnutls_x509_trust_list_deinit(trust, 0);
    if (code < 0)
        return err_make(ERR_DENIED, "x509.not-ours");
    if (status == 0)
        return err_none();
    unsigned signatures = status & ~(unsigned)(GNUTLS_CERT_INVALID | GNUTLS_CERT_UNEXPECTED_OWNER);
    return err_make(ERR_DENIED, signatures ? "x509.bad-signature" : "x509.wrong-name");
}

static struct err check(struct chain *chain, const struct bytes *ders, struct instant now,
                        const struct sign_public *pinned_opt)
{
    for (size_t i = 0; i < X509_CHAIN_MAX; i++) {
        struct err e = import_one(&chain->certs[i], ders[i]);
        if (!failed(e))
            e = read_key(chain->certs[i], &chain->keys[i]);
        if (failed(e))
            return e;
    }
    if (pinned_opt && memcmp(pinned_opt, &chain->keys[ROOT], sizeof(*pinned_opt)) != 0)
        return err_make(ERR_DENIED, "x509.wrong-root");
    struct err e = check_profile(chain, now);
    return failed(e) ? e : check_signatures(chain);
}

struct err x509_check_chain(const struct bytes *ders, size_t count, struct instant now,
                            const struct sign_public *pinned_opt, struct x509_peer *out)
{
    if (count != X509_CHAIN_MAX)
        return err_make(ERR_DENIED, "x509.chain-length");
    struct chain chain = { 0 };
    struct err e = check(&chain, ders, now, pinned_opt);
    if (!failed(e)) {
        int64_t until = (int64_t)gnutls_x509_crt_get_expiration_time(chain.certs[LEAF]);
        *out = (struct x509_peer){
            chain.keys[ROOT], chain.keys[NODE], chain.keys[LEAF], { until * 1000 }
        };
    }
    for (size_t i = 0; i < X509_CHAIN_MAX; i++) {
        if (chain.certs[i])
            gnutls_x509_crt_deinit(chain.certs[i]);
    }
    return e;
}
