#ifndef EXTRACT_SOURCE_CODES_H
#define EXTRACT_SOURCE_CODES_H

#include "source/set.h"

/*
 * Control codes where they are defined: CTL_CODE and macros that wrap it, aliases, enumerators,
 * constants, and plain numbers under a name that says what they are. Fills `codes` of each file of
 * a joined set; what cannot be evaluated from the file and its includes has has_code = false.
 */
rm_status rm_set_find_codes(rm_source_set *set) RM_CHECK_RESULT;

/* Pushes a row without driver for each definition of the file. */
rm_status rm_codes_without_driver(const rm_source_set *set, uint32_t file, rm_model *model,
                                  rm_sink *sink) RM_CHECK_RESULT;

/* Says in `sink` which definitions of the file have no value. */
void rm_codes_report(const rm_source_set *set, uint32_t file, const rm_model *model, rm_sink *sink);

#endif
