#include "flow/release.h"

#include <assert.h>

enum release_state release_state(const struct release *release)
{
    assert(release->needed >= 1 && release->needed <= RELEASE_PERSONS_MAX);
    assert(release->given >= 0 && release->given <= RELEASE_PERSONS_MAX);
    bool heard = release->office.len == 0 || release->office_heard;
    return release->given >= release->needed && heard ? RELEASE_DONE : RELEASE_OPEN;
}

struct err release_give(struct release *release, struct text person, struct text office)
{
    assert(person.len > 0);
    if (release_state(release) == RELEASE_DONE)
        return err_make(ERR_CONFLICT, "release.complete");
    for (int i = 0; i < release->given; i++) {
        if (text_equal(release->persons[i], person))
            return err_make(ERR_CONFLICT, "release.already-said"); /* R1 */
    }
    if (release->needed == 1 && text_equal(release->author, person))
        return err_make(ERR_DENIED, "release.own-record"); /* R2 */
    bool right_office = release->office.len > 0 && text_equal(release->office, office);
    bool last_seat = release->given == RELEASE_PERSONS_MAX - 1;
    if (last_seat && release->office.len > 0 && !release->office_heard && !right_office)
        return err_make(ERR_DENIED, "release.wrong-office"); /* keeps a seat for the office */
    release->persons[release->given++] = person;
    release->office_heard = release->office_heard || right_office;
    return err_none();
}
