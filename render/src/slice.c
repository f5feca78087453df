#include "slice.h"

#include <limits.h>

#include "column.h"
#include "dense.h"
#include "node.h"
#include "trace.h"

/* ---- devices without a path ---- */

bool rm_slice_has_driver(const rm_figure *figure, uint32_t driver) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].kind == RM_NODE_DEVICE && figure->nodes.at[i].driver == driver) {
            return true;
        }
    }
    return false;
}

/* All devices of a driver; the driver itself when it has none. */
static void draw_devices(rm_figure *figure, uint32_t driver) {
    bool any = false;
    for (uint32_t i = 0; i < figure->model->devices.count; i++) {
        if (figure->model->devices.at[i].driver == driver &&
            figure->nodes.count < RM_FIGURE_NODES) {
            (void)rm_node_device(figure, driver, i);
            any = true;
        }
    }
    if (!any) {
        (void)rm_node_device(figure, driver, RM_NONE);
    }
}

/* A driver that nothing reaches is shown too, as long as there are few of them. */
static void draw_unreached(rm_figure *figure) {
    uint32_t count = figure->model->drivers.count;
    for (uint32_t d = 0; count <= RM_FIGURE_DRIVERS && d < count; d++) {
        if (!rm_slice_has_driver(figure, d)) {
            draw_devices(figure, d);
        }
    }
}

/* The rows of a driver that no path ends on: its other entries, the judged ones first. */
static void draw_other_rows(rm_figure *figure, uint32_t driver) {
    const rm_model *model = figure->model;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < model->entries.count && figure->status == RM_OK; i++) {
            rm_validation verdict = RM_VALIDATION_COUNT;
            if (model->entries.at[i].driver != driver ||
                rm_entry_verdict(model, i, &verdict) != (pass == 0)) {
                continue;
            }
            uint32_t node = rm_node_device(figure, driver, rm_entry_device(model, i));
            if (node != RM_NONE && figure->nodes.at[node].rows.count < RM_FIGURE_ROWS) {
                (void)rm_node_row(figure, node, i);
            }
        }
    }
}

/* ---- a device stack ---- */

/* "2 of 3, upper filter, order assumed" */
static rm_str place_words(rm_figure *figure, const rm_stack *stack, uint32_t index) {
    static const char *const how[] = {
        [RM_STACK_FUNCTION] = "function driver",    [RM_STACK_UPPER_FILTER] = "upper filter",
        [RM_STACK_LOWER_FILTER] = "lower filter",   [RM_STACK_BUS] = "bus driver",
        [RM_STACK_ATTACH] = "attached at run time", [RM_STACK_MINIFILTER] = "minifilter"};
    const rm_stack_position *place = &figure->model->stacks.at[stack->places[index]];
    rm_buf words = {.arena = figure->arena};
    rm_buf_printf(&words, "%u of %u from the top, %s", (unsigned)index + 1, (unsigned)stack->count,
                  place->how < RM_STACK_COUNT ? how[place->how] : "");
    if (place->altitude.len > 0) {
        rm_buf_text(&words, ", altitude ");
        rm_figure_name(&words, place->altitude);
    }
    if (place->order_state > RM_STATE_DECLARED) {
        rm_buf_printf(&words, ", order %s", rm_state_name(place->order_state));
    }
    if (words.status != RM_OK) {
        figure->status = words.status;
    }
    return rm_buf_view(&words);
}

/* The line between two places: requests that are not completed go down there. */
static void link_places(rm_figure *figure, uint32_t upper, uint32_t lower) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if (figure->edges.at[i].from == upper && figure->edges.at[i].to == lower) {
            return; /* a request that is known to go there says more */
        }
    }
    rm_edge *edge = rm_push(figure->arena, &figure->edges);
    if (edge == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    *edge = (rm_edge){.from = upper,
                      .to = lower,
                      .from_row = RM_NONE,
                      .to_row = RM_NONE,
                      .verdict = RM_VALIDATION_VALIDATED,
                      .link = true,
                      .note = RM_STR("next lower")};
}

