#ifndef EXTRACT_SOURCE_FLOW_WALK_H
#define EXTRACT_SOURCE_FLOW_WALK_H

#include "source/catalogue.h"
#include "source/flow/words.h"
#include "source/flow/world.h"

/*
 * One walk follows one entry (a handler with one control code) through the code: memory, symbols,
 * guards met, privileged calls reached. It lives in an arena of its own. Errors of the program
 * (memory) are kept in `status` and end the walk; limits end it with `limit` set, and then nothing
 * of the entry is called validated.
 */

enum {
    RM_WALK_ARGS = 32,  /* of a call, as the lowering keeps them */
    RM_WALK_CALLS = 10, /* calls in calls */
    RM_WALK_SYMBOLS = 60000,
    RM_WALK_LOOP_TURNS = 4 /* until what a loop changes is given up */
};

/* --- memory --- */

typedef enum rm_cell_kind {
    RM_CELL_LOCAL,   /* a: frame, b: variable */
    RM_CELL_GLOBAL,  /* a: name */
    RM_CELL_STATIC,  /* a: function, b: variable */
    RM_CELL_POINTEE, /* what symbol a points to */
    RM_CELL_BUFFER,  /* a: rm_source of the caller's buffer */
    RM_CELL_HEAP,    /* a: place of the allocation */
    RM_CELL_NOWHERE,
    RM_CELL_FIELD, /* a: name, b: record name */
    RM_CELL_INDEX, /* value */
    RM_CELL_SCALAR /* b: bits: read through a pointer of that width */
} rm_cell_kind;

typedef struct rm_cell {
    rm_cell_kind kind;
    uint32_t parent; /* RM_NONE for a root */
    uint32_t root;
    uint32_t a, b;
    rm_value index;          /* of INDEX */
    rm_type type;            /* declared; without a name when not known */
    const rm_record *record; /* that a FIELD belongs to */
    uint32_t initial;        /* roots: symbol of what it held before, or RM_NONE */
    uint32_t last_fetch;     /* memory that others can change: symbol of the last fetch */
    uint32_t view;           /* roots: record name through which it is seen; RM_NONE: none yet */
    bool mixed;              /* seen through several views */
    rm_value size;           /* HEAP: bytes */
    bool has_size;
} rm_cell;

RM_LIST(rm_cells, rm_cell);

/* --- what is met on the way --- */

/* A test that a value went through, whether it counts or not. */
typedef struct rm_guard {
    rm_span span;
    rm_check_kind kind;
    uint32_t symbol;
    bool well_formed;
    const char *why_not; /* NULL: it counts */
    uint32_t moment;
} rm_guard;

RM_LIST(rm_guards, rm_guard);

/* A question about the caller: its result is the symbol. */
typedef struct rm_question {
    const rm_auth_row *row; /* NULL: the requestor mode */
    rm_check_kind kind;
    uint32_t symbol; /* the answer */
    uint32_t of;     /* RM_ANSWER_EQUAL: what is compared; else RM_NONE */
    rm_str argument;
    rm_span span;
    bool asked_at_sinks; /* every sink so far was reached with the answer "yes" */
    bool acted_on;       /* a way with the answer "no" ended in refusal */
    bool seen_at_sink;
} rm_question;

RM_LIST(rm_questions, rm_question);

/* One constrained argument of a sink, the worst over all ways there. */
typedef struct rm_argument_verdict {
    bool carries;  /* caller data, on some way */
    uint32_t ways; /* that have this verdict */
    rm_validation validation;
    uint32_t symbol;
    rm_str reason;
    rm_buffer buffer;
    rm_range range; /* over all ways */
    bool same_symbol;
} rm_argument_verdict;

enum {
    RM_SINK_ARGS = 6,
    RM_SINK_GUARDS = 12,
    RM_NO_ARG = RM_SINK_ARGS /* a test of what no argument is made of: the buffer's length */
};

/* What a test is for an argument of a sink. */
typedef enum rm_guard_role {
    RM_GUARD_PASSED,    /* on the way that is judged */
    RM_GUARD_VAIN,      /* it says nothing */
    RM_GUARD_BY_CALLER, /* against another value of the caller's */
    RM_GUARD_ELSEWHERE, /* not on every way */
    RM_GUARD_REFETCHED  /* of an earlier fetch of that memory */
} rm_guard_role;

