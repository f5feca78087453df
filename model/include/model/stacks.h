#ifndef MODEL_STACKS_H
#define MODEL_STACKS_H

#include "model/model.h"

/* The rows of model->stacks as stacks. Requests enter at the top and travel downwards. */

typedef struct rm_stack {
    const uint32_t *positions; /* in model->stacks, from the top down */
    uint32_t count;
} rm_stack;

typedef struct rm_stack_index {
    rm_stack
        *stacks; /* what an INF makes of a hardware id on an architecture; one of minifilters */
    uint32_t count;
    uint32_t
        *of_device; /* stacks that hold device d: of_device[first[d]] … of_device[first[d+1]-1] */
    uint32_t *first;
} rm_stack_index;

/*
 * A device is in a stack as itself, or, where the stack names only its function driver, as the
 * PnP device of that driver. Of the stacks of one device that are alike in drivers, devices,
 * order and state (the same driver under many hardware ids) `of_device` has the first.
 * Lives in `arena`; indices hold while the lists of the model do not change.
 */
rm_status rm_stack_index_build(rm_arena *arena, const rm_model *model,
                               rm_stack_index *out) RM_CHECK_RESULT;

/* Is the device that position's? */
bool rm_stack_holds(const rm_model *model, const rm_stack_position *position, uint32_t device);

#endif
