#ifndef EXTRACT_SOURCE_KIT_H
#define EXTRACT_SOURCE_KIT_H

#include "source/scan.h"

/*
 * What the driver kit's headers define, as far as readers of control codes and creating calls need
 * it: FILE_DEVICE_*, METHOD_*, access bits, characteristics, CTL_CODE itself. Appended with file
 * RM_NONE; a definition in the scanned files comes before it.
 */
rm_status rm_kit_macros(rm_arena *arena, rm_macro_list *list) RM_CHECK_RESULT;

/* kit_codes.c: control codes of the public headers, sorted by name. */
typedef struct rm_kit_code {
    const char *name;
    uint32_t code;
} rm_kit_code;
extern const rm_kit_code rm_kit_codes[];
extern const size_t rm_kit_code_count;

/* Names that the declared configuration #defines (a 64-bit kernel build), with their values. */
bool rm_kit_predefined(rm_str name, rm_str *value);

#endif
