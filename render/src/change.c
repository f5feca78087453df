#include "change.h"

#include "find.h"
#include "model/diff.h"
#include "node.h"
#include "slice.h"
#include "zone.h"

/* One of the two models: which of its paths are drawn, and the picture of them. */
typedef struct side {
    const rm_model *model;
    bool *changed;                 /* by path */
    const rm_difference **because; /* by path */
    rm_selection chosen;
    unsigned *ranks;
    rm_view view;
    rm_figure *figure;
} side;

static rm_status prepare(rm_arena *arena, const rm_model *model, side *out) {
    *out = (side){.model = model,
                  .changed = RM_NEW_ARRAY(arena, bool, model->paths.count + 1u),
                  .because = RM_NEW_ARRAY(arena, const rm_difference *, model->paths.count + 1u),
                  .view = {.kind = RM_VIEW_DIFF, .model = model, .focus = RM_NONE}};
    return out->changed == NULL || out->because == NULL ? RM_NOMEM : RM_OK;
}

static void take(side *s, uint32_t path, const rm_difference *d) {
    if (path < s->model->paths.count) {
        s->changed[path] = true;
        s->because[path] = d;
    }
}

/* Of the changed paths those that the picture of the model would draw, under their numbers. */
static rm_status choose(rm_arena *arena, side *s) {
    rm_status st = rm_select_paths(arena, s->model, s->changed, &s->chosen);
    if (st != RM_OK) {
        return st;
    }
    s->ranks = RM_NEW_ARRAY(arena, unsigned, s->chosen.count + 1u);
    for (uint32_t i = 0; s->ranks != NULL && i < s->chosen.count; i++) {
        s->ranks[i] = s->chosen.ranks[s->chosen.paths[i]];
    }
    return s->ranks == NULL ? RM_NOMEM : RM_OK;
}

static rm_status draw(rm_arena *arena, side *s, uint32_t most) {
    const rm_slice wanted = {.view = &s->view,
                             .paths = s->chosen.paths,
                             .ranks = s->ranks,
                             .count = s->chosen.count < most ? s->chosen.count : most,
                             .rows_max = RM_FIGURE_ROWS};
    s->figure = rm_slice_draw(arena, &wanted);
    return s->figure == NULL ? RM_NOMEM : s->figure->status;
}

/* What is gone gets the room that what is new has left. */
static rm_status draw_both(rm_arena *arena, side *now, side *old) {
    rm_status st = draw(arena, now, UINT32_MAX);
    for (uint32_t most = old->chosen.count; st == RM_OK; most /= 2) {
        st = draw(arena, old, most);
        if (most == 0 || (now->figure->nodes.count + old->figure->nodes.count <= RM_FIGURE_NODES &&
                          now->figure->edges.count + old->figure->edges.count <= RM_FIGURE_EDGES)) {
            break;
        }
    }
    return st;
}

/* ---- the older picture into the newer one ---- */

static uint32_t same_node(const rm_figure *figure, const rm_node *node) {
    for (uint32_t i = 0; i < figure->nodes.count; i++) {
        if (rm_str_eq(figure->nodes.at[i].id, node->id)) {
            return i;
        }
    }
    return RM_NONE;
}

static uint32_t same_row(const rm_node *node, const rm_row *row) {
    for (uint32_t i = 0; i < node->rows.count; i++) {
        if (rm_str_eq(node->rows.at[i].code, row->code) &&
            rm_str_eq(node->rows.at[i].name, row->name)) {
            return i;
        }
    }
    return RM_NONE;
}

#define SAME(list, from, into, index)                                                              \
    ((index) >= (from)->list.count                                                                 \
         ? RM_NONE                                                                                 \
         : rm_find_id((into)->list.at, (into)->list.count, sizeof *(into)->list.at,                \
                      (from)->list.at[index].id))

/*
 * The path to a thing is gone, not the thing itself: what the newer model still has is drawn as it
 * is there. RM_NONE: the newer model does not have it, or not as a device.
 */
static uint32_t as_it_is_now(rm_figure *into, const rm_figure *from, const rm_node *node) {
    if (node->kind != RM_NODE_DEVICE) {
        return RM_NONE;
    }
    uint32_t driver = SAME(drivers, from->model, into->model, node->driver);
    uint32_t device = SAME(devices, from->model, into->model, node->key);
    if (driver == RM_NONE || (node->key != RM_NONE && device == RM_NONE)) {
        return RM_NONE;
    }
    uint32_t index = rm_node_device(into, driver, device);
    if (index != RM_NONE) {
        into->nodes.at[index].column = node->column;
    }
    return index;
}

static void mark_gone(rm_marks *marks) {
    for (uint32_t i = 0; i < marks->count; i++) {
        marks->at[i].gone = true;
    }
}

