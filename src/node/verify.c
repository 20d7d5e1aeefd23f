#include "node/verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clerk/act.h"
#include "clerk/exchange/logs.h"
#include "clerk/law/trust.h"
#include "ledger/proof_file.h"
#include "node/lines.h"
#include "shell/clock.h"
#include "store/backup.h"

#define VERIFY_ARENA ((size_t)32 << 20)
enum { VERIFY_STEP = 256, DAMAGE_SHOWN = 64 };

struct check {
    struct node *node;
    struct store_view *view;
    struct arena *arena;   /* of the report */
    struct arena scratch;
    uint64_t entries, erased, damaged;
    struct json findings;
};

static void finding(struct check *check, const struct journal_entry *entry, const char *rule)
{
    struct json one = json_object();
    if (check->damaged++ >= DAMAGE_SHOWN)
        return;
    json_set_integer(check->arena, &one, "entry", (int64_t)entry->number);
    json_set_integer(check->arena, &one, "log", entry->log);
    json_set_integer(check->arena, &one, "leaf", (int64_t)entry->leaf);
    json_set(check->arena, &one, "rule", json_literal(rule));
    json_push(check->arena, &check->findings, one);
}

/* The opening is what the log committed to, and the leaf is where the log has it. */
static void check_entry(struct check *check, const struct journal_entry *entry)
{
    struct opening_bytes opening;
    struct hash stored;
    struct hash leaf = commit_leaf(&entry->entry);
    struct store_node node = { entry->log, 0, entry->leaf };
    struct err e = journal_open(check->node->clerk, entry, &check->scratch, &opening);
    check->entries++;
    if (e.code == ERR_NOT_FOUND)
        check->erased++;
    else if (failed(e))
        finding(check, entry, e.rule);
    e = store_node_get(check->view, node, &stored);
    if (failed(e))
        finding(check, entry, e.rule);
    else if (!hash_equal(&stored, &leaf))
        finding(check, entry, "clerk.leaf-differs");
}

static struct err check_entries(struct check *check)
{
    uint64_t next = 1;
    for (;;) {
        struct journal_entries entries;
        arena_reset(&check->scratch);
        struct err e = store_journal_read(check->view, next, VERIFY_STEP, &check->scratch,
                                          &entries);
        if (failed(e) || entries.count == 0)
            return e;
        for (size_t i = 0; i < entries.count; i++)
            check_entry(check, &entries.entries[i]);
        next += entries.count;
    }
}

/* A head that the keeper signed is still a head of the log (I5). */
static struct err check_log(struct check *check, struct text name, uint16_t log,
                            struct json *list)
{
    struct keeper_question question = { .kind = KEEPER_LOG_HEAD };
    struct keeper_answer answer;
    struct hash root;
    struct json one = json_object();
    uint64_t size = 0;
    question.origin = log_origin(clerk_config(check->node->clerk), name, check->arena);
    struct err e = store_log_size(check->view, log, &size);
    if (!failed(e))
        e = keeper_ask(check->node->keeper, &question, check->arena, &answer);
    if (failed(e))
        return e;
    e = log_root_at(check->view, log, answer.head.size, &root);
    bool same = !failed(e) && (answer.head.size == 0 || hash_equal(&root, &answer.head.root));
    json_set_text(check->arena, &one, "origin", question.origin);
    json_set_integer(check->arena, &one, "size", (int64_t)size);
    json_set_integer(check->arena, &one, "signed", (int64_t)answer.head.size);
    json_set(check->arena, &one, "holds", json_bool(same));
    json_push(check->arena, list, one);
    if (!same)
        check->damaged++;
    return err_none();
}

static struct err check_logs(struct check *check, struct json *list)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = 256 };
    struct store_rows rows;
    struct err e = check_log(check, TEXT("anchors"), LOG_ANCHORS, list);
    if (!failed(e))
        e = store_scan(check->view, &range, check->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct line line;
        struct bytes key = rows.rows[i].key;
        e = line_open(check->node->clerk, check->view,
                      (struct text){ (const char *)key.data, key.len }, check->arena, &line);
        if (!failed(e))
            e = check_log(check, line.partner, line.log, list);
    }
    return e;
}

struct err node_verify(struct node *node, struct arena *arena, struct json *out)
{
    struct check check = { .node = node, .arena = arena, .findings = json_array() };
    void *memory = malloc(VERIFY_ARENA);
    struct json logs = json_array();
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    check.scratch = arena_over(memory, VERIFY_ARENA);
    struct err e = store_snapshot_open(node->store, &check.view);
    if (!failed(e)) {
        e = check_entries(&check);
        if (!failed(e))
            e = check_logs(&check, &logs);
        store_snapshot_close(check.view);
    }
    free(memory);
    if (failed(e))
        return e;
    *out = json_object();
    json_set_integer(arena, out, "entries", (int64_t)check.entries);
    json_set_integer(arena, out, "erased", (int64_t)check.erased);
    json_set_integer(arena, out, "damaged", (int64_t)check.damaged);
    json_set(arena, out, "findings", check.findings);
    json_set(arena, out, "logs", logs);
    return err_none();
}

/* -- one entry's proof -------------------------------------------------------------------- */

static struct text log_name(const struct node *node, struct store_view *view, uint16_t log,
                            struct arena *arena)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = 256 };
    struct store_rows rows;
    if (log == LOG_INTERNAL || log == LOG_ANCHORS ||
        failed(store_scan(view, &range, arena, &rows)))
        return log == LOG_ANCHORS ? TEXT("anchors") : TEXT("internal");
    for (size_t i = 0; i < rows.count; i++) {
        struct line line;
        struct bytes key = rows.rows[i].key;
        struct text code = { (const char *)key.data, key.len };
        if (!failed(line_open(node->clerk, view, code, arena, &line)) && line.log == log)
            return line.partner;
    }
    return TEXT("internal");
}

