#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "base/str.h"

/*
 * Ids. An id says what a thing is: its kind and names joined by ':', in lower case, everything but
 * letters, digits and the signs _ . > ! made '-'. So it is safe in a shell, a URL and a pattern.
 * Equal things are told apart by "~2", "~3" in the order of their list.
 */
enum { RM_IDENT_PARTS = 10 };

typedef struct rm_ident {
    rm_str at[RM_IDENT_PARTS];
    unsigned count;
} rm_ident;

void rm_ident_part(rm_ident *ident, rm_str text); /* at most RM_IDENT_PARTS times */

rm_status rm_ident_make(rm_arena *arena, const char *kind, const rm_ident *ident,
                        rm_str *out) RM_CHECK_RESULT;

/* A set of texts with how often each was given. */
typedef struct rm_tally {
    rm_str *texts;
    uint32_t *times;
    uint32_t size; /* a power of two, at least twice what is put in */
} rm_tally;

rm_status rm_tally_new(rm_arena *arena, uint32_t count, rm_tally *out) RM_CHECK_RESULT;

/* How often `text` was given so far, this time included. At most `count` different ones. */
uint32_t rm_tally_add(rm_tally *tally, rm_str text);

#endif
