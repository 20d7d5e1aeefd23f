/* Giving up rights, for good. Each part that the kernel lacks is left out and counted. */
#ifndef COMITY_SHELL_SANDBOX_H
#define COMITY_SHELL_SANDBOX_H

#include <stddef.h>

/* All descriptors but 2 and `keep` are closed. */
void sandbox_close_others(const int *keep, size_t count);
/* No core dump, no tracing, no new privileges, no files outside `dir`, no network, no processes, no
 * programs: read, write and replace files in `dir`, use open descriptors, allocate memory, exit.
 * The number of measures that this kernel does not have (0: all hold). */
int sandbox_enter(const char *dir);

#endif
