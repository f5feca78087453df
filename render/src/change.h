#ifndef RENDER_CHANGE_H
#define RENDER_CHANGE_H

#include "view.h"

/*
 * What changed between two models (model/diff.h): the paths that are new, worse, better or gone,
 * with their marks; the other differences are counted in figure->left_out. Paths keep the numbers
 * of their model: Rn of the newer one, Gn of the older one. Unfinished: see rm_figure_finish(). The
 * zones of the older model that the newer one lacks have no number yet.
 */
rm_status rm_change_draw(rm_arena *arena, const rm_model *before, const rm_model *after,
                         rm_figure **out) RM_CHECK_RESULT;

#endif
