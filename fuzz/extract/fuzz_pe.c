/* Any bytes as a program file: the manifests found lie within it, and are few. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "pe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)16 << 20);
    rm_pe_manifests found = {0};
    rm_str bytes = {(const char *)data, size};
    if (arena == NULL) {
        return 0;
    }
    rm_status st = rm_pe_manifests_of(arena, NULL, RM_STR("a.exe"), bytes, &found);
    for (uint32_t i = 0; st == RM_OK && i < found.count; i++) {
        const rm_str text = found.at[i].bytes;
        if (i >= 16 || text.len > size || (text.len > 0 && text.ptr < bytes.ptr) ||
            (text.len > 0 && text.ptr + text.len > bytes.ptr + bytes.len)) {
            abort();
        }
    }
    rm_arena_free(arena);
    return 0;
}
