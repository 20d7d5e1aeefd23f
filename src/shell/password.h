/* Passwords: Argon2id (RFC 9106) at 19 MiB, 2 passes (OWASP's first choice), one at a time in the
 * process, so that log-ins cost at most 19 MiB. About 20 ms: call it in a worker thread. */
#ifndef COMITY_SHELL_PASSWORD_H
#define COMITY_SHELL_PASSWORD_H

#include "core/bytes.h"

enum { PASSWORD_HASH_LEN = 128, PASSWORD_LEN_MIN = 10, PASSWORD_LEN_MAX = 256 };

/* PHC string, NUL-terminated. ERR_INVALID password.too-short, password.too-long;
 * ERR_UNAVAILABLE password.no-memory. */
MUST_USE struct err password_hash(struct text password, char out[static PASSWORD_HASH_LEN]);
/* ERR_DENIED password.wrong, also for a hash that is none. */
MUST_USE struct err password_check(struct text password, struct text hash);
/* As slow as password_check and always wrong: for a user that does not exist (I7). */
MUST_USE struct err password_check_nobody(struct text password);

#endif
