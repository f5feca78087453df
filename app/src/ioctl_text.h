#ifndef APP_IOCTL_TEXT_H
#define APP_IOCTL_TEXT_H

#include "model/ioctl.h"

/*
 * A control code as people write it: a number (decimal, 0x…, octal, or negative as a signed 32-bit
 * one), or CTL_CODE(type, function, method, access) with numbers and the names of the headers.
 * False with *why (static) when it is neither.
 */
bool ioctl_code_from(rm_str text, uint32_t *code, const char **why);

/* One part of it: "FILE_DEVICE_UNKNOWN" or 0x22; "METHOD_NEITHER", "neither", 3; and so on. */
bool ioctl_device_type_from(rm_str text, uint32_t *out);
bool ioctl_function_from(rm_str text, uint32_t *out);
bool ioctl_method_from(rm_str text, uint32_t *out);
bool ioctl_access_from(rm_str text, uint32_t *out);

/* CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS) */
void ioctl_macro_put(rm_buf *out, uint32_t code);

#endif
