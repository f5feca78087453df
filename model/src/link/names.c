#include "names.h"

/* Later things of the same name do not replace the first. */
static rm_status put(rm_map *map, rm_str name, uint32_t index) {
    uint32_t *value = NULL;
    bool is_new = false;
    if (name.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_map_at(map, name, &value, &is_new);
    if (st == RM_OK && is_new) {
        *value = index;
    }
    return st;
}

/* Another claim of the name, behind those before. */
static rm_status claim(rm_arena *arena, rm_names *names, rm_map *map, rm_str name,
                       uint32_t device) {
    uint32_t *value = NULL;
    bool is_new = false;
    if (name.len == 0) {
        return RM_OK;
    }
    rm_status st = rm_map_at(map, name, &value, &is_new);
    if (st != RM_OK) {
        return st;
    }
    const uint32_t index = names->claims.count;
    rm_claim *slot = rm_push(arena, &names->claims);
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = (rm_claim){.device = device, .next = RM_NONE, .last = index};
    if (is_new) {
        *value = index;
        return RM_OK;
    }
    rm_claim *first = &names->claims.at[*value];
    names->claims.at[first->last].next = index;
    first->last = index;
    return RM_OK;
}

rm_status rm_names_add_device(rm_names *names, const rm_model *m, uint32_t device) {
    const rm_device *d = &m->devices.at[device];
    rm_arena *arena = names->devices.arena;
    rm_status st = claim(arena, names, &names->devices, rm_object_name_bare(d->nt_name), device);
    return st == RM_OK ? claim(arena, names, &names->devices, d->alias, device) : st;
}

static rm_status put_devices(rm_arena *arena, rm_names *names, const rm_model *m) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->devices.count; i++) {
        st = rm_names_add_device(names, m, i);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->doors.count; i++) {
        const rm_door *door = &m->doors.at[i];
        if (door->device != RM_NONE) {
            st = claim(arena, names, &names->doors, rm_object_name_bare(door->name), door->device);
        }
        if (st == RM_OK && door->device != RM_NONE) {
            st = claim(arena, names, &names->doors, door->class_guid, door->device);
        }
    }
    return st;
}

static rm_status put_apps(rm_arena *arena, rm_names *names, const rm_model *m) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->apps.count; i++) {
        const rm_app *app = &m->apps.at[i];
        rm_buf full = {.arena = arena};
        rm_buf_str(&full, app->package);
        rm_buf_char(&full, '!');
        rm_buf_str(&full, app->name);
        st = full.status == RM_OK ? put(&names->apps, rm_buf_view(&full), i) : full.status;
        if (st == RM_OK) {
            st = put(&names->apps, app->name, i);
        }
    }
    return st;
}

rm_status rm_names_build(rm_arena *arena, const rm_model *m, rm_names *out) {
    const rm_map empty = {.arena = arena, .fold = true};
    *out = (rm_names){empty, empty, empty, empty, empty, {0}};
    rm_status st = put_devices(arena, out, m);
    for (uint32_t i = 0; st == RM_OK && i < m->drivers.count; i++) {
        st = put(&out->drivers, m->drivers.at[i].name, i);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->services.count; i++) {
        st = put(&out->services, m->services.at[i].name, i);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->doors.count; i++) {
        const rm_door *door = &m->doors.at[i];
        if (door->device == RM_NONE && door->service != RM_NONE) {
            st = put(&out->services, rm_object_name_bare(door->name), door->service);
        }
    }
    return st == RM_OK ? put_apps(arena, out, m) : st;
}

static uint32_t found_in(const rm_map *map, rm_str name) {
    uint32_t found = RM_NONE;
    (void)rm_map_get(map, name, &found);
    return found;
}

uint32_t rm_names_service(const rm_names *names, rm_str name) {
    uint32_t found = found_in(&names->services, name);
    return found != RM_NONE ? found : found_in(&names->services, rm_object_name_bare(name));
}

uint32_t rm_names_app(const rm_names *names, rm_str name) {
    return found_in(&names->apps, name);
}

uint32_t rm_names_driver(const rm_names *names, rm_str name) {
    return found_in(&names->drivers, name);
}

uint32_t rm_names_claim(const rm_names *names, rm_str name) {
    uint32_t found = RM_NONE;
    rm_str bare = rm_object_name_bare(name);
    return name.len > 0 && (rm_map_get(&names->devices, bare, &found) ||
                            rm_map_get(&names->doors, bare, &found))
               ? found
               : RM_NONE;
}

uint32_t rm_names_device_of(const rm_names *names, const rm_model *m, rm_str name,
                            uint32_t driver) {
    const uint32_t first = rm_names_claim(names, name);
    for (uint32_t i = first; driver != RM_NONE && i != RM_NONE; i = names->claims.at[i].next) {
        if (m->devices.at[names->claims.at[i].device].driver == driver) {
            return names->claims.at[i].device;
        }
    }
    if (first != RM_NONE) {
        return names->claims.at[first].device;
    }
    uint32_t of = name.len > 0 ? rm_names_driver(names, name) : RM_NONE;
    return of == RM_NONE ? RM_NONE : rm_model_only_device(m, of);
}

uint32_t rm_names_device(const rm_names *names, const rm_model *m, rm_str name) {
    return rm_names_device_of(names, m, name, RM_NONE);
}
