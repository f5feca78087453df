#include "xml.h"

#include <string.h>

#include <libxml/parser.h>

#include "xml_encoding.h"
#include "xml_shape.h"

enum {
    XML_MAX_BYTES = 16 << 20, /* manifests have kilobytes, generated projects a few megabytes */
    XML_MAX_DEPTH = 128,      /* MSBuild and manifests stay below 20 */
    XML_MAX_ELEMENTS = 1 << 19,
    XML_MAX_ATTRIBUTES = 256 /* of one element */
};

typedef struct frame {
    rm_xml *element;
    rm_xml *last; /* child */
    rm_buf text;
} frame;

typedef struct reading {
    rm_arena *arena;
    rm_sink *sink;
    rm_str file, text;
    xmlParserCtxtPtr parser;
    frame frames[XML_MAX_DEPTH];
    unsigned depth;
    unsigned elements;
    rm_xml *root;
    size_t at; /* up to which line and column are counted */
    uint32_t line;
    size_t line_start;
    rm_status status;
} reading;

/* ---- places ---- */

/* Offsets only grow while a document is read, so that all lines are counted once. */
static rm_loc place_of(reading *r, size_t offset) {
    if (offset < r->at) {
        r->at = 0;
        r->line = 1;
        r->line_start = 0;
    }
    for (; r->at < offset && r->at < r->text.len; r->at++) {
        if (r->text.ptr[r->at] == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        }
    }
    return (rm_loc){r->file, r->line, (uint32_t)(r->at - r->line_start) + 1};
}

/* Where the parser stands, in bytes of the text. */
static size_t offset_of(const reading *r) {
    const xmlParserInput *in = r->parser->input;
    if (in == NULL || in->cur == NULL || in->base == NULL) {
        return r->text.len;
    }
    size_t offset = (size_t)in->consumed + (size_t)(in->cur - in->base);
    return offset < r->text.len ? offset : r->text.len;
}

/* A start tag holds no other '<': the last one before the parser's place begins it. */
static size_t tag_start(const reading *r) {
    size_t at = offset_of(r);
    while (at > 0 && (at >= r->text.len || r->text.ptr[at] != '<')) {
        at--;
    }
    return at;
}

static void stop(reading *r, rm_status status) {
    if (r->status == RM_OK) {
        r->status = status;
    }
    xmlStopParser(r->parser);
}

static void refuse(reading *r, size_t offset, const char *id, const char *why) {
    if (r->status == RM_OK) {
        rm_diag(r->sink, RM_ERROR, place_of(r, offset), id, "%s", why);
    }
    stop(r, RM_SYNTAX);
}

/* ---- attributes ---- */

