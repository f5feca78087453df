#include "trace.h"

#include <string.h>

#include "answer.h"
#include "find.h"
#include "node.h"

/* A request on its way to another driver. */
typedef struct hop {
    bool open;
    bool boundary;           /* crosses one between drivers */
    uint32_t forward;        /* RM_NONE: passed down the stack unchanged */
    uint32_t driver, device; /* where it goes, as far as that is known */
} hop;

/* Where a path has come to. */
typedef struct tracer {
    rm_figure *figure;
    const rm_path *path;
    unsigned rank;
    unsigned step;         /* edges drawn so far */
    uint32_t node, row;    /* where the request is */
    unsigned column;       /* of the next device */
    hop hop;               /* sent on, and not yet arrived */
    rm_validation verdict; /* the best so far: once validated, the bytes stay so */
    bool judged;           /* a hop or a sink has been passed */
} tracer;

/* ---- ids of steps back to the model ---- */

static uint32_t find_entry(const rm_model *m, rm_str id) {
    return rm_find_id(m->entries.at, m->entries.count, sizeof *m->entries.at, id);
}

static uint32_t find_forward(const rm_model *m, rm_str id) {
    return rm_find_id(m->forwards.at, m->forwards.count, sizeof *m->forwards.at, id);
}

static uint32_t find_sink(const rm_model *m, rm_str id) {
    return rm_find_id(m->sinks.at, m->sinks.count, sizeof *m->sinks.at, id);
}

static uint32_t find_driver(const rm_model *m, rm_str id) {
    return rm_find_id(m->drivers.at, m->drivers.count, sizeof *m->drivers.at, id);
}

static uint32_t find_service(const rm_model *m, rm_str id) {
    return rm_find_id(m->services.at, m->services.count, sizeof *m->services.at, id);
}

/* ---- edges ---- */

static rm_edge *find_edge(rm_figure *figure, const tracer *t, uint32_t to, uint32_t to_row) {
    for (uint32_t i = 0; i < figure->edges.count; i++) {
        rm_edge *e = &figure->edges.at[i];
        if (e->from == t->node && e->from_row == t->row && e->to == to && e->to_row == to_row) {
            return e;
        }
    }
    return NULL;
}

static rm_edge *edge_to(const tracer *t, uint32_t to, uint32_t to_row) {
    rm_edge *edge = find_edge(t->figure, t, to, to_row);
    if (edge == NULL) {
        edge = rm_push(t->figure->arena, &t->figure->edges);
        if (edge == NULL) {
            t->figure->status = RM_NOMEM;
            return NULL;
        }
        *edge = (rm_edge){.from = t->node,
                          .to = to,
                          .from_row = t->row,
                          .to_row = to_row,
                          .verdict = RM_VALIDATION_VALIDATED};
    }
    return edge;
}

/* Goes on to another place and leaves this path's mark on the edge. */
static rm_edge *go(tracer *t, uint32_t to, uint32_t to_row) {
    if (t->figure->status != RM_OK || to == RM_NONE) {
        return NULL;
    }
    rm_edge *edge = edge_to(t, to, to_row);
    rm_mark *mark = edge != NULL ? rm_push(t->figure->arena, &edge->marks) : NULL;
    if (mark == NULL) {
        t->figure->status = RM_NOMEM;
        return NULL;
    }
    *mark = (rm_mark){.rank = t->rank, .step = ++t->step};
    edge->worst = edge->worst || t->rank == 1;
    if (t->verdict < edge->verdict) {
        edge->verdict = t->verdict;
    }
    t->node = to;
    t->row = to_row;
    return edge;
}

