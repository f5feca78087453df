#include "link.h"

#include "ident.h"
#include "refs.h"

#include <string.h>

/* ---- names that ids are made of ---- */

static rm_str driver_name(const rm_model *m, uint32_t i) {
    return i == RM_NONE ? RM_STR_NONE : m->drivers.at[i].name;
}

static rm_str device_name(const rm_model *m, uint32_t i) {
    if (i == RM_NONE) {
        return RM_STR_NONE;
    }
    const rm_device *d = &m->devices.at[i];
    return d->nt_name.len > 0 ? d->nt_name : d->alias;
}

static rm_str service_name(const rm_model *m, uint32_t i) {
    return i == RM_NONE ? RM_STR_NONE : m->services.at[i].name;
}

/* What belongs to an entry begins with the entry's own parts. */
static void entry_parts(const rm_model *m, uint32_t entry, uint32_t driver, rm_ident *p) {
    if (entry == RM_NONE) {
        rm_ident_part(p, driver_name(m, driver));
        return;
    }
    const rm_entry *e = &m->entries.at[entry];
    rm_ident_part(p, driver_name(m, e->driver));
    rm_ident_part(p, device_name(m, e->device));
    rm_ident_part(p, e->name);
}

/* ---- what each kind of thing is ---- */

static void of_artifact(const rm_model *m, const void *item, rm_ident *p) {
    (void)m;
    rm_ident_part(p, ((const rm_artifact *)item)->path);
}

static void of_driver(const rm_model *m, const void *item, rm_ident *p) {
    (void)m;
    rm_ident_part(p, ((const rm_driver *)item)->name);
}

static void of_install(const rm_model *m, const void *item, rm_ident *p) {
    const rm_install *i = item;
    rm_ident_part(p, driver_name(m, i->driver));
    rm_ident_part(p, i->hwid.len > 0 ? i->hwid : i->model);
    rm_ident_part(p, i->arch);
    rm_ident_part(p, i->section);
}

static void of_service(const rm_model *m, const void *item, rm_ident *p) {
    (void)m;
    rm_ident_part(p, ((const rm_service *)item)->name);
}

static void of_device(const rm_model *m, const void *item, rm_ident *p) {
    const rm_device *d = item;
    rm_ident_part(p, driver_name(m, d->driver));
    rm_ident_part(p, d->nt_name.len > 0 ? d->nt_name : d->alias);
    rm_ident_part(p, rm_str_from(d->filter ? "filter" : ""));
}

static void of_descriptor(const rm_model *m, const void *item, rm_ident *p) {
    const rm_descriptor *d = item;
    bool device = d->subject_kind == RM_SUBJECT_DEVICE || d->subject_kind == RM_SUBJECT_PORT;
    rm_ident_part(p, rm_str_from(rm_subject_name(d->subject_kind)));
    if (device && d->subject != RM_NONE) {
        rm_ident_part(p, driver_name(m, m->devices.at[d->subject].driver));
        rm_ident_part(p, device_name(m, d->subject));
    } else {
        rm_ident_part(p, d->subject_name);
    }
    rm_ident_part(p, rm_str_from(rm_sddl_source_name(d->source)));
}

static void of_door(const rm_model *m, const void *item, rm_ident *p) {
    const rm_door *d = item;
    uint32_t driver = d->device == RM_NONE ? RM_NONE : m->devices.at[d->device].driver;
    rm_ident_part(p, d->service != RM_NONE ? service_name(m, d->service) : driver_name(m, driver));
    rm_ident_part(p, rm_str_from(rm_door_kind_name(d->kind)));
    rm_ident_part(p, d->name.len > 0 ? d->name : d->class_guid);
}

static void of_stack(const rm_model *m, const void *item, rm_ident *p) {
    const rm_stack_position *s = item;
    rm_ident_part(p, s->hwid);
    rm_ident_part(p, s->arch);
    rm_ident_part(p, rm_str_from(rm_stack_how_name(s->how)));
    rm_ident_part(p, driver_name(m, s->driver));
}

static void of_entry(const rm_model *m, const void *item, rm_ident *p) {
    const rm_entry *e = item;
    rm_ident_part(p, driver_name(m, e->driver));
    rm_ident_part(p, device_name(m, e->device));
    rm_ident_part(p, rm_str_from(rm_entry_kind_name(e->kind)));
    rm_ident_part(p, e->name);
}

static void of_ioctl(const rm_model *m, const void *item, rm_ident *p) {
    const rm_ioctl *c = item;
    rm_ident_part(p, driver_name(m, c->driver));
    rm_ident_part(p, device_name(m, c->device));
    rm_ident_part(p, c->name);
}

