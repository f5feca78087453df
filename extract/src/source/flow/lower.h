#ifndef EXTRACT_SOURCE_FLOW_LOWER_H
#define EXTRACT_SOURCE_FLOW_LOWER_H

#include "source/flow/ir.h"

/* From a function's syntax tree to its rm_body. Private to lower_*.c. */

enum {
    RM_LOWER_DEPTH = 400,  /* nested expressions and statements: deeper ones are OPAQUE */
    RM_LOWER_CHAIN = 8192, /* of else if in a row; more are nested */
    RM_LOWER_MACROS = 6,   /* macros in macros */
    RM_LOWER_ARGS = 32     /* of a call; more are not looked at (no kernel call has them) */
};

typedef struct rm_scope_name {
    rm_str name;
    uint32_t variable;
} rm_scope_name;

RM_LIST(rm_scope_names, rm_scope_name);
RM_LIST(rm_stmt_list, const rm_stmt *);
RM_LIST(rm_expr_list, const rm_expr *);

typedef struct rm_lower {
    rm_flow_unit *flow;
    rm_body *body;
    const rm_source_file *file; /* the function's, or a macro's expansion */
    uint32_t file_index;        /* always a file of the unit */
    bool in_macro;
    rm_span macro_use;
    rm_scope_names scope;
    unsigned depth;
    bool said_deep; /* that something is nested too deeply */
    unsigned macros;
} rm_lower;

const rm_expr *rm_lower_expr(rm_lower *l, TSNode node);
const rm_stmt *rm_lower_stmt(rm_lower *l, TSNode node);
void rm_lower_block(rm_lower *l, TSNode node, rm_stmt_list *out);

/* Is it (TYPE), which the grammar took for an expression in parentheses? */
bool rm_lower_is_cast(rm_lower *l, TSNode node, rm_type *type);
bool rm_lower_is_cast_list(rm_lower *l, TSNode node, rm_type *type); /* as an argument */

/* (A)(B) before an operand: the casts, outermost first; 0: it is something else. */
uint32_t rm_lower_cast_chain(rm_lower *l, TSNode node, rm_type *types, uint32_t max);

/* lower_call.c: a call, a macro, or one of the kit's helpers. */
const rm_expr *rm_lower_call(rm_lower *l, TSNode node);
/* The function of that name, of a class or not, that takes the call's arguments; NULL: none, or
   several. Which of a function's parameters are references: bit n for the nth. */
const rm_function *rm_lower_overload(const rm_lower *l, rm_str name, const rm_expr *call);
uint32_t rm_lower_references(const rm_function *f);
/* An identifier that is no variable: constant, macro, function, global. */
const rm_expr *rm_lower_name(rm_lower *l, TSNode node, rm_str name);
/* A macro used as a statement; NULL: not one that can be expanded so. */
const rm_stmt *rm_lower_macro_stmt(rm_lower *l, TSNode call);

/* lower_class.c: objects of C++ classes, and code without a name. */
const rm_expr *rm_lower_object(rm_lower *l, TSNode node, rm_str type, TSNode list);
/* T x(y, z): a declaration of a function to the grammar, but y and z are variables. */
bool rm_lower_is_arguments(const rm_lower *l, TSNode list);
bool rm_lower_is_class(const rm_lower *l, rm_str type); /* with a constructor in the sources */
const rm_expr *rm_lower_new(rm_lower *l, TSNode node);
const rm_expr *rm_lower_lambda(rm_lower *l, TSNode node);
/* Code that is not followed: what it names is kept. */
const rm_expr *rm_lower_code(rm_lower *l, TSNode node, const char *what);
/* A constructor's body with what its members are set to before. */
const rm_stmt *rm_lower_members(rm_lower *l, TSNode definition, const rm_stmt *body);

/* sign.c: does C take the constant that this macro stands for as unsigned? In doubt: no. */
bool rm_macro_is_unsigned(const rm_source_unit *unit, rm_str name);

/* Parts. All return NULL only when memory is short; flow->status says so. */
rm_expr *rm_expr_new(rm_lower *l, rm_expr_kind kind, TSNode node);
const rm_expr *rm_expr_const(rm_lower *l, TSNode node, int64_t value, rm_type type);
const rm_expr *rm_expr_opaque(rm_lower *l, TSNode node, const char *why);
rm_stmt *rm_stmt_new(rm_lower *l, rm_stmt_kind kind, TSNode node);
rm_span rm_lower_span(const rm_lower *l, TSNode node);
uint32_t rm_lower_declare(rm_lower *l, rm_str name, rm_type type);
bool rm_lower_find(const rm_lower *l, rm_str name, uint32_t *variable);
/* Too deep to go on: said once, with its place. */
void rm_lower_too_deep(rm_lower *l, TSNode node);

/* Something could not be read: the function is broken. */
void rm_lower_broken(rm_lower *l, rm_str why);

#endif
