#include "model/cvss.h"

#include "model/sinks.h"

/* Classes whose effect is one of the three only. */
static const char *const discloses[] = {
    "msr_read",    "pmc_read",  "port_in",        "virt_read",       "phys_read",
    "pci_read",    "cr_read",   "file_read",      "addr_leak",       "info_leak",
    "uninit",      "guest_map", "addr_translate", "desc_table_read", "process_memory_read",
    "hw_counters", "hw_trace",  "packet_capture", "registry_open",
};
static const char *const stops[] = {
    "halt",           "bugcheck",        "null_deref",        "interrupt_flag",
    "pool_alloc",     "stack_alloc",     "process_terminate", "process_suspend",
    "thread_suspend", "thread_priority", "device_delete",     "driver_unload",
};

static bool is_one_of(rm_str name, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rm_str_eq(name, rm_str_from(list[i]))) {
            return true;
        }
    }
    return false;
}

/* "VC:…/VI:…/VA:…" of a class. */
static const char *impact_of(rm_str name) {
    const rm_sink_class *known = rm_sink_class_find(name);
    uint32_t severity = known == NULL ? 400 : known->severity;
    if (is_one_of(name, discloses, sizeof discloses / sizeof discloses[0])) {
        return severity >= 700 ? "VC:H/VI:N/VA:N" : "VC:L/VI:N/VA:N";
    }
    if (is_one_of(name, stops, sizeof stops / sizeof stops[0])) {
        return severity >= 400 ? "VC:N/VI:N/VA:H" : "VC:N/VI:N/VA:L";
    }
    return severity >= 800   ? "VC:H/VI:H/VA:H"
           : severity >= 400 ? "VC:L/VI:L/VA:L"
                             : "VC:N/VI:L/VA:N";
}

static bool has_conditions(const rm_path *p) {
    return p->gate_open == RM_GATE_UNKNOWN || p->gate_name == RM_GATE_UNKNOWN ||
           p->gate_deliver == RM_GATE_UNKNOWN || p->gate_handle == RM_GATE_UNKNOWN ||
           p->authorisation == RM_AUTH_UNDECIDED || p->validation == RM_VALIDATION_UNKNOWN;
}

rm_status rm_cvss_vector(rm_arena *arena, rm_boundary_kind boundary, rm_str sink_class,
                         const rm_path *p, rm_str *out) {
    bool checked =
        p->validation == RM_VALIDATION_PARTIAL || p->validation == RM_VALIDATION_VALIDATED;
    bool high = boundary == RM_BOUNDARY_ADMIN || boundary == RM_BOUNDARY_SYSTEM;
    return rm_str_printf(arena, out, "CVSS:4.0/AV:L/AC:%s/AT:%s/PR:%s/UI:N/%s/SC:N/SI:N/SA:N",
                         checked ? "H" : "L", has_conditions(p) ? "P" : "N", high ? "H" : "L",
                         impact_of(sink_class));
}
