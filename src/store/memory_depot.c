#include "store/memory_depot.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 256, EFFECTS_OF_WRITE = 4 };

/* Bytes that names and mappings share. */
struct content {
    size_t holders;
    size_t len;
    uint8_t data[];
};

struct entry {
    char name[DEPOT_NAME_MAX + 1];
    struct content *content; /* NULL: free */
};

struct memory_depot {
    struct depot depot;
    struct entry entries[FILES_MAX];
    struct content *mapped[4 * FILES_MAX];
    uint64_t effects;
    uint64_t script;
    bool crashed;
    struct entry pending; /* what was being done when power failed: content NULL is a removal */
    bool renamed;         /* it had got that far */
};

static struct memory_depot *of(struct depot *depot)
{
    return (struct memory_depot *)depot;
}

static struct content *content_new(struct bytes in)
{
    struct content *content = malloc(sizeof(*content) + in.len + 1);
    if (content == NULL)
        return NULL;
    content->holders = 1;
    content->len = in.len;
    if (in.len > 0)
        memcpy(content->data, in.data, in.len);
    return content;
}

static void content_free(struct content *content)
{
    if (content != NULL && --content->holders == 0)
        free(content);
}

static struct entry *find(struct memory_depot *m, const char *name)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (m->entries[i].content != NULL && strcmp(m->entries[i].name, name) == 0)
            return &m->entries[i];
    }
    return NULL;
}

static void name_set(struct entry *entry, const char *name)
{
    size_t len = strlen(name);
    memcpy(entry->name, name, len < DEPOT_NAME_MAX ? len + 1 : DEPOT_NAME_MAX);
}

/* Takes the content. */
static struct err put(struct memory_depot *m, const char *name, struct content *content)
{
    struct entry *entry = find(m, name);
    for (size_t i = 0; entry == NULL && i < FILES_MAX; i++) {
        if (m->entries[i].content == NULL)
            entry = &m->entries[i];
    }
    if (entry == NULL) {
        content_free(content);
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    }
    content_free(entry->content);
    name_set(entry, name);
    entry->content = content;
    return err_none();
}

static bool power_fails(struct memory_depot *m)
{
    m->effects++;
    if (m->script != 0 && m->effects == m->script)
        m->crashed = true;
    return m->crashed;
}

static struct err crashed(void)
{
    return err_make(ERR_UNAVAILABLE, "store.crashed");
}

