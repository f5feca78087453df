#ifndef MODEL_RULES_INDEX_H
#define MODEL_RULES_INDEX_H

#include "group.h"
#include "model/model.h"

/* What belongs to what, found once for all rules: no rule looks through a list for each thing. */
typedef struct rm_rule_index {
    rm_group entries_of_driver, devices_of_driver, ioctls_of_driver, observations_of_driver;
    rm_group installs_of_driver, services_of_driver, checks_of_driver, sinks_of_driver;
    rm_group checks_of_entry, sinks_of_entry, inputs_of_entry, steps_of_entry;
    rm_group doors_of_device, descriptors_of_device, accesses_of_device, positions_of_device;
    rm_group positions_of_stack; /* of one hardware id, architecture and INF */
    uint32_t *stack_of_position;
} rm_rule_index;

/* Indices of what belongs to one thing, in the order of their list. */
typedef struct rm_span {
    const uint32_t *at;
    const uint32_t *end;
} rm_span;

/* RM_NONE is a key too: what belongs to nothing. */
rm_span rm_span_of(const rm_group *group, uint32_t key);

/* Everything lives in `arena`. */
rm_status rm_rule_index_build(rm_arena *arena, const rm_model *model,
                              rm_rule_index *out) RM_CHECK_RESULT;

#endif
