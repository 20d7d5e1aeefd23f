/* The list of a depot: which files the index is, and what of them is dead.
 *
 * "list" is a line, the SHA-256 of the rest in hex, and canonical JSON:
 *   {"comity":1, "fact":n, "entry":hex of that fact's commitment,
 *    "groups":[{…}, …],
 *    "segments":[{"from","upto","file","bytes","head","since","groups":[[group, docs], …]} |
 *                {"from","upto"}, …],                    a gap
 *    "dead":{"file","count","hash"}}                     u64 numbers, then u16 groups
 * Everything that died by facts up to `fact` is in it. The fact's commitment, which is salted,
 * binds the list to this journal. */
#include <stdio.h>
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"
#include "core/encode.h"

#define LIST_NAME "list"
enum {
    LIST_VERSION = 1,
    HEX_LEN = 2 * HASH_LEN,
    HEAD_BYTES = 1024, /* of a file, in `head`: the places and hashes of all sections */
    LIST_ROOM = 8 << 20,
    LIST_NAMES_ROOM = 1 << 20
};

static struct err no_memory(void)
{
    return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
}

static struct err bad_list(void)
{
    return err_make(ERR_NOT_FOUND, "file.missing");
}

static struct text head_of(struct arena *arena, struct bytes in)
{
    struct hash hash = hash_of(bytes_of(in.data, in.len < HEAD_BYTES ? in.len : HEAD_BYTES));
    return hex_format(arena, BYTES_OF(hash.bytes));
}

/* -- writing ---------------------------------------------------------------------------------- */

static struct json segment_json(struct arena *arena, const struct volume *volume)
{
    struct json one = json_object();
    struct json groups = json_array();
    json_set_integer(arena, &one, "from", (int64_t)volume->from);
    json_set_integer(arena, &one, "upto", (int64_t)volume->upto);
    if (volume->gap)
        return one;
    for (size_t i = 0; i < volume->group_count; i++) {
        struct json pair = json_array();
        json_push(arena, &pair, json_integer(volume->groups[i].group));
        json_push(arena, &pair, json_integer(volume->groups[i].count));
        json_push(arena, &groups, pair);
    }
    json_set(arena, &one, "file", json_literal(volume->name));
    json_set_integer(arena, &one, "bytes", (int64_t)volume->bytes.len);
    json_set_text(arena, &one, "head", head_of(arena, volume->bytes));
    json_set_integer(arena, &one, "since", atomic_load(&volume->since));
    json_set(arena, &one, "groups", groups);
    return one;
}

/* Numbers of the dead in files, in a file of their own. */
static struct err dead_write(struct shelf *shelf, const struct page *page, size_t count,
                             struct arena *arena, struct json *list)
{
    char *name = shelf->dead_name;
    size_t numbers = count * sizeof(*page->dead);
    size_t len = numbers + count * sizeof(*page->dead_groups);
    uint8_t *data = malloc(len);
    struct json dead = json_object();
    if (data == NULL)
        return no_memory();
    memcpy(data, page->dead, numbers);
    memcpy(data + numbers, page->dead_groups, len - numbers);
    (void)snprintf(name, sizeof(shelf->dead_name), "d%llu",
                   (unsigned long long)atomic_fetch_add(&shelf->next_name, 1));
    struct err e = depot_write(shelf->depot_opt, name, bytes_of(data, len));
    struct hash hash = hash_of(bytes_of(data, len));
    free(data);
    json_set_text(arena, &dead, "file", text_literal(name));
    json_set_integer(arena, &dead, "count", (int64_t)count);
    json_set_text(arena, &dead, "hash", hex_format(arena, BYTES_OF(hash.bytes)));
    json_set(arena, list, "dead", dead);
    return e;
}

static size_t files_of(const struct page *page)
{
    size_t count = 0;
    while (count < page->count && volume_in_file(page->volumes[count]))
        count++;
    return count;
}

/* The commitment of the last fact that the page knows. */
static struct err bind_to(struct store_view *view, uint64_t fact, struct arena *arena,
                          struct text *out)
{
    struct journal_entry entry;
    size_t mark = arena->used;
    *out = TEXT("");
    if (fact == 0)
        return err_none();
    struct err e = store_journal_get(view, fact, arena, &entry);
    struct hash hash = failed(e) ? (struct hash){ { 0 } } : entry.entry;
    arena_rewind(arena, mark);
    if (!failed(e))
        *out = hex_format(arena, BYTES_OF(hash.bytes));
    return e;
}

