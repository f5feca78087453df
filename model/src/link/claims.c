#include "link.h"

/*
 * A name in the object manager is one object's. Where drivers that were read together claim the
 * same, which of them has it depends on the machine: each keeps its own device and doors, and what
 * goes by the name may come to either.
 */

enum { MOST = 16 }; /* devices of one name, so that they cannot multiply what names them */

static uint32_t driver_of(const rm_model *m, const rm_names *names, uint32_t claim) {
    return m->devices.at[names->claims.at[claim].device].driver;
}

/* The next claim behind `at` by a driver that none of the chain before it is. */
static uint32_t next_driver(const rm_model *m, const rm_names *names, uint32_t first, uint32_t at) {
    for (at = names->claims.at[at].next; at != RM_NONE; at = names->claims.at[at].next) {
        uint32_t seen = first;
        while (seen != at && driver_of(m, names, seen) != driver_of(m, names, at)) {
            seen = names->claims.at[seen].next;
        }
        if (seen == at && driver_of(m, names, at) != RM_NONE) {
            return at;
        }
    }
    return RM_NONE;
}

/* A name that one device alone can have; drivers share the classes of interfaces. */
static bool is_of_one(rm_str name) {
    return name.len > 0 && !rm_str_starts(name, RM_STR("{"));
}

/* ---- telling ---- */

static void tell(const rm_model *m, const rm_names *names, rm_sink *sink, rm_str name,
                 rm_place place, uint32_t device) {
    const uint32_t first = is_of_one(name) ? rm_names_claim(names, name) : RM_NONE;
    const uint32_t driver = m->devices.at[device].driver;
    uint32_t other = first == RM_NONE ? RM_NONE : driver_of(m, names, first);
    if (other == RM_NONE || driver == RM_NONE || other == driver) {
        return;
    }
    const rm_place theirs = m->devices.at[names->claims.at[first].device].place;
    rm_diag(
        sink, RM_WARNING, place, "link-name-twice",
        "'%.*s' of '%.*s' is also the name of a device of '%.*s' (%.*s:%u): each keeps its own, "
        "and what goes by the name may come to either",
        RM_STR_ARG(name), RM_STR_ARG(m->drivers.at[driver].name),
        RM_STR_ARG(m->drivers.at[other].name), RM_STR_ARG(theirs.file), (unsigned)theirs.line);
}

static void tell_all(const rm_model *m, const rm_names *names, rm_sink *sink) {
    for (uint32_t i = 0; i < m->devices.count; i++) {
        tell(m, names, sink, m->devices.at[i].nt_name, m->devices.at[i].place, i);
    }
    for (uint32_t i = 0; i < m->doors.count; i++) {
        const rm_door *door = &m->doors.at[i];
        if (door->device != RM_NONE && door->kind != RM_DOOR_INTERFACE &&
            door->kind != RM_DOOR_NT_NAME) {
            tell(m, names, sink, door->name, door->place, door->device);
        }
    }
}

/* ---- what goes by such a name ---- */

typedef struct others {
    uint32_t device[MOST];
    uint32_t count;
} others;

/* The other devices that `name`, which led to `device`, may be. */
static others others_of(const rm_model *m, const rm_names *names, rm_str name, uint32_t device) {
    others found = {.count = 0};
    const uint32_t first = is_of_one(name) ? rm_names_claim(names, name) : RM_NONE;
    if (first == RM_NONE || names->claims.at[first].device != device) {
        return found;
    }
    for (uint32_t at = next_driver(m, names, first, first); at != RM_NONE && found.count < MOST;
         at = next_driver(m, names, first, at)) {
        found.device[found.count++] = names->claims.at[at].device;
    }
    return found;
}

static rm_status share_opens(rm_model *m, const rm_names *names) {
    const uint32_t count = m->opens.count;
    for (uint32_t i = 0; i < count; i++) {
        const rm_open told = m->opens.at[i];
        rm_str name = rm_link_name_opened(names, told.target);
        others more = others_of(m, names, name, told.device);
        m->opens.at[i].state = more.count > 0 ? RM_STATE_UNKNOWN : told.state;
        for (uint32_t k = 0; k < more.count; k++) {
            rm_open *copy = rm_push(m->arena, &m->opens);
            if (copy == NULL) {
                return RM_NOMEM;
            }
            *copy = told;
            copy->device = more.device[k];
            copy->state = RM_STATE_UNKNOWN;
        }
    }
    return RM_OK;
}

static rm_status share_handles(rm_model *m, const rm_names *names) {
    const uint32_t count = m->handles.count;
    for (uint32_t i = 0; i < count; i++) {
        const rm_handle told = m->handles.at[i];
        others more = others_of(m, names, told.device_name, told.device);
        m->handles.at[i].state = more.count > 0 ? RM_STATE_UNKNOWN : told.state;
        for (uint32_t k = 0; k < more.count; k++) {
            rm_handle *copy = rm_push(m->arena, &m->handles);
            if (copy == NULL) {
                return RM_NOMEM;
            }
            *copy = told;
            copy->device = more.device[k];
            copy->state = RM_STATE_UNKNOWN;
        }
    }
    return RM_OK;
}

/* A forward that names its target's driver has said which it is. */
static bool is_by_name_alone(const rm_forward *f) {
    return f->how_found != RM_FOUND_STACK && f->how_found != RM_FOUND_USER_CHOSEN &&
           f->to_driver_name.len == 0;
}

static rm_status share_forwards(rm_model *m, const rm_names *names) {
    const uint32_t count = m->forwards.count;
    for (uint32_t i = 0; i < count; i++) {
        const rm_forward told = m->forwards.at[i];
        others more = {.count = 0};
        if (is_by_name_alone(&told)) {
            more = others_of(m, names, told.target, told.to_device);
        }
        m->forwards.at[i].state = more.count > 0 ? RM_STATE_UNKNOWN : told.state;
        for (uint32_t k = 0; k < more.count; k++) {
            rm_forward *copy = rm_push(m->arena, &m->forwards);
            if (copy == NULL) {
                return RM_NOMEM;
            }
            *copy = told;
            copy->to_device = more.device[k];
            copy->to_driver = m->devices.at[more.device[k]].driver;
            copy->state = RM_STATE_UNKNOWN;
        }
    }
    return RM_OK;
}

rm_status rm_link_claims(rm_model *model, const rm_names *names, rm_sink *sink) {
    tell_all(model, names, sink);
    rm_status st = share_opens(model, names);
    if (st == RM_OK) {
        st = share_handles(model, names);
    }
    return st == RM_OK ? share_forwards(model, names) : st;
}
