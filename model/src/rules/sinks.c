#include "rules.h"

/* PB-01 to PB-06: which classes of operations each rule is about, and what mends it. */
static const struct {
    const char *class_name;
    const char *rule;
    rm_severity severity;
    const char *fix;
} privileged[] = {
    {"msr_read", "PB-01", RM_SEVERITY_HIGH,
     "compare the register index with a constant list before the read"},
    {"pmc_read", "PB-01", RM_SEVERITY_HIGH,
     "compare the counter index with a constant list before the read"},
    {"msr_write", "PB-02", RM_SEVERITY_CRITICAL,
     "compare the register index with a constant list before the write, and bound the value"},
    {"process_terminate", "PB-03", RM_SEVERITY_HIGH,
     "refuse protected processes and end only processes that belong to the driver's own task"},
    {"port_in", "PB-04", RM_SEVERITY_HIGH,
     "compare the port with a constant range (both ends) before the read"},
    {"port_out", "PB-04", RM_SEVERITY_CRITICAL,
     "compare the port with a constant range (both ends) before the write"},
    {"copy_unbounded", "PB-05", RM_SEVERITY_CRITICAL,
     "bound the length by both buffers before the copy"},
    {"virt_write", "PB-05", RM_SEVERITY_CRITICAL,
     "never take the destination from the caller; copy into a buffer of the driver"},
    {"virt_read", "PB-05", RM_SEVERITY_CRITICAL,
     "never take the source from the caller; copy from a buffer of the driver"},
    {"phys_map", "PB-06", RM_SEVERITY_CRITICAL,
     "map only the device's own resources: bound address and size by them"},
    {"section_map", "PB-06", RM_SEVERITY_CRITICAL, "map only sections that the driver made"},
    {"phys_write", "PB-06", RM_SEVERITY_CRITICAL,
     "write only the device's own resources: bound address and size by them"},
    {"phys_read", "PB-06", RM_SEVERITY_HIGH,
     "read only the device's own resources: bound address and size by them"},
};

/* From the rule and from who gets there: an operation that nobody reaches today is low. */
static rm_severity by_reach(const rm_model *m, uint32_t path, rm_severity of_rule) {
    if (path == RM_NONE) {
        return RM_SEVERITY_LOW;
    }
    rm_severity of_path = m->paths.at[path].severity;
    return of_path < of_rule ? of_path : of_rule;
}

static rm_status unconstrained(rm_rule_run *run, uint32_t sink) {
    rm_model *m = run->model;
    const rm_sink_call *call = &m->sinks.at[sink];
    rm_str message = RM_STR_NONE;
    if (call->validation != RM_VALIDATION_UNVALIDATED &&
        call->validation != RM_VALIDATION_PARTIAL) {
        return RM_OK;
    }
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (!rm_str_eq(call->class_name, rm_str_from(privileged[i].class_name))) {
            continue;
        }
        rm_status st = rm_str_printf(
            m->arena, &message, "%.*s takes %.*s from the caller, %s%s%.*s", RM_STR_ARG(call->api),
            RM_STR_ARG(call->argument), rm_validation_name(call->validation),
            call->reason.len > 0 ? ": " : "", RM_STR_ARG(call->reason));
        return st != RM_OK ? st
                           : rm_finding_add(
                                 m, &(rm_verdict){.rule = privileged[i].rule,
                                                  .severity = by_reach(m, run->worst.of_sink[sink],
                                                                       privileged[i].severity),
                                                  .subject_id = call->id,
                                                  .subject = call->api,
                                                  .message = message,
                                                  .fix = rm_str_from(privileged[i].fix),
                                                  .confidence = RM_CONFIDENCE_HIGH,
                                                  .path = run->worst.of_sink[sink],
                                                  .place = call->place});
    }
    return RM_OK;
}

/* PB-08: one finding a device, whatever the number of its operations. */
static rm_status reachable(rm_rule_run *run, uint32_t device) {
    rm_model *m = run->model;
    uint32_t path = run->worst.from_below[device];
    rm_str message = RM_STR_NONE;
    if (path == RM_NONE) {
        return RM_OK;
    }
    const rm_path *p = &m->paths.at[path];
    rm_status st =
        rm_str_printf(m->arena, &message, "%.*s reaches %.*s, a high-privileged operation",
                      RM_STR_ARG(p->origin), RM_STR_ARG(m->sinks.at[p->sink].class_name));
    return st != RM_OK ? st
                       : rm_finding_add(
                             m, &(rm_verdict){.rule = "PB-08",
                                              .severity = RM_SEVERITY_CRITICAL,
                                              .subject_id = m->devices.at[device].id,
                                              .subject = rm_device_title(m, device),
                                              .message = message,
                                              .fix = RM_STR("give the device a descriptor for "
                                                            "SYSTEM and administrators, or remove "
                                                            "the operation"),
                                              .confidence = RM_CONFIDENCE_MEDIUM,
                                              .path = path,
                                              .place = m->devices.at[device].place});
}

rm_status rm_rules_sinks(rm_rule_run *run) {
    const rm_model *m = run->model;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->sinks.count; i++) {
        st = unconstrained(run, i);
    }
    for (uint32_t i = 0; st == RM_OK && i < m->devices.count; i++) {
        st = reachable(run, i);
    }
    return st;
}
