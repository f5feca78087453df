#include "internal.h"

#include <stddef.h>
#include <stdlib.h>

#include "model/effective.h"

#define GROUP(d, list, type, field, keys, out)                                                     \
    rm_group_build((d)->scratch, (d)->model->list.at, (d)->model->list.count, sizeof(type),        \
                   offsetof(type, field), (keys), &(d)->out)

/* ---- privileged calls of one class and api are of one kind ---- */

static rm_status number_sinks(rm_derivation *d) {
    const rm_sink_calls *sinks = &d->model->sinks;
    rm_map kinds = {.arena = d->scratch};
    uint32_t count = 0;
    rm_status st = RM_OK;
    d->sink_kinds = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)sinks->count + 1);
    d->severities = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)sinks->count + 1);
    if (d->sink_kinds == NULL || d->severities == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; st == RM_OK && i < sinks->count; i++) {
        const rm_sink_call *s = &sinks->at[i];
        rm_buf key = {.arena = d->scratch};
        uint32_t *kind = NULL;
        bool is_new = false;
        rm_buf_str(&key, s->class_name);
        rm_buf_char(&key, ' ');
        rm_buf_str(&key, s->api);
        st =
            key.status == RM_OK ? rm_map_at(&kinds, rm_buf_view(&key), &kind, &is_new) : key.status;
        if (st == RM_OK && is_new) {
            *kind = count;
            d->severities[count++] = rm_severity_of(d->weights, s->class_name);
        }
        d->sink_kinds[i] = st == RM_OK ? *kind : 0;
    }
    return st;
}

/* ---- what belongs to what ---- */

rm_status rm_index_sinks(rm_derivation *d) {
    rm_status st = number_sinks(d);
    return st == RM_OK
               ? GROUP(d, sinks, rm_sink_call, entry, d->model->entries.count, sinks_of_entry)
               : st;
}

static rm_status group_facts(rm_derivation *d) {
    const rm_model *m = d->model;
    rm_status st = GROUP(d, entries, rm_entry, driver, m->drivers.count, entries_of_driver);
    if (st == RM_OK) {
        st = rm_index_sinks(d);
    }
    if (st == RM_OK) {
        st = GROUP(d, forwards, rm_forward, entry, m->entries.count, forwards_of_entry);
    }
    if (st == RM_OK) {
        st = GROUP(d, forwards, rm_forward, from_driver, m->drivers.count, forwards_of_driver);
    }
    if (st == RM_OK) {
        st = GROUP(d, checks, rm_check, entry, m->entries.count, checks_of_entry);
    }
    if (st == RM_OK) {
        st = GROUP(d, checks, rm_check, driver, m->drivers.count, checks_of_driver);
    }
    if (st == RM_OK) {
        st = GROUP(d, inputs, rm_input, entry, m->entries.count, inputs_of_entry);
    }
    return st == RM_OK ? GROUP(d, doors, rm_door, device, m->devices.count, doors_of_device) : st;
}

static rm_status group_apps(rm_derivation *d) {
    const rm_model *m = d->model;
    rm_status st = GROUP(d, opens, rm_open, app, m->apps.count, opens_of_app);
    if (st == RM_OK) {
        st = GROUP(d, opens, rm_open, service, m->services.count, opens_of_service);
    }
    if (st == RM_OK) {
        st = GROUP(d, handles, rm_handle, app, m->apps.count, handles_of_app);
    }
    if (st == RM_OK) {
        st = GROUP(d, forwards, rm_forward, from_service, m->services.count, forwards_of_service);
    }
    return st == RM_OK ? GROUP(d, doors, rm_door, service, m->services.count, doors_of_service)
                       : st;
}

static rm_status parse_descriptors(rm_derivation *d) {
    uint32_t count = d->model->devices.count;
    d->security = RM_NEW_ARRAY(d->scratch, const rm_security *, (size_t)count + 1);
    rm_status st = d->security == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        st = rm_device_security(d->scratch, d->model, i, &d->security[i]);
    }
    return st;
}

/* An interface may have a descriptor of its own: what it opens is the PDO. */
static rm_status parse_doors(rm_derivation *d) {
    const rm_model *m = d->model;
    rm_status st = RM_OK;
    d->security_of_door = RM_NEW_ARRAY(d->scratch, const rm_security *, (size_t)m->doors.count + 1);
    d->descriptor_of_door = RM_NEW_ARRAY(d->scratch, uint32_t, (size_t)m->doors.count + 1);
    if (d->security_of_door == NULL || d->descriptor_of_door == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < m->doors.count; i++) {
        d->descriptor_of_door[i] = RM_NONE;
    }
    for (uint32_t i = 0; st == RM_OK && i < m->descriptors.count; i++) {
        const rm_descriptor *row = &m->descriptors.at[i];
        if (row->subject_kind == RM_SUBJECT_INTERFACE && row->effective &&
            row->subject < m->doors.count) {
            d->descriptor_of_door[row->subject] = i;
            st = rm_descriptor_security(d->scratch, m, row, &d->security_of_door[row->subject]);
        }
    }
    return st;
}

/* ---- handlers in an order to search in ---- */

/* Exact codes first, then codes that are not known, then handlers of every code. */
static uint32_t class_of(const rm_entry *e) {
    uint32_t within = e->any_code ? 2 : !e->has_code ? 1 : 0;
    return (uint32_t)e->kind * 3 + within;
}

typedef struct handler {
    uint32_t driver, class_of, code, entry;
} handler;

