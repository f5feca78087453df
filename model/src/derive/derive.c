#include "internal.h"

#include "model/rules.h"
#include "steps.h"

static const size_t scratch_limit = (size_t)4 << 30;

static rm_state door_state(const rm_model *m, uint32_t door) {
    return door == RM_NONE ? RM_STATE_CONFIRMED : m->doors.at[door].state;
}

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

static rm_admission admission(const rm_derivation *d, const rm_origin *o, uint32_t door,
                              uint32_t device) {
    return (rm_admission){
        .origin = o,
        .caller = o->name,
        .app = o->app,
        .disparity = o->disparity,
        .door = door,
        .device = device,
        .service = RM_NONE,
        .state = later(d->model->devices.at[device].state, door_state(d->model, door))};
}

/* Tries a door with the origin's token; a closed gate ends it there. */
static rm_status try_door(rm_derivation *d, rm_admission *a) {
    rm_status st = RM_OK;
    if (!a->handed_over) {
        st = rm_reach_device(d, a->device, a->origin->token, &a->reach);
        if (st != RM_OK || a->reach.open == RM_GATE_CLOSED) {
            return st;
        }
        a->state = later(a->state, a->reach.state);
    }
    return rm_walk_door(d, a);
}

bool rm_adds_a_door(const rm_derivation *d, uint32_t door) {
    const rm_door *it = &d->model->doors.at[door];
    const rm_group *g = &d->doors_of_device;
    if (it->kind != RM_DOOR_NT_NAME) {
        return true;
    }
    for (uint32_t i = g->first[it->device]; i < g->first[it->device + 1]; i++) {
        rm_door_kind kind = d->model->doors.at[g->order[i]].kind;
        if (kind == RM_DOOR_SYMLINK || kind == RM_DOOR_INTERFACE || kind == RM_DOOR_COMM_PORT) {
            return false;
        }
    }
    return true;
}

/* ---- by capability ---- */

/* Through an interface that lists a capability; `grant` says whose. */
static rm_status try_grant(rm_derivation *d, const rm_origin *o, const rm_grant *grant,
                           rm_permit permit) {
    rm_admission a = admission(d, o, grant->door, grant->device);
    rm_status st = rm_reach_device(d, grant->device, o->token, &a.reach);
    a.grant = grant;
    if (st != RM_OK) {
        return st;
    }
    if (grant->kind != RM_GRANT_DESCRIPTOR && o->token->appcontainer &&
        a.reach.open == RM_GATE_CLOSED) {
        st = permit.refused ? RM_OK : rm_reach_by_capability(d, grant->device, o->token, &a.reach);
        a.permit = permit;
        a.state = permit.unknown ? later(a.state, RM_STATE_UNKNOWN) : a.state;
    }
    if (st != RM_OK || a.reach.open == RM_GATE_CLOSED) {
        return st;
    }
    a.state = later(a.state, a.reach.state);
    return rm_walk_door(d, &a);
}

/* Code that was given every capability, at an interface that admits by its list alone. */
static rm_status try_list(rm_derivation *d, const rm_origin *o, uint32_t door) {
    const rm_door *it = &d->model->doors.at[door];
    rm_grant grant = {.kind = RM_GRANT_LIST,
                      .app = RM_NONE,
                      .capability = RM_NONE,
                      .name = it->capabilities,
                      .door = door,
                      .device = it->device};
    rm_reach reach = {0};
    rm_status st = rm_reach_device(d, it->device, o->token, &reach);
    if (st != RM_OK || reach.open != RM_GATE_CLOSED) {
        return st; /* the descriptor admits it, or may: any_code() has been there */
    }
    return try_grant(d, o, &grant, rm_permit_of_list(d, it->capabilities));
}

/* Only a custom capability is behind an SCCD. */
static rm_permit permit_for(const rm_derivation *d, const rm_origin *o, const rm_grant *grant) {
    const rm_model *m = d->model;
    if (grant->capability == RM_NONE ||
        m->capabilities.at[grant->capability].kind != RM_CAPABILITY_CUSTOM) {
        return (rm_permit){.row = RM_NONE};
    }
    return rm_permit_of(d, grant->name, m->apps.at[o->app].family_name);
}

static rm_status app_is_granted(rm_derivation *d, const rm_origin *o) {
    const rm_group *g = &d->grants_of_app;
    rm_status st = RM_OK;
    for (uint32_t i = g->first[o->app]; st == RM_OK && i < g->first[o->app + 1]; i++) {
        const rm_grant *grant = &d->grants.at[g->order[i]];
        rm_permit permit = permit_for(d, o, grant);
        if (permit.refused) {
            rm_diag(d->sink, RM_NOTE, d->model->capabilities.at[grant->capability].place,
                    "app-not-authorized", "no SCCD that was read lets '%.*s' use '%.*s'",
                    RM_STR_ARG(d->model->apps.at[o->app].package), RM_STR_ARG(grant->name));
        }
        st = try_grant(d, o, grant, permit);
    }
    return st;
}

