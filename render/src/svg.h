#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "figure.h"

/*
 * Makes Graphviz's SVG fit to be pasted: a title and a description in words, a role for screen
 * readers, a tooltip in words for each part, colours that follow the reader's dark mode (theme
 * auto). Coordinates stay as they are. `graphviz` is what gvRenderData gave for our own DOT.
 */
void rm_svg_write(const rm_figure *figure, rm_str graphviz, rm_theme theme, rm_buf *out);

/* The same for a page of ours, whose style sheet has the rules: no <style> of its own. */
void rm_svg_write_inline(const rm_figure *figure, rm_str graphviz, rm_buf *out);

/* The rules that follow the reader's dark mode, for any element of class "ringmap". */
void rm_svg_dark_rules(rm_buf *out);

#endif
