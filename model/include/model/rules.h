#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "model/model.h"

/* One rule of the ontology, section 3: one row of v_rule. */
typedef struct rm_rule {
    const char *id; /* DS-01 … */
    const char *title;
    rm_severity severity;
    const char *cwe;    /* "CWE-276" */
    const char *stride; /* letters */
    const char *source; /* the document it comes from */
} rm_rule;

const rm_rule *rm_rules(uint32_t *count);
const rm_rule *rm_rule_find(rm_str id);

/* Adds the findings of every rule that has positive evidence; paths must have been derived. */
rm_status rm_rules_apply(rm_model *model) RM_CHECK_RESULT;

#endif
