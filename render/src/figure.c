#include "figure.h"

#include "label.h"
#include "model/sinks.h"
#include "node.h"
#include "select.h"
#include "trace.h"
#include "zone.h"

/* ---- the sentence of a path ---- */

static rm_str path_text(rm_figure *figure, const rm_path *path) {
    const rm_model *model = figure->model;
    rm_buf text = {.arena = figure->arena};
    if (path->app < model->apps.count) {
        rm_buf_str(&text, model->apps.at[path->app].name);
        rm_buf_text(&text, " (");
        rm_buf_str(&text, rm_principal_words(path->origin));
        rm_buf_text(&text, ")");
    } else {
        rm_buf_text(&text, "any ");
        rm_buf_str(&text, rm_principal_words(path->origin));
    }
    for (rm_str rest = path->drivers; rest.len > 0;) {
        size_t at = rest.len;
        bool more = rm_str_find(rest, RM_STR(" > "), &at);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        rm_buf_str(&text, rm_str_slice(rest, 0, at));
        rest = rm_str_slice(rest, more ? at + 3 : rest.len, rest.len);
    }
    if (path->sink < model->sinks.count) {
        const rm_sink_call *sink = &model->sinks.at[path->sink];
        const rm_sink_class *class = rm_sink_class_find(sink->class_name);
        rm_buf_text(&text, " \xE2\x86\x92 ");
        rm_buf_str(&text, class != NULL ? rm_str_from(class->title) : sink->class_name);
    }
    if (text.status != RM_OK) {
        figure->status = text.status;
    }
    return rm_buf_view(&text);
}

/* ---- building ---- */

static rm_figure *figure_new(rm_arena *arena, const rm_model *model) {
    rm_figure *figure = RM_NEW(arena, rm_figure);
    if (figure != NULL) {
        figure->arena = arena;
        figure->model = model;
    }
    return figure;
}

static rm_figure *trace_first(rm_arena *arena, const rm_model *model, const rm_selection *chosen,
                              uint32_t count) {
    rm_figure *figure = figure_new(arena, model);
    for (uint32_t i = 0; figure != NULL && i < count && figure->status == RM_OK; i++) {
        rm_drawn_path *drawn = rm_push(arena, &figure->paths);
        if (drawn == NULL) {
            figure->status = RM_NOMEM;
            break;
        }
        *drawn = (rm_drawn_path){chosen->paths[i], i + 1, RM_STR_NONE};
        drawn->text = path_text(figure, &model->paths.at[chosen->paths[i]]);
        rm_trace_path(figure, chosen->paths[i], i + 1);
    }
    return figure;
}

static bool fits(const rm_figure *figure) {
    return figure == NULL || figure->status != RM_OK ||
           (figure->nodes.count <= RM_FIGURE_NODES && figure->edges.count <= RM_FIGURE_EDGES);
}

/* As many of the worst paths as a reader can take in: more paths never draw less. */
static rm_figure *trace_what_fits(rm_arena *arena, const rm_model *model,
                                  const rm_selection *chosen) {
    uint32_t most = chosen->count < 4 * RM_FIGURE_EDGES ? chosen->count : 4 * RM_FIGURE_EDGES;
    rm_figure *best = trace_first(arena, model, chosen, most);
    if (fits(best)) {
        return best;
    }
    uint32_t low = 0; /* fits */
    while (low + 1 < most) {
        uint32_t middle = low + (most - low) / 2;
        rm_figure *figure = trace_first(arena, model, chosen, middle);
        if (fits(figure)) {
            best = figure;
            low = middle;
        } else {
            most = middle;
        }
    }
    return best;
}

/* ---- finishing: what needs the whole figure ---- */

static void number_rings(rm_figure *figure) {
    unsigned number = figure->zones.count;
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        number -= figure->zones.at[i].kernel;
    }
    for (unsigned column = 2; column < 2 + RM_FIGURE_NODES; column++) {
        for (uint32_t i = 0; i < figure->nodes.count; i++) {
            rm_node *node = &figure->nodes.at[i];
            if (node->kind == RM_NODE_DEVICE && node->column == column && node->ring > 0) {
                node->ring = ++number;
            }
        }
    }
}

