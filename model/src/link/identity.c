#include "link.h"

#include "base/text.h"
#include "refs.h"

#include <string.h>

/*
 * An id says what a thing is: kind and names joined by ':', in lower case, everything but letters,
 * digits and a few signs made '-'. Equal things are told apart by "~2", "~3" in reading order.
 */

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '>' ||
           c == '!';
}

static void add_part(rm_buf *buf, rm_str part) {
    bool gap = false;
    rm_buf_char(buf, ':');
    size_t start = buf->len;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        if (!is_plain(c)) {
            gap = true;
            continue;
        }
        if (gap && buf->len > start) {
            rm_buf_char(buf, '-');
        }
        gap = false;
        rm_buf_char(buf, c);
    }
}

typedef struct parts {
    rm_str at[10];
    unsigned count;
} parts;

static void part(parts *p, rm_str text) {
    p->at[p->count++] = text;
}

static rm_status make_id(rm_arena *arena, const char *kind, const parts *p, rm_str *out) {
    rm_buf buf = {.arena = arena};
    rm_buf_text(&buf, kind);
    for (unsigned i = 0; i < p->count; i++) {
        add_part(&buf, p->at[i]);
    }
    *out = rm_buf_view(&buf);
    return buf.status;
}

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

static rm_str entry_id(const rm_model *m, uint32_t i) {
    return i == RM_NONE ? RM_STR_NONE : m->entries.at[i].id;
}

/* ---- what each kind of thing is ---- */

static void of_artifact(const rm_model *m, const void *item, parts *p) {
    (void)m;
    part(p, ((const rm_artifact *)item)->path);
}

static void of_driver(const rm_model *m, const void *item, parts *p) {
    (void)m;
    part(p, ((const rm_driver *)item)->name);
}

static void of_install(const rm_model *m, const void *item, parts *p) {
    const rm_install *i = item;
    part(p, driver_name(m, i->driver));
    part(p, i->hwid.len > 0 ? i->hwid : i->model);
    part(p, i->arch);
    part(p, i->section);
}

static void of_service(const rm_model *m, const void *item, parts *p) {
    (void)m;
    part(p, ((const rm_service *)item)->name);
}

static void of_device(const rm_model *m, const void *item, parts *p) {
    const rm_device *d = item;
    part(p, driver_name(m, d->driver));
    part(p, d->nt_name.len > 0 ? d->nt_name : d->alias);
    part(p, rm_str_from(d->filter ? "filter" : ""));
}

static void of_descriptor(const rm_model *m, const void *item, parts *p) {
    const rm_descriptor *d = item;
    bool device = d->subject_kind == RM_SUBJECT_DEVICE || d->subject_kind == RM_SUBJECT_PORT;
    part(p, rm_str_from(rm_subject_name(d->subject_kind)));
    if (device && d->subject != RM_NONE) {
        part(p, driver_name(m, m->devices.at[d->subject].driver));
        part(p, device_name(m, d->subject));
    } else {
        part(p, d->subject_name);
    }
    part(p, rm_str_from(rm_sddl_source_name(d->source)));
}

static void of_door(const rm_model *m, const void *item, parts *p) {
    const rm_door *d = item;
    uint32_t driver = d->device == RM_NONE ? RM_NONE : m->devices.at[d->device].driver;
    part(p, d->service != RM_NONE ? service_name(m, d->service) : driver_name(m, driver));
    part(p, rm_str_from(rm_door_kind_name(d->kind)));
    part(p, d->name.len > 0 ? d->name : d->class_guid);
}

static void of_stack(const rm_model *m, const void *item, parts *p) {
    const rm_stack_position *s = item;
    part(p, s->hwid);
    part(p, s->arch);
    part(p, rm_str_from(rm_stack_how_name(s->how)));
    part(p, driver_name(m, s->driver));
}

static void of_entry(const rm_model *m, const void *item, parts *p) {
    const rm_entry *e = item;
    part(p, driver_name(m, e->driver));
    part(p, device_name(m, e->device));
    part(p, rm_str_from(rm_entry_kind_name(e->kind)));
    part(p, e->name);
}

