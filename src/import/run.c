#include "import/run.h"

#include <assert.h>
#include <stdlib.h>

#include "core/writer.h"

enum { SEEN_SIZE_FIRST = 4096 };

void run_init(struct import_run *run, const struct import_host *host, struct arena *arena,
              struct import_account *account)
{
    memset(account, 0, sizeof(*account));
    memset(run, 0, sizeof(*run));
    run->host = host;
    run->arena = arena;
    run->account = account;
}

void run_free(struct import_run *run)
{
    free(run->seen);
    run->seen = NULL;
}

/* The place of `bits`, or the free one where it belongs. Ids are hashes or random. */
static size_t seen_place(uint8_t (*seen)[RECORD_ID_BITS], size_t size, const uint8_t *bits)
{
    static const uint8_t free_place[RECORD_ID_BITS] = { 0 };
    uint64_t first = 0;
    memcpy(&first, bits, sizeof(first));
    size_t at = (size_t)first & (size - 1);
    while (memcmp(seen[at], free_place, RECORD_ID_BITS) != 0 &&
           memcmp(seen[at], bits, RECORD_ID_BITS) != 0)
        at = (at + 1) & (size - 1);
    return at;
}

static struct err seen_grow(struct import_run *run)
{
    size_t size = run->seen_size == 0 ? SEEN_SIZE_FIRST : run->seen_size * 2;
    uint8_t(*seen)[RECORD_ID_BITS] = calloc(size, RECORD_ID_BITS);
    if (seen == NULL)
        return err_make(ERR_UNAVAILABLE, "import.no-memory");
    for (size_t i = 0; i < run->seen_size; i++) {
        size_t at = seen_place(seen, size, run->seen[i]);
        memcpy(seen[at], run->seen[i], RECORD_ID_BITS);
    }
    free(run->seen);
    run->seen = seen;
    run->seen_size = size;
    return err_none();
}

static bool seen_has(const struct import_run *run, const uint8_t *bits)
{
    if (run->seen_size == 0)
        return false;
    size_t at = seen_place(run->seen, run->seen_size, bits);
    return memcmp(run->seen[at], bits, RECORD_ID_BITS) == 0;
}

struct err run_mark(struct import_run *run, const struct record_id *id, bool *known_out)
{
    if (run->seen_count * 2 >= run->seen_size) {
        struct err e = seen_grow(run);
        if (failed(e))
            return e;
    }
    *known_out = seen_has(run, id->bits);
    if (*known_out)
        return err_none();
    memcpy(run->seen[seen_place(run->seen, run->seen_size, id->bits)], id->bits, RECORD_ID_BITS);
    run->seen_count++;
    return err_none();
}

struct err run_keep(struct import_run *run, struct text number)
{
    bool twice = false;
    struct record_id id = import_source_id(&run->host->owner, number);
    if (number.len > 0)
        return run_mark(run, &id, &twice);
    run->nameless++;
    return err_none();
}

struct err run_check_file(struct bytes in)
{
    static const char gzip[] = "\x1F\x8B";
    static const char zstd[] = "\x28\xB5\x2F\xFD";
    size_t i = 0;
    if (in.len > IMPORT_BYTES_MAX)
        return err_make(ERR_LIMIT, "import.too-large");
    if (in.len >= 4 && (memcmp(in.data, gzip, 2) == 0 || memcmp(in.data, zstd, 4) == 0))
        return err_make(ERR_INVALID, "import.compressed");
    while (i < in.len && in.data[i] <= ' ') /* white space, Ctrl-Z */
        i++;
    return i == in.len ? err_make(ERR_INVALID, "import.empty") : err_none();
}

void run_refuse(struct import_run *run, uint32_t line, struct text field, const char *rule,
                struct text reference)
{
    struct import_refusal refusal = { line, field, rule, reference };
    run->account->refused++;
    run->account->read++;
    if (run->host->refuse_opt != NULL)
        run->host->refuse_opt(run->host->sink, &refusal);
}

