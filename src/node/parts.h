/* Inside node/: the parts and what they share. */
#ifndef COMITY_NODE_PARTS_H
#define COMITY_NODE_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "clerk/exchange/logs.h"
#include "node/desk.h"
#include "node/node.h"
#include "shell/config.h"
#include "shell/server.h"

enum {
    NODE_JOB_ARENA = 1 << 20,
    NODE_SEARCH_ARENA = 8 << 20, /* 1,000 hits, 50 of them as cards */
    NODE_IMPORT_ARENA = 48 << 20,
    NODE_SESSIONS_MAX = 1024,
    NODE_BUDGETS_MAX = 1024,
};

struct session {
    uint8_t token[32];
    struct instant until;
    char user[SLUG_MAX + 1];
    bool used;
};

/* What one user has spent; the oldest makes room for a new one. */
struct budget {
    struct instant hour, day; /* when counting began */
    int64_t failures;         /* log-ins of this hour */
    int64_t searches;         /* of this day */
    uint8_t len;
    char user[SLUG_MAX];
};

/* How much of the disk is left (design section 9): imports stop first, then all but searches. */
enum disk_state { DISK_FINE, DISK_LOW, DISK_FULL };

struct worker_job {
    struct worker_job *next;
    void (*work)(struct worker_job *job);
};

/* Waits for news: commits, stop. */
struct bell {
    pthread_mutex_t lock;
    pthread_cond_t rung;
    uint64_t count;
};

/* The threads that attend to the index. */
enum { UPKEEP_LAST_STEPS = 8 };
struct upkeep {
    pthread_t threads[SHELF_TASKS];
    size_t count;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stops;
};

/* The thread that holds what comes in against the searches that stand. */
struct screening {
    struct screen *screen;
    pthread_t thread;
    bool runs;
    _Atomic uint64_t docs; /* done with up to this number */
};

struct courier;

struct signed_head {
    uint64_t size;
    size_t len;
    char note[1024];
};

struct node {
    struct home home;
    struct config config;
    struct arena config_arena;
    void *config_memory;
    int lock_fd;
    struct keeper *keeper;
    struct store *store;
    struct depot *index;
    struct clerk *clerk;
    void *frequency_memory;
    struct index_scoring scoring;
    struct upkeep upkeep;
    struct screening screening;
    struct desk *desk;
    struct server *server;
    int listeners[SERVER_KINDS]; /* index in the server, -1: off */
    char *chain_pem;
    char *key_pem;
    struct json cards;           /* ours, as texts, root's first; in cards_arena */
    struct arena cards_arena;
    void *cards_memory;
    struct bell bell;
    atomic_bool stopping;
    pthread_t scheduler;
    bool scheduler_runs;
    pthread_t worker;
    bool worker_runs;
    bool worker_stops; /* under worker_lock: what is queued is done, then it ends */
    struct worker_job *worker_first, *worker_last;
    pthread_mutex_t worker_lock;
    pthread_cond_t worker_arrived;
    struct session sessions[NODE_SESSIONS_MAX];
    struct budget budgets[NODE_BUDGETS_MAX];
    pthread_mutex_t session_lock; /* sessions and budgets */
    atomic_int disk;              /* enum disk_state */
    struct courier *couriers;
    pthread_mutex_t couriers_lock; /* over the list */
    pthread_mutex_t sign_lock;
    struct signed_head anchors; /* the newest signed head of the anchor log: couriers share it */
};

/* bell.c */
void bell_init(struct bell *bell);
void bell_ring(struct bell *bell);
/* Waits until the count differs from `seen` or `ms` have passed; the count now. */
uint64_t bell_wait(struct bell *bell, uint64_t seen, int64_t ms);

/* worker.c: one thread for what may block (Argon2id, keeper, backup) */
MUST_USE struct err worker_start(struct node *node);
void worker_submit(struct node *node, struct worker_job *job);
void worker_stop(struct node *node);

/* upkeep.c */
MUST_USE struct err upkeep_start(struct node *node);
void upkeep_stop(struct node *node);
/* When the clerk's thread has ended: what stands in memory becomes files. */
void upkeep_finish(struct node *node);

/* screening.c */
MUST_USE struct err screening_start(struct node *node);
/* `stopping` is set, and the bell has been rung. */
void screening_stop(struct node *node);

/* session.c */
/* The caller behind a uid or a bearer token. ERR_DENIED front.who. */
MUST_USE struct err session_caller(struct node *node, struct store_view *view,
                                   const struct server_request *request, struct arena *arena,
                                   struct caller *out);
/* A machine's certificate comes from our own root. */
bool machines_admit(void *context, const struct x509_peer *peer);
void session_open(struct node *node, struct text user, struct arena *arena,
                  struct text *token_out);
void session_close(struct node *node, struct text authorization);
/* The user row as a caller. ERR_DENIED front.who. */
MUST_USE struct err caller_of_user(struct store_view *view, struct text user,
                                   struct arena *arena, struct caller *out);

/* budget.c. ERR_DENIED front.too-many-logins, front.too-many-searches. */
MUST_USE struct err budget_login(struct node *node, struct text user, struct instant now);
void budget_login_failed(struct node *node, struct text user, struct instant now);
/* Takes so many, or none. */
MUST_USE struct err budget_search(struct node *node, struct text user, size_t count,
                                  struct instant now);

/* front.c: users, the local socket, metrics */
void front_handle(void *context, struct exchange *x);
void metrics_handle(void *context, struct exchange *x);
/* front_reply.c */
void front_answer(struct exchange *x, unsigned status, const char *type, struct bytes body);
void front_answer_json(struct exchange *x, unsigned status, const struct json *body,
                       struct arena *arena);
void front_answer_problem(struct exchange *x, struct err e, struct text subject,
                          struct arena *arena);

/* gate.c: partners */
void gate_handle(void *context, struct exchange *x);
bool gate_admit(void *context, const struct x509_peer *peer);

/* courier.c */
/* A courier for each partner that has none yet. */
void couriers_look(struct node *node);
/* What is on its way to the partner is broken off. Any thread. */
void couriers_halt(struct node *node, struct text partner);
void couriers_stop(struct node *node);

/* tls.c */
MUST_USE struct err tls_renew(struct node *node);
/* Path of what to trust of a partner; made when absent. */
MUST_USE struct err tls_partner_file(const struct node *node, struct text code,
                                     const uint8_t root[static 32],
                                     char out[static HOME_PATH_MAX + 64]);

/* duty.c: what a request needs besides commands */
void duty_run(struct node *node, struct api_work *work, struct arena *arena,
              struct json *body_inout);
/* A caller for the node's own commands. */
struct caller node_caller(const struct node *node);
/* Signs the head of one of our logs; the note in the arena. Of the anchors, which all partners
 * get, a newer head than asked for may come. */
MUST_USE struct err node_sign_head(struct node *node, struct store_view *view,
                                   const struct log_head *which, struct arena *arena,
                                   struct text *note_out);

#endif
