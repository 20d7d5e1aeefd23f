/* Configuration: "[section]" and "key = value" lines, "#" comments, in /etc/comity/comity.conf and
 * /etc/comity/conf.d, or the node directory's comity.conf. Every key is one row of config.def,
 * which feeds this parser, `comity config print` and the table in comity.conf(5). */
#ifndef COMITY_SHELL_CONFIG_H
#define COMITY_SHELL_CONFIG_H

#include "core/arena.h"
#include "shell/text.h"

enum config_type {
    CONFIG_INTEGER, /* min..max, in the row's unit */
    CONFIG_BOOLEAN, /* yes, no */
    CONFIG_CHOICE,  /* one of the words in the row's unit, "a|b|c"; number is its index */
    CONFIG_ADDRESS, /* host:port or "off" */
    CONFIG_PATH,    /* absolute, or below the node's directory; may be empty */
    CONFIG_STRING   /* min..max bytes */
};

enum config_key {
#define CONFIG(id, section, name, type, min, max, def, unit, text) CONFIG_##id,
#include "shell/config.def"
#undef CONFIG
    CONFIG_KEYS
};

struct config_row {
    const char *section, *name;
    enum config_type type;
    int64_t min, max;
    const char *def;  /* default, as it would be written */
    const char *unit; /* "seconds", "bytes", or the choices */
    const char *text; /* id of its sentence */
};

enum { CONFIG_FILE_MAX = 64 << 10, CONFIG_LINE_MAX = 1024, CONFIG_FILES_MAX = 64 };

struct config_value {
    int64_t number;
    struct text text;
    const char *file; /* NULL: the default */
    uint32_t line;
};

struct config {
    struct config_value values[CONFIG_KEYS];
};

/* Where an error stands. */
struct config_place {
    const char *file;
    uint32_t line;
    struct text word;    /* the key or value at fault */
    struct text nearest; /* a key that is spelt alike; data NULL: none */
};

const struct config_row *config_row(enum config_key key);

/* All defaults. */
struct config config_default(void);
/* One file's bytes over `config`; a key may stand once a file. Nothing is changed on failure.
 * Errors: ERR_INVALID config.bad-line, config.bad-section, config.unknown-key, config.twice,
 * config.bad-value, config.out-of-range, config.not-utf8, config.line-too-long; `at` is the line.
 */
MUST_USE struct err config_read(struct config *config, const char *file, struct bytes in,
                                struct arena *arena, struct config_place *place_out);
/* dir/comity.conf when `dir_opt` has one, else /etc/comity/comity.conf and conf.d (*.conf by name);
 * a missing file is all defaults. Also file.* errors. */
MUST_USE struct err config_load(const char *dir_opt, struct arena *arena, struct config *out,
                                struct config_place *place_out);

int64_t config_number(const struct config *config, enum config_key key); /* not for texts */
bool config_bool(const struct config *config, enum config_key key);
/* Not NUL-terminated; empty when the address is "off". */
struct text config_string(const struct config *config, enum config_key key);

/* What `comity config print` shows: every key with value, its sentence, and where it came from. */
struct text config_print(const struct config *config, struct arena *arena, enum text_lang lang);
/* The sentence for an error, with file, line and remedy. */
struct text config_explain(struct err e, const struct config_place *place, struct arena *arena,
                           enum text_lang lang);

#endif