void run_unknown(struct import_run *run, struct text name)
{
    struct import_account *account = run->account;
    size_t i = 0;
    if (name.len >= IMPORT_NAME_MAX)
        name.len = IMPORT_NAME_MAX - 1;
    account->not_understood++;
    while (i < account->unknown_count && !text_is(name, account->unknown[i].name))
        i++;
    if (i == IMPORT_UNKNOWN_MAX)
        return;
    if (i == account->unknown_count) {
        memcpy(account->unknown[i].name, name.data, name.len);
        account->unknown_count++;
    }
    account->unknown[i].count++;
}

void run_progress(struct import_run *run, size_t done, size_t total)
{
    if (run->host->progress_opt != NULL)
        run->host->progress_opt(run->host->sink, done, total);
}

/* First error of the draft, as a refusal. */
static void refuse_draft(struct import_run *run, uint32_t line, struct text reference)
{
    for (size_t i = 0; i < run->findings.count; i++) {
        const struct finding *f = &run->findings.list[i];
        if (f->severity == SEVERITY_ERROR) {
            run_refuse(run, line, f->pointer, f->rule, reference);
            return;
        }
    }
    run_refuse(run, line, TEXT(""), "record.refused", reference);
}

static bool has_warning(const struct import_run *run)
{
    for (size_t i = 0; i < run->findings.count; i++) {
        if (run->findings.list[i].severity == SEVERITY_WARNING)
            return true;
    }
    return false;
}

static bool refuses_entry(struct err e)
{
    return e.code == ERR_INVALID || e.code == ERR_DENIED || e.code == ERR_CONFLICT;
}

/* The checked draft: unchanged, or to the host. */
static struct err hand_over(struct import_run *run, const struct json *draft,
                            const struct record *record, uint32_t line, struct text reference)
{
    struct bytes canonical;
    struct hash held;
    struct err e = json_format(draft, run->arena, &canonical);
    if (failed(e))
        return e;
    struct hash hash = hash_of(canonical);
    bool known =
        run->host->lookup_opt != NULL && run->host->lookup_opt(run->host->sink, &record->id, &held);
    if (known && hash_equal(&held, &hash)) {
        run->account->read++;
        run->account->unchanged++;
        return err_none();
    }
    e = run->host->accept(run->host->sink, draft, line);
    if (failed(e) && !refuses_entry(e))
        return e;
    if (failed(e)) {
        run_refuse(run, line, TEXT(""), e.rule, reference);
        return err_none();
    }
    run->account->read++;
    *(known ? &run->account->changed : &run->account->accepted) += 1;
    return err_none();
}

/* The id counts as seen also when the entry is refused: what is held under it stays. */
static struct err mark_draft(struct import_run *run, const struct json *draft, bool *twice_out)
{
    struct record_id id;
    *twice_out = false;
    if (!failed(record_id_parse(json_get_text(draft, "id"), &id)))
        return run_mark(run, &id, twice_out);
    run->nameless++;
    return err_none();
}

struct err run_entry(struct import_run *run, const struct json *draft, uint32_t line,
                     struct text reference)
{
    struct record record;
    bool twice = false;
    struct err e = mark_draft(run, draft, &twice);
    if (failed(e))
        return e;
    if (twice || run->arena->full) {
        run_refuse(run, line, twice ? TEXT("/id") : TEXT(""),
                   twice ? "import.twice" : "import.entry-too-large", reference);
        run->arena->full = false;
        return err_none();
    }
    findings_init(&run->findings, run->arena);
    e = record_parse(draft, run->arena, &run->findings, &record);
    if (e.code == ERR_LIMIT || e.code == ERR_INVALID) {
        refuse_draft(run, line, reference);
        run->arena->full = false;
        return err_none();
    }
    if (failed(e))
        return e;
    if (!member_code_equal(&record.owner, &run->host->owner)) {
        run_refuse(run, line, TEXT("/owner"), "import.other-owner", reference);
        return err_none();
    }
    uint32_t refused = run->account->refused;
    e = hand_over(run, draft, &record, line, reference);
    run->account->warned += !failed(e) && run->account->refused == refused && has_warning(run);
    return e;
}

static struct err withdraw(struct import_run *run, const struct record_id *id)
{
    struct err e = run->host->withdraw_opt(run->host->sink, id);
    if (!failed(e))
        run->account->withdrawn++;
    return e;
}

