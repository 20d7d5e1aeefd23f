/* Looks that deserve a question: of a colleague or a protected person, of one's own name, in
 * bursts, without the reference that the purpose demands. A reason to ask, no judgement (I10). */
#include "api/audit.h"

#include "index/names/analyse.h"

enum {
    PAGE = 512,        /* journal entries */
    USERS_MAX = 4096,
    PROTECTED_MAX = 1000,
    WORDS_MAX = 8,
    BURST_LOOKS = 30,  /* in BURST */
};
#define BURST (10 * INSTANT_MINUTE)

/* A name as the hashes of its folded words: spelling and order do not matter. */
struct words {
    uint32_t at[WORDS_MAX];
    size_t count;
};

struct known {
    struct text user; /* empty: a protected person */
    struct words words;
};

struct odd {
    struct call *call;
    struct known *known;
    size_t known_count;
    struct json items;
};

static struct words words_of(const struct index_name *name)
{
    struct analysed analysed;
    struct words words = { .count = 0 };
    analyse_name(name, (struct bytes){ NULL, 0 }, &analysed);
    for (size_t i = 0; i < analysed.count && words.count < WORDS_MAX; i++) {
        const struct token *token = &analysed.token[i];
        if (!token->initial && token->form_count > 0)
            words.at[words.count++] = letters_hash(&token->tight[0], 0);
    }
    return words;
}

static bool has(const struct words *words, uint32_t word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (words->at[i] == word)
            return true;
    }
    return false;
}

/* All words of the shorter stand in the longer, two at least. */
static bool same_name(const struct words *a, const struct words *b)
{
    const struct words *few = a->count <= b->count ? a : b;
    const struct words *many = few == a ? b : a;
    for (size_t i = 0; i < few->count; i++) {
        if (!has(many, few->at[i]))
            return false;
    }
    return few->count >= 2;
}

static void add_known(struct odd *odd, struct text user, struct text name)
{
    struct index_name parts = { .full = name };
    if (name.len > 0 && odd->known_count < USERS_MAX + PROTECTED_MAX)
        odd->known[odd->known_count++] = (struct known){ user, words_of(&parts) };
}

