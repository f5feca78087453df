#include "explain.h"

rm_str rm_thing_id(const rm_model *model, rm_thing thing) {
    switch (thing.kind) {
    case RM_THING_PATH: return model->paths.at[thing.index].id;
    case RM_THING_FINDING: return model->findings.at[thing.index].id;
    case RM_THING_DRIVER: return model->drivers.at[thing.index].id;
    case RM_THING_DEVICE: return model->devices.at[thing.index].id;
    case RM_THING_APP: return model->apps.at[thing.index].id;
    case RM_THING_SERVICE: return model->services.at[thing.index].id;
    case RM_THING_ENTRY: return model->entries.at[thing.index].id;
    case RM_THING_IOCTL: return model->ioctls.at[thing.index].id;
    case RM_THING_RULE: return model->rules.at[thing.index].id;
    case RM_THING_COUNT: break;
    }
    return RM_STR_NONE;
}

static uint32_t count_of(const rm_model *model, rm_thing_kind kind) {
    switch (kind) {
    case RM_THING_PATH: return model->paths.count;
    case RM_THING_FINDING: return model->findings.count;
    case RM_THING_DRIVER: return model->drivers.count;
    case RM_THING_DEVICE: return model->devices.count;
    case RM_THING_APP: return model->apps.count;
    case RM_THING_SERVICE: return model->services.count;
    case RM_THING_ENTRY: return model->entries.count;
    case RM_THING_IOCTL: return model->ioctls.count;
    case RM_THING_RULE: return model->rules.count;
    case RM_THING_COUNT: break;
    }
    return 0;
}

/* ---- by name ---- */

static bool is_code(rm_str name, bool has_code, uint32_t code) {
    uint64_t number = 0;
    return has_code && rm_str_u64(name, &number) && number == code;
}

static bool is_door_of(const rm_model *m, uint32_t device, rm_str name) {
    for (uint32_t i = 0; i < m->doors.count; i++) {
        const rm_door *d = &m->doors.at[i];
        if (d->device == device && (rm_str_eq(d->id, name) || rm_object_name_eq(d->name, name) ||
                                    rm_str_ieq(d->class_guid, name))) {
            return true;
        }
    }
    return false;
}

static bool is_device(const rm_model *m, uint32_t i, rm_str name) {
    const rm_device *d = &m->devices.at[i];
    return (d->nt_name.len > 0 && rm_object_name_eq(d->nt_name, name)) ||
           rm_str_ieq(rm_device_called(m, i), name) || is_door_of(m, i, name);
}

static bool is_app(const rm_model *m, uint32_t i, rm_str name) {
    const rm_app *a = &m->apps.at[i];
    const size_t whole = a->package.len + 1 + a->name.len;
    const bool is_full = a->package.len > 0 && name.len == whole &&
                         rm_str_istarts(name, a->package) && name.ptr[a->package.len] == '!' &&
                         rm_str_iends(name, a->name);
    return is_full || rm_str_ieq(a->name, name) || rm_str_ieq(a->package, name);
}

static bool is_called(const rm_model *m, rm_thing thing, rm_str name) {
    const uint32_t i = thing.index;
    switch (thing.kind) {
    case RM_THING_PATH:
    case RM_THING_FINDING: return false;
    case RM_THING_DRIVER: return rm_str_ieq(m->drivers.at[i].name, name);
    case RM_THING_DEVICE: return is_device(m, i, name);
    case RM_THING_APP: return is_app(m, i, name);
    case RM_THING_SERVICE: return rm_str_ieq(m->services.at[i].name, name);
    case RM_THING_ENTRY:
        return rm_str_ieq(m->entries.at[i].name, name) ||
               is_code(name, m->entries.at[i].has_code, m->entries.at[i].code);
    case RM_THING_IOCTL:
        return rm_str_ieq(m->ioctls.at[i].name, name) ||
               is_code(name, m->ioctls.at[i].has_code, m->ioctls.at[i].code);
    case RM_THING_RULE: return rm_str_ieq(m->rules.at[i].id, name);
    case RM_THING_COUNT: break;
    }
    return false;
}

/* p1 and f1: as `paths` and `findings` number their rows. */
static bool is_rank(rm_thing thing, rm_str name) {
    uint64_t rank = 0;
    const char letter = thing.kind == RM_THING_PATH ? 'p' : 'f';
    return thing.kind <= RM_THING_FINDING && name.len > 1 && name.ptr[0] == letter &&
           rm_str_u64(rm_str_slice(name, 1, name.len), &rank) && rank == (uint64_t)thing.index + 1;
}

static bool is_exactly(const rm_model *m, rm_thing thing, rm_str name) {
    return rm_str_eq(rm_thing_id(m, thing), name) || is_rank(thing, name);
}

/* ---- kind after kind ---- */

typedef bool (*thing_test)(const rm_model *model, rm_thing thing, rm_str name);

static rm_status collect(const rm_explainer *e, thing_test test, rm_str name, rm_things *out) {
    for (rm_thing_kind kind = 0; kind < RM_THING_COUNT && out->count == 0; kind++) {
        const uint32_t count = count_of(e->model, kind);
        for (uint32_t i = 0; i < count; i++) {
            const rm_thing thing = {kind, i};
            if (!test(e->model, thing, name)) {
                continue;
            }
            rm_thing *found = rm_push(e->arena, out);
            if (found == NULL) {
                return RM_NOMEM;
            }
            *found = thing;
        }
    }
    return RM_OK;
}

rm_status rm_explain_find(const rm_explainer *e, rm_str name, rm_things *out) {
    rm_things found = {0};
    rm_status st = collect(e, is_exactly, name, &found);
    if (st == RM_OK && found.count == 0 && name.len > 0) {
        st = collect(e, is_called, name, &found);
    }
    if (st != RM_OK || found.count == 0) {
        return st == RM_OK ? RM_USAGE : st;
    }
    *out = found;
    return RM_OK;
}
