#ifndef EXTRACT_INF_SET_H
#define EXTRACT_INF_SET_H

#include "inf/inf.h"
#include "inf/lex.h"

/*
 * One INF with those it includes, and the lines of a section together with what its Needs name.
 * Everything lives in the arena given; the files are borrowed.
 */
enum {
    RM_INF_MAX_INCLUDE_DEPTH = 16, /* of Needs within Needs; packages of Windows reach 3 */
    RM_INF_MAX_STEPS = 1u << 22,   /* lines looked at besides those of the file itself */
    RM_INF_STEPS_PER_LINE = 16,
};

typedef struct rm_inf_included {
    rm_str name; /* as Include has it */
    rm_inf *inf; /* NULL: not among the files */
} rm_inf_included;

RM_LIST(rm_inf_includeds, rm_inf_included);

typedef struct rm_inf_set {
    rm_arena *arena;
    rm_sink *sink;
    const rm_inf_file *files;
    uint32_t file_count;
    rm_inf *main;
    rm_inf_includeds included;
    uint64_t steps; /* left: what keeps references from multiplying without end */
} rm_inf_set;

/* A line, and the file whose strings it is read with. */
typedef struct rm_inf_item {
    rm_inf *inf;
    const rm_inf_line *line;
    rm_str section;
} rm_inf_item;

RM_LIST(rm_inf_items, rm_inf_item);

/* A section that Needs names and that is in a file that is not there; empty name: none. */
typedef struct rm_inf_need {
    rm_str name;
    rm_loc loc;
} rm_inf_need;

typedef struct rm_inf_lines_read {
    rm_inf_items items;
    rm_inf_need missing; /* the first such section */
    rm_inf_need unknown; /* the first whose contents no document tells: see needs.c */
} rm_inf_lines_read;

/* Lexes the main file. Fails with RM_NOMEM only. */
rm_status rm_inf_set_open(rm_inf_set *set, rm_arena *arena, rm_sink *sink, const rm_inf_file *files,
                          uint32_t file_count, uint32_t main) RM_CHECK_RESULT;

/*
 * The lines of the section of that name in `inf`, those of its Needs first, without the Include
 * and Needs lines themselves. Loops and missing files are diagnostics. *out starts empty.
 */
rm_status rm_inf_gather(rm_inf_set *set, rm_inf *inf, rm_str section,
                        rm_inf_lines_read *out) RM_CHECK_RESULT;

/*
 * A section of Windows' own INFs of which documents tell what it sets, none of it a descriptor,
 * a characteristic or a filter that is not known otherwise. Without its file nothing is unknown.
 */
bool rm_inf_need_is_documented(rm_str section);

/* Takes `n` steps; false, with one diagnostic, when they are used up. */
bool rm_inf_step(rm_inf_set *set, uint64_t n);

rm_str rm_inf_item_key(const rm_inf_item *item);
rm_str rm_inf_item_field(const rm_inf_item *item, uint32_t i);
rm_loc rm_inf_item_loc(const rm_inf_item *item);
rm_loc rm_inf_item_field_loc(const rm_inf_item *item, uint32_t i);

#endif
