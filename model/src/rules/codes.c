#include "rules.h"

#include "model/ioctl.h"
#include "model/sinks.h"

static bool below_admin(rm_str origin) {
    return !rm_str_eq(origin, RM_STR("admin_elevated")) && !rm_str_eq(origin, RM_STR("system"));
}

/* The worst path from below administrators that enters by this code to something privileged. */
static uint32_t privileged_path(const rm_model *m, uint32_t entry) {
    for (uint32_t i = 0; i < m->paths.count; i++) {
        const rm_path *p = &m->paths.at[i];
        const rm_sink_class *c = rm_sink_class_find(m->sinks.at[p->sink].class_name);
        if (p->entry == entry && c != NULL && c->severity >= 500) {
            return i;
        }
    }
    return RM_NONE;
}

static rm_status any_access(rm_model *m, uint32_t entry) {
    const rm_entry *e = &m->entries.at[entry];
    uint32_t path = privileged_path(m, entry);
    if (path == RM_NONE || rm_ioctl_decode(e->code).access != RM_ACCESS_ANY) {
        return RM_OK;
    }
    return rm_finding_add(
        m, &(rm_verdict){.rule = "IO-01",
                         .severity = below_admin(m->paths.at[path].origin) ? RM_SEVERITY_HIGH
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

static rm_status neither(rm_model *m, uint32_t entry) {
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
                         .path = rm_worst_path(m, RM_NONE, entry, RM_NONE),
                         .place = e->place});
}

rm_status rm_rules_codes(rm_model *m) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->entries.count; i++) {
        if (m->entries.at[i].kind != RM_ENTRY_IOCTL || !m->entries.at[i].has_code) {
            continue;
        }
        st = any_access(m, i);
        if (st == RM_OK) {
            st = neither(m, i);
        }
    }
    return st;
}
