#ifndef EXTRACT_EXTRACT_H
#define EXTRACT_EXTRACT_H

#include "base/diag.h"
#include "model/model.h"

/* One file as it was read. `bytes` is borrowed until rm_extract() returns; `path` must outlive the
 * model, whose places point to it. */
typedef struct rm_input_file {
    rm_str path; /* relative to the scanned root, with '/' */
    rm_str bytes;
    rm_artifact_kind kind; /* of rm_artifact_kind_of() */
    /* An app package that is too large to be held: `bytes` is empty, the file is read here. */
    rm_str on_disk; /* NUL-terminated; empty: `bytes` has it */
    uint64_t size;  /* these two only beside on_disk */
    uint8_t digest[32];
} rm_input_file;

RM_LIST(rm_input_files, rm_input_file);

typedef struct rm_define {
    rm_str name;
    rm_str value; /* empty: 1 */
} rm_define;

/* How well the sources of drivers parsed, each file counted once. */
typedef struct rm_parse_figures {
    uint32_t files, clean_files;
    uint32_t functions, clean_functions; /* bodies without an error inside */
    uint64_t bytes;
} rm_parse_figures;

typedef struct rm_extract_options {
    const rm_define *defines; /* --define */
    uint32_t define_count;
    unsigned jobs;
    void (*progress)(void *payload, uint32_t done, uint32_t total, rm_str path); /* may be NULL */
    void *payload;
    /* Not NULL: every file of a driver is parsed, needed or not, and the outcome counted here. */
    rm_parse_figures *figures;
    /* Folders that were scanned, as paths begin with them; an empty one: the only one. */
    const rm_str *roots;
    uint32_t root_count;
} rm_extract_options;

/* What kind of artifact a path names (the contract's table); false: not one of ours. */
bool rm_artifact_kind_of(rm_str path, rm_artifact_kind *out);

/* Folders that a walk leaves out: .git and build outputs. */
bool rm_extract_leaves_out(rm_str folder);

/*
 * Turns files into facts: pushes artifacts and every fact of their readers to `model`. A file that
 * cannot be used is a diagnostic, and the work goes on. `unusable` counts those. Order: projects
 * and INFs first (they name the drivers), then sources by driver, manifests, SDDL and facts files.
 */
rm_status rm_extract(rm_model *model, rm_sink *sink, const rm_input_files *files,
                     const rm_extract_options *options, uint32_t *unusable) RM_CHECK_RESULT;

#endif
