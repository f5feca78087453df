#ifndef RENDER_COLUMN_H
#define RENDER_COLUMN_H

#include "figure.h"

/*
 * Puts each device to the right of those that send requests to it. Where drivers send requests both
 * ways the worse path gives the direction, and the other flow runs from right to left: two devices
 * with a flow between them never stand in one column, where their labels would lie upon each other.
 */
void rm_columns_settle(rm_figure *figure);

/* Does this flow run from right to left? */
bool rm_edge_is_backward(const rm_figure *figure, const rm_edge *edge);

#endif
