#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/*
 * A growing array whose storage lives in an arena. Elements are addressed by index: pointers
 * into `at` are valid only until the next push. An empty list is all zeros.
 *
 *     RM_LIST(rm_devices, rm_device);          declares the type
 *     rm_device *d = rm_push(arena, &devices); a zeroed new last element, NULL when out of memory
 */
#define RM_LIST(list_type, item_type)                                                              \
    typedef struct list_type {                                                                     \
        item_type *at;                                                                             \
        uint32_t count;                                                                            \
        uint32_t capacity;                                                                         \
    } list_type

/* No element: an index that refers to nothing. */
#define RM_NONE UINT32_MAX

#define rm_push(arena, list)                                                                       \
    (rm_list_grow((arena), &(list)->at, &(list)->capacity, (list)->count, sizeof *(list)->at) ==   \
             RM_OK                                                                                 \
         ? &(list)->at[(list)->count++]                                                            \
         : NULL)

/*
 * Makes room for one element more than `count`. `at` is the address of the list's pointer, of
 * whatever type. On failure nothing changed.
 */
rm_status rm_list_grow(rm_arena *arena, void *at, uint32_t *capacity, uint32_t count,
                       size_t item_size) RM_CHECK_RESULT;

#endif
