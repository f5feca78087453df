#ifndef RENDER_OVERVIEW_H
#define RENDER_OVERVIEW_H

#include "figure.h"
#include "select.h"

enum { RM_OVERVIEW_DRIVERS = 30 };

/*
 * Many drivers: one box for the principals of a zone, one table with a row for each driver, the
 * worst on top, one edge from a box to a row. The table is node 0; its rows' `entry` is the driver,
 * `code` its name, `access` its worst score, `name` the verdicts, `method` the families of
 * operations, `place` whom it sends requests on to. NULL when memory is short.
 */
rm_figure *rm_overview_draw(rm_arena *arena, const rm_model *model, const rm_selection *chosen);

#endif
