#ifndef SECURITY_GUID_H
#define SECURITY_GUID_H

#include "base/str.h"

/* The value of a digit up to base 16, 99 when it is none. */
int hex_digit(char c);

/*
 * "8-4-4-4-12" hex digits, nothing around them; in memory the first three groups are little-endian
 * numbers. False leaves `guid` undefined.
 */
bool guid_parse(rm_str text, uint8_t guid[16]);
void guid_put(rm_buf *buf, const uint8_t guid[16]);

#endif
