#include "shell/random.h"

#include <assert.h>
#include <sodium.h>

struct err random_start(void)
{
    if (sodium_init() < 0)
        return err_make(ERR_UNAVAILABLE, "random.unavailable");
    return err_none();
}

void random_bytes(uint8_t *out, size_t len)
{
    randombytes_buf(out, len);
}

uint32_t random_below(uint32_t below)
{
    assert(below > 0);
    return randombytes_uniform(below);
}
