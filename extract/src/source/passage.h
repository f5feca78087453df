#ifndef EXTRACT_SOURCE_PASSAGE_H
#define EXTRACT_SOURCE_PASSAGE_H

#include "source/unit.h"

/*
 * Under which conditions a place of a function is passed on the way to a later one. A step that is
 * only taken while everything goes well (if (NT_SUCCESS(status)) …) is taken whenever the later
 * place is reached at all: no condition.
 */
typedef struct rm_passage {
    rm_str condition; /* "AdminOnly", "!(AdminOnly) && port"; empty: always */
    bool excluded;    /* in the other branch of what leads to the use: never */
    TSNode choice;    /* the if_statement that decides last; a null node: none, or no if */
    bool otherwise;   /* in its else part */
} rm_passage;

/*
 * How `node` is passed on the way to offset `use` of the same function; UINT32_MAX: to the
 * function's end. `object` (may be empty) is a variable whose being NULL is a failure. Texts live
 * in the arena.
 */
rm_status rm_passage_of(rm_arena *arena, const rm_source_file *file, TSNode node, uint32_t use,
                        rm_str object, rm_passage *out) RM_CHECK_RESULT;

/* "a && b"; one that is empty is left out. */
rm_status rm_condition_join(rm_arena *arena, rm_str outer, rm_str inner,
                            rm_str *out) RM_CHECK_RESULT;

/*
 * Where something happens in the else part of `choice` and in its if part too (`taken` says of an
 * offset range whether it does), one of both happens: *from is where the chain of ifs begins.
 */
typedef bool (*rm_taken_within)(const void *of, uint32_t from, uint32_t end);
bool rm_passage_is_last(const rm_passage *passage, rm_taken_within taken, const void *of,
                        uint32_t *from);

#endif
