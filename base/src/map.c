#include "base/map.h"

enum { FIRST_SIZE = 64 };

static uint32_t slot_of(const rm_map *map, rm_str key) {
    uint64_t hash = map->fold ? rm_str_ihash(key) : rm_str_hash(key);
    uint32_t slot = (uint32_t)(hash ^ hash >> 32) & (map->size - 1);
    while (map->taken[slot] &&
           !(map->fold ? rm_str_ieq(map->keys[slot], key) : rm_str_eq(map->keys[slot], key))) {
        slot = (slot + 1) & (map->size - 1);
    }
    return slot;
}

static rm_status resize(rm_map *map, uint32_t size) {
    rm_map larger = {.arena = map->arena,
                     .fold = map->fold,
                     .keys = RM_NEW_ARRAY(map->arena, rm_str, size),
                     .values = RM_NEW_ARRAY(map->arena, uint32_t, size),
                     .taken = RM_NEW_ARRAY(map->arena, bool, size),
                     .size = size,
                     .count = map->count};
    if (larger.keys == NULL || larger.values == NULL || larger.taken == NULL) {
        return RM_NOMEM;
    }
    for (uint32_t i = 0; i < map->size; i++) {
        if (map->taken[i]) {
            uint32_t slot = slot_of(&larger, map->keys[i]);
            larger.keys[slot] = map->keys[i];
            larger.values[slot] = map->values[i];
            larger.taken[slot] = true;
        }
    }
    *map = larger;
    return RM_OK;
}

rm_status rm_map_at(rm_map *map, rm_str key, uint32_t **value, bool *is_new) {
    if (map->count >= map->size / 2) {
        rm_status st = map->size > UINT32_MAX / 4
                           ? RM_LIMIT
                           : resize(map, map->size == 0 ? FIRST_SIZE : map->size * 2);
        if (st != RM_OK) {
            return st;
        }
    }
    uint32_t slot = slot_of(map, key);
    if (is_new != NULL) {
        *is_new = !map->taken[slot];
    }
    if (!map->taken[slot]) {
        map->taken[slot] = true;
        map->keys[slot] = key;
        map->count++;
    }
    *value = &map->values[slot];
    return RM_OK;
}

bool rm_map_get(const rm_map *map, rm_str key, uint32_t *value) {
    if (map->size == 0) {
        return false;
    }
    uint32_t slot = slot_of(map, key);
    if (map->taken[slot]) {
        *value = map->values[slot];
    }
    return map->taken[slot];
}
