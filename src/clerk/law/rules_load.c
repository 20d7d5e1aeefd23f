/* Agreements that have effect here, national rules and halts: from rows to compiled rules. */
#include <assert.h>

#include "clerk/record/life.h"
#include "clerk/rows.h"
#include "clerk/law/rules_parts.h"
#include "core/encode.h"

struct loader {
    struct arena *memory;
    struct rules *rules;
    struct instant now;
    struct lives lives;
    const struct hash *assumed_opt; /* as if it had entered */
    struct treaty_force forces[RULESET_TREATIES_MAX];
    bool entered[RULESET_TREATIES_MAX];
    size_t count;
};

static void note_change(struct rules *rules, struct instant at, struct instant now)
{
    if (instant_before(now, at) && instant_before(at, rules->next_change))
        rules->next_change = at;
}

/* Anything stops, or somebody has left and what it received stays: `kept` is another law. */
static bool differs(const struct treaty_status *status, const struct treaty_status *kept)
{
    if (status->stop_count != kept->stop_count)
        return true;
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        if (status->bound[i].until.ms != kept->bound[i].until.ms)
            return true;
    }
    return false;
}

/* Compiled when it has, or had, effect here, so that what was disclosed under it can still be
 * judged for its instant. One that was over before it entered here is loaded too: a late frame
 * under it is refused, not parked. */
