/* Search: who or what is like this?
 *
 * A *document* is what one record contributes (struct index_doc), under the journal number of the
 * fact that put it. Documents are built into immutable, checksummed *segments* of bytes; a node
 * holds one base segment and some small delta segments, and merges by building anew. What was
 * replaced, withdrawn or erased is named in a set of dead numbers; what the asker may see by the
 * groups of documents: hidden ones never enter a count, a rank or a number (I7).
 *
 * A query is compared with every document that shares an identifier or enough of a name (analysed
 * by script, romanised, folded; docs/search.md). Each hit has an integer score in tenths of a bit
 * of log-odds, a band, and the reasons the score is the sum of. Scores of one INDEX_SCORE_VERSION
 * and one frequency table replay bit for bit and do not depend on how documents lie in segments
 * (X1).
 *
 * Nothing is cut silently (X2): when more documents are strong or possible than the answer may
 * hold, it says "too common" and which fields would narrow it.
 *
 * No function keeps a pointer after it returned, save that answers borrow text from the query and
 * the segments. All memory comes from the arena; on error the arena may have grown, out is as
 * before. */
#ifndef COMITY_INDEX_INDEX_H
#define COMITY_INDEX_INDEX_H

#include "core/arena.h"
#include "core/hash.h"
#include "core/time.h"
#include "index/scoring.h"

enum {
    INDEX_SCORE_VERSION = 5,     /* the newest score: catalogue/score */
    INDEX_FORMAT_VERSION = 3,    /* of segment bytes */
    INDEX_ANALYSIS_VERSION = 5,  /* tables and rules by which tokens and keys are made */
    INDEX_NAMES_MAX = 255,       /* of one document */
    INDEX_NAME_BYTES_MAX = 1024, /* of one name of a query; longer ones of documents are clipped */
    INDEX_TOKENS_MAX = 12,       /* of one name; what follows is not compared, and said so */
    INDEX_NATIONALITIES_MAX = 32,
    INDEX_IDENTIFIERS_MAX = 255,
    INDEX_TEXT_MAX = 4096, /* bytes of any text of a document */
    INDEX_QUERY_IDENTIFIERS_MAX = 16,
    INDEX_KEY_BYTES_MAX = 64, /* of one identifier key */
    INDEX_SEGMENTS_MAX = 64,
    INDEX_HITS_MAX = 1000,
    INDEX_HITS_DEFAULT = 50,
    INDEX_REASONS_MAX = 48,
    INDEX_SECTIONS_MAX = 16,
    INDEX_SOURCE_SCRATCH = 64 << 10 /* bytes that an index_source may take for a document */
};
#define INDEX_DOCS_MAX ((size_t)1 << 31) /* of one segment */

enum index_set_kind { INDEX_CONFIRMED, INDEX_UNCONFIRMED, INDEX_ALIAS, INDEX_MISUSED };

/* One name. Either `full` or the parts; where all are given, `full` is what is shown. Parts not
 * known are empty. Any script; UTF-8. */
struct index_name {
    struct text full;
    struct text family;
    struct text given;
    enum index_set_kind set;
};

/* Quality of a birth date. */
enum index_quality {
    INDEX_BIRTH_UNKNOWN = 0,
    INDEX_BIRTH_EXACT,    /* from = to */
    INDEX_BIRTH_ABOUT,    /* "né vers 1985", an age: in or near the interval */
    INDEX_BIRTH_INTERVAL, /* a month, a year: in the interval */
    INDEX_BIRTH_REGISTRY, /* 1 January or 31 December of a registry: only the year counts */
};

struct index_birth {
    struct date from;
    struct date to;
    enum index_quality quality;
};

enum index_sex { INDEX_SEX_UNKNOWN, INDEX_SEX_FEMALE, INDEX_SEX_MALE, INDEX_SEX_OTHER };

/* `canonical` is the identifier as its parser in model/ writes it, `confusable` the same with
 * look-alike characters folded (empty: index_confusable_key makes it). `cls` is the number of the
 * class. Of a query one may be partial: `?` in `canonical` stands for one character, `*` for any
 * run. */
struct index_identifier {
    uint16_t cls;
    struct text canonical;
    struct text confusable;
    struct text country; /* of issue, ICAO 9303 code; empty: not known */
    bool partial;
};

struct index_doc {
    uint64_t number; /* of the journal; unique over all segments */
    uint16_t kind;   /* row of code list `kind` */
    uint16_t group;  /* the caller's: documents that the same askers may see */
    struct index_birth birth;
    enum index_sex sex;
    const struct index_name *names;
    size_t name_count;
    const struct text *nationalities; /* ICAO 9303 codes */
    size_t nationality_count;
    const struct index_identifier *identifiers;
    size_t identifier_count;
};

