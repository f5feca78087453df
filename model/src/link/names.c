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

static rm_status put_devices(rm_names *names, const rm_model *m) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->devices.count; i++) {
        st = put(&names->devices, rm_object_name_bare(m->devices.at[i].nt_name), i);
        if (st == RM_OK) {
            st = put(&names->devices, m->devices.at[i].alias, i);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < m->doors.count; i++) {
        const rm_door *door = &m->doors.at[i];
        if (door->device != RM_NONE) {
            st = put(&names->doors, rm_object_name_bare(door->name), door->device);
        }
        if (st == RM_OK && door->device != RM_NONE) {
            st = put(&names->doors, door->class_guid, door->device);
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
    *out = (rm_names){empty, empty, empty, empty, empty};
    rm_status st = put_devices(out, m);
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

uint32_t rm_names_device(const rm_names *names, const rm_model *m, rm_str name) {
    uint32_t found = RM_NONE;
    rm_str bare = rm_object_name_bare(name);
    if (name.len == 0 || rm_map_get(&names->devices, bare, &found) ||
        rm_map_get(&names->doors, bare, &found)) {
        return found;
    }
    uint32_t driver = rm_names_driver(names, name);
    return driver == RM_NONE ? RM_NONE : rm_model_only_device(m, driver);
}
