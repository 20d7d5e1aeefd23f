/* The one error type, by value.
 *
 * `rule` is a string literal: the id of a sentence in catalogue/text (for example
 * "json.duplicate-name"), never input, so any error may be logged and every error has
 * an English and a French sentence with its remedy. `at` is a place in the input that
 * the header of the failing function names (byte offset unless it says otherwise). */
#ifndef COMITY_CORE_ERR_H
#define COMITY_CORE_ERR_H

#include <stdbool.h>
#include <stdint.h>

enum err_code {
    ERR_NONE = 0,
    ERR_INVALID,     /* bad input: field, rule and remedy are known */
    ERR_LIMIT,       /* a stated upper limit was reached */
    ERR_CORRUPT,     /* stored or received bytes are not what was written */
    ERR_DENIED,      /* understood and not permitted */
    ERR_CONFLICT,    /* the state has moved on (version, number, fork) */
    ERR_NOT_FOUND,   /* does not exist, or not for you */
    ERR_UNAVAILABLE, /* try again: busy, down, starting, disk full */
    ERR_IO,          /* the operating system refused */
    ERR_CODES
};

struct err {
    enum err_code code;
    uint32_t at;
    const char *rule;
};

static inline struct err err_none(void)
{
    return (struct err){ ERR_NONE, 0, "" };
}

static inline struct err err_at(enum err_code code, uint32_t at, const char *rule)
{
    return (struct err){ code, at, rule };
}

static inline struct err err_make(enum err_code code, const char *rule)
{
    return (struct err){ code, 0, rule };
}

static inline bool failed(struct err e)
{
    return e.code != ERR_NONE;
}

#define MUST_USE __attribute__((warn_unused_result))

#endif
