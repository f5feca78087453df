#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "figure.h"

/*
 * Makes Graphviz's SVG fit to be pasted: a title and a description in words, a role for screen
 * readers, a tooltip in words for each part, colours that follow the reader's dark mode (theme
 * auto). Coordinates stay as they are. `graphviz` is what gvRenderData gave for our own DOT.
 */
void rm_svg_write(const rm_figure *figure, rm_str graphviz, rm_theme theme, rm_buf *out);

#endif