static int in_order(const void *a, const void *b) {
    const handler *x = a;
    const handler *y = b;
    const uint32_t left[] = {x->driver, x->class_of, x->code, x->entry};
    const uint32_t right[] = {y->driver, y->class_of, y->code, y->entry};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

static rm_status order_handlers(rm_derivation *d) {
    const rm_model *m = d->model;
    uint32_t count = d->entries_of_driver.first[m->drivers.count];
    handler *all = RM_NEW_ARRAY(d->scratch, handler, (size_t)count + 1);
    if (all == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t entry = d->entries_of_driver.order[i];
        const rm_entry *e = &m->entries.at[entry];
        all[i] = (handler){e->driver, class_of(e), e->has_code ? e->code : 0, entry};
    }
    if (count > 1) {
        qsort(all, count, sizeof all[0], in_order);
    }
    for (uint32_t i = 0; i < count; i++) {
        d->entries_of_driver.order[i] = all[i].entry;
    }
    return RM_OK;
}

/* The first handler of [first, end) that is not before that class and code. */
static uint32_t not_before(const rm_derivation *d, uint32_t first, uint32_t end, uint32_t wanted,
                           uint32_t code) {
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        const rm_entry *e = &d->model->entries.at[d->entries_of_driver.order[middle]];
        uint32_t has = class_of(e);
        bool before = has != wanted ? has < wanted : e->has_code && e->code < code;
        first = before ? middle + 1 : first;
        end = before ? end : middle;
    }
    return first;
}

rm_handlers rm_handlers_of(const rm_derivation *d, uint32_t driver, rm_entry_kind kind) {
    uint32_t first = d->entries_of_driver.first[driver];
    uint32_t end = d->entries_of_driver.first[driver + 1];
    uint32_t wanted = (uint32_t)kind * 3;
    rm_handlers h = {.exact = not_before(d, first, end, wanted, 0)};
    h.vague = not_before(d, h.exact, end, wanted + 1, 0);
    h.any = not_before(d, h.vague, end, wanted + 2, 0);
    h.end = not_before(d, h.any, end, wanted + 3, 0);
    return h;
}

void rm_handlers_exact(const rm_derivation *d, const rm_handlers *h, uint32_t code, uint32_t *first,
                       uint32_t *end) {
    const uint32_t *order = d->entries_of_driver.order;
    uint32_t at = h->exact;
    if (h->exact < h->vague) {
        uint32_t wanted = class_of(&d->model->entries.at[order[h->exact]]);
        at = not_before(d, h->exact, h->vague, wanted, code);
    }
    *first = at;
    while (at < h->vague && d->model->entries.at[order[at]].code == code) {
        at++;
    }
    *end = at;
}

/* ---- what the INFs of UMDF drivers allow ---- */

static void told_policy(const rm_derivation *d, const rm_directive *told, bool allows,
                        rm_gate *gates) {
    const rm_model *m = d->model;
    for (uint32_t i = 0; i < m->drivers.count; i++) {
        bool its = told->driver != RM_NONE ? told->driver == i
                                           : rm_str_eq(m->drivers.at[i].inf, told->inf);
        if (its && m->drivers.at[i].mode == RM_DRIVER_MODE_USER) {
            gates[i] = allows ? RM_GATE_OPEN : RM_GATE_CLOSED;
        }
    }
}

/*
 * A UMDF driver is closed to kernel drivers that open it, and may not act for its clients, unless
 * its INF says otherwise (Windows: "Specifying WDF Directives in INF Files",
 * UmdfKernelModeClientPolicy and UmdfImpersonationLevel). Without its INF: unknown.
 */
static rm_status find_policies(rm_derivation *d) {
    const rm_model *m = d->model;
    d->kernel_clients = RM_NEW_ARRAY(d->scratch, rm_gate, (size_t)m->drivers.count + 1);
    d->impersonation = RM_NEW_ARRAY(d->scratch, rm_gate, (size_t)m->drivers.count + 1);
    if (d->kernel_clients == NULL || d->impersonation == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < m->drivers.count; i++) {
        bool user = m->drivers.at[i].mode == RM_DRIVER_MODE_USER;
        rm_gate untold = m->drivers.at[i].inf.len == 0 ? RM_GATE_UNKNOWN : RM_GATE_CLOSED;
        d->kernel_clients[i] = user ? untold : RM_GATE_OPEN;
        d->impersonation[i] = user ? untold : RM_GATE_CLOSED;
    }
    for (uint32_t i = 0; i < m->directives.count; i++) {
        const rm_directive *told = &m->directives.at[i];
        const rm_str value = rm_str_trim(told->value);
        if (rm_str_ieq(told->name, RM_STR("UmdfKernelModeClientPolicy"))) {
            told_policy(d, told, rm_str_ieq(value, RM_STR("AllowKernelModeClients")),
                        d->kernel_clients);
        } else if (rm_str_ieq(told->name, RM_STR("UmdfImpersonationLevel"))) {
            told_policy(d, told,
                        rm_str_ieq(value, RM_STR("Impersonation")) ||
                            rm_str_ieq(value, RM_STR("Delegation")),
                        d->impersonation);
        }
    }
    return RM_OK;
}

rm_status rm_derivation_index(rm_derivation *d) {
    rm_status st = group_facts(d);
    if (st == RM_OK) {
        st = order_handlers(d);
    }
    if (st == RM_OK) {
        st = group_apps(d);
    }
    if (st == RM_OK) {
        st = find_policies(d);
    }
    if (st == RM_OK) {
        st = parse_descriptors(d);
    }
    if (st == RM_OK) {
        st = parse_doors(d);
    }
    return st == RM_OK ? rm_derive_ways(d) : st;
}
