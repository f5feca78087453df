#ifndef MODEL_SEARCH_H
#define MODEL_SEARCH_H

#include <stdbool.h>

#include "base/list.h"

typedef struct rm_edge {
    uint32_t from, to;
} rm_edge;

RM_LIST(rm_edges, rm_edge);

/*
 * Marks every node from which a marked one is reached. `marked` has `nodes` flags, set for those
 * that are looked for. Each edge is looked at once; linear in nodes and edges.
 */
rm_status rm_search_back(rm_arena *scratch, const rm_edges *edges, uint32_t nodes,
                         bool *marked) RM_CHECK_RESULT;

#endif
