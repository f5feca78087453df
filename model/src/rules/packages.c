#include "ask.h"

/* IN: what INFs install. */

static bool installs_something(const rm_model *m, rm_str inf) {
    for (uint32_t i = 0; i < m->services.count; i++) {
        if (rm_str_eq(m->services.at[i].inf, inf)) {
            return true;
        }
    }
    return false;
}

static rm_str place_of_directive(const rm_model *m, rm_str inf, rm_str name, rm_place *place) {
    for (uint32_t i = 0; i < m->directives.count; i++) {
        const rm_directive *d = &m->directives.at[i];
        if (rm_str_eq(d->inf, inf) && rm_str_ieq(d->name, name)) {
            *place = d->place;
            return d->value;
        }
    }
    return RM_STR_NONE;
}

/* IN-03 */
rm_status rm_judge_in_03(rm_rule_run *run, uint32_t artifact) {
    const rm_model *m = run->model;
    const rm_artifact *a = &m->artifacts.at[artifact];
    uint64_t lock = 0;
    if (a->kind != RM_ARTIFACT_INF || !a->used || !installs_something(m, a->path)) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, RM_NONE, (rm_place){a->path, 0, 0});
    rm_str value = place_of_directive(m, a->path, RM_STR("PnpLockdown"), &v.place);
    if (rm_str_u64(rm_str_trim(value), &lock) && lock == 1) {
        return RM_OK;
    }
    v.severity = RM_SEVERITY_LOW;
    v.message = value.len == 0 ? RM_STR("PnpLockdown is not set: programs may overwrite the "
                                        "package's files")
                               : rm_rule_say(run,
                                             "PnpLockdown is %.*s: programs may overwrite the "
                                             "package's files",
                                             RM_STR_ARG(value));
    v.fix = RM_STR("PnpLockdown = 1 in [Version]");
    return rm_rule_fires(run, &v);
}

/* ---- IN-04 ---- */

static bool class_has_security(const rm_model *m, const rm_registry_setting *of) {
    for (uint32_t i = 0; i < m->settings.count; i++) {
        const rm_registry_setting *s = &m->settings.at[i];
        if (s->class_level && s->has_sddl && rm_str_ieq(s->class_guid, of->class_guid) &&
            rm_str_eq(s->place.file, of->place.file)) {
            return true;
        }
    }
    return false;
}

/* The INF's own devices get theirs in a .HW section: the class's is not asked for. */
static bool devices_have_security(const rm_model *m, rm_str inf) {
    for (uint32_t i = 0; i < m->settings.count; i++) {
        const rm_registry_setting *s = &m->settings.at[i];
        if (!s->class_level && s->has_sddl && rm_str_eq(s->place.file, inf)) {
            return true;
        }
    }
    return false;
}

rm_status rm_judge_in_04(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_registry_setting *s = &m->settings.at[index];
    bool vain = s->class_level && !s->creates_class && s->has_sddl;
    bool missing = s->class_level && s->creates_class && !class_has_security(m, s) &&
                   !devices_have_security(m, s->place.file);
    if (!vain && !missing) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, RM_NONE, s->place);
    v.subject = s->class_guid;
    v.subject_id = s->class_guid; /* however many INFs make it */
    v.evidence = s->sddl;
    v.severity = vain ? run->rule->severity : RM_SEVERITY_LOW;
    v.message = vain ? rm_rule_say(run,
                                   "ClassInstall32 sets %.*s for a class that exists: Windows "
                                   "does not read it",
                                   RM_STR_ARG(s->sddl))
                     : RM_STR("the INF makes a class and gives it no Security: its devices get the "
                              "default");
    v.fix = vain ? RM_STR("take it out here, and set Security in the DDInstall.HW section")
                 : RM_STR("HKR,,Security,,\"D:P(A;;GA;;;SY)(A;;GA;;;BA)\" and DeviceType in the "
                          "AddReg section of [ClassInstall32]");
    return rm_rule_fires(run, &v);
}

/* ---- IN-05 ---- */

/* Root\X is a device that software asks for; anything else is found by a bus. */
static bool is_for_hardware(const rm_rule_run *run, uint32_t driver, bool *installed) {
    for (rm_span s = rm_span_of(&run->of.installs_of_driver, driver); s.at < s.end; s.at++) {
        const rm_install *in = &run->model->installs.at[*s.at];
        *installed = true;
        if (in->hwid.len > 0 && !rm_str_istarts(in->hwid, RM_STR("Root\\"))) {
            return true;
        }
    }
    return false;
}

static bool has_service(const rm_rule_run *run, uint32_t driver) {
    rm_span services = rm_span_of(&run->of.services_of_driver, driver);
    return services.at < services.end;
}

