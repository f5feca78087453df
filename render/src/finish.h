#ifndef RENDER_FINISH_H
#define RENDER_FINISH_H

#include "zone.h"

/*
 * What needs the whole figure: the order and numbers of the boundaries, which of them each edge
 * crosses, ids, and what devices have besides the rows shown.
 */
void rm_figure_finish(rm_figure *figure, const rm_numbers *numbers);

#endif
