#ifndef EXTRACT_LOAD_H
#define EXTRACT_LOAD_H

#include "base/text.h"
#include "extract/extract.h"
#include "source/scan.h"

/*
 * The first look at each file: its encoding, hash and text, and the lexical pass over a source.
 * Files are looked at in parallel; what is found and said is the same for any number of threads.
 * Private to extract.
 */
typedef struct rm_loaded {
    rm_str text; /* UTF-8; empty for binaries and packages, and for a source that is too large */
    rm_encoding encoding;
    unsigned char digest[32]; /* SHA-256 of the bytes */
    uint32_t in_set;          /* its place among the sources and headers, or RM_NONE */
    rm_scan scan;             /* of a source or header */
    bool unusable;
} rm_loaded;

typedef struct rm_loads {
    rm_loaded *at;     /* one for each file */
    rm_arena **arenas; /* hold texts and scans, one for each thread */
    unsigned arena_count;
} rm_loads;

/* Sources in C# are no part of the set of C and C++ sources: programs alone have them. */
bool rm_is_csharp(rm_str path);

/* Lists are made in `arena`. Free with rm_loads_done(), whatever the result; it must come after
 * the last use of a text. */
rm_status rm_load_files(rm_arena *arena, const rm_input_files *files, rm_sink *sink, unsigned jobs,
                        rm_loads *out) RM_CHECK_RESULT;
void rm_loads_done(rm_loads *loads);

#endif
