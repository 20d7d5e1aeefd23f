#include "shell/log.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "shell/clock.h"

static struct {
    enum log_level level;
    enum log_format format;
    int fd;
} log_to = { LOG_INFO, LOG_KEY_VALUE, STDERR_FILENO };

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct log_field log_number(const char *key, int64_t value)
{
    return (struct log_field){ .kind = LOG_FIELD_NUMBER, .key = key, .number = value };
}

struct log_field log_name(const char *key, const char *name)
{
    return (struct log_field){ .kind = LOG_FIELD_NAME, .key = key, .name = name };
}

struct log_field log_member(const char *key, struct text code)
{
    return (struct log_field){ .kind = LOG_FIELD_MEMBER, .key = key, .text = code };
}

struct log_field log_id(const char *key, struct text id)
{
    return (struct log_field){ .kind = LOG_FIELD_ID, .key = key, .text = id };
}

struct log_field log_hash(const char *key, const struct hash *hash)
{
    return (struct log_field){ .kind = LOG_FIELD_HASH, .key = key, .hash = *hash };
}

struct log_field log_instant(const char *key, struct instant at)
{
    return (struct log_field){ .kind = LOG_FIELD_INSTANT, .key = key, .number = at.ms };
}

struct log_field log_duration_us(const char *key, int64_t us)
{
    return (struct log_field){ .kind = LOG_FIELD_DURATION, .key = key, .number = us };
}

struct log_field log_rule(struct err e)
{
    return log_name("rule", failed(e) ? e.rule : "none");
}

static bool in_set(struct text in, const char *set)
{
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] == '\0' || !strchr(set, in.data[i]))
            return false;
    }
    return true;
}

static bool is_name(struct text in)
{
    return in.len > 0 && in.len <= 48 && in_set(in, "abcdefghijklmnopqrstuvwxyz0123456789._-");
}

static bool is_member(struct text in)
{
    if (text_starts(in, TEXT("x-")))
        return in.len > 2 && in.len <= 26 && in_set(in, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return in.len >= 2 && in.len <= 3 && in_set(in, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool is_id(struct text in)
{
    if (in.len < 29 || in.data[in.len - 27] != '-')
        return false;
    return is_member(text_slice(in, 0, in.len - 27)) &&
           in_set(text_slice(in, in.len - 26, 26), "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
}

/* "?" for whatever lacks its type's shape: the promise that no free text is logged. */
static struct text shaped(const struct log_field *field)
{
    struct text in = field->text;
    if (field->kind == LOG_FIELD_NAME)
        in = text_literal(field->name ? field->name : "");
    bool good = (field->kind == LOG_FIELD_NAME && is_name(in)) ||
                (field->kind == LOG_FIELD_MEMBER && is_member(in)) ||
                (field->kind == LOG_FIELD_ID && is_id(in));
    return good ? in : TEXT("?");
}

static void print_instant(char out[static INSTANT_LEN + 1], int64_t ms)
{
    uint8_t memory[256];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text text = instant_format(&arena, (struct instant){ ms });
    memcpy(out, text.data, INSTANT_LEN);
    out[INSTANT_LEN] = '\0';
}

static int print_value(char *out, size_t size, const struct log_field *field)
{
    char instant[INSTANT_LEN + 1];
    struct text text;
    switch (field->kind) {
    case LOG_FIELD_NUMBER:
    case LOG_FIELD_DURATION:
        return snprintf(out, size, "%" PRId64, field->number);
    case LOG_FIELD_NAME:
    case LOG_FIELD_MEMBER:
    case LOG_FIELD_ID:
        text = shaped(field);
        return snprintf(out, size, "%.*s", (int)text.len, text.data);
    case LOG_FIELD_HASH:
        return snprintf(out, size, "%02x%02x%02x%02x%02x%02x%02x%02x", field->hash.bytes[0],
                        field->hash.bytes[1], field->hash.bytes[2], field->hash.bytes[3],
                        field->hash.bytes[4], field->hash.bytes[5], field->hash.bytes[6],
                        field->hash.bytes[7]);
    case LOG_FIELD_INSTANT:
        print_instant(instant, field->number);
        return snprintf(out, size, "%s", instant);
    case LOG_FIELD_END:
    default:
        return 0;
    }
}

static bool is_quoted(enum log_kind kind)
{
    return kind != LOG_FIELD_NUMBER && kind != LOG_FIELD_DURATION;
}

static int print_field(char *out, size_t size, enum log_format format,
                       const struct log_field *field)
{
    char value[96] = "";
    print_value(value, sizeof(value), field);
    const char *unit = field->kind == LOG_FIELD_DURATION ? "_us" : "";
    if (format == LOG_KEY_VALUE)
        return snprintf(out, size, " %s%s=%s", field->key, unit, value);
    const char *quote = is_quoted(field->kind) ? "\"" : "";
    return snprintf(out, size, ",\"%s%s\":%s%s%s", field->key, unit, quote, value, quote);
}

size_t log_print(const struct log_line *line, const char *event, const struct log_field *fields,
                 char out[static LOG_LINE_MAX])
{
    enum { TAIL = 3 }; /* "}\n" and NUL */
    char at[INSTANT_LEN + 1];
    print_instant(at, line->now.ms);
    const char *shape =
        line->format == LOG_JSON ? "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"" : "%s %s %s";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int head = snprintf(out, LOG_LINE_MAX - TAIL, shape, at, level_names[line->level], event);
#pragma GCC diagnostic pop
    size_t len = (size_t)head;
    for (const struct log_field *field = fields; field->kind != LOG_FIELD_END; field++) {
        size_t room = LOG_LINE_MAX - TAIL - len;
        int n = print_field(out + len, room, line->format, field);
        if (n < 0 || (size_t)n >= room)
            break; /* a field that does not fit is left out whole */
        len += (size_t)n;
    }
    len += (size_t)snprintf(out + len, TAIL, "%s\n", line->format == LOG_JSON ? "}" : "");
    return len;
}

void log_setup(enum log_level level, enum log_format format, int fd)
{
    log_to.level = level;
    log_to.format = format;
    log_to.fd = fd;
}

void log_event(enum log_level level, const char *event, const struct log_field *fields)
{
    assert(strlen(event) < 64);
    if (level < log_to.level)
        return;
    char out[LOG_LINE_MAX];
    struct log_line line = { log_to.format, level, clock_now() };
    size_t len = log_print(&line, event, fields, out);
    /* A log that cannot be written has nobody to tell. */
    ssize_t done = write(log_to.fd, out, len);
    (void)done;
}

void log_plain(enum log_level level, const char *event)
{
    const struct log_field none = { 0 };
    log_event(level, event, &none);
}
