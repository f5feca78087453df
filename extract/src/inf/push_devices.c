#include "inf/push.h"

#include "model/descriptor.h"

/* ---- values of a device's or class's key ---- */

static bool in_key_itself(const rm_inf_value *value) {
    return rm_str_ieq(value->root, RM_STR("HKR")) && value->subkey.len == 0;
}

rm_status rm_inf_binary_sddl(rm_inf_push *push, const rm_inf_value *value, rm_str *out) {
    const rm_security *security = NULL;
    rm_str bytes = RM_STR_NONE;
    rm_status st = rm_inf_value_bytes(push->set, value, &bytes);
    if (st == RM_OK) {
        st = rm_security_from_binary(push->set->arena, push->sink,
                                     rm_inf_item_field_loc(&value->item, RM_INF_DATA), bytes,
                                     &security);
    }
    if (st == RM_OK) {
        st = rm_sddl_format(push->set->arena, security, out);
    }
    return st == RM_SYNTAX ? RM_OK : st;
}

static rm_status take_security(rm_inf_push *push, const rm_inf_value *value,
                               rm_registry_setting *setting) {
    rm_str text = RM_STR_NONE;
    rm_status st = RM_OK;
    uint32_t type = rm_inf_value_type(value);
    if (type == RM_INF_TYPE_BINARY) {
        st = rm_inf_binary_sddl(push, value, &text);
    } else {
        text = rm_inf_item_field(&value->item, RM_INF_DATA);
    }
    if (st != RM_OK) {
        return st;
    }
    if (type != RM_INF_TYPE_BINARY && type != RM_INF_TYPE_SZ) {
        rm_diag(push->sink, RM_WARNING, rm_inf_item_field_loc(&value->item, 3), "inf-security-type",
                "Security must be a string or binary, type is 0x%x", type);
    }
    setting->has_sddl = true;
    st = rm_inf_keep(push, rm_str_trim(text), &setting->sddl);
    return st == RM_OK ? rm_inf_place(push, rm_inf_item_field_loc(&value->item, RM_INF_DATA),
                                      &setting->place)
                       : st;
}

static rm_status take_number(rm_inf_push *push, const rm_inf_value *value,
                             rm_registry_setting *setting) {
    rm_inf_number number = rm_inf_value_number(value);
    if (!number.known) {
        rm_diag(push->sink, RM_WARNING, rm_inf_item_field_loc(&value->item, RM_INF_DATA),
                "inf-number", "%.*s is no number", RM_STR_ARG(value->name));
        return RM_OK;
    }
    if (rm_str_ieq(value->name, RM_STR("DeviceCharacteristics"))) {
        setting->has_characteristics = true;
        setting->characteristics = number.value;
    } else if (rm_str_ieq(value->name, RM_STR("DeviceType"))) {
        setting->has_device_type = true;
        setting->device_type = number.value;
    } else {
        setting->exclusive = number.value != 0 ? RM_TRI_YES : RM_TRI_NO;
    }
    return setting->place.line > 0
               ? RM_OK
               : rm_inf_place(push, rm_inf_item_loc(&value->item), &setting->place);
}

static bool is_device_number(rm_str name) {
    return rm_str_ieq(name, RM_STR("DeviceCharacteristics")) ||
           rm_str_ieq(name, RM_STR("DeviceType")) || rm_str_ieq(name, RM_STR("Exclusive"));
}

/* Later values replace earlier ones; false in *any when the key gets none of interest. */
static rm_status read_setting(rm_inf_push *push, const rm_inf_values *values,
                              rm_registry_setting *setting, bool *any) {
    rm_status st = RM_OK;
    *any = false;
    for (uint32_t i = 0; st == RM_OK && i < values->count; i++) {
        const rm_inf_value *value = &values->at[i];
        uint32_t flags = value->flags.known ? value->flags.value : 0;
        bool security = rm_str_ieq(value->name, RM_STR("Security"));
        if (!in_key_itself(value) || (flags & RM_INF_DELETE_VALUE) != 0 ||
            (!security && !is_device_number(value->name))) {
            continue;
        }
        *any = true;
        st = security ? take_security(push, value, setting) : take_number(push, value, setting);
    }
    return st;
}

