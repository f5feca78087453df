#include "figure.h"

#include <limits.h>

#include "dense.h"
#include "finish.h"
#include "label.h"
#include "model/sinks.h"
#include "node.h"
#include "overview.h"
#include "select.h"
#include "trace.h"
#include "view.h"
#include "zone.h"

/* ---- the sentence of a path ---- */

enum { PART_MAX = 64 }; /* of a sentence that is put together from names */

static void put_name(rm_buf *out, rm_str name) {
    rm_str head = rm_label_head(name, PART_MAX);
    rm_buf_str(out, head);
    rm_buf_text(out, head.len < name.len ? "\xE2\x80\xA6" : "");
}

rm_str rm_picture_path_text(rm_figure *figure, const rm_path *path) {
    const rm_model *model = figure->model;
    rm_buf text = {.arena = figure->arena};
    if (path->app < model->apps.count) {
        put_name(&text, model->apps.at[path->app].name);
        rm_buf_text(&text, " (");
        put_name(&text, rm_principal_words(path->origin));
        rm_buf_text(&text, ")");
    } else {
        rm_buf_text(&text, "any ");
        put_name(&text, rm_principal_words(path->origin));
    }
    bool first = true;
    for (rm_str rest = path->drivers; rest.len > 0; first = false) {
        size_t at = rest.len;
        bool more = rm_str_find(rest, RM_STR(" > "), &at);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        put_name(&text, rm_str_slice(rest, 0, at));
        if (first && path->entry < model->entries.count) {
            rm_buf_char(&text, ' ');
            put_name(&text, model->entries.at[path->entry].name);
        }
        rest = rm_str_slice(rest, more ? at + 3 : rest.len, rest.len);
    }
    if (path->sink < model->sinks.count) {
        const rm_sink_call *sink = &model->sinks.at[path->sink];
        const rm_sink_class *class = rm_sink_class_find(sink->class_name);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        put_name(&text, class != NULL ? rm_str_from(class->title) : sink->class_name);
    }
    if (text.status != RM_OK) {
        figure->status = text.status;
    }
    return rm_buf_view(&text);
}

/* ---- building ---- */

rm_figure *rm_figure_new(rm_arena *arena, const rm_model *model) {
    rm_figure *figure = RM_NEW(arena, rm_figure);
    if (figure != NULL) {
        figure->arena = arena;
        figure->model = model;
        figure->rows_max = RM_FIGURE_ROWS;
        figure->row_paths = UINT_MAX;
    }
    return figure;
}

void rm_figure_text(rm_figure *figure, rm_texts *texts, rm_str text) {
    rm_str *last = rm_push(figure->arena, texts);
    if (last == NULL) {
        figure->status = RM_NOMEM;
    } else {
        *last = text;
    }
}

/* ---- devices without a path ---- */

