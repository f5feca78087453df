#ifndef MODEL_DERIVE_STEPS_H
#define MODEL_DERIVE_STEPS_H

#include "internal.h"

/* The steps of a path from its chain, and its summary in a sentence. */
rm_status rm_steps_build(rm_derivation *d, const rm_chain *chain, rm_path *path) RM_CHECK_RESULT;

/* texts.c: what is crossed between that hop and the one before it. */
rm_boundary_kind rm_boundary_of_hop(const rm_model *m, const rm_chain *chain, uint32_t hop);

/* Fills model->boundaries from the steps of every path. */
rm_status rm_boundaries_build(rm_derivation *d) RM_CHECK_RESULT;

#endif
