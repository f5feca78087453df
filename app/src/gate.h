#ifndef APP_GATE_H
#define APP_GATE_H

#include "changes.h"
#include "model/policy.h"

/* What a gate decides on: findings and paths from a severity on. */
typedef struct rm_ci_gate {
    const rm_model *model;
    const rm_model *baseline; /* NULL: none; else only what is new or worse since is objected to */
    const rm_policy *policy;
    rm_severity fail_on;
} rm_ci_gate;

typedef enum rm_verdict {
    RM_VERDICT_OBJECTION, /* the gate fails */
    RM_VERDICT_WAIVED,    /* it would, but for a waiver */
    RM_VERDICT_KNOWN      /* it would, but the baseline has it */
} rm_verdict;

typedef struct rm_gate_item {
    rm_verdict verdict;
    rm_diff_kind kind; /* RM_DIFF_FINDING or RM_DIFF_PATH */
    uint32_t index;    /* in the model's list */
} rm_gate_item;

RM_LIST(rm_gate_items, rm_gate_item);

typedef struct rm_gate_result {
    rm_gate_items items;        /* findings first, each worst first */
    uint32_t counts[3];         /* by verdict */
    uint32_t expired, orphaned; /* waivers; each fails the gate */
    bool passed;
} rm_gate_result;

rm_status rm_gate_decide(rm_arena *arena, const rm_ci_gate *gate,
                         rm_gate_result *out) RM_CHECK_RESULT;

/* gate_text.c: the result for people or as one JSON object. `width` 0: as wide as it takes. */
rm_status rm_gate_text(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_result *result,
                       unsigned width, bool color, rm_str *out) RM_CHECK_RESULT;
rm_status rm_gate_json(rm_arena *arena, const rm_ci_gate *gate, const rm_gate_result *result,
                       rm_str *out) RM_CHECK_RESULT;

#endif
