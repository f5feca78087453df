#include "diff.h"

static rm_str driver_called(const rm_model *m, uint32_t driver) {
    return driver == RM_NONE ? RM_STR_NONE : m->drivers.at[driver].name;
}

static rm_str driver_id(const rm_model *m, uint32_t driver) {
    return driver == RM_NONE ? RM_STR_NONE : m->drivers.at[driver].id;
}

static rm_str device_called(const rm_model *m, uint32_t device) {
    const rm_device *d = &m->devices.at[device];
    return d->nt_name.len > 0 ? d->nt_name
           : d->alias.len > 0 ? d->alias
                              : driver_called(m, d->driver);
}

static rm_str entry_called(const rm_model *m, uint32_t entry) {
    const rm_entry *e = &m->entries.at[entry];
    return e->name.len > 0 ? e->name : rm_str_from(rm_entry_kind_name(e->kind));
}

/* "driver: entry", the entry's part left out where it is not known. */
static rm_status in_entry(rm_arena *arena, const rm_model *m, uint32_t driver, uint32_t entry,
                          rm_str what, rm_str *out) {
    const rm_str name = entry != RM_NONE ? entry_called(m, entry) : RM_STR("every request");
    const uint32_t owner = entry != RM_NONE ? m->entries.at[entry].driver : driver;
    return rm_str_printf(arena, out, "%.*s %.*s: %.*s", RM_STR_ARG(driver_called(m, owner)),
                         RM_STR_ARG(name), RM_STR_ARG(what));
}

#define COUNT(list)                                                                                \
    static uint32_t count_##list(const rm_model *m) {                                              \
        return m->list.count;                                                                      \
    }
COUNT(paths)
COUNT(findings)
COUNT(drivers)
COUNT(devices)
COUNT(doors)
COUNT(accesses)
COUNT(ioctls)
COUNT(sinks)
COUNT(checks)
#undef COUNT

static rm_status path_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_path *p = &m->paths.at[i];
    (void)arena;
    *out = (rm_diff_thing){
        .id = p->id, .name = p->summary, .severity = p->severity, .score = p->score};
    if (p->sink != RM_NONE) {
        out->place = m->sinks.at[p->sink].place;
    }
    return RM_OK;
}

static rm_status finding_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_finding *f = &m->findings.at[i];
    *out = (rm_diff_thing){.id = f->id, .severity = f->severity, .place = f->place};
    return rm_str_printf(arena, &out->name, "%.*s %.*s: %.*s", RM_STR_ARG(f->rule),
                         RM_STR_ARG(f->subject), RM_STR_ARG(f->message));
}

static rm_status driver_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_driver *d = &m->drivers.at[i];
    (void)arena;
    *out = (rm_diff_thing){.id = d->id, .name = d->name, .place = d->place};
    return RM_OK;
}

static rm_status device_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    (void)arena;
    *out = (rm_diff_thing){
        .id = m->devices.at[i].id, .name = device_called(m, i), .place = m->devices.at[i].place};
    return RM_OK;
}

static rm_status door_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_door *d = &m->doors.at[i];
    *out = (rm_diff_thing){.id = d->id, .place = d->place};
    return rm_str_printf(arena, &out->name, "%s %.*s", rm_door_kind_name(d->kind),
                         RM_STR_ARG(d->name.len > 0 ? d->name : d->class_guid));
}

/* Whom access is asked to: id, name and place. */
static rm_diff_thing access_subject(const rm_model *m, const rm_access *a) {
    switch (a->subject_kind) {
    case RM_SUBJECT_DEVICE:
    case RM_SUBJECT_PORT: {
        const rm_device *d = &m->devices.at[a->subject];
        const rm_place place =
            d->descriptor != RM_NONE ? m->descriptors.at[d->descriptor].place : d->place;
        return (rm_diff_thing){
            .owner = d->id, .name = device_called(m, a->subject), .place = place};
    }
    case RM_SUBJECT_INTERFACE: {
        const rm_door *d = &m->doors.at[a->subject];
        return (rm_diff_thing){.owner = d->id, .name = d->name, .place = d->place};
    }
    case RM_SUBJECT_SERVICE: {
        const rm_service *s = &m->services.at[a->subject];
        return (rm_diff_thing){.owner = s->id, .name = s->name, .place = s->place};
    }
    case RM_SUBJECT_KEY:
    case RM_SUBJECT_FILE: {
        const rm_descriptor *d = &m->descriptors.at[a->subject];
        return (rm_diff_thing){.owner = d->id, .name = d->subject_name, .place = d->place};
    }
    case RM_SUBJECT_COUNT: break;
    }
    return (rm_diff_thing){0};
}

