#include "column.h"

static bool is_device(const rm_figure *figure, uint32_t node) {
    return figure->nodes.at[node].kind == RM_NODE_DEVICE;
}

static bool joins_devices(const rm_figure *figure, const rm_edge *edge) {
    return edge->from != edge->to && is_device(figure, edge->from) && is_device(figure, edge->to);
}

/* The edges that give the direction so far: does one way lead from a to b? Nodes are few. */
static bool leads(const rm_figure *figure, const bool *taken, uint32_t a, uint32_t b, bool *seen) {
    seen[a] = true;
    for (bool grew = true; grew;) {
        grew = false;
        for (uint32_t i = 0; i < figure->edges.count; i++) {
            const rm_edge *edge = &figure->edges.at[i];
            if (taken[i] && seen[edge->from] && !seen[edge->to]) {
                seen[edge->to] = true;
                grew = true;
            }
        }
    }
    return seen[b];
}

/* Edges stand in the order of rank: an edge that would close a circle gives way to worse ones. */
static bool take_edges(const rm_figure *figure, bool *taken) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        const rm_edge *edge = &figure->edges.at[i];
        bool *seen = RM_NEW_ARRAY(figure->arena, bool, figure->nodes.count + 1u);
        if (seen == NULL) {
            return false;
        }
        taken[i] = joins_devices(figure, edge) && !leads(figure, taken, edge->to, edge->from, seen);
    }
    return true;
}

void rm_columns_settle(rm_figure *figure) {
    bool *taken = RM_NEW_ARRAY(figure->arena, bool, figure->edges.count + 1u);
    if (taken == NULL || !take_edges(figure, taken)) {
        figure->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        rm_node *node = &figure->nodes.at[i];
        node->column = node->kind == RM_NODE_DEVICE ? 2 : node->column;
    }
    for (uint32_t round = 0; round < figure->nodes.count; round++) {
        for (uint32_t i = 0; i < figure->edges.count; i++) {
            const rm_edge *edge = &figure->edges.at[i];
            unsigned least = figure->nodes.at[edge->from].column + 1;
            rm_node *to = &figure->nodes.at[edge->to];
            to->column = taken[i] && to->column < least ? least : to->column;
        }
    }
}

bool rm_edge_is_backward(const rm_figure *figure, const rm_edge *edge) {
    return joins_devices(figure, edge) &&
           figure->nodes.at[edge->to].column < figure->nodes.at[edge->from].column;
}
