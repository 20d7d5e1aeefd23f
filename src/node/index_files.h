/* The depot of a node: the files of its index, in DIR/index. */
#ifndef COMITY_NODE_INDEX_FILES_H
#define COMITY_NODE_INDEX_FILES_H

#include "store/depot.h"

/* Makes the directory when it is not there. */
MUST_USE struct err index_files_open(const char *dir, struct depot **out);
void index_files_close(struct depot *depot_own_opt);

#endif