static struct err list_send(struct shelf *shelf, const struct json *list, struct arena *arena)
{
    struct bytes body;
    struct err e = json_format(list, arena, &body);
    if (failed(e))
        return e;
    struct hash hash = hash_of(body);
    struct text line = arena_join(arena, hex_format(arena, BYTES_OF(hash.bytes)), TEXT("\n"));
    struct text whole = arena_join(arena, line, (struct text){ (const char *)body.data, body.len });
    e = arena_check(arena);
    return failed(e) ? e : depot_write(shelf->depot_opt, LIST_NAME, text_bytes(whole));
}

static struct err list_make(struct shelf *shelf, struct store_view *view, const struct page *page,
                            struct arena *arena)
{
    struct json list = json_object();
    struct json groups = json_array();
    struct json segments = json_array();
    size_t files = files_of(page);
    struct text entry;
    struct err e = bind_to(view, page->seen, arena, &entry);
    if (failed(e))
        return e;
    json_set_integer(arena, &list, "comity", LIST_VERSION);
    json_set_integer(arena, &list, "fact", (int64_t)page->seen);
    json_set_text(arena, &list, "entry", entry);
    for (size_t g = 0; g < page->view.group_count; g++)
        json_push(arena, &groups, *shelf_group(shelf, g));
    for (size_t i = 0; i < files; i++)
        json_push(arena, &segments, segment_json(arena, page->volumes[i]));
    json_set(arena, &list, "groups", groups);
    json_set(arena, &list, "segments", segments);
    uint64_t upto = files == 0 ? 0 : page->volumes[files - 1]->upto;
    size_t dead = page_dead(page, 0, upto).count;
    shelf->dead_name[0] = '\0';
    if (dead > 0)
        e = dead_write(shelf, page, dead, arena, &list);
    return failed(e) ? e : list_send(shelf, &list, arena);
}

/* -- removal ---------------------------------------------------------------------------------- */

static uint64_t number_of(struct text name)
{
    uint64_t number = 0;
    for (size_t i = 1; i < name.len; i++) {
        if (name.data[i] < '0' || name.data[i] > '9' || number > UINT64_MAX / 100)
            return UINT64_MAX;
        number = number * 10 + (uint64_t)(name.data[i] - '0');
    }
    return name.len > 1 ? number : UINT64_MAX;
}

static bool names_it(const struct page *page, struct text name)
{
    for (size_t i = 0; i < page->count; i++) {
        if (text_is(name, page->volumes[i]->name))
            return true;
    }
    return false;
}

/* Removes what nothing names, of numbers below `floor`; UINT64_MAX: whatever it is called. */
static struct err sweep(struct shelf *shelf, const struct page *page, uint64_t floor)
{
    struct depot_names all;
    void *memory = malloc(LIST_NAMES_ROOM);
    if (memory == NULL)
        return no_memory();
    struct arena arena = arena_over(memory, LIST_NAMES_ROOM);
    struct err e = depot_list(shelf->depot_opt, &arena, &all);
    for (size_t i = 0; !failed(e) && i < all.count; i++) {
        struct text name = all.names[i];
        char literal[DEPOT_NAME_MAX + 1];
        uint64_t number = number_of(name);
        if (number != UINT64_MAX && number >= atomic_load(&shelf->next_name))
            atomic_store(&shelf->next_name, number + 1); /* only at a start */
        bool kept = text_is(name, LIST_NAME) || text_is(name, shelf->dead_name) ||
                    names_it(page, name);
        if (kept || name.len > DEPOT_NAME_MAX || (floor != UINT64_MAX && number >= floor))
            continue;
        memcpy(literal, name.data, name.len);
        literal[name.len] = '\0';
        e = depot_remove(shelf->depot_opt, literal);
    }
    free(memory);
    return e;
}

struct err list_write(struct shelf *shelf, struct store *store, const struct page *page,
                      uint64_t floor)
{
    struct store_view *view = NULL;
    void *memory = malloc(LIST_ROOM);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : LIST_ROOM);
    struct err e = memory == NULL ? no_memory() : store_snapshot_open(store, &view);
    if (!failed(e)) {
        e = list_make(shelf, view, page, &arena);
        store_snapshot_close(view);
    }
    free(memory);
    if (failed(e))
        return e;
    atomic_store(&shelf->saved, page->seen);
    return sweep(shelf, page, floor);
}


/* -- reading ---------------------------------------------------------------------------------- */

