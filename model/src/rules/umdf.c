#include "aces.h"
#include "ask.h"
#include "model/effective.h"

/* UM: user-mode drivers, and the ports of minifilters. */

/* UM-01 to UM-04: a directive with a value. Windows: "Specifying WDF directives in INF files". */
static const struct {
    const char *rule;
    const char *directive;
    const char *value; /* that fires */
    rm_severity severity;
    const char *message;
    const char *fix;
} directives[] = {
    {"UM-01", "UmdfMethodNeitherAction", "Copy", RM_SEVERITY_MEDIUM,
     "METHOD_NEITHER requests reach the driver, their buffers copied as if they were what they "
     "say",
     "UmdfMethodNeitherAction = Reject"},
    {"UM-02", "UmdfImpersonationLevel", "Impersonation", RM_SEVERITY_MEDIUM,
     "the driver may act as its client", "UmdfImpersonationLevel = Anonymous, or leave it out"},
    {"UM-02", "UmdfImpersonationLevel", "Delegation", RM_SEVERITY_HIGH,
     "the driver may act as its client, on other machines too",
     "UmdfImpersonationLevel = Anonymous, or leave it out"},
    {"UM-03", "UmdfKernelModeClientPolicy", "AllowKernelModeClients", RM_SEVERITY_MEDIUM,
     "kernel drivers send requests to a driver in user mode, and may trust its answers",
     "UmdfKernelModeClientPolicy = RejectKernelModeClients"},
    {"UM-03", "UmdfFileObjectPolicy", "AllowNullAndUnknownFileObjects", RM_SEVERITY_MEDIUM,
     "requests arrive that no open has been checked for",
     "UmdfFileObjectPolicy = RejectNullAndUnknownFileObjects"},
    {"UM-04", "UmdfDirectHardwareAccess", "AllowDirectHardwareAccess", RM_SEVERITY_MEDIUM,
     "the host process reaches registers and ports of the device",
     "UmdfDirectHardwareAccess = RejectDirectHardwareAccess where the driver does without"},
    {"UM-04", "UmdfRegisterAccessMode", "RegisterAccessUsingUserModeMapping", RM_SEVERITY_MEDIUM,
     "the device's registers are mapped into the host process",
     "UmdfRegisterAccessMode = RegisterAccessUsingSystemCall"},
};

static rm_verdict directive_verdict(rm_rule_run *run, const rm_directive *d) {
    rm_verdict v = rm_driver_verdict(run, d->driver, d->place);
    v.subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(d->name));
    v.evidence = rm_rule_say(run, "%.*s = %.*s", RM_STR_ARG(d->name), RM_STR_ARG(d->value));
    return v;
}

rm_status rm_judge_um_directive(rm_rule_run *run, uint32_t index) {
    const rm_directive *d = &run->model->directives.at[index];
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        if (!rm_str_eq(rm_str_from(run->rule->id), rm_str_from(directives[i].rule)) ||
            !rm_str_ieq(d->name, rm_str_from(directives[i].directive)) ||
            !rm_str_ieq(rm_str_trim(d->value), rm_str_from(directives[i].value))) {
            continue;
        }
        rm_verdict v = directive_verdict(run, d);
        v.severity = directives[i].severity;
        v.message = rm_rule_say(run, "%.*s: %s", RM_STR_ARG(v.evidence), directives[i].message);
        v.fix = rm_str_from(directives[i].fix);
        return rm_rule_fires(run, &v);
    }
    return RM_OK;
}

/* UM-04, too: a value that no document knows. */
rm_status rm_judge_um_04_values(rm_rule_run *run, uint32_t index) {
    static const char *const names[] = {"UmdfDirectHardwareAccess", "UmdfRegisterAccessMode",
                                        "UmdfHostProcessSharing", NULL};
    static const char *const values[] = {"AllowDirectHardwareAccess",
                                         "RejectDirectHardwareAccess",
                                         "RegisterAccessUsingSystemCall",
                                         "RegisterAccessUsingUserModeMapping",
                                         "ProcessSharingEnabled",
                                         "ProcessSharingDisabled",
                                         NULL};
    const rm_directive *d = &run->model->directives.at[index];
    if (!rm_ask_in(d->name, names) || rm_ask_in(rm_str_trim(d->value), values)) {
        return RM_OK;
    }
    rm_verdict v = directive_verdict(run, d);
    v.message = rm_rule_say(run, "%.*s is no documented value", RM_STR_ARG(v.evidence));
    v.fix = RM_STR("use a documented value, or write down who defined this one");
    return rm_rule_fires(run, &v);
}

/* ---- UM-05 ---- */

/* (A;;…;;;LS): every service that runs as LocalService, not the drivers' hosts alone. */
static rm_status grants_local_service(rm_rule_run *run, const rm_descriptor *row, bool *out) {
    const rm_security *sd = NULL;
    rm_status st = rm_descriptor_security(run->scratch, run->model, row, &sd);
    for (uint32_t i = 0; st == RM_OK && sd != NULL && i < sd->dacl.aces.count; i++) {
        const rm_ace *ace = &sd->dacl.aces.at[i];
        *out = *out || (ace->type == 0 && ace->sid.authority == 5 && ace->sid.count == 1 &&
                        ace->sid.sub[0] == 19);
    }
    return st;
}

