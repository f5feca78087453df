#include "rules.h"

#include "model/effective.h"

static bool is_door(const rm_device *d) {
    return !d->filter && (d->nt_name.len > 0 || d->name_unknown);
}

/* DS-01: nothing but the type's default stands between everyone and a named device. */
static rm_status type_default(rm_rule_run *run, uint32_t device) {
    rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!is_door(d) || d->descriptor == RM_NONE ||
        m->descriptors.at[d->descriptor].source != RM_SDDL_TYPE_DEFAULT) {
        return RM_OK;
    }
    return rm_finding_add(
        m, &(rm_verdict){
               .rule = "DS-01",
               .severity = RM_SEVERITY_HIGH,
               .subject_id = d->id,
               .subject = rm_device_title(m, device),
               .message = RM_STR("the device is named and neither its code nor an INF gives it a "
                                 "security descriptor: the default lets everyone read and write"),
               .fix = RM_STR("create it with IoCreateDeviceSecure and a descriptor such as "
                             "SDDL_DEVOBJ_SYS_ALL_ADM_ALL, or set Security in the INF's .HW "
                             "section if it is a PnP device"),
               .confidence = RM_CONFIDENCE_MEDIUM,
               .path = run->worst.of_device[device],
               .place = d->place});
}

/* NS-01: without secure open the descriptor guards the device's own name only. */
static rm_status not_secure_open(rm_rule_run *run, uint32_t device) {
    rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!is_door(d) || d->secure_open != RM_TRI_NO) {
        return RM_OK;
    }
    return rm_finding_add(
        m, &(rm_verdict){.rule = "NS-01",
                         .severity = RM_SEVERITY_HIGH,
                         .subject_id = d->id,
                         .subject = rm_device_title(m, device),
                         .message = RM_STR("FILE_DEVICE_SECURE_OPEN is not set: a name below the "
                                           "device is opened without a look at its descriptor"),
                         .fix = RM_STR("add FILE_DEVICE_SECURE_OPEN to the characteristics, in "
                                       "the call or in the INF's DeviceCharacteristics"),
                         .confidence = RM_CONFIDENCE_HIGH,
                         .path = run->worst.of_device[device],
                         .place = d->place});
}

/* DS-04: who may write is told by the access check, not by the letters of the descriptor. */
static rm_status loose_descriptor(rm_rule_run *run, uint32_t device) {
    rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    uint32_t writer = run->worst.weak_writer[device];
    rm_str message = RM_STR_NONE;
    if (writer == RM_NONE || d->descriptor == RM_NONE || d->filter) {
        return RM_OK;
    }
    const rm_access *who = &m->accesses.at[writer];
    const rm_descriptor *row = &m->descriptors.at[d->descriptor];
    if (row->source == RM_SDDL_TYPE_DEFAULT) {
        return RM_OK; /* DS-01 says it */
    }
    bool contained = rm_str_eq(who->principal, RM_STR("lpac")) ||
                     rm_str_eq(who->principal, RM_STR("appcontainer"));
    rm_status st =
        rm_str_printf(m->arena, &message, "%.*s lets %.*s write (mask 0x%x)", RM_STR_ARG(row->sddl),
                      RM_STR_ARG(who->principal), (unsigned)who->mask);
    return st != RM_OK
               ? st
               : rm_finding_add(
                     m, &(rm_verdict){.rule = "DS-04",
                                      .severity = contained && run->worst.severity[device] >= 700
                                                      ? RM_SEVERITY_CRITICAL
                                                      : RM_SEVERITY_HIGH,
                                      .subject_id = d->id,
                                      .subject = rm_device_title(m, device),
                                      .message = message,
                                      .fix = RM_STR("take GW and GA from the ACEs that name "
                                                    "unprivileged groups, or check each code for "
                                                    "what it lets them do"),
                                      .confidence = RM_CONFIDENCE_HIGH,
                                      .path = run->worst.of_device[device],
                                      .place = row->place});
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
static rm_status outside_subset(rm_rule_run *run, uint32_t descriptor) {
    rm_model *m = run->model;
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
    return rm_finding_add(
        m, &(rm_verdict){.rule = "DS-07",
                         .severity = RM_SEVERITY_MEDIUM,
                         .subject_id = row->id,
                         .subject = rm_device_title(m, row->subject),
                         .message = rm_buf_view(&first),
                         .fix = RM_STR("keep to D:P and (A;;access;;;SID) with the documented "
                                       "rights and SIDs, or set the descriptor in the INF, which "
                                       "takes all of SDDL"),
                         .confidence = RM_CONFIDENCE_HIGH,
                         .path = RM_NONE,
                         .place = row->place});
}

rm_status rm_rules_devices(rm_rule_run *run) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < run->model->devices.count; i++) {
        st = type_default(run, i);
        if (st == RM_OK) {
            st = not_secure_open(run, i);
        }
        if (st == RM_OK) {
            st = loose_descriptor(run, i);
        }
    }
    for (uint32_t i = 0; st == RM_OK && i < run->model->descriptors.count; i++) {
        st = outside_subset(run, i);
    }
    return st;
}
