#include "ask.h"

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
    if (!is_code(e) || !rm_ask_is_own_code(run, entry) ||
        rm_ioctl_decode(e->code).access != RM_ACCESS_ANY) {
        return RM_OK;
    }
    if (path == RM_NONE) {
        return rm_ask_is_steered(run, entry)
                   ? RM_OK
                   : rm_rule_undecided(run, e->id, e->name,
                                       "whether the caller steers what it does is not known",
                                       e->place);
    }
    rm_verdict v = about(run, e, path);
    bool below = rm_below_admin(m->paths.at[path].origin);
    v.severity = below ? RM_SEVERITY_HIGH : RM_SEVERITY_MEDIUM;
    v.cause = rm_rule_say(run, "codes %.*s", RM_STR_ARG(v.subject_id));
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

/* A raw pointer of the caller's that is not known to be probed; RM_NONE: none was seen. */
static uint32_t unprobed(const rm_rule_run *run, uint32_t entry) {
    for (rm_span s = rm_span_of(&run->of.inputs_of_entry, entry);
         !rm_ask_checked(run, entry, RM_CHECK_PROBE) && s.at < s.end; s.at++) {
        const rm_input *in = &run->model->inputs.at[*s.at];
        bool raw = in->buffer == RM_BUFFER_TYPE3 || in->buffer == RM_BUFFER_USER;
        if (raw && in->validation != RM_VALIDATION_VALIDATED) {
            return *s.at;
        }
    }
    return RM_NONE;
}

/* IO-04 */
rm_status rm_judge_io_04(rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    if (!is_code(e) || !rm_ask_is_own_code(run, entry) ||
        rm_ioctl_decode(e->code).method != RM_METHOD_NEITHER) {
        return RM_OK;
    }
    uint32_t input = unprobed(run, entry);
    rm_verdict v = about(run, e, run->worst.of_entry[entry]);
    if (input == RM_NONE) {
        v.severity = RM_SEVERITY_LOW;
        v.message = rm_rule_say(run,
                                "METHOD_NEITHER: for %.*s the driver gets the caller's own "
                                "pointers, and each use of them has to be probed",
                                RM_STR_ARG(e->name));
    } else {
        v.message = rm_rule_say(run,
                                "METHOD_NEITHER: for %.*s the driver gets the caller's own "
                                "pointers, and nothing was seen to probe %.*s",
                                RM_STR_ARG(e->name), RM_STR_ARG(m->inputs.at[input].name));
    }
    v.fix = rm_rule_say(run,
                        "define the codes with METHOD_BUFFERED in CTL_CODE (%.*s: 0x%08X becomes "
                        "0x%08X)",
                        RM_STR_ARG(e->name), (unsigned)e->code, (unsigned)(e->code & ~3u));
    return rm_rule_fires(run, &v);
}

/* ---- IO-02 ---- */

/* Operations that change something outside the request. */
static const char *const changing[] = {"msr_write",
                                       "port_out",
                                       "process_modify",
                                       "process_terminate",
                                       "process_suspend",
                                       "thread_suspend",
                                       "thread_modify",
                                       "virt_write",
                                       "phys_write",
                                       "pci_write",
                                       "cr_write",
                                       "nvram_write",
                                       "registry_write",
                                       "file_write",
                                       "file_delete",
                                       "config_state",
                                       "driver_load",
                                       "driver_unload",
                                       "token_privs",
                                       "desc_table_write",
                                       "handle_modify",
                                       "process_memory_write",
                                       "protection_change",
                                       "packet_inject",
                                       "packet_filter",
                                       "ucode_load",
                                       NULL};

static uint32_t changing_sink(const rm_rule_run *run, uint32_t entry) {
    for (rm_span s = rm_span_of(&run->of.sinks_of_entry, entry); s.at < s.end; s.at++) {
        const rm_sink_call *call = &run->model->sinks.at[*s.at];
        bool own = rm_str_eq(call->class_name, RM_STR("virt_write")) && !rm_sink_is_loose(call);
        if (rm_ask_in(call->class_name, changing) && !own && /* a buffer of the driver's */
            (call->argument.len > 0 || rm_ask_severity(call) < 700)) {
            return *s.at;
        }
    }
    return RM_NONE;
}

rm_status rm_judge_io_02(rm_rule_run *run, uint32_t entry) {
    const rm_model *m = run->model;
    const rm_entry *e = &m->entries.at[entry];
    if (!is_code(e) || !rm_ask_is_own_code(run, entry)) {
        return RM_OK;
    }
    rm_code_access access = rm_ioctl_decode(e->code).access;
    uint32_t sink = changing_sink(run, entry);
    if (sink == RM_NONE || access == RM_ACCESS_WRITE || access == RM_ACCESS_READ_WRITE) {
        return RM_OK;
    }
    const rm_sink_call *call = &m->sinks.at[sink];
    rm_verdict v = about(run, e, run->worst.of_entry[entry]);
    v.severity = rm_rule_by_opener(run, e->driver, RM_SEVERITY_MEDIUM);
    v.cause = rm_rule_say(run, "codes %.*s", RM_STR_ARG(v.subject_id));
    v.follows = true;
    v.message = rm_rule_say(run, "%.*s requires %s access and does %.*s (%.*s)",
                            RM_STR_ARG(e->name), rm_code_access_name(access),
                            RM_STR_ARG(call->class_name), RM_STR_ARG(call->api));
    v.fix = rm_rule_say(run,
                        "define the codes with FILE_WRITE_DATA in CTL_CODE (%.*s: 0x%08X "
                        "becomes 0x%08X)",
                        RM_STR_ARG(e->name), (unsigned)e->code, (unsigned)(e->code | 0x8000));
    return rm_rule_fires(run, &v);
}