static rm_status any_code(rm_derivation *d, const rm_origin *o) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < d->model->doors.count; i++) {
        const rm_door *door = &d->model->doors.at[i];
        if (door->device != RM_NONE && rm_adds_a_door(d, i)) {
            rm_admission a = admission(d, o, i, door->device);
            st = try_door(d, &a);
            if (st == RM_OK && o->token->all_capabilities && door->capabilities.len > 0) {
                st = try_list(d, o, i);
            }
        }
    }
    return st;
}

/* The door that an app names: that one, else the device's first. */
static uint32_t door_opened(const rm_derivation *d, uint32_t device, rm_str target) {
    const rm_group *g = &d->doors_of_device;
    uint32_t first = RM_NONE;
    for (uint32_t i = g->first[device]; i < g->first[device + 1]; i++) {
        const rm_door *door = &d->model->doors.at[g->order[i]];
        if (rm_object_name_eq(door->name, target) ||
            (door->class_guid.len > 0 && rm_str_ieq(door->class_guid, target))) {
            return g->order[i];
        }
        if (first == RM_NONE ||
            (d->model->doors.at[first].kind == RM_DOOR_NT_NAME && door->kind != RM_DOOR_NT_NAME)) {
            first = g->order[i];
        }
    }
    return first;
}

/* ---- through a service ---- */

/* The principal that a service's account is; RM_NONE: an account we know nothing of. */
static uint32_t principal_of_account(const rm_derivation *d, rm_str account) {
    static const struct {
        const char *account;
        const char *principal;
    } accounts[] = {
        {"", "system"},
        {"LocalSystem", "system"},
        {".\\LocalSystem", "system"},
        {"NT AUTHORITY\\SYSTEM", "system"},
        {"NT AUTHORITY\\LocalService", "local_service"},
        {"NT AUTHORITY\\Local Service", "local_service"},
        {"LocalService", "local_service"},
        {"NT AUTHORITY\\NetworkService", "network_service"},
        {"NT AUTHORITY\\Network Service", "network_service"},
        {"NetworkService", "network_service"},
    };
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        if (rm_str_ieq(account, rm_str_from(accounts[i].account))) {
            return rm_principal_find(&d->principals, rm_str_from(accounts[i].principal));
        }
    }
    return rm_principal_find(&d->principals, account);
}

/* D towards a service (ontology 4.2): 800 for AppContainers, 600 for others below administrators.
 */
static uint32_t service_disparity(const rm_origin *caller) {
    if (caller->token->appcontainer) {
        return 800;
    }
    bool high = caller->boundary == RM_BOUNDARY_ADMIN || caller->boundary == RM_BOUNDARY_SYSTEM;
    return high ? caller->disparity : 600;
}

static const rm_forward *forward_of_service(const rm_derivation *d, uint32_t service,
                                            uint32_t device) {
    const rm_group *g = &d->forwards_of_service;
    for (uint32_t i = g->first[service]; i < g->first[service + 1]; i++) {
        const rm_forward *f = &d->model->forwards.at[g->order[i]];
        if (f->to_device == device) {
            return f;
        }
    }
    return NULL;
}

static rm_status service_opens(rm_derivation *d, const rm_origin *caller, uint32_t service,
                               uint32_t door, const rm_open *opened) {
    const rm_model *m = d->model;
    const rm_service *s = &m->services.at[service];
    uint32_t account = principal_of_account(d, s->account);
    if (account == RM_NONE && !s->impersonates) {
        rm_diag(d->sink, RM_WARNING, s->place, "derive-unknown-account",
                "service '%.*s' runs as '%.*s', which is no principal: no path through it",
                RM_STR_ARG(s->name), RM_STR_ARG(s->account));
        return RM_OK;
    }
    const rm_principal *runs_as = account == RM_NONE ? NULL : &d->principals.at[account];
    rm_origin itself = s->impersonates ? *caller
                                       : (rm_origin){.name = runs_as->name,
                                                     .app = RM_NONE,
                                                     .disparity = runs_as->disparity,
                                                     .boundary = runs_as->boundary,
                                                     .token = &runs_as->token};
    rm_admission a = admission(d, &itself, door, opened->device);
    const rm_forward *f = forward_of_service(d, service, opened->device);
    a.caller = caller->name;
    a.app = caller->app;
    a.service = service;
    a.impersonates = s->impersonates;
    a.disparity = s->impersonates ? caller->disparity : service_disparity(caller);
    a.service_validation = f == NULL ? RM_VALIDATION_UNKNOWN : f->validation;
    a.state = later(a.state, later(opened->state, s->state));
    return try_door(d, &a);
}

static uint32_t door_of_service(const rm_derivation *d, uint32_t service) {
    const rm_group *g = &d->doors_of_service;
    return g->first[service] < g->first[service + 1] ? g->order[g->first[service]] : RM_NONE;
}

