#ifndef MODEL_EFFECTIVE_H
#define MODEL_EFFECTIVE_H

#include "model/descriptor.h"
#include "model/model.h"

/*
 * The parsed effective descriptor of a device; *out is NULL when it is not known (computed at run
 * time, not read, or rejected by Windows). Lives in `arena`.
 */
rm_status rm_device_security(rm_arena *arena, const rm_model *model, uint32_t device,
                             const rm_security **out) RM_CHECK_RESULT;

/* The same for any descriptor row of the model. */
rm_status rm_descriptor_security(rm_arena *arena, const rm_model *model, const rm_descriptor *row,
                                 const rm_security **out) RM_CHECK_RESULT;

#endif
