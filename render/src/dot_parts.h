#ifndef RENDER_DOT_PARTS_H
#define RENDER_DOT_PARTS_H

#include "dot.h"
#include "palette.h"

/* How a verdict looks: told apart by width, arrow and sign as well as by colour. */
typedef struct rm_look {
    rm_colour line, text, tint;
    unsigned width; /* in quarters of a point; the worst path's lines are a point wider */
    const char *arrow;
} rm_look;

const rm_look *rm_look_of(rm_validation verdict);

const char *rm_dot_colour(const rm_dot_style *style, rm_colour c);

/* The attributes of a dashed box: trust boundaries are the only dashed lines of a picture. */
void rm_dot_box(const char *class_name, rm_str id, rm_colour fill, const rm_dot_style *style,
                rm_buf *out);

/* A text as HTML label content, broken at blanks into lines of about `width` characters. */
void rm_dot_wrapped(rm_str text, unsigned width, rm_buf *out);

/*
 * What stands below the drawing as the label of the graph, where it moves nothing: the paths in
 * words, the legend beside them, and what was left out.
 */
void rm_dot_footer(const rm_figure *figure, const rm_dot_style *style, rm_buf *out);

#endif
