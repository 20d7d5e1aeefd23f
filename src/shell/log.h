/* Events to stderr, one line each, key=value or JSON. Fields are typed and none holds free text,
 * so no name of a person can reach a log: what does not have its type's shape is written as "?".
 *
 *     LOG(LOG_INFO, "server.listening", log_number("port", port));
 */
#ifndef COMITY_SHELL_LOG_H
#define COMITY_SHELL_LOG_H

#include "core/hash.h"
#include "core/time.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_KEY_VALUE, LOG_JSON };

enum log_kind {
    LOG_FIELD_END, /* closes the list */
    LOG_FIELD_NUMBER,
    LOG_FIELD_NAME,   /* enum name or rule of ours: [a-z0-9._-], at most 48 */
    LOG_FIELD_MEMBER, /* member code: [A-Z]{2,3} or x-[a-z0-9-]{1,24} */
    LOG_FIELD_ID,     /* record id: member code, "-", 26 characters of base32 */
    LOG_FIELD_HASH,   /* first 8 bytes, hex */
    LOG_FIELD_INSTANT,
    LOG_FIELD_DURATION /* microseconds */
};

struct log_field {
    enum log_kind kind;
    const char *key; /* literal of ours */
    union {
        int64_t number;
        const char *name;
        struct text text;
        struct hash hash;
    };
};

struct log_field log_number(const char *key, int64_t value);
struct log_field log_name(const char *key, const char *name);
struct log_field log_member(const char *key, struct text code);
struct log_field log_id(const char *key, struct text id);
struct log_field log_hash(const char *key, const struct hash *hash);
struct log_field log_instant(const char *key, struct instant at);
struct log_field log_duration_us(const char *key, int64_t us);
/* rule=… ; an error's place as well: at=… */
struct log_field log_rule(struct err e);

/* Lines below `level` are dropped. Default: LOG_INFO, LOG_KEY_VALUE, stderr. Before threads. */
void log_setup(enum log_level level, enum log_format format, int fd);
/* `fields` ends with LOG_FIELD_END. One write(2) a line; thread-safe. */
void log_event(enum log_level level, const char *event, const struct log_field *fields);

/* At least one field; without any: log_plain. */
#define LOG(level, event, ...) \
    log_event((level), (event), (const struct log_field[]){ __VA_ARGS__, { 0 } })

void log_plain(enum log_level level, const char *event);

/* Formats as log_event does, for tests; the length without NUL. */
enum { LOG_LINE_MAX = 1024 };
struct log_line {
    enum log_format format;
    enum log_level level;
    struct instant now;
};
size_t log_print(const struct log_line *line, const char *event, const struct log_field *fields,
                 char out[static LOG_LINE_MAX]);

#endif
