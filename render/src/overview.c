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

/* ---- the table of drivers ---- */

static rm_str verdict_text(rm_figure *figure, const tally *t) {
    rm_buf text = {.arena = figure->arena};
    for (unsigned v = 0; v < RM_VALIDATION_COUNT; v++) {
        if (t->verdicts[v] > 0) {
            rm_buf_printf(&text, "%s%u %s", text.len > 0 ? ", " : "", t->verdicts[v],
                          rm_verdict_word((rm_validation)v));
        }
    }
    if (text.status != RM_OK) {
        figure->status = text.status;
    }
    return rm_buf_view(&text);
}

/* Families of operations that are reached through a driver, the worst first: MSR, phys, … */
typedef struct badges {
    const char *names[MAX_BADGES];
    unsigned count;
    bool more;
} badges;

static void add_badge(badges *b, const char *family) {
    for (unsigned i = 0; i < b->count; i++) {
        if (rm_str_eq(rm_str_from(b->names[i]), rm_str_from(family))) {
            return;
        }
    }
    if (b->count < MAX_BADGES) {
        b->names[b->count++] = family;
    } else {
        b->more = true;
    }
}

static rm_str badge_text(rm_figure *figure, uint32_t driver, const rm_selection *chosen) {
    const rm_model *model = figure->model;
    badges found = {.count = 0};
    for (uint32_t i = 0; i < chosen->count; i++) {
        const rm_path *path = &model->paths.at[chosen->paths[i]];
        if (driver_of(model, path) == driver && path->sink < model->sinks.count) {
            const rm_sink_class *class = rm_sink_class_find(model->sinks.at[path->sink].class_name);
            add_badge(&found, class != NULL ? class->family : "other");
        }
    }
    rm_buf text = {.arena = figure->arena};
    for (unsigned i = 0; i < found.count; i++) {
        rm_buf_printf(&text, "%s%s", i > 0 ? ", " : "", found.names[i]);
    }
    rm_buf_text(&text, found.more ? ", \xE2\x80\xA6" : "");
    if (text.status != RM_OK) {
        figure->status = text.status;
    }
    return rm_buf_view(&text);
}

static rm_validation worst_verdict(const tally *t) {
    unsigned v = 0;
    while (v + 1 < RM_VALIDATION_COUNT && t->verdicts[v] == 0) {
        v++;
    }
    return (rm_validation)v;
}

static void driver_row(rm_figure *figure, rm_node *node, const tally *t,
                       const rm_selection *chosen) {
    rm_row *row = rm_push(figure->arena, &node->rows);
    if (row == NULL || rm_str_printf(figure->arena, &row->access, "%u", t->worst) != RM_OK) {
        figure->status = RM_NOMEM;
        return;
    }
    row->entry = t->driver;
    row->code = rm_driver_title(figure, t->driver);
    row->name = verdict_text(figure, t);
    row->method = badge_text(figure, t->driver, chosen);
    row->judged = true;
    row->verdict = worst_verdict(t);
}

static void tell_more(rm_figure *figure, rm_node *node, uint32_t lower, uint32_t without) {
    rm_buf text = {.arena = figure->arena};
    if (lower > 0) {
        rm_buf_printf(
            &text, "+ %u %s", lower,
            rm_plural(lower, "driver with no higher score", "drivers with no higher scores"));
    }
    if (without > 0) {
        rm_buf_printf(&text, "%s%u %s without a known path", text.len > 0 ? ", " : "+ ", without,
                      rm_plural(without, "driver", "drivers"));
    }
    node->rest = rm_buf_view(&text);
    figure->status = text.status != RM_OK ? text.status : figure->status;
}

