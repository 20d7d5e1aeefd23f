/* One federation in one process from one seed: a virtual clock, a virtual network, and nodes that
 * run the product's clerk, link, ledger, keeper and store over a disk that is a model. */
#ifndef COMITY_TESTS_SIM_WORLD_H
#define COMITY_TESTS_SIM_WORLD_H

#include "clerk/clerk.h"
#include "clerk/exchange/line.h"
#include "dice.h"
#include "queue.h"
#include "seal/keeper.h"
#include "store/memory.h"
#include "truth.h"

enum {
    SIM_ARENA = 96 << 20,
    SIM_KEY_LEN = 24,
    SIM_KEYS_WANTED_MAX = 64,
    SIM_HITS_MAX = 256,
};

struct sim_config {
    uint64_t seed;
    unsigned nodes;
    uint64_t steps; /* commands of users before the faults stop */
    bool trace;
};

/* -- what travels -- */
enum letter_kind { LETTER_HELLO, LETTER_BATCH, LETTER_ANSWER };
struct letter {
    enum letter_kind kind;
    enum letter_kind asked; /* what an answer answers */
    uint8_t from, to;
    bool damaged;  /* one bit was turned on the way */
    uint64_t line; /* number of the connection */
    uint64_t last; /* batch: number of its last frame */
    size_t len;
    uint8_t bytes[];
};

/* -- what a user does; repeated under the same key until it is answered -- */
enum op_kind {
    OP_NONE,
    OP_PUT,
    OP_WITHDRAW,
    OP_ERASE,
    OP_LAW_PUT,
    OP_LAW_SIGN,
    OP_LAW_LEAVE,
    OP_LAW_STOP, /* suspend or dispute, or resume or settle */
    OP_HALT,
    OP_RESUME,
    OP_HIT,
    OP_HIT_ANSWER,
    OP_HIT_OUTCOME,
};
struct op {
    enum op_kind kind;
    unsigned record, law, partner;
    unsigned target; /* stop: the other member, or SIM_MEMBERS_MAX: all */
    unsigned kind_of_stop;
    bool begins;
    int64_t at;
    bool fresh; /* put: the record's first version */
    struct version version;
    char subject[SIM_ID_LEN + 1]; /* hits: the record, or the hit */
    char key[SIM_KEY_LEN];
};

/* A hit whose finder was told that it is reported. */
struct sim_hit {
    char id[SIM_ID_LEN + 1];
    unsigned finder;
};

struct peer {
    struct feed_out out;
    struct line_greeting greeting;
    uint64_t anchors;     /* of ours that they hold */
    uint64_t line;        /* of our present connection */
    uint64_t line_seen;   /* newest of theirs */
    bool introduced;      /* they have taken our cards since our start */
    uint64_t halted_size; /* our feed when the halt was acknowledged */
};

struct node {
    unsigned number;
    bool up;
    bool booted;
    struct store *store;
    struct clerk *clerk;
    struct depot *depot; /* the files of its index */
    struct keeper_state *keeper;
    struct clerk_config config;
    char root_hex[65];
    int64_t clock_off;
    struct op op;
    struct peer peers[SIM_MEMBERS_MAX];
};

/* What the oracle remembers of one copy between two looks. */
struct seen {
    uint64_t frame;
    uint64_t version;
};

struct counters {
    uint64_t events, letters, lost, doubled, commands, frames, kills, crashes, cuts, jumps;
    uint64_t retries, checks, batches, duplicates, damaged, hits;
};

struct world {
    struct sim_config config;
    struct dice dice;
    struct queue queue;
    int64_t now;
    bool calm; /* the faults have stopped */
    uint64_t steps;
    uint64_t lines;
    uint64_t serials;
    uint64_t quiet; /* looks of couriers in a row that found nothing to do */
    bool cut[SIM_MEMBERS_MAX][SIM_MEMBERS_MAX];
    struct node nodes[SIM_MEMBERS_MAX];
    struct truth truth;
    struct sim_hit hits[SIM_HITS_MAX];
    unsigned hit_count;
    struct seen seen[SIM_MEMBERS_MAX][SIM_MEMBERS_MAX][SIM_RECORDS_MAX];
    struct counters counters;
    struct hasher trail; /* of everything that world_say() said: the run's fingerprint */
    struct arena arena;  /* of one event */
};

/* world.c */
void world_say(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An invariant is broken: says which seed, and ends the process with 1. */
_Noreturn void world_fail(struct world *world, const char *invariant, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void world_put(struct world *world, int64_t in_ms, enum event_kind kind, unsigned a, unsigned b);
/* Sends, unless the line is cut or the letter is lost; a batch may come twice. */
void world_send(struct world *world, const struct letter *head, struct bytes bytes);

/* node.c */
struct instant node_now(const struct world *world, const struct node *node);
void node_boot(struct world *world, struct node *node);
void node_start(struct world *world, struct node *node);
void node_kill(struct world *world, struct node *node);
void node_free(struct node *node);
/* One command in one commit. A node whose disk fails in it is down afterwards. */
struct reply node_run(struct world *world, struct node *node, struct command command);
struct caller node_caller(const struct node *node, bool user);
struct err node_ask(void *context, const struct keeper_question *question, struct arena *arena,
                    struct keeper_answer *out); /* context: struct node_line */
struct node_line {
    struct world *world;
    struct node *node;
};

/* client.c */
void client_step(struct world *world, struct node *node);
bool client_idle(const struct world *world);

/* hits.c */
bool hits_pick(struct world *world, const struct node *node, struct op *op);
void hits_body(struct world *world, const struct op *op, struct json *body);
void hits_done(struct world *world, const struct node *node, const struct op *op,
               const struct reply *reply);

/* courier.c */
void courier_step(struct world *world, struct node *node, unsigned partner);
void courier_letter(struct world *world, struct node *node, const struct letter *letter);

/* oracle.c */
void oracle_owner(struct world *world, const struct node *node);
void oracle_copies(struct world *world, const struct node *node);
void oracle_feed(struct world *world, unsigned from, unsigned to);
/* Frames first…last that `from` has just numbered for `to`: nothing leaves without a clause. */
void oracle_numbered(struct world *world, unsigned from, unsigned to, uint64_t first,
                     uint64_t last);
void oracle_halt(struct world *world, unsigned from, unsigned to);
/* Faults have stopped and all is delivered: everybody holds exactly what it is entitled to. */
void oracle_converged(struct world *world);

#endif
