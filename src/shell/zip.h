/* zstd frames with limits. Nothing is inflated beyond `max`: a bomb costs at most that. */
#ifndef COMITY_SHELL_ZIP_H
#define COMITY_SHELL_ZIP_H

#include "core/arena.h"

enum { ZIP_LEVEL = 3, ZIP_WINDOW_LOG_MAX = 23 };

/* One frame, with content size and checksum. ERR_LIMIT arena.full. */
MUST_USE struct err zip_pack(struct bytes in, struct arena *arena, struct bytes *out);
/* Exactly one frame, no trailing bytes. ERR_LIMIT zip.too-big above `max`; ERR_CORRUPT
 * zip.damaged, zip.truncated, zip.trailing. */
MUST_USE struct err zip_unpack(struct bytes in, size_t max, struct arena *arena, struct bytes *out);

#endif