static rm_status access_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_access *a = &m->accesses.at[i];
    *out = access_subject(m, a);
    rm_status st = rm_str_printf(arena, &out->id, "%.*s %.*s", RM_STR_ARG(out->owner),
                                 RM_STR_ARG(a->principal));
    if (st == RM_OK) {
        st = rm_str_printf(arena, &out->name, "%.*s to %s %.*s", RM_STR_ARG(a->principal),
                           rm_subject_name(a->subject_kind), RM_STR_ARG(out->name));
    }
    return st;
}

static rm_status ioctl_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_ioctl *x = &m->ioctls.at[i];
    *out = (rm_diff_thing){.id = x->id, .place = x->place};
    return rm_str_printf(arena, &out->name, "%.*s%s%.*s", RM_STR_ARG(driver_called(m, x->driver)),
                         x->driver != RM_NONE ? " " : "", RM_STR_ARG(x->name));
}

static rm_status operation_thing(rm_arena *arena, const rm_model *m, uint32_t i,
                                 rm_diff_thing *out) {
    const rm_sink_call *s = &m->sinks.at[i];
    *out = (rm_diff_thing){.id = s->id, .place = s->place};
    if (s->entry != RM_NONE) {
        out->owner = m->entries.at[s->entry].id;
    }
    rm_str what = RM_STR_NONE;
    const rm_status st =
        rm_str_printf(arena, &what, "%.*s (%.*s)", RM_STR_ARG(s->api), RM_STR_ARG(s->class_name));
    return st == RM_OK ? in_entry(arena, m, RM_NONE, s->entry, what, &out->name) : st;
}

static rm_status check_thing(rm_arena *arena, const rm_model *m, uint32_t i, rm_diff_thing *out) {
    const rm_check *c = &m->checks.at[i];
    *out = (rm_diff_thing){.id = c->id,
                           .owner = c->entry != RM_NONE ? m->entries.at[c->entry].id
                                                        : driver_id(m, c->driver),
                           .place = c->place};
    rm_str what = RM_STR_NONE;
    const rm_status st =
        rm_str_printf(arena, &what, "check of %s%s%.*s", rm_check_kind_name(c->kind),
                      c->argument.len > 0 ? " " : "", RM_STR_ARG(c->argument));
    return st == RM_OK ? in_entry(arena, m, c->driver, c->entry, what, &out->name) : st;
}

/* A check that went is a loss, one that came a gain. */
const rm_diff_rule rm_diff_rules[RM_DIFF_COUNT] = {
    [RM_DIFF_PATH] = {count_paths, path_thing, rm_compare_paths, RM_CHANGE_NEW, RM_CHANGE_GONE},
    [RM_DIFF_FINDING] = {count_findings, finding_thing, rm_compare_findings, RM_CHANGE_NEW,
                         RM_CHANGE_GONE},
    [RM_DIFF_DRIVER] = {count_drivers, driver_thing, NULL, RM_CHANGE_NEW, RM_CHANGE_GONE},
    [RM_DIFF_DEVICE] = {count_devices, device_thing, rm_compare_devices, RM_CHANGE_NEW,
                        RM_CHANGE_GONE},
    [RM_DIFF_DOOR] = {count_doors, door_thing, rm_compare_doors, RM_CHANGE_NEW, RM_CHANGE_GONE},
    [RM_DIFF_ACCESS] = {count_accesses, access_thing, rm_compare_accesses, RM_CHANGE_NEW,
                        RM_CHANGE_GONE},
    [RM_DIFF_IOCTL] = {count_ioctls, ioctl_thing, rm_compare_ioctls, RM_CHANGE_NEW, RM_CHANGE_GONE},
    [RM_DIFF_OPERATION] = {count_sinks, operation_thing, rm_compare_operations, RM_CHANGE_NEW,
                           RM_CHANGE_GONE},
    [RM_DIFF_CHECK] = {count_checks, check_thing, rm_compare_checks, RM_CHANGE_BETTER,
                       RM_CHANGE_WORSE},
};