static struct err load_agreement(struct loader *l, const struct life *life)
{
    enum treaty_state state = life->status.state;
    bool assumed = l->assumed_opt != NULL && hash_equal(l->assumed_opt, &life->hash);
    bool entered = life->entered || assumed;
    bool begun = state == TREATY_IN_FORCE || state == TREATY_PROVISIONAL || state == TREATY_ENDED;
    note_change(l->rules, treaty_status_next(&life->status, l->now), l->now);
    if (!begun || !(entered || state == TREATY_ENDED) || l->count == RULESET_TREATIES_MAX)
        return err_none();
    struct treaty_status *kept = ARENA_NEW(l->memory, struct treaty_status);
    struct treaty *treaty = ARENA_NEW(l->memory, struct treaty);
    if (kept == NULL || treaty == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    *kept = treaty_status_kept(&life->treaty, &life->status);
    *treaty = life->treaty;
    if (state == TREATY_ENDED)
        treaty->prevails.count = 0; /* it comes before nothing, and closes no ring */
    l->rules->forces[l->count] = (struct force_row){ life->hash, treaty, &life->status, kept };
    l->entered[l->count] = entered;
    l->forces[l->count++] = (struct treaty_force){ .treaty = treaty,
                                                   .status = &life->status,
                                                   .hash_opt = &life->hash };
#if COMITY_PLANTED == 13 /* what is suspended or disputed flows on */
    l->forces[l->count - 1].status = kept;
#endif
    return err_none();
}

static struct err load_national(struct loader *l, const struct json *row)
{
    struct national *national = ARENA_NEW(l->memory, struct national);
    struct treaty_errors errors = { .count = 0 };
    if (national == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = national_parse(json_get_text(row, "text"), LANGUAGE_ANY, l->memory, &errors,
                                  national);
    if (!failed(e))
        l->rules->national_opt = national;
    return e;
}

static struct err load_row(struct loader *l, const struct store_row *row)
{
    struct text key = { (const char *)row->key.data, row->key.len };
    struct texts *halted = &l->rules->halted;
    struct json value;
    if (row->key.len == HASH_LEN && !text_starts(key, TEXT("halt/")))
        return err_none(); /* an agreement */
    struct err e = json_parse(row->value, l->memory, &value);
    if (failed(e))
        return e;
    if (text_is(key, "national"))
        return load_national(l, &value);
    if (!text_starts(key, TEXT("halt/")))
        return err_none();
    if (halted->count == RULES_TEXTS_MAX)
        return err_make(ERR_LIMIT, "clerk.too-many-partners");
    halted->items[halted->count++] = arena_copy_text(l->memory, text_slice(key, 5, key.len));
    return err_none();
}

static struct err load_rows(struct loader *l, struct store_view *view)
{
    struct store_range range = { .table = TABLE_AGREEMENT, .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(view, &range, l->memory, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = load_row(l, &rows.rows[i]);
    if (!failed(e))
        e = lives_read(view, l->now, l->memory, &l->lives);
    for (size_t i = 0; !failed(e) && i < l->lives.count; i++)
        e = load_agreement(l, &l->lives.items[i]);
    return e;
}

/* What ended without ever having had effect here must not keep out what has. */
static void drop_strangers(struct loader *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (!l->entered[i])
            continue;
        l->entered[kept] = true;
        l->forces[kept] = l->forces[i];
        l->rules->forces[kept++] = l->rules->forces[i];
    }
    l->count = kept;
}

static struct err compile(struct loader *l)
{
    struct rules *rules = l->rules;
    const struct national *national = rules->national_opt;
    size_t mark = l->memory->used;
    if (l->count == 0)
        return err_none();
    struct err e = treaty_compile(l->forces, l->count, national, l->memory, &rules->set);
    if (failed(e) && !l->memory->full) {
        arena_rewind(l->memory, mark);
        drop_strangers(l);
        rules->set = NULL;
        e = l->count == 0
                ? err_none()
                : treaty_compile(l->forces, l->count, national, l->memory, &rules->set);
    }
    bool other = false;
    for (size_t i = 0; i < l->count; i++) {
        const struct force_row *force = &rules->forces[i];
        other = other || differs(force->status, force->kept);
        l->forces[i].status = force->kept;
    }
    rules->force_count = l->count;
    return failed(e) || !other
               ? e
               : treaty_compile(l->forces, l->count, national, l->memory, &rules->kept_opt);
}

static struct err make(struct loader *l, struct store_view *view, struct text self)
{
    l->rules = ARENA_NEW(l->memory, struct rules);
    if (l->rules == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    l->rules->self = self;
    l->rules->now = l->now;
    l->rules->next_change = INSTANT_OPEN;
    struct err e = load_rows(l, view);
    return failed(e) ? e : compile(l);
}

struct err rules_make(struct store_view *view, struct text self, struct instant now,
                      struct arena *memory, struct rules **out)
{
    struct loader l = { .memory = memory, .now = now };
    struct err e = make(&l, view, self);
    if (!failed(e))
        *out = l.rules;
    return e;
}

struct err rules_trial(struct store_view *view, struct text self, struct instant now,
                       struct arena *memory, const struct hash *agreement)
{
    struct loader l = { .memory = memory, .now = now, .assumed_opt = agreement };
    return make(&l, view, self);
}

/* -- what they say about one agreement -------------------------------------------------------- */

static const struct force_row *force_of(const struct rules *rules, const struct hash *agreement)
{
    for (size_t i = 0; i < rules->force_count; i++) {
        if (hash_equal(&rules->forces[i].hash, agreement))
            return &rules->forces[i];
    }
    return NULL;
}

/* `next` has taken the place of `old` between us and that partner. */
static bool took_over(const struct rules *rules, const struct force_row *next,
                      const struct force_row *old, struct text partner)
{
    uint8_t us = treaty_party_index(next->treaty, rules->self);
    uint8_t them = treaty_party_index(next->treaty, partner);
    bool replaces = false;
    for (uint32_t i = 0; i < next->treaty->replaces_count; i++) {
        const struct succession *one = &next->treaty->replaces[i];
        replaces = replaces || (text_equal(one->name, old->treaty->name) &&
                                one->version == old->treaty->version);
    }
    return replaces && us != STOP_ALL && them != STOP_ALL &&
           treaty_status_took_over(next->status, us, them, rules->now);
}

bool rules_keeps(const struct rules *rules, const struct hash *agreement, struct text partner)
{
    const struct force_row *force = force_of(rules, agreement);
    if (force == NULL)
        return false;
    uint8_t us = treaty_party_index(force->treaty, rules->self);
    uint8_t them = treaty_party_index(force->treaty, partner);
    if (us == STOP_ALL || them == STOP_ALL)
        return false;
    for (size_t i = 0; i < rules->force_count; i++) {
        const struct force_row *next = &rules->forces[i];
        if (took_over(rules, next, force, partner)) /* then copies stand and fall with the next */
            return rules_keeps(rules, &next->hash, partner);
    }
    return treaty_status_joins(force->kept, us, them, rules->now);
}

/* "3.1" or "3.1/CMR.1" */
static bool clause_in(struct text id, const struct treaty_stop *stop)
{
    uint16_t numbers[2] = { 0, 0 };
    size_t which = 0;
    for (size_t i = 0; i < id.len && id.data[i] != '/' && which < 2; i++) {
        if (id.data[i] == '.')
            which++;
        else if (id.data[i] >= '0' && id.data[i] <= '9' && numbers[which] < TREATY_COUNT_MAX)
            numbers[which] = (uint16_t)(numbers[which] * 10 + (id.data[i] - '0'));
    }
    return stop->article == numbers[0] && (stop->clause == 0 || stop->clause == numbers[1]);
}

/* What keeps the clause from standing between the two at the instant; NULL: nothing stops it. */
static const struct treaty_stop *stop_of(const struct treaty *treaty,
                                         const struct treaty_status *status,
                                         const struct text members[2], struct text clause,
                                         struct instant at)
{
    uint8_t us = treaty_party_index(treaty, members[0]);
    uint8_t them = treaty_party_index(treaty, members[1]);
    for (uint32_t i = 0; us != STOP_ALL && them != STOP_ALL && i < status->stop_count; i++) {
        const struct treaty_stop *stop = &status->stops[i];
        bool ours = (stop->party == us && (stop->against == them || stop->against == STOP_ALL)) ||
                    (stop->party == them && (stop->against == us || stop->against == STOP_ALL));
        if (ours && (stop->why != STOP_DISPUTED || clause_in(clause, stop)) &&
            stop->from.ms <= at.ms && at.ms < stop->until.ms)
            return stop;
    }
    return NULL;
}

bool rules_stood(const struct rules *rules, const struct rules_basis *basis, struct text partner,
                 struct instant as_of)
{
    const struct force_row *force = force_of(rules, &basis->agreement);
    const struct text members[2] = { rules->self, partner };
    if (force == NULL)
        return false;
    uint8_t us = treaty_party_index(force->treaty, rules->self);
    uint8_t them = treaty_party_index(force->treaty, partner);
    return us != STOP_ALL && them != STOP_ALL &&
           treaty_status_joins(force->status, us, them, as_of) &&
           stop_of(force->treaty, force->status, members, basis->clause, as_of) == NULL;
}

static bool has_stops(const struct json *row)
{
    const struct json *events = json_get(row, "events");
    for (size_t i = 0; i < json_count(events); i++) {
        struct text act = json_get_text(json_item(events, i), "act");
        if (text_is(act, treaty_act_name(ACT_SUSPEND)) ||
            text_is(act, treaty_act_name(ACT_DISPUTE)))
            return true;
    }
    return false;
}

const char *rules_standing(struct store_view *view, const struct json *copy, struct text self,
                           struct instant now, struct arena *arena)
{
    const struct json *basis = json_get(copy, "basis");
    const struct text members[2] = { self, json_get_text(copy, "from") };
    struct hash hash;
    struct json row;
    struct life life;
    if (failed(hex_parse(json_get_text(basis, "agreement"), hash.bytes, HASH_LEN)))
        return NULL;
    struct row_key key = key_of(BYTES_OF(hash.bytes));
    if (failed(view_get(view, TABLE_AGREEMENT, &key, arena, &row)) || !has_stops(&row) ||
        failed(life_read(&row, BYTES_OF(hash.bytes), now, arena, &life)))
        return NULL;
    const struct treaty_stop *stop =
        stop_of(&life.treaty, &life.status, members, json_get_text(basis, "clause"), now);
    return stop == NULL ? NULL : stop->why == STOP_DISPUTED ? "disputed" : "suspended";
}

struct instant rules_loaded(const struct rules *rules)
{
    return rules->now;
}

struct instant rules_next_change(const struct rules *rules)
{
    return rules->next_change;
}
