#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalogue/edition.h"
#include "node/index_files.h"
#include "node/parts.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/log.h"
#include "store/backup.h"
#include "store/sqlite.h"

enum {
    CARDS_ARENA = 64 << 10,
    CONFIG_ARENA = 256 << 10,
    TICK_MS = 1000,
    CHECKPOINT_TICKS = 30,
    STOP_GRACE_MS = 5000,
    TICK_ARENA = 1 << 20,
    FREQUENCY_ARENA = 128 << 20, /* touched as far as the file is long */
};
#define TLS_RENEW_TICKS (24 * 3600) /* daily: a certificate lives seven days */

/* -- scheduler ---------------------------------------------------------------------------- */

static void tick(struct node *node)
{
    void *memory = malloc(TICK_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : TICK_ARENA);
    struct json nothing = json_object();
    bool more = memory != NULL;
    while (more && !atomic_load(&node->stopping)) {
        struct command command = { .verb = VERB_TICK, .by = node_caller(node),
                                   .body = &nothing };
        arena_reset(&arena);
        struct reply reply = desk_one(node->desk, &command, &arena);
        if (failed(reply.err))
            LOG(LOG_ERROR, "scheduler.tick", log_rule(reply.err));
        more = !failed(reply.err) && json_get_bool(&reply.body, "more");
    }
    free(memory);
}

static void look_at_disk(struct node *node)
{
    struct files_space space;
    if (failed(files_space(node->home.dir, &space)))
        return;
    int64_t low = config_number(&node->config, CONFIG_DISK_IMPORTS_FREE) * 10;
    int64_t full = config_number(&node->config, CONFIG_DISK_SEARCHES_FREE) * 10;
    int state = space.free_permille < full  ? DISK_FULL
                : space.free_permille < low ? DISK_LOW
                                            : DISK_FINE;
    if (state != atomic_exchange(&node->disk, state))
        LOG(state == DISK_FINE ? LOG_INFO : LOG_ERROR, "scheduler.disk",
            log_number("free_permille", space.free_permille));
}

/* Moves the log into the database; every half minute leaves nothing behind that was erased (I6).
 * True: a snapshot was in the way of that, and it is still to be done. */
static bool checkpoint(struct node *node, bool truncate)
{
    struct err e = store_checkpoint(node->store, truncate ? STORE_CHECKPOINT_TRUNCATE
                                                          : STORE_CHECKPOINT_PASSIVE);
    if (failed(e) && e.code != ERR_UNAVAILABLE)
        LOG(LOG_ERROR, "scheduler.checkpoint", log_rule(e));
    return truncate && e.code == ERR_UNAVAILABLE;
}

static void renew(struct node *node)
{
    struct err e = tls_renew(node);
    for (int i = 0; !failed(e) && i < SERVER_KINDS; i++) {
        bool tls = i == SERVER_USERS || i == SERVER_MACHINES || i == SERVER_PARTNERS;
        if (tls && node->listeners[i] >= 0)
            e = server_renew(node->server, (size_t)node->listeners[i], node->chain_pem,
                             node->key_pem);
    }
    if (failed(e))
        LOG(LOG_ERROR, "scheduler.certificate", log_rule(e));
}

static void *schedule(void *context)
{
    struct node *node = context;
    uint64_t ticks = 0;
    bool owed = false;
    struct bell *bell = &node->bell;
    while (!atomic_load(&node->stopping)) {
        tick(node);
        couriers_look(node);
        ticks++;
        look_at_disk(node);
        owed = checkpoint(node, owed || ticks % CHECKPOINT_TICKS == 0);
        if (ticks % TLS_RENEW_TICKS == 0)
            renew(node);
        int64_t until = clock_monotonic_ms() + TICK_MS;
        while (!atomic_load(&node->stopping) && clock_monotonic_ms() < until) {
            uint64_t seen = bell_wait(bell, UINT64_MAX, 0);
            (void)bell_wait(bell, seen, until - clock_monotonic_ms());
            couriers_look(node); /* a signature just made partners */
        }
    }
    return NULL;
}

/* -- start -------------------------------------------------------------------------------- */

static void news(void *context)
{
    struct node *node = context;
    bell_ring(&node->bell);
}

static void halted(void *context, struct text partner)
{
    couriers_halt(context, partner);
}

/* What was erased after a backup must not come back with it (I6). */
static struct err check_restored(struct node *node)
{
    enum backup_state state = BACKUP_NONE;
    struct err e = backup_state(store_view(node->store), &state);
    if (failed(e) || state == BACKUP_NONE)
        return e;
    return err_make(ERR_CONFLICT, "node.restore-unfinished");
}