typedef struct rm_sink_guard {
    uint32_t guard;
    uint32_t arg;
    rm_guard_role role;
    uint32_t ways; /* of those that are judged, on how many it stands */
    uint32_t last; /* the last of them */
} rm_sink_guard;

/* A call on the way from the handler to a sink. */
typedef struct rm_trail_call {
    rm_span at;
    const rm_function *function; /* that is called */
    uint32_t moment;
} rm_trail_call;

typedef struct rm_trail {
    rm_trail_call calls[RM_WALK_CALLS];
    uint32_t count;
    uint32_t moment; /* of what it leads to */
} rm_trail;

typedef struct rm_found_sink {
    const rm_api *api;
    rm_str name; /* of the call, or the expression */
    rm_str function;
    rm_span span;
    rm_argument_verdict args[RM_SINK_ARGS]; /* in the order of api->args */
    uint32_t about; /* expressions through one pointer: its symbol; else RM_NONE */
    bool broken;    /* in code that could not be read or followed whole */
    bool coarse;    /* met when ways had been folded because the walk is long */
    rm_str broken_why;
    bool of_driver;      /* a driver object is asked for */
    bool attached;       /* in the address space of a process that the caller chose */
    bool kernels_rights; /* a file is made or overwritten, and nobody checks the caller's */
    bool switched_on;    /* a change of state that is not only a switching off */
    bool to_caller;      /* a copy into the caller's own pages */
    bool has_port;       /* a fixed port: `port` */
    int64_t port;
    bool has_register; /* a fixed model-specific register: `number` */
    int64_t number;
    uint32_t ways;  /* on which it was reached */
    rm_range input; /* the length of the caller's buffer, over all of them */
    bool late;      /* a fact only if its memory turns out to hold another request's data */
    bool slight;    /* the driver's own affair: told where the request does nothing else */
    bool physical;  /* the section is \Device\PhysicalMemory */
    rm_sink_guard guards[RM_SINK_GUARDS];
    uint32_t guard_count;
    rm_trail trail;   /* the worst */
    uint32_t kept[4]; /* memory that a request may have filled: as in rm_range */
    uint32_t kept_count;
    uint32_t raw; /* one of them that is used as it was found: likewise; 0: none */
    uint32_t raw_arg;
} rm_found_sink;

RM_LIST(rm_found_sinks, rm_found_sink);

typedef struct rm_found_forward {
    rm_span span;
    rm_str function;
    rm_str api;
    rm_str target;
    rm_found how;
    int64_t code;
    bool new_irp;
    rm_mode_after mode;
    rm_tri carries;
    rm_validation validation;
    rm_str reason;
    uint32_t symbol;  /* of the payload */
    rm_entry_kind as; /* what a request of the driver's own arrives as */
    bool code_unknown;
    bool target_unknown;
    rm_trail trail;
} rm_found_forward;

RM_LIST(rm_found_forwards, rm_found_forward);

/* A code that a comparison or case asks for. */
typedef struct rm_code {
    bool known; /* `number`; else only its name */
    uint32_t number;
    rm_str name;
    rm_span span;
} rm_code;

RM_LIST(rm_codes, rm_code);

/* An unknown function was given `about`; if its answer decides anything, it judged that. */
typedef struct rm_ask {
    uint32_t call;
    rm_value about;
} rm_ask;

RM_LIST(rm_asks, rm_ask);

/* A function being walked. */
typedef struct rm_frame rm_frame;
struct rm_frame {
    const rm_body *body;
    rm_frame *caller;
    uint32_t id;
    uint32_t site; /* of the call, and of those around it */
    unsigned depth;
    rm_span at; /* of the call */
    uint32_t moment;
    rm_world_list returns;
    struct rm_jump *jumps; /* parked at labels and cases */
    rm_world_list *breaks;
    rm_world_list *continues;
    rm_world_list *leaves;
};

/* A world parked until the walk comes to its label. */
typedef struct rm_jump {
    const rm_stmt *to; /* a CASE; NULL: by name */
    rm_str label;
    rm_world *world; /* NULL: it ended on the way */
    uint32_t serial; /* later jumps have a higher one */
    struct rm_jump *next;
} rm_jump;

/* --- target.c: what a pointer to another driver's device stands for --- */
typedef struct rm_target {
    rm_str holder; /* member or variable that keeps it */
    rm_found how;
    rm_str text; /* \\Device\\X, {guid}, "next lower" */
} rm_target;
RM_LIST(rm_targets, rm_target);
/* Reads the calls that attach to or open other devices, in all of the unit. */
rm_status rm_targets_read(rm_arena *arena, const rm_source_unit *unit,
                          rm_targets *out) RM_CHECK_RESULT;
