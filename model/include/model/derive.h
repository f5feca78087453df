#ifndef MODEL_DERIVE_H
#define MODEL_DERIVE_H

#include "model/model.h"
#include "model/principal.h"

/* The weights of the score (ontology 4.3), in thousandths. */
typedef struct rm_weights {
    uint32_t per_boundary; /* c: chain term for each boundary after the first: 150 */
    uint32_t kernel_mode;  /* c: a hop turned the request KernelMode: 200 */
    uint32_t unvalidated, unknown, partial, validated; /* V: 1000 900 500 100 */
    uint32_t reach_undecided;                          /* R: 600 */
    uint32_t reach_allow_any;                          /* R: 800 */
    uint32_t reach_named;                              /* R: 600 */
    uint32_t reach_held;                               /* R: 400, by a facts file */
    uint32_t reach_hardware;                           /* R: 600, by a facts file */
    rm_weight_table others; /* D of principals and S of classes that are not the standard ones */
} rm_weights;

extern const rm_weights rm_default_weights; /* those of the ontology */

/* The number that `others` has under that factor and name, else `standard`. */
uint32_t rm_weight_of(const rm_weights *weights, const char *factor, rm_str name,
                      uint32_t standard);

/* The field that holds that number, to be changed; NULL: no such weight, or one of `others`. */
uint32_t *rm_weight_named(rm_weights *weights, rm_str factor, rm_str name);

/* The weights that a table lists. */
rm_status rm_weights_from(rm_arena *arena, const rm_weight_table *table,
                          rm_weights *out) RM_CHECK_RESULT;

/* S of a class; of one that is not known, that of unknown_body. */
uint32_t rm_severity_of(const rm_weights *weights, rm_str sink_class);

/* Every number that scores are made with, as a table. */
rm_status rm_weights_list(rm_arena *arena, const rm_weights *weights,
                          const rm_principals *principals, rm_weight_table *out) RM_CHECK_RESULT;

/* One thing scored. D and S in thousandths; `validations` are those of the hops and the sink. */
typedef struct rm_score_input {
    uint32_t disparity, reach, severity;
    const rm_validation *validations;
    uint32_t validation_count;
    uint32_t boundaries;
    bool kernel_hop;
} rm_score_input;

/* p = D*R*S*V with one truncating division per factor; score = p + (c*p/1000)*(1000-p)/1000. */
uint32_t rm_score(const rm_weights *weights, const rm_score_input *in);
rm_severity rm_score_band(uint32_t score); /* >=700 critical, >=450 high, >=200 medium, >=50 low */
rm_status rm_score_sentence(rm_arena *arena, const rm_weights *weights, const rm_score_input *in,
                            rm_str *out) RM_CHECK_RESULT;

typedef struct rm_derive_options {
    const rm_weights *weights;       /* NULL: the default */
    bool paths_only;                 /* no findings: for what only asks who reaches what */
    bool all_origins;                /* keep every row above the limit of 100,000 */
    const rm_principals *principals; /* the built-in ones and a team's; NULL: the built-in ones */
} rm_derive_options;

/*
 * Fills accesses, boundaries, paths and findings of a linked model. `sink` gets notes such as
 * "paths-cut". Pure: the same model gives the same result.
 */
rm_status rm_derive(rm_model *model, rm_sink *sink,
                    const rm_derive_options *options) RM_CHECK_RESULT;

#endif
