#include "overview.h"

#include <stdlib.h>

#include "model/sinks.h"
#include "node.h"
#include "words.h"
#include "zone.h"

enum { MAX_BADGES = 4, MAX_APPS = 3 };

/* What the chosen paths say of one driver. */
typedef struct tally {
    uint32_t driver;
    uint32_t paths;
    uint32_t worst; /* score */
    uint32_t verdicts[RM_VALIDATION_COUNT];
    uint32_t first; /* chosen path that is the worst; RM_NONE */
} tally;

/* The driver at whose door a path begins. */
static uint32_t driver_of(const rm_model *model, const rm_path *path) {
    if (path->device < model->devices.count) {
        return model->devices.at[path->device].driver;
    }
    return path->entry < model->entries.count ? model->entries.at[path->entry].driver : RM_NONE;
}

/* The driver in which it ends. */
static uint32_t last_driver_of(const rm_model *model, const rm_path *path) {
    if (path->sink < model->sinks.count &&
        model->sinks.at[path->sink].entry < model->entries.count) {
        return model->entries.at[model->sinks.at[path->sink].entry].driver;
    }
    return driver_of(model, path);
}

static tally *count_paths(rm_arena *arena, const rm_model *model, const rm_selection *chosen) {
    tally *tallies = RM_NEW_ARRAY(arena, tally, model->drivers.count + 1u);
    for (uint32_t i = 0; tallies != NULL && i < model->drivers.count; i++) {
        tallies[i].driver = i;
        tallies[i].first = RM_NONE;
    }
    for (uint32_t i = 0; tallies != NULL && i < chosen->count; i++) {
        const rm_path *path = &model->paths.at[chosen->paths[i]];
        uint32_t d = driver_of(model, path);
        if (d < model->drivers.count) {
            tallies[d].paths++;
            tallies[d].verdicts[path->validation]++;
            tallies[d].first = tallies[d].first == RM_NONE ? i : tallies[d].first;
            tallies[d].worst = path->score > tallies[d].worst ? path->score : tallies[d].worst;
        }
    }
    return tallies;
}

/* Chosen paths stand worst first, so the place of a driver's first one ranks the driver. */
static int by_first(const void *a, const void *b) {
    const tally *x = a;
    const tally *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return (x->driver > y->driver) - (x->driver < y->driver);
}

/* ---- boxes ---- */

static void add_line(rm_figure *figure, rm_node *node, const rm_buf *line) {
    if (line->status != RM_OK) {
        figure->status = line->status;
    } else if (line->len > 0) {
        rm_figure_text(figure, &node->lines, rm_buf_view(line));
    }
}

static void verdict_line(rm_figure *figure, rm_node *node, const tally *t) {
    rm_buf line = {.arena = figure->arena};
    for (unsigned v = 0; v < RM_VALIDATION_COUNT; v++) {
        if (t->verdicts[v] > 0) {
            rm_buf_printf(&line, "%s%s %u %s", line.len > 0 ? ", " : "",
                          rm_verdict_sign((rm_validation)v), t->verdicts[v],
                          rm_verdict_word((rm_validation)v));
        }
    }
    add_line(figure, node, &line);
}

/* The families of operations that are reached through a driver: MSR, phys, … */
static void badge_line(rm_figure *figure, rm_node *node, const rm_selection *chosen) {
    const rm_model *model = figure->model;
    const char *seen[MAX_BADGES];
    unsigned count = 0;
    unsigned more = 0;
    rm_buf line = {.arena = figure->arena};
    for (uint32_t i = 0; i < chosen->count; i++) {
        const rm_path *path = &model->paths.at[chosen->paths[i]];
        if (driver_of(model, path) != node->driver || path->sink >= model->sinks.count) {
            continue;
        }
        const rm_sink_class *class = rm_sink_class_find(model->sinks.at[path->sink].class_name);
        const char *family = class != NULL ? class->family : "other";
        unsigned at = 0;
        while (at < count && !rm_str_eq(rm_str_from(seen[at]), rm_str_from(family))) {
            at++;
        }
        if (at == count && count < MAX_BADGES) {
            seen[count++] = family;
            rm_buf_printf(&line, "%s%s", at > 0 ? ", " : "", family);
        } else if (at == count) {
            more++;
        }
    }
    rm_buf_text(&line, more > 0 ? ", …" : "");
    add_line(figure, node, &line);
}

static uint32_t driver_box(rm_figure *figure, const tally *t, const rm_selection *chosen) {
    uint32_t index = rm_node_device(figure, t->driver, RM_NONE);
    if (index != RM_NONE) {
        rm_node *node = &figure->nodes.at[index];
        rm_buf aside = {.arena = figure->arena};
        rm_buf_printf(&aside, "worst %u", t->worst);
        node->aside = rm_buf_view(&aside);
        verdict_line(figure, node, t);
        badge_line(figure, node, chosen);
    }
    return index;
}

/* One box for whoever stands in a zone; it names a few of the apps. */
static uint32_t zone_box(rm_figure *figure, const rm_path *path) {
    uint32_t zone = rm_zone_of_origin(figure, path);
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (figure->nodes.at[i].kind == RM_NODE_PRINCIPAL && figure->nodes.at[i].zone == zone) {
            return i;
        }
    }
    rm_path nameless = *path;
    nameless.app = RM_NONE;
    return rm_node_origin(figure, &nameless);
}

