#ifndef EXTRACT_SOURCE_ASKED_H
#define EXTRACT_SOURCE_ASKED_H

#include "source/unit.h"

/*
 * A place that asks for a control code: a label, a comparison, a row of a table. Asking is not
 * serving: code that only gives the code a name, prints it or refuses it does nothing for it.
 */

/*
 * Is something done for the code where bytes [start, end) of a file of the unit stand? False only
 * where all that follows from the answer is seen to be a name, a message or a refusal.
 */
bool rm_asked_is_served(const rm_source_unit *unit, uint32_t file, uint32_t start, uint32_t end);

#endif
