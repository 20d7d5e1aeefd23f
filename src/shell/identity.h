/* The node's TLS identity: a fresh key of this process, certified by the keeper for seven days.
 * Renew it when half its life is over, at the latest before `until`. */
#ifndef COMITY_SHELL_IDENTITY_H
#define COMITY_SHELL_IDENTITY_H

#include "core/time.h"
#include "shell/keeper.h"

struct identity {
    struct sign_public root; /* ours: partners pin it */
    struct text cert_pem;    /* leaf, node, root; NUL-terminated beyond its length */
    struct text key_pem;     /* as well; secret */
    struct text root_pem;    /* what a partner's client is given as root_file */
    struct bytes cards[3];   /* root, node and TLS card: what a hello shows (seal/card.h) */
    struct instant from, until;
};

/* Asks the keeper and writes "tls.pem" into `dir`, mode 0600: chain and key in one file, so that
 * one rename replaces both; it is cert_file and key_file of struct client_setup. `now` is when it
 * begins to count. Errors: keeper.*, seal.*, file.*, arena.full. */
MUST_USE struct err identity_renew(struct keeper *keeper, const char *dir, struct instant now,
                                   struct arena *arena, struct identity *out);

#endif
