#ifndef EXTRACT_SOURCE_OPENS_H
#define EXTRACT_SOURCE_OPENS_H

#include "load.h"
#include "project.h"
#include "source/set.h"

/*
 * What the sources of a program open, by the lexical pass alone: device paths (\\.\Name) in its
 * texts and in what it gives CreateFile, interface classes whose devices it asks Windows for
 * (CM_Get_Device_Interface_List, SetupDiGetClassDevs, CustomDevice::GetDeviceSelector), ports of
 * minifilters; and how others reach it: pipes, RPC, COM.
 */

typedef struct rm_found_open {
    rm_str target;      /* \\.\Name, \Device\Name, \Port, or {guid} in lower case */
    bool impersonating; /* with its caller's token, wherever it is opened */
    bool perhaps;       /* only in code that another configuration of the build may have */
    rm_place place;
} rm_found_open;

RM_LIST(rm_found_opens, rm_found_open);

/* A way into the program, or into another one that it calls. */
typedef struct rm_found_door {
    bool perhaps;      /* as above */
    rm_door_kind kind; /* pipe or rpc */
    rm_str name;       /* \\.\pipe\Name, ncalrpc:[endpoint], an RPC interface, {clsid} */
    rm_place place;
} rm_found_door;

RM_LIST(rm_found_doors, rm_found_door);
RM_LIST(rm_found_names, rm_str);

typedef struct rm_program_facts {
    rm_found_opens opens;    /* each target once, the first place of it */
    rm_found_doors serves;   /* each name once */
    rm_found_doors calls;    /* doors of others */
    bool is_service;         /* it tells the service control manager of itself */
    rm_found_names services; /* by these names */
    rm_place service_at;
    bool installs;   /* CreateService is called in it: the account is known */
    rm_str account;  /* empty: LocalSystem */
    bool hands_over; /* DuplicateHandle into another process */
    rm_place hands_over_at;
} rm_program_facts;

/* A program's sources: places in the set; headers are found by themselves. */
typedef struct rm_program_sources {
    const rm_source_set *set;
    const uint32_t *files;
    uint32_t count;
    uint32_t own;   /* the others are its libraries', which never make a service of it */
    rm_str defines; /* NAME or NAME=VALUE joined by ';' */
} rm_program_sources;

/* What is never built or run does not count. */
rm_status rm_source_opens(rm_arena *arena, const rm_program_sources *sources,
                          rm_program_facts *out) RM_CHECK_RESULT;

typedef struct rm_csharp_file {
    rm_str path, text;
} rm_csharp_file;

RM_LIST(rm_csharp_files, rm_csharp_file);

/* The same of a program's sources in C#; adds to *out. */
rm_status rm_csharp_opens(rm_arena *arena, const rm_csharp_file *files, uint32_t count,
                          rm_program_facts *out) RM_CHECK_RESULT;

/* Adds what is not there yet; `open.impersonating` and `perhaps` hold as long as all say so. */
rm_status rm_found_add_open(rm_arena *arena, rm_program_facts *facts,
                            rm_found_open open) RM_CHECK_RESULT;
rm_status rm_found_add_door(rm_arena *arena, rm_found_doors *doors,
                            rm_found_door door) RM_CHECK_RESULT;

/* The execution level that a #pragma comment(linker, …) of a source gives its program. */
void rm_source_pragmas(rm_str text, rm_project *project);

/* Files of the scan, their texts, and per file its place in the set. */
typedef struct rm_program_input {
    const rm_source_set *set;
    const rm_projects *projects;
    const rm_input_files *files;
    const rm_loads *loads;
    const uint32_t *in_set;
} rm_program_input;

/*
 * For each project that builds a program, and each main() that no project lists: pushes what it
 * opens, to the service of its name, the apps of its package, the app of its file name; a program
 * without a manifest becomes an app that runs as its caller. A service that no INF names becomes
 * one. Doors go to the service, or are entries of the app. Comes when manifests and INFs are read.
 */
rm_status rm_programs_read(rm_model *model, rm_sink *sink, rm_arena *arena,
                           const rm_program_input *in) RM_CHECK_RESULT;

#endif
