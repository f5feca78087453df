#ifndef EXTRACT_SOURCE_FLOW_PURPOSE_H
#define EXTRACT_SOURCE_FLOW_PURPOSE_H

#include "source/flow/names.h"
#include "source/unit.h"

/* What the state that a driver keeps is for: see purpose.c. */

typedef struct rm_purpose rm_purpose;

/* Looks at the callbacks of `unit`; everything lives in `arena`. NULL: memory. */
rm_purpose *rm_purpose_read(rm_arena *arena, const rm_source_unit *unit);

/* Does a variable or member of that name keep a handle of \\Device\\PhysicalMemory? */
bool rm_purpose_physical(const rm_purpose *purpose, rm_str name);

/*
 * The class of an operation that changes the variable or member `name`, in `function`:
 * protection_change, packet_filter, else config_state. `purpose` may be NULL.
 */
const char *rm_purpose_class(const rm_purpose *purpose, rm_str name, rm_str function);

#endif
