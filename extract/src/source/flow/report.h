#ifndef EXTRACT_SOURCE_FLOW_REPORT_H
#define EXTRACT_SOURCE_FLOW_REPORT_H

#include "source/flow/walk.h"

/* What a walk found becomes rows of the model. */

/* A sink whose verdict hangs on memory that another request may have filled. */
typedef struct rm_pending {
    uint32_t sink; /* in model->sinks */
    rm_str owner;
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
    rm_names *dangling; /* variables and members that still point to what was freed */
} rm_report;

/* The entry and all that hangs on it; nothing for "any code" that does nothing. */
rm_status rm_report_walk(rm_report *report, rm_walk *walk, bool any_code);

/* When all entries were walked: what was kept from one request for another. */
rm_status rm_report_kept(rm_report *report, const rm_names *kept, bool kept_all);

/* --- verdict.c --- */
const char *rm_sink_class_of(const rm_walk *w, const rm_found_sink *sink);
rm_validation rm_argument_validation(const rm_argument_verdict *verdict);
rm_validation rm_sink_validation(const rm_walk *w, const rm_found_sink *sink);
rm_status rm_sink_reason(rm_arena *arena, rm_walk *w, const rm_found_sink *sink,
                         rm_validation validation, rm_str *out) RM_CHECK_RESULT;
rm_status rm_sink_arguments(rm_arena *arena, const rm_found_sink *sink,
                            rm_str *out) RM_CHECK_RESULT;

#endif
