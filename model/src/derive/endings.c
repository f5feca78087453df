#include "internal.h"

#include "ident.h"
#include "model/sinks.h"

/*
 * A handler that an app may call by what its manifest or its sources say, and in which nothing
 * privileged was found, is the end of a path too: what the app reaches is the point of the map.
 * Such an end is a row of v_sink, bounded by what is known: passed to a driver that was not read,
 * or an effect on the device itself. Only where an app declares its way there: of any other code
 * it would say nothing.
 */

typedef struct ends {
    rm_derivation *d;
    bool *wanted; /* by entry */
    rm_map ids;
} ends;

static bool in_stack_above_another(const rm_derivation *d, uint32_t device, uint32_t driver) {
    const rm_group *g = &d->ways_of_device;
    for (uint32_t w = g->first[device]; w < g->first[device + 1]; w++) {
        const rm_way *way = &d->ways.at[d->ways_of_devices.at[g->order[w]].way];
        for (uint32_t i = 0; i + 1 < way->count; i++) {
            if (d->model->stacks.at[way->positions[i]].driver == driver) {
                return true;
            }
        }
    }
    return false;
}

/*
 * Where the handler's request goes: *out is the forward that leaves what was read, one with the
 * caller's data before one without (RM_NONE: none); false when one leads on to a driver of the
 * model.
 */
static bool leaves_by(const rm_derivation *d, uint32_t device, uint32_t entry, uint32_t *out) {
    const rm_group *g = &d->forwards_of_entry;
    uint32_t empty = RM_NONE;
    *out = RM_NONE;
    for (uint32_t i = g->first[entry]; i < g->first[entry + 1]; i++) {
        const rm_forward *f = &d->model->forwards.at[g->order[i]];
        bool goes_on = f->to_driver != RM_NONE ||
                       (f->how_found == RM_FOUND_STACK &&
                        in_stack_above_another(d, device, d->model->entries.at[entry].driver));
        if (rm_str_eq(f->target, RM_STR(RM_PARENT_QUEUE))) {
            continue; /* stays in the driver */
        }
        if (f->carries_user_data == RM_TRI_NO) {
            empty = empty == RM_NONE && !goes_on ? g->order[i] : empty;
            continue;
        }
        if (goes_on) {
            return false;
        }
        *out = *out == RM_NONE ? g->order[i] : *out;
    }
    *out = *out == RM_NONE ? empty : *out;
    return true;
}

static rm_sink_call end_of(const rm_model *m, uint32_t entry, uint32_t forward) {
    const rm_entry *e = &m->entries.at[entry];
    rm_sink_call end = {.entry = entry, .ending = true, .api = e->handler, .function = e->handler};
    if (forward != RM_NONE) {
        const rm_forward *f = &m->forwards.at[forward];
        size_t at = 0;
        bool usb = rm_str_starts(f->via_api, RM_STR("WdfUsb")) ||
                   rm_str_find(f->text, RM_STR("WdfUsbTarget"), &at); /* its pipe is the target */
        bool empty = f->carries_user_data == RM_TRI_NO;
        end.class_name = usb ? RM_STR("usb_io") : RM_STR("irp_forward");
        end.api = f->via_api;
        end.validation = empty ? RM_VALIDATION_UNKNOWN : f->validation;
        end.reason = empty ? RM_STR("passed to a driver that was not read, without data of the "
                                    "caller's that was seen")
                           : RM_STR("passed to a driver that was not read");
        end.text = f->text;
        end.state = f->state;
        end.place = f->place;
        return end;
    }
    bool read = e->handler.len > 0 && e->state != RM_STATE_DECLARED;
    end.class_name = read ? RM_STR("device_specific") : RM_STR("unknown_body");
    end.api = end.api.len > 0 ? end.api : e->name;
    end.validation = RM_VALIDATION_UNKNOWN;
    end.reason = read ? RM_STR("no privileged call was found in its handler")
                      : RM_STR("what its handler does was not read");
    end.state = read ? RM_STATE_DERIVED : RM_STATE_UNKNOWN;
    end.place = e->place;
    return end;
}

static rm_status name_end(ends *e, rm_sink_call *end) {
    const rm_model *m = e->d->model;
    const rm_entry *entry = &m->entries.at[end->entry];
    rm_ident parts = {0};
    rm_ident_part(&parts,
                  entry->driver == RM_NONE ? RM_STR_NONE : m->drivers.at[entry->driver].name);
    if (entry->device != RM_NONE) {
        const rm_device *device = &m->devices.at[entry->device];
        rm_ident_part(&parts, device->nt_name.len > 0 ? device->nt_name : device->alias);
    }
    rm_ident_part(&parts, entry->name);
    rm_ident_part(&parts, end->class_name);
    rm_ident_part(&parts, end->api);
    rm_status st = rm_ident_make(m->arena, "sink", &parts, &end->id);
    return st == RM_OK ? rm_ident_tell_apart(m->arena, &e->ids, &end->id) : st;
}

