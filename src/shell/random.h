/* The only source of chance: getrandom(2) through libsodium. Cannot fail after start. */
#ifndef COMITY_SHELL_RANDOM_H
#define COMITY_SHELL_RANDOM_H

#include "core/bytes.h"

/* Once per process, before any other function of libsodium; ERR_UNAVAILABLE random.unavailable. */
MUST_USE struct err random_start(void);
void random_bytes(uint8_t *out, size_t len);
/* 0 <= value < below, without bias; below > 0 (asserted). */
uint32_t random_below(uint32_t below);

#endif
