#include "aces.h"
#include "ask.h"

/* NS: names below a device. Windows: "Controlling Device Namespace Access". */

/* File systems own what lies below their name and check it themselves. */
bool rm_device_owns_namespace(const rm_device *d) {
    static const uint32_t types[] = {0x03, 0x06, 0x08, 0x09, 0x14, 0x20, 0x35};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (d->device_type == types[i]) {
            return true;
        }
    }
    return false;
}

/* The handler of IRP_MJ_CREATE itself asks for the name and fails. */
static bool create_looks_at_names(const rm_rule_run *run, uint32_t driver) {
    const rm_model *m = run->model;
    rm_span o = rm_span_of(&run->of.observations_of_driver, driver);
    for (; o.at < o.end; o.at++) {
        const rm_observation *seen = &m->observations.at[*o.at];
        rm_span e = rm_span_of(&run->of.entries_of_driver, driver);
        for (; seen->kind == RM_OBSERVED_NAMES_LOOKED_AT && e.at < e.end; e.at++) {
            if (m->entries.at[*e.at].kind == RM_ENTRY_CREATE &&
                rm_str_eq(m->entries.at[*e.at].handler, seen->function)) {
                return true;
            }
        }
    }
    return false;
}

static bool refuses_names(const rm_rule_run *run, uint32_t driver) {
    for (rm_span s = rm_span_of(&run->of.checks_of_driver, driver);
         driver != RM_NONE && s.at < s.end; s.at++) {
        const rm_check *c = &run->model->checks.at[*s.at];
        if (c->kind == RM_CHECK_NAME && c->at == RM_AT_CREATE && c->can_refuse == RM_TRI_YES) {
            return true;
        }
    }
    return create_looks_at_names(run, driver);
}

/* Where the type's default lets everyone in anyway, DS-01 is what counts. */
static rm_severity beside_default(const rm_model *m, const rm_device *d, rm_severity severity) {
    bool open =
        d->descriptor != RM_NONE && m->descriptors.at[d->descriptor].source == RM_SDDL_TYPE_DEFAULT;
    return open && severity > RM_SEVERITY_MEDIUM ? RM_SEVERITY_MEDIUM : severity;
}

/* NS-01: without secure open the descriptor guards the device's own name only. */
rm_status rm_judge_ns_01(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    if (!rm_device_is_door(d) || d->created_by == RM_CREATED_FLTPORT) {
        return RM_OK;
    }
    if (d->secure_open == RM_TRI_UNKNOWN) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "whether FILE_DEVICE_SECURE_OPEN is in effect is not known",
                                 d->place);
    }
    if (d->secure_open == RM_TRI_YES || rm_device_owns_namespace(d) ||
        refuses_names(run, d->driver)) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.cause = rm_rule_say(run, "namespace %.*s", RM_STR_ARG(d->id));
    v.severity = beside_default(run->model, d, v.severity);
    v.message = RM_STR("FILE_DEVICE_SECURE_OPEN is not set: a name below the device is opened "
                       "without a look at its descriptor");
    v.fix = d->pnp ? RM_STR("add FILE_DEVICE_SECURE_OPEN (0x100) to the characteristics of the "
                            "call, or DeviceCharacteristics 0x100 to the INF's .HW section")
                   : RM_STR("add FILE_DEVICE_SECURE_OPEN to the characteristics of the call");
    return rm_rule_fires(run, &v);
}

/* NS-02 */
rm_status rm_judge_ns_02(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    bool wdm = d->created_by == RM_CREATED_IOCREATEDEVICE ||
               d->created_by == RM_CREATED_IOCREATEDEVICESECURE;
    bool must = d->secure_open == RM_TRI_NO || d->exclusive == RM_TRI_YES;
    if (!rm_device_is_door(d) || !wdm || !must || rm_device_owns_namespace(d) ||
        refuses_names(run, d->driver)) {
        return RM_OK;
    }
    if (!rm_ask_has_entries(run, d->driver, RM_ENTRY_CREATE)) {
        return rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                 "its IRP_MJ_CREATE handler was not read", d->place);
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.follows = true;
    v.cause = rm_rule_say(run, "namespace %.*s", RM_STR_ARG(d->id));
    if (d->secure_open != RM_TRI_NO) { /* exclusive: a second open goes by a name below it */
        v.severity = RM_SEVERITY_MEDIUM;
    }
    v.severity = beside_default(m, d, v.severity);
    v.message = d->exclusive == RM_TRI_YES
                    ? RM_STR("the device is exclusive, and IRP_MJ_CREATE does not refuse names "
                             "below it: each is one more open")
                    : RM_STR("the device is without secure open, and IRP_MJ_CREATE does not refuse "
                             "names below it");
    v.fix = RM_STR("in IRP_MJ_CREATE, fail with STATUS_OBJECT_NAME_NOT_FOUND (or ACCESS_DENIED) "
                   "when FileObject->FileName.Length is not 0");
    return rm_rule_fires(run, &v);
}

