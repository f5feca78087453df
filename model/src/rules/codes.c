#include "rules.h"

#include "model/ioctl.h"

static rm_status any_access(rm_rule_run *run, uint32_t entry) {
    rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    uint32_t path = run->worst.privileged[entry];
    if (path == RM_NONE || rm_ioctl_decode(e->code).access != RM_ACCESS_ANY) {
        return RM_OK;
    }
    return rm_finding_add(
        m, &(rm_verdict){.rule = "IO-01",
                         .severity = rm_below_admin(m->paths.at[path].origin) ? RM_SEVERITY_HIGH
                                                                              : RM_SEVERITY_MEDIUM,
                         .subject_id = e->id,
                         .subject = e->name,
                         .message = RM_STR("FILE_ANY_ACCESS: whoever has any handle may send a "
                                           "code that reaches a privileged operation"),
                         .fix = RM_STR("define it with FILE_WRITE_DATA (or FILE_READ_DATA where "
                                       "it only reads), or call IoValidateDeviceIoControlAccess"),
                         .confidence = RM_CONFIDENCE_HIGH,
                         .path = path,
                         .place = e->place});
}

static rm_status neither(rm_rule_run *run, uint32_t entry) {
    rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    if (rm_ioctl_decode(e->code).method != RM_METHOD_NEITHER) {
        return RM_OK;
    }
    return rm_finding_add(
        m, &(rm_verdict){.rule = "IO-04",
                         .severity = RM_SEVERITY_MEDIUM,
                         .subject_id = e->id,
                         .subject = e->name,
                         .message = RM_STR("METHOD_NEITHER: the driver gets the caller's own "
                                           "pointers, unprobed"),
                         .fix = RM_STR("use METHOD_BUFFERED, or probe and capture both buffers "
                                       "inside try/except in the caller's context"),
                         .confidence = RM_CONFIDENCE_HIGH,
                         .path = run->worst.of_entry[entry],
                         .place = e->place});
}

rm_status rm_rules_codes(rm_rule_run *run) {
    const rm_model *m = run->model;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->entries.count; i++) {
        if (m->entries.at[i].kind != RM_ENTRY_IOCTL || !m->entries.at[i].has_code) {
            continue;
        }
        st = any_access(run, i);
        if (st == RM_OK) {
            st = neither(run, i);
        }
    }
    return st;
}
