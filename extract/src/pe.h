#ifndef EXTRACT_PE_H
#define EXTRACT_PE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"

/*
 * The manifests in a program file (RT_MANIFEST resources of .exe and .dll). Nothing else of it is
 * looked at. Source: "PE Format", sections on headers, the section table and the .rsrc section.
 */

typedef struct rm_pe_manifest {
    rm_str bytes; /* within the file */
    uint32_t id;  /* 1: of a process; 2: of a library; 0: it has a name instead */
} rm_pe_manifest;

RM_LIST(rm_pe_manifests, rm_pe_manifest);

/*
 * Pushes the manifests of a file, in the order of its directory. Nothing is pushed for a file that
 * is no Windows program (a note, pe-not-one) or has no resources. RM_SYNTAX, with an error
 * (pe-damaged) at `path`, when a header, a directory or a manifest lies outside of the file.
 */
rm_status rm_pe_manifests_of(rm_arena *arena, rm_sink *sink, rm_str path, rm_str bytes,
                             rm_pe_manifests *out) RM_CHECK_RESULT;

#endif
