#include "internal.h"

#include "model/origin.h"

/*
 * Services between an app and a device. One that impersonates opens the device, or asks the next
 * service, with its caller's token; one that does not does so with its own, for whoever asks.
 */

static rm_state later(rm_state a, rm_state b) {
    return a > b ? a : b;
}

/*
 * The principal that a service's account is; RM_NONE: an account we know nothing of. A virtual
 * account is as little as Local Service, but for its SID (rm_service_token()).
 */
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
    return rm_principal_find(&d->principals,
                             rm_account_is_virtual(account) ? RM_STR("local_service") : account);
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

/* A request on its way from service to service. */
typedef struct asking {
    rm_derivation *d;
    const rm_origin *caller; /* that asked the first */
    uint32_t door;           /* of the first */
    rm_brokers brokers;
    rm_state state;
} asking;

/* Whose token goes further; NULL in *out: nobody's that is known, which is said. */
static rm_status token_of(asking *q, const rm_origin *before, uint32_t service, bool as_caller,
                          const rm_origin **out) {
    const rm_service *s = &q->d->model->services.at[service];
    *out = before;
    if (as_caller) {
        return RM_OK;
    }
    uint32_t account = rm_principal_of_account(q->d, s->account);
    if (account != RM_NONE) {
        return runs_as(q->d, account, s, out);
    }
    *out = NULL;
    rm_diag(q->d->sink, RM_WARNING, s->place, "derive-unknown-account",
            "service '%.*s' runs as '%.*s', which is no principal: no path through it",
            RM_STR_ARG(s->name), RM_STR_ARG(s->account));
    return RM_OK;
}

static rm_status open_device(asking *q, const rm_origin *token, uint32_t device, rm_state state) {
    rm_admission a = rm_admission_of(q->d, token, q->door, device);
    a.caller = q->caller->name;
    a.app = q->caller->app;
    a.brokers = q->brokers;
    a.disparity = rm_services_between(&a) > 0 ? service_disparity(q->caller) : q->caller->disparity;
    a.state = later(a.state, state);
    return rm_try_door(q->d, &a);
}

static bool is_asked_already(const rm_brokers *brokers, uint32_t service) {
    for (uint32_t i = 0; i < brokers->count; i++) {
        if (brokers->at[i].service == service) {
            return true;
        }
    }
    return false;
}

static rm_status ask(asking *q, const rm_origin *before, uint32_t service);

/* One open of a service: of a device, or of another service. */
static rm_status follow_open(asking *q, const rm_origin *before, uint32_t service,
                             const rm_open *opened) {
    const rm_model *m = q->d->model;
    const rm_state state = q->state;
    const rm_origin *token = NULL;
    rm_broker *broker = &q->brokers.at[q->brokers.count - 1];
    broker->as_caller = m->services.at[service].impersonates || opened->as_caller;
    rm_status st = token_of(q, before, service, broker->as_caller, &token);
    if (st != RM_OK || token == NULL) {
        return st;
    }
    q->state = later(state, later(opened->state, m->services.at[service].state));
    if (opened->device != RM_NONE) {
        const rm_forward *f = forward_of_service(q->d, service, opened->device);
        broker->validation = f == NULL ? RM_VALIDATION_UNKNOWN : f->validation;
        st = open_device(q, token, opened->device, q->state);
    } else {
        broker->validation = RM_VALIDATION_UNKNOWN;
        st = ask(q, token, opened->to_service);
    }
    q->state = state;
    return st;
}

/* What `service` does for whoever runs as `before`. Circles and long chains end here. */
static rm_status ask(asking *q, const rm_origin *before, uint32_t service) {
    const rm_group *g = &q->d->opens_of_service;
    rm_status st = RM_OK;
    if (q->brokers.count == RM_MAX_BROKERS || is_asked_already(&q->brokers, service)) {
        return RM_OK;
    }
    q->brokers.at[q->brokers.count++] = (rm_broker){.service = service};
    for (uint32_t i = g->first[service]; st == RM_OK && i < g->first[service + 1]; i++) {
        const rm_open *o = &q->d->model->opens.at[g->order[i]];
        if (o->device != RM_NONE || o->to_service != RM_NONE) {
            st = follow_open(q, before, service, o);
        }
    }
    q->brokers.count--;
    return st;
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
                             rm_str target, rm_state state) {
    asking q = {
        .d = d, .caller = caller, .door = door_of_service(d, service, target), .state = state};
    return ask(&q, caller, service);
}
