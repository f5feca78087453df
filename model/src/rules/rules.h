#ifndef MODEL_RULES_INTERNAL_H
#define MODEL_RULES_INTERNAL_H

#include "base/map.h"
#include "index.h"
#include "model/principal.h"
#include "model/rules.h"

/* What rules ask of the paths, answered once: indices into model->paths, RM_NONE where none is. */
typedef struct rm_worst {
    uint32_t *of_device;
    uint32_t *of_granted; /* by device: of one whom its descriptor lets in */
    uint32_t *of_writer;  /* by device: of one whom its descriptor lets write */
    uint32_t *of_entry;   /* entered by it */
    uint32_t *of_sink;
    uint32_t *privileged;  /* by entry: to an operation of severity 500 or more */
    uint32_t *from_below;  /* by device: from below administrators to one of 700 or more */
    uint32_t *of_forward;  /* over it */
    uint32_t *weak_writer; /* by device: row of model->accesses of the weakest whom it lets write */
    uint32_t *weak_opener; /* likewise, who may open at all, or without a look at the descriptor */
    uint32_t *severity;    /* by device: of the worst operation behind it */
    uint32_t *granted;     /* by row of model->accesses: the mask that the descriptor grants */
} rm_worst;

typedef struct rm_rule_run {
    rm_model *model;
    rm_arena *scratch;
    const rm_rule *rule; /* that is judged now */
    rm_worst worst;
    rm_rule_index of;
    rm_principals principals; /* the built-in ones, for what a descriptor would grant */
    rm_map finding_of;        /* id -> index in model->findings, plus one */
    rm_map causes;            /* cause -> ordinal, plus one */
    struct rm_rule_causes {
        struct rm_cause {
            uint32_t cause;
            bool follows;
        } * at;
        uint32_t count;
        uint32_t capacity;
    } cause_of; /* of each finding */
} rm_rule_run;

/* worst.c: `worst` of the run, from the model, `of` and `principals`. */
rm_status rm_worst_build(rm_rule_run *run) RM_CHECK_RESULT;

/* What a rule says of one subject. Texts may be borrowed from the model or be literals. */
typedef struct rm_verdict {
    rm_severity severity;
    rm_str subject_id; /* makes the finding's id: verdicts of one subject are one finding */
    rm_str subject;    /* its name */
    rm_str message;
    rm_str fix;
    rm_confidence confidence;
    uint32_t path; /* RM_NONE: none */
    rm_place place;
    rm_str evidence; /* what stands at `place` */
    /* What one change mends. Findings of one cause are told as one: the worst, and its parts.
       Empty: a cause of its own. */
    rm_str cause;
    bool follows; /* never the one that the others are parts of, unless they all follow */
} rm_verdict;

/*
 * A finding of the rule at hand. A second verdict on the same subject adds its place, and takes
 * over the finding when it is worse.
 */
rm_status rm_rule_fires(rm_rule_run *run, const rm_verdict *verdict) RM_CHECK_RESULT;

/* The rule at hand cannot be decided about that subject. `reason` is a literal. */
rm_status rm_rule_undecided(rm_rule_run *run, rm_str subject_id, rm_str subject, const char *reason,
                            rm_place place) RM_CHECK_RESULT;

/* printf into the model's arena: messages and fixes. Empty when memory is short. */
rm_str rm_rule_say(rm_rule_run *run, const char *fmt, ...) RM_PRINTF(2, 3);

/* From the rule and from who gets there: what nobody reaches today is low. */
rm_severity rm_rule_by_reach(const rm_rule_run *run, uint32_t path, rm_severity of_rule);

/* Is it less than an administrator? */
bool rm_below_admin(rm_str origin);

/* Sorts the findings of a model, worst first. */
void rm_findings_rank(rm_model *model);

/* The device's name, else its driver's. */
rm_str rm_device_title(const rm_model *model, uint32_t device);
rm_str rm_rule_driver(const rm_model *model, uint32_t driver); /* "" for RM_NONE */

/* ---- the judges, by what they look at; table.c says which rule is whose ---- */

/* clang-format off */
#define RM_RULE_JUDGES(X)                                                                          \
    X(am_01) X(am_02) X(am_03) X(am_04) X(am_05) X(ch_01) X(ch_02) X(ch_03) X(ch_04)               \
    X(ch_04_opens) X(ch_05) X(ch_06) X(ch_06_settings) X(ch_07) X(ds_01) X(ds_02) X(ds_03)         \
    X(ds_04) X(ds_05) X(ds_06) X(ds_07) X(ds_08) X(ds_09) X(ds_10) X(ds_11) X(fc_01)               \
    X(in_01) X(in_02) X(in_03) X(in_03_files) X(in_04) X(in_05) X(in_06) X(in_06_software)         \
    X(in_07) X(in_07_tdi) X(io_01) X(io_02) X(io_03) X(io_04) X(io_05) X(io_06)                    \
    X(iv_observed) X(iv_02) X(iv_operation) X(iv_05) X(iv_06) X(iv_06_sinks) X(iv_11)              \
    X(iv_13) X(ns_01) X(ns_02) X(ns_03) X(ns_04) X(ns_04_settings) X(pb_by_class) X(pb_07)         \
    X(pb_08) X(pb_09) X(um_directive) X(um_04_values) X(um_05) X(um_06) X(um_06_messages)
/* clang-format on */

#define X(name) rm_status rm_judge_##name(rm_rule_run *run, uint32_t index) RM_CHECK_RESULT;
RM_RULE_JUDGES(X)
#undef X

#endif
