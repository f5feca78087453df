#ifndef EXTRACT_SOURCE_LIVENESS_H
#define EXTRACT_SOURCE_LIVENESS_H

#include "source/lex.h"
#include "source/macros.h"

/* Is code that stands at a place part of what is built? */
typedef enum rm_liveness {
    RM_LIVE,
    RM_LIVE_PERHAPS, /* in a group of #if that this configuration leaves out, and another may not */
    RM_DEAD          /* behind #if 0, or on the other side of #if 1 */
} rm_liveness;

rm_liveness rm_liveness_at(const rm_macros *macros, uint32_t file, size_t at);

/*
 * With the lexer behind `if` or `while`: where the statement ends that is never run, as its
 * condition is the constant 0 or false; 0: it may be run.
 */
size_t rm_dead_statement(rm_lexer behind);

#endif
