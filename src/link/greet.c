#include "link/hello.h"

static const char *const freezing[] = {
    "link.fork", "link.frozen", "link.receipt-ahead", "link.rolled-back", "link.generation-behind",
};

bool link_rule_freezes(struct text rule)
{
    for (size_t i = 0; i < sizeof freezing / sizeof *freezing; i++)
        if (text_is(rule, freezing[i]))
            return true;
    return false;
}

static bool key_equal(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, BATCH_KEY_LEN) == 0;
}

static struct err identity_check(const struct hello *hello, const struct hello_known *known)
{
    if (hello->version_max < LINK_VERSION_MIN || hello->version_min > LINK_VERSION_MAX)
        return err_make(ERR_DENIED, "link.version");
    if (!text_equal(hello->realm, known->realm))
        return err_make(ERR_DENIED, "link.realm");
    if (!key_equal(hello->to, known->self))
        return err_make(ERR_DENIED, "link.not-for-us");
    if (!known->peer_known)
        return err_make(ERR_DENIED, "link.unknown-root");
    if (!key_equal(hello->root, known->peer))
        return err_make(ERR_DENIED, "link.other-root");
    if (!text_equal(hello->member, known->peer_code))
        return err_make(ERR_DENIED, "link.other-code");
    return err_none();
}

static struct err less(const struct hello_known *known)
{
    return known->answers ? err_make(ERR_CONFLICT, "link.rolled-back")
                          : err_make(ERR_UNAVAILABLE, "link.hello-overtaken");
}

/* Our feed, as they say that they hold it. */
static struct err holds_check(const struct hello *hello, const struct hello_known *known,
                              uint64_t *resume_out)
{
    const struct feed_mark *holds = &hello->holds;
    if (holds->generation < known->generation) {
        *resume_out = 0; /* what they hold ended with the generation before */
        return err_none();
    }
    if (holds->generation > known->generation)
        return err_make(ERR_CONFLICT, "link.rolled-back"); /* it is we who went back */
    if (holds->number > known->numbered)
        return err_make(ERR_CONFLICT, "link.receipt-ahead");
    if (known->root_at_opt == NULL || !hash_equal(&holds->root, known->root_at_opt))
        return err_make(ERR_CONFLICT, "link.fork");
    if (holds->number < known->acked)
        return less(known);
    *resume_out = holds->number;
    return err_none();
}

/* Their feed: have they still numbered at least what we hold? */
static struct err sends_check(const struct hello *hello, const struct hello_known *known,
                              bool *new_generation_out)
{
    if (hello->generation < known->peer_generation)
        return err_make(ERR_CONFLICT, "link.generation-behind");
    *new_generation_out = known->peer_generation > 0 && hello->generation > known->peer_generation;
    if (hello->generation == known->held.generation && hello->sends < known->held.number)
        return less(known);
    return err_none();
}

struct err hello_check(const struct hello *hello, const struct hello_known *known,
                       struct hello_agreed *out)
{
    struct hello_agreed agreed = { .version = 0 };
    struct err e = identity_check(hello, known);
    if (failed(e))
        return e;
    e = sends_check(hello, known, &agreed.new_generation);
    if (failed(e))
        return e;
    e = holds_check(hello, known, &agreed.resume);
    if (failed(e))
        return e;
    agreed.version = hello->version_max < LINK_VERSION_MAX ? hello->version_max : LINK_VERSION_MAX;
    agreed.clock_off_ms = hello->at.ms - known->now.ms;
    agreed.clock_off =
        agreed.clock_off_ms > LINK_CLOCK_OFF_MS_MAX || agreed.clock_off_ms < -LINK_CLOCK_OFF_MS_MAX;
    *out = agreed;
    return err_none();
}
