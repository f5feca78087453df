#ifndef RENDER_DOT_PARTS_H
#define RENDER_DOT_PARTS_H

#include "dot.h"
#include "palette.h"

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
