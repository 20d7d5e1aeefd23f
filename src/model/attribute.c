#include <assert.h>

#include "model/schema.h"

#include "model/attribute_tables.inc"

enum { ATTRIBUTES = sizeof(attributes) / sizeof(attributes[0]) };

size_t attribute_count(void)
{
    return ATTRIBUTES;
}

const struct attribute_row *attribute_row(size_t number)
{
    assert(number < ATTRIBUTES);
    return &attributes[number];
}

const char *attribute_name(size_t number)
{
    return attribute_row(number)->name;
}

int attribute_find(struct text name)
{
    int low = 0;
    int high = ATTRIBUTES;
    while (low < high) {
        int middle = low + (high - low) / 2;
        struct text row = text_literal(attributes[middle].name);
        int order = bytes_compare(text_bytes(name), text_bytes(row));
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return ATTRIBUTE_RAW;
}

enum value_type attribute_type(size_t number)
{
    return attribute_row(number)->type;
}

bool attribute_applies(size_t number, enum record_kind kind)
{
    return kind < RECORD_KIND_RAW && (attribute_row(number)->kinds & (1u << kind)) != 0;
}

bool attribute_matches(struct text attribute, struct text pattern)
{
    int number = attribute_find(attribute);
    if (number < 0 || text_equal(attribute, pattern))
        return true;
    return text_lists(text_literal(attributes[number].groups), ' ', pattern);
}

bool attribute_pattern_known(struct text pattern)
{
    if (attribute_find(pattern) >= 0)
        return true;
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (text_lists(text_literal(attributes[i].groups), ' ', pattern))
            return true;
    }
    return false;
}
