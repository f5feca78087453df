#ifndef EXTRACT_SOURCE_LITERALS_H
#define EXTRACT_SOURCE_LITERALS_H

#include "base/str.h"

/*
 * The text of C string literals: prefixes and quotes off, escapes decoded to UTF-8, neighbouring
 * literals joined. Macros must be expanded before; parentheses and the usual wrappers
 * (RTL_CONSTANT_STRING, TEXT, _T) are looked through. False when the expression is anything else.
 */
bool rm_literal_text(rm_arena *arena, rm_str expression, rm_str *out);

/* The character of 'x' or L'\x'. False: it is none. */
bool rm_literal_char(rm_str literal, uint32_t *out);

#endif
