/* Who: members, their units and users.
 *
 * A member is its root key; the code here is the label that an agreement's annex binds to that key:
 * ISO 3166-1 alpha-3 ("NER"), or `x-` and 1 to 30 of a-z 0-9 and single inner hyphens for
 * organisations, territories, joint operations and public sources ("x-un", "x-mnjtf").
 *
 * Units form a tree inside a member and carry the competence; users hold roles and a clearance.
 * Everything borrows from the JSON it was parsed from; arrays live in the arena. */
#ifndef COMITY_MODEL_MEMBER_H
#define COMITY_MODEL_MEMBER_H

#include "core/json.h"
#include "model/code.h"

enum { MEMBER_CODE_MAX = 32, SLUG_MAX = 64, UNIT_TERRITORIES_MAX = 32, USER_LANGUAGES_MAX = 16 };

struct member_code {
    uint8_t len;
    char name[MEMBER_CODE_MAX];
};

/* ERR_INVALID model.bad-member. */
MUST_USE struct err member_code_parse(struct text in, struct member_code *out);
/* View of the code inside *m, which must outlive it. */
struct text member_code_text(const struct member_code *m);
/* Order by bytes: <0, 0, >0. */
int member_code_compare(const struct member_code *a, const struct member_code *b);
bool member_code_equal(const struct member_code *a, const struct member_code *b);
/* `x-…`: no state. */
bool member_code_is_private(const struct member_code *m);

/* Unit and user ids: 1 to 64 of a-z 0-9, and . _ - inside ("seme-krake", "a.officer"). */
bool slug_valid(struct text in);

enum unit_branch {
    UNIT_POLICE,
    UNIT_BORDER,
    UNIT_CUSTOMS,
    UNIT_FIU,
    UNIT_PROSECUTOR,
    UNIT_JOINT,
    UNIT_MILITARY,
    UNIT_BRANCHES
};

/* {"id","parent"?,"name","branch","territory":["NER-1",…],"offences":["ITZ",…],
 *  "purposes":["border-check",…],"ceiling":"restricted"}. An empty list sets no bound, except
 *  purposes: a unit without purposes may ask nothing. */
struct unit {
    struct text id;
    struct text parent; /* empty: the top */
    struct text name;
    enum unit_branch branch;
    const struct text *territories;
    size_t territory_count;
    const struct code *offences;
    size_t offence_count;
    const struct code *purposes;
    size_t purpose_count;
    enum classification ceiling;
};

/* ERR_INVALID model.bad-unit, ERR_LIMIT arena.full; `at` is 0. */
MUST_USE struct err unit_parse(const struct json *in, struct arena *arena, struct unit *out);
/* The unit may ask for this purpose: it is, or lies below, one of its own. */
bool unit_may_ask(const struct unit *unit, struct code purpose);

enum role {
    ROLE_OFFICER,
    ROLE_SUPERVISOR,
    ROLE_LEGAL,
    ROLE_AUDITOR,
    ROLE_ADMINISTRATOR,
    ROLE_MACHINE, /* a client that names the end user it acts for */
    ROLES
};
#define ROLE_BIT(role) (1u << (role))

/* {"id","unit","name","roles":["officer",…],"languages":["fr",…],"clearance":"restricted",
 *  "disabled"?:true}. */
struct user {
    struct text id;
    struct text unit;
    struct text name;
    uint32_t roles; /* ROLE_BIT */
    const struct text *languages;
    size_t language_count;
    enum classification clearance;
    bool disabled;
};

/* ERR_INVALID model.bad-user, ERR_LIMIT arena.full. At least one role. */
MUST_USE struct err user_parse(const struct json *in, struct arena *arena, struct user *out);
const char *role_name(enum role role);

#endif
