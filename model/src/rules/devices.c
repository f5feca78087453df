#include "rules.h"

#include "aces.h"
#include "ask.h"

/* DS, NS: devices and their descriptors. */

bool rm_device_is_door(const rm_device *d) {
    return !d->filter && (d->nt_name.len > 0 || d->name_unknown);
}

rm_verdict rm_device_verdict(const rm_rule_run *run, uint32_t device) {
    const rm_device *d = &run->model->devices.at[device];
    return (rm_verdict){.severity = run->rule->severity,
                        .subject_id = d->id,
                        .subject = rm_device_title(run->model, device),
                        .confidence = RM_CONFIDENCE_HIGH,
                        .path = run->worst.of_device[device],
                        .place = d->place};
}

/* DS-01: nothing but the type's default stands between everyone and a named device. */
rm_status rm_judge_ds_01(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!rm_device_is_door(d)) {
        return RM_OK;
    }
    if (d->descriptor == RM_NONE) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "its descriptor is not known", d->place);
    }
    if (m->descriptors.at[d->descriptor].source != RM_SDDL_TYPE_DEFAULT ||
        rm_device_owns_namespace(d)) {
        return RM_OK; /* file systems are for everyone, and check each file */
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.message = RM_STR("the device is named and neither its code nor an INF gives it a security "
                       "descriptor: the default lets everyone read and write");
    v.fix = d->pnp ? RM_STR("set Security in the INF's .HW section: HKR,,Security,,"
                            "\"D:P(A;;GA;;;SY)(A;;GA;;;BA)\", and more only for who needs it")
                   : RM_STR("create it with IoCreateDeviceSecure, SDDL_DEVOBJ_SYS_ALL_ADM_ALL and "
                            "a class GUID of its own in place of IoCreateDevice");
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.cause = rm_device_cause(run, device);
    return rm_rule_fires(run, &v);
}

/* DS-04: who may write is told by the access check, not by the letters of the descriptor. */
rm_status rm_judge_ds_04(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    uint32_t writer = run->worst.weak_writer[device];
    rm_str fix = RM_STR_NONE;
    if (d->created_by == RM_CREATED_FLTPORT) {
        return RM_OK; /* UM-06 says it */
    }
    if (d->descriptor == RM_NONE && !d->filter) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "its descriptor is not known", d->place);
    }
    if (writer == RM_NONE || d->filter) {
        return RM_OK;
    }
    const rm_access *who = &m->accesses.at[writer];
    const rm_descriptor *row = &m->descriptors.at[d->descriptor];
    if (row->source == RM_SDDL_TYPE_DEFAULT) {
        return RM_OK; /* DS-01 says it */
    }
    rm_status st = rm_aces_fix(run, row, 0x2, &fix);
    rm_verdict v = rm_device_verdict(run, device);
    bool contained = rm_str_eq(who->principal, RM_STR("lpac")) ||
                     rm_str_eq(who->principal, RM_STR("appcontainer"));
    v.severity =
        contained && run->worst.severity[device] >= 700 ? RM_SEVERITY_CRITICAL : RM_SEVERITY_HIGH;
    v.message = rm_rule_say(run, "%.*s lets %.*s write (mask 0x%x)", RM_STR_ARG(row->sddl),
                            RM_STR_ARG(who->principal), (unsigned)who->mask);
    v.fix = fix;
    v.place = row->place;
    v.evidence = row->sddl;
    v.cause = rm_device_cause(run, device);
    return st == RM_OK ? rm_rule_fires(run, &v) : st;
}

/* DS-02: no INF reaches a device that is not of a PnP stack. */
rm_status rm_judge_ds_02(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!rm_device_is_door(d) || d->pnp || d->created_by != RM_CREATED_IOCREATEDEVICE ||
        rm_device_owns_namespace(d)) {
        return RM_OK;
    }
    rm_sddl_source source =
        d->descriptor == RM_NONE ? RM_SDDL_UNKNOWN : m->descriptors.at[d->descriptor].source;
    if (source != RM_SDDL_TYPE_DEFAULT && source != RM_SDDL_UNKNOWN && source != RM_SDDL_RUNTIME) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.severity = rm_rule_by_opener(run, d->driver, RM_SEVERITY_HIGH);
    v.follows = true;
    v.cause = rm_device_cause(run, device);
    v.message = RM_STR("a named device that is no part of a PnP stack is made with IoCreateDevice, "
                       "which takes no descriptor");
    v.fix =
        RM_STR("make it with IoCreateDeviceSecure, SDDL_DEVOBJ_SYS_ALL_ADM_ALL and a class GUID "
               "of its own");
    return rm_rule_fires(run, &v);
}

