#ifndef EXTRACT_SOURCE_FLOW_CONTEXTS_H
#define EXTRACT_SOURCE_FLOW_CONTEXTS_H

#include "source/flow/names.h"
#include "source/unit.h"

/*
 * Functions that give an object's context (WDF_DECLARE_CONTEXT_TYPE, …_WITH_NAME, wdfobject.h): of
 * the same object always the same memory.
 */

typedef struct rm_contexts rm_contexts;

rm_contexts *rm_contexts_new(rm_arena *arena, const rm_source_unit *unit); /* NULL: memory */

/* Does a function of that name give a context? The sources are read at the first question. */
bool rm_contexts_gives(rm_contexts *contexts, rm_str name);

#endif