/* ---- IO-03 ---- */

enum { FIRST_VENDOR_FUNCTION = 0x800, FIRST_VENDOR_TYPE = 0x8000 };

/* The one type that the driver's devices have; 0: not known, or several. */
static uint32_t type_of_devices(const rm_rule_run *run, uint32_t driver) {
    uint32_t type = 0;
    for (rm_span s = rm_span_of(&run->of.devices_of_driver, driver); s.at < s.end; s.at++) {
        const rm_device *d = &run->model->devices.at[*s.at];
        if (d->created_by == RM_CREATED_FLTPORT) {
            continue;
        }
        if (d->device_type == 0 || (type != 0 && type != d->device_type)) {
            return 0;
        }
        type = d->device_type;
    }
    return type;
}

rm_status rm_judge_io_03(rm_rule_run *run, uint32_t index) {
    const rm_model *m = run->model;
    const rm_ioctl *i = &m->ioctls.at[index];
    if (i->driver == RM_NONE || !i->handled || !i->has_code) {
        return RM_OK;
    }
    rm_ioctl_fields fields = rm_ioctl_decode(i->code);
    uint32_t type = type_of_devices(run, i->driver);
    if (rm_ask_is_microsofts(i, fields.device_type)) {
        return RM_OK;
    }
    bool reserved = fields.function < FIRST_VENDOR_FUNCTION;
    bool other = type != 0 && fields.device_type != type;
    if (!reserved && !other) {
        return RM_OK;
    }
    rm_verdict v = rm_driver_verdict(run, i->driver, i->place);
    v.evidence = i->name;
    v.message =
        reserved ? rm_rule_say(run, "%.*s has function 0x%X, and those below 0x800 are Microsoft's",
                               RM_STR_ARG(i->name), (unsigned)fields.function)
                 : rm_rule_say(run, "%.*s names device type 0x%X, and the device has 0x%X",
                               RM_STR_ARG(i->name), (unsigned)fields.device_type, (unsigned)type);
    v.cause = rm_cause_at(run, "code", i->place); /* of a header that several drivers share */
    v.fix = RM_STR("define the codes with the device's own type, from 0x8000, and functions from "
                   "0x800");
    return rm_rule_fires(run, &v);
}

/* IO-06 */
rm_status rm_judge_io_06(rm_rule_run *run, uint32_t entry) {
    const rm_entry *e = &run->model->entries.at[entry];
    size_t at = 0;
    if (e->kind != RM_ENTRY_IOCTL || !e->has_code ||
        !rm_str_find(e->name, RM_STR("_INTERNAL_"), &at)) {
        return RM_OK;
    }
    rm_verdict v = about(run, e, run->worst.of_entry[entry]);
    v.severity = rm_rule_by_opener(run, e->driver, RM_SEVERITY_HIGH);
    v.confidence = RM_CONFIDENCE_MEDIUM;
    v.message = rm_rule_say(run,
                            "%.*s is meant for drivers, by its name, and is served in "
                            "IRP_MJ_DEVICE_CONTROL, where applications send",
                            RM_STR_ARG(e->name));
    v.fix = RM_STR("serve it in IRP_MJ_INTERNAL_DEVICE_CONTROL (EvtIoInternalDeviceControl) only");
    return rm_rule_fires(run, &v);
}

/* ---- IN-07 ---- */

static bool is_name_char(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Is it one of the name's words: IOCTL_X_TEST_MODE has TEST, IOCTL_LATEST has not. */
static bool has_word(rm_str name, const char *word) {
    size_t at = 0;
    size_t from = 0;
    size_t length = rm_str_from(word).len;
    while (rm_str_find(rm_str_slice(name, from, name.len), rm_str_from(word), &at)) {
        size_t start = from + at;
        size_t end = start + length;
        bool left = start == 0 || !is_name_char(name.ptr[start - 1]);
        bool right = end == name.len || !is_name_char(name.ptr[end]);
        if (left && right) {
            return true;
        }
        from = end;
    }
    return false;
}

rm_status rm_judge_in_07(rm_rule_run *run, uint32_t entry) {
    static const char *const words[] = {"TEST", "MFG",        "MANUFACTURING", "FACTORY",
                                        "DIAG", "DIAGNOSTIC", "BACKDOOR"};
    const rm_entry *e = &run->model->entries.at[entry];
    for (size_t i = 0; is_code(e) && i < sizeof words / sizeof words[0]; i++) {
        if (!has_word(e->name, words[i])) {
            continue;
        }
        uint32_t path = run->worst.of_entry[entry];
        rm_verdict v = about(run, e, path);
        v.severity = path != RM_NONE ? rm_rule_by_reach(run, path, RM_SEVERITY_HIGH)
                                     : rm_rule_by_opener(run, e->driver, RM_SEVERITY_MEDIUM);
        v.confidence = RM_CONFIDENCE_LOW;
        v.message = rm_rule_say(run, "%.*s is a %s code, by its name, and the driver serves it",
                                RM_STR_ARG(e->name), words[i]);
        v.fix = RM_STR("leave it out of production builds, or require administrators and say why "
                       "it stays");
        return rm_rule_fires(run, &v);
    }
    return RM_OK;
}

rm_status rm_judge_in_07_tdi(rm_rule_run *run, uint32_t index) {
    const rm_observation *o = &run->model->observations.at[index];
    if (o->kind != RM_OBSERVED_TDI) {
        return RM_OK;
    }
    rm_verdict v = rm_observed_verdict(run, o);
    v.severity = RM_SEVERITY_MEDIUM;
    v.message = RM_STR("the driver names the transport devices of TDI, whose filters are obsolete");
    v.fix = RM_STR("use the Windows Filtering Platform");
    return rm_rule_fires(run, &v);
}