/* More than half of what is held, and that is many: another list, or one that was cut short. */
static bool most_gone(const struct import_run *run)
{
    struct record_id id;
    size_t held = 0;
    size_t gone = 0;
    for (size_t at = 0; run->host->next_held_opt(run->host->sink, &at, &id); held++)
        gone += !seen_has(run, id.bits);
    return gone > IMPORT_FEW && gone > held / 2;
}

struct err run_end(struct import_run *run)
{
    struct record_id id;
    struct err e = err_none();
    bool asked = run->host->next_held_opt != NULL && run->host->withdraw_opt != NULL;
    if (!asked || run->nameless > 0)
        return e;
    if (!run->host->withdraw_most && most_gone(run))
        return err_make(ERR_CONFLICT, "import.mostly-gone");
    for (size_t at = 0; !failed(e) && run->host->next_held_opt(run->host->sink, &at, &id);) {
        if (!seen_has(run, id.bits))
            e = withdraw(run, &id);
    }
    return e;
}

struct record_id import_source_id(const struct member_code *source, struct text number)
{
    static const uint8_t zero[1] = { 0 };
    struct record_id id = { .owner = *source };
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text_bytes(TEXT("comity/source-id/v1")));
    hasher_add(&h, BYTES_OF(zero));
    hasher_add(&h, text_bytes(member_code_text(source)));
    hasher_add(&h, BYTES_OF(zero));
    hasher_add(&h, text_bytes(number));
    struct hash hash = hasher_end(&h);
    memcpy(id.bits, hash.bytes, sizeof(id.bits));
    return id;
}

struct json import_account_format(const struct import_account *a, struct arena *arena)
{
    struct json out = json_object();
    struct json unknown = json_object();
    json_set_integer(arena, &out, "read", a->read);
    json_set_integer(arena, &out, "accepted", a->accepted);
    json_set_integer(arena, &out, "changed", a->changed);
    json_set_integer(arena, &out, "unchanged", a->unchanged);
    json_set_integer(arena, &out, "refused", a->refused);
    json_set_integer(arena, &out, "warned", a->warned);
    json_set_integer(arena, &out, "withdrawn", a->withdrawn);
    json_set_integer(arena, &out, "not_understood", a->not_understood);
    if (a->as_of[0] != 0)
        json_set_text(arena, &out, "as_of", arena_copy_text(arena, text_literal(a->as_of)));
    for (size_t i = 0; i < a->unknown_count; i++) {
        struct text name = arena_copy_text(arena, text_literal(a->unknown[i].name));
        json_set_name(arena, &unknown, name, json_integer(a->unknown[i].count));
    }
    json_set(arena, &out, "unknown", unknown);
    return out;
}

struct json *draft_statement(struct arena *arena, struct json *statements, const char *attribute,
                             struct json source, struct json value)
{
    struct json statement = json_object();
    size_t number = json_count(statements) + 1;
    json_set_text(arena, &statement, "id", draft_local_id(arena, 's', number));
    json_set(arena, &statement, "attribute", json_literal(attribute));
    json_set(arena, &statement, "basis", json_literal("fact"));
    json_set(arena, &statement, "source", source);
    json_set(arena, &statement, "value", value);
    json_push(arena, statements, statement);
    return arena->full ? NULL : &statements->items[number - 1];
}

struct text draft_local_id(struct arena *arena, char letter, size_t number)
{
    uint8_t memory[24];
    struct writer w = writer_over(memory, sizeof(memory));
    struct bytes out = { NULL, 0 };
    writer_u8(&w, (uint8_t)letter);
    writer_decimal(&w, (int64_t)number);
    struct err e = writer_end(&w, &out);
    assert(!failed(e));
    return arena_copy_text(arena, (struct text){ (const char *)out.data, out.len });
}

struct json draft_begin(struct arena *arena, const struct record_id *id, struct text unit,
                        const char *kind)
{
    struct json draft = json_object();
    json_set_integer(arena, &draft, "schema", RECORD_SCHEMA);
    json_set_text(arena, &draft, "id", record_id_format(id, arena));
    json_set_text(arena, &draft, "owner", arena_copy_text(arena, member_code_text(&id->owner)));
    json_set_text(arena, &draft, "unit", unit);
    json_set(arena, &draft, "kind", json_literal(kind));
    return draft;
}
