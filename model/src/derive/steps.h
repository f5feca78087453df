#ifndef MODEL_DERIVE_STEPS_H
#define MODEL_DERIVE_STEPS_H

#include "internal.h"

/* The steps of a path from its trail, and its summary in a sentence. */
rm_status rm_steps_build(rm_derivation *d, const rm_trail *trail, rm_path *path) RM_CHECK_RESULT;

/* Fills model->boundaries from the steps of every path. */
rm_status rm_boundaries_build(rm_derivation *d) RM_CHECK_RESULT;

#endif