/* ---- DS-03 ---- */

/* System-defined device setup classes. Windows: "System-Defined Device Setup Classes". */
static const char *const setup_classes[] = {
    "{4d36e965-e325-11ce-bfc1-08002be10318}", /* CDROM */
    "{4d36e967-e325-11ce-bfc1-08002be10318}", /* DiskDrive */
    "{4d36e968-e325-11ce-bfc1-08002be10318}", /* Display */
    "{4d36e96a-e325-11ce-bfc1-08002be10318}", /* HDC */
    "{745a17a0-74d3-11d0-b6fe-00a0c90f57da}", /* HIDClass */
    "{4d36e96b-e325-11ce-bfc1-08002be10318}", /* Keyboard */
    "{4d36e96c-e325-11ce-bfc1-08002be10318}", /* Media */
    "{4d36e96d-e325-11ce-bfc1-08002be10318}", /* Modem */
    "{4d36e96e-e325-11ce-bfc1-08002be10318}", /* Monitor */
    "{4d36e96f-e325-11ce-bfc1-08002be10318}", /* Mouse */
    "{4d36e972-e325-11ce-bfc1-08002be10318}", /* Net */
    "{4d36e978-e325-11ce-bfc1-08002be10318}", /* Ports */
    "{4d36e979-e325-11ce-bfc1-08002be10318}", /* Printer */
    "{4d36e97b-e325-11ce-bfc1-08002be10318}", /* SCSIAdapter */
    "{4d36e97d-e325-11ce-bfc1-08002be10318}", /* System */
    "{36fc9e60-c465-11cf-8056-444553540000}", /* USB */
    "{71a27cdd-812a-11d0-bec7-08002be2092f}", /* Volume */
    "{6bdd1fc6-810f-11d0-bec7-08002be2092f}", /* Image */
    "{e0cbf06c-cd8b-4647-bb8a-263b43f0f974}", /* Bluetooth */
    "{5175d334-c371-4806-b3ba-71fd53c9258d}", /* Sensor */
    NULL};

static bool class_exists(const rm_model *m, rm_str guid) {
    for (uint32_t i = 0; i < m->installs.count; i++) {
        if (rm_str_ieq(m->installs.at[i].class_guid, guid)) {
            return true;
        }
    }
    return rm_ask_in(guid, setup_classes);
}

static bool has_null_class(const rm_rule_run *run, const rm_device *d) {
    for (rm_span s = rm_span_of(&run->of.observations_of_driver, d->driver); s.at < s.end; s.at++) {
        const rm_observation *o = &run->model->observations.at[*s.at];
        if (o->kind == RM_OBSERVED_CLASS_GUID_NULL && o->place.line == d->place.line &&
            rm_str_eq(o->place.file, d->place.file)) {
            return true;
        }
    }
    return false;
}

rm_status rm_judge_ds_03(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (d->created_by != RM_CREATED_IOCREATEDEVICESECURE) {
        return RM_OK;
    }
    bool null = has_null_class(run, d);
    if (!null && d->class_guid.len == 0) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "its DeviceClassGuid is not known", d->place);
    }
    if (!null && !class_exists(m, d->class_guid)) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.path = RM_NONE;
    v.message = null ? RM_STR("DeviceClassGuid is NULL: an administrator cannot tighten the "
                              "descriptor in the registry")
                     : rm_rule_say(run,
                                   "DeviceClassGuid is %.*s, a class that exists: its Security "
                                   "replaces the driver's",
                                   RM_STR_ARG(d->class_guid));
    v.severity = null ? RM_SEVERITY_LOW : RM_SEVERITY_MEDIUM;
    v.fix = RM_STR("make a GUID for this device (uuidgen) and pass it as DeviceClassGuid");
    return rm_rule_fires(run, &v);
}

/* ---- DS-09 ---- */

static bool has_interface(const rm_rule_run *run, uint32_t device) {
    for (rm_span s = rm_span_of(&run->of.doors_of_device, device); s.at < s.end; s.at++) {
        if (run->model->doors.at[*s.at].kind == RM_DOOR_INTERFACE) {
            return true;
        }
    }
    return false;
}

static rm_str canonical_of(const rm_model *m, uint32_t device) {
    uint32_t row = m->devices.at[device].descriptor;
    return row == RM_NONE ? RM_STR_NONE : m->descriptors.at[row].canonical;
}

