#ifndef RENDER_NODE_H
#define RENDER_NODE_H

#include "figure.h"

/*
 * Finds or makes the node of a thing. RM_NONE when memory is short (figure->status says so); an
 * index that the model does not have gives a node that says "not known".
 */
uint32_t rm_node_origin(rm_figure *figure, const rm_path *path);
uint32_t rm_node_service(rm_figure *figure, uint32_t service);
uint32_t rm_node_device(rm_figure *figure, uint32_t driver, uint32_t device);
uint32_t rm_node_sink(rm_figure *figure, const rm_sink_call *sink);

/* The driver's name, with its folder where another one has the same. */
rm_str rm_driver_title(rm_figure *figure, uint32_t driver);

/* RM_NONE when the device is not in the figure. */
uint32_t rm_node_find_device(const rm_figure *figure, uint32_t driver, uint32_t device);

/* The row of an entry in its device's node. */
uint32_t rm_node_row(rm_figure *figure, uint32_t node, uint32_t entry);

/* The device that an entry belongs to: its own, or the only one that its driver has. */
uint32_t rm_entry_device(const rm_model *model, uint32_t entry);

/* The only device of a driver; RM_NONE when it has none, or several. */
uint32_t rm_driver_device(const rm_model *model, uint32_t driver);

/*
 * The worst verdict among what an entry reaches, or sends on to a driver that is known; false when
 * it does neither.
 */
bool rm_entry_verdict(const rm_model *model, uint32_t entry, rm_validation *verdict);

/* Does it hand requests on to any other driver? */
bool rm_entry_passes_on(const rm_model *model, uint32_t entry);

#endif