/*
 * Where nothing else was found. What was found beside a request that carries the caller's data to
 * a driver that was not read is not all that is done.
 */
static bool needs_end(const rm_derivation *d, uint32_t entry, uint32_t forward) {
    const rm_group *g = &d->sinks_of_entry;
    bool carries =
        forward != RM_NONE && d->model->forwards.at[forward].carries_user_data == RM_TRI_YES;
    for (uint32_t i = g->first[entry]; i < g->first[entry + 1]; i++) {
        const rm_sink_class *c = rm_sink_class_find(d->model->sinks.at[g->order[i]].class_name);
        if (!carries || c == NULL || rm_str_eq(rm_str_from(c->family), RM_STR("forward"))) {
            return false;
        }
    }
    return true;
}

static rm_status end_entry(ends *e, uint32_t device, uint32_t entry) {
    rm_derivation *d = e->d;
    uint32_t forward = RM_NONE;
    if (e->wanted[entry] || d->model->entries.at[entry].kind == RM_ENTRY_INTERNAL_IOCTL ||
        !leaves_by(d, device, entry, &forward) || !needs_end(d, entry, forward)) {
        return RM_OK;
    }
    e->wanted[entry] = true;
    rm_sink_call end = end_of(d->model, entry, forward);
    rm_status st = name_end(e, &end);
    rm_sink_call *slot = st == RM_OK ? rm_push(d->model->arena, &d->model->sinks) : NULL;
    if (slot == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    *slot = end;
    return RM_OK;
}

static rm_status end_driver(ends *e, uint32_t device, uint32_t driver) {
    const rm_group *g = &e->d->entries_of_driver;
    rm_status st = RM_OK;
    if (driver == RM_NONE) {
        return RM_OK;
    }
    for (uint32_t i = g->first[driver]; st == RM_OK && i < g->first[driver + 1]; i++) {
        st = end_entry(e, device, g->order[i]);
    }
    return st;
}

static rm_status end_device(ends *e, uint32_t device) {
    const rm_model *m = e->d->model;
    const rm_derivation *d = e->d;
    const rm_group *g = &d->ways_of_device;
    rm_status st = end_driver(e, device, m->devices.at[device].driver);
    for (uint32_t w = g->first[device]; st == RM_OK && w < g->first[device + 1]; w++) {
        const rm_way *way = &d->ways.at[d->ways_of_devices.at[g->order[w]].way];
        for (uint32_t i = 0; st == RM_OK && i < way->count; i++) {
            st = end_driver(e, device, m->stacks.at[way->positions[i]].driver);
        }
    }
    return st;
}

/* The devices that apps lead to, by grant or by what their sources open; facts say what they mean.
 */
static bool mark_devices(const rm_derivation *d, bool *devices) {
    const rm_model *m = d->model;
    bool any = d->grants.count > 0;
    for (uint32_t i = 0; i < d->grants.count; i++) {
        devices[d->grants.at[i].device] = true;
    }
    for (uint32_t i = 0; i < m->opens.count; i++) {
        const rm_open *o = &m->opens.at[i];
        if (o->device != RM_NONE && o->state != RM_STATE_DECLARED) {
            devices[o->device] = any = true;
        }
    }
    return any;
}

rm_status rm_derive_endings(rm_derivation *d) {
    rm_model *m = d->model;
    bool *devices = RM_NEW_ARRAY(d->scratch, bool, (size_t)m->devices.count + 1);
    ends e = {.d = d,
              .wanted = RM_NEW_ARRAY(d->scratch, bool, (size_t)m->entries.count + 1),
              .ids = {.arena = d->scratch}};
    uint32_t before = m->sinks.count;
    if (devices == NULL || e.wanted == NULL) {
        return RM_NOMEM;
    }
    rm_status st = RM_OK;
    bool any = mark_devices(d, devices);
    for (uint32_t i = 0; any && st == RM_OK && i < before; i++) {
        rm_str id = m->sinks.at[i].id;
        st = rm_ident_tell_apart(d->scratch, &e.ids, &id);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->devices.count; i++) {
        st = devices[i] ? end_device(&e, i) : RM_OK;
    }
    return st == RM_OK && m->sinks.count > before ? rm_index_sinks(d) : st;
}
