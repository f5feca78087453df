#include "ask.h"

#include "model/ioctl.h"
#include "model/sinks.h"

uint32_t rm_ask_access(const rm_rule_run *run, rm_str principal, uint32_t device) {
    for (rm_span s = rm_span_of(&run->of.accesses_of_device, device);
         device != RM_NONE && s.at < s.end; s.at++) {
        if (rm_str_eq(run->model->accesses.at[*s.at].principal, principal)) {
            return *s.at;
        }
    }
    return RM_NONE;
}

uint32_t rm_ask_observed(const rm_rule_run *run, uint32_t driver, rm_observed kind) {
    const rm_observation *seen = run->model->observations.at;
    for (rm_span s = rm_span_of(&run->of.observations_of_driver, driver); s.at < s.end; s.at++) {
        if (seen[*s.at].kind == kind) {
            return *s.at;
        }
    }
    return RM_NONE;
}

static bool may_refuse(const rm_check *c, rm_check_kind kind) {
    return c->kind == kind && c->can_refuse != RM_TRI_NO && c->well_formed != RM_TRI_NO;
}

bool rm_ask_checked(const rm_rule_run *run, uint32_t entry, rm_check_kind kind) {
    const rm_model *m = run->model;
    uint32_t driver = m->entries.at[entry].driver;
    for (rm_span s = rm_span_of(&run->of.checks_of_entry, entry); s.at < s.end; s.at++) {
        if (may_refuse(&m->checks.at[*s.at], kind)) {
            return true;
        }
    }
    for (rm_span s = rm_span_of(&run->of.checks_of_driver, driver);
         driver != RM_NONE && s.at < s.end; s.at++) {
        const rm_check *c = &m->checks.at[*s.at];
        if (c->entry == RM_NONE && c->at == RM_AT_CREATE && may_refuse(c, kind)) {
            return true;
        }
    }
    return false;
}

uint32_t rm_ask_severity(const rm_sink_call *call) {
    const rm_sink_class *c = rm_sink_class_find(call->class_name);
    return c == NULL ? 0 : c->severity;
}

uint32_t rm_sink_driver(const rm_model *m, const rm_sink_call *call) {
    return call->entry == RM_NONE ? RM_NONE : m->entries.at[call->entry].driver;
}

static uint32_t worst_sink(const rm_model *m, rm_span among, uint32_t least) {
    uint32_t found = RM_NONE;
    uint32_t severity = 0;
    for (; among.at < among.end; among.at++) {
        const rm_sink_call *call = &m->sinks.at[*among.at];
        const uint32_t its = rm_ask_severity(call);
        if (its >= least && its > severity && !rm_sink_is_ordinary(call)) {
            found = *among.at;
            severity = its;
        }
    }
    return found;
}

uint32_t rm_ask_sink_of_entry(const rm_rule_run *run, uint32_t entry, uint32_t least) {
    return worst_sink(run->model, rm_span_of(&run->of.sinks_of_entry, entry), least);
}

uint32_t rm_ask_sink_of_driver(const rm_rule_run *run, uint32_t driver, uint32_t least) {
    return worst_sink(run->model, rm_span_of(&run->of.sinks_of_driver, driver), least);
}

uint32_t rm_ask_action_of_driver(const rm_rule_run *run, uint32_t driver) {
    static const char *const families[] = {
        "msr",     "port",   "phys",  "pci",       "control_register", "system",   "driver",
        "process", "thread", "token", "code_exec", "firmware",         "registry", NULL};
    const rm_model *m = run->model;
    uint32_t found = RM_NONE;
    uint32_t severity = 0;
    for (rm_span s = rm_span_of(&run->of.sinks_of_driver, driver); s.at < s.end; s.at++) {
        const rm_sink_call *call = &m->sinks.at[*s.at];
        const rm_sink_class *c = rm_sink_class_find(call->class_name);
        if (c != NULL && c->severity >= 700 && c->severity > severity &&
            rm_ask_in(rm_str_from(c->family), families) && !rm_sink_is_everyday(call)) {
            found = *s.at;
            severity = c->severity;
        }
    }
    return found;
}

