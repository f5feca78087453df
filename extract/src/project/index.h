#ifndef EXTRACT_PROJECT_INDEX_H
#define EXTRACT_PROJECT_INDEX_H

#include "project.h"
#include "project/limits.h"

struct rm_file_index {
    const rm_input_file **at; /* by path, case ignored */
    uint32_t count;
};

/* A path being put together: relative to the root, '/', no "." or "..". */
typedef struct rm_file_path {
    char text[PROJECT_MAX_PATH];
    size_t len;
} rm_file_path;

/* False when `relative` is absolute, leaves the root or is too long; *out is then as it was. */
bool rm_path_join(rm_str folder, rm_str relative, rm_file_path *out);
rm_str rm_path_text(const rm_file_path *path);

/* The position of the first file whose path is not before `path`. */
uint32_t rm_file_index_from(const rm_file_index *index, rm_str path);

/* MSBuild's and CMake's wildcards: '*' and '?' within a component, "**" over several. */
bool rm_path_is_pattern(rm_str path);
bool rm_path_matches(rm_str pattern, rm_str path);

#endif