/* NULL: not known, or several. */
const rm_target *rm_target_find(const rm_targets *targets, rm_str holder);

/* Kept memory that was given back. */
typedef struct rm_freed {
    uint32_t symbol;
    uint32_t owner; /* name of the variable or member that points to it */
    rm_span span;
} rm_freed;

RM_LIST(rm_freeds, rm_freed);
RM_LIST(rm_function_ids, uint32_t);

typedef struct rm_try rm_try; /* unwind.c */

/* Functions of a name, or a piece of text, that the walk did not go into. */
typedef struct rm_unread {
    rm_str name; /* empty: the text of `span` */
    rm_span span;
} rm_unread;
RM_LIST(rm_unread_list, rm_unread);

/* --- later.c: functions that the kit calls --- */
typedef struct rm_later {
    const rm_function *function;
    uint32_t kind;
} rm_later;
RM_LIST(rm_laters, rm_later);

/* One that an entry has run. */
typedef struct rm_waiting {
    const rm_function *function;
    rm_value context;
    rm_world *world;
    rm_value *args;
    uint32_t count;
    rm_span at;
} rm_waiting;
RM_LIST(rm_waitings, rm_waiting);

/* The routines of the unit's work items, DPCs and timers. */
void rm_laters_read(rm_arena *arena, const rm_source_unit *unit, rm_laters *out);

typedef struct rm_walk {
    rm_flow_unit *flow;
    const rm_targets *targets;
    const rm_laters *laters;
    rm_names *kept; /* members and globals that received the caller's data, in any entry */
    bool kept_all;  /* memory without a name did */
    rm_names *open; /* of those: what an entry stored there was not checked by it */
    rm_arena *arena;
    rm_names *names;
    rm_keys *keys;
    rm_symbols symbols;
    rm_cells cells;
    rm_guards guards;
    rm_questions questions;
    bool sink_seen; /* some operation was reached */
    rm_asks asks;
    rm_found_sinks sinks;
    rm_found_forwards forwards;
    rm_freeds freed;
    rm_function_ids handed_over; /* functions whose address a routine of the kit was given */
    rm_unread_list unread;       /* code that was not followed */
    rm_waitings waiting;
    rm_frame *frame;
    rm_try *try; /* the innermost body being walked; NULL: none */
    uint32_t frames;
    uint32_t serial;
    uint32_t clock;                   /* the next moment */
    rm_span came_in[RM_SOURCE_COUNT]; /* where each source was read first; file RM_NONE: nowhere */
    uint32_t steps, step_limit;
    uint32_t budget; /* steps of the whole entry */
    bool coarse;     /* ways were folded because the walk is long */
    rm_world *free_worlds;
    rm_status status;
    const char *limit; /* NULL: none was met */
    rm_span limit_at;

    /* the entry */
    const rm_handler *handler;
    const struct rm_device_marks *marks; /* of the driver's devices; NULL: nobody asks */
    uint32_t device;                     /* that the request is taken to be for; RM_NONE: any */
    bool device_asked;                   /* some test asked which */
    int64_t major;                       /* IRP_MJ_…, or -1 */
    rm_value code;                       /* CONST, NAMED, or a symbol for every other code */
    bool code_matched;                   /* some test asked for exactly this code */
    bool code_served;                    /* and not only to name, print or refuse it */
    rm_codes *codes;                     /* codes asked for, found on the way; may be NULL */
    rm_method method;                    /* of the code */
    bool method_known;
    rm_str matched_name; /* of the label that matched */
    rm_span matched_at;
    bool answers;        /* a way was found that gives data back to the caller */
    rm_world_list exits; /* worlds in which the handler returned */
} rm_walk;

/* --- device_asked.c: does a test say which device the request is for? UNKNOWN: it does not --- */
rm_tri rm_device_compared(rm_walk *w, rm_value a, rm_value b);

