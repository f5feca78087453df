#ifndef EXTRACT_SOURCE_OPENS_H
#define EXTRACT_SOURCE_OPENS_H

#include "project.h"
#include "source/set.h"

/*
 * What the sources of a program open, by the lexical pass alone: device paths (\\.\Name) in its
 * texts and in what it gives CreateFile, interface classes whose devices it asks Windows for
 * (CM_Get_Device_Interface_List, SetupDiGetClassDevs, CustomDevice::GetDeviceSelector).
 */

typedef struct rm_found_open {
    rm_str target;      /* \\.\Name, \Device\Name, or {guid} in lower case */
    bool impersonating; /* between an Impersonate… call and its Revert…, in one function */
    rm_place place;
} rm_found_open;

RM_LIST(rm_found_opens, rm_found_open);

typedef struct rm_program_facts {
    rm_found_opens opens; /* each target once, the first place of it */
    bool hands_over;      /* DuplicateHandle into another process */
    rm_place hands_over_at;
} rm_program_facts;

/* `files` are places in the set: the program's own sources; headers are found by themselves. */
rm_status rm_source_opens(rm_arena *arena, const rm_source_set *set, const uint32_t *files,
                          uint32_t count, rm_program_facts *out) RM_CHECK_RESULT;

/* The execution level that a #pragma comment(linker, …) of a source gives its program. */
void rm_source_pragmas(rm_str text, rm_project *project);

/*
 * For each project that builds a program: pushes what it opens, to the service of its name, the
 * apps of its package, the app of its file name; a program without a manifest becomes an app that
 * runs as its caller. `in_set` is, per input file, its place in the set. Comes when the manifests
 * and INFs have been read.
 */
rm_status rm_programs_read(rm_model *model, rm_sink *sink, rm_arena *arena,
                           const rm_source_set *set, const rm_projects *projects,
                           const rm_input_files *files, const uint32_t *in_set) RM_CHECK_RESULT;

#endif
