#ifndef EXTRACT_SOURCE_FLOW_WORLD_H
#define EXTRACT_SOURCE_FLOW_WORLD_H

#include "source/flow/value.h"

/*
 * A world is what holds at one point of the code on one way there: what memory holds, what has
 * been checked. Ways that meet become one world only when they agree about memory or when there
 * are too many; then only what holds on all of them is kept.
 */

enum {
    RM_WORLD_STACK = 96,     /* operands of one expression being computed, over all frames */
    RM_WORLD_RELATIONS = 24, /* the oldest is forgotten */
    RM_WORLDS = 12           /* ways kept apart at one point */
};

typedef struct rm_binding {
    uint32_t cell;
    rm_value value;
} rm_binding;

RM_LIST(rm_bindings, rm_binding); /* sorted by cell */
RM_LIST(rm_facts, rm_fact);       /* sorted by symbol */

typedef struct rm_world rm_world;
struct rm_world {
    rm_bindings memory;
    uint64_t sum; /* over the bindings: worlds with different sums have different memory */
    rm_facts facts;
    rm_relation relations[RM_WORLD_RELATIONS];
    uint32_t relation_count;
    rm_value stack[RM_WORLD_STACK];
    uint32_t depth;
    rm_value result; /* of the function that returned last */
    bool has_result;
    rm_world *next_free;
};

RM_LIST(rm_world_list, rm_world *);

#endif