/* --- world.c --- */
rm_world *rm_world_new(rm_walk *w);
rm_world *rm_world_copy(rm_walk *w, const rm_world *from);
void rm_world_drop(rm_walk *w, rm_world *world);
void rm_worlds_add(rm_walk *w, rm_world_list *list, rm_world *world);
void rm_worlds_move(rm_walk *w, rm_world_list *to, rm_world_list *from); /* empties `from` */
void rm_worlds_drop(rm_walk *w, rm_world_list *list);
/* One for those that agree about memory; at most `most` in the end. */
void rm_worlds_join(rm_walk *w, rm_world_list *list, uint32_t most);
/* Folds `from` into `into`: only what holds in both is left. */
void rm_world_merge(rm_walk *w, rm_world *into, const rm_world *from);
bool rm_world_same(const rm_world *a, const rm_world *b);
void rm_world_push(rm_walk *w, rm_world *world, rm_value value);
rm_value rm_world_pop(rm_world *world);
rm_fact *rm_world_fact(rm_walk *w, rm_world *world, uint32_t symbol);      /* made when not there */
const rm_fact *rm_world_find_fact(const rm_world *world, uint32_t symbol); /* or NULL */
bool rm_world_get(const rm_world *world, uint32_t cell, rm_value *out);
void rm_world_set(rm_walk *w, rm_world *world, uint32_t cell, rm_value value);
/* Removes bindings [from, to). */
void rm_world_unset(rm_world *world, uint32_t from, uint32_t to);
void rm_world_cut(rm_world *world, uint32_t count); /* keeps the first `count` cells */
void rm_world_relate(rm_world *world, uint32_t symbol, rm_value limit, bool strict);
/* Forgets the variables of a frame that has returned. */
void rm_world_leave(const rm_walk *w, rm_world *world, uint32_t frame);

/* --- symbol.c --- */
uint32_t rm_symbol_source(rm_walk *w, rm_source source);
const char *rm_source_title(rm_source source); /* SystemBuffer */
uint32_t rm_symbol_part(rm_walk *w, uint32_t of, const rm_cell *component);
uint32_t rm_symbol_fresh(rm_walk *w, rm_taint taint, const rm_type *type, rm_span span);
/* The context, called `name`, of an object: the same for the same object. */
uint32_t rm_symbol_context(rm_walk *w, rm_str name, rm_value object, rm_span span);
uint32_t rm_symbol_fetch(rm_walk *w, uint32_t cell, const rm_type *type, rm_span span);
uint32_t rm_symbol_lookup(rm_walk *w, rm_value of, rm_span span);
rm_value rm_symbol_cast(rm_walk *w, rm_value value, const rm_type *type);
rm_value rm_symbol_arith(rm_walk *w, uint32_t op, rm_value a, rm_value b, const rm_type *type,
                         rm_span span);
/* The same where it is known not to wrap around. */
rm_value rm_symbol_exact(rm_walk *w, uint32_t op, rm_value a, rm_value b, const rm_type *type,
                         rm_span span);
/* `type` (NULL: not known) is that of constants that become one symbol. */
rm_value rm_symbol_phi(rm_walk *w, rm_value a, rm_value b, const rm_type *type, bool loop);
rm_taint rm_value_taint(const rm_walk *w, rm_value value);
rm_value rm_value_unknown(rm_walk *w, const char *why, rm_span span);
rm_symbol *rm_symbol_of(rm_walk *w, rm_value value); /* NULL: not a symbol */
/* Did a routine find it, whatever for? Then it is no address of the caller's. */
bool rm_symbol_is_found(const rm_walk *w, uint32_t id);

/* --- range.c --- */
rm_range rm_range_of(const rm_walk *w, const rm_world *world, rm_value value);
rm_range rm_range_join(const rm_range *a, const rm_range *b);
rm_range rm_range_type(uint8_t bits, bool is_signed);
bool rm_range_le(const rm_walk *w, const rm_world *world, rm_value a, rm_value b); /* a <= b? */

/* --- memory.c --- */
uint32_t rm_cell_root(rm_walk *w, rm_cell_kind kind, uint32_t a, uint32_t b);
uint32_t rm_cell_field(rm_walk *w, uint32_t of, rm_str name, const rm_type *of_type);
uint32_t rm_cell_index(rm_walk *w, uint32_t of, rm_value index, const rm_type *type);
uint32_t rm_cell_bytes(rm_walk *w, uint32_t of, uint32_t bytes); /* so many from its first on */
uint32_t rm_cell_deref(rm_walk *w, rm_value pointer, const rm_type *type);
uint32_t rm_cell_pointee(rm_walk *w, rm_value pointer);
rm_value rm_memory_load(rm_walk *w, rm_world *world, uint32_t cell, const rm_type *type,
                        rm_span span);
