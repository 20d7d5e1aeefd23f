/* The only clocks. */
#ifndef COMITY_SHELL_CLOCK_H
#define COMITY_SHELL_CLOCK_H

#include "core/time.h"

/* Wall clock, UTC; may jump. For what is written down. */
struct instant clock_now(void);
/* Since some start; never jumps back. For timeouts and measurement. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

#endif