/* What a forward does to the request, in words. */
static rm_str forward_note(const rm_model *model, uint32_t forward) {
    static const char *const notes[2][RM_AFTER_COUNT] = {
        {[RM_AFTER_PRESERVED] = "same request passed on",
         [RM_AFTER_KERNEL] = "sent as KernelMode",
         [RM_AFTER_USER] = "sent as UserMode",
         [RM_AFTER_UNKNOWN] = "passed on, mode not known"},
        {[RM_AFTER_PRESERVED] = "new request, mode kept",
         [RM_AFTER_KERNEL] = "new request, KernelMode",
         [RM_AFTER_USER] = "new request, UserMode",
         [RM_AFTER_UNKNOWN] = "new request, mode not known"}};
    if (forward >= model->forwards.count) {
        return RM_STR("passed down the stack");
    }
    const rm_forward *f = &model->forwards.at[forward];
    return rm_str_from(notes[f->new_irp][f->requestor_mode_after]);
}

static void pass(tracer *t, rm_validation verdict) {
    t->verdict = t->judged && t->verdict > verdict ? t->verdict : verdict;
    t->judged = true;
}

/* Arrives at a device: by the pending forward, or through its door. */
static void arrive(tracer *t, uint32_t driver, uint32_t device, uint32_t entry) {
    const rm_model *model = t->figure->model;
    uint32_t to = rm_node_device(t->figure, driver, device);
    if (to == RM_NONE) {
        return;
    }
    uint32_t row = entry != RM_NONE ? rm_node_row(t->figure, to, entry) : RM_NONE;
    rm_node *node = &t->figure->nodes.at[to];
    node->column = node->column > t->column ? node->column : t->column;
    rm_edge *edge = go(t, to, row);
    if (edge != NULL) {
        edge->back =
            edge->back || rm_entry_answers(model, entry) || rm_sink_answers(model, t->path->sink);
    }
    if (edge != NULL && t->hop.open) {
        edge->note = forward_note(model, t->hop.forward);
        node->ring |= t->hop.boundary; /* numbered when the figure is finished */
    }
    t->hop.open = false;
    t->column++;
}

/* An entry, or a driver that has none for the request and passes it on. */
static void arrive_at(tracer *t, rm_str node) {
    const rm_model *model = t->figure->model;
    uint32_t entry = find_entry(model, node);
    uint32_t driver = entry == RM_NONE ? find_driver(model, node) : RM_NONE;
    if (entry != RM_NONE) {
        arrive(t, model->entries.at[entry].driver, rm_entry_device(model, entry), entry);
    } else if (driver != RM_NONE) {
        arrive(t, driver, rm_driver_device(model, driver), RM_NONE);
    }
}

/* A forward whose target has no entry in the model ends at the device, if that is known. */
static void settle(tracer *t) {
    if (t->hop.open) {
        arrive(t, t->hop.driver, t->hop.device, RM_NONE);
    }
}

static void send_on(tracer *t, const rm_step *step) {
    const rm_model *model = t->figure->model;
    uint32_t forward = find_forward(model, step->node);
    t->hop = (hop){.open = true, .forward = forward, .driver = RM_NONE, .device = RM_NONE};
    if (forward != RM_NONE) {
        const rm_forward *f = &model->forwards.at[forward];
        t->hop.driver = f->to_driver;
        t->hop.device = f->to_device;
        t->hop.boundary = f->from_driver != RM_NONE;
    } else {
        t->hop.driver = find_driver(model, step->node);
        t->hop.device = rm_driver_device(model, t->hop.driver);
        t->hop.boundary = step->boundary.len > 0;
    }
}

static void reach_sink(tracer *t, uint32_t sink) {
    if (sink < t->figure->model->sinks.count) {
        uint32_t node = rm_node_sink(t->figure, &t->figure->model->sinks.at[sink]);
        rm_edge *edge = go(t, node, RM_NONE);
        if (edge != NULL) {
            edge->back = edge->back || rm_sink_answers(t->figure->model, sink);
        }
    }
}

static void reach_service(tracer *t, rm_str service) {
    const rm_model *model = t->figure->model;
    rm_edge *edge = go(t, rm_node_service(t->figure, find_service(model, service)), RM_NONE);
    if (edge != NULL) {
        edge->back = edge->back || rm_sink_answers(model, t->path->sink);
    }
}

