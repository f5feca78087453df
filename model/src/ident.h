#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "base/map.h"

/*
 * Ids. An id says what a thing is: its kind and names joined by ':', in lower case, everything but
 * letters, digits and the signs _ . + made '-', and the '>' of a chain made '+'. So it needs no
 * quotes in a shell, a URL or a pattern. Equal things are told apart by "~2", "~3" in the order of
 * their list.
 */
enum { RM_IDENT_PARTS = 10 };

typedef struct rm_ident {
    rm_str at[RM_IDENT_PARTS];
    unsigned count;
} rm_ident;

void rm_ident_part(rm_ident *ident, rm_str text); /* at most RM_IDENT_PARTS times */

rm_status rm_ident_make(rm_arena *arena, const char *kind, const rm_ident *ident,
                        rm_str *out) RM_CHECK_RESULT;

/*
 * Makes an id its own among those in `seen` (keys: ids, values: how often), which starts empty.
 */
rm_status rm_ident_tell_apart(rm_arena *arena, rm_map *seen, rm_str *id) RM_CHECK_RESULT;

#endif