static void of_ioctl(const rm_model *m, const void *item, parts *p) {
    const rm_ioctl *c = item;
    part(p, driver_name(m, c->driver));
    part(p, device_name(m, c->device));
    part(p, c->name);
}

static void of_input(const rm_model *m, const void *item, parts *p) {
    const rm_input *i = item;
    part(p, entry_id(m, i->entry));
    part(p, i->name);
}

static void of_check(const rm_model *m, const void *item, parts *p) {
    const rm_check *c = item;
    part(p, c->entry != RM_NONE ? entry_id(m, c->entry) : driver_name(m, c->driver));
    part(p, rm_str_from(rm_check_kind_name(c->kind)));
    part(p, c->argument);
}

static void of_sink(const rm_model *m, const void *item, parts *p) {
    const rm_sink_call *s = item;
    part(p, entry_id(m, s->entry));
    part(p, s->class_name);
    part(p, s->api);
    part(p, s->function);
}

static void of_forward(const rm_model *m, const void *item, parts *p) {
    const rm_forward *f = item;
    part(p, f->from_service != RM_NONE ? service_name(m, f->from_service)
                                       : driver_name(m, f->from_driver));
    part(p, entry_id(m, f->entry));
    part(p, f->to_driver != RM_NONE ? driver_name(m, f->to_driver) : f->target);
    part(p, rm_str_from(rm_found_name(f->how_found)));
    part(p, f->via_api);
}

static void of_app(const rm_model *m, const void *item, parts *p) {
    const rm_app *a = item;
    (void)m;
    part(p, a->package);
    part(p, a->name);
}

/* ---- one table for all lists; an entry's id is made before those that contain it ---- */

#define LIST(kind, list, type, to, describe)                                                       \
    { kind, offsetof(rm_model, list), sizeof(type), to, describe }
static const struct identified {
    const char *kind;
    size_t list;
    size_t item_size;
    rm_target target;
    void (*describe)(const rm_model *model, const void *item, parts *out);
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

typedef struct any_list {
    unsigned char *at;
    uint32_t count;
    uint32_t capacity;
} any_list;

/* A set of ids with how often each was given. Open addressing over a power of two. */
typedef struct tally {
    rm_str *ids;
    uint32_t *times;
    uint32_t size;
} tally;

static rm_status tally_new(rm_arena *arena, uint32_t count, tally *out) {
    uint32_t size = 16;
    while (size < count * 2) {
        size *= 2;
    }
    *out = (tally){RM_NEW_ARRAY(arena, rm_str, size), RM_NEW_ARRAY(arena, uint32_t, size), size};
    return out->ids == NULL || out->times == NULL ? RM_NOMEM : RM_OK;
}

/* How often the id was given so far, this time included. */
static uint32_t tally_add(tally *t, rm_str id) {
    uint32_t slot = (uint32_t)rm_str_hash(id) & (t->size - 1);
    while (t->times[slot] > 0 && !rm_str_eq(t->ids[slot], id)) {
        slot = (slot + 1) & (t->size - 1);
    }
    t->ids[slot] = id;
    return ++t->times[slot];
}

static rm_status identify(rm_model *model, const struct identified *kind, any_list list) {
    tally seen = {0};
    rm_status st = tally_new(model->arena, list.count, &seen);
    for (uint32_t i = 0; st == RM_OK && i < list.count; i++) {
        unsigned char *item = list.at + i * kind->item_size;
        parts p = {0};
        rm_str id = RM_STR_NONE;
        kind->describe(model, item, &p);
        st = make_id(model->arena, kind->kind, &p, &id);
        uint32_t times = st == RM_OK ? tally_add(&seen, id) : 1;
        if (st == RM_OK && times > 1) {
            st = rm_str_printf(model->arena, &id, "%.*s~%u", RM_STR_ARG(id), (unsigned)times);
        }
        memcpy(item, &id, sizeof id); /* `id` is the first field of every kind */
    }
    return st;
}

rm_status rm_link_identity(rm_model *model) {
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        any_list list;
        memcpy(&list, (unsigned char *)model + lists[k].list, sizeof list);
        rm_status st = identify(model, &lists[k], list);
        if (st == RM_OK) {
            st = rm_refs_sort(model, lists[k].target, (unsigned char *)model + lists[k].list,
                              lists[k].item_size);
        }
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}