/* What a cell holds, without reading it. */
rm_value rm_memory_peek(rm_walk *w, const rm_world *world, uint32_t cell);
/* What is most the caller's of all that lies there. */
/* The member of that name, whatever type the code that set it saw; false: it was not set. */
bool rm_memory_member(const rm_walk *w, const rm_world *world, uint32_t cell, rm_str name,
                      rm_value *out);
rm_value rm_memory_worst(rm_walk *w, const rm_world *world, uint32_t cell);
void rm_memory_store(rm_walk *w, rm_world *world, uint32_t cell, rm_value value);
void rm_memory_copy(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, rm_span span);
/* So many bytes were copied to a member or element, which may have less: what follows it. */
void rm_memory_spill(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, int64_t bytes);
/* Whatever is there may be anything now. */
void rm_memory_forget(rm_walk *w, rm_world *world, uint32_t cell, rm_value value);
bool rm_cell_shared(const rm_walk *w, uint32_t cell);  /* another thread can change it */
bool rm_cell_is_user(const rm_walk *w, uint32_t cell); /* holds the caller's data */
bool rm_cell_within(const rm_walk *w, uint32_t cell, uint32_t in);
/* Bytes from the start of what a cell is part of, and from its root's; -1: not known. */
int64_t rm_cell_offset_in(const rm_walk *w, const rm_cell *cell);
int64_t rm_cell_offset(const rm_walk *w, uint32_t cell);
/* Bytes there are at a cell, as values: at most `max`, 0: not known. */
uint32_t rm_cell_sizes(rm_walk *w, uint32_t cell, rm_value *sizes, uint32_t max);

/* --- eval.c: every world of the list gets the value on its stack; worlds may split or end --- */
void rm_eval(rm_walk *w, const rm_expr *e, rm_world_list *worlds);
void rm_eval_place(rm_walk *w, const rm_expr *e, rm_world_list *worlds); /* pushes a pointer */

/* --- initial.c --- */
/* { … } into a variable that was set to zero: the same cell in every world. */
void rm_store_list(rm_walk *w, rm_world_list *worlds, uint32_t cell, const rm_expr *list,
                   const rm_type *type, unsigned depth);
/* A place of its own that holds { … }. */
uint32_t rm_eval_list(rm_walk *w, const rm_expr *e, rm_world_list *worlds);

/* --- guards.c --- */

/* Why a pointer of the caller's that nothing probes may be none of a user's; empty: it is. */
rm_str rm_pointer_doubt(const rm_walk *w, uint32_t pointer);
/* A test that is met; RM_NONE: memory. */
uint32_t rm_guard_new(rm_walk *w, rm_span span, rm_check_kind kind, uint32_t symbol);
/* Splits by the truth of `e`; `worlds` is emptied. */
void rm_branch_on(rm_walk *w, const rm_expr *e, rm_world_list *worlds, rm_world_list *yes,
                  rm_world_list *no);
/* Notes that a op b holds; false: it cannot. */
bool rm_assume(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b, uint32_t guard);
uint32_t rm_op_negate(uint32_t op);
/* Is this the entry's code, when a switch asks? False: the value is not the code. */
bool rm_code_is_label(rm_walk *w, rm_value scrutinee, rm_value label, const rm_expr *text,
                      bool *same);
/* A label whose number is not known, by its text; it lives as long as the sources. */
rm_str rm_code_name(const rm_walk *w, const rm_expr *label);
/* Is the code what such a switch is about? It is where the value is the code; where it is not, or
   only on some ways, and the labels are codes of this handler: one that another driver calls with
   a code of its own choice in a member of the request. Not where the caller's bytes choose. */
bool rm_code_is_switched(rm_walk *w, rm_value scrutinee, const rm_stmt *const *cases,
                         uint32_t count);
/* Code that is not here has judged the value, or may have. */
void rm_ask_about(rm_walk *w, rm_world *world, rm_value value);
/* A comparison of bytes has this answer here: where it found them the same, they were judged. */
void rm_test_decided(rm_walk *w, rm_world *world, uint32_t symbol, bool zero);
/* A condition hangs on the value: if it is an unknown function's answer, that one judged. */
void rm_answer_acted_on(rm_walk *w, rm_world *world, rm_value value);
/* Is a bound by this value one that the driver chose? */
bool rm_value_trusted(const rm_walk *w, const rm_world *world, rm_value value);