/* One table, one row a driver, the worst on top. The table is the first node. */
static void draw_table(rm_figure *figure, const tally *tallies, const rm_selection *chosen) {
    uint32_t count = figure->model->drivers.count;
    uint32_t reached = 0;
    uint32_t zone = rm_zone_get(figure, RM_ZONE_KERNEL);
    rm_node *node = zone != RM_NONE ? rm_push(figure->arena, &figure->nodes) : NULL;
    if (node == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    *node = (rm_node){.kind = RM_NODE_MORE,
                      .zone = zone,
                      .key = RM_NONE,
                      .driver = RM_NONE,
                      .column = 2,
                      .id = RM_STR("drivers")};
    while (reached < count && tallies[reached].first != RM_NONE) {
        reached++;
    }
    uint32_t shown = reached < RM_OVERVIEW_DRIVERS ? reached : RM_OVERVIEW_DRIVERS;
    for (uint32_t i = 0; i < shown && figure->status == RM_OK; i++) {
        driver_row(figure, node, &tallies[i], chosen);
    }
    tell_more(figure, node, reached - shown, count - reached);
    if (rm_str_printf(figure->arena, &node->title, "%u of %u drivers, worst first", shown, count) !=
        RM_OK) {
        figure->status = RM_NOMEM;
    }
}

/* ---- who reaches them ---- */

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

/* One more path from a box to a row of the table. */
static void add_flow(rm_figure *figure, uint32_t from, uint32_t row, const rm_path *path) {
    uint32_t at = 0;
    while (at < figure->edges.count &&
           (figure->edges.at[at].from != from || figure->edges.at[at].to_row != row)) {
        at++;
    }
    if (at == figure->edges.count) {
        rm_edge *edge = at < RM_FIGURE_EDGES ? rm_push(figure->arena, &figure->edges) : NULL;
        if (edge != NULL) {
            *edge = (rm_edge){.from = from,
                              .to = 0,
                              .from_row = RM_NONE,
                              .to_row = row,
                              .verdict = path->validation,
                              .worst = at == 0};
        }
        return;
    }
    rm_edge *edge = &figure->edges.at[at];
    edge->verdict = path->validation < edge->verdict ? path->validation : edge->verdict;
}

static uint32_t row_of(const rm_node *table, uint32_t driver) {
    for (uint32_t i = 0; i < table->rows.count; i++) {
        if (table->rows.at[i].entry == driver) {
            return i;
        }
    }
    return RM_NONE;
}

/* Where the requests that end in another driver go, said in the row. */
static void tell_target(rm_figure *figure, uint32_t row, uint32_t target) {
    rm_row *from = &figure->nodes.at[0].rows.at[row];
    if (target < figure->model->drivers.count && from->place.len == 0 &&
        rm_str_printf(figure->arena, &from->place, "\xE2\x86\x92 %.*s",
                      RM_STR_ARG(figure->model->drivers.at[target].name)) != RM_OK) {
        figure->status = RM_NOMEM;
    }
}

static void draw_path(rm_figure *figure, uint32_t index, unsigned rank) {
    const rm_model *model = figure->model;
    const rm_path *path = &model->paths.at[index];
    uint32_t driver = driver_of(model, path);
    uint32_t row = row_of(&figure->nodes.at[0], driver);
    if (row == RM_NONE) {
        return;
    }
    uint32_t from = zone_box(figure, path);
    rm_drawn_path *drawn = rm_push(figure->arena, &figure->paths);
    if (from == RM_NONE || drawn == NULL) {
        figure->status = RM_NOMEM;
        return;
    }
    *drawn = (rm_drawn_path){.of = path, .rank = rank, .text = rm_picture_path_text(figure, path)};
    name_app(figure, &figure->nodes.at[from], path);
    add_flow(figure, from, row, path);
    if (last_driver_of(model, path) != driver) {
        tell_target(figure, row, last_driver_of(model, path));
    }
}

rm_figure *rm_overview_draw(rm_arena *arena, const rm_model *model, const rm_selection *chosen) {
    rm_figure *figure = rm_figure_new(arena, model);
    tally *tallies = count_paths(arena, model, chosen);
    if (figure == NULL || tallies == NULL) {
        return NULL;
    }
    figure->overview = true;
    if (model->drivers.count > 0) {
        qsort(tallies, model->drivers.count, sizeof *tallies, by_first);
    }
    draw_table(figure, tallies, chosen);
    for (uint32_t i = 0; i < chosen->count && figure->status == RM_OK; i++) {
        draw_path(figure, chosen->paths[i], chosen->ranks[chosen->paths[i]]);
    }
    return figure;
}
