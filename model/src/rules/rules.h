#ifndef MODEL_RULES_INTERNAL_H
#define MODEL_RULES_INTERNAL_H

#include "model/rules.h"

/* What rules ask of the paths, answered once: indices into model->paths, RM_NONE where none is. */
typedef struct rm_worst {
    uint32_t *of_device;
    uint32_t *of_entry; /* entered by it */
    uint32_t *of_sink;
    uint32_t *privileged;  /* by entry: to an operation of severity 500 or more */
    uint32_t *from_below;  /* by device: from below administrators to one of 700 or more */
    uint32_t *of_forward;  /* over it */
    uint32_t *weak_writer; /* by device: row in model->accesses of the weakest who may write */
    uint32_t *severity;    /* by device: of the worst operation behind it */
} rm_worst;

typedef struct rm_rule_run {
    rm_model *model;
    rm_worst worst;
} rm_rule_run;

/* worst.c: arrays live in `arena`. */
rm_status rm_worst_build(rm_arena *arena, const rm_model *model, rm_worst *out) RM_CHECK_RESULT;

/* What a rule says of one subject. Texts may be borrowed from the model or be literals. */
typedef struct rm_verdict {
    const char *rule;
    rm_severity severity;
    rm_str subject_id; /* makes the finding's id */
    rm_str subject;    /* its name */
    rm_str message;
    rm_str fix;
    rm_confidence confidence;
    uint32_t path; /* RM_NONE: none */
    rm_place place;
} rm_verdict;

rm_status rm_finding_add(rm_model *model, const rm_verdict *verdict) RM_CHECK_RESULT;

/* One function for each group of rules; all run over linked and derived models. */
rm_status rm_rules_devices(rm_rule_run *run) RM_CHECK_RESULT; /* DS, NS */
rm_status rm_rules_codes(rm_rule_run *run) RM_CHECK_RESULT;   /* IO */
rm_status rm_rules_sinks(rm_rule_run *run) RM_CHECK_RESULT;   /* PB */
rm_status rm_rules_chains(rm_rule_run *run) RM_CHECK_RESULT;  /* CH */

/* Is it less than an administrator? */
bool rm_below_admin(rm_str origin);

/* The device's name, else its driver's. */
rm_str rm_device_title(const rm_model *model, uint32_t device);

#endif
