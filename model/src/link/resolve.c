#include "link.h"

#include <stddef.h>

#include "declared.h"
#include "group.h"
#include "names.h"
#include "refs.h"

/* ---- one device from an INF and a source ---- */

/* The device that the sources make for the PnP stack which an INF describes. */
static uint32_t source_twin(const rm_model *model, uint32_t inf_device) {
    const rm_device *told = &model->devices.at[inf_device];
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; told->driver != RM_NONE && i < model->devices.count; i++) {
        const rm_device *d = &model->devices.at[i];
        if (i == inf_device || d->driver != told->driver || d->created_by == RM_CREATED_INF ||
            !d->pnp) {
            continue;
        }
        if (found == RM_NONE || (model->devices.at[found].filter && !d->filter)) {
            found = i;
        }
    }
    return found;
}

/* A second device that an INF told of for the same driver, or hardware id, is the first one. */
static uint32_t earlier_inf_device(const rm_model *model, uint32_t inf_device) {
    for (uint32_t i = 0; i < inf_device; i++) {
        const rm_device *d = &model->devices.at[i];
        const rm_device *told = &model->devices.at[inf_device];
        if (d->created_by == RM_CREATED_INF && d->driver == told->driver &&
            (d->driver != RM_NONE || rm_str_ieq(d->alias, told->alias))) {
            return i;
        }
    }
    return inf_device;
}

static bool has_key_or_door(const rm_model *model, uint32_t device) {
    uint32_t driver = model->devices.at[device].driver;
    for (uint32_t i = 0; i < model->settings.count; i++) {
        if (!model->settings.at[i].class_level && model->settings.at[i].driver == driver) {
            return true;
        }
    }
    for (uint32_t i = 0; i < model->doors.count; i++) {
        if (model->doors.at[i].device == device) {
            return true;
        }
    }
    return false;
}

/*
 * A WDM driver whose sources make control devices only has none in the stack that its INF speaks
 * of: it is installed as a device so that something loads it.
 */
static bool is_loaded_only(const rm_model *model, uint32_t inf_device) {
    uint32_t driver = model->devices.at[inf_device].driver;
    bool controls = false;
    if (driver == RM_NONE || model->drivers.at[driver].framework != RM_FRAMEWORK_WDM) {
        return false;
    }
    for (uint32_t i = 0; i < model->devices.count; i++) {
        const rm_device *d = &model->devices.at[i];
        if (d->driver == driver && d->created_by != RM_CREATED_INF) {
            bool control = (d->created_by == RM_CREATED_IOCREATEDEVICE ||
                            d->created_by == RM_CREATED_IOCREATEDEVICESECURE) &&
                           (d->nt_name.len > 0 || d->name_unknown) && !d->pnp;
            if (!control) {
                return false;
            }
            controls = true;
        }
    }
    return controls && !has_key_or_door(model, inf_device);
}

static rm_status merge_inf_devices(rm_model *model) {
    uint32_t count = model->devices.count;
    uint32_t *instead = RM_NEW_ARRAY(model->arena, uint32_t, count);
    if (count > 0 && instead == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        instead[i] = i;
        if (model->devices.at[i].created_by == RM_CREATED_INF) {
            uint32_t twin = source_twin(model, i);
            instead[i] = twin != RM_NONE            ? twin
                         : is_loaded_only(model, i) ? RM_NONE
                                                    : earlier_inf_device(model, i);
        }
    }
    return rm_refs_replace_devices(model, instead);
}

/* ---- names ---- */

/* A device by its own name, or the only one of a driver of that name. */
static uint32_t device_named(const rm_names *names, const rm_model *model, rm_str device,
                             rm_str driver) {
    return rm_names_device_of(names, model, device.len > 0 ? device : driver,
                              rm_names_driver(names, driver));
}

void rm_link_not_here(rm_sink *sink, rm_place place, const char *what, rm_str name) {
    rm_diag(sink, RM_WARNING, place, "link-unknown-name",
            "%s '%.*s' is nowhere in what was read; the fact stands alone", what, RM_STR_ARG(name));
}

static void resolve_doors(rm_model *model, const rm_names *names, rm_sink *sink) {
    for (uint32_t i = 0; i < model->doors.count; i++) {
        rm_door *door = &model->doors.at[i];
        if (door->device == RM_NONE && (door->device_name.len > 0 || door->driver_name.len > 0)) {
            door->device = device_named(names, model, door->device_name, door->driver_name);
            if (door->device == RM_NONE) {
                rm_link_not_here(sink, door->place, "device",
                                 door->device_name.len > 0 ? door->device_name : door->driver_name);
            }
        }
        if (door->service == RM_NONE && door->service_name.len > 0) {
            door->service = rm_names_service(names, door->service_name);
            if (door->service == RM_NONE) {
                rm_link_not_here(sink, door->place, "service", door->service_name);
            }
        }
    }
}

