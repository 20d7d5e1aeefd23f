#include "scene.h"

#include "test_files.h"

bool scene_read(struct text name, const char *language, struct arena *arena, struct text *out)
{
    char below[160];
    char path[TEST_PATH_MAX];
    struct test_file file = { NULL, 0 };
    snprintf(below, sizeof(below), "catalogue/agreements/%.*s.%s", (int)name.len, name.data,
             language);
    if (!test_path("COMITY_SOURCE", below, path) || !test_file_read(path, &file))
        return false;
    struct bytes bytes = arena_copy(arena, test_file_bytes(&file));
    free(file.data);
    return !failed(text_parse(bytes, out));
}

bool scene_treaty(struct text name, struct arena *arena, struct treaty *out, struct fault *fault)
{
    struct text text;
    struct treaty_errors errors;
    if (!scene_read(name, "en", arena, &text))
        return fault_set(fault, "no such agreement", name);
    struct err e = treaty_parse(text, LANGUAGE_EN, arena, &errors, out);
    return !failed(e) || fault_set(fault, e.rule, name);
}

static bool scene_rules(struct scene *s, struct text name, struct arena *arena, struct fault *fault)
{
    struct text text;
    struct treaty_errors errors;
    if (!scene_read(name, "en", arena, &text))
        return fault_set(fault, "no such national rules", name);
    struct err e = national_parse(text, LANGUAGE_EN, arena, &errors, &s->national);
    s->has_national = true;
    return !failed(e) || fault_set(fault, e.rule, name);
}

/* ---- a life ---- */

struct life {
    struct treaty_event events[SCENE_EVENTS_MAX];
    uint32_t count;
};

static bool listed(struct text list, struct text member)
{
    struct text item;
    while (phrase_next(&list, ',', &item)) {
        if (text_equal(item, member))
            return true;
    }
    return false;
}

static bool add_events(struct life *life, const struct treaty *treaty, struct text who,
                       struct treaty_event one, struct fault *fault)
{
    uint32_t before = life->count;
    struct text but = who;
    bool all = text_is(word_next(&but), "all");
    if (all && but.len > 0 && !text_is(word_next(&but), "but"))
        return fault_set(fault, "all, or all but A, B", who);
    for (uint32_t i = 0; i < treaty->parties.count && life->count < SCENE_EVENTS_MAX; i++) {
        struct text party = treaty->parties.items[i];
        if (all ? listed(but, party) : !listed(who, party))
            continue;
        one.party = party;
        life->events[life->count++] = one;
    }
    return life->count > before || fault_set(fault, "nobody acts", who);
}

/* Words behind the members: "against X", "article N", "clause N.M", "opposing". */
static bool act_target(struct treaty_event *one, struct text rest, struct fault *fault)
{
    while (rest.len > 0) {
        uint32_t number = 0;
        struct text word = word_next(&rest);
        if (text_is(word, "opposing")) {
            one->opposing = true;
        } else if (text_is(word, "against")) {
            one->against = word_next(&rest);
        } else if (text_is(word, "clause") || text_is(word, "article")) {
            struct text place = word_next(&rest);
            struct text article = text_split(&place, '.');
            if (!number_read(article, &number))
                return fault_set(fault, "no such place", article);
            one->article = (uint16_t)number;
            if (place.data != NULL && !number_read(place, &number))
                return fault_set(fault, "no such place", place);
            one->clause = place.data == NULL ? 0 : (uint16_t)number;
        } else {
            return fault_set(fault, "no such word in an act", word);
        }
    }
    return true;
}

static bool take_act(struct life *life, const struct treaty *treaty, struct text phrase,
                     struct fault *fault)
{
    static const char *const ends[] = { " against ", " clause ", " article ", " opposing" };
    struct date date;
    struct treaty_event one = { .against = TEXT("") };
    struct text rest = phrase;
    struct text day = word_next(&rest);
    struct text verb = word_next(&rest);
    if (failed(date_parse(day, &date)) || !treaty_act_parse(verb, &one.act) ||
        !text_is(word_next(&rest), "by"))
        return fault_set(fault, "an act is DATE ACT by MEMBERS", phrase);
    one.at = date_begin(date);
    size_t end = rest.len;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        const char *hit = memmem(rest.data, rest.len, ends[i], strlen(ends[i]));
        if (hit != NULL && (size_t)(hit - rest.data) < end)
            end = (size_t)(hit - rest.data);
    }
    return act_target(&one, text_trim(text_slice(rest, end, rest.len)), fault) &&
           add_events(life, treaty, text_slice(rest, 0, end), one, fault);
}

static bool add_treaty(struct scene *s, struct table *table, struct table_name *named,
                       struct arena *arena, struct fault *fault)
{
    struct text name = named->of.len > 0 ? named->of : table->agreement;
    struct text rest = named->body;
    struct text phrase;
    struct life *life = ARENA_NEW(arena, struct life);
    if (s->treaty_count == SCENE_TREATIES_MAX)
        return fault_set(fault, "too many agreements", name);
    struct treaty *treaty = &s->treaties[s->treaty_count];
    named->used = true;
    if (!scene_treaty(name, arena, treaty, fault))
        return false;
    while (named->body.len > 0 && phrase_next(&rest, ';', &phrase)) {
        if (!take_act(life, treaty, phrase, fault))
            return false;
    }
    struct treaty_status *status = &s->status[s->treaty_count];
    *status = treaty_status(treaty, life->events, life->count, s->as_of);
    s->force[s->treaty_count++] = (struct treaty_force){ .treaty = treaty, .status = status };
    return true;
}

/* ---- facts ---- */