static bool is_of_registry(const rm_descriptor *row) {
    return row->source == RM_SDDL_INF_DEVICE || row->source == RM_SDDL_INF_CLASS;
}

/*
 * The descriptor that the driver's own INF sets, of the device before the class; else the one in
 * effect. Where several INFs make one class, each driver answers for its own.
 */
static const rm_descriptor *own_descriptor(const rm_rule_run *run, uint32_t device, rm_str inf) {
    const rm_model *m = run->model;
    uint32_t effective = m->devices.at[device].descriptor;
    const rm_descriptor *own = NULL;
    for (rm_span s = rm_span_of(&run->of.descriptors_of_device, device); s.at < s.end; s.at++) {
        const rm_descriptor *row = &m->descriptors.at[*s.at];
        bool better =
            own == NULL || (own->source == RM_SDDL_INF_CLASS && row->source == RM_SDDL_INF_DEVICE);
        if (is_of_registry(row) && rm_str_eq(row->place.file, inf) && better) {
            own = row;
        }
    }
    return own != NULL ? own : effective == RM_NONE ? NULL : &m->descriptors.at[effective];
}

rm_status rm_judge_um_05(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    bool local_service = false;
    if (d->driver == RM_NONE || m->drivers.at[d->driver].mode != RM_DRIVER_MODE_USER) {
        return RM_OK;
    }
    const rm_driver *driver = &m->drivers.at[d->driver];
    if (driver->inf.len == 0) {
        return rm_rule_undecided(run, driver->id, driver->name, "its INF was not read", d->place);
    }
    const rm_descriptor *row = own_descriptor(run, device, driver->inf);
    bool written = row != NULL && (is_of_registry(row) || row->source == RM_SDDL_FACTS ||
                                   row->source == RM_SDDL_FILE);
    if (written && is_of_registry(row) && !rm_str_eq(row->place.file, driver->inf)) {
        return RM_OK; /* another INF's, for the same hardware id or class */
    }
    rm_status st = written ? grants_local_service(run, row, &local_service) : RM_OK;
    if (st != RM_OK || (written && !local_service)) {
        return st;
    }
    rm_verdict v = rm_driver_verdict(run, d->driver, written ? row->place : d->place);
    v.subject_id = driver->id;
    v.evidence = written ? row->sddl : driver->inf;
    v.message = written
                    ? rm_rule_say(run,
                                  "%.*s grants LocalService: every service under that "
                                  "account, not the drivers' hosts alone",
                                  RM_STR_ARG(row->sddl))
                    : RM_STR("the INF sets no Security, and a user-mode driver cannot set it in "
                             "code: the class or type default applies");
    v.severity = written ? RM_SEVERITY_MEDIUM : RM_SEVERITY_LOW;
    v.fix = written ? RM_STR("grant UD (user-mode drivers) in place of LS")
                    : RM_STR("HKR,,Security,,\"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;UD)\" in the "
                             "DDInstall.HW section, and more only for who needs it");
    return rm_rule_fires(run, &v);
}

/* ---- UM-06 ---- */

static bool port_has(const rm_rule_run *run, const rm_device *d, rm_observed kind) {
    for (rm_span s = rm_span_of(&run->of.observations_of_driver, d->driver); s.at < s.end; s.at++) {
        const rm_observation *o = &run->model->observations.at[*s.at];
        if (o->kind == kind && o->place.line == d->place.line &&
            rm_str_eq(o->place.file, d->place.file)) {
            return true;
        }
    }
    return false;
}

rm_status rm_judge_um_06(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    uint32_t opener = run->worst.weak_opener[device];
    if (d->created_by != RM_CREATED_FLTPORT) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.cause = rm_device_cause(run, device);
    v.fix = RM_STR("make the descriptor with FltBuildDefaultSecurityDescriptor and pass it in "
                   "OBJECT_ATTRIBUTES, with OBJ_KERNEL_HANDLE");
    if (port_has(run, d, RM_OBSERVED_PORT_NULL_DESCRIPTOR)) {
        v.message = RM_STR("the port is made without a descriptor");
    } else if (opener != RM_NONE) {
        v.message = rm_rule_say(run, "%.*s may connect to the port",
                                RM_STR_ARG(m->accesses.at[opener].principal));
    } else if (port_has(run, d, RM_OBSERVED_PORT_UNBOUNDED)) {
        v.severity = RM_SEVERITY_LOW;
        v.message = RM_STR("the port takes any number of connections");
        v.fix = RM_STR("pass as MaxConnections what the filter's service needs, mostly 1");
    } else if (d->descriptor == RM_NONE || m->descriptors.at[d->descriptor].sddl.len == 0) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "its descriptor is not known", d->place);
    } else {
        return RM_OK;
    }
    return rm_rule_fires(run, &v);
}

/*
 * UM-06, too: the filter manager probes a message, and the filter has to read it inside try/except
 * (Windows: PFLT_MESSAGE_NOTIFY). Whether it does is not kept.
 */
rm_status rm_judge_um_06_messages(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_input *in = &m->inputs.at[index];
    bool raw = in->buffer == RM_BUFFER_USER || in->buffer == RM_BUFFER_TYPE3;
    if (!raw || in->entry == RM_NONE || m->entries.at[in->entry].kind != RM_ENTRY_MESSAGE) {
        return RM_OK;
    }
    return rm_rule_undecided(run, in->id, in->name,
                             "whether each access of it stands inside try/except is not known",
                             in->place);
}
