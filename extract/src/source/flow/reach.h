#ifndef EXTRACT_SOURCE_FLOW_REACH_H
#define EXTRACT_SOURCE_FLOW_REACH_H

#include "source/catalogue.h"
#include "source/flow/ir.h"
#include "source/flow/purpose.h"

/*
 * What a piece of code may reach, by the names that are called in it and in what it calls. Nothing
 * is known of values, or of which ways are possible: only for what the walk could not follow.
 */

typedef struct rm_reach rm_reach;

/* A privileged routine and the first place where it is called. */
typedef struct rm_reached {
    const rm_api *api;
    const rm_function *function;
    rm_span span;
} rm_reached;

RM_LIST(rm_reached_list, rm_reached);

/* NULL: memory. `kind`: by whose words its own functions are known. */
rm_reach *rm_reach_new(rm_arena *arena, const rm_source_unit *unit, rm_driver_kind kind);

/* Starts again: nothing is reached. */
void rm_reach_start(rm_reach *reach);
/* All that a piece of `in`'s file names; or functions by their name or index. */
void rm_reach_from_span(rm_reach *reach, rm_span span, const rm_function *in);
void rm_reach_from_name(rm_reach *reach, rm_str name);
void rm_reach_from_function(rm_reach *reach, uint32_t function);
/* One for each routine; RM_NOMEM is the only failure. The list is the reach's until the next start.
 */
rm_status rm_reach_end(rm_reach *reach, rm_reached_list *out) RM_CHECK_RESULT;

#endif
