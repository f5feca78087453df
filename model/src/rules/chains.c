#include "rules.h"

/* CH: requests that a driver sends on. */

static rm_str target_of(const rm_model *m, const rm_forward *f) {
    return f->to_driver == RM_NONE ? f->target : m->drivers.at[f->to_driver].name;
}

/* CH-01: data from a driver is the caller's data unless that driver validated it. */
rm_status rm_judge_ch_01(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    uint32_t path = run->worst.of_forward[forward];
    if (path == RM_NONE || f->from_driver == RM_NONE || f->validation == RM_VALIDATION_VALIDATED) {
        return RM_OK;
    }
    rm_str from = m->drivers.at[f->from_driver].name;
    if (f->validation == RM_VALIDATION_UNKNOWN) {
        return rm_rule_undecided(run, f->id, from,
                                 "what is checked before it is sent on is not known", f->place);
    }
    rm_str to = target_of(m, f);
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = f->id,
                    .subject = from,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = path,
                    .place = f->place,
                    .evidence = f->text,
                    .cause = f->id};
    v.message = rm_rule_say(run, "%.*s hands the caller's data to %.*s, %s%s%.*s", RM_STR_ARG(from),
                            RM_STR_ARG(to), rm_validation_name(f->validation),
                            f->reason.len > 0 ? ": " : "", RM_STR_ARG(f->reason));
    v.fix = rm_rule_say(run,
                        "before %.*s, check every field that %.*s acts on (its range and its "
                        "length); until then give %.*s no more callers than %.*s has",
                        RM_STR_ARG(f->via_api), RM_STR_ARG(to), RM_STR_ARG(from), RM_STR_ARG(to));
    return rm_rule_fires(run, &v);
}

/* CH-03: a check that asks the handle's access says nothing to a request from kernel mode. */
rm_status rm_judge_ch_03(rm_rule_run *run, uint32_t forward) {
    const rm_model *m = run->model;
    const rm_forward *f = &m->forwards.at[forward];
    if (f->requestor_mode_after != RM_AFTER_KERNEL || f->to_driver == RM_NONE) {
        return RM_OK;
    }
    for (uint32_t i = 0; i < m->checks.count; i++) {
        const rm_check *c = &m->checks.at[i];
        if (c->kind == RM_CHECK_ACCESS && c->driver == f->to_driver &&
            c->can_refuse == RM_TRI_YES) {
            return rm_rule_fires(
                run, &(rm_verdict){.severity = run->rule->severity,
                                   .subject_id = f->id,
                                   .subject = m->drivers.at[f->to_driver].name,
                                   .message = RM_STR("the target checks the handle's access, and "
                                                     "the request arrives in kernel mode, where "
                                                     "that check always passes"),
                                   .fix = RM_STR("let the sender validate for its caller, or set "
                                                 "RequestorMode of the new request to UserMode"),
                                   .confidence = RM_CONFIDENCE_HIGH,
                                   .path = run->worst.of_forward[forward],
                                   .place = c->place,
                                   .evidence = f->text});
        }
    }
    return RM_OK;
}
