#ifndef RENDER_SLICE_H
#define RENDER_SLICE_H

#include "figure.h"
#include "view.h"

/* What is to be drawn, and under which numbers. */
typedef struct rm_slice {
    const rm_view *view;
    const uint32_t *paths; /* worst first */
    const unsigned *ranks;
    uint32_t count;
    unsigned rows_max; /* of one device */
    bool all_drivers;  /* those without a path, too */
} rm_slice;

/*
 * Draws what a reader can take in: all paths if the picture stays calm; else fewer of each row;
 * else fewer rows. NULL when memory is short.
 */
rm_figure *rm_slice_draw(rm_arena *arena, const rm_slice *wanted);

/* Is a device of this driver drawn? */
bool rm_slice_has_driver(const rm_figure *figure, uint32_t driver);

#endif
