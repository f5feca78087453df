#ifndef EXTRACT_SOURCE_FLOW_IR_H
#define EXTRACT_SOURCE_FLOW_IR_H

#include "source/flow/names.h"
#include "source/flow/types.h"

/*
 * Function bodies as the walk wants them: names resolved, constants evaluated, macros expanded,
 * preprocessor branches kept side by side, and anything that is not understood said so (OPAQUE)
 * instead of left out. Made once per function from its syntax tree; read-only afterwards.
 */

/* Where in the sources; of an expanded macro: where it was used. */
typedef struct rm_span {
    uint32_t file;
    uint32_t start, end; /* bytes in the file's text */
    uint32_t line, column;
} rm_span;

typedef enum rm_expr_kind {
    RM_EXPR_CONST,    /* value */
    RM_EXPR_NAMED,    /* a constant whose number is not known: name */
    RM_EXPR_STRING,   /* name: its text with quotes */
    RM_EXPR_LOCAL,    /* index: variable of the function */
    RM_EXPR_GLOBAL,   /* name */
    RM_EXPR_FUNCTION, /* function */
    RM_EXPR_MEMBER,   /* a . name, or a -> name (`arrow`) */
    RM_EXPR_INDEX,    /* a[b] */
    RM_EXPR_DEREF,    /* *a */
    RM_EXPR_ADDRESS,  /* &a */
    RM_EXPR_UNARY,    /* op: - ~ + */
    RM_EXPR_NOT,      /* !a */
    RM_EXPR_BINARY,   /* a op b: arithmetic */
    RM_EXPR_COMPARE,  /* a op b */
    RM_EXPR_AND,      /* a && b */
    RM_EXPR_OR,       /* a || b */
    RM_EXPR_CHOOSE,   /* a ? b : c */
    RM_EXPR_ASSIGN,   /* a = b; op: a op= b */
    RM_EXPR_STEP,     /* ++a --a a++ a--; op + or -; `arrow`: the value before */
    RM_EXPR_CAST,     /* (type)a */
    RM_EXPR_COMMA,    /* a, b */
    RM_EXPR_CALL,     /* a(args); name: of the callee, empty when it is computed */
    RM_EXPR_LIST,     /* { args }; names of designated fields in args' `name` when EXPR_ASSIGN */
    RM_EXPR_OPAQUE    /* not understood; name: why */
} rm_expr_kind;

/* Operators, as one character or two: '+' , RM_OP('<','=') */
#define RM_OP(a, b) ((uint32_t)(unsigned char)(a) | (uint32_t)(unsigned char)(b) << 8)

/* What a callee's name tells, looked up once. */
typedef struct rm_routine {
    const struct rm_api *api;           /* of the catalogue */
    const struct rm_auth_row *question; /* asks who the caller is */
    const struct rm_api *named;         /* known by its name alone: named.c */
    uint32_t effect;                    /* place in the table of effects, plus one */
    bool of_kit;                        /* a routine of Windows */
    bool outs_known;                    /* it writes through the arguments in `outs` alone */
    uint32_t outs;
    bool never_returns;
} rm_routine;

typedef struct rm_expr rm_expr;
struct rm_expr {
    rm_expr_kind kind;
    uint32_t op;
    bool arrow;
    bool chained; /* a comparison of a comparison: min <= x <= max, always true or false */
    uint32_t index;
    int64_t value;
    rm_str name;
    rm_type type; /* static; without a name when not known */
    const rm_expr *a, *b, *c;
    const rm_expr *const *args;
    uint32_t arg_count;
    const rm_function *function;
    const rm_function *const *others; /* CALL: several classes' functions: any of them */
    uint32_t other_count;
    bool is_method;        /* CALL: of a class's function, not through a pointer */
    bool is_code;          /* OPAQUE: it runs code that names `args` */
    bool is_made;          /* OPAQUE: an object made with `args`, which nothing judged */
    uint32_t by_reference; /* CALL: bit n: argument n is a T & */
    rm_routine routine;    /* of a CALL */
    rm_span span;
};

typedef enum rm_stmt_kind {
    RM_STMT_EXPR,    /* a */
    RM_STMT_DECLARE, /* index, a: initialiser or NULL */
    RM_STMT_BLOCK,   /* list */
    RM_STMT_IF,      /* a, body, other */
    RM_STMT_SWITCH,  /* a, body */
    RM_STMT_CASE,    /* a: label, NULL for default; then falls on */
    RM_STMT_LABEL,   /* name */
    RM_STMT_LOOP,    /* while, do, for: init, a (NULL: for ever), step, body; after_body */
    RM_STMT_RETURN,  /* a or NULL */
    RM_STMT_BREAK,
    RM_STMT_CONTINUE,
    RM_STMT_GOTO, /* name */
    RM_STMT_TRY,  /* body, other: handler, or (`after_body`) finally */
    RM_STMT_LEAVE,
    RM_STMT_OPAQUE /* not understood; name: why */
} rm_stmt_kind;

typedef struct rm_stmt rm_stmt;
struct rm_stmt {
    rm_stmt_kind kind;
    uint32_t index;
    bool after_body; /* do … while; __finally */
    bool has_label;  /* a label inside: cannot be skipped when nothing flows in */
    bool has_case;   /* likewise a case of the switch around it */
    rm_str name;
    const rm_expr *a;
    const rm_expr *step;
    const rm_stmt *init;
    const rm_stmt *body;
    const rm_stmt *other;
    const rm_stmt *const *list;
    uint32_t count;
    rm_span span;
};

typedef struct rm_variable {
    rm_str name;
    rm_type type;
    bool is_static;
    bool is_reference; /* C++ T& */
} rm_variable;

RM_LIST(rm_variables, rm_variable);

/* A function's body. Parameters are the first variables. */
typedef struct rm_body {
    const rm_function *function;
    const rm_stmt *root;
    rm_variables variables;
    uint32_t param_count;
    rm_type result;
    bool broken;        /* something in it could not be read: nothing in it is called validated */
    rm_str why;         /* what, when broken */
    const char *shaken; /* memory changes that are not followed; NULL: none. Nothing in it is called
                           validated, but all of it was read */
    bool jumps_back;    /* goto to a label before it: a loop that is not followed */
} rm_body;

RM_LIST(rm_initials, const rm_expr *);

/* Shared by everything that lowers and walks one unit. */
typedef struct rm_flow_unit {
    rm_arena *arena;
    const rm_source_unit *unit;
    rm_decls *decls;
    struct rm_reach *reach;           /* what is reached by name */
    struct rm_assigned *assigned;     /* functions that members are set to */
    struct rm_contexts *contexts;     /* functions that give objects' contexts */
    const struct rm_purpose *purpose; /* what the driver's state is for */
    rm_keys *initial_keys;            /* of globals, to places in: */
    rm_initials initials;
    rm_body **bodies; /* by function index; NULL: not lowered yet */
    rm_status status; /* sticky */
} rm_flow_unit;

/* The lowered body; NULL when memory is short (status is set). */
const rm_body *rm_flow_body(rm_flow_unit *flow, const rm_function *function);

/* The initialiser of a global as an expression; NULL: none, or several. */
const rm_expr *rm_flow_initialiser(rm_flow_unit *flow, const rm_global *global);

/* The source text of a span. */
rm_str rm_span_text(const rm_source_unit *unit, rm_span span);
rm_str rm_span_line(const rm_source_unit *unit, rm_span span); /* its whole line, trimmed */
rm_place rm_span_place(const rm_source_unit *unit, rm_span span);

#endif
