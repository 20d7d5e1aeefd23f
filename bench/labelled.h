/* Labelled sets that others made, below the folder COMITY_SHARED, and the index over them; for the
 * figures of quality. Errors of memory end the program: a figure is whole or there is none. */
#ifndef COMITY_BENCH_LABELLED_H
#define COMITY_BENCH_LABELLED_H

#include "import/csv.h"
#include "index/index.h"

struct table {
    struct arena arena;
    struct csv_reader reader;
    struct csv_row row;
};
/* The first line is a row as well. False, with a line on stderr, when the set is not there. */
bool table_open(struct table *table, const char *below, char separator);
bool table_next(struct table *table);
/* Field `i` of the row; empty beyond the last. Stands until table_close. */
struct text table_field(const struct table *table, size_t i);
/* Begins at the first line again; takes memory again, so a few times at most. */
void table_again(struct table *table);
void table_close(struct table *table);

/* "1969-07-16", "1969-7-16", "1969"; anything else is unknown. */
struct index_birth labelled_birth(struct text in);

/* Documents in the order in which they were added, numbers from 1. */
struct bench_index {
    struct index_doc *docs;
    struct index_name *names;
    size_t count, room, name_count, name_room;
    struct index_segment segment;
    struct arena arena, scratch;
};
/* The name borrows. Names of one document (`same_as_last`) are added behind each other. */
void bench_index_add(struct bench_index *index, struct text name, struct index_birth birth,
                     bool same_as_last);
void bench_index_add_name(struct bench_index *index, const struct index_name *name,
                          struct index_birth birth, bool same_as_last);
void bench_index_build(struct bench_index *index);
/* The answer stands until the next search. False: refused, or too common (nothing is left out else,
 * so hits stand then, too). */
bool bench_index_search(struct bench_index *index, const struct index_query *query,
                        struct index_answer *out);
enum index_band bench_index_band(const struct index_answer *answer, uint64_t number);
void bench_index_free(struct bench_index *index);

/* Two names, births unknown; `kind` of the document. The reasons stand until the next call. */
struct index_hit labelled_compare(struct text query, struct text name, uint16_t kind);
/* The name reason of a hit that agrees or is close, by weight; NULL: none. */
const struct index_reason *labelled_likeness(const struct index_hit *hit);

/* Right and wrong decisions at every score, to DIR/NAME.tsv: score, precision, recall, F1. */
struct curve {
    struct curve_point {
        int32_t score;
        bool match;
    } * points;
    size_t count, room;
};
void curve_add(struct curve *curve, int32_t score, bool match);
/* Gives the best F1 of all thresholds; empties the curve. */
double curve_write(struct curve *curve, const char *folder, const char *name);

struct outcomes {
    double right, wrong, missed, rejected;
};
void outcomes_add(struct outcomes *o, bool said, bool truth);
double outcomes_f1(const struct outcomes *o);

/* Two-sided probability that so uneven a split of the disagreements is chance (exact McNemar). */
double mcnemar(size_t only_a, size_t only_b);

#endif
