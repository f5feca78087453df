#include "inf/push.h"

#include "inf/target.h"

/*
 * Descriptors of what an INF writes: [add-registry-section.Security], [file-list-section.Security]
 * and WMIInterface sections. Sources: Windows driver documentation, "INF AddReg directive", "INF
 * CopyFiles directive", "INF DDInstall.WMI section", "Creating secure device installations".
 */

static rm_status push_descriptor(rm_inf_push *push, rm_subject kind, rm_str name,
                                 const rm_inf_item *item, uint32_t field) {
    rm_descriptor row = {.subject_kind = kind,
                         .subject = RM_NONE,
                         .subject_name = name,
                         .source = RM_SDDL_INF_DEVICE,
                         .effective = true,
                         .outranked_by = RM_NONE,
                         .state = RM_STATE_CONFIRMED};
    rm_str sddl = rm_str_trim(rm_inf_item_field(item, field));
    if (rm_inf_keep(push, sddl, &row.sddl) != RM_OK ||
        rm_inf_place(push, rm_inf_item_field_loc(item, field), &row.place) != RM_OK) {
        return RM_NOMEM;
    }
    rm_descriptor *kept = rm_push(push->model->arena, &push->model->descriptors);
    if (kept == NULL) {
        return RM_NOMEM;
    }
    *kept = row;
    push->used = true;
    return RM_OK;
}

static bool descriptor_known(const rm_inf_push *push, rm_subject kind, rm_str name) {
    const rm_descriptors *list = &push->model->descriptors;
    for (uint32_t i = push->first_descriptor; i < list->count; i++) {
        if (list->at[i].subject_kind == kind && rm_str_ieq(list->at[i].subject_name, name)) {
            return true;
        }
    }
    return false;
}

/* The line of [name.Security]; false when there is no such section. */
static bool security_line(rm_inf *inf, rm_str name, rm_inf_item *out) {
    char buffer[RM_INF_NAME_SIZE];
    rm_str whole = rm_inf_name_with(buffer, name, ".Security");
    const rm_inf_section *section = whole.len == 0 ? NULL : rm_inf_section_named(inf, whole);
    rm_inf_cursor cursor = rm_inf_lines_of(section);
    const rm_inf_line *line = rm_inf_next(inf, &cursor);
    if (section == NULL || line == NULL) {
        return false;
    }
    *out = (rm_inf_item){inf, line, section->name};
    return true;
}

/* ---- registry keys ---- */

/* HKR is the key that the directive's section stands for; the other roots are what they are. */
static rm_status key_name(rm_inf_push *push, const rm_inf_value *value, rm_str hkr, rm_str *out) {
    rm_str root = rm_str_ieq(value->root, RM_STR("HKR")) ? hkr : value->root;
    return rm_str_printf(push->model->arena, out, "%.*s%s%.*s", RM_STR_ARG(root),
                         value->subkey.len > 0 ? "\\" : "", RM_STR_ARG(value->subkey));
}

static rm_status push_keys_of(rm_inf_push *push, const rm_inf_values *values, rm_str hkr) {
    for (uint32_t i = 0; i < values->count; i++) {
        const rm_inf_value *value = &values->at[i];
        rm_inf_item line;
        rm_str name = RM_STR_NONE;
        uint32_t others = push->model->descriptors.count - push->first_descriptor;
        if (!security_line(value->item.inf, value->section, &line) ||
            !rm_inf_step(push->set, 1 + others / 8)) {
            continue;
        }
        if (key_name(push, value, hkr, &name) != RM_OK) {
            return RM_NOMEM;
        }
        if (!descriptor_known(push, RM_SUBJECT_KEY, name) &&
            push_descriptor(push, RM_SUBJECT_KEY, name, &line, 0) != RM_OK) {
            return RM_NOMEM;
        }
    }
    return RM_OK;
}

static rm_status push_service_keys(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->services.count; i++) {
        const rm_inf_service *service = &unit->services.at[i];
        rm_str key = RM_STR_NONE;
        st =
            rm_str_printf(push->set->arena, &key, "HKLM\\SYSTEM\\CurrentControlSet\\Services\\%.*s",
                          RM_STR_ARG(service->name));
        if (st == RM_OK) {
            st = push_keys_of(push, &service->values, key);
        }
    }
    return st;
}

rm_status rm_inf_push_class_keys(rm_inf_push *push, const rm_inf_class *class) {
    rm_str key = RM_STR_NONE;
    rm_status st = rm_str_printf(push->set->arena, &key,
                                 "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\%.*s",
                                 RM_STR_ARG(push->package->class_guid));
    return st == RM_OK ? push_keys_of(push, &class->values, key) : st;
}