bool rm_ask_has_entries(const rm_rule_run *run, uint32_t driver, rm_entry_kind kind) {
    for (rm_span s = rm_span_of(&run->of.entries_of_driver, driver); s.at < s.end; s.at++) {
        if (run->model->entries.at[*s.at].kind == kind) {
            return true;
        }
    }
    return false;
}

bool rm_ask_has_sources(const rm_model *m, uint32_t driver) {
    return driver != RM_NONE && m->drivers.at[driver].unit.len > 0;
}

rm_str rm_ask_directive(const rm_model *m, rm_str inf, rm_str section, rm_str name) {
    for (uint32_t i = 0; i < m->directives.count; i++) {
        const rm_directive *d = &m->directives.at[i];
        if (rm_str_eq(d->inf, inf) && rm_str_ieq(d->section, section) &&
            rm_str_ieq(d->name, name)) {
            return d->value;
        }
    }
    return RM_STR_NONE;
}

bool rm_ask_in(rm_str word, const char *const *list) {
    for (; *list != NULL; list++) {
        if (rm_str_ieq(word, rm_str_from(*list))) {
            return true;
        }
    }
    return false;
}

rm_severity rm_rule_by_opener(const rm_rule_run *run, uint32_t driver, rm_severity of_rule) {
    const rm_model *m = run->model;
    bool closed = false;
    for (rm_span s = rm_span_of(&run->of.devices_of_driver, driver);
         driver != RM_NONE && s.at < s.end; s.at++) {
        if (run->worst.weak_opener[*s.at] != RM_NONE) {
            return of_rule;
        }
        closed = closed || m->devices.at[*s.at].descriptor != RM_NONE;
    }
    rm_severity most = closed ? RM_SEVERITY_LOW : RM_SEVERITY_MEDIUM;
    return of_rule < most ? of_rule : most;
}

/* The one of both that comes first, whatever file either stands in. */
static rm_str earlier(rm_str a, rm_str b) {
    return a.len == 0 || (b.len > 0 && rm_str_icmp(b, a) < 0) ? b : a;
}

rm_str rm_ask_package(const rm_model *m, rm_str inf) {
    rm_str found = RM_STR_NONE;
    for (uint32_t i = 0; i < m->services.count; i++) {
        const rm_service *s = &m->services.at[i];
        found = rm_str_eq(s->inf, inf) ? earlier(found, s->name) : found;
    }
    for (uint32_t i = 0; found.len == 0 && i < m->drivers.count; i++) {
        const rm_driver *d = &m->drivers.at[i];
        found = rm_str_eq(d->inf, inf) ? d->name : found;
    }
    return found.len > 0 ? found : rm_path_base(inf);
}

rm_verdict rm_driver_verdict(const rm_rule_run *run, uint32_t driver, rm_place place) {
    const rm_model *m = run->model;
    return (rm_verdict){.severity = run->rule->severity,
                        .subject_id = driver == RM_NONE ? rm_ask_package(m, place.file)
                                                        : m->drivers.at[driver].id,
                        .subject = driver == RM_NONE ? place.file : rm_rule_driver(m, driver),
                        .confidence = RM_CONFIDENCE_HIGH,
                        .path = RM_NONE,
                        .place = place};
}

rm_verdict rm_observed_verdict(rm_rule_run *run, const rm_observation *seen) {
    rm_verdict v = rm_driver_verdict(run, seen->driver, seen->place);
    v.severity = rm_rule_by_opener(run, seen->driver, run->rule->severity);
    v.subject_id =
        rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(seen->function));
    v.evidence = seen->text;
    v.confidence = RM_CONFIDENCE_MEDIUM;
    return v;
}

rm_verdict rm_handled_verdict(rm_rule_run *run, uint32_t entry, rm_place place) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    rm_verdict v = rm_driver_verdict(run, e->driver, place);
    v.severity = rm_rule_by_opener(run, e->driver, run->rule->severity);
    v.path = run->worst.of_entry[entry];
    v.evidence = e->name;
    return v;
}

/* ---- privileged operations ---- */

