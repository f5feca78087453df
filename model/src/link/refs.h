#ifndef MODEL_LINK_REFS_H
#define MODEL_LINK_REFS_H

#include "model/model.h"

/* The lists whose items others refer to by index. */
typedef enum rm_target {
    RM_TO_DRIVERS,
    RM_TO_SERVICES,
    RM_TO_DEVICES,
    RM_TO_DESCRIPTORS,
    RM_TO_DOORS,
    RM_TO_ENTRIES,
    RM_TO_SINKS,
    RM_TO_APPS,
    RM_TO_PATHS,
    RM_TO_NOTHING
} rm_target;

/* What every list looks like; copied out and in by bytes, since the types differ. */
typedef struct rm_any_list {
    unsigned char *at;
    uint32_t count;
    uint32_t capacity;
} rm_any_list;

/*
 * Rewrites every reference to items of `target`: an index i becomes new_index[i] (which may be
 * RM_NONE). `count` is the length of new_index; an index beyond it becomes RM_NONE.
 */
void rm_refs_rewrite(rm_model *model, rm_target target, const uint32_t *new_index, uint32_t count);

/* What a list is sorted by: offsets into its items. */
typedef struct rm_sort_by {
    size_t key; /* an rm_str, or a place; RM_NO_FIELD: only the owner counts */
    bool is_place;
    size_t owner; /* of equal ones: the index of what they belong to; RM_NO_FIELD: nothing */
} rm_sort_by;

#define RM_NO_FIELD SIZE_MAX

/*
 * Sorts a list and rewrites what refers to it. The order of equal ones stays. `items` is the
 * address of the list.
 */
rm_status rm_refs_sort(rm_model *model, rm_target target, void *items, size_t item_size,
                       const rm_sort_by *by) RM_CHECK_RESULT;

/*
 * Drops devices: instead[i] == i keeps device i, any other value drops it and sends its references
 * there (a kept device, or RM_NONE).
 */
rm_status rm_refs_replace_devices(rm_model *model, const uint32_t *instead) RM_CHECK_RESULT;

#endif
