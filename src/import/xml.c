#include "import/xml.h"

#include <libxml/xmlreader.h>

struct walk {
    xmlTextReaderPtr reader;
    const struct xml_handler *handler;
    struct arena *arena;
    size_t mark; /* the arena before the entry */
    struct xml_element *open[XML_DEPTH_MAX + 1];
    struct xml_element *last[XML_DEPTH_MAX + 1]; /* last child of open[i] */
    struct text group;
    size_t elements;
    struct err err;
    struct err parser; /* what libxml2 reported first */
};

enum { DEPTH_GROUP = 1, DEPTH_ENTRY = 2 };

static void note_error(void *context, xmlErrorPtr error)
{
    struct walk *w = context;
    if (failed(w->parser) || error->level < XML_ERR_ERROR)
        return;
    bool encoding = error->code == XML_ERR_INVALID_ENCODING ||
                    error->code == XML_ERR_UNSUPPORTED_ENCODING ||
                    error->code == XML_ERR_UNKNOWN_ENCODING ||
                    error->code == XML_ERR_INVALID_CHAR || error->code == XML_I18N_CONV_FAILED;
    uint32_t line = error->line > 0 ? (uint32_t)error->line : 0;
    w->parser = err_at(ERR_INVALID, line, encoding ? "import.xml-encoding" : "import.xml-broken");
}

static uint32_t line_of(const struct walk *w)
{
    long line = xmlGetLineNo(xmlTextReaderCurrentNode(w->reader));
    return line > 0 ? (uint32_t)line : 0;
}

static void fail(struct walk *w, enum err_code code, const char *rule)
{
    if (!failed(w->err))
        w->err = err_at(code, line_of(w), rule);
}

static struct text borrowed(const xmlChar *t)
{
    return t == NULL ? TEXT("") : text_literal((const char *)t);
}

