#include <stdlib.h>

#include "clerk/record/doc.h"
#include "clerk/watch/screen_parts.h"
#include "clerk/record/sight.h"
#include "clerk/watch/watch.h"
#include "index/question.h"

enum { REPORT_DOCS = 2000 }; /* looked at again after a kill, at most */
#define REPORT_EVERY INSTANT_MINUTE

struct err screen_open(struct screen **out)
{
    *out = calloc(1, sizeof(**out));
    return *out == NULL ? err_make(ERR_LIMIT, "clerk.no-memory") : err_none();
}

void screen_close(struct screen *own_opt)
{
    if (own_opt == NULL)
        return;
    screen_parts_drop(own_opt, 0);
    free(own_opt->room);
    free(own_opt);
}

/* -- one document ------------------------------------------------------------------------- */

/* A row of TABLE_DOC as what a search would find: record, row, what its alerts do here. */
struct seen {
    uint64_t number;
    struct json row;
    struct json effects;
    const struct index_doc *doc;
};

/* false: it is not to be found any more, or by nobody. */
static struct err open_doc(const struct step *step, const struct store_row *stored,
                           struct arena *arena, struct seen *out, bool *found_out)
{
    struct row_key key = key_of(stored->value);
    struct shelf_change *change = NULL;
    int64_t number = 0;
    *found_out = false;
    *out = (struct seen){ .number = key_tail_u64(stored->key), .effects = json_null() };
    struct err e = view_get(step->world->view, TABLE_RECORD, &key, arena, &out->row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    if (!json_get_integer(&out->row, "doc", &number) || (uint64_t)number != out->number ||
        json_get(&out->row, "record") == NULL || row_hidden(&out->row))
        return err_none();
    e = doc_push(&out->row, out->number, arena, &change);
    if (failed(e))
        return e;
    e = view_get(step->world->view, TABLE_EFFECT, &key, arena, &out->effects);
    out->doc = change->add_opt;
    *found_out = true;
    return e.code == ERR_NOT_FOUND ? err_none() : e;
}

static struct err match_add(struct step *step, const struct json *watch, const struct seen *seen,
                            const struct index_hit *hit)
{
    struct json match = json_object();
    struct text record = json_get_text(json_get(&seen->row, "record"), "id");
    json_set_text(step->arena, &match, "watch",
                  arena_copy_text(step->arena, json_get_text(watch, "watch")));
    json_set_text(step->arena, &match, "unit",
                  arena_copy_text(step->arena, json_get_text(watch, "unit")));
    json_set_text(step->arena, &match, "record", arena_copy_text(step->arena, record));
    json_set_integer(step->arena, &match, "doc", (int64_t)seen->number);
    json_set(step->arena, &match, "band", json_literal(question_band(hit->band)));
    json_set_integer(step->arena, &match, "score", hit->score);
    question_scoring(&step->world->scoring, step->arena, &match);
    json_push(step->arena, &step->matches, match);
    return arena_check(step->arena);
}

/* A watch as its author would ask it now. */
struct asking {
    struct question *asked;
    struct caller caller;
    struct sight sight;
};

static struct err asking_make(const struct step *step, const struct json *watch,
                              struct arena *arena, struct asking *out)
{
    out->caller = watch_caller(watch, step->world->member);
    out->sight = (struct sight){ .view = step->world->view, .caller = &out->caller,
                                 .now = step->world->now, .arena = arena };
    return watch_question(watch, &step->world->scoring, arena, &out->asked);
}

/* Its unit is still competent for the purpose. */
static bool may_ask(const struct sight *sight)
{
    struct row_key key = key_text(text_slice(sight->caller->who.unit, 0, 64));
    struct json row;
    struct unit unit;
    return !failed(view_get(sight->view, TABLE_UNIT, &key, sight->arena, &row)) &&
           !failed(unit_parse(&row, sight->arena, &unit)) &&
           unit_may_ask(&unit, code_of(CODE_PURPOSE, sight->caller->purpose));
}

/* The record against the question, the right way round: would its author see it, and in what band
 * (SC1)? */
static struct err hold(struct step *step, const struct json *watch, const struct seen *seen,
                       struct arena *arena)
{
    struct asking asking;
    struct index_hit hit;
    struct err e = asking_make(step, watch, arena, &asking);
    if (failed(e))
        return e;
    uint64_t kinds = asking.asked->query.kinds;
    if (kinds != 0 && (seen->doc->kind > 63 || (kinds >> seen->doc->kind & 1) == 0))
        return err_none();
    step->out->compared++;
    e = index_compare(&asking.asked->query, seen->doc, arena, &hit);
    bool strong = text_is(json_get_text(watch, "least"), "strong");
    if (failed(e) || hit.band < (strong ? INDEX_STRONG : INDEX_POSSIBLE) ||
        !sight_of(&asking.sight, &seen->row, &seen->effects) || !may_ask(&asking.sight))
        return e;
    return match_add(step, watch, seen, &hit);
}

/* A watch whose question cannot be read holds up no other. */
static struct err pass_over(struct step *step, struct err e)
{
    if (e.code != ERR_INVALID && e.code != ERR_CORRUPT)
        return e;
    step->out->unread++;
    return err_none();
}

/* The watch with this number, if it still looks and its search did not see the document. */
static struct err try_watch(struct step *step, uint64_t number, const struct seen *seen,
                            struct arena *arena)
{
    struct row_key key = key_u64(number);
    struct bytes id;
    struct json watch;
    int64_t from = 0;
    struct err e = store_get(step->world->view, TABLE_WATCH_DOC, key_bytes(&key), arena, &id);
    if (!failed(e))
        e = watch_row(step, id, arena, &watch);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    (void)json_get_integer(&watch, "from", &from);
    if (!watch_looks(&watch, step->world->now) || (int64_t)seen->number <= from)
        return err_none();
    return hold(step, &watch, seen, arena);
}

static struct err try_all(struct step *step, const struct seen *seen, struct arena *arena)
{
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < step->screen->count; i++) {
        const struct index_segment *segment = &step->screen->parts[i];
        for (uint32_t j = 0; !failed(e) && j < segment->doc_count; j++) {
            size_t mark = arena->used;
            e = pass_over(step, try_watch(step, index_number(segment, j), seen, arena));
            arena_rewind(arena, mark);
        }
    }
    return e;
}