static void of_input(const rm_model *m, const void *item, rm_ident *p) {
    const rm_input *i = item;
    entry_parts(m, i->entry, RM_NONE, p);
    rm_ident_part(p, i->name);
}

static void of_check(const rm_model *m, const void *item, rm_ident *p) {
    const rm_check *c = item;
    entry_parts(m, c->entry, c->driver, p);
    rm_ident_part(p, rm_str_from(rm_check_kind_name(c->kind)));
    rm_ident_part(p, c->argument);
}

static void of_sink(const rm_model *m, const void *item, rm_ident *p) {
    const rm_sink_call *s = item;
    entry_parts(m, s->entry, RM_NONE, p);
    rm_ident_part(p, s->class_name);
    rm_ident_part(p, s->api);
    rm_ident_part(p, s->function);
}

static void of_forward(const rm_model *m, const void *item, rm_ident *p) {
    const rm_forward *f = item;
    if (f->from_service != RM_NONE) {
        rm_ident_part(p, service_name(m, f->from_service));
    } else {
        entry_parts(m, f->entry, f->from_driver, p);
    }
    rm_ident_part(p, f->to_driver != RM_NONE ? driver_name(m, f->to_driver) : f->target);
    rm_ident_part(p, rm_str_from(rm_found_name(f->how_found)));
    rm_ident_part(p, f->via_api);
}

static void of_app(const rm_model *m, const void *item, rm_ident *p) {
    const rm_app *a = item;
    (void)m;
    rm_ident_part(p, a->package);
    rm_ident_part(p, a->name);
}

/* ---- one table for all lists; an entry's id is made before those that contain it ---- */

#define LIST(kind, list, type, to, describe)                                                       \
    { kind, offsetof(rm_model, list), sizeof(type), to, describe }
static const struct identified {
    const char *kind;
    size_t list;
    size_t item_size;
    rm_target target;
    void (*describe)(const rm_model *model, const void *item, rm_ident *out);
} lists[] = {
    LIST("artifact", artifacts, rm_artifact, RM_TO_NOTHING, of_artifact),
    LIST("driver", drivers, rm_driver, RM_TO_DRIVERS, of_driver),
    LIST("service", services, rm_service, RM_TO_SERVICES, of_service),
    LIST("install", installs, rm_install, RM_TO_NOTHING, of_install),
    LIST("device", devices, rm_device, RM_TO_DEVICES, of_device),
    LIST("descriptor", descriptors, rm_descriptor, RM_TO_DESCRIPTORS, of_descriptor),
    LIST("door", doors, rm_door, RM_TO_DOORS, of_door),
    LIST("stack", stacks, rm_stack_position, RM_TO_NOTHING, of_stack),
    LIST("entry", entries, rm_entry, RM_TO_ENTRIES, of_entry),
    LIST("ioctl", ioctls, rm_ioctl, RM_TO_NOTHING, of_ioctl),
    LIST("input", inputs, rm_input, RM_TO_NOTHING, of_input),
    LIST("sink", sinks, rm_sink_call, RM_TO_SINKS, of_sink),
    LIST("check", checks, rm_check, RM_TO_NOTHING, of_check),
    LIST("forward", forwards, rm_forward, RM_TO_NOTHING, of_forward),
    LIST("app", apps, rm_app, RM_TO_APPS, of_app),
};

static rm_status identify(rm_model *model, const struct identified *kind, rm_any_list list) {
    rm_map seen = {.arena = model->arena};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < list.count; i++) {
        unsigned char *item = list.at + i * kind->item_size;
        rm_ident p = {0};
        rm_str id = RM_STR_NONE;
        kind->describe(model, item, &p);
        st = rm_ident_make(model->arena, kind->kind, &p, &id);
        if (st == RM_OK) {
            st = rm_ident_tell_apart(model->arena, &seen, &id);
        }
        memcpy(item, &id, sizeof id); /* `id` is the first field of every kind */
    }
    return st;
}

rm_status rm_link_identity(rm_model *model) {
    static const rm_sort_by by_id = {.owner = RM_NO_FIELD}; /* the first field of every kind */
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        rm_any_list list;
        memcpy(&list, (unsigned char *)model + lists[k].list, sizeof list);
        rm_status st = identify(model, &lists[k], list);
        if (st == RM_OK) {
            st = rm_refs_sort(model, lists[k].target, (unsigned char *)model + lists[k].list,
                              lists[k].item_size, &by_id);
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
