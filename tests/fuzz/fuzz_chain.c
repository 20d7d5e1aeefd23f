/* PEM of certificates, as a partner would show them: whatever is believed was signed up to its
 * root, so no input that we did not sign is believed for the key of all zeros. */
#include <stdlib.h>

#include "shell/x509.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sign_public pinned;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes rest = bytes_of(data, size);
    struct bytes chain[X509_CHAIN_MAX] = { { NULL, 0 } };
    size_t count = 0;
    while (count < X509_CHAIN_MAX && !failed(x509_pem_next(&rest, &arena, &chain[count])))
        count++;
    struct x509_peer peer;
    const struct instant now = { 1795305600000 };
    if (!failed(x509_check_chain(chain, count, now, &pinned, &peer)))
        abort();
    struct err e = x509_check_chain(chain, count, now, NULL, &peer);
    (void)e;
    for (size_t i = 0; i < X509_CHAIN_MAX; i++)
        chain[i] = bytes_of(data, size);
    if (!failed(x509_check_chain(chain, X509_CHAIN_MAX, now, &pinned, &peer)))
        abort();
    return 0;
}
