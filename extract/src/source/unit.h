#ifndef EXTRACT_SOURCE_UNIT_H
#define EXTRACT_SOURCE_UNIT_H

#include <string.h>
#include <tree_sitter/api.h>

#include "extract/extract.h"

/*
 * One driver's sources, parsed: what the readers of devices, control codes, entries and flows work
 * on. Private to extract. Everything lives in `arena`, trees included (freed with the unit).
 */

typedef struct rm_source_file {
    rm_str path;  /* relative to the scanned root */
    rm_str text;  /* UTF-8 */
    rm_str clean; /* normalised for the grammar: same length, same lines as `text` */
    TSTree *tree; /* of `clean`; NULL while not parsed */
    bool is_cpp;
    bool is_header;
    uint32_t in_set; /* its place in the set of all scanned files */
} rm_source_file;

RM_LIST(rm_source_files, rm_source_file);

typedef struct rm_param {
    rm_str name;
    rm_str type; /* text, normalised blanks */
} rm_param;

/* A function definition of the unit. */
typedef struct rm_function {
    rm_str name;  /* the last part, without class or namespace */
    rm_str scope; /* Class, or empty */
    rm_str space; /* the namespaces around it: a::b, or empty */
    uint32_t file;
    TSNode node; /* function_definition */
    TSNode body; /* compound_statement */
    const rm_param *params;
    uint32_t param_count;
    bool broken; /* an ERROR or MISSING node inside: nothing in it may be called validated */
} rm_function;

RM_LIST(rm_functions, rm_function);

typedef struct rm_macros
    rm_macros; /* #defines, enums and const integers of the unit and its headers */

typedef struct rm_source_unit {
    rm_arena *arena;
    rm_model *model;
    rm_sink *sink;
    const rm_extract_options *options;
    uint32_t driver; /* index in model->drivers */
    rm_str root;     /* folder or project, for rm_driver.unit */
    rm_source_files files;
    rm_functions functions;
    uint32_t *by_name; /* hash of functions: buckets of indices, chained through next_of_name */
    uint32_t *next_of_name;
    uint32_t name_mask;
    const struct rm_source_set *set;
    rm_macros *macros;
    const struct rm_device_reader *devices; /* what was read of them; NULL: not yet */
} rm_source_unit;

/* --- source/macros.c: constants --- */

/*
 * The value of an expression made of numbers, macros (object-like and function-like, CTL_CODE and
 * its wrappers included), enumerators, sizeof of plain types, casts and operators, as a C compiler
 * has it in 32 or 64 bits. False: not a constant that can be known; *out untouched.
 */
bool rm_unit_eval(const rm_source_unit *unit, rm_str expression, int64_t *out);

/* The replacement text of an object-like macro; false when there is none (or several different). */
bool rm_unit_macro(const rm_source_unit *unit, rm_str name, rm_str *body);

/* A function-like macro, for callers that must know whether its body can branch or return. */
typedef struct rm_macro_view {
    rm_str body;
    const rm_str *params;
    uint32_t param_count;
    bool function_like;
} rm_macro_view;
bool rm_unit_macro_view(const rm_source_unit *unit, rm_str name, rm_macro_view *out);

/* --- source/tree.c: small things about nodes --- */

rm_str rm_node_text(const rm_source_file *file, TSNode node); /* of the original text */
rm_place rm_node_place(const rm_source_file *file, TSNode node);
rm_str rm_node_line(const rm_source_file *file, TSNode node); /* the whole source line, trimmed */
static inline bool rm_node_is(TSNode node, const char *type) {
    const char *is = ts_node_is_null(node) ? "" : ts_node_type(node);
    return is[0] == type[0] && strcmp(is, type) == 0;
}
TSNode rm_node_field(TSNode node, const char *field);      /* ts_node_is_null() when absent */
bool rm_node_same(TSNode a, TSNode b);                     /* two absent ones are not the same */
bool rm_word_among(rm_str text, const char *const *words); /* a list that ends with NULL */

/* Named children without comments: what an argument list really holds. */
uint32_t rm_node_arguments(TSNode list, TSNode *out, uint32_t max);

/* The name called: foo, p->foo, Class::foo give "foo"; empty for anything else. */
rm_str rm_call_name(const rm_source_file *file, TSNode call);

/* The function of that name; NULL when none or several; `several` (may be NULL) tells which. */
const rm_function *rm_unit_function(const rm_source_unit *unit, rm_str name, bool *several);

/*
 * The text that an argument stands for: a string literal (L"" and u"" decoded, pieces joined), a
 * macro for one, a variable or UNICODE_STRING initialised or filled by RtlInitUnicodeString with
 * one, DECLARE_CONST_UNICODE_STRING. Several possible values give several texts. Returns how many
 * were written (at most max); 0 = computed at run time.
 */
uint32_t rm_unit_texts(const rm_source_unit *unit, const rm_function *in, TSNode argument,
                       rm_str *out, uint32_t max);

/* --- the readers, in the order in which rm_extract runs them over a unit --- */

/* source/ioctls.c: definitions -> model->ioctls (driver of the unit), codes evaluated. */
rm_status rm_source_ioctls(rm_source_unit *unit) RM_CHECK_RESULT;

/* source/devices.c: devices, doors, descriptors, forwards' targets by attach. */
rm_status rm_source_devices(rm_source_unit *unit) RM_CHECK_RESULT;

/* source/attach.c: who attaches to a device by its name: rows of the stacks without a position. */
rm_status rm_source_attachments(rm_source_unit *unit) RM_CHECK_RESULT;

/* source/observe.c: what the functions do, for rules -> model->observations. */
rm_status rm_source_observe(rm_source_unit *unit) RM_CHECK_RESULT;

/*
 * source/entries.c: dispatch tables, WDF callbacks, ports -> which function serves which entry
 * kind of which device (RM_NONE: not known, or all).
 */
typedef struct rm_handler {
    rm_entry_kind kind;
    const rm_function *function;
    uint32_t device; /* in model->devices, or RM_NONE */
    bool wdf;        /* EvtIo…: parameters are Queue, Request, lengths, code */
    bool port;       /* CREATE: who connects to a minifilter's port */
    bool own_table;  /* in a table that is not the driver object's */
    bool again;      /* registered at a second place too */
    uint32_t file;   /* of the unit, where it is registered */
    uint32_t at;     /* offset there */
    rm_place place;  /* of the registration */
    bool of_row; /* code_tables.c: it is called for this code alone, whose name stands at `at` */
    bool has_code;
    uint32_t code;
    rm_str code_name;
} rm_handler;
RM_LIST(rm_handler_list, rm_handler);
rm_status rm_source_handlers(rm_source_unit *unit, rm_handler_list *out) RM_CHECK_RESULT;

/*
 * source/serving.c: which device a handler serves, where its registration tells: the queue's
 * device, the port that the call makes, NDIS' own table. Needs rm_source_devices().
 */
void rm_source_serving(const rm_source_unit *unit, rm_handler_list *handlers);

/*
 * source/flow/…: walks each handler, splits it by control code, follows the caller's data ->
 * model->entries, inputs, checks, sinks, forwards; marks model->ioctls handled.
 */
rm_status rm_source_flow(rm_source_unit *unit, const rm_handler_list *handlers) RM_CHECK_RESULT;

#endif
