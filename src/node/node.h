/* The daemon: keeper process, clerk's thread, fronts, couriers, scheduler, and their wiring. */
#ifndef COMITY_NODE_NODE_H
#define COMITY_NODE_NODE_H

#include "node/home.h"
#include "node/keeping.h"

struct node;

/* What `comity init` makes: directory, keys, empty store, the first unit and its administrator, who
 * is whoever runs it. ERR_CONFLICT node.home-exists. */
struct node_birth {
    const char *dir;
    struct text realm;
    struct text member;
    struct text passphrase;
    struct text unit;
    struct text user;
    struct text name;
    /* a staff of one: the administrator is also officer, supervisor, legal, auditor */
    bool all_roles;
};
MUST_USE struct err node_init(const struct node_birth *birth, struct home *home_out);

struct node_setup {
    const char *dir;
    struct text passphrase;
};
/* What an error of node_start is about: an address that is in use, or file, line and word of a
 * configuration; empty when it is the directory. */
enum { NODE_FAULT_MAX = 512 };
struct node_fault {
    char about[NODE_FAULT_MAX];
};
/* Starts everything or nothing. */
MUST_USE struct err node_start(const struct node_setup *setup, struct node **out,
                               struct node_fault *fault_out);
/* The port of the users' (0) or partners' (1) listener; 0: not listening. */
uint16_t node_port(const struct node *node, int listener);
/* Answers what is open, then closes. */
void node_stop(struct node *node_own);
/* Configuration again, certificates again (SIGHUP). */
MUST_USE struct err node_reload(struct node *node);

#endif
