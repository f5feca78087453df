#include "base/list.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

rm_status rm_list_grow(rm_arena *arena, void *at, uint32_t *capacity, uint32_t count,
                       size_t item_size) {
    if (count < *capacity) {
        return RM_OK;
    }
    if (*capacity > UINT32_MAX / 4) {
        return RM_LIMIT;
    }
    uint32_t room = *capacity == 0 ? FIRST_CAPACITY : *capacity * 2;
    void *grown = rm_arena_alloc(arena, room, item_size);
    if (grown == NULL) {
        return RM_NOMEM;
    }
    /* `at` points to a pointer of any object type: its bytes are copied, its type never named */
    void *old = NULL;
    memcpy(&old, at, sizeof old);
    if (count > 0) {
        memcpy(grown, old, count * item_size);
    }
    memcpy(at, &grown, sizeof grown);
    *capacity = room;
    return RM_OK;
}
