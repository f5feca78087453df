#ifndef RENDER_DOT_TABLE_H
#define RENDER_DOT_TABLE_H

#include "dot_parts.h"

/*
 * A device, or the drivers of an overview, as an HTML-like table. Ports: h its head, d its doors
 * (if it has any, see rm_dot_door()), r<n> the left cell of row n for what arrives, r<n>o the right
 * one for what leaves; of a dense table only the first row of a span has the latter.
 */
void rm_dot_device(const rm_node *node, const rm_dot_style *style, rm_buf *out);

/* The port at which flows to the device as a whole end. */
const char *rm_dot_door(const rm_node *node);

#endif
