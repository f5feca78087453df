#ifndef RENDER_OVERVIEW_H
#define RENDER_OVERVIEW_H

#include "figure.h"
#include "select.h"

enum { RM_OVERVIEW_DRIVERS = 30 };

/*
 * Many drivers: one box for the principals of a zone, one for each driver with its worst paths as
 * badges, one edge between two of them. What does not fit stands in boxes of its own. NULL when
 * memory is short.
 */
rm_figure *rm_overview_draw(rm_arena *arena, const rm_model *model, const rm_selection *chosen);

#endif
