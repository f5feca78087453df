#include "search.h"

/* Where edges come from, by where they go: those into k stand at from[first[k]..first[k+1]). */
typedef struct sources {
    uint32_t *first;
    uint32_t *from;
} sources;

static rm_status sources_of(rm_arena *scratch, const rm_edges *edges, uint32_t nodes,
                            sources *out) {
    sources s = {.first = RM_NEW_ARRAY(scratch, uint32_t, (size_t)nodes + 2),
                 .from = RM_NEW_ARRAY(scratch, uint32_t, (size_t)edges->count + 1)};
    if (s.first == NULL || s.from == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < edges->count; i++) {
        s.first[edges->at[i].to + 2]++; /* below nodes: the last is at nodes + 1 */
    }
    for (uint32_t k = 2; k < nodes + 2; k++) {
        s.first[k] += s.first[k - 1];
    }
    for (uint32_t i = 0; i < edges->count; i++) {
        s.from[s.first[edges->at[i].to + 1]++] = edges->at[i].from;
    }
    *out = s;
    return RM_OK;
}

rm_status rm_search_back(rm_arena *scratch, const rm_edges *edges, uint32_t nodes, bool *marked) {
    sources into = {NULL, NULL};
    uint32_t *queue = RM_NEW_ARRAY(scratch, uint32_t, (size_t)nodes + 1);
    uint32_t queued = 0;
    rm_status st = queue == NULL ? RM_NOMEM : sources_of(scratch, edges, nodes, &into);
    for (uint32_t i = 0; st == RM_OK && i < nodes; i++) {
        if (marked[i]) {
            queue[queued++] = i;
        }
    }
    for (uint32_t next = 0; st == RM_OK && next < queued; next++) {
        for (uint32_t i = into.first[queue[next]]; i < into.first[queue[next] + 1]; i++) {
            if (!marked[into.from[i]]) {
                marked[into.from[i]] = true;
                queue[queued++] = into.from[i];
            }
        }
    }
    return st;
}