static struct err memory_write(struct depot *depot, const char *name, struct bytes in)
{
    struct memory_depot *m = of(depot);
    if (m->crashed)
        return crashed();
    struct content *content = content_new(in);
    if (content == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    for (int i = 0; i < EFFECTS_OF_WRITE; i++) {
        if (!power_fails(m))
            continue;
        m->renamed = i + 1 == EFFECTS_OF_WRITE; /* the rename is done, the directory not synced */
        name_set(&m->pending, name);
        m->pending.content = content;
        return crashed();
    }
    return put(m, name, content);
}

static struct err memory_map(struct depot *depot, const char *name, struct bytes *out)
{
    struct memory_depot *m = of(depot);
    struct entry *entry = find(m, name);
    if (m->crashed)
        return crashed();
    if (entry == NULL)
        return err_make(ERR_NOT_FOUND, "file.missing");
    for (size_t i = 0; i < sizeof(m->mapped) / sizeof(m->mapped[0]); i++) {
        if (m->mapped[i] != NULL)
            continue;
        m->mapped[i] = entry->content;
        entry->content->holders++;
        *out = bytes_of(entry->content->data, entry->content->len);
        return err_none();
    }
    return err_make(ERR_UNAVAILABLE, "store.no-memory");
}

static void memory_unmap(struct depot *depot, struct bytes bytes)
{
    struct memory_depot *m = of(depot);
    for (size_t i = 0; i < sizeof(m->mapped) / sizeof(m->mapped[0]); i++) {
        if (m->mapped[i] == NULL || m->mapped[i]->data != bytes.data)
            continue;
        content_free(m->mapped[i]);
        m->mapped[i] = NULL;
        return;
    }
}

static struct err memory_remove(struct depot *depot, const char *name)
{
    struct memory_depot *m = of(depot);
    struct entry *entry = find(m, name);
    if (m->crashed)
        return crashed();
    if (power_fails(m)) {
        name_set(&m->pending, name);
        m->pending.content = NULL;
        m->renamed = true;
        return crashed();
    }
    if (entry != NULL) {
        content_free(entry->content);
        entry->content = NULL;
    }
    return err_none();
}

static struct err memory_list(struct depot *depot, struct arena *arena, struct depot_names *out)
{
    struct memory_depot *m = of(depot);
    struct depot_names all = { ARENA_ARRAY(arena, struct text, FILES_MAX), 0 };
    if (m->crashed)
        return crashed();
    for (size_t i = 0; all.names != NULL && i < FILES_MAX; i++) {
        if (m->entries[i].content != NULL)
            all.names[all.count++] = arena_copy_text(arena, text_literal(m->entries[i].name));
    }
    *out = all;
    return arena_check(arena);
}

static struct err memory_room(struct depot *depot, size_t size, struct bytes *out)
{
    (void)depot;
    void *memory = malloc(size);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    *out = bytes_of(memory, size);
    return err_none();
}

static void memory_room_end(struct depot *depot, struct bytes room)
{
    (void)depot;
    free((void *)(uintptr_t)room.data);
}

static const struct depot_ops memory_ops = {
    .write = memory_write,
    .map = memory_map,
    .unmap = memory_unmap,
    .remove = memory_remove,
    .list = memory_list,
    .room = memory_room,
    .room_end = memory_room_end,
};

struct err depot_memory_open(struct depot **out)
{
    struct memory_depot *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    m->depot.ops = &memory_ops;
    *out = &m->depot;
    return err_none();
}

void depot_memory_close(struct depot *depot_own_opt)
{
    if (depot_own_opt == NULL)
        return;
    struct memory_depot *m = of(depot_own_opt);
    for (size_t i = 0; i < FILES_MAX; i++)
        content_free(m->entries[i].content);
    for (size_t i = 0; i < sizeof(m->mapped) / sizeof(m->mapped[0]); i++)
        content_free(m->mapped[i]);
    content_free(m->pending.content);
    free(m);
}

void depot_memory_script(struct depot *depot, uint64_t effect)
{
    of(depot)->script = effect;
}

uint64_t depot_memory_effects(const struct depot *depot)
{
    return ((const struct memory_depot *)depot)->effects;
}

/* A name that was being written: the old bytes, the new ones or, before the rename, a temporary
 * file with some of them. */
static void settle(struct memory_depot *m, uint64_t seed)
{
    struct content *content = m->pending.content;
    if (content == NULL) { /* a removal */
        struct entry *entry = find(m, m->pending.name);
        if (entry != NULL && seed % 2 == 0) {
            content_free(entry->content);
            entry->content = NULL;
        }
    } else if (m->renamed && seed % 2 == 0) {
        (void)put(m, m->pending.name, content);
    } else {
        content->len = content->len * (size_t)(seed / 2 % 5) / 4;
        (void)put(m, "left.tmp", content);
    }
    m->pending = (struct entry){ .content = NULL };
    m->renamed = false;
}

void depot_memory_crash(struct depot *depot, uint64_t seed)
{
    struct memory_depot *m = of(depot);
    if (m->crashed && m->pending.name[0] != '\0')
        settle(m, seed);
    m->crashed = false;
    m->script = 0;
}

bool depot_memory_damage(struct depot *depot, const char *name, size_t at)
{
    struct entry *entry = find(of(depot), name);
    if (entry == NULL || at >= entry->content->len)
        return false;
    entry->content->data[at] ^= 0x20;
    return true;
}

bool depot_memory_cut(struct depot *depot, const char *name, size_t len)
{
    struct entry *entry = find(of(depot), name);
    if (entry == NULL || len >= entry->content->len)
        return false;
    struct content *shorter = content_new(bytes_of(entry->content->data, len));
    return shorter != NULL && !failed(put(of(depot), name, shorter));
}

bool depot_memory_holds(const struct depot *depot, struct bytes what)
{
    const struct memory_depot *m = (const struct memory_depot *)depot;
    for (size_t f = 0; f < FILES_MAX; f++) {
        const struct content *content = m->entries[f].content;
        for (size_t i = 0; content != NULL && i + what.len <= content->len; i++) {
            if (memcmp(content->data + i, what.data, what.len) == 0)
                return true;
        }
    }
    return false;
}
