/* The answer to a search, for a person in a hurry: warnings first. */
#ifndef COMITY_CLI_SEARCH_H
#define COMITY_CLI_SEARCH_H

#include "cli/cli.h"

void search_show(struct cli *cli, const struct json *answer);

#endif