/* Length of the white space at `i`: ASCII, or a no-break space. */
static size_t space_at(struct text t, size_t i)
{
    unsigned char c = (unsigned char)t.data[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return 1;
    return c == 0xC2 && i + 1 < t.len && (unsigned char)t.data[i + 1] == 0xA0 ? 2 : 0;
}

static struct text collapse(struct arena *arena, struct text t)
{
    char *out = arena_take(arena, t.len);
    size_t len = 0;
    bool gap = false;
    if (out == NULL)
        return TEXT("");
    for (size_t i = 0; i < t.len;) {
        size_t space = space_at(t, i);
        if (space > 0) {
            gap = len > 0;
            i += space;
            continue;
        }
        if (gap)
            out[len++] = ' ';
        gap = false;
        out[len++] = t.data[i++];
    }
    return (struct text){ out, len };
}

static struct xml_element *element_new(struct walk *w)
{
    struct xml_element *e = ARENA_NEW(w->arena, struct xml_element);
    if (e == NULL || ++w->elements > XML_ELEMENTS_MAX) {
        fail(w, ERR_LIMIT, "import.xml-too-many");
        return NULL;
    }
    e->name = arena_copy_text(w->arena, borrowed(xmlTextReaderConstName(w->reader)));
    e->value = TEXT("");
    e->line = line_of(w);
    return e;
}

static void entry_end(struct walk *w, struct xml_element *entry)
{
    long done = xmlTextReaderByteConsumed(w->reader);
    if (!failed(w->err))
        w->err =
            w->handler->entry(w->handler->context, w->group, entry, done < 0 ? 0 : (size_t)done);
    arena_rewind(w->arena, w->mark);
    w->elements = 0;
}

static void on_root(struct walk *w, struct text name)
{
    if (!text_is(name, w->handler->root)) {
        fail(w, ERR_INVALID, "import.other-list");
        return;
    }
    xmlChar *date =
        xmlTextReaderGetAttribute(w->reader, (const xmlChar *)w->handler->date_attribute);
    if (date != NULL)
        w->handler->date(w->handler->context, borrowed(date));
    xmlFree(date);
}

static void on_begin(struct walk *w, int depth)
{
    struct text name = borrowed(xmlTextReaderConstName(w->reader));
    bool empty = xmlTextReaderIsEmptyElement(w->reader) == 1;
    if (depth > XML_DEPTH_MAX) {
        fail(w, ERR_LIMIT, "import.xml-too-deep");
        return;
    }
    if (depth == 0)
        on_root(w, name);
    if (depth == DEPTH_GROUP) {
        arena_rewind(w->arena, w->mark);
        w->group = arena_copy_text(w->arena, name);
    }
    if (depth < DEPTH_ENTRY)
        return;
    if (depth == DEPTH_ENTRY)
        w->mark = w->arena->used;
    struct xml_element *e = element_new(w);
    w->open[depth] = e;
    w->last[depth] = NULL;
    if (e == NULL)
        return;
    if (depth > DEPTH_ENTRY) {
        struct xml_element *parent = w->open[depth - 1];
        struct xml_element **place =
            w->last[depth - 1] == NULL ? &parent->child : &w->last[depth - 1]->next;
        *place = e;
        w->last[depth - 1] = e;
    } else if (empty) {
        entry_end(w, e);
    }
}

static void on_text(struct walk *w, int depth)
{
    struct text text = borrowed(xmlTextReaderConstValue(w->reader));
    if (depth <= DEPTH_ENTRY)
        return; /* between entries: nothing that a list says */
    struct xml_element *e = w->open[depth - 1];
    if (e->value.len + text.len > XML_TEXT_MAX) {
        fail(w, ERR_LIMIT, "import.xml-too-long");
        return;
    }
    e->value = arena_join(w->arena, e->value, text);
    if (w->arena->full)
        fail(w, ERR_LIMIT, "import.xml-too-many");
}

static void on_end(struct walk *w, int depth)
{
    if (depth < DEPTH_ENTRY)
        return;
    w->open[depth]->value = collapse(w->arena, w->open[depth]->value);
    if (depth == DEPTH_ENTRY)
        entry_end(w, w->open[depth]);
}

static void on_node(struct walk *w)
{
    int depth = xmlTextReaderDepth(w->reader);
    switch (xmlTextReaderNodeType(w->reader)) {
    case XML_READER_TYPE_ELEMENT:
        on_begin(w, depth);
        break;
    case XML_READER_TYPE_END_ELEMENT:
        on_end(w, depth);
        break;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        on_text(w, depth);
        break;
    case XML_READER_TYPE_DOCUMENT_TYPE:
        fail(w, ERR_INVALID, "import.xml-doctype");
        break;
    case XML_READER_TYPE_ENTITY_REFERENCE:
        fail(w, ERR_INVALID, "import.xml-entity");
        break;
    default:
        break;
    }
}

/* Line of a document type before the root, or 0. Asked before libxml2 sees a byte of it: what
 * stands in one is not worth parsing. (In UTF-16 it is found when its node comes.) */
static uint32_t doctype_line(struct bytes in)
{
    struct text t = { (const char *)in.data, in.len };
    uint32_t line = 1;
    for (size_t i = 0; i < t.len; i++) {
        struct text here = text_slice(t, i, t.len);
        const char *end = text_starts(here, TEXT("<?")) ? "?>" : "-->";
        if (t.data[i] == '\n')
            line++;
        if (text_starts(here, TEXT("<!DOCTYPE")))
            return line;
        if (t.data[i] != '<')
            continue;
        if (!text_starts(here, TEXT("<?")) && !text_starts(here, TEXT("<!--")))
            return 0;
        for (; i < t.len && !text_starts(text_slice(t, i, t.len), text_literal(end)); i++)
            line += t.data[i] == '\n';
    }
    return 0;
}

struct err xml_walk(struct bytes in, const struct xml_handler *handler, struct arena *arena)
{
    struct walk w = { .handler = handler, .arena = arena, .mark = arena->used };
    w.err = w.parser = err_none();
    if (in.len > XML_BYTES_MAX)
        return err_make(ERR_LIMIT, "import.too-large");
    uint32_t doctype = doctype_line(in);
    if (doctype > 0)
        return err_at(ERR_INVALID, doctype, "import.xml-doctype");
    w.reader = xmlReaderForMemory((const char *)in.data, (int)in.len, NULL, NULL,
                                  XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    if (w.reader == NULL)
        return err_make(ERR_UNAVAILABLE, "import.no-memory");
    size_t mark = arena->used;
    xmlTextReaderSetStructuredErrorHandler(w.reader, note_error, &w);
    int more = xmlTextReaderRead(w.reader);
    for (; more == 1 && !failed(w.err) && !failed(w.parser); more = xmlTextReaderRead(w.reader))
        on_node(&w);
    xmlFreeTextReader(w.reader);
    arena_rewind(arena, mark);
    if (failed(w.err)) /* a document type first, and what stands in it after */
        return w.err;
    if (failed(w.parser))
        return w.parser;
    return more == 0 ? err_none() : err_make(ERR_INVALID, "import.xml-broken");
}

const struct xml_element *xml_child(const struct xml_element *e, const char *name)
{
    const struct xml_element *child = e->child;
    while (child != NULL && !text_is(child->name, name))
        child = child->next;
    return child;
}

struct text xml_child_text(const struct xml_element *e, const char *name)
{
    const struct xml_element *child = xml_child(e, name);
    return child == NULL ? TEXT("") : child->value;
}