/* --- unwind.c --- */
void rm_walk_try(rm_walk *w, const rm_stmt *s, rm_world_list *worlds);
/* Memory was written: an exception handler around it may see that. */
void rm_try_stored(rm_walk *w, uint32_t cell, rm_value value);

/* --- loops.c --- */
void rm_walk_loop(rm_walk *w, const rm_stmt *s, rm_world_list *worlds);

/* --- walk.c --- */
RM_LIST(rm_stmt_refs, const rm_stmt *);
void rm_walk_stmt(rm_walk *w, const rm_stmt *s, rm_world_list *worlds);
/* Walks a function in one world; the ways out, with their results, are added to `out`. */
void rm_walk_function(rm_walk *w, const rm_function *function, const rm_value *args,
                      uint32_t arg_count, rm_world *world, rm_world_list *out, rm_span at);
bool rm_walk_step(rm_walk *w, rm_span at); /* false: no more steps */
/* How many ways are kept apart at one point: fewer, the longer the walk. */
uint32_t rm_walk_ways(const rm_walk *w);
rm_trail rm_walk_trail(rm_walk *w); /* the calls that are open, at this moment */
void rm_walk_limit(rm_walk *w, const char *why, rm_span at);

/* --- calls.c --- */
/* The arguments are on the stack; they give way to the result. */
void rm_call(rm_walk *w, const rm_expr *e, rm_world_list *worlds);

/* Code that is not understood or runs who knows when: its operands are on the stack. */
void rm_code_unfollowed(rm_walk *w, rm_world *world, const rm_expr *e);

/* One call in one world, for those who know what it means. */
typedef struct rm_call_site {
    const rm_expr *e;
    rm_str name;
    rm_value *args;
    uint32_t count;
} rm_call_site;

/* --- eval.c --- */

/* A member of the kit's structures, whose type is not known: a pointer or an array? */
bool rm_expr_is_ambiguous(const rm_expr *e);

/* --- answers.c --- */
void rm_answer_stored(rm_walk *w, uint32_t cell, rm_value value);
void rm_answer_copied(rm_walk *w, rm_value to); /* bytes are written there */
void rm_answer_called(rm_walk *w, const rm_call_site *site);
bool rm_walk_answers(const rm_walk *w); /* when it is over: does data go back to the caller? */

/* --- sources.c --- */
/* A member of the kit's structures that brings the caller's data; false: not one. */
bool rm_source_member(rm_walk *w, rm_world *world, const rm_expr *e, uint32_t base, rm_value *out);
/* A routine that gives the caller's data; false: not one. */
bool rm_source_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_world_list *out);
/* The bytes of the caller's that a WDFMEMORY or MDL of the request stands for; false: it is none.
 */
bool rm_source_memory(rm_walk *w, rm_value memory, uint32_t *cell);
/* Is it a name that rm_source_member knows? */
bool rm_source_is_name(rm_str name);

/* --- effects.c: what routines of the kit do to memory --- */
/* The worst that a value is, or leads to. */
rm_value rm_effect_carried(rm_walk *w, const rm_world *world, rm_value value);

/* What a member of a setup packet is called that says which way the bytes go. */
#define RM_SETUP_DIRECTION "Dir"

/* Is it a routine that copies text? What it gives back. */
bool rm_strings_copies(rm_str name);
rm_value rm_strings_copy(rm_walk *w, rm_world *world, const rm_call_site *site);

rm_value rm_effect_call(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site);
/* Between KeStackAttachProcess and KeUnstackDetachProcess, for a process of the caller's choice. */
bool rm_process_attached(rm_walk *w, const rm_world *world);
uint32_t rm_effect_find(rm_str name); /* 0: none */
void rm_effect_unknown(rm_walk *w, rm_world *world, const rm_call_site *site, const char *why,
                       rm_value *result);

/* --- later.c --- */
/* Notes the functions that a routine of the kit was given, or has run, with copies of the world. */
void rm_call_later(rm_walk *w, rm_world *world, const rm_call_site *site);
/* When the entry itself was walked: those functions. */
void rm_walk_later(rm_walk *w);

/* --- safe.c --- */
/* Arithmetic that tells of overflow; false: it is no call of that kind. */
bool rm_safe_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_world_list *out);