/* What a reader needs besides the proof: the verifier key of our log, as our own cards say. */
static struct err verifier(struct node *node, struct text name, struct arena *arena,
                           struct text *out)
{
    struct trust_expect expect = { .realm = home_realm(&node->home), .now = clock_now() };
    struct trust_node self;
    struct note_key key;
    pthread_mutex_lock(&node->sign_lock); /* a renewal replaces them */
    struct json cards = json_copy(arena, &node->cards);
    pthread_mutex_unlock(&node->sign_lock);
    memcpy(expect.root, node->home.root, sizeof(expect.root));
    struct err e = trust_cards(&cards, &expect, arena, &self);
    if (!failed(e))
        e = note_key_make(log_origin(clerk_config(node->clerk), name, arena), self.key, &key);
    if (!failed(e))
        *out = note_key_format(arena, &key);
    return e;
}

struct proved {
    struct text proof;
    struct text vkey;
};

static struct err prove(struct node *node, struct store_view *view, uint64_t number,
                        struct arena *arena, struct proved *out)
{
    struct journal_entry entry;
    struct opening_bytes opening;
    struct proof_file file = { .hollow = false };
    struct text note;
    uint64_t size = 0;
    struct err e = store_journal_get(view, number, arena, &entry);
    if (failed(e))
        return e;
    e = journal_open(node->clerk, &entry, arena, &opening);
    file.hollow = e.code == ERR_NOT_FOUND;
    if (failed(e) && !file.hollow)
        return e;
    if (!file.hollow) {
        memcpy(file.opening.salt, opening.salt, sizeof(file.opening.salt));
        file.opening.content = opening.content;
    }
    file.entry = entry.entry;
    file.index = entry.leaf;
    e = store_log_size(view, entry.log, &size);
    if (!failed(e))
        e = log_inclusion(view, entry.log, entry.leaf, size, &file.proof);
    struct text name = log_name(node, view, entry.log, arena);
    struct log_head which = { entry.log, name, size };
    if (!failed(e))
        e = node_sign_head(node, view, &which, arena, &note);
    if (!failed(e))
        e = verifier(node, name, arena, &out->vkey);
    if (failed(e))
        return e;
    file.checkpoint = text_bytes(note);
    return proof_file_format(&file, arena, &out->proof);
}

struct err node_prove(struct node *node, struct text entry, struct arena *arena, struct json *out)
{
    struct store_view *view = NULL;
    struct proved proved;
    uint64_t number = 0;
    for (size_t i = 0; i < entry.len; i++) {
        if (entry.data[i] < '0' || entry.data[i] > '9' || entry.len > 15)
            return err_make(ERR_INVALID, "api.bad-query");
        number = number * 10 + (uint64_t)(entry.data[i] - '0');
    }
    struct err e = store_snapshot_open(node->store, &view);
    if (failed(e))
        return e;
    e = prove(node, view, number, arena, &proved);
    store_snapshot_close(view);
    if (failed(e))
        return e;
    *out = json_object();
    json_set_text(arena, out, "proof", proved.proof);
    json_set_text(arena, out, "vkey", proved.vkey);
    return arena_check(arena);
}

/* -- backup ------------------------------------------------------------------------------- */

static bool to_file(void *context, struct bytes part)
{
    const int *fd = context;
    size_t done = 0;
    while (done < part.len) {
        ssize_t len = write(*fd, part.data + done, part.len - done);
        if (len <= 0)
            return false;
        done += (size_t)len;
    }
    return true;
}

static bool from_file(void *context, uint8_t *out, size_t size, size_t *len_out)
{
    const int *fd = context;
    ssize_t len = read(*fd, out, size);
    *len_out = len < 0 ? 0 : (size_t)len;
    return len >= 0;
}

struct err node_backup(struct node *node, const struct api_work *work, struct arena *arena,
                       struct json *out)
{
    struct text path = work->path;
    char name[HOME_PATH_MAX];
    struct backup_account account = { .entries = 0 };
    struct backup_head head = { clock_now(), home_realm(&node->home) };
    if (path.len >= sizeof(name) || path.len == 0 || path.data[0] != '/')
        return err_make(ERR_INVALID, "node.backup-path");
    (void)snprintf(name, sizeof(name), "%.*s", (int)path.len, path.data);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_make(ERR_CONFLICT, "node.backup-path");
    struct store_sink sink = { to_file, &fd };
    struct err e = work->erasures ? backup_write_erasures(node->store, &head, sink, &account)
                                  : backup_write(node->store, &head, sink, &account);
    if (!failed(e) && fsync(fd) != 0)
        e = err_make(ERR_IO, "backup.write-failed");
    if (!failed(e) && lseek(fd, 0, SEEK_SET) == 0)
        e = backup_verify((struct backup_source){ from_file, &fd }, arena, &head, &account);
    (void)close(fd);
    if (failed(e)) {
        (void)unlink(name);
        return e;
    }
    *out = json_object();
    json_set_integer(arena, out, "entries", (int64_t)account.entries);
    json_set_integer(arena, out, "erased", (int64_t)account.hollow);
    json_set_integer(arena, out, "blobs", (int64_t)account.blobs);
    json_set_integer(arena, out, "bytes", (int64_t)account.bytes);
    return err_none();
}
