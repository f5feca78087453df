#include "internal.h"

#include <stdlib.h>

#include "model/origin.h"

/* Who comes in at which door, with which handle. */

static rm_state door_state(const rm_model *m, uint32_t door) {
    return door == RM_NONE ? RM_STATE_CONFIRMED : m->doors.at[door].state;
}

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

rm_admission rm_admission_of(const rm_derivation *d, const rm_origin *o, uint32_t door,
                             uint32_t device) {
    return (rm_admission){
        .origin = o,
        .token = o->token,
        .caller = o->name,
        .app = o->app,
        .disparity = o->disparity,
        .door = door,
        .device = device,
        .state = later(d->model->devices.at[device].state, door_state(d->model, door))};
}

/* Which access bits the handle can carry; asked once for all codes. */
static rm_status find_bits(rm_derivation *d, rm_admission *a) {
    rm_status st = RM_OK;
    for (uint32_t bits = 0; st == RM_OK && bits < 4; bits++) {
        st = rm_reach_bits(d, a->token, &a->reach, bits, &a->bits[bits]);
    }
    return st;
}

static rm_status find_reach(rm_derivation *d, const rm_admission *a, rm_reach *out) {
    bool own = a->door != RM_NONE && d->descriptor_of_door[a->door] != RM_NONE;
    if (a->origin->app == RM_NONE && !a->origin->own_token && !own) {
        *out = *rm_reach_of(d, a->device, a->origin->principal);
        return RM_OK;
    }
    return rm_reach_door(d, a->door, a->device, a->token, out);
}

static rm_status try_token(rm_derivation *d, rm_admission *a) {
    rm_status st = RM_OK;
    if (!a->handed_over) {
        if (a->reach.open == RM_GATE_CLOSED) {
            return RM_OK;
        }
        a->state = later(a->state, a->reach.state);
        st = find_bits(d, a);
    }
    return st == RM_OK ? rm_walk_door(d, a) : st;
}

/* Why the app may: the custom capability, where no other declaration is the reason. */
static rm_status permit_by(rm_derivation *d, const rm_allowance *allowed, rm_admission *a) {
    a->permit = allowed->permit;
    if (a->grant != NULL || allowed->capability == RM_NONE) {
        return RM_OK;
    }
    rm_grant *grant = RM_NEW(d->scratch, rm_grant); /* the rows name it */
    if (grant == NULL) {
        return RM_NOMEM;
    }
    *grant = (rm_grant){.kind = RM_GRANT_DESCRIPTOR,
                        .app = a->app,
                        .capability = allowed->capability,
                        .name = d->model->capabilities.at[allowed->capability].name,
                        .door = a->door,
                        .device = a->device};
    a->grant = grant;
    return RM_OK;
}

/*
 * What an app gets without its custom capabilities it has whatever an SCCD says; the rest, as the
 * SCCD lets it.
 */
static rm_status try_allowances(rm_derivation *d, const rm_admission *told) {
    const rm_allowances *all = &told->origin->allowances;
    uint32_t had = 0;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < all->count; i++) {
        rm_admission a = *told;
        a.token = all->at[i].token;
        st = rm_reach_door(d, a.door, a.device, a.token, &a.reach);
        uint32_t has = a.reach.answer.dacl | a.reach.answer.undecided;
        if (st == RM_OK && (i == 0 || (has & ~had) != 0)) {
            st = permit_by(d, &all->at[i], &a);
            st = st == RM_OK ? try_token(d, &a) : st;
        }
        had |= has;
    }
    return st;
}

rm_status rm_try_door(rm_derivation *d, rm_admission *a) {
    if (!a->handed_over && a->origin->allowances.count > 1) {
        return try_allowances(d, a);
    }
    rm_status st = a->handed_over ? RM_OK : find_reach(d, a, &a->reach);
    return st == RM_OK ? try_token(d, a) : st;
}

/* ---- by capability ---- */

/* By an interface's list, or its class: where the token alone does not open the door. */
static rm_status try_capability(rm_derivation *d, rm_admission *a, rm_permit permit) {
    rm_status st = rm_reach_by_capability(d, a->door, a->device, a->token, &a->reach);
    a->permit = permit;
    a->state = permit.unknown ? later(a->state, RM_STATE_UNKNOWN) : a->state;
    return st == RM_OK ? try_token(d, a) : st;
}

/* What a manifest opens; `grant` says why, `permit` what an SCCD says of it. */
static rm_status try_grant(rm_derivation *d, const rm_origin *o, const rm_grant *grant,
                           rm_permit permit) {
    rm_admission a = rm_admission_of(d, o, grant->door, grant->device);
    const rm_token *sure = o->allowances.count > 0 ? o->allowances.at[0].token : o->token;
    rm_reach reach = {0};
    a.grant = grant;
    rm_status st = rm_reach_door(d, grant->door, grant->device, sure, &reach);
    if (st == RM_OK && grant->kind != RM_GRANT_DESCRIPTOR && o->token->appcontainer &&
        reach.open == RM_GATE_CLOSED) {
        rm_admission listed = a;
        st = try_capability(d, &listed, permit);
    }
    return st == RM_OK ? rm_try_door(d, &a) : st;
}

