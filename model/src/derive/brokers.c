#include "internal.h"

#include "model/origin.h"

/*
 * Services between an app and a device. One that impersonates opens the device with its caller's
 * token; one that does not opens it with its own, for whoever asks.
 */

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

/* The principal that a service's account is; RM_NONE: an account we know nothing of. */
uint32_t rm_principal_of_account(const rm_derivation *d, rm_str account) {
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

/* The service as an origin of its own; lives as long as the rows that name it. */
static rm_status runs_as(const rm_derivation *d, uint32_t principal, const rm_service *service,
                         const rm_origin **out) {
    const rm_principal *p = &d->principals.at[principal];
    rm_origin *o = RM_NEW(d->scratch, rm_origin);
    rm_token *token = RM_NEW(d->scratch, rm_token);
    if (o == NULL || token == NULL) {
        return RM_NOMEM;
    }
    *o = (rm_origin){.name = p->name,
                     .app = RM_NONE,
                     .principal = principal,
                     .disparity = p->disparity,
                     .boundary = p->boundary,
                     .own_token = true,
                     .token = token};
    *out = o;
    return rm_service_token(d->scratch, service, &p->token, token);
}

static rm_status service_opens(rm_derivation *d, const rm_origin *caller, uint32_t service,
                               uint32_t door, const rm_open *opened) {
    const rm_model *m = d->model;
    const rm_service *s = &m->services.at[service];
    uint32_t account = rm_principal_of_account(d, s->account);
    bool as_caller = s->impersonates || opened->as_caller;
    if (account == RM_NONE && !as_caller) {
        rm_diag(d->sink, RM_WARNING, s->place, "derive-unknown-account",
                "service '%.*s' runs as '%.*s', which is no principal: no path through it",
                RM_STR_ARG(s->name), RM_STR_ARG(s->account));
        return RM_OK;
    }
    const rm_origin *itself = caller;
    rm_status st = as_caller ? RM_OK : runs_as(d, account, s, &itself);
    if (st != RM_OK) {
        return st;
    }
    rm_admission a = rm_admission_of(d, itself, door, opened->device);
    const rm_forward *f = forward_of_service(d, service, opened->device);
    a.caller = caller->name;
    a.app = caller->app;
    a.service = service;
    a.impersonates = as_caller;
    a.disparity = as_caller ? caller->disparity : service_disparity(caller);
    a.service_validation = f == NULL ? RM_VALIDATION_UNKNOWN : f->validation;
    a.state = later(a.state, later(opened->state, s->state));
    return rm_try_door(d, &a);
}

/* The door that the caller names; where it names the service, the first. */
static uint32_t door_of_service(const rm_derivation *d, uint32_t service, rm_str target) {
    const rm_group *g = &d->doors_of_service;
    for (uint32_t i = g->first[service]; i < g->first[service + 1]; i++) {
        if (rm_object_name_eq(d->model->doors.at[g->order[i]].name, target)) {
            return g->order[i];
        }
    }
    return g->first[service] < g->first[service + 1] ? g->order[g->first[service]] : RM_NONE;
}

rm_status rm_through_service(rm_derivation *d, const rm_origin *caller, uint32_t service,
                             rm_str target) {
    const rm_model *m = d->model;
    uint32_t door = door_of_service(d, service, target);
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
