#ifndef RENDER_SRC_SARIF_H
#define RENDER_SRC_SARIF_H

#include "base/json_writer.h"
#include "base/map.h"
#include "model/diff.h"
#include "render/sarif.h"

/* One run while it is written. */
typedef struct rm_sarif {
    rm_arena *arena;
    const rm_model *model;
    const rm_sarif_options *options;
    rm_json_writer out;
    rm_map rules;        /* id to index in the list of rules */
    const char **states; /* baselineState by index of the result's thing; NULL: no baseline */
    rm_differences gone; /* things that only the baseline has */
} rm_sarif;

/* What a result is about: a finding or a path of `model`. */
typedef struct rm_sarif_subject {
    const rm_model *model;
    rm_str id, rule, message, fix, name;
    rm_severity severity;
    rm_place place;
    uint32_t path; /* its path, or RM_NONE */
    bool waived;
    const rm_evidences *places; /* more of them; NULL: none */
    const char *state;          /* baselineState; NULL: none */
} rm_sarif_subject;

#define RM_SARIF_PATH_RULE "risk-path"

/* sarif_rules.c: tool.driver.rules, and their indices in `s->rules`. */
rm_status rm_sarif_rules(rm_sarif *s) RM_CHECK_RESULT;

/* sarif_result.c */
void rm_sarif_result(rm_sarif *s, const rm_sarif_subject *subject);

/* "error", "warning" or "note". */
const char *rm_sarif_level(rm_severity severity);

#endif