static void resolve_stacks(rm_model *model, const rm_names *names, rm_sink *sink) {
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        rm_stack_position *p = &model->stacks.at[i];
        if (p->device == RM_NONE && p->device_name.len > 0) {
            p->device = rm_names_device_of(names, model, p->device_name, p->driver);
        }
        if (p->driver == RM_NONE && p->device != RM_NONE) {
            p->driver = model->devices.at[p->device].driver;
        }
        if (p->driver == RM_NONE && p->device_name.len > 0) {
            p->driver = rm_names_driver(names, p->device_name);
        }
        if (p->driver == RM_NONE && p->device_name.len > 0) {
            rm_link_not_here(sink, p->place, "stack member", p->device_name);
        }
    }
}

/*
 * The only device of a driver that control requests are sent to, ports and filter devices beside
 * it not counted; RM_NONE when there are several.
 */
static uint32_t sole_device(const rm_model *model, uint32_t driver, const rm_group *devices) {
    uint32_t found = RM_NONE;
    for (uint32_t i = devices->first[driver]; i < devices->first[driver + 1]; i++) {
        uint32_t device = devices->order[i];
        if (model->devices.at[device].created_by == RM_CREATED_FLTPORT) {
            continue;
        }
        if (found != RM_NONE) {
            return RM_NONE;
        }
        found = device;
    }
    return found;
}

static void resolve_entries(rm_model *model, const rm_names *names, const rm_group *devices,
                            rm_sink *sink) {
    for (uint32_t i = 0; i < model->entries.count; i++) {
        rm_entry *e = &model->entries.at[i];
        if (e->device == RM_NONE && e->device_name.len > 0) {
            e->device = rm_names_device_of(names, model, e->device_name, e->driver);
            if (e->device == RM_NONE) {
                rm_link_not_here(sink, e->place, "device", e->device_name);
            }
        }
        if (e->driver == RM_NONE && e->device != RM_NONE) {
            e->driver = model->devices.at[e->device].driver;
        }
        if (e->device == RM_NONE && e->driver != RM_NONE && e->kind != RM_ENTRY_MESSAGE) {
            e->device = sole_device(model, e->driver, devices);
        }
    }
    for (uint32_t i = 0; i < model->ioctls.count; i++) {
        rm_ioctl *c = &model->ioctls.at[i];
        if (c->device == RM_NONE && c->driver != RM_NONE && c->handled) {
            c->device = sole_device(model, c->driver, devices);
        }
    }
}

/* A target that was named and is nowhere: the forward stays, and says so. */
static void tell_absent(rm_forward *f, rm_sink *sink) {
    if (f->to_driver != RM_NONE || f->to_device != RM_NONE || f->target.len == 0 ||
        f->how_found == RM_FOUND_STACK || f->how_found == RM_FOUND_USER_CHOSEN) {
        return;
    }
    if (f->state == RM_STATE_DECLARED) {
        rm_link_not_here(sink, f->place, "forward's target", f->target);
    }
    f->state = RM_STATE_UNKNOWN;
}

static void resolve_forwards(rm_model *model, const rm_names *names, rm_sink *sink) {
    for (uint32_t i = 0; i < model->forwards.count; i++) {
        rm_forward *f = &model->forwards.at[i];
        if (f->to_device == RM_NONE && f->how_found != RM_FOUND_STACK &&
            f->how_found != RM_FOUND_USER_CHOSEN) {
            f->to_device = rm_names_device(names, model, f->target);
        }
        if (f->to_driver == RM_NONE && f->to_device != RM_NONE) {
            f->to_driver = model->devices.at[f->to_device].driver;
        }
        if (f->to_driver == RM_NONE && f->target.len > 0) {
            f->to_driver = rm_names_driver(names, f->target);
        }
        if (f->to_driver == RM_NONE && f->to_driver_name.len > 0) {
            f->to_driver = rm_names_driver(names, f->to_driver_name);
        }
        if (f->from_driver == RM_NONE && f->entry != RM_NONE) {
            f->from_driver = model->entries.at[f->entry].driver;
        }
        tell_absent(f, sink);
    }
}

static bool has_sink(const rm_model *model, const rm_group *sinks, uint32_t entry,
                     rm_str class_of) {
    for (uint32_t i = sinks->first[entry]; i < sinks->first[entry + 1]; i++) {
        if (rm_str_eq(model->sinks.at[sinks->order[i]].class_name, class_of)) {
            return true;
        }
    }
    return false;
}

/*
 * A request that goes to whatever device its sender names may reach any driver there is: that is
 * the operation, also where nothing else was found in the handler.
 */
