#ifndef EXTRACT_SOURCE_OBSERVE_H
#define EXTRACT_SOURCE_OBSERVE_H

#include "source/values.h"

/* Observations: what sources do that no entry, check or operation tells of. Private. */

enum { RM_OBSERVED_SHAPES = 5 };

typedef struct rm_observer {
    rm_source_unit *unit;
    const rm_function *function; /* whose body is looked at */
    uint32_t seen;               /* nodes, of all functions */
    TSSymbol call;               /* call_expression in the function's language */
    TSSymbol shapes[RM_OBSERVED_SHAPES];
} rm_observer;

/* Pushes an observation at a node. `subject` is borrowed during the call. */
rm_status rm_observed_at(rm_observer *o, rm_observed kind, rm_str subject,
                         TSNode node) RM_CHECK_RESULT;

/* The text of a node, as written, of the file at hand. */
rm_str rm_observer_text(const rm_observer *o, TSNode node);

bool rm_text_holds(rm_str text, const char *part);

/* Is the argument NULL, nullptr, 0 or a cast of one of them? */
bool rm_observer_is_null(const rm_observer *o, TSNode node);

/* source/observe_calls.c: what a call alone tells. */
rm_status rm_observe_call(rm_observer *o, TSNode call) RM_CHECK_RESULT;

/* source/observe_shapes.c: comparisons, conditions, switches, assignments. */
void rm_observe_shapes_of(rm_observer *o, const TSLanguage *language);
rm_status rm_observe_shape(rm_observer *o, TSNode node, TSSymbol symbol) RM_CHECK_RESULT;

/* The number of a kind of node in a language. */
TSSymbol rm_symbol_named(const TSLanguage *language, const char *type);

#endif
