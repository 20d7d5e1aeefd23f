/* What a next version changes: lines of the head and annex, titles, clauses by content and number.
 */
#include "wording/parts.h"
#include "wording/printer.h"

/* The clauses of one text in its order, and what each became in the other. */
struct side {
    const struct clause *clauses[TREATY_CLAUSES_MAX];
    const struct clause *matches[TREATY_CLAUSES_MAX];
    uint32_t count;
};

struct differ {
    const struct treaty *old, *new;
    enum language language;
    struct arena *arena;
    struct side *before, *after;
    struct err e;
};

static void fill(struct side *side, const struct treaty *treaty)
{
    side->count = 0;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        for (uint32_t j = 0; j < treaty->articles[i].count; j++) {
            side->matches[side->count] = NULL;
            side->clauses[side->count++] = &treaty->articles[i].clauses[j];
        }
    }
}

static struct text article_of(struct text id)
{
    return text_split(&id, '.');
}

/* Ever weaker ways in which one clause is another one. */
enum likeness { SAME_HERE, SAME_IN_ARTICLE, SAME_ELSEWHERE, CHANGED_HERE, CHANGED_IN_ARTICLE };

static bool alike(const struct clause *a, const struct clause *b, enum likeness likeness)
{
    bool here = text_equal(a->id, b->id);
    bool article = text_equal(article_of(a->id), article_of(b->id));
    if (likeness <= SAME_ELSEWHERE)
        return (here || likeness > SAME_HERE) && (article || likeness > SAME_IN_ARTICLE) &&
               clause_same(a, b);
    return a->kind == b->kind && (likeness == CHANGED_HERE ? here : article);
}

static void match(struct differ *d, enum likeness likeness)
{
    for (uint32_t i = 0; i < d->after->count; i++) {
        for (uint32_t j = 0; j < d->before->count && d->after->matches[i] == NULL; j++) {
            if (d->before->matches[j] != NULL ||
                !alike(d->after->clauses[i], d->before->clauses[j], likeness))
                continue;
            d->after->matches[i] = d->before->clauses[j];
            d->before->matches[j] = d->after->clauses[i];
        }
    }
}

static void set_printed(struct differ *d, struct json *item, const char *name,
                        struct printer *printer)
{
    struct text text = TEXT("");
    struct err e = printer_end(printer, d->arena, &text);
    if (failed(e) && !failed(d->e))
        d->e = e;
    if (text_ends(text, TEXT("\n")))
        text.len--;
    json_set_text(d->arena, item, name, text);
}

static void set_clause(struct differ *d, struct json *item, const char *name,
                       const struct clause *clause)
{
    struct printer printer = { writer_in(d->arena), d->language };
    put_clause(&printer, clause, "");
    set_printed(d, item, name, &printer);
}

/* Nothing for what is unchanged under its number. */
static void push_clause(struct differ *d, struct json *list, const struct clause *old_opt,
                        const struct clause *new_opt)
{
    struct json item = json_object();
    bool same = old_opt != NULL && new_opt != NULL && clause_same(old_opt, new_opt);
    if (same && text_equal(old_opt->id, new_opt->id))
        return;
    const char *change = same ? "moved" : "changed";
    if (old_opt == NULL || new_opt == NULL)
        change = old_opt == NULL ? "added" : "removed";
    json_set_text(d->arena, &item, "change", text_literal(change));
    if (old_opt != NULL) {
        json_set_text(d->arena, &item, "old_id", old_opt->id);
        set_clause(d, &item, "old", old_opt);
    }
    if (new_opt != NULL) {
        json_set_text(d->arena, &item, "id", new_opt->id);
        set_clause(d, &item, "new", new_opt);
    }
    json_push(d->arena, list, item);
}

static struct json diff_clauses(struct differ *d)
{
    struct json list = json_array();
    fill(d->before, d->old);
    fill(d->after, d->new);
    for (enum likeness likeness = SAME_HERE; likeness <= CHANGED_IN_ARTICLE; likeness++)
        match(d, likeness);
    for (uint32_t i = 0; i < d->after->count; i++)
        push_clause(d, &list, d->after->matches[i], d->after->clauses[i]);
    for (uint32_t i = 0; i < d->before->count; i++) {
        if (d->before->matches[i] == NULL)
            push_clause(d, &list, d->before->clauses[i], NULL);
    }
    return list;
}

typedef void section_fn(struct printer *out, const struct treaty *treaty);

