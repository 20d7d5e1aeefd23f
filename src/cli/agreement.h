/* What the commands about law share. */
#ifndef COMITY_CLI_AGREEMENT_H
#define COMITY_CLI_AGREEMENT_H

#include "cli/cli.h"

/* A text from a file or "-"; false: said, and *exit_out is the exit code. */
bool agreement_text(struct cli *cli, struct text path, struct text *out, int *exit_out);

/* agreement_survey.c */
cli_command agreement_analyse, agreement_table, agreement_compare;

#endif
