/* The depot in memory, on a disk that is a model: a name written or removed is on the platter when
 * the call returns, unless power fails within it. Each call has effects, counted from 1: the bytes,
 * their fsync, the rename, the fsync of the directory; a removal has one. */
#ifndef COMITY_STORE_MEMORY_DEPOT_H
#define COMITY_STORE_MEMORY_DEPOT_H

#include "store/depot.h"

MUST_USE struct err depot_memory_open(struct depot **out);
void depot_memory_close(struct depot *depot_own_opt);

/* Power fails at this effect (> those done): every call gives ERR_UNAVAILABLE store.crashed until
 * depot_memory_crash(). 0: it does not. */
void depot_memory_script(struct depot *depot, uint64_t effect);
uint64_t depot_memory_effects(const struct depot *depot);
/* Restart after a power failure: what was being written is there, torn, in part or not, and what
 * was being removed is there or not, as `seed` says. What is mapped stays readable. */
void depot_memory_crash(struct depot *depot, uint64_t seed);

/* Byte `at` of a file is another than was written: a bad disk. What is mapped changes with it.
 * false: there is no such byte. */
bool depot_memory_damage(struct depot *depot, const char *name, size_t at);
/* The file ends there. */
bool depot_memory_cut(struct depot *depot, const char *name, size_t len);
/* Some file holds these bytes. */
bool depot_memory_holds(const struct depot *depot, struct bytes what);

#endif
