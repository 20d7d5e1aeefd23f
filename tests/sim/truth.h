/* What is true, as the simulator itself has brought it about: its few agreements, the versions of
 * its few records, who halted whom. Nothing here reads the product's evaluators, stores or rows:
 * the oracle (oracle.h) compares the nodes with this.
 *
 * The agreements are of one small family: parties, categories, a ceiling, one field withheld or
 * not; in force when all parties have signed, for a party until it withdraws. Some are next
 * versions that replace another; parties suspend what is in force, and dispute its clause. */
#ifndef COMITY_TESTS_SIM_TRUTH_H
#define COMITY_TESTS_SIM_TRUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIM_MEMBERS_MAX = 6,
    SIM_LAWS_MAX = 6,
    SIM_LAWS_FIRST = 4, /* the others are next versions of those from 1 on */
    SIM_CATEGORIES = 5,
    SIM_LEVELS = 3, /* unclassified, restricted, confidential */
    SIM_RECORDS_MAX = 24,  /* of one member */
    SIM_VERSIONS_MAX = 48, /* of one record */
    SIM_ID_LEN = 40,
};

extern const char *const sim_categories[SIM_CATEGORIES];
extern const char *const sim_levels[SIM_LEVELS];

/* What a member has stopped: towards one other, or (SIM_MEMBERS_MAX) all. */
enum { SIM_TARGETS = SIM_MEMBERS_MAX + 1, SIM_STOPS_MAX = 24 /* of one member and law */ };
struct sim_stop {
    bool open;
    int64_t at; /* of the last act, by its own clock */
};

struct law {
    uint32_t parties;    /* bit per member */
    uint32_t categories; /* bit per category */
    unsigned ceiling;    /* level */
    bool withholds;      /* the field phone */
    char hash[65];       /* of its tree, as the first node that took it said; "" before */
    bool put[SIM_MEMBERS_MAX];      /* that member's legal desk holds the text */
    bool has_signed[SIM_MEMBERS_MAX];
    bool has_left[SIM_MEMBERS_MAX];
    const struct law *next; /* replaces this one; NULL: nothing does */
    const struct law *old;  /* this one replaces it */
    struct sim_stop stops[2][SIM_MEMBERS_MAX][SIM_TARGETS]; /* suspended, disputed */
    unsigned acts[SIM_MEMBERS_MAX];
    bool stopped; /* once at least */
};

/* One version of a record. `serial` makes its statements. */
struct version {
    uint64_t number;
    unsigned category;
    unsigned level;
    uint32_t only; /* bit per member; 0: everybody entitled */
    uint64_t serial;
    bool phone; /* has that statement */
};

enum record_state { RECORD_NONE, RECORD_LIVE, RECORD_WITHDRAWN, RECORD_ERASED };

struct sim_record {
    char id[SIM_ID_LEN];
    enum record_state state;
    uint64_t number; /* of the last change; a withdrawal counts, too */
    unsigned count;
    struct version versions[SIM_VERSIONS_MAX];
};

struct truth {
    unsigned members;
    struct law laws[SIM_LAWS_MAX];
    struct sim_record records[SIM_MEMBERS_MAX][SIM_RECORDS_MAX];
    unsigned record_count[SIM_MEMBERS_MAX];
    bool halted[SIM_MEMBERS_MAX][SIM_MEMBERS_MAX]; /* by the first, towards the second */
};

/* All parties have signed. */
bool law_signed(const struct law *law);
/* All have signed, neither of the two has left, nothing is stopped between them, and no next
 * version has taken its place. */
bool law_joins(const struct law *law, unsigned a, unsigned b);
/* Does the law, when it joins the two, entitle `to` to this version of a record of `from`? */
bool law_covers(const struct law *law, unsigned from, unsigned to, const struct version *version);
/* What `to` is entitled to now. */
enum truth_view { VIEW_NOTHING, VIEW_WHOLE, VIEW_WITHOUT_PHONE, VIEW_EITHER };
enum truth_view truth_view(const struct truth *truth, unsigned from, unsigned to,
                           const struct sim_record *record);

struct sim_record *truth_find(struct truth *truth, unsigned owner, const char *id, size_t len);

/* The version with that number, or NULL. */
const struct version *record_version(const struct sim_record *record, uint64_t number);
static inline const struct version *record_last(const struct sim_record *record)
{
    return &record->versions[record->count - 1];
}

/* The text of the agreement, keys given as hex; length written. */
size_t law_text(const struct law *law, unsigned number, unsigned members,
                const char keys[][65], char *out, size_t size);
/* The record as JSON text. */
size_t version_text(const struct version *version, unsigned owner, const char *id, char *out,
                    size_t size);
/* AAA, BBB, … */
const char *member_name(unsigned member);

#endif
