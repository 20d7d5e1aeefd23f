/* Passenger and crew lists: UN/EDIFACT PAXLST, as airlines send it before arrival (WCO/IATA/ICAO
 * Guidelines on Advance Passenger Information, appendix on PAXLST D.02B to D.12B; syntax ISO 9735).
 *
 * One person is each group that begins with NAD+FL, DDU (passengers), FM or DDT (crew): name, sex
 * (ATT+2), birth (DTM+329), nationality (NAT+2), documents (DOC with LOC+91). What else a message
 * says is passed over. Segments are counted from the one behind the service string advice. */
#ifndef COMITY_IMPORT_PAXLST_H
#define COMITY_IMPORT_PAXLST_H

#include "core/arena.h"
#include "core/time.h"

enum {
    PAXLST_DOCUMENTS_MAX = 8,
    PAXLST_NATIONALITIES_MAX = 4,
    PAXLST_SEGMENT_MAX = 4096, /* bytes */
    PAXLST_PARTS_MAX = 64,     /* components of a segment */
};

/* Of one segment: its components in order, with the number of the element of each. */
struct paxlst_segment {
    struct text tag;
    size_t count;
    struct text parts[PAXLST_PARTS_MAX];
    uint8_t element[PAXLST_PARTS_MAX]; /* 1: the first behind the tag */
    uint8_t place[PAXLST_PARTS_MAX];   /* within the element, from 0 */
};

struct paxlst {
    struct bytes in;
    size_t at;
    uint32_t segment; /* the last that was read, from 1 */
    char component, element, release, end;
    struct date today;   /* which century a year of two digits is in */
    bool message;        /* within a PAXLST */
    uint32_t passengers, crew; /* of the message so far */
    struct paxlst_segment next; /* read ahead: the one that ended the last person */
    bool ahead;
};

struct paxlst_document {
    struct text number;
    struct text country; /* may be empty */
};
struct paxlst_person {
    uint32_t segment; /* of its NAD */
    struct text family, given;
    char sex; /* F, M, or 0 */
    bool has_birth;
    struct date birth;
    struct text nationalities[PAXLST_NATIONALITIES_MAX];
    size_t nationality_count;
    struct paxlst_document documents[PAXLST_DOCUMENTS_MAX];
    size_t document_count;
};

/* It begins like an interchange: UNA or UNB. */
bool paxlst_looks_like(struct bytes in);
struct paxlst paxlst_over(struct bytes in, struct date today);
/* The next person; false at the end. *err_out is of this person alone, or of a segment, whose
 * number is out->segment, and the list goes on: ERR_INVALID paxlst.no-name, paxlst.bad-date,
 * paxlst.count (another number of persons than the message says), paxlst.other-message,
 * paxlst.unfinished (the file ends within a segment), paxlst.bad-text; ERR_LIMIT
 * paxlst.segment-too-long, arena.full. */
bool paxlst_next(struct paxlst *list, struct arena *arena, struct paxlst_person *out,
                 struct err *err_out);

#endif
