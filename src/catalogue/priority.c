#include "catalogue/priority.h"

static bool names(struct text word, struct alert_kind alert)
{
    struct text rest = word;
    struct text first = text_split(&rest, ':');
    if (!text_equal(first, alert.category))
        return false;
    return rest.data == NULL || text_equal(rest, alert.check);
}

/* A word with the check type counts before the category alone. */
int priority_class(const struct priority_table *table, struct alert_kind alert)
{
    int found = CODE_RAW;
    for (size_t i = 0; i < table->class_count; i++) {
        struct text rest = text_literal(table->classes[i].alerts);
        struct text word;
        while (word_next(&rest, &word)) {
            if (!names(word, alert))
                continue;
            if (memchr(word.data, ':', word.len) != NULL)
                return (int)i;
            found = (int)i;
        }
    }
    return found;
}

static const struct priority_table *table_of(const struct edition *edition,
                                             enum record_kind kind)
{
    for (size_t i = 0; kind != RECORD_KIND_RAW && i < edition->table_count; i++) {
        if ((edition->tables[i].kinds >> kind & 1) != 0)
            return &edition->tables[i];
    }
    return NULL;
}

static const char *rule_of(enum entry entry)
{
    switch (entry) {
    case ENTRY_AT_ONCE:
        return "catalogue.entered-at-once";
    case ENTRY_WAITS:
        return "catalogue.waits-behind";
    case ENTRY_CONSULTS:
        return "catalogue.waits-for-consultation";
    case ENTRY_REFUSED:
        return "catalogue.incompatible";
    case ENTRY_FREE:
        break;
    }
    return NULL;
}

struct meeting priority_meet(const struct edition *edition, enum record_kind kind,
                             struct alert_kind newer, struct alert_kind standing)
{
    struct meeting out = { .entry = ENTRY_FREE, .newer = CODE_RAW, .standing = CODE_RAW };
    out.table = table_of(edition, kind);
    if (out.table == NULL)
        return out;
    out.newer = priority_class(out.table, newer);
    out.standing = priority_class(out.table, standing);
    if (out.newer < 0 || out.standing < 0 ||
        (out.table->classes[out.newer].with >> out.standing & 1) != 0)
        return out;
    if ((out.table->at_once >> out.newer & 1) != 0)
        out.entry = ENTRY_AT_ONCE;
    else
        out.entry = out.newer < out.standing ? out.table->higher : out.table->lower;
    out.rule = rule_of(out.entry);
    return out;
}
