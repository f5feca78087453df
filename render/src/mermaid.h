#ifndef RENDER_MERMAID_H
#define RENDER_MERMAID_H

#include "figure.h"

/* The figure as a Mermaid flowchart, for Markdown hosts that draw it. */
void rm_mermaid_write(const rm_figure *figure, rm_buf *out);

#endif
