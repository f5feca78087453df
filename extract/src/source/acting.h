#ifndef EXTRACT_SOURCE_ACTING_H
#define EXTRACT_SOURCE_ACTING_H

#include "base/map.h"
#include "source/lex.h"
#include "source/set.h"

/*
 * With whose token code runs: between RpcImpersonateClient() and its like and the reverting call it
 * is the caller's. By tokens alone, routine by routine; what it cannot be sure of counts as the
 * program's own token. A routine that only such code calls runs as the caller too; one that is a
 * callback (a thread's, say) does not. One that leaves it so for its own caller begins it there.
 */

typedef struct rm_routine {
    rm_str name;
    bool begins, ends;      /* impersonation, for whoever calls it */
    bool called, mentioned; /* mentioned: its address goes somewhere */
    bool as_caller;         /* whenever it runs */
} rm_routine;

RM_LIST(rm_routines, rm_routine);

typedef struct rm_routine_call {
    uint32_t from, to; /* routines; from may be RM_NONE */
    bool acting;
} rm_routine_call;

RM_LIST(rm_routine_calls, rm_routine_call);

/* The routines of one program. */
typedef struct rm_acting {
    rm_arena *arena;
    rm_map names;
    rm_routines routines;
    rm_routine_calls calls;
} rm_acting;

rm_status rm_acting_of(rm_arena *arena, const rm_source_set *set, const uint32_t *files,
                       uint32_t count, rm_acting *out) RM_CHECK_RESULT;

/* Does the code run as its caller: where `acting`, or whenever `routine` (RM_NONE: none) runs? */
bool rm_acting_is(const rm_acting *program, uint32_t routine, bool acting);

/* ---- going through a file ---- */

typedef struct rm_code_walk {
    const rm_acting *program;
    rm_lexer lexer;
    rm_token now, before;
    unsigned depth;
    uint32_t routine; /* that holds the token; RM_NONE */
    unsigned routine_depth;
    unsigned brackets; /* round ones that are open outside of routines */
    rm_str next_name;  /* of the next routine; empty for a destructor */
    size_t body_at;    /* where its body begins */
    bool acting;
    bool kept;             /* by an object, for as long as it lives */
    unsigned acting_depth; /* of the block that began it */
    bool stopped;          /* in a block within it, which may be on its way out */
    unsigned stopped_depth;
    bool leaving;      /* that block ends in return, goto, break, … */
    size_t dead_until; /* what stands before it is never run: if (0) */
} rm_code_walk;

rm_code_walk rm_code_walk_of(const rm_acting *program, rm_str text);

/* The next token, in `now`; false at the end. */
bool rm_code_next(rm_code_walk *walk);

/* Does `now` stand where nothing is ever run? */
bool rm_code_is_dead(const rm_code_walk *walk);

/* Is `now` a name with an argument list behind it? */
bool rm_code_is_call(const rm_code_walk *walk);

#endif
