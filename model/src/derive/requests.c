#include "internal.h"

/* What can be sent to a device at all: each entry that some driver behind it has is an example. */

/* Requests that user mode can send: internal control codes come from drivers only. */
static bool user_can_send(rm_entry_kind kind) {
    return kind != RM_ENTRY_INTERNAL_IOCTL;
}

static rm_status add_request(rm_derivation *d, uint32_t entry) {
    uint32_t *at = rm_push(d->door_scratch, &d->requests);
    if (at == NULL) {
        return RM_NOMEM;
    }
    *at = entry;
    return RM_OK;
}

/* Requests that differ in nothing but the handler are sent once; each way decides who gets them. */
static rm_status add_requests_of(rm_derivation *d, uint32_t driver, rm_map *seen) {
    const rm_group *g = &d->entries_of_driver;
    rm_status st = RM_OK;
    for (uint32_t i = g->first[driver]; st == RM_OK && i < g->first[driver + 1]; i++) {
        const rm_entry *e = &d->model->entries.at[g->order[i]];
        rm_str key = RM_STR_NONE;
        uint32_t *at = NULL;
        bool is_new = true;
        if (!user_can_send(e->kind)) {
            continue;
        }
        if (e->has_code || e->any_code) {
            st = rm_str_printf(d->door_scratch, &key, "%d,%d,%d,%u", (int)e->kind, (int)e->has_code,
                               (int)e->any_code, (unsigned)e->code);
            st = st == RM_OK ? rm_map_at(seen, key, &at, &is_new) : st;
        }
        if (st == RM_OK && is_new) {
            st = add_request(d, g->order[i]);
        }
    }
    return st;
}

/* Every request that some driver of the device's ways takes. */
static rm_status requests_of_ways(rm_derivation *d, uint32_t device) {
    const rm_group *g = &d->ways_of_device;
    rm_map seen = {.arena = d->door_scratch};
    bool *done = RM_NEW_ARRAY(d->door_scratch, bool, (size_t)d->model->drivers.count + 1);
    rm_status st = done == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t w = g->first[device]; st == RM_OK && w < g->first[device + 1]; w++) {
        const rm_way *way = &d->ways.at[d->ways_of_devices.at[g->order[w]].way];
        for (uint32_t p = 0; st == RM_OK && p < way->count; p++) {
            uint32_t driver = d->model->stacks.at[way->positions[p]].driver;
            if (driver != RM_NONE && !done[driver]) {
                done[driver] = true;
                st = add_requests_of(d, driver, &seen);
            }
        }
    }
    return st;
}

static rm_status requests_of_driver(rm_derivation *d, uint32_t device) {
    const rm_group *g = &d->entries_of_driver;
    const rm_device *it = &d->model->devices.at[device];
    bool is_port = it->created_by == RM_CREATED_FLTPORT;
    rm_status st = RM_OK;
    for (uint32_t i = it->driver == RM_NONE ? 0 : g->first[it->driver];
         st == RM_OK && it->driver != RM_NONE && i < g->first[it->driver + 1]; i++) {
        const rm_entry *e = &d->model->entries.at[g->order[i]];
        bool fits = (e->kind == RM_ENTRY_MESSAGE) == is_port && user_can_send(e->kind) &&
                    (e->device == RM_NONE || e->device == device);
        if (fits && d->leads[g->order[i]]) {
            st = add_request(d, g->order[i]);
        }
    }
    return st;
}

rm_status rm_requests_collect(rm_derivation *d, uint32_t device) {
    const rm_group *g = &d->ways_of_device;
    if (d->requests_of == device) {
        return RM_OK;
    }
    d->requests = (rm_requests){0};
    d->requests_of = device;
    return g->first[device] < g->first[device + 1] ? requests_of_ways(d, device)
                                                   : requests_of_driver(d, device);
}
