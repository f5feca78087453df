#include "rules.h"

/* CH-01: data from a driver is the caller's data unless that driver validated it. */
static rm_status passed_on(rm_rule_run *run, uint32_t forward) {
    rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    uint32_t path = run->worst.of_forward[forward];
    rm_str message = RM_STR_NONE;
    if (path == RM_NONE || f->validation == RM_VALIDATION_VALIDATED ||
        f->validation == RM_VALIDATION_UNKNOWN || f->from_driver == RM_NONE) {
        return RM_OK;
    }
    rm_str to = f->to_driver == RM_NONE ? f->target : m->drivers.at[f->to_driver].name;
    rm_status st = rm_str_printf(m->arena, &message, "%.*s hands the caller's data to %.*s, %s",
                                 RM_STR_ARG(m->drivers.at[f->from_driver].name), RM_STR_ARG(to),
                                 rm_validation_name(f->validation));
    return st != RM_OK
               ? st
               : rm_finding_add(
                     m, &(rm_verdict){.rule = "CH-01",
                                      .severity = RM_SEVERITY_HIGH,
                                      .subject_id = f->id,
                                      .subject = m->drivers.at[f->from_driver].name,
                                      .message = message,
                                      .fix = RM_STR("validate every field before it is sent on, "
                                                    "or set the new request's RequestorMode to "
                                                    "UserMode so that the target checks it"),
                                      .confidence = RM_CONFIDENCE_HIGH,
                                      .path = path,
                                      .place = f->place});
}

/* CH-03: a check that asks the handle's access says nothing to a request from kernel mode. */
static rm_status vain_check(rm_rule_run *run, uint32_t forward) {
    rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    if (f->requestor_mode_after != RM_AFTER_KERNEL || f->to_driver == RM_NONE) {
        return RM_OK;
    }
    for (uint32_t i = 0; i < m->checks.count; i++) {
        const rm_check *c = &m->checks.at[i];
        if (c->kind == RM_CHECK_ACCESS && c->driver == f->to_driver &&
            c->can_refuse == RM_TRI_YES) {
            return rm_finding_add(
                m, &(rm_verdict){.rule = "CH-03",
                                 .severity = RM_SEVERITY_HIGH,
                                 .subject_id = f->id,
                                 .subject = m->drivers.at[f->to_driver].name,
                                 .message = RM_STR("the target checks the handle's access, and "
                                                   "the request arrives in kernel mode, where "
                                                   "that check always passes"),
                                 .fix = RM_STR("let the sender validate for its caller, or mark "
                                               "the request as UserMode"),
                                 .confidence = RM_CONFIDENCE_HIGH,
                                 .path = run->worst.of_forward[forward],
                                 .place = c->place});
        }
    }
    return RM_OK;
}

rm_status rm_rules_chains(rm_rule_run *run) {
    const rm_model *m = run->model;
    rm_status st = RM_OK;
    for (uint32_t i = 0; st == RM_OK && i < m->forwards.count; i++) {
        st = passed_on(run, i);
        if (st == RM_OK) {
            st = vain_check(run, i);
        }
    }
    return st;
}
