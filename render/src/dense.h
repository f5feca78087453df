#ifndef RENDER_DENSE_H
#define RENDER_DENSE_H

#include "figure.h"

/*
 * Gathers the flows of devices with many rows: what arrives from one principal becomes one edge to
 * the door, and rows that go on to the same place stand together and share one edge. Nothing is
 * lost: the rows carry the marks of the flows that ended on them.
 */
void rm_dense_gather(rm_figure *figure);

#endif
