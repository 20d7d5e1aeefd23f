#include "flow/release.h"

#include <assert.h>

int release_missing(const struct release *release)
{
    int missing = 0;
    for (int i = 0; i < release->office_count; i++)
        missing += !release->heard[i];
    return missing;
}

enum release_state release_state(const struct release *release)
{
    assert(release->needed >= 1 && release->needed <= RELEASE_PERSONS_MAX);
    assert(release->given >= 0 && release->given <= RELEASE_PERSONS_MAX);
    assert(release->office_count >= 0 && release->office_count <= RELEASE_OFFICES_MAX);
    bool done = release->given >= release->needed && release_missing(release) == 0;
    return done ? RELEASE_DONE : RELEASE_OPEN;
}

static bool sits_in(const struct seats *seats, struct text office)
{
    for (int i = 0; i < seats->count; i++) {
        if (text_equal(seats->offices[i], office))
            return true;
    }
    return false;
}

struct err release_give(struct release *release, struct text person, const struct seats *seats)
{
    struct release after = *release;
    assert(person.len > 0 && seats->count >= 0 && seats->count <= RELEASE_OFFICES_MAX);
    if (release_state(release) == RELEASE_DONE)
        return err_make(ERR_CONFLICT, "release.complete");
    for (int i = 0; i < release->given; i++) {
        if (text_equal(release->persons[i], person))
            return err_make(ERR_CONFLICT, "release.already-said"); /* R1 */
    }
    if (release->needed == 1 && release->office_count <= 1 && text_equal(release->author, person))
        return err_make(ERR_DENIED, "release.own-record"); /* R2 */
    for (int i = 0; i < after.office_count; i++)
        after.heard[i] = after.heard[i] || sits_in(seats, after.offices[i]); /* R3 */
    int missing = release_missing(&after);
    if (release->given == RELEASE_PERSONS_MAX ||
        (missing == release_missing(release) && RELEASE_PERSONS_MAX - release->given <= missing))
        return err_make(ERR_DENIED, "release.wrong-office");
    after.persons[after.given++] = person;
    *release = after;
    return err_none();
}
