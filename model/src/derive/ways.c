#include "internal.h"

#include <stddef.h>
#include <stdlib.h>

/*
 * The stacks as ways down. A device that several hardware ids install stands in several stacks; as
 * far as their members are the same they are one way. A request goes in at the top of each.
 */

bool rm_passes_on(rm_stack_how how) {
    return how == RM_STACK_UPPER_FILTER || how == RM_STACK_LOWER_FILTER || how == RM_STACK_ATTACH ||
           how == RM_STACK_MINIFILTER;
}

/* ---- the positions, stack by stack from the top ---- */

typedef struct place {
    const rm_stack_position *is;
    uint32_t index;
} place;

static int same_stack(const rm_stack_position *a, const rm_stack_position *b) {
    int order = rm_str_icmp(a->hwid, b->hwid);
    order = order != 0 ? order : rm_str_cmp(a->arch, b->arch);
    return order != 0 ? order : rm_str_cmp(a->inf, b->inf);
}

static int from_the_top(const void *a, const void *b) {
    const place *x = a;
    const place *y = b;
    int order = same_stack(x->is, y->is);
    if (order != 0) {
        return order;
    }
    if (x->is->position != y->is->position) {
        return x->is->position < y->is->position ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

static place *places_in_order(rm_derivation *d) {
    const rm_stack_positions *stacks = &d->model->stacks;
    place *all = RM_NEW_ARRAY(d->scratch, place, (size_t)stacks->count + 1);
    for (uint32_t i = 0; all != NULL && i < stacks->count; i++) {
        all[i] = (place){&stacks->at[i], i};
    }
    if (all != NULL && stacks->count > 1) {
        qsort(all, stacks->count, sizeof all[0], from_the_top);
    }
    return all;
}

/* ---- a stack becomes a way unless an equal one is there ---- */

/* What makes two stacks the same way: who stands in them, and how. */
static rm_status key_of(rm_derivation *d, const place *top, uint32_t count, rm_str *key) {
    rm_buf buf = {.arena = d->scratch};
    for (uint32_t i = 0; i < count; i++) {
        const rm_stack_position *p = top[i].is;
        rm_buf_printf(&buf, "%u,%u,%u,%u,%u;", (unsigned)p->driver, (unsigned)p->device,
                      (unsigned)p->how, (unsigned)p->state, (unsigned)p->order_state);
    }
    *key = rm_buf_view(&buf);
    return buf.status;
}

static rm_status add_member(rm_derivation *d, uint32_t device, uint32_t way) {
    rm_way_of_device *row = rm_push(d->scratch, &d->ways_of_devices);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_way_of_device){device, way};
    return RM_OK;
}

/* A device is in a stack as itself, or, where the stack names only drivers, by its driver. */
static rm_status add_members(rm_derivation *d, const rm_group *devices, const rm_stack_position *p,
                             uint32_t way) {
    if (p->device != RM_NONE) {
        return add_member(d, p->device, way);
    }
    rm_status st = RM_OK;
    if (p->driver == RM_NONE || p->how != RM_STACK_FUNCTION) {
        return st;
    }
    for (uint32_t i = devices->first[p->driver]; st == RM_OK && i < devices->first[p->driver + 1];
         i++) {
        const rm_device *device = &d->model->devices.at[devices->order[i]];
        if (device->pnp && !device->filter) {
            st = add_member(d, devices->order[i], way);
        }
    }
    return st;
}

static rm_status add_way(rm_derivation *d, rm_map *seen, const rm_group *devices, const place *top,
                         uint32_t count) {
    rm_str key = RM_STR_NONE;
    uint32_t *value = NULL;
    bool is_new = false;
    rm_status st = key_of(d, top, count, &key);
    if (st == RM_OK) {
        st = rm_map_at(seen, key, &value, &is_new);
    }
    if (st != RM_OK || !is_new) {
        return st;
    }
    uint32_t *positions = RM_NEW_ARRAY(d->scratch, uint32_t, count);
    rm_way *way = rm_push(d->scratch, &d->ways);
    if (positions == NULL || way == NULL) {
        return RM_NOMEM;
    }
    *way = (rm_way){positions, count};
    for (uint32_t i = 0; st == RM_OK && i < count; i++) {
        positions[i] = top[i].index;
        st = add_members(d, devices, top[i].is, d->ways.count - 1);
    }
    return st;
}

rm_status rm_derive_ways(rm_derivation *d) {
    const rm_model *m = d->model;
    rm_map seen = {.arena = d->scratch};
    rm_group devices = {0};
    place *all = places_in_order(d);
    rm_status st =
        all == NULL ? RM_NOMEM
                    : rm_group_build(d->scratch, m->devices.at, m->devices.count, sizeof(rm_device),
                                     offsetof(rm_device, driver), m->drivers.count, &devices);
    for (uint32_t i = 0; st == RM_OK && i < m->stacks.count;) {
        uint32_t end = i + 1;
        while (end < m->stacks.count && same_stack(all[i].is, all[end].is) == 0) {
            end++;
        }
        st = add_way(d, &seen, &devices, &all[i], end - i);
        i = end;
    }
    return st != RM_OK
               ? st
               : rm_group_build(d->scratch, d->ways_of_devices.at, d->ways_of_devices.count,
                                sizeof(rm_way_of_device), offsetof(rm_way_of_device, device),
                                m->devices.count, &d->ways_of_device);
}
