#ifndef RENDER_SARIF_H
#define RENDER_SARIF_H

#include "model/policy.h"

/*
 * Findings, or paths, as SARIF 2.1.0 (OASIS, errata 01): one rule entry per rule, a code flow with
 * one location per step of the worst path, fingerprints made from ids (they survive moved lines),
 * suppressions from waivers, and the state against a baseline.
 */
typedef struct rm_sarif_options {
    const char *version;      /* of the program */
    const rm_policy *policy;  /* that was applied; NULL: suppressions without a reason */
    const rm_model *baseline; /* NULL: no baselineState; else what is gone is listed as absent */
    bool paths;               /* one result for each path instead of each finding */
    const bool *selected;     /* by index of the finding or path; NULL: all */
} rm_sarif_options;

/* In `arena`; RM_NOMEM. The same model gives the same bytes. */
rm_status rm_sarif_write(rm_arena *arena, const rm_model *model, const rm_sarif_options *options,
                         rm_str *out) RM_CHECK_RESULT;

#endif
