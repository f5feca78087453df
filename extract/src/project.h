#ifndef EXTRACT_PROJECT_H
#define EXTRACT_PROJECT_H

#include "extract/extract.h"

/*
 * Which files make a driver or an app: Visual Studio projects (*.vcxproj with their .props), the
 * older kit's `sources`, and CMakeLists.txt. Private to extract.
 *
 * Nothing is run and no configuration is chosen: what any configuration builds is part of the
 * project, of a property with several values the first stands; a definition that only some
 * configurations have (SECURE, DBG) is none of the project's. References leave neither the scan nor
 * the machine. Two project files may tell of the same binary. Results live in the arena given.
 */

/* ---- the files of a scan, by name ---- */

typedef struct rm_file_index rm_file_index;

/* `files` is borrowed and must outlive the index, which lives in `arena`. */
rm_status rm_file_index_new(rm_arena *arena, const rm_input_files *files,
                            const rm_file_index **out) RM_CHECK_RESULT;

/*
 * The file of that path: case ignored, '\' as '/', "." and ".." resolved; an exact match wins among
 * several. Paths are relative to the scanned root; one that leaves it names nothing. NULL: none.
 */
const rm_input_file *rm_file_index_find(const rm_file_index *index, rm_str path);

/*
 * `path` as `folder` (both relative to the root) refers to it: joined, with '/', "." and ".."
 * resolved. False when it is absolute or leaves the root; *out is then as it was.
 */
bool rm_path_resolve(rm_arena *arena, rm_str folder, rm_str path, rm_str *out);

/* ---- projects ---- */

typedef enum rm_project_kind {
    RM_PROJECT_OTHER,          /* a package, a utility, or not told */
    RM_PROJECT_DRIVER,         /* a driver, kernel or user mode: `framework`, `mode` */
    RM_PROJECT_PROGRAM,        /* an .exe */
    RM_PROJECT_LIBRARY,        /* a .dll */
    RM_PROJECT_STATIC_LIBRARY, /* part of whatever refers to it */
    RM_PROJECT_KIND_COUNT
} rm_project_kind;

typedef struct rm_project_item {
    rm_str path;               /* relative to the root; as the scan has it when it has it */
    const rm_input_file *file; /* NULL: the scan has no such file */
    rm_place place;            /* of the reference */
} rm_project_item;

RM_LIST(rm_project_items, rm_project_item);

/* A manifest written into a resource script. */
typedef struct rm_project_text {
    rm_str text;
    rm_place place; /* of the resource */
} rm_project_text;

RM_LIST(rm_project_texts, rm_project_text);

typedef struct rm_project {
    rm_str path;   /* of the project file */
    rm_str name;   /* of the project, or of the CMake target */
    rm_str target; /* base name of what it builds, without extension: a driver's name */
    rm_project_kind kind;
    rm_framework framework; /* of a driver: wdm kmdf umdf1 umdf2; unknown where it is not told */
    rm_driver_mode mode;
    rm_project_items sources; /* .c .cpp …, each once */
    rm_project_items headers;
    rm_project_items infs;       /* .inf .inx */
    rm_project_items manifests;  /* embedded: Manifest items, AdditionalManifestFiles */
    rm_project_items packages;   /* AppxManifest items */
    rm_project_items resources;  /* .rc */
    rm_project_items includes;   /* folders of the include path; `file` is NULL */
    rm_project_items references; /* projects it is linked with */
    rm_project_texts inline_manifests;
    rm_str execution_level; /* UACExecutionLevel of the linker, as a manifest writes it */
    bool ui_access;
    rm_str defines; /* NAME or NAME=VALUE joined by ';': those of every configuration */
    rm_place place; /* of the element that says what it builds */
} rm_project;

RM_LIST(rm_projects, rm_project);

/*
 * Reads one project file and pushes what it builds: one for a .vcxproj or `sources`, one for each
 * target of a CMakeLists.txt, none for a .props, a makefile, or what cannot be read (then `sink`
 * says why: project-*, xml-*). RM_OK in all these cases.
 */
rm_status rm_project_read(rm_arena *arena, rm_sink *sink, const rm_file_index *files,
                          const rm_input_file *file, rm_projects *out) RM_CHECK_RESULT;

/*
 * Takes from options of the linker what they say of the manifest that it makes: /MANIFESTUAC with
 * level and uiAccess, quoted in whatever way. Source: "/MANIFESTUAC (Embeds UAC information in
 * manifest)".
 */
void rm_project_linker_options(rm_project *project, rm_str options);

/* The word of a manifest for a linker's or a manifest's execution level; empty: none of them. */
rm_str rm_project_level(rm_str text);

#endif
