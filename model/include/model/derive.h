#ifndef MODEL_DERIVE_H
#define MODEL_DERIVE_H

#include "model/model.h"
#include "model/principal.h"

extern const rm_weights rm_default_weights; /* those of the ontology */

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