rm_str rm_sink_holder(rm_rule_run *run, const rm_sink_call *call) {
    const rm_model *m = run->model;
    uint32_t driver = rm_sink_driver(m, call);
    return rm_rule_say(run, "%.*s %.*s",
                       RM_STR_ARG(driver == RM_NONE ? RM_STR_NONE : m->drivers.at[driver].id),
                       RM_STR_ARG(call->function));
}

static bool is_of_ordinary_family(const rm_sink_call *call) {
    static const char *const families[] = {"kernel_memory", "file",   "registry", "handle",
                                           "driver",        "thread", "user_map", NULL};
    const rm_sink_class *c = rm_sink_class_find(call->class_name);
    return c != NULL && rm_ask_in(rm_str_from(c->family), families);
}

bool rm_sink_is_ordinary(const rm_sink_call *call) {
    return call->validation == RM_VALIDATION_VALIDATED && is_of_ordinary_family(call);
}

bool rm_sink_is_everyday(const rm_sink_call *call) {
    return !rm_sink_is_loose(call) && is_of_ordinary_family(call);
}

bool rm_ask_is_steered(const rm_rule_run *run, uint32_t entry) {
    for (rm_span s = rm_span_of(&run->of.sinks_of_entry, entry); s.at < s.end; s.at++) {
        const rm_sink_call *call = &run->model->sinks.at[*s.at];
        if (call->validation == RM_VALIDATION_UNKNOWN && rm_ask_severity(call) >= 500) {
            return false;
        }
    }
    return true;
}

/* Codes of Microsoft's that a driver defines again because its kit has no header for them. */
bool rm_ask_is_microsofts(const rm_ioctl *i, uint32_t device_type) {
    static const struct {
        uint32_t device_type;
        const char *prefix;
    } kits[] = {{0x04, "IOCTL_SCSI_"},     {0x07, "IOCTL_DISK_"},         {0x0B, "IOCTL_HID_"},
                {0x0B, "IOCTL_KEYBOARD_"}, {0x0F, "IOCTL_MOUSE_"},        {0x1B, "IOCTL_SERIAL_"},
                {0x22, "IOCTL_USB_"},      {0x22, "IOCTL_INTERNAL_USB_"}, {0x29, "IOCTL_BATTERY_"},
                {0x2D, "IOCTL_STORAGE_"},  {0x4D, "IOCTL_MOUNTDEV_"},     {0x56, "IOCTL_VOLUME_"}};
    for (size_t k = 0; k < sizeof kits / sizeof kits[0]; k++) {
        if (kits[k].device_type == device_type &&
            rm_str_starts(i->name, rm_str_from(kits[k].prefix))) {
            return true;
        }
    }
    return false;
}

/* Microsoft's own codes: function below 0x800 and type below 0x8000. */
static bool is_reserved(uint32_t code) {
    return (code >> 2 & 0xFFF) < 0x800 && code >> 16 < 0x8000;
}

bool rm_ask_is_own_code(const rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    for (rm_span s = rm_span_of(&run->of.ioctls_of_driver, e->driver); s.at < s.end; s.at++) {
        const rm_ioctl *code = &m->ioctls.at[*s.at];
        if (code->has_code && code->code == e->code) {
            return !rm_ask_is_microsofts(code, code->code >> 16);
        }
    }
    return !is_reserved(e->code);
}

rm_str rm_cause_at(rm_rule_run *run, const char *what, rm_place place) {
    return rm_rule_say(run, "%s %.*s:%u", what, RM_STR_ARG(place.file), (unsigned)place.line);
}

rm_str rm_device_cause(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    bool written = d->descriptor != RM_NONE && m->descriptors.at[d->descriptor].place.line > 0 &&
                   m->descriptors.at[d->descriptor].source != RM_SDDL_TYPE_DEFAULT;
    rm_place place = written ? m->descriptors.at[d->descriptor].place : d->place;
    return place.line > 0 ? rm_cause_at(run, "descriptor", place) : d->id;
}

bool rm_sink_is_loose(const rm_sink_call *call) {
    return call->validation == RM_VALIDATION_UNVALIDATED ||
           call->validation == RM_VALIDATION_PARTIAL;
}

