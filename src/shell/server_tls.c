/* TLS of the listeners. Client certificates are checked inside the handshake, by the pinned root
 * key; libmicrohttpd's own trust list is not used, because it accepts any certificate. */
#include "shell/server_parts.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>

#include "shell/clock.h"
#include "shell/log.h"

enum { IDENTITY_CERTS_MAX = 8 };

static void identity_free(struct server_identity *identity)
{
    for (unsigned i = 0; i < identity->count; i++)
        gnutls_pcert_deinit(&identity->certs[i]);
    if (identity->key)
        gnutls_privkey_deinit(identity->key);
    free(identity->certs);
    free(identity);
}

static gnutls_datum_t datum_of(const char *text, gnutls_datum_t *copy)
{
    copy->data = (unsigned char *)strdup(text);
    copy->size = copy->data ? (unsigned)strlen(text) : 0;
    return *copy;
}

/* The key must be the leaf's: the error belongs at start, not into the first handshake. */
static bool belong_together(const struct server_identity *identity)
{
    uint8_t of_cert[32];
    uint8_t of_key[32];
    size_t cert_len = sizeof(of_cert);
    size_t key_len = sizeof(of_key);
    gnutls_pubkey_t public = NULL;
    bool good = gnutls_pubkey_init(&public) >= 0 &&
                gnutls_pubkey_import_privkey(public, identity->key, 0, 0) >= 0 &&
                gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &key_len) >= 0 &&
                gnutls_pubkey_get_key_id(identity->certs[0].pubkey, GNUTLS_KEYID_USE_SHA256,
                                         of_cert, &cert_len) >= 0;
    if (public)
        gnutls_pubkey_deinit(public);
    return good && cert_len == key_len && memcmp(of_cert, of_key, key_len) == 0;
}

static bool identity_fill(struct server_identity *identity, const char *cert_pem,
                          const char *key_pem)
{
    gnutls_datum_t cert = { NULL, 0 };
    gnutls_datum_t key = { NULL, 0 };
    datum_of(cert_pem, &cert);
    datum_of(key_pem, &key);
    unsigned count = IDENTITY_CERTS_MAX;
    bool good = cert.data && key.data &&
                gnutls_pcert_list_import_x509_raw(identity->certs, &count, &cert,
                                                  GNUTLS_X509_FMT_PEM, 0) >= 0;
    identity->count = good ? count : 0;
    good = good && count > 0 && gnutls_privkey_init(&identity->key) >= 0 &&
           gnutls_privkey_import_x509_raw(identity->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0 &&
           belong_together(identity);
    if (key.data)
        gnutls_memset(key.data, 0, key.size);
    free(cert.data);
    free(key.data);
    return good;
}

struct err server_identity_load(struct server_gate *gate, const char *cert_pem, const char *key_pem)
{
    struct server_identity *identity = calloc(1, sizeof(*identity));
    if (!identity)
        return err_make(ERR_UNAVAILABLE, "server.no-start");
    identity->certs = calloc(IDENTITY_CERTS_MAX, sizeof(*identity->certs));
    if (!identity->certs || !cert_pem || !key_pem || !identity_fill(identity, cert_pem, key_pem)) {
        identity_free(identity);
        return err_make(ERR_INVALID, "server.bad-certificate");
    }
    identity->older = atomic_load(&gate->identity);
    atomic_store(&gate->identity, identity);
    return err_none();
}

void server_identities_free(struct server_gate *gate)
{
    struct server_identity *identity = atomic_exchange(&gate->identity, NULL);
    while (identity) {
        struct server_identity *older = identity->older;
        identity_free(identity);
        identity = older;
    }
}

int server_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *ca_names, int ca_count,
                        const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                        gnutls_pcert_st **certs, unsigned *cert_count, gnutls_privkey_t *key)
{
    (void)ca_names;
    (void)ca_count;
    (void)algorithms;
    (void)algorithm_count;
    const struct server_wire *wire = gnutls_session_get_ptr(session);
    if (!wire)
        return -1;
    const struct server_identity *identity = atomic_load(&wire->gate->identity);
    *certs = identity->certs;
    *cert_count = identity->count;
    *key = identity->key;
    return 0;
}

static struct err check_peer(struct server_wire *wire, gnutls_session_t session)
{
    unsigned count = 0;
    const gnutls_datum_t *list = gnutls_certificate_get_peers(session, &count);
    if (!list || count != X509_CHAIN_MAX)
        return err_make(ERR_DENIED, "x509.chain-length");
    struct bytes chain[X509_CHAIN_MAX];
    for (size_t i = 0; i < X509_CHAIN_MAX; i++)
        chain[i] = bytes_of(list[i].data, list[i].size);
    struct x509_peer peer;
    struct err e = x509_check_chain(chain, X509_CHAIN_MAX, clock_now(), NULL, &peer);
    if (failed(e))
        return e;
    const struct server_listener *setup = &wire->gate->setup;
    if (setup->admit && !setup->admit(setup->context, &peer))
        return err_make(ERR_DENIED, "x509.wrong-root");
    wire->peer = peer;
    return err_none();
}

/* At most a line a second: whoever can connect must not fill the log. */
static void log_refused(struct server_gate *gate, struct err e)
{
    int64_t now = clock_monotonic_ms();
    int64_t last = atomic_load(&gate->logged_ms);
    uint64_t count = atomic_fetch_add(&gate->unlogged, 1) + 1;
    if (now - last < 1000 || !atomic_compare_exchange_strong(&gate->logged_ms, &last, now))
        return;
    atomic_fetch_sub(&gate->unlogged, count);
    LOG(LOG_WARN, "peer.refused", log_rule(e), log_number("port", gate->port),
        log_number("count", (int64_t)count));
}

static int verify_peer(gnutls_session_t session)
{
    struct server_wire *wire = gnutls_session_get_ptr(session);
    struct err e = check_peer(wire, session);
    if (!failed(e))
        return 0;
    log_refused(wire->gate, e);
    /* Told in the handshake, so that the other side's log says more than "connection reset". */
    gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_BAD_CERTIFICATE);
    return GNUTLS_E_CERTIFICATE_ERROR;
}

void server_tls_prepare(const struct server_gate *gate, struct server_wire *wire_opt,
                        gnutls_session_t session)
{
    gnutls_session_set_ptr(session, wire_opt);
    if (!server_has_client_certificates(gate->setup.kind))
        return;
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_function(session, verify_peer);
}
