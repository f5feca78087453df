#include "rules.h"

#include "aces.h"
#include "model/effective.h"

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
    if (m->descriptors.at[d->descriptor].source != RM_SDDL_TYPE_DEFAULT) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.message = RM_STR("the device is named and neither its code nor an INF gives it a security "
                       "descriptor: the default lets everyone read and write");
    v.fix = d->pnp ? RM_STR("set Security in the INF's .HW section: HKR,,Security,,"
                            "\"D:P(A;;GA;;;SY)(A;;GA;;;BA)\", and more only for who needs it")
                   : RM_STR("create it with IoCreateDeviceSecure, SDDL_DEVOBJ_SYS_ALL_ADM_ALL and "
                            "a class GUID of its own in place of IoCreateDevice");
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.cause = d->id;
    return rm_rule_fires(run, &v);
}

/* NS-01: without secure open the descriptor guards the device's own name only. */
rm_status rm_judge_ns_01(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!rm_device_is_door(d)) {
        return RM_OK;
    }
    if (d->secure_open == RM_TRI_UNKNOWN) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "whether FILE_DEVICE_SECURE_OPEN is in effect is not known",
                                 d->place);
    }
    if (d->secure_open == RM_TRI_YES) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.message = RM_STR("FILE_DEVICE_SECURE_OPEN is not set: a name below the device is opened "
                       "without a look at its descriptor");
    v.fix = RM_STR("add FILE_DEVICE_SECURE_OPEN to the characteristics, in the call or in the "
                   "INF's DeviceCharacteristics");
    return rm_rule_fires(run, &v);
}

/* DS-04: who may write is told by the access check, not by the letters of the descriptor. */
rm_status rm_judge_ds_04(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    uint32_t writer = run->worst.weak_writer[device];
    rm_str fix = RM_STR_NONE;
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
    v.cause = d->id;
    return st == RM_OK ? rm_rule_fires(run, &v) : st;
}

/* Keeps the first breach that the subset's check tells of. */
static void keep_first(void *payload, rm_level level, rm_loc loc, const char *id, rm_str text) {
    rm_buf *first = payload;
    (void)level;
    (void)loc;
    (void)id;
    if (first->len == 0) {
        rm_buf_str(first, text);
    }
}

/* DS-07: IoCreateDeviceSecure and WdfDeviceInitAssignSDDLString take a part of SDDL only. */
rm_status rm_judge_ds_07(rm_rule_run *run, uint32_t descriptor) {
    const rm_model *m = run->model;
    const rm_descriptor *row = &m->descriptors.at[descriptor];
    const rm_security *security = NULL;
    rm_buf first = {.arena = m->arena};
    rm_sink sink = {.emit = keep_first, .payload = &first};
    if (row->source != RM_SDDL_CODE || row->subject_kind != RM_SUBJECT_DEVICE ||
        row->subject == RM_NONE) {
        return RM_OK;
    }
    rm_status st = rm_descriptor_security(m->arena, m, row, &security);
    if (st != RM_OK || security == NULL) {
        return st;
    }
    rm_sddl_kernel_subset(&sink, row->place, security);
    if (first.status != RM_OK || first.len == 0) {
        return first.status;
    }
    return rm_rule_fires(
        run, &(rm_verdict){.severity = run->rule->severity,
                           .subject_id = row->id,
                           .subject = rm_device_title(m, row->subject),
                           .message = rm_buf_view(&first),
                           .fix = RM_STR("keep to D:P and (A;;access;;;SID) with the documented "
                                         "rights and SIDs, or set the descriptor in the INF, which "
                                         "takes all of SDDL"),
                           .confidence = RM_CONFIDENCE_HIGH,
                           .path = RM_NONE,
                           .place = row->place,
                           .evidence = row->sddl});
}
