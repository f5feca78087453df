#include "rules.h"

#include "model/ioctl.h"

/* IO: what control codes ask for, by their number. */

static bool is_code(const rm_entry *e) {
    return (e->kind == RM_ENTRY_IOCTL || e->kind == RM_ENTRY_FSCTL) && e->has_code;
}

static rm_str driver_id(const rm_model *m, const rm_entry *e) {
    return e->driver == RM_NONE ? e->id : m->drivers.at[e->driver].id;
}

/* Whose codes they are: one finding a driver, a place for each of its codes. */
static rm_verdict about(const rm_rule_run *run, const rm_entry *e, uint32_t path) {
    const rm_model *m = run->model;
    return (rm_verdict){.severity = run->rule->severity,
                        .subject_id = driver_id(m, e),
                        .subject = rm_rule_driver(m, e->driver),
                        .confidence = RM_CONFIDENCE_HIGH,
                        .path = path,
                        .place = e->place,
                        .evidence = e->name};
}

/* IO-01 */
rm_status rm_judge_io_01(rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    uint32_t path = run->worst.privileged[entry];
    if (!is_code(e) || path == RM_NONE || rm_ioctl_decode(e->code).access != RM_ACCESS_ANY) {
        return RM_OK;
    }
    rm_verdict v = about(run, e, path);
    bool below = rm_below_admin(m->paths.at[path].origin);
    v.severity = below ? RM_SEVERITY_HIGH : RM_SEVERITY_MEDIUM;
    v.message = rm_rule_say(run,
                            "FILE_ANY_ACCESS: whoever has any handle may send %.*s, which reaches "
                            "%.*s",
                            RM_STR_ARG(e->name),
                            RM_STR_ARG(m->sinks.at[m->paths.at[path].sink].class_name));
    v.fix = rm_rule_say(run,
                        "define the codes with FILE_WRITE_DATA in CTL_CODE (%.*s: 0x%08X becomes "
                        "0x%08X); where callers hold the old value, call "
                        "IoValidateDeviceIoControlAccess(Irp, FILE_WRITE_ACCESS) first",
                        RM_STR_ARG(e->name), (unsigned)e->code, (unsigned)(e->code | 0x8000));
    return rm_rule_fires(run, &v);
}

/* IO-04 */
rm_status rm_judge_io_04(rm_rule_run *run, uint32_t entry) {
    const rm_entry *e = &run->model->entries.at[entry];
    if (!is_code(e) || rm_ioctl_decode(e->code).method != RM_METHOD_NEITHER) {
        return RM_OK;
    }
    rm_verdict v = about(run, e, run->worst.of_entry[entry]);
    v.message = rm_rule_say(run,
                            "METHOD_NEITHER: for %.*s the driver gets the caller's own "
                            "pointers, unprobed",
                            RM_STR_ARG(e->name));
    v.fix = rm_rule_say(run,
                        "define the codes with METHOD_BUFFERED (%.*s: 0x%08X becomes 0x%08X), or "
                        "probe and capture both buffers inside try/except in the caller's context",
                        RM_STR_ARG(e->name), (unsigned)e->code, (unsigned)(e->code & ~3u));
    return rm_rule_fires(run, &v);
}