/* Another named device of the same stack whose descriptor differs. */
static uint32_t other_of_stack(const rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_rule_index *of = &run->of;
    for (rm_span p = rm_span_of(&of->positions_of_device, device); p.at < p.end; p.at++) {
        rm_span q = rm_span_of(&of->positions_of_stack, of->stack_of_position[*p.at]);
        for (; q.at < q.end; q.at++) {
            uint32_t other = m->stacks.at[*q.at].device;
            if (other != RM_NONE && other != device && m->devices.at[other].nt_name.len > 0 &&
                canonical_of(m, other).len > 0 &&
                !rm_str_eq(canonical_of(m, other), canonical_of(m, device))) {
                return other;
            }
        }
    }
    return RM_NONE;
}

rm_status rm_judge_ds_09(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    rm_verdict v = rm_device_verdict(run, device);
    if (d->nt_name.len == 0 || !d->pnp) {
        return RM_OK;
    }
    uint32_t other = canonical_of(m, device).len > 0 ? other_of_stack(run, device) : RM_NONE;
    if (other != RM_NONE) {
        v.message = rm_rule_say(run,
                                "%.*s and %.*s lead into one stack and have different "
                                "descriptors: who is refused at one may use the other",
                                RM_STR_ARG(v.subject), RM_STR_ARG(rm_device_title(m, other)));
        v.fix = RM_STR("set Security once, in the INF's .HW section: it goes to every device of "
                       "the stack");
        return rm_rule_fires(run, &v);
    }
    if (d->filter || !has_interface(run, device) || d->created_by == RM_CREATED_WDFRAWPDO) {
        return RM_OK;
    }
    v.severity = RM_SEVERITY_LOW;
    v.path = RM_NONE;
    v.message = rm_rule_say(run,
                            "%.*s has a device interface, and a name beside it: one door more "
                            "to guard",
                            RM_STR_ARG(v.subject));
    v.fix =
        RM_STR("create the device without a name (FILE_AUTOGENERATED_DEVICE_NAME for a PDO) and "
               "open it by its interface");
    return rm_rule_fires(run, &v);
}

/* DS-10 */
rm_status rm_judge_ds_10(rm_rule_run *run, uint32_t driver) {
    const rm_model *m = run->model;
    uint32_t first = RM_NONE;
    uint32_t second = RM_NONE;
    for (rm_span s = rm_span_of(&run->of.devices_of_driver, driver); s.at < s.end; s.at++) {
        const rm_device *d = &m->devices.at[*s.at];
        bool wdm = d->created_by == RM_CREATED_IOCREATEDEVICE ||
                   d->created_by == RM_CREATED_IOCREATEDEVICESECURE;
        if (wdm && first == RM_NONE) {
            first = *s.at;
        } else if (wdm && d->place.line != m->devices.at[first].place.line) {
            second = *s.at;
        }
    }
    if (second == RM_NONE || !rm_ask_has_entries(run, driver, RM_ENTRY_IOCTL) ||
        rm_ask_observed(run, driver, RM_OBSERVED_COMPARES_DEVICE) != RM_NONE) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, driver, m->devices.at[second].place);
    v.severity = rm_rule_by_opener(run, driver, RM_SEVERITY_MEDIUM);
    v.confidence = RM_CONFIDENCE_LOW;
    v.message = rm_rule_say(run,
                            "%.*s makes %.*s and %.*s, and no function looks which of them a "
                            "request names",
                            RM_STR_ARG(v.subject), RM_STR_ARG(rm_device_title(m, first)),
                            RM_STR_ARG(rm_device_title(m, second)));
    v.fix = RM_STR("keep the kind in each device extension and refuse, in every dispatch routine, "
                   "what is not meant for the kind named");
    return rm_rule_fires(run, &v);
}

/* DS-11 */
rm_status rm_judge_ds_11(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    rm_verdict v = rm_device_verdict(run, device);
    rm_buf all = {.arena = run->scratch};
    uint32_t count = 0;
    for (rm_span s = rm_span_of(&run->of.descriptors_of_device, device); s.at < s.end; s.at++) {
        const rm_descriptor *row = &m->descriptors.at[*s.at];
        if (row->condition.len > 0 &&
            (row->source == RM_SDDL_CODE || row->source == RM_SDDL_RUNTIME)) {
            rm_buf_printf(&all, "%s%.*s when %.*s", count == 0 ? "" : ", ", RM_STR_ARG(row->sddl),
                          RM_STR_ARG(row->condition));
            v.place = row->place;
            count++;
        }
    }
    if (count < 2) {
        return all.status;
    }
    v.message =
        rm_rule_say(run, "the descriptor depends on a switch: %.*s", RM_STR_ARG(rm_buf_view(&all)));
    v.fix = RM_STR("keep the tightest in every build, and loosen it in the INF where a product "
                   "needs that");
    return all.status == RM_OK ? rm_rule_fires(run, &v) : all.status;
}
