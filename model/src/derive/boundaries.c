#include "steps.h"

#include <stdlib.h>

#include "ident.h"

/* One row for each crossing that some path makes: kind, and between which nodes. */

typedef struct crossing {
    rm_boundary_kind kind;
    rm_str from_level, to_level, from_node, to_node;
} crossing;

static rm_status add(rm_derivation *d, rm_map *seen, const crossing *c) {
    bool is_new = false;
    uint32_t *times = NULL;
    rm_ident ident = {0};
    rm_str id = RM_STR_NONE;
    rm_ident_part(&ident, rm_str_from(rm_boundary_kind_name(c->kind)));
    rm_ident_part(&ident, c->from_node);
    rm_ident_part(&ident, c->to_node);
    rm_status st = rm_ident_make(d->model->arena, "boundary", &ident, &id);
    if (st == RM_OK) {
        st = rm_map_at(seen, id, &times, &is_new);
    }
    if (st != RM_OK || !is_new) {
        return st;
    }
    rm_boundary *b = rm_push(d->model->arena, &d->model->boundaries);
    if (b == NULL) {
        return RM_NOMEM;
    }
    *b = (rm_boundary){.id = id,
                       .kind = c->kind,
                       .from_level = c->from_level,
                       .to_level = c->to_level,
                       .from_node = c->from_node,
                       .to_node = c->to_node};
    return RM_OK;
}

/* The driver that a step is about: an entry's, or the one passed through. */
static rm_str driver_of_step(const rm_path *p, uint32_t step) {
    return step < p->steps.count ? p->steps.at[step].node : RM_STR_NONE;
}

static rm_status of_path(rm_derivation *d, rm_map *seen, const rm_path *p) {
    rm_str from = p->steps.count > 0 ? p->steps.at[0].node : RM_STR_NONE;
    rm_str level = p->origin;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < p->steps.count; i++) {
        const rm_step *s = &p->steps.at[i];
        rm_boundary_kind kind = RM_BOUNDARY_USER;
        if (s->kind == RM_STEP_ENTRY) {
            from = s->node;
            level = RM_STR("kernel");
        }
        if (s->boundary.len == 0 || !rm_boundary_kind_from(s->boundary, &kind)) {
            continue;
        }
        bool to_service = kind == RM_BOUNDARY_APP_SERVICE;
        bool between = kind == RM_BOUNDARY_DRIVER_DRIVER || kind == RM_BOUNDARY_HOST_KERNEL;
        level = kind == RM_BOUNDARY_HOST_KERNEL ? RM_STR("umdf_host") : level;
        rm_str to = between ? driver_of_step(p, i + 1) : s->node;
        st = add(d, seen,
                 &(crossing){.kind = kind,
                             .from_level = level,
                             .to_level = to_service ? RM_STR("service") : RM_STR("kernel"),
                             .from_node = from,
                             .to_node = to});
        if (to_service) {
            from = s->node;
            level = RM_STR("service");
        }
    }
    return st;
}

static int by_id(const void *a, const void *b) {
    return rm_str_cmp(((const rm_boundary *)a)->id, ((const rm_boundary *)b)->id);
}

rm_status rm_boundaries_build(rm_derivation *d) {
    rm_map seen = {.arena = d->scratch};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < d->model->paths.count; i++) {
        st = of_path(d, &seen, &d->model->paths.at[i]);
    }
    if (st == RM_OK && d->model->boundaries.count > 1) {
        qsort(d->model->boundaries.at, d->model->boundaries.count, sizeof(rm_boundary), by_id);
    }
    return st;
}
