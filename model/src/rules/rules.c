#include "rules.h"

#include <stdlib.h>

#include "ident.h"

static const size_t scratch_limit = (size_t)1 << 30;

/* The rules that fire so far; docs/rules/ has their reasons. Sorted by id. */
static const rm_rule rules[] = {
    {"CH-01", "user input reaches another driver unvalidated", RM_SEVERITY_HIGH, "CWE-501", "E",
     "windows-security-model-for-driver-developers"},
    {"CH-03", "the target's access check passes everything a kernel request brings",
     RM_SEVERITY_HIGH, "CWE-863", "E", "IoValidateDeviceIoControlAccess"},
    {"DS-01", "a named device has no descriptor but the type's default", RM_SEVERITY_HIGH,
     "CWE-276", "E", "controlling-device-access"},
    {"DS-04", "the descriptor lets unprivileged code write", RM_SEVERITY_HIGH, "CWE-732", "E",
     "driver-security-checklist"},
    {"DS-07", "the descriptor in code lies outside what the kernel's parser is documented to take",
     RM_SEVERITY_MEDIUM, "CWE-1287", "D,E", "SDDL for Device Objects"},
    {"IO-01", "a privileged control code asks for no access", RM_SEVERITY_MEDIUM, "CWE-782", "E",
     "windows-security-model-for-driver-developers"},
    {"IO-04", "a control code takes the caller's pointers as they are", RM_SEVERITY_MEDIUM,
     "CWE-781", "E", "driver-security-checklist"},
    {"NS-01", "names below the device are opened without an access check", RM_SEVERITY_HIGH,
     "CWE-862", "E", "controlling-device-namespace-access"},
    {"PB-01", "the caller chooses which MSR or counter is read", RM_SEVERITY_HIGH, "CWE-749", "I",
     "constraining-high-privileged-behavior"},
    {"PB-02", "the caller chooses which MSR is written", RM_SEVERITY_CRITICAL, "CWE-749", "E",
     "constraining-high-privileged-behavior"},
    {"PB-03", "the caller chooses which process is ended", RM_SEVERITY_HIGH, "CWE-269", "D,T",
     "constraining-high-privileged-behavior"},
    {"PB-04", "the caller chooses the I/O port", RM_SEVERITY_HIGH, "CWE-749", "E",
     "constraining-high-privileged-behavior"},
    {"PB-05", "the caller chooses source, destination or length of a copy", RM_SEVERITY_CRITICAL,
     "CWE-123", "E,I", "constraining-high-privileged-behavior"},
    {"PB-06", "the caller chooses which physical memory is mapped", RM_SEVERITY_CRITICAL, "CWE-123",
     "E", "constraining-high-privileged-behavior"},
    {"PB-08", "a high-privileged operation is reachable below administrators", RM_SEVERITY_CRITICAL,
     "CWE-782", "E", "constraining-high-privileged-behavior"},
};

enum { RULE_COUNT = sizeof rules / sizeof rules[0] };

const rm_rule *rm_rules(uint32_t *count) {
    *count = RULE_COUNT;
    return rules;
}

const rm_rule *rm_rule_find(rm_str id) {
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (rm_str_ieq(id, rm_str_from(rules[i].id))) {
            return &rules[i];
        }
    }
    return NULL;
}

rm_status rm_finding_add(rm_model *model, const rm_verdict *v) {
    rm_ident ident = {0};
    rm_str id = RM_STR_NONE;
    rm_ident_part(&ident, rm_str_from(v->rule));
    rm_ident_part(&ident, v->subject_id);
    rm_status st = rm_ident_make(model->arena, "finding", &ident, &id);
    rm_finding *f = st == RM_OK ? rm_push(model->arena, &model->findings) : NULL;
    if (f == NULL) {
        return st == RM_OK ? RM_NOMEM : st;
    }
    *f = (rm_finding){.id = id,
                      .rule = rm_str_from(v->rule),
                      .severity = v->severity,
                      .subject = v->subject,
                      .subject_id = v->subject_id,
                      .message = v->message,
                      .confidence = v->confidence,
                      .path = v->path,
                      .fix = v->fix,
                      .place = v->place};
    return RM_OK;
}

rm_str rm_device_title(const rm_model *model, uint32_t device) {
    const rm_device *d = &model->devices.at[device];
    if (d->nt_name.len > 0 || d->alias.len > 0) {
        return d->nt_name.len > 0 ? d->nt_name : d->alias;
    }
    return d->driver == RM_NONE ? RM_STR("device") : model->drivers.at[d->driver].name;
}

static int worst_first(const void *a, const void *b) {
    const rm_finding *x = a;
    const rm_finding *y = b;
    if (x->severity != y->severity) {
        return x->severity < y->severity ? 1 : -1;
    }
    if (x->path != y->path) {
        return x->path > y->path ? 1 : -1; /* paths stand worst first; none stands last */
    }
    return rm_str_cmp(x->id, y->id);
}

static rm_status make_unique(rm_model *model) {
    rm_map seen = {.arena = model->arena};
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < model->findings.count; i++) {
        st = rm_ident_tell_apart(model->arena, &seen, &model->findings.at[i].id);
    }
    return st;
}

static rm_status run_all(rm_rule_run *run) {
    static rm_status (*const groups[])(rm_rule_run *) = {rm_rules_devices, rm_rules_codes,
                                                         rm_rules_sinks, rm_rules_chains};
    rm_status st = RM_OK;
    for (size_t i = 0; st == RM_OK && i < sizeof groups / sizeof groups[0]; i++) {
        st = groups[i](run);
    }
    return st;
}

rm_status rm_rules_apply(rm_model *model) {
    rm_arena *scratch = rm_arena_new(scratch_limit);
    rm_rule_run run = {.model = model};
    rm_status st = scratch == NULL ? RM_NOMEM : rm_worst_build(scratch, model, &run.worst);
    if (st == RM_OK) {
        st = run_all(&run);
    }
    rm_arena_free(scratch);
    if (st == RM_OK && model->findings.count > 1) {
        qsort(model->findings.at, model->findings.count, sizeof model->findings.at[0], worst_first);
    }
    return st == RM_OK ? make_unique(model) : st;
}
