/* The table of attribute classes: one axis an attribute that some clause tests, one value a class
 * of its values that no clause tells apart. A point is one value of each axis. */
#ifndef COMITY_SURVEY_SPACE_H
#define COMITY_SURVEY_SPACE_H

#include "survey/survey.h"

enum axis_kind {
    AXIS_RECORD, /* kind */
    AXIS_CATEGORY,
    AXIS_OFFENCE,
    AXIS_SUBJECT,
    AXIS_NATIONALITY,
    AXIS_WARNING,
    AXIS_GRADING,
    AXIS_HANDLING,
    AXIS_ACTION,
    AXIS_UNIT,
    AXIS_LEVEL,
    AXIS_AGE,
    AXIS_DEATH,
    AXIS_PENALTY,
    AXIS_SENTENCE,
    AXIS_THIRD,
    AXIS_NOTE,      /* one axis a code: absent, or there and naming everybody */
    AXIS_ASSURANCE, /* one axis a code */
    AXIS_URGENT,
    AXIS_PURPOSE,
    AXIS_MODE,
    AXIS_KINDS
};

enum { SPACE_AXES_MAX = 64, /* bits of a mask */ SPACE_VALUES_MAX = 512 };

struct axis_value {
    struct text code; /* empty: none, unknown or not */
    uint32_t number;  /* age, months, level, mode; for flags 0 or 1 */
    bool doubt;       /* the value is not known */
};

struct axis {
    enum axis_kind kind;
    struct text name; /* of a note or assurance */
    const struct axis_value *values;
    uint32_t count;
    const uint16_t *class_of_row; /* of AXIS_CATEGORY: the value that stands for each row */
};

struct space {
    struct axis axes[SPACE_AXES_MAX];
    uint32_t count;
    double size; /* product of the counts; no exact number is needed of what is too large */
    /* Members that stand for all: those that the agreements do not tell apart share a class. */
    struct text members[RULESET_MEMBERS_MAX];
    uint16_t class_of[RULESET_MEMBERS_MAX];
    uint32_t member_count, class_count;
    /* Two of each class where there are two: pairs within a class count, too. */
    struct text picked[RULESET_MEMBERS_MAX];
    uint32_t picked_count;
};

struct space_point {
    uint16_t at[SPACE_AXES_MAX];
};

/* The axes that these laws need together. ERR_LIMIT survey.too-many-attributes, arena.full. */
MUST_USE struct err space_make(const struct survey_law *laws, size_t count, struct arena *arena,
                               struct space *out);
/* The class of one of the members (asserted), and all members of a class. */
uint16_t space_class(const struct space *space, struct text member);
struct json space_members(const struct space *space, uint32_t class, struct arena *arena);
/* A record cannot be of this category and this kind, a thing has no age, and so on. */
bool space_possible(const struct space *space, const struct space_point *point);
/* The record and the question of a point; row and members of the question stay unset. The view
 * borrows from the arena. ERR_LIMIT arena.full. */
struct space_case {
    struct treaty_view view;
    struct question question;
};
MUST_USE struct err space_case(const struct space *space, const struct space_point *point,
                               struct instant as_of, struct arena *arena,
                               struct space_case *out);
/* {"kind","category",…}: what a lawyer needs to picture it; only the axes there are. */
struct json space_json(const struct space *space, const struct space_point *point,
                       struct arena *arena);

/* The axes that the clause tests, a bit each. */
uint64_t space_tested(const struct space *space, const struct clause *clause);
/* Moves the point to where the clause would apply, as far as one value an axis can: the first
 * value that each of its tests wants. */
void space_toward(const struct space *space, const struct clause *clause,
                  struct space_point *point);

/* The points to ask, one after the other. Exhaustive where all fit into `max`; else the classes
 * around each base point, one axis at a time, then a fixed sample. */
struct walk {
    const struct space *space;
    struct space_point point;
    const struct space_point *bases; /* where to look first, when not exhaustive */
    uint32_t base_count;
    uint32_t max, asked;
    bool exhaustive, begun;
    uint32_t base, axis, value; /* what moves now */
    uint64_t moving;            /* bit per axis; the others stay where the point began */
    uint64_t chance;
};
struct walk walk_over(const struct space *space, const struct space_point *bases,
                      uint32_t base_count, uint32_t max);
/* All points that differ in what these clauses test: enough to prove what depends on nothing
 * else. */
struct walk walk_near(const struct space *space, const struct clause *const *clauses,
                      uint32_t count, uint32_t max);
/* false: there are no more. Impossible points are passed over. */
bool walk_next(struct walk *walk);

#endif
