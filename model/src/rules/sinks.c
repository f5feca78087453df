#include "aces.h"
#include "ask.h"

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

const char *rm_rule_of_class(rm_str class_name) {
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (rm_str_eq(class_name, rm_str_from(privileged[i].class_name))) {
            return privileged[i].rule;
        }
    }
    return "";
}

/* The length goes in as the caller says, whatever else of the copy is checked. */
static bool length_is_open(rm_str reason) {
    size_t at = 0;
    size_t end = 0;
    if (!rm_str_find(reason, RM_STR("Length ("), &at)) {
        return false;
    }
    reason = rm_str_slice(reason, at, reason.len);
    if (rm_str_find_char(reason, ';', &end)) {
        reason = rm_str_slice(reason, 0, end);
    }
    return rm_str_iends(reason, RM_STR("it is not checked"));
}

/* "pmc read" and the like: what a dispatcher's case is for, told by its own name. */
static bool is_named_for(const rm_sink_call *call) {
    size_t at = 0;
    return rm_str_find_char(call->api, ' ', &at);
}

/* Is it told already, by the call itself? */
static bool has_call(const rm_rule_run *run, const rm_sink_call *call) {
    if (!is_named_for(call) || call->entry == RM_NONE) {
        return false;
    }
    for (rm_span s = rm_span_of(&run->of.sinks_of_entry, call->entry); s.at < s.end; s.at++) {
        const rm_sink_call *other = &run->model->sinks.at[*s.at];
        if (rm_str_eq(other->class_name, call->class_name) && !is_named_for(other)) {
            return true;
        }
    }
    return false;
}

/* RtlAppendUnicodeStringToString and the like ask for what their destination can hold. */
static bool is_bounded_by_itself(const rm_sink_call *call) {
    return rm_str_starts(call->api, RM_STR("RtlAppendUnicode")) ||
           rm_str_eq(call->api, RM_STR("RtlCopyUnicodeString"));
}

/* What mends the operation: by what is known of its argument, else what the class asks for. */
static const char *fix_of(const rm_sink_call *call, const char *of_class) {
    size_t at = 0;
    if (rm_str_eq(call->argument, RM_STR("index"))) {
        return "compare it with the number of elements before the access";
    }
    if (rm_str_find(call->reason, RM_STR("without a probe"), &at)) {
        return "inside __try, in the caller's context, call ProbeForRead on it with its length and "
               "copy what is needed; or define the code with METHOD_BUFFERED";
    }
    if (rm_sink_is_value_alone(call)) {
        return "compare it with a constant range, both ends, before the write";
    }
    if (rm_str_eq(call->argument, RM_STR("Length"))) {
        return "compare it with the sizes of both buffers before the copy";
    }
    return of_class;
}

static rm_status unconstrained(rm_rule_run *run, uint32_t sink, rm_severity severity,
                               const char *fix) {
    const rm_sink_call *call = &run->model->sinks.at[sink];
    rm_verdict v = rm_sink_verdict(run, sink, severity);
    if (call->validation == RM_VALIDATION_PARTIAL && v.severity == RM_SEVERITY_MEDIUM &&
        v.confidence == RM_CONFIDENCE_HIGH && length_is_open(call->reason)) {
        v.severity = RM_SEVERITY_HIGH; /* a copy is as long as its one open length */
    }
    if (rm_sink_is_value_alone(call) && v.severity > RM_SEVERITY_MEDIUM) {
        v.severity = RM_SEVERITY_MEDIUM;
    }
    v.message = rm_rule_say(run, "%.*s takes %.*s from the caller, %s%s%.*s", RM_STR_ARG(call->api),
                            RM_STR_ARG(call->argument), rm_validation_name(call->validation),
                            call->reason.len > 0 ? ": " : "", RM_STR_ARG(call->reason));
    v.fix = rm_sink_fix(run, call, fix_of(call, fix));
    return rm_rule_fires(run, &v);
}