/* A thing of the older model alone: its indices mean nothing in the newer one. */
static uint32_t add_node(rm_figure *into, const rm_figure *from, const rm_node *node) {
    uint32_t zone = rm_zone_get(into, from->zones.at[node->zone].order);
    rm_node *copy = zone == RM_NONE ? NULL : rm_push(into->arena, &into->nodes);
    if (copy == NULL) {
        into->status = RM_NOMEM;
        return RM_NONE;
    }
    *copy = *node;
    copy->zone = zone;
    copy->gone = node->kind == RM_NODE_DEVICE;
    copy->key = RM_NONE;
    copy->driver = RM_NONE;
    for (uint32_t i = 0; i < copy->rows.count; i++) {
        copy->rows.at[i].entry = RM_NONE;
        copy->rows.at[i].gone = true;
        mark_gone(&copy->rows.at[i].marks);
    }
    return into->nodes.count - 1;
}

static uint32_t add_row(rm_figure *into, const rm_figure *from, uint32_t index, const rm_row *row) {
    uint32_t entry = SAME(entries, from->model, into->model, row->entry);
    if (entry != RM_NONE) {
        uint32_t at = rm_node_row(into, index, entry);
        if (at != RM_NONE) {
            into->nodes.at[index].rows.at[at].span = 1;
        }
        return at;
    }
    rm_node *node = &into->nodes.at[index];
    rm_row *copy = rm_push(into->arena, &node->rows);
    if (copy == NULL) {
        into->status = RM_NOMEM;
        return RM_NONE;
    }
    *copy = *row;
    copy->entry = RM_NONE;
    copy->gone = true;
    copy->span = 1;
    mark_gone(&copy->marks);
    return node->rows.count - 1;
}

static void add_marks(rm_figure *into, rm_marks *to, const rm_marks *from) {
    for (uint32_t i = 0; i < from->count; i++) {
        rm_mark *mark = rm_push(into->arena, to);
        if (mark == NULL) {
            into->status = RM_NOMEM;
            return;
        }
        *mark = from->at[i];
        mark->gone = true;
    }
}

/* The rows of a node that is in both: those gone are added at the end. */
static uint32_t *add_rows(rm_figure *into, const rm_figure *from, uint32_t index,
                          const rm_node *node) {
    uint32_t *places = RM_NEW_ARRAY(into->arena, uint32_t, node->rows.count + 1u);
    for (uint32_t i = 0; places != NULL && i < node->rows.count && into->status == RM_OK; i++) {
        uint32_t at = same_row(&into->nodes.at[index], &node->rows.at[i]);
        if (at == RM_NONE) {
            at = add_row(into, from, index, &node->rows.at[i]);
        } else if (node->dense && into->nodes.at[index].dense) {
            add_marks(into, &into->nodes.at[index].rows.at[at].marks, &node->rows.at[i].marks);
        }
        places[i] = at;
    }
    if (places == NULL) {
        into->status = RM_NOMEM;
    }
    return places;
}

/* Where each node and row of the older picture is in the newer one. */
typedef struct moved {
    uint32_t *nodes;
    uint32_t **rows; /* NULL: as they were */
} moved;

static uint32_t row_at(const moved *m, uint32_t node, uint32_t row) {
    return row == RM_NONE || m->rows[node] == NULL ? row : m->rows[node][row];
}

static void add_edge(rm_figure *into, const moved *m, const rm_edge *edge) {
    rm_edge copy = *edge;
    copy.from = m->nodes[edge->from];
    copy.to = m->nodes[edge->to];
    copy.from_row = row_at(m, edge->from, edge->from_row);
    copy.to_row = row_at(m, edge->to, edge->to_row);
    for (uint32_t i = 0; i < into->edges.count; i++) {
        rm_edge *have = &into->edges.at[i];
        if (have->from == copy.from && have->to == copy.to && have->from_row == copy.from_row &&
            have->to_row == copy.to_row) {
            add_marks(into, &have->marks, &edge->marks);
            return;
        }
    }
    rm_edge *added = rm_push(into->arena, &into->edges);
    if (added == NULL) {
        into->status = RM_NOMEM;
        return;
    }
    copy.worst = false;
    mark_gone(&copy.marks);
    *added = copy;
}

static void join(rm_figure *into, const rm_figure *from) {
    moved m = {RM_NEW_ARRAY(into->arena, uint32_t, from->nodes.count + 1u),
               RM_NEW_ARRAY(into->arena, uint32_t *, from->nodes.count + 1u)};
    if (m.nodes == NULL || m.rows == NULL) {
        into->status = RM_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < from->nodes.count && into->status == RM_OK; i++) {
        const rm_node *node = &from->nodes.at[i];
        m.nodes[i] = same_node(into, node);
        m.nodes[i] = m.nodes[i] == RM_NONE ? as_it_is_now(into, from, node) : m.nodes[i];
        if (m.nodes[i] == RM_NONE) {
            m.nodes[i] = add_node(into, from, node);
        } else {
            m.rows[i] = add_rows(into, from, m.nodes[i], node);
        }
    }
    for (uint32_t i = 0; i < from->edges.count && into->status == RM_OK; i++) {
        add_edge(into, &m, &from->edges.at[i]);
    }
}

