#ifndef EXTRACT_SOURCE_FLOW_REPORT_H
#define EXTRACT_SOURCE_FLOW_REPORT_H

#include "source/flow/walk.h"

/* What a walk found becomes rows of the model. */

/* A sink whose verdict hangs on memory that another request may have filled. */
typedef struct rm_pending {
    uint32_t sink; /* in model->sinks */
    rm_str owner;
    bool several; /* memories, not told apart: any that another request fills will do */
    bool raw;     /* its value is used as it was found there, as this argument */
    rm_str argument;
} rm_pending;

RM_LIST(rm_pendings, rm_pending);

/* A sink that is one only if its memory was filled, or freed, by another request. */
typedef struct rm_late {
    rm_sink_call row;
    rm_str owner;  /* the member called through */
    rm_str holder; /* what points to its object */
} rm_late;

RM_LIST(rm_lates, rm_late);

typedef struct rm_report {
    rm_source_unit *unit;
    rm_arena *arena;
    rm_pendings pending;
    rm_lates late;
    bool turned;         /* this is the other configuration: only what is worse is news */
    uint32_t old_checks; /* rows before it, and which of them were found again */
    bool *check_seen;
    uint32_t old_entries; /* likewise */
    bool *entry_seen;
    bool create_seen, create_before; /* a create handler was walked in it, and before it */
    rm_names *dangling;              /* variables and members that still point to what was freed */
} rm_report;

/* A step before it is numbered. */
typedef struct rm_trail_step {
    uint32_t moment;
    rm_flow_step row;
} rm_trail_step;

RM_LIST(rm_trail_steps, rm_trail_step);

/* One walk being written. */
typedef struct rm_writing {
    rm_report *report;
    rm_model *model;
    rm_walk *w;
    uint32_t entry;
    bool had_entry; /* the row was there before this walk */
    rm_trail_steps steps;
    rm_status status;
} rm_writing;

/* Copies for the model; on a failure out->status says so. */
rm_str rm_writing_text(rm_writing *out, rm_str text);
rm_place rm_writing_place(rm_writing *out, rm_span span);
void *rm_write_failed(rm_writing *out, void *item); /* NULL: memory; gives `item` back */
#define RM_WRITE(out, list) rm_write_failed((out), rm_push((out)->model->arena, (list)))

/* --- report_flow.c: how a request comes to an operation, step by step --- */

/* What of the caller's bytes a value is. */
typedef struct rm_member {
    rm_str path; /* IN1.Reg; empty: no structure is known */
    bool has_offset;
    uint32_t offset; /* from the buffer's start */
    uint32_t size;   /* 0: not known */
} rm_member;

rm_member rm_member_of(rm_walk *w, uint32_t symbol);
rm_str rm_symbol_type(rm_walk *w, uint32_t symbol);         /* as text: ULONG, void * */
rm_span rm_symbol_place(const rm_walk *w, uint32_t symbol); /* where it is read first */
/* May a buffer that is shorter than any test asks for get to the operation? */
bool rm_input_may_be_short(const rm_found_sink *sink);

/* Why a test counts for an argument of the sink, or does not. */
rm_str rm_guard_reason(rm_writing *out, const rm_found_sink *sink, const rm_sink_guard *of);
void rm_write_way(rm_writing *out, const rm_found_sink *sink, uint32_t row);
void rm_write_forward_way(rm_writing *out, const rm_found_forward *forward);
/* All steps of this walk, in their order, after those that the entry has. */
void rm_write_steps(rm_writing *out);

/* --- report_sinks.c, report_checks.c --- */
void rm_write_input(rm_writing *out, const rm_argument_verdict *verdict);
void rm_write_sink(rm_writing *out, const rm_found_sink *sink);
void rm_write_reached(rm_writing *out); /* report_reach.c: what the walk did not come to */
void rm_write_freed(rm_writing *out, const rm_freed *freed);
void rm_write_question(rm_writing *out, const rm_question *question);

/* The entry and all that hangs on it; nothing for "any code" that does nothing. */
rm_status rm_report_walk(rm_report *report, rm_walk *walk, bool any_code);

/* From here on the walks are of the other configuration; and when they are done. */
void rm_report_turn(rm_report *report, const rm_model *model);
void rm_report_turned(rm_report *report);

/* When all entries were walked: what was kept from one request for another. */
rm_status rm_report_kept(rm_report *report, const rm_names *kept, const rm_names *open,
                         bool kept_all);

/* --- flow.c: both configurations of a driver, the worse kept --- */
rm_status rm_flow_configurations(rm_source_unit *unit, const rm_handler_list *handlers,
                                 rm_source_unit *other,
                                 const rm_handler_list *other_handlers) RM_CHECK_RESULT;

/* --- verdict.c --- */
const char *rm_sink_class_of(const rm_walk *w, const rm_found_sink *sink);
rm_validation rm_argument_validation(const rm_argument_verdict *verdict);
rm_validation rm_sink_validation(const rm_walk *w, const rm_found_sink *sink);
rm_status rm_sink_reason(rm_arena *arena, rm_walk *w, const rm_found_sink *sink,
                         rm_validation validation, rm_str *out) RM_CHECK_RESULT;
rm_status rm_sink_arguments(rm_arena *arena, const rm_found_sink *sink,
                            rm_str *out) RM_CHECK_RESULT;

#endif
