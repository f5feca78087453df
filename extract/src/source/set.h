#ifndef EXTRACT_SOURCE_SET_H
#define EXTRACT_SOURCE_SET_H

#include "extract/extract.h"
#include "source/scan.h"

/*
 * All source and header files of one run, scanned, with what joins them: which file an #include
 * means, and where a name is defined. Built once, then only read. Lives in one arena.
 */
/* A definition of a control code: #define, enumerator, constant, or CTL_CODE within code. */
typedef struct rm_code_definition {
    rm_str name; /* empty: within code */
    rm_str text; /* what it is defined as */
    uint32_t at; /* offset of the name */
    uint32_t line;
    uint32_t column;
    bool has_code; /* false: cannot be evaluated from what its file includes */
    uint32_t code;
} rm_code_definition;

RM_LIST(rm_code_definitions, rm_code_definition);

typedef struct rm_set_file {
    rm_str path;
    rm_str text; /* UTF-8; empty where the file could not be used */
    rm_scan scan;
    uint32_t *includes;        /* for each of scan.includes: a file of the set, or RM_NONE */
    rm_code_definitions codes; /* filled by rm_set_find_codes() */
    bool guessed;              /* not UTF-8: what its bytes beyond ASCII mean is not told */
    bool is_header;
    bool is_cpp; /* read by the C++ grammar: C++ sources, and headers, which may be either */
} rm_set_file;

RM_LIST(rm_set_files, rm_set_file);

typedef struct rm_source_set {
    rm_arena *arena;
    rm_set_files files;
    const rm_define *defines; /* the user's, borrowed */
    uint32_t define_count;
    uint32_t *buckets; /* of defined names: index of the first definition in `all`, or RM_NONE */
    uint32_t bucket_mask;
    rm_macro_list all; /* every definition of every file, those of one name chained */
} rm_source_set;

/* Adds one file; `text` is borrowed. Its place in the set goes to *index. */
rm_status rm_set_add(rm_source_set *set, rm_str path, rm_str text, bool is_header,
                     uint32_t *index) RM_CHECK_RESULT;

/* The same for a text that was scanned already, as the file that comes next in the set. */
rm_status rm_set_add_scanned(rm_source_set *set, rm_str path, rm_str text, bool is_header,
                             const rm_scan *scan) RM_CHECK_RESULT;

/* When all files are in: resolves includes and chains definitions. */
rm_status rm_set_join(rm_source_set *set) RM_CHECK_RESULT;

/*
 * The first definition of a name in the set or among what the driver kit defines (file RM_NONE);
 * follow .next for others. RM_NONE: none.
 */
uint32_t rm_set_first(const rm_source_set *set, rm_str name);
uint32_t rm_set_first_of_hash(const rm_source_set *set, rm_str name, uint64_t hash);

/* One bit for each file of the set. */
typedef struct rm_file_bits {
    uint64_t *words;
    uint32_t count;
} rm_file_bits;

rm_status rm_bits_new(rm_arena *arena, uint32_t files, rm_file_bits *out) RM_CHECK_RESULT;
bool rm_bits_has(const rm_file_bits *bits, uint32_t file);
void rm_bits_add(rm_file_bits *bits, uint32_t file);

/* Adds `file` and everything that it includes, directly or not. */
void rm_set_closure(const rm_source_set *set, uint32_t file, rm_file_bits *bits);

#endif