/* An index that runs to a length of the transfer: it may be the very buffer's. */
static bool is_bounded_by_length(rm_rule_run *run, const rm_sink_call *call) {
    size_t at = 0;
    if (!rm_str_eq(call->argument, RM_STR("index")) || call->entry == RM_NONE ||
        !rm_str_find(call->reason, RM_STR("bounded only by another of the caller's values"), &at)) {
        return false;
    }
    for (rm_span s = rm_span_of(&run->of.inputs_of_entry, call->entry); s.at < s.end; s.at++) {
        const rm_input *in = &run->model->inputs.at[*s.at];
        bool length = in->buffer == RM_BUFFER_LENGTH ||
                      rm_str_iends(in->name, RM_STR("BufferSize")) ||
                      rm_str_iends(in->name, RM_STR("BufferLength"));
        if (length &&
            rm_str_find(call->reason, rm_rule_say(run, "(%.*s)", RM_STR_ARG(in->name)), &at)) {
            return true;
        }
    }
    return false;
}

rm_status rm_judge_pb_by_class(rm_rule_run *run, uint32_t sink) {
    const rm_sink_call *call = &run->model->sinks.at[sink];
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (!rm_str_eq(rm_str_from(run->rule->id), rm_str_from(privileged[i].rule)) ||
            !rm_str_eq(call->class_name, rm_str_from(privileged[i].class_name)) ||
            has_call(run, call) || is_bounded_by_itself(call)) {
            continue;
        }
        if (call->validation == RM_VALIDATION_UNKNOWN) {
            return rm_rule_undecided(run, call->id, call->api,
                                     "whether its arguments are checked is not known", call->place);
        }
        if (rm_sink_is_spare_pointer(run, call)) {
            return rm_rule_undecided(run, call->id, call->api,
                                     "with a direct method the pointer is used where no bytes come",
                                     call->place);
        }
        if (is_bounded_by_length(run, call)) {
            return rm_rule_undecided(run, call->id, call->api,
                                     "whether the length that bounds the index is the buffer's own "
                                     "is not known",
                                     call->place);
        }
        return rm_sink_is_loose(call)
                   ? unconstrained(run, sink, privileged[i].severity, privileged[i].fix)
                   : RM_OK;
    }
    return RM_OK;
}

enum { FILE_WRITE_DATA = 0x2 };

/* What lets them get there: the descriptor, the namespace, or the operation itself. */
static rm_str cause_of_reach(rm_rule_run *run, uint32_t device, const rm_path *path) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    uint32_t row = rm_ask_access(run, path->origin, device);
    bool by_default =
        d->descriptor != RM_NONE && m->descriptors.at[d->descriptor].source == RM_SDDL_TYPE_DEFAULT;
    bool told = by_default ? rm_device_is_door(d) && !rm_device_owns_namespace(d)
                           : run->worst.weak_writer[device] != RM_NONE && row != RM_NONE &&
                                 (run->worst.granted[row] & FILE_WRITE_DATA) != 0;
    if (told) { /* by DS-01 or DS-04 */
        return rm_device_cause(run, device);
    }
    if (row != RM_NONE && m->accesses.at[row].via == RM_VIA_NAMESPACE) {
        return rm_rule_say(run, "namespace %.*s", RM_STR_ARG(d->id));
    }
    return rm_sink_verdict(run, path->sink, RM_SEVERITY_CRITICAL).cause;
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
    bool assumed =
        d->descriptor == RM_NONE || m->descriptors.at[d->descriptor].source == RM_SDDL_TYPE_DEFAULT;
    if (d->driver != RM_NONE && m->drivers.at[d->driver].mode == RM_DRIVER_MODE_USER &&
        p->hops < 2) {
        return RM_OK; /* the host process does it, with no more rights than its account's */
    }
    if (rm_device_owns_namespace(d)) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "a file system decides by each file who may", d->place);
    }
    if (d->filter && assumed) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "the descriptor of the stack that it filters is not known",
                                 d->place);
    }
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = d->id,
                    .subject = rm_device_title(m, device),
                    .fix = RM_STR("give the device a descriptor for SYSTEM and administrators, or "
                                  "remove the operation; where it has to stay, waive it by name"),
                    .confidence = RM_CONFIDENCE_MEDIUM,
                    .path = path,
                    .place = d->place,
                    .evidence = m->sinks.at[p->sink].text,
                    .cause = cause_of_reach(run, device, p),
                    .follows = true};
    v.message = rm_rule_say(run, "%.*s reaches %.*s (%.*s), a high-privileged operation",
                            RM_STR_ARG(p->origin), RM_STR_ARG(m->sinks.at[p->sink].class_name),
                            RM_STR_ARG(m->sinks.at[p->sink].api));
    return rm_rule_fires(run, &v);
}

