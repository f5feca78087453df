#include <stdlib.h>

#include "base/text.h"
#include "inf/inf.h"
#include "inf/lex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every field lies in the file, lines follow each other, and reading it twice finds the same. */
static void check_lines(rm_inf *inf) {
    uint32_t expected = 0;
    for (uint32_t i = 0; i < inf->lines.count; i++) {
        const rm_inf_line *line = &inf->lines.at[i];
        if (line->first != expected || (line->count == 0 && !line->has_key)) {
            abort();
        }
        expected += line->count + (line->has_key ? 1u : 0u);
        for (uint32_t k = 0; k < line->count; k++) {
            rm_loc loc = rm_inf_field_loc(inf, line, k);
            rm_str text = rm_inf_field_at(inf, line, k);
            if (loc.line == 0 || loc.column == 0 ||
                !rm_str_eq(text, rm_inf_field_at(inf, line, k))) {
                abort();
            }
        }
    }
}

/* Every reference of a fact leads to something. */
static void check_facts(const rm_model *m) {
    for (uint32_t i = 0; i < m->stacks.count; i++) {
        const rm_stack_position *p = &m->stacks.at[i];
        if (p->position == 0 || (p->driver != RM_NONE && p->driver >= m->drivers.count) ||
            (p->device != RM_NONE && p->device >= m->devices.count)) {
            abort();
        }
    }
    for (uint32_t i = 0; i < m->installs.count; i++) {
        if (m->installs.at[i].driver != RM_NONE && m->installs.at[i].driver >= m->drivers.count) {
            abort();
        }
    }
    for (uint32_t i = 0; i < m->doors.count; i++) {
        if (m->doors.at[i].device >= m->devices.count) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rm_arena *arena = rm_arena_new((size_t)256 << 20);
    rm_model *model = rm_model_new((size_t)256 << 20);
    rm_inf *inf = NULL;
    rm_encoding encoding = RM_ENC_UTF8;
    rm_inf_file files[2] = {{.path = RM_STR("a.inf")}, {.path = RM_STR("b.inf")}};
    rm_str bytes = {(const char *)data, size};
    if (arena != NULL && model != NULL && size <= (1u << 16) &&
        rm_text_decode(arena, NULL, files[0].path, bytes, &encoding, &files[0].text) == RM_OK) {
        files[1].text = files[0].text; /* so that Include finds a file */
        if (rm_inf_lex(arena, NULL, files[0].path, files[0].text, &inf) == RM_OK) {
            check_lines(inf);
        }
        if (rm_inf_read_set(model, NULL, files, 2) == RM_OK) {
            check_facts(model);
        }
    }
    rm_model_free(model);
    rm_arena_free(arena);
    return 0;
}
