#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "ident.h"
#include "model/sinks.h"
#include "steps.h"

enum { MOST_ROWS = 400000 }; /* made at all: what is beyond would not be read, and memory ends */
enum { ROW_LIMIT = 100000 }; /* above it a scan keeps what the contract says */

/* ---- one row for each (origin, app, door, entry, chain of drivers, class and api) ---- */

/* The row of that key, or a new empty one. */
static rm_status row_for(rm_derivation *d, rm_str key, uint32_t *row, bool *is_new) {
    uint32_t *place = NULL;
    d->rows.arena = d->scratch;
    rm_status st = rm_map_at(&d->rows, key, &place, is_new);
    if (st == RM_OK && *is_new) {
        if (rm_push(d->model->arena, &d->model->paths) == NULL) {
            return RM_NOMEM;
        }
        *place = d->model->paths.count - 1;
    }
    if (st == RM_OK) {
        *row = *place;
    }
    return st;
}

/* ---- what a trail comes to ---- */

static rm_str driver_name(const rm_model *m, uint32_t driver) {
    return driver == RM_NONE ? RM_STR("?") : m->drivers.at[driver].name;
}

static rm_status chain_of(rm_arena *arena, const rm_model *m, const rm_trail *t, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (uint32_t i = 0; i < t->hop_count; i++) {
        rm_buf_text(&buf, i > 0 ? " > " : "");
        rm_buf_str(&buf, driver_name(m, t->hops[i].driver));
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

static bool through_service(const rm_admission *a) {
    return a->service != RM_NONE && !a->impersonates;
}

/* The boundary that a service crosses into the kernel is that of its account. */
static rm_boundary_kind service_boundary(const rm_admission *a) {
    return a->origin->boundary == RM_BOUNDARY_SYSTEM ? RM_BOUNDARY_SYSTEM : RM_BOUNDARY_SERVICE;
}

static rm_status boundaries_of(rm_arena *arena, const rm_trail *t, rm_str *out) {
    rm_buf buf = {.arena = arena};
    const rm_admission *a = t->admission;
    if (through_service(a)) {
        rm_buf_printf(&buf, "%s > %s", rm_boundary_kind_name(RM_BOUNDARY_APP_SERVICE),
                      rm_boundary_kind_name(service_boundary(a)));
    } else {
        rm_buf_text(&buf, rm_boundary_kind_name(a->origin->boundary));
    }
    for (uint32_t i = 1; i < t->hop_count; i++) {
        rm_buf_printf(&buf, " > %s", rm_boundary_kind_name(RM_BOUNDARY_DRIVER_DRIVER));
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

/* The words of hops and sink, the sink first; returns how many. */
static uint32_t validations_of(const rm_model *m, const rm_trail *t, uint32_t sink,
                               rm_validation out[RM_MAX_HOPS + 2]) {
    uint32_t count = 0;
    out[count++] = m->sinks.at[sink].validation;
    for (uint32_t i = 1; i < t->hop_count; i++) {
        out[count++] = t->hops[i].validation;
    }
    if (through_service(t->admission)) {
        out[count++] = t->admission->service_validation;
    }
    return count;
}

/* The word of the smallest V: one hop that validates makes the path validated. */
static rm_validation best_of(const rm_validation *words, uint32_t count) {
    rm_validation best = RM_VALIDATION_UNVALIDATED;
    for (uint32_t i = 0; i < count; i++) {
        best = words[i] > best ? words[i] : best;
    }
    return best;
}

static bool is_undecided(const rm_path *p) {
    return p->gate_open == RM_GATE_UNKNOWN || p->gate_name == RM_GATE_UNKNOWN ||
           p->gate_deliver == RM_GATE_UNKNOWN || p->gate_handle == RM_GATE_UNKNOWN ||
           p->authorisation == RM_AUTH_UNDECIDED;
}

/* Whether the way is open at all, or to some: the smallest that applies (ontology 4.3). */
static uint32_t reach_of(const rm_derivation *d, const rm_admission *a, const rm_path *p) {
    uint32_t reach = is_undecided(p) ? d->weights->reach_undecided : 1000;
    return a->permit.reach != 0 && a->permit.reach < reach ? a->permit.reach : reach;
}

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

static rm_confidence confidence_of(const rm_path *p) {
    if (p->state >= RM_STATE_UNKNOWN || p->validation == RM_VALIDATION_UNKNOWN) {
        return RM_CONFIDENCE_LOW;
    }
    return p->state >= RM_STATE_DERIVED && p->state != RM_STATE_DECLARED ? RM_CONFIDENCE_MEDIUM
                                                                         : RM_CONFIDENCE_HIGH;
}

static void set_gates(const rm_derivation *d, const rm_trail *t, rm_path *p) {
    const rm_admission *a = t->admission;
    const rm_device *device = &d->model->devices.at[a->device];
    p->gate_open = a->handed_over      ? RM_GATE_OPEN
                   : a->permit.unknown ? RM_GATE_UNKNOWN
                                       : a->reach.open;
    p->gate_name = device->name_unknown && a->door == RM_NONE ? RM_GATE_UNKNOWN : RM_GATE_OPEN;
    p->gate_deliver = t->deliver;
    p->gate_handle = t->handle;
    p->authorisation = t->authorisation;
}

static rm_status fill(rm_derivation *d, const rm_trail *t, uint32_t sink, rm_path *p) {
    const rm_model *m = d->model;
    const rm_admission *a = t->admission;
    const rm_sink_call *call = &m->sinks.at[sink];
    const rm_sink_class *class_of = rm_sink_class_find(call->class_name);
    rm_validation words[RM_MAX_HOPS + 2];
    rm_score_input in = {.disparity = a->disparity,
                         .severity = class_of == NULL ? 400 : class_of->severity,
                         .validations = words,
                         .validation_count = validations_of(m, t, sink, words),
                         .boundaries = t->hop_count + through_service(a),
                         .kernel_hop = t->kernel_hop};
    *p = (rm_path){.origin = a->caller,
                   .app = a->app,
                   .door = a->door,
                   .device = a->device,
                   .entry = t->first_entry,
                   .hops = t->hop_count,
                   .sink = sink,
                   .validation = best_of(words, in.validation_count),
                   .requestor_mode = t->hops[t->hop_count - 1].mode};
    set_gates(d, t, p);
    in.reach = reach_of(d, a, p);
    p->state = later(later(t->state, call->state), a->state);
    p->state = is_undecided(p) ? later(p->state, RM_STATE_UNKNOWN) : p->state;
    p->confidence = confidence_of(p);
    p->score = rm_score(d->weights, &in);
    p->severity = rm_score_band(p->score);
    rm_status st = chain_of(m->arena, m, t, &p->drivers);
    if (st == RM_OK) {
        st = boundaries_of(m->arena, t, &p->boundaries);
    }
    return st == RM_OK ? rm_score_sentence(m->arena, d->weights, &in, &p->score_text) : st;
}

static rm_status key_of(rm_derivation *d, const rm_trail *t, uint32_t sink, rm_str *key) {
    const rm_admission *a = t->admission;
    const rm_sink_call *call = &d->model->sinks.at[sink];
    rm_str chain = RM_STR_NONE;
    rm_status st = chain_of(d->scratch, d->model, t, &chain);
    return st != RM_OK ? st
                       : rm_str_printf(d->scratch, key, "%.*s|%u|%u|%u|%u|%u|%.*s|%.*s|%.*s",
                                       RM_STR_ARG(a->caller), (unsigned)a->app, (unsigned)a->door,
                                       (unsigned)a->device, (unsigned)a->service,
                                       (unsigned)t->first_entry, RM_STR_ARG(chain),
                                       RM_STR_ARG(call->class_name), RM_STR_ARG(call->api));
}

bool rm_rows_full(rm_derivation *d) {
    bool full = d->model->paths.count >= MOST_ROWS;
    if (full && !d->said_full) {
        d->said_full = true;
        rm_diag(d->sink, RM_WARNING, (rm_loc){0}, "paths-cut",
                "more than %d paths: the rest is left out; scan fewer drivers at once", MOST_ROWS);
    }
    return full;
}

rm_status rm_rows_add(rm_derivation *d, const rm_trail *t, uint32_t sink) {
    rm_str key = RM_STR_NONE;
    uint32_t row = 0;
    bool is_new = false;
    rm_path made = {0};
    rm_status st = key_of(d, t, sink, &key);
    if (st == RM_OK) {
        st = fill(d, t, sink, &made);
    }
    if (st == RM_OK) {
        st = row_for(d, key, &row, &is_new);
    }
    if (st != RM_OK || (!is_new && made.score <= d->model->paths.at[row].score)) {
        return st; /* several calls of one class and api: the worst */
    }
    st = rm_steps_build(d, t, &made);
    d->model->paths.at[row] = made;
    return st;
}

/* ---- after the last row ---- */

static rm_status identify(rm_derivation *d, rm_path *p) {
    const rm_model *m = d->model;
    rm_ident ident = {0};
    const rm_sink_call *call = &m->sinks.at[p->sink];
    rm_ident_part(&ident, p->app != RM_NONE ? m->apps.at[p->app].name : p->origin);
    rm_ident_part(&ident, p->door != RM_NONE ? m->doors.at[p->door].name : RM_STR_NONE);
    rm_ident_part(&ident, p->entry != RM_NONE ? m->entries.at[p->entry].name : RM_STR_NONE);
    rm_ident_part(&ident, p->drivers);
    rm_ident_part(&ident, call->class_name);
    rm_ident_part(&ident, call->api);
    return rm_ident_make(m->arena, "path", &ident, &p->id);
}

static int worst_first(const void *a, const void *b) {
    const rm_path *x = a;
    const rm_path *y = b;
    if (x->score != y->score) {
        return x->score < y->score ? 1 : -1;
    }
    return rm_str_cmp(x->id, y->id);
}

static rm_status make_unique(rm_derivation *d) {
    rm_map seen = {.arena = d->scratch};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < d->model->paths.count; i++) {
        st = rm_ident_tell_apart(d->model->arena, &seen, &d->model->paths.at[i].id);
    }
    return st;
}

static uint32_t disparity_of(const rm_derivation *d, const rm_path *p, uint32_t *order) {
    *order = rm_principal_find(&d->principals, p->origin);
    return *order == RM_NONE ? 0 : d->principals.at[*order].disparity;
}

static bool weaker(const rm_derivation *d, const rm_path *a, const rm_path *b) {
    uint32_t order_a = 0;
    uint32_t order_b = 0;
    uint32_t da = disparity_of(d, a, &order_a);
    uint32_t db = disparity_of(d, b, &order_b);
    return da != db ? da > db : order_a < order_b;
}

/* What rows have in common that differ in the origin alone. */
static rm_status key_without_origin(rm_derivation *d, const rm_path *p, rm_str *key) {
    const rm_sink_call *call = &d->model->sinks.at[p->sink];
    return rm_str_printf(d->scratch, key, "%u|%u|%u|%.*s|%.*s|%.*s", (unsigned)p->door,
                         (unsigned)p->device, (unsigned)p->entry, RM_STR_ARG(p->drivers),
                         RM_STR_ARG(call->class_name), RM_STR_ARG(call->api));
}

/* Among those: the one who needs least. */
static rm_status mark_weakest(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    rm_map best = {.arena = d->scratch};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < paths->count; i++) {
        rm_path *p = &paths->at[i];
        rm_str key = RM_STR_NONE;
        uint32_t *weakest = NULL;
        bool is_new = false;
        if (p->app != RM_NONE) {
            continue;
        }
        st = key_without_origin(d, p, &key);
        if (st == RM_OK) {
            st = rm_map_at(&best, key, &weakest, &is_new);
        }
        if (st == RM_OK && (is_new || weaker(d, p, &paths->at[*weakest]))) {
            paths->at[is_new ? i : *weakest].weakest = false;
            *weakest = i;
            p->weakest = true;
        }
    }
    return st;
}

static void cut(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    uint32_t kept = 0;
    uint32_t all = paths->count;
    if (d->all_origins || all <= ROW_LIMIT) {
        return;
    }
    for (uint32_t i = 0; i < all; i++) {
        const rm_path *p = &paths->at[i];
        if (p->weakest || p->app != RM_NONE || rm_str_eq(p->origin, RM_STR("admin_elevated"))) {
            paths->at[kept++] = *p;
        }
    }
    paths->count = kept;
    rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-cut",
            "%u path rows are cut to %u: weakest origins, apps and administrators; --all-origins "
            "keeps all",
            (unsigned)all, (unsigned)kept);
}

rm_status rm_rows_finish(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    rm_status st = mark_weakest(d);
    cut(d);
    for (uint32_t i = 0; st == RM_OK && i < paths->count; i++) {
        st = identify(d, &paths->at[i]);
    }
    if (st == RM_OK && paths->count > 1) {
        qsort(paths->at, paths->count, sizeof paths->at[0], worst_first);
    }
    return st == RM_OK ? make_unique(d) : st;
}
