#include "change.h"
#include "figure.h"
#include "finish.h"
#include "overview.h"
#include "slice.h"
#include "zone.h"

/* ---- what was left out ---- */

/* `one` and `many` go before `what`. */
static void leave_out(rm_figure *figure, uint32_t count, const char *one, const char *many,
                      const char *what) {
    rm_str *last = count > 0 ? rm_push(figure->arena, &figure->left_out) : NULL;
    if (last != NULL && rm_str_printf(figure->arena, last, "%u %s %s", count,
                                      rm_plural(count, one, many), what) != RM_OK) {
        figure->status = RM_NOMEM;
    }
}

static uint32_t drivers_drawn(const rm_figure *figure) {
    uint32_t count = 0;
    for (uint32_t d = 0; d < figure->model->drivers.count; d++) {
        count += rm_slice_has_driver(figure, d);
    }
    return count;
}

static void tell_filter(rm_figure *figure, const rm_picture_options *options) {
    uint32_t count = 0;
    rm_str *last = NULL;
    for (uint32_t i = 0; options->only != NULL && i < figure->model->paths.count; i++) {
        count += !options->only[i];
    }
    last = count > 0 ? rm_push(figure->arena, &figure->left_out) : NULL;
    if (last != NULL &&
        rm_str_printf(figure->arena, last, "%u %s not pass the filter (%.*s)", (unsigned)count,
                      rm_plural(count, "path that does", "paths that do"),
                      RM_STR_ARG(options->only_why)) != RM_OK) {
        figure->status = RM_NOMEM;
    }
}

/* What the picture tells of the paths of its view. */
typedef struct path_counts {
    uint32_t outside; /* known, but not of this view */
    uint32_t inside;  /* known, of this view */
    uint32_t beyond;  /* of those outside the ones that pass the filter */
    uint32_t undrawn; /* worth drawing, but there was no room */
    uint32_t worst;   /* score of those */
    uint32_t others;  /* of other principals, on lines that are drawn */
    uint32_t same;    /* of the same principal, on lines that are drawn */
} path_counts;

static bool same_principal(const rm_path *x, const rm_path *y) {
    return x->app == y->app && (x->app != RM_NONE || rm_str_eq(x->origin, y->origin));
}

static void count_path(const rm_figure *figure, const rm_selection *chosen, const bool *drawn,
                       uint32_t index, path_counts *counts) {
    const rm_path *path = &figure->model->paths.at[index];
    uint32_t by = chosen->drawn_by[index];
    if (drawn[index] || by == RM_NONE) {
        return; /* those that do not pass the filter are told by tell_filter() */
    }
    if (by == index) {
        counts->undrawn++;
        counts->worst = path->score > counts->worst ? path->score : counts->worst;
    } else if (same_principal(path, &figure->model->paths.at[by])) {
        counts->same++;
    } else {
        counts->others++;
    }
}

static path_counts count_paths(rm_figure *figure, const rm_selection *chosen, const rm_view *view,
                               const bool *only) {
    const rm_paths *paths = &figure->model->paths;
    path_counts counts = {0};
    bool *drawn = RM_NEW_ARRAY(figure->arena, bool, paths->count + 1u);
    if (drawn == NULL) {
        figure->status = RM_NOMEM;
        return counts;
    }
    for (uint32_t i = 0; i < figure->paths.count && !figure->diff; i++) {
        drawn[figure->paths.at[i].of - paths->at] = true;
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        bool inside = rm_view_wants(view, &paths->at[i]);
        counts.inside += inside;
        counts.outside += !inside;
        counts.beyond += !inside && (only == NULL || only[i]);
        if (inside) {
            count_path(figure, chosen, drawn, i, &counts);
        }
    }
    return counts;
}

static void tell_undrawn(rm_figure *figure, const path_counts *counts) {
    rm_str *last = counts->undrawn > 0 ? rm_push(figure->arena, &figure->left_out) : NULL;
    if (last != NULL &&
        rm_str_printf(figure->arena, last, "%u %s %u or less", (unsigned)counts->undrawn,
                      rm_plural(counts->undrawn, "path that scores", "paths that score"),
                      (unsigned)counts->worst) != RM_OK) {
        figure->status = RM_NOMEM;
    }
}

