#include "dense.h"

#include <string.h>

/* The first edge that leaves a row; RM_NONE when none does. Edges stand in the order of rank. */
static uint32_t first_exit(const rm_figure *figure, uint32_t node, uint32_t row) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if (figure->edges.at[i].from == node && figure->edges.at[i].from_row == row) {
            return i;
        }
    }
    return RM_NONE;
}

static bool same_way(const rm_figure *figure, const rm_node *node, uint32_t a, uint32_t b,
                     uint32_t exit_a, uint32_t exit_b) {
    if (exit_a == RM_NONE || exit_b == RM_NONE) {
        return exit_a == exit_b;
    }
    const rm_edge *x = &figure->edges.at[exit_a];
    const rm_edge *y = &figure->edges.at[exit_b];
    return x->to == y->to && x->to_row == y->to_row &&
           node->rows.at[a].verdict == node->rows.at[b].verdict;
}

/* For each row the first row that has the same way out. */
static void find_leads(const rm_figure *figure, uint32_t index, uint32_t *lead) {
    const rm_node *node = &figure->nodes.at[index];
    for (uint32_t i = 0; i < node->rows.count; i++) {
        uint32_t exit = first_exit(figure, index, i);
        lead[i] = i;
        for (uint32_t j = 0; j < i && lead[i] == i; j++) {
            if (lead[j] == j && same_way(figure, node, j, i, first_exit(figure, index, j), exit)) {
                lead[i] = j;
            }
        }
    }
}

/* Where rows go: groups in the order of their worst row, each in the order of risk. */
static void find_places(const uint32_t *lead, uint32_t n, uint32_t *place) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i; lead[i] == i && j < n; j++) {
            if (lead[j] == i) {
                place[j] = next++;
            }
        }
    }
}

/* Puts the rows in their new order and tells the edges. */
static void reorder(rm_figure *figure, uint32_t index) {
    rm_node *node = &figure->nodes.at[index];
    uint32_t n = node->rows.count;
    rm_row *rows = RM_NEW_ARRAY(figure->arena, rm_row, n);
    uint32_t *lead = RM_NEW_ARRAY(figure->arena, uint32_t, n);
    uint32_t *place = RM_NEW_ARRAY(figure->arena, uint32_t, n);
    if (rows == NULL || lead == NULL || place == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    find_leads(figure, index, lead);
    find_places(lead, n, place);
    for (uint32_t i = 0; i < n; i++) {
        rows[place[i]] = node->rows.at[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        rows[place[lead[i]]].span++;
    }
    memcpy(node->rows.at, rows, n * sizeof *rows);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        rm_edge *edge = &figure->edges.at[i];
        if (edge->from == index && edge->from_row != RM_NONE) {
            edge->from_row = place[lead[edge->from_row]];
        }
        if (edge->to == index && edge->to_row != RM_NONE) {
            edge->to_row = place[edge->to_row];
        }
    }
}

static void take_marks(rm_figure *figure, rm_marks *to, const rm_marks *from) {
    for (uint32_t i = 0; i < from->count; i++) {
        rm_mark *mark = rm_push(figure->arena, to);
        if (mark == NULL) {
            figure->status = RM_NOMEM;
            return;
        }
        *mark = from->at[i];
    }
}

/* What arrives through the door of a dense device ends at the door; the rows keep the marks. */
static void move_to_door(rm_figure *figure, uint32_t index) {
    rm_node *node = &figure->nodes.at[index];
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        rm_edge *edge = &figure->edges.at[i];
        if (edge->to == index && edge->to_row != RM_NONE) {
            take_marks(figure, &node->rows.at[edge->to_row].marks, &edge->marks);
            bool by_door = figure->nodes.at[edge->from].kind != RM_NODE_DEVICE;
            edge->to_row = by_door ? RM_NONE : edge->to_row;
        }
    }
}

static bool same_ends(const rm_edge *a, const rm_edge *b) {
    return a->from == b->from && a->from_row == b->from_row && a->to == b->to &&
           a->to_row == b->to_row;
}

static bool comes_after(const rm_mark *a, const rm_mark *b) {
    return a->gone != b->gone ? a->gone : a->rank > b->rank;
}

static void sort_marks(rm_marks *marks) {
    for (uint32_t i = 1; i < marks->count; i++) {
        rm_mark mark = marks->at[i];
        uint32_t at = i;
        for (; at > 0 && comes_after(&marks->at[at - 1], &mark); at--) {
            marks->at[at] = marks->at[at - 1];
        }
        marks->at[at] = mark;
    }
}

static void merge_edges(rm_figure *figure) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        const rm_edge *edge = &figure->edges.at[i];
        uint32_t same = 0;
        while (same < kept && !same_ends(&figure->edges.at[same], edge)) {
            same++;
        }
        if (same == kept) {
            figure->edges.at[kept++] = *edge;
            continue;
        }
        rm_edge *first = &figure->edges.at[same];
        take_marks(figure, &first->marks, &edge->marks);
        sort_marks(&first->marks);
        first->worst = first->worst || edge->worst;
        first->back = first->back || edge->back;
        first->verdict = edge->verdict < first->verdict ? edge->verdict : first->verdict;
    }
    figure->edges.count = kept;
}

void rm_dense_gather(rm_figure *figure) {
    bool any = false;
    for (uint32_t i = 0; i < figure->nodes.count && figure->status == RM_OK; i++) {
        rm_node *node = &figure->nodes.at[i];
        if (node->kind != RM_NODE_DEVICE || node->rows.count <= RM_FIGURE_FEW_ROWS) {
            continue;
        }
        node->dense = true;
        any = true;
        reorder(figure, i);
        move_to_door(figure, i);
    }
    if (any && figure->status == RM_OK) {
        merge_edges(figure);
    }
}
