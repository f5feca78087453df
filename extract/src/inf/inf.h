#ifndef EXTRACT_INF_H
#define EXTRACT_INF_H

#include "extract/extract.h"

/* Driver packages: what an INF says about drivers, services, devices, their doors and stacks. */

/* One INF as it was read. */
typedef struct rm_inf_file {
    rm_str path;   /* relative to the scanned root */
    rm_str text;   /* UTF-8 of rm_text_decode() */
    bool used;     /* set when a fact came from it */
    bool unusable; /* set when it is no INF, or Windows refuses it and no fact came from it */
} rm_inf_file;

/*
 * Pushes the facts of all files to `model`. Include finds its files among them, by name and first
 * in the same folder; services that one file defines and another uses are joined. Diagnostics go
 * to `sink`. Fails with RM_NOMEM only; a file that cannot be read leaves a diagnostic.
 */
rm_status rm_inf_read_set(rm_model *model, rm_sink *sink, rm_inf_file *files,
                          uint32_t count) RM_CHECK_RESULT;

/* The same for a single file. */
rm_status rm_inf_read(rm_model *model, rm_sink *sink, rm_str path, rm_str text,
                      bool *used) RM_CHECK_RESULT;

/* A binary that an INF makes a service or a UMDF driver of: the name of a driver. */
typedef struct rm_inf_binary {
    rm_str stem;    /* "serial" of %12%\serial.sys */
    rm_str service; /* the service's or UMDF driver's name */
    bool kernel;    /* a kernel driver; otherwise a UMDF driver or a Win32 service's program */
    bool umdf;
    rm_place place;
} rm_inf_binary;

RM_LIST(rm_inf_binaries, rm_inf_binary);

/*
 * The binaries of one INF, in the order of its text, each once. Texts live in `arena` or borrow
 * from `text`. A binary that is built from sources in a folder has its INF there or above.
 */
rm_status rm_inf_binaries_of(rm_arena *arena, rm_str path, rm_str text,
                             rm_inf_binaries *out) RM_CHECK_RESULT;

#endif
