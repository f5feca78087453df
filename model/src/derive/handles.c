#include "internal.h"

#include "model/origin.h"

/*
 * What a handle that was handed over carries: no more than its giver has itself, by its own open or
 * by a handle that it was handed before. A giver that the model does not know may have anything.
 */

enum { ROUNDS = 32 }; /* givers one after the other; a longer chain carries nothing further */

#define GENERIC_READ_BIT 0x80000000u
#define GENERIC_WRITE_BIT 0x40000000u
#define GENERIC_EXECUTE_BIT 0x20000000u
#define ALL_OR_MAXIMUM 0x12000000u /* GENERIC_ALL, MAXIMUM_ALLOWED */

static uint32_t specific(uint32_t mask) {
    const rm_generic_mapping to = rm_object_mapping(RM_OBJECT_DEVICE);
    uint32_t bits = mask & 0x01FFFFFFu;
    bits |= (mask & GENERIC_READ_BIT) != 0 ? to.read : 0;
    bits |= (mask & GENERIC_WRITE_BIT) != 0 ? to.write : 0;
    bits |= (mask & GENERIC_EXECUTE_BIT) != 0 ? to.execute : 0;
    return bits | ((mask & ALL_OR_MAXIMUM) != 0 ? to.all : 0);
}

/* What a token gets of the device; anything is possible where the descriptor is not known. */
static rm_status add_reach(rm_derivation *d, uint32_t device, const rm_token *token, bool sure,
                           rm_carried *out) {
    rm_reach reach = {0};
    rm_status st = rm_reach_device(d, device, token, &reach);
    out->certain |= sure ? reach.answer.max : 0;
    out->possible |=
        reach.security == NULL ? UINT32_MAX : reach.answer.max | reach.answer.undecided;
    return st;
}

/* Of its custom capabilities an app may have those that no SCCD refuses it. */
static rm_status reach_of_app(rm_derivation *d, uint32_t device, uint32_t app,
                              const rm_principal *p, rm_carried *out) {
    rm_token token;
    rm_allowances allowed = {.count = 0};
    rm_status st = rm_app_token(d->scratch, d->model, app, p, &token);
    if (st == RM_OK && !token.appcontainer) {
        return add_reach(d, device, &token, true, out);
    }
    st = st == RM_OK ? rm_allowances_of(d, app, &token, &allowed) : st;
    for (uint32_t i = 0; st == RM_OK && i < allowed.count; i++) {
        const rm_allowance *one = &allowed.at[i];
        st = add_reach(d, device, one->token, !one->permit.unknown, out);
    }
    return st;
}

/* What the giver gets by its own open; unknown where the giver, or the descriptor, is. */
static rm_status reach_of_giver(rm_derivation *d, const rm_handle *h, uint32_t app,
                                rm_carried *out) {
    const rm_model *m = d->model;
    uint32_t service = app == RM_NONE ? rm_model_find_service(m, h->from) : RM_NONE;
    uint32_t giver = app != RM_NONE ? rm_principal_find(&d->principals, m->apps.at[app].principal)
                     : service != RM_NONE
                         ? rm_principal_of_account(d, m->services.at[service].account)
                         : RM_NONE;
    rm_token token;
    if (giver == RM_NONE) {
        out->possible = UINT32_MAX;
        return RM_OK;
    }
    const rm_principal *p = &d->principals.at[giver];
    if (app != RM_NONE) {
        return reach_of_app(d, h->device, app, p, out);
    }
    rm_status st = rm_service_token(d->scratch, &m->services.at[service], &p->token, &token);
    return st == RM_OK ? add_reach(d, h->device, &token, true, out) : st;
}

/* A handle as it goes from hand to hand; `given` and `had` are places in the list of sums. */
typedef struct flow {
    rm_carried itself; /* of the giver's own open */
    uint32_t given;    /* what the receiver was handed of the device */
    uint32_t had;      /* what the giver was; RM_NONE: it is no app */
} flow;

/* The number of an app's handles of a device. */
static rm_status sum_of(rm_map *sums, uint32_t app, uint32_t device, uint32_t *out) {
    rm_str key = RM_STR_NONE;
    uint32_t *at = NULL;
    bool is_new = false;
    *out = RM_NONE;
    if (app == RM_NONE) {
        return RM_OK;
    }
    rm_status st = rm_str_printf(sums->arena, &key, "%u,%u", (unsigned)app, (unsigned)device);
    st = st == RM_OK ? rm_map_at(sums, key, &at, &is_new) : st;
    if (st == RM_OK) {
        *at = is_new ? sums->count - 1 : *at;
        *out = *at;
    }
    return st;
}

static rm_status begin(rm_derivation *d, uint32_t at, rm_map *sums, flow *out) {
    const rm_handle *h = &d->model->handles.at[at];
    const uint32_t giver = rm_model_find_app(d->model, h->from);
    *out = (flow){.given = RM_NONE, .had = RM_NONE};
    if (h->device == RM_NONE || h->app == RM_NONE) {
        return RM_OK;
    }
    rm_status st = reach_of_giver(d, h, giver, &out->itself);
    st = st == RM_OK ? sum_of(sums, h->app, h->device, &out->given) : st;
    return st == RM_OK ? sum_of(sums, giver, h->device, &out->had) : st;
}

/* One handle further; true when its receiver has more by it. */
static bool hand_over(const rm_handle *h, const flow *f, rm_carried *sums, rm_carried *out) {
    const uint32_t asked = specific(h->mask);
    if (f->given == RM_NONE) {
        return false;
    }
    rm_carried has = f->itself;
    if (f->had != RM_NONE) {
        has.certain |= sums[f->had].certain;
        has.possible |= sums[f->had].possible;
    }
    *out = (rm_carried){has.certain & asked, has.possible & asked};
    rm_carried *to = &sums[f->given];
    const rm_carried before = *to;
    to->certain |= out->certain;
    to->possible |= out->possible;
    return to->certain != before.certain || to->possible != before.possible;
}

rm_status rm_derive_handles(rm_derivation *d) {
    const rm_model *m = d->model;
    const size_t count = m->handles.count;
    rm_map numbers = {.arena = d->scratch};
    flow *flows = RM_NEW_ARRAY(d->scratch, flow, count + 1);
    rm_carried *sums = RM_NEW_ARRAY(d->scratch, rm_carried, 2 * count + 1);
    d->carried = RM_NEW_ARRAY(d->scratch, rm_carried, count + 1);
    rm_status st = flows == NULL || sums == NULL || d->carried == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = begin(d, i, &numbers, &flows[i]);
    }
    bool more = st == RM_OK;
    for (uint32_t round = 0; more && round < ROUNDS; round++) {
        more = false;
        for (uint32_t i = 0; i < count; i++) {
            more |= hand_over(&m->handles.at[i], &flows[i], sums, &d->carried[i]);
        }
    }
    return st;
}
