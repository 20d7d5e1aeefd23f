/* The index of the searches that stand: parts in memory, each a segment. */
#include <stdlib.h>

#include "clerk/watch/screen_parts.h"
#include "clerk/watch/watch.h"
#include "index/question.h"

enum {
    PART_WATCHES = 1000,  /* of one part, at most */
    PART_ROOM = 32 << 20, /* to read and build one */
};

void screen_parts_drop(struct screen *screen, size_t from)
{
    while (screen->count > from)
        free(screen->memory[--screen->count]);
}

/* A segment in memory of its own, behind the others. */
static struct err part_add(struct screen *screen, struct bytes segment)
{
    uint8_t *memory = screen->count < PARTS_MAX ? malloc(segment.len) : NULL;
    if (memory == NULL)
        return err_make(ERR_LIMIT, "clerk.no-memory");
    memcpy(memory, segment.data, segment.len);
    struct err e = index_open(bytes_of(memory, segment.len), &screen->parts[screen->count]);
    if (failed(e)) {
        free(memory);
        return e;
    }
    screen->memory[screen->count++] = memory;
    return err_none();
}

/* Parts from `from` on become one. */
static struct err parts_join(struct screen *screen, size_t from)
{
    const struct index_segment *all = screen->parts + from;
    struct index_set none = { NULL, 0 };
    struct bytes merged;
    size_t count = screen->count - from;
    size_t size = index_merge_room(all, count);
    void *memory = malloc(size);
    if (memory == NULL)
        return err_make(ERR_LIMIT, "clerk.no-memory");
    struct arena arena = arena_over(memory, size);
    struct err e = index_merge(all, count, &none, NULL, &arena, &merged);
    if (!failed(e)) {
        screen_parts_drop(screen, from);
        e = part_add(screen, merged);
    }
    if (failed(e)) { /* they are read again */
        screen_parts_drop(screen, 0);
        screen->loaded = 0;
    }
    free(memory);
    return e;
}

/* Each part is more than twice as large as the next, so that there are few: a question pays for
 * each. */
static struct err parts_settle(struct screen *screen)
{
    struct err e = err_none();
    while (!failed(e) && screen->count > 1 &&
           screen->parts[screen->count - 2].doc_count <=
               2 * screen->parts[screen->count - 1].doc_count)
        e = parts_join(screen, screen->count - 2);
    return e;
}

struct err watch_row(const struct step *step, struct bytes of, struct arena *arena,
                     struct json *out)
{
    struct row_key key = key_of(of);
    return view_get(step->world->view, TABLE_WATCH, &key, arena, out);
}

/* The watch's question as a document under its number; `from_out`: the last document that its own
 * search saw. */
static struct err watch_doc(const struct step *step, const struct store_row *stored,
                            struct arena *arena, struct index_doc *doc, uint64_t *from_out)
{
    struct json row;
    int64_t from = 0;
    struct err e = watch_row(step, stored->value, arena, &row);
    if (!failed(e))
        e = question_side(json_get(&row, "question"), watch_day(&row), arena, doc);
    if (failed(e))
        return e;
    (void)json_get_integer(&row, "from", &from);
    *from_out = from > 0 ? (uint64_t)from : 0;
    doc->number = key_tail_u64(stored->key);
    doc->group = 0;
    doc->kind = 0;
    return err_none();
}

/* Some watches more; *count_out of them. */
static struct err load_some(struct step *step, struct arena *arena, size_t *count_out)
{
    struct screen *screen = step->screen;
    struct row_key after = key_u64(screen->loaded);
    struct store_range range = { .table = TABLE_WATCH_DOC, .after = key_bytes(&after),
                                 .limit = PART_WATCHES };
    struct store_rows rows;
    struct bytes segment;
    struct err e = store_scan(step->world->view, &range, arena, &rows);
    if (failed(e) || rows.count == 0) {
        *count_out = 0;
        return e;
    }
    struct index_doc *docs = ARENA_ARRAY(arena, struct index_doc, rows.count);
    if (docs == NULL)
        return arena_check(arena);
    size_t count = 0;
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        uint64_t from = 0;
        struct err bad = watch_doc(step, &rows.rows[i], arena, &docs[count], &from);
        if (failed(bad) && bad.code == ERR_LIMIT)
            return bad;
        count += failed(bad) ? 0 : 1; /* a question that cannot be read finds nothing */
        if (!failed(bad) && docs[count - 1].number > screen->done.watches && from < screen->back)
            screen->back = from;
    }
    if (count > 0)
        e = index_build(docs, count, arena, &segment);
    if (!failed(e) && count > 0)
        e = part_add(screen, segment);
    if (failed(e))
        return e;
    screen->loaded = key_tail_u64(rows.rows[rows.count - 1].key);
    *count_out = rows.count;
    return err_none();
}

