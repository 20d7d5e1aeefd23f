/* What the commands about law share. */
#ifndef COMITY_CLI_AGREEMENT_H
#define COMITY_CLI_AGREEMENT_H

#include "cli/cli.h"
#include "survey/survey.h"
#include "wording/treaty.h"

/* On standard output, without what a terminal would obey. */
void agreement_put_text(struct cli *cli, struct text text);

/* A text from a file or "-"; false: said, and *exit_out is the exit code. */
bool agreement_text(struct cli *cli, struct text path, struct text *out, int *exit_out);

/* file:line:column: sentence [rule], one an error, on stderr. */
void agreement_say_errors(struct cli *cli, struct text path, struct text text,
                          const struct treaty_errors *errors);
/* A tree from a file, from "-", or, where no file has that name, from the node by its hash. */
bool agreement_take(struct cli *cli, struct text word, struct treaty *out, int *exit_out);
/* The day given with --on, or now; false: said. */
bool agreement_day(struct cli *cli, const struct args_value *on, struct instant *out,
                   int *exit_out);
/* Texts that nobody has signed, as if all had (survey.h). A day that was given stays; without one
 * `as_of` becomes the first day on which all are in force, if that is still to come. */
MUST_USE struct err agreement_assume(struct cli *cli, const struct args_value *on,
                                     const struct treaty *treaties, size_t count,
                                     struct instant *as_of, struct survey_law *out);
/* The language given, or the reader's; false: said. */
bool agreement_language(struct cli *cli, const struct args_value *given, enum language *out,
                        int *exit_out);

/* agreement_text.c: no node is needed. */
cli_command agreement_new, agreement_check, agreement_print, agreement_diff, agreement_amend;
/* agreement_act.c */
cli_command agreement_sign, agreement_ratify, agreement_accede, agreement_withdraw;
cli_command agreement_suspend, agreement_resume, agreement_dispute, agreement_settle;
cli_command agreement_reserve, agreement_object, agreement_declare, agreement_status;
/* agreement_preview.c */
cli_command agreement_preview, agreement_simulate;
/* agreement_survey.c */
cli_command agreement_analyse, agreement_table, agreement_compare;

#endif