static void follow(tracer *t, const rm_step *step) {
    const rm_model *model = t->figure->model;
    switch (step->kind) {
    case RM_STEP_ORIGIN:
    case RM_STEP_DOOR:
    case RM_STEP_CAPABILITY:
    case RM_STEP_DEVICE: break;
    case RM_STEP_SERVICE: reach_service(t, step->node); break;
    case RM_STEP_ENTRY: arrive_at(t, step->node); break;
    case RM_STEP_FORWARD:
        settle(t);
        send_on(t, step);
        pass(t, step->validation);
        break;
    case RM_STEP_SINK:
        settle(t);
        pass(t, step->validation);
        reach_sink(t, find_sink(model, step->node));
        break;
    case RM_STEP_COUNT: break;
    }
}

/* What the first driver does with the input: the verdict of the way to its door. */
static rm_validation first_verdict(const rm_path *path) {
    for (uint32_t i = 0; i < path->steps.count; i++) {
        rm_step_kind kind = path->steps.at[i].kind;
        if (kind == RM_STEP_FORWARD || kind == RM_STEP_SINK) {
            return path->steps.at[i].validation;
        }
    }
    return path->validation;
}

/*
 * A path may be better than every driver on it: its service, say, may not hand on what its caller
 * sent. Then that is the verdict of all its lines.
 */
static void judge_before(tracer *t) {
    rm_validation best = RM_VALIDATION_UNVALIDATED;
    for (uint32_t i = 0; i < t->path->steps.count; i++) {
        const rm_step *step = &t->path->steps.at[i];
        if ((step->kind == RM_STEP_FORWARD || step->kind == RM_STEP_SINK) &&
            step->validation > best) {
            best = step->validation;
        }
    }
    t->verdict = first_verdict(t->path);
    if (best < t->path->validation) {
        pass(t, t->path->validation);
    }
}

/* Is there a row for this entry, or room for one? */
static bool has_room(const rm_figure *figure, uint32_t entry) {
    const rm_model *model = figure->model;
    if (entry >= model->entries.count) {
        return true;
    }
    uint32_t node =
        rm_node_find_device(figure, model->entries.at[entry].driver, rm_entry_device(model, entry));
    if (node == RM_NONE || figure->nodes.at[node].rows.count < figure->rows_max) {
        return true;
    }
    const rm_rows *rows = &figure->nodes.at[node].rows;
    for (uint32_t i = 0; i < rows->count; i++) {
        if (rows->at[i].entry == entry) {
            return true;
        }
    }
    return false;
}

static bool path_has_room(const rm_figure *figure, const rm_path *path) {
    if (!has_room(figure, path->entry)) {
        return false;
    }
    for (uint32_t i = 0; i < path->steps.count; i++) {
        const rm_step *step = &path->steps.at[i];
        if (step->kind == RM_STEP_ENTRY &&
            !has_room(figure, find_entry(figure->model, step->node))) {
            return false;
        }
    }
    return true;
}

bool rm_trace_path(rm_figure *figure, uint32_t path, unsigned rank) {
    tracer t = {.figure = figure,
                .path = &figure->model->paths.at[path],
                .rank = rank,
                .row = RM_NONE,
                .column = 2};
    if (!path_has_room(figure, t.path)) {
        return false;
    }
    t.node = rm_node_origin(figure, t.path);
    judge_before(&t);
    for (uint32_t i = 0; i < t.path->steps.count && figure->status == RM_OK; i++) {
        follow(&t, &t.path->steps.at[i]);
    }
    if (t.step == 0) { /* no steps: what the row of the path itself says */
        if (t.path->entry < figure->model->entries.count) {
            arrive_at(&t, figure->model->entries.at[t.path->entry].id);
        }
        reach_sink(&t, t.path->sink);
    }
    return true;
}
