#include "finish.h"

#include "label.h"
#include "node.h"
#include "zone.h"

/* A device is ringed when a request drawn here reaches it from another driver. */
static void number_rings(rm_figure *figure, const rm_numbers *numbers) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        rm_node *node = &figure->nodes.at[i];
        if (node->kind == RM_NODE_DEVICE && node->ring > 0) {
            node->ring =
                node->gone ? 0 : rm_ring_number(numbers, figure->model, node->driver, node->key);
        }
    }
}

/* Which boundary an edge crosses: that of the zone it leaves, or that around a driver. */
static void find_crossing(const rm_figure *figure, rm_edge *edge) {
    const rm_node *from = &figure->nodes.at[edge->from];
    const rm_node *to = &figure->nodes.at[edge->to];
    if (from->zone != to->zone) {
        edge->crosses = figure->zones.at[from->zone].number;
    } else if (from->kind == RM_NODE_DEVICE && to->kind == RM_NODE_DEVICE) {
        edge->crosses = to->ring;
    }
}

static bool edge_id_taken(const rm_figure *figure, uint32_t before, rm_str id) {
    for (uint32_t i = 0; i < before; i++) {
        if (rm_str_eq(figure->edges.at[i].id, id)) {
            return true;
        }
    }
    return false;
}

static void put_end(const rm_figure *figure, rm_buf *id, uint32_t node, uint32_t row) {
    rm_buf_str(id, figure->nodes.at[node].id);
    if (row != RM_NONE) {
        const rm_row *r = &figure->nodes.at[node].rows.at[row];
        rm_buf_char(id, '-');
        rm_label_slug(id, r->code);
        if (r->method.len == 0) {
            rm_buf_char(id, '-');
            rm_label_slug(id, r->name);
        }
    }
}

/* An edge is named by its ends, so that its id outlives a change of the ranking. */
static void name_edge(rm_figure *figure, uint32_t index) {
    rm_edge *edge = &figure->edges.at[index];
    rm_buf id = {.arena = figure->arena};
    rm_buf_text(&id, "flow-");
    put_end(figure, &id, edge->from, edge->from_row);
    rm_buf_text(&id, "-to-");
    put_end(figure, &id, edge->to, edge->to_row);
    size_t stem = id.len;
    for (unsigned n = 2; id.status == RM_OK && edge_id_taken(figure, index, rm_buf_view(&id));
         n++) {
        id.len = stem;
        rm_buf_printf(&id, "-%u", n);
    }
    edge->id = rm_buf_view(&id);
    if (id.status != RM_OK) {
        figure->status = id.status;
    }
}

/* What an entry that is not shown is counted as: a verdict, or one of these. */
enum { REST_PASSED = RM_VALIDATION_COUNT, REST_NOTHING, REST_KINDS };

static unsigned rest_kind(const rm_model *model, uint32_t entry) {
    rm_validation verdict = RM_VALIDATION_COUNT;
    if (rm_entry_verdict(model, entry, &verdict)) {
        return verdict;
    }
    return rm_entry_passes_on(model, entry) ? REST_PASSED : REST_NOTHING;
}

/* What the other entries of a device are, in one row. */
static void tell_rest(rm_figure *figure, uint32_t index) {
    const rm_model *model = figure->model;
    rm_node *node = &figure->nodes.at[index];
    unsigned counts[REST_KINDS] = {0};
    unsigned total = 0;
    for (uint32_t i = 0; i < model->entries.count; i++) {
        bool here =
            model->entries.at[i].driver == node->driver && rm_entry_device(model, i) == node->key;
        for (uint32_t r = 0; here && r < node->rows.count; r++) {
            here = node->rows.at[r].entry != i;
        }
        if (here) {
            counts[rest_kind(model, i)]++;
            total++;
        }
    }
    static const char *const words[REST_KINDS] = {
        [RM_VALIDATION_UNVALIDATED] = "unvalidated",
        [RM_VALIDATION_UNKNOWN] = "unknown",
        [RM_VALIDATION_PARTIAL] = "partly validated",
        [RM_VALIDATION_VALIDATED] = "validated",
        [REST_PASSED] = "passed to a lower driver",
        [REST_NOTHING] = "without a privileged operation"};
    rm_buf rest = {.arena = figure->arena};
    const char *gap = "";
    rm_buf_printf(&rest,
                  node->rows.count > 0 ? "+ %u more: "
                  : total == 1         ? "%u entry: "
                                       : "%u entries: ",
                  total);
    for (unsigned v = 0; v < REST_KINDS; v++) {
        if (counts[v] > 0) {
            rm_buf_printf(&rest, "%s%u %s", gap, counts[v], words[v]);
            gap = ", ";
        }
    }
    if (rest.status != RM_OK) {
        figure->status = rest.status;
    }
    node->rest = total > 0 ? rm_buf_view(&rest) : RM_STR_NONE;
}

void rm_figure_finish(rm_figure *figure, const rm_numbers *numbers) {
    rm_zones_finish(figure, numbers);
    number_rings(figure, numbers);
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        const rm_node *node = &figure->nodes.at[i];
        if (node->kind == RM_NODE_DEVICE && !figure->overview && !node->gone) {
            tell_rest(figure, i);
        }
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        find_crossing(figure, &figure->edges.at[i]);
        name_edge(figure, i);
    }
}
