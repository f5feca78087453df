#include "internal.h"

#include <stddef.h>

#include "model/effective.h"

#define GROUP(d, list, type, field, keys, out)                                                     \
    rm_group_build((d)->scratch, (d)->model->list.at, (d)->model->list.count, sizeof(type),        \
                   offsetof(type, field), (keys), &(d)->out)

rm_status rm_index_sinks(rm_derivation *d) {
    return GROUP(d, sinks, rm_sink_call, entry, d->model->entries.count, sinks_of_entry);
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

/* ---- stacks ---- */

static bool same_stack(const rm_stack_position *a, const rm_stack_position *b) {
    return rm_str_ieq(a->hwid, b->hwid) && rm_str_eq(a->arch, b->arch) && rm_str_eq(a->inf, b->inf);
}

/* A device is in a stack as itself, or, where the stack names only drivers, by its driver. */
static bool is_member(const rm_model *m, const rm_stack_position *p, uint32_t device) {
    const rm_device *dev = &m->devices.at[device];
    if (p->device != RM_NONE) {
        return p->device == device;
    }
    return p->driver == dev->driver && dev->pnp && p->how == RM_STACK_FUNCTION && !dev->filter;
}

/* The positions of the stack that `one` belongs to, from the top down. */
static rm_status collect_stack(rm_derivation *d, uint32_t one, rm_stack_view *out) {
    const rm_model *m = d->model;
    uint32_t *positions = RM_NEW_ARRAY(d->scratch, uint32_t, m->stacks.count);
    uint32_t count = 0;
    if (positions == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < m->stacks.count; i++) {
        if (!same_stack(&m->stacks.at[i], &m->stacks.at[one])) {
            continue;
        }
        uint32_t at = count++;
        while (at > 0 && m->stacks.at[positions[at - 1]].position > m->stacks.at[i].position) {
            positions[at] = positions[at - 1];
            at--;
        }
        positions[at] = i;
    }
    *out = (rm_stack_view){positions, count};
    return RM_OK;
}

static rm_status find_stacks(rm_derivation *d) {
    const rm_model *m = d->model;
    d->stack_of_device = RM_NEW_ARRAY(d->scratch, rm_stack_view, (size_t)m->devices.count + 1);
    if (d->stack_of_device == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t dev = 0; dev < m->devices.count; dev++) {
        for (uint32_t i = 0; i < m->stacks.count; i++) {
            if (is_member(m, &m->stacks.at[i], dev)) {
                rm_status st = collect_stack(d, i, &d->stack_of_device[dev]);
                if (st != RM_OK) {
                    return st;
                }
                break;
            }
        }
    }
    return RM_OK;
}

rm_status rm_derivation_index(rm_derivation *d) {
    rm_status st = group_facts(d);
    if (st == RM_OK) {
        st = group_apps(d);
    }
    if (st == RM_OK) {
        st = parse_descriptors(d);
    }
    return st == RM_OK ? find_stacks(d) : st;
}