rm_status rm_inf_push_interface_keys(rm_inf_push *push, const rm_inf_interface_class *class) {
    rm_str key = RM_STR_NONE;
    rm_status st = rm_str_printf(push->set->arena, &key,
                                 "HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\%.*s",
                                 RM_STR_ARG(class->of_class.guid));
    return st == RM_OK ? push_keys_of(push, &class->values, key) : st;
}

/* ---- files ---- */

/* The folder of a file list: its own entry in [DestinationDirs], else the default one. */
static rm_status folder_of(rm_inf_push *push, rm_inf *inf, rm_str list, rm_str *out) {
    const rm_inf_section *dirs = rm_inf_section_named(inf, RM_STR("DestinationDirs"));
    const rm_inf_line *line = rm_inf_find(inf, dirs, list);
    line = line != NULL ? line : rm_inf_find(inf, dirs, RM_STR("DefaultDestDir"));
    if (line == NULL) {
        return RM_OK;
    }
    rm_str folder = rm_inf_field_at(inf, line, 1);
    return rm_str_printf(push->set->arena, out, "%%%.*s%%\\%.*s%s",
                         RM_STR_ARG(rm_inf_field_at(inf, line, 0)), RM_STR_ARG(folder),
                         folder.len > 0 ? "\\" : "");
}

static rm_status push_files_of(rm_inf_push *push, rm_inf *inf, rm_str list,
                               const rm_inf_item *security) {
    rm_str folder = RM_STR_NONE;
    rm_status st = folder_of(push, inf, list, &folder);
    rm_inf_cursor cursor = rm_inf_lines_of(rm_inf_section_named(inf, list));
    for (const rm_inf_line *line; st == RM_OK && (line = rm_inf_next(inf, &cursor)) != NULL;) {
        rm_str name = RM_STR_NONE;
        uint32_t others = push->model->descriptors.count - push->first_descriptor;
        if (!rm_inf_step(push->set, 1 + others / 8)) {
            return RM_OK;
        }
        st = rm_str_printf(push->model->arena, &name, "%.*s%.*s", RM_STR_ARG(folder),
                           RM_STR_ARG(rm_inf_field_at(inf, line, 0)));
        if (st == RM_OK && !descriptor_known(push, RM_SUBJECT_FILE, name)) {
            st = push_descriptor(push, RM_SUBJECT_FILE, name, security, 0);
        }
    }
    return st;
}

static rm_status push_file_lists(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->install.count; i++) {
        const rm_inf_item *item = &unit->install.at[i];
        if (!item->line->has_key || !rm_str_ieq(rm_inf_item_key(item), RM_STR("CopyFiles"))) {
            continue;
        }
        for (uint32_t k = 0; st == RM_OK && k < item->line->count; k++) {
            rm_inf_item security;
            rm_str list = rm_inf_item_field(item, k);
            if (security_line(item->inf, list, &security)) {
                st = push_files_of(push, item->inf, list, &security);
            }
        }
    }
    return st;
}

/* ---- WMI ---- */

/* WMIInterface = {guid}, [flags,] section; the section has Security = "SDDL". */
static rm_status push_wmi(rm_inf_push *push, const rm_inf_item *item) {
    uint32_t last = item->line->count - 1;
    const rm_inf_section *section = rm_inf_section_named(item->inf, rm_inf_item_field(item, last));
    const rm_inf_line *line = rm_inf_find(item->inf, section, RM_STR("Security"));
    rm_str name = RM_STR_NONE;
    if (section == NULL || line == NULL) {
        return RM_OK;
    }
    rm_status st = rm_str_printf(push->model->arena, &name, "WMI %.*s",
                                 RM_STR_ARG(rm_inf_item_field(item, 0)));
    const rm_inf_item security = {item->inf, line, section->name};
    return st == RM_OK && !descriptor_known(push, RM_SUBJECT_KEY, name)
               ? push_descriptor(push, RM_SUBJECT_KEY, name, &security, 0)
               : st;
}

static rm_status push_wmis(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < unit->wmi.count; i++) {
        const rm_inf_item *item = &unit->wmi.at[i];
        uint32_t others = push->model->descriptors.count - push->first_descriptor;
        if (item->line->has_key && item->line->count > 1 &&
            rm_str_ieq(rm_inf_item_key(item), RM_STR("WMIInterface")) &&
            rm_inf_step(push->set, 64 + others / 8)) {
            st = push_wmi(push, item);
        }
    }
    return st;
}

rm_status rm_inf_push_keys(rm_inf_push *push, const rm_inf_unit *unit) {
    rm_status st = push_keys_of(push, &unit->software, RM_STR("HKR (driver)"));
    if (st == RM_OK) {
        st = push_keys_of(push, &unit->hardware, RM_STR("HKR (device)"));
    }
    if (st == RM_OK) {
        st = push_service_keys(push, unit);
    }
    if (st == RM_OK) {
        st = push_file_lists(push, unit);
    }
    return st == RM_OK ? push_wmis(push, unit) : st;
}