static bool read_groups(struct volume *volume, const struct json *list, size_t known)
{
    size_t count = json_count(list);
    uint64_t docs = 0;
    volume->groups = calloc(count + 1, sizeof(*volume->groups));
    for (size_t i = 0; volume->groups != NULL && i < count; i++) {
        const struct json *pair = json_item(list, i);
        int64_t group = -1;
        int64_t number = -1;
        if (!json_is_integer(json_item(pair, 0), &group) ||
            !json_is_integer(json_item(pair, 1), &number) || group < 0 ||
            (uint64_t)group >= known || number < 0 || number > UINT32_MAX)
            return false;
        volume->groups[i] = (struct group_count){ (uint16_t)group, (uint32_t)number };
        docs += (uint64_t)number;
    }
    volume->group_count = count;
    return volume->groups != NULL && docs == volume->segment.doc_count;
}

/* The file as the list describes it, mapped. */
static bool open_file(struct shelf *shelf, const struct json *one, struct arena *arena,
                      struct volume *volume)
{
    struct text name = json_get_text(one, "file");
    int64_t len = 0;
    int64_t since = 0;
    struct bytes bytes;
    if (name.len == 0 || name.len > DEPOT_NAME_MAX)
        return false;
    memcpy(volume->name, name.data, name.len);
    if (failed(depot_map(shelf->depot_opt, volume->name, &bytes)))
        return false;
    volume->depot = shelf->depot_opt;
    volume->bytes = bytes;
    (void)json_get_integer(one, "since", &since);
    atomic_store(&volume->since, since);
    return json_get_integer(one, "bytes", &len) && (uint64_t)len == bytes.len &&
           text_equal(json_get_text(one, "head"), head_of(arena, bytes)) &&
           !failed(index_open(bytes, &volume->segment)) &&
           read_groups(volume, json_get(one, "groups"), atomic_load(&shelf->group_count));
}

static struct err read_segment(struct shelf *shelf, const struct json *one, struct arena *arena,
                               struct page *page)
{
    int64_t from = -1;
    int64_t upto = -1;
    uint64_t before = page->count == 0 ? 0 : page->volumes[page->count - 1]->upto;
    if (!json_get_integer(one, "from", &from) || !json_get_integer(one, "upto", &upto) ||
        from < 0 || upto <= from || (uint64_t)from < before || page->count == VOLUMES_MAX)
        return bad_list();
    struct volume *volume = volume_gap((uint64_t)from, (uint64_t)upto);
    if (volume == NULL)
        return no_memory();
    if (open_file(shelf, one, arena, volume)) {
        volume->gap = false;
    } else { /* missing, damaged or foreign: computed again from the rows */
        volume_release(volume);
        volume = volume_gap((uint64_t)from, (uint64_t)upto);
    }
    if (volume == NULL)
        return no_memory();
    page->holes += volume->gap;
    page->volumes[page->count++] = volume;
    return err_none();
}

static struct err read_dead(struct shelf *shelf, const struct json *dead, struct arena *arena,
                            struct page *page)
{
    int64_t count = 0;
    struct bytes bytes;
    struct text name = json_get_text(dead, "file");
    if (dead == NULL)
        return err_none();
    if (name.len == 0 || name.len > DEPOT_NAME_MAX || !json_get_integer(dead, "count", &count))
        return bad_list();
    char file[DEPOT_NAME_MAX + 1] = "";
    memcpy(file, name.data, name.len);
    struct err e = depot_map(shelf->depot_opt, file, &bytes);
    if (failed(e))
        return e;
    if (shelf->listed == NULL) /* else it is upkeep's, and the same */
        memcpy(shelf->dead_name, file, sizeof(file));
    struct hash hash = hash_of(bytes);
    bool good = count > 0 && bytes.len / 10 == (uint64_t)count && bytes.len % 10 == 0 &&
                text_equal(json_get_text(dead, "hash"), hex_format(arena, BYTES_OF(hash.bytes)));
    for (size_t i = 0; good && i < (size_t)count && !failed(e); i++) {
        uint64_t number;
        uint16_t group;
        memcpy(&number, bytes.data + i * sizeof(number), sizeof(number));
        memcpy(&group, bytes.data + (size_t)count * sizeof(number) + i * sizeof(group),
               sizeof(group));
        size_t at = page_find(page, number);
        if (at < page->count)
            e = page_kill_known(page, number, page->volumes[at]->gap ? GROUP_NONE : group);
    }
    depot_unmap(shelf->depot_opt, bytes);
    return good ? e : bad_list();
}

