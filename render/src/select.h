#ifndef RENDER_SELECT_H
#define RENDER_SELECT_H

#include "figure.h"

/* The paths worth drawing, worst first, and what became of the others. */
typedef struct rm_selection {
    uint32_t *paths; /* of the model */
    uint32_t count;
    uint32_t whole;     /* how many there are without a filter: ranks 1 to this */
    uint32_t same;      /* drawn by a line that stands: another door or operation of one class */
    uint32_t others;    /* of principals that add nothing to what is drawn */
    unsigned *ranks;    /* by path of the model: n of Rn in every picture of this model */
    uint32_t *drawn_by; /* by path of the model: whose lines draw it; RM_NONE: nobody's */
} rm_selection;

/*
 * Paths of apps; of those without app the worst of each way and the weakest principal's, and only
 * where no app's path goes the same way and is at least as bad: the worst path is always taken. The
 * numbers are those of the whole model: the paths worth drawing come first, then all others, each
 * worst first. With `only` (by path of the model; NULL: all) no other path is taken, and the
 * numbers stay.
 */
rm_status rm_select_paths(rm_arena *arena, const rm_model *model, const bool *only,
                          rm_selection *out) RM_CHECK_RESULT;

#endif
