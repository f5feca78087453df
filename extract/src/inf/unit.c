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
        unit->services_incomplete = lines.incomplete;
        unit->services_missing = lines.missing;
        st = rm_inf_services_added(set, &lines.items, &unit->services);
    }
    return st;
}

static rm_status read_hardware(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".HW", &lines);
    if (st == RM_OK) {
        unit->hardware_incomplete = lines.incomplete;
        st = rm_inf_values_added(set, &lines.items, &unit->hardware);
    }
    return st == RM_OK ? rm_inf_filters_listed(set, &unit->hardware, &unit->filters) : st;
}

static rm_status read_filters(rm_inf_set *set, rm_inf_unit *unit) {
    rm_inf_lines_read lines;
    rm_status st = gather_extension(set, unit->name, ".Filters", &lines);
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
        rm_inf_unit_services, read_hardware, read_filters, read_interfaces, read_wdf};
    *out = (rm_inf_unit){
        .name = section->name, .arch = arch, .loc = {set->main->path, section->line, 1}};
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof readers / sizeof readers[0]; i++) {
        st = readers[i](set, out);
    }
    return st;
}
