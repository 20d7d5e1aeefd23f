#include "shell/clock.h"

#include <assert.h>
#include <time.h>

static int64_t clock_read(clockid_t id, int64_t per_second)
{
    struct timespec t;
    int bad = clock_gettime(id, &t);
    assert(bad == 0);
    (void)bad;
    return (int64_t)t.tv_sec * per_second + (int64_t)t.tv_nsec / (1000000000 / per_second);
}

struct instant clock_now(void)
{
    return (struct instant){ clock_read(CLOCK_REALTIME, 1000) };
}

int64_t clock_monotonic_ms(void)
{
    return clock_read(CLOCK_MONOTONIC, 1000);
}

int64_t clock_monotonic_us(void)
{
    return clock_read(CLOCK_MONOTONIC, 1000000);
}
