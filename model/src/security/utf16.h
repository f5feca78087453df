#ifndef SECURITY_UTF16_H
#define SECURITY_UTF16_H

#include "base/str.h"

/* Text as tokens and claims hold it: UTF-16LE bytes, of any units. */

/* UTF-8 to UTF-16LE; with `escapes`, "%" and four hex digits are one unit. */
rm_status utf16_from(rm_arena *arena, rm_str text, bool escapes, rm_str *out) RM_CHECK_RESULT;

/* Appends as UTF-8; a unit for which `plain` is false, and half a surrogate pair, as %xxxx. */
void utf16_put(rm_buf *buf, rm_str text, bool (*plain)(uint32_t unit));

/* One unit in the other case: Latin, Greek, Cyrillic and Armenian; others stay as they are. */
uint16_t utf16_upper(uint16_t unit);
uint16_t utf16_lower(uint16_t unit);

/* By units: <0, 0, >0; `fold`: upper case first. */
int utf16_cmp(rm_str a, rm_str b, bool fold);

#endif