/* Its places from the left to the right, the top first, whatever the paths said of their depth. */
static void draw_stack(rm_figure *figure, const rm_stack *stack) {
    const rm_model *model = figure->model;
    uint32_t upper = RM_NONE;
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        rm_node *node = &figure->nodes.at[i];
        if (node->kind == RM_NODE_DEVICE && !rm_stack_has(model, stack, node->driver)) {
            node->column += stack->count; /* behind it */
        }
    }
    for (uint32_t i = 0; i < stack->count && figure->nodes.count < RM_FIGURE_NODES; i++) {
        const rm_stack_position *place = &model->stacks.at[stack->places[i]];
        uint32_t device =
            place->device != RM_NONE ? place->device : rm_driver_device(model, place->driver);
        uint32_t node = rm_node_device(figure, place->driver, device);
        if (node == RM_NONE) {
            return;
        }
        rm_node *at = &figure->nodes.at[node];
        if (at->place.len > 0) {
            continue; /* a driver may stand in it twice */
        }
        at->column = 2 + i;
        at->place = place_words(figure, stack, i);
        if (upper != RM_NONE) {
            link_places(figure, upper, node);
        }
        upper = node;
    }
}

/* ---- paths ---- */

/* Has this principal as many lines from this row as there may be? Those drawn are worse. */
static bool row_is_full(const rm_figure *figure, uint32_t index) {
    const rm_path *path = &figure->model->paths.at[index];
    unsigned same = 0;
    for (uint32_t i = 0; i < figure->paths.count && same < figure->row_paths; i++) {
        const rm_path *drawn = figure->paths.at[i].of;
        same += drawn->entry == path->entry && drawn->app == path->app &&
                rm_str_eq(drawn->origin, path->origin);
    }
    return same >= figure->row_paths;
}

static void draw_path(rm_figure *figure, uint32_t path, unsigned rank) {
    if (row_is_full(figure, path) || !rm_trace_path(figure, path, rank)) {
        return;
    }
    rm_drawn_path *drawn = rm_push(figure->arena, &figure->paths);
    if (drawn == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    *drawn = (rm_drawn_path){.of = &figure->model->paths.at[path], .rank = rank};
    drawn->text = rm_picture_path_text(figure, drawn->of);
}

static rm_figure *trace_first(rm_arena *arena, const rm_slice *wanted, unsigned row_paths,
                              uint32_t count) {
    rm_figure *figure = rm_figure_new(arena, wanted->view->model);
    if (figure == NULL) {
        return NULL;
    }
    figure->rows_max = wanted->rows_max;
    figure->row_paths = row_paths;
    for (uint32_t i = 0; i < count && figure->status == RM_OK; i++) {
        draw_path(figure, wanted->paths[i], wanted->ranks[i]);
    }
    rm_columns_settle(figure);
    if (wanted->view->kind == RM_VIEW_STACK) {
        draw_stack(figure, &wanted->view->stack);
    } else if (wanted->all_drivers) {
        draw_unreached(figure);
    } else if (wanted->view->kind == RM_VIEW_DRIVER) {
        draw_devices(figure, wanted->view->focus);
        draw_other_rows(figure, wanted->view->focus);
    }
    rm_dense_gather(figure);
    return figure;
}

static bool fits(const rm_figure *figure) {
    return figure == NULL || figure->status != RM_OK ||
           (figure->nodes.count <= RM_FIGURE_NODES && figure->edges.count <= RM_FIGURE_EDGES);
}

/* As many of the worst paths as a reader can take in, each row by its worst one. */
static rm_figure *trace_fewer(rm_arena *arena, const rm_slice *wanted, uint32_t high) {
    uint32_t low = 0;
    rm_figure *best = trace_first(arena, wanted, 1, low);
    while (fits(best) && low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        rm_figure *figure = trace_first(arena, wanted, 1, middle);
        if (fits(figure)) {
            best = figure;
            low = middle;
        } else {
            high = middle;
        }
    }
    return best;
}

rm_figure *rm_slice_draw(rm_arena *arena, const rm_slice *wanted) {
    static const unsigned row_paths[] = {UINT_MAX, 3, 2, 1};
    uint32_t count = wanted->count < 4 * RM_FIGURE_EDGES ? wanted->count : 4 * RM_FIGURE_EDGES;
    rm_figure *figure = NULL;
    for (size_t i = 0; i < sizeof row_paths / sizeof row_paths[0]; i++) {
        figure = trace_first(arena, wanted, row_paths[i], count);
        if (figure == NULL || figure->status != RM_OK ||
            (fits(figure) && figure->edges.count <= RM_FIGURE_CALM)) {
            return figure;
        }
    }
    return fits(figure) ? figure : trace_fewer(arena, wanted, count);
}