/* Where documents come from: `get` fills `out` with document i (0 to count - 1), whose parts live
 * until the next call; what it takes of `scratch` is given back after it. It is asked several times
 * for each, the last times in the order of the segment. */
struct index_source {
    size_t count;
    void *state;
    struct err (*get)(void *state, size_t i, struct arena *scratch, struct index_doc *out);
};

/* Bytes of arena that index_build needs at most for these documents, the segment included. For a
 * few thousand: it analyses every name. */
size_t index_build_room(const struct index_doc *docs, size_t count);
/* The segment, in the arena. The same documents in any order give the same bytes. ERR_INVALID
 * index.doc-number (0 or twice), index.bad-birth; ERR_LIMIT index.doc-too-large,
 * index.segment-too-large, arena.full; `at` is the position in docs. */
MUST_USE struct err index_build(const struct index_doc *docs, size_t count, struct arena *arena,
                                struct bytes *segment_out);
/* The same of any number of documents, which need never stand in memory together. */
MUST_USE struct err index_build_from(const struct index_source *source, struct arena *arena,
                                     struct bytes *segment_out);

struct index_segment { /* opened; private to index/ */
    struct bytes bytes;
    uint32_t doc_count;    /* all */
    uint32_t row_count;    /* the first of them: those with a row */
    uint32_t named_count;  /* the first of them: those with names, by birth */
    uint32_t narrow_count; /* the first of them: those whose birth orders them */
    uint32_t exact_count;  /* the first of these: those born on a known day */
    uint32_t token_count;
    uint32_t key_bits;
    uint32_t key_count;
    uint32_t bucket_count;
    uint64_t at[INDEX_SECTIONS_MAX]; /* where the sections begin */
    uint64_t len[INDEX_SECTIONS_MAX];
};

/* Checks the head: O(1), so that a mapped file of any size answers at once. Whatever the rest
 * holds, no read leaves the bytes. ERR_CORRUPT index.segment-corrupt, ERR_INVALID
 * index.segment-version. `in` must outlive the segment. */
MUST_USE struct err index_open(struct bytes in, struct index_segment *out);

/* Proves the checksums of a segment's sections, some bytes a call, from a zeroed cursor until
 * `done`. ERR_CORRUPT index.segment-corrupt; `at` is the section. */
struct index_proof {
    bool done;
    uint32_t section;
    uint64_t at;
    struct hasher hasher; /* private */
};
MUST_USE struct err index_prove(const struct index_segment *segment, size_t budget,
                                struct index_proof *proof);
/* The document numbered `number`; texts borrow the segment, arrays the arena. ERR_NOT_FOUND
 * index.no-document. */
MUST_USE struct err index_get(const struct index_segment *segment, uint64_t number,
                              struct arena *arena, struct index_doc *out);
/* The numbers of a segment's documents, in no order, one each for i from 0 to its doc_count - 1. */
uint64_t index_number(const struct index_segment *segment, uint32_t i);
/* Document i, as index_get() gives it. */
MUST_USE struct err index_doc_at(const struct index_segment *segment, uint32_t i,
                                 struct arena *arena, struct index_doc *out);
/* The group of document i, or of the one numbered `number` (false: it is not here). */
uint16_t index_group(const struct index_segment *segment, uint32_t i);
bool index_group_find(const struct index_segment *segment, uint64_t number, uint16_t *group_out);

/* A set of document numbers, ascending. */
struct index_set {
    const uint64_t *numbers;
    size_t count;
};
bool index_set_has(const struct index_set *set, uint64_t number);

struct index_filter {
    struct index_set dead;
    const uint64_t *groups_opt; /* only groups whose bit is set are seen; NULL: all */
    size_t group_count;         /* bits of it */
};

/* What lives of several segments as one. ERR_UNAVAILABLE index.stopped when somebody says so while
 * documents are read. */
struct index_stop {
    bool (*asked)(const void *state);
    const void *state;
};
MUST_USE struct err index_merge(const struct index_segment *segments, size_t count,
                                const struct index_set *dead, const struct index_stop *stop_opt,
                                struct arena *arena, struct bytes *segment_out);
/* Bytes of arena that it needs at most. */
size_t index_merge_room(const struct index_segment *segments, size_t count);

