#include "find.h"

#include <string.h>

/* The id of an element: it is the first member of every struct of the model that has steps. */
static rm_str id_at(const void *at, size_t size, uint32_t index) {
    rm_str id;
    memcpy(&id, (const char *)at + size * index, sizeof id);
    return id;
}

uint32_t rm_find_id(const void *at, uint32_t count, size_t size, rm_str id) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rm_str_cmp(id_at(at, size, middle), id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < count && rm_str_eq(id_at(at, size, low), id)) {
        return low;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (rm_str_eq(id_at(at, size, i), id)) {
            return i;
        }
    }
    return RM_NONE;
}