/* What it does to the machine, or memory of the kernel that the caller chooses. */
static uint32_t worth_bringing(const rm_rule_run *run, uint32_t driver) {
    uint32_t found = rm_ask_action_of_driver(run, driver);
    for (rm_span s = rm_span_of(&run->of.sinks_of_driver, driver); s.at < s.end; s.at++) {
        const rm_sink_call *call = &run->model->sinks.at[*s.at];
        if (found == RM_NONE && rm_sink_is_loose(call) && !rm_sink_is_lead(run, call) &&
            rm_ask_severity(call) >= 1000) {
            found = *s.at;
        }
    }
    return found;
}

/* Where it is installed: the device or the service of an INF; else what it is worth bringing for.
 */
static rm_place place_of_install(const rm_rule_run *run, uint32_t driver, uint32_t sink) {
    const rm_model *m = run->model;
    rm_span installs = rm_span_of(&run->of.installs_of_driver, driver);
    rm_span services = rm_span_of(&run->of.services_of_driver, driver);
    if (installs.at < installs.end && m->installs.at[*installs.at].place.line > 0) {
        return m->installs.at[*installs.at].place;
    }
    for (; services.at < services.end; services.at++) {
        if (m->services.at[*services.at].place.line > 0) {
            return m->services.at[*services.at].place;
        }
    }
    return m->sinks.at[sink].place.line > 0 ? m->sinks.at[sink].place : m->drivers.at[driver].place;
}

rm_status rm_judge_in_05(rm_rule_run *run, uint32_t driver) {
    const rm_model *m = run->model;
    const rm_driver *d = &m->drivers.at[driver];
    uint32_t sink = worth_bringing(run, driver);
    bool installed = false;
    if (d->mode != RM_DRIVER_MODE_KERNEL || sink == RM_NONE) {
        return RM_OK;
    }
    if (is_for_hardware(run, driver, &installed) ||
        rm_ask_observed(run, driver, RM_OBSERVED_HARDWARE_CHECKED) != RM_NONE) {
        return RM_OK;
    }
    if (!installed && !has_service(run, driver)) {
        return rm_rule_undecided(run, d->id, d->name, "the INF that installs it was not read",
                                 d->place);
    }
    rm_verdict v = rm_driver_verdict(run, driver, place_of_install(run, driver, sink));
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.severity = rm_rule_by_opener(run, driver, RM_SEVERITY_MEDIUM);
    v.evidence = d->inf;
    v.message = rm_rule_say(run,
                            "%.*s installs without a device and reaches %.*s: it loads on any "
                            "machine, for whoever brings it along",
                            RM_STR_ARG(d->name), RM_STR_ARG(m->sinks.at[sink].class_name));
    v.fix =
        RM_STR("bind it to a hardware id, or look at SMBIOS (SystemFirmwareTableInformation) in "
               "DriverEntry and fail where the machine is not the one meant");
    return rm_rule_fires(run, &v);
}

/* ---- IN-06 ---- */

rm_status rm_judge_in_06(rm_rule_run *run, uint32_t service) {
    static const char *const win32[] = {"own_process", "share_process", "win32", NULL};
    const rm_model *m = run->model;
    const rm_service *s = &m->services.at[service];
    bool system = s->account.len == 0 || rm_str_ieq(s->account, RM_STR("LocalSystem"));
    rm_place place = s->place;
    if (!rm_ask_in(s->kind, win32) || !system || s->inf.len == 0 ||
        place_of_directive(m, s->inf, RM_STR("RequiredPrivileges"), &place).len > 0) {
        return RM_OK;
    }
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = s->id,
                    .subject = s->name,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = RM_NONE,
                    .place = s->place};
    v.message = rm_rule_say(run, "the service %.*s runs as LocalSystem with every privilege",
                            RM_STR_ARG(s->name));
    v.fix = RM_STR("StartName = \"NT AUTHORITY\\LocalService\", RequiredPrivileges with what it "
                   "uses, ServiceSidType = 1");
    return rm_rule_fires(run, &v);
}

/* AddSoftware: SoftwareType 1 runs an installer of the package's own. */
rm_status rm_judge_in_06_software(rm_rule_run *run, uint32_t index) {
    const rm_directive *d = &run->model->directives.at[index];
    if (!rm_str_ieq(d->name, RM_STR("SoftwareType")) ||
        !rm_str_eq(rm_str_trim(d->value), RM_STR("1"))) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, RM_NONE, d->place);
    v.subject_id = rm_rule_say(run, "%.*s %.*s", RM_STR_ARG(v.subject_id), RM_STR_ARG(d->section));
    v.subject = d->inf;
    v.evidence = d->section;
    v.message = RM_STR("the package runs an installer of its own, as SYSTEM, when the device "
                       "appears");
    v.fix = RM_STR("SoftwareType = 2: name an app of the store in its place");
    return rm_rule_fires(run, &v);
}