static void tell_left_out(rm_figure *figure, const path_counts *counts, const rm_view *view,
                          const rm_picture_options *options) {
    tell_undrawn(figure, counts);
    tell_filter(figure, options);
    if (view->kind == RM_VIEW_STACK) {
        leave_out(figure, view->stack.others, "other stack", "other stacks",
                  "that the focus is in");
    }
    leave_out(figure, counts->others, "path", "paths", "of other principals on the lines drawn");
    leave_out(figure, counts->same, "path", "paths", "on the same lines by another door or call");
    leave_out(figure, counts->beyond, "path", "paths",
              counts->beyond == 1 ? "that is not of this view" : "that are not of this view");
    if (view->kind == RM_VIEW_SYSTEM && !figure->overview && options->only == NULL) {
        leave_out(figure, figure->model->drivers.count - drivers_drawn(figure), "driver", "drivers",
                  "without a path drawn");
    }
}

static rm_status none_of(rm_figure *figure, unsigned count, const char *of, const char *not_one,
                         const char *none, const char *what) {
    return count == 1 ? rm_str_printf(figure->arena, &figure->none, "The one path known%s %s%s", of,
                                      not_one, what)
                      : rm_str_printf(figure->arena, &figure->none,
                                      "None of the %u paths known%s %s%s", count, of, none, what);
}

/* What stands where the paths would be listed: it must not deny those that are only not drawn. */
static void tell_none(rm_figure *figure, const path_counts *counts,
                      const rm_picture_options *options) {
    unsigned known = counts->inside + counts->outside;
    rm_status st = RM_OK;
    if (known == 0) {
        figure->none = RM_STR("No path to a privileged operation is known");
    } else if (counts->inside == 0) {
        st = none_of(figure, known, "", "is not", "is", " of this view");
    } else if (options->only != NULL) {
        st = none_of(figure, counts->inside, counts->outside > 0 ? " of this view" : "",
                     "does not pass", "passes", " the filter");
    } else {
        st = none_of(figure, counts->inside, "", "is not", "is", " drawn");
    }
    figure->status = st != RM_OK ? st : figure->status;
}

static rm_str make_title(rm_figure *figure, const rm_view *view) {
    const rm_model *model = figure->model;
    rm_buf title = {.arena = figure->arena};
    rm_buf_text(&title, view->kind == RM_VIEW_STACK  ? "Device stack: "
                        : view->kind == RM_VIEW_DIFF ? "What changed: "
                                                     : "Trust map: ");
    if (view->kind == RM_VIEW_DRIVER) {
        rm_figure_name(&title, model->drivers.at[view->focus].name);
    } else if (view->kind == RM_VIEW_APP) {
        rm_figure_name(&title, model->apps.at[view->focus].name);
    } else if (view->kind == RM_VIEW_PATH) {
        rm_buf_str(&title, rm_picture_path_text(figure, &model->paths.at[view->focus]));
    } else if (view->kind == RM_VIEW_STACK) {
        rm_stack_title(model, &view->stack, &title);
    } else if (model->drivers.count > 4 || model->drivers.count == 0) {
        rm_buf_printf(&title, "%u %s", model->drivers.count,
                      rm_plural(model->drivers.count, "driver", "drivers"));
    } else {
        for (uint32_t i = 0; i < model->drivers.count; i++) {
            rm_buf_text(&title, i > 0 ? ", " : "");
            rm_figure_name(&title, model->drivers.at[i].name);
        }
    }
    if (title.status != RM_OK) {
        figure->status = title.status;
    }
    return rm_buf_view(&title);
}

/* ---- the view ---- */

/* Keeps what the view wants, with the numbers that the whole model gives. */
static rm_status order_of(rm_arena *arena, const rm_view *view, rm_selection *chosen,
                          rm_slice *out) {
    unsigned *ranks = RM_NEW_ARRAY(arena, unsigned, chosen->count + 1u);
    if (ranks == NULL) {
        return RM_NOMEM;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < chosen->count; i++) {
        if (rm_view_wants(view, &view->model->paths.at[chosen->paths[i]])) {
            ranks[kept] = chosen->ranks[chosen->paths[i]];
            chosen->paths[kept++] = chosen->paths[i];
        }
    }
    if (kept == 0 && view->kind == RM_VIEW_PATH) { /* one that no other picture draws */
        ranks[kept] = chosen->ranks[view->focus];
        chosen->paths[kept++] = view->focus;
    }
    chosen->count = kept;
    *out =
        (rm_slice){view, chosen->paths, ranks, kept, RM_FIGURE_ROWS, view->kind == RM_VIEW_SYSTEM};
    return RM_OK;
}

