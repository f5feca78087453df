#include "inf/push.h"

/* `value` lives in the model's arena. */
static rm_status push_row(rm_inf_push *push, const rm_inf_item *item, uint32_t driver,
                          const char *name, rm_str value) {
    rm_directive row = {.inf = push->inf, .driver = driver, .value = value};
    rm_str key = name != NULL ? rm_str_from(name) : rm_inf_item_key(item);
    if (rm_inf_keep(push, key, &row.name) != RM_OK ||
        rm_inf_keep(push, item->section, &row.section) != RM_OK ||
        rm_inf_place(push, rm_inf_item_loc(item), &row.place) != RM_OK) {
        return RM_NOMEM;
    }
    rm_directive *kept = rm_push(push->model->arena, &push->model->directives);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = row;
    return RM_OK;
}

static rm_status push_line(rm_inf_push *push, const rm_inf_item *item, uint32_t driver,
                           const char *name) {
    rm_buf value = {.arena = push->model->arena};
    if (!rm_inf_step(push->set, 1 + item->line->count)) {
        return RM_OK;
    }
    for (uint32_t i = 0; i < item->line->count; i++) {
        rm_buf_text(&value, i > 0 ? ", " : "");
        rm_buf_str(&value, rm_inf_item_field(item, i));
    }
    return value.status == RM_OK ? push_row(push, item, driver, name, rm_buf_view(&value))
                                 : value.status;
}

/* Every line of a section of the main file. */
static rm_status push_section(rm_inf_push *push, const char *name) {
    rm_inf *inf = push->set->main;
    const rm_inf_section *section = rm_inf_section_named(inf, rm_str_from(name));
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    rm_status st = RM_OK;
    for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
        const rm_inf_item item = {inf, line, section->name};
        st = push_line(push, &item, RM_NONE, NULL);
    }
    return st;
}

static uint32_t driver_of_umdf(rm_inf_push *push, const rm_inf_unit *unit, rm_str section) {
    for (uint32_t i = 0; i < unit->wdf.umdf.count; i++) {
        const rm_inf_umdf *umdf = &unit->wdf.umdf.at[i];
        if (unit->wdf.umdf.count == 1 || rm_str_ieq(umdf->section, section)) {
            return rm_inf_umdf_driver(push, umdf);
        }
    }
    return RM_NONE;
}

static rm_status push_umdf(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->wdf.directives.count; i++) {
        const rm_inf_item *item = &unit->wdf.directives.at[i];
        st = push_line(push, item, driver_of_umdf(push, unit, item->section), NULL);
    }
    return st;
}

/* AddComponent and AddSoftware with the section that says what they add. */
static rm_status push_extras(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->extras.count; i++) {
        const rm_inf_item *item = &unit->extras.at[i];
        rm_inf_lines_read lines;
        st = push_line(push, item, RM_NONE, NULL);
        if (st == RM_OK) {
            st = rm_inf_gather(push->set, item->inf, rm_inf_item_field(item, 2), &lines);
        }
        for (uint32_t k = 0; st == RM_OK && k < lines.items.count; k++) {
            st = push_line(push, &lines.items.at[k], RM_NONE, NULL);
        }
    }
    return st;
}

/* What is set of the device's key: its security, and the filters and their levels. */
static rm_status push_device_values(rm_inf_push *push, const rm_inf_unit *unit) {
    static const char *const names[] = {"UpperFilters",
                                        "LowerFilters",
                                        "UpperFilterLevels",
                                        "LowerFilterLevels",
                                        "UpperFilterDefaultLevel",
                                        "LowerFilterDefaultLevel",
                                        "Security",
                                        "DeviceType",
                                        "DeviceCharacteristics",
                                        "Exclusive"};
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < unit->hardware.count; i++) {
        const rm_inf_value *value = &unit->hardware.at[i];
        for (size_t k = 0; st == RM_OK && k < sizeof names / sizeof names[0]; k++) {
            if (rm_str_ieq(value->name, rm_str_from(names[k]))) {
                st = push_line(push, &value->item, RM_NONE, names[k]);
            }
        }
    }
    return st;
}

static rm_status push_wmi(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->wmi.count; i++) {
        st = push_line(push, &unit->wmi.at[i], RM_NONE, NULL);
    }
    return st;
}

static rm_status push_unit(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = push_umdf(push, unit);
    if (st == RM_OK) {
        st = push_wmi(push, unit);
    }
    if (st == RM_OK) {
        st = push_extras(push, unit);
    }
    return st == RM_OK ? push_device_values(push, unit) : st;
}

static rm_status push_service(rm_inf_push *push, const rm_inf_service *service) {
    static const char *const names[] = {"RequiredPrivileges", "ServiceSidType", "LoadOrderGroup",
                                        "Dependencies", "ServiceBinary"};
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < service->lines.count; i++) {
        const rm_inf_item *item = &service->lines.at[i];
        for (size_t k = 0; st == RM_OK && k < sizeof names / sizeof names[0]; k++) {
            if (rm_str_ieq(rm_inf_item_key(item), rm_str_from(names[k]))) {
                st = push_line(push, item, rm_inf_driver_of_service(push, service->name), names[k]);
            }
        }
    }
    return st;
}

static rm_status push_units(rm_inf_push *push, const rm_inf_units *units) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < units->count; i++) {
        const rm_inf_unit *unit = &units->at[i];
        st = push_unit(push, unit);
        for (uint32_t k = 0; st == RM_OK && k < unit->services.count; k++) {
            st = push_service(push, &unit->services.at[k]);
        }
    }
    return st;
}

/* An interface class that the package makes, with what its properties say of apps. */
static rm_status push_interface_class(rm_inf_push *push, const rm_inf_interface *class) {
    rm_buf value = {.arena = push->model->arena};
    rm_buf_str(&value, class->guid);
    if (class->capabilities.len > 0) {
        rm_buf_text(&value, ", UnrestrictedAppCapabilities ");
        rm_buf_str(&value, class->capabilities);
    }
    if (class->restricted.known) {
        rm_buf_printf(&value, ", Restricted %u", (unsigned)class->restricted.value);
    }
    push->used = true;
    return value.status == RM_OK
               ? push_row(push, &class->item, RM_NONE, "InterfaceClass", rm_buf_view(&value))
               : value.status;
}

static rm_status push_interface_classes(rm_inf_push *push) {
    const rm_inf_interface_classes *classes = &push->package->interface_classes;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < classes->count; i++) {
        if (rm_inf_step(push->set, 8)) {
            st = push_interface_class(push, &classes->at[i].of_class);
        }
    }
    return st;
}

rm_status rm_inf_push_directives(rm_inf_push *push) {
    rm_status st = push_section(push, "Version");
    if (st == RM_OK) {
        st = push_section(push, "DestinationDirs");
    }
    if (st == RM_OK) {
        st = push_interface_classes(push);
    }
    if (st == RM_OK) {
        st = push_units(push, &push->package->units);
    }
    return st == RM_OK ? push_units(push, &push->package->defaults) : st;
}
