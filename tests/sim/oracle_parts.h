/* What the files of the oracle share. */
#ifndef COMITY_TESTS_SIM_ORACLE_PARTS_H
#define COMITY_TESTS_SIM_ORACLE_PARTS_H

#include "world.h"

bool oracle_member_of(const struct world *world, struct text name, unsigned *out);
struct store_rows oracle_records(struct world *world, const struct node *node);
struct json oracle_row(struct world *world, struct bytes value);
/* Statements and alert are of that version and nothing else is (I2). *phone_out: it
 * has the field that some agreements withhold. */
bool oracle_content_is(const struct json *record, const struct version *version,
                       bool *phone_out);
/* The law that a basis names, or NULL. */
const struct law *oracle_law_of(const struct world *world, const struct json *basis);

/* In a trace: the laws, what the holder made of the owner's frames, what the owner's node says. */
void oracle_explain(struct world *world, unsigned owner, unsigned holder,
                    const struct sim_record *record);

#endif