static struct err screen_doc(struct step *step, const struct seen *seen, struct arena *arena)
{
    struct likely likely = { .room = INDEX_HITS_MAX };
    likely.numbers = ARENA_ARRAY(arena, uint64_t, likely.room);
    if (likely.numbers == NULL)
        return arena_check(arena);
    struct err e = screen_likely(step, seen->doc, &likely);
    if (!failed(e) && likely.all)
        return try_all(step, seen, arena);
    for (size_t i = 0; !failed(e) && i < likely.count; i++) {
        size_t mark = arena->used;
        e = pass_over(step, try_watch(step, likely.numbers[i], seen, arena));
        arena_rewind(arena, mark);
    }
    return e;
}

/* -- a step ------------------------------------------------------------------------------- */

/* Where the last one stopped, as far as it is durable. */
static struct err begin(struct screen *screen, const struct screen_world *world,
                        struct arena *arena, uint64_t last)
{
    struct row_key key = key_text(TEXT(WATCH_ROW));
    struct json row;
    int64_t docs = (int64_t)last;
    int64_t watches = 0;
    if (screen->begun)
        return err_none();
    struct err e = view_get(world->view, TABLE_META, &key, arena, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    screen->marked = !failed(e);
    if (screen->marked) {
        (void)json_get_integer(&row, "docs", &docs);
        (void)json_get_integer(&row, "watches", &watches);
    }
    screen->done = (struct screen_mark){ (uint64_t)docs, (uint64_t)watches };
    screen->told = screen->done;
    screen->told_at = world->now;
    screen->back = UINT64_MAX;
    screen->begun = true;
    return err_none();
}

/* Matches are made in the step's arena, everything else in what is left of it. */
static struct err docs_from(struct step *step, uint64_t after, struct arena *scratch)
{
    struct screen *screen = step->screen;
    struct row_key key = key_u64(after);
    struct store_range range = { .table = TABLE_DOC, .after = key_bytes(&key),
                                 .limit = SCREEN_DOCS };
    struct store_rows rows;
    struct err e = store_scan(step->world->view, &range, step->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct seen seen;
        bool found = false;
        arena_reset(scratch);
        struct err bad = open_doc(step, &rows.rows[i], scratch, &seen, &found);
        if (!failed(bad) && found)
            bad = screen_doc(step, &seen, scratch);
        bool broken = bad.code == ERR_CORRUPT || bad.code == ERR_INVALID || scratch->full;
        if (failed(bad) && !broken)
            return bad; /* of the store or of memory: the same again, later */
        step->out->unread += failed(bad) ? 1 : 0;
        screen->next.docs = key_tail_u64(rows.rows[i].key);
    }
    screen->untold += failed(e) ? 0 : rows.count;
    step->out->more = !failed(e) && rows.count == SCREEN_DOCS;
    return failed(e) ? e : arena_check(step->arena);
}

static void report_make(struct step *step, struct screen_mark mark)
{
    step->out->report = json_object();
    json_set_integer(step->arena, &step->out->report, "docs", (int64_t)mark.docs);
    json_set_integer(step->arena, &step->out->report, "watches", (int64_t)mark.watches);
    json_set(step->arena, &step->out->report, "matches", step->matches);
}

static void report(struct step *step)
{
    struct screen *screen = step->screen;
    bool news = json_count(&step->matches) > 0;
    bool moved = screen->next.docs != screen->told.docs;
    bool late = step->world->now.ms - screen->told_at.ms >= REPORT_EVERY;
    screen->reports = news || (moved && (screen->untold >= REPORT_DOCS || late));
    screen->next_at = step->world->now;
    if (screen->reports)
        report_make(step, screen->next);
}

static struct err step_in(struct step *step, struct arena *scratch)
{
    struct screen *screen = step->screen;
    uint64_t last = 0;
    bool any = false;
    struct err e = store_journal_last(step->world->view, &last);
    if (!failed(e))
        e = begin(screen, step->world, step->arena, last);
    if (!failed(e))
        e = screen_load(step, &any);
    if (failed(e))
        return e;
    screen->stands = any;
    if (!any) { /* SC3: what stands in the store goes, once */
        screen->next = (struct screen_mark){ last, last };
        screen->reports = screen->marked;
        if (screen->marked)
            step->out->report = json_object();
        return err_none();
    }
    uint64_t after = screen->back < screen->done.docs ? screen->back : screen->done.docs;
    screen->next = (struct screen_mark){ after, screen->loaded };
    e = docs_from(step, after, scratch);
    if (!failed(e))
        report(step);
    return failed(e) ? e : arena_check(step->arena);
}

/* Half of the arena is for one document or watch after the other. */
static struct err step_begin(struct screen *screen, const struct screen_world *world,
                             struct arena *arena, struct screen_found *out, struct step *step,
                             struct arena *scratch)
{
    size_t half = (arena->size - arena->used) / 2;
    uint8_t *memory = ARENA_ARRAY(arena, uint8_t, half);
    *out = (struct screen_found){ .report = json_null() };
    *step = (struct step){ .screen = screen, .world = world, .arena = arena, .out = out,
                           .matches = json_array() };
    if (memory == NULL)
        return arena_check(arena);
    *scratch = arena_over(memory, half);
    return err_none();
}

struct err screen_step(struct screen *screen, const struct screen_world *world,
                       struct arena *arena, struct screen_found *out)
{
    struct step step;
    struct arena scratch;
    struct err e = step_begin(screen, world, arena, out, &step, &scratch);
    if (!failed(e))
        e = step_in(&step, &scratch);
    out->docs = screen->next.docs;
    return e;
}

void screen_told(struct screen *screen)
{
    screen->done = screen->next;
    screen->back = UINT64_MAX;
    if (!screen->reports)
        return;
    screen->marked = screen->stands;
    screen->told = screen->next;
    screen->told_at = screen->next_at;
    screen->untold = 0;
    screen->reports = false;
}

/* -- again, the right way round ----------------------------------------------------------- */

/* What a search has found, held against the watch unless it was told of the record. */
static struct err try_hit(struct step *step, const struct json *watch,
                          const struct index_hit *hit, struct arena *arena)
{
    struct row_key doc = key_u64(hit->doc);
    struct store_row stored = { .key = key_bytes(&doc) };
    struct record_key record;
    struct bytes told;
    struct seen seen;
    bool found = false;
    struct err e = store_get(step->world->view, TABLE_DOC, stored.key, arena, &stored.value);
    if (failed(e) || stored.value.len != sizeof(record.bytes))
        return e.code == ERR_NOT_FOUND ? err_none() : e; /* of a later commit, or gone */
    memcpy(record.bytes, stored.value.data, sizeof(record.bytes));
    struct row_key key = watched_key(json_get_text(watch, "watch"), &record);
    e = store_get(step->world->view, TABLE_WATCHED, key_bytes(&key), arena, &told);
    if (!failed(e) || e.code != ERR_NOT_FOUND)
        return e;
    e = open_doc(step, &stored, arena, &seen, &found);
    return failed(e) || !found ? e : hold(step, watch, &seen, arena);
}

static struct err search_again(struct step *step, const struct json *watch,
                               const struct shelf_view *shelf, struct arena *arena)
{
    struct asking asking;
    struct index_filter filter;
    struct index_answer answer;
    uint64_t documents = 0;
    int64_t from = 0;
    struct err e = asking_make(step, watch, arena, &asking);
    if (failed(e))
        return e;
    asking.asked->query.hits_max = INDEX_HITS_MAX;
    (void)json_get_integer(watch, "from", &from);
    e = sight_filter(&asking.sight, step->world->shelf_opt, shelf, &filter, &documents);
    if (!failed(e))
        e = index_search(shelf->segments, shelf->segment_count, &filter, &asking.asked->query,
                         arena, &answer);
    for (size_t i = 0; !failed(e) && i < answer.hit_count; i++) {
        if (answer.hits[i].band >= INDEX_POSSIBLE && (int64_t)answer.hits[i].doc > from)
            e = try_hit(step, watch, &answer.hits[i], arena);
    }
    return e;
}

static struct err again(struct step *step, const struct shelf_view *shelf, struct arena *scratch)
{
    struct screen *screen = step->screen;
    struct row_key after = key_u64(screen->again);
    struct store_range range = { .table = TABLE_WATCH_DOC, .after = key_bytes(&after),
                                 .limit = SCREEN_WATCHES };
    struct store_rows rows;
    uint64_t last = screen->again;
    struct err e = store_scan(step->world->view, &range, step->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json watch;
        arena_reset(scratch);
        struct err bad = watch_row(step, rows.rows[i].value, scratch, &watch);
        if (!failed(bad) && watch_looks(&watch, step->world->now))
            bad = search_again(step, &watch, shelf, scratch);
        bool broken = bad.code == ERR_CORRUPT || bad.code == ERR_INVALID || scratch->full;
        if (failed(bad) && !broken)
            return bad;
        step->out->unread += failed(bad) ? 1 : 0;
        last = key_tail_u64(rows.rows[i].key);
    }
    if (failed(e) || failed(e = arena_check(step->arena)))
        return e;
    step->out->more = rows.count == SCREEN_WATCHES;
    screen->again = step->out->more ? last : 0;
    if (!step->out->more)
        screen->round = date_of_instant(step->world->now);
    return e;
}

struct err screen_again(struct screen *screen, const struct screen_world *world,
                        struct arena *arena, struct screen_found *out)
{
    struct date today = date_of_instant(world->now);
    struct step step;
    struct arena scratch;
    *out = (struct screen_found){ .report = json_null() };
    if (!screen->begun || memcmp(&today, &screen->round, sizeof(today)) == 0)
        return err_none();
    struct err e = step_begin(screen, world, arena, out, &step, &scratch);
    if (failed(e))
        return e;
    const struct shelf_view *shelf = shelf_take(world->shelf_opt);
    e = again(&step, shelf, &scratch);
    shelf_give(world->shelf_opt, shelf);
    if (failed(e) || json_count(&step.matches) == 0)
        return e;
    report_make(&step, screen->told);
    return arena_check(arena);
}