/* Code that was given every capability, at an interface that admits by its list alone. */
static rm_status try_list(rm_derivation *d, const rm_origin *o, uint32_t door) {
    const rm_door *it = &d->model->doors.at[door];
    rm_reach reach = {0};
    rm_status st = rm_reach_door(d, door, it->device, o->token, &reach);
    if (st != RM_OK || reach.open != RM_GATE_CLOSED) {
        return st; /* the descriptor admits it, or may: try_all() has been there */
    }
    rm_grant *grant = RM_NEW(d->scratch, rm_grant); /* the rows name it */
    if (grant == NULL) {
        return RM_NOMEM;
    }
    *grant = (rm_grant){.kind = RM_GRANT_LIST,
                        .app = RM_NONE,
                        .capability = RM_NONE,
                        .name = it->capabilities,
                        .door = door,
                        .device = it->device};
    return try_grant(d, o, grant, rm_permit_of_list(d, it->capabilities));
}

/* What a DeviceCapability is worth at an interface that its driver restricts is not documented. */
static bool is_doubtful(const rm_derivation *d, const rm_grant *grant) {
    return grant->kind == RM_GRANT_CLASS && d->model->doors.at[grant->door].restricted != RM_TRI_NO;
}

/* Only a custom capability is behind an SCCD. */
static rm_permit permit_for(const rm_derivation *d, const rm_origin *o, const rm_grant *grant) {
    const rm_model *m = d->model;
    if (is_doubtful(d, grant)) {
        return (rm_permit){.unknown = true, .reach = d->weights->reach_undecided, .row = RM_NONE};
    }
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
        } else {
            st = try_grant(d, o, grant, permit);
        }
    }
    return st;
}

/* ---- any code that runs as a principal ---- */

bool rm_adds_a_door(const rm_derivation *d, uint32_t door) {
    const rm_door *it = &d->model->doors.at[door];
    const rm_group *g = &d->doors_of_device;
    if (it->kind != RM_DOOR_NT_NAME) {
        return true;
    }
    for (uint32_t i = g->first[it->device]; i < g->first[it->device + 1]; i++) {
        rm_door_kind kind = d->model->doors.at[g->order[i]].kind;
        if (d->descriptor_of_door[g->order[i]] != RM_NONE) {
            continue; /* it opens another object of the stack */
        }
        if (kind == RM_DOOR_SYMLINK || kind == RM_DOOR_INTERFACE || kind == RM_DOOR_COMM_PORT) {
            return false;
        }
    }
    return true;
}

/* Those who need least come first: the first row of its kind is the weakest one's. */
static int weakest_first(const void *a, const void *b) {
    const rm_origin *x = *(const rm_origin *const *)a;
    const rm_origin *y = *(const rm_origin *const *)b;
    if (x->disparity != y->disparity) {
        return x->disparity > y->disparity ? -1 : 1;
    }
    return x->principal < y->principal ? -1 : x->principal > y->principal;
}

static rm_status try_all(rm_derivation *d, const rm_origin *const *who, uint32_t count,
                         uint32_t door) {
    rm_status st = rm_rows_begin(d);
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        rm_admission a = rm_admission_of(d, who[i], door, d->model->doors.at[door].device);
        st = rm_try_door(d, &a);
        if (st == RM_OK && who[i]->token->all_capabilities &&
            d->model->doors.at[door].capabilities.len > 0) {
            st = try_list(d, who[i], door);
        }
    }
    rm_rows_end(d);
    return st;
}

rm_status rm_admit_any_code(rm_derivation *d, const rm_origins *origins) {
    const rm_origin **who = RM_NEW_ARRAY(d->scratch, const rm_origin *, (size_t)origins->count + 1);
    uint32_t count = 0;
    rm_status st = who == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < origins->count; i++) {
        if (origins->at[i].app == RM_NONE) {
            who[count++] = &origins->at[i];
        }
    }
    if (count > 1) {
        qsort(who, count, sizeof who[0], weakest_first);
    }
    for (uint32_t i = 0; st == RM_OK && i < d->model->doors.count; i++) {
        if (d->model->doors.at[i].device != RM_NONE && rm_adds_a_door(d, i)) {
            st = try_all(d, who, count, i);
        }
    }
    return st;
}

/* ---- what an app declares ---- */

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

static rm_status app_opens(rm_derivation *d, const rm_origin *o) {
    const rm_model *m = d->model;
    rm_status st = RM_OK;
    const rm_group *g = &d->opens_of_app;
    for (uint32_t i = g->first[o->app]; st == RM_OK && i < g->first[o->app + 1]; i++) {
        const rm_open *opened = &m->opens.at[g->order[i]];
        if (opened->device != RM_NONE) {
            rm_admission a = rm_admission_of(d, o, door_opened(d, opened->device, opened->target),
                                             opened->device);
            a.state = later(a.state, opened->state);
            st = rm_try_door(d, &a);
        } else if (opened->to_service != RM_NONE) {
            st = rm_through_service(d, o, opened->to_service, opened->target, opened->state);
        }
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
        rm_admission a = rm_admission_of(d, o, door_opened(d, h->device, RM_STR_NONE), h->device);
        a.handed_over = true;
        a.from = h->from;
        a.mask = d->carried[g->order[i]].possible;
        a.certain = d->carried[g->order[i]].certain;
        a.state = later(a.state, h->state);
        if (a.mask != 0) {
            st = rm_try_door(d, &a);
        }
    }
    return st;
}

rm_status rm_admit_app(rm_derivation *d, const rm_origin *app) {
    rm_status st = rm_rows_begin(d);
    if (st == RM_OK) {
        st = app_opens(d, app);
    }
    if (st == RM_OK) {
        st = app_is_granted(d, app);
    }
    if (st == RM_OK) {
        st = handles_of(d, app);
    }
    rm_rows_end(d);
    return st;
}