static rm_status add_chosen_targets(rm_model *model) {
    const rm_str opens = RM_STR("device_open_by_name");
    rm_group sinks = {0};
    rm_status st =
        rm_group_build(model->arena, model->sinks.at, model->sinks.count, sizeof(rm_sink_call),
                       offsetof(rm_sink_call, entry), model->entries.count, &sinks);
    for (uint32_t i = 0; st == RM_OK && i < model->forwards.count; i++) {
        const rm_forward *f = &model->forwards.at[i];
        if (f->how_found != RM_FOUND_USER_CHOSEN || f->entry >= model->entries.count ||
            has_sink(model, &sinks, f->entry, opens)) {
            continue;
        }
        rm_sink_call *call = rm_push(model->arena, &model->sinks);
        if (call == NULL) {
            return RM_NOMEM;
        }
        *call = (rm_sink_call){.entry = f->entry,
                               .class_name = opens,
                               .api = f->via_api,
                               .argument = RM_STR("target"),
                               .validation = RM_VALIDATION_UNVALIDATED,
                               .reason = RM_STR("the sender chooses the device: any driver"),
                               .text = f->text,
                               .state = f->state > RM_STATE_DERIVED ? f->state : RM_STATE_DERIVED,
                               .place = f->place};
    }
    return st;
}

/* Drivers whose callers name a device to open, and what is known of it does not bound the name. */
static void mark_openers(const rm_model *model, bool *opens) {
    const rm_str by_name = RM_STR("device_open_by_name");
    for (uint32_t i = 0; i < model->sinks.count; i++) {
        const rm_sink_call *call = &model->sinks.at[i];
        uint32_t driver =
            call->entry < model->entries.count ? model->entries.at[call->entry].driver : RM_NONE;
        if (driver < model->drivers.count && rm_str_eq(call->class_name, by_name) &&
            (call->validation == RM_VALIDATION_UNVALIDATED ||
             call->validation == RM_VALIDATION_PARTIAL)) {
            opens[driver] = true;
        }
    }
}

/*
 * A driver that stands in no stack that was read, opens what its callers name and passes requests
 * down to something that is not known: it attached to a device that a caller named. Who sends the
 * request did not choose it, so this is no operation of the sender's.
 */
static rm_status settle_attached(rm_model *model) {
    bool *opens = RM_NEW_ARRAY(model->arena, bool, (size_t)model->drivers.count + 1);
    if (opens == NULL) {
        return RM_NOMEM;
    }
    mark_openers(model, opens);
    for (uint32_t i = 0; i < model->stacks.count; i++) {
        if (model->stacks.at[i].driver < model->drivers.count) {
            opens[model->stacks.at[i].driver] = false;
        }
    }
    for (uint32_t i = 0; i < model->forwards.count; i++) {
        rm_forward *f = &model->forwards.at[i];
        if (f->how_found == RM_FOUND_STACK && f->target.len == 0 &&
            f->from_driver < model->drivers.count && opens[f->from_driver]) {
            f->how_found = RM_FOUND_USER_CHOSEN;
            f->target = RM_STR("a device that a caller named");
        }
    }
    return RM_OK;
}

rm_status rm_link_names(rm_model *model, rm_sink *sink) {
    rm_names names;
    rm_group devices = {0};
    rm_status st = merge_inf_devices(model);
    if (st == RM_OK) {
        st = rm_link_declared_devices(model, sink);
    }
    if (st == RM_OK) {
        st = rm_names_build(model->arena, model, &names);
    }
    if (st == RM_OK) {
        resolve_doors(model, &names, sink);
        st = rm_names_build(model->arena, model, &names); /* a door's name is its device's too */
    }
    if (st == RM_OK) {
        st = rm_link_subjects(model, &names);
    }
    if (st == RM_OK) {
        st =
            rm_group_build(model->arena, model->devices.at, model->devices.count, sizeof(rm_device),
                           offsetof(rm_device, driver), model->drivers.count, &devices);
    }
    if (st != RM_OK) {
        return st;
    }
    resolve_stacks(model, &names, sink);
    resolve_entries(model, &names, &devices, sink);
    st = rm_link_declared_orders(model, sink);
    if (st == RM_OK) {
        st = rm_link_declared_entries(model, sink);
    }
    if (st == RM_OK) {
        resolve_forwards(model, &names, sink);
        st = add_chosen_targets(model);
    }
    if (st == RM_OK) {
        st = settle_attached(model);
    }
    if (st == RM_OK) {
        st = rm_link_opens(model, &names, sink);
    }
    if (st == RM_OK) {
        st = rm_link_claims(model, &names, sink);
    }
    if (st == RM_OK) {
        st = rm_link_calls(model);
    }
    if (st == RM_OK) {
        st = rm_link_declared_values(model, sink);
    }
    if (st == RM_OK) {
        st = rm_link_confirmations(model, sink);
    }
    return st == RM_OK ? rm_link_twin_apps(model) : st;
}
