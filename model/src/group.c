#include "group.h"

#include <string.h>

static uint32_t key_of(const void *items, uint32_t i, size_t item_size, size_t field) {
    uint32_t key = 0;
    memcpy(&key, (const unsigned char *)items + i * item_size + field, sizeof key);
    return key;
}

rm_status rm_group_build(rm_arena *scratch, const void *items, uint32_t count, size_t item_size,
                         size_t field, uint32_t keys, rm_group *out) {
    rm_group g = {.first = RM_NEW_ARRAY(scratch, uint32_t, (size_t)keys + 2),
                  .order = RM_NEW_ARRAY(scratch, uint32_t, (size_t)count + 1),
                  .keys = keys};
    if (g.first == NULL || g.order == NULL) {
        return RM_NOMEM;
    }
    /* counting sort: sizes one place to the right, running sums, then each item to its place */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key = key_of(items, i, item_size, field);
        g.first[key < keys ? key + 2 : 0] += key < keys;
    }
    for (uint32_t k = 2; k < keys + 2; k++) {
        g.first[k] += g.first[k - 1];
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key = key_of(items, i, item_size, field);
        if (key < keys) {
            g.order[g.first[key + 1]++] = i;
        }
    }
    *out = g;
    return RM_OK;
}