/* ---- classes ---- */

rm_status rm_inf_push_classes(rm_inf_push *push) {
    const rm_inf_package *package = push->package;
    for (uint32_t i = 0; i < package->classes.count; i++) {
        rm_registry_setting setting = {.driver = RM_NONE,
                                       .class_level = true,
                                       .creates_class = package->creates_class,
                                       .exclusive = RM_TRI_UNKNOWN,
                                       .state = RM_STATE_CONFIRMED};
        bool any = false;
        rm_status st = read_setting(push, &package->classes.at[i].values, &setting, &any);
        if (st != RM_OK || rm_inf_keep(push, package->class_guid, &setting.class_guid) != RM_OK) {
            return RM_NOMEM;
        }
        const rm_inf_values *values = &package->classes.at[i].values;
        if (!any && (!package->creates_class || values->count == 0)) {
            continue;
        }
        if (!any && rm_inf_place(push, rm_inf_item_loc(&values->at[0].item), &setting.place) !=
                        RM_OK) { /* that a new class sets nothing is a fact too */
            return RM_NOMEM;
        }
        if (!package->creates_class) {
            rm_diag(push->sink, RM_NOTE, setting.place, "inf-class-exists",
                    "Windows has this class already and ignores ClassInstall32");
        }
        rm_registry_setting *kept = rm_push(push->model->arena, &push->model->settings);
        if (kept == NULL) {
            return RM_NOMEM;
        }
        *kept = setting;
        push->used = true;
    }
    return RM_OK;
}

/* ---- the device ---- */

/* The first hardware id that a unit serves, and whether it is the only one. */
static rm_str first_hwid(const rm_inf_package *package, uint32_t unit, bool *only) {
    rm_str hwid = RM_STR_NONE;
    *only = true;
    for (uint32_t i = 0; i < package->uses.count; i++) {
        if (package->uses.at[i].unit != unit) {
            continue;
        }
        rm_str own = package->models.at[package->uses.at[i].model].hwid;
        if (hwid.len == 0) {
            hwid = own;
        } else if (!rm_str_ieq(hwid, own)) {
            *only = false;
            break;
        }
    }
    return hwid;
}

static rm_status push_setting(rm_inf_push *push, const rm_inf_unit *unit, uint32_t unit_index,
                              const rm_inf_function *function) {
    uint32_t driver = function->driver;
    rm_registry_setting setting = {
        .driver = driver, .exclusive = RM_TRI_UNKNOWN, .state = RM_STATE_CONFIRMED};
    bool any = false;
    bool only = false;
    rm_status st = read_setting(push, &unit->hardware, &setting, &any);
    if (st != RM_OK || !any || !rm_inf_step(push->set, push->package->uses.count / 8 + 1)) {
        return st;
    }
    rm_str hwid = first_hwid(push->package, unit_index, &only);
    if ((only || driver == RM_NONE) && rm_inf_keep(push, hwid, &setting.hwid) != RM_OK) {
        return RM_NOMEM;
    }
    if (function->several) {
        st = rm_str_printf(push->model->arena, &setting.condition, "section %.*s",
                           RM_STR_ARG(unit->name));
    }
    rm_registry_setting *kept =
        st == RM_OK ? rm_push(push->model->arena, &push->model->settings) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = setting;
    push->used = true;
    return driver == RM_NONE ? rm_inf_wait(push, RM_INF_AWAITS_SETTING,
                                           push->model->settings.count - 1, hwid, setting.place)
                             : RM_OK;
}

static bool sets_security(const rm_inf_unit *unit) {
    for (uint32_t i = 0; i < unit->hardware.count; i++) {
        const rm_inf_value *value = &unit->hardware.at[i];
        if (in_key_itself(value) && rm_str_ieq(value->name, RM_STR("Security"))) {
            return true;
        }
    }
    return false;
}

/*
 * A section of a file that was not read may set the device's descriptor, and would outrank the
 * class and the driver. What the INF itself sets comes after it and stays.
 */
