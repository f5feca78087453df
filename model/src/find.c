#include "model/model.h"

uint32_t rm_model_find_driver(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->drivers.count; i++) {
        if (rm_str_ieq(model->drivers.at[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

uint32_t rm_model_find_service(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->services.count; i++) {
        if (rm_str_ieq(model->services.at[i].name, name)) {
            return i;
        }
    }
    return RM_NONE;
}

/* "Package!App", or the App alone. */
static bool app_is_called(const rm_app *app, rm_str name) {
    size_t bang = 0;
    if (!rm_str_find_char(name, '!', &bang)) {
        return rm_str_ieq(app->name, name);
    }
    return rm_str_ieq(app->package, rm_str_slice(name, 0, bang)) &&
           rm_str_ieq(app->name, rm_str_slice(name, bang + 1, name.len));
}

uint32_t rm_model_find_app(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->apps.count; i++) {
        if (app_is_called(&model->apps.at[i], name)) {
            return i;
        }
    }
    return RM_NONE;
}

static uint32_t device_by_nt_name(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->devices.count; i++) {
        const rm_device *d = &model->devices.at[i];
        if ((d->nt_name.len > 0 && rm_object_name_eq(d->nt_name, name)) ||
            (d->alias.len > 0 && rm_str_ieq(d->alias, name))) {
            return i;
        }
    }
    return RM_NONE;
}

static uint32_t device_by_door(const rm_model *model, rm_str name) {
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *door = &model->doors.at[i];
        if (door->device != RM_NONE &&
            (rm_object_name_eq(door->name, name) ||
             (door->class_guid.len > 0 && rm_str_ieq(door->class_guid, name)))) {
            return door->device;
        }
    }
    return RM_NONE;
}

uint32_t rm_model_only_device(const rm_model *model, uint32_t driver) {
    uint32_t found = RM_NONE;
    for (uint32_t i = 0; i < model->devices.count; i++) {
        if (model->devices.at[i].driver == driver) {
            if (found != RM_NONE) {
                return RM_NONE;
            }
            found = i;
        }
    }
    return found;
}

uint32_t rm_model_find_device(const rm_model *model, rm_str name) {
    if (name.len == 0) {
        return RM_NONE;
    }
    uint32_t found = device_by_nt_name(model, name);
    if (found == RM_NONE) {
        found = device_by_door(model, name);
    }
    if (found == RM_NONE) {
        uint32_t driver = rm_model_find_driver(model, name);
        found = driver == RM_NONE ? RM_NONE : rm_model_only_device(model, driver);
    }
    return found;
}
