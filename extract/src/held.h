#ifndef EXTRACT_HELD_H
#define EXTRACT_HELD_H

#include "base/diag.h"
#include "base/list.h"

/*
 * Diagnostics that are held back until their turn, so that work done in parallel reports in the
 * order of its items. Private to extract.
 */
typedef struct rm_held_diagnostic {
    rm_level level;
    rm_loc place;
    const char *id;
    rm_str text;
} rm_held_diagnostic;

RM_LIST(rm_held_list, rm_held_diagnostic);

typedef struct rm_held {
    rm_sink sink; /* report here; must not move while it is reported to */
    rm_arena *arena;
    rm_held_list list;
} rm_held;

/* Texts are kept in `arena`; one that has no room there is lost. */
void rm_held_init(rm_held *held, rm_arena *arena);

/* Hands everything to `sink` (may be NULL), in the order in which it came. */
void rm_held_release(const rm_held *held, rm_sink *sink);

#endif
