#ifndef EXTRACT_PROJECT_BUILD_H
#define EXTRACT_PROJECT_BUILD_H

#include "project/index.h"

/* What the readers of the three formats share: a project while it is put together. */

/* One name and its value, for $(NAME) and ${NAME}. */
typedef struct rm_property {
    rm_str name;
    rm_str value;
    bool fixed; /* set without a condition */
} rm_property;

RM_LIST(rm_properties, rm_property);

typedef struct rm_build {
    rm_arena *arena;
    rm_sink *sink;
    const rm_file_index *files;
    rm_str folder; /* of the project file: items are relative to it */
    rm_properties properties;
    bool ignores_case; /* names of properties: MSBuild and nmake do, CMake does not */
    char open, close;  /* of a reference: '(' ')' or '{' '}' */
    size_t expanded;   /* bytes made so far */
    unsigned imports;
    rm_project project;
} rm_build;

/* Empty when there is none of that name. */
rm_str rm_build_property(const rm_build *build, rm_str name);

/*
 * Sets a property: one set under a condition stands until one comes without. Silent at the limits.
 */
rm_status rm_build_set(rm_build *build, rm_str name, rm_str value,
                       bool conditional) RM_CHECK_RESULT;

/* `text` with its references replaced; an unknown one stays as written. Silent at the limits. */
rm_status rm_build_expand(rm_build *build, rm_str text, rm_str *out) RM_CHECK_RESULT;

/* Is there a reference left in an expanded text? */
bool rm_build_has_reference(const rm_build *build, rm_str text);

/*
 * Adds the file, or what a pattern means, to `list`, each path once. A reference at the start that
 * could not be replaced ($(SolutionDir)) is looked for above the folder.
 */
rm_status rm_build_add(rm_build *build, rm_project_items *list, rm_str path,
                       rm_place place) RM_CHECK_RESULT;

/* The list a file belongs to by its extension; NULL for one that is of no interest. */
rm_project_items *rm_build_list_of(rm_project *project, rm_str path);

/* Adds a folder of the include path. */
rm_status rm_build_add_folder(rm_build *build, rm_str path, rm_place place) RM_CHECK_RESULT;

/* Adds a preprocessor definition unless it holds a reference or is there already. */
rm_status rm_build_define(rm_build *build, rm_str definition) RM_CHECK_RESULT;

/* The next piece of `text` between separators, trimmed; false at the end. Empty ones are skipped.
 */
bool rm_next_piece(rm_str *text, const char *separators, rm_str *piece);

/* Tells of sources that the scan does not have, then hands the project over. */
rm_status rm_build_finish(rm_build *build, rm_projects *out) RM_CHECK_RESULT;

/* ---- the formats ---- */

rm_status rm_msbuild_read(rm_build *build, const rm_input_file *file,
                          rm_projects *out) RM_CHECK_RESULT;
rm_status rm_sources_read(rm_build *build, const rm_input_file *file,
                          rm_projects *out) RM_CHECK_RESULT;
rm_status rm_cmake_read(rm_build *build, const rm_input_file *file,
                        rm_projects *out) RM_CHECK_RESULT;

#endif
