#ifndef EXTRACT_XML_SHAPE_H
#define EXTRACT_XML_SHAPE_H

#include "base/str.h"

/*
 * A look at the tags before the parser has them: libxml2 compares each attribute of an element with
 * all others of it, so that hundreds of thousands would take minutes. One pass; false, with the
 * offset of the tag in *tag, when one has more than `limit` attributes and namespaces.
 */
bool rm_xml_attributes_are_few(rm_str text, size_t limit, size_t *tag) RM_CHECK_RESULT;

#endif
