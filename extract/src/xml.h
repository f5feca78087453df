#ifndef EXTRACT_XML_H
#define EXTRACT_XML_H

#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"
#include "base/text.h"

/*
 * XML with namespaces as a small tree with places, read by libxml2 without network, DTD or
 * entities of the document's own: a DOCTYPE is refused where it stands.
 */

typedef struct rm_xml_attribute {
    rm_str name; /* local */
    rm_str ns;   /* namespace URI, empty for most */
    rm_str value;
    rm_loc loc; /* of the value */
    const struct rm_xml_attribute *next;
} rm_xml_attribute;

typedef struct rm_xml {
    rm_str name; /* local */
    rm_str ns;
    rm_str text; /* direct text, its pieces joined, blanks as they are */
    rm_loc loc;  /* of '<' */
    const rm_xml_attribute *attributes;
    const struct rm_xml *parent;
    const struct rm_xml *child; /* elements only */
    const struct rm_xml *next;
} rm_xml;

/*
 * Parses the bytes of a file. `encoding` (may be NULL) is what they were written in. RM_SYNTAX with
 * an error in `sink` (xml-syntax, xml-doctype, xml-encoding, xml-depth, xml-limit) when the text is
 * not well-formed, declares an encoding that it does not have, or is beyond the limits. The tree
 * lives in `arena`; `file` is borrowed for its places.
 */
rm_status rm_xml_parse(rm_arena *arena, rm_sink *sink, rm_str file, rm_str bytes,
                       rm_encoding *encoding, const rm_xml **root) RM_CHECK_RESULT;

/* The attribute of that local name without namespace, else with any; NULL when there is none. */
const rm_xml_attribute *rm_xml_attribute_of(const rm_xml *element, const char *name);
rm_str rm_xml_value(const rm_xml *element, const char *name); /* empty when there is none */

/* The first child element of that local name, and the next sibling; NULL when there is none. */
const rm_xml *rm_xml_child(const rm_xml *element, const char *name);
const rm_xml *rm_xml_next(const rm_xml *element, const char *name);

bool rm_xml_is(const rm_xml *element, const char *name); /* by local name */

/* The element after `at` in document order within `root`, for walking all of it; NULL at the end.
 */
const rm_xml *rm_xml_walk(const rm_xml *root, const rm_xml *at);

#endif
