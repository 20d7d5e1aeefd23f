/* A photograph inside a message: {"type":"image/png","sha256":"<64 hex>","data":"<base64>"}. Small
 * by rule (an alert's photo is at most 60 KiB), so that it travels over any line. What is not whole
 * or not what it says is refused by the sender and again by the receiver. */
#ifndef COMITY_FLOW_PHOTO_H
#define COMITY_FLOW_PHOTO_H

#include "core/json.h"

enum { PHOTO_BYTES_MAX = 60 * 1024 };

/* ERR_INVALID photo.bad-form (members, base64, bytes that begin as no image does),
 * photo.not-what-it-says (type or hash); ERR_LIMIT photo.too-big, arena.full. */
MUST_USE struct err photo_check(const struct json *photo, struct arena *arena);
/* The bytes of a file as a photograph; its type is read from its first bytes. */
MUST_USE struct err photo_make(struct bytes file, struct arena *arena, struct json *out);

#endif
