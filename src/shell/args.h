/* Options of one command, from a table. "--name VALUE", "--name=VALUE", "-n VALUE", "-nVALUE",
 * flags "--name"; "--" ends options; the rest are words, in order. --help is always known. */
#ifndef COMITY_SHELL_ARGS_H
#define COMITY_SHELL_ARGS_H

#include "core/arena.h"
#include "shell/text.h"

enum args_kind { ARGS_FLAG, ARGS_TEXT, ARGS_NUMBER, ARGS_LIST };
enum { ARGS_OPTIONS_MAX = 32, ARGS_WORDS_MAX = 256, ARGS_LIST_MAX = 64 };

struct args_option {
    enum args_kind kind;
    const char *name;  /* without "--" */
    char letter;       /* 0: none */
    const char *value; /* "FILE", how the value is called; NULL for flags */
    const char *help;  /* text id */
    int64_t min, max;  /* ARGS_NUMBER */
};

struct args_table {
    const char *command; /* "comity record show" */
    const char *usage;   /* text id of the synopsis after the command */
    const char *help;    /* text id of what it does */
    const struct args_option *options;
    size_t count; /* at most ARGS_OPTIONS_MAX (asserted) */
    size_t words_min, words_max;
};

struct args_value {
    bool set;
    int64_t number;
    struct text text;  /* last one given */
    struct text *list; /* ARGS_LIST */
    size_t list_count;
};

struct args {
    struct args_value values[ARGS_OPTIONS_MAX]; /* by the index in the table */
    struct text *words;
    size_t word_count;
    bool help;
    /* On failure: the argument at fault and the nearest name known (data NULL: none is near). */
    struct text fault, nearest;
};

/* argv[0] is the first argument. Errors are usage errors (exit 2): ERR_INVALID
 * args.unknown-option, args.missing-value, args.unwanted-value, args.not-number,
 * args.out-of-range, args.too-few-words, args.too-many-words, args.bad-text; `at` is the index in
 * argv. `args` is written also on failure (fault, nearest). */
MUST_USE struct err args_parse(const struct args_table *table, struct arena *arena, int argc,
                               char *const *argv, struct args *args);
/* The sentence for an error of args_parse, with suggestion. */
struct text args_explain(struct err e, const struct args *args, struct arena *arena,
                         enum text_lang lang);
/* What --help prints. */
struct text args_help(const struct args_table *table, struct arena *arena, enum text_lang lang);
/* Nearest of `names` by edit distance (at most 2 and under half its length), or NULL. */
const char *args_nearest(struct text word, const char *const *names, size_t count);

#endif
