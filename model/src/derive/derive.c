#include "internal.h"

#include "model/rules.h"
#include "steps.h"

static const size_t scratch_limit = (size_t)4 << 30;

static rm_status walk_all(rm_derivation *d) {
    rm_origins origins = {0};
    rm_status st = rm_derive_origins(d, &origins);
    d->requests_of = RM_NONE;
    d->cuts = (rm_map){.arena = d->scratch};
    d->trail = RM_NEW(d->scratch, rm_trail);
    if (d->trail == NULL) {
        return RM_NOMEM;
    }
    if (st == RM_OK) {
        st = rm_admit_any_code(d, &origins);
    }
    for (uint32_t i = 0; st == RM_OK && i < origins.count; i++) {
        if (origins.at[i].app != RM_NONE) {
            st = rm_admit_app(d, &origins.at[i]);
        }
    }
    return st;
}

/* The built-in principals where none are given, with the D that the weights say. */
static rm_status settle_principals(rm_derivation *d, const rm_principals *given) {
    rm_principals builtin = {0};
    rm_status st = RM_OK;
    if (given == NULL || given->count == 0) {
        st = rm_principals_builtin(d->model->arena, &builtin);
        given = &builtin;
    }
    for (uint32_t i = 0; st == RM_OK && i < given->count; i++) {
        rm_principal *p = rm_push(d->scratch, &d->principals);
        if (p == NULL) {
            return RM_NOMEM;
        }
        *p = given->at[i];
        p->disparity = rm_weight_of(d->weights, "D", p->name, p->disparity);
    }
    d->model->weights = (rm_weight_table){0};
    return st == RM_OK ? rm_weights_list(d->model->arena, d->weights, given, &d->model->weights)
                       : st;
}

static rm_status derive(rm_derivation *d) {
    typedef rm_status stage(rm_derivation *);
    static stage *const stages[] = {rm_derivation_index, rm_derive_grants,   rm_derive_access,
                                    rm_derive_handles,   rm_derive_leads,    walk_all,
                                    rm_rows_finish,      rm_boundaries_build};
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof stages / sizeof stages[0]; i++) {
        st = stages[i](d);
    }
    return st;
}

rm_status rm_derive(rm_model *model, rm_sink *sink, const rm_derive_options *options) {
    rm_derivation d = {
        .model = model,
        .sink = sink,
        .scratch = rm_arena_new(scratch_limit),
        .weights = options->weights != NULL ? options->weights : &rm_default_weights,
        .all_origins = options->all_origins,
    };
    rm_status st = d.scratch == NULL ? RM_NOMEM : settle_principals(&d, options->principals);
    if (st == RM_OK) {
        st = derive(&d);
    }
    if (st == RM_OK && !options->paths_only) {
        st = rm_rules_apply(model);
    }
    rm_arena_free(d.scratch);
    return st;
}
