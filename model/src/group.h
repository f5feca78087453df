#ifndef MODEL_GROUP_H
#define MODEL_GROUP_H

#include "base/list.h"

/* Items of a list grouped by what they belong to: those of k stand at order[first[k]..first[k+1]).
 */
typedef struct rm_group {
    uint32_t *first;
    uint32_t *order;
    uint32_t keys;
} rm_group;

/*
 * Groups `count` items by the uint32_t at offset `field`; items whose key is `keys` or more belong
 * to no group. Takes linear time.
 */
rm_status rm_group_build(rm_arena *scratch, const void *items, uint32_t count, size_t item_size,
                         size_t field, uint32_t keys, rm_group *out) RM_CHECK_RESULT;

#endif
