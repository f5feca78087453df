#include "merge_overlap.h"

#include "base/map.h"

enum { MOST_TOLD = 8 }; /* pairs of models */

/* Is one path the other's below a folder: src/driver.c and driver/src/driver.c? */
static bool is_below(rm_str path, rm_str longer) {
    const size_t before = longer.len - path.len;
    return longer.len > path.len + 1 && longer.ptr[before - 1] == '/' &&
           rm_str_eq(rm_str_slice(longer, before, longer.len), path);
}

/* A file of both models, by its bytes, that stands deeper in one of them. */
typedef struct overlap {
    uint32_t files;
    rm_str one, other; /* the paths of the first of them */
} overlap;

/* The files of a model by their bytes; of equal ones the first. */
static rm_status index_files(rm_arena *arena, const rm_model *m, rm_map *files) {
    rm_status st = RM_OK;
    *files = (rm_map){.arena = arena};
    for (uint32_t i = 0; st == RM_OK && i < m->artifacts.count; i++) {
        const rm_artifact *a = &m->artifacts.at[i];
        uint32_t *value = NULL;
        bool is_new = false;
        if (a->sha256.len == 0 || a->bytes == 0 || !a->used) {
            continue;
        }
        st = rm_map_at(files, a->sha256, &value, &is_new);
        if (st == RM_OK && is_new) {
            *value = i;
        }
    }
    return st;
}

static overlap compare(const rm_model *a, const rm_map *files_of_a, const rm_model *b) {
    overlap found = {.files = 0};
    for (uint32_t i = 0; i < b->artifacts.count; i++) {
        uint32_t other = 0;
        if (!b->artifacts.at[i].used ||
            !rm_map_get(files_of_a, b->artifacts.at[i].sha256, &other)) {
            continue;
        }
        const rm_str one = a->artifacts.at[other].path;
        const rm_str two = b->artifacts.at[i].path;
        if (is_below(one, two) || is_below(two, one)) {
            found.one = found.files == 0 ? one : found.one;
            found.other = found.files == 0 ? two : found.other;
            found.files++;
        }
    }
    return found;
}

rm_status rm_tell_overlaps(rm_invocation *in, rm_model *const *models, uint32_t count) {
    unsigned told = 0;
    rm_status st = RM_OK;
    for (uint32_t a = 0; st == RM_OK && a < count; a++) {
        rm_map files;
        st = index_files(in->arena, models[a], &files);
        for (uint32_t b = a + 1; st == RM_OK && b < count && told < MOST_TOLD; b++) {
            const overlap found = compare(models[a], &files, models[b]);
            if (found.files == 0) {
                continue;
            }
            told++;
            rm_diag(&in->sink, RM_WARNING, (rm_loc){0}, "merge-overlap",
                    "'%s' and '%s' have %u file%s in common under other paths ('%.*s', '%.*s'): "
                    "trees that hold parts of each other are scanned from one root",
                    in->operands[a], in->operands[b], (unsigned)found.files,
                    found.files == 1 ? "" : "s", RM_STR_ARG(found.one), RM_STR_ARG(found.other));
        }
    }
    return st;
}
