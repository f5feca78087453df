#ifndef RENDER_STACK_H
#define RENDER_STACK_H

#include "model/model.h"

/* One device stack: the places of one hardware id as one INF and architecture build it. */
typedef struct rm_stack {
    uint32_t *places; /* rm_model.stacks, the top first */
    uint32_t count;
    uint32_t others; /* stacks that the focus means as well and that are not this one */
} rm_stack;

/*
 * The stack that a name means: a hardware id, the id of a place, or a driver or device that stands
 * in it. Of several the one with most places, else the first. `driver` and `device` are what the
 * name means besides (RM_NONE: nothing). RM_USAGE when there is none.
 */
rm_status rm_stack_find(rm_arena *arena, const rm_model *model, rm_str name, uint32_t driver,
                        uint32_t device, rm_stack *out) RM_CHECK_RESULT;

/* Does this driver stand in it? */
bool rm_stack_has(const rm_model *model, const rm_stack *stack, uint32_t driver);

/* "root\toaster, built by toaster.inf", "minifilters by altitude". */
void rm_stack_title(const rm_model *model, const rm_stack *stack, rm_buf *out);

#endif
