#include <string.h>

#include "source/build.h"

/*
 * A driver is read in one declared configuration. What it names and makes in the other one, where
 * every #if that a configuration decides is turned round, is read too: each is kept.
 */

typedef struct merger {
    rm_source_unit *unit;
    const rm_model *from;
    uint32_t *devices; /* per device of `from`: its place in the model */
} merger;

/* ---- what is new ---- */

static bool same_place(rm_place a, rm_place b) {
    return a.line == b.line && a.column == b.column && rm_str_eq(a.file, b.file);
}

static bool is_same_name(const rm_device *a, const rm_device *b) {
    return a->name_unknown == b->name_unknown && rm_object_name_eq(a->nt_name, b->nt_name);
}

/* The only one of the driver's devices that the call makes; RM_NONE: it makes none, or several. */
static uint32_t only_one_at(const rm_devices *devices, uint32_t driver, rm_place place) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < devices->count; i++) {
        if (devices->at[i].driver == driver && same_place(devices->at[i].place, place)) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = i;
        }
    }
    return found;
}

/*
 * One name is one device, whichever call makes it; one call makes one device, although its name is
 * another in each configuration: then it is a second door to it.
 */
static uint32_t known_device(const merger *m, const rm_device *device) {
    const rm_devices *known = &m->unit->model->devices;
    for (uint32_t i = 0; i < known->count; i++) {
        const rm_device *k = &known->at[i];
        bool named = device->nt_name.len > 0 && !device->name_unknown;
        if (k->driver == m->unit->driver && (named || same_place(k->place, device->place)) &&
            is_same_name(k, device)) {
            return i;
        }
    }
    bool alone = only_one_at(&m->from->devices, device->driver, device->place) != RM_NONE;
    return alone && device->nt_name.len > 0 ? only_one_at(known, m->unit->driver, device->place)
                                            : RM_NONE;
}

static rm_status copy_texts(rm_arena *arena, rm_str *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rm_status st = rm_str_copy(arena, *texts[i], texts[i]);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

static rm_status merge_device(merger *m, uint32_t index) {
    rm_model *model = m->unit->model;
    rm_device device = m->from->devices.at[index];
    m->devices[index] = known_device(m, &device);
    if (m->devices[index] != RM_NONE) {
        return RM_OK;
    }
    rm_str *const texts[] = {&device.nt_name, &device.class_guid};
    rm_status st = copy_texts(model->arena, texts, sizeof texts / sizeof texts[0]);
    rm_device *slot = st == RM_OK ? rm_push(model->arena, &model->devices) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    device.driver = m->unit->driver;
    device.state = device.state == RM_STATE_CONFIRMED ? RM_STATE_DERIVED : device.state;
    *slot = device;
    m->devices[index] = model->devices.count - 1;
    return RM_OK;
}

static bool knows_descriptor(const rm_model *model, uint32_t device, rm_str sddl) {
    for (uint32_t i = 0; i < model->descriptors.count; i++) {
        const rm_descriptor *row = &model->descriptors.at[i];
        if (row->subject == device && rm_str_eq(row->sddl, sddl)) {
            return true;
        }
    }
    return false;
}

static rm_status merge_descriptor(merger *m, rm_descriptor row) {
    rm_model *model = m->unit->model;
    row.subject = m->devices[row.subject];
    if (knows_descriptor(model, row.subject, row.sddl)) {
        return RM_OK;
    }
    rm_str *const texts[] = {&row.sddl};
    rm_status st = copy_texts(model->arena, texts, sizeof texts / sizeof texts[0]);
    if (st == RM_OK) {
        st = rm_str_printf(model->arena, &row.condition, "another build configuration%s%.*s",
                           row.condition.len > 0 ? ", " : "", RM_STR_ARG(row.condition));
    }
    rm_descriptor *slot = st == RM_OK ? rm_push(model->arena, &model->descriptors) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    *slot = row;
    return RM_OK;
}

static bool knows_door(const rm_model *model, const rm_door *door) {
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *k = &model->doors.at[i];
        if (k->device == door->device && k->kind == door->kind &&
            rm_object_name_eq(k->name, door->name)) {
            return true;
        }
    }
    return false;
}

static rm_status merge_door(merger *m, rm_door door) {
    rm_model *model = m->unit->model;
    door.device = door.device == RM_NONE ? RM_NONE : m->devices[door.device];
    if (knows_door(model, &door)) {
        return RM_OK;
    }
    rm_str *const texts[] = {&door.name, &door.class_guid, &door.capabilities, &door.device_name};
    rm_status st = copy_texts(model->arena, texts, sizeof texts / sizeof texts[0]);
    rm_door *slot = st == RM_OK ? rm_push(model->arena, &model->doors) : NULL;
    if (slot == NULL) {
        return RM_NOMEM;
    }
    door.state = door.state == RM_STATE_CONFIRMED ? RM_STATE_DERIVED : door.state;
    *slot = door;
    return RM_OK;
}

static rm_status merge(rm_source_unit *unit, const rm_model *from) {
    merger m = {.unit = unit, .from = from};
    m.devices = RM_NEW_ARRAY(unit->arena, uint32_t, (size_t)from->devices.count + 1);
    rm_status st = m.devices == NULL ? RM_NOMEM : RM_OK;
    for (uint32_t i = 0; i < from->devices.count && st == RM_OK; i++) {
        st = merge_device(&m, i);
    }
    for (uint32_t i = 0; i < from->descriptors.count && st == RM_OK; i++) {
        st = merge_descriptor(&m, from->descriptors.at[i]);
    }
    for (uint32_t i = 0; i < from->doors.count && st == RM_OK; i++) {
        st = merge_door(&m, from->doors.at[i]);
    }
    return st;
}

/* ---- the whole ---- */

enum { SIDE_MODEL = 64 * 1024 * 1024 };

/* The other unit writes to the side model while its devices are read. */
static rm_status read_other(rm_configurations *both, rm_model *side) {
    rm_source_unit *other = both->other;
    rm_model *model = other->model;
    uint32_t driver = other->driver;
    rm_place nowhere = {RM_STR_NONE, 0, 0};
    rm_status st = rm_model_driver(side, RM_STR("x"), RM_STR("x"), nowhere, &other->driver);
    if (st == RM_OK) {
        other->model = side;
        st = rm_source_devices(other);
    }
    other->model = model;
    other->driver = driver;
    return st == RM_OK ? merge(both->unit, side) : st;
}

rm_status rm_source_complement(rm_configurations *both) {
    if (both->other == NULL || !both->other_names) {
        return RM_OK;
    }
    rm_model *side = rm_model_new(SIDE_MODEL);
    rm_status st = side == NULL ? RM_NOMEM : read_other(both, side);
    rm_model_free(side);
    return st;
}
