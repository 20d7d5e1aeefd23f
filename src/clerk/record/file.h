/* Attachments: a record names them by SHA-256, size and type (model/record.h); their bytes stand in
 * the opening of a fact, ours in blob.put, a partner's in the frame that brought them. So they are
 * encrypted with it (I12), saved with it, and gone with it when their record is erased (I6).
 * TABLE_FILE says which fact holds which bytes of which record; the bytes are never in a row. */
#ifndef COMITY_CLERK_FILE_H
#define COMITY_CLERK_FILE_H

#include "clerk/act.h"

enum {
    FILE_BYTES_MAX = 512 * 1024,           /* photo and thumbnail: model/record.h, less */
    FILES_CARRIED_MAX = 512 * 1024,        /* base64 characters in one frame: link/frame.h */
    FILE_NAME_LEN = 2 * HASH_LEN
};

/* The bytes, as base64. ERR_NOT_FOUND clerk.no-such-file; clerk.erased. */
MUST_USE struct err file_read(const struct clerk *clerk, struct store_view *view,
                              const struct record_key *record, struct text sha256,
                              struct arena *arena, struct text *base64_out);

/* The photos and thumbnails that `view`, what a partner may see of a record, still names, for
 * body.attachments: [{"sha256","data"}]. Those that are not here yet are left out. */
MUST_USE struct err files_carry(struct act *act, const struct record_key *record,
                                const struct json *view, struct json *out);
/* What a partner sent along: each is one that the view names, and is what its hash says.
 * ERR_INVALID clerk.file-differs; ERR_LIMIT clerk.file-too-long. */
MUST_USE struct err files_check(struct act *act, const struct json *frame_body);

/* Rows, for apply_*.c: the files that came with a copy replace those of its last version. */
MUST_USE struct err files_settle(struct act *act, const struct record_key *record,
                                 const struct json *carried_opt, uint64_t number);
MUST_USE struct err files_forget(struct act *act, const struct record_key *record);

#endif