static rm_status push_unknown_setting(rm_inf_push *push, const rm_inf_unit *unit,
                                      const rm_inf_function *function, uint32_t unit_index) {
    const rm_inf_need *need = &unit->hardware_unknown;
    rm_registry_setting setting = {
        .driver = function->driver, .exclusive = RM_TRI_UNKNOWN, .state = RM_STATE_UNKNOWN};
    bool only = false;
    if (need->name.len == 0 || sets_security(unit) ||
        !rm_inf_step(push->set, push->package->uses.count / 8 + 1)) {
        return RM_OK;
    }
    rm_str hwid = first_hwid(push->package, unit_index, &only);
    rm_status st = rm_inf_place(push, need->loc, &setting.place);
    if (st == RM_OK) {
        st = rm_str_printf(push->model->arena, &setting.condition,
                           "needs [%.*s] of a file that was not read", RM_STR_ARG(need->name));
    }
    if (st == RM_OK && (only || function->driver == RM_NONE)) {
        st = rm_inf_keep(push, hwid, &setting.hwid);
    }
    rm_registry_setting *kept =
        st == RM_OK ? rm_push(push->model->arena, &push->model->settings) : NULL;
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = setting;
    return function->driver == RM_NONE
               ? rm_inf_wait(push, RM_INF_AWAITS_SETTING, push->model->settings.count - 1, hwid,
                             setting.place)
               : RM_OK;
}

/* What cannot be told without files that were not read. */
static void report_unknown(rm_inf_push *push, const rm_inf_unit *unit,
                           const rm_inf_function *function) {
    const rm_inf_need nothing = {.name = RM_STR_NONE};
    const struct {
        const rm_inf_need *need;
        const char *what;
    } parts[] = {
        {function->unknown ? &unit->services_unknown : &nothing, "its drivers and services"},
        {&unit->hardware_unknown, "the device's descriptor, characteristics and filters"},
        {&unit->filters_unknown, "the device's filters"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].need->name.len > 0) {
            rm_diag(push->sink, RM_NOTE, parts[i].need->loc, "inf-needs-missing",
                    "[%.*s] is in a file that was not read: %s may be other than shown",
                    RM_STR_ARG(parts[i].need->name), parts[i].what);
        }
    }
}

static uint32_t known_device(const rm_model *model, uint32_t driver) {
    for (uint32_t i = model->devices.count; driver != RM_NONE && i > 0; i--) {
        const rm_device *d = &model->devices.at[i - 1];
        if (d->created_by == RM_CREATED_INF && d->driver == driver) {
            return i - 1;
        }
    }
    return RM_NONE;
}

/* A device that no driver of this file drives is called by its hardware id. */
static rm_status add_device(rm_inf_push *push, uint32_t unit_index, const rm_inf_function *function,
                            uint32_t *out) {
    rm_model *model = push->model;
    bool only = false;
    rm_str hwid =
        function->driver == RM_NONE ? first_hwid(push->package, unit_index, &only) : RM_STR_NONE;
    rm_device device = {.driver = function->driver,
                        .created_by = RM_CREATED_INF,
                        .pnp = true,
                        .secure_open = RM_TRI_UNKNOWN,
                        .exclusive = RM_TRI_UNKNOWN,
                        .descriptor = RM_NONE,
                        .state = function->unknown   ? RM_STATE_UNKNOWN
                                 : function->assumed ? RM_STATE_ASSUMED
                                                     : RM_STATE_CONFIRMED};
    if (rm_inf_place(push, function->loc, &device.place) != RM_OK ||
        rm_inf_keep(push, hwid, &device.alias) != RM_OK) {
        return RM_NOMEM;
    }
    rm_device *kept = rm_push(model->arena, &model->devices);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = device;
    *out = model->devices.count - 1;
    push->used = true;
    return hwid.len > 0 ? rm_inf_wait(push, RM_INF_AWAITS_DEVICE, *out, hwid, device.place) : RM_OK;
}

/* ---- doors ---- */

