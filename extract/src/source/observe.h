#ifndef EXTRACT_SOURCE_OBSERVE_H
#define EXTRACT_SOURCE_OBSERVE_H

#include "source/values.h"

/* Observations: what sources do that no entry, check or operation tells of. Private. */

typedef struct rm_observer {
    rm_source_unit *unit;
    const rm_function *function; /* whose body is looked at */
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
rm_status rm_observe_shape(rm_observer *o, TSNode node) RM_CHECK_RESULT;

#endif
