/* The node's side of the keeper (shell/keeper.h): the key ceremony, and the month keys. */
#ifndef COMITY_NODE_KEEPING_H
#define COMITY_NODE_KEEPING_H

#include "node/home.h"
#include "shell/keeper.h"

/* A key ceremony on this machine: makes keeper.state and writes the root key into `home`. */
MUST_USE struct err keeping_birth(struct home *home, struct text secret);
/* Starts the process; before threads exist. ERR_DENIED seal.wrong-key. */
MUST_USE struct err keeping_start(const struct home *home, struct text secret,
                                  struct keeper **out);
/* The data key of a month and class, made when it does not exist. */
MUST_USE struct err keeping_month(struct keeper *keeper, uint32_t month, struct text retention,
                                  struct secret_key *out);

#endif