/* Which boundary an edge crosses, before what it does to the request. */
static void note_boundary(rm_figure *figure, rm_edge *edge) {
    const rm_node *from = &figure->nodes.at[edge->from];
    const rm_node *to = &figure->nodes.at[edge->to];
    unsigned crossed = 0;
    if (from->zone != to->zone) {
        crossed = figure->zones.at[from->zone].number;
    } else if (from->kind == RM_NODE_DEVICE && to->kind == RM_NODE_DEVICE) {
        crossed = to->ring;
    }
    if (crossed == 0) {
        return;
    }
    rm_str note = edge->note;
    if (rm_str_printf(figure->arena, &edge->note, "crosses TB%u%s%.*s", crossed,
                      note.len > 0 ? ", " : "", RM_STR_ARG(note)) != RM_OK) {
        figure->status = RM_NOMEM;
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

/* What the other entries of a device are, in one row. */
static void tell_rest(rm_figure *figure, uint32_t index) {
    const rm_model *model = figure->model;
    rm_node *node = &figure->nodes.at[index];
    unsigned counts[RM_VALIDATION_COUNT + 1] = {0};
    unsigned total = 0;
    for (uint32_t i = 0; i < model->entries.count; i++) {
        rm_validation verdict = RM_VALIDATION_COUNT;
        bool here =
            model->entries.at[i].driver == node->driver && rm_entry_device(model, i) == node->key;
        for (uint32_t r = 0; here && r < node->rows.count; r++) {
            here = node->rows.at[r].entry != i;
        }
        if (here) {
            (void)rm_entry_verdict(model, i, &verdict);
            counts[verdict]++;
            total++;
        }
    }
    static const char *const words[RM_VALIDATION_COUNT + 1] = {
        [RM_VALIDATION_UNVALIDATED] = "unvalidated",
        [RM_VALIDATION_UNKNOWN] = "unknown",
        [RM_VALIDATION_PARTIAL] = "partly validated",
        [RM_VALIDATION_VALIDATED] = "validated",
        [RM_VALIDATION_COUNT] = "without a privileged operation"};
    rm_buf rest = {.arena = figure->arena};
    const char *gap = "";
    rm_buf_printf(&rest, "+ %u more: ", total);
    for (unsigned v = 0; v <= RM_VALIDATION_COUNT; v++) {
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

static void finish(rm_figure *figure) {
    rm_zones_finish(figure);
    number_rings(figure);
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].kind == RM_NODE_DEVICE) {
            tell_rest(figure, i);
        }
    }
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        note_boundary(figure, &figure->edges.at[i]);
        name_edge(figure, i);
    }
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
        bool drawn = false;
        for (uint32_t i = 0; i < figure->nodes.count && !drawn; i++) {
            drawn = figure->nodes.at[i].kind == RM_NODE_DEVICE && figure->nodes.at[i].driver == d;
        }
        count += drawn;
    }
    return count;
}

static void tell_left_out(rm_figure *figure, const rm_selection *chosen) {
    leave_out(figure, chosen->count - figure->paths.count, "paths with a lower score");
    leave_out(figure, chosen->others, "paths of other principals on the lines drawn");
    leave_out(figure, chosen->same, "paths on the same lines by another door or call");
    leave_out(figure, figure->model->drivers.count - drivers_drawn(figure),
              "drivers without a path drawn");
}

static rm_str make_title(rm_figure *figure) {
    const rm_drivers *drivers = &figure->model->drivers;
    rm_buf title = {.arena = figure->arena};
    rm_buf_text(&title, "Trust map: ");
    if (drivers->count > 4 || drivers->count == 0) {
        rm_buf_printf(&title, "%u drivers", drivers->count);
    }
    for (uint32_t i = 0; drivers->count <= 4 && i < drivers->count; i++) {
        rm_buf_text(&title, i > 0 ? ", " : "");
        rm_buf_str(&title, drivers->at[i].name);
    }
    if (title.status != RM_OK) {
        figure->status = title.status;
    }
    return rm_buf_view(&title);
}

rm_status rm_figure_build(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, bool simple, rm_figure **out) {
    rm_selection chosen;
    (void)sink;
    (void)simple;
    rm_status st = rm_select_paths(arena, model, NULL, NULL, &chosen);
    if (st != RM_OK) {
        return st;
    }
    rm_figure *figure = trace_what_fits(arena, model, &chosen);
    if (figure == NULL) {
        return RM_NOMEM;
    }
    finish(figure);
    tell_left_out(figure, &chosen);
    figure->title = options->title.len > 0 ? options->title : make_title(figure);
    if (figure->status == RM_OK) {
        *out = figure;
    }
    return figure->status;
}
