/* Doubles as ECMAScript writes them (ECMA-262 Number::toString, which RFC 8785 demands) and reads
 * them, exactly, without the C library: its functions depend on a locale (I9). */
#ifndef COMITY_CORE_NUMBER_H
#define COMITY_CORE_NUMBER_H

#include "core/bytes.h"

enum { NUMBER_LEN_MAX = 32 };

/* Length written; `value` is finite (asserted). -0 is written "0". */
size_t number_format(double value, char out[static NUMBER_LEN_MAX]);

/* `in` is a JSON number by grammar (asserted by the caller). Correctly rounded, ties to even.
 * false when it overflows to infinity. At most 1,100 significant digits count; more are handled
 * by a sticky digit. */
bool number_parse(struct text in, double *out);

#endif