static struct text print_section(struct differ *d, section_fn *put, const struct treaty *treaty)
{
    struct printer printer = { writer_in(d->arena), d->language };
    struct text text = TEXT("");
    put(&printer, treaty);
    struct err e = printer_end(&printer, d->arena, &text);
    if (failed(e) && !failed(d->e))
        d->e = e;
    return text;
}

static bool has_line(struct text lines, struct text wanted)
{
    while (lines.data != NULL) {
        if (text_equal(text_split(&lines, '\n'), wanted))
            return true;
    }
    return false;
}

/* Lines of one text that the other does not have. */
static void set_lines(struct differ *d, struct json *out, const char *name, struct text lines,
                      struct text other)
{
    struct json list = json_array();
    while (lines.data != NULL) {
        struct text line = text_split(&lines, '\n');
        if (line.len > 0 && !has_line(other, line))
            json_push(d->arena, &list, json_string(line));
    }
    if (list.count > 0)
        json_set(d->arena, out, name, list);
}

static void put_titles_of(struct printer *out, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        put_line(out, PHRASE_ARTICLE);
        put_number(out, treaty->articles[i].number);
        put_titles(out, treaty->articles[i].titles);
        put_literal(out, "\n");
    }
}

static void diff_section(struct differ *d, struct json *out, const char *name, section_fn *put)
{
    struct json section = json_object();
    struct text old = print_section(d, put, d->old);
    struct text new = print_section(d, put, d->new);
    set_lines(d, &section, "removed", old, new);
    set_lines(d, &section, "added", new, old);
    if (section.count > 0)
        json_set(d->arena, out, name, section);
}

static const struct reservation *same_target(const struct treaty *treaty,
                                             const struct reservation *r)
{
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        const struct reservation *other = &treaty->reservations[i];
        if (text_equal(other->party, r->party) && other->article == r->article &&
            other->clause == r->clause)
            return other;
    }
    return NULL;
}

static bool reservation_same(const struct reservation *a, const struct reservation *b)
{
    bool same = a->not_bound == b->not_bound && a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++)
        same = clause_same(&a->clauses[i], &b->clauses[i]);
    return same;
}

static void set_reservation(struct differ *d, struct json *item, const char *name,
                            const struct reservation *reservation_opt)
{
    struct printer printer = { writer_in(d->arena), d->language };
    if (reservation_opt == NULL)
        return;
    put_reservation(&printer, reservation_opt);
    set_printed(d, item, name, &printer);
}

static void push_reservation(struct differ *d, struct json *list, const struct reservation *old_opt,
                             const struct reservation *new_opt)
{
    struct json item = json_object();
    const char *change = old_opt == NULL ? "added" : new_opt == NULL ? "removed" : "changed";
    json_set_text(d->arena, &item, "change", text_literal(change));
    json_set_text(d->arena, &item, "party", old_opt != NULL ? old_opt->party : new_opt->party);
    set_reservation(d, &item, "old", old_opt);
    set_reservation(d, &item, "new", new_opt);
    json_push(d->arena, list, item);
}

static struct json diff_reservations(struct differ *d)
{
    struct json list = json_array();
    for (uint32_t i = 0; i < d->new->reservation_count; i++) {
        const struct reservation *new = &d->new->reservations[i];
        const struct reservation *old = same_target(d->old, new);
        if (old == NULL || !reservation_same(old, new))
            push_reservation(d, &list, old, new);
    }
    for (uint32_t i = 0; i < d->old->reservation_count; i++) {
        if (same_target(d->new, &d->old->reservations[i]) == NULL)
            push_reservation(d, &list, &d->old->reservations[i], NULL);
    }
    return list;
}

struct err treaty_diff(const struct treaty *old, const struct treaty *new, enum language language,
                       struct arena *arena, struct json *out)
{
    struct differ d = { .old = old, .new = new, .language = language, .arena = arena };
    struct json diff = json_object();
    d.before = ARENA_NEW(arena, struct side);
    d.after = ARENA_NEW(arena, struct side);
    if (d.before == NULL || d.after == NULL)
        return arena_check(arena);
    diff_section(&d, &diff, "header", put_header);
    diff_section(&d, &diff, "articles", put_titles_of);
    struct json clauses = diff_clauses(&d);
    struct json reservations = diff_reservations(&d);
    if (clauses.count > 0)
        json_set(arena, &diff, "clauses", clauses);
    if (reservations.count > 0)
        json_set(arena, &diff, "reservations", reservations);
    diff_section(&d, &diff, "annex", put_annex);
    struct err e = failed(d.e) ? d.e : arena_check(arena);
    if (!failed(e))
        *out = diff;
    return e;
}
