#ifndef EXTRACT_SOURCE_CODE_TABLES_H
#define EXTRACT_SOURCE_CODE_TABLES_H

#include "source/unit.h"

/* Tables whose rows name a control code and the function that serves it: { code, …, function }. */

/*
 * The function that the row names whose code ends at `at` of `text`; empty: none, several, or rows
 * within the row.
 */
rm_str rm_code_row_function(const rm_source_unit *unit, rm_str text, size_t at);

/*
 * Appends a handler of one code for each row whose function is a callback of DMF's IoctlHandler
 * (Driver Module Framework: EVT_DMF_IoctlHandler_Callback). The module, which is not among a
 * driver's sources, compares the code and the lengths and calls the function.
 */
rm_status rm_source_code_tables(rm_source_unit *unit, rm_handler_list *out) RM_CHECK_RESULT;

#endif