static bool is_drawn(const rm_figure *figure, uint32_t driver) {
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
        if (!is_drawn(figure, d)) {
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

/* What is to be drawn, and under which numbers. */
typedef struct order {
    const rm_view *view;
    const uint32_t *paths;
    const unsigned *ranks;
    uint32_t count;
    unsigned rows_max;
} order;

/* Has this principal as many lines from this row as there may be? Those drawn are worse. */
static bool row_is_full(const rm_figure *figure, uint32_t index) {
    const rm_path *path = &figure->model->paths.at[index];
    unsigned same = 0;
    for (uint32_t i = 0; i < figure->paths.count && same < figure->row_paths; i++) {
        const rm_path *drawn = &figure->model->paths.at[figure->paths.at[i].path];
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
    *drawn = (rm_drawn_path){path, rank, RM_STR_NONE};
    drawn->text = rm_picture_path_text(figure, &figure->model->paths.at[path]);
}

static rm_figure *trace_first(rm_arena *arena, const order *wanted, unsigned row_paths,
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
    if (wanted->view->kind == RM_VIEW_SYSTEM) {
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
static rm_figure *trace_fewer(rm_arena *arena, const order *wanted, uint32_t high) {
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

/* All paths if the picture stays calm; else fewer of each row; else fewer rows. */
static rm_figure *trace_what_fits(rm_arena *arena, const order *wanted) {
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

/* ---- what was left out ---- */

static void leave_out(rm_figure *figure, uint32_t count, const char *what) {
    rm_str *last = count > 0 ? rm_push(figure->arena, &figure->left_out) : NULL;
    if (last != NULL && rm_str_printf(figure->arena, last, "%u %s", count, what) != RM_OK) {
        figure->status = RM_NOMEM;
    }
}

static uint32_t drivers_drawn(const rm_figure *figure) {
    uint32_t count = 0;
    for (uint32_t d = 0; d < figure->model->drivers.count; d++) {
        count += is_drawn(figure, d);
    }
    return count;
}

static void tell_left_out(rm_figure *figure, const rm_selection *chosen, const rm_view *view) {
    leave_out(figure, chosen->count - figure->paths.count, "less severe paths");
    if (view->kind != RM_VIEW_SYSTEM) {
        return;
    }
    leave_out(figure, chosen->others, "paths of other principals on the lines drawn");
    leave_out(figure, chosen->same, "paths on the same lines by another door or call");
    if (!figure->overview) { /* there the table says it */
        leave_out(figure, figure->model->drivers.count - drivers_drawn(figure),
                  "drivers without a path drawn");
    }
}

static rm_str make_title(rm_figure *figure, const rm_view *view) {
    const rm_model *model = figure->model;
    rm_buf title = {.arena = figure->arena};
    rm_buf_text(&title, "Trust map: ");
    if (view->kind == RM_VIEW_DRIVER) {
        put_name(&title, model->drivers.at[view->focus].name);
    } else if (view->kind == RM_VIEW_APP) {
        put_name(&title, model->apps.at[view->focus].name);
    } else if (view->kind == RM_VIEW_PATH) {
        rm_buf_str(&title, rm_picture_path_text(figure, &model->paths.at[view->focus]));
    } else if (model->drivers.count > 4 || model->drivers.count == 0) {
        rm_buf_printf(&title, "%u drivers", model->drivers.count);
    } else {
        for (uint32_t i = 0; i < model->drivers.count; i++) {
            rm_buf_text(&title, i > 0 ? ", " : "");
            put_name(&title, model->drivers.at[i].name);
        }
    }
    if (title.status != RM_OK) {
        figure->status = title.status;
    }
    return rm_buf_view(&title);
}

/* ---- the view ---- */

/* Keeps what the view wants, with the numbers that the whole model gives. */
static rm_status order_of(rm_arena *arena, const rm_view *view, rm_selection *chosen, order *out) {
    unsigned *ranks = RM_NEW_ARRAY(arena, unsigned, chosen->count + 1u);
    if (ranks == NULL) {
        return RM_NOMEM;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < chosen->count; i++) {
        if (rm_view_wants(view, &view->model->paths.at[chosen->paths[i]])) {
            ranks[kept] = i + 1;
            chosen->paths[kept++] = chosen->paths[i];
        }
    }
    if (kept == 0 && view->kind == RM_VIEW_PATH) { /* one that no other picture draws */
        chosen->paths[kept++] = view->focus;
    }
    chosen->count = kept;
    *out = (order){view, chosen->paths, ranks, kept, RM_FIGURE_ROWS};
    return RM_OK;
}

/* Devices at whose doors the wanted paths begin; counted no further than it matters. */
static unsigned count_devices(const order *wanted) {
    uint32_t seen[RM_FIGURE_DRIVERS + 1];
    unsigned count = 0;
    for (uint32_t i = 0; i < wanted->count && count <= RM_FIGURE_DRIVERS; i++) {
        uint32_t device = wanted->view->model->paths.at[wanted->paths[i]].device;
        unsigned at = 0;
        while (at < count && seen[at] != device) {
            at++;
        }
        if (at == count) {
            seen[count++] = device;
        }
    }
    return count;
}

static rm_str place_text(rm_figure *figure, rm_place place) {
    rm_str text = RM_STR_NONE;
    if (place.file.len > 0 && rm_str_printf(figure->arena, &text, "%.*s:%u", RM_STR_ARG(place.file),
                                            (unsigned)place.line) != RM_OK) {
        figure->status = RM_NOMEM;
    }
    return text;
}

/* One path alone has room for the places of its steps, and needs nothing else of its devices. */
static void show_places(rm_figure *figure, const rm_path *path) {
    const rm_model *model = figure->model;
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        rm_node *node = &figure->nodes.at[i];
        node->rest = RM_STR_NONE;
        for (uint32_t r = 0; r < node->rows.count; r++) {
            node->rows.at[r].place =
                place_text(figure, model->entries.at[node->rows.at[r].entry].place);
        }
        if (node->kind == RM_NODE_SINK && path->sink < model->sinks.count) {
            rm_str place = place_text(figure, model->sinks.at[path->sink].place);
            if (place.len > 0) {
                rm_figure_text(figure, &node->lines, place);
            }
        }
    }
}

static rm_figure *draw_view(rm_arena *arena, order *wanted, unsigned devices) {
    const rm_view *view = wanted->view;
    unsigned share = devices > 0 ? RM_FIGURE_ROWS / devices : RM_FIGURE_ROWS;
    wanted->rows_max = view->kind == RM_VIEW_DRIVER ? RM_FIGURE_ROWS
                       : share < RM_FIGURE_FEW_ROWS ? RM_FIGURE_FEW_ROWS
                                                    : share;
    return trace_what_fits(arena, wanted);
}

rm_status rm_figure_build(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, bool simple, rm_figure **out) {
    rm_view view;
    rm_selection chosen;
    rm_numbers numbers;
    order wanted;
    rm_status st = rm_view_find(arena, sink, model, options, &view);
    if (st == RM_OK) {
        st = rm_select_paths(arena, model, &chosen);
    }
    if (st == RM_OK) {
        st = rm_boundaries_number(arena, model, &chosen, &numbers);
    }
    if (st == RM_OK) {
        st = order_of(arena, &view, &chosen, &wanted);
    }
    if (st != RM_OK) {
        return st;
    }
    unsigned devices = count_devices(&wanted);
    bool many = view.kind == RM_VIEW_SYSTEM && devices > RM_FIGURE_DRIVERS;
    rm_figure *figure = simple || many ? rm_overview_draw(arena, model, &chosen)
                                       : draw_view(arena, &wanted, devices);
    if (figure == NULL) {
        return RM_NOMEM;
    }
    rm_figure_finish(figure, &numbers);
    if (view.kind == RM_VIEW_PATH) {
        show_places(figure, &model->paths.at[view.focus]);
    }
    tell_left_out(figure, &chosen, &view);
    figure->title = options->title.len > 0 ? options->title : make_title(figure, &view);
    if (figure->status == RM_OK) {
        *out = figure;
    }
    return figure->status;
}
