#ifndef RENDER_GRAPH_H
#define RENDER_GRAPH_H

#include <graphviz/cgraph.h>

#include "base/str.h"

/*
 * Reads DOT text into a graph whose objects are numbered in the order of the text. cgraph's own
 * numbers are addresses, by which it sorts clusters when it draws them: the same text would give
 * other bytes after another history of the heap. NULL when the text cannot be read; aglasterr()
 * says why. The graph keeps using `arena`.
 */
Agraph_t *rm_graph_read(rm_arena *arena, rm_str dot);

#endif
