/* Walks a document by the tables that tools/gen_schema.py makes from catalogue/schema. Private to
 * model/. */
#ifndef COMITY_MODEL_SCHEMA_H
#define COMITY_MODEL_SCHEMA_H

#include "model/findings.h"
#include "model/record.h"

enum { SCHEMA_VOCABULARY = 1, SCHEMA_DEPTH_MAX = 24 };

/* One step of the way to a value: a member's name, or an index when name.data is NULL. */
struct step {
    struct text name;
    uint32_t index;
};

struct walk {
    struct findings *findings;
    bool newer; /* the document's vocabulary is newer than ours: unknown codes are kept */
    bool view;  /* a partner's view: what only owners see is absent */
    size_t depth;
    struct step steps[SCHEMA_DEPTH_MAX];
};

void walk_enter(struct walk *w, struct text name);
void walk_enter_index(struct walk *w, size_t index);
void walk_leave(struct walk *w);
/* A finding at the place where the walk is; `name_opt` is a member of it. */
void walk_find(struct walk *w, const char *name_opt, const char *rule, enum severity severity);
/* The same as a warning that offers a correction, which may be empty. */
void walk_offer(struct walk *w, const char *name, const char *rule, struct text correction);

/* Checks `in` against the shape "record" and all that it contains. */
void schema_check_record(struct walk *w, const struct json *in);

/* Row of the attribute table. */
struct attribute_row {
    const char *name;
    enum value_type type;
    int shape;
    uint32_t kinds;         /* bit per record_kind */
    const char *groups;     /* words */
    const char *identifier; /* class, or "" */
};
const struct attribute_row *attribute_row(size_t number);

/* A copy of `in` that holds only what the shape knows and partners may see; texts are borrowed. */
struct json schema_copy_shared(const char *shape, const struct json *in, struct arena *arena);

/* false at the end: every path the schema knows, for documents and tests: "alert", "category". */
bool schema_next_field(size_t *at, const char **shape_out, const char **field_out);

#endif
