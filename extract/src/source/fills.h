#ifndef EXTRACT_SOURCE_FILLS_H
#define EXTRACT_SOURCE_FILLS_H

#include "source/values.h"

/*
 * Where a variable or field gets its value: initialisers, assignments, and the kit's routines that
 * fill strings. Found by the places where its name stands.
 */
typedef enum rm_fill_kind {
    RM_FILL_VALUE,   /* it becomes `value` */
    RM_FILL_FORMAT,  /* it is printed with the format `value` */
    RM_FILL_APPEND,  /* `value` is appended to it */
    RM_FILL_CALL,    /* a function of the unit fills it: `value` is the argument of its call */
    RM_FILL_RUNTIME, /* a routine fills it from what is not in the source */
    RM_FILL_DECLARED /* it is declared here, without a value */
} rm_fill_kind;

typedef struct rm_fill {
    rm_fill_kind kind;
    TSNode value;
    const rm_function *function; /* that holds it; NULL: outside of functions */
    uint32_t file;
    uint32_t at;      /* offset of what is filled */
    rm_str condition; /* under which it happens, seen from the use; empty: always */
} rm_fill;

enum { RM_MAX_FILLS = 24 };

/*
 * The fills that may be in effect where `use` (an identifier, or the field of a field_expression)
 * stands in `in`: the last unconditional one before it and the conditional ones behind that, or
 * for what the function does not fill, all in the unit. Returns how many. *local tells whether the
 * function declares the name itself; *parameter which parameter it is, or RM_NONE.
 */
uint32_t rm_fills_of(const rm_source_unit *unit, const rm_context *in, TSNode use,
                     rm_fill out[RM_MAX_FILLS], bool *local);

/* The fills of a member's name within a function before an offset. */
uint32_t rm_fills_of_member(const rm_source_unit *unit, const rm_function *function, rm_str member,
                            uint32_t end, rm_fill out[RM_MAX_FILLS]);

/* The fills of a parameter within its function: what the function leaves in it. */
uint32_t rm_fills_of_parameter(const rm_source_unit *unit, const rm_function *function,
                               uint32_t parameter, rm_fill out[RM_MAX_FILLS]);

#endif
