/* What explain.c, path.c and remedy.c share. */
#ifndef COMITY_TREATY_WHY_H
#define COMITY_TREATY_WHY_H

#include "treaty/ruleset.h"
#include "wording/tree_json.h"

/* explain.c */
/* What a rule says about one alert; the order is that of the questions a reader would ask. */
enum step_result rule_result(const struct question *q, uint32_t rule, uint32_t alert);
/* {"agreement","name","version","order","rank","clause","under"?} */
struct json rule_json(const struct ruleset *rules, uint16_t rule, struct arena *arena);

/* path.c: how far a rule's condition has been read; its program is in the order of its tree. */
struct cursor {
    const struct question *question;
    const struct rule *rule;
    uint32_t alert, op;
};
/* Of the beginning of `where`, or of `unless`. */
struct cursor cursor_where(const struct question *q, uint32_t rule, uint32_t alert);
struct cursor cursor_unless(const struct question *q, uint32_t rule, uint32_t alert);
/* The value of the test at the cursor, which goes on behind it. */
enum truth cursor_test(struct cursor *cursor);
/* Goes on behind the condition at the cursor. */
void cursor_skip(struct cursor *cursor, const struct condition *condition);
/* The condition at the cursor with its values. */
struct json path_json(struct cursor *cursor, const struct condition *condition,
                      struct arena *arena);
/* A test of it: {"test","in"?,"number"?,"value"?,"doubt"?,"truth"}. */
struct json test_json(struct cursor *cursor, const struct condition *test, struct arena *arena);

#endif
