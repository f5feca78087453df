#ifndef EXTRACT_SOURCE_DISPATCH_H
#define EXTRACT_SOURCE_DISPATCH_H

#include "source/unit.h"

/*
 * A driver object's dispatch table under other names: PDRIVER_DISPATCH *table =
 * driver->MajorFunction, a parameter that callers pass it for; and functions that a variable or a
 * parameter stands for.
 */

/*
 * Does the expression lead to the table? *index: of the element whose address it is; a null node:
 * it is the whole table, or a pointer that runs through it.
 */
bool rm_dispatch_table(const rm_source_unit *unit, uint32_t file, TSNode expression, TSNode *index);

/* What a variable or a parameter may hold; returns how many, at most `max`. */
uint32_t rm_dispatch_functions(const rm_source_unit *unit, uint32_t file, TSNode value,
                               const rm_function **out, uint32_t max);

/* The index of a subscript_expression: the C++ grammar wraps it. */
TSNode rm_subscript_index(TSNode subscript);

#endif