/* NS-03 */
rm_status rm_judge_ns_03(rm_rule_run *run, uint32_t device) {
    const rm_model *m = run->model;
    const rm_device *d = &m->devices.at[device];
    bool wdm = d->created_by == RM_CREATED_IOCREATEDEVICE ||
               d->created_by == RM_CREATED_IOCREATEDEVICESECURE;
    bool kmdf = d->created_by == RM_CREATED_WDFDEVICECREATE;
    if (!d->filter || (!wdm && !kmdf)) {
        return RM_OK;
    }
    if (kmdf && d->secure_open != RM_TRI_NO) { /* it has the flags of the device below it */
        return d->secure_open == RM_TRI_YES
                   ? RM_OK
                   : rm_rule_undecided(run, d->id, rm_device_title(m, device),
                                       "the device below it is not known", d->place);
    }
    if (wdm && (d->secure_open == RM_TRI_YES ||
                rm_ask_observed(run, d->driver, RM_OBSERVED_COPIES_CHARACTERISTICS) != RM_NONE)) {
        return RM_OK;
    }
    rm_verdict v = rm_device_verdict(run, device);
    v.confidence = RM_CONFIDENCE_LOW; /* the documents disagree on what a filter must copy */
    v.severity = wdm ? RM_SEVERITY_LOW : RM_SEVERITY_MEDIUM;
    v.message =
        kmdf ? RM_STR("a KMDF filter takes the characteristics of the device below it, which "
                      "has no FILE_DEVICE_SECURE_OPEN")
             : RM_STR("the filter attaches and does not copy the characteristics of the "
                      "device below it");
    v.fix = kmdf ? RM_STR("set FILE_DEVICE_SECURE_OPEN on the lowest device, or in the INF's "
                          "DeviceCharacteristics")
                 : RM_STR("after IoAttachDeviceToDeviceStack: Filter->Characteristics |= "
                          "Lower->Characteristics & FILE_DEVICE_SECURE_OPEN (and the removable, "
                          "read-only and floppy flags)");
    return rm_rule_fires(run, &v);
}

/* ---- NS-04 ---- */

enum { SECURE_OPEN = 0x100, INF_CHARACTERISTICS = 0x10F, APPCONTAINER_TRAVERSAL = 0x20000 };

rm_status rm_judge_ns_04(rm_rule_run *run, uint32_t device) {
    const rm_device *d = &run->model->devices.at[device];
    rm_verdict v = rm_device_verdict(run, device);
    bool swapped = d->device_type == SECURE_OPEN && d->created_by != RM_CREATED_INF;
    if (swapped) {
        v.severity = RM_SEVERITY_MEDIUM;
        v.message = rm_rule_say(run,
                                "the device type is 0x100, the value of "
                                "FILE_DEVICE_SECURE_OPEN, and the characteristics are 0x%X: "
                                "the arguments are swapped",
                                (unsigned)d->characteristics);
        v.fix = RM_STR("give the type first, the characteristics second");
        return rm_rule_fires(run, &v);
    }
    if (!d->characteristics_known || (d->characteristics & APPCONTAINER_TRAVERSAL) == 0) {
        return RM_OK;
    }
    v.message = RM_STR("FILE_DEVICE_ALLOW_APPCONTAINER_TRAVERSAL lets AppContainers past the "
                       "device's own name");
    v.fix = RM_STR("leave the flag out unless AppContainer apps open names below the device");
    return rm_rule_fires(run, &v);
}

rm_status rm_judge_ns_04_settings(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_registry_setting *s = &m->settings.at[index];
    uint32_t others = s->characteristics & ~(uint32_t)INF_CHARACTERISTICS;
    if (!s->has_characteristics || (others == 0 && s->characteristics != 0)) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, s->driver, s->place);
    v.message = others != 0 ? rm_rule_say(run,
                                          "DeviceCharacteristics 0x%X has bits that an INF "
                                          "cannot set (0x%X)",
                                          (unsigned)s->characteristics, (unsigned)others)
                            : RM_STR("DeviceCharacteristics 0 takes away what the class sets, "
                                     "FILE_DEVICE_SECURE_OPEN too");
    v.fix = RM_STR("use 0x1, 0x2, 0x4, 0x8 and 0x100 only; 0x100 is FILE_DEVICE_SECURE_OPEN");
    return rm_rule_fires(run, &v);
}