/* Devices at whose doors the wanted paths begin; counted no further than it matters. */
static unsigned count_devices(const rm_slice *wanted) {
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

static rm_figure *draw_view(rm_arena *arena, rm_slice *wanted, unsigned devices) {
    const rm_view *view = wanted->view;
    unsigned share = devices > 0 ? RM_FIGURE_ROWS / devices : RM_FIGURE_ROWS;
    wanted->rows_max = view->kind == RM_VIEW_DRIVER ? RM_FIGURE_ROWS
                       : share < RM_FIGURE_FEW_ROWS ? RM_FIGURE_FEW_ROWS
                                                    : share;
    return rm_slice_draw(arena, wanted);
}

/* A boundary that only the older model has gets the next free number. */
static void number_older_zones(const rm_figure *figure, rm_numbers *numbers) {
    const rm_model *model = figure->model;
    unsigned last = 0;
    for (unsigned order = 0; order < RM_ZONE_KERNEL; order++) {
        last = numbers->zones[order] > last ? numbers->zones[order] : last;
    }
    for (uint32_t i = 0; i < model->devices.count + model->drivers.count; i++) {
        last = numbers->rings[i] > last ? numbers->rings[i] : last;
    }
    for (uint32_t i = 0; i < figure->zones.count; i++) {
        unsigned order = figure->zones.at[i].order;
        if (order < RM_ZONE_KERNEL && numbers->zones[order] == 0) {
            numbers->zones[order] = ++last;
        }
    }
}

static rm_status build_change(rm_arena *arena, rm_sink *sink, const rm_view *view,
                              const rm_picture_options *options, rm_numbers *numbers,
                              rm_figure **out) {
    if (options->before == NULL) {
        rm_diag(sink, RM_ERROR, (rm_loc){0}, "picture-baseline",
                "the view 'diff' compares two models; say which is the older one with --baseline");
        return RM_USAGE;
    }
    rm_status st = rm_change_draw(arena, options->before, view->model, out);
    if (st == RM_OK) {
        number_older_zones(*out, numbers);
    }
    return st;
}

/* The figure of any other view. */
static rm_status build_slice(rm_arena *arena, const rm_view *view,
                             const rm_picture_options *options, bool simple, rm_selection *chosen,
                             rm_figure **out) {
    rm_slice wanted;
    rm_status st = order_of(arena, view, chosen, &wanted);
    if (st != RM_OK) {
        return st;
    }
    wanted.all_drivers = wanted.all_drivers && options->only == NULL;
    unsigned devices = count_devices(&wanted);
    bool many = view->kind == RM_VIEW_SYSTEM && devices > RM_FIGURE_DRIVERS;
    *out = simple || many ? rm_overview_draw(arena, view->model, chosen)
                          : draw_view(arena, &wanted, devices);
    return *out == NULL ? RM_NOMEM : RM_OK;
}

/* Title, places and what was left out: what needs the finished figure. */
static void tell(rm_figure *figure, const rm_view *view, const rm_selection *chosen,
                 const rm_picture_options *options) {
    if (view->kind == RM_VIEW_PATH && !figure->overview) {
        show_places(figure, &view->model->paths.at[view->focus]);
    }
    if (figure->diff) {
        figure->none = figure->left_out.count == 0
                           ? RM_STR("Nothing changed")
                           : RM_STR("No path changed; what else did is told, not drawn");
    } else {
        path_counts counts = count_paths(figure, chosen, view, options->only);
        tell_left_out(figure, &counts, view, options);
        tell_none(figure, &counts, options);
    }
    figure->title = options->title.len > 0 ? options->title : make_title(figure, view);
}

rm_status rm_figure_build(rm_arena *arena, rm_sink *sink, const rm_model *model,
                          const rm_picture_options *options, bool simple, rm_figure **out) {
    rm_view view;
    rm_selection chosen;
    rm_numbers numbers;
    rm_figure *figure = NULL;
    rm_status st = rm_view_find(arena, sink, model, options, &view);
    if (st == RM_OK) {
        st = rm_select_paths(arena, model, options->only, &chosen);
    }
    if (st == RM_OK) {
        st = rm_boundaries_number(arena, model, &chosen, &numbers);
    }
    if (st == RM_OK) {
        st = view.kind == RM_VIEW_DIFF && !simple
                 ? build_change(arena, sink, &view, options, &numbers, &figure)
                 : build_slice(arena, &view, options, simple, &chosen, &figure);
    }
    if (st != RM_OK) {
        return st;
    }
    rm_figure_finish(figure, &numbers);
    tell(figure, &view, &chosen, options);
    if (figure->status == RM_OK) {
        *out = figure;
    }
    return figure->status;
}
