#ifndef EXTRACT_PROJECT_CMAKE_LEX_H
#define EXTRACT_PROJECT_CMAKE_LEX_H

#include "model/model.h"

/* The commands of a CMakeLists.txt, one after another. Source: cmake-language(7). */

enum { RM_CMAKE_MAX_ARGUMENTS = 4096 }; /* of one command; the rest is passed over */

typedef struct rm_cmake_argument {
    rm_str text; /* without quotes or brackets, references and escapes as written */
    rm_place place;
    bool quoted;
} rm_cmake_argument;

RM_LIST(rm_cmake_arguments, rm_cmake_argument);

typedef struct rm_cmake_lex {
    rm_str file, text;
    size_t at;
    uint32_t line; /* begins at 1 */
    size_t line_start;
} rm_cmake_lex;

/*
 * The next command and its arguments, which join `args`. False at the end of the text, and when
 * memory is short, which *status tells.
 */
bool rm_cmake_next(rm_arena *arena, rm_cmake_lex *lex, rm_str *name, rm_cmake_arguments *args,
                   rm_status *status);

#endif