/* --- tables.c --- */
enum { RM_TABLE_ROWS = 256 };
typedef struct rm_table {
    const rm_expr *values[RM_TABLE_ROWS]; /* what the element may be, without casts */
    uint32_t rows[RM_TABLE_ROWS];
    uint32_t count;
    rm_value index; /* by which the row was chosen */
    bool complete;  /* nothing else can stand there */
} rm_table;
/* What may have been read of a table with an initialiser; false: it is of none. */
bool rm_table_read(rm_walk *w, const rm_world *world, rm_value value, rm_table *out);

/* --- null.c: memory that may not have been had --- */
void rm_null_made(rm_walk *w, rm_world *world, rm_value block, const rm_call_site *site);
void rm_null_looked_at(rm_walk *w, rm_world *world, rm_value pointer);
void rm_null_used(rm_walk *w, rm_world *world, uint32_t cell, rm_span span);

/* --- kept.c: what a request leaves in the driver's own memory --- */
/* A member that a constructor sets: of an object in the making, no state of the driver's. */
bool rm_kept_of_constructor(const rm_walk *w, uint32_t cell);
void rm_kept_store(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span);
/* The member or variable that a cell is, or lies in; RM_NONE: it has no name. */
uint32_t rm_kept_name(const rm_walk *w, uint32_t cell);
/* The name of the driver's memory that a symbol was read from and that nothing was asked about
   since, plus one; 0: nothing of the kind, or its name does not tell which memory it is. */
uint32_t rm_kept_raw(const rm_walk *w, const rm_world *world, uint32_t symbol);
/* From here on other requests may have run. */
void rm_kept_by_others(rm_walk *w, rm_world *world);
/* A routine of the kit is given memory of the driver's together with what holds the caller's. */
void rm_kept_given(rm_walk *w, rm_world *world, const rm_value *args, uint32_t count);
void rm_kept_freed(rm_walk *w, rm_value pointer, rm_span span);
bool rm_kept_dangles(const rm_walk *w, const rm_freed *freed);

/* --- machine.c: __asm --- */
void rm_machine_code(rm_walk *w, rm_world *world, const rm_call_site *site);

/* --- objects.c --- */
/* Is the place part of a process or thread that the caller named? Then that is an operation. */
bool rm_object_stored(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span);

/* --- state.c: the driver itself stores something because this request asks for it --- */
/* The request's own length is stored: a change of state that brings no value of the caller's. */
void rm_state_length(rm_walk *w, rm_world *world, uint32_t cell, rm_span span);
/* Does the request ask for something by a code or message? */
bool rm_state_asked(const rm_walk *w);
void rm_state_changed(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span);
/* The variable or member of the driver's that an object is, or is kept in; RM_NONE: it is none. */
uint32_t rm_state_kept(const rm_walk *w, rm_value object);
/* state_calls.c: routines of the kit, and of classes that are not here, that change it. */
void rm_state_call(rm_walk *w, rm_world *world, const rm_call_site *site);
void rm_state_method(rm_walk *w, rm_world *world, rm_value object, const rm_call_site *site);
/* An entry joins or leaves a list of the driver's. */
void rm_state_list(rm_walk *w, rm_world *world, rm_value list, rm_value entry, rm_span span);

/* --- sinks.c, copies.c --- */
void rm_sink_call_met(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site);
/* An index into the caller's own buffer that comes from its length, or was compared with it. */
bool rm_index_of_own_length(const rm_walk *w, const rm_world *world, uint32_t cell);
/* An allocation that may have failed is used. */
void rm_sink_null(rm_walk *w, rm_world *world, rm_span span);
void rm_sink_access(rm_walk *w, rm_world *world, uint32_t cell, bool write, rm_span span);
void rm_sink_indirect(rm_walk *w, rm_world *world, rm_value callee, const rm_call_site *site);
/* The caller's value becomes part of the driver's state. */
void rm_sink_kept(rm_walk *w, rm_world *world, uint32_t name, rm_value value, rm_span span);
/* The driver's state changes, without a value of the caller's in it: one for each class.
   `unsure` (NULL: it is certain) says why what is changed may be the caller's choice. */