rm_str rm_sink_fix(rm_rule_run *run, const rm_sink_call *call, const char *what) {
    rm_str where = call->function;
    if (where.len == 0 && call->entry != RM_NONE) {
        where = run->model->entries.at[call->entry].name;
    }
    return rm_rule_say(run, "in %.*s, %.*s of %.*s: %s", RM_STR_ARG(where),
                       RM_STR_ARG(call->argument), RM_STR_ARG(call->api), what);
}

/* A length of a transfer, which the I/O manager bounds; computed of others; the name of a file. */
static bool is_remote_value(const rm_rule_run *run, const rm_sink_call *call, rm_str value) {
    if (rm_str_eq(value, RM_STR("Length")) || rm_str_eq(value, RM_STR("a value"))) {
        return true;
    }
    rm_span s = {NULL, NULL};
    if (call->entry != RM_NONE) {
        s = rm_span_of(&run->of.inputs_of_entry, call->entry);
    }
    for (; s.at < s.end; s.at++) {
        const rm_input *in = &run->model->inputs.at[*s.at];
        if (in->buffer == RM_BUFFER_FILE_NAME && rm_str_eq(in->name, value)) {
            return true;
        }
    }
    return false;
}

bool rm_sink_is_value_alone(const rm_sink_call *call) {
    return rm_str_eq(call->class_name, RM_STR("phys_write")) &&
           (rm_str_eq(call->argument, RM_STR("Value")) ||
            rm_str_eq(call->argument, RM_STR("Data")));
}

bool rm_sink_is_spare_pointer(const rm_rule_run *run, const rm_sink_call *call) {
    const rm_entry *e = call->entry == RM_NONE ? NULL : &run->model->entries.at[call->entry];
    size_t at = 0;
    if (e == NULL || !e->has_code) {
        return false;
    }
    rm_method method = rm_ioctl_decode(e->code).method;
    return (method == RM_METHOD_IN_DIRECT || method == RM_METHOD_OUT_DIRECT) &&
           rm_str_find(call->reason, RM_STR("(UserBuffer): a pointer of the caller's is used"),
                       &at);
}

bool rm_sink_is_lead(const rm_rule_run *run, const rm_sink_call *call) {
    rm_str reason = call->reason;
    size_t at = 0;
    size_t end = 0;
    bool any = false;
    while (rm_str_find(reason, RM_STR(" ("), &at)) {
        rm_str rest = rm_str_slice(reason, at + 2, reason.len);
        if (!rm_str_find(rest, RM_STR("):"), &end)) {
            break;
        }
        if (!is_remote_value(run, call, rm_str_slice(rest, 0, end))) {
            return false;
        }
        any = true;
        reason = rm_str_slice(rest, end, rest.len);
    }
    return any;
}

rm_verdict rm_sink_verdict(rm_rule_run *run, uint32_t sink, rm_severity of_rule) {
    const rm_model *m = run->model;
    const rm_sink_call *call = &m->sinks.at[sink];
    uint32_t path = run->worst.of_sink[sink];
    rm_verdict v = {.severity = rm_rule_by_reach(run, path, of_rule),
                    .subject_id = rm_sink_holder(run, call),
                    .subject = rm_rule_driver(m, rm_sink_driver(m, call)),
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = path,
                    .place = call->place,
                    .evidence = call->text};
    uint32_t driver = rm_sink_driver(m, call);
    if (driver != RM_NONE && m->drivers.at[driver].mode == RM_DRIVER_MODE_USER &&
        v.severity > RM_SEVERITY_MEDIUM) {
        v.severity = RM_SEVERITY_MEDIUM; /* the host process, not the kernel */
    }
    if (rm_sink_is_lead(run, call)) {
        v.severity = v.severity < RM_SEVERITY_MEDIUM ? v.severity : RM_SEVERITY_MEDIUM;
        v.confidence = RM_CONFIDENCE_LOW;
    }
    v.cause =
        rm_rule_say(run, "%s %.*s", rm_rule_of_class(call->class_name), RM_STR_ARG(v.subject_id));
    return v;
}
