#include <stdlib.h>

#include "source/build.h"
#include "source/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is parsed has the same length and lines, and every function lies in its file. */
static void check(const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        const rm_source_file *file = &unit->files.at[i];
        if (file->tree == NULL) {
            continue; /* too long, or no text */
        }
        if (file->clean.len != file->text.len) {
            abort();
        }
        for (size_t k = 0; k < file->text.len; k++) {
            if ((file->clean.ptr[k] == '\n') != (file->text.ptr[k] == '\n')) {
                abort();
            }
        }
    }
    for (uint32_t i = 0; i < unit->functions.count; i++) {
        const rm_function *f = &unit->functions.at[i];
        if (f->name.len == 0 || ts_node_end_byte(f->node) > unit->files.at[f->file].text.len) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)1 << 26);
    rm_model *model = rm_model_new((size_t)1 << 26);
    rm_source_unit *unit = NULL;
    if (arena == NULL || model == NULL || size == 0) {
        rm_arena_free(arena);
        rm_model_free(model);
        return 0;
    }
    rm_source_set set = {.arena = arena};
    rm_str text = {(const char *)data + 1, size - 1};
    rm_str path = data[0] % 2 == 0 ? RM_STR("d/a.c") : RM_STR("d/a.cpp");
    if (rm_unit_of_text(&set, path, text, model, NULL, &unit) == RM_OK) {
        check(unit);
        if (rm_source_devices(unit) != RM_OK) {
            model->devices.count = 0;
        }
    }
    rm_unit_free(unit);
    rm_model_free(model);
    rm_arena_free(arena);
    return 0;
}
