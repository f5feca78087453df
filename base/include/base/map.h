#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>

#include "base/str.h"

/*
 * Texts to numbers: open addressing in an arena, doubled when half full. Keys are borrowed and must
 * outlive the map. All zeros plus `arena` is empty. With `fold`, ASCII case is ignored.
 */
typedef struct rm_map {
    rm_arena *arena;
    bool fold;
    rm_str *keys;
    uint32_t *values;
    bool *taken;
    uint32_t size, count;
} rm_map;

/*
 * The place of a key's value, made when it is new (*is_new, may be NULL, says so; the value is then
 * 0). The pointer is valid until the next call. RM_NOMEM leaves the map as it was.
 */
rm_status rm_map_at(rm_map *map, rm_str key, uint32_t **value, bool *is_new) RM_CHECK_RESULT;

/* False when the key is not there. */
bool rm_map_get(const rm_map *map, rm_str key, uint32_t *value);

#endif
