/* Groups: what decides who may see a document, numbered. */
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"

enum { SLOTS = 131072, GROUP_ROOM = 2048 };

struct err groups_make(struct shelf *shelf)
{
    shelf->groups = calloc(SHELF_GROUPS_MAX, sizeof(*shelf->groups)); /* touched as far as used */
    shelf->group_slots = calloc(SLOTS, sizeof(*shelf->group_slots));
    if (shelf->groups == NULL || shelf->group_slots == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    return err_none();
}

static uint32_t slot_of(struct text group)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < group.len; i++)
        hash = (hash ^ (uint8_t)group.data[i]) * 16777619u;
    return hash % SLOTS;
}

/* Under the lock. The slot of the group, or the free one where it belongs. */
static uint32_t *find(struct shelf *shelf, struct text group)
{
    uint32_t at = slot_of(group);
    while (shelf->group_slots[at] != 0 &&
           !text_equal(shelf->groups[shelf->group_slots[at] - 1].text, group))
        at = (at + 1) % SLOTS;
    return &shelf->group_slots[at];
}

static struct err make(struct text group, struct group *out)
{
    size_t room = GROUP_ROOM + group.len * 32;
    out->memory = malloc(room);
    if (out->memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct arena arena = arena_over(out->memory, room);
    out->text = arena_copy_text(&arena, group);
    struct err e = json_parse(text_bytes(out->text), &arena, &out->json);
    if (failed(e))
        free(out->memory);
    return e;
}

static bool known(struct shelf *shelf, struct text group, uint16_t *out)
{
    shelf_lock(shelf);
    uint32_t number = *find(shelf, group);
    shelf_unlock(shelf);
    *out = (uint16_t)(number - 1);
    return number != 0;
}

struct err group_number(struct shelf *shelf, struct text group, uint16_t *out)
{
    struct group made;
    if (known(shelf, group, out))
        return err_none();
    struct err e = make(group, &made);
    if (failed(e))
        return e;
    shelf_lock(shelf);
    uint32_t *slot = find(shelf, group);
    bool used = *slot != 0;
    size_t count = atomic_load(&shelf->group_count);
    bool full = !used && count == SHELF_GROUPS_MAX;
    if (!used && !full) {
        shelf->groups[count] = made;
        *slot = (uint32_t)count + 1;
        atomic_store(&shelf->group_count, count + 1);
    }
    *out = (uint16_t)(*slot - 1);
    shelf_unlock(shelf);
    if (used || full)
        free(made.memory);
    return full ? err_make(ERR_LIMIT, "clerk.too-many-groups") : err_none();
}

const struct json *shelf_group(const struct shelf *shelf, size_t group)
{
    return &shelf->groups[group].json;
}

void groups_free(struct shelf *shelf)
{
    for (size_t i = 0; shelf->groups != NULL && i < shelf->group_count; i++)
        free(shelf->groups[i].memory);
    free(shelf->groups);
    free(shelf->group_slots);
}