static struct err load_known(struct odd *odd)
{
    struct arena *arena = odd->call->arena;
    struct store_range range = { .table = TABLE_USER, .limit = USERS_MAX };
    struct row_key key = key_text(TEXT("protected"));
    struct store_rows rows;
    struct json row;
    odd->known = ARENA_ARRAY(arena, struct known, USERS_MAX + PROTECTED_MAX);
    if (odd->known == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = store_scan(odd->call->world->view, &range, arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        e = json_parse(rows.rows[i].value, arena, &row);
        const struct json *user = failed(e) ? NULL : json_get(&row, "user");
        if (user != NULL)
            add_known(odd, json_get_text(user, "id"), json_get_text(user, "name"));
    }
    if (failed(e) || failed(view_get(odd->call->world->view, TABLE_SAMPLE, &key, arena, &row)))
        return e; /* no list of protected names */
    const struct json *names = json_get(&row, "names");
    for (size_t i = 0; i < json_count(names); i++)
        add_known(odd, TEXT(""), json_item_text(names, i));
    return e;
}

static void reason(struct odd *odd, const char *code, struct json *reasons)
{
    for (size_t i = 0; i < json_count(reasons); i++) {
        if (text_is(json_item_text(reasons, i), code))
            return;
    }
    json_push(odd->call->arena, reasons, json_literal(code));
}

static void by_question(struct odd *odd, const struct fact *fact, const struct json *query,
                        struct json *reasons)
{
    struct index_name name = { .full = json_get_text(query, "name"),
                               .family = json_get_text(query, "family"),
                               .given = json_get_text(query, "given") };
    if (name.full.len + name.family.len + name.given.len == 0)
        return;
    struct words asked = words_of(&name);
    for (size_t i = 0; i < odd->known_count; i++) {
        const struct known *known = &odd->known[i];
        if (!same_name(&asked, &known->words))
            continue;
        reason(odd,
               known->user.len == 0                        ? "protected"
               : text_equal(known->user, fact->by.user) ? "own-name"
                                                           : "colleague",
               reasons);
    }
}

/* A search has one question, a comparison two. */
static void by_name(struct odd *odd, const struct fact *fact, struct json *reasons)
{
    const struct json *query = json_get(&fact->body, "query");
    const struct json *compared = json_get(query, "compare");
    by_question(odd, fact, query, reasons);
    by_question(odd, fact, json_get(compared, "a"), reasons);
    by_question(odd, fact, json_get(compared, "b"), reasons);
}

/* The look that is number BURST_LOOKS within BURST; not each of those behind it. */
static void by_burst(struct odd *odd, const struct fact *fact, uint64_t number,
                     struct json *reasons)
{
    struct row_key prefix = key_text(fact->by.user);
    key_add_u8(&prefix, 0);
    struct row_key after = prefix;
    key_add_u64(&after, number);
    struct store_range range = { .table = TABLE_ACCESS_USER, .prefix = key_bytes(&prefix),
                                 .after = key_bytes(&after), .limit = BURST_LOOKS,
                                 .reverse = true };
    struct store_rows rows;
    bool within[2] = { false, false }; /* the one that begins it, and the one before */
    if (failed(store_scan(odd->call->world->view, &range, odd->call->arena, &rows)))
        return;
    for (size_t i = 0; i < 2 && rows.count >= BURST_LOOKS - 1 + i; i++) {
        struct audited before;
        uint64_t first = key_tail_u64(rows.rows[BURST_LOOKS - 2 + i].key);
        within[i] = !failed(audit_open(odd->call, first, &before)) &&
                    fact->at.ms - before.at.ms < BURST;
    }
    if (within[0] && !within[1])
        reason(odd, "burst", reasons);
}

/* One access entry; what is not odd gives its memory back. */
static void look(struct odd *odd, const struct audited *audited)
{
    static const char *const shown[] = { "purpose", "reference", "query", "record" };
    struct arena *arena = odd->call->arena;
    const struct fact *fact = &audited->fact;
    struct code purpose = code_of(CODE_PURPOSE, json_get_text(&fact->body, "purpose"));
    struct json reasons = json_array();
    struct json one = json_object();
    if (text_is(purpose.code, "audit"))
        return;
    if (failed(purpose_check_reference(purpose, json_get(&fact->body, "reference"))))
        reason(odd, "no-reference", &reasons);
    by_name(odd, fact, &reasons);
    by_burst(odd, fact, audited->entry.number, &reasons);
    if (json_count(&reasons) == 0)
        return;
    json_set_integer(arena, &one, "entry", (int64_t)audited->entry.number);
    json_set_text(arena, &one, "at", instant_format(arena, fact->at));
    json_set_text(arena, &one, "user", fact->by.user);
    json_set_text(arena, &one, "unit", fact->by.unit);
    json_take_all(arena, &one, &fact->body, shown, sizeof(shown) / sizeof(shown[0]));
    json_set(arena, &one, "reasons", reasons);
    json_push(arena, &odd->items, one);
}

static bool is_look(const struct audited *audited)
{
    return !audited->is_frame && (audited->fact.kind == FACT_SEARCH ||
                                  audited->fact.kind == FACT_LOOK ||
                                  audited->fact.kind == FACT_EXPORT);
}

/* Reads entries from *next on, at most PAGE; the time of one that is not a look costs nothing. */
static struct err page(struct odd *odd, const struct period *period, uint64_t *next)
{
    struct arena *arena = odd->call->arena;
    for (int i = 0; i < PAGE && *next < period->end; i++, (*next)++) {
        struct audited audited;
        size_t mark = arena->used;
        size_t before = json_count(&odd->items);
        struct journal_entry entry;
        struct err e = store_journal_get(odd->call->world->view, *next, arena, &entry);
        if (!failed(e) && entry.class_ != RETENTION_ACCESS)
            e = err_make(ERR_NOT_FOUND, "clerk.erased"); /* no look: not opened */
        if (!failed(e))
            e = audit_open(odd->call, *next, &audited);
        if (failed(e) && e.code != ERR_NOT_FOUND)
            return e;
        if (!failed(e) && is_look(&audited))
            look(odd, &audited);
        if (json_count(&odd->items) == before)
            arena_rewind(arena, mark);
    }
    return err_none();
}

void route_audit_odd(struct call *call)
{
    struct odd odd = { .call = call, .items = json_array() };
    struct period period;
    struct json answer = json_object();
    if (!audit_period(call, 7, &period))
        return;
    uint64_t next = audit_after(call, period.first);
    struct err e = load_known(&odd);
    if (!failed(e))
        e = page(&odd, &period, &next);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &answer, "items", odd.items);
    audit_next(call, next, &period, &answer);
    audit_answer(call, answer, "odd", TEXT(""));
}
