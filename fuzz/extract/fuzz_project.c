/* Any bytes as a project of each format; the first byte chooses it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "project.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"p/x.vcxproj", "p/sources", "p/CMakeLists.txt"};
    if (size == 0) {
        return 0;
    }
    rm_arena *arena = rm_arena_new((size_t)64 << 20);
    if (arena == NULL) {
        return 0;
    }
    rm_str bytes = {(const char *)data + 1, size - 1};
    rm_input_file files[] = {
        {.path = rm_str_from(names[data[0] % 3]), .bytes = bytes, .kind = RM_ARTIFACT_PROJECT},
        {.path = RM_STR("common.props"),
         .bytes = bytes,
         .kind = RM_ARTIFACT_PROJECT}, /* imports itself, if it can */
        {.path = RM_STR("p/a.c"), .bytes = RM_STR_NONE, .kind = RM_ARTIFACT_SOURCE},
        {.path = RM_STR("p/src/b.c"), .bytes = RM_STR_NONE, .kind = RM_ARTIFACT_SOURCE},
    };
    rm_input_files list = {files, 4, 4};
    const rm_file_index *index = NULL;
    rm_projects out = {.count = 0};
    if (rm_file_index_new(arena, &list, &index) == RM_OK &&
        rm_project_read(arena, NULL, index, &files[0], &out) == RM_SYNTAX) {
        abort(); /* a bad input is a diagnostic, never a status */
    }
    rm_arena_free(arena);
    return 0;
}
