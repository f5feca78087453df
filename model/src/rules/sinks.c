#include "rules.h"

/* PB: privileged operations, by their classes. */

/* PB-01 to PB-06: which classes of operations each rule is about, and what mends it. */
static const struct {
    const char *class_name;
    const char *rule;
    rm_severity severity;
    const char *fix;
} privileged[] = {
    {"msr_read", "PB-01", RM_SEVERITY_HIGH,
     "compare it with a constant list of registers before the read"},
    {"pmc_read", "PB-01", RM_SEVERITY_HIGH,
     "compare it with a constant list of counters before the read"},
    {"msr_write", "PB-02", RM_SEVERITY_CRITICAL,
     "compare the register with a constant list before the write, and bound the value"},
    {"process_terminate", "PB-03", RM_SEVERITY_HIGH,
     "refuse protected processes (PsIsProtectedProcess) and end only processes that belong to the "
     "driver's own task, by one reference from the check to the end"},
    {"port_in", "PB-04", RM_SEVERITY_HIGH,
     "compare the port with a constant range, both ends, before the read"},
    {"port_out", "PB-04", RM_SEVERITY_CRITICAL,
     "compare the port with a constant range, both ends, before the write, and bound the value"},
    {"copy_unbounded", "PB-05", RM_SEVERITY_CRITICAL,
     "bound the length by the sizes of both buffers before the copy"},
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

static bool has_caller_data(const rm_sink_call *call) {
    return call->validation == RM_VALIDATION_UNVALIDATED ||
           call->validation == RM_VALIDATION_PARTIAL;
}

static rm_str driver_of(const rm_model *m, const rm_sink_call *call) {
    return rm_rule_driver(m, call->entry == RM_NONE ? RM_NONE : m->entries.at[call->entry].driver);
}

/* Who holds the call: one finding a function and routine, however many codes get there. */
static rm_str holder_id(rm_rule_run *run, const rm_sink_call *call) {
    const rm_model *m = run->model;
    uint32_t driver = call->entry == RM_NONE ? RM_NONE : m->entries.at[call->entry].driver;
    return rm_rule_say(run, "%.*s %.*s %.*s",
                       RM_STR_ARG(driver == RM_NONE ? RM_STR_NONE : m->drivers.at[driver].id),
                       RM_STR_ARG(call->function), RM_STR_ARG(call->api));
}

static rm_status unconstrained(rm_rule_run *run, uint32_t sink, rm_severity severity,
                               const char *fix) {
    const rm_model *m = run->model;
    const rm_sink_call *call = &m->sinks.at[sink];
    uint32_t path = run->worst.of_sink[sink];
    rm_verdict v = {.severity = rm_rule_by_reach(run, path, severity),
                    .subject_id = holder_id(run, call),
                    .subject = driver_of(m, call),
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = path,
                    .place = call->place,
                    .evidence = call->text};
    v.message = rm_rule_say(run, "%.*s takes %.*s from the caller, %s%s%.*s", RM_STR_ARG(call->api),
                            RM_STR_ARG(call->argument), rm_validation_name(call->validation),
                            call->reason.len > 0 ? ": " : "", RM_STR_ARG(call->reason));
    v.fix = rm_rule_say(run, "in %.*s, %.*s of %.*s: %s", RM_STR_ARG(call->function),
                        RM_STR_ARG(call->argument), RM_STR_ARG(call->api), fix);
    v.cause = v.subject_id;
    return rm_rule_fires(run, &v);
}

rm_status rm_judge_pb_by_class(rm_rule_run *run, uint32_t sink) {
    const rm_sink_call *call = &run->model->sinks.at[sink];
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (!rm_str_eq(rm_str_from(run->rule->id), rm_str_from(privileged[i].rule)) ||
            !rm_str_eq(call->class_name, rm_str_from(privileged[i].class_name))) {
            continue;
        }
        if (call->validation == RM_VALIDATION_UNKNOWN) {
            return rm_rule_undecided(run, call->id, call->api,
                                     "whether its arguments are checked is not known", call->place);
        }
        return has_caller_data(call)
                   ? unconstrained(run, sink, privileged[i].severity, privileged[i].fix)
                   : RM_OK;
    }
    return RM_OK;
}

/* PB-08: one finding a device, whatever the number of its operations. */
rm_status rm_judge_pb_08(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    uint32_t path = run->worst.from_below[device];
    if (path == RM_NONE) {
        return RM_OK;
    }
    const rm_path *p = &m->paths.at[path];
    const rm_device *d = &m->devices.at[device];
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = d->id,
                    .subject = rm_device_title(m, device),
                    .fix = RM_STR("give the device a descriptor for SYSTEM and administrators, or "
                                  "remove the operation; where it has to stay, waive it by name"),
                    .confidence = RM_CONFIDENCE_MEDIUM,
                    .path = path,
                    .place = d->place,
                    .evidence = m->sinks.at[p->sink].text,
                    .cause = d->id,
                    .follows = true};
    v.message = rm_rule_say(run, "%.*s reaches %.*s (%.*s), a high-privileged operation",
                            RM_STR_ARG(p->origin), RM_STR_ARG(m->sinks.at[p->sink].class_name),
                            RM_STR_ARG(m->sinks.at[p->sink].api));
    return rm_rule_fires(run, &v);
}
