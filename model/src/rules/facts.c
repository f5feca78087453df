#include "rules.h"

/* FC: what teams declare. */

/* FC-01: the declaration stands beside what it contradicts; the worse of the two was scored. */
rm_status rm_judge_fc_01(rm_rule_run *run, uint32_t index) {
    const rm_conflict *c = &run->model->conflicts.at[index];
    rm_verdict v = {.severity = run->rule->severity,
                    .subject_id = c->text,
                    .subject = c->subject,
                    .message = c->text,
                    .confidence = RM_CONFIDENCE_HIGH,
                    .path = RM_NONE,
                    .place = c->told};
    v.fix = rm_rule_say(run, "correct the facts file, or what stands at %.*s:%u",
                        RM_STR_ARG(c->read.file), (unsigned)c->read.line);
    return rm_rule_fires(run, &v);
}