static rm_str from_xml(const xmlChar *text) {
    return text == NULL ? RM_STR_NONE : rm_str_from((const char *)text);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(rm_str text, size_t at) {
    while (at < text.len && is_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

/*
 * From `at`, within a start tag known to be well-formed: the next attribute's name and the offset
 * of its value; the return value is where the next one begins, or text.len at the end of the tag.
 */
static size_t next_attribute(rm_str text, size_t at, rm_str *name, size_t *value) {
    at = skip_blanks(text, at);
    size_t start = at;
    while (at < text.len && text.ptr[at] != '=' && text.ptr[at] != '>' && text.ptr[at] != '/' &&
           !is_blank(text.ptr[at])) {
        at++;
    }
    *name = rm_str_slice(text, start, at);
    at = skip_blanks(text, at);
    if (at >= text.len || text.ptr[at] != '=') {
        return text.len;
    }
    at = skip_blanks(text, at + 1);
    char quote = at < text.len ? text.ptr[at] : '"';
    *value = at + 1;
    for (at++; at < text.len && text.ptr[at] != quote; at++) {
    }
    return at + 1;
}

static bool declares_namespace(rm_str name) {
    return rm_str_eq(name, RM_STR("xmlns")) || rm_str_starts(name, RM_STR("xmlns:"));
}

/* Attributes come from the parser in the order of the text, without namespace declarations. */
static bool add_attributes(reading *r, rm_xml *element, size_t start, int count,
                           const xmlChar **attributes) {
    const rm_xml_attribute **link = &element->attributes;
    size_t at = start;
    while (at < r->text.len && !is_blank(r->text.ptr[at]) && r->text.ptr[at] != '>') {
        at++;
    }
    for (int i = 0; i < count; i++, attributes += 5) {
        rm_str written = RM_STR_NONE;
        size_t value = start;
        do {
            at = next_attribute(r->text, at, &written, &value);
        } while (declares_namespace(written) && at < r->text.len);
        rm_xml_attribute *a = RM_NEW(r->arena, rm_xml_attribute);
        rm_str decoded = {(const char *)attributes[3], (size_t)(attributes[4] - attributes[3])};
        if (a == NULL || rm_str_copy(r->arena, from_xml(attributes[0]), &a->name) != RM_OK ||
            rm_str_copy(r->arena, from_xml(attributes[2]), &a->ns) != RM_OK ||
            rm_str_copy(r->arena, decoded, &a->value) != RM_OK) {
            return false;
        }
        a->loc = place_of(r, value);
        *link = a;
        link = &a->next;
    }
    return true;
}

/* ---- what the parser calls ---- */

static void start_element(void *payload, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *ns, int ns_count, const xmlChar **ns_list, int count,
                          int defaulted, const xmlChar **attributes) {
    reading *r = payload;
    size_t start = tag_start(r);
    (void)prefix, (void)ns_count, (void)ns_list, (void)defaulted;
    if (r->status != RM_OK) {
        return;
    }
    if (r->depth == XML_MAX_DEPTH) {
        refuse(r, start, "xml-depth", "elements nested too deep");
        return;
    }
    if (++r->elements > XML_MAX_ELEMENTS) {
        refuse(r, start, "xml-limit", "too many elements");
        return;
    }
    rm_xml *element = RM_NEW(r->arena, rm_xml);
    if (element == NULL || rm_str_copy(r->arena, from_xml(name), &element->name) != RM_OK ||
        rm_str_copy(r->arena, from_xml(ns), &element->ns) != RM_OK) {
        stop(r, RM_NOMEM);
        return;
    }
    element->loc = place_of(r, start);
    if (!add_attributes(r, element, start, count, attributes)) {
        stop(r, RM_NOMEM);
        return;
    }
    frame *parent = r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
    if (parent == NULL) {
        r->root = element;
    } else if (parent->last == NULL) {
        parent->element->child = element;
    } else {
        parent->last->next = element;
    }
    if (parent != NULL) {
        element->parent = parent->element;
        parent->last = element;
    }
    r->frames[r->depth++] = (frame){.element = element, .text = {.arena = r->arena}};
}

static void end_element(void *payload, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *ns) {
    reading *r = payload;
    (void)name, (void)prefix, (void)ns;
    if (r->status != RM_OK || r->depth == 0) {
        return;
    }
    frame *f = &r->frames[--r->depth];
    f->element->text = rm_buf_view(&f->text);
    if (f->text.status != RM_OK) {
        stop(r, f->text.status);
    }
}

static void characters(void *payload, const xmlChar *text, int length) {
    reading *r = payload;
    if (r->status == RM_OK && r->depth > 0 && length > 0) {
        rm_buf_str(&r->frames[r->depth - 1].text, (rm_str){(const char *)text, (size_t)length});
    }
}

static void doctype(void *payload, const xmlChar *name, const xmlChar *external,
                    const xmlChar *system) {
    reading *r = payload;
    (void)name, (void)external, (void)system;
    size_t start = offset_of(r);
    while (start > 0 &&
           !rm_str_starts(rm_str_slice(r->text, start, r->text.len), RM_STR("<!DOCTYPE"))) {
        start--;
    }
    refuse(r, start, "xml-doctype", "a DOCTYPE is not read: entities and external files stay shut");
}

static void complain(void *payload, xmlErrorPtr error) {
    reading *r = payload;
    if (error->level < XML_ERR_ERROR || r->status != RM_OK) {
        return;
    }
    rm_str why = rm_str_trim(from_xml((const xmlChar *)error->message));
    rm_diag(r->sink, RM_ERROR, place_of(r, offset_of(r)), "xml-syntax", "%.*s", RM_STR_ARG(why));
    stop(r, RM_SYNTAX);
}

static rm_status check_encoding(reading *r, rm_encoding found) {
    rm_str declared = RM_STR_NONE;
    size_t offset = 0;
    if (rm_xml_encoding_agrees(r->text, found, &declared, &offset)) {
        return RM_OK;
    }
    rm_diag(r->sink, RM_ERROR, place_of(r, offset), "xml-encoding",
            "declared as %.*s, written as %s", RM_STR_ARG(declared), rm_encoding_name(found));
    return RM_SYNTAX;
}

static rm_status check_shape(reading *r) {
    size_t tag = 0;
    if (rm_xml_attributes_are_few(r->text, XML_MAX_ATTRIBUTES, &tag)) {
        return RM_OK;
    }
    rm_diag(r->sink, RM_ERROR, place_of(r, tag), "xml-limit",
            "more than %d attributes of one element", XML_MAX_ATTRIBUTES);
    return RM_SYNTAX;
}

/* ---- the whole ---- */

static rm_status run(reading *r) {
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = characters,
        .cdataBlock = characters,
        .internalSubset = doctype,
        .serror = complain,
    };
    r->parser = xmlNewParserCtxt();
    if (r->parser == NULL) {
        return RM_NOMEM;
    }
    *r->parser->sax = handler;
    r->parser->userData = r;
    /* NOENT asks for decoded attribute values; with the DOCTYPE shut only &lt; and its like exist.
     */
    xmlDocPtr none = xmlCtxtReadMemory(r->parser, r->text.ptr, (int)r->text.len, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlFreeDoc(none);
    xmlFreeParserCtxt(r->parser);
    if (r->status == RM_OK && r->root == NULL) {
        rm_diag(r->sink, RM_ERROR, place_of(r, 0), "xml-syntax", "no element in the file");
        return RM_SYNTAX;
    }
    return r->status;
}

rm_status rm_xml_parse(rm_arena *arena, rm_sink *sink, rm_str file, rm_str bytes,
                       rm_encoding *encoding, const rm_xml **root) {
    reading *r = RM_NEW(arena, reading);
    rm_encoding found = RM_ENC_UTF8;
    if (r == NULL) {
        return RM_NOMEM;
    }
    *r = (reading){.arena = arena, .sink = sink, .file = file, .line = 1};
    if (bytes.len > XML_MAX_BYTES) {
        rm_diag(sink, RM_ERROR, (rm_loc){.file = file}, "xml-limit", "larger than %d MiB",
                XML_MAX_BYTES >> 20);
        return RM_SYNTAX;
    }
    rm_status st = rm_text_decode(arena, sink, file, bytes, &found, &r->text);
    if (st == RM_OK) {
        st = check_encoding(r, found);
    }
    if (st == RM_OK) {
        st = check_shape(r);
    }
    if (st == RM_OK) {
        st = run(r);
    }
    if (st == RM_OK) {
        *root = r->root;
        if (encoding != NULL) {
            *encoding = found;
        }
    }
    return st;
}

/* ---- looking around ---- */

bool rm_xml_is(const rm_xml *element, const char *name) {
    return rm_str_eq(element->name, rm_str_from(name));
}

const rm_xml_attribute *rm_xml_attribute_of(const rm_xml *element, const char *name) {
    const rm_xml_attribute *other = NULL;
    for (const rm_xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (!rm_str_eq(a->name, rm_str_from(name))) {
            continue;
        }
        if (a->ns.len == 0) {
            return a;
        }
        other = other == NULL ? a : other;
    }
    return other;
}

rm_str rm_xml_value(const rm_xml *element, const char *name) {
    const rm_xml_attribute *a = rm_xml_attribute_of(element, name);
    return a == NULL ? RM_STR_NONE : a->value;
}

static const rm_xml *first_of(const rm_xml *element, const char *name) {
    while (element != NULL && !rm_xml_is(element, name)) {
        element = element->next;
    }
    return element;
}

const rm_xml *rm_xml_child(const rm_xml *element, const char *name) {
    return first_of(element->child, name);
}

const rm_xml *rm_xml_next(const rm_xml *element, const char *name) {
    return first_of(element->next, name);
}

const rm_xml *rm_xml_walk(const rm_xml *root, const rm_xml *at) {
    if (at->child != NULL) {
        return at->child;
    }
    while (at != root && at->next == NULL) {
        at = at->parent;
    }
    return at == root ? NULL : at->next;
}