struct err screen_load(struct step *step, bool *any_out)
{
    struct screen *screen = step->screen;
    struct store_range range = { .table = TABLE_WATCH_DOC, .limit = 1 };
    struct date today = date_of_instant(step->world->now);
    struct store_rows rows;
    size_t count = PART_WATCHES;
    void *memory = NULL;
    struct err e = store_scan(step->world->view, &range, step->arena, &rows);
    *any_out = !failed(e) && rows.count > 0;
    if (failed(e))
        return e;
    if (!*any_out || memcmp(&today, &screen->day, sizeof(today)) != 0) {
        screen_parts_drop(screen, 0);
        screen->loaded = 0;
        screen->day = today;
    }
    while (*any_out && !failed(e) && count == PART_WATCHES) {
        if (memory == NULL)
            memory = malloc(PART_ROOM);
        if (memory == NULL)
            return err_make(ERR_LIMIT, "clerk.no-memory");
        struct arena arena = arena_over(memory, PART_ROOM);
        e = load_some(step, &arena, &count);
        if (!failed(e))
            e = parts_settle(screen);
    }
    free(memory);
    return e;
}

/* -- who may be looking for it ------------------------------------------------------------ */

static struct err room_for(struct screen *screen, const struct index_query *query,
                           struct arena *out)
{
    size_t need = index_search_room(screen->parts, screen->count, query);
    if (need > screen->room_size) {
        free(screen->room);
        screen->room = malloc(need);
        screen->room_size = screen->room == NULL ? 0 : need;
    }
    *out = arena_over(screen->room, screen->room_size);
    return screen->room == NULL ? err_make(ERR_LIMIT, "clerk.no-memory") : err_none();
}

static bool has(const struct likely *likely, uint64_t number)
{
    for (size_t i = 0; i < likely->count; i++) {
        if (likely->numbers[i] == number)
            return true;
    }
    return false;
}

static struct err ask(struct screen *screen, const struct index_query *query,
                      struct likely *likely)
{
    struct index_filter filter = { .groups_opt = NULL };
    struct index_answer answer;
    struct arena arena;
    struct err e = room_for(screen, query, &arena);
    if (!failed(e))
        e = index_search(screen->parts, screen->count, &filter, query, &arena, &answer);
    if (failed(e))
        return e.code == ERR_INVALID ? err_none() : e; /* a name without letters finds nobody */
    if (answer.too_common || answer.weak_left_out > 0 || answer.damaged)
        likely->all = true;
    for (size_t i = 0; i < answer.hit_count && !likely->all; i++) {
        if (has(likely, answer.hits[i].doc))
            continue;
        if (likely->count == likely->room)
            likely->all = true;
        else
            likely->numbers[likely->count++] = answer.hits[i].doc;
    }
    return err_none();
}

/* What comes in is the question: its names one by one, its numbers some at a time. */
struct err screen_likely(const struct step *step, const struct index_doc *doc,
                         struct likely *likely)
{
    struct err e = err_none();
    size_t names = doc->name_count > 0 ? doc->name_count : 1;
    size_t done = 0;
    for (size_t i = 0; !failed(e) && !likely->all && (i < names || done < doc->identifier_count);
         i++) {
        size_t left = doc->identifier_count - done;
        size_t take = left < INDEX_QUERY_IDENTIFIERS_MAX ? left : INDEX_QUERY_IDENTIFIERS_MAX;
        struct index_query query = { .birth = doc->birth, .sex = doc->sex,
                                     .nationalities = doc->nationalities,
                                     .nationality_count = doc->nationality_count,
                                     .identifiers = doc->identifiers + done,
                                     .identifier_count = take,
                                     .hits_max = INDEX_HITS_MAX,
                                     .scoring = step->world->scoring };
        if (i < doc->name_count)
            query.name = doc->names[i];
        done += take;
        e = ask(step->screen, &query, likely);
    }
    return e;
}
