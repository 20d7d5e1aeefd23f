#include "clerk/act.h"

#include <assert.h>

#include "core/encode.h"

void chance_draw(struct chance *chance, uint8_t *out, size_t len)
{
    static const uint8_t prefix[] = "comity/chance/v1";
    size_t done = 0;
    while (done < len) {
        uint8_t count[8];
        for (size_t i = 0; i < sizeof(count); i++)
            count[i] = (uint8_t)(chance->drawn >> (8 * i));
        chance->drawn++;
        struct hasher h;
        hasher_init(&h);
        hasher_add(&h, BYTES_OF(prefix));
        hasher_add(&h, BYTES_OF(chance->seed));
        hasher_add(&h, BYTES_OF(count));
        struct hash block = hasher_end(&h);
        size_t part = len - done < HASH_LEN ? len - done : HASH_LEN;
        memcpy(out + done, block.bytes, part);
        done += part;
    }
    assert(done == len);
}

struct err act_draw_id(struct act *act, struct text *out)
{
    uint8_t bits[16];
    chance_draw(act->chance, bits, sizeof(bits));
    *out = hex_format(act->arena, BYTES_OF(bits));
    return arena_check(act->arena);
}
