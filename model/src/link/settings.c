#include "link.h"

enum { SECURE_OPEN = 0x100 };

static bool class_applies(const rm_model *model, const rm_registry_setting *s, uint32_t driver) {
    for (uint32_t i = 0; i < model->installs.count; i++) {
        const rm_install *in = &model->installs.at[i];
        if (in->driver == driver && rm_str_ieq(in->class_guid, s->class_guid)) {
            return true;
        }
    }
    return false;
}

/* IoCreateDeviceSecure and WdfDeviceInitSetDeviceClass name a class whose key the device has. */
static bool names_class(const rm_device *d, const rm_registry_setting *s) {
    return s->class_level && d->class_guid.len > 0 && d->created_by != RM_CREATED_FACTS &&
           rm_str_ieq(d->class_guid, s->class_guid);
}

/* Registry settings reach the devices of a PnP stack; a control device has at most a class. */
static bool setting_applies(const rm_model *model, const rm_registry_setting *s,
                            const rm_device *d) {
    if (names_class(d, s)) {
        return s->creates_class;
    }
    if (!d->pnp) {
        return false;
    }
    if (s->class_level) {
        return s->creates_class && class_applies(model, s, d->driver);
    }
    return s->driver == d->driver &&
           (d->driver != RM_NONE || (s->hwid.len > 0 && rm_str_ieq(s->hwid, d->alias)));
}

/* A value in a file that was not read: there may be one, and nobody knows which. */
static bool may_be_set(const rm_registry_setting *s) {
    return s->state == RM_STATE_UNKNOWN && !s->has_sddl;
}

static rm_sddl_source source_of(const rm_registry_setting *s) {
    return may_be_set(s)    ? RM_SDDL_UNKNOWN
           : s->class_level ? RM_SDDL_INF_CLASS
                            : RM_SDDL_INF_DEVICE;
}

static rm_status add_descriptor(rm_model *model, const rm_registry_setting *s, uint32_t device) {
    rm_descriptor *row = rm_push(model->arena, &model->descriptors);
    if (row == NULL) {
        return RM_NOMEM;
    }
    *row = (rm_descriptor){.subject_kind = RM_SUBJECT_DEVICE,
                           .subject = device,
                           .sddl = s->sddl,
                           .source = source_of(s),
                           .outranked_by = RM_NONE,
                           .condition = s->condition,
                           .state = s->state,
                           .place = s->place};
    return RM_OK;
}

/*
 * The device's value, 0 too, stands for the class's; the result is ORed with the code's (Windows:
 * "Specifying Device Characteristics").
 */
static rm_status apply(rm_model *model, const rm_registry_setting *s, uint32_t device,
                       bool device_has_value) {
    rm_device *d = &model->devices.at[device];
    if (s->has_characteristics && !(s->class_level && device_has_value)) {
        d->characteristics |= s->characteristics;
    }
    if (s->has_device_type && d->device_type == 0) {
        d->device_type = s->device_type;
    }
    if (s->exclusive != RM_TRI_UNKNOWN) {
        d->exclusive = s->exclusive;
    }
    if (may_be_set(s)) {
        d->characteristics_known = false;
        return add_descriptor(model, s, device);
    }
    return s->has_sddl && s->sddl.len > 0 ? add_descriptor(model, s, device) : RM_OK;
}

/* WDF sets the flag on every device but KMDF filters, which take the lower device's. */
static bool framework_sets_secure_open(const rm_model *model, const rm_device *d) {
    if (d->filter) {
        return false;
    }
    if (d->created_by == RM_CREATED_WDFDEVICECREATE ||
        d->created_by == RM_CREATED_WDFCONTROLDEVICE || d->created_by == RM_CREATED_WDFRAWPDO ||
        d->created_by == RM_CREATED_FLTPORT) {
        return true;
    }
    rm_framework framework =
        d->driver == RM_NONE ? RM_FRAMEWORK_UNKNOWN : model->drivers.at[d->driver].framework;
    return d->created_by == RM_CREATED_INF &&
           (framework == RM_FRAMEWORK_KMDF || framework == RM_FRAMEWORK_UMDF1 ||
            framework == RM_FRAMEWORK_UMDF2);
}

static rm_tri secure_open_of(const rm_model *model, const rm_device *d) {
    if (d->secure_open == RM_TRI_YES || (d->characteristics & SECURE_OPEN) != 0 ||
        framework_sets_secure_open(model, d)) {
        return RM_TRI_YES;
    }
    /* What an unnamed PnP device lacks, its PDO or another device of the stack may bring. */
    bool stands_alone = !d->pnp || d->nt_name.len > 0;
    return d->characteristics_known && stands_alone ? RM_TRI_NO : d->secure_open;
}

static rm_status apply_all(rm_model *model, uint32_t device) {
    const rm_registry_settings *settings = &model->settings;
    const rm_device before = model->devices.at[device];
    bool device_has_value = false;
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < settings->count; i++) {
        const rm_registry_setting *s = &settings->at[i];
        device_has_value = device_has_value || (!s->class_level && s->has_characteristics &&
                                                setting_applies(model, s, &before));
    }
    for (uint32_t i = 0; st == RM_OK && i < settings->count; i++) {
        if (setting_applies(model, &settings->at[i], &before)) {
            st = apply(model, &settings->at[i], device, device_has_value);
        }
    }
    return st;
}

rm_status rm_link_settings(rm_model *model) {
    for (uint32_t k = 0; k < model->devices.count; k++) {
        rm_status st = apply_all(model, k);
        if (st != RM_OK) {
            return st;
        }
    }
    for (uint32_t k = 0; k < model->devices.count; k++) {
        model->devices.at[k].secure_open = secure_open_of(model, &model->devices.at[k]);
    }
    return RM_OK;
}
