#ifndef RENDER_DOT_H
#define RENDER_DOT_H

#include "figure.h"

typedef struct rm_dot_style {
    bool dark;
    bool legend;
    bool quick; /* the emergency setting of the layout: straight lines, few rounds */
} rm_dot_style;

/*
 * Writes a figure as DOT: the same figure gives the same bytes, and `dot` lays them out as our own
 * layout does, because that reads this very text. Never `concentrate`, never a text of an input
 * outside of labels (docs/pictures.md says why).
 */
void rm_dot_write(const rm_figure *figure, rm_dot_style style, rm_buf *out);

#endif
