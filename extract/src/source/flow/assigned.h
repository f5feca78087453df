#ifndef EXTRACT_SOURCE_FLOW_ASSIGNED_H
#define EXTRACT_SOURCE_FLOW_ASSIGNED_H

#include "source/flow/names.h"
#include "source/unit.h"

/* Functions that members and variables of a name are set to, anywhere in a unit. */

typedef struct rm_assigned rm_assigned;

rm_assigned *rm_assigned_new(rm_arena *arena, const rm_source_unit *unit); /* NULL: memory */

/* At most `max` of them; how many. */
uint32_t rm_assigned_find(rm_assigned *assigned, rm_str name, const rm_function **out,
                          uint32_t max);

#endif
