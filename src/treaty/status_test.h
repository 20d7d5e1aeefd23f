/* Agreements and acts for the tests of status.c. */
#ifndef COMITY_TREATY_STATUS_TEST_H
#define COMITY_TREATY_STATUS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "treaty/status.h"

enum { ARENA_BYTES = 16 << 20 };

static uint8_t memory[ARENA_BYTES];
static struct arena arena; /* of the whole program: trees borrow from it */

static inline struct treaty parse(const char *head)
{
    if (arena.data == NULL)
        arena = arena_over(memory, sizeof(memory));
    struct treaty_errors errors;
    struct treaty treaty;
    struct text text = arena_join(
        &arena, text_literal("agreement a version 1\nparties NGA NER TCD\n"), text_literal(head));
    text = arena_join(&arena, text, text_literal("article 1\n"));
    assert_false(failed(treaty_parse(text, LANGUAGE_EN, &arena, &errors, &treaty)));
    return treaty;
}

static inline struct instant day(int number)
{
    return instant_plus(date_begin((struct date){ 2026, 1, 1 }), number * INSTANT_DAY);
}

static inline struct treaty_event sign(const char *party, int number)
{
    return (struct treaty_event){ .act = ACT_SIGN,
                                  .party = text_literal(party),
                                  .at = day(number) };
}

static inline struct treaty_event withdraw(const char *party, int number)
{
    return (struct treaty_event){ .act = ACT_WITHDRAW,
                                  .party = text_literal(party),
                                  .at = day(number) };
}

static inline struct instant at(const char *date)
{
    struct date day_ = { 0 };
    assert_false(failed(date_parse(text_literal(date), &day_)));
    return date_begin(day_);
}

static inline struct treaty_event act(enum treaty_act act_, const char *party, const char *on)
{
    return (struct treaty_event){ .act = act_, .party = text_literal(party), .at = at(on) };
}

static inline struct treaty_event with(struct treaty_event event, const char *against)
{
    event.against = text_literal(against);
    return event;
}

static inline struct treaty_event to_clause(struct treaty_event event, uint16_t article,
                                            uint16_t clause)
{
    event.article = article;
    event.clause = clause;
    return event;
}

#define SPAN(n, u) ((struct span){ (n), (u) })
#define EVENTS(...)                                                                              \
    (const struct treaty_event[]){ __VA_ARGS__ },                                                \
        sizeof((const struct treaty_event[]){ __VA_ARGS__ }) / sizeof(struct treaty_event)

/* Three parties whose signatures count, in force since the first of January. */
#define ALL_SIGN                                                                                 \
    act(ACT_SIGN, "NGA", "2026-01-01"), act(ACT_SIGN, "NER", "2026-01-01"),                      \
        act(ACT_SIGN, "TCD", "2026-01-01")
enum { NGA, NER, TCD };

static inline void is_at(struct instant found, const char *date)
{
    if (found.ms == INT64_MAX)
        fail_msg("never, not %s", date);
    struct text text = date_format(&arena, date_of_instant(found));
    if (found.ms != at(date).ms)
        fail_msg("%.*s, not %s", (int)text.len, text.data, date);
}

static inline void is_never(struct instant found)
{
    assert_true(found.ms == INT64_MAX);
}

#endif