/* The version of the score, and the table of how common names are that the configuration names. */
static struct err open_scoring(struct node *node, struct node_fault *fault)
{
    char path[2 * HOME_PATH_MAX + 64];
    struct text name = node->config.values[CONFIG_SEARCH_FREQUENCY].text;
    struct bytes bytes;
    assert(config_row(CONFIG_SEARCH_SCORE_VERSION)->max == INDEX_SCORE_VERSION);
    node->scoring.version = (uint32_t)config_number(&node->config, CONFIG_SEARCH_SCORE_VERSION);
    if (name.len == 0)
        return err_none();
    int len = snprintf(path, sizeof(path), "%s%s%.*s", name.data[0] == '/' ? "" : node->home.dir,
                       name.data[0] == '/' ? "" : "/", (int)name.len, name.data);
    if (len < 0 || (size_t)len >= sizeof(path))
        return err_make(ERR_LIMIT, "index.bad-frequency");
    (void)snprintf(fault->about, sizeof(fault->about), "%.*s", NODE_FAULT_MAX - 1, path);
    node->frequency_memory = malloc(FREQUENCY_ARENA);
    if (node->frequency_memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct arena arena = arena_over(node->frequency_memory, FREQUENCY_ARENA);
    struct err e = files_read(path, FREQUENCY_ARENA / 2, &arena, &bytes);
    if (!failed(e))
        e = index_frequency_open(bytes, &node->scoring.frequency);
    if (!failed(e))
        fault->about[0] = 0;
    return e;
}

static struct err open_parts(struct node *node, struct text secret)
{
    char path[HOME_PATH_MAX + 64];
    struct store_sqlite_options options = { .create = false };
    struct clerk_config config = { .realm = home_realm(&node->home),
                                   .member = member_code_text(&node->home.member),
                                   .generation = node->home.generation };
    int64_t ceiling = config_number(&node->config, CONFIG_NODE_MAX_CLASSIFICATION);
    config.ceiling = (enum classification)ceiling; /* the choices stand in the list's order */
    config.edition_opt = edition_find(node->config.values[CONFIG_CATALOGUE_EDITION].text);
    assert(config.edition_opt != NULL); /* the choices are the editions */
    memcpy(config.root_key, node->home.root, sizeof(config.root_key));
    struct err e = keeping_start(&node->home, secret, &node->keeper); /* before threads */
    home_path(&node->home, "store", path);
    if (!failed(e))
        e = store_sqlite_open(text_literal(path), &options, &node->store);
    if (!failed(e))
        e = check_restored(node);
    home_path(&node->home, "index", path);
    if (!failed(e))
        e = index_files_open(path, &node->index);
    config.depot_opt = node->index;
    if (!failed(e))
        e = clerk_open(&config, node->store, &node->clerk);
    if (!failed(e)) {
        struct desk_setup setup = { .clerk = node->clerk, .keeper = node->keeper, .news = news,
                                    .halted = halted, .context = node };
        e = desk_start(&setup, &node->desk);
    }
    return failed(e) ? e : tls_renew(node);
}

struct listeners {
    struct server_listener list[SERVER_KINDS];
    char addresses[SERVER_KINDS][128];
    char socket[HOME_PATH_MAX + 64];
    size_t count;
};

static void add_listener(struct node *node, struct listeners *all, enum server_kind kind,
                         enum config_key key)
{
    struct text address = config_string(&node->config, key);
    struct server_listener *one = &all->list[all->count];
    if (address.len == 0 || address.len >= sizeof(all->addresses[kind]))
        return;
    (void)snprintf(all->addresses[kind], sizeof(all->addresses[kind]), "%.*s", (int)address.len,
                   address.data);
    *one = (struct server_listener){ .kind = kind,
                                     .address = all->addresses[kind],
                                     .cert_pem = node->chain_pem,
                                     .key_pem = node->key_pem,
                                     .context = node,
                                     .handle = front_handle };
    if (kind == SERVER_PARTNERS) {
        one->handle = gate_handle;
        one->admit = gate_admit;
    }
    if (kind == SERVER_MACHINES)
        one->admit = machines_admit;
    if (kind == SERVER_METRICS) {
        one->handle = metrics_handle;
        one->cert_pem = NULL;
        one->key_pem = NULL;
    }
    if (kind == SERVER_USERS)
        one->threads = (unsigned)config_number(&node->config, CONFIG_USERS_THREADS);
    node->listeners[kind] = (int)all->count++;
}

static struct err listen_all(struct node *node, struct node_fault *fault)
{
    struct listeners *all = calloc(1, sizeof(*all));
    if (all == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    for (int i = 0; i < SERVER_KINDS; i++)
        node->listeners[i] = -1;
    home_path(&node->home, "comity.sock", all->socket);
    all->list[all->count] = (struct server_listener){ .kind = SERVER_LOCAL,
                                                      .path = all->socket,
                                                      .context = node,
                                                      .handle = front_handle };
    node->listeners[SERVER_LOCAL] = (int)all->count++;
    add_listener(node, all, SERVER_USERS, CONFIG_USERS_LISTEN);
    add_listener(node, all, SERVER_MACHINES, CONFIG_MACHINES_LISTEN);
    add_listener(node, all, SERVER_PARTNERS, CONFIG_PARTNERS_LISTEN);
    add_listener(node, all, SERVER_METRICS, CONFIG_METRICS_LISTEN);
    struct err e = server_start(all->list, all->count, &node->server);
    if (failed(e) && e.at < all->count && all->list[e.at].address != NULL)
        (void)snprintf(fault->about, sizeof(fault->about), "%s", all->list[e.at].address);
    free(all);
    return e;
}

static struct err start_threads(struct node *node)
{
    struct err e = worker_start(node);
    if (!failed(e))
        e = upkeep_start(node);
    if (!failed(e))
        e = screening_start(node);
    if (!failed(e) && pthread_create(&node->scheduler, NULL, schedule, node) != 0)
        e = err_make(ERR_UNAVAILABLE, "node.no-thread");
    node->scheduler_runs = !failed(e);
    return e;
}

static struct err prepare(struct node *node, const struct node_setup *setup,
                          struct node_fault *fault)
{
    char path[HOME_PATH_MAX + 64];
    struct config_place place = { .file = NULL };
    struct err e = home_read(setup->dir, &node->home);
    if (failed(e))
        return e;
    home_path(&node->home, "lock", path);
    e = files_lock(path, &node->lock_fd);
    if (failed(e))
        return e;
    node->config_memory = malloc(CONFIG_ARENA);
    node->cards_memory = malloc(CARDS_ARENA);
    if (node->config_memory == NULL || node->cards_memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    node->config_arena = arena_over(node->config_memory, CONFIG_ARENA);
    node->cards_arena = arena_over(node->cards_memory, CARDS_ARENA);
    e = config_load(setup->dir, &node->config_arena, &node->config, &place);
    if (failed(e) && place.file != NULL)
        (void)snprintf(fault->about, sizeof(fault->about), "%s:%u %.*s", place.file, place.line,
                       (int)place.word.len, place.word.data);
    return e;
}

struct err node_start(const struct node_setup *setup, struct node **out,
                      struct node_fault *fault_out)
{
    fault_out->about[0] = 0;
    struct node *node = calloc(1, sizeof(*node));
    if (node == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    node->lock_fd = -1;
    bell_init(&node->bell);
    pthread_mutex_init(&node->session_lock, NULL);
    pthread_mutex_init(&node->sign_lock, NULL);
    pthread_mutex_init(&node->couriers_lock, NULL);
    struct err e = prepare(node, setup, fault_out);
    if (!failed(e))
        e = open_scoring(node, fault_out);
    if (!failed(e))
        e = open_parts(node, setup->passphrase);
    if (!failed(e))
        e = start_threads(node);
    if (!failed(e))
        e = listen_all(node, fault_out);
    if (failed(e)) {
        node_stop(node);
        return e;
    }
    LOG(LOG_INFO, "node.started", log_member("member", member_code_text(&node->home.member)),
        log_number("users", node_port(node, 0)), log_number("partners", node_port(node, 1)));
    *out = node;
    return err_none();
}

uint16_t node_port(const struct node *node, int listener)
{
    int at = node->listeners[listener == 0 ? SERVER_USERS : SERVER_PARTNERS];
    return at < 0 || node->server == NULL ? 0 : server_port(node->server, (size_t)at);
}

struct err node_reload(struct node *node)
{
    renew(node);
    log_plain(LOG_INFO, "node.reloaded");
    return err_none();
}

/* In the order in which work flows: couriers home, nothing new from outside, what the worker and
 * then the clerk still hold is finished, the store closes. */
void node_stop(struct node *node_own)
{
    atomic_store(&node_own->stopping, true);
    bell_ring(&node_own->bell);
    if (node_own->scheduler_runs)
        pthread_join(node_own->scheduler, NULL);
    couriers_stop(node_own);
    if (node_own->server != NULL)
        server_stop(node_own->server, STOP_GRACE_MS);
    worker_stop(node_own); /* it answers what the server waits for */
    screening_stop(node_own);
    bool whole = node_own->upkeep.count > 0;
    upkeep_stop(node_own);
    if (node_own->desk != NULL)
        desk_stop(node_own->desk);
    if (whole)
        upkeep_finish(node_own);
    clerk_close(node_own->clerk);
    index_files_close(node_own->index);
    store_close(node_own->store);
    keeper_stop(node_own->keeper);
    if (node_own->lock_fd >= 0)
        files_unlock(node_own->lock_fd);
    free(node_own->chain_pem);
    free(node_own->key_pem);
    free(node_own->config_memory);
    free(node_own->cards_memory);
    free(node_own->frequency_memory);
    free(node_own);
    log_plain(LOG_INFO, "node.stopped");
}
