#ifndef MODEL_LINK_DECLARED_H
#define MODEL_LINK_DECLARED_H

#include <stddef.h>

#include "group.h"
#include "model/model.h"

/* Facts of a team beside what was read. */

/* Before names are resolved: a device that both tell of becomes one. */
rm_status rm_link_declared_devices(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* After drivers and devices of entries are known: an entry that both tell of becomes one. */
rm_status rm_link_declared_entries(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* After that: an operation that both judge. */
rm_status rm_link_declared_values(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* What a team confirmed of values that were read. */
rm_status rm_link_confirmations(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

/* orders.c: a stack whose order a team fixed. */
rm_status rm_link_declared_orders(rm_model *model, rm_sink *sink) RM_CHECK_RESULT;

#endif