static bool door_known(const rm_model *model, const rm_door *door) {
    for (uint32_t i = 0; i < model->doors.count; i++) {
        const rm_door *d = &model->doors.at[i];
        if (d->device == door->device && d->kind == door->kind && rm_str_ieq(d->name, door->name) &&
            rm_str_eq(d->capabilities, door->capabilities)) {
            return true;
        }
    }
    return false;
}

static rm_status push_door(rm_inf_push *push, const rm_inf_interface *interface, uint32_t device) {
    rm_door door = {.device = device,
                    .service = RM_NONE,
                    .kind = RM_DOOR_INTERFACE,
                    .restricted = interface->restricted.known && interface->restricted.value != 0
                                      ? RM_TRI_YES
                                      : RM_TRI_NO,
                    .state = RM_STATE_CONFIRMED};
    rm_status st = rm_inf_place(push, rm_inf_item_loc(&interface->item), &door.place);
    if (st != RM_OK || rm_inf_keep(push, interface->guid, &door.class_guid) != RM_OK ||
        rm_inf_keep(push, interface->capabilities, &door.capabilities) != RM_OK) {
        return RM_NOMEM;
    }
    door.name = door.class_guid;
    if (interface->reference.len > 0) {
        st = rm_str_printf(push->model->arena, &door.name, "%.*s\\%.*s",
                           RM_STR_ARG(interface->guid), RM_STR_ARG(interface->reference));
    }
    if (st != RM_OK || door_known(push->model, &door)) {
        return st;
    }
    rm_door *kept = rm_push(push->model->arena, &push->model->doors);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = door;
    push->used = true;
    return RM_OK;
}

static bool sets_something(const rm_inf_unit *unit) {
    for (uint32_t i = 0; i < unit->hardware.count; i++) {
        const rm_inf_value *value = &unit->hardware.at[i];
        if (in_key_itself(value) &&
            (rm_str_ieq(value->name, RM_STR("Security")) || is_device_number(value->name))) {
            return true;
        }
    }
    return unit->interfaces.count > 0;
}

static bool hardware_has_section(const rm_inf_unit *unit, rm_str section) {
    for (uint32_t i = 0; i < unit->hardware.count; i++) {
        if (rm_str_ieq(unit->hardware.at[i].section, section)) {
            return true;
        }
    }
    return false;
}

/* HKR of the install section's own AddReg is the driver's key: Security there does nothing. */
static void report_misplaced(rm_inf_push *push, const rm_inf_unit *unit) {
    for (uint32_t i = 0; i < unit->software.count; i++) {
        const rm_inf_value *value = &unit->software.at[i];
        if (in_key_itself(value) && rm_str_ieq(value->name, RM_STR("Security")) &&
            rm_inf_step(push->set, 1 + unit->hardware.count) &&
            !hardware_has_section(unit, value->section)) {
            rm_diag(push->sink, RM_WARNING, rm_inf_item_loc(&value->item), "inf-security-misplaced",
                    "Security of the driver's key does nothing; the device's is set in [%.*s.HW]",
                    RM_STR_ARG(unit->name));
        }
    }
}

rm_status rm_inf_push_device(rm_inf_push *push, const rm_inf_unit *unit, uint32_t unit_index,
                             const rm_inf_function *function, uint32_t *device) {
    rm_status st = RM_OK;
    report_misplaced(push, unit);
    report_unknown(push, unit, function);
    *device = known_device(push->model, function->driver);
    if ((function->driver == RM_NONE && !function->unknown && !sets_something(unit)) ||
        !rm_inf_step(push->set, 1 + push->model->devices.count / 16)) {
        return RM_OK;
    }
    if (*device == RM_NONE) {
        st = add_device(push, unit_index, function, device);
    }
    if (st == RM_OK) {
        st = push_setting(push, unit, unit_index, function);
    }
    if (st == RM_OK) {
        st = push_unknown_setting(push, unit, function, unit_index);
    }
    for (uint32_t i = 0; st == RM_OK && i < unit->interfaces.count; i++) {
        if (!rm_inf_step(push->set, push->model->doors.count / 8 + 1)) {
            return RM_OK;
        }
        st = push_door(push, &unit->interfaces.at[i], *device);
    }
    return st;
}
