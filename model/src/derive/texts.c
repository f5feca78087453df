#include <stdlib.h>

#include "ident.h"
#include "model/cvss.h"
#include "steps.h"

/* The rows that are kept get their texts, their steps, their ids and their order. */

static rm_str driver_name(const rm_model *m, uint32_t driver) {
    return driver == RM_NONE ? RM_STR("?") : m->drivers.at[driver].name;
}

static rm_status chain_of(rm_arena *arena, const rm_model *m, const rm_chain *c, rm_str *out) {
    rm_buf buf = {.arena = arena};
    for (uint32_t i = 0; i < c->hop_count; i++) {
        rm_buf_text(&buf, i > 0 ? " > " : "");
        rm_buf_str(&buf, driver_name(m, c->hops[i].driver));
    }
    *out = rm_buf_take(&buf);
    return buf.status;
}

/* The boundary that a service crosses into the kernel is that of its account. */
static rm_boundary_kind service_boundary(const rm_admission *a) {
    return a->origin->boundary == RM_BOUNDARY_SYSTEM ? RM_BOUNDARY_SYSTEM : RM_BOUNDARY_SERVICE;
}

/* A UMDF driver lives in a process. */
static bool in_a_host(const rm_model *m, uint32_t driver) {
    return driver != RM_NONE && (m->drivers.at[driver].mode == RM_DRIVER_MODE_USER ||
                                 m->drivers.at[driver].framework == RM_FRAMEWORK_UMDF1 ||
                                 m->drivers.at[driver].framework == RM_FRAMEWORK_UMDF2);
}

rm_boundary_kind rm_boundary_of_hop(const rm_model *m, const rm_chain *c, uint32_t hop) {
    bool out_of_host = in_a_host(m, c->hops[hop - 1].driver) && !in_a_host(m, c->hops[hop].driver);
    return out_of_host ? RM_BOUNDARY_HOST_KERNEL : RM_BOUNDARY_DRIVER_DRIVER;
}

static rm_status boundaries_of(rm_arena *arena, const rm_model *m, const rm_chain *c, rm_str *out) {
    rm_buf buf = {.arena = arena};
    const rm_admission *a = c->admission;
    const uint32_t services = rm_services_between(a);
    for (uint32_t i = 0; i < services; i++) {
        rm_buf_printf(&buf, "%s > ", rm_boundary_kind_name(RM_BOUNDARY_APP_SERVICE));
    }
    rm_buf_text(&buf,
                rm_boundary_kind_name(services > 0 ? service_boundary(a) : a->origin->boundary));
    for (uint32_t i = 1; i < c->hop_count; i++) {
        rm_buf_printf(&buf, " > %s", rm_boundary_kind_name(rm_boundary_of_hop(m, c, i)));
    }
    *out = rm_buf_take(&buf);
    return buf.status;
}

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

static rm_status tell(rm_derivation *d, const rm_chain *c, rm_path *p) {
    rm_validation words[RM_MAX_WORDS];
    rm_score_input in;
    rm_arena *arena = d->model->arena;
    rm_status st = chain_of(arena, d->model, c, &p->drivers);
    if (st == RM_OK) {
        st = boundaries_of(arena, d->model, c, &p->boundaries);
    }
    if (st == RM_OK) {
        rm_score_input_of(d, c, p, words, &in);
        st = rm_score_sentence(arena, d->weights, &in, &p->score_text);
    }
    if (st == RM_OK) {
        st = rm_cvss_vector(arena, c->admission->origin->boundary,
                            d->model->sinks.at[p->sink].class_name, p, &p->cvss);
    }
    if (st == RM_OK) {
        st = rm_steps_build(d, c, p);
    }
    return st == RM_OK ? identify(d, p) : st;
}

/* Rows of equal score and id keep the order in which they were found. */
typedef struct placed {
    rm_path path;
    uint32_t found;
} placed;

static int worst_first(const void *a, const void *b) {
    const placed *x = a;
    const placed *y = b;
    if (x->path.score != y->path.score) {
        return x->path.score < y->path.score ? 1 : -1;
    }
    int order = rm_str_cmp(x->path.id, y->path.id);
    return order != 0 ? order : x->found < y->found ? -1 : x->found > y->found;
}

static rm_status sort(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    placed *all = RM_NEW_ARRAY(d->scratch, placed, (size_t)paths->count + 1);
    if (all == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        all[i] = (placed){paths->at[i], i};
    }
    if (paths->count > 1) {
        qsort(all, paths->count, sizeof all[0], worst_first);
    }
    for (uint32_t i = 0; i < paths->count; i++) {
        paths->at[i] = all[i].path;
    }
    return RM_OK;
}

static rm_status make_unique(rm_derivation *d) {
    rm_map seen = {.arena = d->scratch};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < d->model->paths.count; i++) {
        st = rm_ident_tell_apart(d->model->arena, &seen, &d->model->paths.at[i].id);
    }
    return st;
}

static void say_what_is_cut(const rm_derivation *d) {
    if (d->cut_deep > 0) {
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-too-deep",
                "%u %s through more than %d drivers %s cut", (unsigned)d->cut_deep,
                rm_plural(d->cut_deep, "chain", "chains"), RM_MAX_HOPS,
                rm_plural(d->cut_deep, "is", "are"));
    }
    if (d->cut_wide > 0) {
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-cut",
                "%u %s to more ways through drivers than are followed, the short ones first: "
                "%.*s%s",
                (unsigned)d->cut_wide,
                rm_plural(d->cut_wide, "code at a door leads", "codes at doors lead"),
                RM_STR_ARG(d->cut_names), d->cut_wide > RM_NAMED_CUTS ? ", …" : "");
    }
    if (d->lean) {
        rm_diag(d->sink, RM_NOTE, (rm_loc){0}, "paths-cut",
                "more than 100,000 path rows are cut to %u: weakest origins, apps and "
                "administrators; --all-origins keeps all",
                (unsigned)d->model->paths.count);
    }
}

rm_status rm_rows_finish(rm_derivation *d) {
    rm_paths *paths = &d->model->paths;
    rm_status st = RM_OK;
    say_what_is_cut(d);
    for (uint32_t i = 0; st == RM_OK && i < paths->count; i++) {
        st = tell(d, &d->chains.at[i], &paths->at[i]);
    }
    if (st == RM_OK) {
        st = sort(d);
    }
    return st == RM_OK ? make_unique(d) : st;
}
