/* Lists in XML, one entry at a time: root, groups, entries. No document type, no entities, no
 * network; depth, text and number of elements are limited. */
#ifndef COMITY_IMPORT_XML_H
#define COMITY_IMPORT_XML_H

#include "core/arena.h"

enum {
    XML_BYTES_MAX = 256 << 20,
    XML_DEPTH_MAX = 8,
    XML_TEXT_MAX = 64 << 10, /* of one element */
    XML_ELEMENTS_MAX = 8192  /* of one entry */
};

/* White space in values is trimmed and runs of it are one space. Attributes are not kept. */
struct xml_element {
    struct text name;
    struct text value;
    uint32_t line;
    struct xml_element *child;
    struct xml_element *next;
};

struct xml_handler {
    const char *root;
    const char *date_attribute; /* of the root: when the list was made */
    void *context;
    void (*date)(void *context, struct text date); /* as it stands; not called if it is absent */
    /* `group` is the name of the element around the entry; `done`: bytes read until here. An error
     * ends the walk and is returned. */
    struct err (*entry)(void *context, struct text group, const struct xml_element *entry,
                        size_t done);
};

/* ERR_INVALID import.xml-*, ERR_LIMIT import.xml-too-*; `at` is the line. The arena is rewound
 * after each entry. */
MUST_USE struct err xml_walk(struct bytes in, const struct xml_handler *handler,
                             struct arena *arena);

/* First child of this name, or NULL; its value, or empty text. */
const struct xml_element *xml_child(const struct xml_element *e, const char *name);
struct text xml_child_text(const struct xml_element *e, const char *name);

#endif
