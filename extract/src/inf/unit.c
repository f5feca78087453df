#include "inf/package.h"
#include "inf/target.h"

/* The lines of [name.suffix]. */
static rm_status gather_extension(rm_inf_set *set, rm_str name, const char *suffix,
                                  rm_inf_lines_read *out) {
    char buffer[RM_INF_NAME_SIZE];
    return rm_inf_gather(set, set->main, rm_inf_name_with(buffer, name, suffix), out);
}

rm_status rm_inf_unit_services(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".Services", &lines);
    if (st == RM_OK) {
        unit->services_unknown = lines.unknown;
        unit->services_missing = lines.missing.name;
        st = rm_inf_services_added(set, &lines.items, &unit->services);
    }
    return st;
}

static rm_status read_hardware(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".HW", &lines);
    if (st == RM_OK) {
        unit->hardware_unknown = lines.unknown;
        st = rm_inf_values_added(set, &lines.items, &unit->hardware);
    }
    if (st == RM_OK) {
        st = rm_inf_filters_listed(set, &unit->hardware, &unit->filters);
    }
    return st == RM_OK ? rm_inf_levels_read(set, &unit->hardware, &unit->levels) : st;
}

static rm_status read_install(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = rm_inf_gather(set, set->main, unit->name, &lines);
    unit->install = lines.items;
    return st == RM_OK ? rm_inf_values_added(set, &unit->install, &unit->software) : st;
}

static rm_status read_wmi(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".WMI", &lines);
    unit->wmi = lines.items;
    return st;
}

static rm_status read_extras(rm_inf_set *set, rm_inf_unit *unit) {
    static const char *const suffixes[] = {".Components", ".Software"};
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        rm_inf_lines_read lines;
        st = gather_extension(set, unit->name, suffixes[i], &lines);
        for (uint32_t k = 0; st == RM_OK && k < lines.items.count; k++) {
            rm_inf_item *kept = rm_push(set->arena, &unit->extras);
            if (kept == NULL) {
                return RM_NOMEM;
            }
            *kept = lines.items.at[k];
        }
    }
    return st;
}

static rm_status read_filters(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".Filters", &lines);
    unit->filters_unknown = lines.unknown;
    return st == RM_OK ? rm_inf_filters_added(set, &lines.items, &unit->filters) : st;
}

static rm_status read_interfaces(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".Interfaces", &lines);
    return st == RM_OK ? rm_inf_interfaces_added(set, &lines.items, &unit->interfaces) : st;
}

static rm_status read_wdf(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".Wdf", &lines);
    return st == RM_OK ? rm_inf_wdf_read(set, &lines.items, &unit->wdf) : st;
}

rm_status rm_inf_unit_read(rm_inf_set *set, const rm_inf_section *section, rm_str arch,
                           rm_inf_unit *out) {
    static rm_status (*const readers[])(rm_inf_set *, rm_inf_unit *) = {
        read_install, rm_inf_unit_services, read_hardware, read_filters, read_interfaces, read_wdf,
        read_wmi,     read_extras};
    *out = (rm_inf_unit){
        .name = section->name, .arch = arch, .loc = {set->main->path, section->line, 1}};
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof readers / sizeof readers[0]; i++) {
        st = readers[i](set, out);
    }
    return st;
}
