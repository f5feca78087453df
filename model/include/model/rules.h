#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include "model/model.h"

/*
 * The rules of the ontology, section 3: one entry in one table each (model/src/rules/table.c), one
 * page in docs/rules/ and two fixtures in tests/rules/.
 *
 * A rule fires on positive evidence. What it cannot decide about something it is told of
 * (`undecided` of the model); what only people can decide is a checklist.
 */

struct rm_rule_run;

/* What a rule is asked about, one after the other. */
typedef enum rm_rule_over {
    RM_OVER_NOTHING, /* a checklist */
    RM_OVER_DEVICES,
    RM_OVER_DESCRIPTORS,
    RM_OVER_DOORS,
    RM_OVER_DRIVERS,
    RM_OVER_ENTRIES,
    RM_OVER_IOCTLS,
    RM_OVER_INPUTS,
    RM_OVER_CHECKS,
    RM_OVER_SINKS,
    RM_OVER_FORWARDS,
    RM_OVER_OBSERVATIONS,
    RM_OVER_SERVICES,
    RM_OVER_SETTINGS,
    RM_OVER_DIRECTIVES,
    RM_OVER_ARTIFACTS,
    RM_OVER_APPS,
    RM_OVER_CAPABILITIES,
    RM_OVER_AUTHORIZED,
    RM_OVER_CONFLICTS,
    RM_OVER_COUNT
} rm_rule_over;

/* What a rule says of the thing with that index: a finding, that it is undecided, or nothing. */
typedef rm_status (*rm_rule_judge)(struct rm_rule_run *run, uint32_t index);

typedef struct rm_rule {
    const char *id;        /* DS-01 … */
    const char *title;     /* what is wrong when it fires */
    const char *statement; /* what should be */
    rm_severity severity;
    const char *cwe;      /* "CWE-276" */
    const char *stride;   /* letters */
    const char *source;   /* the documents it comes from */
    const char *evidence; /* INF, SDDL, HDR, SRC, MAN, GRAPH, HUMAN */
    rm_rule_over over;
    rm_rule_judge judge;
    rm_rule_over
        and_over; /* a second kind of thing that it is asked about; RM_OVER_NOTHING: none */
    rm_rule_judge and_judge;
} rm_rule;

const rm_rule *rm_rules(uint32_t *count); /* sorted by id */
const rm_rule *rm_rule_find(rm_str id);

/* The program's rules as rows, none of them applied yet. */
rm_status rm_rules_list(rm_arena *arena, rm_rule_rows *out) RM_CHECK_RESULT;

/* Applies every rule: findings, undecided and rules of the model. Paths must have been derived. */
rm_status rm_rules_apply(rm_model *model) RM_CHECK_RESULT;

#endif
