#ifndef MODEL_RULES_INTERNAL_H
#define MODEL_RULES_INTERNAL_H

#include "model/rules.h"

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
rm_status rm_rules_devices(rm_model *model) RM_CHECK_RESULT; /* DS, NS */
rm_status rm_rules_codes(rm_model *model) RM_CHECK_RESULT;   /* IO */
rm_status rm_rules_sinks(rm_model *model) RM_CHECK_RESULT;   /* PB */
rm_status rm_rules_chains(rm_model *model) RM_CHECK_RESULT;  /* CH */

/* The worst path (they are sorted) that fits; RM_NONE: none. A filter of RM_NONE fits all. */
uint32_t rm_worst_path(const rm_model *model, uint32_t device, uint32_t entry, uint32_t sink);

/* The device's name, else its driver's. */
rm_str rm_device_title(const rm_model *model, uint32_t device);

#endif