static rm_status through_service(rm_derivation *d, const rm_origin *caller, uint32_t service) {
    const rm_model *m = d->model;
    uint32_t door = door_of_service(d, service);
    rm_status st = RM_OK;
    const rm_group *g = &d->opens_of_service;
    for (uint32_t i = g->first[service]; st == RM_OK && i < g->first[service + 1]; i++) {
        const rm_open *o = &m->opens.at[g->order[i]];
        if (o->device != RM_NONE) {
            st = service_opens(d, caller, service, door, o);
        }
    }
    return st;
}

/* ---- what an app declares ---- */

static rm_status app_opens(rm_derivation *d, const rm_origin *o) {
    const rm_model *m = d->model;
    rm_status st = RM_OK;
    const rm_group *g = &d->opens_of_app;
    for (uint32_t i = g->first[o->app]; st == RM_OK && i < g->first[o->app + 1]; i++) {
        const rm_open *opened = &m->opens.at[g->order[i]];
        if (opened->device != RM_NONE) {
            rm_admission a =
                admission(d, o, door_opened(d, opened->device, opened->target), opened->device);
            a.state = later(a.state, opened->state);
            st = try_door(d, &a);
        } else if (opened->to_service != RM_NONE) {
            st = through_service(d, o, opened->to_service);
        }
    }
    return st;
}

/* What the giver can have itself: a handle never carries more. */
static rm_status mask_of_giver(rm_derivation *d, const rm_handle *h, uint32_t *mask) {
    const rm_model *m = d->model;
    uint32_t app = rm_model_find_app(m, h->from);
    uint32_t service = rm_model_find_service(m, h->from);
    uint32_t giver = app != RM_NONE ? rm_principal_find(&d->principals, m->apps.at[app].principal)
                     : service != RM_NONE ? principal_of_account(d, m->services.at[service].account)
                                          : RM_NONE;
    rm_reach reach = {0};
    *mask = h->mask;
    if (giver == RM_NONE) {
        return RM_OK; /* a giver we do not know: as declared */
    }
    rm_status st = rm_reach_device(d, h->device, &d->principals.at[giver].token, &reach);
    if (st == RM_OK && reach.open != RM_GATE_UNKNOWN) {
        *mask &= reach.answer.max;
    }
    return st;
}

static rm_status handles_of(rm_derivation *d, const rm_origin *o) {
    const rm_model *m = d->model;
    rm_status st = RM_OK;
    const rm_group *g = &d->handles_of_app;
    for (uint32_t i = g->first[o->app]; st == RM_OK && i < g->first[o->app + 1]; i++) {
        const rm_handle *h = &m->handles.at[g->order[i]];
        if (h->device == RM_NONE) {
            continue;
        }
        rm_admission a = admission(d, o, door_opened(d, h->device, RM_STR_NONE), h->device);
        a.handed_over = true;
        a.from = h->from;
        a.state = later(a.state, h->state);
        st = mask_of_giver(d, h, &a.mask);
        if (st == RM_OK && a.mask != 0) {
            st = try_door(d, &a);
        }
    }
    return st;
}

static rm_status walk_all(rm_derivation *d) {
    rm_origins origins = {0};
    rm_status st = rm_derive_origins(d, &origins);
    for (uint32_t i = 0; st == RM_OK && i < origins.count; i++) {
        const rm_origin *o = &origins.at[i];
        if (o->app == RM_NONE) {
            st = any_code(d, o);
            continue;
        }
        st = app_opens(d, o);
        if (st == RM_OK) {
            st = app_is_granted(d, o);
        }
        if (st == RM_OK) {
            st = handles_of(d, o);
        }
    }
    return st;
}

static rm_status derive(rm_derivation *d) {
    rm_status st =
        d->principals.count > 0 ? RM_OK : rm_principals_builtin(d->model->arena, &d->principals);
    if (st == RM_OK) {
        st = rm_derivation_index(d);
    }
    if (st == RM_OK) {
        st = rm_derive_grants(d);
    }
    if (st == RM_OK) {
        st = rm_derive_access(d);
    }
    if (st == RM_OK) {
        st = walk_all(d);
    }
    if (st == RM_OK) {
        st = rm_rows_finish(d);
    }
    if (st == RM_OK) {
        st = rm_boundaries_build(d);
    }
    return st == RM_OK ? rm_rules_apply(d->model) : st;
}

rm_status rm_derive(rm_model *model, rm_sink *sink, const rm_derive_options *options) {
    const rm_weights *weights = options->weights != NULL ? options->weights : &rm_default_weights;
    rm_derivation d = {.model = model,
                       .sink = sink,
                       .scratch = rm_arena_new(scratch_limit),
                       .weights = weights,
                       .all_origins = options->all_origins};
    if (d.scratch == NULL) {
        return RM_NOMEM;
    }
    model->weights = *weights;
    if (options->principals != NULL) {
        d.principals = *options->principals;
    }
    rm_status st = derive(&d);
    rm_arena_free(d.scratch);
    return st;
}
