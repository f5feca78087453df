#ifndef EXTRACT_XML_ENCODING_H
#define EXTRACT_XML_ENCODING_H

#include "base/text.h"

/*
 * Does a document have the encoding that it says (XML 1.0, 4.3.3)? `text` is decoded already,
 * `found` what its bytes were. *declared and *offset: the encoding it says, and where; "utf-8" and
 * 0 where it says none.
 */
bool rm_xml_encoding_agrees(rm_str text, rm_encoding found, rm_str *declared, size_t *offset);

#endif
