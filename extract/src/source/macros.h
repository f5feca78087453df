#ifndef EXTRACT_SOURCE_MACROS_H
#define EXTRACT_SOURCE_MACROS_H

#include "source/set.h"

/*
 * What names mean in one driver: a view on the set that sees the files of the driver and nothing
 * of others. Where a name has several definitions, the one that a compiler would use at a place is
 * taken; where that cannot be told and they differ, none is.
 */
typedef struct rm_macros {
    const rm_source_set *set;
    rm_arena *arena;        /* of the view */
    rm_file_bits visible;   /* files of the driver */
    signed char **branches; /* per file of the set: what is known of its #if groups; lazily made */
    rm_macro_list given;    /* by the user (--define) and the project, as macros of no file */
    const struct rm_macros *declared; /* of a complement: the view whose choices it turns round */
    struct rm_live_files *live;       /* of the visible ones; made when first asked for */
    bool user_mode;                   /* the compiler was not given /kernel */
    signed char *annotations; /* per definition of the set: what rm_macro_is_annotation() knows */
} rm_macros;

/* A place from which a name is looked up. file RM_NONE: the driver as a whole. */
typedef struct rm_scope {
    uint32_t file;
    uint32_t at;
} rm_scope;

#define RM_SCOPE_UNIT ((rm_scope){RM_NONE, 0})

rm_status rm_macros_new(rm_arena *arena, const rm_source_set *set, rm_file_bits visible,
                        rm_macros **out) RM_CHECK_RESULT;

/*
 * Adds what the user and the project define: `project` is NAME or NAME=VALUE, joined by ';', as a
 * project file has it, and borrowed. The user's come first.
 */
rm_status rm_macros_give(rm_macros *macros, rm_str project) RM_CHECK_RESULT;

/*
 * The view of the other configuration: of each #if chain that a configuration decides, another
 * group than in `declared`, which is borrowed. Guards and constant conditions stay as they are.
 */
rm_status rm_macros_complement(rm_arena *arena, const rm_macros *declared,
                               rm_macros **out) RM_CHECK_RESULT;

/* The definition of a name at a place; NULL when there is none, or several that differ. */
const rm_macro *rm_macros_find(const rm_macros *macros, rm_scope scope, rm_str name);

/* The enumerator of the enumeration `tag`; NULL: there is none, or several that differ. */
const rm_macro *rm_macros_find_tagged(const rm_macros *macros, rm_str tag, rm_str name);

/* Tag::Name, however much further it is qualified: the enumerator of that enumeration, or the only
   constant of that name. */
bool rm_macros_enumerator(const rm_macros *macros, rm_str qualified, int64_t *out);

/* Is a #if group part of the view's configuration? */
bool rm_macros_active(const rm_macros *macros, uint32_t file, uint32_t branch);

/* A name that the compiler defines for such a driver, and its value. */
bool rm_macros_predefined(const rm_macros *macros, rm_str name, rm_str *value);

/* Is the name #defined at that place, for #ifdef? */
bool rm_macros_defined(const rm_macros *macros, rm_scope scope, rm_str name);

/* --- source/expand.c --- */

/* What an expansion came across. */
typedef struct rm_expansion {
    rm_str text;
    bool control_code; /* CTL_CODE was one of the macros replaced */
} rm_expansion;

/*
 * Replaces macros, enumerators and constants in `text` as a preprocessor does; names without a
 * meaning stay. The result lives in `arena`. RM_LIMIT when it grows beyond RM_MAX_EXPANSION.
 */
rm_status rm_macros_expand(const rm_macros *macros, rm_arena *arena, rm_scope scope, rm_str text,
                           rm_expansion *out) RM_CHECK_RESULT;

/* --- source/evaluate.c --- */

/* The value of an expression without macros. False: not a constant that can be known. */
typedef enum rm_unknown_names { RM_NAMES_REFUSED, RM_NAMES_ZERO } rm_unknown_names;
bool rm_evaluate(rm_str expanded, rm_unknown_names names, int64_t *out);

/* Expands and evaluates; *control_code (may be NULL) tells whether CTL_CODE took part. */
bool rm_macros_eval(const rm_macros *macros, rm_scope scope, rm_str text, int64_t *out,
                    bool *control_code);

/* The value of the condition of #if or #elif: names without a meaning are 0. */
bool rm_macros_condition(const rm_macros *macros, rm_scope scope, rm_str text);

#endif
