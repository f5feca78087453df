#ifndef EXTRACT_SOURCE_FLOW_REGION_H
#define EXTRACT_SOURCE_FLOW_REGION_H

#include "source/unit.h"

/* What stands at a code's label that no walk came to. */

struct rm_reach;

/*
 * Operations of the entry, told by the names between the label at [start, end) of `file` and the
 * next one, each unknown. `in` holds the label. *kept is NULL before the first call for a unit and
 * for the next one afterwards; everything lives in `arena`. RM_NOMEM is the only failure.
 */
rm_status rm_report_region(rm_source_unit *unit, rm_arena *arena, struct rm_reach **kept,
                           uint32_t entry, uint32_t file, size_t start, size_t end,
                           const rm_function *in) RM_CHECK_RESULT;

#endif
