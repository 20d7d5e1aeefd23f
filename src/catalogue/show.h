/* An edition as JSON, for people and machines: texts as {"en","fr"}, the rest as codes. */
#ifndef COMITY_CATALOGUE_SHOW_H
#define COMITY_CATALOGUE_SHOW_H

#include "catalogue/edition.h"

/* Title, sources, categories (one item a category and group of kinds), periods, statements. */
struct json catalogue_list(const struct edition *edition, struct arena *arena);

/* Every rule of one category. ERR_NOT_FOUND catalogue.no-such-category: the list has no such code;
 * catalogue.not-covered: the edition does not speak of it. */
MUST_USE struct err catalogue_show(const struct edition *edition, struct text category,
                                   struct arena *arena, struct json *out);

#endif
