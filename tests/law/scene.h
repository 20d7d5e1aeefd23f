/* One row of a table made real: agreements with their acts, the record, the question.
 *
 * A life is a list of acts, `;` between them:
 *   2026-01-02 sign by all; 2026-03-01 withdraw by TCD; 2026-04-01 suspend by NGA against TCD;
 *   2026-04-01 dispute by NER clause 3.1; 2026-01-02 object by NGA against CMR opposing
 * `by all`, `by all but A, B` or `by A, B`. Acts are dated at 00:00 UTC, questions
 * asked at 12:00, or at 00:00 where the day says so: "2026-05-01 00:00".
 *
 * Facts, `;` between them: `as hit`, `as request`; `urgent`; `release [OFFICE] by PERSON`;
 * `assurance CODE`; `used CLAUSE N`; `life NAME`; `with LIFE` (of another agreement, in
 * force beside); `rules NAME` (national rules of the sender, of the receiver for `arrives`);
 * `message KIND` (a question instead of a record); `arrives`, `use`, `entry`, `state`;
 * `receives [carrying FIELD, …]`: the receiver's second opinion on a frame that names the clause.
 */
#ifndef COMITY_TESTS_LAW_SCENE_H
#define COMITY_TESTS_LAW_SCENE_H

#include "shorthand.h"
#include "treaty/reference.h"
#include "wording/treaty.h"

enum { SCENE_TREATIES_MAX = 4, SCENE_FACTS_MAX = 8, SCENE_EVENTS_MAX = 256 };

enum scene_verb {
    VERB_DECIDE,
    VERB_MESSAGE,
    VERB_ARRIVES,
    VERB_USE,
    VERB_ENTRY,
    VERB_STATE,
    VERB_RECEIVES
};

struct scene {
    struct treaty treaties[SCENE_TREATIES_MAX];
    struct treaty_status status[SCENE_TREATIES_MAX];
    struct treaty_force force[SCENE_TREATIES_MAX];
    uint32_t treaty_count;
    struct national national;
    bool has_national;
    struct text from, to, purpose, message;
    struct instant as_of;
    enum scene_verb verb;
    enum access_mode mode;
    bool urgent;
    struct treaty_release releases[SCENE_FACTS_MAX];
    uint32_t release_count;
    struct text assurances[SCENE_FACTS_MAX];
    uint32_t assurance_count;
    struct {
        struct text clause;
        uint32_t count;
    } spent[SCENE_FACTS_MAX];
    uint32_t spent_count;
    struct text carried[SCENE_FACTS_MAX]; /* fields present in the frame */
    uint32_t carried_count;
    struct treaty_view view;
    bool has_view;
};

/* catalogue/agreements/NAME.en below COMITY_SOURCE; the text lives in the arena. */
bool scene_read(struct text name, const char *language, struct arena *arena, struct text *out);
bool scene_treaty(struct text name, struct arena *arena, struct treaty *out, struct fault *fault);
bool scene_open(struct table *table, const struct table_case *row, struct arena *arena,
                struct scene *out, struct fault *fault);

#endif