/* What is asked. Everything is optional, but a name or an identifier is there. */
struct index_query {
    struct index_name name;
    struct index_birth birth;
    enum index_sex sex;
    const struct text *nationalities;
    size_t nationality_count;
    const struct index_identifier *identifiers;
    size_t identifier_count;
    uint64_t kinds;    /* bit k: documents of kind k (0 to 63) may answer; 0: all */
    uint16_t hits_max; /* 0: INDEX_HITS_DEFAULT */
    struct index_scoring scoring;
};

/* Births as people say them. Every year is 1 to 9998. */
struct index_birth index_birth_exact(struct date day);
struct index_birth index_birth_year(int year);
struct index_birth index_birth_about(int year);              /* one year on both sides */
struct index_birth index_birth_age(int age, struct date on); /* an estimate: two years */

enum index_field {
    INDEX_NAME,
    INDEX_BIRTH,
    INDEX_SEX,
    INDEX_NATIONALITY,
    INDEX_IDENTIFIER,
    INDEX_FIELDS
};
#define INDEX_FIELD_BIT(field) (1u << (field))

enum index_relation { INDEX_AGREE, INDEX_CLOSE, INDEX_CONTRADICT, INDEX_NOT_COMPARED };

/* One line of the explanation. `rule` is an id of catalogue/text ("name.romanised"). */
struct index_reason {
    enum index_field field;
    enum index_relation relation;
    const char *rule;
    struct text ours;   /* the query's spelling as given; may be empty */
    struct text theirs; /* the document's; may be empty */
    int32_t weight;     /* tenths of a bit; the score is their sum */
    uint32_t rarity;    /* of words that agree: one word in so many is as this one; 0: not said */
    bool partial;       /* `ours` is a number of which a part is known, `theirs` fits it */
};

enum index_band { INDEX_NONE, INDEX_WEAK, INDEX_POSSIBLE, INDEX_STRONG };

struct index_hit {
    uint64_t doc;
    uint16_t kind;
    enum index_band band;
    int32_t score;
    struct index_name name; /* the one that matched best; empty: an identifier alone */
    size_t reason_count;
    const struct index_reason *reasons; /* contradictions first */
};

struct index_answer {
    uint32_t score_version;
    const struct index_hit *hits; /* best first; equal scores by number, later first */
    size_t hit_count;
    bool too_common;      /* strong or possible ones are left out: */
    uint32_t narrow;      /* give one of these fields (INDEX_FIELD_BIT), else a fuller name */
    size_t weak_left_out; /* visible weak hits beyond hits_max */
    bool damaged;         /* a document could not be read: a segment wants building anew */
};

/* ERR_INVALID index.query-empty (nothing to look for), index.name-empty (a name without letters),
 * index.bad-birth, index.score-version, index.pattern-empty, index.pattern-short; ERR_LIMIT
 * index.pattern-too-long, index.name-too-long, index.query-too-large,
 * index.too-many-segments, arena.full (index_search_room() bytes always suffice). */
MUST_USE struct err index_search(const struct index_segment *segments, size_t count,
                                 const struct index_filter *filter, const struct index_query *query,
                                 struct arena *arena, struct index_answer *out);
/* Bytes of arena that a search over these segments needs at most. */
size_t index_search_room(const struct index_segment *segments, size_t count,
                         const struct index_query *query);

/* The fast path for cameras and lists: numbers of the documents that hold exactly this identifier
 * (class and canonical key; not the country), at most `max`, in no order. How many were found,
 * those beyond `max` too. No arena, no score: whoever acts on a number searches. */
size_t index_lookup(const struct index_segment *segment, const struct index_identifier *identifier,
                    uint64_t *numbers_out, size_t max);
/* The same for many: one number each, 0 for none; waits for memory once for all. */
enum { INDEX_LOOKUP_BATCH = 32 };
void index_lookup_batch(const struct index_segment *segment,
                        const struct index_identifier identifiers[static INDEX_LOOKUP_BATCH],
                        uint64_t numbers_out[static INDEX_LOOKUP_BATCH]);

/* The same comparison without an index: `query` against one document, band INDEX_NONE included.
 * Errors as index_search. */
MUST_USE struct err index_compare(const struct index_query *query, const struct index_doc *doc,
                                  struct arena *arena, struct index_hit *out);
/* Best of all names of `a` against `b`; of more numbers than a query may have, those first that `b`
 * has too. */
MUST_USE struct err index_compare_docs(const struct index_doc *a, const struct index_doc *b,
                                       const struct index_scoring *scoring, struct arena *arena,
                                       struct index_hit *out);

/* 0 O, 1 I L, 2 Z, 5 S, 8 B and their like folded together; letters upper, only A-Z 0-9 kept. */
struct text index_confusable_key(struct text canonical, struct arena *arena);

#endif
