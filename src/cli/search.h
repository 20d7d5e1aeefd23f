/* The answer to a search, for a person in a hurry: warnings first. */
#ifndef COMITY_CLI_SEARCH_H
#define COMITY_CLI_SEARCH_H

#include "cli/cli.h"

void search_show(struct cli *cli, const struct json *answer);
/* Band and score, then the reasons. */
void search_show_verdict(struct cli *cli, const struct json *verdict);
/* `separator`: of the columns of a batch's result; 0: a line of JSON each. */
int search_compare(struct cli *cli, const struct args *args, struct text batch_opt,
                   char separator);
struct search_batch {
    struct text path;
    const struct json *frame; /* purpose and reference */
    char separator;
    uint32_t from; /* lines before it are passed over */
};
int search_batch(struct cli *cli, const struct search_batch *task);

#endif
