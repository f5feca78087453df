#ifndef RENDER_TRACE_H
#define RENDER_TRACE_H

#include "figure.h"

/*
 * Draws one path: nodes, rows and edges that are not there yet, and its marks on all of them.
 * Paths are drawn worst first, so the rows of a device come in the order of risk. False, and
 * nothing is drawn, when a device on the way has no room for another row.
 */
bool rm_trace_path(rm_figure *figure, uint32_t path, unsigned rank);

#endif
