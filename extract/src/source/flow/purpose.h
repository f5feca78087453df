#ifndef EXTRACT_SOURCE_FLOW_PURPOSE_H
#define EXTRACT_SOURCE_FLOW_PURPOSE_H

#include "source/flow/names.h"
#include "source/unit.h"

/* What the state that a driver keeps is for: see purpose.c. */

typedef struct rm_purpose rm_purpose;

/* What kind of driver it is, by what it calls and what its functions are called. */
typedef enum rm_driver_kind {
    RM_DRIVER_ANY,
    RM_DRIVER_HYPERVISOR,
    RM_DRIVER_USB,
    RM_DRIVER_FILE_SYSTEM, /* file systems in user mode, redirectors */
    RM_DRIVER_NETWORK,
    RM_DRIVER_COUNT
} rm_driver_kind;

/* Looks at the callbacks of `unit`; everything lives in `arena`. NULL: memory. */
rm_purpose *rm_purpose_read(rm_arena *arena, const rm_source_unit *unit);

/* Does a variable or member of that name keep a handle of \\Device\\PhysicalMemory? */
bool rm_purpose_physical(const rm_purpose *purpose, rm_str name);

/*
 * The class of an operation that changes the variable or member `name`, in `function`:
 * protection_change, packet_filter, else config_state. `purpose` may be NULL.
 */
const char *rm_purpose_class(const rm_purpose *purpose, rm_str name, rm_str function);

rm_driver_kind rm_purpose_kind(const rm_purpose *purpose);

/* Does a function of that name hand packets on to whoever asks for them? */
bool rm_purpose_captures(const rm_purpose *purpose, rm_str function);

/* named.c: an operation that is known by the name of its routine; NULL: none. */
struct rm_api;
const struct rm_api *rm_named_wrapper(rm_str name); /* of a routine that is not in the sources */
const struct rm_api *rm_named_own(rm_driver_kind kind, rm_str name); /* of the driver's own */

#endif