static bool take_given(struct scene *s, struct text word, struct text rest, struct fault *fault)
{
    if (s->release_count == SCENE_FACTS_MAX || s->assurance_count == SCENE_FACTS_MAX ||
        s->spent_count == SCENE_FACTS_MAX)
        return fault_set(fault, "too many facts", word);
    if (text_is(word, "assurance")) {
        s->assurances[s->assurance_count++] = rest;
    } else if (text_is(word, "used")) {
        s->spent[s->spent_count].clause = word_next(&rest);
        return number_read(rest, &s->spent[s->spent_count++].count) ||
               fault_set(fault, "used CLAUSE NUMBER", rest);
    } else if (text_is(word, "release")) {
        struct text first = word_next(&rest);
        bool office = !text_is(first, "by");
        if (office && !text_is(word_next(&rest), "by"))
            return fault_set(fault, "release [OFFICE] by PERSON", first);
        s->releases[s->release_count++] =
            (struct treaty_release){ .office = office ? first : TEXT(""), .person = rest };
    } else {
        return fault_set(fault, "no such fact", word);
    }
    return rest.len > 0 || fault_set(fault, "a fact is cut short", word);
}

static bool take_verb(struct scene *s, struct text fact)
{
    static const struct {
        const char *word;
        enum scene_verb verb;
    } verbs[] = { { "arrives", VERB_ARRIVES },
                  { "use", VERB_USE },
                  { "entry", VERB_ENTRY },
                  { "state", VERB_STATE } };
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (text_is(fact, verbs[i].word)) {
            s->verb = verbs[i].verb;
            return true;
        }
    }
    return false;
}

static bool take_frame(struct scene *s, struct text rest, struct fault *fault)
{
    struct text field;
    s->verb = VERB_RECEIVES;
    if (rest.len > 0 && !text_is(word_next(&rest), "carrying"))
        return fault_set(fault, "receives [carrying FIELD, …]", rest);
    while (rest.len > 0 && s->carried_count < SCENE_FACTS_MAX && phrase_next(&rest, ',', &field))
        s->carried[s->carried_count++] = field;
    return true;
}

static bool take_fact(struct scene *s, struct text fact, struct arena *arena, struct fault *fault)
{
    struct text rest = fact;
    struct text word = word_next(&rest);
    if (text_is(fact, "urgent"))
        s->urgent = true;
    else if (text_is(fact, "as hit") || text_is(fact, "as request"))
        s->mode = text_is(fact, "as hit") ? MODE_HIT : MODE_ASK;
    else if (text_is(word, "rules"))
        return scene_rules(s, rest, arena, fault);
    else if (text_is(word, "message")) {
        s->verb = VERB_MESSAGE;
        s->message = rest;
    } else if (text_is(word, "receives"))
        return take_frame(s, rest, fault);
    else if (!take_verb(s, fact))
        return take_given(s, word, rest, fault);
    return true;
}

/* Facts that name a life; the others are left. The usual life is the first of the table. */
static bool take_lives(struct scene *s, struct table *table, struct text facts, struct arena *arena,
                       struct fault *fault)
{
    struct text phrase;
    struct text rest = facts;
    struct table_name *main = &table->lives[0];
    while (facts.len > 0 && phrase_next(&rest, ';', &phrase)) {
        if (text_is(word_next(&phrase), "life"))
            main = table_find(table->lives, table->life_count, phrase);
        if (main == NULL)
            return fault_set(fault, "no such life", phrase);
    }
    if (!add_treaty(s, table, main, arena, fault))
        return false;
    rest = facts;
    while (facts.len > 0 && phrase_next(&rest, ';', &phrase)) {
        struct text fact = phrase;
        struct text word = word_next(&phrase);
        if (text_is(word, "life"))
            continue;
        struct table_name *other = table_find(table->lives, table->life_count, phrase);
        if (!text_is(word, "with")) {
            if (!take_fact(s, fact, arena, fault))
                return false;
        } else if (other == NULL) {
            return fault_set(fault, "no such life", phrase);
        } else if (!add_treaty(s, table, other, arena, fault)) {
            return false;
        }
    }
    return true;
}

bool scene_open(struct table *table, const struct table_case *row, struct arena *arena,
                struct scene *out, struct fault *fault)
{
    struct date date;
    struct text members = row->cells[CELL_MEMBERS];
    *out = (struct scene){ .purpose = row->cells[CELL_PURPOSE], .message = TEXT("") };
    *fault = (struct fault){ .line = row->line };
    struct text clock = row->cells[CELL_DATE];
    struct text day = word_next(&clock);
    bool midnight = text_is(clock, "00:00");
    if (failed(date_parse(day, &date)) || (clock.len > 0 && !midnight))
        return fault_set(fault, "no such day", row->cells[CELL_DATE]);
    out->as_of = instant_plus(date_begin(date), midnight ? 0 : 12 * INSTANT_HOUR);
    out->from = text_trim(text_split(&members, '>'));
    out->to = members.data == NULL ? TEXT("") : text_trim(members);
    if (out->purpose.data == NULL)
        out->purpose = TEXT("");
    if (!take_lives(out, table, row->cells[CELL_FACTS], arena, fault))
        return false;
    if (row->cells[CELL_RECORD].len == 0)
        return true;
    struct table_name *record =
        table_find(table->records, table->record_count, row->cells[CELL_RECORD]);
    if (record == NULL)
        return fault_set(fault, "no such record", row->cells[CELL_RECORD]);
    record->used = true;
    out->has_view = true;
    struct text owner = out->from.len > 0 ? out->from : TEXT("NGA");
    return shorthand_view(record->body, owner, arena, &out->view, fault);
}