/* ---- what changed of each ---- */

static void tell_changes(const side *s, const rm_figure *from, bool gone, rm_figure *into) {
    for (uint32_t i = 0; i < from->paths.count; i++) {
        uint32_t index = (uint32_t)(from->paths.at[i].of - s->model->paths.at);
        rm_drawn_path path = from->paths.at[i];
        path.gone = gone;
        path.change = s->because[index]->change;
        path.what = s->because[index]->text;
        rm_drawn_path *place =
            into == from ? &into->paths.at[i] : rm_push(into->arena, &into->paths);
        if (place == NULL) {
            into->status = RM_NOMEM;
            return;
        }
        *place = path;
    }
}

/* The changes stand in the order of concern. */
static rm_change change_of(const rm_figure *figure, const rm_edge *edge) {
    rm_change worst = RM_CHANGE_GONE;
    for (uint32_t i = 0; i < edge->marks.count; i++) {
        for (uint32_t p = 0; p < figure->paths.count; p++) {
            const rm_drawn_path *path = &figure->paths.at[p];
            if (path->rank == edge->marks.at[i].rank && path->gone == edge->marks.at[i].gone &&
                path->change < worst) {
                worst = path->change;
            }
        }
    }
    return worst;
}

/* "new finding: 2", "worse access: 1": what is not a path is not drawn. */
static void tell_others(rm_figure *figure, const rm_differences *all) {
    uint32_t counts[RM_DIFF_COUNT][RM_CHANGE_COUNT] = {{0}};
    for (uint32_t i = 0; i < all->count; i++) {
        counts[all->at[i].kind][all->at[i].change]++;
    }
    for (unsigned kind = RM_DIFF_FINDING; kind < RM_DIFF_COUNT; kind++) {
        for (unsigned change = 0; change < RM_CHANGE_COUNT; change++) {
            rm_str text = RM_STR_NONE;
            if (counts[kind][change] == 0) {
                continue;
            }
            if (rm_str_printf(figure->arena, &text, "%s %s: %u", rm_change_name((rm_change)change),
                              rm_diff_kind_name((rm_diff_kind)kind),
                              (unsigned)counts[kind][change]) != RM_OK) {
                figure->status = RM_NOMEM;
                return;
            }
            rm_figure_text(figure, &figure->left_out, text);
        }
    }
}

/* Changed paths that no line is drawn for: of other principals, or less severe. */
static void tell_undrawn(rm_figure *figure, const side *now, const side *old) {
    uint32_t changed = 0;
    rm_str text = RM_STR_NONE;
    for (uint32_t i = 0; i < now->model->paths.count; i++) {
        changed += now->changed[i];
    }
    for (uint32_t i = 0; i < old->model->paths.count; i++) {
        changed += old->changed[i];
    }
    if (changed > figure->paths.count &&
        rm_str_printf(figure->arena, &text, "%u more %s that changed",
                      (unsigned)(changed - figure->paths.count),
                      rm_plural(changed - figure->paths.count, "path", "paths")) == RM_OK) {
        rm_figure_text(figure, &figure->left_out, text);
    }
}

rm_status rm_change_draw(rm_arena *arena, const rm_model *before, const rm_model *after,
                         rm_figure **out) {
    rm_differences all = {0};
    side now;
    side old;
    rm_status st = rm_diff(arena, before, after, &all);
    st = st == RM_OK ? prepare(arena, after, &now) : st;
    st = st == RM_OK ? prepare(arena, before, &old) : st;
    if (st != RM_OK) {
        return st;
    }
    for (uint32_t i = 0; i < all.count; i++) {
        if (all.at[i].kind == RM_DIFF_PATH) {
            bool gone = all.at[i].change == RM_CHANGE_GONE;
            take(gone ? &old : &now, gone ? all.at[i].before : all.at[i].after, &all.at[i]);
        }
    }
    st = choose(arena, &now);
    st = st == RM_OK ? choose(arena, &old) : st;
    st = st == RM_OK ? draw_both(arena, &now, &old) : st;
    if (st != RM_OK) {
        return st;
    }
    rm_figure *figure = now.figure;
    figure->diff = true;
    tell_changes(&now, figure, false, figure);
    join(figure, old.figure);
    tell_changes(&old, old.figure, true, figure);
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        figure->edges.at[i].change = change_of(figure, &figure->edges.at[i]);
    }
    tell_undrawn(figure, &now, &old);
    tell_others(figure, &all);
    *out = figure;
    return figure->status;
}
