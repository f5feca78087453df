#include <stdio.h>
#include <time.h>

#include "base/platform.h"
#include "base/text.h"
#include "source/codes.h"
#include "source/normalise.h"
#include "source/plans.h"

/*
 * bench_sources FOLDER: reads the driver sources below a folder as a scan does, up to the parsed
 * units, and says how long each part took, in seconds of CPU time. Lines are NAME VALUE.
 */
typedef struct bench {
    rm_arena *arena;
    rm_input_files files;
    uint32_t *in_set;
    rm_source_set set;
    rm_projects projects;
    rm_plans plans;
    double normalise, parse;
    uint64_t bytes, parsed;
    rm_parse_figures figures;
} bench;

static double now(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static bool leave_out(rm_str folder) {
    return rm_extract_leaves_out(folder);
}

static rm_status read_files(bench *b, const char *folder) {
    rm_walk_files found = {0};
    rm_walk_skips skips = {0};
    rm_status st = rm_walk(b->arena, folder, leave_out, &found, &skips);
    for (uint32_t i = 0; i < found.count && st == RM_OK; i++) {
        rm_input_file file = {.path = found.at[i].relative};
        if (!rm_artifact_kind_of(file.path, &file.kind) ||
            rm_file_read(b->arena, found.at[i].path.ptr, (size_t)64 << 20, &file.bytes) != RM_OK) {
            continue;
        }
        rm_input_file *slot = rm_push(b->arena, &b->files);
        st = slot == NULL ? RM_NOMEM : RM_OK;
        if (slot != NULL) {
            *slot = file;
        }
    }
    return st;
}

static rm_status scan_sources(bench *b) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < b->files.count && st == RM_OK; i++) {
        const rm_input_file *file = &b->files.at[i];
        rm_encoding encoding = RM_ENC_UTF8;
        rm_str text = RM_STR_NONE;
        b->in_set[i] = RM_NONE;
        bool header = file->kind == RM_ARTIFACT_HEADER;
        if (!header && file->kind != RM_ARTIFACT_SOURCE) {
            continue;
        }
        b->bytes += file->bytes.len;
        st = rm_text_decode(b->arena, NULL, file->path, file->bytes, &encoding, &text);
        if (st == RM_OK) {
            st = rm_set_add(&b->set, file->path, text, header, &b->in_set[i]);
        }
    }
    return st == RM_OK ? rm_set_join(&b->set) : st;
}

static rm_status read_projects(bench *b) {
    const rm_file_index *index = NULL;
    rm_status st = rm_file_index_new(b->arena, &b->files, &index);
    for (uint32_t i = 0; i < b->files.count && st == RM_OK; i++) {
        if (b->files.at[i].kind == RM_ARTIFACT_PROJECT) {
            st = rm_project_read(b->arena, NULL, index, &b->files.at[i], &b->projects);
        }
    }
    static const rm_extract_options options = {0};
    rm_plan_input input = {&b->set, &b->files, b->in_set, &b->projects, &options};
    return st == RM_OK ? rm_plan_drivers(b->arena, &input, &b->plans) : st;
}

/* Normalises and parses each parsed file of a unit once more, each by itself. */
static rm_status again(bench *b, const rm_source_unit *unit) {
    for (uint32_t i = 0; i < unit->files.count; i++) {
        rm_source_file file = unit->files.at[i];
        rm_arena *arena = rm_arena_new((size_t)1 << 28);
        if (file.tree == NULL || arena == NULL) {
            rm_arena_free(arena);
            continue;
        }
        b->parsed += file.text.len;
        double start = now();
        rm_status st = rm_normalise(arena, unit->macros, file.in_set, &file.clean);
        b->normalise += now() - start;
        start = now();
        if (st == RM_OK) {
            st = rm_tree_parse(&file, NULL);
        }
        b->parse += now() - start;
        if (st == RM_OK) {
            ts_tree_delete(file.tree);
        }
        rm_arena_free(arena);
        if (st != RM_OK) {
            return st;
        }
    }
    return RM_OK;
}

static rm_status build_units(bench *b, double *took) {
    rm_status st = RM_OK;
    for (uint32_t i = 0; i < b->plans.count && st == RM_OK; i++) {
        rm_source_unit *unit = NULL;
        double start = now();
        st = rm_unit_build(&b->set, &b->plans.at[i].unit, NULL, NULL, NULL, &unit);
        *took += now() - start;
        if (st == RM_OK) {
            st = again(b, unit);
        }
        rm_unit_free(unit);
    }
    return st;
}

static rm_status run(bench *b, const char *folder) {
    rm_status st = read_files(b, folder);
    b->in_set = RM_NEW_ARRAY(b->arena, uint32_t, (size_t)b->files.count + 1);
    if (st != RM_OK || b->in_set == NULL) {
        return st != RM_OK ? st : RM_NOMEM;
    }
    double start = now();
    st = scan_sources(b);
    double scanned = now();
    if (st == RM_OK) {
        st = rm_set_find_codes(&b->set);
    }
    double coded = now();
    if (st == RM_OK) {
        st = read_projects(b);
    }
    double planned = now();
    double units = 0;
    if (st == RM_OK) {
        st = build_units(b, &units);
    }
    (void)printf("megabytes %.1f\nscan %.3f\ncodes %.3f\nplans %.3f\nunits %.3f\nread %.3f\n",
                 (double)b->bytes / 1e6, scanned - start, coded - scanned, planned - coded, units,
                 planned - start + units);
    (void)printf("parsed_megabytes %.1f\nnormalise %.3f\ntree_sitter %.3f\n",
                 (double)b->parsed / 1e6, b->normalise, b->parse);
    return st;
}

int main(int argc, char **argv) {
    bench b = {.arena = rm_arena_new((size_t)8 << 30)};
    if (argc != 2 || b.arena == NULL) {
        (void)fprintf(stderr, "usage: bench_sources FOLDER\n");
        return 2;
    }
    b.set.arena = b.arena;
    rm_status st = run(&b, argv[1]);
    rm_arena_free(b.arena);
    return st == RM_OK ? 0 : 1;
}
