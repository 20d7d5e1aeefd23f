/* A node's directory (mode 0700, one process at a time):
 *   node.json      {"generation","member","realm","root"}: who it is
 *   keeper.state   keys, sealed under the operator's secret (seal/keeper.h)
 *   store/         journal and tables (store/sqlite.h)
 *   index/         segments of the index (clerk/shelf/shelf.h); made again when it is not there
 *   tls/           tls.pem, and partner-<code>.pem: what to trust of each partner
 *   comity.conf    configuration, optional
 *   comity.sock    where the local caller is answered
 *   lock */
#ifndef COMITY_NODE_HOME_H
#define COMITY_NODE_HOME_H

#include "core/arena.h"
#include "model/member.h"

enum { HOME_PATH_MAX = 3000, HOME_REALM_MAX = 32 };

struct home {
    char dir[HOME_PATH_MAX];
    char realm[HOME_REALM_MAX + 1];
    struct member_code member;
    uint8_t root[32];
    uint32_t generation;
};

/* ERR_NOT_FOUND node.no-home: there is no node in `dir`. ERR_CORRUPT node.bad-home; file.*. */
MUST_USE struct err home_read(const char *dir, struct home *out);
MUST_USE struct err home_write(const struct home *home);
/* dir/name, NUL-terminated in `out`. */
void home_path(const struct home *home, const char *name, char out[static HOME_PATH_MAX + 64]);
struct text home_realm(const struct home *home);

#endif