#define RM_ABOUT_STATE (UINT32_MAX - 1)
enum { RM_STATE_CLASSES = 8 };
typedef struct rm_state_change {
    uint32_t name; /* of the member or variable */
    bool off;      /* it is set to nothing */
    bool searched; /* which element it is was looked for */
    const char *unsure;
    rm_span span;
} rm_state_change;
void rm_sink_state(rm_walk *w, rm_world *world, const rm_state_change *change);
bool rm_about_state(uint32_t about);
/* A kernel address goes to where the caller sees it. */
void rm_sink_address(rm_walk *w, rm_world *world, uint32_t cell, rm_value value, rm_span span);
/* The same of the members of a structure that is copied there. */
void rm_sink_addresses(rm_walk *w, rm_world *world, uint32_t to, uint32_t from, rm_span span);
/* An expression with the arguments that its row in the catalogue has, in their order. */
void rm_sink_object(rm_walk *w, rm_world *world, const rm_api *api, const rm_value *args,
                    rm_span span);
/* An instruction; what is in its registers is not followed. */
void rm_sink_instruction(rm_walk *w, rm_world *world, const rm_api *api, rm_span span);
/* One that is known by its name alone; `own`: its body is here and may check what it is given. */
void rm_sink_named(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site,
                   bool own);
/* `request`: it has the request itself, and with it all that came with it. */
void rm_sink_unfollowed(rm_walk *w, rm_world *world, const rm_call_site *site, const char *why,
                        bool request);

/* --- judge.c --- */
typedef struct rm_judgement {
    bool carries;
    rm_range range; /* of numbers */
    rm_validation validation;
    rm_str reason;
    uint32_t symbol;
    rm_buffer buffer;
    bool by_range;  /* the verdict is that of a number's bounds */
    bool refetched; /* checked, then fetched again */
    uint32_t raw;   /* the driver's memory whose value is used as it was found: as in rm_range */
} rm_judgement;
rm_judgement rm_judge(rm_walk *w, rm_world *world, rm_value value, const rm_arg_rule *rule);
rm_str rm_symbol_name(rm_walk *w, uint32_t symbol);
/* Does this way go on only when the request comes from kernel mode? Its pointers are a driver's. */
bool rm_from_kernel_mode(rm_walk *w, const rm_world *world);
/* Is a pointer compared with MmUserProbeAddress or its like? */
#define RM_BELOW_USER_END "it is compared with the end of user memory, not probed"
bool rm_below_user_end(const rm_walk *w, const rm_world *world, uint32_t symbol);

typedef struct rm_copy {
    rm_value to, from, length;
    bool has_to, has_from;
} rm_copy;
rm_judgement rm_judge_copy_part(rm_walk *w, rm_world *world, const rm_arg_rule *rule,
                                const rm_copy *copy);
/* How the place was chosen that a call maps of physical memory; NULL: it maps none, or the caller
   has no part in it. */
const struct rm_judgement *rm_physical_map(rm_walk *w, rm_world *world, const rm_api *api,
                                           const rm_call_site *site);
/* After that call: what is read or written through the view is physical. */
void rm_physical_mapped(rm_walk *w, const rm_world *world, const rm_api *api,
                        const rm_call_site *site, rm_value result, const struct rm_judgement *how);
/* The same of a pointer into such a view. */
const struct rm_judgement *rm_physical_choice(const rm_walk *w, rm_value pointer);
bool rm_names_physical(rm_walk *w, const rm_world *world, const rm_api *api,
                       const rm_call_site *site);

/* --- forwards.c --- */
bool rm_forward_call(rm_walk *w, rm_world *world, const rm_api *api, const rm_call_site *site,
                     rm_value *result);

/* --- questions.c --- */
bool rm_question_call(rm_walk *w, rm_world *world, const rm_call_site *site, rm_value *result);
uint32_t rm_question_of_mode(rm_walk *w, rm_span span);
/* Does the test stand on every way with the sink's verdict? One case of a switch does not. */
bool rm_sink_guard_dominates(const rm_found_sink *s, const rm_sink_guard *guard);

void rm_questions_at_sink(rm_walk *w, const rm_world *world);
/* Does this world go by an answer, and is it the one that lets pass? */
/* Two values are taken for equal, or not: whether the caller is the one that the driver knows. */
void rm_question_compared(rm_walk *w, rm_world *world, uint32_t op, rm_value a, rm_value b);

/* A call that completes a framework's request: with which status the world ends. */
void rm_question_completed(rm_walk *w, rm_world *world, const rm_call_site *site);

/* Does the request end with a failure in this world? Unknown where it is kept or handed on. */
rm_tri rm_question_refused(rm_walk *w, const rm_world *world);

bool rm_question_answered(const rm_walk *w, const rm_world *world, const rm_question *q, bool *yes);

#endif