/* Does the operation belong to one of the classes? */
static bool is_class(const rm_sink_call *call, const char *const *classes) {
    return rm_ask_in(call->class_name, classes);
}

/* IO-05: what PB-05 and PB-06 find in a driver, as what its interface offers. */
rm_status rm_judge_io_05(rm_rule_run *run, uint32_t sink) {
    static const char *const memory[] = {"virt_read", "virt_write",  "phys_read", "phys_write",
                                         "phys_map",  "section_map", NULL};
    const rm_sink_call *call = &run->model->sinks.at[sink];
    if (!is_class(call, memory)) {
        return RM_OK;
    }
    if (call->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, call->id, call->api,
                                 "whether its address is the caller's is not known", call->place);
    }
    if (!rm_sink_is_loose(call) || rm_sink_is_value_alone(call) ||
        rm_sink_is_spare_pointer(run, call)) {
        return RM_OK;
    }
    rm_verdict v = rm_sink_verdict(run, sink, RM_SEVERITY_CRITICAL);
    const rm_model *m = run->model;
    v.follows = true;
    v.message = rm_rule_say(run, "%.*s gives the caller memory of its choice: %.*s (%.*s)",
                            RM_STR_ARG(m->entries.at[call->entry].name), RM_STR_ARG(call->api),
                            RM_STR_ARG(call->class_name));
    v.fix = RM_STR("replace the code by one that names a resource of the device, not an address");
    return rm_rule_fires(run, &v);
}

/* Does the entry map pages, and not only describe them with an MDL? */
static bool maps_pages(const rm_rule_run *run, uint32_t entry) {
    for (rm_span s = rm_span_of(&run->of.sinks_of_entry, entry); s.at < s.end; s.at++) {
        if (rm_str_starts(run->model->sinks.at[*s.at].api, RM_STR("MmMap"))) {
            return true;
        }
    }
    return false;
}

/* PB-07: pages of the kernel or of a device in the caller's address space. */
rm_status rm_judge_pb_07(rm_rule_run *run, uint32_t sink) {
    static const char *const maps[] = {"mdl_user_map", NULL};
    const rm_sink_call *call = &run->model->sinks.at[sink];
    if (!is_class(call, maps)) {
        return RM_OK;
    }
    bool described = rm_str_eq(call->api, RM_STR("IoAllocateMdl")) && call->entry != RM_NONE &&
                     run->model->entries.at[call->entry].state != RM_STATE_DECLARED &&
                     !maps_pages(run, call->entry);
    if (call->validation == RM_VALIDATION_UNKNOWN || described) {
        return rm_rule_undecided(run, call->id, call->api, "which pages it maps is not known",
                                 call->place);
    }
    return rm_sink_is_loose(call)
               ? unconstrained(run, sink, RM_SEVERITY_CRITICAL,
                               "take address and size from the device's resources or constants, "
                               "map whole zeroed pages inside try/except, and unmap them at "
                               "cleanup before they are freed")
               : RM_OK;
}

/* PB-09 */
rm_status rm_judge_pb_09(rm_rule_run *run, uint32_t driver) {
    const rm_model *m = run->model;
    uint32_t sink = rm_ask_action_of_driver(run, driver);
    if (sink == RM_NONE || rm_ask_observed(run, driver, RM_OBSERVED_LOGS) != RM_NONE) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, driver, m->sinks.at[sink].place);
    if (!rm_ask_has_sources(m, driver)) {
        return rm_rule_undecided(run, v.subject_id, v.subject, "its sources were not read",
                                 v.place);
    }
    v.confidence = RM_CONFIDENCE_LOW;
    v.evidence = m->sinks.at[sink].text;
    v.message = rm_rule_say(run,
                            "the driver reaches %.*s and writes no trace, event or log entry "
                            "anywhere",
                            RM_STR_ARG(m->sinks.at[sink].class_name));
    v.fix = RM_STR("log who asked for the operation and whether it was refused: an ETW event or "
                   "IoWriteErrorLogEntry");
    return rm_rule_fires(run, &v);
}