static void name_app(rm_figure *figure, rm_node *node, const rm_path *path) {
    if (path->app >= figure->model->apps.count) {
        return;
    }
    rm_str name = figure->model->apps.at[path->app].name;
    for (uint32_t i = 0; i < node->lines.count; i++) {
        if (rm_str_eq(node->lines.at[i], name)) {
            return;
        }
    }
    if (node->lines.count < MAX_APPS + 1) {
        rm_figure_text(figure, &node->lines, name);
    } else {
        node->rest = RM_STR("and more apps");
    }
}

static void more_box(rm_figure *figure, uint32_t count, const char *what) {
    uint32_t zone = rm_zone_get(figure, RM_ZONE_KERNEL);
    rm_node *node = count > 0 && zone != RM_NONE ? rm_push(figure->arena, &figure->nodes) : NULL;
    if (node == NULL) {
        figure->status = count > 0 ? RM_NOMEM : figure->status;
        return;
    }
    *node = (rm_node){
        .kind = RM_NODE_MORE, .zone = zone, .key = RM_NONE, .driver = RM_NONE, .column = 2};
    if (rm_str_printf(figure->arena, &node->title, "%u more drivers", count) != RM_OK ||
        rm_str_printf(figure->arena, &node->id, "more-%u", figure->nodes.count) != RM_OK) {
        figure->status = RM_NOMEM;
    }
    rm_figure_text(figure, &node->lines, rm_str_from(what));
}

/* ---- edges ---- */

typedef struct lane {
    uint32_t paths;
    uint32_t worst;
} lane;

/* One more path between two boxes. `lanes` stand beside the edges. */
static void add_lane(rm_figure *figure, lane *lanes, uint32_t from, uint32_t to,
                     const rm_path *path) {
    uint32_t at = 0;
    while (at < figure->edges.count &&
           (figure->edges.at[at].from != from || figure->edges.at[at].to != to)) {
        at++;
    }
    if (at == figure->edges.count) {
        rm_edge *edge = at < RM_FIGURE_EDGES ? rm_push(figure->arena, &figure->edges) : NULL;
        if (edge == NULL) {
            return;
        }
        *edge = (rm_edge){.from = from,
                          .to = to,
                          .from_row = RM_NONE,
                          .to_row = RM_NONE,
                          .verdict = path->validation,
                          .worst = at == 0};
        lanes[at] = (lane){0, 0};
    }
    rm_edge *edge = &figure->edges.at[at];
    lanes[at].paths++;
    lanes[at].worst = path->score > lanes[at].worst ? path->score : lanes[at].worst;
    edge->verdict = path->validation < edge->verdict ? path->validation : edge->verdict;
}

static void note_lanes(rm_figure *figure, const lane *lanes) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        if (rm_str_printf(figure->arena, &figure->edges.at[i].note, "%u path%s", lanes[i].paths,
                          lanes[i].paths == 1 ? "" : "s") != RM_OK) {
            figure->status = RM_NOMEM;
        }
    }
}

static void draw_path(rm_figure *figure, lane *lanes, uint32_t index, unsigned rank) {
    const rm_model *model = figure->model;
    const rm_path *path = &model->paths.at[index];
    uint32_t to = rm_node_find_device(figure, driver_of(model, path), RM_NONE);
    uint32_t last = rm_node_find_device(figure, last_driver_of(model, path), RM_NONE);
    if (to == RM_NONE) {
        return;
    }
    uint32_t from = zone_box(figure, path);
    rm_drawn_path *drawn = rm_push(figure->arena, &figure->paths);
    if (from == RM_NONE || drawn == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    *drawn = (rm_drawn_path){index, rank, rm_path_text(figure, path)};
    name_app(figure, &figure->nodes.at[from], path);
    add_lane(figure, lanes, from, to, path);
    if (last != RM_NONE && last != to) {
        add_lane(figure, lanes, to, last, path);
        figure->nodes.at[last].column = 3;
        figure->nodes.at[last].ring = 1;
    }
}

static void draw_drivers(rm_figure *figure, const tally *tallies, const rm_selection *chosen) {
    uint32_t reached = 0;
    uint32_t count = figure->model->drivers.count;
    while (reached < count && tallies[reached].first != RM_NONE) {
        reached++;
    }
    uint32_t shown = reached < RM_OVERVIEW_DRIVERS ? reached : RM_OVERVIEW_DRIVERS;
    for (uint32_t i = 0; i < shown && figure->status == RM_OK; i++) {
        (void)driver_box(figure, &tallies[i], chosen);
    }
    more_box(figure, reached - shown, "with lower scores");
    more_box(figure, count - reached, "without a known path");
}

rm_figure *rm_overview_draw(rm_arena *arena, const rm_model *model, const rm_selection *chosen) {
    lane lanes[RM_FIGURE_EDGES];
    rm_figure *figure = rm_figure_new(arena, model);
    tally *tallies = count_paths(arena, model, chosen);
    if (figure == NULL || tallies == NULL) {
        return NULL;
    }
    figure->overview = true;
    if (model->drivers.count > 0) {
        qsort(tallies, model->drivers.count, sizeof *tallies, by_first);
    }
    draw_drivers(figure, tallies, chosen);
    for (uint32_t i = 0; i < chosen->count && figure->status == RM_OK; i++) {
        draw_path(figure, lanes, chosen->paths[i], i + 1);
    }
    note_lanes(figure, lanes);
    return figure;
}
