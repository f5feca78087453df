#ifndef EXTRACT_SOURCE_VALUES_H
#define EXTRACT_SOURCE_VALUES_H

#include "source/unit.h"

/*
 * What an argument of a call stands for: followed through constants, macros, variables that are
 * initialised or filled, parameters of wrappers, and both sides of ?: and if. What cannot be
 * followed is said to be so; nothing is guessed.
 */

/* A function, and the call through which it was entered where that is known. */
typedef struct rm_context {
    const rm_function *function;
    TSNode call;                    /* in outer->function; null: any caller */
    const struct rm_context *outer; /* NULL: no caller is known */
} rm_context;

enum { RM_MAX_VALUES = 8 };

typedef struct rm_value {
    rm_str text;      /* of a string: decoded to UTF-8 */
    rm_str condition; /* "bAdminOnly", "!bAdminOnly"; empty: always */
    bool pattern;     /* a printf format, or part of a text that is completed at run time */
    rm_place place;
} rm_value;

typedef struct rm_values {
    rm_value at[RM_MAX_VALUES];
    uint32_t count;
    bool null;          /* NULL is, or may be, what it stands for */
    bool unknown;       /* or something that is not known, because … */
    const char *reason; /* static text; NULL while nothing is unknown */
} rm_values;

/* The texts that a string argument may stand for. Texts live in the unit's arena. */
rm_status rm_values_text(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                         rm_values *out) RM_CHECK_RESULT;

/* What one of both may stand for. */
void rm_values_add(rm_values *all, const rm_values *more);

/* The number that an argument stands for; false: not known, or several. */
bool rm_value_number(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                     int64_t *out);

/* The eleven numbers of a DEFINE_GUID as {…} in lower case; empty: they are not such. */
rm_status rm_guid_of_numbers(rm_arena *arena, rm_str text, rm_str *out) RM_CHECK_RESULT;

/* That of a name in a public header; empty: not known. */
rm_str rm_guid_known(rm_str name);

/* The GUID that `&NAME`, `(LPCGUID)&NAME` or NAME means, as {…} in lower case; empty: not known. */
rm_status rm_value_guid(const rm_source_unit *unit, const rm_context *in, TSNode expression,
                        rm_str *out) RM_CHECK_RESULT;

/* (TYPE)&x where the grammar cannot know TYPE for a type: it reads (TYPE) & x. */
bool rm_is_cast_of_address(TSNode node);

/* The variable or field at the root of an argument: x of &x, (T)x, x.Buffer; the field of p->f. */
TSNode rm_value_root(TSNode node);

/* Its name; empty when the argument has no such root. */
rm_str rm_value_root_name(const rm_source_unit *unit, const rm_context *in, TSNode expression);

/* Which parameter of the function it is; RM_NONE: none. */
uint32_t rm_value_parameter(const rm_source_unit *unit, const rm_context *in, TSNode expression);

/* Is it a parameter of the function, or a member of what one points to? */
bool rm_value_is_of_parameter(const rm_source_unit *unit, const rm_context *in, TSNode expression);

/* Is the text, through whatever variables, what a caller of the outermost function passes? */
bool rm_value_is_of_caller(const rm_source_unit *unit, const rm_context *in, TSNode expression);

/* What a function returns: the expressions of its return statements; at most `max`. */
uint32_t rm_returns_of(const rm_function *function, TSNode *out, uint32_t max);

/* --- source/calls.c --- */

/* One call of the unit. */
typedef struct rm_call {
    const rm_function *function; /* that holds it */
    TSNode node;
    rm_str name; /* what is called */
} rm_call;

RM_LIST(rm_calls, rm_call);

/* The calls within a function whose name begins with one of `prefixes`, in order of the text. */
rm_status rm_calls_within(const rm_source_unit *unit, rm_arena *arena, const rm_function *function,
                          const char *const *prefixes, rm_calls *out) RM_CHECK_RESULT;

/* The calls of a function of the unit from within it; at most `max`. */
uint32_t rm_callers(const rm_source_unit *unit, const rm_function *function, rm_call *out,
                    uint32_t max);

/* The function whose definition holds the node; NULL: none. */
const rm_function *rm_unit_function_at(const rm_source_unit *unit, uint32_t file, TSNode node);

const rm_source_file *rm_context_file(const rm_source_unit *unit, const rm_context *in);

/* The argument of a call at a position, comments not counted; a null node when there is none. */
TSNode rm_call_argument(TSNode call, uint32_t index);

/*
 * The next place where `name` stands as a word in the normalised text of a file, from *at on
 * and before `end`; *at is moved behind it. A null node: no more.
 */
TSNode rm_next_occurrence(const rm_source_file *file, rm_str name, uint32_t *at, uint32_t end);

#endif
