#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every value has a place, every object's keys differ, and nothing is deeper than allowed. */
static void check(const rm_json *value, unsigned depth) {
    if (value->loc.line == 0 || value->loc.column == 0 || depth > 64) {
        abort();
    }
    for (const rm_json *c = value->child; c != NULL; c = c->next) {
        if (value->kind == RM_JSON_OBJECT && rm_json_get(value, c->key.ptr) != c) {
            abort();
        }
        check(c, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    const rm_json *root = NULL;
    if (arena == NULL || size > (1u << 16)) {
        rm_arena_free(arena);
        return 0;
    }
    rm_str text = {(const char *)data, size};
    rm_status status = rm_json_parse(arena, NULL, RM_STR("fuzz.json"), text, &root);
    if (status == RM_OK) {
        check(root, 0);
    } else if (status != RM_SYNTAX) {
        abort(); /* cJSON refused what the scan let pass */
    }
    rm_arena_free(arena);
    return 0;
}
