/* How near two tokens are. */
#ifndef COMITY_INDEX_TOKEN_H
#define COMITY_INDEX_TOKEN_H

#include "index/analyse.h"

struct likeness {
    int16_t weight;   /* 0: nothing in common */
    bool exact;       /* relation agree, not close */
    const char *rule; /* "name.one-edit" */
};

/* Symmetric. */
struct likeness token_compare(const struct token *a, const struct token *b);
/* `whole` is `first` and `second` written together, each exactly or by the tight fold. */
struct likeness token_compare_split(const struct token *whole, const struct token *first,
                                    const struct token *second);

#endif