/* The list is of this journal, and no row of what died since is gone. */
static struct err check_binding(struct store_view *rows, const struct json *list,
                                struct arena *arena, uint64_t *fact_out)
{
    struct row_key key = key_text(TEXT(SHELF_ROW));
    struct text entry;
    struct json row;
    int64_t fact = -1;
    int64_t trimmed = 0;
    struct err e = view_get(rows, TABLE_META, &key, arena, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (!failed(e))
        (void)json_get_integer(&row, "dead", &trimmed);
    if (!json_get_integer(list, "fact", &fact) || fact < trimmed)
        return bad_list();
    e = bind_to(rows, (uint64_t)fact, arena, &entry);
    if (failed(e))
        return e;
    *fact_out = (uint64_t)fact;
    return text_equal(entry, json_get_text(list, "entry")) ? err_none() : bad_list();
}

static struct err list_parse(struct shelf *shelf, struct bytes bytes, struct arena *arena,
                             struct json *out)
{
    int64_t version = 0;
    if (bytes.len <= HEX_LEN + 1)
        return bad_list();
    struct bytes body = bytes_of(bytes.data + HEX_LEN + 1, bytes.len - HEX_LEN - 1);
    struct hash hash = hash_of(body);
    struct text hex = hex_format(arena, BYTES_OF(hash.bytes));
    struct err e = arena_check(arena);
    if (!failed(e) && memcmp(hex.data, bytes.data, HEX_LEN) != 0)
        e = bad_list();
    if (!failed(e))
        e = json_parse(arena_copy(arena, body), arena, out);
    if (failed(e))
        return e;
    if (!json_get_integer(out, "comity", &version) || version != LIST_VERSION)
        return bad_list();
    const struct json *groups = json_get(out, "groups");
    for (size_t i = 0; !failed(e) && i < json_count(groups); i++) {
        struct bytes text;
        uint16_t number = 0;
        e = json_format(json_item(groups, i), arena, &text);
        if (!failed(e))
            e = group_number(shelf, (struct text){ (const char *)text.data, text.len }, &number);
        if (!failed(e) && number != i)
            e = bad_list();
    }
    return e;
}

static struct err read_parts(struct shelf *shelf, struct store_view *rows, struct bytes bytes,
                             struct arena *arena, struct page *page)
{
    struct json list;
    struct err e = list_parse(shelf, bytes, arena, &list);
    if (!failed(e))
        e = check_binding(rows, &list, arena, &page->seen);
    const struct json *segments = failed(e) ? NULL : json_get(&list, "segments");
    for (size_t i = 0; !failed(e) && i < json_count(segments); i++)
        e = read_segment(shelf, json_item(segments, i), arena, page);
    return failed(e) ? e : read_dead(shelf, json_get(&list, "dead"), arena, page);
}

static struct err read_page(struct shelf *shelf, struct store_view *rows, struct arena *arena,
                            struct page *page)
{
    struct bytes bytes;
    size_t mark = arena->used;
    struct err e = depot_map(shelf->depot_opt, LIST_NAME, &bytes);
    if (failed(e))
        return e;
    e = read_parts(shelf, rows, bytes, arena, page);
    depot_unmap(shelf->depot_opt, bytes);
    arena_rewind(arena, mark);
    bool odd = e.code == ERR_INVALID || e.code == ERR_CORRUPT || e.code == ERR_LIMIT;
    return odd ? bad_list() : e; /* whatever it says, the rows say it better */
}

struct err list_read(struct shelf *shelf, struct store_view *rows, struct arena *arena,
                     struct page **out)
{
    bool first = shelf->listed == NULL && atomic_load(&shelf->next_name) == 0;
    struct page *page = page_new();
    if (page == NULL)
        return no_memory();
    struct err e = read_page(shelf, rows, arena, page);
    if (e.code == ERR_NOT_FOUND) {
        page_free(page);
        page = page_new();
        if (shelf->listed == NULL)
            shelf->dead_name[0] = '\0';
        if (page == NULL)
            return no_memory();
    }
    struct err swept = err_none();
    if (first && (!failed(e) || e.code == ERR_NOT_FOUND)) {
        atomic_store(&shelf->next_name, 1);
        swept = sweep(shelf, page, UINT64_MAX);
    }
    if (failed(e) || failed(swept)) {
        page_free(page);
        return failed(swept) ? swept : e;
    }
    atomic_store(&shelf->saved, page->seen);
    *out = page;
    return err_none();
}
